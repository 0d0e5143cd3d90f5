/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a training shares with whoever watches it. A training takes up to some hundred steps a
 * second on small images; a reader is told at most 30 times a second. The lock is a pthread mutex,
 * because ThreadSanitizer understands it. */
#include "train/mailbox.h"

static GArray *
new_points (void)
{
  return g_array_new (FALSE, FALSE, sizeof (PlTrainPoint));
}

void
pl_preview_free (PlPreview *preview)
{
  if (preview == NULL)
    return;
  g_free (preview->case_name);
  pl_mask_unref (preview->mask);
  g_free (preview);
}

void
pl_mailbox_init (PlMailbox *box)
{
  *box = (PlMailbox){ .points = new_points () };
  pthread_mutex_init (&box->lock, NULL);
}

void
pl_mailbox_clear (PlMailbox *box)
{
  g_array_unref (box->points);
  pl_preview_free (box->preview);
  pthread_mutex_destroy (&box->lock);
}

/* With the lock held. TRUE the first time since the reader took. */
static gboolean
announce (PlMailbox *box)
{
  gboolean first = !box->announced;

  box->announced = TRUE;
  return first;
}

gboolean
pl_mailbox_post_point (PlMailbox *box, const PlTrainPoint *point)
{
  pthread_mutex_lock (&box->lock);
  gboolean first = announce (box);
  g_array_append_vals (box->points, point, 1);
  pthread_mutex_unlock (&box->lock);
  return first;
}

gboolean
pl_mailbox_post_status (PlMailbox *box, const PlTrainStatus *status)
{
  pthread_mutex_lock (&box->lock);
  gboolean first = announce (box);
  box->status = *status;
  box->has_status = TRUE;
  pthread_mutex_unlock (&box->lock);
  return first;
}

gboolean
pl_mailbox_post_preview (PlMailbox *box, PlPreview *preview)
{
  pthread_mutex_lock (&box->lock);
  gboolean first = announce (box);
  PlPreview *old = box->preview;
  box->preview = preview;
  pthread_mutex_unlock (&box->lock);
  pl_preview_free (old);
  return first;
}

gboolean
pl_mailbox_take (PlMailbox *box, GArray **points, PlTrainStatus *status, PlPreview **preview)
{
  GArray *empty = new_points ();

  pthread_mutex_lock (&box->lock);
  gboolean has_status = box->has_status;
  *points = box->points;
  box->points = empty;
  *preview = g_steal_pointer (&box->preview);
  if (has_status)
    *status = box->status;
  box->has_status = FALSE;
  box->announced = FALSE;
  pthread_mutex_unlock (&box->lock);
  return has_status;
}
