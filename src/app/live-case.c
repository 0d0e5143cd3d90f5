/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/live-case.h"

#include "app/comparison.h"

#include <math.h>
#include <string.h>

static gsize
count_voxels (const int n[3])
{
  return (gsize) n[0] * (gsize) n[1] * (gsize) n[2];
}

static PlMask *
ref_mask (PlMask *mask)
{
  return mask == NULL ? NULL : pl_mask_ref (mask);
}

/* A file may have become one of another size. */
static double
find_dice (const PlMask *preview, const PlMask *truth)
{
  if (preview == NULL || truth == NULL || memcmp (preview->n, truth->n, sizeof truth->n) != 0)
    return NAN;
  return pl_comparison_count (preview->labels, truth->labels, count_voxels (truth->n)).dice;
}

PlLiveCase *
pl_live_case_new (PlVolume *volume, PlMask *truth, PlMask *preview)
{
  PlLiveCase *self = g_atomic_rc_box_new0 (PlLiveCase);

  self->volume = pl_volume_ref (volume);
  self->truth = ref_mask (truth);
  self->preview = ref_mask (preview);
  self->dice = find_dice (preview, truth);
  return self;
}

PlLiveCase *
pl_live_case_ref (PlLiveCase *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
  PlLiveCase *self = data;

  pl_volume_unref (self->volume);
  g_clear_pointer (&self->truth, pl_mask_unref);
  g_clear_pointer (&self->preview, pl_mask_unref);
}

void
pl_live_case_unref (PlLiveCase *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, clear);
}

gsize
pl_live_case_get_bytes (const PlLiveCase *self)
{
  gsize n = count_voxels (self->volume->n);
  gsize n_masks = (self->truth != NULL) + (self->preview != NULL);

  return n * (pl_dtype_size (self->volume->type) + n_masks);
}
