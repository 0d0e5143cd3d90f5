/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/planes-state.h"

#include <gtk/gtk.h>

/* A plane to be painted, and what came of it. Made on the main thread, run on a worker, then never
 * changed again. */
typedef struct
{
  /* Owned: what is to be painted */
  PlVolume *volume;
  PlMask *truth;      /* (nullable) */
  PlMask *prediction; /* (nullable) */
  PlMask *heat;       /* (nullable): its probability, if that is shown instead */

  PlReslice reslice;
  int index; /* on the held axis */
  int prediction_index;
  gboolean is_outlined; /* the prediction */
  PlProjection projection;
  double thickness_mm;
  PlWindow window;
  const PlColourMap *map;
  int ready_slices; /* of the volume, when it was made */

  /* Owned: what came of it; masks as large as the image */
  GBytes *hu;
  GdkTexture *image;
  GdkTexture *fill;          /* (nullable): prediction or probability, opaque */
  guint8 *truth_labels;      /* (nullable) */
  guint8 *prediction_labels; /* (nullable): if it is outlined */
} PlPlaneJob;

/* @last: (nullable): the job before; its voxels are used again where they are the same. */
PlPlaneJob *pl_plane_job_new (PlPlanesState *planes, PlPlaneKind kind, const PlPlaneJob *last);

/* FALSE when it was cancelled. */
gboolean pl_plane_job_run (PlPlaneJob *job, GCancellable *cancellable);

void pl_plane_job_free (PlPlaneJob *job);
