/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/* The columns of a list of PlRunItem, which sort it. Returns: (transfer none): that of the date */
GtkColumnViewColumn *pl_run_table_add_columns (GtkColumnView *list);
