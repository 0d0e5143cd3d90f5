/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the training thread does for others between two passes, while the weights stand still:
 * pauses, predictions that were asked for, and the preview of the slice on screen. */
#include "train/trainer-private.h"

#include "image/components.h"
#include "train/train.h"

#include <glib/gi18n-lib.h>

enum
{
  PREVIEW_US = 200 * 1000, /* from one to the next at least */
  PREVIEW_SHARE = 20,      /* of the time goes into previews at most one part in this many */
};

static gboolean
can_answer (const PlTrainRun *run, GTask *task)
{
  const PlPredictRequest *request = g_task_get_task_data (task);

  return request->model != NULL || run->live != NULL;
}

/* With the lock held. */
static GList *
find_request (const PlTrainRun *run)
{
  GList *link = run->trainer->requests.head;

  while (link != NULL && !can_answer (run, link->data))
    link = link->next;
  return link;
}

/* (nullable) (transfer full) */
static GTask *
take_request (PlTrainRun *run)
{
  PlTrainer *trainer = run->trainer;
  GTask *task = NULL;

  pthread_mutex_lock (&trainer->lock);
  GList *link = find_request (run);
  if (link != NULL)
    {
      task = link->data;
      g_queue_delete_link (&trainer->requests, link);
    }
  pthread_mutex_unlock (&trainer->lock);
  return task;
}

static void
cancel_cb (GCancellable *cancellable, gpointer other)
{
  g_cancellable_cancel (other);
}

/* Ends with the one who asked, or with the training. */
static void
answer (PlTrainRun *run, GTask *task)
{
  const PlPredictRequest *request = g_task_get_task_data (task);
  GCancellable *asker = g_task_get_cancellable (task);
  GCancellable *trainer = run->trainer->cancellable;
  g_autoptr (GCancellable) either = g_cancellable_new ();
  gulong of_asker = 0;
  gulong of_trainer = g_cancellable_connect (trainer, G_CALLBACK (cancel_cb), either, NULL);

  if (asker != NULL)
    of_asker = g_cancellable_connect (asker, G_CALLBACK (cancel_cb), either, NULL);
  pl_predict_request_answer (task, request->model != NULL ? request->model : run->live, either);
  g_cancellable_disconnect (trainer, of_trainer);
  g_cancellable_disconnect (asker, of_asker);
}

static void
answer_requests (PlTrainRun *run)
{
  while (!pl_trainer_is_stopped (run->trainer))
    {
      g_autoptr (GTask) task = take_request (run);

      if (task == NULL)
        return;
      answer (run, task);
    }
}

/* A wish for a preview, as it was at one moment. */
typedef struct
{
  guint serial;
  char *case_name;
  PlVolume *volume; /* (nullable): then there is none */
  int slice;
} Wish;

static Wish
get_wish (PlTrainer *trainer)
{
  Wish wish;

  pthread_mutex_lock (&trainer->lock);
  wish.serial = trainer->preview_serial;
  wish.case_name = g_strdup (trainer->preview_case);
  wish.volume = trainer->preview_volume != NULL ? pl_volume_ref (trainer->preview_volume) : NULL;
  wish.slice = trainer->preview_slice;
  pthread_mutex_unlock (&trainer->lock);
  return wish;
}

static void
clear_wish (Wish *wish)
{
  g_free (wish->case_name);
  pl_volume_unref (wish->volume);
}

static gboolean
can_preview (const Wish *wish)
{
  return wish->volume != NULL && wish->slice >= 0 &&
         wish->slice < pl_volume_ready_slices (wish->volume);
}

/* New slices come while somebody scrolls, so only their number a second is limited; new weights
 * come all the time, so what they cost is, too. */
static gboolean
is_preview_due (const PlTrainRun *run)
{
  PlTrainer *trainer = run->trainer;
  gint64 wait_us = PREVIEW_US;

  pthread_mutex_lock (&trainer->lock);
  gboolean is_wanted = trainer->preview_volume != NULL;
  gboolean is_new = trainer->preview_serial != run->preview_serial;
  pthread_mutex_unlock (&trainer->lock);
  if (!is_wanted || (!is_new && run->preview_step == run->optimizer->step))
    return FALSE;
  if (!is_new)
    wait_us = MAX (wait_us, (PREVIEW_SHARE - 1) * run->preview_cost_us);
  return g_get_monotonic_time () - run->preview_us >= wait_us;
}

static gboolean
is_not_stopped (gpointer data)
{
  const PlTrainRun *run = data;

  return !pl_trainer_is_stopped (run->trainer);
}

