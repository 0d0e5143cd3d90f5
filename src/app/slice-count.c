/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/slice-count.h"

#include "image/label-colour.h"

#include <string.h>

gboolean
pl_slice_count_has_labels (const PlMask *mask)
{
  return mask != NULL && mask->max_label > 1;
}

int
pl_slice_count_n_labels (const PlMask *truth, const PlMask *prediction)
{
  int n_true = pl_slice_count_has_labels (truth) ? truth->max_label : 0;
  int n_predicted = pl_slice_count_has_labels (prediction) ? prediction->max_label : 0;

  return MIN (MAX (n_true, n_predicted), PL_LABEL_COLOURS);
}

/* Pixels of a slice by label: of each mask, and those that have it in both. */
typedef struct
{
  int truth[256];
  int prediction[256];
  int same[256];
  int both; /* whatever the labels */
} LabelCounts;

/* @t and @p: (nullable) */
static void
count_pixels (const guint8 *t, const guint8 *p, gsize n, LabelCounts *counts)
{
  memset (counts, 0, sizeof *counts);
  for (gsize i = 0; t != NULL && i < n; i++)
    counts->truth[t[i]]++;
  for (gsize i = 0; p != NULL && i < n; i++)
    counts->prediction[p[i]]++;
  for (gsize i = 0; t != NULL && p != NULL && i < n; i++)
    {
      counts->same[t[i]] += t[i] == p[i];
      counts->both += t[i] != 0 && p[i] != 0;
    }
}

/* Without labels the compiler makes vectors of it: more than twice as fast. */
static PlSliceCount
count_inside (const guint8 *t, const guint8 *p, gsize n)
{
  PlSliceCount count = { 0 };

  for (gsize i = 0; i < n; i++)
    {
      gboolean in_truth = t != NULL && t[i] != 0;
      gboolean in_prediction = p != NULL && p[i] != 0;

      count.truth += in_truth;
      count.prediction += in_prediction;
      count.both += in_truth && in_prediction;
    }
  count.same = count.both;
  return count;
}

static PlSliceCount
sum_labels (const LabelCounts *counts, gboolean by_label)
{
  PlSliceCount sum = { .both = counts->both };

  for (int label = 1; label < 256; label++)
    {
      sum.truth += counts->truth[label];
      sum.prediction += counts->prediction[label];
      sum.same += counts->same[label];
    }
  if (!by_label)
    sum.same = sum.both;
  return sum;
}

gboolean
pl_slice_count_masks (const PlMask *truth,
                      const PlMask *prediction,
                      PlSliceCount *counts,
                      GCancellable *cancellable)
{
  const PlMask *any = truth == NULL ? prediction : truth;
  gsize n = (gsize) any->n[1] * (gsize) any->n[2];
  gboolean is_true = pl_slice_count_has_labels (truth);
  gboolean is_predicted = pl_slice_count_has_labels (prediction);
  int n_labels = pl_slice_count_n_labels (truth, prediction);

  for (int s = 0; s < any->n[0]; s++)
    {
      const guint8 *t = truth == NULL ? NULL : pl_mask_slice (truth, s);
      const guint8 *p = prediction == NULL ? NULL : pl_mask_slice (prediction, s);
      LabelCounts found;

      if (n_labels > 0)
        {
          count_pixels (t, p, n, &found);
          counts[s] = sum_labels (&found, is_true && is_predicted);
        }
      else
        counts[s] = count_inside (t, p, n);
      for (int label = 1; label <= n_labels; label++)
        {
          int same = is_true && is_predicted ? found.same[label] : 0;

          counts[label * any->n[0] + s] =
              (PlSliceCount){ is_true ? found.truth[label] : 0,
                              is_predicted ? found.prediction[label] : 0, same, same };
        }
      if (g_cancellable_is_cancelled (cancellable))
        return FALSE;
    }
  return TRUE;
}
