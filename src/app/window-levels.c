/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gray levels: presets, numbers, and what each data set was looked at with last. They are kept half
 * a second after the last change, since a drag makes hundreds, and when something else is opened.
 */
#include "app/window-private.h"

#include "app/settings.h"

#include <math.h>

#define KEEP_AFTER_MS 500
#define MAX_KEPT 100

/* A data set's path, the preset or "custom", centre and width; newest first. */
#define KEPT_KEY "data-windows"
#define KEPT_TYPE "(ssdd)"

static gboolean
same_window (PlWindow a, PlWindow b)
{
  return a.centre_hu == b.centre_hu && a.width_hu == b.width_hu;
}

static gboolean
is_window (PlWindow window)
{
  return isfinite (window.centre_hu) && isfinite (window.width_hu) && window.width_hu > 0;
}

/* FALSE while the slice in view is not there. */
static gboolean
find_auto_window (PlAppWindow *self, PlWindow *window)
{
  PlVolume *volume = pl_view_state_get_volume (self->state);
  int slice = pl_view_state_get_slice (self->state);
  gsize n;
  g_autofree float *hu = NULL;

  if (volume == NULL || slice >= pl_volume_ready_slices (volume))
    return FALSE;
  n = (gsize) volume->n[1] * (gsize) volume->n[2];
  hu = g_new (float, n);
  pl_volume_slice (volume, slice, hu);
  *window = pl_window_auto (hu, n);
  return TRUE;
}

static void
show_preset (PlAppWindow *self, const char *preset)
{
  if (g_strcmp0 (self->preset, preset) != 0)
    {
      g_free (self->preset);
      self->preset = g_strdup (preset);
    }
  pl_view_bar_set_preset (self->view_bar, preset);
  pl_app_window_set_action_state (self, "window-preset", g_variant_new_string (preset));
}

static void
apply_preset (PlAppWindow *self, const PlWindowPreset *preset)
{
  PlWindow window = preset->window;

  if (g_str_equal (preset->id, "auto") && !find_auto_window (self, &window))
    window = pl_view_state_get_window (self->state);
  show_preset (self, preset->id);
  pl_view_state_set_window (self->state, window);
}

static GVariant *
make_entry (PlAppWindow *self)
{
  gboolean is_custom = pl_window_preset_find (self->preset) == NULL;
  PlWindow window = is_custom ? pl_view_state_get_window (self->state) : (PlWindow){ 0, 0 };

  return g_variant_new (KEPT_TYPE, self->levels_path, self->preset, window.centre_hu,
                        window.width_hu);
}

void
pl_app_window_keep_levels (PlAppWindow *self)
{
  g_autoptr (GVariant) old = g_settings_get_value (pl_settings_get (), KEPT_KEY);
  g_autoptr (GVariant) entry = NULL;
  GVariantBuilder all;
  gsize n_kept = 1;

  g_clear_handle_id (&self->levels_source, g_source_remove);
  if (self->levels_path == NULL)
    return;
  entry = g_variant_ref_sink (make_entry (self));
  g_variant_builder_init (&all, G_VARIANT_TYPE ("a" KEPT_TYPE));
  g_variant_builder_add_value (&all, entry);
  for (gsize i = 0; i < g_variant_n_children (old) && n_kept < MAX_KEPT; i++)
    {
      g_autoptr (GVariant) other = g_variant_get_child_value (old, i);
      const char *path;

      g_variant_get_child (other, 0, "&s", &path);
      if (g_str_equal (path, self->levels_path))
        continue;
      g_variant_builder_add_value (&all, other);
      n_kept++;
    }
  g_settings_set_value (pl_settings_get (), KEPT_KEY, g_variant_builder_end (&all));
}

static gboolean
keep_cb (gpointer data)
{
  pl_app_window_keep_levels (data);
  return G_SOURCE_REMOVE;
}

static void
keep_soon (PlAppWindow *self)
{
  if (self->levels_path != NULL && self->levels_source == 0)
    self->levels_source = g_timeout_add (KEEP_AFTER_MS, keep_cb, self);
}

