/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench: training steps and predictions of one network, timed on this machine. The one file outside
 * train/ that includes the core: it measures the core alone, without files. */
#include "cli/cli.h"

#include "base/json.h"
#include "base/random.h"
#include "train/train.h"
#include "unet/optimizer.h"

#include <glib/gi18n.h>

typedef struct
{
  double seconds; /* a measurement */
  int base;
  int depth;
  int size_px;
  int batch;
  int threads;
} Options;

/* One timed quantity: the median over steps, since the machine may be shared. */
typedef struct
{
  double images_per_s;
  double gflops;
  double mebibytes;
} Figure;

/* Multiply-adds of all convolutions for one image, as 2 operations each. */
static double
count_forward_flops (const Options *o)
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
  PlUNet *net;
  PlUNetWork *work;
  PlOptimizer *optimizer; /* NULL when predicting */
  float *images;
  guint8 *labels;
  int batch;
} Bench;

/* Between two layers: a step can take seconds. */
static gboolean
is_going_on (gpointer cancellable)
{
  return !g_cancellable_is_cancelled (cancellable);
}

static void
train_step (Bench *b)
{
  GCancellable *cancellable = pl_cli_cancellable ();
  PlLossSums sums = { 0 };

  pl_unet_work_clear_gradients (b->work);
  if (pl_unet_forward (b->net, b->work, b->images, b->batch, is_going_on, cancellable) == NULL ||
      !pl_unet_backward (b->net, b->work, b->labels, PL_LOSS_BOTH, b->batch, &sums, is_going_on,
                         cancellable))
    return;
  pl_optimizer_step (b->optimizer, b->net, pl_unet_work_gradients (b->work), 1e-4, 0);
}

static void
predict_step (Bench *b)
{
  pl_unet_forward (b->net, b->work, b->images, b->batch, is_going_on, pl_cli_cancellable ());
}

/* Steps for @seconds after one that is not counted. */
static double
time_steps (Bench *b, void (*step) (Bench *), double seconds)
{
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (double));
  gint64 start_us;

  step (b);
  start_us = g_get_monotonic_time ();
  do
    {
      gint64 before_us = g_get_monotonic_time ();
      double step_s;

      step (b);
      step_s = 1e-6 * (double) (g_get_monotonic_time () - before_us);
      g_array_append_val (times, step_s);
    }
  while (1e-6 * (double) (g_get_monotonic_time () - start_us) < seconds &&
         !g_cancellable_is_cancelled (pl_cli_cancellable ()));
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

static gboolean
measure (const Options *o, gboolean training, Figure *figure, GError **error)
{
  const PlUNetShape shape = { .in_channels = 1, .classes = 1, .base = o->base, .depth = o->depth };
  gsize n_pixels = (gsize) o->batch * (gsize) o->size_px * (gsize) o->size_px;
  g_autoptr (PlUNet) net = pl_unet_new (&shape, 1, error);
  g_autoptr (PlUNetWork) work = NULL;
  g_autoptr (PlOptimizer) optimizer = NULL;
  g_autofree float *images = g_new (float, n_pixels);
  g_autofree guint8 *labels = g_new (guint8, n_pixels);
  Bench b = { .images = images, .labels = labels, .batch = o->batch };
  double step_s;

  if (net != NULL)
    work = pl_unet_work_new (net, o->batch, o->size_px, o->size_px, training, error);
  if (work != NULL)
    optimizer = pl_optimizer_new (net, 1e-4, error);
  if (optimizer == NULL)
    return FALSE;
  b.net = net;
  b.work = work;
  b.optimizer = optimizer;
  fill_noise (&b, n_pixels);
  step_s = time_steps (&b, training ? train_step : predict_step, o->seconds);
  if (g_cancellable_set_error_if_cancelled (pl_cli_cancellable (), error))
    return FALSE;
  figure->images_per_s = o->batch / step_s;
  figure->gflops = 1e-9 * count_forward_flops (o) * (training ? 3 : 1) * figure->images_per_s;
  figure->mebibytes =
      (double) pl_unet_work_bytes (&shape, o->batch, o->size_px, o->size_px, training) / 1048576;
  return TRUE;
}

static JsonObject *
figure_to_json (const Figure *figure)
{
  JsonObject *object = json_object_new ();

  pl_json_set_double (object, "images_per_s", figure->images_per_s);
  pl_json_set_double (object, "gflop_per_s", figure->gflops);
  pl_json_set_double (object, "work_mib", figure->mebibytes);
  return object;
}

