/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/volume.h"

/* What range of HU is shown from black to white. */
typedef struct
{
  double centre_hu;
  double width_hu; /* > 0 */
} PlWindow;

typedef struct
{
  const char *id;   /* "lung": the name in win.window-preset and --window */
  const char *name; /* to be shown, after gettext: N_("Lung") */
  PlWindow window;
} PlWindowPreset;

/* lung 1500/−600, mediastinum 350/50, soft-tissue 400/40, bone 2500/480, auto (whose window is to
 * be asked of pl_window_auto()): in the order of keys 1 to 5. */
const PlWindowPreset *pl_window_presets (gsize *n_presets);

/* (nullable): by id. */
const PlWindowPreset *pl_window_preset_find (const char *id);

/* From the 0.5th to the 99.5th percentile of the finite values of @hu, padding (values below −1024)
 * left out; never of no width. */
PlWindow pl_window_auto (const float *hu, gsize n);

/* From the 1st to the 99th percentile of what was pointed at; else the same. */
PlWindow pl_window_of_region (const float *hu, gsize n);

/* Each value to 0…255, clamped; NaN to 0. */
void pl_window_apply (const PlWindow *window, const float *hu, gsize n, guint8 *gray);
