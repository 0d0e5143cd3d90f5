/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Image and fill are textures that the renderer scales, the outline is drawn at the size of the
 * screen, and the crosshair is where it is now, even if the picture is of a moment ago.
 */
#include "app/plane-pane-private.h"

#include "app/texture.h"

#include <glib/gi18n.h>
#include <math.h>

#define LETTER_MARGIN_PX 12.0f
#define NAME_MARGIN_PX 6.0
#define HEAT_TOP_PX 42.0f /* below the name, and to the right of the letter */

/* The crosshair leaves its middle free. */
#define GAP_PX 8.0f

static const GdkRGBA background = { 0.05f, 0.05f, 0.06f, 1 };
static const GdkRGBA line_colour = { 0.96f, 0.83f, 0.18f, 0.75f };

static void
draw_letters (PlPlanePane *self, GtkSnapshot *snapshot, const PlReslice *reslice)
{
  PlVolume *volume = pl_view_state_get_volume (pl_planes_state_get_view (self->planes));
  double width = gtk_widget_get_width (GTK_WIDGET (self));
  double height = gtk_widget_get_height (GTK_WIDGET (self));
  const struct
  {
    char letter;
    double x;
    double y;
  } edges[] = {
    { reslice->left, LETTER_MARGIN_PX, height / 2 },
    { reslice->right, width - LETTER_MARGIN_PX, height / 2 },
    { reslice->top, width / 2, LETTER_MARGIN_PX },
    { reslice->bottom, width / 2, height - LETTER_MARGIN_PX },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (edges); i++)
    {
      char name[3];

      pl_volume_name_edge (volume, edges[i].letter, name);
      if (name[0] != '\0')
        pl_overlay_draw_text (GTK_WIDGET (self), snapshot, name, edges[i].x, edges[i].y, 0.5, 0.5,
                              &PL_OVERLAY_TEXT);
    }
}

static void
draw_name (PlPlanePane *self, GtkSnapshot *snapshot, const PlReslice *reslice)
{
  PlVolume *volume = pl_view_state_get_volume (pl_planes_state_get_view (self->planes));
  int voxel[3];
  g_autofree char *name = NULL;
  g_autofree char *slab = pl_plane_pane_dup_slab (self);
  g_autofree char *text = NULL;

  pl_planes_state_get_voxel (self->planes, voxel);
  /* Translators: name of a plane, the number of the one in view, and how many there are. */
  name = g_strdup_printf (_ ("%s %d / %d"), pl_plane_pane_name (self), voxel[reslice->held] + 1,
                          volume->n[reslice->held]);
  text = g_strjoin (" · ", name, slab, NULL);
  pl_overlay_draw_text (GTK_WIDGET (self), snapshot, text, NAME_MARGIN_PX, NAME_MARGIN_PX, 0, 0,
                        &PL_OVERLAY_TEXT);
}

/* @labels: (nullable) */
static void
draw_outline (PlPlanePane *self,
              GtkSnapshot *snapshot,
              PlOverlayOutline *outline,
              const guint8 *labels,
              guint32 of,
              const PlSlicePlace *place)
{
  GtkWidget *widget = GTK_WIDGET (self);
  const PlPlaneJob *job = self->shown;

  pl_overlay_outline_draw (outline, widget, snapshot, labels, job->volume->n[job->reslice.down],
                           job->volume->n[job->reslice.across], of, place,
                           gtk_widget_get_width (widget), gtk_widget_get_height (widget));
}

static void
draw_texture (PlPlanePane *self,
              GtkSnapshot *snapshot,
              GdkTexture *texture,
              const graphene_rect_t *bounds)
{
  float width = (float) gtk_widget_get_width (GTK_WIDGET (self));
  float height = (float) gtk_widget_get_height (GTK_WIDGET (self));

  pl_texture_draw (texture, snapshot, bounds, &GRAPHENE_RECT_INIT (0, 0, width, height),
                   pl_view_state_get_smooth (pl_planes_state_get_view (self->planes)));
}

