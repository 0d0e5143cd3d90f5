/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A column view, which makes widgets for what is in sight alone: a data set may have thousands of
 * files. Reasons are wrapped, so rows are of unlike heights.
 */
#include "app/check-window.h"

#include "app/check-item.h"

#include <glib/gi18n.h>

struct _PlCheckWindow
{
  AdwWindow parent_instance;

  /* Owned */
  GListStore *items; /* of PlCheckItem */
  GtkFilter *filter;

  /* Template children */
  GtkLabel *summary;
  GtkCheckButton *filter_button;
  GtkColumnView *table;
};

G_DEFINE_FINAL_TYPE (PlCheckWindow, pl_check_window, ADW_TYPE_WINDOW)

typedef struct
{
  const char *title;
  char *(*dup_text) (PlCheckItem *item);
  GCompareDataFunc compare;
  int width_chars;
  gboolean expands;
  gboolean wraps;
} Column;

static int
compare_images_cb (gconstpointer a, gconstpointer b, gpointer data)
{
  return g_strcmp0 (pl_check_item_get_row ((PlCheckItem *) a)->image,
                    pl_check_item_get_row ((PlCheckItem *) b)->image);
}

static int
compare_masks_cb (gconstpointer a, gconstpointer b, gpointer data)
{
  return g_strcmp0 (pl_check_item_get_row ((PlCheckItem *) a)->mask,
                    pl_check_item_get_row ((PlCheckItem *) b)->mask);
}

static int
compare_sizes_cb (gconstpointer a, gconstpointer b, gpointer data)
{
  const int *x = pl_check_item_get_row ((PlCheckItem *) a)->n;
  const int *y = pl_check_item_get_row ((PlCheckItem *) b)->n;

  for (int i = 0; i < 3; i++)
    if (x[i] != y[i])
      return x[i] - y[i];
  return 0;
}

/* What is wrong first; equals stay as the report has them. */
static int
compare_results_cb (gconstpointer a, gconstpointer b, gpointer data)
{
  return (int) pl_report_row_rank (pl_check_item_get_row ((PlCheckItem *) a)) -
         (int) pl_report_row_rank (pl_check_item_get_row ((PlCheckItem *) b));
}

static const Column columns[] = {
  { N_ ("Image"), pl_check_item_dup_image, compare_images_cb, 22, TRUE, FALSE },
  { N_ ("Mask"), pl_check_item_dup_mask, compare_masks_cb, 18, TRUE, FALSE },
  { N_ ("Size"), pl_check_item_dup_size, compare_sizes_cb, 11, FALSE, FALSE },
  { N_ ("Result"), pl_check_item_dup_result, compare_results_cb, 36, TRUE, TRUE },
};

static void
setup_cell_cb (GtkListItemFactory *factory, GtkListItem *cell, const Column *column)
{
  GtkWidget *widget = gtk_label_new (NULL);
  GtkLabel *label = GTK_LABEL (widget);

  gtk_label_set_xalign (label, 0);
  gtk_label_set_width_chars (label, column->width_chars);
  if (column->wraps)
    {
      gtk_label_set_wrap (label, TRUE);
      gtk_label_set_wrap_mode (label, PANGO_WRAP_WORD_CHAR);
    }
  else
    {
      gtk_label_set_ellipsize (label, PANGO_ELLIPSIZE_MIDDLE);
      gtk_widget_set_valign (widget, GTK_ALIGN_START);
    }
  gtk_list_item_set_child (cell, widget);
}

/* Words say it, colours only point to it. */
static void
set_style (GtkWidget *label, const PlReportRow *row)
{
  static const char *const styles[] = { "error", "warning", "dim-label" };
  const char *style =
      row->kind == PL_PROBLEM_NONE ? "dim-label" : (row->is_wrong ? "error" : "warning");

  for (gsize i = 0; i < G_N_ELEMENTS (styles); i++)
    if (g_str_equal (styles[i], style))
      gtk_widget_add_css_class (label, styles[i]);
    else
      gtk_widget_remove_css_class (label, styles[i]);
}

static void
bind_cell_cb (GtkListItemFactory *factory, GtkListItem *cell, const Column *column)
{
  GtkWidget *label = gtk_list_item_get_child (cell);
  PlCheckItem *item = gtk_list_item_get_item (cell);
  g_autofree char *text = column->dup_text (item);

  gtk_label_set_text (GTK_LABEL (label), text);
  if (column->wraps)
    set_style (label, pl_check_item_get_row (item));
  else
    gtk_widget_set_tooltip_text (label, text);
}

static void
add_column (PlCheckWindow *self, const Column *column)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkColumnViewColumn) made = NULL;
  g_autoptr (GtkSorter) sorter = GTK_SORTER (gtk_custom_sorter_new (column->compare, NULL, NULL));

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cell_cb), (gpointer) column);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cell_cb), (gpointer) column);
  made = gtk_column_view_column_new (_ (column->title), factory);
  gtk_column_view_column_set_sorter (made, sorter);
  gtk_column_view_column_set_expand (made, column->expands);
  gtk_column_view_column_set_resizable (made, TRUE);
  gtk_column_view_append_column (self->table, made);
}

static gboolean
matches_cb (gpointer item, gpointer data)
{
  PlCheckWindow *self = data;

  return !gtk_check_button_get_active (self->filter_button) ||
         pl_report_row_rank (pl_check_item_get_row (item)) != PL_RANK_PAIR;
}

