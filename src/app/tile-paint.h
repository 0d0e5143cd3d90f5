/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/tile-case.h"
#include "app/view-state.h"

/* How tiles are to look: constant once made, so that workers can share it. Reference counted; any
 * thread. */
typedef struct
{
  /* Owned */
  PlVolume *volume;     /* (nullable): whose planes are the subjects */
  PlMask *truth;        /* (nullable) */
  PlMask *prediction;   /* (nullable) */
  PlMask *heat;         /* (nullable): its probability as 0…255, if that is what is shown of it */
  GHashTable *previews; /* (nullable): slice to PlMask of it, instead of the prediction there */
  GPtrArray *cases;     /* (nullable) (element-type PlTileCase): the subjects, instead of planes */

  PlReslice reslice;   /* which planes of the volume; of cases the slices */
  gboolean show_truth; /* of cases; those of a volume are NULL when they are hidden */
  gboolean show_prediction;
  gboolean only_previews;   /* of cases: other predictions are not of what is looked at */
  gboolean truth_is_filled; /* else an outline */
  PlPredictionStyle prediction_style;
  PlWindow window;
  const PlColourMap *map;
  double opacity; /* of a fill and of probabilities */
  int width;      /* of a tile, device pixels; a case's image is fitted in */
  int height;
  guint serial; /* from 1; a newer look has a higher one */
} PlTileLook;

/* All fields are zero, to be filled in by the caller. */
PlTileLook *pl_tile_look_new (void);
PlTileLook *pl_tile_look_ref (PlTileLook *look);
void pl_tile_look_unref (PlTileLook *look);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlTileLook, pl_tile_look_unref)

/* What one tile shows. */
typedef struct
{
  /* Owned */
  PlVolume *volume;
  guint8 *truth_labels;      /* (nullable): of the plane, rows × columns */
  guint8 *prediction_labels; /* (nullable) */
  guint8 *heat;              /* (nullable): probabilities, instead of them */

  PlReslice reslice;
  int index; /* of the plane */
  int rows;
  int columns;
  int width; /* device pixels */
  int height;
} PlTileSubject;

/* Finds it; of a case, image and mask are read, which blocks. FALSE with @error set when the image
 * cannot be read; a mask that cannot is passed over. */
gboolean pl_tile_subject_init (PlTileSubject *subject,
                               const PlTileLook *look,
                               int index,
                               GCancellable *cancellable,
                               GError **error);
void pl_tile_subject_clear (PlTileSubject *subject);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PlTileSubject, pl_tile_subject_clear)

/* The plane, and over it probabilities, but no masks: width × height words of opaque ARGB. */
guint32 *pl_tile_paint_image (const PlTileLook *look, const PlTileSubject *subject);

/* Subject @index, which must be ready, antialiased, with its masks. A few milliseconds for 512 ×
 * 512 pixels. A case that cannot be read is a black pixel. */
GdkTexture *pl_tile_paint (const PlTileLook *look, int index);
