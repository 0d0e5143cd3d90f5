/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The trainer as its users see it: an object of the main thread with a thread of its own. What the
 * thread has to say goes through the mailbox, and a source of 33 ms delivers it in the main
 * context; the end goes through one source that delivers what is left first. */
#include "train/trainer-private.h"

#include "train/manifest.h"
#include "train/run-folder.h"
#include "train/train.h"

#include <glib/gi18n-lib.h>
#include <math.h>

G_DEFINE_FINAL_TYPE (PlTrainer, pl_trainer, G_TYPE_OBJECT)

enum
{
  SIGNAL_POINTS,
  SIGNAL_STATUS,
  SIGNAL_PREVIEW,
  SIGNAL_NOTICE,
  SIGNAL_FINISHED,
  N_SIGNALS,
};
static guint signals[N_SIGNALS];

enum
{
  DELIVERY_MS = 33,
};

static void
clear_result (PlTrainResult *result)
{
  g_clear_error (&result->error);
  g_clear_pointer (&result->model, pl_model_unref);
  g_clear_pointer (&result->test_names, g_ptr_array_unref);
  g_clear_pointer (&result->test_classes, g_array_unref);
  g_clear_pointer (&result->test, g_array_unref);
}

static void
pl_trainer_finalize (GObject *object)
{
  PlTrainer *self = PL_TRAINER (object);

  g_assert (g_queue_is_empty (&self->requests));
  pl_dataset_free (self->dataset);
  g_free (self->run_folder);
  pl_model_unref (self->init);
  pl_run_origin_clear (&self->origin);
  g_clear_error (&self->resume_error);
  g_main_context_unref (self->context);
  g_object_unref (self->cancellable);
  pl_mailbox_clear (&self->mailbox);
  g_array_unref (self->preview_wishes);
  g_queue_clear_full (&self->notices, g_free);
  clear_result (&self->result);
  pthread_cond_destroy (&self->changed);
  pthread_mutex_destroy (&self->lock);
  G_OBJECT_CLASS (pl_trainer_parent_class)->finalize (object);
}

static guint
add_signal (const char *name, GType type)
{
  return g_signal_new (name, PL_TYPE_TRAINER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                       type == G_TYPE_NONE ? 0 : 1, type);
}

static void
pl_trainer_class_init (PlTrainerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pl_trainer_finalize;
  signals[SIGNAL_POINTS] = add_signal ("points", G_TYPE_ARRAY | G_SIGNAL_TYPE_STATIC_SCOPE);
  signals[SIGNAL_STATUS] = add_signal ("status", G_TYPE_POINTER);
  signals[SIGNAL_PREVIEW] = add_signal ("preview", G_TYPE_POINTER);
  signals[SIGNAL_NOTICE] = add_signal ("notice", G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE);
  signals[SIGNAL_FINISHED] = add_signal ("finished", G_TYPE_NONE);
}

static void
pl_trainer_init (PlTrainer *self)
{
  pthread_mutex_init (&self->lock, NULL);
  pthread_cond_init (&self->changed, NULL);
  pl_mailbox_init (&self->mailbox);
  self->preview_wishes = pl_preview_wishes_new ();
  g_queue_init (&self->requests);
  g_queue_init (&self->notices);
  self->context = g_main_context_ref_thread_default ();
  self->cancellable = g_cancellable_new ();
  self->result.best_dice = NAN;
}

/* The run's own settings, but for what its user may change. */
static void
take_run_settings (PlTrainer *self, const PlTrainSettings *wanted)
{
  if (!pl_run_folder_read_settings (self->run_folder, &self->settings, &self->origin,
                                    &self->resume_error))
    return;
  if (wanted->epochs > 0)
    self->settings.epochs = wanted->epochs;
  self->settings.time_limit_s = wanted->time_limit_s;
}

