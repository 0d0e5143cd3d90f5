/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A button in each row opens one menu for all, instead of a GtkDropDown with a popover and a list
 * of its own a row: GTK keeps some two hundred rows. */
#include "app/split-editor-table.h"

#include <glib/gi18n.h>

typedef struct
{
  PlSplitOpenMenu open_menu;
  gpointer data;
} Opener;

/* One column of text. */
typedef struct
{
  const char *title;
  char *(*dup_text) (PlSplitRow *row);
  GCompareDataFunc compare;
  float xalign;
  gboolean expands;
  gboolean follows_patient; /* its text changes with it */
} Column;

static char *
dup_name (PlSplitRow *row)
{
  return g_strdup (pl_split_row_get_name (row));
}

static char *
dup_patient (PlSplitRow *row)
{
  return g_strdup (pl_split_row_get_patient (row));
}

static char *
dup_slices (PlSplitRow *row)
{
  return g_strdup_printf ("%d", pl_split_row_get_slices (row));
}

static char *
dup_mask (PlSplitRow *row)
{
  return g_strdup (pl_split_row_has_mask (row) ? C_ ("has a mask", "Yes")
                                               : C_ ("has a mask", "No"));
}

static int
compare_patients (gconstpointer a, gconstpointer b, gpointer data)
{
  return pl_split_row_compare_patients ((PlSplitRow *) a, (PlSplitRow *) b);
}

/* As they come from the data set: by name. */
static int
compare_names (gconstpointer a, gconstpointer b, gpointer data)
{
  guint x = pl_split_row_get_index ((PlSplitRow *) a);
  guint y = pl_split_row_get_index ((PlSplitRow *) b);

  return (x > y) - (x < y);
}

static int
compare_slices (gconstpointer a, gconstpointer b, gpointer data)
{
  return pl_split_row_get_slices ((PlSplitRow *) a) - pl_split_row_get_slices ((PlSplitRow *) b);
}

static int
compare_masks (gconstpointer a, gconstpointer b, gpointer data)
{
  return pl_split_row_has_mask ((PlSplitRow *) b) - pl_split_row_has_mask ((PlSplitRow *) a);
}

static int
compare_groups (gconstpointer a, gconstpointer b, gpointer data)
{
  return (int) pl_split_row_get_group ((PlSplitRow *) a) -
         (int) pl_split_row_get_group ((PlSplitRow *) b);
}

static const Column columns[] = {
  { N_ ("Patient"), dup_patient, compare_patients, 0, FALSE, TRUE },
  { N_ ("Case"), dup_name, compare_names, 0, TRUE, FALSE },
  { N_ ("Slices"), dup_slices, compare_slices, 1, FALSE, FALSE },
  { N_ ("Mask"), dup_mask, compare_masks, 0, FALSE, FALSE },
};

static void
setup_text_cb (GtkListItemFactory *factory, GtkListItem *item, const Column *column)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), column->xalign);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_width_chars (GTK_LABEL (label), column->expands ? 12 : 6);
  gtk_label_set_max_width_chars (GTK_LABEL (label), column->expands ? -1 : 14);
  gtk_list_item_set_child (item, label);
}

static void
show_text (GtkListItem *item, const Column *column)
{
  g_autofree char *text = column->dup_text (gtk_list_item_get_item (item));

  gtk_label_set_text (GTK_LABEL (gtk_list_item_get_child (item)), text);
}

static void
patient_changed_cb (PlSplitRow *row, GParamSpec *pspec, GtkListItem *item)
{
  gtk_label_set_text (GTK_LABEL (gtk_list_item_get_child (item)), pl_split_row_get_patient (row));
}

static void
bind_text_cb (GtkListItemFactory *factory, GtkListItem *item, const Column *column)
{
  show_text (item, column);
  if (column->follows_patient)
    g_signal_connect (gtk_list_item_get_item (item), "notify::patient",
                      G_CALLBACK (patient_changed_cb), item);
}

static void
unbind_text_cb (GtkListItemFactory *factory, GtkListItem *item, const Column *column)
{
  if (column->follows_patient)
    g_signal_handlers_disconnect_by_func (gtk_list_item_get_item (item), patient_changed_cb, item);
}

