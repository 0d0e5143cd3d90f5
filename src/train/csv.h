/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Comma-separated text (RFC 4180): fields in quotes may hold commas, quotes and line ends; lines
 * end in LF or CRLF; a byte order mark is passed over, and so are empty lines. */

/* Returns: (transfer full) (element-type GStrv): the rows, or NULL when a quote is not closed */
GPtrArray *pl_csv_parse (const char *text);

/* Appends one field, in quotes if it needs them. */
void pl_csv_append (GString *text, const char *field);

/* The column of this name in a row, or −1. */
int pl_csv_find (char **row, const char *name);