PlTrainer *
pl_trainer_new (const PlDataset *dataset,
                const PlTrainSettings *settings,
                const char *run_folder,
                PlModel *init,
                gboolean resume)
{
  PlTrainer *self = g_object_new (PL_TYPE_TRAINER, NULL);

  self->dataset = pl_dataset_copy (dataset);
  self->settings = *settings;
  self->settings.precision = pl_train_precision_resolve (settings->precision);
  self->run_folder = g_strdup (run_folder);
  self->is_resuming = resume;
  if (resume)
    {
      take_run_settings (self, settings);
      return self;
    }
  self->origin.split_file = g_strdup (dataset->split_file);
  if (init != NULL)
    {
      self->origin.init = g_strdup (init->path);
      self->init = pl_model_ref (init);
      self->settings.size_px = init->size_px;
      self->settings.base = init->net->shape.base;
      self->settings.depth = init->net->shape.depth;
    }
  return self;
}

static void
emit_notices (PlTrainer *self)
{
  for (;;)
    {
      pthread_mutex_lock (&self->lock);
      g_autofree char *notice = g_queue_pop_head (&self->notices);
      pthread_mutex_unlock (&self->lock);
      if (notice == NULL)
        return;
      g_signal_emit (self, signals[SIGNAL_NOTICE], 0, notice);
    }
}

/* Main thread. */
static void
deliver (PlTrainer *self)
{
  g_autoptr (GArray) points = NULL;
  g_autoptr (GPtrArray) previews = NULL;
  PlTrainStatus status;
  gboolean has_status = pl_mailbox_take (&self->mailbox, &points, &status, &previews);

  emit_notices (self);
  if (points->len > 0)
    g_signal_emit (self, signals[SIGNAL_POINTS], 0, points);
  if (has_status)
    g_signal_emit (self, signals[SIGNAL_STATUS], 0, &status);
  for (guint i = 0; i < previews->len; i++)
    g_signal_emit (self, signals[SIGNAL_PREVIEW], 0, g_ptr_array_index (previews, i));
}

static gboolean
deliver_cb (gpointer data)
{
  PlTrainer *self = data;

  pthread_mutex_lock (&self->lock);
  g_clear_pointer (&self->delivery, g_source_unref);
  pthread_mutex_unlock (&self->lock);
  deliver (self);
  return G_SOURCE_REMOVE;
}

/* Any thread. At most one delivery is under way. */
static void
ask_for_delivery (PlTrainer *self)
{
  pthread_mutex_lock (&self->lock);
  if (self->delivery == NULL)
    {
      self->delivery = g_timeout_source_new (DELIVERY_MS);
      g_source_set_callback (self->delivery, deliver_cb, g_object_ref (self), g_object_unref);
      g_source_attach (self->delivery, self->context);
    }
  pthread_mutex_unlock (&self->lock);
}

void
pl_trainer_report_point (PlTrainer *self, const PlTrainPoint *point)
{
  if (pl_mailbox_post_point (&self->mailbox, point))
    ask_for_delivery (self);
}

void
pl_trainer_report_status (PlTrainer *self, const PlTrainStatus *status)
{
  if (pl_mailbox_post_status (&self->mailbox, status))
    ask_for_delivery (self);
}

void
pl_trainer_report_preview (PlTrainer *self, PlPreview *preview)
{
  if (pl_mailbox_post_preview (&self->mailbox, preview))
    ask_for_delivery (self);
}

void
pl_trainer_report_notice (PlTrainer *self, const char *notice)
{
  pthread_mutex_lock (&self->lock);
  g_queue_push_tail (&self->notices, g_strdup (notice));
  pthread_mutex_unlock (&self->lock);
  ask_for_delivery (self);
}

/* Main thread; after the last word of the worker. */
static gboolean
finish_cb (gpointer data)
{
  PlTrainer *self = data;

  pthread_mutex_lock (&self->lock);
  if (self->delivery != NULL)
    g_source_destroy (self->delivery);
  g_clear_pointer (&self->delivery, g_source_unref);
  pthread_mutex_unlock (&self->lock);
  deliver (self);
  self->is_running = FALSE;
  g_signal_emit (self, signals[SIGNAL_FINISHED], 0);
  return G_SOURCE_REMOVE;
}

void
pl_trainer_finish_take (PlTrainer *self)
{
  g_autoptr (GMainContext) context = g_main_context_ref (self->context);
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, finish_cb, self, g_object_unref);
  g_source_attach (source, context);
}

