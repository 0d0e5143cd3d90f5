/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Training steps, predictions and single layers of one network, on noise: the core alone, without
 * files. */
#include "cli/bench.h"

#include "base/parallel.h"
#include "base/random.h"
#include "cli/cli.h"
#include "train/augment.h"
#include "train/slice-predictor.h"
#include "unet/optimizer.h"

#include <sys/resource.h>

enum
{
  LAYER_SHARE = 50, /* of the seconds, for each layer and kernel */
};

#define MEBIBYTE 1048576.0

/* Multiply-adds of all convolutions for one image, as 2 operations each. */
static double
count_forward_flops (const PlBenchOptions *o)
{
  double total = 0;

  for (int level = 0; level <= o->depth; level++)
    {
      double pixels = (double) o->size_px * o->size_px / (double) (1 << (2 * level));
      double c = o->base * (double) (1 << level);
      double in = level == 0 ? 1 : c / 2;

      total += 2 * 9 * pixels * (in * c + c * c);
      if (level < o->depth)
        total += 2 * 9 * pixels * (2 * c * c + c * c) + 2 * pixels * 2 * c * c;
    }
  return total + 2.0 * o->size_px * o->size_px * o->base;
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static double
find_median (GArray *values)
{
  g_array_sort (values, compare_doubles);
  return g_array_index (values, double, values->len / 2);
}

/* What a step works on. */
typedef struct
{
  const PlBenchOptions *options;
  int n_pass; /* images that go through the network at once, as in training */
  PlUNet *net;
  PlUNetWork *work;
  PlOptimizer *optimizer; /* NULL when predicting */
  float *images;
  guint8 *labels;
  double optimizer_s; /* summed over steps */
} Bench;

typedef void (*Step) (Bench *b);

static double
find_time_s (void)
{
  return 1e-6 * (double) g_get_monotonic_time ();
}

/* Between two layers: a step can take seconds. */
static gboolean
is_going_on (gpointer cancellable)
{
  return !g_cancellable_is_cancelled (cancellable);
}

static gsize
count_pixels (const Bench *b)
{
  return (gsize) b->options->size_px * (gsize) b->options->size_px;
}

static gboolean
forward (Bench *b, int first, int *n)
{
  *n = MIN (b->n_pass, b->options->batch - first);
  return pl_unet_forward (b->net, b->work, b->images + (gsize) first * count_pixels (b), *n,
                          is_going_on, pl_cli_cancellable ()) != NULL;
}

static void
train_step (Bench *b)
{
  int batch = b->options->batch;
  PlLossSums sums = { 0 };
  double start_s;

  pl_unet_work_clear_gradients (b->work);
  for (int first = 0, n; first < batch; first += n)
    if (!forward (b, first, &n) ||
        !pl_unet_backward (b->net, b->work, b->labels + (gsize) first * count_pixels (b),
                           PL_LOSS_BOTH, batch, &sums, is_going_on, pl_cli_cancellable ()))
      return;
  start_s = find_time_s ();
  pl_optimizer_step (b->optimizer, b->net, pl_unet_work_gradients (b->work), 1e-4, 0);
  b->optimizer_s += find_time_s () - start_s;
}

static void
predict_step (Bench *b)
{
  for (int first = 0, n; first < b->options->batch; first += n)
    if (!forward (b, first, &n))
      return;
}

/* The median. @n_steps were taken. */
static double
time_steps (Bench *b, Step step, guint *n_steps)
{
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (double));
  double start_s = find_time_s ();

  do
    {
      double before_s = find_time_s ();
      double step_s;

      step (b);
      step_s = find_time_s () - before_s;
      g_array_append_val (times, step_s);
    }
  while (find_time_s () - start_s < b->options->seconds && is_going_on (pl_cli_cancellable ()));
  *n_steps = times->len;
  return find_median (times);
}

static void
fill_noise (Bench *b, gsize n_pixels)
{
  PlRandom random;

  pl_random_init (&random, 1, 0);
  for (gsize i = 0; i < n_pixels; i++)
    {
      b->images[i] = (float) pl_random_between (&random, -1, 1);
      b->labels[i] = b->images[i] > 0.2f;
    }
}

/* As the thread that makes batches does it. */
static double
time_batch (Bench *b)
{
  int side = b->options->size_px;
  gsize n_pixels = count_pixels (b);
  g_autofree float *scratch_image = g_new (float, n_pixels);
  g_autofree guint8 *scratch_labels = g_new (guint8, n_pixels);
  double start_s = find_time_s ();
  PlRandom random;

  pl_random_init (&random, 2, 0);
  for (gsize i = 0; i < (gsize) b->options->batch; i++)
    pl_augment_apply (&pl_augment_default, &random, b->images + i * n_pixels,
                      b->labels + i * n_pixels, side, side, scratch_image, scratch_labels);
  return find_time_s () - start_s;
}

