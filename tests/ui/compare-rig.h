/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/view-state.h"

#include <gtk/gtk.h>

/* What the tests of the comparison share: the view, in a window, since figures are only counted
 * while it is on the screen; four slices of 20 × 20 voxels of 1 mm. */

typedef struct
{
  PlVolume *volume;
  PlViewState *state;
  GtkWidget *view;
  GtkWidget *window;
} CompareRig;

#define COMPARE_RIG_TIMEOUT_US (60 * G_USEC_PER_SEC)

void compare_rig_set_up (CompareRig *rig, gconstpointer data);
void compare_rig_tear_down (CompareRig *rig, gconstpointer data);

/* A child of the view's template. */
gpointer compare_rig_child (CompareRig *rig, const char *name);

/* So many columns of each slice, from the first on. */
void compare_rig_set_masks (CompareRig *rig, int truth_columns, int prediction_columns);

#define COMPARE_RIG_ADD(name, test)                                                                \
  g_test_add (name, CompareRig, NULL, compare_rig_set_up, test, compare_rig_tear_down)
