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

/* Whether the training varies them. */
gboolean pl_sample_preview_is_varied (const PlSamplePreview *self);

/* (transfer none): the case that an image is of, by PlCase.name. */
const char *pl_sample_preview_case (const PlSamplePreview *self, int index);

/* Which slice of it, from 0; −1 when it has no other. */
int pl_sample_preview_slice (const PlSamplePreview *self, int index);

/* @index: from 0. @variation: 0 for the image as it is; each from 1 on varies it in another way,
 * always the same one. Returns: (transfer full): it with the outline of its mask, or NULL with
 * @error set when there is no memory for it */
PlPicture *pl_sample_preview_draw (
    const PlSamplePreview *self, int index, int variation, int tile_px, GError **error);
