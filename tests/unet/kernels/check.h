/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "unet/kernels/kernels.h"

#include "support/guarded.h"

/* What the checks of all kernels share: inputs, the bound of rounding, a test for each level. */

/* In the gaps between pixels, which a kernel must neither use nor change. */
#define GAP 12345.0f

#define UNIT 0x1p-24 /* largest relative error of one rounding to float */

/* Largest relative error of n roundings (Higham's γ). */
static inline double
rounding (double n)
{
  return n * UNIT / (1 - n * UNIT);
}

static inline gsize
pad_channels (gsize c)
{
  return (c + PL_CHANNEL_BLOCK - 1) / PL_CHANNEL_BLOCK * PL_CHANNEL_BLOCK;
}

/* Floats from @n pixels with @c channels each @step apart. */
static inline gsize
row_length (gsize n, gsize step, gsize c)
{
  return n == 0 ? 0 : (n - 1) * step + c;
}

static inline void
fill_random (GRand *rand, float *at, gsize n)
{
  for (gsize i = 0; i < n; i++)
    at[i] = (float) g_rand_double_range (rand, -1, 1);
}

/* A row of random pixels with GAP between them. */
static inline void
guarded_init_row (Guarded *self, GRand *rand, gsize n, gsize step, gsize c)
{
  guarded_init_floats (self, row_length (n, step, c));
  for (gsize i = 0; i < self->n; i++)
    self->f[i] = GAP;
  for (gsize p = 0; p < n; p++)
    fill_random (rand, self->f + p * step, c);
}

/* Random values without pixels. */
static inline void
guarded_init_random (Guarded *self, GRand *rand, gsize n)
{
  guarded_init_row (self, rand, 1, n, n);
}

static inline gboolean
gaps_are_whole (const Guarded *row, gsize step, gsize c)
{
  for (gsize i = 0; i < row->n; i++)
    if (i % step >= c && row->f[i] != GAP)
      return FALSE;
  return TRUE;
}

static inline gboolean
is_near (double got, double want, double bound)
{
  return fabs (got - want) <= bound; /* false for NaN */
}

/* The seed comes from the one that the test program prints and takes as --seed. */
static inline GRand *
new_rand (void)
{
  return g_rand_new_with_seed (g_test_rand_int ());
}

/* Adds PATH/LEVEL for every level; @data is the level. */
static inline void
add_for_each_level (const char *path, GTestDataFunc test)
{
  for (int isa = 0; isa < PL_N_ISAS; isa++)
    {
      g_autofree char *full = g_strdup_printf ("%s/%s", path, pl_isa_name (isa));

      g_test_add_data_func (full, GINT_TO_POINTER (isa), test);
    }
}

/* FALSE, with the test skipped, where this machine lacks the level. */
static inline gboolean
take_level (gconstpointer data, PlKernels *k)
{
  if (pl_kernels_for_isa (GPOINTER_TO_INT (data), k))
    return TRUE;
  g_test_skip ("this processor or this build does not have it");
  return FALSE;
}

/* A row of a kernel that does one thing a value. */
typedef struct
{
  gsize n;
  gsize c;
  gsize x_step;
  gsize y_step;
} RowCase;

typedef gboolean (*RowCheck) (const PlKernels *k, const RowCase *c, GRand *rand);

/* Every n past twice the widest vector, and every number of channels with and without gaps. */
static inline void
sweep (gconstpointer level, RowCheck matches)
{
  g_autoptr (GRand) rand = new_rand ();
  PlKernels k;
  gsize variant = 0;

  if (!take_level (level, &k))
    return;
  for (gsize n = 0; n <= 40; n++)
    for (gsize channels = 16; channels <= 96; channels += 16, variant++)
      {
        const RowCase c = { n, channels, channels + 16 * (variant % 3),
                            channels + 16 * (variant / 3 % 2) };

        if (!matches (&k, &c, rand))
          {
            g_test_message ("n %zu, c %zu, x_step %zu, y_step %zu", c.n, c.c, c.x_step, c.y_step);
            g_test_fail ();
          }
      }
}
