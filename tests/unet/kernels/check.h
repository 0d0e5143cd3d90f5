/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "unet/kernels/kernels.h"

#include "support/guarded.h"

#include <string.h>

/* What the checks of all kernels share: inputs, the bound of rounding, a test for each table. */

/* In the gaps between pixels, which a kernel must neither use nor change; exact in bfloat16. */
#define GAP 12352.0f

#define UNIT 0x1p-24      /* largest relative error of one rounding to float */
#define DENORMAL 0x1p-126 /* what is below may be taken as zero where bfloat16 is multiplied */

/* Largest relative error of n roundings (Higham's γ). */
static inline double
rounding (double n)
{
  return n * UNIT / (1 - n * UNIT);
}

/* The bound of a value that is stored as a pixel: in bfloat16, of 8 bits, half a last place more.
 */
static inline double
stored (PlPrecision precision, double want, double bound)
{
  int exponent;

  if (precision == PL_F32)
    return bound;
  frexp (fabs (want) + bound, &exponent);
  return bound + ldexp (1, exponent - 9) + DENORMAL;
}

static inline gboolean
is_near (double got, double want, double bound)
{
  return fabs (got - want) <= bound; /* false for NaN */
}

/* Rows of pixels, or with one pixel just so many values. The memory ends with the last one. */
typedef struct
{
  PlPrecision precision;
  gsize rows;
  gsize stride;
  gsize n;
  gsize step;
  gsize c;
  Guarded memory;
} Pixels;

static inline float
pixels_get_value (const Pixels *self, gsize index)
{
  return self->precision == PL_F32 ? self->memory.f[index]
                                   : pl_bf16_to_float (((const guint16 *) self->memory.b)[index]);
}

/* Rounds it to the precision. */
static inline void
pixels_set_value (Pixels *self, gsize index, float value)
{
  if (self->precision == PL_F32)
    self->memory.f[index] = value;
  else
    ((guint16 *) self->memory.b)[index] = pl_bf16_from_float (value);
}

static inline gsize
pixels_index (const Pixels *self, gsize row, gsize p, gsize i)
{
  return row * self->stride + p * self->step + i;
}

static inline float
pixels_get (const Pixels *self, gsize row, gsize p, gsize i)
{
  return pixels_get_value (self, pixels_index (self, row, p, i));
}

/* Where a pixel starts. */
static inline void *
pixels_at (const Pixels *self, gsize row, gsize p)
{
  return self->memory.b +
         pixels_index (self, row, p, 0) * (self->precision == PL_F32 ? 4 : sizeof (guint16));
}

static inline gboolean
pixels_are_channel (const Pixels *self, gsize index)
{
  const gsize in_row = index % self->stride;

  return in_row / self->step < self->n && in_row % self->step < self->c;
}

/* Random pixels with GAP between them. The other fields are set. */
static inline void
pixels_fill (Pixels *self, GRand *rand)
{
  const gboolean empty = self->rows == 0 || self->n == 0;

  guarded_init (&self->memory,
                empty ? 0 : pixels_index (self, self->rows - 1, self->n - 1, self->c),
                self->precision == PL_F32 ? sizeof (float) : sizeof (guint16));
  for (gsize k = 0; k < self->memory.n; k++)
    pixels_set_value (self, k,
                      pixels_are_channel (self, k) ? g_rand_double_range (rand, -1, 1) : GAP);
}

static inline void
pixels_init_row (Pixels *self, PlPrecision precision, GRand *rand, gsize n, gsize step, gsize c)
{
  *self = (Pixels){ precision, 1, MAX (n, 1) * step, n, step, c, { 0 } };
  pixels_fill (self, rand);
}

static inline void
pixels_init_values (Pixels *self, PlPrecision precision, GRand *rand, gsize n)
{
  pixels_init_row (self, precision, rand, 1, n, n);
}

static inline void
pixels_copy (Pixels *to, const Pixels *from)
{
  g_assert_cmpuint (to->memory.n, ==, from->memory.n);
  for (gsize k = 0; k < to->memory.n; k++)
    pixels_set_value (to, k, pixels_get_value (from, k));
}

static inline void
pixels_clear (Pixels *self)
{
  guarded_clear (&self->memory);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pixels, pixels_clear)

static inline gboolean
gaps_are_whole (const Pixels *self)
{
  for (gsize k = 0; k < self->memory.n; k++)
    if (!pixels_are_channel (self, k) && pixels_get_value (self, k) != GAP)
      return FALSE;
  return TRUE;
}

/* Random floats that are no pixels. */
static inline void
guarded_init_random (Guarded *self, GRand *rand, gsize n)
{
  guarded_init_floats (self, n);
  for (gsize i = 0; i < n; i++)
    self->f[i] = (float) g_rand_double_range (rand, -1, 1);
}

/* The seed comes from the one that the test program prints and takes as --seed. */
static inline GRand *
new_rand (void)
{
  return g_rand_new_with_seed (g_test_rand_int ());
}

/* Adds PATH/LEVEL/PRECISION for every table there may be; @data says which. Tests of tables.c have
 * those of this machine, and of emulated-amx.c AMX's alone. */
void add_for_each_table (const char *path, GTestDataFunc test);

/* FALSE, with the test skipped, where this machine lacks the table. */
gboolean take_table (gconstpointer data, PlKernels *k);

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
sweep (gconstpointer table, RowCheck matches)
{
  g_autoptr (GRand) rand = new_rand ();
  PlKernels k;
  gsize variant = 0;

  if (!take_table (table, &k))
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
