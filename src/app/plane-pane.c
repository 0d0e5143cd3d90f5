/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A pane paints in a worker, one picture at a time; what changes meanwhile is painted once it is
 * done, as it is then. So a pointer that moves ten times a picture costs two. An unseen pane paints
 * nothing. All panes have one scale, so that what is level in one is level in its neighbour.
 */
#include "app/plane-pane-private.h"

#include <glib/gi18n.h>

#define SMALLEST_PX 48
#define NATURAL_PX 256

G_DEFINE_FINAL_TYPE (PlPlanePane, pl_plane_pane, GTK_TYPE_WIDGET)

static PlVolume *
get_volume (PlPlanePane *self)
{
  return self->planes == NULL ? NULL
                              : pl_view_state_get_volume (pl_planes_state_get_view (self->planes));
}

const char *
pl_plane_pane_name (PlPlanePane *self)
{
  PlVolume *volume = get_volume (self);
  gboolean is_oriented = volume == NULL || volume->orientation[0] != '\0';

  switch (self->kind)
    {
    case PL_PLANE_CORONAL:
      /* Translators: "Rows" is the name of a picture along the rows of an image whose orientation
       * in the patient is not known; likewise "Columns" and "Slices". */
      return is_oriented ? _ ("Coronal") : _ ("Rows");
    case PL_PLANE_SAGITTAL:
      return is_oriented ? _ ("Sagittal") : _ ("Columns");
    case PL_PLANE_AXIAL:
    default:
      return is_oriented ? _ ("Axial") : _ ("Slices");
    }
}

/* How many pixels a millimetre has where the largest of the planes just fits. */
static double
find_scale (const PlVolume *volume, double width, double height)
{
  double scale = G_MAXDOUBLE;

  for (int kind = 0; kind < PL_N_PLANES; kind++)
    {
      PlReslice reslice = pl_reslice_find (volume, (PlPlaneKind) kind);

      scale = MIN (scale, width / (volume->n[reslice.across] * volume->spacing_mm[reslice.across]));
      scale = MIN (scale, height / (volume->n[reslice.down] * volume->spacing_mm[reslice.down]));
    }
  return scale;
}

gboolean
pl_plane_pane_find_place (PlPlanePane *self, PlReslice *reslice, PlSlicePlace *place)
{
  PlVolume *volume = get_volume (self);
  double width = gtk_widget_get_width (GTK_WIDGET (self));
  double height = gtk_widget_get_height (GTK_WIDGET (self));
  double px_per_mm;
  double pan[3];
  double right;
  double down;

  if (volume == NULL || width < 1 || height < 1)
    return FALSE;
  *reslice = pl_planes_state_find_reslice (self->planes, self->kind);
  px_per_mm = find_scale (volume, width, height) *
              pl_view_state_get_zoom (pl_planes_state_get_view (self->planes));
  pl_planes_state_get_pan (self->planes, pan);
  right = reslice->flip_across ? -pan[reslice->across] : pan[reslice->across];
  down = reslice->flip_down ? -pan[reslice->down] : pan[reslice->down];
  place->column_px = px_per_mm * volume->spacing_mm[reslice->across];
  place->row_px = px_per_mm * volume->spacing_mm[reslice->down];
  place->x_px = width / 2 - (volume->n[reslice->across] / 2.0 + right) * place->column_px;
  place->y_px = height / 2 - (volume->n[reslice->down] / 2.0 + down) * place->row_px;
  return TRUE;
}

static void paint (PlPlanePane *self);

static void
clear_outlines (PlPlanePane *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (self->outlines); i++)
    pl_overlay_outline_clear (&self->outlines[i]);
}

static void
painted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PlPlanePane) self = data;
  PlPlaneJob *job;

  if (!pl_pending_end (&self->painting, result))
    return;
  job = g_task_propagate_pointer (G_TASK (result), NULL);
  if (job != NULL)
    {
      g_clear_pointer (&self->shown, pl_plane_job_free);
      clear_outlines (self);
      self->shown = job;
      gtk_widget_queue_draw (GTK_WIDGET (self));
    }
  if (self->is_old)
    paint (self);
}

static void
paint_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  PlPlaneJob *job = data;

  if (pl_plane_job_run (job, cancellable))
    g_task_return_pointer (task, job, (GDestroyNotify) pl_plane_job_free);
  else
    {
      pl_plane_job_free (job);
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
    }
}

static void
paint (PlPlanePane *self)
{
  g_autoptr (GTask) task = NULL;

  self->is_old = !gtk_widget_get_mapped (GTK_WIDGET (self)) || pl_pending_is_on (&self->painting);
  if (self->is_old || get_volume (self) == NULL)
    return;
  task = g_task_new (NULL, pl_pending_begin (&self->painting), painted_cb, g_object_ref (self));
  g_task_set_source_tag (task, paint);
  g_task_set_task_data (task, pl_plane_job_new (self->planes, self->kind, self->shown), NULL);
  g_task_run_in_thread (task, paint_thread);
}

static void
forget (PlPlanePane *self)
{
  pl_pending_forget (&self->painting);
  g_clear_pointer (&self->shown, pl_plane_job_free);
  clear_outlines (self);
}

