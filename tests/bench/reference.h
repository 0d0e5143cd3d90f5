/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Inflates the file into memory as large as what comes out, twice with each library that the build
 * found (ISA-L, libdeflate, zlib). Returns: the fewest seconds */
double reference_inflate (const char *path, gsize n_bytes);
