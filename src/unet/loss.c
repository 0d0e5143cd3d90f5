/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cross-entropy is computed from logits, log q = z − log Σ exp z, so that it stays finite for sure
 * and wrong pixels. Sums are taken in chunks of pixels and added in order. */
#include "unet/loss.h"

#include <math.h>
#include <string.h>

#include "base/parallel.h"

enum
{
  CHUNK_PIXELS = 4096,
  MOST_CLASSES = 256,
};

#define SMOOTH 1e-5

/* Sums of a chunk; then, in the first chunk of an image, of the whole image. */
typedef enum
{
  SUM_CROSS_ENTROPY,
  SUM_RIGHT,
  N_PIXEL_SUMS,
} PixelSum;

/* After those, for each class. */
typedef enum
{
  SUM_Q,
  SUM_Y,
  SUM_QY,
  SUM_FOUND, /* pixels given this class */
  SUM_HIT,   /* of these, rightly */
  N_CLASS_SUMS,
} ClassSum;

static gsize
count_chunks (gsize n_pixels)
{
  return (n_pixels + CHUNK_PIXELS - 1) / CHUNK_PIXELS;
}

static gsize
count_sums (int classes)
{
  return N_PIXEL_SUMS + (gsize) classes * N_CLASS_SUMS;
}

gsize
pl_loss_sums (int classes, gsize n_pixels, int batch)
{
  return (gsize) batch * count_chunks (n_pixels) * count_sums (classes);
}

static double *
find_sums (const PlLoss *loss, gsize chunk)
{
  return loss->sums + chunk * count_sums (loss->classes);
}

static void
compute_softmax (int classes, float *values)
{
  float largest = values[0];
  float sum = 0;

  for (int k = 1; k < classes; k++)
    largest = MAX (largest, values[k]);
  for (int k = 0; k < classes; k++)
    sum += values[k] = expf (values[k] - largest);
  for (int k = 0; k < classes; k++)
    values[k] /= sum;
}

static float
compute_sigmoid (float z)
{
  return 1 / (1 + expf (-z));
}

static void
compute_probabilities (int classes, const float *logits, float *q)
{
  if (classes == 1)
    q[0] = compute_sigmoid (logits[0]);
  else
    {
      memcpy (q, logits, (gsize) classes * sizeof (float));
      compute_softmax (classes, q);
    }
}

static void
add_class (double *sums, double q, gboolean is_truth, gboolean is_found)
{
  sums[SUM_Q] += q;
  sums[SUM_Y] += is_truth;
  sums[SUM_QY] += is_truth ? q : 0;
  sums[SUM_FOUND] += is_found;
  sums[SUM_HIT] += is_found && is_truth;
}

static void
add_sigmoid_pixel (float z, gboolean is_truth, double *sums)
{
  /* exp (−|z|) serves the probability and the logarithm. */
  double e = expf (-fabsf (z));
  double q = z >= 0 ? 1 / (1 + e) : e / (1 + e);
  gboolean is_found = z > 0;

  sums[SUM_CROSS_ENTROPY] += MAX (z, 0) - (is_truth ? z : 0) + log1pf ((float) e);
  sums[SUM_RIGHT] += is_found == is_truth;
  add_class (sums + N_PIXEL_SUMS, q, is_truth, is_found);
}

static void
add_softmax_pixel (int classes, const float *z, int label, double *sums)
{
  float q[MOST_CLASSES];
  int found = 0;
  float sum = 0;

  for (int k = 1; k < classes; k++)
    if (z[k] > z[found])
      found = k;
  for (int k = 0; k < classes; k++)
    sum += q[k] = expf (z[k] - z[found]);
  sums[SUM_CROSS_ENTROPY] += logf (sum) - (z[label] - z[found]);
  sums[SUM_RIGHT] += found == label;
  for (int k = 0; k < classes; k++)
    add_class (sums + N_PIXEL_SUMS + k * N_CLASS_SUMS, q[k] / sum, k == label, k == found);
}

