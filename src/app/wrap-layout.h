/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/* Two children side by side, the second at the end; one above the other where there is no room for
 * the least widths of both, or if "keeps-natural" (FALSE) for the natural ones. Main thread. */
#define PL_TYPE_WRAP_LAYOUT (pl_wrap_layout_get_type ())
G_DECLARE_FINAL_TYPE (PlWrapLayout, pl_wrap_layout, PL, WRAP_LAYOUT, GtkLayoutManager)

/* One child, whose natural width is said to be "width": AdwFlap folds by natural widths, which else
 * would change with every text. */
#define PL_TYPE_ROOM_LAYOUT (pl_room_layout_get_type ())
G_DECLARE_FINAL_TYPE (PlRoomLayout, pl_room_layout, PL, ROOM_LAYOUT, GtkLayoutManager)
