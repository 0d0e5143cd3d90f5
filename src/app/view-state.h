/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/slice-turn.h"
#include "image/colour-map.h"
#include "image/reslice.h"
#include "image/window-level.h"

#include <glib-object.h>

/* What the views show, shared by all of them: the views watch its "notify" signals and draw;
 * handlers change it. Main thread. */
#define PL_TYPE_VIEW_STATE (pl_view_state_get_type ())
G_DECLARE_FINAL_TYPE (PlViewState, pl_view_state, PL, VIEW_STATE, GObject)

PlViewState *pl_view_state_new (void);

/* "volume": the case in view; NULL when there is none. Setting it drops truth and predictions, and
 * puts the slice to the middle unless the new volume has as many slices as the old. While a volume
 * loads, pl_view_state_slices_arrived() tells the views to draw anew, and goes from slice to slice
 * until that one is there or another is chosen. */
PlVolume *pl_view_state_get_volume (PlViewState *self); /* (nullable) (transfer none) */
void pl_view_state_set_volume (PlViewState *self, PlVolume *volume);
void pl_view_state_slices_arrived (PlViewState *self); /* notifies "ready-slices" */

/* "truth" and "prediction": (nullable), of the volume's size. */
PlMask *pl_view_state_get_truth (PlViewState *self);
void pl_view_state_set_truth (PlViewState *self, PlMask *truth);
PlMask *pl_view_state_get_prediction (PlViewState *self);
void pl_view_state_set_prediction (PlViewState *self, PlMask *prediction);

/* "heat": (nullable) the probability that the prediction was made of, 0…255 in place of labels;
 * another prediction drops it. */
PlMask *pl_view_state_get_heat (PlViewState *self);
void pl_view_state_set_heat (PlViewState *self, PlMask *heat);
/* (nullable): NULL too where a preview is shown instead of the prediction. */
const guint8 *pl_view_state_heat_slice (PlViewState *self, int slice);

/* "second": (nullable) what a second model predicts. "model-name" and "second-name": (nullable)
 * what the two models are called; there is a second one if it has a name. */
PlMask *pl_view_state_get_second (PlViewState *self);
void pl_view_state_set_second (PlViewState *self, PlMask *second);
const char *pl_view_state_get_model_name (PlViewState *self);
void pl_view_state_set_model_name (PlViewState *self, const char *name);
const char *pl_view_state_get_second_name (PlViewState *self);
void pl_view_state_set_second_name (PlViewState *self, const char *name);

/* "preview": masks of single slices that are shown instead of the prediction there while a training
 * runs or one of its epochs is looked at. */
PlMask *pl_view_state_get_preview (PlViewState *self, int slice); /* (nullable) */
void pl_view_state_set_preview (PlViewState *self, PlMask *preview, int slice);
/* Drops those of other slices; 0 drops all. */
void pl_view_state_keep_previews (PlViewState *self, const int *slices, int n_slices);

/* (transfer none): all of them, slice to mask. A table does not change once it is here: another
 * takes its place, so that workers can share it. */
GHashTable *pl_view_state_get_previews (PlViewState *self);
/* (transfer full) (element-type int): slices of which two such tables say something else. */
GArray *pl_view_state_compare_previews (GHashTable *before, GHashTable *now);

/* (nullable): the labels to show as prediction on @slice: of the preview if it is of that slice,
 * else of the prediction. Valid until either changes. */
const guint8 *pl_view_state_prediction_slice (PlViewState *self, int slice);

/* The same of any of the masks. */
typedef enum
{
  PL_MASK_TRUTH,
  PL_MASK_PREDICTION,
  PL_MASK_SECOND,
} PlMaskKind;

PlMask *pl_view_state_get_mask (PlViewState *self, PlMaskKind kind); /* without the preview */
int pl_view_state_count_labels (PlViewState *self, PlMaskKind kind); /* the largest; 0 of none */
const guint8 *pl_view_state_mask_slice (PlViewState *self, PlMaskKind kind, int slice);

/* "names": what labels are called, label 1 first; both (nullable). Those of the data set go for the
 * truth, and for predictions while there is no model; those of the model for predictions, and for a
 * truth that has as many labels and more than the data set has names. */
void pl_view_state_set_names (PlViewState *self, GStrv of_data, GStrv of_model);
GStrv pl_view_state_get_names (PlViewState *self, PlMaskKind kind); /* (nullable) */
/* "background" for 0, and "label 3" where there is no name. */
char *pl_view_state_dup_label_name (PlViewState *self, PlMaskKind kind, int label);

/* "label-colours": those of label-colour.h; tell it when they have changed. */
void pl_view_state_colours_changed (PlViewState *self);

