/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unet/kernels/check.h"

static void
test_names (void)
{
  g_assert_cmpstr (pl_isa_name (PL_ISA_GENERIC), ==, "generic");
  g_assert_cmpstr (pl_isa_name (PL_ISA_AVX2), ==, "avx2");
  g_assert_cmpstr (pl_isa_name (PL_ISA_AVX512), ==, "avx512");
}

static void
test_unknown_name (void)
{
  g_assert_true (pl_kernels_init ("generic"));
  g_assert_false (pl_kernels_init ("avx"));
  g_assert_false (pl_kernels_init ("AVX2"));
  g_assert_false (pl_kernels_init ("generic "));
  g_assert_cmpint (pl_kernels ()->isa, ==, PL_ISA_GENERIC);
}

static void
test_best_level (void)
{
  PlKernels k;
  PlIsa best = PL_ISA_GENERIC;

  for (int isa = 0; isa < PL_N_ISAS; isa++)
    if (pl_kernels_for_isa (isa, &k))
      best = isa;
  g_assert_true (pl_kernels_init (NULL));
  g_assert_cmpint (pl_kernels ()->isa, ==, best);
  g_assert_true (pl_kernels_init ("generic"));
  g_assert_true (pl_kernels_init (""));
  g_assert_cmpint (pl_kernels ()->isa, ==, best);
}

/* By name each level is what it says, or is refused and leaves the choice as it was. */
static void
test_each_name (void)
{
  for (int isa = 0; isa < PL_N_ISAS; isa++)
    {
      PlKernels k = { .co_block = 1 };

      g_assert_true (pl_kernels_init ("generic"));
      if (pl_kernels_for_isa (isa, &k))
        {
          g_assert_true (pl_kernels_init (pl_isa_name (isa)));
          g_assert_cmpint (pl_kernels ()->isa, ==, isa);
          g_assert_cmpmem (pl_kernels (), sizeof k, &k, sizeof k);
        }
      else
        {
          g_assert_false (pl_kernels_init (pl_isa_name (isa)));
          g_assert_cmpint (pl_kernels ()->isa, ==, PL_ISA_GENERIC);
          g_assert_cmpint (k.co_block, ==, 1);
        }
    }
}

static void
test_table_is_full (gconstpointer data)
{
  PlKernels k;

  if (!take_level (data, &k))
    return;
  g_assert_cmpint (k.isa, ==, GPOINTER_TO_INT (data));
  g_assert_true (k.co_block % PL_CHANNEL_BLOCK == 0 || PL_CHANNEL_BLOCK % k.co_block == 0);
  g_assert_true (k.row_product && k.row_weight_gradient && k.row_sums && k.row_norm_act &&
                 k.row_norm_act_sums && k.row_norm_act_backward && k.row_max_pool &&
                 k.row_max_pool_backward && k.adam);
}

/* Each weight has a place of its own, and the weights of a block lie together in order. */
static void
test_packed_index (void)
{
  const gsize taps = 9, ci = 5;

  for (gsize co_block = 8; co_block <= 64; co_block *= 2)
    for (gsize co = 16; co <= 96; co += 16)
      {
        gsize next = 0;

        for (gsize first = 0; first < co; first += co_block)
          for (gsize t = 0; t < taps; t++)
            for (gsize i = 0; i < ci; i++)
              for (gsize o = first; o < MIN (co, first + co_block); o++)
                g_assert_cmpuint (pl_packed_index (co_block, taps, ci, co, t, i, o), ==, next++);
        g_assert_cmpuint (next, ==, taps * ci * co);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kernels/names", test_names);
  g_test_add_func ("/kernels/unknown-name", test_unknown_name);
  g_test_add_func ("/kernels/best-level", test_best_level);
  g_test_add_func ("/kernels/each-name", test_each_name);
  g_test_add_func ("/kernels/packed-index", test_packed_index);
  add_for_each_level ("/kernels/table-is-full", test_table_is_full);
  return g_test_run ();
}
