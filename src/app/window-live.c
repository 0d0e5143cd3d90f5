/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Watching the mask learn: the slices that can be seen, in whichever view, are wished for from the
 * training, or from one of its epochs, and what comes back stands for the prediction there. What is
 * out of sight is dropped: it would be of weights that are gone, and 465 slices of 512 × 512 would
 * take 122 MB.
 */
#include "app/window-private.h"

#include "app/montage-view.h"

enum
{
  MOST_SLICES = 128, /* of 512 × 512: 32 MB */
};

/* Of what is in view: what was asked for when the case was read otherwise is of another name. */
static char *
dup_name (PlAppWindow *self)
{
  const PlCase *source = pl_case_item_get_case (self->current);

  return g_strdup_printf ("%s %d %d", source->name, source->header.page, source->header.slice_axis);
}

static gboolean
is_montage_of_slices (PlAppWindow *self)
{
  PlMontageContent *content = pl_montage_view_get_content (PL_MONTAGE_VIEW (self->montage_view));

  return adw_view_stack_get_visible_child (self->views) == self->montage_view &&
         !pl_montage_content_has_cases (content) && !pl_montage_content_shows_planes (content);
}

/* The one that is chosen first. */
static void
list_slices (PlAppWindow *self, GArray *slices)
{
  g_autoptr (GArray) tiles = NULL;
  int chosen = pl_view_state_get_slice (self->state);

  g_array_append_val (slices, chosen);
  if (!is_montage_of_slices (self))
    return;
  tiles = pl_montage_grid_list_visible (
      pl_montage_view_get_grid (PL_MONTAGE_VIEW (self->montage_view)));
  for (guint i = 0; i < tiles->len && slices->len < MOST_SLICES; i++)
    if (g_array_index (tiles, int, i) != chosen)
      g_array_append_val (slices, g_array_index (tiles, int, i));
}

static gboolean
is_wished_for (PlAppWindow *self, int slice)
{
  for (guint i = 0; i < self->live_slices->len; i++)
    if (g_array_index (self->live_slices, int, i) == slice)
      return TRUE;
  return FALSE;
}

/* @name: (nullable): then nothing */
static void
wish_for_newest (PlAppWindow *self, const char *name, const int *slices, int n)
{
  if (name == NULL)
    pl_trainer_set_preview (self->trainer, NULL, NULL, NULL, 0);
  else
    pl_trainer_set_preview (self->trainer, name, pl_view_state_get_volume (self->state), slices, n);
}

static gboolean
update_cb (gpointer data)
{
  PlAppWindow *self = data;
  gboolean is_training = self->trainer != NULL;
  g_autofree char *name = NULL;
  const int *slices;
  int n;

  self->live_source = 0;
  g_array_set_size (self->live_slices, 0);
  if (self->volume_is_current && self->n_loads == 0 && (is_training || self->epoch_shown > 0))
    {
      list_slices (self, self->live_slices);
      name = dup_name (self);
    }
  slices = (const int *) self->live_slices->data;
  n = (int) self->live_slices->len;
  pl_view_state_keep_previews (self->state, slices, n);
  if (is_training)
    wish_for_newest (self, self->epoch_shown > 0 ? NULL : name, slices, n);
  pl_app_window_want_epoch (self, name);
  return G_SOURCE_REMOVE;
}

void
pl_app_window_update_live (PlAppWindow *self)
{
  if (self->live_source == 0 && !self->is_closed)
    self->live_source = g_idle_add_full (GTK_PRIORITY_RESIZE - 1, update_cb, self, NULL);
}

void
pl_app_window_take_preview (PlAppWindow *self, const PlPreview *preview)
{
  g_autofree char *name = self->volume_is_current ? dup_name (self) : NULL;

  if (self->epoch_shown == 0 && g_strcmp0 (preview->case_name, name) == 0 &&
      is_wished_for (self, preview->slice))
    pl_view_state_set_preview (self->state, preview->mask, preview->slice);
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

  watch (self, self->state, "notify::slice");
  watch (self, self->state, "notify::volume");
  watch (self, pl_montage_view_get_grid (montage), "sight-changed");
}
