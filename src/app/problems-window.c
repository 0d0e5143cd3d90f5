/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A list view, for a folder may hold thousands of files that are no images. */
#include "app/problems-window.h"

struct _PlProblemsWindow
{
  AdwWindow parent_instance;

  /* Owned */
  GListModel *problems;

  /* Template children */
  GtkListView *list;
};

G_DEFINE_FINAL_TYPE (PlProblemsWindow, pl_problems_window, ADW_TYPE_WINDOW)

GtkWindow *
pl_problems_window_new (GtkWindow *parent, GListModel *problems)
{
  PlProblemsWindow *self = g_object_new (PL_TYPE_PROBLEMS_WINDOW, "transient-for", parent, NULL);
  g_autoptr (GtkNoSelection) selection = gtk_no_selection_new (g_object_ref (problems));

  self->problems = g_object_ref (problems);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (selection));
  return GTK_WINDOW (self);
}

/* (transfer full): the part of a problem before (@which 0) or after its first line break. */
static char *
problem_part (GtkListItem *list_item, const char *text, int which)
{
  g_auto (GStrv) parts = g_strsplit (text == NULL ? "" : text, "\n", 2);

  return g_strdup (which < (int) g_strv_length (parts) ? parts[which] : "");
}

static char *
problem_subject (GtkListItem *list_item, const char *text)
{
  return problem_part (list_item, text, 0);
}

static char *
problem_reason (GtkListItem *list_item, const char *text)
{
  return problem_part (list_item, text, 1);
}

static void
copy_cb (PlProblemsWindow *self)
{
  g_autoptr (GString) all = g_string_new (NULL);
  guint n = g_list_model_get_n_items (self->problems);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GtkStringObject) problem = g_list_model_get_item (self->problems, i);

      g_string_append_printf (all, "%s\n\n", gtk_string_object_get_string (problem));
    }
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), all->str);
}

static void
pl_problems_window_dispose (GObject *object)
{
  PlProblemsWindow *self = PL_PROBLEMS_WINDOW (object);

  g_clear_object (&self->problems);

  G_OBJECT_CLASS (pl_problems_window_parent_class)->dispose (object);
}

static void
pl_problems_window_class_init (PlProblemsWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pl_problems_window_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/pleura/Pleura/ui/problems-window.ui");
  gtk_widget_class_bind_template_child (widget_class, PlProblemsWindow, list);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
pl_problems_window_init (PlProblemsWindow *self)
{
  g_autoptr (GtkBuilderScope) scope = gtk_builder_cscope_new ();
  g_autoptr (GBytes) row =
      g_resources_lookup_data ("/org/pleura/Pleura/ui/problem-row.ui", 0, NULL);
  g_autoptr (GtkListItemFactory) factory = NULL;

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_builder_cscope_add_callback (GTK_BUILDER_CSCOPE (scope), problem_subject);
  gtk_builder_cscope_add_callback (GTK_BUILDER_CSCOPE (scope), problem_reason);
  factory = gtk_builder_list_item_factory_new_from_bytes (scope, row);
  gtk_list_view_set_factory (self->list, factory);
}
