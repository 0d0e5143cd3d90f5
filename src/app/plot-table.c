/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows are text, a field a column, so that they can be copied into a spreadsheet as they are.
 */
#include "app/plot-table.h"

#include "app/plot-axis.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

#define MAX_ROWS 2000

static char *
dup_heading (const PlPlotScene *scene)
{
  GString *row = g_string_new (NULL);

  if (scene->x_name != NULL)
    g_string_append (row, scene->x_name);
  else
    g_string_append_printf (row, "%s\t%s\t%s", C_ ("x axis", "epoch"), C_ ("x axis", "step"),
                            C_ ("x axis", "time"));
  for (int i = 0; i < (int) scene->curves->len; i++)
    if (pl_plot_scene_get_curve (scene, i) != NULL)
      g_string_append_printf (row, "\t%s", pl_plot_scene_get_curve (scene, i)->name);
  return g_string_free (row, FALSE);
}

static char *
dup_row (const PlPlotScene *scene, const PlPlotAt *at)
{
  GString *row = g_string_new (NULL);
  g_autofree char *time = pl_plot_dup_time (at->time_s);

  if (scene->x_name != NULL)
    g_string_append_printf (row, "%.6g", pl_plot_at_get (at, scene->by));
  else
    g_string_append_printf (row, "%.4g\t%.0f\t%s", at->epoch, at->step, time);
  for (int i = 0; i < (int) scene->curves->len; i++)
    {
      const PlPlotCurve *curve = pl_plot_scene_get_curve (scene, i);
      guint point;

      if (curve == NULL)
        continue;
      if (pl_plot_scene_read (scene, curve, pl_plot_at_get (at, scene->by), &point) &&
          isfinite (pl_curve_get_point (curve->data, point)->y))
        {
          g_autofree char *y = pl_plot_dup_number (pl_curve_get_point (curve->data, point)->y);

          g_string_append_printf (row, "\t%s", y);
        }
      else
        g_string_append (row, "\t–");
    }
  return g_string_free (row, FALSE);
}

GStrv
pl_plot_table_dup_rows (const PlPlotScene *scene)
{
  const PlPlotCurve *curve = pl_plot_scene_get_main (scene);
  guint n = curve == NULL ? 0 : pl_curve_get_n_points (curve->data);
  guint every = MAX (1, (n + MAX_ROWS - 1) / MAX_ROWS);
  g_autoptr (GStrvBuilder) rows = g_strv_builder_new ();
  g_autofree char *heading = dup_heading (scene);

  g_strv_builder_add (rows, heading);
  for (guint i = n == 0 ? 0 : (n - 1) % every; i < n; i += every)
    {
      g_autofree char *row = dup_row (scene, &pl_curve_get_point (curve->data, i)->at);

      g_strv_builder_add (rows, row);
    }
  return g_strv_builder_end (rows);
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  gtk_list_item_set_child (item, g_object_new (GTK_TYPE_LABEL, "xalign", 0.0, "css-classes",
                                               (const char *[]){ "numeric", NULL }, NULL));
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer column)
{
  GtkStringObject *row = gtk_list_item_get_item (item);
  g_auto (GStrv) fields = g_strsplit (gtk_string_object_get_string (row), "\t", -1);

  gtk_label_set_text (GTK_LABEL (gtk_list_item_get_child (item)), fields[GPOINTER_TO_INT (column)]);
}

static void
add_column (GtkColumnView *view, const char *name, int i)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkColumnViewColumn) column = NULL;

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), GINT_TO_POINTER (i));
  column = gtk_column_view_column_new (name, factory);
  gtk_column_view_column_set_resizable (column, TRUE);
  gtk_column_view_column_set_expand (column, TRUE);
  gtk_column_view_append_column (view, column);
}

static void
copy_cb (GtkWidget *button)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (button),
                          g_object_get_data (G_OBJECT (button), "text"));
}

static GtkWidget *
make_header (const GStrv rows)
{
  GtkWidget *header = adw_header_bar_new ();
  GtkWidget *copy = g_object_new (GTK_TYPE_BUTTON, "icon-name", "edit-copy-symbolic",
                                  "tooltip-text", _ ("Copy the table"), NULL);

  gtk_accessible_update_property (GTK_ACCESSIBLE (copy), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Copy the table"), -1);
  g_object_set_data_full (G_OBJECT (copy), "text", g_strjoinv ("\n", rows), g_free);
  g_signal_connect (copy, "clicked", G_CALLBACK (copy_cb), NULL);
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), copy);
  return header;
}

static GtkWidget *
make_view (const PlPlotScene *scene, GStrv rows)
{
  g_auto (GStrv) names = g_strsplit (rows[0], "\t", -1);
  GtkStringList *list = gtk_string_list_new ((const char *const *) rows + 1);
  GtkWidget *view =
      gtk_column_view_new (GTK_SELECTION_MODEL (gtk_single_selection_new (G_LIST_MODEL (list))));

  gtk_column_view_set_show_row_separators (GTK_COLUMN_VIEW (view), TRUE);
  if (scene->title != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    scene->title, -1);
  for (int i = 0; names[i] != NULL; i++)
    add_column (GTK_COLUMN_VIEW (view), names[i], i);
  return view;
}

GtkWindow *
pl_plot_table_new (GtkWindow *parent, const PlPlotScene *scene)
{
  g_auto (GStrv) rows = pl_plot_table_dup_rows (scene);
  GtkWidget *window =
      g_object_new (ADW_TYPE_WINDOW, "transient-for", parent, "destroy-with-parent", TRUE, "title",
                    scene->title, "default-width", 620, "default-height", 480, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkEventController *keys = gtk_shortcut_controller_new ();

  gtk_box_append (GTK_BOX (box), make_header (rows));
  gtk_box_append (GTK_BOX (box), g_object_new (GTK_TYPE_SCROLLED_WINDOW, "vexpand", TRUE, "child",
                                               make_view (scene, rows), NULL));
  adw_window_set_content (ADW_WINDOW (window), box);
  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (keys), gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0),
                                                        gtk_named_action_new ("window.close")));
  gtk_widget_add_controller (window, keys);
  return GTK_WINDOW (window);
}
