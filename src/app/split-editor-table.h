/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/split-editor-row.h"

#include <gtk/gtk.h>

/* The table of the split editor: columns over PlSplitRow, and the models between. */

/* Adds the columns; the one of the parts has buttons, whose click calls @open_menu with the row and
 * the button. Sorted by patient. Returns: (transfer none): the column of the patients */
typedef void (*PlSplitOpenMenu) (PlSplitRow *row, GtkWidget *button, gpointer data);
GtkColumnViewColumn *
pl_split_table_add_columns (GtkColumnView *table, PlSplitOpenMenu open_menu, gpointer data);
