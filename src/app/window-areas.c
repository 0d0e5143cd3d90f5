/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lungs of all cases are measured while the list is sorted by them, one after another, with
 * pauses while a case is loaded: a mask of some hundred slices takes a few tenths of a second.
 */
#include "app/window-private.h"

#include "app/case-area.h"

typedef struct
{
  PlAppWindow *window;       /* Owned */
  GCancellable *cancellable; /* Owned */
  PlCaseItem *item;          /* Owned */
} Request;

static gboolean
is_wanted (PlAppWindow *self)
{
  g_autoptr (GVariant) sort = g_action_group_get_action_state (G_ACTION_GROUP (self), "case-sort");

  return g_str_equal (g_variant_get_string (sort, NULL), "area") &&
         self->opening.cancellable == NULL && self->loading.cancellable == NULL;
}

/* (nullable) (transfer full) */
static PlCaseItem *
find_unmeasured (PlAppWindow *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->cases));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (PlCaseItem) item = g_list_model_get_item (G_LIST_MODEL (self->cases), i);

      if (pl_case_item_wants_area (item))
        return g_steal_pointer (&item);
    }
  return NULL;
}

static void
measured_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Request *request = data;
  PlAppWindow *self = request->window;
  g_autoptr (GError) error = NULL;
  gint64 n_voxels = pl_case_area_finish (result, &error);

  if (self->measuring == request->cancellable)
    {
      g_clear_object (&self->measuring);
      pl_case_item_set_truth_voxels (request->item,
                                     n_voxels); /* what is broken is not tried again */
      pl_case_list_update (self->case_list);
      pl_app_window_measure_cases (self);
    }
  g_object_unref (request->window);
  g_object_unref (request->cancellable);
  g_object_unref (request->item);
  g_free (request);
}

void
pl_app_window_measure_cases (PlAppWindow *self)
{
  g_autoptr (PlCaseItem) item = NULL;
  Request *request;

  if (self->is_closed || self->measuring != NULL || !is_wanted (self))
    return;
  item = find_unmeasured (self);
  if (item == NULL)
    return;
  self->measuring = g_cancellable_new ();
  request = g_new0 (Request, 1);
  request->window = g_object_ref (self);
  request->cancellable = g_object_ref (self->measuring);
  request->item = g_object_ref (item);
  pl_case_area_async (pl_case_item_get_case (item), self->measuring, measured_cb, request);
}

void
pl_app_window_stop_measuring (PlAppWindow *self)
{
  g_cancellable_cancel (self->measuring);
  g_clear_object (&self->measuring);
}
