/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench: training steps and predictions of one network, and each of its layers, timed on this
 * machine. The one file outside train/ that includes the core: it measures the core alone, without
 * files. */
#include "cli/cli.h"

#include "base/json.h"
#include "base/parallel.h"
#include "base/random.h"
#include "train/augment.h"
#include "train/slice-predictor.h"
#include "train/train.h"
#include "unet/measure.h"
#include "unet/optimizer.h"

#include <glib/gi18n.h>
#include <sys/resource.h>

typedef struct
{
  double seconds; /* a measurement */
  int base;
  int depth;
  int size_px;
  int batch;
  int threads;
} Options;

/* Where a training step's time goes, in seconds. */
typedef struct
{
  double forward;
  double loss;
  double backward;
  double optimizer;
  double data; /* making a batch, which another thread does at the same time */
} Phases;

/* Medians over steps, since the machine may be shared. */
typedef struct
{
  double images_per_s;
  double gflops;
  double mebibytes; /* of the pass */
  Phases phases;    /* of training */
} Figure;

/* All about one instruction set and precision. */
typedef struct
{
  PlPrecision precision;
  double peak; /* FLOP/s */
  GArray *layers;
  Figure training;
  Figure prediction;
  double resident_mib; /* of the process, at most so far */
} Report;

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
  const Options *options;
  int n_pass; /* images that go through the network at once, as in training */
  PlUNet *net;
  PlUNetWork *work;
  PlOptimizer *optimizer; /* NULL when predicting */
  float *images;
  guint8 *labels;
  double optimizer_s; /* summed over steps */
} Bench;

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

/* Steps for @seconds after one that is not counted; @n_steps with that one. */
static double
time_steps (Bench *b, void (*step) (Bench *), double seconds, guint *n_steps)
{
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (double));
  double start_s;

  step (b);
  start_s = find_time_s ();
  do
    {
      double before_s = find_time_s ();
      double step_s;

      step (b);
      step_s = find_time_s () - before_s;
      g_array_append_val (times, step_s);
    }
  while (find_time_s () - start_s < seconds && is_going_on (pl_cli_cancellable ()));
  *n_steps = times->len + 1;
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

static void
fill_training (Bench *b, guint n_steps, Figure *figure)
{
  PlUNetTimes times = pl_unet_work_times (b->work);

  figure->phases = (Phases){
    .forward = times.forward / n_steps,
    .loss = times.loss / n_steps,
    .backward = times.backward / n_steps,
    .optimizer = b->optimizer_s / n_steps,
    .data = time_batch (b),
  };
}

static gboolean
measure (const Options *o, gboolean training, Report *report, Figure *figure, GError **error)
{
  const PlUNetShape shape = { .in_channels = 1, .classes = 1, .base = o->base, .depth = o->depth };
  gsize n_pixels = (gsize) o->batch * (gsize) o->size_px * (gsize) o->size_px;
  g_autoptr (PlUNet) net = pl_unet_new (&shape, 1, error);
  g_autoptr (PlUNetWork) work = NULL;
  g_autoptr (PlOptimizer) optimizer = NULL;
  g_autofree float *images = g_new (float, n_pixels);
  g_autofree guint8 *labels = g_new (guint8, n_pixels);
  int n_pass = MIN (o->batch, pl_images_per_pass (&shape, report->precision, o->size_px));
  Bench b = { .options = o, .n_pass = n_pass, .images = images, .labels = labels };
  guint n_steps;
  double step_s;

  if (net != NULL && pl_unet_set_precision (net, report->precision, error))
    work = pl_unet_work_new (net, n_pass, o->size_px, o->size_px, training, error);
  if (work != NULL)
    optimizer = pl_optimizer_new (net, 1e-4, error);
  if (optimizer == NULL)
    return FALSE;
  b.net = net;
  b.work = work;
  b.optimizer = optimizer;
  fill_noise (&b, n_pixels);
  step_s = time_steps (&b, training ? train_step : predict_step, o->seconds, &n_steps);
  figure->images_per_s = o->batch / step_s;
  figure->gflops = 1e-9 * count_forward_flops (o) * (training ? 3 : 1) * figure->images_per_s;
  figure->mebibytes = (double) pl_unet_work_bytes (&shape, report->precision, n_pass, o->size_px,
                                                   o->size_px, training) /
                      1048576;
  if (training)
    {
      fill_training (&b, n_steps, figure);
      report->layers =
          pl_unet_measure_layers (net, work, o->seconds / 50, is_going_on, pl_cli_cancellable ());
    }
  return !g_cancellable_set_error_if_cancelled (pl_cli_cancellable (), error);
}

