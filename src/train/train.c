/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The core as those above see it: they never include unet/. */
#include "train/train.h"

#include "base/parallel.h"
#include "unet/unet.h"

G_DEFINE_QUARK (pl_train_error, pl_train_error)

gboolean
pl_train_init (GError **error)
{
  return pl_unet_init (g_getenv ("PLEURA_ISA"), 0, error);
}

void
pl_train_set_threads (int n_threads)
{
  pl_parallel_init (n_threads);
}

const char *
pl_train_isa (void)
{
  return pl_unet_isa ();
}
