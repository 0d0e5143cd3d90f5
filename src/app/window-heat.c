/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The probabilities that predictions were made of, a byte a voxel: 79 MB for 300 slices of 512 ×
 * 512. Unlike masks they would not become small by packing, so those of the first cases of the list
 * go when all together would take more than half a gigabyte; their masks stay.
 */
#include "app/window-private.h"

#define MOST_BYTES ((gsize) 512 << 20)

static gsize
count_bytes (PlCaseItem *item)
{
  const PlMask *heat = pl_case_item_get_heat (item);

  return heat == NULL ? 0 : (gsize) heat->n[0] * (gsize) heat->n[1] * (gsize) heat->n[2];
}

static gsize
count_all_bytes (PlAppWindow *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->cases));
  gsize n_bytes = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (PlCaseItem) item = g_list_model_get_item (G_LIST_MODEL (self->cases), i);

      n_bytes += count_bytes (item);
    }
  return n_bytes;
}

void
pl_app_window_keep_heat (PlAppWindow *self, PlCaseItem *item, PlMask *heat)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->cases));
  gsize n_bytes;

  pl_case_item_set_heat (item, heat);
  n_bytes = count_all_bytes (self);
  for (guint i = 0; i < n && n_bytes > MOST_BYTES; i++)
    {
      g_autoptr (PlCaseItem) other = g_list_model_get_item (G_LIST_MODEL (self->cases), i);

      if (other == item || other == self->current)
        continue;
      n_bytes -= count_bytes (other);
      pl_case_item_set_heat (other, NULL);
    }
}
