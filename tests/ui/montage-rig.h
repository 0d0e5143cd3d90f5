/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/view-state.h"

#include <gio/gio.h>
#include <string.h>

/* What the tests of the montage have in common. */

#define BLACK_TO_WHITE ((PlWindow){ 127.5, 255.0 })

/* Pixels of slice s have the value 40 + s % 200, which is their gray in BLACK_TO_WHITE; all slices
 * are ready. */
static inline PlVolume *
pl_rig_volume (int slices, int side)
{
  PlImageHeader header = { .format = PL_FORMAT_TIFF,
                           .shape = { slices, side, side },
                           .n_samples = 1,
                           .spacing_mm = { 1.0, 1.0, 1.0 },
                           .slope = 1.0 };
  gsize n = (gsize) side * side;
  PlVolume *volume;

  pl_header_choose_axes (&header, -1);
  volume = pl_volume_new (&header, PL_DTYPE_UINT8, NULL, NULL);
  for (int s = 0; s < slices; s++)
    memset ((guint8 *) volume->voxels + s * n, 40 + s % 200, n);
  pl_volume_set_ready_slices (volume, slices);
  return volume;
}

/* Label 1 in the rows and columns from a quarter to three quarters of @n_slices slices. */
static inline PlMask *
pl_rig_mask (const PlVolume *volume, int n_slices)
{
  int n[3] = { n_slices, volume->n[1], volume->n[2] };
  guint8 *labels = g_malloc0 ((gsize) n[0] * n[1] * n[2]);

  for (int s = 0; s < n[0]; s++)
    for (int r = n[1] / 4; r < 3 * n[1] / 4; r++)
      memset (labels + ((gsize) s * n[1] + r) * n[2] + n[2] / 4, 1, n[2] / 2);
  return pl_mask_new_take (n, labels);
}

static inline PlViewState *
pl_rig_state (PlVolume *volume)
{
  PlViewState *state = pl_view_state_new ();

  pl_view_state_set_window (state, BLACK_TO_WHITE);
  pl_view_state_set_volume (state, volume);
  return state;
}

/* Runs the main loop until @done says so, for at most a minute. */
static inline void
pl_rig_wait (gboolean (*done) (gpointer data), gpointer data)
{
  gint64 end = g_get_monotonic_time () + 60 * G_TIME_SPAN_SECOND;

  while (!done (data))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      if (!g_main_context_iteration (NULL, FALSE))
        g_usleep (500);
    }
}

static inline gboolean
pl_rig_volume_is_ours_alone (gpointer volume)
{
  return g_atomic_int_get (&((PlVolume *) volume)->ref_count) == 1;
}
