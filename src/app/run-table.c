/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A column is a row of a table: its title, what it says of a run, and how it sorts them. */
#include "app/run-table.h"

#include "app/run-facts.h"
#include "app/run-item.h"

#include <glib/gi18n.h>
#include <math.h>

typedef struct
{
  const char *title;
  char *(*dup) (const PlRunInfo *info);
  int (*compare) (const PlRunInfo *a, const PlRunInfo *b);
  float xalign;
  gboolean expands;
} Column;

static int
compare_titles (const PlRunInfo *a, const PlRunInfo *b)
{
  return g_utf8_collate (a->title, b->title);
}

static int
compare_datasets (const PlRunInfo *a, const PlRunInfo *b)
{
  g_autofree char *x = pl_run_dup_dataset (a);
  g_autofree char *y = pl_run_dup_dataset (b);

  return g_utf8_collate (x, y);
}

static int
compare_dates (const PlRunInfo *a, const PlRunInfo *b)
{
  if (a->started == NULL || b->started == NULL)
    return (a->started != NULL) - (b->started != NULL);
  return g_date_time_compare (a->started, b->started);
}

/* What is not known is below everything. */
static int
compare_numbers (double a, double b)
{
  if (isnan (a) || isnan (b))
    return isnan (b) - isnan (a);
  return (a > b) - (a < b);
}

static int
compare_dice (const PlRunInfo *a, const PlRunInfo *b)
{
  return compare_numbers (a->best_dice, b->best_dice);
}

static int
compare_epochs (const PlRunInfo *a, const PlRunInfo *b)
{
  return compare_numbers (a->history->len, b->history->len);
}

static int
compare_times (const PlRunInfo *a, const PlRunInfo *b)
{
  return compare_numbers (a->time_s, b->time_s);
}

static int
compare_outcomes (const PlRunInfo *a, const PlRunInfo *b)
{
  return strcmp (pl_run_info_outcome_name (a), pl_run_info_outcome_name (b));
}

enum
{
  DATE_COLUMN = 2,
};

static const Column columns[] = {
  { N_ ("Run"), pl_run_dup_title, compare_titles, 0, TRUE },
  { N_ ("Data set"), pl_run_dup_dataset, compare_datasets, 0, FALSE },
  { N_ ("Begun"), pl_run_dup_date, compare_dates, 0, FALSE },
  { N_ ("Best Dice"), pl_run_dup_best_dice, compare_dice, 1, FALSE },
  { N_ ("Epochs"), pl_run_dup_epochs, compare_epochs, 1, FALSE },
  { N_ ("Time"), pl_run_dup_time, compare_times, 1, FALSE },
  { N_ ("How it ended"), pl_run_dup_outcome, compare_outcomes, 0, FALSE },
};

static int
compare_items_cb (gconstpointer a, gconstpointer b, gpointer data)
{
  const Column *column = data;

  return column->compare (pl_run_item_get_info ((PlRunItem *) a),
                          pl_run_item_get_info ((PlRunItem *) b));
}

static void
setup_cell_cb (GtkSignalListItemFactory *factory, GtkListItem *cell, const Column *column)
{
  gtk_list_item_set_child (cell, g_object_new (GTK_TYPE_LABEL, "xalign", (double) column->xalign,
                                               "ellipsize", PANGO_ELLIPSIZE_END, NULL));
}

static void
bind_cell_cb (GtkSignalListItemFactory *factory, GtkListItem *cell, const Column *column)
{
  GtkWidget *label = gtk_list_item_get_child (cell);
  const PlRunInfo *info = pl_run_item_get_info (gtk_list_item_get_item (cell));
  g_autofree char *text = column->dup (info);

  gtk_label_set_text (GTK_LABEL (label), text);
  gtk_widget_set_tooltip_text (label, info->problem != NULL ? info->problem : text);
  if (info->problem != NULL)
    gtk_widget_add_css_class (label, "dim-label");
  else
    gtk_widget_remove_css_class (label, "dim-label");
}

static GtkColumnViewColumn *
add_column (GtkColumnView *list, const Column *column)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkColumnViewColumn) made = NULL;
  g_autoptr (GtkSorter) sorter =
      GTK_SORTER (gtk_custom_sorter_new (compare_items_cb, (gpointer) column, NULL));

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cell_cb), (gpointer) column);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cell_cb), (gpointer) column);
  made = gtk_column_view_column_new (_ (column->title), factory);
  gtk_column_view_column_set_sorter (made, sorter);
  gtk_column_view_column_set_expand (made, column->expands);
  gtk_column_view_column_set_resizable (made, TRUE);
  gtk_column_view_append_column (list, made);
  return made;
}

GtkColumnViewColumn *
pl_run_table_add_columns (GtkColumnView *list)
{
  GtkColumnViewColumn *date = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      GtkColumnViewColumn *column = add_column (list, &columns[i]);

      if (i == DATE_COLUMN)
        date = column;
    }
  return date;
}