/* FALSE when nothing was kept for @path, or nothing that can be used. */
static gboolean
restore_levels (PlAppWindow *self, const char *path)
{
  g_autoptr (GVariant) kept = g_settings_get_value (pl_settings_get (), KEPT_KEY);

  for (gsize i = 0; i < g_variant_n_children (kept); i++)
    {
      const char *other;
      const char *id;
      const PlWindowPreset *preset;
      PlWindow window;

      g_variant_get_child (kept, i, "(&s&sdd)", &other, &id, &window.centre_hu, &window.width_hu);
      if (!g_str_equal (other, path))
        continue;
      preset = pl_window_preset_find (id);
      if (preset == NULL && !is_window (window))
        return FALSE;
      if (preset != NULL)
        apply_preset (self, preset);
      else
        {
          show_preset (self, "custom");
          pl_view_state_set_window (self->state, window);
        }
      return TRUE;
    }
  return FALSE;
}

void
pl_app_window_open_levels (PlAppWindow *self, const char *path)
{
  g_autofree char *preset = g_settings_get_string (pl_settings_get (), "window-preset");

  g_autofree char *whole = g_canonicalize_filename (path, NULL);

  pl_app_window_keep_levels (self);
  g_free (self->levels_path);
  self->levels_path = g_filename_display_name (whole);
  if (!restore_levels (self, self->levels_path))
    apply_preset (self, pl_window_preset_find (preset));
  g_clear_handle_id (&self->levels_source, g_source_remove);
}

void
pl_app_window_forget_levels (PlAppWindow *self)
{
  g_clear_handle_id (&self->levels_source, g_source_remove);
  g_clear_pointer (&self->levels_path, g_free);
}

void
pl_app_window_set_preset (PlAppWindow *self, const char *preset)
{
  const PlWindowPreset *found = pl_window_preset_find (preset);

  g_return_if_fail (found != NULL);

  apply_preset (self, found);
  keep_soon (self);
  g_settings_set_string (pl_settings_get (), "window-preset", found->id);
}

/* The automatic window belongs to the slice in view. */
static void
follow_slice_cb (PlAppWindow *self)
{
  PlWindow window;

  if (g_str_equal (self->preset, "auto") && find_auto_window (self, &window))
    pl_view_state_set_window (self->state, window);
}

/* Whether it is not the preset's, but dragged, typed or of a region. */
static gboolean
is_own_window (PlAppWindow *self, PlWindow window)
{
  const PlWindowPreset *preset = pl_window_preset_find (self->preset);
  PlWindow expected;

  if (preset == NULL)
    return TRUE;
  expected = preset->window;
  if (g_str_equal (preset->id, "auto") && !find_auto_window (self, &expected))
    return FALSE;
  return !same_window (window, expected);
}

static void
window_changed_cb (PlAppWindow *self)
{
  PlWindow window = pl_view_state_get_window (self->state);

  pl_app_window_set_action_state (self, "window-level",
                                  g_variant_new ("(dd)", window.centre_hu, window.width_hu));
  if (!is_own_window (self, window))
    return;
  show_preset (self, "custom");
  keep_soon (self);
}

static void
preset_setting_cb (PlAppWindow *self)
{
  g_autofree char *preset = g_settings_get_string (pl_settings_get (), "window-preset");

  if (g_strcmp0 (preset, self->preset) != 0)
    pl_app_window_set_preset (self, preset);
}

/* What is no window is passed over. */
static void
change_level_cb (GSimpleAction *action, GVariant *state, gpointer data)
{
  PlWindow window;

  g_variant_get (state, "(dd)", &window.centre_hu, &window.width_hu);
  if (is_window (window))
    pl_view_state_set_window (PL_APP_WINDOW (data)->state, window);
}

static void
enter_level_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pl_view_bar_ask_level (PL_APP_WINDOW (data)->view_bar);
}

static const GActionEntry entries[] = {
  { "window-level", NULL, "(dd)", "(-600.0, 1500.0)", change_level_cb },
  { "enter-window-level", enter_level_cb },
};

static void
watch (PlAppWindow *self, gpointer object, const char *signal, void (*handler) (PlAppWindow *self))
{
  g_signal_connect_object (object, signal, G_CALLBACK (handler), self, G_CONNECT_SWAPPED);
}

void
pl_app_window_bind_levels (PlAppWindow *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  watch (self, self->state, "notify::slice", follow_slice_cb);
  watch (self, self->state, "notify::volume", follow_slice_cb);
  watch (self, self->state, "notify::ready-slices", follow_slice_cb);
  watch (self, self->state, "notify::window", window_changed_cb);
  watch (self, pl_settings_get (), "changed::window-preset", preset_setting_cb);
  preset_setting_cb (self);
}
