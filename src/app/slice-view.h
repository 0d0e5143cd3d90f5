/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/view-state.h"

#include <gtk/gtk.h>

/* One slice of the volume in view, with its overlays, zoom, pan and window/level by the mouse:
 * wheel next slice, Ctrl+wheel zoom, left drag window (horizontal width, vertical level), middle
 * drag or Shift+left drag pan; Ctrl+left drag takes the window from a region; with the state's
 * ruler on a left drag measures. */
#define PL_TYPE_SLICE_VIEW (pl_slice_view_get_type ())
G_DECLARE_FINAL_TYPE (PlSliceView, pl_slice_view, PL, SLICE_VIEW, GtkWidget)

/* What a pane draws over the image; the Compare view has one pane of each. */
typedef enum
{
  PL_PANE_ALL,        /* truth as outline, prediction as fill, as the state says */
  PL_PANE_IMAGE,      /* nothing */
  PL_PANE_TRUTH,      /* truth as a blue fill */
  PL_PANE_PREDICTION, /* prediction as an orange fill */
  PL_PANE_DIFFERENCE, /* true positive gray-green, false positive orange, false negative blue */
  PL_PANE_SECOND,     /* the second model's prediction as a violet fill */
  PL_PANE_MODELS,     /* both models gray-green, the first alone orange, the second alone violet */
} PlPane;

#define PL_TYPE_PANE (pl_pane_get_type ())
GType pl_pane_get_type (void);

GtkWidget *pl_slice_view_new (PlViewState *state, PlPane pane);

/* Except in PL_PANE_ALL the pixel under the pointer of another view of the state is marked.
 * Properties "outline": a mask of its own pane as its edge instead of a fill; "annotated": with the
 * convention and a scale bar, which PL_PANE_ALL always has; "pane"; and "state", set once, by code
 * or by the owner of a template. */
void pl_slice_view_set_state (PlSliceView *self, PlViewState *state);

/* Whoever draws the view draws what marks something on it (tools, the probe), over all else. */
void pl_slice_view_set_marks_apart (PlSliceView *self, gboolean are_apart);
void pl_slice_view_snapshot_marks (PlSliceView *self, GtkSnapshot *snapshot);

/* TRUE if there is a volume, but not each mask that the pane is made of. */
gboolean pl_slice_view_lacks_mask (PlSliceView *self);

/* One column of the image on one pixel of the screen. */
void pl_slice_view_zoom_actual (PlSliceView *self);
