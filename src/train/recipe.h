/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/volume.h"

#include <json-glib/json-glib.h>

/* How intensities become the network's input: clipped to low…high and scaled to −1…1. */
typedef struct
{
  gboolean is_hu; /* low and high are HU for all images; else they are percentiles of each image */
  double low;     /* −1024 HU, or 0.5 */
  double high;    /* 600 HU, or 99.5 */
  gboolean crop_to_body; /* the network sees the body alone (slice-frame.h); only with HU */
} PlRecipe;

#define PL_RECIPE_HU ((PlRecipe){ .is_hu = TRUE, .low = -1024, .high = 600, .crop_to_body = TRUE })
#define PL_RECIPE_PERCENTILES ((PlRecipe){ .is_hu = FALSE, .low = 0.5, .high = 99.5 })

/* TRUE if @values can be HU: some below −200 (air, lung, fat) and none but padding and metal far
 * outside −1100…4000. */
gboolean pl_recipe_looks_like_hu (const float *values, gsize n);

/* Likewise of a volume, all of whose slices are ready: whether most of eight slices do. */
gboolean pl_recipe_volume_looks_like_hu (const PlVolume *volume);

/* In place; not a number becomes −1. */
void pl_recipe_apply (const PlRecipe *recipe, float *values, gsize n);

JsonObject *pl_recipe_to_json (const PlRecipe *recipe);
gboolean pl_recipe_from_json (JsonObject *object, PlRecipe *recipe, GError **error);
