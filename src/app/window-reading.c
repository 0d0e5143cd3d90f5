/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the case in view is read: which volume of a 4D file, and which axis of the file counts its
 * slices. The choice is its item's, so it is there again when the case is.
 */
#include "app/window-private.h"

static const char *const axis_names[] = { "auto", "0", "1", "2" }; /* −1 to 2 */

gboolean
pl_app_window_has_volumes (PlAppWindow *self)
{
  const PlImageHeader *header;

  if (self->current == NULL)
    return FALSE;
  header = &pl_case_item_get_case (self->current)->header;
  return header->format != PL_FORMAT_TIFF && header->pages > 1;
}

gboolean
pl_app_window_has_axes (PlAppWindow *self)
{
  return self->current != NULL && pl_case_has_axes (pl_case_item_get_case (self->current));
}

void
pl_app_window_update_reading (PlAppWindow *self)
{
  gboolean has_volumes = pl_app_window_has_volumes (self);
  int volume = 0;
  int n = 1;
  int axis = self->current == NULL ? -1 : pl_case_item_get_slice_axis (self->current);

  if (has_volumes)
    {
      volume = pl_case_item_get_case (self->current)->header.page;
      n = pl_case_item_get_case (self->current)->header.pages;
    }
  pl_app_window_set_action_state (self, "volume", g_variant_new_int32 (volume));
  pl_app_window_set_action_state (self, "slice-axis", g_variant_new_string (axis_names[axis + 1]));
  pl_view_bar_set_volume (self->view_bar, volume, n);
}

static void
read_as (PlAppWindow *self, int volume, int slice_axis)
{
  pl_app_window_stop_measuring (self); /* of what it was read as */
  pl_case_item_read_as (self->current, volume, slice_axis);
  pl_case_list_update (self->case_list);
  pl_app_window_update_reading (self);
  pl_app_window_load_case (self);
}

void
pl_app_window_set_volume (PlAppWindow *self, int volume)
{
  const PlImageHeader *header;

  if (!pl_app_window_has_volumes (self))
    return;
  header = &pl_case_item_get_case (self->current)->header;
  volume = CLAMP (volume, 0, header->pages - 1);
  if (volume != header->page)
    read_as (self, volume, pl_case_item_get_slice_axis (self->current));
}

void
pl_app_window_set_slice_axis (PlAppWindow *self, const char *name)
{
  if (!pl_app_window_has_axes (self))
    return;
  for (int i = 0; i < (int) G_N_ELEMENTS (axis_names); i++)
    if (g_str_equal (name, axis_names[i]) && i - 1 != pl_case_item_get_slice_axis (self->current))
      read_as (self, pl_case_item_get_case (self->current)->header.page, i - 1);
}