/* The first step, in which memory is touched for the first time, is not counted. */
static void
measure_training (Bench *b, PlBenchReport *report)
{
  PlUNetTimes before, after;
  double start_s, start_busy_s, took_s, busy_s;
  guint n_steps;

  train_step (b);
  start_s = find_time_s ();
  start_busy_s = pl_parallel_busy_s ();
  before = pl_unet_work_times (b->work);
  b->optimizer_s = 0;
  report->training.images_per_s = b->options->batch / time_steps (b, train_step, &n_steps);
  took_s = find_time_s () - start_s;
  busy_s = pl_parallel_busy_s () - start_busy_s;
  after = pl_unet_work_times (b->work);
  report->phases = (PlBenchPhases){
    .forward = (after.forward - before.forward) / n_steps,
    .loss = (after.loss - before.loss) / n_steps,
    .backward = (after.backward - before.backward) / n_steps,
    .optimizer = b->optimizer_s / n_steps,
    .data = time_batch (b),
    .busy = busy_s / (took_s * pl_parallel_threads ()),
  };
  report->layers = pl_unet_measure_layers (b->net, b->work, b->options->seconds / LAYER_SHARE,
                                           is_going_on, pl_cli_cancellable ());
}

static void
measure_prediction (Bench *b, PlBenchReport *report)
{
  guint n_steps;

  predict_step (b);
  report->prediction.images_per_s = b->options->batch / time_steps (b, predict_step, &n_steps);
}

/* What does not depend on time. */
static void
complete_figure (const Bench *b, gboolean training, PlBenchFigure *figure)
{
  int side = b->options->size_px;
  gsize bytes =
      pl_unet_work_bytes (&b->net->shape, b->net->precision, b->n_pass, side, side, training);

  figure->gflops =
      1e-9 * count_forward_flops (b->options) * (training ? 3 : 1) * figure->images_per_s;
  figure->mebibytes = (double) bytes / MEBIBYTE;
}

/* A network and a pass of its own for either. */
static gboolean
measure (gboolean training, PlBenchReport *report, GError **error)
{
  const PlBenchOptions *o = &report->options;
  const PlUNetShape shape = { .in_channels = 1, .classes = 1, .base = o->base, .depth = o->depth };
  gsize n_pixels = (gsize) o->batch * (gsize) o->size_px * (gsize) o->size_px;
  g_autoptr (PlUNet) net = pl_unet_new (&shape, 1, error);
  g_autoptr (PlUNetWork) work = NULL;
  g_autoptr (PlOptimizer) optimizer = NULL;
  g_autofree float *images = g_new (float, n_pixels);
  g_autofree guint8 *labels = g_new (guint8, n_pixels);
  Bench b = { .options = o, .images = images, .labels = labels };

  if (net == NULL || !pl_unet_set_precision (net, report->precision, error))
    return FALSE;
  b.n_pass = MIN (o->batch, pl_images_per_pass (&shape, report->precision, o->size_px));
  work = pl_unet_work_new (net, b.n_pass, o->size_px, o->size_px, training, error);
  if (work != NULL && training)
    optimizer = pl_optimizer_new (net, 1e-4, error);
  if (work == NULL || (training && optimizer == NULL))
    return FALSE;
  b.net = net;
  b.work = work;
  b.optimizer = optimizer;
  fill_noise (&b, n_pixels);
  if (training)
    measure_training (&b, report);
  else
    measure_prediction (&b, report);
  complete_figure (&b, training, training ? &report->training : &report->prediction);
  return !g_cancellable_set_error_if_cancelled (pl_cli_cancellable (), error);
}

static double
find_resident_mib (void)
{
  struct rusage usage;

  return getrusage (RUSAGE_SELF, &usage) == 0 ? (double) usage.ru_maxrss / 1024 : 0;
}

gboolean
pl_bench_measure (const PlBenchOptions *options,
                  PlPrecision precision,
                  PlBenchReport *report,
                  GError **error)
{
  *report = (PlBenchReport){
    .options = *options,
    .isa = pl_unet_isa (),
    .precision = precision,
    .threads = pl_parallel_threads (),
    .peak = pl_unet_measure_peak (precision),
  };
  if (!measure (FALSE, report, error) || !measure (TRUE, report, error))
    return FALSE;
  report->resident_mib = find_resident_mib ();
  return TRUE;
}

void
pl_bench_report_clear (PlBenchReport *report)
{
  g_clear_pointer (&report->layers, g_array_unref);
}
