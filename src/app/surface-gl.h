/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/mesh.h"

#include <gtk/gtk.h>

/* A mesh on the graphics card. All functions: with the context current. */
typedef struct _PlSurfaceGl PlSurfaceGl;

/* How it is looked at. */
typedef struct
{
  float yaw_deg;   /* about the body's axis; 0 from the front */
  float pitch_deg; /* > 0: from above */
  float zoom;      /* 1: all of it is seen however it is turned */
  guint32 of;      /* the family of its colours: label-colour.h */
  char slices;     /* towards which the mesh's z runs: S, I, A or P; with A and P its y runs towards
                      the feet, else towards the back; its x always runs towards the left */
} PlSurfaceLook;

/* NULL with @error set when the context cannot do it. */
PlSurfaceGl *pl_surface_gl_new (GdkGLContext *context, GError **error);
void pl_surface_gl_free (PlSurfaceGl *gl);

/* Copies it. */
void pl_surface_gl_set_mesh (PlSurfaceGl *gl, const PlMesh *mesh);

/* Into the current framebuffer, of this size. */
void pl_surface_gl_draw (PlSurfaceGl *gl, const PlSurfaceLook *look, int width, int height);
