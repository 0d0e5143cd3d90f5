/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a slice view draws: the image with what is filled and, over it, probabilities and outlines,
 * from textures that are kept until what they show changes, so that a slider that moves ten times a
 * frame costs one slice, and an unseen view nothing. The bare image, 1 ms at 512 × 512, is painted
 * once for all views of a state.
 */
#include "app/slice-view-private.h"

#include "app/mask-name.h"
#include "app/texture.h"

#include <glib/gi18n.h>
#include <math.h>

#define MARK_START_PX 4.0f
#define MARK_END_PX 12.0f

static const GdkRGBA background = { 0.05f, 0.05f, 0.06f, 1 };

G_DEFINE_QUARK (pl_slice_view_image, pl_slice_view_image)

/* What a pane shows: a mask, or two of which it shows the difference. */
static const struct
{
  int n_masks;
  PlMaskKind masks[2];
} shown[] = {
  [PL_PANE_ALL] = { 1, { PL_MASK_PREDICTION } },
  [PL_PANE_IMAGE] = { 0 },
  [PL_PANE_TRUTH] = { 1, { PL_MASK_TRUTH } },
  [PL_PANE_PREDICTION] = { 1, { PL_MASK_PREDICTION } },
  [PL_PANE_DIFFERENCE] = { 2, { PL_MASK_TRUTH, PL_MASK_PREDICTION } },
  [PL_PANE_SECOND] = { 1, { PL_MASK_SECOND } },
  [PL_PANE_MODELS] = { 2, { PL_MASK_PREDICTION, PL_MASK_SECOND } },
};

gboolean
pl_slice_view_lacks_mask (PlSliceView *self)
{
  g_return_val_if_fail (PL_IS_SLICE_VIEW (self), FALSE);

  if (self->state == NULL || pl_view_state_get_volume (self->state) == NULL)
    return FALSE;
  for (int i = 0; i < shown[self->pane].n_masks; i++)
    if (pl_view_state_mask_slice (self->state, shown[self->pane].masks[i],
                                  pl_view_state_get_slice (self->state)) == NULL)
      return TRUE;
  return FALSE;
}

/* In the pane that shows all; the comparison has its own way of outlines. */
static gboolean
shows_prediction_as (PlSliceView *self, PlPredictionStyle style)
{
  return self->pane == PL_PANE_ALL && pl_view_state_get_show_prediction (self->state) &&
         pl_view_state_get_prediction_style (self->state) == style;
}

const guint8 *
pl_slice_view_find_heat (PlSliceView *self)
{
  gboolean is_heat = shows_prediction_as (self, PL_PREDICTION_HEAT) ||
                     (self->pane == PL_PANE_PREDICTION && !self->is_outlined &&
                      pl_view_state_get_prediction_style (self->state) == PL_PREDICTION_HEAT);

  if (!is_heat || pl_view_state_get_peek (self->state))
    return NULL;
  return pl_view_state_heat_slice (self->state, pl_view_state_get_slice (self->state));
}

/* Against a mask of one class the labels of the other are all the same. */
static gboolean
differs_by_label (PlSliceView *self)
{
  for (int i = 0; i < shown[self->pane].n_masks; i++)
    if (pl_view_state_count_labels (self->state, shown[self->pane].masks[i]) < 2)
      return FALSE;
  return TRUE;
}

/* What is filled of the slice in view: the difference is agreement with the opacity, and what is in
 * one only half as transparent. FALSE when nothing is. */
static gboolean
find_tint (PlSliceView *self, PlSliceTint *tint)
{
  double opacity = pl_view_state_get_opacity (self->state);
  int n_masks = shown[self->pane].n_masks;
  const PlMaskKind *kinds = shown[self->pane].masks;
  const guint8 *labels[2] = { NULL, NULL };

  if (self->is_outlined || n_masks == 0 || pl_view_state_get_peek (self->state) ||
      (self->pane == PL_PANE_ALL && !pl_view_state_get_show_prediction (self->state)) ||
      shows_prediction_as (self, PL_PREDICTION_OUTLINE) || pl_slice_view_find_heat (self) != NULL)
    return FALSE;
  for (int i = 0; i < n_masks; i++)
    {
      labels[i] =
          pl_view_state_mask_slice (self->state, kinds[i], pl_view_state_get_slice (self->state));
      if (labels[i] == NULL)
        return FALSE;
    }
  if (n_masks == 1)
    *tint = pl_slice_tint_mask (labels[0], pl_mask_rgb (kinds[0]), opacity);
  else
    *tint = pl_slice_tint_difference (labels[0], pl_label_rgb (pl_mask_rgb (kinds[0]), 1),
                                      labels[1], pl_label_rgb (pl_mask_rgb (kinds[1]), 1),
                                      differs_by_label (self), opacity);
  return TRUE;
}

