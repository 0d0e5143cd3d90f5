/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Predicting one case or all of them, one after another: load, predict, compare with the truth;
 * then with the second model, if there is one, what was loaded for the first. While a training
 * runs, its thread does the predicting, so that the two do not fight for the processor. Of each
 * prediction the mask stays, packed, in the case's item.
 */
#include "app/window-private.h"

#include "app/case-score.h"
#include "app/relay.h"

#include <glib/gi18n.h>
#include <math.h>

struct _PlPredictJob
{
  /* Owned */
  PlAppWindow *window;
  GCancellable *cancellable;
  PlRelay *relay;
  GPtrArray *items; /* of PlCaseItem */
  PlModel *model;   /* (nullable): the weights of the moment of a training */
  PlModel *second;  /* (nullable) */

  /* Owned, of the case under way */
  PlCaseItem *item;
  PlVolume *volume;
  PlMask *mask;

  gboolean is_of_second; /* what is under way */
  gboolean only_missing; /* what is there already is not predicted again */
  guint n_done;
  int n_failed;
  int n_notices;
};

static void predict_next (PlPredictJob *job);
static void predict_case (PlPredictJob *job);

static void
clear_case (PlPredictJob *job)
{
  g_clear_object (&job->item);
  g_clear_pointer (&job->volume, pl_volume_unref);
  g_clear_pointer (&job->mask, pl_mask_unref);
}

static void
job_free (PlPredictJob *job)
{
  clear_case (job);
  pl_relay_stop (job->relay);
  pl_relay_unref (job->relay);
  g_ptr_array_unref (job->items);
  g_clear_pointer (&job->model, pl_model_unref);
  g_clear_pointer (&job->second, pl_model_unref);
  g_object_unref (job->cancellable);
  g_object_unref (job->window);
  g_free (job);
  g_application_release (g_application_get_default ());
}

static void
set_state (PlAppWindow *self, const char *state)
{
  pl_app_window_set_action_state (self, "prediction-state", g_variant_new_string (state));
}

static void
announce_end (PlPredictJob *job)
{
  int n_items = (int) job->items->len;
  int n = (int) job->n_done - job->n_failed;
  g_autofree char *text = NULL;

  if (n_items == 1)
    return;
  text = g_strdup_printf (
      ngettext ("%d of %d case was predicted", "%d of %d cases were predicted", (gulong) n_items),
      n, n_items);
  pl_app_window_announce (job->window, text);
}

/* Frees @job. */
static void
finish_job (PlPredictJob *job)
{
  PlAppWindow *self = job->window;
  gboolean cancelled = g_cancellable_is_cancelled (job->cancellable);

  if (self->predicting.cancellable == job->cancellable)
    {
      self->prediction = NULL;
      pl_app_window_end_work (self, &self->predicting);
      set_state (self, job->n_failed > 0 ? "failed" : cancelled ? "idle" : "done");
      announce_end (job);
    }
  job_free (job);
}

static void
fail_case (PlPredictJob *job, const GError *error)
{
  g_autofree char *summary = NULL;

  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      job->n_failed++;
      summary =
          g_strdup_printf (_ ("“%s” could not be predicted"), pl_case_item_get_name (job->item));
      if (job->items->len == 1)
        pl_app_window_report (job->window, summary, error);
      else
        pl_app_window_note_error (job->window, summary, error);
    }
  predict_next (job);
}

/* A closed window has forgotten its work, and its widgets are gone. */
static gboolean
is_abandoned (const PlPredictJob *job)
{
  return job->window->predicting.cancellable != job->cancellable;
}

static gboolean
wants_first (const PlPredictJob *job)
{
  return !job->only_missing || !pl_case_item_has_prediction (job->item);
}

static gboolean
wants_second (const PlPredictJob *job)
{
  return job->second != NULL && (!job->only_missing || !pl_case_item_has_second (job->item));
}

/* The first model is done with the case. */
static void
go_on (PlPredictJob *job)
{
  if (!wants_second (job) || g_cancellable_is_cancelled (job->cancellable))
    {
      predict_next (job);
      return;
    }
  job->is_of_second = TRUE;
  predict_case (job);
}

static void
scored_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  PlPredictJob *job = data;
  g_autoptr (GError) error = NULL;
  PlCaseScore score;
  gboolean done = pl_case_score_finish (result, &score, &error);

  if (is_abandoned (job))
    finish_job (job);
  else if (!done)
    fail_case (job, error);
  else
    {
      pl_app_window_take_score (job->window, job->item, &score);
      pl_case_list_update (job->window->case_list);
      go_on (job);
    }
}

