/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The slices on screen, predicted between two passes while it trains. What a preview costs, some
 * 10 ms for a slice of 256² and 16 channels, is taken from the training, so the next one waits a
 * multiple of that. */
#include "train/trainer-private.h"

#include "image/components.h"

enum
{
  REPEAT_US = 200 * 1000, /* between two of one slice */
  MOST_SHARE = 12,        /* one part in this many; what it takes from the caches comes on top */
};

enum
{
  NEVER = -1,
};

typedef struct
{
  int slice;
  gint64 step; /* of the weights that it was last predicted with, or NEVER */
  gint64 shown_us;
} PlPreviewSlice;

void
pl_preview_state_clear (PlPreviewState *previews)
{
  g_clear_pointer (&previews->case_name, g_free);
  g_clear_pointer (&previews->volume, pl_volume_unref);
  g_clear_pointer (&previews->slices, g_array_unref);
}

/* What is known of @slice from the wish before. */
static PlPreviewSlice
find_slice (const GArray *slices, int slice)
{
  for (guint i = 0; slices != NULL && i < slices->len; i++)
    if (g_array_index (slices, PlPreviewSlice, i).slice == slice)
      return g_array_index (slices, PlPreviewSlice, i);
  return (PlPreviewSlice){ .slice = slice, .step = NEVER };
}

/* With the lock held. */
static void
take_wish (PlTrainRun *run)
{
  const PlTrainer *trainer = run->trainer;
  PlPreviewState old = run->previews;
  PlPreviewState *now = &run->previews;
  gboolean is_same_case = old.volume == trainer->preview_volume &&
                          g_strcmp0 (old.case_name, trainer->preview_case) == 0;

  now->serial = trainer->preview_serial;
  now->case_name = g_strdup (trainer->preview_case);
  now->volume = trainer->preview_volume != NULL ? pl_volume_ref (trainer->preview_volume) : NULL;
  now->slices = g_array_new (FALSE, FALSE, sizeof (PlPreviewSlice));
  for (int i = 0; i < trainer->n_preview_slices; i++)
    {
      PlPreviewSlice slice =
          find_slice (is_same_case ? old.slices : NULL, trainer->preview_slices[i]);

      g_array_append_val (now->slices, slice);
    }
  pl_preview_state_clear (&old);
}

static void
look_at_wish (PlTrainRun *run)
{
  pthread_mutex_lock (&run->trainer->lock);
  if (run->previews.serial != run->trainer->preview_serial)
    take_wish (run);
  pthread_mutex_unlock (&run->trainer->lock);
}

/* (nullable): the one that is furthest behind, of those the most wanted. */
static PlPreviewSlice *
choose_slice (const PlTrainRun *run, gboolean is_paused)
{
  const PlPreviewState *previews = &run->previews;
  gint64 now_us = g_get_monotonic_time ();
  PlPreviewSlice *chosen = NULL;
  int n_ready;

  if (previews->volume == NULL || (!is_paused && now_us < previews->next_us))
    return NULL;
  n_ready = pl_volume_ready_slices (previews->volume);
  for (guint i = 0; i < previews->slices->len; i++)
    {
      PlPreviewSlice *one = &g_array_index (previews->slices, PlPreviewSlice, i);

      if (one->slice < 0 || one->slice >= n_ready || one->step == (gint64) run->optimizer->step ||
          (!is_paused && one->step != NEVER && now_us - one->shown_us < REPEAT_US))
        continue;
      if (chosen == NULL || one->step < chosen->step)
        chosen = one;
    }
  return chosen;
}

static gboolean
is_not_stopped (gpointer data)
{
  const PlTrainRun *run = data;

  return !pl_trainer_is_stopped (run->trainer);
}

/* (nullable): when stopped. */
static PlMask *
predict_slice (PlTrainRun *run, int slice)
{
  const PlVolume *volume = run->previews.volume;
  const int n[3] = { 1, volume->n[1], volume->n[2] };
  g_autofree guint8 *labels = g_malloc ((gsize) n[1] * (gsize) n[2]);

  if (!pl_slice_predictor_run (run->previewer, volume, slice, 1, labels, NULL, is_not_stopped, run))
    return NULL;
  pl_components_fill_holes (labels, n);
  return pl_mask_new_take (n, g_steal_pointer (&labels));
}

static void
report (PlTrainRun *run, int slice, PlMask *mask)
{
  PlPreview *preview = g_new0 (PlPreview, 1);

  preview->case_name = g_strdup (run->previews.case_name);
  preview->slice = slice;
  preview->mask = mask;
  pl_trainer_report_preview (run->trainer, preview);
}

gboolean
pl_train_run_show_preview (PlTrainRun *run, gboolean is_paused)
{
  PlPreviewState *previews = &run->previews;
  PlPreviewSlice *one;
  gint64 start_us;
  PlMask *mask;

  look_at_wish (run);
  one = run->previewer != NULL ? choose_slice (run, is_paused) : NULL;
  if (one == NULL)
    return FALSE;
  start_us = g_get_monotonic_time ();
  mask = predict_slice (run, one->slice);
  if (mask == NULL)
    return FALSE;
  one->step = (gint64) run->optimizer->step;
  one->shown_us = g_get_monotonic_time ();
  previews->next_us = one->shown_us + (MOST_SHARE - 1) * (one->shown_us - start_us);
  report (run, one->slice, mask);
  return TRUE;
}
