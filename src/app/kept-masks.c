/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/kept-masks.h"

typedef struct
{
  char *name;
  PlPackedMask *mask;
} Kept;

struct _PlKeptMasks
{
  guint most;

  /* Owned */
  GHashTable *links; /* name to link of recent */
  GQueue recent;     /* (element-type Kept): the last used first */
};

PlKeptMasks *
pl_kept_masks_new (guint most)
{
  PlKeptMasks *self = g_new0 (PlKeptMasks, 1);

  self->most = most;
  self->links = g_hash_table_new (g_str_hash, g_str_equal);
  g_queue_init (&self->recent);
  return self;
}

void
pl_kept_masks_free (PlKeptMasks *self)
{
  pl_kept_masks_clear (self);
  g_hash_table_unref (self->links);
  g_free (self);
}

static void
kept_free (gpointer data)
{
  Kept *kept = data;

  g_free (kept->name);
  pl_packed_mask_unref (kept->mask);
  g_free (kept);
}

static void
drop_oldest (PlKeptMasks *self)
{
  Kept *oldest = g_queue_pop_tail (&self->recent);

  g_hash_table_remove (self->links, oldest->name);
  kept_free (oldest);
}

void
pl_kept_masks_put (PlKeptMasks *self, const char *name, const PlMask *mask)
{
  GList *link = g_hash_table_lookup (self->links, name);
  Kept *kept = g_new (Kept, 1);

  if (link != NULL)
    {
      g_hash_table_remove (self->links, name);
      kept_free (link->data);
      g_queue_delete_link (&self->recent, link);
    }
  *kept = (Kept){ g_strdup (name), pl_packed_mask_new (mask) };
  g_queue_push_head (&self->recent, kept);
  g_hash_table_insert (self->links, kept->name, self->recent.head);
  if (self->recent.length > self->most)
    drop_oldest (self);
}

gboolean
pl_kept_masks_has (PlKeptMasks *self, const char *name)
{
  return g_hash_table_contains (self->links, name);
}

PlMask *
pl_kept_masks_find (PlKeptMasks *self, const char *name)
{
  GList *link = g_hash_table_lookup (self->links, name);

  if (link == NULL)
    return NULL;
  g_queue_unlink (&self->recent, link);
  g_queue_push_head_link (&self->recent, link);
  return pl_packed_mask_unpack (((Kept *) link->data)->mask);
}

void
pl_kept_masks_clear (PlKeptMasks *self)
{
  g_hash_table_remove_all (self->links);
  g_queue_clear_full (&self->recent, kept_free);
}
