/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is written over the image, upright however the image is turned: the patient's directions at
 * the edges, which convention holds, a scale bar, what the colours of probabilities mean, and the
 * tools. Sides that the file does not tell are not written.
 */
#include "app/slice-view-private.h"

#define MARGIN_PX 12.0

void
pl_slice_view_draw_text (
    PlSliceView *self, GtkSnapshot *snapshot, const char *text, double x, double y)
{
  pl_overlay_draw_text (GTK_WIDGET (self), snapshot, text, x, y, 0.5, 0.5, &PL_OVERLAY_TEXT);
}

/* What is seen of the image, in the widget. */
static void
find_sight (PlSliceView *self, const PlSlicePlace *place, graphene_rect_t *sight)
{
  PlVolume *volume = pl_view_state_get_volume (self->state);
  double x0 = place->x_px;
  double y0 = place->y_px;
  double x1 = x0 + volume->n[2] * place->column_px;
  double y1 = y0 + volume->n[1] * place->row_px;
  double width = gtk_widget_get_width (GTK_WIDGET (self));
  double height = gtk_widget_get_height (GTK_WIDGET (self));
  double left;
  double top;

  pl_slice_view_from_frame (self, &x0, &y0);
  pl_slice_view_from_frame (self, &x1, &y1);
  left = MAX (MIN (x0, x1), 0);
  top = MAX (MIN (y0, y1), 0);
  graphene_rect_init (sight, (float) left, (float) top, (float) (MIN (MAX (x0, x1), width) - left),
                      (float) (MIN (MAX (y0, y1), height) - top));
}

static void
draw_letter (PlSliceView *self, GtkSnapshot *snapshot, int dx, int dy, double x, double y)
{
  PlVolume *volume = pl_view_state_get_volume (self->state);
  char name[3];

  pl_volume_name_edge (
      volume,
      pl_slice_turn_letter (pl_view_state_find_turn (self->state), volume->orientation, dx, dy),
      name);
  pl_slice_view_draw_text (self, snapshot, name, x, y);
}

/* At the middles of the edges of what is seen of the image. */
static void
draw_letters (PlSliceView *self, GtkSnapshot *snapshot, const graphene_rect_t *sight)
{
  double left = sight->origin.x + MARGIN_PX;
  double top = sight->origin.y + MARGIN_PX;
  double right = sight->origin.x + sight->size.width - MARGIN_PX;
  double bottom = sight->origin.y + sight->size.height - MARGIN_PX;

  if (pl_view_state_get_volume (self->state)->orientation[0] == '\0' ||
      right - left < 4 * MARGIN_PX || bottom - top < 4 * MARGIN_PX)
    return;
  draw_letter (self, snapshot, 0, -1, (left + right) / 2, top);
  draw_letter (self, snapshot, 0, 1, (left + right) / 2, bottom);
  draw_letter (self, snapshot, -1, 0, left, (top + bottom) / 2);
  draw_letter (self, snapshot, 1, 0, right, (top + bottom) / 2);
}

/* Which of the two conventions holds; a slice that the user has turned is neither, nor is one that
 * is seen from the side. */
static void
draw_convention (PlSliceView *self, GtkSnapshot *snapshot)
{
  PlSliceTurn turn = pl_view_state_get_turn (self->state);
  char edge = pl_slice_turn_letter (pl_view_state_find_turn (self->state),
                                    pl_view_state_get_volume (self->state)->orientation, 1, 0);

  if ((edge != 'L' && edge != 'R') || turn.quarters != 0 || turn.is_mirrored)
    return;
  pl_overlay_draw_convention (GTK_WIDGET (self), snapshot,
                              pl_view_state_get_neurological (self->state));
}

/* @data: where the image lies. */
static void
find_point (GtkWidget *widget, double column, double row, gpointer data, double *x, double *y)
{
  const PlSlicePlace *place = data;

  *x = place->x_px + column * place->column_px;
  *y = place->y_px + row * place->row_px;
  pl_slice_view_from_frame (PL_SLICE_VIEW (widget), x, y);
}

void
pl_slice_view_draw_tools (PlSliceView *self, GtkSnapshot *snapshot, const PlSlicePlace *place)
{
  g_autofree char *length = pl_slice_view_dup_length (self);

  pl_view_tools_draw (&self->tools, GTK_WIDGET (self), snapshot, length, find_point,
                      (gpointer) place);
}

void
pl_slice_view_draw_words (PlSliceView *self, GtkSnapshot *snapshot, const PlSlicePlace *place)
{
  PlVolume *volume = pl_view_state_get_volume (self->state);
  graphene_rect_t sight;

  find_sight (self, place, &sight);
  draw_letters (self, snapshot, &sight);
  if (self->pane == PL_PANE_ALL || self->is_annotated)
    {
      draw_convention (self, snapshot);
      if (volume->header.has_spacing)
        pl_view_tools_draw_scale_bar (GTK_WIDGET (self), snapshot,
                                      place->column_px / volume->spacing_mm[2]);
    }
  if (pl_slice_view_find_heat (self) != NULL)
    pl_overlay_draw_heat_bar (GTK_WIDGET (self), snapshot, 2 * MARGIN_PX, 2 * MARGIN_PX);
}
