/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The intensity recipe. CT values are HU, the same for all images; others are scaled by each
 * image's own percentiles. */
#include "train/recipe.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "base/json.h"
#include "train/selection.h"

/* In the published chest slices the padding outside the field of view (−1100 to −3024) takes at
 * most a fifth of the image, its corners; air and lung take a quarter or more; metal, next to
 * nothing. Images that are shifted to start at 0 have nothing below −200, and integers that use
 * their whole range have much above 4000. */
gboolean
pl_recipe_looks_like_hu (const float *values, gsize n)
{
  gsize n_finite = 0, n_padding = 0, n_air = 0, n_beyond = 0;

  for (gsize i = 0; i < n; i++)
    {
      float v = values[i];

      n_finite += isfinite (v) != 0;
      n_padding += v < -1100 && v >= -4096;
      n_air += v >= -1100 && v < -200;
      n_beyond += (v < -4096 || v > 4000) && isfinite (v);
    }
  return n_air > 0 && n_air >= n_finite / 1000 && n_padding <= n_finite / 2 &&
         n_beyond <= n_finite / 100;
}

#define N_SAMPLES 8

gboolean
pl_recipe_volume_looks_like_hu (const PlVolume *volume)
{
  gsize n = (gsize) volume->n[1] * (gsize) volume->n[2];
  g_autofree float *values = g_new (float, n);
  int n_samples = MIN (volume->n[0], N_SAMPLES);
  int n_hu = 0;

  for (int i = 0; i < n_samples; i++)
    {
      pl_volume_slice (volume, (int) ((i + 0.5) * volume->n[0] / n_samples), values);
      n_hu += pl_recipe_looks_like_hu (values, n);
    }
  return n_hu * 2 > n_samples;
}

static void
scale (float *values, gsize n, double low, double high)
{
  float factor = high > low ? (float) (2 / (high - low)) : 0;
  float lowest = (float) low;
  float highest = (float) high;

  for (gsize i = 0; i < n; i++)
    {
      /* In this order a NaN becomes the lowest. */
      float v = values[i] > lowest ? values[i] : lowest;

      v = v < highest ? v : highest;
      values[i] = MIN ((v - lowest) * factor - 1, 1.0f);
    }
}

static void
scale_by_percentiles (const PlRecipe *recipe, float *values, gsize n)
{
  g_autofree double *finite = g_new (double, n);
  gsize count = 0;

  for (gsize i = 0; i < n; i++)
    if (isfinite (values[i]))
      finite[count++] = (double) values[i];
  if (count == 0)
    scale (values, n, 0, 0);
  else
    scale (values, n, pl_select_percentile (finite, count, recipe->low),
           pl_select_percentile (finite, count, recipe->high));
}

void
pl_recipe_apply (const PlRecipe *recipe, float *values, gsize n)
{
  if (recipe->is_hu)
    scale (values, n, recipe->low, recipe->high);
  else
    scale_by_percentiles (recipe, values, n);
}

JsonObject *
pl_recipe_to_json (const PlRecipe *recipe)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "kind", recipe->is_hu ? "hu" : "percentiles");
  json_object_set_double_member (object, "low", recipe->low);
  json_object_set_double_member (object, "high", recipe->high);
  json_object_set_boolean_member (object, "crop_to_body", recipe->crop_to_body);
  return object;
}

gboolean
pl_recipe_from_json (JsonObject *object, PlRecipe *recipe, GError **error)
{
  const char *kind = pl_json_get_string (object, "kind", error);
  PlRecipe r;

  if (kind == NULL)
    return FALSE;
  if (!g_str_equal (kind, "hu") && !g_str_equal (kind, "percentiles"))
    {
      g_set_error (error, JSON_PARSER_ERROR, JSON_PARSER_ERROR_INVALID_DATA,
                   _ ("the intensity recipe’s kind is “%s”, neither “hu” nor “percentiles”"), kind);
      return FALSE;
    }
  r.is_hu = g_str_equal (kind, "hu");
  r.crop_to_body =
      r.is_hu && json_object_get_boolean_member_with_default (object, "crop_to_body", FALSE);
  if (!pl_json_get_double (object, "low", r.is_hu ? -1e6 : 0, r.is_hu ? 1e6 : 100, &r.low, error) ||
      !pl_json_get_double (object, "high", r.is_hu ? -1e6 : 0, r.is_hu ? 1e6 : 100, &r.high, error))
    return FALSE;
  if (r.low >= r.high)
    {
      g_set_error (error, JSON_PARSER_ERROR, JSON_PARSER_ERROR_INVALID_DATA,
                   _ ("the intensity recipe runs from %g to %g"), r.low, r.high);
      return FALSE;
    }
  *recipe = r;
  return TRUE;
}