/* (nullable): what is shown as its edge, and the colour of its label 1. */
static const guint8 *
find_outlined (PlSliceView *self, guint32 *of)
{
  PlMaskKind kind = PL_MASK_TRUTH;

  if (self->pane == PL_PANE_ALL)
    {
      if (!pl_view_state_get_show_truth (self->state))
        return NULL;
    }
  else if (self->is_outlined && shown[self->pane].n_masks == 1)
    kind = shown[self->pane].masks[0];
  else
    return NULL;
  *of = pl_mask_rgb (kind);
  return pl_view_state_mask_slice (self->state, kind, pl_view_state_get_slice (self->state));
}

static void
draw_outline (PlSliceView *self,
              GtkSnapshot *snapshot,
              PlOverlayOutline *outline,
              const guint8 *labels,
              guint32 of,
              const PlSlicePlace *place)
{
  const int *n = pl_view_state_get_volume (self->state)->n;
  double width;
  double height;

  pl_slice_view_get_frame (self, &width, &height);
  pl_overlay_outline_draw (outline, GTK_WIDGET (self), snapshot, labels, n[1], n[2], of, place,
                           (int) width, (int) height);
}

static void
draw_outlines (PlSliceView *self, GtkSnapshot *snapshot, const PlSlicePlace *place)
{
  guint32 of = 0;
  const guint8 *labels = find_outlined (self, &of);

  draw_outline (self, snapshot, &self->outlines[0], labels, of, place);
  labels = shows_prediction_as (self, PL_PREDICTION_OUTLINE)
               ? pl_view_state_prediction_slice (self->state, pl_view_state_get_slice (self->state))
               : NULL;
  draw_outline (self, snapshot, &self->outlines[1], labels, PL_PREDICTION_RGB, place);
}

static GdkTexture *
paint_image (PlSliceView *self, const PlSlicePart *part, const PlSliceTint *tint)
{
  return pl_slice_paint_image (
      pl_view_state_get_volume (self->state), pl_view_state_get_slice (self->state), part,
      pl_view_state_get_window (self->state), pl_view_state_get_colour_map (self->state), tint);
}

/* (transfer full): kept until it changes, unless there is more of it to come. */
static GdkTexture *
dup_image (PlSliceView *self, const PlSlicePart *part)
{
  PlVolume *volume = pl_view_state_get_volume (self->state);
  GObject *state = G_OBJECT (self->state);
  gboolean is_whole =
      part->row1 - part->row0 == volume->n[1] && part->column1 - part->column0 == volume->n[2];
  PlSliceTint tint;
  gboolean has_tint = find_tint (self, &tint);
  GdkTexture *kept =
      has_tint ? self->tinted : g_object_get_qdata (state, pl_slice_view_image_quark ());
  GdkTexture *image;

  if (kept != NULL)
    return g_object_ref (kept);
  image = paint_image (self, part, has_tint ? &tint : NULL);
  if (is_whole && has_tint)
    self->tinted = g_object_ref (image);
  else if (is_whole)
    g_object_set_qdata_full (state, pl_slice_view_image_quark (), g_object_ref (image),
                             g_object_unref);
  return image;
}

static void
draw_texture (PlSliceView *self,
              GtkSnapshot *snapshot,
              GdkTexture *texture,
              const graphene_rect_t *bounds)
{
  double width;
  double height;

  pl_slice_view_get_frame (self, &width, &height);
  pl_texture_draw (texture, snapshot, bounds,
                   &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height),
                   pl_view_state_get_smooth (self->state));
}

/* What is drawn after this is in the frame of places. */
static void
enter_frame (PlSliceView *self, GtkSnapshot *snapshot)
{
  PlSliceTurn turn = pl_view_state_find_turn (self->state);
  double width;
  double height;

  pl_slice_view_get_frame (self, &width, &height);
  if (turn.quarters == 0 && !turn.is_mirrored)
    return;
  gtk_snapshot_translate (
      snapshot, &GRAPHENE_POINT_INIT ((float) gtk_widget_get_width (GTK_WIDGET (self)) / 2,
                                      (float) gtk_widget_get_height (GTK_WIDGET (self)) / 2));
  gtk_snapshot_rotate (snapshot, 90.0f * (float) turn.quarters);
  gtk_snapshot_scale (snapshot, turn.is_mirrored ? -1 : 1, 1);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) -width / 2, (float) -height / 2));
}

