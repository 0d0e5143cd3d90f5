/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The loss against its double in double precision, its gradient against central differences of
 * that, and what is shown of it against numbers counted by hand. */
#include "unet/loss.h"

#include "reference.h"
#include "start.h"

typedef struct
{
  RefImage *logits;
  guint8 *labels;
  PlLossKind kind;
} LossCase;

static double
lose_loss (gpointer data)
{
  LossCase *test = data;

  return ref_loss (test->logits, test->labels, test->kind);
}

/* d_logits as (N,C,H,W) */
static double *
separate (const float *values, const RefImage *like)
{
  gsize pixels = (gsize) like->rows * (gsize) like->columns;
  gsize channels = (gsize) like->channels;
  double *out = g_new (double, ref_image_count (like));

  for (gsize n = 0; n < (gsize) like->n; n++)
    for (gsize c = 0; c < channels; c++)
      for (gsize p = 0; p < pixels; p++)
        out[(n * channels + c) * pixels + p] = values[(n * pixels + p) * channels + c];
  return out;
}

static void
check_loss (PlRandom *random, int n, int rows, int columns, int classes, PlLossKind kind)
{
  gsize pixels = (gsize) (rows * columns);
  g_autoptr (RefImage) logits = ref_image_random (random, n, classes, rows, columns);
  g_autofree guint8 *labels = g_new0 (guint8, (gsize) n * pixels);
  LossCase test = { .logits = logits, .labels = labels, .kind = kind };
  g_autofree float *values = ref_image_interleave (logits);
  g_autofree float *d_logits = g_new0 (float, ref_image_count (logits));
  g_autofree double *sums = g_new0 (double, pl_loss_sums (classes, pixels, n));
  g_autofree double *found = NULL;
  PlLossSums out = { 0 };
  PlLoss loss = {
    .classes = classes,
    .n_pixels = pixels,
    .logits = values,
    .labels = labels,
    .kind = kind,
    .sums = sums,
  };

  /* The first of several images lacks the last class. */
  for (gsize p = 0; p < (gsize) n * pixels; p++)
    labels[p] =
        (guint8) pl_random_below (random, (guint32) (MAX (classes, 2) - (n > 1 && p < pixels)));
  pl_loss_forward (&loss, n, &out);
  g_assert_cmpfloat_with_epsilon (out.loss, lose_loss (&test), 1e-5 * out.loss);
  g_assert_cmpint (out.n_images, ==, n);
  test.kind = PL_LOSS_CROSS_ENTROPY;
  g_assert_cmpfloat_with_epsilon (out.cross_entropy, lose_loss (&test), 1e-5 * out.cross_entropy);
  test.kind = kind;
  pl_loss_backward (&loss, n, 1, d_logits);
  found = separate (d_logits, logits);
  test_assert_gradient (logits->values, ref_image_count (logits), found, lose_loss, &test, 100,
                        (TestTolerance){ .of_largest = 1e-4 });
}

static void
test_loss (void)
{
  PlRandom random;

  pl_random_init (&random, 1, 0);
  for (PlLossKind kind = PL_LOSS_CROSS_ENTROPY; kind <= PL_LOSS_BOTH; kind++)
    {
      check_loss (&random, 1, 2, 2, 1, kind);
      check_loss (&random, 2, 70, 61, 1, kind); /* several chunks */
      check_loss (&random, 2, 5, 7, 4, kind);
    }
}

static PlLossSums
measure (int classes, int n, gsize pixels, const float *logits, const guint8 *labels)
{
  g_autofree double *sums = g_new0 (double, pl_loss_sums (classes, pixels, n));
  PlLossSums out = { 0 };
  PlLoss loss = {
    .classes = classes,
    .n_pixels = pixels,
    .logits = logits,
    .labels = labels,
    .kind = PL_LOSS_BOTH,
    .sums = sums,
  };

  pl_loss_forward (&loss, n, &out);
  return out;
}

static void
test_metrics (void)
{
  const float logits[] = { 1, 1, -1, -1, -5, -5, -5, -5 };
  const guint8 labels[] = { 1, 0, 0, 0, 0, 0, 0, 0 };
  const float far[] = { 200, -200, -300, 1e30f };
  const guint8 far_labels[] = { 1, 0, 1, 1 };
  const float three[] = { 1, 2, 0, 3, 0, 1, 0, 1, 5, 0, 9, 0 };
  const guint8 three_labels[] = { 1, 0, 2, 2 };
  const float two[] = { 0, 1, 0, 0, 0, 1 };
  const guint8 two_labels[] = { 1, 0 };
  PlLossSums out;

  /* First image: one hit, one false alarm. The second is empty and says nothing of Dice. */
  out = measure (1, 2, 4, logits, labels);
  g_assert_cmpfloat_with_epsilon (out.accuracy, 0.75 + 1, 1e-12);
  g_assert_cmpfloat_with_epsilon (out.dice, 2.0 / 3, 1e-12);
  g_assert_cmpint (out.n_with_mask, ==, 1);
  /* Nor does a false alarm in an empty one. */
  out = measure (1, 1, 4, logits, labels + 4);
  g_assert_cmpfloat_with_epsilon (out.accuracy, 0.5, 1e-12);
  g_assert_cmpfloat (out.dice, ==, 0);
  g_assert_cmpint (out.n_with_mask, ==, 0);
  /* Logits that no probability can tell: the loss is finite. */
  out = measure (1, 1, 4, far, far_labels);
  g_assert_cmpfloat_with_epsilon (out.cross_entropy, 300.0 / 4, 1e-3);
  /* Class 1: found twice, one right, one there: 2/3. Class 2: 1 of 2 found: 2/3. */
  out = measure (3, 1, 4, three, three_labels);
  g_assert_cmpfloat_with_epsilon (out.accuracy, 0.75, 1e-12);
  g_assert_cmpfloat_with_epsilon (out.dice, 2.0 / 3, 1e-12);
  /* Without class 2 in the truth, class 1 alone counts. */
  out = measure (3, 1, 2, two, two_labels);
  g_assert_cmpfloat (out.accuracy, ==, 0.5);
  g_assert_cmpfloat (out.dice, ==, 1);
}

static void
test_probabilities (void)
{
  float one[] = { 0, 100, -100, 1 };
  float three[] = { 0, 0, 0, 1000, 0, -1000 };

  pl_unet_probabilities (1, 4, one);
  g_assert_cmpfloat (one[0], ==, 0.5);
  g_assert_cmpfloat (one[1], ==, 1);
  g_assert_cmpfloat_with_epsilon (one[2], 0, 1e-30);
  g_assert_cmpfloat_with_epsilon (one[3], 0.7310586, 1e-6);
  pl_unet_probabilities (3, 2, three);
  for (int k = 0; k < 3; k++)
    {
      g_assert_cmpfloat_with_epsilon (three[k], 1.0 / 3, 1e-6);
      g_assert_cmpfloat (three[3 + k], ==, k == 0);
    }
}

int
main (int argc, char *argv[])
{
  if (!test_start (&argc, &argv))
    return 0;
  g_test_add_func ("/unet/loss/loss", test_loss);
  g_test_add_func ("/unet/loss/metrics", test_metrics);
  g_test_add_func ("/unet/loss/probabilities", test_probabilities);
  return g_test_run ();
}
