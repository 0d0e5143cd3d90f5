/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One program for OpenGL 3.2 and OpenGL ES 3.0, parallel projection. The mesh's x runs to the
 * patient's left, y to the back, z to the head: seen from the front these are right, away and up.
 */
#include "app/surface-gl.h"

#include <epoxy/gl.h>
#include <glib/gi18n.h>
#include <math.h>
#include <stddef.h>
#include <string.h>

struct _PlSurfaceGl
{
  GLuint program;
  GLuint array;
  GLuint vertices;
  GLuint corners;
  int n_parts;
  PlMeshPart parts[PL_LABEL_COLOURS];
  float middle_mm[3];
  float radius_mm;
};

static const char vertex_source[] =
    "in vec3 position;\n"
    "in vec3 normal;\n"
    "uniform mat3 turn;\n"
    "uniform vec3 middle;\n"
    "uniform vec3 scale;\n"
    "out vec3 seen_normal;\n"
    "void main ()\n"
    "{\n"
    "  seen_normal = turn * normal;\n"
    "  gl_Position = vec4 (scale * (turn * (position - middle)), 1.0);\n"
    "}\n";

static const char fragment_source[] =
    "in vec3 seen_normal;\n"
    "uniform vec3 colour;\n"
    "out vec4 result;\n"
    "void main ()\n"
    "{\n"
    "  float light = abs (normalize (seen_normal).z);\n"
    "  vec3 shine = vec3 (0.25 * pow (light, 24.0));\n"
    "  result = vec4 (colour * (0.35 + 0.6 * light) + shine, 1.0);\n"
    "}\n";

static gboolean
compile (GLuint program, GLenum type, const char *version, const char *source)
{
  GLuint shader = glCreateShader (type);
  const char *sources[] = { version, source };
  GLint is_done = 0;

  glShaderSource (shader, 2, sources, NULL);
  glCompileShader (shader);
  glGetShaderiv (shader, GL_COMPILE_STATUS, &is_done);
  glAttachShader (program, shader);
  glDeleteShader (shader); /* lives on in the program */
  return is_done != 0;
}

static gboolean
link_program (GLuint program, gboolean is_es)
{
  const char *version = is_es ? "#version 300 es\nprecision highp float;\n" : "#version 150\n";
  GLint is_done = 0;

  if (!compile (program, GL_VERTEX_SHADER, version, vertex_source) ||
      !compile (program, GL_FRAGMENT_SHADER, version, fragment_source))
    return FALSE;
  glBindAttribLocation (program, 0, "position");
  glBindAttribLocation (program, 1, "normal");
  glLinkProgram (program);
  glGetProgramiv (program, GL_LINK_STATUS, &is_done);
  return is_done != 0;
}

PlSurfaceGl *
pl_surface_gl_new (GdkGLContext *context, GError **error)
{
  GLuint program = glCreateProgram ();
  PlSurfaceGl *gl;

  if (!link_program (program, gdk_gl_context_get_use_es (context)))
    {
      glDeleteProgram (program);
      g_set_error_literal (error, GDK_GL_ERROR, GDK_GL_ERROR_NOT_AVAILABLE,
                           _ ("The display’s OpenGL cannot draw the surface"));
      return NULL;
    }
  gl = g_new0 (PlSurfaceGl, 1);
  gl->program = program;
  glGenVertexArrays (1, &gl->array);
  glGenBuffers (1, &gl->vertices);
  glGenBuffers (1, &gl->corners);
  return gl;
}

void
pl_surface_gl_free (PlSurfaceGl *gl)
{
  if (gl == NULL)
    return;
  glDeleteBuffers (1, &gl->corners);
  glDeleteBuffers (1, &gl->vertices);
  glDeleteVertexArrays (1, &gl->array);
  glDeleteProgram (gl->program);
  g_free (gl);
}

/* A ball about the box of the mesh. */
static void
measure (PlSurfaceGl *gl, const PlMesh *mesh)
{
  float squares = 0;

  for (int a = 0; a < 3; a++)
    {
      float low = INFINITY;
      float high = -INFINITY;

      for (guint i = 0; i < mesh->n_vertices; i++)
        {
          low = MIN (low, mesh->vertices[i].position_mm[a]);
          high = MAX (high, mesh->vertices[i].position_mm[a]);
        }
      gl->middle_mm[a] = (low + high) / 2;
      squares += (high - low) * (high - low);
    }
  gl->radius_mm = sqrtf (squares) / 2;
}

