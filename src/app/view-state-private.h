/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/view-state.h"

/* The state's struct, for its files: view-state.c (what is shown: volume, slice, probe),
 * view-masks.c, view-names.c and view-look.c (how: gray levels, colours, overlays, zoom, turn).
 * Main thread. */

struct _PlViewState
{
  GObject parent_instance;

  /* Owned */
  PlVolume *volume;
  PlMask *truth;
  PlMask *prediction;
  PlMask *heat;
  PlMask *second;
  GHashTable *previews; /* slice to PlMask; replaced, never changed */
  char *model_name;
  char *second_name;
  GStrv data_names;
  GStrv model_names;

  const PlColourMap *colour_map;
  PlWindow window;
  int slice;
  int coming_slice; /* what is gone to as the slices arrive, or −1 */
  double opacity;
  double zoom;
  double pan_x_px;
  double pan_y_px;
  int probe_row;
  int probe_column;
  gboolean probe_is_held;
  PlSliceTurn turn;
  gboolean is_neurological;
  gboolean is_smooth;
  PlTool tool;
  gboolean show_truth;
  gboolean show_prediction;
  PlPredictionStyle prediction_style;
  gboolean peek;
};

typedef enum
{
  PL_VIEW_PROP_0,
  PL_VIEW_PROP_VOLUME,
  PL_VIEW_PROP_READY_SLICES,
  PL_VIEW_PROP_TRUTH,
  PL_VIEW_PROP_PREDICTION,
  PL_VIEW_PROP_HEAT,
  PL_VIEW_PROP_SECOND,
  PL_VIEW_PROP_PREVIEW,
  PL_VIEW_PROP_MODEL_NAME,
  PL_VIEW_PROP_SECOND_NAME,
  PL_VIEW_PROP_NAMES,
  PL_VIEW_PROP_LABEL_COLOURS,
  PL_VIEW_PROP_SLICE,
  PL_VIEW_PROP_N_SLICES,
  PL_VIEW_PROP_WINDOW,
  PL_VIEW_PROP_COLOUR_MAP,
  PL_VIEW_PROP_SHOW_TRUTH,
  PL_VIEW_PROP_SHOW_PREDICTION,
  PL_VIEW_PROP_PREDICTION_STYLE,
  PL_VIEW_PROP_OPACITY,
  PL_VIEW_PROP_PEEK,
  PL_VIEW_PROP_ZOOM,
  PL_VIEW_PROP_TURN,
  PL_VIEW_PROP_NEUROLOGICAL,
  PL_VIEW_PROP_SMOOTH,
  PL_VIEW_PROP_TOOL,
  PL_VIEW_PROP_PROBE,
  PL_VIEW_PROP_PROBE_IS_HELD,
  N_PL_VIEW_PROPS
} PlViewProperty;

/* view-masks.c: none yet. */
GHashTable *pl_view_state_new_previews (void);

void pl_view_state_notify (PlViewState *self, PlViewProperty property);
