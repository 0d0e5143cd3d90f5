/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Transposition in tiles. Voxels that are neighbours in the one order are megabytes apart in the
 * other, so a tile is a cache line's worth of elements along the fast axis of each side: each line
 * that is fetched is used whole. */
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

/* Lines run along axis @b, the fast one of the target; @a is the fast one of the source. */
static inline __attribute__ ((always_inline)) void
copy_tiles (gsize element, const Job *job, int a, int b)
{
  const gssize tile = LINE / (gssize) element;
  const gssize *from_stride = job->from_stride;
  const gssize *to_stride = job->to_stride;
  int c = 3 - a - b;

  for (gssize a0 = 0; a0 < job->n[a]; a0 += tile)
    for (gssize k = 0; k < job->n[c]; k++)
      for (gssize b0 = 0; b0 < job->n[b]; b0 += tile)
        {
          gssize a_end = MIN (a0 + tile, job->n[a]);
          gssize count = MIN (tile, job->n[b] - b0);
          const guint8 *from = job->from + k * from_stride[c] + b0 * from_stride[b];
          guint8 *to = job->to + k * to_stride[c] + b0 * to_stride[b];

          for (gssize i = a0; i < a_end; i++)
            copy_line (element, count, from + i * from_stride[a], from_stride[b],
                       to + i * to_stride[a], (gssize) element);
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
          copy_line (element, job->n[a], from, job->from_stride[a], to, (gssize) element);
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
  /* Turn the target's fast axis round, so that it is written forwards. */
  if (to_stride[b] < 0)
    {
      job.from += (n[b] - 1) * job.from_stride[b];
      job.to += (n[b] - 1) * job.to_stride[b];
      job.from_stride[b] = -job.from_stride[b];
      job.to_stride[b] = -job.to_stride[b];
    }
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