static void
score_case (PlPredictJob *job)
{
  PlAppWindow *self = job->window;
  PlMask *truth = job->item == self->current && self->n_loads == 0 ? self->truth : NULL;

  pl_case_score_async (pl_case_item_get_case (job->item), job->mask, truth, job->cancellable,
                       scored_cb, job);
}

/* The first is shown; of all, the list of problems knows. */
static void
tell_notice (PlPredictJob *job, const char *notice)
{
  /* Translators: %s is a case's file name. */
  g_autofree char *summary =
      g_strdup_printf (_ ("“%s” is not in Hounsfield units"), pl_case_item_get_name (job->item));

  pl_app_window_note (job->window, summary, notice);
  if (job->n_notices++ == 0)
    pl_app_window_point_to_problems (job->window, summary);
}

/* Takes what the first model has predicted. */
static void
take_first (PlPredictJob *job, const PlPrediction *prediction)
{
  if (prediction->notice != NULL)
    tell_notice (job, prediction->notice);
  job->mask = pl_mask_ref (prediction->mask);
  pl_case_item_set_prediction (job->item, job->mask);
  pl_app_window_keep_heat (job->window, job->item, prediction->heat);
  pl_case_list_update (job->window->case_list);
  if (job->item == job->window->current)
    pl_app_window_show_prediction (job->window);
  if (pl_case_item_get_case (job->item)->mask_path != NULL)
    score_case (job);
  else
    go_on (job);
}

static void
take_second (PlPredictJob *job, const PlPrediction *prediction)
{
  pl_case_item_set_second (job->item, prediction->mask);
  if (job->item == job->window->current)
    pl_app_window_show_second (job->window);
  predict_next (job);
}

static void
predicted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  PlPredictJob *job = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PlPrediction) prediction = pl_predict_volume_finish (result, &error);

  if (is_abandoned (job))
    {
      finish_job (job);
      return;
    }
  if (prediction == NULL)
    {
      fail_case (job, error);
      return;
    }
  if (!pl_case_item_is_read_as (job->item, &job->volume->header))
    {
      g_clear_object (&job->item); /* it is not done: it comes again, as it is read now */
      predict_next (job);
      return;
    }
  if (job->is_of_second)
    take_second (job, prediction);
  else
    take_first (job, prediction);
}

static void
predict_case (PlPredictJob *job)
{
  PlAppWindow *self = job->window;
  PlModel *model = job->is_of_second ? job->second : job->model;
  PlPredictOptions options = { 0 };

  if (model != NULL)
    options = pl_predict_options_default (model, job->volume);
  options.want_heat = !job->is_of_second;
  options.progress = pl_relay_report_cb;
  options.progress_data = job->relay;
  if (self->trainer != NULL && pl_trainer_is_running (self->trainer))
    pl_trainer_predict_async (self->trainer, model, job->volume, &options, job->cancellable,
                              predicted_cb, job);
  else
    pl_predict_volume_async (model, job->volume, &options, job->cancellable, predicted_cb, job);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  PlPredictJob *job = data;
  g_autoptr (GError) error = NULL;

  job->volume = pl_volume_load_finish (result, &error);
  if (is_abandoned (job))
    finish_job (job);
  else if (job->volume == NULL)
    fail_case (job, error);
  else
    predict_case (job);
}

static void
update_progress (PlPredictJob *job, double fraction)
{
  PlAppWindow *self = job->window;

  if (job->second != NULL)
    fraction = (job->is_of_second + fraction) / 2;
  self->predicting.fraction = (job->n_done + fraction) / job->items->len;
  pl_app_window_update_work (self);
}

static void
progress_cb (GObject *target, PlVolume *volume, double fraction)
{
  PlAppWindow *self = PL_APP_WINDOW (target);

  if (self->prediction != NULL)
    update_progress (self->prediction, fraction);
}

/* Without a model of its own the window uses the weights of the moment, which end with the
 * training: from then on, with what it gave. */
static gboolean
find_model (PlPredictJob *job)
{
  PlAppWindow *self = job->window;

  if (job->model == NULL && self->trainer == NULL && self->model != NULL)
    job->model = pl_model_ref (self->model);
  return job->model != NULL || self->trainer != NULL;
}

