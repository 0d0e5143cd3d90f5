/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory from the plan, time from a few passes. The first pass touches its memory for the first
 * time and is not counted, unless it alone takes the half second: what it then has too much is
 * little. Of the others the median counts, since other programs run, too. */
#include "train/estimate.h"

#include "base/parallel.h"
#include "base/random.h"
#include "train/batch.h"
#include "train/precision.h"
#include "train/slice-predictor.h"
#include "unet/optimizer.h"

#include <string.h>

#define MEASURE_US (G_USEC_PER_SEC / 2)

enum
{
  BATCHES_AHEAD = 2,
};

PlImageCounts
pl_estimate_count (const PlDataset *dataset, const PlTrainSettings *settings)
{
  return (PlImageCounts){
    .train = pl_samples_count_slices (dataset, PL_GROUP_TRAIN, settings->slices_per_volume),
    .validation =
        pl_samples_count_slices (dataset, PL_GROUP_VALIDATION, settings->slices_per_volume),
  };
}

static PlUNetShape
get_shape (const PlTrainSettings *settings)
{
  return (PlUNetShape){
    .in_channels = 1, .classes = 1, .base = settings->base, .depth = settings->depth
  };
}

gsize
pl_estimate_bytes (const PlTrainSettings *settings, const PlImageCounts *counts)
{
  PlUNetShape shape = get_shape (settings);
  PlPrecision precision = pl_train_core_precision (settings->precision);
  int side = settings->size_px;
  gsize image = (gsize) side * (gsize) side * (sizeof (float) + 1);
  int batch = MIN (settings->batch, MAX (counts->train, 1));
  gsize n_images =
      (gsize) counts->train + (gsize) counts->validation + BATCHES_AHEAD * (gsize) batch;

  return pl_train_settings_bytes (settings) + n_images * image +
         pl_unet_work_bytes (&shape, precision, 1, side, side, FALSE);
}

double
pl_estimate_seconds (const PlTrainSettings *settings,
                     const PlImageCounts *counts,
                     const PlStepTime *time)
{
  int n_steps = (counts->train + settings->batch - 1) / settings->batch;
  double epoch_s = counts->train * time->train_s + n_steps * time->update_s +
                   counts->validation * time->validate_s;
  double all_s = settings->epochs * epoch_s;

  return settings->time_limit_s > 0 ? MIN (all_s, settings->time_limit_s) : all_s;
}

/* A step of the network on noise. */
typedef struct
{
  PlUNet *net;
  PlUNetWork *work;
  PlOptimizer *optimizer;
  int n; /* images a pass */
  float *images;
  guint8 *labels;
  GCancellable *cancellable;
} Step;

static void
clear_step (Step *step)
{
  pl_unet_work_free (step->work);
  pl_optimizer_free (step->optimizer);
  pl_unet_free (step->net);
  g_free (step->images);
  g_free (step->labels);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Step, clear_step)

static void
make_noise (Step *step, gsize n_pixels)
{
  PlRandom random;

  step->images = g_new (float, n_pixels);
  step->labels = g_new (guint8, n_pixels);
  pl_random_init (&random, 1, 0);
  for (gsize i = 0; i < n_pixels; i++)
    {
      step->images[i] = (float) pl_random_between (&random, -1, 1);
      step->labels[i] = step->images[i] < -0.5f;
    }
}

static gboolean
make_step (const PlTrainSettings *settings, Step *step, GError **error)
{
  PlUNetShape shape = get_shape (settings);
  PlPrecision precision = pl_train_core_precision (settings->precision);
  int side = settings->size_px;

  step->n = MIN (settings->batch, pl_images_per_pass (&shape, precision, side));
  step->net = pl_unet_new (&shape, 1, error);
  if (step->net == NULL || !pl_unet_set_precision (step->net, precision, error))
    return FALSE;
  step->optimizer = pl_optimizer_new (step->net, settings->decay, error);
  if (step->optimizer == NULL)
    return FALSE;
  step->work = pl_unet_work_new (step->net, step->n, side, side, TRUE, error);
  if (step->work == NULL)
    return FALSE;
  make_noise (step, (gsize) step->n * (gsize) side * (gsize) side);
  return TRUE;
}

static gboolean
go_on_cb (gpointer data)
{
  return !g_cancellable_is_cancelled (data);
}

/* FALSE when cancelled. */
static gboolean
take_step (Step *step, PlStepTime *time)
{
  PlLossSums sums = { .n_images = 0 };
  gint64 start_us = g_get_monotonic_time (), middle_us, end_us;

  pl_unet_work_clear_gradients (step->work);
  if (pl_unet_forward (step->net, step->work, step->images, step->n, go_on_cb, step->cancellable) ==
      NULL)
    return FALSE;
  middle_us = g_get_monotonic_time ();
  if (!pl_unet_backward (step->net, step->work, step->labels, PL_LOSS_BOTH, step->n, &sums,
                         go_on_cb, step->cancellable))
    return FALSE;
  end_us = g_get_monotonic_time ();
  pl_optimizer_step (step->optimizer, step->net, pl_unet_work_gradients (step->work), 1e-4, 1);
  *time = (PlStepTime){
    .train_s = 1e-6 * (double) (end_us - start_us) / step->n,
    .update_s = 1e-6 * (double) (g_get_monotonic_time () - end_us),
    .validate_s = 1e-6 * (double) (middle_us - start_us) / step->n,
  };
  return TRUE;
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  double x = ((const PlStepTime *) a)->train_s, y = ((const PlStepTime *) b)->train_s;

  return (x > y) - (x < y);
}

/* (element-type PlStepTime): the first one left out if there are more; NULL when cancelled. */
static GArray *
take_steps (Step *step)
{
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (PlStepTime));
  gint64 start_us = g_get_monotonic_time ();

  do
    {
      PlStepTime time;

      if (!take_step (step, &time))
        return NULL;
      g_array_append_val (times, time);
    }
  while (g_get_monotonic_time () - start_us < MEASURE_US);
  if (times->len > 1)
    g_array_remove_index (times, 0);
  return g_steal_pointer (&times);
}

/* The pool cannot be changed while others use it; with half as many threads all takes twice as
 * long. */
static double
find_slowdown (const PlTrainSettings *settings)
{
  int wanted = settings->threads > 0 ? settings->threads : (int) g_get_num_processors ();

  return (double) pl_parallel_threads () / MIN (wanted, (int) g_get_num_processors ());
}

gboolean
pl_estimate_measure (const PlTrainSettings *settings,
                     GCancellable *cancellable,
                     PlStepTime *time,
                     GError **error)
{
  g_auto (Step) step = { .cancellable = cancellable };
  g_autoptr (GArray) times = NULL;
  double slowdown = find_slowdown (settings);

  if (!make_step (settings, &step, error))
    return FALSE;
  times = take_steps (&step);
  if (times == NULL)
    {
      g_cancellable_set_error_if_cancelled (cancellable, error);
      return FALSE;
    }
  g_array_sort (times, compare_times);
  *time = g_array_index (times, PlStepTime, times->len / 2);
  time->train_s *= slowdown;
  time->update_s *= slowdown;
  time->validate_s *= slowdown;
  return TRUE;
}
