/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Painting of one slice of a phantom. Lengths are mm in the patient's frame: x towards the
 * patient's left, y towards the back, z towards the head. Only + − × ÷ and sqrt are used, so that
 * the result is the same on every machine. */

/* An ellipse, turned by the angle whose cosine and sine are given; @square 0…1 makes it boxier. An
 * ellipse without an area (a or b not above 0) is nowhere. */
typedef struct
{
  double x, y;
  double a, b;
  double cos, sin;
  double square;
} PlEllipse;

/* How far inside (x, y) is, in mm; negative outside. Good near the edge, rough far from it. */
double pl_ellipse_depth (const PlEllipse *ellipse, double x, double y);

/* Where an ellipsoid is cut by the plane at @dz from its centre: @whole with its axes shortened. */
PlEllipse pl_ellipse_at_height (const PlEllipse *whole, double c, double dz);

/* A tapering tube with round ends. */
typedef struct
{
  double from[3], to[3];
  double from_radius, to_radius;
  double hu;
} PlTube;

/* Smooth noise in −1…1 with features of about one unit. */
double pl_lattice_noise (guint32 seed, double x, double y, double z);

typedef struct
{
  int size;        /* pixels a side */
  double pixel_mm; /* distance of pixels */
  double cos, sin; /* by how much the patient is turned */
  double x, y;     /* of the patient's origin, mm from the centre of the image */
  float *hu;       /* owned by the caller, like @mask */
  guint8 *mask;
} PlCanvas;

/* Patient's frame of the centre of a pixel. */
void pl_canvas_position (const PlCanvas *canvas, int column, int row, double *x, double *y);

/* @hu where @depth mm inside a shape, with a soft edge one pixel wide; returns what becomes of
 * @under. */
double pl_canvas_blend (const PlCanvas *canvas, double under, double hu, double depth);

void pl_canvas_paint_ellipse (PlCanvas *canvas, const PlEllipse *ellipse, double hu);

/* Only what lies in front of @level, as gas does over fluid in a patient on the back. */
void
pl_canvas_paint_ellipse_above (PlCanvas *canvas, const PlEllipse *ellipse, double level, double hu);

/* Where the slice at @z cuts the tube; @erases takes it out of the mask, too. */
void pl_canvas_paint_tube (PlCanvas *canvas, double z, const PlTube *tube, gboolean erases);

/* A band @thick_mm thick along the parabola y = @y + @bend · x² in the scanner's frame. */
void pl_canvas_paint_band (
    PlCanvas *canvas, double y, double bend, double half_width, double thick_mm, double hu);

/* Noise as a scanner's sharpest kernels make it: correlated over about two pixels. @streaks 0…1
 * draws it out in rows, as shoulders do. */
void pl_canvas_add_noise (PlCanvas *canvas, guint64 seed, double sd_hu, double streaks);