void
pl_trainer_start (PlTrainer *self)
{
  GThread *thread;

  g_return_if_fail (PL_IS_TRAINER (self));
  g_return_if_fail (!self->is_started);
  self->is_started = TRUE;
  self->is_running = TRUE;
  pthread_mutex_lock (&self->lock);
  self->takes_requests = TRUE;
  pthread_mutex_unlock (&self->lock);
  thread = g_thread_new ("pleura-train", pl_train_run_thread, g_object_ref (self));
  g_thread_unref (thread);
}

void
pl_trainer_set_paused (PlTrainer *self, gboolean paused)
{
  g_return_if_fail (PL_IS_TRAINER (self));
  pthread_mutex_lock (&self->lock);
  self->is_paused = paused;
  pthread_cond_broadcast (&self->changed);
  pthread_mutex_unlock (&self->lock);
}

void
pl_trainer_stop (PlTrainer *self)
{
  g_return_if_fail (PL_IS_TRAINER (self));
  g_cancellable_cancel (self->cancellable);
  pthread_mutex_lock (&self->lock);
  pthread_cond_broadcast (&self->changed);
  pthread_mutex_unlock (&self->lock);
}

gboolean
pl_trainer_is_stopped (PlTrainer *self)
{
  return g_cancellable_is_cancelled (self->cancellable);
}

void
pl_trainer_stop_after_epoch (PlTrainer *self, gboolean stop)
{
  g_return_if_fail (PL_IS_TRAINER (self));
  pthread_mutex_lock (&self->lock);
  self->ends_after_epoch = stop;
  pthread_mutex_unlock (&self->lock);
}

void
pl_trainer_set_last_epoch (PlTrainer *self, int epoch)
{
  g_return_if_fail (PL_IS_TRAINER (self));
  g_return_if_fail (!self->is_started);
  self->last_epoch = epoch;
}

void
pl_trainer_set_preview (PlTrainer *self, GArray *wishes)
{
  g_autoptr (GArray) old = NULL;

  g_return_if_fail (PL_IS_TRAINER (self));
  pthread_mutex_lock (&self->lock);
  old = self->preview_wishes;
  self->preview_wishes = g_array_ref (wishes);
  self->preview_serial++;
  pthread_cond_broadcast (&self->changed);
  pthread_mutex_unlock (&self->lock);
}

/* TRUE if the worker will answer it. */
static gboolean
queue_request (PlTrainer *self, GTask *task)
{
  pthread_mutex_lock (&self->lock);
  gboolean is_taken = self->takes_requests;
  if (is_taken)
    {
      g_queue_push_tail (&self->requests, g_object_ref (task));
      pthread_cond_broadcast (&self->changed);
    }
  pthread_mutex_unlock (&self->lock);
  return is_taken;
}

void
pl_trainer_predict_async (PlTrainer *self,
                          PlModel *model,
                          PlVolume *volume,
                          const PlPredictOptions *options,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer data)
{
  g_autoptr (GTask) task = NULL;
  PlPredictRequest *request;

  g_return_if_fail (PL_IS_TRAINER (self));
  task = g_task_new (self, cancellable, callback, data);
  request = pl_predict_request_attach (task, model, volume, options);
  g_task_set_source_tag (task, pl_trainer_predict_async);
  if (queue_request (self, task))
    return;
  if (request->model == NULL && self->result.model != NULL)
    request->model = pl_model_ref (self->result.model);
  if (request->model != NULL)
    pl_predict_request_answer_in_thread (task);
  else
    g_task_return_new_error (task, PL_TRAIN_ERROR, PL_TRAIN_ERROR_MODEL, "%s",
                             _ ("There are no trained weights to predict with yet."));
}

gboolean
pl_trainer_is_running (PlTrainer *self)
{
  g_return_val_if_fail (PL_IS_TRAINER (self), FALSE);
  return self->is_running;
}

const PlTrainSettings *
pl_trainer_get_settings (PlTrainer *self)
{
  g_return_val_if_fail (PL_IS_TRAINER (self), NULL);
  return &self->settings;
}

const char *
pl_trainer_get_run_folder (PlTrainer *self)
{
  g_return_val_if_fail (PL_IS_TRAINER (self), NULL);
  return self->run_folder;
}

const PlTrainResult *
pl_trainer_get_result (PlTrainer *self)
{
  g_return_val_if_fail (PL_IS_TRAINER (self), NULL);
  return self->is_started && !self->is_running ? &self->result : NULL;
}
