/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "unet/unet.h"

/* Over the pixels p of one image, y the label as 0 or 1 and q the probability (sigmoid for one
 * class, softmax for more):
 *   cross-entropy = mean of −log q of the label's class;
 *   soft Dice loss = 1 − mean over foreground classes of (2·Σqy + s) / (Σq + Σy + s), s = 1e-5, as
 *   in nnU-Net; a class that the image does not have counts as 1, so that it is left to the
 *   cross-entropy. With one class it is the foreground; with more, class 0 is background.
 * A batch's loss is the sum over its images. */
typedef struct
{
  int classes;
  gsize n_pixels;       /* of an image */
  const float *logits;  /* (N,pixels,K) */
  const guint8 *labels; /* (N,pixels), 0…K−1, or 0 and 1 where K is 1 */
  PlLossKind kind;
  double *sums; /* scratch: pl_loss_sums() */
} PlLoss;

/* Doubles of scratch for @batch images. */
gsize pl_loss_sums (int classes, gsize n_pixels, int batch);

/* Adds the loss of @n images to @out. */
void pl_loss_forward (const PlLoss *loss, int n, PlLossSums *out);

/* d_logits (N,pixels,K) = gradient of the loss that pl_loss_forward() found, divided by @divisor.
 */
void pl_loss_backward (const PlLoss *loss, int n, int divisor, float *d_logits);
