/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a trainer does for others while it trains: it stops and pauses at once, and predicts.
 */
#include "rig.h"
#include "train/run-folder.h"
#include "train/train.h"

#include <string.h>
#include <time.h>

/* Sanitizers make everything several times slower. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define AT_ONCE_S 2.0
#else
#define AT_ONCE_S 0.25
#endif

/* A step of this takes a second or more, so a stop comes in the middle of one. */
static PlTrainSettings
heavy_settings (void)
{
  PlTrainSettings settings = rig_settings (100);

  settings.size_px = 256;
  settings.base = 16;
  settings.depth = 4;
  settings.batch = 8;
  return settings;
}

static gboolean
stop_cb (gpointer data)
{
  Rig *rig = data;

  rig->asked_us = g_get_monotonic_time ();
  pl_trainer_stop (rig->trainer);
  return G_SOURCE_REMOVE;
}

static void
stop_in_first_step (Rig *rig)
{
  if (rig->status.phase == PL_PHASE_TRAINING && rig->asked_us == 0)
    {
      rig->asked_us = 1;
      g_timeout_add (150, stop_cb, rig);
    }
}

static void
stop_in_second_step (Rig *rig)
{
  if (rig->status.step > 0 && rig->asked_us == 0)
    {
      rig->asked_us = 1;
      g_timeout_add (50, stop_cb, rig);
    }
}

/* How long a stop takes; other programs may take the processors, so the best of some. */
static void
assert_stops_at_once (void (*stop) (Rig *rig))
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = heavy_settings ();
  double shortest_s = 10;

  for (int i = 0; i < 10 && shortest_s > AT_ONCE_S; i++)
    {
      g_autoptr (Rig) rig = rig_new (&settings, dataset, NULL, NULL);
      const PlTrainResult *result;
      double s;

      rig->on_status = stop;
      result = rig_run (rig);
      s = (double) (g_get_monotonic_time () - rig->asked_us) / G_USEC_PER_SEC;
      g_test_message ("stopped after %.3f s in step %u", s, rig->points->len + 1);
      g_assert_cmpint (result->outcome, ==, PL_TRAIN_STOPPED);
      g_assert_no_error (result->error);
      g_assert_true (stop == stop_in_first_step || result->model != NULL);
      shortest_s = MIN (shortest_s, s);
    }
  g_assert_cmpfloat (shortest_s, <=, AT_ONCE_S);
}

static void
test_stop_in_step (void)
{
  assert_stops_at_once (stop_in_first_step);
}

/* Here there is something to save: 30 MB. */
static void
test_stop_and_save (void)
{
  assert_stops_at_once (stop_in_second_step);
}

static void
stop_while_loading (Rig *rig)
{
  pl_trainer_stop (rig->trainer);
}

static void
test_stop_while_loading (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = rig_settings (100000);
  g_autoptr (Rig) rig = rig_new (&settings, dataset, NULL, NULL);
  const PlTrainResult *result;

  pl_trainer_stop (rig->trainer); /* even before it starts */
  rig->on_status = stop_while_loading;
  result = rig_run (rig);
  g_assert_cmpint (result->outcome, ==, PL_TRAIN_STOPPED);
  g_assert_null (result->model);
}

static double
get_processor_s (void)
{
  struct timespec time;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &time);
  return (double) time.tv_sec + 1e-9 * (double) time.tv_nsec;
}

static double processor_s;
static guint n_points_at_pause;

static gboolean
resume_cb (gpointer data)
{
  Rig *rig = data;

  g_assert_cmpint (rig->status.phase, ==, PL_PHASE_PAUSED);
  g_assert_cmpuint (rig->points->len, ==, n_points_at_pause);
  g_test_message ("%.4f s of the processor in 0.3 s of a pause", get_processor_s () - processor_s);
  g_assert_cmpfloat (get_processor_s () - processor_s, <, 0.03);
  pl_trainer_set_paused (rig->trainer, FALSE);
  return G_SOURCE_REMOVE;
}

static gboolean
look_at_pause_cb (gpointer data)
{
  Rig *rig = data;

  processor_s = get_processor_s ();
  g_timeout_add (300, resume_cb, rig);
  return G_SOURCE_REMOVE;
}

