/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cases that were in view stay loaded while the memory that the user grants them allows, so that
 * going back to one is instant. What the files are is looked at before they are read: a file that
 * is written meanwhile is another one, and read again.
 */
#include "app/window-private.h"

#include "app/settings.h"

static void
memory_changed_cb (PlAppWindow *self)
{
  pl_volume_cache_set_max_bytes (self->volumes, (gsize) (pl_settings_volume_gb () * 1e9));
}

void
pl_app_window_add_volumes (PlAppWindow *self)
{
  self->volumes = pl_volume_cache_new ();
  g_signal_connect_object (pl_settings_get (), "changed::volume-memory",
                           G_CALLBACK (memory_changed_cb), self, G_CONNECT_SWAPPED);
  memory_changed_cb (self);
}

void
pl_app_window_update_volume_key (PlAppWindow *self)
{
  g_free (self->volume_key);
  self->volume_key = pl_volume_cache_dup_key (pl_case_item_get_case (self->current));
}

PlVolume *
pl_app_window_find_volume (PlAppWindow *self, PlMask **truth)
{
  const PlCase *source = pl_case_item_get_case (self->current);
  PlVolume *volume = NULL;

  pl_app_window_update_volume_key (self);
  if (self->volume_key != NULL)
    volume = pl_volume_cache_find (self->volumes, self->volume_key, truth);
  if (volume == NULL)
    pl_volume_cache_make_room (self->volumes, source);
  return volume;
}

/* A mask that could not be read is tried again. */
void
pl_app_window_keep_volume (PlAppWindow *self)
{
  gboolean has_mask = pl_case_item_get_case (self->current)->mask_path != NULL;

  if (self->volume_key != NULL && has_mask == (self->truth != NULL))
    pl_volume_cache_keep (self->volumes, self->volume_key, pl_view_state_get_volume (self->state),
                          self->truth);
}
