/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Training as a whole: it learns, it repeats to the bit whatever the number of threads and across a
 * checkpoint, it can be stopped, and it allocates nothing. */
#include <glib/gstdio.h>
#include <malloc.h>
#include <string.h>
#include <unistd.h>

#include "base/parallel.h"
#include "base/random.h"
#include "start.h"
#include "unet/model-file.h"

enum
{
  BATCH = 3,
  ROWS = 64,
  COLUMNS = 48,
  PIXELS = ROWS * COLUMNS,
};

static const PlUNetShape shape = { .in_channels = 1, .classes = 1, .base = 8, .depth = 3 };

static PlPrecision precision; /* of the test that runs */
static float images[BATCH * PIXELS];
static guint8 labels[BATCH * PIXELS];

/* Bright discs with noise; the label is the disc. */
static void
make_batch (void)
{
  PlRandom random;

  pl_random_init (&random, 11, 0);
  for (int n = 0; n < BATCH; n++)
    {
      double row = pl_random_between (&random, 20, 40);
      double column = pl_random_between (&random, 16, 32);
      double radius = pl_random_between (&random, 6, 14);

      for (int p = 0; p < PIXELS; p++)
        {
          double y = p / COLUMNS - row;
          double x = p % COLUMNS - column;

          labels[n * PIXELS + p] = x * x + y * y < radius * radius;
          images[n * PIXELS + p] =
              (float) (labels[n * PIXELS + p] - 0.5 + pl_random_normal (&random));
        }
    }
}

/* A network in training. */
typedef struct
{
  PlUNet *net;
  PlUNetWork *work;
  PlOptimizer *optimizer;
} Run;

