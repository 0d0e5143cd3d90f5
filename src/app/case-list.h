/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/case-order.h"

#include <gtk/gtk.h>

/* The cases of a data set, searchable by name, filtered and sorted. Thumbnails are made one after
 * another for the rows in sight. A row has a menu, of the window's actions: its case is chosen
 * first. Below the list a button leads to what was left out ("win.show-problems").
 *
 * Signals: "case-chosen" (PlCaseItem): the user chose another case, or once more the one that
 * is; "search-done": by pressing
 * Enter in the search, and does not type any more. */
#define PL_TYPE_CASE_LIST (pl_case_list_get_type ())
G_DECLARE_FINAL_TYPE (PlCaseList, pl_case_list, PL, CASE_LIST, GtkBox)

/* @cases: (nullable): of PlCaseItem. */
void pl_case_list_set_cases (PlCaseList *self, GListModel *cases);

/* At first PL_CASE_SORT_NAME and PL_CASE_FILTER_ALL. */
void pl_case_list_set_sort (PlCaseList *self, PlCaseSort sort);
void pl_case_list_set_filter (PlCaseList *self, PlCaseFilter filter);

/* What is known of the cases has changed; the list follows soon. */
void pl_case_list_update (PlCaseList *self);

/* Marks a case and scrolls to it; no signal. @item: (nullable). */
void pl_case_list_select (PlCaseList *self, PlCaseItem *item);

/* (nullable) (transfer none): the case @steps after @item among those that are shown; the first of
 * them when @item is not there. */
PlCaseItem *pl_case_list_neighbour (PlCaseList *self, PlCaseItem *item, int steps);

/* While a case is read no further thumbnail is begun, so that no file is read twice at once. */
void pl_case_list_set_loading (PlCaseList *self, gboolean is_loading);

/* The thumbnail of a case whose volume has been read whole, if it has none yet. */
void pl_case_list_draw_thumbnail (PlCaseList *self, PlCaseItem *item, PlVolume *volume);

/* The text of the button; NULL hides it. */
void pl_case_list_set_problems (PlCaseList *self, const char *text);

void pl_case_list_focus_search (PlCaseList *self);
