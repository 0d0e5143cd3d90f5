/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/aligned.h"

#include <glib.h>
#include <stdint.h>
#include <string.h>

static void
test_zeroed_and_aligned (void)
{
  const size_t sizes[] = {
    1, 63, 64, 65, 4095, 4096, 1 << 20, (4 << 20) - 1, 4 << 20, (4 << 20) + 1, 9000001
  };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      guint8 *block = pl_aligned_new0 (sizes[i]);

      g_assert_nonnull (block);
      g_assert_cmpuint ((uintptr_t) block % 64, ==, 0);
      for (size_t k = 0; k < sizes[i]; k++)
        if (block[k] != 0)
          g_error ("byte %zu of %zu is %d", k, sizes[i], block[k]);
      memset (block, 0xff, sizes[i]);
      pl_aligned_free (block);
    }
}

/* Each block keeps its own bytes, and a freed one leaves the others alone. */
static void
test_many_blocks (void)
{
  guint8 *blocks[64];

  for (int i = 0; i < 64; i++)
    {
      blocks[i] = pl_aligned_new0 (1000 + 977 * (size_t) i);
      memset (blocks[i], i, 1000 + 977 * (size_t) i);
    }
  for (int i = 0; i < 64; i += 2)
    pl_aligned_free (blocks[i]);
  for (int i = 1; i < 64; i += 2)
    {
      for (size_t k = 0; k < 1000 + 977 * (size_t) i; k++)
        g_assert_cmpint (blocks[i][k], ==, i);
      pl_aligned_free (blocks[i]);
    }
}

static void
test_too_much (void)
{
  const size_t sizes[] = { SIZE_MAX, SIZE_MAX - 64, SIZE_MAX - (2 << 20), SIZE_MAX / 2 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    g_assert_null (pl_aligned_new0 (sizes[i]));
}

static void
test_free_null (void)
{
  pl_aligned_free (NULL);
}

/* /proc/meminfo counts the same memory. */
static void
test_memory_available (void)
{
  size_t available = pl_memory_available ();

  /* Less than all, for this program has some; more than this test may take. */
  g_assert_cmpuint (available, <, pl_memory_total ());
  g_assert_cmpuint (available, >, 16 << 20);
}

static void
test_memory_total (void)
{
  g_autofree char *text = NULL;
  const char *line;

  g_assert_cmpuint (pl_memory_total (), >, 64 << 20);
  if (!g_file_get_contents ("/proc/meminfo", &text, NULL, NULL) ||
      (line = strstr (text, "MemTotal:")) == NULL)
    {
      g_test_skip ("no /proc/meminfo");
      return;
    }
  g_assert_cmpuint (pl_memory_total () / 1024, ==,
                    g_ascii_strtoull (line + strlen ("MemTotal:"), NULL, 10));
}

/* What is touched comes on top, and no more. */
static void
test_memory_resident (void)
{
  const size_t n_bytes = 64 << 20;
  size_t before = pl_memory_resident ();
  char *block = pl_aligned_new0 (n_bytes);
  size_t after;

  memset (block, 1, n_bytes);
  after = pl_memory_resident ();
  g_assert_cmpuint (before, >, 0);
  g_assert_cmpuint (after - before, >=, n_bytes);
  g_assert_cmpuint (after - before, <, 2 * n_bytes);
  pl_aligned_free (block);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/aligned/zeroed-and-aligned", test_zeroed_and_aligned);
  g_test_add_func ("/base/aligned/many-blocks", test_many_blocks);
  g_test_add_func ("/base/aligned/too-much", test_too_much);
  g_test_add_func ("/base/aligned/free-null", test_free_null);
  g_test_add_func ("/base/aligned/memory-available", test_memory_available);
  g_test_add_func ("/base/aligned/memory-total", test_memory_total);
  g_test_add_func ("/base/aligned/memory-resident", test_memory_resident);
  return g_test_run ();
}
