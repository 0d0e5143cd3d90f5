/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/random.h"

#include <glib.h>

/* Random changes to a training sample, each with its own probability, all from one generator. The
 * geometric ones are done in one resampling: images bilinear, labels nearest. Beyond its
 * edges a sample goes on as they are. */
typedef struct
{
  /* What is labelled is filled with the tissue around it, wholly or on one side of a line, and not
   * labelled any more: data sets of one slice a patient have none without lung. */
  double p_erase;
  double p_flip; /* left–right; 0 when classes are sides */
  double p_rotate;
  double rotate_degrees; /* at most, either way */
  double p_scale;
  double scale; /* from 1 / (1 + scale) to 1 + scale */
  double p_shift;
  double shift; /* at most, of the side */
  double p_brightness;
  double brightness; /* at most added, in units of −1…1 */
  double p_contrast;
  double contrast; /* factor from 1 / (1 + contrast) to 1 + contrast about the mean */
  double p_gamma;
  double gamma; /* exponent from 1 / (1 + gamma) to 1 + gamma */
  double p_noise;
  double noise; /* standard deviation at most */
} PlAugment;

/* Moderate values for CT. */
extern const PlAugment pl_augment_default;

/* @image: rows × columns in −1…1; @labels likewise; the scratch buffers are as large as they are.
 */
void pl_augment_apply (const PlAugment *augment,
                       PlRandom *random,
                       float *image,
                       guint8 *labels,
                       int rows,
                       int columns,
                       float *scratch_image,
                       guint8 *scratch_labels);
