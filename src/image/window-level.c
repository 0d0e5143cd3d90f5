/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Window and level: which HU are black and which are white. The presets are those of the common
 * viewers (OHIF's, whose lung window shows −1350 to 150 HU). */
#include "image/window-level.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "image/percentile.h"

/* What scanners write outside the field of view is below anything that CT can measure. */
#define LOWEST_HU (-1024.0f)

static const PlWindowPreset presets[] = {
  { "lung", N_ ("Lung"), { -600.0, 1500.0 } },
  { "mediastinum", N_ ("Mediastinum"), { 50.0, 350.0 } },
  { "soft-tissue", N_ ("Soft tissue"), { 40.0, 400.0 } },
  { "bone", N_ ("Bone"), { 480.0, 2500.0 } },
  /* Shown until the image's own is known. */
  { "auto", N_ ("Auto"), { -600.0, 1500.0 } },
};

const PlWindowPreset *
pl_window_presets (gsize *n_presets)
{
  *n_presets = G_N_ELEMENTS (presets);
  return presets;
}

const PlWindowPreset *
pl_window_preset_find (const char *id)
{
  for (gsize i = 0; i < G_N_ELEMENTS (presets); i++)
    if (strcmp (presets[i].id, id) == 0)
      return &presets[i];
  return NULL;
}

/* Up to @outside percent on each side are left out. FALSE when no value is finite and ≥ @lowest. */
static gboolean
find_range (const float *hu, gsize n, double outside, float lowest, double *low, double *high)
{
  const double percents[2] = { outside, 100.0 - outside };
  g_autoptr (PlPercentiles) percentiles = pl_percentiles_new (percents, 2, lowest);

  pl_percentiles_add (percentiles, hu, n);
  if (pl_percentiles_turn (percentiles) == 0)
    return FALSE;
  pl_percentiles_add (percentiles, hu, n);
  *low = pl_percentiles_get (percentiles, 0);
  *high = pl_percentiles_get (percentiles, 1);
  return TRUE;
}

static PlWindow
find_window (const float *hu, gsize n, double outside)
{
  double low = 0.0;
  double high = 0.0;

  if (!find_range (hu, n, outside, LOWEST_HU, &low, &high))
    find_range (hu, n, outside, -INFINITY, &low, &high);
  return (PlWindow){ .centre_hu = low + (high - low) / 2.0,
                     .width_hu = high > low ? high - low : 1.0 };
}

PlWindow
pl_window_auto (const float *hu, gsize n)
{
  return find_window (hu, n, 0.5);
}

PlWindow
pl_window_of_region (const float *hu, gsize n)
{
  return find_window (hu, n, 1.0);
}

void
pl_window_apply (const PlWindow *window, const float *hu, gsize n, guint8 *gray)
{
  const float low = (float) (window->centre_hu - window->width_hu / 2.0);
  const float scale = (float) (255.0 / window->width_hu);

  for (gsize i = 0; i < n; i++)
    {
      float v = (hu[i] - low) * scale + 0.5f;

      v = v > 0.0f ? v : 0.0f; /* takes NaN too */
      v = v < 255.0f ? v : 255.0f;
      gray[i] = (guint8) (int) v;
    }
}
