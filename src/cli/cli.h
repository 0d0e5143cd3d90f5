/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/dataset.h"
#include "train/metrics.h"
#include "train/trainer.h"

#include <json-glib/json-glib.h>

/* What the subcommands of pleura-cli share. All of it belongs to the main thread, but for
 * pl_cli_progress_cb(). */

typedef enum
{
  PL_CLI_DONE = 0,
  PL_CLI_FAILED = 1,       /* something is wrong with the data, or the work failed */
  PL_CLI_USAGE = 2,        /* wrong usage */
  PL_CLI_INTERRUPTED = 130 /* SIGINT */
} PlCliStatus;

/* A subcommand: argv[0] is its name. Each has a file of its own. */
typedef PlCliStatus (*PlCliRun) (int argc, char **argv);

PlCliStatus pl_cli_info (int argc, char **argv);
PlCliStatus pl_cli_phantom (int argc, char **argv);
PlCliStatus pl_cli_check (int argc, char **argv);
PlCliStatus pl_cli_bundle (int argc, char **argv);
PlCliStatus pl_cli_unbundle (int argc, char **argv);
PlCliStatus pl_cli_train (int argc, char **argv);
PlCliStatus pl_cli_cross_validate (int argc, char **argv);
PlCliStatus pl_cli_learning_curve (int argc, char **argv);
PlCliStatus pl_cli_predict (int argc, char **argv);
PlCliStatus pl_cli_evaluate (int argc, char **argv);
PlCliStatus pl_cli_stats (int argc, char **argv);
PlCliStatus pl_cli_montage (int argc, char **argv);
PlCliStatus pl_cli_runs (int argc, char **argv);
PlCliStatus pl_cli_replay (int argc, char **argv);
PlCliStatus pl_cli_export_run (int argc, char **argv);
PlCliStatus pl_cli_import_run (int argc, char **argv);
PlCliStatus pl_cli_model (int argc, char **argv);
PlCliStatus pl_cli_bench (int argc, char **argv);
PlCliStatus pl_cli_demo (int argc, char **argv);

/**
 * pl_cli_parse:
 * @usage: what stands behind the command's name in its help: "FILE…"
 * @summary: a sentence or two
 * @entries: (nullable): its options; --json and --quiet are added
 * @least: the fewest arguments that are not options
 * @most: the most, or −1
 *
 * Parses the options of a subcommand; --help prints and exits with 0, wrong usage prints a message
 * that names the command and exits with 2.
 *
 * Returns: (transfer full): the arguments that are not options
 */
GStrv pl_cli_parse (int argc,
                    char **argv,
                    const char *usage,
                    const char *summary,
                    const GOptionEntry *entries,
                    int least,
                    int most);

/* How files are read: which volume of a 4D file, and which axis counts its slices. The options
 * --volume and --slice-axis; to be checked afterwards, which says what is wrong. */
GOptionEntry pl_cli_volume_entry (int *volume);
GOptionEntry pl_cli_slice_axis_entry (int *slice_axis);
PlCliStatus pl_cli_check_reading (const char *command, int volume, int slice_axis);

/* The worse of two: what a command that goes on after a failure exits with. */
PlCliStatus pl_cli_worse (PlCliStatus a, PlCliStatus b);

gboolean pl_cli_wants_json (void);
gboolean pl_cli_is_quiet (void);

/* "pleura-cli: …" on stderr. */
void pl_cli_complain (const char *format, ...) G_GNUC_PRINTF (1, 2);

/* Complains of @error; returns PL_CLI_INTERRUPTED when it is a cancellation, else PL_CLI_FAILED. */
PlCliStatus pl_cli_fail (const GError *error);

/* Complains of the whole sentence and returns PL_CLI_USAGE. */
PlCliStatus pl_cli_misuse (const char *format, ...) G_GNUC_PRINTF (1, 2);

/* Cancelled by SIGINT and SIGTERM from the first call on, also without a main loop. */
GCancellable *pl_cli_cancellable (void);

/* Begins a new progress line, "LABEL  42 %  0:12 left" on a terminal, a plain line each ten percent
 * elsewhere, nothing with --quiet; short work shows nothing. */
void pl_cli_progress_begin (const char *label);
/* @data is not used; any thread. */
void pl_cli_progress_cb (double fraction, gpointer data);
/* Clears the line. */
void pl_cli_progress_end (void);

/* Runs a training to its end, watched on the terminal; SIGINT stops it. @prints_result: what came
 * of it goes to stdout. */
PlCliStatus pl_cli_watch_training (PlTrainer *trainer, gboolean prints_result);

/* Prints @object on stdout and frees it. */
void pl_cli_print_json (JsonObject *object);

/* "a,b,c": exactly @n numbers, a point as the decimal mark. */
gboolean pl_cli_parse_numbers (const char *text, int n, double *numbers);

/* Text in a cell of @width columns of the terminal, to the left when negative: the letters of
 * Korean take two columns each, and more bytes than that. */
void pl_cli_print_padded (const char *text, int width);

/* All fields but bce, null for what is undefined. */
JsonObject *pl_cli_metrics_to_json (const PlMetrics *metrics);

/* A case a picture: image, truth where @truth is given, prediction, side by side, of the slice with
 * most of either mask, as PNG. */
gboolean pl_cli_write_figure (const char *path,
                              const PlVolume *volume,
                              const PlMask *truth,
                              const PlMask *prediction,
                              GError **error);

/* @rgb: rows without padding. */
gboolean
pl_cli_write_png (const char *path, const guint8 *rgb, int width, int height, GError **error);
