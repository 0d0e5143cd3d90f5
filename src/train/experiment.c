/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several trainings in a row. The experiment lives in the main context and only hands trainers
 * their data: each is made when the one before it has finished, so that there are never two sets of
 * weights and samples in memory. */
#include "train/experiment.h"

#include "train/batch.h"
#include "train/manifest.h"
#include "train/run-folder.h"
#include "train/split-fold.h"
#include "train/split-patients.h"
#include "train/split.h"
#include "train/train.h"

#include "base/file.h"

#include <glib/gi18n-lib.h>
#include <math.h>

struct _PlExperiment
{
  GObject parent_instance;

  /* Owned */
  PlDataset *dataset; /* what the parts are made from */
  PlExperimentRecord *record;
  PlModel *init; /* (nullable) */
  char *folder;
  PlTrainer *trainer; /* (nullable): of run @index */
  GError *error;      /* (nullable) */

  int index; /* of the run under way, or the next one */
  gboolean is_resuming;
  gboolean has_split; /* written; changed only while no worker writes */
  gboolean is_started;
  gboolean is_running;
  gboolean is_paused;
  gboolean is_stopped;
  double fraction; /* of the run under way */
  double time_s;   /* likewise, at its last point */
};

G_DEFINE_FINAL_TYPE (PlExperiment, pl_experiment, G_TYPE_OBJECT)

enum
{
  SIGNAL_RUN_STARTED,
  SIGNAL_POINTS,
  SIGNAL_STATUS,
  SIGNAL_NOTICE,
  SIGNAL_RUN_FINISHED,
  SIGNAL_FINISHED,
  N_SIGNALS,
};
static guint signals[N_SIGNALS];

static void
pl_experiment_finalize (GObject *object)
{
  PlExperiment *self = PL_EXPERIMENT (object);

  g_clear_pointer (&self->dataset, pl_dataset_free);
  g_clear_pointer (&self->record, pl_experiment_record_free);
  g_clear_pointer (&self->init, pl_model_unref);
  g_free (self->folder);
  g_clear_object (&self->trainer);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (pl_experiment_parent_class)->finalize (object);
}

