/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/case-list.h"
#include "app/case-row.h"

/* The list's struct, for its files: case-list.c and case-list-thumbnails.c (pictures of the rows in
 * sight). Main thread. */

struct _PlCaseList
{
  GtkBox parent_instance;

  /* Owned */
  GListModel *cases; /* (nullable) */
  GtkFilterListModel *filtered;
  GtkStringFilter *search_filter;
  GtkFilter *kind_filter;
  GtkSorter *sorter;
  GListModel *shown; /* filtered, then sorted */
  GtkSingleSelection *selection;
  PlCaseItem *current; /* (nullable): marked whenever it is shown */
  GPtrArray *rows;     /* (element-type PlCaseRow): bound now; borrowed from the list view */
  GCancellable *thumbnail_cancellable;
  gboolean thumbnail_under_way;
  gboolean is_loading; /* a case */
  guint idle_id;
  guint update_id;

  PlCaseSort sort;
  PlCaseFilter filter;
  gboolean selecting; /* by code, not by the user */

  /* Template children */
  GtkSearchEntry *search;
  GtkScrolledWindow *scroller;
  GtkListView *list;
  GtkWidget *nothing; /* in place of the list when no case is shown */
  GtkWidget *count_row;
  GtkLabel *count_label;
  GtkButton *problems;
  GtkWidget *menu;
};

/* Of rows in sight that have none, when there is nothing else to do. */
void pl_case_list_queue_thumbnails (PlCaseList *self);
