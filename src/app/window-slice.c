/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands of the slice view: how the image lies, the tools, and going through the slices by
 * itself. What the state holds as a property is an action that sets it.
 */
#include "app/window-private.h"

#define SLICES_PER_S 15

static void
rotate_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PlViewState *state = PL_APP_WINDOW (data)->state;

  pl_view_state_set_turn (state, pl_slice_turn_rotate (pl_view_state_get_turn (state),
                                                       g_variant_get_int32 (parameter) & 3));
}

static void
flip_across_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PlViewState *state = PL_APP_WINDOW (data)->state;

  pl_view_state_set_turn (state, pl_slice_turn_flip_across (pl_view_state_get_turn (state)));
}

static void
flip_down_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PlViewState *state = PL_APP_WINDOW (data)->state;

  pl_view_state_set_turn (state, pl_slice_turn_flip_down (pl_view_state_get_turn (state)));
}

static void
upright_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pl_view_state_set_turn (PL_APP_WINDOW (data)->state, (PlSliceTurn){ 0, FALSE });
}

/* Quarters clockwise, and whether it is mirrored. */
static void
change_turn_cb (GSimpleAction *action, GVariant *state, gpointer data)
{
  PlSliceTurn turn;

  g_variant_get (state, "(ib)", &turn.quarters, &turn.is_mirrored);
  turn.quarters &= 3;
  pl_view_state_set_turn (PL_APP_WINDOW (data)->state, turn);
}

static void
turn_changed_cb (PlAppWindow *self)
{
  PlSliceTurn turn = pl_view_state_get_turn (self->state);

  pl_app_window_set_action_state (self, "turn",
                                  g_variant_new ("(ib)", turn.quarters, turn.is_mirrored));
}

static PlSliceView *
find_slice_view (GtkWidget *widget)
{
  PlSliceView *found = NULL;

  if (!gtk_widget_get_child_visible (widget) || !gtk_widget_get_visible (widget))
    return NULL;
  if (PL_IS_SLICE_VIEW (widget) && gtk_widget_get_focusable (widget))
    return PL_SLICE_VIEW (widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_slice_view (child);
  return found;
}

/* The panes of the comparison are as large as each other. */
PlSliceView *
pl_app_window_find_slice_view (PlAppWindow *self)
{
  return find_slice_view (adw_view_stack_get_visible_child (self->views));
}

static void
zoom_actual_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PlSliceView *view = pl_app_window_find_slice_view (data);

  if (view != NULL)
    pl_slice_view_zoom_actual (view);
}

/* A tenth of what fits the view, which is less the nearer one is. The image goes where the arrow
 * points, as with a hand. */
static void
move_image_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PlViewState *state = PL_APP_WINDOW (data)->state;
  PlVolume *volume = pl_view_state_get_volume (state);
  double zoom = pl_view_state_get_zoom (state);
  double pan_x;
  double pan_y;
  double x;
  double y;

  if (volume == NULL)
    return;
  g_variant_get (parameter, "(dd)", &x, &y);
  pl_slice_turn_to_image (pl_view_state_find_turn (state), &x, &y);
  pl_view_state_get_pan (state, &pan_x, &pan_y);
  pan_x -= 0.1 * x * MAX (volume->n[1], volume->n[2]) / zoom;
  pan_y -= 0.1 * y * MAX (volume->n[1], volume->n[2]) / zoom;
  pl_view_state_set_zoom (state, zoom, CLAMP (pan_x, -0.5 * volume->n[2], 0.5 * volume->n[2]),
                          CLAMP (pan_y, -0.5 * volume->n[1], 0.5 * volume->n[1]));
}

static void
move_probe_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  int right;
  int down;

  g_variant_get (parameter, "(ii)", &right, &down);
  pl_view_state_move_probe (PL_APP_WINDOW (data)->state, right, down);
}

static void
change_ruler_cb (GSimpleAction *action, GVariant *state, gpointer data)
{
  pl_view_state_set_tool (PL_APP_WINDOW (data)->state,
                          g_variant_get_boolean (state) ? PL_TOOL_RULER : PL_TOOL_NONE);
}

static void
change_region_cb (GSimpleAction *action, GVariant *state, gpointer data)
{
  pl_view_state_set_tool (PL_APP_WINDOW (data)->state,
                          g_variant_get_boolean (state) ? PL_TOOL_REGION : PL_TOOL_NONE);
}

static void
tool_changed_cb (PlAppWindow *self)
{
  PlTool tool = pl_view_state_get_tool (self->state);

  pl_app_window_set_action_state (self, "ruler", g_variant_new_boolean (tool == PL_TOOL_RULER));
  pl_app_window_set_action_state (self, "region", g_variant_new_boolean (tool == PL_TOOL_REGION));
  pl_app_window_update_actions (self);
}

static void
go_to_slice_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pl_view_bar_ask_slice (PL_APP_WINDOW (data)->view_bar);
}

/* After the last slice comes the first. What is not loaded yet is waited for. */
static gboolean
play_cb (gpointer data)
{
  PlAppWindow *self = data;
  PlVolume *volume = pl_view_state_get_volume (self->state);
  int next = pl_view_state_get_slice (self->state) + 1;

  if (volume == NULL)
    return G_SOURCE_CONTINUE;
  next = next < volume->n[0] ? next : 0;
  if (next < pl_volume_ready_slices (volume))
    pl_view_state_set_slice (self->state, next);
  return G_SOURCE_CONTINUE;
}

void
pl_app_window_set_playing (PlAppWindow *self, gboolean is_playing)
{
  if (is_playing == (self->play_source != 0))
    return;
  if (is_playing)
    self->play_source = g_timeout_add (1000 / SLICES_PER_S, play_cb, self);
  else
    g_clear_handle_id (&self->play_source, g_source_remove);
  pl_app_window_set_action_state (self, "play", g_variant_new_boolean (is_playing));
  pl_app_window_update_actions (self);
}

static void
change_play_cb (GSimpleAction *action, GVariant *state, gpointer data)
{
  pl_app_window_set_playing (data, g_variant_get_boolean (state));
}

static const GActionEntry entries[] = {
  { "rotate", rotate_cb, "i" },
  { "flip-across", flip_across_cb },
  { "flip-down", flip_down_cb },
  { "upright", upright_cb },
  { "turn", NULL, "(ib)", "(0, false)", change_turn_cb },
  { "zoom-actual", zoom_actual_cb },
  { "move-image", move_image_cb, "(dd)" },
  { "go-to-slice", go_to_slice_cb },
  { "play", NULL, NULL, "false", change_play_cb },
  { "move-probe", move_probe_cb, "(ii)" },
  { "ruler", NULL, NULL, "false", change_ruler_cb },
  { "region", NULL, NULL, "false", change_region_cb },
};

/* Properties of the state. */
static const char *const properties[] = { "neurological", "smooth", "prediction-style", "opacity" };

void
pl_app_window_add_slice_actions (PlAppWindow *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  for (gsize i = 0; i < G_N_ELEMENTS (properties); i++)
    {
      g_autoptr (GPropertyAction) action =
          g_property_action_new (properties[i], self->state, properties[i]);

      g_action_map_add_action (G_ACTION_MAP (self), G_ACTION (action));
    }
  g_signal_connect_object (self->state, "notify::tool", G_CALLBACK (tool_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->state, "notify::probe-is-held",
                           G_CALLBACK (pl_app_window_update_actions), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->state, "notify::turn", G_CALLBACK (turn_changed_cb), self,
                           G_CONNECT_SWAPPED);
}
