/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A row through the lungs has about five runs, so a 512×512 slice of 256 KiB becomes some 10 KiB,
 * and one without lungs a few bytes.
 */
#include "app/packed-mask.h"

#include <string.h>

typedef struct
{
  guint32 length;
  guint8 label;
} Run;

struct _PlPackedMask
{
  int n[3];
  GArray *runs; /* (element-type Run) */
};

static gsize
count_voxels (const int n[3])
{
  return (gsize) n[0] * (gsize) n[1] * (gsize) n[2];
}

PlPackedMask *
pl_packed_mask_new (const PlMask *mask)
{
  PlPackedMask *packed = g_atomic_rc_box_new0 (PlPackedMask);
  gsize n_voxels = count_voxels (mask->n);

  memcpy (packed->n, mask->n, sizeof packed->n);
  packed->runs = g_array_new (FALSE, FALSE, sizeof (Run));
  for (gsize start = 0; start < n_voxels;)
    {
      gsize end = start + 1;

      while (end < n_voxels && mask->labels[end] == mask->labels[start] &&
             end - start < G_MAXUINT32)
        end++;
      g_array_append_vals (packed->runs,
                           &(Run){ .length = end - start, .label = mask->labels[start] }, 1);
      start = end;
    }
  return packed;
}

PlMask *
pl_packed_mask_unpack (const PlPackedMask *packed)
{
  guint8 *labels = g_malloc (count_voxels (packed->n));
  guint8 *end = labels;

  for (guint i = 0; i < packed->runs->len; i++)
    {
      const Run *run = &g_array_index (packed->runs, Run, i);

      memset (end, run->label, run->length);
      end += run->length;
    }
  return pl_mask_new_take (packed->n, labels);
}

gint64
pl_packed_mask_count (const PlPackedMask *packed)
{
  gint64 n = 0;

  for (guint i = 0; i < packed->runs->len; i++)
    {
      const Run *run = &g_array_index (packed->runs, Run, i);

      n += run->label != 0 ? run->length : 0;
    }
  return n;
}

PlPackedMask *
pl_packed_mask_ref (PlPackedMask *packed)
{
  return g_atomic_rc_box_acquire (packed);
}

static void
clear (gpointer data)
{
  PlPackedMask *packed = data;

  g_array_unref (packed->runs);
}

void
pl_packed_mask_unref (PlPackedMask *packed)
{
  if (packed != NULL)
    g_atomic_rc_box_release_full (packed, clear);
}
