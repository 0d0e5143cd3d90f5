/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/kept-masks.h"

#include <string.h>

/* Of one row, all of one label. */
static void
put (PlKeptMasks *masks, const char *name, guint8 label)
{
  const int n[3] = { 1, 1, 3 };
  guint8 *labels = g_malloc (3);
  g_autoptr (PlMask) mask = NULL;

  memset (labels, label, 3);
  mask = pl_mask_new_take (n, labels);
  pl_kept_masks_put (masks, name, mask);
}

static void
assert_is (PlKeptMasks *masks, const char *name, guint8 label)
{
  g_autoptr (PlMask) mask = pl_kept_masks_find (masks, name);

  g_assert_nonnull (mask);
  g_assert_cmpint (mask->n[2], ==, 3);
  for (int i = 0; i < 3; i++)
    g_assert_cmpint (mask->labels[i], ==, label);
}

/* The least recently used goes. */
static void
test_bound (void)
{
  PlKeptMasks *masks = pl_kept_masks_new (2);

  g_assert_null (pl_kept_masks_find (masks, "a"));
  put (masks, "a", 1);
  put (masks, "b", 2);
  assert_is (masks, "a", 1);
  put (masks, "c", 3);
  g_assert_false (pl_kept_masks_has (masks, "b"));
  assert_is (masks, "a", 1);
  assert_is (masks, "c", 3);
  pl_kept_masks_free (masks);
}

/* What is put again takes the place of what was there. */
static void
test_again (void)
{
  PlKeptMasks *masks = pl_kept_masks_new (2);

  put (masks, "a", 1);
  put (masks, "b", 2);
  put (masks, "a", 5);
  assert_is (masks, "a", 5);
  assert_is (masks, "b", 2);
  put (masks, "c", 3);
  g_assert_false (pl_kept_masks_has (masks, "a"));
  pl_kept_masks_clear (masks);
  g_assert_false (pl_kept_masks_has (masks, "b"));
  put (masks, "b", 7);
  assert_is (masks, "b", 7);
  pl_kept_masks_free (masks);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/kept-masks/bound", test_bound);
  g_test_add_func ("/app/kept-masks/again", test_again);
  return g_test_run ();
}
