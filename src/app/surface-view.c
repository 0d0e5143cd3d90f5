/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mesh is made in a worker, once a mask, and put on the graphics card when it is drawn first.
 * The light is where the eye is. The body's axis stays upright: yaw about it, pitch towards it.
 */
#include "app/surface-view.h"

#include "app/pending.h"
#include "app/surface-gl.h"
#include "image/montage.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define MAX_CELLS 128
#define NOTE_CHARS 22

#define KEY_STEP_DEG 10.0
#define DRAG_DEG_PER_PX 0.5
#define ZOOM_PER_NOTCH 1.2
#define MIN_ZOOM 0.25f
#define MAX_ZOOM 16.0f

struct _PlSurfaceView
{
  GtkWidget parent_instance;

  /* Owned */
  PlPlanesState *planes;
  PlMask *mask; /* (nullable): that the mesh is of, or will be */
  PlPending meshing;
  PlMesh *mesh;    /* (nullable) */
  PlSurfaceGl *gl; /* (nullable): while realized */

  /* Children */
  GtkWidget *overlay;
  GtkWidget *area;
  GtkLabel *note;

  gboolean has_gl;
  gboolean mesh_is_new; /* not on the card yet */
  PlSurfaceLook look;
  PlSurfacePose drag_pose; /* when the drag began */
};

G_DEFINE_FINAL_TYPE (PlSurfaceView, pl_surface_view, GTK_TYPE_WIDGET)

static guint turned_signal;

static const PlSurfacePose front = { .zoom = 1 };

static PlViewState *
get_view (PlSurfaceView *self)
{
  return pl_planes_state_get_view (self->planes);
}

static PlMask *
get_mask (PlSurfaceView *self)
{
  return pl_planes_state_get_surface_is_prediction (self->planes)
             ? pl_view_state_get_prediction (get_view (self))
             : pl_view_state_get_truth (get_view (self));
}

/* (nullable): why there is nothing to see. */
static const char *
find_note (PlSurfaceView *self)
{
  if (!self->has_gl)
    return _ ("No 3D view: this display has no OpenGL");
  if (pl_view_state_get_volume (get_view (self)) == NULL)
    return NULL;
  if (self->mask == NULL)
    return pl_planes_state_get_surface_is_prediction (self->planes) ? _ ("No prediction yet")
                                                                    : _ ("No ground truth");
  if (self->mesh == NULL)
    return _ ("Finding the surface…");
  if (self->mesh->n_triangles > 0)
    return NULL;
  return self->mask->n[0] == 1 ? _ ("A single slice has no surface") : _ ("The mask is empty");
}

/* The names of its classes, where there are several, and how it is turned. */
static char *
dup_description (PlSurfaceView *self)
{
  gboolean is_prediction = pl_planes_state_get_surface_is_prediction (self->planes);
  PlMaskKind kind = is_prediction ? PL_MASK_PREDICTION : PL_MASK_TRUTH;
  GString *text = g_string_new (NULL);

  for (int i = 0; self->mesh->n_parts > 1 && i < self->mesh->n_parts; i++)
    {
      g_autofree char *name =
          pl_view_state_dup_label_name (get_view (self), kind, self->mesh->parts[i].colour);

      g_string_append_printf (text, "%s, ", name);
    }
  /* Translators: said by screen readers: from where the lungs are seen, in degrees. */
  g_string_append_printf (text, _ ("turned by %.0f°, raised by %.0f°"), self->look.yaw_deg,
                          self->look.pitch_deg);
  return g_string_free (text, FALSE);
}

static void
describe (PlSurfaceView *self)
{
  const char *note = find_note (self);
  g_autofree char *text = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->note), note != NULL);
  gtk_widget_set_visible (self->area, note == NULL);
  if (note != NULL)
    gtk_label_set_text (self->note, note);
  else if (self->mesh != NULL)
    text = dup_description (self);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  note != NULL   ? note
                                  : text != NULL ? text
                                                 : "",
                                  -1);
}

static void
show (PlSurfaceView *self)
{
  describe (self);
  gtk_widget_queue_draw (self->area);
}

typedef struct
{
  PlMask *mask;
  double spacing_mm[3];
} MeshJob;

static void
free_mesh_job (gpointer data)
{
  MeshJob *job = data;

  pl_mask_unref (job->mask);
  g_free (job);
}

static void
mesh_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  MeshJob *job = data;
  PlMesh *mesh = pl_mesh_new (job->mask, job->spacing_mm, MAX_CELLS, cancellable);

  g_task_return_pointer (task, mesh, (GDestroyNotify) pl_mesh_free);
}

static void
meshed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PlSurfaceView) self = data;

  if (!pl_pending_end (&self->meshing, result))
    return;
  self->mesh = g_task_propagate_pointer (G_TASK (result), NULL);
  self->mesh_is_new = TRUE;
  show (self);
}

static void
forget_mesh (PlSurfaceView *self)
{
  pl_pending_forget (&self->meshing);
  g_clear_pointer (&self->mask, pl_mask_unref);
  g_clear_pointer (&self->mesh, pl_mesh_free);
}

