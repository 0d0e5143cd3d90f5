/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Watching the mask learn: what can be seen of slices, in whichever view, and of the cases that are
 * tiles of the montage, is wished for from the training, or from one of its epochs, and what comes
 * back stands for the prediction there. What is out of sight is dropped: it would be of weights
 * that are gone, and 465 slices of 512 × 512 would take 122 MB. Planes across the slices have no
 * previews, since one of them would take all slices; of an epoch they have all slices, which do not
 * change.
 */
#include "app/window-private.h"

#include "app/montage-view.h"

#include <string.h>

enum
{
  MOST_SLICES = 128, /* of 512 × 512: 32 MB */
};

/* A case of one slice of 512 × 512 takes 0.75 to 1.5 MiB with its masks: a hundred of them are more
 * than a window has room for at the usual size of tiles. */
#define MOST_BYTES (128u << 20)

static PlMontageContent *
get_content (PlAppWindow *self)
{
  return pl_montage_view_get_content (PL_MONTAGE_VIEW (self->montage_view));
}

static gboolean
is_live (PlAppWindow *self)
{
  return self->trainer != NULL || self->epoch_shown > 0;
}

static gboolean
is_current_loaded (PlAppWindow *self)
{
  return self->volume_is_current && self->n_loads == 0;
}

static gboolean
shows_montage (PlAppWindow *self)
{
  return adw_view_stack_get_visible_child (self->views) == self->montage_view &&
         !pl_montage_content_shows_planes (get_content (self));
}

/* Subjects: slices, or cases. */
static GArray *
list_tiles (PlAppWindow *self)
{
  return pl_montage_grid_list_visible (
      pl_montage_view_get_grid (PL_MONTAGE_VIEW (self->montage_view)));
}

/* What was asked for when the case was read otherwise is of another name, and so is a case of the
 * data set before that had the same, and what was in the file before it was written anew. */
static char *
dup_wish_name (PlAppWindow *self, PlCaseItem *item)
{
  const PlCase *source = pl_case_item_get_case (item);

  if (item == self->current && self->volume_key != NULL)
    return g_strdup (self->volume_key);
  return g_strdup_printf ("%s %d %d %u", source->image_path, source->header.page,
                          source->header.slice_axis, item == self->current ? self->n_shown : 0);
}

static void
add_wish (PlAppWindow *self, PlCaseItem *item, PlVolume *volume, int slice)
{
  g_autofree char *name = dup_wish_name (self, item);

  if (self->live_wishes->len == MOST_SLICES ||
      pl_preview_wishes_find (self->live_wishes, name, slice) >= 0)
    return;
  pl_preview_wishes_add (self->live_wishes, name, volume, slice);
  g_ptr_array_add (self->live_items, g_object_ref (item));
}

/* The one that is chosen first. */
static void
add_slices (PlAppWindow *self)
{
  PlVolume *volume = pl_view_state_get_volume (self->state);
  g_autoptr (GArray) tiles = NULL;

  add_wish (self, self->current, volume, pl_view_state_get_slice (self->state));
  if (!shows_montage (self) || pl_montage_content_has_cases (get_content (self)))
    return;
  tiles = list_tiles (self);
  for (guint i = 0; i < tiles->len; i++)
    add_wish (self, self->current, volume, g_array_index (tiles, int, i));
}

/* (element-type PlCaseItem): those whose tiles are in sight. */
static GPtrArray *
list_cases (PlAppWindow *self)
{
  GPtrArray *cases = g_ptr_array_new_with_free_func (g_object_unref);
  PlMontageContent *content = get_content (self);
  g_autoptr (GArray) tiles = NULL;

  if (!is_live (self) || !shows_montage (self) || !pl_montage_content_has_cases (content))
    return cases;
  tiles = list_tiles (self);
  for (guint i = 0; i < tiles->len; i++)
    {
      PlCaseItem *item = pl_montage_content_get_case (content, g_array_index (tiles, int, i));

      g_ptr_array_add (cases, g_object_ref (item));
    }
  return cases;
}

/* As far as they are loaded. The one that is chosen is wished for already, as a slice. */
static void
add_cases (PlAppWindow *self, const GPtrArray *cases)
{
  for (guint i = 0; i < cases->len; i++)
    {
      PlCaseItem *item = g_ptr_array_index (cases, i);
      PlLiveCase *live = pl_case_item_get_live (item);

      if (live != NULL)
        add_wish (self, item, live->volume, 0);
    }
}

static gboolean
is_in_view (PlAppWindow *self, const PlPreviewWish *wish)
{
  return self->volume_is_current && wish->volume == pl_view_state_get_volume (self->state);
}

