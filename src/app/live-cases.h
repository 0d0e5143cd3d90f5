/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/case-item.h"

/* The cases of one slice whose tiles are in sight while a training, or one of its epochs, is looked
 * at: each is read by a worker, one after another within a bound of memory, and its item is live
 * (live-case.h) until it is no longer wanted. Main thread.
 *
 * Signal "loaded": another one is live */
#define PL_TYPE_LIVE_CASES (pl_live_cases_get_type ())
G_DECLARE_FINAL_TYPE (PlLiveCases, pl_live_cases, PL, LIVE_CASES, GObject)

/* @max_bytes: of voxels and labels; the case that goes past it is the last that is read. */
PlLiveCases *pl_live_cases_new (gsize max_bytes);

/* @items: (element-type PlCaseItem): referenced; the most wanted first. Others are live no longer.
 * One that cannot be read is passed over. */
void pl_live_cases_want (PlLiveCases *self, GPtrArray *items);

/* Nothing happens when @item is not live. */
void pl_live_cases_show (PlLiveCases *self, PlCaseItem *item, PlMask *preview);
void pl_live_cases_forget_previews (PlLiveCases *self);
