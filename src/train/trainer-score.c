/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How good the network is: each epoch on the validation part at the network's size, an estimate; at
 * the end on the test part, case by case at native size. */
#include "train/trainer-private.h"

#include "train/run-folder.h"
#include "train/split.h"

#include <glib/gi18n-lib.h>

/* Pixels of one class of one case. */
typedef struct
{
  gint64 found;
  gint64 there;
  gint64 both;
} Tally;

static int
find_class (const float *logits, int outputs)
{
  int found = 0;

  if (outputs == 1)
    return logits[0] > 0;
  for (int k = 1; k < outputs; k++)
    if (logits[k] > logits[found])
      found = k;
  return found;
}

/* @tallies: one a foreground class, from class 1 on. */
static void
tally_slice (const float *logits, const guint8 *labels, gsize n_pixels, int outputs, Tally *tallies)
{
  for (gsize p = 0; p < n_pixels; p++)
    {
      int found = find_class (logits + p * (gsize) outputs, outputs);
      int there = labels[p];

      if (found > 0)
        tallies[found - 1].found++;
      if (there > 0)
        tallies[there - 1].there++;
      if (found > 0 && found == there)
        tallies[found - 1].both++;
    }
}

static double
find_mean_dice (const Tally *tallies, gsize n)
{
  double sum = 0;

  for (gsize i = 0; i < n; i++)
    {
      gint64 total = tallies[i].found + tallies[i].there;

      sum += total > 0 ? 2 * (double) tallies[i].both / (double) total : 1;
    }
  return sum / (double) n;
}

static PlWatchPixels
sum_pixels (const Tally *tallies, gsize n)
{
  PlWatchPixels sum = { 0 };

  for (gsize i = 0; i < n; i++)
    {
      sum.found += tallies[i].found;
      sum.there += tallies[i].there;
    }
  return sum;
}

gboolean
pl_train_run_validate (PlTrainRun *run, PlLossSums *sums, double *dice, PlWatchPixels *pixels)
{
  const PlSamples *samples = run->validation;
  int n = pl_samples_count (samples);
  gsize n_pixels = (gsize) run->settings->size_px * (gsize) run->settings->size_px;
  gsize n_classes = (gsize) run->live->n_classes;
  int outputs = pl_model_outputs (run->live->n_classes);
  gsize n_tallies = n_classes * (gsize) (pl_samples_case (samples, n - 1) + 1);
  g_autofree Tally *tallies = g_new0 (Tally, n_tallies);

  *sums = (PlLossSums){ .n_images = 0 };
  for (int i = 0; i < n; i += run->n_pass)
    {
      int count = MIN (run->n_pass, n - i);
      const guint8 *labels = pl_samples_labels (samples, i);
      const float *logits = pl_unet_forward (
          run->live->net, run->work, pl_samples_image (samples, i), count, pl_train_run_go_on, run);

      if (logits == NULL)
        return FALSE;
      pl_unet_loss (run->work, labels, (PlLossKind) run->settings->loss, sums);
      for (int k = 0; k < count; k++)
        tally_slice (logits + (gsize) k * n_pixels * (gsize) outputs, labels + (gsize) k * n_pixels,
                     n_pixels, outputs,
                     tallies + n_classes * (gsize) pl_samples_case (samples, i + k));
      pl_train_run_serve (run);
    }
  *dice = find_mean_dice (tallies, n_tallies);
  *pixels = sum_pixels (tallies, n_tallies);
  return TRUE;
}

/* A pause is kept between two batches of a case, too. */
static void
pause_between_batches (double fraction, gpointer run)
{
  pl_train_run_go_on (run);
}

/* Predicts one case as a user would, and measures the mask: in all, and of several classes each
 * one, appended to @classes. FALSE with @error set. */
static gboolean
test_case (PlTrainRun *run, const PlCase *one, PlMetrics *metrics, GArray *classes, GError **error)
{
  GCancellable *cancellable = run->trainer->cancellable;
  g_autoptr (PlVolume) volume = NULL;
  g_autoptr (PlMask) truth = NULL;
  g_autoptr (PlPrediction) prediction = NULL;
  PlPredictOptions options;

  if (!pl_case_load_pair (one, cancellable, &volume, &truth, error))
    return FALSE;
  options = pl_predict_options_default (run->best, volume);
  options.want_probability = TRUE;
  options.progress = pause_between_batches;
  options.progress_data = run;
  prediction = pl_predict_volume (run->best, volume, &options, cancellable, error);
  if (prediction == NULL)
    return FALSE;
  pl_metrics_compute (prediction->mask, truth, prediction->probability, volume->spacing_mm, 0,
                      metrics);
  for (int label = 1; run->best->n_classes > 1 && label <= run->best->n_classes; label++)
    {
      PlMetrics of_class;

      pl_metrics_compute (prediction->mask, truth, NULL, volume->spacing_mm, label, &of_class);
      g_array_append_val (classes, of_class);
    }
  return TRUE;
}

/* FALSE if stopped; a case that cannot be tested is told of and left out. */
static gboolean
add_case (PlTrainRun *run, const PlCase *one, GPtrArray *names, GArray *test, GArray *classes)
{
  g_autoptr (GError) error = NULL;
  PlMetrics metrics;

  if (test_case (run, one, &metrics, classes, &error))
    {
      g_ptr_array_add (names, g_strdup (one->name));
      g_array_append_val (test, metrics);
    }
  else if (!pl_trainer_is_stopped (run->trainer))
    {
      g_autofree char *notice =
          g_strdup_printf (_ ("%s was left out of the test: %s"), one->name, error->message);

      pl_train_run_notify (run, notice);
    }
  return !pl_trainer_is_stopped (run->trainer);
}

gboolean
pl_train_run_test (PlTrainRun *run, GError **error)
{
  PlTrainer *trainer = run->trainer;
  const GPtrArray *cases = trainer->dataset->cases;
  int n = pl_split_count (trainer->dataset, PL_GROUP_TEST);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GArray) test = g_array_new (FALSE, FALSE, sizeof (PlMetrics));
  g_autoptr (GArray) classes = g_array_new (FALSE, FALSE, sizeof (PlMetrics));
  int done = 0;

  for (guint i = 0; i < cases->len; i++)
    {
      const PlCase *one = g_ptr_array_index (cases, i);

      if (one->group != PL_GROUP_TEST)
        continue;
      pl_train_run_set_phase (run, PL_PHASE_TESTING, (double) done++ / n);
      if (!pl_train_run_go_on (run) || !add_case (run, one, names, test, classes))
        return FALSE;
      pl_train_run_serve (run);
    }
  trainer->result.test_names = g_ptr_array_ref (names);
  trainer->result.test = g_array_ref (test);
  trainer->result.test_classes = g_array_ref (classes);
  return pl_run_folder_write_test (trainer->run_folder, names, test, error) &&
         (run->best->n_classes == 1 ||
          pl_run_folder_write_classes (trainer->run_folder, names, run->best->class_names, classes,
                                       error));
}
