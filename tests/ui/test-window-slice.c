/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands of the slice view, by their actions, and the controls that belong to them. */
#include "ui/window-rig.h"

#include "app/probe-text.h"
#include "app/settings.h"

static PlViewState *
state_of (WindowRig *rig)
{
  return rig->window->state;
}

static void
assert_turn (WindowRig *rig, int quarters, gboolean is_mirrored)
{
  PlSliceTurn turn = pl_view_state_get_turn (state_of (rig));

  g_assert_cmpint (turn.quarters, ==, quarters);
  g_assert_cmpint (turn.is_mirrored, ==, is_mirrored);
}

static void
test_turn (WindowRig *rig, gconstpointer data)
{
  guint upright;

  window_rig_open_data (rig);
  window_rig_settle (rig);
  upright = window_rig_picture (rig->window->slice_view);
  window_rig_activate (rig, "rotate(1)");
  assert_turn (rig, 1, FALSE);
  window_rig_wait (window_rig_picture (rig->window->slice_view) != upright, 10);
  window_rig_activate (rig, "rotate(-1)");
  window_rig_activate (rig, "rotate(-1)");
  assert_turn (rig, 3, FALSE);
  window_rig_activate (rig, "upright");
  assert_turn (rig, 0, FALSE);
  window_rig_wait (window_rig_picture (rig->window->slice_view) == upright, 10);
  window_rig_activate (rig, "flip-across");
  assert_turn (rig, 0, TRUE);
  window_rig_activate (rig, "flip-down");
  assert_turn (rig, 2, FALSE);
}

/* What is chosen stays for the next time. */
static void
test_toggles (WindowRig *rig, gconstpointer data)
{
  window_rig_assert_is (rig, "smooth", "true");
  window_rig_activate (rig, "smooth");
  window_rig_assert_is (rig, "smooth", "false");
  g_assert_false (g_settings_get_boolean (pl_settings_get (), "smooth"));
  window_rig_assert_is (rig, "neurological", "false");
  window_rig_activate (rig, "neurological");
  g_assert_true (pl_view_state_get_neurological (state_of (rig)));
  g_assert_true (g_settings_get_boolean (pl_settings_get (), "neurological"));
}

/* One tool at a time. Escape leaves it, then the probe, and then cancels what it always did. */
static void
test_tools (WindowRig *rig, gconstpointer data)
{
  window_rig_open_data (rig);
  g_assert_false (window_rig_is_enabled (rig, "cancel"));
  window_rig_activate (rig, "ruler");
  g_assert_cmpint (pl_view_state_get_tool (state_of (rig)), ==, PL_TOOL_RULER);
  window_rig_activate (rig, "region");
  g_assert_cmpint (pl_view_state_get_tool (state_of (rig)), ==, PL_TOOL_REGION);
  window_rig_assert_is (rig, "ruler", "false");
  window_rig_activate (rig, "region");
  g_assert_cmpint (pl_view_state_get_tool (state_of (rig)), ==, PL_TOOL_NONE);
  window_rig_activate (rig, "ruler");
  window_rig_activate (rig, "move-probe((2, 3))");
  g_assert_true (window_rig_is_enabled (rig, "cancel"));
  window_rig_activate (rig, "cancel");
  window_rig_assert_is (rig, "ruler", "false");
  g_assert_true (pl_view_state_probe_is_held (state_of (rig)));
  window_rig_activate (rig, "cancel");
  g_assert_false (pl_view_state_probe_is_held (state_of (rig)));
  g_assert_false (window_rig_is_enabled (rig, "cancel"));
  window_rig_activate (rig, "view::montage");
  g_assert_false (window_rig_is_enabled (rig, "move-probe"));
  window_rig_activate (rig, "view::planes");
  g_assert_false (window_rig_is_enabled (rig, "rotate"));
  g_assert_false (window_rig_is_enabled (rig, "flip-down"));
  window_rig_activate (rig, "view::compare");
  g_assert_true (window_rig_is_enabled (rig, "rotate"));
}

static void
enter (WindowRig *rig, const char *text)
{
  gpointer entry = window_rig_child (rig->window->view_bar, "slice_entry");

  window_rig_activate (rig, "go-to-slice");
  gtk_editable_set_text (GTK_EDITABLE (entry), text);
  g_signal_emit_by_name (entry, "activate");
}

