/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A widget of its own, not GtkGridView: 2,000 slices need no cells, and a frame is one texture a
 * tile in sight (0.1 ms for 30 tiles of 192 pixels). A third of this is what GtkScrollable asks.
 */
#include "app/montage-grid.h"

#include "app/montage-layout.h"
#include "app/montage-tiles.h"
#include "image/montage.h"

#include <glib/gi18n.h>
#include <math.h>

#define DEFAULT_TILE_PX 192
#define FRAME_PX 3

struct _PlMontageGrid
{
  GtkWidget parent_instance;

  /* Owned */
  PlViewState *state;
  PlMontageTiles *tiles;
  GtkAdjustment *adjustments[2]; /* by GtkOrientation */

  PlMontageLayout layout;
  GtkScrollablePolicy policies[2];
  double tile_px;
  int selected; /* the slice that was last brought in sight */
};

enum
{
  PROP_0,
  PROP_HADJUSTMENT,
  PROP_VADJUSTMENT,
  PROP_HSCROLL_POLICY,
  PROP_VSCROLL_POLICY,
};

G_DEFINE_FINAL_TYPE_WITH_CODE (PlMontageGrid,
                               pl_montage_grid,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SCROLLABLE, NULL))

GtkWidget *
pl_montage_grid_new (void)
{
  return g_object_new (PL_TYPE_MONTAGE_GRID, NULL);
}

static double
get_top (PlMontageGrid *self)
{
  return floor (gtk_adjustment_get_value (self->adjustments[GTK_ORIENTATION_VERTICAL]));
}

/* Tiles of which something is in sight. */
static void
find_visible (PlMontageGrid *self, int *first, int *end)
{
  pl_montage_layout_visible (&self->layout, get_top (self),
                             gtk_widget_get_height (GTK_WIDGET (self)), first, end);
}

/* After whatever may have changed what is in sight. */
static void
show_visible (PlMontageGrid *self)
{
  int first = 0;
  int end = 0;

  if (self->tiles == NULL)
    return;
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    find_visible (self, &first, &end);
  pl_montage_tiles_set_visible (self->tiles, first, end, self->layout.columns);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
configure (PlMontageGrid *self, GtkOrientation orientation, double value, double upper)
{
  gboolean vertical = orientation == GTK_ORIENTATION_VERTICAL;
  double page = vertical ? gtk_widget_get_height (GTK_WIDGET (self))
                         : gtk_widget_get_width (GTK_WIDGET (self));

  upper = MAX (upper, page);
  gtk_adjustment_configure (self->adjustments[orientation], CLAMP (value, 0, upper - page), 0,
                            upper, self->layout.tile_height / 2.0, page * 0.9, page);
}

/* Where a tile lies in the widget. */
static graphene_rect_t
find_area (PlMontageGrid *self, int slice)
{
  int x;
  int y;

  pl_montage_layout_position (&self->layout, slice, &x, &y);
  return GRAPHENE_RECT_INIT ((float) x, (float) (y - get_top (self)),
                             (float) self->layout.tile_width, (float) self->layout.tile_height);
}

/* The tile that is to stay where it is: the selected one, or else the first, in sight. */
static int
find_anchor (PlMontageGrid *self)
{
  int selected = pl_view_state_get_slice (self->state);
  int first;
  int end;

  find_visible (self, &first, &end);
  return selected >= first && selected < end ? selected : first;
}

static void
lay_out (PlMontageGrid *self)
{
  PlVolume *volume = pl_view_state_get_volume (self->state);
  int tile_px = (int) lround (self->tile_px);
  int width = tile_px;
  int height = tile_px;
  int scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));

  if (volume != NULL)
    pl_picture_size (volume, tile_px, &width, &height);
  pl_montage_layout_init (&self->layout, pl_view_state_get_n_slices (self->state), width, height,
                          gtk_widget_get_width (GTK_WIDGET (self)));
  pl_montage_tiles_set_size (self->tiles, width * scale, height * scale);
}

/* Scrolls so that the top of slice @anchor is at @y of the widget. */
static void
place (PlMontageGrid *self, int anchor, double y)
{
  int anchor_x;
  int anchor_y;

  pl_montage_layout_position (&self->layout, anchor, &anchor_x, &anchor_y);
  configure (self, GTK_ORIENTATION_HORIZONTAL, 0, 0);
  configure (self, GTK_ORIENTATION_VERTICAL, anchor_y - y, self->layout.height);
  show_visible (self);
}