static void
sum_chunk_cb (void *data, size_t index, int worker)
{
  const PlLoss *loss = data;
  gsize chunks = count_chunks (loss->n_pixels);
  gsize image = index / chunks;
  gsize first = index % chunks * CHUNK_PIXELS;
  gsize end = MIN (first + CHUNK_PIXELS, loss->n_pixels);
  const guint8 *labels = loss->labels + image * loss->n_pixels;
  const float *logits = loss->logits + image * loss->n_pixels * (gsize) loss->classes;
  double *sums = find_sums (loss, index);

  memset (sums, 0, count_sums (loss->classes) * sizeof (double));
  for (gsize p = first; p < end; p++)
    {
      g_assert (labels[p] < MAX (loss->classes, 2));
      if (loss->classes == 1)
        add_sigmoid_pixel (logits[p], labels[p] != 0, sums);
      else
        add_softmax_pixel (loss->classes, logits + p * (gsize) loss->classes, labels[p], sums);
    }
}

/* The chunks of an image into its first. */
static double *
gather_image (const PlLoss *loss, int image)
{
  gsize chunks = count_chunks (loss->n_pixels);
  double *total = find_sums (loss, (gsize) image * chunks);

  for (gsize chunk = 1; chunk < chunks; chunk++)
    for (gsize k = 0; k < count_sums (loss->classes); k++)
      total[k] += find_sums (loss, (gsize) image * chunks + chunk)[k];
  return total;
}

static int
find_first_foreground (int classes)
{
  return classes == 1 ? 0 : 1;
}

static int
count_foreground (int classes)
{
  return classes - find_first_foreground (classes);
}

/* Of one class. Where it is absent the figure says nothing: it would be 0 until the probabilities
 * of all pixels together fall below the smoothing, and training would chase that. */
static double
find_soft_dice (const double *class)
{
  if (class[SUM_Y] == 0)
    return 1;
  return (2 * class[SUM_QY] + SMOOTH) / (class[SUM_Q] + class[SUM_Y] + SMOOTH);
}

static void
add_image (const PlLoss *loss, const double *sums, PlLossSums *out)
{
  double cross_entropy = sums[SUM_CROSS_ENTROPY] / (double) loss->n_pixels;
  double soft = 0;
  double hard = 0;
  int n_classes = 0;

  for (int k = find_first_foreground (loss->classes); k < loss->classes; k++)
    {
      const double *class = sums + N_PIXEL_SUMS + k * N_CLASS_SUMS;

      soft += find_soft_dice (class);
      if (class[SUM_Y] == 0)
        continue;
      hard += 2 * class[SUM_HIT] / (class[SUM_FOUND] + class[SUM_Y]);
      n_classes++;
    }
  if (loss->kind & PL_LOSS_CROSS_ENTROPY)
    out->loss += cross_entropy;
  if (loss->kind & PL_LOSS_DICE)
    out->loss += 1 - soft / count_foreground (loss->classes);
  out->cross_entropy += cross_entropy;
  out->accuracy += sums[SUM_RIGHT] / (double) loss->n_pixels;
  if (n_classes > 0)
    {
      out->dice += hard / n_classes;
      out->n_with_mask++;
    }
  out->n_images++;
}

void
pl_loss_forward (const PlLoss *loss, int n, PlLossSums *out)
{
  g_assert (loss->classes <= MOST_CLASSES);

  pl_parallel_for ((gsize) n * count_chunks (loss->n_pixels), sum_chunk_cb, (void *) loss);
  for (int image = 0; image < n; image++)
    add_image (loss, gather_image (loss, image), out);
}

typedef struct
{
  const PlLoss *loss;
  double cross_entropy_weight; /* 0 or 1 / (pixels · divisor) */
  double dice_weight;          /* 0 or 1 / (foreground classes · divisor) */
  float *d_logits;
} GradientJob;

