/* SPDX-License-Identifier: GPL-3.0-or-later */
/* demo: the main job with nothing at hand: a phantom, a short training, prediction and evaluation
 * of the test part, and a picture. About two minutes on two cores. */
#include "cli/cli.h"

#include "base/file.h"
#include "image/phantom.h"
#include "train/run-folder.h"
#include "train/split.h"
#include "train/train.h"
#include "train/trainer.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>

/* Said on the way; --json wants nothing but its document on stdout. */
static gboolean
is_chatty (void)
{
  return !pl_cli_is_quiet () && !pl_cli_wants_json ();
}

static void
points_cb (PlTrainer *trainer, GArray *points, gpointer data)
{
  for (guint i = 0; i < points->len; i++)
    {
      const PlTrainPoint *point = &g_array_index (points, PlTrainPoint, i);

      if (point->is_epoch_end && is_chatty ())
        g_print (_ ("epoch %2d: loss %.4f, validation Dice %.4f\n"), point->summary.epoch,
                 point->summary.train_loss, point->summary.val_dice);
    }
}

static gboolean
stop_cb (GCancellable *cancellable, gpointer trainer)
{
  pl_trainer_stop (trainer);
  return G_SOURCE_REMOVE;
}

/* Trains in a main loop. */
static void
run_to_end (PlTrainer *trainer)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GSource) source = g_cancellable_source_new (pl_cli_cancellable ());

  g_source_set_callback (source, G_SOURCE_FUNC (stop_cb), trainer, NULL);
  g_source_attach (source, NULL);
  g_signal_connect (trainer, "points", G_CALLBACK (points_cb), NULL);
  g_signal_connect_swapped (trainer, "finished", G_CALLBACK (g_main_loop_quit), loop);
  pl_trainer_start (trainer);
  g_main_loop_run (loop);
  g_source_destroy (source);
}

/* The first case of the test part as a picture. */
static gboolean
draw_first_test_case (const PlDataset *dataset,
                      const PlModel *model,
                      const char *folder,
                      GError **error)
{
  for (guint i = 0; i < dataset->cases->len; i++)
    {
      const PlCase *a_case = g_ptr_array_index (dataset->cases, i);
      g_autoptr (PlVolume) volume = NULL;
      g_autoptr (PlMask) truth = NULL;
      g_autoptr (PlPrediction) prediction = NULL;
      g_autofree char *path = g_build_filename (folder, "overlay.png", NULL);
      PlPredictOptions options;

      if (a_case->group != PL_GROUP_TEST)
        continue;
      volume = pl_case_load_image (a_case, pl_cli_cancellable (), error);
      truth = volume != NULL ? pl_case_load_mask (a_case, pl_cli_cancellable (), error) : NULL;
      if (truth == NULL)
        return FALSE;
      options = pl_predict_options_default (model, volume);
      prediction = pl_predict_volume (model, volume, &options, pl_cli_cancellable (), error);
      if (prediction == NULL || !pl_cli_write_figure (path, volume, truth, prediction->mask, error))
        return FALSE;
      if (is_chatty ())
        g_print (_ ("%s: image, truth and prediction of %s\n"), path, a_case->name);
      return TRUE;
    }
  return TRUE;
}

/* A fresh run folder below @folder: run-1, run-2, … */
static char *
create_run_folder (const char *folder, GError **error)
{
  for (int i = 1; i < 1000; i++)
    {
      g_autofree char *name = g_strdup_printf ("run-%d", i);
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (!g_file_test (path, G_FILE_TEST_EXISTS))
        return pl_run_folder_create (path, error) ? g_steal_pointer (&path) : NULL;
    }
  g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_RUN,
               _ ("%s: there are 999 runs in it already"), folder);
  return NULL;
}

static gboolean
demonstrate (const char *folder, PlMetricsSummary *summary, GError **error)
{
  PlTrainSettings settings = pl_train_settings_default;
  PlPhantomOptions phantom = PL_PHANTOM_DEFAULT;
  g_autofree char *data = g_build_filename (folder, "phantom", NULL);
  g_autofree char *run = NULL;
  g_autoptr (PlDataset) dataset = NULL;
  g_autoptr (PlTrainer) trainer = NULL;
  const PlTrainResult *result;

  phantom.size_px = 128;
  settings.size_px = 128;
  settings.epochs = 12;
  if (!pl_file_make_folder (folder, error) ||
      !pl_phantom_write (data, &phantom, pl_cli_progress_cb, NULL, pl_cli_cancellable (), error) ||
      (run = create_run_folder (folder, error)) == NULL ||
      (dataset = pl_dataset_open (data, pl_cli_cancellable (), error)) == NULL ||
      !pl_split_assign (dataset, settings.split, settings.seed, error))
    return FALSE;
  if (is_chatty ())
    g_print (ngettext ("Training on %d of %u phantom case…\n",
                       "Training on %d of %u phantom cases…\n", dataset->cases->len),
             pl_split_count (dataset, PL_GROUP_TRAIN), dataset->cases->len);
  trainer = pl_trainer_new (dataset, &settings, run, NULL, FALSE);
  run_to_end (trainer);
  result = pl_trainer_get_result (trainer);
  if (result->outcome == PL_TRAIN_FAILED)
    {
      g_propagate_error (error, g_error_copy (result->error));
      return FALSE;
    }
  if (g_cancellable_set_error_if_cancelled (pl_cli_cancellable (), error))
    return FALSE;
  pl_metrics_summarise ((const PlMetrics *) (void *) result->test->data, (int) result->test->len,
                        summary);
  if (is_chatty ())
    g_print (_ ("%s: the run, its model is best.safetensors\n"), run);
  return draw_first_test_case (dataset, result->model, folder, error);
}

PlCliStatus
pl_cli_demo (int argc, char **argv)
{
  g_auto (GStrv) arguments = pl_cli_parse (
      argc, argv, _ ("[DIR]"),
      _ ("Draws phantoms, trains on them, predicts the test part, writes a picture, and "
         "says the mean Dice of the test part at native size."),
      NULL, 0, 1);
  g_autoptr (GError) error = NULL;
  g_autofree char *folder =
      arguments[0] != NULL ? g_strdup (arguments[0])
                           : g_build_filename (g_get_user_cache_dir (), "pleura", "demo", NULL);
  PlMetricsSummary summary;

  if (!demonstrate (folder, &summary, &error))
    return pl_cli_fail (error);
  if (pl_cli_wants_json ())
    {
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "folder", folder);
      json_object_set_object_member (object, "test", pl_cli_metrics_to_json (&summary.mean));
      json_object_set_int_member (object, "n", summary.n);
      pl_cli_print_json (object);
    }
  else
    g_print ("Dice %.4f\n", summary.mean.dice);
  return PL_CLI_DONE;
}
