/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "unet/measure.h"

#include <json-glib/json-glib.h>

/* What pleura-cli bench measures of one instruction set and precision, and how it says so. */

typedef struct
{
  double seconds; /* a measurement */
  int base;
  int depth;
  int size_px;
  int batch;
  int threads; /* 0: one a processor */
} PlBenchOptions;

/* Where a training step's time goes on average, in seconds. */
typedef struct
{
  double forward;
  double loss;
  double backward;
  double optimizer;
  double data; /* making a batch, which another thread does at the same time */
  double busy; /* the share of the threads' time that they work, 0…1 */
} PlBenchPhases;

/* Medians over steps, since the machine may be shared. */
typedef struct
{
  double images_per_s;
  double gflops;
  double mebibytes; /* of the pass */
} PlBenchFigure;

typedef struct
{
  PlBenchOptions options;
  const char *isa;
  PlPrecision precision;
  int threads;
  double peak; /* FLOP/s */
  PlBenchFigure training;
  PlBenchFigure prediction;
  PlBenchPhases phases; /* of training */
  double resident_mib;  /* the most that the process has had so far */

  /* Owned */
  GArray *layers; /* (element-type PlLayerTime) */
} PlBenchReport;

void pl_bench_report_clear (PlBenchReport *report);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PlBenchReport, pl_bench_report_clear)

/**
 * pl_bench_measure:
 * @precision: one that the instruction set in use has
 * @report: (out caller-allocates): to be cleared, on failure too
 *
 * Main thread. FALSE with PL_UNET_ERROR_SHAPE, _MEMORY, or G_IO_ERROR_CANCELLED after
 * pl_cli_cancellable().
 */
gboolean pl_bench_measure (const PlBenchOptions *options,
                           PlPrecision precision,
                           PlBenchReport *report,
                           GError **error);

/* (transfer full) */
JsonObject *pl_bench_report_to_json (const PlBenchReport *report);
void pl_bench_report_print (const PlBenchReport *report);
