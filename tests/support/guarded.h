/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include <math.h>
#include <sys/mman.h>
#include <unistd.h>

/* An array whose end is the end of the memory: after it comes a page without access, so that to
 * read or write one element too far crashes. It starts at a multiple of 64 bytes if its size is
 * one. */
typedef struct
{
  float *f;  /* as floats */
  guint8 *b; /* the same as bytes */
  gsize n;   /* elements */

  /* Owned */
  guint8 *map;
  gsize map_size;
} Guarded;

static inline void
guarded_init (Guarded *self, gsize n, gsize element_size)
{
  const gsize page = sysconf (_SC_PAGESIZE);
  const gsize size = n * element_size;
  const gsize usable = (size + page - 1) / page * page;

  self->n = n;
  self->map_size = usable + page;
  self->map =
      mmap (NULL, self->map_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  g_assert_true (self->map != MAP_FAILED);
  g_assert_cmpint (mprotect (self->map + usable, page, PROT_NONE), ==, 0);
  self->b = self->map + usable - size;
  self->f = (float *) self->b;
}

static inline void
guarded_clear (Guarded *self)
{
  if (self->map != NULL)
    munmap (self->map, self->map_size);
  self->map = NULL;
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Guarded, guarded_clear)

/* Floats: all NaN, so that what is read without having been set spoils the result. */
static inline void
guarded_init_floats (Guarded *self, gsize n)
{
  guarded_init (self, n, sizeof (float));
  for (gsize i = 0; i < n; i++)
    self->f[i] = NAN;
}
