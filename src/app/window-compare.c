/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands of the comparison are properties of its view; the choices are remembered under the
 * names of the actions. And what the planes have like it: one pane alone.
 */
#include "app/window-private.h"

#include "app/compare-view.h"
#include "app/planes-view.h"
#include "app/settings.h"

static const struct
{
  const char *action;
  const char *property;
  gboolean is_remembered;
} commands[] = {
  { "compare-image", "show-image", TRUE },
  { "compare-truth", "show-truth", TRUE },
  { "compare-prediction", "show-prediction", TRUE },
  { "compare-difference", "show-difference", TRUE },
  { "compare-second", "show-second", TRUE },
  { "compare-models", "show-models", TRUE },
  { "compare-outline", "outline", TRUE },
  { "compare-swipe", "swipe", TRUE },
  { "compare-blink", "blink", FALSE },
  { "compare-divider", "divider", FALSE },
  { "compare-sides", "sides", TRUE },
  { "compare-enlarged", "enlarged", FALSE },
};

/* (nullable): the view, if it has panes. */
static GtkWidget *
find_panes (PlAppWindow *self)
{
  GtkWidget *view = adw_view_stack_get_visible_child (self->views);

  return view == self->compare_view || view == self->planes_view ? view : NULL;
}

static void
toggle_enlarged_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GtkWidget *view = find_panes (data);

  if (PL_IS_COMPARE_VIEW (view))
    pl_compare_view_toggle_enlarged (PL_COMPARE_VIEW (view));
  else if (view != NULL)
    pl_planes_view_toggle_enlarged (PL_PLANES_VIEW (view));
}

static const GActionEntry entries[] = { { "toggle-enlarged", toggle_enlarged_cb } };

/* For all panes both enumerations have 0. */
gboolean
pl_app_window_has_enlarged (PlAppWindow *self)
{
  GtkWidget *view = find_panes (self);
  int enlarged = 0;

  if (view != NULL)
    g_object_get (view, "enlarged", &enlarged, NULL);
  return enlarged != 0;
}

void
pl_app_window_add_compare_actions (PlAppWindow *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autoptr (GPropertyAction) action =
          g_property_action_new (commands[i].action, self->compare_view, commands[i].property);

      if (commands[i].is_remembered)
        g_settings_bind (pl_settings_get (), commands[i].action, self->compare_view,
                         commands[i].property, G_SETTINGS_BIND_DEFAULT);
      g_action_map_add_action (G_ACTION_MAP (self), G_ACTION (action));
    }
  g_signal_connect_object (self->compare_view, "notify::enlarged",
                           G_CALLBACK (pl_app_window_update_actions), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->planes_view, "notify::enlarged",
                           G_CALLBACK (pl_app_window_update_actions), self, G_CONNECT_SWAPPED);
}
