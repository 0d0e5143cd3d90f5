/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tools on a slice: the ruler's line, which stays with its slice, and the region whose gray
 * levels are to fill the window. A hand drags them; keys set both ends at the probe.
 */
#include "app/slice-view-private.h"

#include <math.h>

/* A point of the widget in pixels of the image, within it. */
static void
find_point (PlSliceView *self, double x, double y, double *column, double *row)
{
  PlVolume *volume = pl_view_state_get_volume (self->state);
  PlSlicePlace place;

  if (!pl_slice_view_find_place (self, &place))
    return;
  pl_slice_view_to_frame (self, &x, &y);
  *column = CLAMP ((x - place.x_px) / place.column_px, 0, volume->n[2]);
  *row = CLAMP ((y - place.y_px) / place.row_px, 0, volume->n[1]);
}

void
pl_slice_view_begin_tool (PlSliceView *self, PlTool tool, double x, double y)
{
  double column = 0;
  double row = 0;

  find_point (self, x, y, &column, &row);
  pl_view_tools_begin (&self->tools, tool, pl_view_state_get_slice (self->state), column, row);
}

void
pl_slice_view_drag_tool (PlSliceView *self, double x, double y)
{
  double column = 0;
  double row = 0;

  find_point (self, x, y, &column, &row);
  pl_view_tools_move (&self->tools, column, row);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* FALSE while the region is not loaded. */
static gboolean
take_window_of_region (PlSliceView *self)
{
  PlVolume *volume = pl_view_state_get_volume (self->state);
  int slice = pl_view_state_get_slice (self->state);
  PlToolPart part = pl_view_tools_find_part (&self->tools, volume->n[1], volume->n[2]);
  gsize n = (gsize) (part.row1 - part.row0) * (gsize) (part.column1 - part.column0);
  g_autofree float *hu = g_new (float, n);
  float *next = hu;

  if (n == 0 || slice >= pl_volume_ready_slices (volume))
    return FALSE;
  for (int r = part.row0; r < part.row1; r++)
    for (int c = part.column0; c < part.column1; c++)
      *next++ = (float) pl_volume_value (volume, slice, r, c);
  pl_view_state_set_window (self->state, pl_window_of_region (hu, n));
  return TRUE;
}

/* The ruler stays for the next line; a region is chosen once. */
void
pl_slice_view_end_tool (PlSliceView *self)
{
  if (pl_view_tools_end (&self->tools) == PL_TOOL_REGION && take_window_of_region (self) &&
      pl_view_state_get_tool (self->state) == PL_TOOL_REGION)
    pl_view_state_set_tool (self->state, PL_TOOL_NONE);
  pl_slice_view_describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
pl_slice_view_forget_tools (PlSliceView *self)
{
  self->tools = (PlViewTools){ 0 };
  pl_slice_view_describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

char *
pl_slice_view_dup_length (PlSliceView *self)
{
  PlVolume *volume = pl_view_state_get_volume (self->state);

  if (volume == NULL)
    return NULL;
  return pl_view_tools_dup_length (&self->tools, pl_view_state_get_slice (self->state),
                                   volume->header.has_spacing, volume->spacing_mm[2],
                                   volume->spacing_mm[1]);
}

gboolean
pl_slice_view_mark (PlSliceView *self)
{
  PlTool tool = self->state == NULL ? PL_TOOL_NONE : pl_view_state_get_tool (self->state);
  int row;
  int column;

  if (tool == PL_TOOL_NONE || pl_view_state_get_volume (self->state) == NULL)
    return FALSE;
  pl_view_state_move_probe (self->state, 0, 0);
  pl_view_state_get_probe (self->state, &row, &column);
  if (self->tools.at_work == PL_TOOL_NONE)
    pl_view_tools_begin (&self->tools, tool, pl_view_state_get_slice (self->state), column + 0.5,
                         row + 0.5);
  else
    {
      pl_slice_view_follow_probe (self); /* it may have been the pointer's */
      pl_slice_view_end_tool (self);
    }
  gtk_widget_queue_draw (GTK_WIDGET (self));
  return TRUE;
}

void
pl_slice_view_follow_probe (PlSliceView *self)
{
  int row;
  int column;

  if (self->tools.at_work == PL_TOOL_NONE)
    return;
  pl_view_state_get_probe (self->state, &row, &column);
  pl_view_tools_move (&self->tools, column + 0.5, row + 0.5);
}