/* When it pauses its threads still look for work for a moment. */
static void
await_pause (Rig *rig)
{
  if (rig->status.phase != PL_PHASE_PAUSED)
    return;
  rig->on_status = NULL;
  n_points_at_pause = rig->points->len;
  g_timeout_add (100, look_at_pause_cb, rig);
}

static void
pause_at_first (Rig *rig, const PlTrainPoint *point)
{
  if (point->step == 1)
    pl_trainer_set_paused (rig->trainer, TRUE);
}

static void
test_pause (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = rig_settings (8); /* enough to be paused in the middle */
  g_autoptr (Rig) plain = NULL;
  g_autoptr (Rig) paused = NULL;
  g_autoptr (GArray) history = NULL;
  gint64 start_us;
  double time_s;

  settings.size_px = 64;
  settings.base = 8;
  plain = rig_new (&settings, dataset, NULL, NULL);
  paused = rig_new (&settings, dataset, NULL, NULL);
  rig_run (plain);
  paused->on_point = pause_at_first;
  paused->on_status = await_pause;
  start_us = g_get_monotonic_time ();
  g_assert_cmpint (rig_run (paused)->outcome, ==, PL_TRAIN_COMPLETED);
  g_assert_true (paused->phases & 1u << PL_PHASE_PAUSED);
  rig_assert_same_file (plain, paused, "best.safetensors");

  history = pl_run_folder_read_history (paused->folder, NULL);
  time_s = g_array_index (history, PlEpoch, history->len - 1).time_s;
  g_assert_cmpfloat (time_s, <,
                     (double) (g_get_monotonic_time () - start_us) / G_USEC_PER_SEC - 0.3);
}

static void
stop_when_paused (Rig *rig)
{
  if (rig->status.phase == PL_PHASE_PAUSED)
    pl_trainer_stop (rig->trainer);
}

static void
test_stop_when_paused (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = rig_settings (100000);
  g_autoptr (Rig) rig = rig_new (&settings, dataset, NULL, NULL);

  rig->on_point = pause_at_first;
  rig->on_status = stop_when_paused;
  g_assert_cmpint (rig_run (rig)->outcome, ==, PL_TRAIN_STOPPED);
}

static gboolean
resume_from_start_cb (gpointer data)
{
  Rig *rig = data;

  g_assert_cmpint (rig->status.phase, ==, PL_PHASE_PAUSED);
  g_assert_cmpuint (rig->points->len, ==, 0);
  pl_trainer_set_paused (rig->trainer, FALSE);
  return G_SOURCE_REMOVE;
}

static void
await_first_pause (Rig *rig)
{
  if (rig->status.phase != PL_PHASE_PAUSED)
    return;
  rig->on_status = NULL;
  g_timeout_add (100, resume_from_start_cb, rig);
}

static void
test_pause_while_loading (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = rig_settings (1);
  g_autoptr (Rig) rig = rig_new (&settings, dataset, NULL, NULL);

  pl_trainer_set_paused (rig->trainer, TRUE);
  rig->on_status = await_first_pause;
  g_assert_cmpint (rig_run (rig)->outcome, ==, PL_TRAIN_COMPLETED);
}

/* Predictions that were asked for, and how they were answered. */
typedef struct
{
  Rig *rig;
  PlVolume *volume;
  int n_asked;
  int n_good;
  int n_cancelled;
  int n_failed;
  gboolean came_late; /* after "finished" */
} Asker;

static Asker asker;

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PlPrediction) prediction = pl_predict_volume_finish (result, &error);

  asker.came_late |= asker.rig->n_finished > 0;
  if (prediction != NULL)
    {
      g_assert_cmpmem (prediction->mask->n, sizeof prediction->mask->n, asker.volume->n,
                       sizeof asker.volume->n);
      asker.n_good++;
    }
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    asker.n_cancelled++;
  else
    asker.n_failed++;
}

