/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What changes the view is undone and done again, a gesture at a time. */
#include "ui/window-rig.h"

#include "app/window-look.h"

/* Longer than what counts as one gesture. */
static void
let_go (void)
{
  window_rig_pause (0.9);
}

static void
test_slices (WindowRig *rig, gconstpointer data)
{
  window_rig_open_data (rig);
  window_rig_show_volume (rig);
  window_rig_assert_is (rig, "slice", "26");
  g_assert_false (window_rig_is_enabled (rig, "undo"));
  for (int i = 0; i < 5; i++)
    window_rig_activate (rig, "step-slice(1)");
  let_go ();
  window_rig_activate (rig, "slice(3)");
  window_rig_activate (rig, "undo");
  window_rig_assert_is (rig, "slice", "31");
  window_rig_activate (rig, "undo");
  window_rig_assert_is (rig, "slice", "26");
  g_assert_false (window_rig_is_enabled (rig, "undo"));
  window_rig_activate (rig, "redo");
  window_rig_assert_is (rig, "slice", "31");
  window_rig_activate (rig, "redo");
  window_rig_assert_is (rig, "slice", "3");
  g_assert_false (window_rig_is_enabled (rig, "redo"));
}

/* What is done after an undo takes the place of what was undone. */
static void
test_forget_undone (WindowRig *rig, gconstpointer data)
{
  window_rig_open_data (rig);
  window_rig_activate (rig, "rotate(1)");
  window_rig_activate (rig, "rotate(1)");
  window_rig_activate (rig, "undo");
  g_assert_true (window_rig_is_enabled (rig, "redo"));
  window_rig_activate (rig, "flip-across");
  g_assert_false (window_rig_is_enabled (rig, "redo"));
  window_rig_activate (rig, "undo");
  window_rig_activate (rig, "undo");
  g_assert_cmpint (pl_view_state_get_turn (rig->window->state).quarters, ==, 0);
  g_assert_false (window_rig_is_enabled (rig, "undo"));
}

/* Both at once are one step; what is shown of them is another. */
static void
test_masks (WindowRig *rig, gconstpointer data)
{
  PlViewState *state;
  double opacity;

  window_rig_open_data (rig);
  state = rig->window->state;
  opacity = pl_view_state_get_opacity (state);
  window_rig_activate (rig, "toggle-masks");
  window_rig_assert_is (rig, "show-truth", "false");
  window_rig_assert_is (rig, "show-prediction", "false");
  let_go ();
  window_rig_activate (rig, "step-opacity(0.05)");
  g_assert_cmpfloat (pl_view_state_get_opacity (state), !=, opacity);
  window_rig_activate (rig, "undo");
  g_assert_cmpfloat (pl_view_state_get_opacity (state), ==, opacity);
  window_rig_assert_is (rig, "show-truth", "false");
  window_rig_activate (rig, "undo");
  window_rig_assert_is (rig, "show-truth", "true");
  window_rig_assert_is (rig, "show-prediction", "true");
  g_assert_false (window_rig_is_enabled (rig, "undo"));
  window_rig_activate (rig, "redo");
  window_rig_assert_is (rig, "show-prediction", "false");
}

