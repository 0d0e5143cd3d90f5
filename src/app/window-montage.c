/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands of the montage. Its content holds what they set, and its signals keep their states
 * true, so that the bar, menus, keys and D-Bus agree. All but the range, which is of the volume it
 * was chosen for, is remembered under the names of the actions.
 */
#include "app/window-private.h"

#include "app/montage-view.h"
#include "app/planes-view.h"
#include "app/settings.h"

static PlMontageContent *
content_of (PlAppWindow *self)
{
  return pl_montage_view_get_content (PL_MONTAGE_VIEW (self->montage_view));
}

static PlMontageGrid *
grid_of (PlAppWindow *self)
{
  return pl_montage_view_get_grid (PL_MONTAGE_VIEW (self->montage_view));
}

static PlMontageOptions
copy_options (PlAppWindow *self)
{
  return *pl_montage_content_get_options (content_of (self));
}

static void
set_options (PlAppWindow *self, const PlMontageOptions *options)
{
  pl_montage_content_set_options (content_of (self), options);
}

static void
change_sort_cb (GSimpleAction *action, GVariant *state, gpointer data)
{
  PlMontageOptions options = copy_options (data);

  if (pl_montage_sort_from_name (g_variant_get_string (state, NULL), &options.order.sort))
    set_options (data, &options);
}

static void
change_axis_cb (GSimpleAction *action, GVariant *state, gpointer data)
{
  PlMontageOptions options = copy_options (data);

  if (pl_montage_axis_from_name (g_variant_get_string (state, NULL), &options.axis))
    set_options (data, &options);
}

static void
change_filter_cb (GSimpleAction *action, GVariant *state, gpointer data)
{
  PlMontageOptions options = copy_options (data);

  if (pl_montage_filter_from_name (g_variant_get_string (state, NULL), &options.order.filter))
    set_options (data, &options);
}

/* Of numbers: by the action's name. */
static void
change_number_cb (GSimpleAction *action, GVariant *state, gpointer data)
{
  PlMontageOptions options = copy_options (data);
  const char *name = g_action_get_name (G_ACTION (action));
  int number = g_variant_get_int32 (state);

  if (g_str_equal (name, "montage-first"))
    options.order.first = number;
  else if (g_str_equal (name, "montage-last"))
    options.order.last = number;
  else
    options.order.step = number;
  set_options (data, &options);
}

static void
change_below_cb (GSimpleAction *action, GVariant *state, gpointer data)
{
  PlMontageOptions options = copy_options (data);

  options.order.below = g_variant_get_double (state);
  set_options (data, &options);
}

/* "outline" or "fill"; others are passed over. */
static void
change_truth_cb (GSimpleAction *action, GVariant *state, gpointer data)
{
  PlMontageOptions options = copy_options (data);
  const char *style = g_variant_get_string (state, NULL);

  options.truth_is_filled = g_str_equal (style, "fill");
  if (options.truth_is_filled || g_str_equal (style, "outline"))
    set_options (data, &options);
}

static void
change_prediction_cb (GSimpleAction *action, GVariant *state, gpointer data)
{
  PlMontageOptions options = copy_options (data);
  g_autoptr (GEnumClass) styles = g_type_class_ref (PL_TYPE_PREDICTION_STYLE);
  const GEnumValue *style = g_enum_get_value_by_nick (styles, g_variant_get_string (state, NULL));

  if (style == NULL)
    return;
  options.prediction_style = (PlPredictionStyle) style->value;
  set_options (data, &options);
}

/* A floating string. */
static GVariant *
name_style (PlPredictionStyle style)
{
  g_autoptr (GEnumClass) styles = g_type_class_ref (PL_TYPE_PREDICTION_STYLE);

  return g_variant_new_string (g_enum_get_value (styles, (int) style)->value_nick);
}

static void
change_size_cb (GSimpleAction *action, GVariant *state, gpointer data)
{
  pl_montage_grid_set_tile_px (grid_of (data), g_variant_get_int32 (state), -1);
}

/* What hides tiles goes; the order and the bound stay. */
static void
show_all_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PlMontageOptions options = copy_options (data);

  options.order.filter = PL_MONTAGE_FILTER_ALL;
  options.order.first = 0;
  options.order.last = -1;
  options.order.step = 1;
  set_options (data, &options);
}

static void
open_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pl_montage_view_open (PL_MONTAGE_VIEW (PL_APP_WINDOW (data)->montage_view));
}

static void
export_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pl_app_window_choose_montage_to_save (data);
}

