/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/touch.h"

#include <sys/mman.h>

#include "base/aligned.h"

enum
{
  N_BYTES = 64 << 20,
};

static gsize
count_resident (guint8 *block)
{
  static guint8 is_resident[N_BYTES / 4096];
  gsize n = 0;

  g_assert_no_errno (mincore (block, N_BYTES, is_resident));
  for (gsize i = 0; i < sizeof is_resident; i++)
    n += is_resident[i] & 1;
  return n;
}

static void
test_is_touched (void)
{
  guint8 *block = pl_aligned_new0 (N_BYTES);
  PlTouch *touch;
  gint64 end_us = g_get_monotonic_time () + 60 * G_TIME_SPAN_SECOND;

  if (madvise (block, 4096, MADV_POPULATE_WRITE) != 0)
    {
      g_test_skip ("this kernel cannot populate memory");
      pl_aligned_free (block);
      return;
    }
  g_assert_cmpuint (count_resident (block), <, N_BYTES / 4096);
  touch = pl_touch_start (block, N_BYTES);
  g_assert_nonnull (touch);
  while (count_resident (block) < N_BYTES / 4096 && g_get_monotonic_time () < end_us)
    g_usleep (1000);
  g_assert_cmpuint (count_resident (block), ==, N_BYTES / 4096);
  pl_touch_free (touch);
  pl_aligned_free (block);
}

/* What is written before, or at the same time, stays. */
static void
test_leaves_contents (void)
{
  guint8 *block = pl_aligned_new0 (N_BYTES);
  PlTouch *touch;
  gsize i;

  for (i = 0; i < N_BYTES / 2; i += 1000)
    block[i] = (guint8) (i % 251);
  touch = pl_touch_start (block, N_BYTES);
  for (; i < N_BYTES; i += 1000)
    block[i] = (guint8) (i % 251);
  pl_touch_free (touch);
  for (i = 0; i < N_BYTES; i++)
    if (block[i] != (i % 1000 == 0 ? i % 251 : 0))
      g_error ("byte %zu is %d", i, block[i]);
  pl_aligned_free (block);
}

static void
test_small_and_none (void)
{
  guint8 *block = pl_aligned_new0 (1000);

  g_assert_null (pl_touch_start (block, 1000));
  pl_touch_free (NULL);
  pl_aligned_free (block);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/touch/is-touched", test_is_touched);
  g_test_add_func ("/base/touch/leaves-contents", test_leaves_contents);
  g_test_add_func ("/base/touch/small-and-none", test_small_and_none);
  return g_test_run ();
}
