/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A widget of its own, not GtkGridView: 2,000 slices need no cells, and a frame is one texture a
 * tile in sight (0.1 ms for 30 tiles of 192 pixels).
 */
#include "app/montage-grid-private.h"

#include "app/montage-draw.h"
#include "app/overlay-draw.h"

#include <glib/gi18n.h>
#include <math.h>

G_DEFINE_FINAL_TYPE_WITH_CODE (PlMontageGrid,
                               pl_montage_grid,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SCROLLABLE, NULL))

static guint sight_changed_signal;

GtkWidget *
pl_montage_grid_new (void)
{
  return g_object_new (PL_TYPE_MONTAGE_GRID, NULL);
}

double
pl_montage_grid_get_top (PlMontageGrid *self)
{
  return floor (gtk_adjustment_get_value (self->adjustments[GTK_ORIENTATION_VERTICAL]));
}

/* Tiles of which something is in sight. */
static void
find_visible (PlMontageGrid *self, int *first, int *end)
{
  pl_montage_layout_visible (&self->layout, pl_montage_grid_get_top (self),
                             gtk_widget_get_height (GTK_WIDGET (self)), first, end);
}

/* After whatever may have changed what is in sight. */
void
pl_montage_grid_show_visible (PlMontageGrid *self)
{
  int first = 0;
  int end = 0;

  if (self->tiles == NULL)
    return;
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    find_visible (self, &first, &end);
  g_signal_emit (self, sight_changed_signal, 0);
  pl_montage_tiles_set_visible (self->tiles, first, end, self->layout.columns);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Where a tile lies in the widget. */
static graphene_rect_t
find_area (PlMontageGrid *self, int place)
{
  int x;
  int y;

  pl_montage_layout_position (&self->layout, place, &x, &y);
  return GRAPHENE_RECT_INIT ((float) x, (float) (y - pl_montage_grid_get_top (self)),
                             (float) self->layout.tile_width, (float) self->layout.tile_height);
}

/* The place of the selected tile; −1 when it has none. */
static int
find_selected (PlMontageGrid *self)
{
  return pl_montage_content_find_place (self->content,
                                        pl_montage_content_get_selected (self->content));
}

/* The place that is to stay where it is: the selected one, or else the first, in sight. */
static int
find_anchor (PlMontageGrid *self)
{
  int selected = find_selected (self);
  int first;
  int end;

  find_visible (self, &first, &end);
  return selected >= first && selected < end ? selected : first;
}

/* Tiles of a volume have its shape; cases may differ, and are fitted into squares. */
static void
lay_out (PlMontageGrid *self)
{
  PlVolume *volume = pl_view_state_get_volume (self->state);
  int tile_px = (int) lround (self->tile_px);
  int width = tile_px;
  int height = tile_px;
  PlReslice reslice = pl_montage_content_find_reslice (self->content);
  int scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));

  if (volume != NULL && !pl_montage_content_has_cases (self->content))
    pl_reslice_picture_size (&reslice, volume, tile_px, &width, &height);
  pl_montage_layout_init (&self->layout, pl_montage_content_get_n_tiles (self->content), width,
                          height, gtk_widget_get_width (GTK_WIDGET (self)));
  pl_montage_tiles_set_size (self->tiles, width * scale, height * scale);
}

/* Scrolls so that the top of place @anchor is at @y of the widget. */
static void
place (PlMontageGrid *self, int anchor, double y)
{
  int anchor_x;
  int anchor_y;

  pl_montage_layout_position (&self->layout, anchor, &anchor_x, &anchor_y);
  pl_montage_grid_configure (self, GTK_ORIENTATION_HORIZONTAL, 0, 0);
  pl_montage_grid_configure (self, GTK_ORIENTATION_VERTICAL, anchor_y - y, self->layout.height);
  pl_montage_grid_show_visible (self);
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
  place (self, MAX (find_selected (self), 0), MAX (below / 2, PL_MONTAGE_GAP));
}

static void
describe (PlMontageGrid *self)
{
  g_autofree char *text = pl_montage_content_dup_description (
      self->content, pl_montage_content_get_selected (self->content));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text,
                                  -1);
}

