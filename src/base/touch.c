/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/touch.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/parallel.h"

enum
{
  PIECE_BYTES = 4 << 20, /* between looks at is_stopped: 4 ms */
};

struct _PlTouch
{
  guint8 *start;
  gsize n_bytes;
  pthread_t thread;
  atomic_bool is_stopped;
};

/* Leaves what is there already as it is. A kernel that cannot do it (before 5.14) says so at once.
 * The thread that fills the block goes before; what is not touched in time it touches itself. */
static void *
touch_all (void *data)
{
  PlTouch *touch = data;

  pl_parallel_nice_self ();
  for (gsize at = 0; at < touch->n_bytes && !touch->is_stopped; at += PIECE_BYTES)
    if (madvise (touch->start + at, MIN ((gsize) PIECE_BYTES, touch->n_bytes - at),
                 MADV_POPULATE_WRITE) != 0)
      break;
  return NULL;
}

PlTouch *
pl_touch_start (void *block, gsize n_bytes)
{
  PlTouch *touch;
  gsize page = (gsize) sysconf (_SC_PAGESIZE);
  gsize ahead = (page - (guintptr) block % page) % page; /* of the first whole page */

  if (n_bytes < PIECE_BYTES)
    return NULL;
  touch = g_new0 (PlTouch, 1);
  touch->start = (guint8 *) block + ahead;
  touch->n_bytes = (n_bytes - ahead) / page * page;
  if (pthread_create (&touch->thread, NULL, touch_all, touch) != 0)
    g_clear_pointer (&touch, g_free);
  return touch;
}

void
pl_touch_free (PlTouch *touch)
{
  if (touch == NULL)
    return;
  touch->is_stopped = TRUE;
  pthread_join (touch->thread, NULL);
  g_free (touch);
}