static void
lay_out_in_place (PlMontageGrid *self, int anchor)
{
  double y = find_area (self, anchor).origin.y;

  lay_out (self);
  place (self, anchor, y);
}

static void
lay_out_around_selection (PlMontageGrid *self)
{
  double below;

  lay_out (self);
  below = gtk_widget_get_height (GTK_WIDGET (self)) - self->layout.tile_height;
  place (self, pl_view_state_get_slice (self->state), MAX (below / 2, PL_MONTAGE_GAP));
}

static void
describe (PlMontageGrid *self)
{
  int n = pl_view_state_get_n_slices (self->state);
  g_autofree char *text = NULL;

  text = n == 0
             ? g_strdup ("")
             : g_strdup_printf (_ ("Slice %d of %d"), pl_view_state_get_slice (self->state) + 1, n);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text,
                                  -1);
}

/* Also told when another volume comes, which is no reason to scroll. */
static void
slice_changed_cb (PlMontageGrid *self)
{
  int slice = pl_view_state_get_slice (self->state);
  double top;

  if (slice == self->selected)
    return;
  self->selected = slice;
  top = pl_montage_layout_reveal (&self->layout, slice, get_top (self),
                                  gtk_widget_get_height (GTK_WIDGET (self)));
  gtk_adjustment_set_value (self->adjustments[GTK_ORIENTATION_VERTICAL], top);
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* The place is kept for a volume of as many slices, so that cases can be compared. */
static void
volume_changed_cb (PlMontageGrid *self)
{
  if (pl_view_state_get_n_slices (self->state) == self->layout.n)
    lay_out_in_place (self, find_anchor (self));
  else
    lay_out_around_selection (self);
  self->selected = pl_view_state_get_slice (self->state);
  describe (self);
}

static void
watch (PlMontageGrid *self, const char *signal, void (*handler) (PlMontageGrid *self))
{
  g_signal_connect_object (self->state, signal, G_CALLBACK (handler), self, G_CONNECT_SWAPPED);
}

static void
queue_draw_cb (gpointer self)
{
  gtk_widget_queue_draw (self);
}

void
pl_montage_grid_set_state (PlMontageGrid *self, PlViewState *state)
{
  g_return_if_fail (PL_IS_MONTAGE_GRID (self));
  g_return_if_fail (PL_IS_VIEW_STATE (state));
  g_return_if_fail (self->state == NULL);

  self->state = g_object_ref (state);
  self->tiles = pl_montage_tiles_new (state, queue_draw_cb, self);
  watch (self, "notify::volume", volume_changed_cb);
  watch (self, "notify::slice", slice_changed_cb);
  volume_changed_cb (self);
}

double
pl_montage_grid_get_tile_px (PlMontageGrid *self)
{
  g_return_val_if_fail (PL_IS_MONTAGE_GRID (self), 0);

  return self->tile_px;
}

void
pl_montage_grid_set_tile_px (PlMontageGrid *self, double tile_px, int anchor)
{
  g_return_if_fail (PL_IS_MONTAGE_GRID (self));
  g_return_if_fail (self->state != NULL);

  tile_px = CLAMP (tile_px, PL_TILE_MIN_PX, PL_TILE_MAX_PX);
  if (tile_px == self->tile_px)
    return;
  self->tile_px = tile_px;
  lay_out_in_place (self, anchor < 0 ? find_anchor (self) : anchor);
}

int
pl_montage_grid_slice_at (PlMontageGrid *self, double x, double y)
{
  g_return_val_if_fail (PL_IS_MONTAGE_GRID (self), -1);

  return pl_montage_layout_hit (&self->layout, x, y + get_top (self));
}

int
pl_montage_grid_get_columns (PlMontageGrid *self)
{
  g_return_val_if_fail (PL_IS_MONTAGE_GRID (self), 1);

  return self->layout.columns;
}

int
pl_montage_grid_get_page (PlMontageGrid *self)
{
  g_return_val_if_fail (PL_IS_MONTAGE_GRID (self), 1);

  return self->layout.columns *
         pl_montage_layout_page_rows (&self->layout, gtk_widget_get_height (GTK_WIDGET (self)));
}

gboolean
pl_montage_grid_is_complete (PlMontageGrid *self)
{
  g_return_val_if_fail (PL_IS_MONTAGE_GRID (self), FALSE);

  return self->tiles == NULL || pl_montage_tiles_is_complete (self->tiles);
}

static void
pl_montage_grid_measure (GtkWidget *widget,
                         GtkOrientation orientation,
                         int for_size,
                         int *minimum,
                         int *natural,
                         int *minimum_baseline,
                         int *natural_baseline)
{
  *minimum = PL_TILE_MIN_PX + 2 * PL_MONTAGE_GAP;
  *natural = *minimum;
}

/* The first size it is given is the first that the selection can be shown in. */
static void
pl_montage_grid_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  PlMontageGrid *self = PL_MONTAGE_GRID (widget);

  if (self->state == NULL)
    return;
  if (gtk_adjustment_get_page_size (self->adjustments[GTK_ORIENTATION_VERTICAL]) == 0)
    lay_out_around_selection (self);
  else
    lay_out_in_place (self, find_anchor (self));
}

