/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unet/kernels/check.h"

static void
test_names (void)
{
  g_assert_cmpstr (pl_isa_name (PL_ISA_GENERIC), ==, "generic");
  g_assert_cmpstr (pl_isa_name (PL_ISA_AVX2), ==, "avx2");
  g_assert_cmpstr (pl_isa_name (PL_ISA_AVX512), ==, "avx512");
  g_assert_cmpstr (pl_isa_name (PL_ISA_AMX), ==, "amx");
  g_assert_cmpstr (pl_precision_name (PL_F32), ==, "f32");
  g_assert_cmpstr (pl_precision_name (PL_BF16), ==, "bf16");
}

static void
test_unknown_name (void)
{
  g_assert_true (pl_kernels_init ("generic"));
  g_assert_false (pl_kernels_init ("avx"));
  g_assert_false (pl_kernels_init ("AVX2"));
  g_assert_false (pl_kernels_init ("generic "));
  g_assert_false (pl_kernels_init ("bf16"));
  g_assert_cmpint (pl_kernels (PL_F32)->isa, ==, PL_ISA_GENERIC);
}

static void
test_best_level (void)
{
  PlKernels k;
  PlIsa best = PL_ISA_GENERIC;

  for (int isa = 0; isa < PL_N_ISAS; isa++)
    if (pl_kernels_for_isa (isa, PL_F32, &k))
      best = isa;
  g_assert_true (pl_kernels_init (NULL));
  g_assert_cmpint (pl_kernels (PL_F32)->isa, ==, best);
  g_assert_true (pl_kernels_init ("generic"));
  g_assert_true (pl_kernels_init (""));
  g_assert_cmpint (pl_kernels (PL_F32)->isa, ==, best);
}

/* The process's table is what the level has, or there is none. */
static void
assert_chosen (PlIsa isa, PlPrecision precision)
{
  PlKernels k;

  if (pl_kernels_for_isa (isa, precision, &k))
    g_assert_cmpmem (pl_kernels (precision), sizeof k, &k, sizeof k);
  else
    g_assert_null (pl_kernels (precision));
}

/* By name each level is what it says, or is refused and leaves the choice as it was. */
static void
test_each_name (void)
{
  for (int isa = 0; isa < PL_N_ISAS; isa++)
    {
      PlKernels k = { .co_block = 1 };

      g_assert_true (pl_kernels_init ("generic"));
      if (pl_kernels_for_isa (isa, PL_F32, &k))
        {
          g_assert_true (pl_kernels_init (pl_isa_name (isa)));
          g_assert_cmpint (pl_kernels (PL_F32)->isa, ==, isa);
          assert_chosen (isa, PL_F32);
          assert_chosen (isa, PL_BF16);
        }
      else
        {
          g_assert_false (pl_kernels_init (pl_isa_name (isa)));
          g_assert_cmpint (pl_kernels (PL_F32)->isa, ==, PL_ISA_GENERIC);
          g_assert_cmpint (k.co_block, ==, 1);
        }
    }
}

/* A lower level must not keep what a higher one had. */
static void
test_without_bf16 (void)
{
  PlKernels k;

  g_assert_true (pl_kernels_init (NULL));
  g_assert_true (pl_kernels_init ("generic"));
  g_assert_null (pl_kernels (PL_BF16));
  g_assert_false (pl_kernels_prefer_bf16 ());
  g_assert_false (pl_kernels_for_isa (PL_ISA_GENERIC, PL_BF16, &k));
  g_assert_false (pl_kernels_for_isa (PL_ISA_AVX2, PL_BF16, &k));
}

static gboolean
is_amd (void)
{
#ifdef __x86_64__
  return __builtin_cpu_is ("amd") != 0;
#else
  return FALSE;
#endif
}

static void
test_prefer_bf16 (void)
{
  PlKernels k;

  g_assert_true (pl_kernels_init (NULL));
  if (pl_kernels (PL_F32)->isa == PL_ISA_AMX)
    g_assert_true (pl_kernels_prefer_bf16 ());
  else if (pl_kernels_for_isa (PL_ISA_AVX512, PL_BF16, &k))
    g_assert_cmpint (pl_kernels_prefer_bf16 (), ==, is_amd ());
  else
    g_assert_false (pl_kernels_prefer_bf16 ());
}

static void
test_table_is_full (gconstpointer table)
{
  PlKernels k;

  if (!take_table (table, &k))
    return;
  g_assert_cmpuint (k.element_bytes, ==, k.precision == PL_F32 ? 4 : 2);
  g_assert_true (k.co_block % PL_CHANNEL_BLOCK == 0 || PL_CHANNEL_BLOCK % k.co_block == 0);
  g_assert_true (k.ci_block == 1 || k.ci_block == 2);
  g_assert_true (k.product && k.weight_product && k.weight_product_scratch && k.row_to_float &&
                 k.row_from_float && k.row_sums && k.row_norm_act && k.row_norm_act_sums &&
                 k.row_norm_act_backward && k.row_max_pool && k.row_max_pool_backward && k.adam &&
                 k.peak);
  g_assert_cmpfloat (k.peak (1), >, 0);
}

/* Each weight has a place of its own, and the weights of a block lie together in order. */
static void
check_packed_index (const PlKernels *k, gsize co)
{
  const gsize taps = 9, ci = 6;
  gsize next = 0;

  for (gsize first = 0; first < co; first += k->co_block)
    for (gsize t = 0; t < taps; t++)
      for (gsize pair = 0; pair < ci; pair += k->ci_block)
        for (gsize o = first; o < MIN (co, first + k->co_block); o++)
          for (gsize i = pair; i < pair + k->ci_block; i++)
            g_assert_cmpuint (pl_packed_index (k, taps, ci, co, t, i, o), ==, next++);
  g_assert_cmpuint (next, ==, taps * ci * co);
}

static void
test_packed_index (void)
{
  for (gsize co_block = 8; co_block <= 64; co_block *= 2)
    for (gsize ci_block = 1; ci_block <= 2; ci_block++)
      for (gsize co = 16; co <= 96; co += 16)
        {
          const PlKernels k = { .co_block = co_block, .ci_block = ci_block };

          check_packed_index (&k, co);
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
  g_test_add_func ("/kernels/without-bf16", test_without_bf16);
  g_test_add_func ("/kernels/prefer-bf16", test_prefer_bf16);
  g_test_add_func ("/kernels/packed-index", test_packed_index);
  add_for_each_table ("/kernels/table-is-full", test_table_is_full);
  return g_test_run ();
}