/* (nullable): when stopped. */
static PlMask *
preview_slice (PlTrainRun *run, const Wish *wish)
{
  const int n[3] = { 1, wish->volume->n[1], wish->volume->n[2] };
  g_autofree guint8 *labels = g_malloc ((gsize) n[1] * (gsize) n[2]);

  if (!pl_slice_predictor_run (run->previewer, wish->volume, wish->slice, 1, labels, NULL,
                               is_not_stopped, run))
    return NULL;
  pl_components_fill_holes (labels, n);
  return pl_mask_new_take (n, g_steal_pointer (&labels));
}

static void
show_preview (PlTrainRun *run)
{
  Wish wish = get_wish (run->trainer);
  gint64 start = g_get_monotonic_time ();
  PlMask *mask = can_preview (&wish) ? preview_slice (run, &wish) : NULL;

  run->preview_serial = wish.serial;
  run->preview_step = run->optimizer->step;
  run->preview_us = g_get_monotonic_time ();
  run->preview_cost_us = run->preview_us - start;
  if (mask != NULL)
    {
      PlPreview *preview = g_new0 (PlPreview, 1);

      preview->case_name = g_steal_pointer (&wish.case_name);
      preview->slice = wish.slice;
      preview->mask = mask;
      pl_trainer_report_preview (run->trainer, preview);
    }
  clear_wish (&wish);
}

void
pl_train_run_serve (PlTrainRun *run)
{
  answer_requests (run);
  if (run->previewer != NULL && is_preview_due (run))
    show_preview (run);
}

static gboolean
is_new_slice_wanted (PlTrainRun *run)
{
  pthread_mutex_lock (&run->trainer->lock);
  gboolean is_new = run->trainer->preview_serial != run->preview_serial;
  pthread_mutex_unlock (&run->trainer->lock);
  return run->previewer != NULL && is_new;
}

static gboolean
is_paused (PlTrainRun *run)
{
  pthread_mutex_lock (&run->trainer->lock);
  gboolean paused = run->trainer->is_paused;
  pthread_mutex_unlock (&run->trainer->lock);
  return paused && !pl_trainer_is_stopped (run->trainer);
}

/* Sleeps until the pause may be over or somebody wants something. */
static void
sleep_while_paused (PlTrainRun *run)
{
  PlTrainer *trainer = run->trainer;

  pthread_mutex_lock (&trainer->lock);
  while (trainer->is_paused && !pl_trainer_is_stopped (trainer) && find_request (run) == NULL &&
         (run->previewer == NULL || trainer->preview_volume == NULL ||
          trainer->preview_serial == run->preview_serial))
    pthread_cond_wait (&trainer->changed, &trainer->lock);
  pthread_mutex_unlock (&trainer->lock);
}

static void
pause_run (PlTrainRun *run)
{
  gint64 start = g_get_monotonic_time ();
  PlPhase phase = run->status.phase;

  pl_train_run_set_phase (run, PL_PHASE_PAUSED, run->status.fraction);
  if (run->previewer != NULL && run->preview_step != run->optimizer->step)
    show_preview (run);
  while (is_paused (run))
    {
      answer_requests (run);
      sleep_while_paused (run);
      if (is_new_slice_wanted (run))
        show_preview (run);
    }
  run->paused_us += g_get_monotonic_time () - start;
  pl_train_run_set_phase (run, phase, run->status.fraction);
}

gboolean
pl_train_run_go_on (gpointer data)
{
  PlTrainRun *run = data;

  if (is_paused (run))
    pause_run (run);
  return !pl_trainer_is_stopped (run->trainer);
}

/* FALSE when another request came that can be answered. */
static gboolean
refuse_the_rest (PlTrainRun *run, GQueue *rest)
{
  PlTrainer *trainer = run->trainer;

  pthread_mutex_lock (&trainer->lock);
  gboolean is_closed = pl_trainer_is_stopped (trainer) || find_request (run) == NULL;
  if (is_closed)
    {
      trainer->takes_requests = FALSE;
      *rest = trainer->requests;
      g_queue_init (&trainer->requests);
    }
  pthread_mutex_unlock (&trainer->lock);
  return is_closed;
}

void
pl_train_run_close_requests (PlTrainRun *run)
{
  GQueue rest = G_QUEUE_INIT;
  GTask *task;

  do
    answer_requests (run);
  while (!refuse_the_rest (run, &rest));
  while ((task = g_queue_pop_head (&rest)) != NULL)
    {
      if (pl_trainer_is_stopped (run->trainer))
        g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "%s",
                                 _ ("The training was stopped before this was predicted."));
      else
        g_task_return_new_error (
            task, PL_TRAIN_ERROR, PL_TRAIN_ERROR_MODEL, "%s",
            _ ("The training ended before there were weights to predict with."));
      g_object_unref (task);
    }
}
