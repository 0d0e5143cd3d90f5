/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/case-item.h"

#include <gtk/gtk.h>

/* A recycled row of the case list: thumbnail, name, part of the data, badges and Dice of the item
 * it is bound to. */
#define PL_TYPE_CASE_ROW (pl_case_row_get_type ())
G_DECLARE_FINAL_TYPE (PlCaseRow, pl_case_row, PL, CASE_ROW, GtkBox)

GtkWidget *pl_case_row_new (void);

/* Property "item": (nullable). */
PlCaseItem *pl_case_row_get_item (PlCaseRow *self);
void pl_case_row_set_item (PlCaseRow *self, PlCaseItem *item);
