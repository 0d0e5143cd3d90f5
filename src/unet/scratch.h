/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Memory that layers of a pass use one after the other, and what one of them needs of it. */
typedef struct
{
  gsize shared_bytes;
  gsize worker_bytes;
} PlScratchNeed;

typedef struct
{
  void *shared;
  char *workers; /* @worker_bytes for each of @n_workers threads; 64-byte aligned */
  gsize worker_bytes;
  int n_workers;
} PlScratch;

static inline PlScratchNeed
pl_scratch_need_max (PlScratchNeed a, PlScratchNeed b)
{
  return (PlScratchNeed){
    .shared_bytes = MAX (a.shared_bytes, b.shared_bytes),
    .worker_bytes = MAX (a.worker_bytes, b.worker_bytes),
  };
}

/* NULL if there is none. */
static inline void *
pl_scratch_of (const PlScratch *scratch, int worker)
{
  g_assert (worker < scratch->n_workers);
  return scratch->worker_bytes == 0 ? NULL
                                    : scratch->workers + (gsize) worker * scratch->worker_bytes;
}
