/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/volume.h"

/* How well a predicted mask fits the truth, at native resolution; foreground against background
 * (any label above 0), or one label. Undefined figures are NaN. HD95: the larger of the two
 * directed 95th percentiles of surface distances, in mm; ASSD: the mean of all surface distances of
 * both directions. The surface of a mask is its pixels that have a neighbour outside (6-connected;
 * 4-connected for one slice; the image's border counts as outside); distances are between voxel
 * centres, by spacing. */
typedef struct
{
  double accuracy;
  double
      bce; /* of the probabilities at native size, clamped at 1e-7, before clean-up; NaN without */
  double dice; /* empty against empty is 1 */
  double iou;
  double precision; /* NaN when nothing was predicted */
  double recall;    /* NaN when there is nothing to find */
  double hd95_mm;   /* NaN when either is empty */
  double assd_mm;
  double volume_difference_ml; /* predicted − truth */
  gboolean both_empty;
} PlMetrics;

/**
 * pl_metrics_compute:
 * @probability: (nullable): of foreground, for bce
 * @label: 0 for all foreground together, else that label
 *
 * Blocks (surface distances of a 512×512×300 volume: about a second).
 */
void pl_metrics_compute (const PlMask *prediction,
                         const PlMask *truth,
                         const float *probability,
                         const double spacing_mm[3],
                         int label,
                         PlMetrics *metrics);

/* Dice alone: quick. Empty against empty is 1. */
double pl_metrics_dice (const guint8 *prediction, const guint8 *truth, gsize n, int label);

/* Mean, standard deviation (n − 1) and median over cases, NaN left out field by field. */
typedef struct
{
  PlMetrics mean;
  PlMetrics sd;
  PlMetrics median;
  int n;
  int n_both_empty;
} PlMetricsSummary;

void pl_metrics_summarise (const PlMetrics *metrics, int n, PlMetricsSummary *summary);

/* The columns in their order, for CSV, JSON and tables: name of a field and its place. */
typedef struct
{
  const char *name;  /* "dice": as in files */
  const char *title; /* to be shown, after gettext */
  gsize offset;      /* of a double in PlMetrics */
} PlMetricsField;

const PlMetricsField *pl_metrics_fields (gsize *n_fields);
