/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two boxes of 6 × 12 × 12 voxels, label 1 and label 2, drawn by whatever OpenGL the display has,
 * and looked at from all around. Skips where it has none.
 */
#include "app/surface-gl.h"

#include <epoxy/gl.h>

#define SIDE_PX 200
#define MIDDLE (SIDE_PX / 2)
#define N 20

/* From the middle of the picture to that of a box: 5 voxels, where a ball about both just fits. */
#define OFF_PX 43

#define BACKGROUND 0x0d0d0fu

typedef struct
{
  GdkSurface *surface;
  GdkGLContext *context; /* (nullable) */
  GLuint framebuffer;
  GLuint buffers[2];
  PlSurfaceGl *gl;
} Rig;

/* @axis: of slices, rows and columns the one along which label 1 comes first. */
static PlMesh *
make_mesh (int axis)
{
  const int n[3] = { N, N, N };
  const double spacing_mm[3] = { 1, 1, 1 };
  guint8 *labels = g_malloc0 (N * N * N);
  g_autoptr (PlMask) mask = NULL;

  for (int i = 0; i < N * N * N; i++)
    {
      const int at[3] = { i / (N * N), i / N % N, i % N };
      gboolean is_inside = TRUE;

      for (int a = 0; a < 3; a++)
        if (a != axis)
          is_inside &= at[a] >= 4 && at[a] < 16;
      if (is_inside && at[axis] >= 2 && at[axis] < 8)
        labels[i] = 1;
      else if (is_inside && at[axis] >= 12 && at[axis] < 18)
        labels[i] = 2;
    }
  mask = pl_mask_new_take (n, labels);
  return pl_mesh_new (mask, spacing_mm, 64, NULL);
}

static void
make_framebuffer (Rig *rig)
{
  static const GLenum formats[] = { GL_RGBA8, GL_DEPTH_COMPONENT24 };
  static const GLenum roles[] = { GL_COLOR_ATTACHMENT0, GL_DEPTH_ATTACHMENT };

  glGenFramebuffers (1, &rig->framebuffer);
  glBindFramebuffer (GL_FRAMEBUFFER, rig->framebuffer);
  glGenRenderbuffers (2, rig->buffers);
  for (int i = 0; i < 2; i++)
    {
      glBindRenderbuffer (GL_RENDERBUFFER, rig->buffers[i]);
      glRenderbufferStorage (GL_RENDERBUFFER, formats[i], SIDE_PX, SIDE_PX);
      glFramebufferRenderbuffer (GL_FRAMEBUFFER, roles[i], GL_RENDERBUFFER, rig->buffers[i]);
    }
  g_assert_cmpint (glCheckFramebufferStatus (GL_FRAMEBUFFER), ==, GL_FRAMEBUFFER_COMPLETE);
  glViewport (0, 0, SIDE_PX, SIDE_PX);
}

static void
set_up (Rig *rig, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  rig->surface = gdk_surface_new_toplevel (gdk_display_get_default ());
  rig->context = gdk_surface_create_gl_context (rig->surface, &error);
  if (rig->context == NULL || !gdk_gl_context_realize (rig->context, &error))
    {
      g_test_message ("%s", error->message);
      g_clear_object (&rig->context);
      return;
    }
  gdk_gl_context_make_current (rig->context);
  make_framebuffer (rig);
  rig->gl = pl_surface_gl_new (rig->context, &error);
  g_assert_no_error (error);
}

static void
tear_down (Rig *rig, gconstpointer data)
{
  if (rig->context != NULL)
    {
      pl_surface_gl_free (rig->gl);
      glDeleteFramebuffers (1, &rig->framebuffer);
      glDeleteRenderbuffers (2, rig->buffers);
      gdk_gl_context_clear_current ();
      g_object_unref (rig->context);
    }
  gdk_surface_destroy (rig->surface);
  g_object_unref (rig->surface);
}

/* FALSE: the test is to end. */
static gboolean
show_boxes (Rig *rig, int axis)
{
  g_autoptr (PlMesh) mesh = NULL;

  if (rig->context == NULL)
    {
      g_test_skip ("needs OpenGL");
      return FALSE;
    }
  mesh = make_mesh (axis);
  g_assert_cmpint (mesh->n_parts, ==, 2);
  pl_surface_gl_set_mesh (rig->gl, mesh);
  return TRUE;
}

static PlSurfaceLook
look_from (float yaw_deg, float pitch_deg, char slices)
{
  return (PlSurfaceLook){
    .yaw_deg = yaw_deg, .pitch_deg = pitch_deg, .zoom = 1, .of = PL_TRUTH_RGB, .slices = slices
  };
}

/* What is seen @right and @down of the middle: label 1, label 2, or 0 for the background. A face
 * that is looked at straight is a little lighter than the label's colour. */
