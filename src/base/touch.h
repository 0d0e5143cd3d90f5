/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* The kernel clears fresh memory when it is first touched, which takes about as long as inflating
 * what goes into it. Here a thread of its own touches a block, ahead of whoever fills it. */
typedef struct _PlTouch PlTouch;

/* @block is borrowed until pl_touch_free(). Returns: (nullable): for a small block, or without a
 * thread; it is touched as it is filled then */
PlTouch *pl_touch_start (void *block, gsize n_bytes);

/* Stops and waits. NULL is let pass. */
void pl_touch_free (PlTouch *touch);
