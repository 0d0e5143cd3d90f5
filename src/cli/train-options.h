/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/cli.h"
#include "train/trainer.h"

/* The options that the commands which train have in common. */
typedef struct
{
  PlTrainSettings settings; /* all that the options say, after pl_cli_train_options_apply() */
  char *out;
  gboolean resume;

  /* As given; text where it has to be looked at */
  char *preset;
  char *loss;
  char *schedule;
  char *split;
  char *split_file;
  char *precision;
  char *augment;
  char *init;
  gint64 seed;
  int epochs;
  int batch;
  int size_px;
  int base;
  int depth;
  int patience;
  double rate;
} PlCliTrainOptions;

void pl_cli_train_options_init (PlCliTrainOptions *options);
void pl_cli_train_options_clear (PlCliTrainOptions *options);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PlCliTrainOptions, pl_cli_train_options_clear)

/* @own: (nullable): the entries of the command alone, which stand first
 * Returns: (transfer full): all of them, to be freed with g_free() */
GOptionEntry *pl_cli_train_options_dup_entries (PlCliTrainOptions *options,
                                                const GOptionEntry *own);

/* Looks at what pl_cli_parse() has filled in; FALSE after a complaint. */
gboolean pl_cli_train_options_apply (PlCliTrainOptions *options, const char *command);

/**
 * pl_cli_train_options_begin:
 * @folder: of the data set
 * @dataset: (out): split as the options say; cases that are left out are complained of
 * @init: (out) (nullable): the model to start from
 *
 * Gets what a training needs, and makes the folder of the run unless it is to be resumed.
 *
 * Returns: PL_CLI_DONE, or another status after a complaint
 */
PlCliStatus pl_cli_train_options_begin (const PlCliTrainOptions *options,
                                        const char *folder,
                                        PlDataset **dataset,
                                        PlModel **init);

/* Says so where the split is not one that was just dealt. */
void pl_cli_tell_of_saved_split (const PlDataset *dataset);
