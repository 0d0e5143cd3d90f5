/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/run-list.h"

/* A run in words: what came of it, what it was set to, and what it was made with. */

typedef enum
{
  PL_RUN_RESULT,
  PL_RUN_SETTING,
  PL_RUN_ORIGIN,
} PlRunFactKind;

guint pl_run_facts_count (void);

/* The name, translated, of a fact from 0 on. */
const char *pl_run_fact_name (guint fact);
PlRunFactKind pl_run_fact_kind (guint fact);

/* That no two runs share, such as the folder. */
gboolean pl_run_fact_is_own (guint fact);

/* (transfer full): a dash where there is nothing to say. */
char *pl_run_fact_dup (guint fact, const PlRunInfo *info);

/* For tables. (transfer full) */
char *pl_run_dup_title (const PlRunInfo *info);
char *pl_run_dup_dataset (const PlRunInfo *info);
char *pl_run_dup_date (const PlRunInfo *info);
char *pl_run_dup_best_dice (const PlRunInfo *info);
char *pl_run_dup_epochs (const PlRunInfo *info);
char *pl_run_dup_time (const PlRunInfo *info);
char *pl_run_dup_outcome (const PlRunInfo *info);

/* How the weights of a replay compare, a sentence a line. (transfer full) */
char *pl_run_dup_verdict (const PlReplayVerdict *verdict);