/* How things are drawn: each of these is a step. */
static void
test_style (WindowRig *rig, gconstpointer data)
{
  static const char *const changes[][3] = {
    { "colour-map::hot", "colour-map", "'gray'" },
    { "prediction-style::outline", "prediction-style", "'fill'" },
    { "neurological", "neurological", "false" },
    { "smooth", "smooth", "true" },
    { "projection::maximum", "projection", "'none'" },
    { "surface::prediction", "surface", "'truth'" },
    { "slab-thickness(40.0)", "slab-thickness", "20.0" },
    { "montage-truth::fill", "montage-truth", "'outline'" },
    { "montage-prediction::outline", "montage-prediction", "'fill'" },
    { "compare-image", "compare-image", "true" },
    { "compare-truth", "compare-truth", "true" },
    { "compare-prediction", "compare-prediction", "true" },
    { "compare-second", "compare-second", "true" },
    { "compare-models", "compare-models", "true" },
    { "compare-outline", "compare-outline", "false" },
    { "compare-swipe", "compare-swipe", "false" },
    { "compare-sides::second-truth", "compare-sides", "'prediction-truth'" },
    { "case-sort::slices", "case-sort", "'name'" },
    { "case-filter::with-mask", "case-filter", "'all'" },
  };

  window_rig_open_data (rig);
  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      window_rig_assert_is (rig, changes[i][1], changes[i][2]);
      window_rig_activate (rig, changes[i][0]);
      g_assert_false (window_rig_is (rig, changes[i][1], changes[i][2]));
    }
  for (gsize i = G_N_ELEMENTS (changes); i-- > 0;)
    {
      window_rig_activate (rig, "undo");
      window_rig_assert_is (rig, changes[i][1], changes[i][2]);
    }
  g_assert_false (window_rig_is_enabled (rig, "undo"));
  window_rig_activate (rig, "redo");
  window_rig_assert_is (rig, "colour-map", "'hot'");
  window_rig_activate (rig, "undo");
}

/* The pane that is left cannot be hidden, which is no step. */
static void
test_last_pane (WindowRig *rig, gconstpointer data)
{
  window_rig_open_data (rig);
  window_rig_activate (rig, "compare-image");
  window_rig_activate (rig, "compare-truth");
  window_rig_activate (rig, "compare-prediction");
  window_rig_activate (rig, "compare-difference");
  window_rig_assert_is (rig, "compare-difference", "true");
  window_rig_activate (rig, "undo");
  window_rig_assert_is (rig, "compare-prediction", "true");
  window_rig_activate (rig, "compare-difference");
  window_rig_activate (rig, "undo");
  window_rig_assert_is (rig, "compare-difference", "true");
  window_rig_assert_is (rig, "compare-prediction", "true");
  window_rig_assert_is (rig, "compare-truth", "false");
}

/* Which tiles there are: what one command changes is one step. */
static void
test_tiles (WindowRig *rig, gconstpointer data)
{
  window_rig_open_data (rig);
  window_rig_show_volume (rig);
  window_rig_activate (rig, "montage-filter::with-mask");
  let_go ();
  window_rig_activate (rig, "montage-first(5)");
  window_rig_activate (rig, "montage-first(7)");
  window_rig_activate (rig, "montage-last(20)");
  window_rig_activate (rig, "montage-step(2)");
  let_go ();
  window_rig_activate (rig, "montage-show-all");
  window_rig_assert_is (rig, "montage-filter", "'all'");
  window_rig_assert_is (rig, "montage-last", "-1");
  window_rig_activate (rig, "undo");
  window_rig_assert_is (rig, "montage-filter", "'with-mask'");
  window_rig_assert_is (rig, "montage-first", "7");
  window_rig_assert_is (rig, "montage-last", "20");
  window_rig_assert_is (rig, "montage-step", "2");
  window_rig_activate (rig, "undo");
  window_rig_assert_is (rig, "montage-filter", "'with-mask'");
  window_rig_assert_is (rig, "montage-first", "0");
  window_rig_assert_is (rig, "montage-last", "-1");
  window_rig_assert_is (rig, "montage-step", "1");
  window_rig_activate (rig, "undo");
  window_rig_assert_is (rig, "montage-filter", "'all'");
  g_assert_false (window_rig_is_enabled (rig, "undo"));
  window_rig_activate (rig, "redo");
  window_rig_activate (rig, "redo");
  window_rig_assert_is (rig, "montage-first", "7");
  window_rig_assert_is (rig, "montage-last", "20");
}