static void
draw_number (GtkSnapshot *snapshot, PangoLayout *text, int slice, graphene_point_t corner)
{
  char number[16];
  int width;
  int height;

  g_snprintf (number, sizeof number, "%d", slice + 1);
  pango_layout_set_text (text, number, -1);
  pango_layout_get_pixel_size (text, &width, &height);
  gtk_snapshot_append_color (snapshot, &(GdkRGBA){ 0, 0, 0, 0.6f },
                             &GRAPHENE_RECT_INIT (corner.x, corner.y, width + 8, height));
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (corner.x + 4, corner.y));
  gtk_snapshot_append_layout (snapshot, text, &(GdkRGBA){ 1, 1, 1, 1 });
  gtk_snapshot_restore (snapshot);
}

static void
draw_border (GtkSnapshot *snapshot, const graphene_rect_t *area, float width, GdkRGBA colour)
{
  GskRoundedRect outline;

  gsk_rounded_rect_init_from_rect (&outline, area, 0);
  gtk_snapshot_append_border (snapshot, &outline, (float[4]){ width, width, width, width },
                              (GdkRGBA[4]){ colour, colour, colour, colour });
}

/* White, for blue is the truth and orange the prediction; with black to tell it from bright tiles.
 */
static void
draw_frame (GtkSnapshot *snapshot, graphene_rect_t area)
{
  draw_border (snapshot, &area, 2, (GdkRGBA){ 0, 0, 0, 1 });
  graphene_rect_inset (&area, -FRAME_PX, -FRAME_PX);
  draw_border (snapshot, &area, FRAME_PX, (GdkRGBA){ 1, 1, 1, 1 });
}

static void
pl_montage_grid_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  PlMontageGrid *self = PL_MONTAGE_GRID (widget);
  g_autoptr (PangoLayout) text = gtk_widget_create_pango_layout (widget, NULL);
  int first;
  int end;
  int selected;

  if (self->layout.n == 0)
    return;
  find_visible (self, &first, &end);
  for (int slice = first; slice < end; slice++)
    {
      graphene_rect_t area = find_area (self, slice);
      GdkTexture *texture = pl_montage_tiles_get (self->tiles, slice);

      if (texture != NULL)
        gtk_snapshot_append_texture (snapshot, texture, &area);
      else
        gtk_snapshot_append_color (snapshot, &(GdkRGBA){ 0.12f, 0.12f, 0.12f, 1 }, &area);
      draw_number (snapshot, text, slice, area.origin);
    }
  selected = pl_view_state_get_slice (self->state);
  if (selected >= first && selected < end)
    draw_frame (snapshot, find_area (self, selected));
}

static void
pl_montage_grid_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (pl_montage_grid_parent_class)->map (widget);
  show_visible (PL_MONTAGE_GRID (widget));
}

static void
pl_montage_grid_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (pl_montage_grid_parent_class)->unmap (widget);
  show_visible (PL_MONTAGE_GRID (widget));
}

static void
clear_adjustment (PlMontageGrid *self, GtkOrientation orientation)
{
  GtkAdjustment *old = self->adjustments[orientation];

  if (old == NULL)
    return;
  g_signal_handlers_disconnect_by_func (old, show_visible, self);
  g_clear_object (&self->adjustments[orientation]);
}