static int
find_label (int right, int down)
{
  guint8 seen[4];
  int nearest = 0;
  int least = G_MAXINT;

  glReadPixels (MIDDLE + right, MIDDLE - down, 1, 1, GL_RGBA, GL_UNSIGNED_BYTE, seen);
  for (int label = 0; label <= 2; label++)
    {
      guint32 rgb = label == 0 ? BACKGROUND : pl_label_rgb (PL_TRUTH_RGB, label);
      int off = 0;

      for (int c = 0; c < 3; c++)
        {
          int level = (int) (rgb >> (16 - 8 * c) & 0xff);

          off += ABS (seen[c] - (label == 0 ? level : MIN (level * 95 / 100 + 64, 255)));
        }
      if (off < least)
        nearest = label;
      least = MIN (least, off);
    }
  g_assert_cmpint (least, <, 24);
  return nearest;
}

static void
check_look (const char *where, Rig *rig, PlSurfaceLook look, int right, int down, int expected)
{
  int found;

  pl_surface_gl_draw (rig->gl, &look, SIDE_PX, SIDE_PX);
  found = find_label (right, down);
  if (found != expected)
    g_error ("%s: label %d is seen", where, found);
}

#define assert_seen(rig, look, right, down, label)                                                 \
  check_look (G_STRLOC, rig, look, right, down, label)

/* Columns run to the patient's left: the first are on the left from the front, on the right from
 * behind. */
static void
test_columns (Rig *rig, gconstpointer data)
{
  if (!show_boxes (rig, 2))
    return;
  assert_seen (rig, look_from (0, 0, 'S'), -OFF_PX, 0, 1);
  assert_seen (rig, look_from (0, 0, 'S'), OFF_PX, 0, 2);
  assert_seen (rig, look_from (0, 0, 'S'), 0, 0, 0);
  assert_seen (rig, look_from (0, 0, 'S'), 0, 90, 0);
  assert_seen (rig, look_from (180, 0, 'S'), OFF_PX, 0, 1);
  assert_seen (rig, look_from (180, 0, 'S'), -OFF_PX, 0, 2);
}

/* Rows run to the back: what is nearer hides what is behind it. */
static void
test_rows (Rig *rig, gconstpointer data)
{
  if (!show_boxes (rig, 1))
    return;
  assert_seen (rig, look_from (0, 0, 'S'), 0, 0, 1);
  assert_seen (rig, look_from (180, 0, 'S'), 0, 0, 2);
  /* From above the front is below, from below above. */
  assert_seen (rig, look_from (0, 90, 'S'), 0, OFF_PX, 1);
  assert_seen (rig, look_from (0, -90, 'S'), 0, -OFF_PX, 1);
}

/* Slices run to the head, the feet, or of coronal ones to the front or the back. */
static void
test_slices (Rig *rig, gconstpointer data)
{
  if (!show_boxes (rig, 0))
    return;
  assert_seen (rig, look_from (0, 0, 'S'), 0, OFF_PX, 1);
  assert_seen (rig, look_from (0, 0, 'S'), 0, -OFF_PX, 2);
  assert_seen (rig, look_from (0, 0, 'I'), 0, -OFF_PX, 1);
  assert_seen (rig, look_from (0, 0, 'P'), 0, 0, 1);
  assert_seen (rig, look_from (0, 0, 'A'), 0, 0, 2);
}

/* Twice as large, and nothing in front is cut off. */
static void
test_zoom (Rig *rig, gconstpointer data)
{
  PlSurfaceLook look = look_from (0, 0, 'S');

  if (!show_boxes (rig, 2))
    return;
  assert_seen (rig, look, -75, 0, 0);
  look.zoom = 2;
  assert_seen (rig, look, -75, 0, 1);
  assert_seen (rig, look, -OFF_PX / 2, 0, 0);
}

static void
test_empty (Rig *rig, gconstpointer data)
{
  PlMesh empty = { 0 };

  if (!show_boxes (rig, 2))
    return;
  pl_surface_gl_set_mesh (rig->gl, &empty);
  assert_seen (rig, look_from (0, 0, 'S'), -OFF_PX, 0, 0);
}

#define ADD(name, test) g_test_add ("/app/surface-gl/" name, Rig, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#ifndef __SANITIZE_ADDRESS__ /* drivers leave memory behind */
  g_unsetenv ("GDK_DEBUG");
#endif
  if (!gtk_init_check ())
    {
      g_print ("1..0 # SKIP no display\n");
      return 0;
    }
  ADD ("columns", test_columns);
  ADD ("rows", test_rows);
  ADD ("slices", test_slices);
  ADD ("zoom", test_zoom);
  ADD ("empty", test_empty);
  return g_test_run ();
}