/* Which tiles of a case are shown is nothing to another. */
static void
test_tiles_of_case (WindowRig *rig, gconstpointer data)
{
  window_rig_open_data (rig);
  window_rig_show_volume (rig);
  window_rig_activate (rig, "montage-first(5)");
  window_rig_activate (rig, "montage-last(9)");
  let_go ();
  window_rig_activate (rig, "montage-sort::area");
  window_rig_show_case (rig, 0);
  window_rig_assert_is (rig, "montage-last", "-1");
  window_rig_activate (rig, "undo");
  window_rig_assert_is (rig, "montage-sort", "'slice'");
  window_rig_assert_is (rig, "montage-first", "0");
  window_rig_assert_is (rig, "montage-last", "-1");
}

/* Of another axis there are other tiles, so that the range goes; it comes back with the axis. */
static void
test_tile_axis (WindowRig *rig, gconstpointer data)
{
  window_rig_open_data (rig);
  window_rig_show_volume (rig);
  window_rig_activate (rig, "montage-sort::area");
  let_go ();
  window_rig_activate (rig, "montage-dice-below(0.5)");
  window_rig_activate (rig, "montage-last(20)");
  let_go ();
  window_rig_activate (rig, "montage-axis::coronal");
  window_rig_assert_is (rig, "montage-last", "-1");
  window_rig_activate (rig, "undo");
  window_rig_assert_is (rig, "montage-axis", "'slices'");
  window_rig_assert_is (rig, "montage-last", "20");
  window_rig_activate (rig, "undo");
  window_rig_assert_is (rig, "montage-dice-below", "0.90000000000000002");
  window_rig_assert_is (rig, "montage-sort", "'area'");
  window_rig_activate (rig, "undo");
  window_rig_assert_is (rig, "montage-sort", "'slice'");
  g_assert_false (window_rig_is_enabled (rig, "undo"));
}

/* The slider of the tiles, the divider, the slab and the surface, as a hand moves them. */
static void
test_gestures (WindowRig *rig, gconstpointer data)
{
  static const char *const moves[][4] = {
    { "montage-tile-size(200)", "montage-tile-size(240)", "montage-tile-size", "192" },
    { "compare-divider(0.25)", "compare-divider(0.75)", "compare-divider", "0.5" },
    { "slab-thickness(30.0)", "slab-thickness(40.0)", "slab-thickness", "20.0" },
    { "surface-pose((5.0, 10.0, 1.0))", "surface-pose((355.0, 10.0, 2.0))", "surface-pose",
      "(0.0, 0.0, 1.0)" },
  };

  window_rig_open_data (rig);
  for (gsize i = 0; i < G_N_ELEMENTS (moves); i++)
    {
      window_rig_activate (rig, moves[i][0]);
      window_rig_activate (rig, moves[i][1]);
      let_go ();
      window_rig_activate (rig, moves[i][0]);
      window_rig_activate (rig, "undo");
      g_assert_false (window_rig_is (rig, moves[i][2], moves[i][3]));
      window_rig_activate (rig, "undo");
      window_rig_assert_is (rig, moves[i][2], moves[i][3]);
      g_assert_false (window_rig_is_enabled (rig, "undo"));
    }
}

/* For programs: what is no place to look from is passed over. */
static void
test_odd_states (WindowRig *rig, gconstpointer data)
{
  window_rig_open_data (rig);
  window_rig_activate (rig, "zoom((2.0, 0.0, 3.0, 4.0))");
  window_rig_assert_is (rig, "zoom", "(2.0, 0.0, 3.0, 4.0)");
  window_rig_activate (rig, "zoom((0.0, 0.0, 0.0, 0.0))");
  window_rig_activate (rig, "zoom((1e300, 0.0, 0.0, 0.0))");
  window_rig_activate (rig, "zoom((1.0, 0.0, inf, 0.0))");
  window_rig_assert_is (rig, "zoom", "(2.0, 0.0, 3.0, 4.0)");
  window_rig_activate (rig, "surface-pose((30.0, 100.0, 1e300))");
  window_rig_assert_is (rig, "surface-pose", "(30.0, 90.0, 16.0)");
  window_rig_activate (rig, "surface-pose((nan, 0.0, 1.0))");
  window_rig_assert_is (rig, "surface-pose", "(30.0, 90.0, 16.0)");
  window_rig_activate (rig, "turn((-1, true))");
  window_rig_assert_is (rig, "turn", "(3, true)");
}

