/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/recipe.h"

#include "base/json.h"

#include <math.h>
#include <string.h>

enum
{
  SIDE = 64,
  N = SIDE * SIDE,
};

/* A round field of view: lung, tissue, some bone and one voxel of metal; @padding outside. */
static float *
make_chest (float padding)
{
  float *values = g_new (float, N);

  for (int i = 0; i < N; i++)
    {
      double radius = hypot (i / SIDE - 31.5, i % SIDE - 31.5);

      values[i] = radius > 32 ? padding : radius > 25 ? -1000 : radius > 15 ? 40 : -800;
    }
  values[N / 2 + 20] = 5556;
  values[0] = NAN;
  return values;
}

static void
test_hu (void)
{
  const float paddings[] = { -1000, -2000, -2619, -3024 };

  for (guint i = 0; i < G_N_ELEMENTS (paddings); i++)
    {
      g_autofree float *values = make_chest (paddings[i]);

      g_assert_true (pl_recipe_looks_like_hu (values, N));
    }
}

static void
test_not_hu (void)
{
  g_autofree float *shifted = make_chest (-1000);
  g_autofree float *wide = make_chest (-1000);
  g_autofree float *constant = make_chest (-1000);
  const float padding_alone[4] = { -2000, -2000, -2000, -900 };

  for (int i = 0; i < N; i++)
    {
      shifted[i] += 1024;
      wide[i] *= 20;
      constant[i] = 7;
    }
  g_assert_false (pl_recipe_looks_like_hu (shifted, N));
  g_assert_false (pl_recipe_looks_like_hu (wide, N));
  g_assert_false (pl_recipe_looks_like_hu (constant, N));
  g_assert_false (pl_recipe_looks_like_hu (padding_alone, 4));
  g_assert_false (pl_recipe_looks_like_hu (constant, 0));
}

/* Of a volume whose slices do or do not, most decide. */
static void
test_volume (void)
{
  PlImageHeader header = { .format = PL_FORMAT_TIFF,
                           .shape = { 20, SIDE, SIDE },
                           .stored = PL_DTYPE_FLOAT32,
                           .n_samples = 1,
                           .pages = 20,
                           .spacing_mm = { 1, 1, 1 },
                           .slope = 1 };
  g_autofree float *chest = make_chest (-1000);
  g_autoptr (PlVolume) volume = NULL;
  float *voxels;

  pl_header_choose_axes (&header, -1);
  volume = pl_volume_new (&header, PL_DTYPE_FLOAT32, NULL, NULL);
  voxels = volume->voxels;
  pl_volume_set_ready_slices (volume, 20);
  g_assert_false (pl_recipe_volume_looks_like_hu (volume));
  for (int s = 0; s < 12; s++)
    memcpy (voxels + (gsize) s * N, chest, N * sizeof *chest);
  g_assert_true (pl_recipe_volume_looks_like_hu (volume));
  memset (voxels, 0, 5 * N * sizeof *voxels);
  g_assert_false (pl_recipe_volume_looks_like_hu (volume));
}

static void
test_apply_hu (void)
{
  float values[] = { -3000, -1024, -212, 600, 4000, NAN, INFINITY, -INFINITY };
  const float expected[] = { -1, -1, 0, 1, 1, -1, 1, -1 };

  pl_recipe_apply (&PL_RECIPE_HU, values, G_N_ELEMENTS (values));
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    g_assert_cmpfloat_with_epsilon (values[i], expected[i], 1e-6);
}

static void
test_apply_percentiles (void)
{
  float values[1003];

  for (int i = 0; i <= 1000; i++)
    values[i] = (float) ((i * 8 % 1001) * 3 + 100); /* 100 to 3100 in another order */
  values[1001] = NAN;
  values[1002] = INFINITY;
  pl_recipe_apply (&PL_RECIPE_PERCENTILES, values, G_N_ELEMENTS (values));
  g_assert_cmpfloat_with_epsilon (values[0], -1, 1e-6);
  for (int i = 0; i <= 1000; i++)
    {
      double value = (i * 8 % 1001) * 3;

      g_assert_cmpfloat_with_epsilon (values[i], CLAMP ((value - 15) / 2970 * 2 - 1, -1, 1), 1e-5);
    }
  g_assert_cmpfloat (values[1001], ==, -1);
  g_assert_cmpfloat_with_epsilon (values[1002], 1, 1e-6);
}

static void
test_apply_without_contrast (void)
{
  float constant[] = { 5, 5, 5, NAN };
  float nothing[] = { NAN, NAN };

  pl_recipe_apply (&PL_RECIPE_PERCENTILES, constant, 4);
  pl_recipe_apply (&PL_RECIPE_PERCENTILES, nothing, 2);
  for (int i = 0; i < 4; i++)
    g_assert_cmpfloat (constant[i], ==, -1);
  g_assert_cmpfloat (nothing[1], ==, -1);
  pl_recipe_apply (&PL_RECIPE_PERCENTILES, nothing, 0);
}

static void
test_json (void)
{
  const PlRecipe recipes[] = { PL_RECIPE_HU, PL_RECIPE_PERCENTILES };

  for (guint i = 0; i < G_N_ELEMENTS (recipes); i++)
    {
      g_autoptr (JsonObject) object = pl_recipe_to_json (&recipes[i]);
      g_autoptr (GError) error = NULL;
      PlRecipe back = { 0 };

      g_assert_true (pl_recipe_from_json (object, &back, &error));
      g_assert_no_error (error);
      g_assert_cmpint (back.is_hu, ==, recipes[i].is_hu);
      g_assert_cmpfloat (back.low, ==, recipes[i].low);
      g_assert_cmpfloat (back.high, ==, recipes[i].high);
    }
}

static void
test_bad_json (void)
{
  const char *const texts[] = {
    "{}",
    "{\"kind\": 3, \"low\": 0, \"high\": 1}",
    "{\"kind\": \"z-score\", \"low\": 0, \"high\": 1}",
    "{\"kind\": \"hu\", \"low\": 0}",
    "{\"kind\": \"hu\", \"low\": \"0\", \"high\": 1}",
    "{\"kind\": \"hu\", \"low\": 5, \"high\": 5}",
    "{\"kind\": \"percentiles\", \"low\": -1, \"high\": 50}",
    "{\"kind\": \"percentiles\", \"low\": 1, \"high\": 101}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonObject) object = pl_json_parse_object (texts[i], strlen (texts[i]), NULL);
      PlRecipe recipe = { .low = 42 };

      g_assert_false (pl_recipe_from_json (object, &recipe, &error));
      g_assert_nonnull (error);
      g_assert_cmpfloat (recipe.low, ==, 42);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/train/recipe/hu", test_hu);
  g_test_add_func ("/train/recipe/not-hu", test_not_hu);
  g_test_add_func ("/train/recipe/volume", test_volume);
  g_test_add_func ("/train/recipe/apply-hu", test_apply_hu);
  g_test_add_func ("/train/recipe/apply-percentiles", test_apply_percentiles);
  g_test_add_func ("/train/recipe/apply-without-contrast", test_apply_without_contrast);
  g_test_add_func ("/train/recipe/json", test_json);
  g_test_add_func ("/train/recipe/bad-json", test_bad_json);
  return g_test_run ();
}