char *
pl_plane_pane_dup_slab (PlPlanePane *self)
{
  PlProjection projection = pl_planes_state_get_projection (self->planes);

  if (projection == PL_PROJECTION_NONE)
    return NULL;
  /* Translators: a projection, as "Maximum", and the thickness that it is of. */
  return g_strdup_printf (_ ("%s of %.0f mm"), pl_projection_name (projection),
                          pl_planes_state_get_thickness_mm (self->planes));
}

void
pl_plane_pane_describe (PlPlanePane *self)
{
  PlVolume *volume = get_volume (self);
  g_autofree char *length = pl_plane_pane_dup_length (self);
  g_autofree char *slab = pl_plane_pane_dup_slab (self);
  g_autofree char *place = NULL;
  g_autofree char *text = NULL;

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  pl_plane_pane_name (self), -1);
  if (volume != NULL)
    {
      PlReslice reslice = pl_reslice_find (volume, self->kind);
      int voxel[3];

      pl_planes_state_get_voxel (self->planes, voxel);
      place = g_strdup_printf (
          /* Translators: said by screen readers: which plane of how many, and where the crosshair
           * is. */
          _ ("plane %d of %d; crosshair at slice %d, row %d, column %d"), voxel[reslice.held] + 1,
          volume->n[reslice.held], voxel[0] + 1, voxel[1], voxel[2]);
    }
  text = g_strjoin (", ", place == NULL ? "" : place, slab == NULL ? length : slab,
                    slab == NULL ? NULL : length, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text,
                                  -1);
}

/* The crosshair has moved or something is to be painted anew. */
static void
changed_cb (PlPlanePane *self)
{
  pl_plane_pane_describe (self);
  paint (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
moved_cb (PlPlanePane *self)
{
  pl_plane_pane_follow_crosshair (self);
  changed_cb (self);
}

static void
volume_changed_cb (PlPlanePane *self)
{
  forget (self);
  pl_plane_pane_forget_tools (self);
  changed_cb (self);
}

/* Left is right now, and a line would be elsewhere. */
static void
mirrored_cb (PlPlanePane *self)
{
  pl_plane_pane_forget_tools (self);
  changed_cb (self);
}

static void
look_changed_cb (PlPlanePane *self)
{
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
watch (PlPlanePane *self, gpointer object, const char *signal, void (*handler) (PlPlanePane *self))
{
  g_signal_connect_object (object, signal, G_CALLBACK (handler), self, G_CONNECT_SWAPPED);
}

GtkWidget *
pl_plane_pane_new (PlPlanesState *planes, PlPlaneKind kind)
{
  PlPlanePane *self = g_object_new (PL_TYPE_PLANE_PANE, NULL);
  PlViewState *view = pl_planes_state_get_view (planes);
  static const char *const repaint[] = {
    "notify::ready-slices", "notify::window",           "notify::colour-map",
    "notify::truth",        "notify::prediction",       "notify::heat",
    "notify::preview",      "notify::prediction-style", "notify::label-colours",
  };
  static const char *const redraw[] = { "notify::zoom",       "notify::opacity",
                                        "notify::show-truth", "notify::show-prediction",
                                        "notify::peek",       "notify::smooth" };

  self->kind = kind;
  self->is_annotated = kind == PL_PLANE_AXIAL;
  self->planes = g_object_ref (planes);
  watch (self, view, "notify::volume", volume_changed_cb);
  watch (self, view, "notify::neurological", mirrored_cb);
  watch (self, view, "notify::tool", pl_plane_pane_forget_tools);
  for (gsize i = 0; i < G_N_ELEMENTS (repaint); i++)
    watch (self, view, repaint[i], changed_cb);
  for (gsize i = 0; i < G_N_ELEMENTS (redraw); i++)
    watch (self, view, redraw[i], look_changed_cb);
  watch (self, planes, "moved", moved_cb);
  watch (self, planes, "changed", changed_cb);
  pl_plane_pane_describe (self);
  return GTK_WIDGET (self);
}

void
pl_plane_pane_set_annotated (PlPlanePane *self, gboolean is_annotated)
{
  g_return_if_fail (PL_IS_PLANE_PANE (self));

  self->is_annotated = is_annotated;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
pl_plane_pane_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (pl_plane_pane_parent_class)->map (widget);
  paint (PL_PLANE_PANE (widget));
}

static void
pl_plane_pane_measure (GtkWidget *widget,
                       GtkOrientation orientation,
                       int for_size,
                       int *minimum,
                       int *natural,
                       int *minimum_baseline,
                       int *natural_baseline)
{
  *minimum = SMALLEST_PX;
  *natural = NATURAL_PX;
}

static void
pl_plane_pane_dispose (GObject *object)
{
  PlPlanePane *self = PL_PLANE_PANE (object);

  forget (self);
  g_clear_object (&self->planes);

  G_OBJECT_CLASS (pl_plane_pane_parent_class)->dispose (object);
}

static void
pl_plane_pane_class_init (PlPlanePaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pl_plane_pane_dispose;
  widget_class->map = pl_plane_pane_map;
  widget_class->measure = pl_plane_pane_measure;
  widget_class->snapshot = pl_plane_pane_snapshot;
  gtk_widget_class_set_css_name (widget_class, "plane");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
pl_plane_pane_init (PlPlanePane *self)
{
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_hexpand (GTK_WIDGET (self), TRUE);
  gtk_widget_set_vexpand (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  pl_plane_pane_add_controllers (self);
}