/* @adjustment: (nullable): a new one. */
static void
set_adjustment (PlMontageGrid *self, GtkOrientation orientation, GtkAdjustment *adjustment)
{
  if (adjustment != NULL && adjustment == self->adjustments[orientation])
    return;
  if (adjustment == NULL)
    adjustment = gtk_adjustment_new (0, 0, 0, 0, 0, 0);
  clear_adjustment (self, orientation);
  self->adjustments[orientation] = g_object_ref_sink (adjustment);
  g_signal_connect_swapped (adjustment, "value-changed", G_CALLBACK (show_visible), self);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

static void
pl_montage_grid_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PlMontageGrid *self = PL_MONTAGE_GRID (object);

  switch (id)
    {
    case PROP_HADJUSTMENT:
      g_value_set_object (value, self->adjustments[GTK_ORIENTATION_HORIZONTAL]);
      break;
    case PROP_VADJUSTMENT:
      g_value_set_object (value, self->adjustments[GTK_ORIENTATION_VERTICAL]);
      break;
    case PROP_HSCROLL_POLICY:
      g_value_set_enum (value, self->policies[GTK_ORIENTATION_HORIZONTAL]);
      break;
    case PROP_VSCROLL_POLICY:
      g_value_set_enum (value, self->policies[GTK_ORIENTATION_VERTICAL]);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
pl_montage_grid_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PlMontageGrid *self = PL_MONTAGE_GRID (object);

  switch (id)
    {
    case PROP_HADJUSTMENT:
      set_adjustment (self, GTK_ORIENTATION_HORIZONTAL, g_value_get_object (value));
      break;
    case PROP_VADJUSTMENT:
      set_adjustment (self, GTK_ORIENTATION_VERTICAL, g_value_get_object (value));
      break;
    case PROP_HSCROLL_POLICY:
      self->policies[GTK_ORIENTATION_HORIZONTAL] = g_value_get_enum (value);
      break;
    case PROP_VSCROLL_POLICY:
      self->policies[GTK_ORIENTATION_VERTICAL] = g_value_get_enum (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
pl_montage_grid_dispose (GObject *object)
{
  PlMontageGrid *self = PL_MONTAGE_GRID (object);

  clear_adjustment (self, GTK_ORIENTATION_HORIZONTAL);
  clear_adjustment (self, GTK_ORIENTATION_VERTICAL);
  G_OBJECT_CLASS (pl_montage_grid_parent_class)->dispose (object);
}

static void
pl_montage_grid_finalize (GObject *object)
{
  PlMontageGrid *self = PL_MONTAGE_GRID (object);

  g_clear_pointer (&self->tiles, pl_montage_tiles_free);
  g_clear_object (&self->state);
  G_OBJECT_CLASS (pl_montage_grid_parent_class)->finalize (object);
}

static void
pl_montage_grid_class_init (PlMontageGridClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = pl_montage_grid_get_property;
  object_class->set_property = pl_montage_grid_set_property;
  object_class->dispose = pl_montage_grid_dispose;
  object_class->finalize = pl_montage_grid_finalize;
  widget_class->measure = pl_montage_grid_measure;
  widget_class->size_allocate = pl_montage_grid_size_allocate;
  widget_class->snapshot = pl_montage_grid_snapshot;
  widget_class->map = pl_montage_grid_map;
  widget_class->unmap = pl_montage_grid_unmap;
  g_object_class_override_property (object_class, PROP_HADJUSTMENT, "hadjustment");
  g_object_class_override_property (object_class, PROP_VADJUSTMENT, "vadjustment");
  g_object_class_override_property (object_class, PROP_HSCROLL_POLICY, "hscroll-policy");
  g_object_class_override_property (object_class, PROP_VSCROLL_POLICY, "vscroll-policy");
  gtk_widget_class_set_css_name (widget_class, "montage");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
pl_montage_grid_init (PlMontageGrid *self)
{
  self->tile_px = DEFAULT_TILE_PX;
  pl_montage_layout_init (&self->layout, 0, DEFAULT_TILE_PX, DEFAULT_TILE_PX, 0);
  set_adjustment (self, GTK_ORIENTATION_HORIZONTAL, NULL);
  set_adjustment (self, GTK_ORIENTATION_VERTICAL, NULL);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self), "image-area");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Montage"), -1);
  g_signal_connect_object (self, "notify::scale-factor", G_CALLBACK (gtk_widget_queue_allocate),
                           self, G_CONNECT_SWAPPED);
}
