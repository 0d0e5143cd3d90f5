/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures of one prediction against the truth, and their summary over cases. */
#include "train/metrics.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "train/selection.h"
#include "train/surface.h"

static const double least_probability = 1e-7;

/* The order of evaluate's columns; bce, which needs probabilities, is last. */
static const PlMetricsField fields[] = {
  { "accuracy", N_ ("Accuracy"), G_STRUCT_OFFSET (PlMetrics, accuracy) },
  { "dice", N_ ("Dice"), G_STRUCT_OFFSET (PlMetrics, dice) },
  { "iou", N_ ("IoU"), G_STRUCT_OFFSET (PlMetrics, iou) },
  { "precision", N_ ("Precision"), G_STRUCT_OFFSET (PlMetrics, precision) },
  { "recall", N_ ("Recall"), G_STRUCT_OFFSET (PlMetrics, recall) },
  { "hd95_mm", N_ ("HD95 (mm)"), G_STRUCT_OFFSET (PlMetrics, hd95_mm) },
  { "assd_mm", N_ ("ASSD (mm)"), G_STRUCT_OFFSET (PlMetrics, assd_mm) },
  { "volume_difference_ml", N_ ("Volume difference (ml)"),
    G_STRUCT_OFFSET (PlMetrics, volume_difference_ml) },
  { "bce", N_ ("BCE"), G_STRUCT_OFFSET (PlMetrics, bce) },
};

const PlMetricsField *
pl_metrics_fields (gsize *n_fields)
{
  *n_fields = G_N_ELEMENTS (fields);
  return fields;
}

/* Voxels by what they were predicted to be and what they are. */
typedef struct
{
  gsize both;
  gsize only_predicted;
  gsize only_true;
  gsize neither;
} Counts;

static Counts
count_voxels (const guint8 *prediction, const guint8 *truth, gsize n, int label)
{
  gsize table[4] = { 0 };

  if (label == 0)
    for (gsize i = 0; i < n; i++)
      table[2 * (prediction[i] != 0) + (truth[i] != 0)]++;
  else
    for (gsize i = 0; i < n; i++)
      table[2 * (prediction[i] == label) + (truth[i] == label)]++;
  return (Counts){
    .neither = table[0], .only_true = table[1], .only_predicted = table[2], .both = table[3]
  };
}

static double
divide (gsize a, gsize b)
{
  return b > 0 ? (double) a / (double) b : NAN;
}

static double
measure_dice (const Counts *c)
{
  gsize sum = 2 * c->both + c->only_predicted + c->only_true;

  return sum > 0 ? divide (2 * c->both, sum) : 1.0;
}

double
pl_metrics_dice (const guint8 *prediction, const guint8 *truth, gsize n, int label)
{
  Counts counts = count_voxels (prediction, truth, n, label);

  return measure_dice (&counts);
}

static double
measure_bce (const float *probability, const guint8 *truth, gsize n, int label)
{
  double sum = 0;

  for (gsize i = 0; i < n; i++)
    {
      double p = CLAMP ((double) probability[i], least_probability, 1 - least_probability);
      gboolean is_true = label == 0 ? truth[i] != 0 : truth[i] == label;

      sum -= log (is_true ? p : 1 - p);
    }
  return sum / (double) n;
}

void
pl_metrics_compute (const PlMask *prediction,
                    const PlMask *truth,
                    const float *probability,
                    const double spacing_mm[3],
                    int label,
                    PlMetrics *metrics)
{
  const int *n = truth->n;
  gsize n_voxels = (gsize) n[0] * (gsize) n[1] * (gsize) n[2];
  double voxel_ml = spacing_mm[0] * spacing_mm[1] * spacing_mm[2] / 1000;
  PlSurfaceDistances distances = { NAN, NAN };
  Counts c;

  g_assert (prediction->n[0] == n[0] && prediction->n[1] == n[1] && prediction->n[2] == n[2]);
  c = count_voxels (prediction->labels, truth->labels, n_voxels, label);
  pl_surface_compare (prediction->labels, truth->labels, n, label, spacing_mm, &distances);
  *metrics = (PlMetrics){
    .accuracy = divide (c.both + c.neither, n_voxels),
    .bce = probability != NULL ? measure_bce (probability, truth->labels, n_voxels, label) : NAN,
    .dice = measure_dice (&c),
    .iou = c.neither == n_voxels ? 1.0 : divide (c.both, n_voxels - c.neither),
    .precision = divide (c.both, c.both + c.only_predicted),
    .recall = divide (c.both, c.both + c.only_true),
    .hd95_mm = distances.hd95_mm,
    .assd_mm = distances.assd_mm,
    .volume_difference_ml = voxel_ml * ((double) c.only_predicted - (double) c.only_true),
    .both_empty = c.neither == n_voxels,
  };
}

static double *
locate_field (PlMetrics *metrics, gsize offset)
{
  return &G_STRUCT_MEMBER (double, metrics, offset);
}

static double
find_deviation (const double *values, int n, double mean)
{
  double sum = 0;

  if (n < 2)
    return NAN;
  for (int i = 0; i < n; i++)
    sum += (values[i] - mean) * (values[i] - mean);
  return sqrt (sum / (n - 1));
}

/* @values: room for @n */
static void
summarise_field (
    const PlMetrics *metrics, int n, gsize offset, double *values, PlMetricsSummary *summary)
{
  double sum = 0;
  double mean;
  int count = 0;

  for (int i = 0; i < n; i++)
    {
      double value = G_STRUCT_MEMBER (double, &metrics[i], offset);

      if (isnan (value))
        continue;
      values[count++] = value;
      sum += value;
    }
  mean = count > 0 ? sum / count : NAN;
  *locate_field (&summary->mean, offset) = mean;
  *locate_field (&summary->sd, offset) = find_deviation (values, count, mean);
  *locate_field (&summary->median, offset) =
      count > 0 ? pl_select_percentile (values, (gsize) count, 50) : NAN;
}

void
pl_metrics_summarise (const PlMetrics *metrics, int n, PlMetricsSummary *summary)
{
  g_autofree double *values = g_new (double, n);

  *summary = (PlMetricsSummary){ .n = n };
  for (int i = 0; i < n; i++)
    summary->n_both_empty += metrics[i].both_empty;
  for (gsize f = 0; f < G_N_ELEMENTS (fields); f++)
    summarise_field (metrics, n, fields[f].offset, values, summary);
}