/* Of the volume in view, those that are still wished for. */
static void
keep_previews (PlAppWindow *self)
{
  g_autoptr (GArray) slices = g_array_new (FALSE, FALSE, sizeof (int));

  for (guint i = 0; i < self->live_wishes->len; i++)
    {
      const PlPreviewWish *wish = &g_array_index (self->live_wishes, PlPreviewWish, i);

      if (is_in_view (self, wish))
        g_array_append_val (slices, wish->slice);
    }
  pl_view_state_keep_previews (self->state, (const int *) slices->data, (int) slices->len);
}

/* What the other views show of it may have come before its tile was live. */
static void
share_preview (PlAppWindow *self)
{
  PlMask *preview = is_current_loaded (self) ? pl_view_state_get_preview (self->state, 0) : NULL;

  if (preview != NULL)
    pl_live_cases_show (self->live_cases, self->current, preview);
}

static void
begin_wishes (PlAppWindow *self)
{
  g_array_unref (self->live_wishes);
  self->live_wishes = pl_preview_wishes_new ();
  g_ptr_array_set_size (self->live_items, 0);
}

static gboolean
shows_planes (PlAppWindow *self)
{
  GtkWidget *view = adw_view_stack_get_visible_child (self->views);

  return view == self->planes_view ||
         (view == self->montage_view && pl_montage_content_shows_planes (get_content (self)));
}

/* (nullable): what the epoch makes of all slices in view. */
static PlMask *
get_epoch_mask (PlAppWindow *self)
{
  return pl_epoch_volume_get_mask (self->epoch_volume, self->epoch_shown,
                                   pl_view_state_get_volume (self->state));
}

/* A training gives its time for it only where it is needed. */
static void
want_volume (PlAppWindow *self)
{
  g_autofree char *name = NULL;

  if (self->epoch_shown == 0 || !is_current_loaded (self) ||
      pl_view_state_get_n_slices (self->state) <= 1 ||
      (self->trainer != NULL && !shows_planes (self) && get_epoch_mask (self) == NULL))
    {
      pl_epoch_volume_want_none (self->epoch_volume);
      return;
    }
  name = dup_wish_name (self, self->current);
  pl_epoch_volume_want (self->epoch_volume, self->epoch_shown,
                        pl_epoch_masks_get_model (self->epoch_masks), name,
                        pl_view_state_get_volume (self->state));
}

/* (element-type PlPreviewWish): what the mask of all slices in view does not have. */
static GArray *
list_missing (PlAppWindow *self)
{
  GArray *missing;

  if (get_epoch_mask (self) == NULL)
    return g_array_ref (self->live_wishes);
  missing = pl_preview_wishes_new ();
  for (guint i = 0; i < self->live_wishes->len; i++)
    {
      const PlPreviewWish *wish = &g_array_index (self->live_wishes, PlPreviewWish, i);

      if (!is_in_view (self, wish))
        pl_preview_wishes_add (missing, wish->case_name, wish->volume, wish->slice);
    }
  return missing;
}

gboolean
pl_app_window_slice_is_of_epoch (PlAppWindow *self)
{
  g_autofree char *name = NULL;

  if (self->epoch_shown == 0 || get_epoch_mask (self) != NULL)
    return TRUE;
  if (self->current == NULL || pl_epoch_masks_get_epoch (self->epoch_masks) != self->epoch_shown)
    return FALSE;
  name = dup_wish_name (self, self->current);
  return pl_epoch_masks_has (self->epoch_masks, name, pl_view_state_get_slice (self->state));
}

/* What is kept of an epoch comes anew with every list of wishes. */
static gboolean
are_same (const PlMask *a, const PlMask *b)
{
  return a != NULL && memcmp (a->n, b->n, sizeof a->n) == 0 &&
         memcmp (a->labels, b->labels, (gsize) a->n[1] * (gsize) a->n[2]) == 0;
}

/* In place of what was predicted of single slices, until the next epoch has its own. */
static void
show_slices_of (PlAppWindow *self, PlMask *mask)
{
  const int n[3] = { 1, mask->n[1], mask->n[2] };

  g_object_freeze_notify (G_OBJECT (self->state));
  for (guint i = 0; i < self->live_wishes->len; i++)
    {
      const PlPreviewWish *wish = &g_array_index (self->live_wishes, PlPreviewWish, i);
      g_autoptr (PlMask) preview = NULL;

      if (!is_in_view (self, wish))
        continue;
      preview = pl_mask_new_take (
          n, g_memdup2 (pl_mask_slice (mask, wish->slice), (gsize) n[1] * (gsize) n[2]));
      if (!are_same (pl_view_state_get_preview (self->state, wish->slice), preview))
        pl_view_state_set_preview (self->state, preview, wish->slice);
    }
  g_object_thaw_notify (G_OBJECT (self->state));
}

