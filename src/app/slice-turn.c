/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The eight ways to lay a rectangle are few enough to be tried one by one: which of them puts a
 * patient upright is found by looking at the letters at the edges, not by a table of orientations.
 */
#include "app/slice-turn.h"

#include <math.h>
#include <string.h>

/* Clockwise, in 0…3. */
static int
wrap (int quarters)
{
  return quarters & 3;
}

PlSliceTurn
pl_slice_turn_rotate (PlSliceTurn turn, int quarters)
{
  turn.quarters = wrap (turn.quarters + quarters);
  return turn;
}

/* A mirror after a turn is the mirror before the opposite turn. */
PlSliceTurn
pl_slice_turn_flip_across (PlSliceTurn turn)
{
  turn.quarters = wrap (-turn.quarters);
  turn.is_mirrored = !turn.is_mirrored;
  return turn;
}

PlSliceTurn
pl_slice_turn_flip_down (PlSliceTurn turn)
{
  return pl_slice_turn_rotate (pl_slice_turn_flip_across (turn), 2);
}

PlSliceTurn
pl_slice_turn_join (PlSliceTurn first, PlSliceTurn second)
{
  if (second.is_mirrored)
    first = pl_slice_turn_flip_across (first);
  return pl_slice_turn_rotate (first, second.quarters);
}

void
pl_slice_turn_to_screen (PlSliceTurn turn, double *x, double *y)
{
  if (turn.is_mirrored)
    *x = -*x;
  for (int i = 0; i < turn.quarters; i++)
    {
      double old = *x;

      *x = -*y;
      *y = old;
    }
}

void
pl_slice_turn_to_image (PlSliceTurn turn, double *x, double *y)
{
  for (int i = 0; i < turn.quarters; i++)
    {
      double old = *x;

      *x = *y;
      *y = -old;
    }
  if (turn.is_mirrored)
    *x = -*x;
}

static char
opposite (char letter)
{
  static const char pairs[] = "RLAPSI";
  const char *found = strchr (pairs, letter);

  return pairs[(found - pairs) ^ 1];
}

char
pl_slice_turn_letter (PlSliceTurn turn, const char *orientation, int x, int y)
{
  double dx = x;
  double dy = y;

  if (orientation[0] == '\0')
    return '\0';
  pl_slice_turn_to_image (turn, &dx, &dy);
  if (lround (dx) != 0)
    return dx > 0 ? orientation[2] : opposite (orientation[2]);
  return dy > 0 ? orientation[1] : opposite (orientation[1]);
}

PlSliceTurn
pl_slice_turn_upright (const char *orientation, gboolean is_neurological)
{
  gboolean is_axial = strchr ("SI", orientation[0]) != NULL;
  gboolean is_sagittal = strchr ("RL", orientation[0]) != NULL;
  char left = is_sagittal ? 'A' : is_neurological ? 'L' : 'R';
  char top = is_axial ? 'A' : 'S';

  for (int i = 0; i < 8 && orientation[0] != '\0'; i++)
    {
      PlSliceTurn turn = { i >> 1, i & 1 };

      if (pl_slice_turn_letter (turn, orientation, -1, 0) == left &&
          pl_slice_turn_letter (turn, orientation, 0, -1) == top)
        return turn;
    }
  return (PlSliceTurn){ 0, FALSE };
}
