/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conv-rig.h"

#include "base/aligned.h"
#include "base/parallel.h"

void *
test_pack (TestRig *rig, const PlWeightMap *map, const double *w, gsize n)
{
  g_autofree float *flat = ref_to_float (w, n);
  void *packed = pl_aligned_new0 (pl_weight_map_size (map) * rig->kernels->element_bytes);

  pl_weight_map_pack (rig->kernels, map, flat, packed);
  return packed;
}

/* All NaN: nothing may be read that was not written. */
static void *
new_spoiled (gsize n_bytes)
{
  return memset (pl_aligned_new0 (n_bytes), 0xff, n_bytes);
}

static PlScratch
scratch_new (PlScratchNeed need)
{
  PlScratch scratch = { .n_workers = pl_parallel_threads () };

  scratch.worker_bytes = (need.worker_bytes + 63) / 64 * 64;
  scratch.shared = new_spoiled (MAX (need.shared_bytes, 1));
  scratch.workers = new_spoiled (MAX ((gsize) scratch.n_workers * scratch.worker_bytes, 1));
  return scratch;
}

static void
scratch_clear (PlScratch *scratch)
{
  pl_aligned_free (scratch->shared);
  pl_aligned_free (scratch->workers);
}

void
test_convolve (
    const PlConv *conv, int n, const PlTensor *x, const PlTensor *y, const PlEpilogue *epilogue)
{
  PlScratch scratch = scratch_new (pl_conv_forward_need (conv, n, y));

  pl_conv_forward (conv, n, x, y, epilogue, &scratch);
  scratch_clear (&scratch);
}

TestGradient
test_gradient_new (const PlWeightMap *map, int side, const PlTensor *dy)
{
  TestGradient test;

  pl_weight_gradient_init (&test.gradient, dy->kernels, map);
  test.scratch = scratch_new (pl_conv_backward_need (side, dy, &test.gradient));
  test.gradient.total =
      pl_aligned_new0 (pl_weight_gradient_floats (&test.gradient) * sizeof (float));
  return test;
}

void
test_gradient_clear (TestGradient *test)
{
  pl_aligned_free (test->gradient.total);
  scratch_clear (&test->scratch);
}

double *
test_gradient_halve (const TestGradient *test, gsize n)
{
  g_autofree float *flat = g_new0 (float, n);
  double *values = g_new (double, n);

  pl_weight_gradient_unpack (&test->gradient, flat);
  for (gsize i = 0; i < n; i++)
    values[i] = flat[i] / 2;
  return values;
}
