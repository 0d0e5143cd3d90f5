/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One lock, one flag, as in train/mailbox.h, for work that has a fraction and no curve points. */
#include "app/relay.h"

#include <pthread.h>

#define INTERVAL_MS 33

struct _PlRelay
{
  /* Main thread */
  GWeakRef target;
  PlRelayDeliver deliver; /* NULL once stopped */

  /* Owned */
  GCancellable *cancellable;

  /* Shared with the worker */
  pthread_mutex_t lock;
  PlVolume *volume;
  double fraction;
  gboolean announced;
  gint ref_count;
};

PlRelay *
pl_relay_new (GObject *target, GCancellable *cancellable, PlRelayDeliver deliver)
{
  PlRelay *relay = g_new0 (PlRelay, 1);

  g_weak_ref_init (&relay->target, target);
  relay->deliver = deliver;
  relay->cancellable = g_object_ref (cancellable);
  pthread_mutex_init (&relay->lock, NULL);
  relay->ref_count = 1;
  return relay;
}

PlRelay *
pl_relay_ref (PlRelay *relay)
{
  g_atomic_int_inc (&relay->ref_count);
  return relay;
}

void
pl_relay_unref (PlRelay *relay)
{
  if (!g_atomic_int_dec_and_test (&relay->ref_count))
    return;
  g_weak_ref_clear (&relay->target);
  g_object_unref (relay->cancellable);
  g_clear_pointer (&relay->volume, pl_volume_unref);
  pthread_mutex_destroy (&relay->lock);
  g_free (relay);
}

void
pl_relay_stop (PlRelay *relay)
{
  relay->deliver = NULL;
}

static gboolean
deliver_cb (gpointer data)
{
  PlRelay *relay = data;
  g_autoptr (GObject) target = g_weak_ref_get (&relay->target);
  g_autoptr (PlVolume) volume = NULL;
  double fraction;

  pthread_mutex_lock (&relay->lock);
  volume = g_steal_pointer (&relay->volume);
  fraction = relay->fraction;
  relay->announced = FALSE;
  pthread_mutex_unlock (&relay->lock);

  if (target != NULL && relay->deliver != NULL && !g_cancellable_is_cancelled (relay->cancellable))
    relay->deliver (target, volume, fraction);
  return G_SOURCE_REMOVE;
}

void
pl_relay_report (PlRelay *relay, PlVolume *volume, double fraction)
{
  gboolean first;

  pthread_mutex_lock (&relay->lock);
  first = !relay->announced;
  relay->announced = TRUE;
  relay->fraction = fraction;
  if (volume != relay->volume)
    {
      g_clear_pointer (&relay->volume, pl_volume_unref);
      relay->volume = volume == NULL ? NULL : pl_volume_ref (volume);
    }
  pthread_mutex_unlock (&relay->lock);

  if (first)
    g_timeout_add_full (G_PRIORITY_DEFAULT, INTERVAL_MS, deliver_cb, pl_relay_ref (relay),
                        (GDestroyNotify) pl_relay_unref);
}

void
pl_relay_report_volume_cb (PlVolume *volume, double fraction, gpointer data)
{
  pl_relay_report (data, volume, fraction);
}

void
pl_relay_report_cb (double fraction, gpointer data)
{
  pl_relay_report (data, NULL, fraction);
}