static void
test_all_parts (WindowRig *rig, gconstpointer data)
{
  PlViewState *state;
  double x;
  double y;

  window_rig_open_data (rig);
  window_rig_show_volume (rig);
  state = rig->window->state;
  window_rig_activate (rig, "view::planes");
  window_rig_activate (rig, "crosshair((4, 10, 12))");
  pl_view_state_set_zoom (state, 3, 7, -2);
  window_rig_activate (rig, "window-preset::bone");
  let_go ();
  window_rig_activate (rig, "window-level((-500.0, 900.0))");
  pl_view_state_set_turn (state, pl_slice_turn_flip_down (pl_view_state_get_turn (state)));

  window_rig_activate (rig, "undo");
  g_assert_false (pl_view_state_get_turn (state).is_mirrored);
  window_rig_activate (rig, "undo");
  window_rig_assert_is (rig, "window-preset", "'bone'");
  window_rig_activate (rig, "undo");
  window_rig_assert_is (rig, "window-preset", "'lung'");
  g_assert_cmpfloat (pl_view_state_get_zoom (state), ==, 3);
  window_rig_activate (rig, "undo");
  g_assert_cmpfloat (pl_view_state_get_zoom (state), ==, 1);
  window_rig_assert_is (rig, "crosshair", "(4, 10, 12)");
  window_rig_activate (rig, "undo");
  window_rig_assert_is (rig, "crosshair", "(26, 32, 32)");
  window_rig_activate (rig, "undo");
  window_rig_assert_is (rig, "view", "'slice'");
  g_assert_false (window_rig_is_enabled (rig, "undo"));

  for (int i = 0; i < 6; i++)
    window_rig_activate (rig, "redo");
  window_rig_assert_is (rig, "view", "'planes'");
  window_rig_assert_is (rig, "crosshair", "(4, 10, 12)");
  window_rig_assert_is (rig, "window-level", "(-500.0, 900.0)");
  window_rig_assert_is (rig, "window-preset", "'custom'");
  pl_view_state_get_pan (state, &x, &y);
  g_assert_cmpfloat (x, ==, 7);
  g_assert_cmpfloat (y, ==, -2);
  g_assert_true (pl_view_state_get_turn (state).is_mirrored);
}

/* A case's steps wait until it is in view again. */
static void
test_cases (WindowRig *rig, gconstpointer data)
{
  window_rig_open_data (rig);
  window_rig_activate (rig, "rotate(1)");
  window_rig_show_case (rig, 1);
  g_assert_false (window_rig_is_enabled (rig, "undo"));
  g_assert_cmpint (pl_view_state_get_turn (rig->window->state).quarters, ==, 1);
  window_rig_show_case (rig, 0);
  window_rig_activate (rig, "undo");
  g_assert_cmpint (pl_view_state_get_turn (rig->window->state).quarters, ==, 0);
}

/* What is of no case is taken back whichever is in view, and by then what is of another one waits.
 */
static void
test_window_steps (WindowRig *rig, gconstpointer data)
{
  window_rig_open_data (rig);
  window_rig_activate (rig, "colour-map::hot");
  window_rig_activate (rig, "rotate(1)");
  window_rig_show_case (rig, 1);
  window_rig_activate (rig, "undo");
  window_rig_assert_is (rig, "colour-map", "'gray'");
  window_rig_assert_is (rig, "turn", "(1, false)");
  g_assert_false (window_rig_is_enabled (rig, "undo"));
  window_rig_activate (rig, "redo");
  window_rig_assert_is (rig, "colour-map", "'hot'");
}

