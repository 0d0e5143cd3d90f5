/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What amx-emulation.h computes and what it refuses. */
#include "unet/kernels/amx-emulation.h"

#include <glib.h>

#include "unet/kernels/kernels.h"

/* Sums of one row and one column in tile 0, of one pair from tiles 1 and 2. */
static EmulatedConfig
smallest_config (void)
{
  EmulatedConfig config = { .palette = 1 };

  for (int tile = 0; tile < 3; tile++)
    {
      config.rows[tile] = 1;
      config.row_bytes[tile] = 4;
    }
  return config;
}

static float
emulate_one (float sum, float a0, float b0, float a1, float b1)
{
  const EmulatedConfig config = smallest_config ();
  const guint16 a[2] = { pl_bf16_from_float (a0), pl_bf16_from_float (a1) };
  const guint16 b[2] = { pl_bf16_from_float (b0), pl_bf16_from_float (b1) };

  emulate_loadconfig (&config);
  emulate_loadd (0, &sum, 4);
  emulate_loadd (1, a, 4);
  emulate_loadd (2, b, 4);
  emulate_dpbf16ps (0, 1, 2);
  emulate_stored (0, &sum, 4);
  emulate_release ();
  return sum;
}

/* The pair is summed before it is added, to nearest even, and denormal numbers are zeros. */
static void
test_arithmetic (void)
{
  g_assert_cmpfloat (emulate_one (0.5f, 2, 3, 4, 5), ==, 26.5f);
  g_assert_cmpfloat (emulate_one (1, 4096, 4096, -4096, 4096), ==, 1);
  g_assert_cmpfloat (emulate_one (1, 4096, 4096, 0, 0), ==, 0x1p24f);
  g_assert_cmpfloat (emulate_one (3, 4096, 4096, 0, 0), ==, 0x1p24f + 4);
  g_assert_cmpfloat (emulate_one (0, 0x1p-130f, 0x1p100f, 0, 0), ==, 0);
  g_assert_cmpfloat (emulate_one (0, 0x1p-70f, 0x1p-60f, 0, 0), ==, 0);
}

static void
multiply_unconfigured (void)
{
  emulate_dpbf16ps (0, 1, 2);
}

static void
multiply_after_release (void)
{
  emulate_one (0, 1, 1, 1, 1);
  emulate_dpbf16ps (0, 1, 2);
}

static void
multiply_by_itself (void)
{
  const EmulatedConfig config = smallest_config ();

  emulate_loadconfig (&config);
  emulate_dpbf16ps (0, 1, 1);
}

static void
multiply_other_depth (void)
{
  EmulatedConfig config = smallest_config ();

  config.rows[2] = 2;
  emulate_loadconfig (&config);
  emulate_dpbf16ps (0, 1, 2);
}

static void
multiply_other_columns (void)
{
  EmulatedConfig config = smallest_config ();

  config.row_bytes[2] = 8;
  emulate_loadconfig (&config);
  emulate_dpbf16ps (0, 1, 2);
}

static void
configure_twice (void)
{
  const EmulatedConfig config = smallest_config ();

  emulate_loadconfig (&config);
  emulate_loadconfig (&config);
}

static void
configure_too_many_rows (void)
{
  EmulatedConfig config = smallest_config ();

  config.rows[0] = 17;
  emulate_loadconfig (&config);
}

typedef struct
{
  const char *path;
  void (*run) (void);
} Misuse;

static const Misuse misuses[] = {
  { "/kernels/amx-emulation/unconfigured", multiply_unconfigured },
  { "/kernels/amx-emulation/released", multiply_after_release },
  { "/kernels/amx-emulation/one-operand", multiply_by_itself },
  { "/kernels/amx-emulation/depth", multiply_other_depth },
  { "/kernels/amx-emulation/columns", multiply_other_columns },
  { "/kernels/amx-emulation/not-released", configure_twice },
  { "/kernels/amx-emulation/rows", configure_too_many_rows },
};

static void
test_refuses (gconstpointer data)
{
  const Misuse *misuse = data;

  if (g_test_subprocess ())
    {
      misuse->run ();
      return;
    }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr ("*AMX emulation: *");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kernels/amx-emulation/arithmetic", test_arithmetic);
  for (gsize i = 0; i < G_N_ELEMENTS (misuses); i++)
    g_test_add_data_func (misuses[i].path, &misuses[i], test_refuses);
  return g_test_run ();
}
