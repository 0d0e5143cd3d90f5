/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Inflates the file into memory as large as what comes out, with the fastest library of those that
 * the build found (ISA-L, libdeflate, zlib), twice each. Returns: seconds; @library is its name. */
double reference_inflate (const char *path, gsize n_bytes, const char **library);