static void
draw_picture (PlPlanePane *self, GtkSnapshot *snapshot, const PlSlicePlace *place)
{
  PlViewState *view = pl_planes_state_get_view (self->planes);
  const PlPlaneJob *job = self->shown;
  graphene_rect_t bounds;

  graphene_rect_init (&bounds, (float) place->x_px, (float) place->y_px,
                      (float) (job->volume->n[job->reslice.across] * place->column_px),
                      (float) (job->volume->n[job->reslice.down] * place->row_px));
  draw_texture (self, snapshot, job->image, &bounds);
  if (pl_view_state_get_peek (view))
    return;
  if (job->fill != NULL && pl_view_state_get_show_prediction (view))
    {
      gtk_snapshot_push_opacity (snapshot, pl_view_state_get_opacity (view));
      draw_texture (self, snapshot, job->fill, &bounds);
      gtk_snapshot_pop (snapshot);
    }
  if (pl_view_state_get_show_truth (view))
    draw_outline (self, snapshot, &self->outlines[0], job->truth_labels, PL_TRUTH_RGB, place);
  if (pl_view_state_get_show_prediction (view))
    draw_outline (self, snapshot, &self->outlines[1], job->prediction_labels, PL_PREDICTION_RGB,
                  place);
}

static void
draw_line (GtkSnapshot *snapshot, float x, float y, float width, float height)
{
  if (width > 0 && height > 0)
    gtk_snapshot_append_color (snapshot, &line_colour, &GRAPHENE_RECT_INIT (x, y, width, height));
}

static void
draw_crosshair (PlPlanePane *self,
                GtkSnapshot *snapshot,
                const PlReslice *reslice,
                const PlSlicePlace *place)
{
  float width = (float) gtk_widget_get_width (GTK_WIDGET (self));
  float height = (float) gtk_widget_get_height (GTK_WIDGET (self));
  double x;
  double y;
  float column;
  float row;

  pl_plane_pane_find_crosshair (self, reslice, place, &x, &y);
  column = floorf ((float) x);
  row = floorf ((float) y);
  draw_line (snapshot, 0, row, column - GAP_PX, 1);
  draw_line (snapshot, column + GAP_PX, row, width - column - GAP_PX, 1);
  draw_line (snapshot, column, 0, 1, row - GAP_PX);
  draw_line (snapshot, column, row + GAP_PX, 1, height - row - GAP_PX);
}

/* All panes have one scale and hang by one convention. */
static void
draw_scale_and_convention (PlPlanePane *self,
                           GtkSnapshot *snapshot,
                           const PlReslice *reslice,
                           const PlSlicePlace *place)
{
  PlViewState *view = pl_planes_state_get_view (self->planes);
  PlVolume *volume = pl_view_state_get_volume (view);

  if (volume->header.has_spacing)
    pl_view_tools_draw_scale_bar (GTK_WIDGET (self), snapshot,
                                  place->column_px / volume->spacing_mm[reslice->across]);
  if (reslice->left == 'R' || reslice->left == 'L')
    pl_overlay_draw_convention (GTK_WIDGET (self), snapshot, pl_view_state_get_neurological (view));
}

/* What the colours mean. */
static gboolean
shows_heat (PlPlanePane *self)
{
  PlViewState *view = pl_planes_state_get_view (self->planes);

  return self->is_annotated && self->shown != NULL && self->shown->heat != NULL &&
         pl_view_state_get_show_prediction (view) && !pl_view_state_get_peek (view);
}

void
pl_plane_pane_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  PlPlanePane *self = (PlPlanePane *) widget;
  float width = (float) gtk_widget_get_width (widget);
  float height = (float) gtk_widget_get_height (widget);
  PlReslice reslice;
  PlSlicePlace place;

  gtk_snapshot_append_color (snapshot, &background, &GRAPHENE_RECT_INIT (0, 0, width, height));
  if (!pl_plane_pane_find_place (self, &reslice, &place))
    return;
  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  if (self->shown != NULL)
    draw_picture (self, snapshot, &place);
  draw_crosshair (self, snapshot, &reslice, &place);
  draw_letters (self, snapshot, &reslice);
  draw_name (self, snapshot, &reslice);
  if (self->is_annotated)
    draw_scale_and_convention (self, snapshot, &reslice, &place);
  pl_plane_pane_draw_tools (self, snapshot, &place);
  if (shows_heat (self))
    pl_overlay_draw_heat_bar (widget, snapshot, 2 * LETTER_MARGIN_PX, HEAT_TOP_PX);
  gtk_snapshot_pop (snapshot);
}