void
pl_surface_gl_set_mesh (PlSurfaceGl *gl, const PlMesh *mesh)
{
  gl->n_parts = mesh->n_parts;
  memcpy (gl->parts, mesh->parts, sizeof gl->parts);
  if (mesh->n_parts == 0)
    return;
  measure (gl, mesh);
  glBindVertexArray (gl->array);
  glBindBuffer (GL_ARRAY_BUFFER, gl->vertices);
  glBufferData (GL_ARRAY_BUFFER, (GLsizeiptr) (mesh->n_vertices * sizeof *mesh->vertices),
                mesh->vertices, GL_STATIC_DRAW);
  glBindBuffer (GL_ELEMENT_ARRAY_BUFFER, gl->corners);
  glBufferData (GL_ELEMENT_ARRAY_BUFFER,
                (GLsizeiptr) (3 * (gsize) mesh->n_triangles * sizeof *mesh->corners), mesh->corners,
                GL_STATIC_DRAW);
  glEnableVertexAttribArray (0);
  glVertexAttribPointer (0, 3, GL_FLOAT, GL_FALSE, sizeof (PlMeshVertex), NULL);
  glEnableVertexAttribArray (1);
  glVertexAttribPointer (1, 3, GL_FLOAT, GL_FALSE, sizeof (PlMeshVertex),
                         (const void *) offsetof (PlMeshVertex, normal));
  glBindVertexArray (0);
}

static void
set_column (float turn[9], int column, const float towards[3], float sign)
{
  for (int i = 0; i < 3; i++)
    turn[3 * column + i] = sign * towards[i];
}

/* From the mesh's x, y, z to right, up and towards the eye; by columns, as OpenGL has it. */
static void
find_turn (const PlSurfaceLook *look, float turn[9])
{
  float yaw = look->yaw_deg * (float) G_PI / 180;
  float pitch = look->pitch_deg * (float) G_PI / 180;
  const float left[3] = { cosf (yaw), sinf (pitch) * sinf (yaw), -cosf (pitch) * sinf (yaw) };
  const float back[3] = { -sinf (yaw), sinf (pitch) * cosf (yaw), -cosf (pitch) * cosf (yaw) };
  const float head[3] = { 0, cosf (pitch), sinf (pitch) };

  set_column (turn, 0, left, 1);
  if (look->slices == 'A' || look->slices == 'P')
    {
      set_column (turn, 1, head, -1);
      set_column (turn, 2, back, look->slices == 'P' ? 1 : -1);
      return;
    }
  set_column (turn, 1, back, 1);
  set_column (turn, 2, head, look->slices == 'I' ? -1 : 1);
}

/* Each in the colour of its labels. */
static void
draw_parts (PlSurfaceGl *gl, guint32 of)
{
  GLint colour = glGetUniformLocation (gl->program, "colour");
  gsize start = 0;

  glBindVertexArray (gl->array);
  for (int i = 0; i < gl->n_parts; i++)
    {
      guint32 rgb = pl_label_rgb (of, gl->parts[i].colour);
      gsize n_corners = 3 * (gsize) gl->parts[i].n_triangles;

      glUniform3f (colour, (float) (rgb >> 16 & 0xff) / 255, (float) (rgb >> 8 & 0xff) / 255,
                   (float) (rgb & 0xff) / 255);
      glDrawElements (GL_TRIANGLES, (GLsizei) n_corners, GL_UNSIGNED_INT,
                      (const void *) (start * sizeof (guint32)));
      start += n_corners;
    }
  glBindVertexArray (0);
}

void
pl_surface_gl_draw (PlSurfaceGl *gl, const PlSurfaceLook *look, int width, int height)
{
  float turn[9];
  float scale = look->zoom / gl->radius_mm;
  float shorter = (float) MIN (width, height);

  glClearColor (0.05f, 0.05f, 0.06f, 1);
  glClear (GL_COLOR_BUFFER_BIT | GL_DEPTH_BUFFER_BIT);
  if (gl->n_parts == 0)
    return;
  find_turn (look, turn);
  glEnable (GL_DEPTH_TEST);
  glUseProgram (gl->program);
  glUniformMatrix3fv (glGetUniformLocation (gl->program, "turn"), 1, GL_FALSE, turn);
  glUniform3fv (glGetUniformLocation (gl->program, "middle"), 1, gl->middle_mm);
  /* Nearer is less; nothing is cut off in front or behind however much it is magnified. */
  glUniform3f (glGetUniformLocation (gl->program, "scale"), scale * shorter / (float) width,
               scale * shorter / (float) height, -0.99f / gl->radius_mm);
  draw_parts (gl, look->of);
  glUseProgram (0);
  glDisable (GL_DEPTH_TEST);
}