static PlCliStatus
bench (const Options *o)
{
  g_autoptr (GError) error = NULL;
  Figure training, prediction;

  pl_train_set_threads (o->threads);
  if (!measure (o, TRUE, &training, &error) || !measure (o, FALSE, &prediction, &error))
    {
      PlCliStatus status = pl_cli_fail (error);

      return g_error_matches (error, PL_UNET_ERROR, PL_UNET_ERROR_SHAPE) ? PL_CLI_USAGE : status;
    }
  if (pl_cli_wants_json ())
    {
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "isa", pl_train_isa ());
      json_object_set_string_member (object, "precision", "f32");
      json_object_set_int_member (object, "base", o->base);
      json_object_set_int_member (object, "depth", o->depth);
      json_object_set_int_member (object, "size", o->size_px);
      json_object_set_int_member (object, "batch", o->batch);
      json_object_set_object_member (object, "training", figure_to_json (&training));
      json_object_set_object_member (object, "prediction", figure_to_json (&prediction));
      pl_cli_print_json (object);
      return PL_CLI_DONE;
    }
  g_print (_ ("U-Net base %d, depth %d, %d × %d, batch %d, f32, %s; medians\n"), o->base, o->depth,
           o->size_px, o->size_px, o->batch, pl_train_isa ());
  g_print (_ ("training    %7.2f images/s  %7.1f GFLOP/s  %7.0f MiB\n"), training.images_per_s,
           training.gflops, training.mebibytes);
  g_print (_ ("prediction  %7.2f images/s  %7.1f GFLOP/s  %7.0f MiB\n"), prediction.images_per_s,
           prediction.gflops, prediction.mebibytes);
  return PL_CLI_DONE;
}

PlCliStatus
pl_cli_bench (int argc, char **argv)
{
  Options o = { .seconds = 5, .base = 32, .depth = 4, .size_px = 256, .batch = 8 };
  g_autofree char *isa = NULL;
  g_autofree char *precision = NULL;
  g_autoptr (GError) error = NULL;
  const GOptionEntry entries[] = {
    { "seconds", 0, 0, G_OPTION_ARG_DOUBLE, &o.seconds, N_ ("Seconds for each figure (5)"), "S" },
    { "base", 0, 0, G_OPTION_ARG_INT, &o.base, N_ ("Channels of the finest level (32)"), "N" },
    { "depth", 0, 0, G_OPTION_ARG_INT, &o.depth, N_ ("Times the network halves its input (4)"),
      "N" },
    { "size", 0, 0, G_OPTION_ARG_INT, &o.size_px, N_ ("Side of the input in pixels (256)"), "PX" },
    { "batch", 0, 0, G_OPTION_ARG_INT, &o.batch, N_ ("Images in a step (8)"), "N" },
    { "isa", 0, 0, G_OPTION_ARG_STRING, &isa, N_ ("Instruction set: generic, avx2 or avx512"),
      N_ ("NAME") },
    { "precision", 0, 0, G_OPTION_ARG_STRING, &precision, N_ ("Precision: auto or f32"),
      N_ ("NAME") },
    { "threads", 0, 0, G_OPTION_ARG_INT, &o.threads, N_ ("Threads; 0: one for each processor"),
      "N" },
    G_OPTION_ENTRY_NULL,
  };
  G_GNUC_UNUSED g_auto (GStrv) arguments = pl_cli_parse (
      argc, argv, "", _ ("Times training and prediction without files."), entries, 0, 0);

  if (!(o.seconds > 0) || o.batch < 1 || o.batch > 256 || o.size_px < 4 || o.size_px > 4096 ||
      o.threads < 0)
    return pl_cli_misuse (_ ("bench: --seconds must be above 0, --batch from 1 to 256, --size from "
                             "4 to 4096, --threads 0 or more"));
  if (precision != NULL && !g_str_equal (precision, "auto") && !g_str_equal (precision, "f32"))
    return pl_cli_misuse (_ ("bench: --precision is “%s”, not auto or f32"), precision);
  if (isa != NULL)
    {
      g_setenv ("PLEURA_ISA", isa, TRUE);
      if (!pl_train_init (&error))
        return pl_cli_misuse ("bench: %s", error->message);
    }
  return bench (&o);
}
