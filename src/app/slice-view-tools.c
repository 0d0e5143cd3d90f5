/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two drags that mark something on the image instead of moving it: the ruler's line, which stays
 * with its slice, and the region whose gray levels are to fill the window. Both are kept in the
 * image's pixels, so that zoom and turn leave them where they are.
 */
#include "app/slice-view-private.h"

#include <glib/gi18n.h>
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
pl_slice_view_begin_tool (PlSliceView *self, double x, double y)
{
  PlSliceLine point = { 0 };

  find_point (self, x, y, &point.column0, &point.row0);
  point.column1 = point.column0;
  point.row1 = point.row0;
  if (self->drag == DRAG_RULER)
    {
      self->line = point;
      self->line_slice = pl_view_state_get_slice (self->state);
      self->has_line = TRUE;
    }
  else if (self->drag == DRAG_REGION)
    {
      self->region = point;
      self->has_region = TRUE;
    }
}

void
pl_slice_view_drag_tool (PlSliceView *self, double x, double y)
{
  PlSliceLine *line = self->drag == DRAG_RULER ? &self->line : &self->region;

  find_point (self, x, y, &line->column1, &line->row1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* The pixels that a line from corner to corner touches. */
static void
take_window_of_region (PlSliceView *self)
{
  PlVolume *volume = pl_view_state_get_volume (self->state);
  int slice = pl_view_state_get_slice (self->state);
  int row0 = (int) floor (MIN (self->region.row0, self->region.row1));
  int row1 = (int) ceil (MAX (self->region.row0, self->region.row1));
  int column0 = (int) floor (MIN (self->region.column0, self->region.column1));
  int column1 = (int) ceil (MAX (self->region.column0, self->region.column1));
  g_autofree float *hu = NULL;
  gsize n = 0;

  if (row1 <= row0 || column1 <= column0 || slice >= pl_volume_ready_slices (volume))
    return;
  hu = g_new (float, (gsize) (row1 - row0) * (gsize) (column1 - column0));
  for (int r = row0; r < row1; r++)
    for (int c = column0; c < column1; c++)
      hu[n++] = (float) pl_volume_value (volume, slice, r, c);
  pl_view_state_set_window (self->state, pl_window_of_region (hu, n));
}

void
pl_slice_view_end_tool (PlSliceView *self)
{
  if (self->drag == DRAG_REGION && self->has_region)
    take_window_of_region (self);
  self->has_region = FALSE;
  pl_slice_view_describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
pl_slice_view_forget_line (PlSliceView *self)
{
  self->has_line = FALSE;
  pl_slice_view_describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

char *
pl_slice_view_dup_length (PlSliceView *self)
{
  PlVolume *volume = pl_view_state_get_volume (self->state);
  double columns = self->line.column1 - self->line.column0;
  double rows = self->line.row1 - self->line.row0;

  if (!self->has_line || volume == NULL ||
      self->line_slice != pl_view_state_get_slice (self->state))
    return NULL;
  if (volume->header.has_spacing)
    /* Translators: a length that was measured on the image. */
    return g_strdup_printf (_ ("%.1f mm"),
                            hypot (columns * volume->spacing_mm[2], rows * volume->spacing_mm[1]));
  /* Translators: a length in pixels, where their size is not known. */
  return g_strdup_printf (_ ("%.1f px"), hypot (columns, rows));
}
