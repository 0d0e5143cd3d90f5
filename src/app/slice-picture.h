/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/view-state.h"

#include <gdk/gdk.h>

/* The slice in view as a picture of its own: gray levels, colours and turn as they are shown, a
 * pixel for each of the image's. Where those are not square, the shorter side is a pixel and the
 * longer one is stretched. */
typedef struct _PlSlicePicture PlSlicePicture;

/* Copies what is needed. The state has a volume whose slice in view is ready. @with_masks: truth
 * and prediction, as far as there are any, over it. Main thread. */
PlSlicePicture *pl_slice_picture_new (PlViewState *state, gboolean with_masks);
/* Takes NULL. */
void pl_slice_picture_free (PlSlicePicture *self);

/* Returns: (transfer full). Some 5 ms at 512 × 512. Any thread. */
GdkTexture *pl_slice_picture_paint (const PlSlicePicture *self);
