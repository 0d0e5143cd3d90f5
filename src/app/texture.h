/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/* Textures in the formats that are cheapest to draw in software. Made by any thread; pixels are
 * taken. */

/* Three bytes a pixel: red, green, blue. */
GdkTexture *pl_texture_new_rgb (guint8 *rgb, int width, int height);

/* The same from words 0xaarrggbb, whose alpha is passed over. */
GdkTexture *pl_texture_new_opaque (guint32 *words, int width, int height);

/* Words 0xaarrggbb; the colours are not multiplied by alpha. */
GdkTexture *pl_texture_new (guint32 *words, int width, int height);

/* Magnified to @bounds, of which no more than @sight is seen: its pixels blend into each other if
 * @is_smooth, and are squares else. Main thread. */
void pl_texture_draw (GdkTexture *texture,
                      GtkSnapshot *snapshot,
                      const graphene_rect_t *bounds,
                      const graphene_rect_t *sight,
                      gboolean is_smooth);