static double
find_resident_mib (void)
{
  struct rusage usage;

  return getrusage (RUSAGE_SELF, &usage) == 0 ? (double) usage.ru_maxrss / 1024 : 0;
}

static gboolean
fill_report (const Options *o, Report *report, GError **error)
{
  report->peak = pl_unet_measure_peak (report->precision);
  if (!measure (o, FALSE, report, &report->prediction, error) ||
      !measure (o, TRUE, report, &report->training, error))
    return FALSE;
  report->resident_mib = find_resident_mib ();
  return TRUE;
}

static JsonObject *
layer_to_json (const PlLayerTime *layer, double peak)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "layer", layer->layer);
  json_object_set_string_member (object, "kernel", layer->kernel);
  pl_json_set_double (object, "seconds", layer->seconds);
  pl_json_set_double (object, "gb_per_s", 1e-9 * layer->bytes / layer->seconds);
  if (layer->flops > 0)
    {
      pl_json_set_double (object, "gflop_per_s", 1e-9 * layer->flops / layer->seconds);
      pl_json_set_double (object, "share_of_peak", layer->flops / layer->seconds / peak);
    }
  return object;
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

static JsonObject *
phases_to_json (const Phases *phases)
{
  JsonObject *object = json_object_new ();

  pl_json_set_double (object, "forward_s", phases->forward);
  pl_json_set_double (object, "loss_s", phases->loss);
  pl_json_set_double (object, "backward_s", phases->backward);
  pl_json_set_double (object, "optimizer_s", phases->optimizer);
  pl_json_set_double (object, "data_s", phases->data);
  return object;
}

static JsonObject *
report_to_json (const Options *o, const Report *report)
{
  JsonObject *object = json_object_new ();
  JsonObject *training = figure_to_json (&report->training);
  JsonArray *layers = json_array_new ();

  for (guint i = 0; i < report->layers->len; i++)
    json_array_add_object_element (
        layers, layer_to_json (&g_array_index (report->layers, PlLayerTime, i), report->peak));
  json_object_set_object_member (training, "phases", phases_to_json (&report->training.phases));
  json_object_set_string_member (object, "isa", pl_train_isa ());
  json_object_set_string_member (object, "precision", pl_unet_precision_name (report->precision));
  json_object_set_int_member (object, "threads", pl_parallel_threads ());
  json_object_set_int_member (object, "base", o->base);
  json_object_set_int_member (object, "depth", o->depth);
  json_object_set_int_member (object, "size", o->size_px);
  json_object_set_int_member (object, "batch", o->batch);
  pl_json_set_double (object, "peak_gflop_per_s", 1e-9 * report->peak);
  pl_json_set_double (object, "resident_mib", report->resident_mib);
  json_object_set_array_member (object, "layers", layers);
  json_object_set_object_member (object, "training", training);
  json_object_set_object_member (object, "prediction", figure_to_json (&report->prediction));
  return object;
}

static void
print_layer (const PlLayerTime *layer, double peak)
{
  g_print ("  %-14s %-24s %9.3f ms  %7.1f GB/s", layer->layer, layer->kernel, 1e3 * layer->seconds,
           1e-9 * layer->bytes / layer->seconds);
  if (layer->flops > 0)
    g_print ("  %8.1f GFLOP/s  %3.0f %%", 1e-9 * layer->flops / layer->seconds,
             100 * layer->flops / layer->seconds / peak);
  g_print ("\n");
}

static void
print_report (const Options *o, const Report *report)
{
  const Phases *p = &report->training.phases;
  double step = p->forward + p->loss + p->backward + p->optimizer;

  g_print (_ ("U-Net base %d, depth %d, %d × %d, batch %d, %s, %s, %d threads; medians\n"), o->base,
           o->depth, o->size_px, o->size_px, o->batch, pl_unet_precision_name (report->precision),
           pl_train_isa (), pl_parallel_threads ());
  g_print (_ ("training    %7.2f images/s  %7.1f GFLOP/s  %7.0f MiB\n"),
           report->training.images_per_s, report->training.gflops, report->training.mebibytes);
  g_print (_ ("prediction  %7.2f images/s  %7.1f GFLOP/s  %7.0f MiB\n"),
           report->prediction.images_per_s, report->prediction.gflops,
           report->prediction.mebibytes);
  g_print (_ ("a step of %.0f ms: forward %.0f %%, loss %.1f %%, backward %.0f %%, optimiser "
              "%.1f %%; meanwhile %.0f ms for the data\n"),
           1e3 * step, 100 * p->forward / step, 100 * p->loss / step, 100 * p->backward / step,
           100 * p->optimizer / step, 1e3 * p->data);
  g_print (_ ("peak %.0f GFLOP/s; resident memory %.0f MiB; each layer by itself:\n"),
           1e-9 * report->peak, report->resident_mib);
  for (guint i = 0; i < report->layers->len; i++)
    print_layer (&g_array_index (report->layers, PlLayerTime, i), report->peak);
}

