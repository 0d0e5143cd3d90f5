/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <math.h>

#include "image/mask-stats.h"

/* Two slices of 3 × 4 with stored values 0, 1, 2 … and HU = 2 × stored − 1000. */
static PlVolume *
make_volume (void)
{
  PlImageHeader header = { .format = PL_FORMAT_TIFF,
                           .shape = { 2, 3, 4 },
                           .stored = PL_DTYPE_INT16,
                           .n_samples = 1,
                           .pages = 2,
                           .has_spacing = TRUE,
                           .spacing_mm = { 5.0, 0.5, 0.8 },
                           .slope = 2.0,
                           .intercept = -1000.0 };
  PlVolume *volume;

  pl_header_choose_axes (&header, -1);
  volume = pl_volume_new (&header, PL_DTYPE_INT16, NULL, NULL);
  for (int i = 0; i < 24; i++)
    ((gint16 *) volume->voxels)[i] = (gint16) i;
  pl_volume_set_ready_slices (volume, 2);
  return volume;
}

static PlMask *
make_mask (const PlVolume *volume, const char *labels)
{
  guint8 *bytes = g_malloc (24);

  for (int i = 0; i < 24; i++)
    bytes[i] = (guint8) (labels[i] - '0');
  return pl_mask_new_take (volume->n, bytes);
}

/* Voxels 1, 3, 4, 10 and 12, 20 are inside: −998, −994, −992, −980 and −976, −960 HU. */
static void
test_known (void)
{
  g_autoptr (PlVolume) volume = make_volume ();
  g_autoptr (PlMask) mask = make_mask (volume, "010220000010"
                                               "100000001000");
  PlMaskStats stats;

  pl_mask_stats (volume, mask, 0, 0, 1, &stats);
  g_assert_cmpint (stats.area_px, ==, 4);
  g_assert_cmpfloat_with_epsilon (stats.area_mm2, 4 * 0.4, 1e-12);
  g_assert_cmpfloat_with_epsilon (stats.volume_fraction, 4.0 / 12.0, 1e-12);
  g_assert_cmpfloat_with_epsilon (stats.mean_hu, -991.0, 1e-9);
  g_assert_cmpfloat_with_epsilon (stats.pd05_hu, -998.0 + 0.15 * 4.0, 1e-9);
  g_assert_cmpfloat_with_epsilon (stats.pd95_hu, -992.0 + 0.85 * 12.0, 1e-9);
  g_assert_cmpfloat_with_epsilon (stats.volume_ml, 4 * 2.0 / 1000.0, 1e-12);
  g_assert_cmpfloat_with_epsilon (stats.pd15_hu, -998.0 + 0.45 * 4.0, 1e-9);
  g_assert_cmpfloat_with_epsilon (stats.laa950, 1.0, 1e-12);

  pl_mask_stats (volume, mask, 0, 0, 2, &stats);
  g_assert_cmpint (stats.area_px, ==, 6);
  g_assert_cmpfloat_with_epsilon (stats.volume_fraction, 0.25, 1e-12);
  g_assert_cmpfloat_with_epsilon (stats.mean_hu, -5900.0 / 6.0, 1e-9);
  g_assert_cmpfloat_with_epsilon (stats.pd95_hu, -976.0 + 0.75 * 16.0, 1e-9);

  pl_mask_stats (volume, mask, 0, 1, 2, &stats);
  g_assert_cmpint (stats.area_px, ==, 2);
  g_assert_cmpfloat_with_epsilon (stats.mean_hu, -968.0, 1e-9);
}

/* Below −950, not at it. */
static void
test_low_attenuation (void)
{
  g_autoptr (PlVolume) volume = make_volume ();
  g_autoptr (PlMask) mask = make_mask (volume, "111111111111"
                                               "111111111111");
  PlMaskStats stats;

  for (int i = 0; i < 24; i++)
    ((gint16 *) volume->voxels)[i] = (gint16) (i < 6 ? 24 : i < 10 ? 25 : 400);
  pl_mask_stats (volume, mask, 0, 0, 2, &stats);
  g_assert_cmpfloat_with_epsilon (stats.laa950, 6.0 / 24.0, 1e-12);
}

static void
test_empty (void)
{
  g_autoptr (PlVolume) volume = make_volume ();
  g_autoptr (PlMask) mask = make_mask (volume, "000000000000000000000000");
  PlMaskStats stats;

  pl_mask_stats (volume, mask, 0, 0, 2, &stats);
  g_assert_cmpint (stats.area_px, ==, 0);
  g_assert_cmpfloat (stats.volume_fraction, ==, 0.0);
  g_assert_cmpfloat (stats.volume_ml, ==, 0.0);
  g_assert_true (isnan (stats.mean_hu) && isnan (stats.pd95_hu) && isnan (stats.pd05_hu));
  g_assert_true (isnan (stats.laa950) && isnan (stats.pd15_hu));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/image/mask-stats/known", test_known);
  g_test_add_func ("/image/mask-stats/low-attenuation", test_low_attenuation);
  g_test_add_func ("/image/mask-stats/empty", test_empty);
  return g_test_run ();
}
