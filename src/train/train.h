/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

typedef enum
{
  PL_TRAIN_ERROR_DATASET,  /* nothing to train on, a split that cannot be, … */
  PL_TRAIN_ERROR_DIVERGED, /* the loss is not a number any more */
  PL_TRAIN_ERROR_RUN,      /* a run folder that cannot be used or resumed */
  PL_TRAIN_ERROR_MODEL,    /* a model that does not fit */
} PlTrainError;

#define PL_TRAIN_ERROR (pl_train_error_quark ())
GQuark pl_train_error_quark (void);

/* Starts the core: the kernels for PLEURA_ISA, OpenBLAS on one thread, the pool of threads. Call it
 * first in main, before any thread starts. FALSE with @error naming the possible values when
 * PLEURA_ISA cannot be had. */
gboolean pl_train_init (GError **error);

/* Threads that the core uses; 0 for one a processor. Not while something trains or predicts. */
void pl_train_set_threads (int n_threads);

/* "avx512": the instruction set in use. */
const char *pl_train_isa (void);

/* What the core computes in. */
typedef enum
{
  PL_TRAIN_PRECISION_AUTO, /* the faster one here */
  PL_TRAIN_PRECISION_F32,
  PL_TRAIN_PRECISION_BF16,
} PlTrainPrecision;

/* "auto", "f32", "bf16"; FALSE for another name. */
gboolean pl_train_precision_from_name (const char *name, int *precision);
const char *pl_train_precision_name (int precision);

/* What auto means here; others stay as they are. */
int pl_train_precision_resolve (int precision);