static void
draw_heat (PlSliceView *self, GtkSnapshot *snapshot, const graphene_rect_t *bounds)
{
  PlVolume *volume = pl_view_state_get_volume (self->state);
  const guint8 *heat = pl_slice_view_find_heat (self);

  if (heat == NULL)
    return;
  if (self->heat == NULL)
    self->heat = pl_slice_paint_heat (heat, volume->n[1], volume->n[2],
                                      pl_view_state_get_opacity (self->state));
  draw_texture (self, snapshot, self->heat, bounds);
}

static void
draw_image (PlSliceView *self,
            GtkSnapshot *snapshot,
            const PlSlicePart *part,
            const PlSlicePlace *place)
{
  PlVolume *volume = pl_view_state_get_volume (self->state);
  g_autoptr (GdkTexture) image = dup_image (self, part);
  graphene_rect_t bounds;

  graphene_rect_init (&bounds, (float) place->x_px, (float) place->y_px,
                      (float) (volume->n[2] * place->column_px),
                      (float) (volume->n[1] * place->row_px));
  draw_texture (self, snapshot, image, &bounds);
  if (pl_view_state_get_peek (self->state))
    return;
  draw_heat (self, snapshot, &bounds);
  draw_outlines (self, snapshot, place);
}

/* Where the pointer is in another pane, or where keys have moved the probe: a cross around that
 * pixel. A view that lets the pointer through lies below another, which has it. */
static void
draw_mark (PlSliceView *self, GtkSnapshot *snapshot, const PlSlicePlace *place)
{
  static const GdkRGBA colours[] = { { 0, 0, 0, 0.7f }, { 1, 1, 0.4f, 1 } };
  gboolean is_elsewhere = self->pane != PL_PANE_ALL && !self->pointer_is_inside;
  int row;
  int column;
  float x;
  float y;

  pl_view_state_get_probe (self->state, &row, &column);
  if (row < 0 || !gtk_widget_get_can_target (GTK_WIDGET (self)) ||
      !(is_elsewhere || pl_view_state_probe_is_held (self->state)))
    return;
  x = floorf ((float) (place->x_px + (column + 0.5) * place->column_px));
  y = floorf ((float) (place->y_px + (row + 0.5) * place->row_px));
  for (int i = 0; i < 2; i++)
    for (int side = -1; side <= 1; side += 2)
      {
        float edge = i == 0 ? 1 : 0;
        float start = side < 0 ? -MARK_END_PX : MARK_START_PX;
        float length = MARK_END_PX - MARK_START_PX + 2 * edge;

        gtk_snapshot_append_color (
            snapshot, &colours[i],
            &GRAPHENE_RECT_INIT (x + start - edge, y - edge, length, 1 + 2 * edge));
        gtk_snapshot_append_color (
            snapshot, &colours[i],
            &GRAPHENE_RECT_INIT (x - edge, y + start - edge, 1 + 2 * edge, length));
      }
}

void
pl_slice_view_snapshot_marks (PlSliceView *self, GtkSnapshot *snapshot)
{
  PlSlicePlace place;

  g_return_if_fail (PL_IS_SLICE_VIEW (self));

  if (!pl_slice_view_find_place (self, &place))
    return;
  gtk_snapshot_save (snapshot);
  enter_frame (self, snapshot);
  draw_mark (self, snapshot, &place);
  gtk_snapshot_restore (snapshot);
  pl_slice_view_draw_tools (self, snapshot, &place);
}

void
pl_slice_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  PlSliceView *self = PL_SLICE_VIEW (widget);
  float width = (float) gtk_widget_get_width (widget);
  float height = (float) gtk_widget_get_height (widget);
  PlSlicePlace place;
  PlSlicePart part;

  gtk_snapshot_append_color (snapshot, &background, &GRAPHENE_RECT_INIT (0, 0, width, height));
  if (!pl_slice_view_find_place (self, &place))
    return;
  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  if (pl_volume_ready_part (pl_view_state_get_volume (self->state),
                            pl_view_state_get_slice (self->state), &part))
    {
      gtk_snapshot_save (snapshot);
      enter_frame (self, snapshot);
      draw_image (self, snapshot, &part, &place);
      gtk_snapshot_restore (snapshot);
      pl_slice_view_draw_words (self, snapshot, &place);
      if (!self->marks_are_apart)
        pl_slice_view_snapshot_marks (self, snapshot);
    }
  else
    pl_slice_view_draw_text (self, snapshot, _ ("Loading…"), width / 2, height / 2);
  gtk_snapshot_pop (snapshot);
}