/* The case before this one, if any, is done. FALSE when it was the last to do. */
static gboolean
begin_case (PlPredictJob *job)
{
  if (job->item != NULL)
    job->n_done++;
  clear_case (job);
  for (; job->n_done < job->items->len; job->n_done++)
    {
      job->item = g_object_ref (g_ptr_array_index (job->items, job->n_done));
      job->is_of_second = !wants_first (job);
      if (!job->is_of_second || wants_second (job))
        return TRUE;
      clear_case (job);
    }
  return FALSE;
}

static void
predict_next (PlPredictJob *job)
{
  PlAppWindow *self = job->window;
  PlLoadOptions options;

  if (!begin_case (job) || g_cancellable_is_cancelled (job->cancellable) || !find_model (job))
    {
      finish_job (job);
      return;
    }
  update_progress (job, 0);
  if (job->item == self->current && self->volume_is_current && self->n_loads == 0)
    {
      job->volume = pl_volume_ref (pl_view_state_get_volume (self->state));
      predict_case (job);
    }
  else
    {
      options = pl_case_load_options (pl_case_item_get_case (job->item));
      pl_volume_load_async (pl_case_item_get_case (job->item)->image_path, &options,
                            job->cancellable, loaded_cb, job);
    }
}

/* Takes @items. */
static void
begin_job (PlAppWindow *self, const char *text, GPtrArray *items, gboolean only_missing)
{
  PlPredictJob *job = g_new0 (PlPredictJob, 1);

  g_application_hold (g_application_get_default ());
  job->window = g_object_ref (self);
  job->cancellable = g_object_ref (pl_app_window_begin_work (self, &self->predicting, text));
  job->relay = pl_relay_new (G_OBJECT (self), job->cancellable, progress_cb);
  job->model = self->model == NULL ? NULL : pl_model_ref (self->model);
  job->second = self->second_model == NULL ? NULL : pl_model_ref (self->second_model);
  job->items = items;
  job->only_missing = only_missing;
  self->prediction = job;
  set_state (self, "running");
  predict_next (job);
}

static gboolean
can_predict (PlAppWindow *self)
{
  if (self->model != NULL || self->trainer != NULL)
    return TRUE;
  pl_app_window_toast (self, _ ("Train a model or open one first: it finds the lungs"));
  return FALSE;
}

void
pl_app_window_predict (PlAppWindow *self)
{
  GPtrArray *items;
  g_autofree char *text = NULL;

  if (!can_predict (self) || !self->volume_is_current || self->predicting.cancellable != NULL)
    return;
  /* Translators: %s is a case's file name. */
  text = g_strdup_printf (_ ("Predicting %s…"), pl_case_item_get_name (self->current));
  items = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (items, g_object_ref (self->current));
  begin_job (self, text, items, self->model != NULL && self->second_model != NULL);
}

static GPtrArray *
list_items (PlAppWindow *self)
{
  GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->cases));

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (items, g_list_model_get_item (G_LIST_MODEL (self->cases), i));
  return items;
}

void
pl_app_window_predict_all (PlAppWindow *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->cases));

  if (can_predict (self) && n > 0 && self->predicting.cancellable == NULL)
    begin_job (self, _ ("Predicting all cases…"), list_items (self),
               self->model != NULL && self->second_model != NULL);
}

/* An answer that is still to come finds its job abandoned. */
static void
begin_again (PlAppWindow *self, const PlPredictJob *job)
{
  g_autofree char *text = g_strdup (self->predicting.text);

  begin_job (self, text, g_ptr_array_ref (job->items), TRUE);
}

void
pl_app_window_forget_predictions (PlAppWindow *self)
{
  g_autoptr (GPtrArray) items = list_items (self);

  for (guint i = 0; i < items->len; i++)
    pl_case_item_set_prediction (g_ptr_array_index (items, i), NULL);
  for (guint i = 0; i < self->removed->len; i++)
    pl_case_item_set_prediction (((PlRemovedCase *) self->removed->pdata[i])->item, NULL);
  pl_case_list_update (self->case_list);
  pl_app_window_show_prediction (self);
  if (self->prediction != NULL && !g_cancellable_is_cancelled (self->predicting.cancellable))
    begin_again (self, self->prediction);
}

void
pl_app_window_forget_second_predictions (PlAppWindow *self)
{
  g_autoptr (GPtrArray) items = list_items (self);

  for (guint i = 0; i < items->len; i++)
    pl_case_item_set_second (g_ptr_array_index (items, i), NULL);
  pl_app_window_show_second (self);
  if (self->prediction != NULL && !g_cancellable_is_cancelled (self->predicting.cancellable))
    begin_again (self, self->prediction);
}