static void
ask (PlModel *model, GCancellable *cancellable)
{
  const PlPredictOptions options = { .keep_largest = 2 };

  asker.n_asked++;
  pl_trainer_predict_async (asker.rig->trainer, model, asker.volume, &options, cancellable,
                            answered_cb, NULL);
}

static void
ask_three (Rig *rig, const PlTrainPoint *point)
{
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();

  if (asker.n_asked > 0)
    return;
  g_cancellable_cancel (cancelled);
  ask (NULL, NULL);
  ask (NULL, NULL);
  ask (NULL, cancelled);
}

/* A thread that has answered lets go of the trainer a moment later. */
static void
await_sole_reference (const Rig *rig)
{
  while (g_atomic_int_get (&G_OBJECT (rig->trainer)->ref_count) > 1)
    g_usleep (1000);
}

static void
test_predict_while_training (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  g_autoptr (PlVolume) volume = rig_load_volume (dataset);
  PlTrainSettings settings = rig_settings (5);
  g_autoptr (Rig) rig = rig_new (&settings, dataset, NULL, NULL);

  asker = (Asker){ .rig = rig, .volume = volume };
  rig->on_point = ask_three;
  g_assert_cmpint (rig_run (rig)->outcome, ==, PL_TRAIN_COMPLETED);
  g_assert_cmpint (asker.n_good, ==, 2);
  g_assert_cmpint (asker.n_cancelled, ==, 1);
  g_assert_false (asker.came_late);

  /* Afterwards it predicts in a thread. */
  ask (NULL, NULL);
  while (asker.n_good < 3)
    g_main_context_iteration (NULL, TRUE);
  await_sole_reference (rig);
}

static void
ask_when_paused (Rig *rig)
{
  if (rig->status.phase == PL_PHASE_PAUSED && asker.n_asked == 0)
    ask (NULL, NULL);
}

static gboolean
stop_when_answered_cb (gpointer data)
{
  if (asker.n_good == 0)
    return G_SOURCE_CONTINUE;
  pl_trainer_stop (asker.rig->trainer);
  return G_SOURCE_REMOVE;
}

static void
pause_at_once (Rig *rig, const PlTrainPoint *point)
{
  pl_trainer_set_paused (rig->trainer, TRUE);
}

static void
test_predict_when_paused (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  g_autoptr (PlVolume) volume = rig_load_volume (dataset);
  PlTrainSettings settings = rig_settings (100000);
  g_autoptr (Rig) rig = rig_new (&settings, dataset, NULL, NULL);

  asker = (Asker){ .rig = rig, .volume = volume };
  rig->on_point = pause_at_once;
  rig->on_status = ask_when_paused;
  g_timeout_add (20, stop_when_answered_cb, NULL);
  g_assert_cmpint (rig_run (rig)->outcome, ==, PL_TRAIN_STOPPED);
  g_assert_cmpint (asker.n_good, ==, 1);
  g_assert_false (asker.came_late);
}

/* What waits when the training is stopped is answered, too. */
static void
ask_and_stop (Rig *rig, const PlTrainPoint *point)
{
  if (asker.n_asked > 0)
    return;
  pl_trainer_stop (rig->trainer);
  for (int i = 0; i < 4; i++)
    ask (NULL, NULL);
}

static void
test_predict_and_stop (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  g_autoptr (PlVolume) volume = rig_load_volume (dataset);
  PlTrainSettings settings = rig_settings (100000);
  g_autoptr (Rig) rig = rig_new (&settings, dataset, NULL, NULL);

  asker = (Asker){ .rig = rig, .volume = volume };
  rig->on_point = ask_and_stop;
  g_assert_cmpint (rig_run (rig)->outcome, ==, PL_TRAIN_STOPPED);
  while (asker.n_good + asker.n_cancelled < 4)
    g_main_context_iteration (NULL, TRUE); /* those asked for after the worker had closed */
  await_sole_reference (rig);
  g_assert_cmpint (asker.n_failed, ==, 0);
}