static void
pl_experiment_class_init (PlExperimentClass *klass)
{
  const GType type = G_TYPE_FROM_CLASS (klass);
  const GType array = G_TYPE_ARRAY | G_SIGNAL_TYPE_STATIC_SCOPE;
  const GType string = G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE;

  G_OBJECT_CLASS (klass)->finalize = pl_experiment_finalize;
  signals[SIGNAL_RUN_STARTED] = g_signal_new ("run-started", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                              NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  signals[SIGNAL_POINTS] = g_signal_new ("points", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 2, G_TYPE_INT, array);
  signals[SIGNAL_STATUS] = g_signal_new ("status", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[SIGNAL_NOTICE] =
      g_signal_new ("notice", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, string);
  signals[SIGNAL_RUN_FINISHED] = g_signal_new ("run-finished", type, G_SIGNAL_RUN_LAST, 0, NULL,
                                               NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  signals[SIGNAL_FINISHED] =
      g_signal_new ("finished", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
pl_experiment_init (PlExperiment *self)
{
}

static PlExperimentRun *
get_run (PlExperiment *self, int index)
{
  return g_ptr_array_index (self->record->runs, (guint) index);
}

/* Returns: (transfer full): the data set split for one run, or NULL with @error set */
static PlDataset *
split_for_run (PlExperiment *self, int index, GError **error)
{
  const PlTrainSettings *settings = &self->record->settings;
  const PlExperimentPlan *plan = &self->record->plan;
  const double *split = settings->split;
  g_autoptr (PlDataset) dataset = pl_dataset_copy (self->dataset);
  gboolean is_split;

  if (plan->kind == PL_EXPERIMENT_CROSS_VALIDATION)
    is_split = pl_split_assign_fold (dataset, plan->n_runs, index, split[1] / (split[0] + split[1]),
                                     settings->seed, error);
  else
    is_split = pl_split_keep_share (dataset, plan->shares[index], settings->seed, error);
  return is_split ? g_steal_pointer (&dataset) : NULL;
}

static int
count_training_patients (const PlDataset *dataset)
{
  g_autoptr (GPtrArray) patients = pl_split_list_patients (dataset);
  int n = 0;

  for (guint i = 0; i < patients->len; i++)
    {
      const PlSplitPatient *patient = g_ptr_array_index (patients, i);

      n += ((const PlCase *) g_ptr_array_index (patient->cases, 0))->group == PL_GROUP_TRAIN;
    }
  return n;
}

/* How large each run's training part is. */
static gboolean
count_parts (PlExperiment *self, GError **error)
{
  for (int i = 0; i < self->record->plan.n_runs; i++)
    {
      PlExperimentRun *run = get_run (self, i);
      g_autoptr (PlDataset) dataset = split_for_run (self, i, error);

      if (dataset == NULL)
        return FALSE;
      run->n_patients = count_training_patients (dataset);
      run->n_cases = pl_split_count (dataset, PL_GROUP_TRAIN);
      run->n_slices = pl_samples_count_slices (dataset, PL_GROUP_TRAIN,
                                               self->record->settings.slices_per_volume);
    }
  return TRUE;
}

/* A share that rounds to the patients of the one before it would only repeat it. */
static void
leave_out_repeated (PlExperiment *self)
{
  for (int i = 1; i < self->record->plan.n_runs; i++)
    {
      PlExperimentRun *run = get_run (self, i);

      if (self->record->plan.kind != PL_EXPERIMENT_LEARNING_CURVE ||
          run->n_patients > get_run (self, i - 1)->n_patients)
        continue;
      run->state = PL_EXPERIMENT_RUN_LEFT_OUT;
      run->problem = g_strdup_printf (ngettext ("left out: it is %d patient, as in the share "
                                                "before it",
                                                "left out: it is %d patients, as in the share "
                                                "before it",
                                                (gulong) run->n_patients),
                                      run->n_patients);
    }
}

static gboolean
check_test_part (PlExperiment *self, GError **error)
{
  if (self->record->plan.kind == PL_EXPERIMENT_CROSS_VALIDATION ||
      pl_split_count (self->dataset, PL_GROUP_TEST) > 0)
    return TRUE;
  g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET,
               _ ("%s: a learning curve needs a test part, and it is empty"),
               self->dataset->folder);
  return FALSE;
}

PlExperiment *
pl_experiment_new (const PlDataset *dataset,
                   const PlExperimentPlan *plan,
                   const PlTrainSettings *settings,
                   PlModel *init,
                   const char *folder,
                   GError **error)
{
  g_autoptr (PlExperiment) self = g_object_new (PL_TYPE_EXPERIMENT, NULL);

  self->dataset = pl_dataset_copy (dataset);
  self->folder = g_strdup (folder);
  self->init = init != NULL ? pl_model_ref (init) : NULL;
  self->record = pl_experiment_record_new (plan, settings);
  self->record->settings.precision = pl_train_precision_resolve (settings->precision);
  self->record->dataset_folder = g_strdup (dataset->folder);
  self->record->dataset_hash = pl_dataset_hash (dataset);
  self->record->init =
      init != NULL && init->path != NULL ? g_canonicalize_filename (init->path, NULL) : NULL;
  if (!check_test_part (self, error) || !count_parts (self, error))
    return NULL;
  leave_out_repeated (self);
  return g_steal_pointer (&self);
}

static gboolean
check_dataset (PlExperiment *self, GError **error)
{
  g_autofree char *split = g_build_filename (self->folder, "split.csv", NULL);
  g_autofree char *hash = pl_dataset_hash (self->dataset);

  if (strcmp (hash, self->record->dataset_hash) != 0 &&
      g_strcmp0 (self->dataset->folder, self->record->dataset_folder) != 0)
    {
      g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_RUN,
                   _ ("%s: it is of another data set: %s"), self->folder,
                   self->record->dataset_folder);
      return FALSE;
    }
  if (strcmp (hash, self->record->dataset_hash) != 0)
    {
      g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_RUN,
                   _ ("%s: it cannot be resumed, because the data set has changed since it began: "
                      "other files or other sizes."),
                   self->folder);
      return FALSE;
    }
  return pl_split_read (self->dataset, split, error);
}

PlExperiment *
pl_experiment_resume (const PlDataset *dataset, const char *folder, GError **error)
{
  g_autoptr (PlExperiment) self = g_object_new (PL_TYPE_EXPERIMENT, NULL);

  self->dataset = pl_dataset_copy (dataset);
  self->folder = g_strdup (folder);
  self->is_resuming = TRUE;
  self->has_split = TRUE; /* check_dataset() reads it */
  self->record = pl_experiment_record_read (folder, error);
  if (self->record == NULL || !check_dataset (self, error))
    return NULL;
  if (self->record->init != NULL)
    {
      self->init = pl_model_read (self->record->init, NULL, NULL, error);
      if (self->init == NULL)
        return NULL;
    }
  return g_steal_pointer (&self);
}

static void
tell (PlExperiment *self, const char *message)
{
  g_autofree char *title = pl_experiment_record_dup_title (self->record, self->index);
  g_autofree char *notice = g_strdup_printf ("%s: %s", title, message);

  g_signal_emit (self, signals[SIGNAL_NOTICE], 0, notice);
}

static void
points_cb (PlExperiment *self, GArray *points)
{
  self->time_s = g_array_index (points, PlTrainPoint, points->len - 1).time_s;
  g_signal_emit (self, signals[SIGNAL_POINTS], 0, self->index, points);
}

/* All runs take as many steps, so each is as much of the whole. */
static void
status_cb (PlExperiment *self, const PlTrainStatus *training)
{
  int n_done = 0;
  int n_left = 0;
  PlExperimentStatus status = {
    .run = self->index,
    .n_runs = self->record->plan.n_runs,
    .training = training,
    .eta_s = -1,
  };

  for (int i = 0; i < status.n_runs; i++)
    {
      PlExperimentRunState state = get_run (self, i)->state;

      n_done += state == PL_EXPERIMENT_RUN_DONE;
      n_left +=
          i > self->index && state != PL_EXPERIMENT_RUN_DONE && state != PL_EXPERIMENT_RUN_LEFT_OUT;
    }
  if (training->phase == PL_PHASE_TRAINING || training->phase == PL_PHASE_VALIDATING)
    self->fraction = training->fraction;
  if (training->phase == PL_PHASE_TESTING)
    self->fraction = 1;
  status.fraction = (n_done + self->fraction) / (n_done + 1 + n_left);
  if (training->eta_s >= 0)
    status.eta_s = training->eta_s + n_left * (self->time_s + training->eta_s);
  g_signal_emit (self, signals[SIGNAL_STATUS], 0, &status);
}

static void
notice_cb (PlExperiment *self, const char *message)
{
  tell (self, message);
}

static void
take_result (PlExperimentRun *run, const PlTrainResult *result, double time_s)
{
  g_clear_pointer (&run->problem, g_free);
  run->best_epoch = result->best_epoch;
  run->validation_dice = result->best_dice;
  run->time_s = time_s;
  g_ptr_array_set_size (run->test_names, 0);
  g_array_set_size (run->test_dice, 0);
  if (result->outcome == PL_TRAIN_FAILED)
    {
      run->state = PL_EXPERIMENT_RUN_FAILED;
      run->problem = g_strdup (result->error->message);
      return;
    }
  run->state = PL_EXPERIMENT_RUN_DONE;
  for (guint i = 0; result->test != NULL && i < result->test->len; i++)
    {
      g_ptr_array_add (run->test_names, g_strdup (g_ptr_array_index (result->test_names, i)));
      g_array_append_val (run->test_dice, g_array_index (result->test, PlMetrics, i).dice);
    }
}

/* Nothing changes the record while it is written: the next training waits for that. */
static void
write_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  PlExperiment *self = source;
  g_autofree char *split = g_build_filename (self->folder, "split.csv", NULL);
  GError *error = NULL;

  if ((self->has_split || pl_split_write (self->dataset, split, &error)) &&
      pl_experiment_record_write (self->record, self->folder, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* In a worker, for a disk may keep one waiting. */
static void
write_files (PlExperiment *self, GAsyncReadyCallback callback)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, NULL);

  g_task_set_source_tag (task, write_files);
  g_task_run_in_thread (task, write_thread);
}

static void start_next (PlExperiment *self);

static void
run_written_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  PlExperiment *self = PL_EXPERIMENT (source);
  const PlExperimentRun *run = get_run (self, self->index);

  g_task_propagate_boolean (G_TASK (result), &self->error);
  if (run->state == PL_EXPERIMENT_RUN_FAILED)
    tell (self, run->problem);
  g_signal_emit (self, signals[SIGNAL_RUN_FINISHED], 0, self->index);
  self->index++;
  start_next (self);
}

/* One that was ended before its time waits to be resumed, and so do the others. */
static void
trainer_finished_cb (PlExperiment *self)
{
  g_autoptr (PlTrainer) trainer = g_steal_pointer (&self->trainer);
  const PlTrainResult *result = pl_trainer_get_result (trainer);

  g_signal_handlers_disconnect_by_data (trainer, self);
  if (result->outcome == PL_TRAIN_STOPPED || result->outcome == PL_TRAIN_ENDED)
    self->is_stopped = TRUE;
  else
    take_result (get_run (self, self->index), result, self->time_s);
  write_files (self, run_written_cb);
}

static int
count_batches (int n_slices, int batch)
{
  return (MAX (1, n_slices) + batch - 1) / batch;
}

/* As many steps as the largest share has. */
static void
lengthen (PlExperiment *self, const PlExperimentRun *run, PlTrainSettings *settings)
{
  const PlExperimentRun *largest = get_run (self, self->record->plan.n_runs - 1);
  double times;

  if (self->record->plan.kind != PL_EXPERIMENT_LEARNING_CURVE)
    return;
  times = (double) count_batches (largest->n_slices, settings->batch) /
          count_batches (run->n_slices, settings->batch);
  settings->epochs = (int) MIN (100000, ceil (settings->epochs * times));
  settings->patience = (int) ceil (settings->patience * times);
}

static void
watch (PlExperiment *self, const char *signal, GCallback handler)
{
  g_signal_connect_object (self->trainer, signal, handler, self, G_CONNECT_SWAPPED);
}

/* Goes on from a checkpoint; without one the training begins anew over what is there. */
static gboolean
begin_run (PlExperiment *self, GError **error)
{
  const PlExperimentRun *run = get_run (self, self->index);
  g_autofree char *folder = g_build_filename (self->folder, run->name, NULL);
  g_autofree char *last = g_build_filename (folder, "last.safetensors", NULL);
  gboolean has_begun = self->is_resuming && g_file_test (last, G_FILE_TEST_EXISTS);
  g_autoptr (PlDataset) dataset = split_for_run (self, self->index, error);
  PlTrainSettings settings = self->record->settings;

  if (dataset == NULL || !pl_file_make_folder (folder, error))
    return FALSE;
  lengthen (self, run, &settings);
  self->fraction = 0;
  self->time_s = 0;
  self->trainer = pl_trainer_new (dataset, &settings, folder, self->init, has_begun);
  watch (self, "points", G_CALLBACK (points_cb));
  watch (self, "status", G_CALLBACK (status_cb));
  watch (self, "notice", G_CALLBACK (notice_cb));
  watch (self, "finished", G_CALLBACK (trainer_finished_cb));
  g_signal_emit (self, signals[SIGNAL_RUN_STARTED], 0, self->index);
  pl_trainer_set_paused (self->trainer, self->is_paused);
  pl_trainer_start (self->trainer);
  return TRUE;
}

static void
finish (PlExperiment *self)
{
  self->is_running = FALSE;
  g_signal_emit (self, signals[SIGNAL_FINISHED], 0);
  g_object_unref (self); /* that of pl_experiment_start() */
}

/* The next run that has something to do, or the end. */
static void
start_next (PlExperiment *self)
{
  for (; self->index < self->record->plan.n_runs; self->index++)
    {
      const PlExperimentRun *run = get_run (self, self->index);

      if (self->is_stopped || self->error != NULL)
        break;
      if (run->state == PL_EXPERIMENT_RUN_LEFT_OUT)
        tell (self, run->problem);
      if (run->state == PL_EXPERIMENT_RUN_LEFT_OUT || run->state == PL_EXPERIMENT_RUN_DONE)
        continue;
      if (begin_run (self, &self->error))
        return;
    }
  finish (self);
}

static void
start_written_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  PlExperiment *self = PL_EXPERIMENT (source);

  self->has_split = g_task_propagate_boolean (G_TASK (result), &self->error);
  start_next (self);
}

