/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the case in view is shown: the view state follows the settings and the actions, and they
 * follow it, so that a drag in a view, a menu, a key and the preferences agree.
 */
#include "app/window-private.h"

#include "app/settings.h"

static void
colour_map_setting_cb (PlAppWindow *self)
{
  g_autofree char *id = g_settings_get_string (pl_settings_get (), "colour-map");
  const PlColourMap *map = pl_colour_map_find (id);

  if (map != NULL)
    pl_view_state_set_colour_map (self->state, map);
}

static void
colour_map_changed_cb (PlAppWindow *self)
{
  const PlColourMap *map = pl_view_state_get_colour_map (self->state);

  pl_app_window_set_action_state (self, "colour-map", g_variant_new_string (map->id));
  g_settings_set_string (pl_settings_get (), "colour-map", map->id);
}

static void
slice_changed_cb (PlAppWindow *self)
{
  pl_app_window_set_action_state (self, "slice",
                                  g_variant_new_int32 (pl_view_state_get_slice (self->state)));
}

static void
show_truth_changed_cb (PlAppWindow *self)
{
  gboolean show = pl_view_state_get_show_truth (self->state);

  pl_app_window_set_action_state (self, "show-truth", g_variant_new_boolean (show));
}

static void
show_prediction_changed_cb (PlAppWindow *self)
{
  gboolean show = pl_view_state_get_show_prediction (self->state);

  pl_app_window_set_action_state (self, "show-prediction", g_variant_new_boolean (show));
}

void
pl_app_window_zoom (PlAppWindow *self, double factor)
{
  double zoom = pl_view_state_get_zoom (self->state) * factor;
  double x;
  double y;

  pl_view_state_get_pan (self->state, &x, &y);
  if (factor == 0)
    pl_view_state_set_zoom (self->state, 1, 0, 0);
  else
    pl_view_state_set_zoom (self->state, CLAMP (zoom, PL_VIEW_MIN_ZOOM, PL_VIEW_MAX_ZOOM), x, y);
}

static void
watch (PlAppWindow *self, gpointer object, const char *signal, void (*handler) (PlAppWindow *self))
{
  g_signal_connect_object (object, signal, G_CALLBACK (handler), self, G_CONNECT_SWAPPED);
}

void
pl_app_window_bind_display (PlAppWindow *self)
{
  GSettings *settings = pl_settings_get ();
  static const char *const shared[] = { "opacity",      "show-truth", "show-prediction",
                                        "neurological", "smooth",     "prediction-style" };

  watch (self, self->state, "notify::slice", slice_changed_cb);
  watch (self, self->state, "notify::colour-map", colour_map_changed_cb);
  watch (self, self->state, "notify::show-truth", show_truth_changed_cb);
  watch (self, self->state, "notify::show-prediction", show_prediction_changed_cb);
  watch (self, self->state, "notify::prediction", pl_app_window_update_actions);
  for (gsize i = 0; i < G_N_ELEMENTS (shared); i++)
    g_settings_bind (settings, shared[i], self->state, shared[i], G_SETTINGS_BIND_DEFAULT);

  watch (self, settings, "changed::colour-map", colour_map_setting_cb);
  colour_map_setting_cb (self);
}