static void
clicked_cb (GtkButton *button, GtkListItem *item)
{
  const Opener *opener = g_object_get_data (G_OBJECT (button), "opener");

  opener->open_menu (gtk_list_item_get_item (item), GTK_WIDGET (button), opener->data);
}

static void
setup_group_cb (GtkListItemFactory *factory, GtkListItem *item, Opener *opener)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = gtk_label_new (NULL);
  GtkWidget *arrow = gtk_image_new_from_icon_name ("pan-down-symbolic");

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_width_chars (GTK_LABEL (label), 10);
  gtk_box_append (GTK_BOX (content), label);
  gtk_box_append (GTK_BOX (content), arrow);
  gtk_button_set_child (GTK_BUTTON (button), content);
  gtk_widget_add_css_class (button, "flat");
  g_object_set_data (G_OBJECT (button), "opener", opener);
  g_object_set_data (G_OBJECT (button), "label", label);
  g_signal_connect (button, "clicked", G_CALLBACK (clicked_cb), item);
  gtk_list_item_set_child (item, button);
}

static void
show_group (PlSplitRow *row, GParamSpec *pspec, GtkListItem *item)
{
  GtkWidget *button = gtk_list_item_get_child (item);
  PlGroup group = pl_split_row_get_group (row);
  const char *text = pl_split_group_label (group);
  /* Translators: a case, and the part of the data that it is in. */
  g_autofree char *name = g_strdup_printf (_ ("%s: %s"), pl_split_row_get_name (row), text);

  gtk_label_set_text (g_object_get_data (G_OBJECT (button), "label"), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
bind_group_cb (GtkListItemFactory *factory, GtkListItem *item, Opener *opener)
{
  PlSplitRow *row = gtk_list_item_get_item (item);

  show_group (row, NULL, item);
  g_signal_connect (row, "notify::group-label", G_CALLBACK (show_group), item);
}

static void
unbind_group_cb (GtkListItemFactory *factory, GtkListItem *item, Opener *opener)
{
  g_signal_handlers_disconnect_by_func (gtk_list_item_get_item (item), show_group, item);
}

/* Takes @factory. */
static GtkColumnViewColumn *
append_column (GtkColumnView *table,
               GtkListItemFactory *factory,
               const char *title,
               GCompareDataFunc compare)
{
  g_autoptr (GtkColumnViewColumn) column = gtk_column_view_column_new (title, factory);
  g_autoptr (GtkSorter) sorter = GTK_SORTER (gtk_custom_sorter_new (compare, NULL, NULL));

  gtk_column_view_column_set_sorter (column, sorter);
  gtk_column_view_column_set_resizable (column, TRUE);
  gtk_column_view_append_column (table, column);
  return column; /* the table keeps it */
}

static GtkColumnViewColumn *
append_text_column (GtkColumnView *table, const Column *column)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkColumnViewColumn *appended;

  g_signal_connect (factory, "setup", G_CALLBACK (setup_text_cb), (gpointer) column);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_text_cb), (gpointer) column);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_text_cb), (gpointer) column);
  appended = append_column (table, factory, _ (column->title), column->compare);
  gtk_column_view_column_set_expand (appended, column->expands);
  return appended;
}

static void
append_group_column (GtkColumnView *table, PlSplitOpenMenu open_menu, gpointer data)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  Opener *opener = g_new0 (Opener, 1);

  *opener = (Opener){ open_menu, data };
  g_object_set_data_full (G_OBJECT (factory), "opener", opener, g_free);
  g_signal_connect (factory, "setup", G_CALLBACK (setup_group_cb), opener);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_group_cb), opener);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_group_cb), opener);
  append_column (table, factory, _ ("Part"), compare_groups);
}

GtkColumnViewColumn *
pl_split_table_add_columns (GtkColumnView *table, PlSplitOpenMenu open_menu, gpointer data)
{
  GtkColumnViewColumn *patients = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      GtkColumnViewColumn *column = append_text_column (table, &columns[i]);

      if (columns[i].follows_patient)
        patients = column;
    }
  append_group_column (table, open_menu, data);
  gtk_column_view_sort_by_column (table, patients, GTK_SORT_ASCENDING);
  return patients;
}
