/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Seconds from the start of @program until its window is on the screen, with a picture in it. For
 * X11, and a screen that nothing else is drawn on. */
double start_measure (const char *program);
