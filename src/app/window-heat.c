/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The probabilities that predictions were made of, a byte a voxel: 79 MB for 300 slices of 512 ×
 * 512. Unlike masks they would not become small by packing, so when all together would take more
 * than half a gigabyte those go whose cases were not in view for the longest time; their masks
 * stay.
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

/* (nullable) (transfer full): what goes first; neither @item nor what is in view. */
static PlCaseItem *
find_oldest (PlAppWindow *self, PlCaseItem *item)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->cases));
  g_autoptr (PlCaseItem) oldest = NULL;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (PlCaseItem) other = g_list_model_get_item (G_LIST_MODEL (self->cases), i);

      if (count_bytes (other) > 0 && other != item && other != self->current &&
          (oldest == NULL ||
           pl_case_item_get_shown_us (other) < pl_case_item_get_shown_us (oldest)))
        g_set_object (&oldest, other);
    }
  return g_steal_pointer (&oldest);
}

void
pl_app_window_keep_heat (PlAppWindow *self, PlCaseItem *item, PlMask *heat)
{
  gsize n_bytes;

  pl_case_item_set_heat (item, heat);
  n_bytes = count_all_bytes (self);
  while (n_bytes > MOST_BYTES)
    {
      g_autoptr (PlCaseItem) oldest = find_oldest (self, item);

      if (oldest == NULL)
        return;
      n_bytes -= count_bytes (oldest);
      pl_case_item_set_heat (oldest, NULL);
    }
}