static const GActionEntry entries[] = {
  { "montage-axis", NULL, "s", "'slices'", change_axis_cb },
  { "montage-sort", NULL, "s", "'slice'", change_sort_cb },
  { "montage-filter", NULL, "s", "'all'", change_filter_cb },
  { "montage-dice-below", NULL, "d", "0.9", change_below_cb },
  { "montage-first", NULL, "i", "0", change_number_cb },
  { "montage-last", NULL, "i", "-1", change_number_cb },
  { "montage-step", NULL, "i", "1", change_number_cb },
  { "montage-truth", NULL, "s", "'outline'", change_truth_cb },
  { "montage-prediction", NULL, "s", "'fill'", change_prediction_cb },
  { "montage-tile-size", NULL, "i", "192", change_size_cb },
  { "montage-show-all", show_all_cb },
  { "montage-open", open_cb },
  { "montage-export", export_cb },
  { "montage-source", pl_app_window_refuse_activation_cb, NULL, "'slices'",
    pl_app_window_refuse_change_cb },
  { "montage-tiles", pl_app_window_refuse_activation_cb, NULL, "0",
    pl_app_window_refuse_change_cb },
};

static const char *const remembered[] = {
  "montage-axis",       "montage-sort",      "montage-filter",
  "montage-dice-below", "montage-step",      "montage-truth",
  "montage-prediction", "montage-tile-size", NULL,
};

/* @state is taken if floating. */
static void
set_state (PlAppWindow *self, const char *action, GVariant *state)
{
  g_autoptr (GVariant) kept = g_variant_ref_sink (state);

  pl_app_window_set_action_state (self, action, kept);
  if (g_strv_contains (remembered, action))
    g_settings_set_value (pl_settings_get (), action, kept);
}

/* All are read before the first is set: each change writes all of them. */
static void
recall (PlAppWindow *self)
{
  GVariant *states[G_N_ELEMENTS (remembered)] = { NULL };

  for (gsize i = 0; remembered[i] != NULL; i++)
    states[i] = g_settings_get_value (pl_settings_get (), remembered[i]);
  for (gsize i = 0; remembered[i] != NULL; i++)
    {
      g_action_group_change_action_state (G_ACTION_GROUP (self), remembered[i], states[i]);
      g_variant_unref (states[i]);
    }
}

static void
options_changed_cb (PlAppWindow *self)
{
  PlMontageOptions options = copy_options (self);
  const PlMontageOrder *order = &options.order;
  const struct
  {
    const char *action;
    GVariant *state;
  } states[] = {
    { "montage-axis", g_variant_new_string (pl_montage_axis_name (options.axis)) },
    { "montage-sort", g_variant_new_string (pl_montage_sort_name (order->sort)) },
    { "montage-filter", g_variant_new_string (pl_montage_filter_name (order->filter)) },
    { "montage-dice-below", g_variant_new_double (order->below) },
    { "montage-first", g_variant_new_int32 (order->first) },
    { "montage-last", g_variant_new_int32 (order->last) },
    { "montage-step", g_variant_new_int32 (order->step) },
    { "montage-truth", g_variant_new_string (options.truth_is_filled ? "fill" : "outline") },
    { "montage-prediction", name_style (options.prediction_style) },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    set_state (self, states[i].action, states[i].state);
}

static void
tiles_changed_cb (PlAppWindow *self)
{
  PlMontageContent *content = content_of (self);
  const char *source = pl_montage_content_has_cases (content) ? "cases" : "slices";

  pl_app_window_set_action_state (self, "montage-source", g_variant_new_string (source));
  pl_app_window_set_action_state (self, "montage-tiles",
                                  g_variant_new_int32 (pl_montage_content_get_n_tiles (content)));
  pl_app_window_update_actions (self);
}

static void
size_changed_cb (PlAppWindow *self)
{
  int tile_px = (int) pl_montage_grid_get_tile_px (grid_of (self));

  set_state (self, "montage-tile-size", g_variant_new_int32 (tile_px));
}

static void
case_chosen_cb (PlAppWindow *self, PlCaseItem *item)
{
  pl_app_window_show_case (self, item);
}

static void
current_case_changed_cb (PlAppWindow *self)
{
  pl_montage_content_set_cases (content_of (self), G_LIST_MODEL (self->cases), self->current);
}

static void
watch (PlAppWindow *self, gpointer object, const char *signal, GCallback handler)
{
  g_signal_connect_object (object, signal, handler, self, G_CONNECT_SWAPPED);
}

void
pl_app_window_bind_montage (PlAppWindow *self)
{
  PlMontageContent *content = content_of (self);

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  watch (self, content, "options-changed", G_CALLBACK (options_changed_cb));
  watch (self, content, "tiles-changed", G_CALLBACK (tiles_changed_cb));
  watch (self, content, "subjects-changed", G_CALLBACK (tiles_changed_cb));
  watch (self, grid_of (self), "notify::tile-px", G_CALLBACK (size_changed_cb));
  watch (self, self->montage_view, "case-chosen", G_CALLBACK (case_chosen_cb));
  g_signal_connect_swapped (self, "action-state-changed::case",
                            G_CALLBACK (current_case_changed_cb), self);
  pl_montage_content_set_planes (content,
                                 pl_planes_view_get_planes (PL_PLANES_VIEW (self->planes_view)));
  recall (self);
}