/* Of the instruction set in use. */
static gboolean
bench_precision (const Options *o, PlPrecision precision, JsonArray *reports, GError **error)
{
  Report report = { .precision = precision };
  gboolean is_done = fill_report (o, &report, error);

  if (is_done && reports != NULL)
    json_array_add_object_element (reports, report_to_json (o, &report));
  else if (is_done)
    print_report (o, &report);
  g_clear_pointer (&report.layers, g_array_unref);
  return is_done;
}

/* Each in turn; nothing else runs here, so the core can be started anew. */
static gboolean
bench_all (const Options *o, char **isas, char **precisions, JsonArray *reports, GError **error)
{
  for (int i = 0; isas[i] != NULL; i++)
    {
      if (!pl_unet_init (isas[i], o->threads, error))
        return FALSE;
      for (int k = 0; precisions[k] != NULL; k++)
        {
          PlPrecision precision = pl_unet_best_precision ();

          if (!g_str_equal (precisions[k], "auto"))
            precision = g_str_equal (precisions[k], "bf16") ? PL_BF16 : PL_F32;
          if (!pl_unet_check_precision (precision, error) ||
              !bench_precision (o, precision, reports, error))
            return FALSE;
        }
    }
  return TRUE;
}

/* One document: the report, or an array of several. */
static void
print_json (JsonArray *reports)
{
  JsonObject *object;

  if (json_array_get_length (reports) == 1)
    {
      object = json_object_ref (json_array_get_object_element (reports, 0));
    }
  else
    {
      object = json_object_new ();
      json_object_set_array_member (object, "reports", json_array_ref (reports));
    }
  pl_cli_print_json (object);
}

static PlCliStatus
bench (const Options *o, char **isas, char **precisions)
{
  g_autoptr (JsonArray) reports = pl_cli_wants_json () ? json_array_new () : NULL;
  g_autoptr (GError) error = NULL;

  if (!bench_all (o, isas, precisions, reports, &error))
    {
      PlCliStatus status = pl_cli_fail (error);

      return g_error_matches (error, PL_UNET_ERROR, PL_UNET_ERROR_SHAPE) ||
                     g_error_matches (error, PL_UNET_ERROR, PL_UNET_ERROR_ISA)
                 ? PL_CLI_USAGE
                 : status;
    }
  if (reports != NULL)
    print_json (reports);
  return PL_CLI_DONE;
}

static const char *
find_unknown_precision (char **precisions)
{
  int ignored;

  for (int i = 0; precisions[i] != NULL; i++)
    if (!pl_train_precision_from_name (precisions[i], &ignored))
      return precisions[i];
  return NULL;
}

PlCliStatus
pl_cli_bench (int argc, char **argv)
{
  Options o = { .seconds = 5, .base = 32, .depth = 4, .size_px = 256, .batch = 8 };
  g_autofree char *isa = NULL;
  g_autofree char *precision = NULL;
  g_auto (GStrv) isas = NULL;
  g_auto (GStrv) precisions = NULL;
  const GOptionEntry entries[] = {
    { "seconds", 0, 0, G_OPTION_ARG_DOUBLE, &o.seconds, N_ ("Seconds for each figure (5)"), "S" },
    { "base", 0, 0, G_OPTION_ARG_INT, &o.base, N_ ("Channels of the finest level (32)"), "N" },
    { "depth", 0, 0, G_OPTION_ARG_INT, &o.depth, N_ ("Times the network halves its input (4)"),
      "N" },
    { "size", 0, 0, G_OPTION_ARG_INT, &o.size_px, N_ ("Side of the input in pixels (256)"), "PX" },
    { "batch", 0, 0, G_OPTION_ARG_INT, &o.batch, N_ ("Images in a step (8)"), "N" },
    { "isa", 0, 0, G_OPTION_ARG_STRING, &isa,
      N_ ("Instruction sets to compare, among generic, avx2, avx512, amx"), N_ ("NAME,…") },
    { "precision", 0, 0, G_OPTION_ARG_STRING, &precision,
      N_ ("Precisions to compare, among auto, f32, bf16"), N_ ("NAME,…") },
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
  isas = g_strsplit (isa != NULL ? isa : pl_train_isa (), ",", -1);
  precisions = g_strsplit (precision != NULL ? precision : "auto", ",", -1);
  if (find_unknown_precision (precisions) != NULL)
    return pl_cli_misuse (_ ("bench: --precision is “%s”, not auto, f32 or bf16"),
                          find_unknown_precision (precisions));
  return bench (&o, isas, precisions);
}
