/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/compare-models.h"
#include "app/mask-pair.h"

/* The table's struct, for its files: compare-models.c (what it is) and compare-models-text.c (what
 * is written in it). Main thread. */

/* Rows that have figures are those of the pairs, in their order. */
typedef enum
{
  PL_MODELS_ROW_FIRST,
  PL_MODELS_ROW_SECOND,
  PL_MODELS_ROW_BETWEEN,
  PL_MODELS_ROW_TRUTH,
  PL_MODELS_N_ROWS
} PlModelsRow;

#define PL_MODELS_N_PAIRS PL_MODELS_ROW_TRUTH

typedef enum
{
  PL_MODELS_SCOPE_SLICE,
  PL_MODELS_SCOPE_CASE,
  PL_MODELS_N_SCOPES
} PlModelsScope;

typedef enum
{
  PL_MODELS_FIGURE_DICE,
  PL_MODELS_FIGURE_IOU,
  PL_MODELS_FIGURE_HD95,
  PL_MODELS_FIGURE_SIZE,
  PL_MODELS_FIGURE_BOTH,
  PL_MODELS_FIGURE_ONLY_FIRST,
  PL_MODELS_FIGURE_ONLY_SECOND,
  PL_MODELS_N_FIGURES
} PlModelsFigure;

struct _PlCompareModels
{
  GtkBox parent_instance;

  /* Owned */
  PlViewState *state;
  PlMaskPair *pairs[PL_MODELS_N_SCOPES][PL_MODELS_N_PAIRS];

  /* Template children */
  GtkGrid *grid;

  /* Borrowed from the grid */
  GtkLabel *headings[PL_MODELS_N_FIGURES];
  GtkLabel *names[PL_MODELS_N_PAIRS];
  GtkLabel *scopes[PL_MODELS_N_SCOPES][PL_MODELS_N_PAIRS];
  GtkLabel *cells[PL_MODELS_N_SCOPES][PL_MODELS_N_PAIRS][PL_MODELS_N_FIGURES];
  GtkLabel *truth; /* its size */
  GtkLabel *classes;
};

/* compare-models-text.c */

const char *pl_compare_models_name_scope (PlModelsScope scope);
/* A case of one slice is told by its slice. */
gboolean pl_compare_models_shows_scope (PlCompareModels *self, PlModelsScope scope);
/* Headings, names and cells, as far as they are known. */
void pl_compare_models_write (PlCompareModels *self);
