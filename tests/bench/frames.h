/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/* Times of frames: what the main thread works from a change to the moment in which the display has
 * drawn what came of it. Waiting for the frame to begin is not counted; waiting for the processor
 * is. Main thread. */
typedef struct _Frames Frames;

Frames *frames_new (GtkWidget *widget); /* realized */
void frames_free (Frames *frames);

/* Changes something, and runs the main loop until that has been drawn. */
void frames_step (Frames *frames, void (*change) (gpointer data), gpointer data);

/* How many frames have been drawn since frames_new(), and when the last was. */
guint frames_count (const Frames *frames);
gint64 frames_last_us (const Frames *frames);

/* Of all steps so far, in milliseconds; @share: 0.5 is the median. */
double frames_percentile (const Frames *frames, double share);
