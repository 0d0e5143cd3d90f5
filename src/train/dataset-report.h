/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/dataset.h"

/* What a data set consists of, for people: which mask goes with which image, and what is wrong, as
 * far as opening it has found out, or pl_dataset_check() after that. */

/* A case, or a file that is none. */
typedef struct
{
  char *image;        /* (nullable): relative to the data set's folder, as all files in it; also a
                         file that is neither image nor mask */
  char *mask;         /* (nullable) */
  gboolean is_case;   /* then @image is its name */
  int n[3];           /* of a case: slices, rows, columns */
  gboolean is_wrong;  /* it is left out, or not what it was */
  PlProblemKind kind; /* of what was found first: what is wrong before notices */
  int n_found;        /* so many things */
  char *text;         /* (nullable): what was found and what to do about it, a line each */
} PlReportRow;

void pl_report_row_free (PlReportRow *row);
gboolean pl_report_row_equal (const PlReportRow *a, const PlReportRow *b);

/* In the order of the rows of a report. */
typedef enum
{
  PL_RANK_WRONG,
  PL_RANK_NOTICED, /* used, but needs a look */
  PL_RANK_BARE,    /* an image without a mask */
  PL_RANK_PAIR,
} PlReportRank;

PlReportRank pl_report_row_rank (const PlReportRow *row);

typedef struct
{
  GPtrArray *rows; /* (element-type PlReportRow): by rank, then as the data set has them */
  /* Each row is in one of these: */
  int n_pairs;
  int n_without_mask;
  int n_wrong[PL_N_PROBLEM_KINDS];
  /* of the first two, so many rows have a notice of this kind */
  int n_noticed[PL_N_PROBLEM_KINDS];
} PlReport;

/**
 * pl_report_new:
 * @found: the data set as it was opened or checked
 * @listed: (nullable): the same, of which cases may have been taken; they are left away
 */
PlReport *pl_report_new (const PlDataset *found, const PlDataset *listed);
void pl_report_free (PlReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlReport, pl_report_free)

/* Whether there is anything but pairs and images without a mask, or something strange in them. */
gboolean pl_report_needs_look (const PlReport *report);

/* "267 pairs · 3 without a mask · 1 unreadable": all numbers but those that are 0. */
char *pl_report_dup_summary (const PlReport *report);
