/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A widget of its own, not GtkGridView: 2,000 slices need no cells, and a frame is one texture a
 * tile in sight. Whatever changes how tiles look gives a new serial, which the slices concerned
 * then need; a tile with an older one stays on screen until its successor is there. Requests are
 * made once before a frame, however many changes came.
 */
#include "app/montage-grid.h"

#include "app/montage-layout.h"
#include "app/tile-cache.h"
#include "app/tile-painter.h"
#include "image/montage.h"

#include <glib/gi18n.h>
#include <math.h>

#define DEFAULT_TILE_PX 192
#define CACHE_BYTES (96u << 20) /* a 4K screen full of tiles is 33 MB */
#define FRAME_PX 3

struct _PlMontageGrid
{
  GtkWidget parent_instance;

  /* Owned */
  PlViewState *state;
  GtkAdjustment *adjustments[2]; /* by GtkOrientation */
  PlTileCache *cache;
  PlTilePainter *painter;
  PlTileLook *look; /* (nullable): of the latest serial, once asked for */
  guint *needed;    /* for each slice the least serial that will do */

  PlMontageLayout layout;
  GtkScrollablePolicy policies[2];
  double tile_px;
  guint serial;       /* the latest */
  guint first_serial; /* of the volume in view */
  int preview_slice;  /* that a tile was last asked for; −1 for none */
  guint request_source;
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

/* Requests */

static PlMask *
ref_mask (PlMask *mask)
{
  return mask == NULL ? NULL : pl_mask_ref (mask);
}

static PlTileLook *
make_look (PlMontageGrid *self)
{
  PlTileLook *look = pl_tile_look_new ();
  int scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  gboolean peek = pl_view_state_get_peek (self->state);

  look->volume = pl_volume_ref (pl_view_state_get_volume (self->state));
  if (pl_view_state_get_show_truth (self->state) && !peek)
    look->truth = ref_mask (pl_view_state_get_truth (self->state));
  if (pl_view_state_get_show_prediction (self->state) && !peek)
    {
      look->prediction = ref_mask (pl_view_state_get_prediction (self->state));
      look->preview = ref_mask (pl_view_state_get_preview (self->state, &look->preview_slice));
    }
  look->window = pl_view_state_get_window (self->state);
  look->map = pl_view_state_get_colour_map (self->state);
  look->opacity = pl_view_state_get_opacity (self->state);
  look->width = self->layout.tile_width * scale;
  look->height = self->layout.tile_height * scale;
  look->serial = self->serial;
  return look;
}

typedef struct
{
  int slice;
  guint serial; /* of the tile there is; 0 for none */
} Want;

/* What shows the oldest first, so that during a drag every tile has its turn. */
static int
compare_wants (gconstpointer a, gconstpointer b)
{
  const Want *first = a;
  const Want *second = b;

  if (first->serial != second->serial)
    return first->serial < second->serial ? -1 : 1;
  return first->slice - second->slice;
}

/* Appends those of slices @first to @end that are ready and to be drawn. */
static void
add_wanted (PlMontageGrid *self, int first, int end, GArray *slices)
{
  g_autoptr (GArray) wants = g_array_new (FALSE, FALSE, sizeof (Want));

  end = MIN (end, pl_volume_ready_slices (pl_view_state_get_volume (self->state)));
  for (int slice = first; slice < end; slice++)
    {
      Want want = { slice, pl_tile_cache_touch (self->cache, slice) };

      if (want.serial < self->needed[slice])
        g_array_append_val (wants, want);
    }
  g_array_sort (wants, compare_wants);
  for (guint i = 0; i < wants->len; i++)
    g_array_append_val (slices, g_array_index (wants, Want, i).slice);
}

/* The tiles in sight, then a row below and one above. */
static GArray *
list_wanted (PlMontageGrid *self)
{
  GArray *slices = g_array_new (FALSE, FALSE, sizeof (int));
  int columns = self->layout.columns;
  int first;
  int end;

  if (!gtk_widget_get_mapped (GTK_WIDGET (self)) || self->layout.n == 0)
    return slices;
  find_visible (self, &first, &end);
  add_wanted (self, first, end, slices);
  add_wanted (self, end, MIN (end + columns, self->layout.n), slices);
  add_wanted (self, MAX (first - columns, 0), first, slices);
  return slices;
}

static gboolean
request_cb (gpointer data)
{
  PlMontageGrid *self = data;
  g_autoptr (GArray) slices = list_wanted (self);

  self->request_source = 0;
  if (slices->len > 0 && self->look == NULL)
    self->look = make_look (self);
  pl_tile_painter_request (self->painter, slices->len > 0 ? self->look : NULL,
                           (const int *) slices->data, slices->len);
  return G_SOURCE_REMOVE;
}

/* Before the next frame. */
static void
queue_request (PlMontageGrid *self)
{
  if (self->request_source == 0)
    self->request_source = g_idle_add_full (GTK_PRIORITY_RESIZE - 1, request_cb, self, NULL);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
tile_done_cb (gpointer data, int slice, guint serial, GdkTexture *texture)
{
  PlMontageGrid *self = data;

  if (serial < self->first_serial)
    return;
  pl_tile_cache_put (self->cache, slice, serial, texture);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
begin_look (PlMontageGrid *self)
{
  self->serial++;
  g_clear_pointer (&self->look, pl_tile_look_unref);
  queue_request (self);
}

static void
redraw_all_cb (PlMontageGrid *self)
{
  begin_look (self);
  for (int slice = 0; slice < self->layout.n; slice++)
    self->needed[slice] = self->serial;
}

/* The preview of a training comes often and concerns one tile, or two when it moves on. */
static void
preview_changed_cb (PlMontageGrid *self)
{
  int slice;
  PlMask *preview = pl_view_state_get_preview (self->state, &slice);

  begin_look (self);
  if (self->preview_slice >= 0 && self->preview_slice < self->layout.n)
    self->needed[self->preview_slice] = self->serial;
  self->preview_slice = preview == NULL ? -1 : slice;
  if (self->preview_slice >= 0 && self->preview_slice < self->layout.n)
    self->needed[self->preview_slice] = self->serial;
}

/* Layout and scrolling */

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

  if (volume != NULL)
    pl_picture_size (volume, tile_px, &width, &height);
  pl_montage_layout_init (&self->layout, pl_view_state_get_n_slices (self->state), width, height,
                          gtk_widget_get_width (GTK_WIDGET (self)));
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
  queue_request (self);
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

static void
slice_changed_cb (PlMontageGrid *self)
{
  double top = pl_montage_layout_reveal (&self->layout, pl_view_state_get_slice (self->state),
                                         get_top (self), gtk_widget_get_height (GTK_WIDGET (self)));

  gtk_adjustment_set_value (self->adjustments[GTK_ORIENTATION_VERTICAL], top);
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Nothing of the last volume is shown any more. The place is kept for one of as many slices, so
 * that cases can be compared. */
static void
volume_changed_cb (PlMontageGrid *self)
{
  int n = pl_view_state_get_n_slices (self->state);
  gboolean same_n = n == self->layout.n;

  pl_tile_cache_clear (self->cache);
  self->needed = g_renew (guint, self->needed, n);
  self->preview_slice = -1;
  if (same_n)
    lay_out_in_place (self, find_anchor (self));
  else
    lay_out_around_selection (self);
  redraw_all_cb (self);
  self->first_serial = self->serial;
  describe (self);
}

static void
watch (PlMontageGrid *self, const char *signal, void (*handler) (PlMontageGrid *self))
{
  g_signal_connect_object (self->state, signal, G_CALLBACK (handler), self, G_CONNECT_SWAPPED);
}

void
pl_montage_grid_set_state (PlMontageGrid *self, PlViewState *state)
{
  g_return_if_fail (PL_IS_MONTAGE_GRID (self));
  g_return_if_fail (PL_IS_VIEW_STATE (state));
  g_return_if_fail (self->state == NULL);

  self->state = g_object_ref (state);
  watch (self, "notify::volume", volume_changed_cb);
  watch (self, "notify::ready-slices", queue_request);
  watch (self, "notify::slice", slice_changed_cb);
  watch (self, "notify::preview", preview_changed_cb);
  watch (self, "notify::truth", redraw_all_cb);
  watch (self, "notify::prediction", redraw_all_cb);
  watch (self, "notify::show-truth", redraw_all_cb);
  watch (self, "notify::show-prediction", redraw_all_cb);
  watch (self, "notify::peek", redraw_all_cb);
  watch (self, "notify::window", redraw_all_cb);
  watch (self, "notify::colour-map", redraw_all_cb);
  watch (self, "notify::opacity", redraw_all_cb);
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
  redraw_all_cb (self);
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
  int first;
  int end;

  g_return_val_if_fail (PL_IS_MONTAGE_GRID (self), FALSE);

  if (self->layout.n == 0)
    return TRUE;
  find_visible (self, &first, &end);
  end = MIN (end, pl_volume_ready_slices (pl_view_state_get_volume (self->state)));
  for (int slice = first; slice < end; slice++)
    if (pl_tile_cache_touch (self->cache, slice) < self->needed[slice])
      return FALSE;
  return TRUE;
}

/* Widget */

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

/* White, for blue is the truth and orange the prediction. */
static void
draw_frame (GtkSnapshot *snapshot, graphene_rect_t area)
{
  static const float widths[4] = { FRAME_PX, FRAME_PX, FRAME_PX, FRAME_PX };
  static const GdkRGBA white = { 1, 1, 1, 1 };
  static const GdkRGBA colours[4] = { white, white, white, white };
  GskRoundedRect outline;

  graphene_rect_inset (&area, -FRAME_PX, -FRAME_PX);
  gsk_rounded_rect_init_from_rect (&outline, &area, 2);
  gtk_snapshot_append_border (snapshot, &outline, widths, colours);
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
      GdkTexture *texture = pl_tile_cache_get (self->cache, slice);

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
  queue_request (PL_MONTAGE_GRID (widget));
}

static void
pl_montage_grid_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (pl_montage_grid_parent_class)->unmap (widget);
  queue_request (PL_MONTAGE_GRID (widget));
}

static void
clear_adjustment (PlMontageGrid *self, GtkOrientation orientation)
{
  GtkAdjustment *old = self->adjustments[orientation];

  if (old == NULL)
    return;
  g_signal_handlers_disconnect_by_func (old, queue_request, self);
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
  g_signal_connect_swapped (adjustment, "value-changed", G_CALLBACK (queue_request), self);
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

  g_clear_handle_id (&self->request_source, g_source_remove);
  clear_adjustment (self, GTK_ORIENTATION_HORIZONTAL);
  clear_adjustment (self, GTK_ORIENTATION_VERTICAL);
  G_OBJECT_CLASS (pl_montage_grid_parent_class)->dispose (object);
}

static void
pl_montage_grid_finalize (GObject *object)
{
  PlMontageGrid *self = PL_MONTAGE_GRID (object);

  g_clear_pointer (&self->painter, pl_tile_painter_free);
  g_clear_pointer (&self->cache, pl_tile_cache_free);
  g_clear_pointer (&self->look, pl_tile_look_unref);
  g_clear_pointer (&self->needed, g_free);
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
  self->preview_slice = -1;
  self->cache = pl_tile_cache_new (CACHE_BYTES);
  self->painter = pl_tile_painter_new (tile_done_cb, self);
  pl_montage_layout_init (&self->layout, 0, DEFAULT_TILE_PX, DEFAULT_TILE_PX, 0);
  set_adjustment (self, GTK_ORIENTATION_HORIZONTAL, NULL);
  set_adjustment (self, GTK_ORIENTATION_VERTICAL, NULL);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self), "image-area");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Montage"), -1);
  g_signal_connect_object (self, "notify::scale-factor", G_CALLBACK (redraw_all_cb), self,
                           G_CONNECT_SWAPPED);
}
