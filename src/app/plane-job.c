/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/plane-job.h"

#include "app/slice-paint.h"

#include <string.h>

static gboolean
has_same_voxels (const PlPlaneJob *a, const PlPlaneJob *b)
{
  return a->volume == b->volume && a->ready_slices == b->ready_slices && a->index == b->index &&
         a->projection == b->projection &&
         (a->projection == PL_PROJECTION_NONE || a->thickness_mm == b->thickness_mm) &&
         memcmp (&a->reslice, &b->reslice, sizeof a->reslice) == 0;
}

/* While a training runs, its preview of the slice stands for the prediction. */
static void
take_prediction (PlPlaneJob *job, PlViewState *view)
{
  PlPredictionStyle style = pl_view_state_get_prediction_style (view);
  PlMask *preview = job->reslice.held == 0 ? pl_view_state_get_preview (view, job->index) : NULL;

  job->prediction = pl_view_state_get_prediction (view);
  job->prediction_index = job->index;
  job->is_outlined = style == PL_PREDICTION_OUTLINE;
  if (style == PL_PREDICTION_HEAT && preview == NULL)
    job->heat = pl_view_state_get_heat (view);
  if (preview != NULL)
    {
      job->prediction = preview;
      job->prediction_index = 0;
    }
  if (job->prediction != NULL)
    pl_mask_ref (job->prediction);
  if (job->heat != NULL)
    pl_mask_ref (job->heat);
}

PlPlaneJob *
pl_plane_job_new (PlPlanesState *planes, PlPlaneKind kind, const PlPlaneJob *last)
{
  PlPlaneJob *job = g_new0 (PlPlaneJob, 1);
  PlViewState *view = pl_planes_state_get_view (planes);
  int voxel[3];

  pl_planes_state_get_voxel (planes, voxel);
  job->volume = pl_volume_ref (pl_view_state_get_volume (view));
  job->ready_slices = pl_volume_ready_slices (job->volume);
  job->reslice = pl_planes_state_find_reslice (planes, kind);
  job->index = voxel[job->reslice.held];
  job->projection = pl_planes_state_get_projection (planes);
  job->thickness_mm = pl_planes_state_get_thickness_mm (planes);
  job->window = pl_view_state_get_window (view);
  job->map = pl_view_state_get_colour_map (view);
  job->truth = pl_view_state_get_truth (view);
  if (job->truth != NULL)
    pl_mask_ref (job->truth);
  take_prediction (job, view);
  if (last != NULL && last->hu != NULL && has_same_voxels (job, last))
    job->hu = g_bytes_ref (last->hu);
  return job;
}

static guint8 *
dup_labels (const PlPlaneJob *job, const PlMask *mask, int index)
{
  const int *n = job->volume->n;
  guint8 *labels = g_malloc ((gsize) n[job->reslice.down] * (gsize) n[job->reslice.across]);

  pl_reslice_labels (&job->reslice, mask, index, labels);
  return labels;
}

static void
paint_prediction (PlPlaneJob *job, int rows, int columns)
{
  g_autofree guint8 *labels = NULL;

  if (job->heat != NULL)
    {
      labels = dup_labels (job, job->heat, job->index);
      job->fill = pl_slice_paint_heat (labels, rows, columns, 1);
      return;
    }
  labels = dup_labels (job, job->prediction, job->prediction_index);
  if (job->is_outlined)
    job->prediction_labels = g_steal_pointer (&labels);
  else
    job->fill = pl_slice_paint_fill (labels, rows, columns, PL_PREDICTION_RGB, 1);
}

gboolean
pl_plane_job_run (PlPlaneJob *job, GCancellable *cancellable)
{
  int rows = job->volume->n[job->reslice.down];
  int columns = job->volume->n[job->reslice.across];
  gsize n = (gsize) rows * (gsize) columns;

  if (job->hu == NULL)
    {
      g_autofree float *hu = g_new (float, n);

      if (!pl_reslice_hu (&job->reslice, job->volume, job->index, job->projection,
                          job->thickness_mm, cancellable, hu))
        return FALSE;
      job->hu = g_bytes_new_take (g_steal_pointer (&hu), n * sizeof *hu);
    }
  job->image =
      pl_slice_paint_hu (g_bytes_get_data (job->hu, NULL), rows, columns, job->window, job->map);
  if (job->prediction != NULL)
    paint_prediction (job, rows, columns);
  if (job->truth != NULL)
    job->truth_labels = dup_labels (job, job->truth, job->index);
  return TRUE;
}

void
pl_plane_job_free (PlPlaneJob *job)
{
  if (job == NULL)
    return;
  pl_volume_unref (job->volume);
  g_clear_pointer (&job->truth, pl_mask_unref);
  g_clear_pointer (&job->prediction, pl_mask_unref);
  g_clear_pointer (&job->heat, pl_mask_unref);
  g_clear_pointer (&job->hu, g_bytes_unref);
  g_clear_object (&job->image);
  g_clear_object (&job->fill);
  g_free (job->truth_labels);
  g_free (job->prediction_labels);
  g_free (job);
}
