/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the training thread does for others between two passes, while the weights stand still:
 * pauses and predictions that were asked for. */
#include "train/trainer-private.h"

#include "train/train.h"

#include <glib/gi18n-lib.h>

static gboolean
can_answer (const PlTrainRun *run, GTask *task)
{
  const PlPredictRequest *request = g_task_get_task_data (task);

  return request->model != NULL || run->live != NULL;
}

static gboolean
is_slice (GTask *task)
{
  const PlPredictRequest *request = g_task_get_task_data (task);

  return request->volume->n[0] == 1;
}

/* With the lock held. */
static GList *
find_request (const PlTrainRun *run, gboolean only_slices)
{
  GList *link = run->trainer->requests.head;

  while (link != NULL && (!can_answer (run, link->data) || (only_slices && !is_slice (link->data))))
    link = link->next;
  return link;
}

/* (nullable) (transfer full) */
static GTask *
take_request (PlTrainRun *run, gboolean only_slices)
{
  PlTrainer *trainer = run->trainer;
  GTask *task = NULL;

  pthread_mutex_lock (&trainer->lock);
  GList *link = find_request (run, only_slices);
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

static void answer_requests (PlTrainRun *run, gboolean only_slices);

/* A volume takes seconds: slices are answered between its batches. */
typedef struct
{
  PlTrainRun *run;
  PlPredictOptions asked;
} Volume;

static void
volume_progress_cb (double fraction, gpointer data)
{
  Volume *volume = data;

  if (volume->asked.progress != NULL)
    volume->asked.progress (fraction, volume->asked.progress_data);
  answer_requests (volume->run, TRUE);
}

/* Ends with the one who asked, or with the training. */
static void
answer (PlTrainRun *run, GTask *task)
{
  PlPredictRequest *request = g_task_get_task_data (task);
  Volume volume = { run, request->options };
  GCancellable *asker = g_task_get_cancellable (task);
  GCancellable *trainer = run->trainer->cancellable;
  g_autoptr (GCancellable) either = g_cancellable_new ();
  gulong of_asker = 0;
  gulong of_trainer = g_cancellable_connect (trainer, G_CALLBACK (cancel_cb), either, NULL);

  if (asker != NULL)
    of_asker = g_cancellable_connect (asker, G_CALLBACK (cancel_cb), either, NULL);
  if (!is_slice (task))
    {
      request->options.progress = volume_progress_cb;
      request->options.progress_data = &volume;
    }
  pl_predict_request_answer (task, request->model != NULL ? request->model : run->live, either);
  g_cancellable_disconnect (trainer, of_trainer);
  g_cancellable_disconnect (asker, of_asker);
}

static void
answer_requests (PlTrainRun *run, gboolean only_slices)
{
  while (!pl_trainer_is_stopped (run->trainer))
    {
      g_autoptr (GTask) task = take_request (run, only_slices);

      if (task == NULL)
        return;
      answer (run, task);
    }
}

void
pl_train_run_serve (PlTrainRun *run)
{
  answer_requests (run, FALSE);
  pl_train_run_show_preview (run, FALSE);
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
  while (trainer->is_paused && !pl_trainer_is_stopped (trainer) &&
         find_request (run, FALSE) == NULL && trainer->preview_serial == run->previews.serial)
    pthread_cond_wait (&trainer->changed, &trainer->lock);
  pthread_mutex_unlock (&trainer->lock);
}

static void
pause_run (PlTrainRun *run)
{
  gint64 start = g_get_monotonic_time ();
  PlPhase phase = run->status.phase;

  pl_train_run_set_phase (run, PL_PHASE_PAUSED, run->status.fraction);
  while (is_paused (run))
    {
      answer_requests (run, FALSE);
      if (!pl_train_run_show_preview (run, TRUE))
        sleep_while_paused (run);
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
  gboolean is_closed = pl_trainer_is_stopped (trainer) || find_request (run, FALSE) == NULL;
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
    answer_requests (run, FALSE);
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
