/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What activations, and the weights handed to the multiplier, are kept in. Sums, statistics, master
 * weights and the optimiser's state are float32 in both. */
typedef enum
{
  PL_F32,
  PL_BF16, /* the upper half of a float32 */
  PL_N_PRECISIONS,
} PlPrecision;
