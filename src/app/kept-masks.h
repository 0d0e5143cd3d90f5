/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/packed-mask.h"

/* Masks by name, packed: as many as a bound allows, those that were used last. Main thread. */
typedef struct _PlKeptMasks PlKeptMasks;

PlKeptMasks *pl_kept_masks_new (guint most);
void pl_kept_masks_free (PlKeptMasks *self);

void pl_kept_masks_put (PlKeptMasks *self, const char *name, const PlMask *mask);
gboolean pl_kept_masks_has (PlKeptMasks *self, const char *name);
/* (nullable) (transfer full): counts as a use. */
PlMask *pl_kept_masks_find (PlKeptMasks *self, const char *name);
void pl_kept_masks_clear (PlKeptMasks *self);
