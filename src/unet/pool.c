/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Maximum pooling. Strips begin at even rows, so that both rows of a pair are in one. */
#include "unet/pool.h"

gsize
pl_pool_which_bytes (const PlTensor *y, int batch)
{
  return (gsize) batch * (gsize) y->rows * (gsize) y->columns * y->channels;
}

static guint8 *
find_which (const PlPool *pool, int image, int row)
{
  const PlTensor *y = &pool->y;

  return pool->which == NULL ? NULL
                             : pool->which + ((gsize) image * (gsize) y->rows + (gsize) row) *
                                                 (gsize) y->columns * y->channels;
}

static void
pool_row_cb (void *data, int image, int row, gsize first, gsize count)
{
  const PlPool *pool = data;
  const PlTensor *y = &pool->y;

  if (row % 2 == 0)
    return;
  y->kernels->row_max_pool ((gsize) y->columns, pl_tensor_pixel (&pool->x, image, row - 1, 0),
                            pl_tensor_pixel (&pool->x, image, row, 0), pool->x.step, y->channels,
                            pl_tensor_pixel (y, image, row / 2, 0), y->step,
                            find_which (pool, image, row / 2));
  pl_tensor_clear_edges (y, image, row / 2);
}

PlEpilogue
pl_pool_forward_epilogue (PlPool *pool)
{
  return (PlEpilogue){ .row = pool_row_cb, .data = pool };
}

typedef struct
{
  const PlPool *pool;
  const PlEpilogue *epilogue;
} PoolJob;

static void
unpool_strip_cb (void *data, int image, int first_row, int end_row)
{
  const PoolJob *job = data;
  const PlPool *pool = job->pool;
  const PlTensor *dx = &pool->dx;
  const PlTensor *dy = &pool->dy;

  for (int row = first_row; row < end_row; row += 2)
    {
      dy->kernels->row_max_pool_backward (
          (gsize) dy->columns, pl_tensor_pixel (dy, image, row / 2, 0), dy->step, dy->channels,
          find_which (pool, image, row / 2), pl_tensor_pixel (dx, image, row, 0),
          pl_tensor_pixel (dx, image, row + 1, 0), dx->step);
      pl_epilogue_run (job->epilogue, image, row, 0, dx->channels);
      pl_epilogue_run (job->epilogue, image, row + 1, 0, dx->channels);
    }
}

void
pl_pool_backward (PlPool *pool, int n, const PlEpilogue *epilogue)
{
  PoolJob job = { .pool = pool, .epilogue = epilogue };

  pl_tensor_for_strips (&pool->dx, n, unpool_strip_cb, &job);
}