/* They are the user's while a case loads too; a range that goes with its volume is not. */
static void
test_while_loading (WindowRig *rig, gconstpointer data)
{
  window_rig_open_data (rig);
  window_rig_show_volume (rig);
  window_rig_activate (rig, "montage-last(20)");
  let_go ();
  pl_volume_cache_clear (rig->window->volumes);
  window_rig_activate (rig, "previous-case"); /* a slice */
  window_rig_assert_is (rig, "loading", "true");
  window_rig_activate (rig, "colour-map::hot");
  window_rig_wait (window_rig_is (rig, "loading", "false"), 20);
  window_rig_assert_is (rig, "montage-last", "-1");
  window_rig_activate (rig, "undo");
  window_rig_assert_is (rig, "colour-map", "'gray'");
  g_assert_false (window_rig_is_enabled (rig, "undo"));
}

/* A step that would change nothing is passed over. */
static void
test_nothing (WindowRig *rig, gconstpointer data)
{
  window_rig_open_data (rig);
  window_rig_activate (rig, "rotate(1)");
  window_rig_activate (rig, "toggle-masks");
  g_assert_true (window_rig_is_enabled (rig, "undo"));
  window_rig_activate (rig, "toggle-masks");
  window_rig_activate (rig, "undo");
  window_rig_assert_is (rig, "turn", "(0, false)");
}

/* What an automatic level follows is the slice's, and no step beside it. */
static void
test_automatic_levels (WindowRig *rig, gconstpointer data)
{
  g_autofree char *level = NULL;

  window_rig_open_data (rig);
  window_rig_show_volume (rig);
  window_rig_activate (rig, "window-preset::auto");
  let_go ();
  level = window_rig_print_state (rig, "window-level");
  window_rig_activate (rig, "slice(3)");
  g_assert_false (window_rig_is (rig, "window-level", level));
  let_go ();
  window_rig_activate (rig, "window-level((-500.0, 900.0))");
  window_rig_activate (rig, "undo");
  window_rig_assert_is (rig, "window-preset", "'auto'");
  window_rig_activate (rig, "undo");
  window_rig_assert_is (rig, "slice", "26");
  window_rig_assert_is (rig, "window-level", level);
  window_rig_activate (rig, "undo");
  window_rig_assert_is (rig, "window-preset", "'lung'");
  g_assert_false (window_rig_is_enabled (rig, "undo"));
}

/* A removal is a step like the others. */
static void
test_removal (WindowRig *rig, gconstpointer data)
{
  PlCaseItem *first;

  window_rig_open_data (rig);
  first = rig->window->current;
  window_rig_activate (rig, "rotate(1)");
  window_rig_activate (rig, "remove-case");
  window_rig_wait (window_rig_is (rig, "loading", "false"), 20);
  window_rig_activate (rig, "undo");
  g_assert_true (rig->window->current == first);
  g_assert_cmpuint (rig->window->dataset->cases->len, ==, WINDOW_RIG_CASES);
  window_rig_wait (window_rig_is (rig, "loading", "false"), 20);
  window_rig_activate (rig, "undo");
  g_assert_cmpint (pl_view_state_get_turn (rig->window->state).quarters, ==, 0);
  g_assert_false (window_rig_is_enabled (rig, "undo"));
  window_rig_activate (rig, "redo");
  window_rig_activate (rig, "redo");
  g_assert_cmpuint (rig->window->dataset->cases->len, ==, WINDOW_RIG_CASES - 1);
  g_assert_true (rig->window->current != first);
  window_rig_activate (rig, "restore-case"); /* the button of the toast */
  g_assert_true (rig->window->current == first);
  window_rig_wait (window_rig_is (rig, "loading", "false"), 20);
  window_rig_activate (rig, "undo");
  g_assert_cmpint (pl_view_state_get_turn (rig->window->state).quarters, ==, 0);
}

static void
test_bound (WindowRig *rig, gconstpointer data)
{
  int n = 0;

  window_rig_open_data (rig);
  for (int i = 0; i < 150; i++)
    window_rig_activate (rig, "rotate(1)");
  for (; window_rig_is_enabled (rig, "undo"); n++)
    window_rig_activate (rig, "undo");
  g_assert_cmpint (n, ==, 100);
}

