/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/* Pictures of what is shown, for other programs. */

/* What the widget shows now, a pixel for each of the screen, and not tied to its window. NULL when
 * it is not on the screen. Takes as long as a frame. Main thread. */
GdkTexture *pl_view_picture_take (GtkWidget *widget);

/* Takes an image surface that nobody draws on any more. Any thread. */
GdkTexture *pl_view_picture_from_surface (cairo_surface_t *surface);

/* Offers @texture as a picture and as the file @path (PNG), which is written, with its folder, when
 * somebody asks for it. */
GdkContentProvider *pl_view_picture_provider_new (GdkTexture *texture, const char *path);

/* Where a picture of this name lies for whoever it is dragged to. */
char *pl_view_picture_dup_path (const char *name);

/* Removes those that are left from the last time. */
void pl_view_picture_remove_old (void);
