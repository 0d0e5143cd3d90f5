/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/montage.h"
#include "train/trainer.h"

/* A few images of the training part as the network will see them: read, framed, resized, scaled
 * and varied as in a training. One thread at a time. */
typedef struct _PlSamplePreview PlSamplePreview;

/**
 * pl_sample_preview_load:
 * @dataset: its split is settled as a training's would be; copied
 * @settings: they pass pl_train_settings_check()
 *
 * Reads up to twelve images, evenly spread over the cases of the training part. Blocks.
 *
 * Returns: (transfer full): the images, or NULL with @error set, also where there is none
 */
PlSamplePreview *pl_sample_preview_load (const PlDataset *dataset,
                                         const PlTrainSettings *settings,
                                         GCancellable *cancellable,
                                         GError **error);
void pl_sample_preview_free (PlSamplePreview *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlSamplePreview, pl_sample_preview_free)

/* How many images there are. */
int pl_sample_preview_count (const PlSamplePreview *self);

/* The images as in epoch @epoch, from 1, of a training on these alone: a grid with the outlines of
 * their masks; NULL with @error set when cancelled. */
PlPicture *pl_sample_preview_draw (
    PlSamplePreview *self, int epoch, int tile_px, GCancellable *cancellable, GError **error);
