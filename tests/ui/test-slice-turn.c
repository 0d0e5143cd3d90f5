/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Turns as plain values: what a step of the image comes to on the screen, and which of the
 * patient's sides lies where, for all 48 orientations. */
#include "app/slice-turn.h"

#include <math.h>
#include <string.h>

#define N_TURNS 8

static PlSliceTurn
turn_at (int i)
{
  return (PlSliceTurn){ i >> 1, i & 1 };
}

static void
assert_step (PlSliceTurn turn, int x, int y, int screen_x, int screen_y)
{
  double dx = x;
  double dy = y;

  pl_slice_turn_to_screen (turn, &dx, &dy);
  g_assert_cmpint (lround (dx), ==, screen_x);
  g_assert_cmpint (lround (dy), ==, screen_y);
  pl_slice_turn_to_image (turn, &dx, &dy);
  g_assert_cmpint (lround (dx), ==, x);
  g_assert_cmpint (lround (dy), ==, y);
}

static void
test_steps (void)
{
  PlSliceTurn none = { 0, FALSE };

  assert_step (none, 1, 2, 1, 2);
  assert_step (pl_slice_turn_rotate (none, 1), 1, 2, -2, 1); /* what was right is at the bottom */
  assert_step (pl_slice_turn_rotate (none, -1), 1, 2, 2, -1);
  assert_step (pl_slice_turn_flip_across (none), 1, 2, -1, 2);
  assert_step (pl_slice_turn_flip_down (none), 1, 2, 1, -2);
}

/* What comes later is of the screen, however the image lies by then. */
static void
test_changes_are_of_the_screen (void)
{
  for (int i = 0; i < N_TURNS; i++)
    {
      double x = 1;
      double y = 2;

      pl_slice_turn_to_screen (turn_at (i), &x, &y);
      assert_step (pl_slice_turn_rotate (turn_at (i), 1), 1, 2, (int) -y, (int) x);
      assert_step (pl_slice_turn_flip_across (turn_at (i)), 1, 2, (int) -x, (int) y);
      assert_step (pl_slice_turn_flip_down (turn_at (i)), 1, 2, (int) x, (int) -y);
    }
}

static void
test_join (void)
{
  for (int i = 0; i < N_TURNS; i++)
    for (int j = 0; j < N_TURNS; j++)
      {
        double x = 1;
        double y = 2;

        pl_slice_turn_to_screen (turn_at (i), &x, &y);
        pl_slice_turn_to_screen (turn_at (j), &x, &y);
        assert_step (pl_slice_turn_join (turn_at (i), turn_at (j)), 1, 2, (int) x, (int) y);
      }
}

/* The letters at the left and at the top. */
static void
assert_sides (const char *orientation, gboolean is_neurological, char left, char top)
{
  PlSliceTurn turn = pl_slice_turn_upright (orientation, is_neurological);

  g_assert_cmpint (pl_slice_turn_letter (turn, orientation, -1, 0), ==, left);
  g_assert_cmpint (pl_slice_turn_letter (turn, orientation, 0, -1), ==, top);
  g_assert_cmpint (pl_slice_turn_letter (turn, orientation, 1, 0), !=, left);
  g_assert_cmpint (pl_slice_turn_letter (turn, orientation, 0, 1), !=, top);
}

/* Three axes in any order, each in either direction. */
static void
test_every_orientation_is_upright (void)
{
  static const char *const axes[] = { "RL", "AP", "SI" };
  int n = 0;

  for (int s = 0; s < 3; s++)
    for (int r = 0; r < 3; r++)
      for (int way = 0; way < 8 && r != s; way++, n++)
        {
          char orientation[4] = { axes[s][way & 1], axes[r][way >> 1 & 1],
                                  axes[3 - s - r][way >> 2 & 1], '\0' };
          char left = s == 0 ? 'A' : 'R';
          char top = s == 2 ? 'A' : 'S';

          assert_sides (orientation, FALSE, left, top);
          assert_sides (orientation, TRUE, left == 'R' ? 'L' : left, top);
        }
  g_assert_cmpint (n, ==, 48);
}

static void
test_unknown_sides (void)
{
  PlSliceTurn turn = pl_slice_turn_upright ("", TRUE);

  g_assert_cmpint (turn.quarters, ==, 0);
  g_assert_false (turn.is_mirrored);
  g_assert_cmpint (pl_slice_turn_letter (turn, "", 1, 0), ==, '\0');
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/slice-turn/steps", test_steps);
  g_test_add_func ("/app/slice-turn/changes-are-of-the-screen", test_changes_are_of_the_screen);
  g_test_add_func ("/app/slice-turn/join", test_join);
  g_test_add_func ("/app/slice-turn/every-orientation-is-upright",
                   test_every_orientation_is_upright);
  g_test_add_func ("/app/slice-turn/unknown-sides", test_unknown_sides);
  return g_test_run ();
}