/* Also told when another volume comes, which is no reason to scroll. */
static void
selection_changed_cb (PlMontageGrid *self)
{
  int selected = pl_montage_content_get_selected (self->content);
  int place = find_selected (self);

  gtk_widget_queue_draw (GTK_WIDGET (self));
  describe (self);
  if (selected == self->selected)
    return;
  self->selected = selected;
  if (place >= 0)
    gtk_adjustment_set_value (self->adjustments[GTK_ORIENTATION_VERTICAL],
                              pl_montage_layout_reveal (&self->layout, place,
                                                        pl_montage_grid_get_top (self),
                                                        gtk_widget_get_height (GTK_WIDGET (self))));
}

/* The place is kept for a volume of as many slices, so that cases can be compared. */
static void
subjects_changed_cb (PlMontageGrid *self)
{
  if (pl_montage_content_get_n_tiles (self->content) == self->layout.n)
    lay_out_in_place (self, find_anchor (self));
  else
    lay_out_around_selection (self);
  self->selected = pl_montage_content_get_selected (self->content);
  describe (self);
}

/* Whoever sorts by something wants to see the first of them. */
static void
tiles_changed_cb (PlMontageGrid *self, gboolean by_choice)
{
  const PlMontageOptions *options = pl_montage_content_get_options (self->content);

  if (!by_choice)
    lay_out_in_place (self, 0);
  else if (options->order.sort == PL_MONTAGE_SORT_SLICE)
    lay_out_around_selection (self);
  else
    {
      lay_out (self);
      place (self, 0, PL_MONTAGE_GAP);
    }
}

static void
facts_changed_cb (PlMontageGrid *self)
{
  gtk_widget_queue_draw (GTK_WIDGET (self));
  describe (self);
}

static void
watch (PlMontageGrid *self, const char *signal, GCallback handler)
{
  g_signal_connect_object (self->content, signal, handler, self, G_CONNECT_SWAPPED);
}

static void
queue_draw_cb (gpointer self)
{
  gtk_widget_queue_draw (self);
}

void
pl_montage_grid_set_state (PlMontageGrid *self, PlViewState *state, PlMontageContent *content)
{
  g_return_if_fail (PL_IS_MONTAGE_GRID (self));
  g_return_if_fail (PL_IS_VIEW_STATE (state));
  g_return_if_fail (self->state == NULL);

  self->state = g_object_ref (state);
  self->content = g_object_ref (content);
  self->tiles = pl_montage_tiles_new (state, content, queue_draw_cb, self);
  watch (self, "subjects-changed", G_CALLBACK (subjects_changed_cb));
  watch (self, "tiles-changed", G_CALLBACK (tiles_changed_cb));
  watch (self, "facts-changed", G_CALLBACK (facts_changed_cb));
  watch (self, "selection-changed", G_CALLBACK (selection_changed_cb));
  subjects_changed_cb (self);
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
  int place;

  g_return_if_fail (PL_IS_MONTAGE_GRID (self));
  g_return_if_fail (self->state != NULL);

  tile_px = CLAMP (tile_px, PL_TILE_MIN_PX, PL_TILE_MAX_PX);
  if (tile_px == self->tile_px)
    return;
  self->tile_px = tile_px;
  place = pl_montage_content_find_place (self->content, anchor);
  lay_out_in_place (self, place < 0 ? find_anchor (self) : place);
  g_object_notify (G_OBJECT (self), "tile-px");
}

int
pl_montage_grid_subject_at (PlMontageGrid *self, double x, double y)
{
  int place;

  g_return_val_if_fail (PL_IS_MONTAGE_GRID (self), -1);

  place = pl_montage_layout_hit (&self->layout, x, y + pl_montage_grid_get_top (self));
  return place < 0 ? -1 : pl_montage_content_get_subject (self->content, place);
}

gboolean
pl_montage_grid_find_selected (PlMontageGrid *self, double *x, double *y)
{
  int selected;
  int first;
  int end;
  graphene_rect_t area;

  g_return_val_if_fail (PL_IS_MONTAGE_GRID (self), FALSE);

  selected = find_selected (self);
  find_visible (self, &first, &end);
  if (selected < first || selected >= end)
    return FALSE;
  area = find_area (self, selected);
  *x = area.origin.x + area.size.width / 2;
  *y = area.origin.y + area.size.height / 2;
  return TRUE;
}

