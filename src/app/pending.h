/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/* The answer of a worker that somebody waits for: the last that was asked for, since one that comes
 * when it is no longer wanted is dropped. Zero: none. Main thread. */
typedef struct
{
  GCancellable *cancellable; /* Owned; NULL: nothing is waited for */
} PlPending;

/* (transfer none): the cancellable of a new task; that of the one before is cancelled. */
GCancellable *pl_pending_begin (PlPending *pending);

/* @result: what a GTask of pl_pending_begin()'s cancellable has answered.
 * Returns: TRUE if it is the one that is waited for, which it is no longer then */
gboolean pl_pending_end (PlPending *pending, GAsyncResult *result);

/* Cancels it. */
void pl_pending_forget (PlPending *pending);

gboolean pl_pending_is_on (const PlPending *pending);
