/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/* What is drawn of one tile of the montage. */

/* @area: of the tile; the texture is fitted in, (nullable): not there yet. @text: scratch.
 * @dice: NaN when not known, else it is written on the tile and colours its border. */
void pl_montage_draw_tile (GtkSnapshot *snapshot,
                           PangoLayout *text,
                           graphene_rect_t area,
                           GdkTexture *texture,
                           const char *label,
                           double dice);

/* The frame round the tile that is selected, outside of the border. */
void pl_montage_draw_selection (GtkSnapshot *snapshot, graphene_rect_t area, double dice);
