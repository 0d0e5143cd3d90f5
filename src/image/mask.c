/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Masks. Files hold labels as 0/1, 0/255 or 0/65535 for one class, and as 0…K for more; in memory
 * they are always 0…K. */
#include "image/mask.h"

#include <glib/gi18n-lib.h>

static gsize
count_labels (const int n[3])
{
  return (gsize) n[0] * (gsize) n[1] * (gsize) n[2];
}

PlMask *
pl_mask_new_take (const int n[3], guint8 *labels)
{
  PlMask *mask = g_new0 (PlMask, 1);
  gsize count = count_labels (n);
  guint8 max_label = 0;

  for (gsize i = 0; i < count; i++)
    max_label = MAX (max_label, labels[i]);
  for (int i = 0; i < 3; i++)
    mask->n[i] = n[i];
  mask->labels = labels;
  mask->max_label = max_label;
  mask->ref_count = 1;
  return mask;
}

/* What values a mask file has. */
typedef struct
{
  gboolean has_label[256];
  gboolean has_65535; /* stands as 255 among the labels */
} Values;

static gboolean
read_slice_labels (const PlVolume *volume,
                   const float *values,
                   gsize n,
                   guint8 *labels,
                   Values *seen,
                   GError **error)
{
  for (gsize i = 0; i < n; i++)
    {
      float v = values[i];

      if (v >= 0.0f && v <= 255.0f && v == (float) (guint8) v)
        {
          labels[i] = (guint8) v;
          seen->has_label[labels[i]] = TRUE;
        }
      else if (v == 65535.0f)
        {
          labels[i] = 255;
          seen->has_65535 = TRUE;
        }
      else
        {
          g_set_error (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_FORMAT,
                       _ ("%s: the value %g is not a label; a mask has the values 0 to 255"),
                       volume->path != NULL ? volume->path : _ ("mask"), (double) v);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
has_labels_between (const Values *seen, int low, int high)
{
  for (int i = low; i <= high; i++)
    if (seen->has_label[i])
      return TRUE;
  return FALSE;
}

PlMask *
pl_mask_new_from_volume (const PlVolume *volume, GError **error)
{
  gsize n_slice = (gsize) volume->n[1] * (gsize) volume->n[2];
  gsize n = count_labels (volume->n);
  g_autofree float *values = g_try_new (float, n_slice);
  g_autofree guint8 *labels = g_try_malloc (n);
  Values seen = { .has_65535 = FALSE };

  if (values == NULL || labels == NULL)
    {
      g_set_error (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_TOO_LARGE,
                   _ ("%s: there is no memory for %zu labels"),
                   volume->path != NULL ? volume->path : _ ("mask"), n);
      return NULL;
    }
  for (int s = 0; s < volume->n[0]; s++)
    {
      pl_volume_slice (volume, s, values);
      if (!read_slice_labels (volume, values, n_slice, labels + (gsize) s * n_slice, &seen, error))
        return NULL;
    }
  if (seen.has_65535 && has_labels_between (&seen, 1, 255))
    {
      g_set_error (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_FORMAT,
                   _ ("%s: the value 65535 stands beside other labels; a mask has the values 0 to "
                      "255"),
                   volume->path != NULL ? volume->path : _ ("mask"));
      return NULL;
    }
  if (seen.has_65535 || (seen.has_label[255] && !has_labels_between (&seen, 1, 254)))
    for (gsize i = 0; i < n; i++)
      labels[i] = labels[i] != 0;
  return pl_mask_new_take (volume->n, g_steal_pointer (&labels));
}

PlMask *
pl_mask_ref (PlMask *mask)
{
  g_atomic_int_inc (&mask->ref_count);
  return mask;
}

void
pl_mask_unref (PlMask *mask)
{
  if (mask == NULL || !g_atomic_int_dec_and_test (&mask->ref_count))
    return;
  g_free (mask->labels);
  g_free (mask);
}

const guint8 *
pl_mask_slice (const PlMask *mask, int slice)
{
  g_assert (slice >= 0 && slice < mask->n[0]);
  return mask->labels + (gsize) slice * (gsize) mask->n[1] * (gsize) mask->n[2];
}
