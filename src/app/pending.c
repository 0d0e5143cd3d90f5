/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tasks are told apart by their cancellables, which are never used again. */
#include "app/pending.h"

GCancellable *
pl_pending_begin (PlPending *pending)
{
  pl_pending_forget (pending);
  pending->cancellable = g_cancellable_new ();
  return pending->cancellable;
}

gboolean
pl_pending_end (PlPending *pending, GAsyncResult *result)
{
  if (g_task_get_cancellable (G_TASK (result)) != pending->cancellable)
    return FALSE;
  g_clear_object (&pending->cancellable);
  return TRUE;
}

void
pl_pending_forget (PlPending *pending)
{
  g_cancellable_cancel (pending->cancellable);
  g_clear_object (&pending->cancellable);
}

gboolean
pl_pending_is_on (const PlPending *pending)
{
  return pending->cancellable != NULL;
}