static void
run_clear (Run *run)
{
  pl_unet_free (run->net);
  pl_unet_work_free (run->work);
  pl_optimizer_free (run->optimizer);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

static Run
run_new (void)
{
  Run run = { .net = pl_unet_new (&shape, 1, NULL) };

  g_assert_true (pl_unet_set_precision (run.net, precision, NULL));
  run.work = pl_unet_work_new (run.net, BATCH, ROWS, COLUMNS, TRUE, NULL);
  run.optimizer = pl_optimizer_new (run.net, 1e-4, NULL);
  return run;
}

static PlLossSums
train_step (Run *run)
{
  PlLossSums sums = { 0 };

  pl_unet_forward (run->net, run->work, images, BATCH, NULL, NULL);
  pl_unet_backward (run->net, run->work, labels, PL_LOSS_BOTH, BATCH, &sums, NULL, NULL);
  pl_optimizer_step (run->optimizer, run->net, pl_unet_work_gradients (run->work), 0.01, 5);
  pl_unet_work_clear_gradients (run->work);
  return sums;
}

static void
test_overfit (void)
{
  g_auto (Run) run = run_new ();
  PlLossSums sums = { 0 };

  for (int step = 0; step < 150 && sums.dice / BATCH <= 0.99; step++)
    sums = train_step (&run);
  g_assert_cmpfloat (sums.dice / BATCH, >, 0.99);
  g_assert_cmpfloat (sums.accuracy / BATCH, >, 0.99);
}

static float *
train_with_threads (int n_threads, gsize *n_weights)
{
  g_auto (Run) run = { 0 };

  pl_parallel_init (n_threads);
  run = run_new ();
  for (int step = 0; step < 3; step++)
    train_step (&run);
  pl_parallel_init (0);
  *n_weights = run.net->n_weights;
  return g_memdup2 (run.net->weights, run.net->n_weights * sizeof (float));
}

static void
test_threads (void)
{
  gsize n;
  g_autofree float *expected = train_with_threads (1, &n);

  for (int threads = 2; threads <= 3; threads++)
    {
      g_autofree float *weights = train_with_threads (threads, &n);

      g_assert_cmpmem (weights, n * sizeof (float), expected, n * sizeof (float));
    }
}

static void
test_resume (void)
{
  g_autofree char *path =
      g_strdup_printf ("%s/pleura-resume-%d.safetensors", g_get_tmp_dir (), (int) getpid ());
  g_auto (Run) through = run_new ();
  g_auto (Run) first = run_new ();
  g_auto (Run) second = run_new ();
  gsize n_bytes = through.net->n_weights * sizeof (float);

  for (int step = 0; step < 6; step++)
    train_step (&through);
  for (int step = 0; step < 3; step++)
    train_step (&first);
  g_assert_true (pl_model_file_write (path, first.net, first.optimizer, NULL, NULL));
  g_clear_pointer (&second.net, pl_unet_free);
  g_clear_pointer (&second.optimizer, pl_optimizer_free);
  second.net = pl_model_file_read (path, &second.optimizer, NULL, NULL);
  g_assert_true (pl_unet_set_precision (second.net, precision, NULL));
  g_unlink (path);
  for (int step = 0; step < 3; step++)
    train_step (&second);
  g_assert_cmpmem (second.net->weights, n_bytes, through.net->weights, n_bytes);
  g_assert_cmpmem (second.optimizer->v, n_bytes, through.optimizer->v, n_bytes);
}

/* Gradients of images one by one add up to the batch's. */
static void
test_micro_batches (void)
{
  g_auto (Run) whole = run_new ();
  g_auto (Run) parts = run_new ();
  PlLossSums whole_sums = { 0 };
  PlLossSums part_sums = { 0 };
  const float *expected, *found;
  double largest = 0;

  pl_unet_forward (whole.net, whole.work, images, BATCH, NULL, NULL);
  pl_unet_backward (whole.net, whole.work, labels, PL_LOSS_BOTH, BATCH, &whole_sums, NULL, NULL);
  for (int n = 0; n < BATCH; n++)
    {
      pl_unet_forward (parts.net, parts.work, images + n * PIXELS, 1, NULL, NULL);
      pl_unet_backward (parts.net, parts.work, labels + n * PIXELS, PL_LOSS_BOTH, BATCH, &part_sums,
                        NULL, NULL);
    }
  g_assert_cmpfloat_with_epsilon (whole_sums.loss, part_sums.loss, 1e-9);
  g_assert_cmpint (part_sums.n_images, ==, BATCH);
  expected = pl_unet_work_gradients (whole.work);
  found = pl_unet_work_gradients (parts.work);
  for (gsize i = 0; i < whole.net->n_weights; i++)
    largest = MAX (largest, ABS ((double) expected[i]));
  for (gsize i = 0; i < whole.net->n_weights; i++)
    g_assert_cmpfloat_with_epsilon (found[i], expected[i], 1e-5 * largest);
}

/* In place, or with all kept for the backward pass. */
static void
test_prediction_is_forward (void)
{
  g_auto (Run) run = run_new ();
  g_autoptr (PlUNetWork) work = pl_unet_work_new (run.net, 4, ROWS, COLUMNS, FALSE, NULL);
  PlLossSums trained = { 0 };
  PlLossSums validated = { 0 };
  gsize n_bytes = BATCH * PIXELS * sizeof (float);
  const float *expected = pl_unet_forward (run.net, run.work, images, BATCH, NULL, NULL);

  for (int pass = 0; pass < 2; pass++)
    {
      const float *found = pl_unet_forward (run.net, work, images, BATCH, NULL, NULL);

      g_assert_cmpmem (found, n_bytes, expected, n_bytes);
    }
  pl_unet_loss (work, labels, PL_LOSS_BOTH, &validated);
  pl_unet_backward (run.net, run.work, labels, PL_LOSS_BOTH, 1, &trained, NULL, NULL);
  g_assert_true (trained.loss == validated.loss && trained.dice == validated.dice);
}

typedef struct
{
  int asked;
  int last; /* that gets a yes */
} Patience;

static gboolean
go_on_cb (gpointer data)
{
  Patience *patience = data;

  return patience->asked++ < patience->last;
}

/* Wherever a pass is stopped, the next one is as if nothing had been. */
static void
test_stop (void)
{
  g_auto (Run) run = run_new ();
  gsize n_bytes = run.net->n_weights * sizeof (float);
  g_autofree float *expected = NULL;
  PlLossSums sums = { 0 };
  Patience forward = { .last = 1000 };
  Patience backward = { .last = 1000 };

  pl_unet_forward (run.net, run.work, images, BATCH, go_on_cb, &forward);
  g_assert_true (
      pl_unet_backward (run.net, run.work, labels, PL_LOSS_BOTH, 1, &sums, go_on_cb, &backward));
  g_assert_cmpint (forward.asked, >=, 2 * (2 * shape.depth + 1));
  g_assert_cmpint (backward.asked, >=, 2 * (2 * shape.depth + 1));
  expected = g_memdup2 (pl_unet_work_gradients (run.work), n_bytes);
  for (int stop = 0; stop < forward.asked; stop++)
    {
      Patience patience = { .last = stop };

      g_assert_null (pl_unet_forward (run.net, run.work, images, BATCH, go_on_cb, &patience));
    }
  for (int stop = 0; stop < backward.asked; stop++)
    {
      Patience patience = { .last = stop };

      pl_unet_forward (run.net, run.work, images, BATCH, NULL, NULL);
      g_assert_false (pl_unet_backward (run.net, run.work, labels, PL_LOSS_BOTH, 1, &sums, go_on_cb,
                                        &patience));
    }
  pl_unet_work_clear_gradients (run.work);
  pl_unet_forward (run.net, run.work, images, BATCH, NULL, NULL);
  pl_unet_backward (run.net, run.work, labels, PL_LOSS_BOTH, 1, &sums, NULL, NULL);
  g_assert_cmpmem (pl_unet_work_gradients (run.work), n_bytes, expected, n_bytes);
}

/* Where malloc counts (sanitizers bring their own, which does not). */
static void
test_no_allocation (void)
{
  g_auto (Run) run = run_new ();
  struct mallinfo2 before, after;

  train_step (&run);
  before = mallinfo2 ();
  for (int step = 0; step < 3; step++)
    train_step (&run);
  after = mallinfo2 ();
  g_assert_cmpuint (after.uordblks, ==, before.uordblks);
  g_assert_cmpuint (after.hblks, ==, before.hblks);
}

static void
test_memory (void)
{
  gsize predicting = pl_unet_work_bytes (&shape, PL_F32, 2, ROWS, COLUMNS, FALSE);
  gsize training = pl_unet_work_bytes (&shape, PL_F32, 2, ROWS, COLUMNS, TRUE);
  gsize full = 2 * ROWS * COLUMNS * 32 * sizeof (float); /* the widest tensor */

  g_assert_cmpuint (predicting, >, full);
  g_assert_cmpuint (predicting, <, 4 * full);
  g_assert_cmpuint (training, >, 2 * predicting);
  g_assert_cmpuint (pl_unet_work_bytes (&shape, PL_F32, 4, ROWS, COLUMNS, FALSE), >, predicting);
  g_assert_cmpuint (pl_unet_work_bytes (&shape, PL_F32, 2, ROWS, COLUMNS + 1, FALSE), ==, 0);
}

static void
assert_work_refused (const PlUNet *net, int batch, int rows, int columns, PlUNetError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (pl_unet_work_new (net, batch, rows, columns, TRUE, &error));
  g_assert_error (error, PL_UNET_ERROR, (int) code);
}

static void
assert_shape_refused (int in_channels, int classes, int base, int depth)
{
  PlUNetShape bad = { in_channels, classes, base, depth };
  g_autoptr (GError) error = NULL;

  g_assert_null (pl_unet_new (&bad, 1, &error));
  g_assert_error (error, PL_UNET_ERROR, PL_UNET_ERROR_SHAPE);
}

static void
test_refusals (void)
{
  g_autoptr (PlUNet) net = pl_unet_new (&shape, 1, NULL);
  PlUNetShape monster = { 1, 1, 1024, 6 };
  g_autoptr (GError) error = NULL;

  assert_shape_refused (0, 1, 8, 3);
  assert_shape_refused (1, 0, 8, 3);
  assert_shape_refused (1, 257, 8, 3);
  assert_shape_refused (1, 1, 0, 3);
  assert_shape_refused (1, 1, 8, 0);
  assert_shape_refused (1, 1, 8, 7);
  assert_work_refused (net, 0, 16, 16, PL_UNET_ERROR_SHAPE);
  assert_work_refused (net, 1, 8, 16, PL_UNET_ERROR_SHAPE);
  assert_work_refused (net, 1, 16, 20, PL_UNET_ERROR_SHAPE);
  assert_work_refused (net, 1024, 32768, 32768, PL_UNET_ERROR_MEMORY);
  g_assert_null (pl_unet_new (&monster, 1, &error));
  g_assert_error (error, PL_UNET_ERROR, PL_UNET_ERROR_MEMORY);
}

static void
test_fit_side (void)
{
  g_assert_cmpint (pl_unet_fit_side (&shape, 1), ==, 16);
  g_assert_cmpint (pl_unet_fit_side (&shape, 16), ==, 16);
  g_assert_cmpint (pl_unet_fit_side (&shape, 17), ==, 24);
  g_assert_cmpint (pl_unet_fit_side (&shape, 512), ==, 512);
}

static void
test_copy (void)
{
  g_auto (Run) run = run_new ();
  gsize n_bytes = BATCH * PIXELS * sizeof (float);
  g_autoptr (PlUNet) copy = NULL;
  g_autofree float *expected = NULL;

  train_step (&run);
  copy = pl_unet_copy (run.net, NULL);
  expected = g_memdup2 (pl_unet_forward (run.net, run.work, images, BATCH, NULL, NULL), n_bytes);
  train_step (&run);
  g_assert_cmpmem (pl_unet_forward (copy, run.work, images, BATCH, NULL, NULL), n_bytes, expected,
                   n_bytes);
}

/* A fresh head has no bias, and by a power of two nothing is rounded. */
static void
test_scale_head (void)
{
  g_auto (Run) run = run_new ();
  const float *logits = pl_unet_forward (run.net, run.work, images, BATCH, NULL, NULL);
  g_autofree float *before = g_memdup2 (logits, BATCH * PIXELS * sizeof (float));

  pl_unet_scale_head (run.net, 4);
  logits = pl_unet_forward (run.net, run.work, images, BATCH, NULL, NULL);
  for (gsize i = 0; i < BATCH * PIXELS; i++)
    g_assert_cmpfloat (logits[i], ==, 4 * before[i]);
}

static void
test_unknown_isa (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (pl_unet_init ("abacus", 0, &error));
  g_assert_error (error, PL_UNET_ERROR, PL_UNET_ERROR_ISA);
  g_assert_nonnull (strstr (error->message, "abacus"));
  g_assert_nonnull (strstr (error->message, "generic"));
}

static const struct
{
  const char *name;
  void (*run) (void);
} passes[] = {
  { "overfit", test_overfit },
  { "threads", test_threads },
  { "resume", test_resume },
  { "micro-batches", test_micro_batches },
  { "prediction-is-forward", test_prediction_is_forward },
  { "stop", test_stop },
  { "no-allocation", test_no_allocation },
  { "copy", test_copy },
  { "scale-head", test_scale_head },
};

/* @data: number of the test, PL_N_PRECISIONS of each. */
static void
run_in_precision (gconstpointer data)
{
  guint number = GPOINTER_TO_UINT (data);

  precision = (PlPrecision) (number % PL_N_PRECISIONS);
  if (pl_unet_check_precision (precision, NULL))
    passes[number / PL_N_PRECISIONS].run ();
  else
    g_test_skip ("this instruction set does not have it");
}

int
main (int argc, char *argv[])
{
  if (!test_start (&argc, &argv))
    return 0;
  make_batch ();
  for (guint i = 0; i < PL_N_PRECISIONS * G_N_ELEMENTS (passes); i++)
    {
      g_autofree char *path =
          g_strdup_printf ("/unet/training/%s/%s", passes[i / PL_N_PRECISIONS].name,
                           pl_unet_precision_name ((PlPrecision) (i % PL_N_PRECISIONS)));

      g_test_add_data_func (path, GUINT_TO_POINTER (i), run_in_precision);
    }
  g_test_add_func ("/unet/training/memory", test_memory);
  g_test_add_func ("/unet/training/refusals", test_refusals);
  g_test_add_func ("/unet/training/fit-side", test_fit_side);
  g_test_add_func ("/unet/training/unknown-isa", test_unknown_isa);
  return g_test_run ();
}