void
pl_experiment_start (PlExperiment *self)
{
  g_return_if_fail (PL_IS_EXPERIMENT (self));
  g_return_if_fail (!self->is_started);
  self->is_started = TRUE;
  self->is_running = TRUE;
  g_object_ref (self);
  write_files (self, start_written_cb);
}

void
pl_experiment_set_paused (PlExperiment *self, gboolean paused)
{
  g_return_if_fail (PL_IS_EXPERIMENT (self));
  self->is_paused = paused;
  if (self->trainer != NULL)
    pl_trainer_set_paused (self->trainer, paused);
}

void
pl_experiment_stop (PlExperiment *self)
{
  g_return_if_fail (PL_IS_EXPERIMENT (self));
  self->is_stopped = TRUE;
  if (self->trainer != NULL)
    pl_trainer_stop (self->trainer);
}

gboolean
pl_experiment_is_running (PlExperiment *self)
{
  g_return_val_if_fail (PL_IS_EXPERIMENT (self), FALSE);
  return self->is_running;
}

PlTrainer *
pl_experiment_get_trainer (PlExperiment *self)
{
  g_return_val_if_fail (PL_IS_EXPERIMENT (self), NULL);
  return self->trainer;
}

const char *
pl_experiment_get_folder (PlExperiment *self)
{
  g_return_val_if_fail (PL_IS_EXPERIMENT (self), NULL);
  return self->folder;
}

const PlExperimentRecord *
pl_experiment_get_record (PlExperiment *self)
{
  g_return_val_if_fail (PL_IS_EXPERIMENT (self), NULL);
  return self->record;
}

const GError *
pl_experiment_get_error (PlExperiment *self)
{
  g_return_val_if_fail (PL_IS_EXPERIMENT (self), NULL);
  return self->error;
}
