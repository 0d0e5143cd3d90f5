/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/live-cases.h"

#include "app/pending.h"
#include "app/tile-case.h"

struct _PlLiveCases
{
  GObject parent_instance;

  /* Owned */
  GPtrArray *items;     /* (element-type PlCaseItem): wanted */
  GHashTable *broken;   /* (element-type PlCaseItem): those of them that cannot be read */
  PlCaseItem *loading;  /* (nullable) */
  PlPending answer;     /* of it */
  gboolean parts_lungs; /* how its mask is being read */

  gsize max_bytes;
};

G_DEFINE_FINAL_TYPE (PlLiveCases, pl_live_cases, G_TYPE_OBJECT)

static guint loaded_signal;

static void load_next (PlLiveCases *self);

PlLiveCases *
pl_live_cases_new (gsize max_bytes)
{
  PlLiveCases *self = g_object_new (PL_TYPE_LIVE_CASES, NULL);

  self->max_bytes = max_bytes;
  return self;
}

static void
load_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const PlTileCase *tile_case = data;
  GError *error = NULL;
  g_autoptr (PlVolume) volume = pl_tile_case_load_image (tile_case, cancellable, &error);
  g_autoptr (PlMask) truth = NULL;

  if (volume == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  truth = pl_tile_case_load_truth (tile_case, cancellable, NULL);
  g_task_return_pointer (task, pl_live_case_new (volume, truth, NULL),
                         (GDestroyNotify) pl_live_case_unref);
}

/* @live: (nullable): it could not be read */
static void
take (PlLiveCases *self, PlCaseItem *item, PlLiveCase *live)
{
  if (live == NULL || !pl_case_item_is_read_as (item, &live->volume->header))
    {
      g_hash_table_add (self->broken, g_object_ref (item));
      return;
    }
  pl_case_item_set_live (item, live);
  g_signal_emit (self, loaded_signal, 0);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PlLiveCases) self = data;
  g_autoptr (PlCaseItem) item = NULL;
  g_autoptr (PlLiveCase) live = g_task_propagate_pointer (G_TASK (result), NULL);

  if (!pl_pending_end (&self->answer, result))
    return;
  item = g_steal_pointer (&self->loading);
  if (g_ptr_array_find (self->items, item, NULL) &&
      pl_case_item_get_case (item)->parts_lungs == self->parts_lungs)
    take (self, item, live);
  load_next (self);
}

static void
load (PlLiveCases *self, PlCaseItem *item)
{
  g_autoptr (GTask) task =
      g_task_new (NULL, pl_pending_begin (&self->answer), loaded_cb, g_object_ref (self));

  self->loading = g_object_ref (item);
  self->parts_lungs = pl_case_item_get_case (item)->parts_lungs;
  g_task_set_source_tag (task, load);
  g_task_set_task_data (task, pl_tile_case_new (item), (GDestroyNotify) pl_tile_case_unref);
  g_task_run_in_thread (task, load_thread);
}

static gsize
count_bytes (PlLiveCases *self)
{
  gsize n_bytes = 0;

  for (guint i = 0; i < self->items->len; i++)
    {
      PlLiveCase *live = pl_case_item_get_live (g_ptr_array_index (self->items, i));

      n_bytes += live == NULL ? 0 : pl_live_case_get_bytes (live);
    }
  return n_bytes;
}

static void
load_next (PlLiveCases *self)
{
  if (pl_pending_is_on (&self->answer) || count_bytes (self) >= self->max_bytes)
    return;
  for (guint i = 0; i < self->items->len; i++)
    {
      PlCaseItem *item = g_ptr_array_index (self->items, i);

      if (pl_case_item_get_live (item) == NULL && !g_hash_table_contains (self->broken, item))
        {
          load (self, item);
          return;
        }
    }
}

void
pl_live_cases_want (PlLiveCases *self, GPtrArray *items)
{
  g_autoptr (GPtrArray) before = NULL;

  g_return_if_fail (PL_IS_LIVE_CASES (self));

  before = g_steal_pointer (&self->items);
  self->items = g_ptr_array_ref (items);
  for (guint i = 0; i < before->len; i++)
    if (!g_ptr_array_find (items, g_ptr_array_index (before, i), NULL))
      {
        pl_case_item_set_live (g_ptr_array_index (before, i), NULL);
        g_hash_table_remove (self->broken, g_ptr_array_index (before, i));
      }
  load_next (self);
}

void
pl_live_cases_show (PlLiveCases *self, PlCaseItem *item, PlMask *preview)
{
  PlLiveCase *live;
  g_autoptr (PlLiveCase) shown = NULL;

  g_return_if_fail (PL_IS_LIVE_CASES (self));

  live = pl_case_item_get_live (item);
  if (live == NULL || live->preview == preview)
    return;
  shown = pl_live_case_new (live->volume, live->truth, preview);
  pl_case_item_set_live (item, shown);
}

void
pl_live_cases_forget_previews (PlLiveCases *self)
{
  g_return_if_fail (PL_IS_LIVE_CASES (self));

  for (guint i = 0; i < self->items->len; i++)
    pl_live_cases_show (self, g_ptr_array_index (self->items, i), NULL);
}

static void
pl_live_cases_dispose (GObject *object)
{
  PlLiveCases *self = PL_LIVE_CASES (object);
  g_autoptr (GPtrArray) none = g_ptr_array_new ();

  pl_pending_forget (&self->answer);
  g_clear_object (&self->loading);
  pl_live_cases_want (self, none);
  G_OBJECT_CLASS (pl_live_cases_parent_class)->dispose (object);
}

static void
pl_live_cases_finalize (GObject *object)
{
  PlLiveCases *self = PL_LIVE_CASES (object);

  g_ptr_array_unref (self->items);
  g_hash_table_unref (self->broken);
  G_OBJECT_CLASS (pl_live_cases_parent_class)->finalize (object);
}

static void
pl_live_cases_class_init (PlLiveCasesClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pl_live_cases_dispose;
  G_OBJECT_CLASS (klass)->finalize = pl_live_cases_finalize;
  loaded_signal = g_signal_new ("loaded", PL_TYPE_LIVE_CASES, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);
}

static void
pl_live_cases_init (PlLiveCases *self)
{
  self->items = g_ptr_array_new ();
  self->broken = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
}