/* Of the Dice loss by q of a pixel of that class: −(2y·S − (2Σqy + s)) / S², S = Σq + Σy + s; for
 * y = 0 and y = 1. */
static void
find_slopes (const GradientJob *job, const double *sums, int class, double slopes[2])
{
  const double *of_class = sums + N_PIXEL_SUMS + class * N_CLASS_SUMS;
  double total = of_class[SUM_Q] + of_class[SUM_Y] + SMOOTH;
  double dice = find_soft_dice (of_class);

  if (class < find_first_foreground (job->loss->classes) || of_class[SUM_Y] == 0)
    slopes[0] = slopes[1] = 0;
  else
    {
      slopes[0] = job->dice_weight * dice / total;
      slopes[1] = job->dice_weight * (dice - 2) / total;
    }
}

static void
compute_pixel (
    const GradientJob *job, const float *logits, int label, double (*slopes)[2], float *d_logits)
{
  int classes = job->loss->classes;
  float q[MOST_CLASSES];
  double mean = 0;

  compute_probabilities (classes, logits, q);
  if (classes == 1)
    {
      d_logits[0] = (float) (job->cross_entropy_weight * (q[0] - label) +
                             slopes[0][label] * q[0] * (1 - q[0]));
      return;
    }
  for (int k = 0; k < classes; k++)
    mean += slopes[k][k == label] * q[k];
  for (int k = 0; k < classes; k++)
    d_logits[k] = (float) (job->cross_entropy_weight * (q[k] - (k == label)) +
                           q[k] * (slopes[k][k == label] - mean));
}

static void
compute_chunk_cb (void *data, size_t index, int worker)
{
  const GradientJob *job = data;
  const PlLoss *loss = job->loss;
  gsize chunks = count_chunks (loss->n_pixels);
  gsize image = index / chunks;
  gsize first = index % chunks * CHUNK_PIXELS;
  gsize end = MIN (first + CHUNK_PIXELS, loss->n_pixels);
  const double *sums = find_sums (loss, image * chunks);
  double slopes[MOST_CLASSES][2];

  for (int k = 0; k < loss->classes; k++)
    find_slopes (job, sums, k, slopes[k]);
  for (gsize p = image * loss->n_pixels + first; p < image * loss->n_pixels + end; p++)
    compute_pixel (job, loss->logits + p * (gsize) loss->classes, loss->labels[p], slopes,
                   job->d_logits + p * (gsize) loss->classes);
}

void
pl_loss_backward (const PlLoss *loss, int n, int divisor, float *d_logits)
{
  GradientJob job = { .loss = loss, .d_logits = d_logits };

  if (loss->kind & PL_LOSS_CROSS_ENTROPY)
    job.cross_entropy_weight = 1 / ((double) loss->n_pixels * divisor);
  if (loss->kind & PL_LOSS_DICE)
    job.dice_weight = 1 / ((double) count_foreground (loss->classes) * divisor);
  pl_parallel_for ((gsize) n * count_chunks (loss->n_pixels), compute_chunk_cb, &job);
}

typedef struct
{
  int classes;
  gsize n_pixels;
  float *values;
} ProbabilityJob;

static void
convert_chunk_cb (void *data, size_t index, int worker)
{
  const ProbabilityJob *job = data;
  gsize end = MIN ((index + 1) * CHUNK_PIXELS, job->n_pixels);

  for (gsize p = index * CHUNK_PIXELS; p < end; p++)
    if (job->classes == 1)
      job->values[p] = compute_sigmoid (job->values[p]);
    else
      compute_softmax (job->classes, job->values + p * (gsize) job->classes);
}

void
pl_unet_probabilities (int classes, gsize n_pixels, float *values)
{
  ProbabilityJob job = { .classes = classes, .n_pixels = n_pixels, .values = values };

  pl_parallel_for (count_chunks (n_pixels), convert_chunk_cb, &job);
}
