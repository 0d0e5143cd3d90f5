/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "unet/unet.h"

/* How long one layer of a network takes by itself, for all images of a pass. */
typedef struct
{
  char layer[32];     /* as its parameters are named: "dec.0.conv.1" */
  const char *kernel; /* "forward", "data gradient", … */
  double flops;       /* of real channels, a multiply-add being two; 0: limited by memory alone */
  double bytes;       /* that it must read and write at least, weights left out */
  double seconds;     /* median of several */
} PlLayerTime;

/**
 * pl_unet_measure_layers:
 * @work: a training work of @net; its contents are lost
 * @seconds: for each layer and kernel
 * @go_on: (nullable): asked between measurements
 *
 * Returns: (transfer full) (element-type PlLayerTime): in the order of a step; shorter if @go_on
 *   said stop
 */
GArray *pl_unet_measure_layers (
    PlUNet *net, PlUNetWork *work, double seconds, PlUNetContinue go_on, gpointer data);

/* Operations a second of the multiplier's own instruction on registers, all threads together: what
 * no convolution can exceed. Takes some 0.2 s. */
double pl_unet_measure_peak (PlPrecision precision);
