/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The slices on screen, predicted between two passes while it trains. What a preview costs, some
 * 10 ms for a slice of 256² and 16 channels, is taken from the training, so the next one waits a
 * multiple of that, of whichever case it is. */
#include "train/trainer-private.h"

#include "image/components.h"

enum
{
  REPEAT_US = 200 * 1000, /* between two of one slice */
  MOST_SHARE = 14,        /* one part in this many; what it takes from the caches comes on top */
};

enum
{
  NEVER = -1,
};

typedef struct
{
  gint64 step; /* of the weights that it was last predicted with, or NEVER */
  gint64 us;
} PlPreviewShown;

static void
clear_wish (gpointer data)
{
  PlPreviewWish *wish = data;

  g_free (wish->case_name);
  pl_volume_unref (wish->volume);
}

GArray *
pl_preview_wishes_new (void)
{
  GArray *wishes = g_array_new (FALSE, FALSE, sizeof (PlPreviewWish));

  g_array_set_clear_func (wishes, clear_wish);
  return wishes;
}

void
pl_preview_wishes_add (GArray *wishes, const char *case_name, PlVolume *volume, int slice)
{
  const PlPreviewWish wish = { g_strdup (case_name), pl_volume_ref (volume), slice };

  g_array_append_val (wishes, wish);
}

int
pl_preview_wishes_find (const GArray *wishes, const char *case_name, int slice)
{
  for (guint i = 0; i < wishes->len; i++)
    {
      const PlPreviewWish *wish = &g_array_index (wishes, PlPreviewWish, i);

      if (wish->slice == slice && g_str_equal (wish->case_name, case_name))
        return (int) i;
    }
  return -1;
}

void
pl_preview_state_clear (PlPreviewState *previews)
{
  g_clear_pointer (&previews->wishes, g_array_unref);
  g_clear_pointer (&previews->shown, g_array_unref);
}

/* What is known of @wish from the wishes before. */
static PlPreviewShown
find_shown (const PlPreviewState *before, const PlPreviewWish *wish)
{
  int place = before->wishes == NULL
                  ? -1
                  : pl_preview_wishes_find (before->wishes, wish->case_name, wish->slice);

  if (place < 0 || g_array_index (before->wishes, PlPreviewWish, place).volume != wish->volume)
    return (PlPreviewShown){ .step = NEVER };
  return g_array_index (before->shown, PlPreviewShown, place);
}

/* Takes @wishes. */
static void
take_wishes (PlPreviewState *previews, GArray *wishes, guint serial)
{
  PlPreviewState before = *previews;

  previews->serial = serial;
  previews->wishes = wishes;
  previews->shown = g_array_new (FALSE, FALSE, sizeof (PlPreviewShown));
  for (guint i = 0; i < wishes->len; i++)
    {
      PlPreviewShown shown = find_shown (&before, &g_array_index (wishes, PlPreviewWish, i));

      g_array_append_val (previews->shown, shown);
    }
  pl_preview_state_clear (&before);
}

static void
look_at_wishes (PlTrainRun *run)
{
  PlTrainer *trainer = run->trainer;
  GArray *wishes = NULL;
  guint serial;

  pthread_mutex_lock (&trainer->lock);
  serial = trainer->preview_serial;
  if (serial != run->previews.serial)
    wishes = g_array_ref (trainer->preview_wishes);
  pthread_mutex_unlock (&trainer->lock);
  if (wishes != NULL)
    take_wishes (&run->previews, wishes, serial);
}

/* Its place; −1 for none: the one that is furthest behind, of those the most wanted. */
static int
choose_wish (const PlTrainRun *run, gboolean is_paused)
{
  const PlPreviewState *previews = &run->previews;
  gint64 now_us = g_get_monotonic_time ();
  gint64 least_step = G_MAXINT64;
  int chosen = -1;

  if (previews->wishes == NULL || (!is_paused && now_us < previews->next_us))
    return -1;
  for (guint i = 0; i < previews->wishes->len; i++)
    {
      const PlPreviewWish *wish = &g_array_index (previews->wishes, PlPreviewWish, i);
      const PlPreviewShown *shown = &g_array_index (previews->shown, PlPreviewShown, i);

      if (wish->slice < 0 || wish->slice >= pl_volume_ready_slices (wish->volume) ||
          shown->step == (gint64) run->optimizer->step ||
          (!is_paused && shown->step != NEVER && now_us - shown->us < REPEAT_US))
        continue;
      if (shown->step >= least_step)
        continue;
      least_step = shown->step;
      chosen = (int) i;
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
predict_wish (PlTrainRun *run, const PlPreviewWish *wish)
{
  const PlVolume *volume = wish->volume;
  const int n[3] = { 1, volume->n[1], volume->n[2] };
  g_autofree guint8 *labels = g_malloc ((gsize) n[1] * (gsize) n[2]);

  if (!pl_slice_predictor_run (run->previewer, volume, wish->slice, 1, labels, NULL, is_not_stopped,
                               run))
    return NULL;
  pl_components_fill_holes (labels, n);
  return pl_mask_new_take (n, g_steal_pointer (&labels));
}

static void
report (PlTrainRun *run, const PlPreviewWish *wish, PlMask *mask)
{
  PlPreview *preview = g_new0 (PlPreview, 1);

  preview->case_name = g_strdup (wish->case_name);
  preview->slice = wish->slice;
  preview->mask = mask;
  pl_trainer_report_preview (run->trainer, preview);
}

gboolean
pl_train_run_show_preview (PlTrainRun *run, gboolean is_paused)
{
  PlPreviewState *previews = &run->previews;
  const PlPreviewWish *wish;
  PlPreviewShown *shown;
  gint64 start_us;
  PlMask *mask;
  int chosen;

  look_at_wishes (run);
  chosen = run->previewer != NULL ? choose_wish (run, is_paused) : -1;
  if (chosen < 0)
    return FALSE;
  wish = &g_array_index (previews->wishes, PlPreviewWish, chosen);
  start_us = g_get_monotonic_time ();
  mask = predict_wish (run, wish);
  if (mask == NULL)
    return FALSE;
  shown = &g_array_index (previews->shown, PlPreviewShown, chosen);
  *shown = (PlPreviewShown){ (gint64) run->optimizer->step, g_get_monotonic_time () };
  previews->next_us = shown->us + (MOST_SHARE - 1) * (shown->us - start_us);
  report (run, wish, mask);
  return TRUE;
}