/* "slice": 0 … slices − 1; clamped. "n-slices": 0 without a volume. */
int pl_view_state_get_slice (PlViewState *self);
void pl_view_state_set_slice (PlViewState *self, int slice);
int pl_view_state_get_n_slices (PlViewState *self);

/* "window": what is shown from black to white. "auto" as preset is worked out from the slice in
 * view. */
PlWindow pl_view_state_get_window (PlViewState *self);
void pl_view_state_set_window (PlViewState *self, PlWindow window);

/* "colour-map": constant, of image/colour-map.h. */
const PlColourMap *pl_view_state_get_colour_map (PlViewState *self);
void pl_view_state_set_colour_map (PlViewState *self, const PlColourMap *map);

/* "show-truth", "show-prediction", and "opacity" of the prediction's fill, 0…1 (0.35). "peek": both
 * hidden while a key is held. */
gboolean pl_view_state_get_show_truth (PlViewState *self);
void pl_view_state_set_show_truth (PlViewState *self, gboolean show);
gboolean pl_view_state_get_show_prediction (PlViewState *self);
void pl_view_state_set_show_prediction (PlViewState *self, gboolean show);
double pl_view_state_get_opacity (PlViewState *self);
void pl_view_state_set_opacity (PlViewState *self, double opacity);
gboolean pl_view_state_get_peek (PlViewState *self);
void pl_view_state_set_peek (PlViewState *self, gboolean peek);

/* "prediction-style": how the prediction is shown over the image; as a fill where its probability
 * is not known. */
typedef enum
{
  PL_PREDICTION_FILL,
  PL_PREDICTION_OUTLINE,
  PL_PREDICTION_HEAT,
} PlPredictionStyle;

#define PL_TYPE_PREDICTION_STYLE (pl_prediction_style_get_type ())
GType pl_prediction_style_get_type (void);

PlPredictionStyle pl_view_state_get_prediction_style (PlViewState *self);
void pl_view_state_set_prediction_style (PlViewState *self, PlPredictionStyle style);

/* What hands and commands zoom to. */
#define PL_VIEW_MIN_ZOOM 0.25
#define PL_VIEW_MAX_ZOOM 64.0

/* "zoom" (1 fits the view) and the pan, in image pixels from the middle; linked between the panes
 * of the comparison. Notified together as "zoom". */
double pl_view_state_get_zoom (PlViewState *self);
void pl_view_state_get_pan (PlViewState *self, double *x_px, double *y_px);
void pl_view_state_set_zoom (PlViewState *self, double zoom, double pan_x_px, double pan_y_px);

/* "turn": how the user has turned the image, which lies upright before that. Pan does not change:
 * it is in the image's own directions. */
PlSliceTurn pl_view_state_get_turn (PlViewState *self);
void pl_view_state_set_turn (PlViewState *self, PlSliceTurn turn);
/* What both come to for the volume in view. */
PlSliceTurn pl_view_state_find_turn (PlViewState *self);

/* "neurological": the patient's left is shown on the left; else, as in radiology, on the right. Of
 * no effect where the volume does not know its sides. */
gboolean pl_view_state_get_neurological (PlViewState *self);
void pl_view_state_set_neurological (PlViewState *self, gboolean is_neurological);

/* How a plane of the volume in view lies, hung by that convention. Needs a volume. */
PlReslice pl_view_state_find_reslice (PlViewState *self, PlPlaneKind kind);

/* "smooth": pixels blend into each other when magnified (TRUE), or are squares. */
gboolean pl_view_state_get_smooth (PlViewState *self);
void pl_view_state_set_smooth (PlViewState *self, gboolean is_smooth);

/* "tool": what a drag does instead of changing the window. */
typedef enum
{
  PL_TOOL_NONE,
  PL_TOOL_RULER,
  PL_TOOL_REGION, /* the window is taken from the region's gray levels */
} PlTool;

#define PL_TYPE_TOOL (pl_tool_get_type ())
GType pl_tool_get_type (void);

PlTool pl_view_state_get_tool (PlViewState *self);
void pl_view_state_set_tool (PlViewState *self, PlTool tool);

/* "probe": the pixel that the window tells about, or row −1 for none: the one under the pointer,
 * or where keys have moved it ("probe-is-held"): then all slice views mark it until the pointer
 * moves. */
void pl_view_state_get_probe (PlViewState *self, int *row, int *column);
void pl_view_state_set_probe (PlViewState *self, int row, int column);
/* By pixels of the slice as it lies on the screen, from the middle of what is in sight if there is
 * no probe; held. */
void pl_view_state_move_probe (PlViewState *self, int right, int down);
gboolean pl_view_state_probe_is_held (PlViewState *self);