/* Of one data set nothing is left when another is opened. */
static void
test_another (WindowRig *rig, gconstpointer data)
{
  window_rig_open_data (rig);
  window_rig_activate (rig, "rotate(1)");
  window_rig_activate (rig, "case-filter::with-mask"); /* it goes too */
  window_rig_open (rig, window_rig_data ());
  window_rig_wait (rig->window->opening.cancellable == NULL, 20);
  window_rig_wait (window_rig_is (rig, "loading", "false"), 20);
  g_assert_false (window_rig_is_enabled (rig, "undo"));
}

/* Whoever adds a state decides whether it is undone: window-look.c says what is not, and why. */
static void
test_every_state (WindowRig *rig, gconstpointer data)
{
  static const char *const left_out[] = { "case",
                                          "slice",
                                          "play",
                                          "ruler",
                                          "region",
                                          "compare-blink",
                                          "compare-enlarged",
                                          "planes-enlarged",
                                          "epoch-shown",
                                          "show-cases",
                                          "show-training",
                                          "training-state",
                                          "training-epoch",
                                          "training-preset",
                                          "training-start",
                                          "pause-training",
                                          "toggle-pause",
                                          "stop-after-epoch",
                                          "loading",
                                          "prediction-state",
                                          "montage-source",
                                          "montage-tiles",
                                          NULL };
  GActionGroup *actions = G_ACTION_GROUP (rig->window);
  g_auto (GStrv) names = g_action_group_list_actions (actions);

  for (char **name = names; *name != NULL; name++)
    {
      g_autoptr (GVariant) state = g_action_group_get_action_state (actions, *name);

      if (state != NULL && pl_look_find_part (*name) < 0 && !g_strv_contains (left_out, *name))
        g_error ("win.%s is neither undone nor left out", *name);
    }
  for (const char *const *name = left_out; *name != NULL; name++)
    g_assert_nonnull (g_action_group_get_action_state_type (actions, *name));
}

int
main (int argc, char **argv)
{
  window_rig_init (&argc, &argv);
  WINDOW_RIG_ADD ("/app/window-undo/slices", test_slices);
  WINDOW_RIG_ADD ("/app/window-undo/forget-undone", test_forget_undone);
  WINDOW_RIG_ADD ("/app/window-undo/all-parts", test_all_parts);
  WINDOW_RIG_ADD ("/app/window-undo/masks", test_masks);
  WINDOW_RIG_ADD ("/app/window-undo/style", test_style);
  WINDOW_RIG_ADD ("/app/window-undo/last-pane", test_last_pane);
  WINDOW_RIG_ADD ("/app/window-undo/tiles", test_tiles);
  WINDOW_RIG_ADD ("/app/window-undo/tiles-of-case", test_tiles_of_case);
  WINDOW_RIG_ADD ("/app/window-undo/tile-axis", test_tile_axis);
  WINDOW_RIG_ADD ("/app/window-undo/gestures", test_gestures);
  WINDOW_RIG_ADD ("/app/window-undo/window-steps", test_window_steps);
  WINDOW_RIG_ADD ("/app/window-undo/while-loading", test_while_loading);
  WINDOW_RIG_ADD ("/app/window-undo/nothing", test_nothing);
  WINDOW_RIG_ADD ("/app/window-undo/automatic-levels", test_automatic_levels);
  WINDOW_RIG_ADD ("/app/window-undo/odd-states", test_odd_states);
  WINDOW_RIG_ADD ("/app/window-undo/cases", test_cases);
  WINDOW_RIG_ADD ("/app/window-undo/removal", test_removal);
  WINDOW_RIG_ADD ("/app/window-undo/bound", test_bound);
  WINDOW_RIG_ADD ("/app/window-undo/another", test_another);
  WINDOW_RIG_ADD ("/app/window-undo/every-state", test_every_state);
  return window_rig_run ();
}
