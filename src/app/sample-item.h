/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/* A training image in a flow box: as it is, beside it as it may be varied, and below them what it
 * is of. Its accessible name says all of that. */
#define PL_TYPE_SAMPLE_ITEM (pl_sample_item_get_type ())
G_DECLARE_FINAL_TYPE (PlSampleItem, pl_sample_item, PL, SAMPLE_ITEM, GtkFlowBoxChild)

/* @name: what it is of; @size_px: of the pictures that it will be given */
PlSampleItem *pl_sample_item_new (const char *name, int size_px);

/* @varied: (nullable): images are not varied; @variation: from 1, which of its variations it is */
void
pl_sample_item_show (PlSampleItem *self, GdkTexture *original, GdkTexture *varied, int variation);
