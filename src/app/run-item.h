/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/run-list.h"

#include <glib-object.h>

/* A run in a list model. Main thread. */
#define PL_TYPE_RUN_ITEM (pl_run_item_get_type ())
G_DECLARE_FINAL_TYPE (PlRunItem, pl_run_item, PL, RUN_ITEM, GObject)

PlRunItem *pl_run_item_new_take (PlRunInfo *info);

/* (transfer none) */
const PlRunInfo *pl_run_item_get_info (PlRunItem *self);
