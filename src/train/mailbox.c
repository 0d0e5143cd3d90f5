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

static GPtrArray *
new_previews (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) pl_preview_free);
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
  *box = (PlMailbox){ .points = new_points (), .previews = new_previews () };
  pthread_mutex_init (&box->lock, NULL);
}

void
pl_mailbox_clear (PlMailbox *box)
{
  g_array_unref (box->points);
  g_ptr_array_unref (box->previews);
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

/* Whose place @preview takes; the number of all when it is the first of its slice. */
static guint
find_place (const GPtrArray *previews, const PlPreview *preview)
{
  guint i = 0;

  for (; i < previews->len; i++)
    {
      const PlPreview *other = g_ptr_array_index (previews, i);

      if (other->slice == preview->slice && g_strcmp0 (other->case_name, preview->case_name) == 0)
        break;
    }
  return i;
}

gboolean
pl_mailbox_post_preview (PlMailbox *box, PlPreview *preview)
{
  PlPreview *old = NULL;

  pthread_mutex_lock (&box->lock);
  gboolean first = announce (box);
  guint i = find_place (box->previews, preview);
  if (i == box->previews->len)
    g_ptr_array_add (box->previews, preview);
  else
    {
      old = g_ptr_array_index (box->previews, i);
      g_ptr_array_index (box->previews, i) = preview;
    }
  pthread_mutex_unlock (&box->lock);
  pl_preview_free (old);
  return first;
}

gboolean
pl_mailbox_take (PlMailbox *box, GArray **points, PlTrainStatus *status, GPtrArray **previews)
{
  GArray *no_points = new_points ();
  GPtrArray *no_previews = new_previews ();

  pthread_mutex_lock (&box->lock);
  gboolean has_status = box->has_status;
  *points = box->points;
  box->points = no_points;
  *previews = box->previews;
  box->previews = no_previews;
  if (has_status)
    *status = box->status;
  box->has_status = FALSE;
  box->announced = FALSE;
  pthread_mutex_unlock (&box->lock);
  return has_status;
}
