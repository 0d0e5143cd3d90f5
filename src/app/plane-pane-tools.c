/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tools on a plane, as on a slice: keys set both ends at the crosshair. A region takes the gray
 * levels of what is seen, which may be a projection.
 */
#include "app/plane-pane-private.h"

static PlViewState *
get_view (PlPlanePane *self)
{
  return pl_planes_state_get_view (self->planes);
}

/* A point of the widget in pixels of the picture, within it, and which plane it is. FALSE without a
 * volume. */
static gboolean
find_point (PlPlanePane *self, double x, double y, double *column, double *row, int *plane)
{
  PlReslice reslice;
  PlSlicePlace place;
  const int *n;
  int voxel[3];

  if (!pl_plane_pane_find_place (self, &reslice, &place))
    return FALSE;
  n = pl_view_state_get_volume (get_view (self))->n;
  pl_planes_state_get_voxel (self->planes, voxel);
  *column = CLAMP ((x - place.x_px) / place.column_px, 0, n[reslice.across]);
  *row = CLAMP ((y - place.y_px) / place.row_px, 0, n[reslice.down]);
  *plane = voxel[reslice.held];
  return TRUE;
}

/* The middle of the crosshair's pixel, likewise. */
static gboolean
find_crosshair (PlPlanePane *self, double *column, double *row, int *plane)
{
  PlVolume *volume = pl_view_state_get_volume (get_view (self));
  PlReslice reslice;
  int voxel[3];
  int r;
  int c;

  if (volume == NULL)
    return FALSE;
  reslice = pl_planes_state_find_reslice (self->planes, self->kind);
  pl_planes_state_get_voxel (self->planes, voxel);
  pl_reslice_pixel (&reslice, volume->n, voxel, &r, &c);
  *column = c + 0.5;
  *row = r + 0.5;
  *plane = voxel[reslice.held];
  return TRUE;
}

void
pl_plane_pane_begin_tool (PlPlanePane *self, double x, double y)
{
  double column;
  double row;
  int plane;

  self->hand_marks = TRUE;
  if (find_point (self, x, y, &column, &row, &plane))
    pl_view_tools_begin (&self->tools, self->drag_tool, plane, column, row);
}

void
pl_plane_pane_drag_tool (PlPlanePane *self, double x, double y)
{
  double column;
  double row;
  int plane;

  if (self->tools.at_work != PL_TOOL_NONE && find_point (self, x, y, &column, &row, &plane))
    pl_view_tools_move (&self->tools, column, row);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
take_window_of_region (PlPlanePane *self)
{
  const PlPlaneJob *job = self->shown;
  const float *all;
  int columns;
  PlToolPart part;
  g_autoptr (GArray) hu = g_array_new (FALSE, FALSE, sizeof (float));

  if (job == NULL)
    return;
  all = g_bytes_get_data (job->hu, NULL);
  columns = job->volume->n[job->reslice.across];
  part = pl_view_tools_find_part (&self->tools, job->volume->n[job->reslice.down], columns);
  for (int r = part.row0; r < part.row1; r++)
    g_array_append_vals (hu, all + (gsize) r * (gsize) columns + part.column0,
                         (guint) (part.column1 - part.column0));
  if (hu->len > 0)
    pl_view_state_set_window (get_view (self),
                              pl_window_of_region ((const float *) hu->data, hu->len));
}

void
pl_plane_pane_end_tool (PlPlanePane *self)
{
  if (pl_view_tools_end (&self->tools) == PL_TOOL_REGION)
    {
      take_window_of_region (self);
      if (pl_view_state_get_tool (get_view (self)) == PL_TOOL_REGION)
        pl_view_state_set_tool (get_view (self), PL_TOOL_NONE);
    }
  pl_plane_pane_describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
pl_plane_pane_forget_tools (PlPlanePane *self)
{
  self->tools = (PlViewTools){ 0 };
  pl_plane_pane_describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

char *
pl_plane_pane_dup_length (PlPlanePane *self)
{
  PlVolume *volume = pl_view_state_get_volume (get_view (self));
  PlReslice reslice;
  int voxel[3];

  if (volume == NULL)
    return NULL;
  reslice = pl_planes_state_find_reslice (self->planes, self->kind);
  pl_planes_state_get_voxel (self->planes, voxel);
  return pl_view_tools_dup_length (&self->tools, voxel[reslice.held], volume->header.has_spacing,
                                   volume->spacing_mm[reslice.across],
                                   volume->spacing_mm[reslice.down]);
}

gboolean
pl_plane_pane_mark (PlPlanePane *self)
{
  PlTool tool = pl_view_state_get_tool (get_view (self));
  double column;
  double row;
  int plane;

  if (tool == PL_TOOL_NONE || !find_crosshair (self, &column, &row, &plane))
    return FALSE;
  if (self->tools.at_work == PL_TOOL_NONE)
    {
      self->hand_marks = FALSE;
      pl_view_tools_begin (&self->tools, tool, plane, column, row);
    }
  else
    pl_plane_pane_end_tool (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  return TRUE;
}

void
pl_plane_pane_follow_crosshair (PlPlanePane *self)
{
  double column;
  double row;
  int plane;

  if (!find_crosshair (self, &column, &row, &plane))
    return;
  pl_view_tools_leave (&self->tools, plane);
  if (self->tools.at_work != PL_TOOL_NONE && !self->hand_marks)
    pl_view_tools_move (&self->tools, column, row);
}

/* @data: where the picture lies. */
static void
find_place (GtkWidget *widget, double column, double row, gpointer data, double *x, double *y)
{
  const PlSlicePlace *place = data;

  *x = place->x_px + column * place->column_px;
  *y = place->y_px + row * place->row_px;
}

void
pl_plane_pane_draw_tools (PlPlanePane *self, GtkSnapshot *snapshot, const PlSlicePlace *place)
{
  g_autofree char *length = pl_plane_pane_dup_length (self);

  pl_view_tools_draw (&self->tools, GTK_WIDGET (self), snapshot, length, find_place,
                      (gpointer) place);
}