static void
begin_mesh (PlSurfaceView *self)
{
  PlVolume *volume = pl_view_state_get_volume (get_view (self));
  MeshJob *job = g_new0 (MeshJob, 1);
  g_autoptr (GTask) task = NULL;

  job->mask = pl_mask_ref (self->mask);
  memcpy (job->spacing_mm, volume->spacing_mm, sizeof job->spacing_mm);
  self->look.slices = volume->orientation[0];
  task = g_task_new (NULL, pl_pending_begin (&self->meshing), meshed_cb, g_object_ref (self));
  g_task_set_source_tag (task, begin_mesh);
  g_task_set_task_data (task, job, free_mesh_job);
  g_task_run_in_thread (task, mesh_thread);
}

/* Another mask makes another mesh, if somebody looks. */
static void
update_cb (PlSurfaceView *self)
{
  PlMask *mask = get_mask (self);

  self->look.of =
      pl_planes_state_get_surface_is_prediction (self->planes) ? PL_PREDICTION_RGB : PL_TRUTH_RGB;
  if (mask != self->mask)
    {
      forget_mesh (self);
      if (mask != NULL && self->has_gl && gtk_widget_get_mapped (GTK_WIDGET (self)))
        {
          self->mask = pl_mask_ref (mask);
          begin_mesh (self);
        }
    }
  show (self);
}

static gboolean
render_cb (PlSurfaceView *self)
{
  int scale = gtk_widget_get_scale_factor (self->area);

  if (self->gl == NULL)
    return GDK_EVENT_PROPAGATE;
  if (self->mesh_is_new && self->mesh != NULL)
    pl_surface_gl_set_mesh (self->gl, self->mesh);
  self->mesh_is_new = FALSE;
  pl_surface_gl_draw (self->gl, &self->look, scale * gtk_widget_get_width (self->area),
                      scale * gtk_widget_get_height (self->area));
  return GDK_EVENT_STOP;
}

/* The area is realized before it is known whether there is OpenGL. */
static void
area_realized_cb (PlSurfaceView *self)
{
  GtkGLArea *area = GTK_GL_AREA (self->area);
  g_autoptr (GError) error = NULL;

  gtk_gl_area_make_current (area);
  if (gtk_gl_area_get_error (area) == NULL)
    self->gl = pl_surface_gl_new (gtk_gl_area_get_context (area), &error);
  if (error != NULL)
    g_message ("%s", error->message);
  self->has_gl = self->gl != NULL;
  self->mesh_is_new = TRUE;
}

static void
area_unrealized_cb (PlSurfaceView *self)
{
  if (self->gl == NULL)
    return;
  gtk_gl_area_make_current (GTK_GL_AREA (self->area));
  g_clear_pointer (&self->gl, pl_surface_gl_free);
}

void
pl_surface_view_get_pose (PlSurfaceView *self, PlSurfacePose *pose)
{
  g_return_if_fail (PL_IS_SURFACE_VIEW (self));

  *pose = (PlSurfacePose){ self->look.yaw_deg, self->look.pitch_deg, self->look.zoom };
}

void
pl_surface_view_set_pose (PlSurfaceView *self, const PlSurfacePose *pose)
{
  PlSurfaceLook old;

  g_return_if_fail (PL_IS_SURFACE_VIEW (self));

  old = self->look;
  self->look.yaw_deg = remainderf ((float) pose->yaw_deg, 360.0f);
  self->look.pitch_deg = CLAMP ((float) pose->pitch_deg, -90.0f, 90.0f);
  self->look.zoom = CLAMP ((float) pose->zoom, MIN_ZOOM, MAX_ZOOM);
  if (old.yaw_deg == self->look.yaw_deg && old.pitch_deg == self->look.pitch_deg &&
      old.zoom == self->look.zoom)
    return;
  show (self);
  g_signal_emit (self, turned_signal, 0);
}

static void
drag_begin_cb (PlSurfaceView *self)
{
  pl_surface_view_get_pose (self, &self->drag_pose);
}

static void
drag_update_cb (PlSurfaceView *self, double dx, double dy)
{
  PlSurfacePose pose = self->drag_pose;

  pose.yaw_deg += DRAG_DEG_PER_PX * dx;
  pose.pitch_deg += DRAG_DEG_PER_PX * dy;
  pose.zoom = self->look.zoom;
  pl_surface_view_set_pose (self, &pose);
}

static void
pressed_cb (PlSurfaceView *self, int n_press)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (n_press == 2)
    pl_surface_view_set_pose (self, &front);
}

static gboolean
scroll_cb (PlSurfaceView *self, double dx, double dy, GtkEventControllerScroll *controller)
{
  PlSurfacePose pose;

  if (gtk_event_controller_scroll_get_unit (controller) == GDK_SCROLL_UNIT_SURFACE)
    dy /= 30;
  pl_surface_view_get_pose (self, &pose);
  pose.zoom *= pow (ZOOM_PER_NOTCH, -dy);
  pl_surface_view_set_pose (self, &pose);
  return GDK_EVENT_STOP;
}

