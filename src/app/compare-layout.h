/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/* Places the children of the Compare view: the first, its heading, at the top; those of the others
 * that can be seen below, in one row or two, whichever shows an image of the given shape larger. */
#define PL_TYPE_COMPARE_LAYOUT (pl_compare_layout_get_type ())
G_DECLARE_FINAL_TYPE (PlCompareLayout, pl_compare_layout, PL, COMPARE_LAYOUT, GtkLayoutManager)

/* Width and height of the image, in whatever unit; a square until then. */
void pl_compare_layout_set_shape (PlCompareLayout *self, double width, double height);
