/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/compare-figures.h"
#include "app/compare-models.h"
#include "app/compare-pane.h"
#include "app/compare-view.h"
#include "app/swipe-view.h"

/* The comparison's struct, for its files: compare-view.c (what it is) and compare-view-panes.c
 * (which panes are shown). Main thread. */

#define PL_COMPARE_N_PANES 6

struct _PlCompareView
{
  GtkWidget parent_instance;

  /* Owned */
  PlViewState *state;

  gboolean is_chosen[PL_COMPARE_N_PANES];
  PlPane enlarged;           /* PL_PANE_ALL: none */
  PlComparePane *last_focus; /* (nullable): a child that had it before it was hidden */
  gboolean is_swiping;
  gboolean is_outlined;

  /* Template children */
  PlComparePane *image_pane;
  PlComparePane *truth_pane;
  PlComparePane *prediction_pane;
  PlComparePane *difference_pane;
  PlComparePane *second_pane;
  PlComparePane *models_pane;
  GtkWidget *pane_buttons;
  GtkButton *prediction_button;
  GtkWidget *second_button;
  GtkWidget *models_button;
  GtkWidget *sides_button;
  GtkLabel *sides_label;
  PlCompareFigures *figures;
  PlCompareModels *models;
  PlSwipeView *swipe_view;
};

/* compare-view-panes.c */

/* From PL_PANE_IMAGE on, in the order of PlPane. */
void pl_compare_view_list_panes (PlCompareView *self, PlComparePane *panes[PL_COMPARE_N_PANES]);
gboolean pl_compare_view_has_second (PlCompareView *self);
gboolean pl_compare_view_is_blinking (PlCompareView *self);
/* After anything it depends on. */
void pl_compare_view_show_panes (PlCompareView *self);
/* The last pane stays; who asked is told so. */
void pl_compare_view_choose_pane (PlCompareView *self, PlPane pane, gboolean chosen);
/* Shows a pane alone, if it is one that is shown at all; PL_PANE_ALL shows all again. */
void pl_compare_view_enlarge (PlCompareView *self, PlPane pane);
