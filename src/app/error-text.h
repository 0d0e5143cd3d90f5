/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* The message of @error, and in a line of its own what helps, where that is known. (transfer full)
 */
char *pl_error_dup_text (const GError *error);
