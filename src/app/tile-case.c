/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A slice of 512 × 512 is read in a few milliseconds, so that no image is kept for a tile that need
 * not be drawn several times a second. */
#include "app/tile-case.h"

struct _PlTileCase
{
  /* Owned */
  PlCase source;            /* without name and patient */
  PlPackedMask *prediction; /* (nullable) */
  PlMask *heat;             /* (nullable) */
  PlLiveCase *live;         /* (nullable) */
};

PlTileCase *
pl_tile_case_new (PlCaseItem *item)
{
  PlTileCase *self = g_atomic_rc_box_new0 (PlTileCase);
  const PlCase *source = pl_case_item_get_case (item);
  PlLiveCase *live = pl_case_item_get_live (item);

  self->source.image_path = g_strdup (source->image_path);
  self->source.mask_path = g_strdup (source->mask_path);
  self->source.header = source->header;
  self->source.parts_lungs = source->parts_lungs;
  self->prediction = pl_case_item_ref_packed_prediction (item);
  self->heat = pl_case_item_get_heat (item);
  if (self->heat != NULL)
    pl_mask_ref (self->heat);
  self->live = live == NULL ? NULL : pl_live_case_ref (live);
  return self;
}

PlTileCase *
pl_tile_case_ref (PlTileCase *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
  PlTileCase *self = data;

  g_free (self->source.image_path);
  g_free (self->source.mask_path);
  pl_packed_mask_unref (self->prediction);
  g_clear_pointer (&self->heat, pl_mask_unref);
  pl_live_case_unref (self->live);
}

void
pl_tile_case_unref (PlTileCase *self)
{
  g_atomic_rc_box_release_full (self, clear);
}

PlVolume *
pl_tile_case_load_image (const PlTileCase *self, GCancellable *cancellable, GError **error)
{
  if (self->live != NULL)
    return pl_volume_ref (self->live->volume);
  return pl_case_load_image (&self->source, cancellable, error);
}

static PlMask *
ref_mask (PlMask *mask)
{
  return mask == NULL ? NULL : pl_mask_ref (mask);
}

PlMask *
pl_tile_case_load_truth (const PlTileCase *self, GCancellable *cancellable, GError **error)
{
  if (self->live != NULL)
    return ref_mask (self->live->truth);
  if (self->source.mask_path == NULL)
    return NULL;
  return pl_case_load_mask (&self->source, cancellable, error);
}

PlMask *
pl_tile_case_dup_prediction (const PlTileCase *self)
{
  return self->prediction == NULL ? NULL : pl_packed_mask_unpack (self->prediction);
}

const PlMask *
pl_tile_case_get_heat (const PlTileCase *self)
{
  return self->heat;
}

PlMask *
pl_tile_case_ref_preview (const PlTileCase *self)
{
  return self->live == NULL ? NULL : ref_mask (self->live->preview);
}

double
pl_tile_case_pixel_mm2 (const PlTileCase *self)
{
  const PlImageHeader *header = &self->source.header;

  return header->spacing_mm[header->axis[1]] * header->spacing_mm[header->axis[2]];
}
