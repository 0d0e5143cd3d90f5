/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/dataset-report.h"

#include <glib-object.h>

/* A row of a PlReport, for list models. Main thread. */
#define PL_TYPE_CHECK_ITEM (pl_check_item_get_type ())
G_DECLARE_FINAL_TYPE (PlCheckItem, pl_check_item, PL, CHECK_ITEM, GObject)

PlCheckItem *pl_check_item_new_take (PlReportRow *row);

const PlReportRow *pl_check_item_get_row (PlCheckItem *self);

/* What its cells say; "" for nothing. */
char *pl_check_item_dup_image (PlCheckItem *self);
char *pl_check_item_dup_mask (PlCheckItem *self);
char *pl_check_item_dup_size (PlCheckItem *self); /* slices × rows × columns */
/* In one line or several: that all is well, or what is wrong and what to do about it. */
char *pl_check_item_dup_result (PlCheckItem *self);
