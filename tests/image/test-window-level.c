/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <math.h>

#include "image/window-level.h"

static void
test_presets (void)
{
  static const char *const ids[] = { "lung", "mediastinum", "soft-tissue", "bone", "auto" };
  gsize n;
  const PlWindowPreset *presets = pl_window_presets (&n);

  g_assert_cmpuint (n, ==, 5);
  for (gsize i = 0; i < n; i++)
    {
      g_assert_cmpstr (presets[i].id, ==, ids[i]);
      g_assert_true (pl_window_preset_find (ids[i]) == &presets[i]);
      g_assert_cmpfloat (presets[i].window.width_hu, >, 0.0);
    }
  g_assert_cmpfloat (presets[0].window.centre_hu, ==, -600.0);
  g_assert_cmpfloat (presets[0].window.width_hu, ==, 1500.0);
  g_assert_null (pl_window_preset_find ("lungs"));
}

/* The lung window shows −1350 to 150 HU. */
static void
test_apply (void)
{
  const PlWindow lung = { -600.0, 1500.0 };
  const float hu[] = { -1350.0f, 150.0f,    -600.0f,
                       -2000.0f, 3000.0f,   NAN,
                       INFINITY, -INFINITY, -1350.0f + 1500.0f / 255.0f * 100.0f };
  const guint8 expected[] = { 0, 255, 128, 0, 255, 0, 255, 0, 100 };
  guint8 gray[G_N_ELEMENTS (hu)];

  pl_window_apply (&lung, hu, G_N_ELEMENTS (hu), gray);
  g_assert_cmpmem (gray, sizeof gray, expected, sizeof expected);
}

/* Each level of a ramp, by the definition in double. */
static void
test_apply_ramp (void)
{
  const PlWindow window = { 40.0, 400.0 };
  float hu[1001];
  guint8 gray[1001];

  for (int i = 0; i < 1001; i++)
    hu[i] = (float) (i - 500);
  pl_window_apply (&window, hu, 1001, gray);
  for (int i = 0; i < 1001; i++)
    {
      double level = CLAMP (((double) hu[i] + 160.0) / 400.0, 0.0, 1.0) * 255.0;

      g_assert_cmpfloat (fabs (gray[i] - level), <=, 0.501);
    }
}

/* 1001 even values have their 0.5th and 99.5th percentile at ranks 5 and 995; padding and what is
 * not finite do not count. */
static void
test_auto (void)
{
  float hu[1001 + 500];
  PlWindow window;

  for (int i = 0; i < 1001; i++)
    hu[i] = (float) (2 * i - 1000);
  for (int i = 1001; i < 1501; i++)
    hu[i] = i % 3 == 0 ? NAN : i % 3 == 1 ? -2000.0f : INFINITY;
  window = pl_window_auto (hu, G_N_ELEMENTS (hu));
  g_assert_cmpfloat_with_epsilon (window.centre_hu - window.width_hu / 2.0, -990.0, 1e-3);
  g_assert_cmpfloat_with_epsilon (window.centre_hu + window.width_hu / 2.0, 990.0, 1e-3);
  window = pl_window_of_region (hu, G_N_ELEMENTS (hu));
  g_assert_cmpfloat_with_epsilon (window.centre_hu - window.width_hu / 2.0, -980.0, 1e-3);
  g_assert_cmpfloat_with_epsilon (window.centre_hu + window.width_hu / 2.0, 980.0, 1e-3);
}

static void
test_auto_flat (void)
{
  const float flat[] = { 7.0f, 7.0f, 7.0f };
  const float padding[] = { -2000.0f, -3000.0f };
  const float nothing[] = { NAN };

  g_assert_cmpfloat (pl_window_auto (flat, 3).centre_hu, ==, 7.0);
  g_assert_cmpfloat (pl_window_auto (flat, 3).width_hu, ==, 1.0);
  g_assert_cmpfloat_with_epsilon (pl_window_auto (padding, 2).centre_hu, -2500.0, 1e-9);
  g_assert_cmpfloat (pl_window_auto (nothing, 1).width_hu, >, 0.0);
  g_assert_cmpfloat (pl_window_auto (NULL, 0).width_hu, >, 0.0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/image/window-level/presets", test_presets);
  g_test_add_func ("/image/window-level/apply", test_apply);
  g_test_add_func ("/image/window-level/apply-ramp", test_apply_ramp);
  g_test_add_func ("/image/window-level/auto", test_auto);
  g_test_add_func ("/image/window-level/auto-flat", test_auto_flat);
  return g_test_run ();
}
