/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Transposition in tiles. Voxels that are neighbours in the one order are megabytes apart in the
 * other, so a tile is a cache line's worth of elements along the fast axis of each side. It goes
 * through a small buffer, and out a whole line at a time: lines whose distance is a multiple of
 * 4096, as in most CT, push each other out of the first-level cache, and few stores of two bytes
 * can wait for memory at once (1.5 ns an element of 2 bytes; 2.5 ns without). */
#include "image/reorder.h"

#include <string.h>

enum
{
  LINE = 64, /* bytes */
};

typedef struct
{
  int n[3];
  const guint8 *from;
  gssize from_stride[3]; /* bytes */
  guint8 *to;
  gssize to_stride[3]; /* bytes */
} Job;

/* The axis along which neighbours are nearest; of equals, the longest. */
static int
find_fast_axis (const int n[3], const gssize stride[3])
{
  int fast = 0;

  for (int a = 1; a < 3; a++)
    if (ABS (stride[a]) < ABS (stride[fast]) ||
        (ABS (stride[a]) == ABS (stride[fast]) && n[a] > n[fast]))
      fast = a;
  return fast;
}

/* Begins at the other end of an axis, on both sides. */
static void
turn_axis (Job *job, int axis)
{
  job->from += (job->n[axis] - 1) * job->from_stride[axis];
  job->to += (job->n[axis] - 1) * job->to_stride[axis];
  job->from_stride[axis] = -job->from_stride[axis];
  job->to_stride[axis] = -job->to_stride[axis];
}

/* One line of @count elements along an axis; inlined with a constant @element. */
static inline __attribute__ ((always_inline)) void
copy_line (gsize element,
           gssize count,
           const guint8 *from,
           gssize from_stride,
           guint8 *to,
           gssize to_stride)
{
  for (gssize i = 0; i < count; i++)
    memcpy (to + i * to_stride, from + i * from_stride, element);
}

/* One tile: @n_a elements along the source's fast axis, @n_b along the target's. */
static inline __attribute__ ((always_inline)) void
copy_tile (gsize element,
           gssize n_a,
           gssize n_b,
           const guint8 *from,
           gssize from_stride_b,
           guint8 *to,
           gssize to_stride_a)
{
  guint8 tile[LINE * LINE];
  guint8 line[LINE];

  if (n_a * (gssize) element == LINE)
    for (gssize j = 0; j < n_b; j++)
      memcpy (tile + j * LINE, from + j * from_stride_b, LINE);
  else
    for (gssize j = 0; j < n_b; j++)
      memcpy (tile + j * LINE, from + j * from_stride_b, (gsize) n_a * element);
  if (n_b * (gssize) element == LINE)
    for (gssize i = 0; i < n_a; i++)
      {
        copy_line (element, LINE / (gssize) element, tile + i * (gssize) element, LINE, line,
                   (gssize) element);
        memcpy (to + i * to_stride_a, line, LINE);
      }
  else
    for (gssize i = 0; i < n_a; i++)
      copy_line (element, n_b, tile + i * (gssize) element, LINE, to + i * to_stride_a,
                 (gssize) element);
}

/* The source is fast along axis @a, the target along axis @b. */
static inline __attribute__ ((always_inline)) void
copy_tiles (gsize element, const Job *job, int a, int b)
{
  const gssize tile = LINE / (gssize) element;
  const gssize *from_stride = job->from_stride;
  const gssize *to_stride = job->to_stride;
  int c = 3 - a - b;

  for (gssize i = 0; i < job->n[a]; i += tile)
    for (gssize k = 0; k < job->n[c]; k++)
      for (gssize j = 0; j < job->n[b]; j += tile)
        {
          gssize from = i * from_stride[a] + j * from_stride[b] + k * from_stride[c];
          gssize to = i * to_stride[a] + j * to_stride[b] + k * to_stride[c];

          copy_tile (element, MIN (tile, job->n[a] - i), MIN (tile, job->n[b] - j),
                     job->from + from, from_stride[b], job->to + to, to_stride[a]);
        }
}

/* Both sides are fast along axis @a. */
static inline __attribute__ ((always_inline)) void
copy_lines (gsize element, const Job *job, int a)
{
  int b = (a + 1) % 3;
  int c = (a + 2) % 3;

  for (gssize k = 0; k < job->n[c]; k++)
    for (gssize j = 0; j < job->n[b]; j++)
      {
        const guint8 *from = job->from + k * job->from_stride[c] + j * job->from_stride[b];
        guint8 *to = job->to + k * job->to_stride[c] + j * job->to_stride[b];

        if (job->from_stride[a] == (gssize) element)
          memcpy (to, from, (gsize) job->n[a] * element);
        else
          copy_line (element, job->n[a], from, -(gssize) element, to, (gssize) element);
      }
}

static inline __attribute__ ((always_inline)) void
copy_block (gsize element, const Job *job, int a, int b)
{
  if (a == b)
    copy_lines (element, job, a);
  else
    copy_tiles (element, job, a, b);
}

void
pl_reorder (gsize element,
            const int n[3],
            const void *from,
            const gssize from_stride[3],
            void *to,
            const gssize to_stride[3])
{
  int a = find_fast_axis (n, from_stride);
  int b = find_fast_axis (n, to_stride);
  Job job = { .from = from, .to = to };

  for (int i = 0; i < 3; i++)
    {
      job.n[i] = n[i];
      job.from_stride[i] = from_stride[i] * (gssize) element;
      job.to_stride[i] = to_stride[i] * (gssize) element;
    }
  if (job.to_stride[b] < 0)
    turn_axis (&job, b);
  if (a != b && job.from_stride[a] < 0)
    turn_axis (&job, a);
  g_assert (job.to_stride[b] == (gssize) element);
  g_assert (ABS (job.from_stride[a]) == (gssize) element);
  switch (element)
    {
    case 1:
      copy_block (1, &job, a, b);
      break;
    case 2:
      copy_block (2, &job, a, b);
      break;
    case 4:
      copy_block (4, &job, a, b);
      break;
    case 8:
      copy_block (8, &job, a, b);
      break;
    default:
      g_assert_not_reached ();
    }
}