static gboolean
key_pressed_cb (PlSurfaceView *self, guint key, guint code, GdkModifierType modifiers)
{
  PlSurfacePose pose;

  if ((modifiers & gtk_accelerator_get_default_mod_mask () & ~GDK_SHIFT_MASK) != 0)
    return GDK_EVENT_PROPAGATE;
  pl_surface_view_get_pose (self, &pose);
  switch (key)
    {
    case GDK_KEY_Left:
    case GDK_KEY_KP_Left:
      pose.yaw_deg -= KEY_STEP_DEG;
      break;
    case GDK_KEY_Right:
    case GDK_KEY_KP_Right:
      pose.yaw_deg += KEY_STEP_DEG;
      break;
    case GDK_KEY_Up:
    case GDK_KEY_KP_Up:
      pose.pitch_deg -= KEY_STEP_DEG;
      break;
    case GDK_KEY_Down:
    case GDK_KEY_KP_Down:
      pose.pitch_deg += KEY_STEP_DEG;
      break;
    case GDK_KEY_plus:
    case GDK_KEY_KP_Add:
      pose.zoom *= ZOOM_PER_NOTCH;
      break;
    case GDK_KEY_minus:
    case GDK_KEY_KP_Subtract:
      pose.zoom /= ZOOM_PER_NOTCH;
      break;
    case GDK_KEY_Home:
    case GDK_KEY_KP_Home:
      pose = front;
      break;
    default:
      return GDK_EVENT_PROPAGATE;
    }
  pl_surface_view_set_pose (self, &pose);
  return GDK_EVENT_STOP;
}

static void
add (PlSurfaceView *self, gpointer controller, const char *signal, GCallback handler)
{
  g_signal_connect_swapped (controller, signal, handler, self);
  if (gtk_event_controller_get_widget (controller) == NULL)
    gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

GtkWidget *
pl_surface_view_new (PlPlanesState *planes)
{
  PlSurfaceView *self = g_object_new (PL_TYPE_SURFACE_VIEW, NULL);
  PlViewState *view = pl_planes_state_get_view (planes);
  static const char *const signals[] = { "notify::volume", "notify::truth", "notify::prediction",
                                         "notify::names", "notify::label-colours" };

  self->planes = g_object_ref (planes);
  for (gsize i = 0; i < G_N_ELEMENTS (signals); i++)
    g_signal_connect_object (view, signals[i], G_CALLBACK (update_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (planes, "changed", G_CALLBACK (update_cb), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

static void
pl_surface_view_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (pl_surface_view_parent_class)->map (widget);
  update_cb (PL_SURFACE_VIEW (widget));
}

static void
pl_surface_view_dispose (GObject *object)
{
  PlSurfaceView *self = PL_SURFACE_VIEW (object);

  forget_mesh (self);
  g_clear_pointer (&self->overlay, gtk_widget_unparent);
  g_clear_object (&self->planes);

  G_OBJECT_CLASS (pl_surface_view_parent_class)->dispose (object);
}

static void
pl_surface_view_class_init (PlSurfaceViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pl_surface_view_dispose;
  widget_class->map = pl_surface_view_map;
  turned_signal = g_signal_new ("turned", PL_TYPE_SURFACE_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "surface");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
pl_surface_view_init (PlSurfaceView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkEventController *scroll =
      gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
  GtkGesture *drag = gtk_gesture_drag_new ();

  self->has_gl = TRUE; /* until it turns out that there is none */
  self->look.zoom = 1;
  gtk_widget_set_focusable (widget, TRUE);
  gtk_widget_set_hexpand (widget, TRUE);
  gtk_widget_set_vexpand (widget, TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Surface"), -1);

  self->area = gtk_gl_area_new ();
  gtk_gl_area_set_has_depth_buffer (GTK_GL_AREA (self->area), TRUE);
  g_signal_connect_object (self->area, "realize", G_CALLBACK (area_realized_cb), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (self->area, "unrealize", G_CALLBACK (area_unrealized_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->area, "render", G_CALLBACK (render_cb), self, G_CONNECT_SWAPPED);
  self->note = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->note, TRUE);
  gtk_label_set_max_width_chars (self->note, NOTE_CHARS);
  gtk_label_set_justify (self->note, GTK_JUSTIFY_CENTER);
  gtk_widget_set_halign (GTK_WIDGET (self->note), GTK_ALIGN_CENTER);
  gtk_widget_set_valign (GTK_WIDGET (self->note), GTK_ALIGN_CENTER);
  self->overlay = gtk_overlay_new ();
  gtk_overlay_set_child (GTK_OVERLAY (self->overlay), self->area);
  gtk_overlay_add_overlay (GTK_OVERLAY (self->overlay), GTK_WIDGET (self->note));
  gtk_widget_set_parent (self->overlay, widget);

  add (self, drag, "drag-begin", G_CALLBACK (drag_begin_cb));
  add (self, drag, "drag-update", G_CALLBACK (drag_update_cb));
  add (self, gtk_gesture_click_new (), "pressed", G_CALLBACK (pressed_cb));
  add (self, scroll, "scroll", G_CALLBACK (scroll_cb));
  add (self, gtk_event_controller_key_new (), "key-pressed", G_CALLBACK (key_pressed_cb));
}