PlTileLook *
pl_montage_grid_make_look (PlMontageGrid *self)
{
  g_return_val_if_fail (PL_IS_MONTAGE_GRID (self), NULL);

  return pl_montage_tiles_make_look (self->tiles);
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

GArray *
pl_montage_grid_list_visible (PlMontageGrid *self)
{
  GArray *subjects = g_array_new (FALSE, FALSE, sizeof (int));
  int first;
  int end;

  g_return_val_if_fail (PL_IS_MONTAGE_GRID (self), subjects);

  if (self->tiles == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return subjects;
  find_visible (self, &first, &end);
  end = MIN (end, pl_montage_content_get_n_tiles (self->content));
  for (int place = first; place < end; place++)
    {
      int subject = pl_montage_content_get_subject (self->content, place);

      g_array_append_val (subjects, subject);
    }
  return subjects;
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

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    gtk_popover_present (GTK_POPOVER (child)); /* it has no other children */
  if (self->state == NULL)
    return;
  if (gtk_adjustment_get_page_size (self->adjustments[GTK_ORIENTATION_VERTICAL]) == 0)
    lay_out_around_selection (self);
  else
    lay_out_in_place (self, find_anchor (self));
}

static void
draw_tile (PlMontageGrid *self, GtkSnapshot *snapshot, PangoLayout *text, int place)
{
  int subject = pl_montage_content_get_subject (self->content, place);
  g_autofree char *label = pl_montage_content_dup_label (self->content, subject);

  pl_montage_draw_tile (snapshot, text, find_area (self, place),
                        pl_montage_tiles_get (self->tiles, subject), label,
                        pl_montage_content_get_fact (self->content, subject).dice);
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
  pango_layout_set_ellipsize (text, PANGO_ELLIPSIZE_START);
  find_visible (self, &first, &end);
  for (int i = first; i < end; i++)
    draw_tile (self, snapshot, text, i);
  selected = find_selected (self);
  if (selected >= first && selected < end)
    pl_montage_draw_selection (
        snapshot, find_area (self, selected),
        pl_montage_content_get_fact (self->content, pl_montage_content_get_selected (self->content))
            .dice);
  if (pl_montage_content_has_sides (self->content))
    pl_overlay_draw_convention (widget, snapshot, pl_view_state_get_neurological (self->state));
}

static void
pl_montage_grid_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (pl_montage_grid_parent_class)->map (widget);
  pl_montage_grid_show_visible (PL_MONTAGE_GRID (widget));
}

static void
pl_montage_grid_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (pl_montage_grid_parent_class)->unmap (widget);
  pl_montage_grid_show_visible (PL_MONTAGE_GRID (widget));
}

static void
pl_montage_grid_dispose (GObject *object)
{
  PlMontageGrid *self = PL_MONTAGE_GRID (object);

  pl_montage_grid_clear_adjustment (self, GTK_ORIENTATION_HORIZONTAL);
  pl_montage_grid_clear_adjustment (self, GTK_ORIENTATION_VERTICAL);
  G_OBJECT_CLASS (pl_montage_grid_parent_class)->dispose (object);
}

static void
pl_montage_grid_finalize (GObject *object)
{
  PlMontageGrid *self = PL_MONTAGE_GRID (object);

  g_clear_pointer (&self->tiles, pl_montage_tiles_free);
  g_clear_object (&self->content);
  g_clear_object (&self->state);
  G_OBJECT_CLASS (pl_montage_grid_parent_class)->finalize (object);
}

static void
pl_montage_grid_class_init (PlMontageGridClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = pl_montage_grid_dispose;
  object_class->finalize = pl_montage_grid_finalize;
  widget_class->measure = pl_montage_grid_measure;
  widget_class->size_allocate = pl_montage_grid_size_allocate;
  widget_class->snapshot = pl_montage_grid_snapshot;
  widget_class->map = pl_montage_grid_map;
  widget_class->unmap = pl_montage_grid_unmap;
  pl_montage_grid_install_properties (object_class);
  sight_changed_signal = g_signal_new ("sight-changed", PL_TYPE_MONTAGE_GRID, G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_css_name (widget_class, "montage");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
pl_montage_grid_init (PlMontageGrid *self)
{
  self->tile_px = PL_TILE_DEFAULT_PX;
  pl_montage_layout_init (&self->layout, 0, PL_TILE_DEFAULT_PX, PL_TILE_DEFAULT_PX, 0);
  pl_montage_grid_set_adjustment (self, GTK_ORIENTATION_HORIZONTAL, NULL);
  pl_montage_grid_set_adjustment (self, GTK_ORIENTATION_VERTICAL, NULL);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self), "image-area");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Montage"), -1);
  g_signal_connect_object (self, "notify::scale-factor", G_CALLBACK (gtk_widget_queue_allocate),
                           self, G_CONNECT_SWAPPED);
}