static void
test_go_to_slice (WindowRig *rig, gconstpointer data)
{
  int n;
  gpointer entry = window_rig_child (rig->window->view_bar, "slice_entry");
  g_autofree char *last = NULL;

  window_rig_open_data (rig);
  g_assert_false (gtk_widget_is_sensitive (
      GTK_WIDGET (window_rig_child (rig->window->view_bar, "slice_button")))); /* one slice */
  n = window_rig_show_volume (rig);
  enter (rig, "5");
  window_rig_assert_is (rig, "slice", "4");
  window_rig_activate (rig, "go-to-slice");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry)), ==, "5");
  enter (rig, "lung");
  enter (rig, "0");
  window_rig_assert_is (rig, "slice", "4");
  enter (rig, "99999");
  last = g_strdup_printf ("%d", n - 1);
  window_rig_assert_is (rig, "slice", last);
}

/* From the last slice on it begins anew. */
static void
test_play (WindowRig *rig, gconstpointer data)
{
  g_autofree char *last = NULL;
  int n;

  window_rig_open_data (rig);
  n = window_rig_show_volume (rig);
  last = g_strdup_printf ("slice(%d)", n - 1);
  window_rig_activate (rig, last);
  window_rig_activate (rig, "play");
  window_rig_assert_is (rig, "play", "true");
  window_rig_wait (window_rig_is (rig, "slice", "2"), 10);
  window_rig_activate (rig, "play");
  window_rig_assert_is (rig, "play", "false");
  window_rig_pause (0.3);
  window_rig_assert_is (rig, "slice", "2");
  window_rig_activate (rig, "play"); /* closing ends it */
}

/* A place has letters where the file is trusted to know its sides, each of the six. */
static void
test_position (WindowRig *rig, gconstpointer data)
{
  PlVolume volume = {
    .affine = { { 0, 0, -2, 10 }, { 0, -3, 0, 20 }, { 4, 0, 0, -30 } },
    .orientation = "SPL",
  };
  g_autofree char *first = pl_probe_position (&volume, 0, 0, 0);
  g_autofree char *other = pl_probe_position (&volume, 10, 10, 10);

  g_assert_cmpstr (first, ==, "R 10.0 A 20.0 I 30.0");
  g_assert_cmpstr (other, ==, "L 10.0 P 10.0 S 10.0");
  volume.orientation[0] = '\0';
  g_assert_null (pl_probe_position (&volume, 0, 0, 0));
}

/* Not in planes, which have their own places. */
static void
test_actual_size (WindowRig *rig, gconstpointer data)
{
  static const char *const views[] = { "view::slice", "view::compare" };

  window_rig_open_data (rig);
  for (gsize i = 0; i < G_N_ELEMENTS (views); i++)
    {
      window_rig_activate (rig, views[i]);
      window_rig_settle (rig);
      g_assert_true (window_rig_is_enabled (rig, "zoom-actual"));
      pl_view_state_set_zoom (rig->window->state, 4, 0, 0);
      window_rig_activate (rig, "zoom-actual");
      g_assert_cmpfloat (pl_view_state_get_zoom (rig->window->state), <, 1); /* it is a small one */
    }
  window_rig_activate (rig, "view::planes");
  g_assert_false (window_rig_is_enabled (rig, "zoom-actual"));
}

int
main (int argc, char **argv)
{
  window_rig_init (&argc, &argv);
  WINDOW_RIG_ADD ("/app/window-slice/turn", test_turn);
  WINDOW_RIG_ADD ("/app/window-slice/toggles", test_toggles);
  WINDOW_RIG_ADD ("/app/window-slice/actual-size", test_actual_size);
  WINDOW_RIG_ADD ("/app/window-slice/tools", test_tools);
  WINDOW_RIG_ADD ("/app/window-slice/go-to-slice", test_go_to_slice);
  WINDOW_RIG_ADD ("/app/window-slice/play", test_play);
  WINDOW_RIG_ADD ("/app/window-slice/position", test_position);
  return window_rig_run ();
}
