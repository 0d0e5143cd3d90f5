/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A list, newest first: a few volumes of some hundred megabytes or some thousand slices of one. A
 * CT of 300 slices of 512 × 512 takes 157 MB, its mask 79 MB.
 */
#include "app/volume-cache.h"

#include "base/file.h"

typedef struct
{
  /* Owned */
  char *key;
  PlVolume *volume;
  PlMask *truth; /* (nullable) */

  gsize n_bytes;
} Kept;

struct _PlVolumeCache
{
  GQueue kept; /* of Kept, owned */
  gsize n_bytes;
  gsize max_bytes;
};

static void
kept_free (Kept *kept)
{
  g_free (kept->key);
  pl_volume_unref (kept->volume);
  g_clear_pointer (&kept->truth, pl_mask_unref);
  g_free (kept);
}

PlVolumeCache *
pl_volume_cache_new (void)
{
  return g_new0 (PlVolumeCache, 1);
}

void
pl_volume_cache_free (PlVolumeCache *self)
{
  if (self == NULL)
    return;
  pl_volume_cache_clear (self);
  g_free (self);
}

static void
drop (PlVolumeCache *self, GList *link)
{
  Kept *kept = link->data;

  self->n_bytes -= kept->n_bytes;
  g_queue_delete_link (&self->kept, link);
  kept_free (kept);
}

/* The oldest first, until no more than @n_kept are left. */
static void
trim (PlVolumeCache *self, gsize max_bytes, guint n_kept)
{
  while (self->n_bytes > max_bytes && self->kept.length > n_kept)
    drop (self, self->kept.tail);
}

void
pl_volume_cache_set_max_bytes (PlVolumeCache *self, gsize max_bytes)
{
  self->max_bytes = max_bytes;
  trim (self, max_bytes, 1);
}

/* The voxels of such a pair are in a file that the case does not name. */
static gboolean
is_of_pair (const char *path)
{
  static const char *const endings[] = { ".hdr", ".img", ".hdr.gz", ".img.gz" };
  g_autofree char *lower = g_ascii_strdown (path, -1);

  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (lower, endings[i]))
      return TRUE;
  return FALSE;
}

/* (nullable) */
static char *
dup_stamp (const char *path)
{
  return is_of_pair (path) ? NULL : pl_file_dup_stamp (path);
}

char *
pl_volume_cache_dup_key (const PlCase *source)
{
  g_autofree char *image = dup_stamp (source->image_path);
  g_autofree char *mask = NULL;

  mask = source->mask_path == NULL ? g_strdup ("") : dup_stamp (source->mask_path);
  if (image == NULL || mask == NULL)
    return NULL;
  return g_strdup_printf ("%s\n%s\n%d %d %d", image, mask, source->header.page,
                          source->header.slice_axis, source->parts_lungs);
}

static gsize
count_bytes (const PlVolume *volume, const PlMask *truth)
{
  gsize n = (gsize) volume->n[0] * (gsize) volume->n[1] * (gsize) volume->n[2];

  return n * pl_dtype_size (volume->type) + (truth == NULL ? 0 : n);
}

void
pl_volume_cache_make_room (PlVolumeCache *self, const PlCase *source)
{
  const PlImageHeader *header = &source->header;
  gsize n = (gsize) header->shape[0] * (gsize) header->shape[1] * (gsize) header->shape[2];
  gsize n_bytes = n * (pl_dtype_size (header->stored) + (source->mask_path != NULL));

  trim (self, self->max_bytes > n_bytes ? self->max_bytes - n_bytes : 0, 0);
}

static gboolean
is_same_image (const PlVolume *a, const PlVolume *b)
{
  return g_strcmp0 (a->path, b->path) == 0 && a->header.page == b->header.page &&
         a->header.slice_axis == b->header.slice_axis;
}

static void
drop_same_image (PlVolumeCache *self, const PlVolume *volume)
{
  for (GList *l = self->kept.head, *next; l != NULL; l = next)
    {
      next = l->next;
      if (is_same_image (((Kept *) l->data)->volume, volume))
        drop (self, l);
    }
}

void
pl_volume_cache_keep (PlVolumeCache *self, const char *key, PlVolume *volume, PlMask *truth)
{
  Kept *kept = g_new0 (Kept, 1);

  kept->key = g_strdup (key);
  kept->volume = pl_volume_ref (volume);
  kept->truth = truth == NULL ? NULL : pl_mask_ref (truth);
  kept->n_bytes = count_bytes (volume, truth);
  drop_same_image (self, volume);
  g_queue_push_head (&self->kept, kept);
  self->n_bytes += kept->n_bytes;
  trim (self, self->max_bytes, 1);
}

PlVolume *
pl_volume_cache_find (PlVolumeCache *self, const char *key, PlMask **truth)
{
  for (GList *l = self->kept.head; l != NULL; l = l->next)
    {
      const Kept *kept = l->data;

      if (!g_str_equal (kept->key, key))
        continue;
      g_queue_unlink (&self->kept, l);
      g_queue_push_head_link (&self->kept, l);
      trim (self, self->max_bytes, 1);
      *truth = kept->truth == NULL ? NULL : pl_mask_ref (kept->truth);
      return pl_volume_ref (kept->volume);
    }
  return NULL;
}

void
pl_volume_cache_clear (PlVolumeCache *self)
{
  g_queue_clear_full (&self->kept, (GDestroyNotify) kept_free);
  self->n_bytes = 0;
}

gsize
pl_volume_cache_get_bytes (const PlVolumeCache *self)
{
  return self->n_bytes;
}