static gboolean
update_cb (gpointer data)
{
  PlAppWindow *self = data;
  g_autoptr (GPtrArray) cases = list_cases (self);
  g_autoptr (GArray) none = pl_preview_wishes_new ();
  g_autoptr (GArray) missing = NULL;

  self->live_source = 0;
  pl_live_cases_want (self->live_cases, cases);
  begin_wishes (self);
  if (is_live (self) && is_current_loaded (self))
    add_slices (self);
  add_cases (self, cases);
  keep_previews (self);
  share_preview (self);
  if (self->trainer != NULL)
    pl_trainer_set_preview (self->trainer, self->epoch_shown > 0 ? none : self->live_wishes);
  if (get_epoch_mask (self) != NULL)
    show_slices_of (self, get_epoch_mask (self));
  missing = list_missing (self);
  pl_epoch_masks_want (self->epoch_masks, self->epoch_shown, missing);
  want_volume (self);
  pl_app_window_update_epoch_text (self);
  return G_SOURCE_REMOVE;
}

void
pl_app_window_update_live (PlAppWindow *self)
{
  if (self->live_source == 0 && !self->is_closed)
    self->live_source = g_idle_add_full (GTK_PRIORITY_RESIZE - 1, update_cb, self, NULL);
}

void
pl_app_window_show_live (PlAppWindow *self, const char *case_name, int slice, PlMask *mask)
{
  int place = pl_preview_wishes_find (self->live_wishes, case_name, slice);
  const PlPreviewWish *wish;
  PlCaseItem *item;
  PlLiveCase *live;

  if (place < 0)
    return;
  wish = &g_array_index (self->live_wishes, PlPreviewWish, place);
  if (mask->n[1] != wish->volume->n[1] || mask->n[2] != wish->volume->n[2])
    return; /* the file was another when it was predicted */
  item = g_ptr_array_index (self->live_items, place);
  live = pl_case_item_get_live (item);
  if (is_in_view (self, wish) && get_epoch_mask (self) == NULL &&
      !are_same (pl_view_state_get_preview (self->state, slice), mask))
    pl_view_state_set_preview (self->state, mask, slice);
  if (live != NULL && !are_same (live->preview, mask))
    pl_live_cases_show (self->live_cases, item, mask);
}

/* There is more of what an epoch makes of the volume in view, or all. */
static void
volume_changed_cb (PlAppWindow *self)
{
  PlMask *mask = self->volume_is_current && self->epoch_shown > 0 ? get_epoch_mask (self) : NULL;

  if (mask != NULL && mask != pl_view_state_get_prediction (self->state))
    {
      pl_app_window_show_prediction (self);
      show_slices_of (self, mask);
      pl_app_window_update_live (self); /* for single slices of it are not wanted now */
    }
  pl_app_window_update_epoch_text (self);
}

void
pl_app_window_take_preview (PlAppWindow *self, const PlPreview *preview)
{
  if (self->epoch_shown == 0)
    pl_app_window_show_live (self, preview->case_name, preview->slice, preview->mask);
}

void
pl_app_window_drop_live (PlAppWindow *self)
{
  pl_view_state_keep_previews (self->state, NULL, 0);
  pl_live_cases_forget_previews (self->live_cases);
}

static void
watch (PlAppWindow *self, gpointer object, const char *signal)
{
  g_signal_connect_object (object, signal, G_CALLBACK (pl_app_window_update_live), self,
                           G_CONNECT_SWAPPED);
}

void
pl_app_window_bind_live (PlAppWindow *self)
{
  PlMontageView *montage = PL_MONTAGE_VIEW (self->montage_view);

  self->live_cases = pl_live_cases_new (MOST_BYTES);
  self->live_wishes = pl_preview_wishes_new ();
  self->live_items = g_ptr_array_new_with_free_func (g_object_unref);
  watch (self, self->live_cases, "loaded");
  watch (self, self->state, "notify::slice");
  watch (self, self->state, "notify::volume");
  watch (self, self->epoch_masks, "model");
  g_signal_connect_object (self->epoch_volume, "changed", G_CALLBACK (volume_changed_cb), self,
                           G_CONNECT_SWAPPED);
  watch (self, pl_montage_view_get_grid (montage), "sight-changed");
}

void
pl_app_window_forget_live (PlAppWindow *self)
{
  g_autoptr (GPtrArray) none = g_ptr_array_new ();

  pl_live_cases_want (self->live_cases, none);
  g_clear_object (&self->live_cases);
  g_clear_pointer (&self->live_wishes, g_array_unref);
  g_clear_pointer (&self->live_items, g_ptr_array_unref);
}