static void
filter_changed_cb (PlCheckWindow *self)
{
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
}

static void
make_table (PlCheckWindow *self)
{
  GtkFilterListModel *filtered;
  GtkSortListModel *sorted;
  g_autoptr (GtkSingleSelection) selection = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (columns); i++)
    add_column (self, &columns[i]);
  self->filter = GTK_FILTER (gtk_custom_filter_new (matches_cb, self, NULL));
  filtered = gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (self->items)),
                                        g_object_ref (self->filter));
  sorted = gtk_sort_list_model_new (G_LIST_MODEL (filtered),
                                    g_object_ref (gtk_column_view_get_sorter (self->table)));
  selection = gtk_single_selection_new (G_LIST_MODEL (sorted));
  gtk_column_view_set_model (self->table, GTK_SELECTION_MODEL (selection));
}

static void
activated_cb (PlCheckWindow *self, guint position)
{
  g_autoptr (PlCheckItem) item =
      g_list_model_get_item (G_LIST_MODEL (gtk_column_view_get_model (self->table)), position);
  const PlReportRow *row = pl_check_item_get_row (item);

  if (row->is_case)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.case", "s", row->image);
}

static void
append_line (GString *all, PlCheckItem *item)
{
  for (gsize i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      g_autofree char *text = columns[i].dup_text (item);

      g_string_append (all, g_strdelimit (text, "\n\t", ' '));
      g_string_append_c (all, i + 1 < G_N_ELEMENTS (columns) ? '\t' : '\n');
    }
}

/* What is listed, as a spreadsheet takes it. */
static void
copy_cb (PlCheckWindow *self)
{
  GListModel *model = G_LIST_MODEL (gtk_column_view_get_model (self->table));
  guint n = g_list_model_get_n_items (model);
  g_autoptr (GString) all = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (columns); i++)
    g_string_append_printf (all, "%s%c", _ (columns[i].title),
                            i + 1 < G_N_ELEMENTS (columns) ? '\t' : '\n');
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (PlCheckItem) item = g_list_model_get_item (model, i);

      append_line (all, item);
    }
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), all->str);
}

/* Its actions keep the parent: it has to go before it. */
GtkWindow *
pl_check_window_new (GtkWindow *parent)
{
  GtkWindow *window = g_object_new (PL_TYPE_CHECK_WINDOW, "transient-for", parent, NULL);

  gtk_widget_insert_action_group (GTK_WIDGET (window), "win", G_ACTION_GROUP (parent));
  g_signal_connect_object (parent, "unmap", G_CALLBACK (gtk_window_destroy), window,
                           G_CONNECT_SWAPPED);
  return window;
}

static gboolean
has_row (PlCheckWindow *self, guint position, const PlReportRow *row)
{
  g_autoptr (PlCheckItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), position);

  return pl_report_row_equal (pl_check_item_get_row (item), row);
}

/* Rows at both ends that are as before stay: the list makes two hundred anew for those that do not,
 * some 80 ms. */
void
pl_check_window_take_report (PlCheckWindow *self, PlReport *report)
{
  g_autoptr (PlReport) taken = report;
  guint n_old = g_list_model_get_n_items (G_LIST_MODEL (self->items));
  guint n_new = report->rows->len;
  guint n_before = 0;
  guint n_after = 0;
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  g_return_if_fail (PL_IS_CHECK_WINDOW (self));

  while (n_before < MIN (n_old, n_new) && has_row (self, n_before, report->rows->pdata[n_before]))
    n_before++;
  while (n_after < MIN (n_old, n_new) - n_before &&
         has_row (self, n_old - 1 - n_after, report->rows->pdata[n_new - 1 - n_after]))
    n_after++;
  for (guint i = n_before; i < n_new - n_after; i++)
    g_ptr_array_add (items, pl_check_item_new_take (g_steal_pointer (&report->rows->pdata[i])));
  g_list_store_splice (self->items, n_before, n_old - n_before - n_after, items->pdata, items->len);
}

void
pl_check_window_set_summary (PlCheckWindow *self, const char *text)
{
  g_return_if_fail (PL_IS_CHECK_WINDOW (self));

  gtk_label_set_text (self->summary, text);
}

static void
pl_check_window_dispose (GObject *object)
{
  PlCheckWindow *self = PL_CHECK_WINDOW (object);

  gtk_widget_insert_action_group (GTK_WIDGET (self), "win", NULL);
  g_clear_object (&self->items);
  g_clear_object (&self->filter);

  G_OBJECT_CLASS (pl_check_window_parent_class)->dispose (object);
}

static void
pl_check_window_class_init (PlCheckWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pl_check_window_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/pleura/Pleura/ui/check-window.ui");
  gtk_widget_class_bind_template_child (widget_class, PlCheckWindow, summary);
  gtk_widget_class_bind_template_child (widget_class, PlCheckWindow, filter_button);
  gtk_widget_class_bind_template_child (widget_class, PlCheckWindow, table);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
  gtk_widget_class_bind_template_callback (widget_class, filter_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
pl_check_window_init (PlCheckWindow *self)
{
  self->items = g_list_store_new (PL_TYPE_CHECK_ITEM);
  gtk_widget_init_template (GTK_WIDGET (self));
  make_table (self);
}
