/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/run-item.h"

struct _PlRunItem
{
  GObject parent_instance;

  /* Owned */
  PlRunInfo *info;
};

G_DEFINE_FINAL_TYPE (PlRunItem, pl_run_item, G_TYPE_OBJECT)

static void
pl_run_item_finalize (GObject *object)
{
  pl_run_info_free (PL_RUN_ITEM (object)->info);

  G_OBJECT_CLASS (pl_run_item_parent_class)->finalize (object);
}

static void
pl_run_item_class_init (PlRunItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pl_run_item_finalize;
}

static void
pl_run_item_init (PlRunItem *self)
{
}

PlRunItem *
pl_run_item_new_take (PlRunInfo *info)
{
  PlRunItem *self = g_object_new (PL_TYPE_RUN_ITEM, NULL);

  self->info = info;
  return self;
}

const PlRunInfo *
pl_run_item_get_info (PlRunItem *self)
{
  g_return_val_if_fail (PL_IS_RUN_ITEM (self), NULL);
  return self->info;
}