static void
test_predict_before_start (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  g_autoptr (PlVolume) volume = rig_load_volume (dataset);
  PlTrainSettings settings = rig_settings (1);
  g_autoptr (Rig) rig = rig_new (&settings, dataset, NULL, NULL);

  asker = (Asker){ .rig = rig, .volume = volume };
  ask (NULL, NULL);
  while (asker.n_failed == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (asker.n_good, ==, 0);
}

/* A slice that is asked for while a volume is under way, and the order of the answers. */
static struct
{
  PlVolume *slice;
  gint is_under_way;
  gint is_asked; /* the slice */
  GString *answers;
} interlude;

static void
volume_progress_cb (double fraction, gpointer data)
{
  g_atomic_int_set (&interlude.is_under_way, TRUE);
  while (!g_atomic_int_get (&interlude.is_asked))
    g_usleep (1000);
}

static void
note_answer_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PlPrediction) prediction = pl_predict_volume_finish (result, NULL);

  g_assert_nonnull (prediction);
  g_string_append (interlude.answers, data);
  if (interlude.answers->len == strlen ("sv"))
    pl_trainer_stop (asker.rig->trainer);
}

static gboolean
ask_slice_cb (gpointer data)
{
  const PlPredictOptions options = { 0 };

  if (!g_atomic_int_get (&interlude.is_under_way))
    return G_SOURCE_CONTINUE;
  pl_trainer_predict_async (asker.rig->trainer, NULL, interlude.slice, &options, NULL,
                            note_answer_cb, (gpointer) "s");
  g_atomic_int_set (&interlude.is_asked, TRUE);
  return G_SOURCE_REMOVE;
}

static void
ask_volume (Rig *rig, const PlTrainPoint *point)
{
  const PlPredictOptions options = { .progress = volume_progress_cb };

  if (asker.n_asked++ == 0)
    pl_trainer_predict_async (rig->trainer, NULL, asker.volume, &options, NULL, note_answer_cb,
                              (gpointer) "v");
}

static PlVolume *
cut_first_slice (const PlVolume *volume)
{
  PlImageHeader header = volume->header;
  PlVolume *slice;

  header.shape[header.axis[0]] = 1;
  slice = pl_volume_new (&header, volume->type, NULL, NULL);
  memcpy (slice->voxels, volume->voxels,
          (gsize) volume->n[1] * (gsize) volume->n[2] * pl_dtype_size (volume->type));
  pl_volume_set_ready_slices (slice, 1);
  return slice;
}

static void
test_slice_before_volume (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  g_autoptr (PlVolume) volume = rig_load_volume (dataset);
  g_autoptr (PlVolume) slice = cut_first_slice (volume);
  g_autoptr (GString) answers = g_string_new (NULL);
  PlTrainSettings settings = rig_settings (100000);
  g_autoptr (Rig) rig = rig_new (&settings, dataset, NULL, NULL);

  asker = (Asker){ .rig = rig, .volume = volume };
  interlude.slice = slice;
  interlude.answers = answers;
  rig->on_point = ask_volume;
  g_timeout_add (5, ask_slice_cb, NULL);
  g_assert_cmpint (rig_run (rig)->outcome, ==, PL_TRAIN_STOPPED);
  g_assert_cmpstr (answers->str, ==, "sv");
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_assert_true (pl_train_init (NULL));
  g_test_add_func ("/train/serve/stop-in-step", test_stop_in_step);
  g_test_add_func ("/train/serve/stop-and-save", test_stop_and_save);
  g_test_add_func ("/train/serve/stop-while-loading", test_stop_while_loading);
  g_test_add_func ("/train/serve/pause", test_pause);
  g_test_add_func ("/train/serve/pause-while-loading", test_pause_while_loading);
  g_test_add_func ("/train/serve/stop-when-paused", test_stop_when_paused);
  g_test_add_func ("/train/serve/predict-while-training", test_predict_while_training);
  g_test_add_func ("/train/serve/predict-when-paused", test_predict_when_paused);
  g_test_add_func ("/train/serve/predict-and-stop", test_predict_and_stop);
  g_test_add_func ("/train/serve/predict-before-start", test_predict_before_start);
  g_test_add_func ("/train/serve/slice-before-volume", test_slice_before_volume);
  status = g_test_run ();
  rig_clean_up ();
  return status;
}
