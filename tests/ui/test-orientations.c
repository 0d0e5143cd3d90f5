/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the file to the pixel: a body with a mark at its right, its front and its head is written in
 * each of the 48 orientations, and its marks must be where radiologists, or neurologists, expect
 * them in the slice view, in the three planes and on a tile of the montage. */
#include "app/montage-tiles.h"
#include "app/plane-pane-private.h"
#include "app/planes-view.h"
#include "app/slice-view.h"

#include "image/nifti-file.h"
#include "ui/montage-rig.h"
#include "ui/view-rig.h"

#define VIEW_PX 320
#define TILE_PX_PER_MM 4

/* Marks are cubes of 7 voxels, in the middle but along their own axis. */
#define RADIUS 3
#define DEPTH 6 /* of a mark's middle, from the surface of the body */
#define ASIDE 2 /* of what is looked at: beside the crosshair, and still in the mark */

/* The patient's axes, as NIfTI has them, and the marks at their ends. */
enum
{
  RIGHT,
  FRONT,
  HEAD,
};
#define BY_RULE (-1)

static const guint8 levels[] = { [RIGHT] = 250, [FRONT] = 170, [HEAD] = 90 };
static const double mm[] = { [RIGHT] = 1, [FRONT] = 1.25, [HEAD] = 1.5 };

/* Which marks a picture has, at its left and at its top. */
static const struct
{
  int left;
  int top;
} planes[PL_N_PLANES] = {
  [PL_PLANE_AXIAL] = { RIGHT, FRONT },
  [PL_PLANE_CORONAL] = { RIGHT, HEAD },
  [PL_PLANE_SAGITTAL] = { FRONT, HEAD },
};

typedef struct
{
  int n[3];           /* voxels along the patient's axes */
  int chosen;         /* the axis along which slices follow each other; else BY_RULE */
  PlPlaneKind slices; /* what they are then */
} Body;

/* One way to write it: the patient's axis of each of the file, and whether it runs backwards. */
typedef struct
{
  int axis[3];
  gboolean flip[3];
} Orientation;

typedef struct
{
  PlViewState *state;
  GtkWidget *slice_view;
  GtkWidget *planes_view;
  GtkWidget *window;
  PlMontageContent *content;
  PlMontageTiles *tiles;
} Rig;

static void
ignore_cb (gpointer data)
{
}

static void
set_up (Rig *rig, gconstpointer data)
{
  rig->state = pl_rig_state (NULL);
  rig->slice_view = g_object_ref_sink (pl_slice_view_new (rig->state, PL_PANE_ALL));
  view_rig_resize (rig->slice_view, VIEW_PX, VIEW_PX);
  rig->content = pl_montage_content_new (rig->state);
  rig->tiles = pl_montage_tiles_new (rig->state, rig->content, ignore_cb, NULL);
  rig->planes_view = g_object_ref_sink (g_object_new (PL_TYPE_PLANES_VIEW, NULL));
  pl_planes_view_set_state (PL_PLANES_VIEW (rig->planes_view), rig->state);
  rig->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (rig->window), 700, 600);
  gtk_window_set_child (GTK_WINDOW (rig->window), rig->planes_view);
  gtk_widget_show (rig->window);
  while (!gtk_widget_get_mapped (rig->planes_view) || gtk_widget_get_height (rig->planes_view) == 0)
    g_main_context_iteration (NULL, TRUE);
}

/* Workers hold the state until the main loop has delivered what they say. */
static gboolean
is_ours_alone (gpointer object)
{
  return g_atomic_int_get (&G_OBJECT (object)->ref_count) == 1;
}

static void
tear_down (Rig *rig, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (rig->window));
  g_assert_finalize_object (rig->planes_view);
  pl_montage_tiles_free (rig->tiles);
  pl_rig_wait (is_ours_alone, rig->content);
  g_assert_finalize_object (rig->content);
  g_assert_finalize_object (rig->slice_view);
  pl_rig_wait (is_ours_alone, rig->state);
  g_assert_finalize_object (rig->state);
}

/* @at: voxels along the patient's axes. */
static guint8
find_level (const Body *body, const int at[3])
{
  for (int mark = RIGHT; mark <= HEAD; mark++)
    {
      gboolean is_inside = TRUE;

      for (int w = 0; w < 3; w++)
        is_inside = is_inside &&
                    ABS (at[w] - (w == mark ? body->n[w] - 1 - DEPTH : body->n[w] / 2)) <= RADIUS;
      if (is_inside)
        return levels[mark];
    }
  return 0;
}

static Orientation
get_orientation (int i)
{
  static const int orders[6][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 },
                                    { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };
  const int *order = orders[i / 8];

  return (Orientation){ { order[0], order[1], order[2] }, { i & 1, i >> 1 & 1, i >> 2 & 1 } };
}

static guint8 *
make_voxels (const Body *body, const Orientation *orientation)
{
  const int *axis = orientation->axis;
  guint8 *voxels = g_new (guint8, body->n[0] * body->n[1] * body->n[2]);
  guint8 *voxel = voxels;
  int file[3];

  for (file[2] = 0; file[2] < body->n[axis[2]]; file[2]++)
    for (file[1] = 0; file[1] < body->n[axis[1]]; file[1]++)
      for (file[0] = 0; file[0] < body->n[axis[0]]; file[0]++)
        {
          int at[3];

          for (int a = 0; a < 3; a++)
            at[axis[a]] = orientation->flip[a] ? body->n[axis[a]] - 1 - file[a] : file[a];
          *voxel++ = find_level (body, at);
        }
  return voxels;
}

static char *
write_file (const Body *body, const Orientation *orientation)
{
  const int *axis = orientation->axis;
  NiftiSpec spec = nifti_spec (body->n[axis[0]], body->n[axis[1]], body->n[axis[2]]);
  g_autofree guint8 *voxels = make_voxels (body, orientation);
  g_autoptr (GByteArray) file = NULL;

  spec.datatype = 2; /* uint8 */
  spec.bitpix = 8;
  spec.sform_code = 1;
  for (int a = 0; a < 3; a++)
    {
      spec.pixdim[a + 1] = mm[axis[a]];
      spec.srow[4 * axis[a] + a] = orientation->flip[a] ? -mm[axis[a]] : mm[axis[a]];
      spec.srow[4 * a + 3] = 50 * a - 70;
    }
  file = nifti_build_file (&spec, voxels, (gsize) (body->n[0] * body->n[1] * body->n[2]), 1);
  return nifti_write_file ("body.nii", file);
}

static PlVolume *
load (const Body *body, const Orientation *orientation)
{
  g_autofree char *path = write_file (body, orientation);
  PlLoadOptions options = PL_LOAD_OPTIONS_DEFAULT;
  g_autoptr (GError) error = NULL;
  PlVolume *volume;

  for (int a = 0; a < 3; a++)
    if (orientation->axis[a] == body->chosen)
      options.slice_axis = a;
  volume = pl_volume_load (path, &options, NULL, &error);
  g_assert_no_error (error);
  return volume;
}

/* Pixels a millimetre where all of these planes fit. */
static double
find_scale (const Body *body, PlPlaneKind first, PlPlaneKind last, int width, int height)
{
  double scale = G_MAXDOUBLE;

  for (PlPlaneKind kind = first; kind <= last; kind++)
    {
      int across = planes[kind].left;
      int down = planes[kind].top;

      scale = MIN (scale, width / (body->n[across] * mm[across]));
      scale = MIN (scale, height / (body->n[down] * mm[down]));
    }
  return scale;
}

/* @x and @y: from the picture's middle. */
static void
check_pixel (const char *where, cairo_surface_t *picture, double x, double y, int level)
{
  view_rig_check_pixel (where, picture, (int) (cairo_image_surface_get_width (picture) / 2.0 + x),
                        (int) (cairo_image_surface_get_height (picture) / 2.0 + y),
                        (guint32) level * 0x010101);
}

/* A mark at the left and at the top, none at the right and at the bottom; to neurologists what is
 * the patient's right is at the right. */
static void
check_marks (const char *where,
             cairo_surface_t *picture,
             const Body *body,
             PlPlaneKind kind,
             double scale,
             gboolean is_neurological)
{
  int across = planes[kind].left;
  int down = planes[kind].top;
  double column_px = scale * mm[across];
  double row_px = scale * mm[down];
  double x = (body->n[across] / 2.0 - DEPTH - 0.5) * column_px;
  double y = (body->n[down] / 2.0 - DEPTH - 0.5) * row_px;

  if (is_neurological && across == RIGHT)
    x = -x;
  check_pixel (where, picture, -x, ASIDE * row_px, levels[across]);
  check_pixel (where, picture, x, ASIDE * row_px, 0);
  check_pixel (where, picture, ASIDE * column_px, -y, levels[down]);
  check_pixel (where, picture, ASIDE * column_px, y, 0);
}

static void
check_slice (Rig *rig, const char *where, const Body *body, gboolean is_neurological)
{
  g_autofree char *slice_where = g_strdup_printf ("%s, slice", where);
  cairo_surface_t *picture = view_rig_draw (rig->slice_view);

  check_marks (slice_where, picture, body, body->slices,
               find_scale (body, body->slices, body->slices, VIEW_PX, VIEW_PX), is_neurological);
  cairo_surface_destroy (picture);
}

static gboolean
is_painted (gpointer data)
{
  PlPlanePane *pane = data;

  return pane->shown != NULL && pane->painting.cancellable == NULL;
}

static void
check_planes (Rig *rig, const char *where, const Body *body, gboolean is_neurological)
{
  GtkGrid *grid =
      GTK_GRID (gtk_widget_get_template_child (rig->planes_view, PL_TYPE_PLANES_VIEW, "grid"));

  for (PlPlaneKind kind = PL_PLANE_AXIAL; kind <= PL_PLANE_SAGITTAL; kind++)
    {
      GtkWidget *overlay = gtk_grid_get_child_at (grid, (int) kind % 2, (int) kind / 2);
      GtkWidget *pane = gtk_overlay_get_child (GTK_OVERLAY (overlay));
      g_autofree char *pane_where = g_strdup_printf ("%s, plane %d", where, kind);
      cairo_surface_t *picture;

      pl_rig_wait (is_painted, pane);
      picture = view_rig_draw (pane);
      check_marks (pane_where, picture, body, kind,
                   find_scale (body, PL_PLANE_AXIAL, PL_PLANE_SAGITTAL, gtk_widget_get_width (pane),
                               gtk_widget_get_height (pane)),
                   is_neurological);
      cairo_surface_destroy (picture);
    }
}

static gboolean
is_complete (gpointer tiles)
{
  return pl_montage_tiles_is_complete (tiles);
}

static void
check_tile (Rig *rig, const char *where, const Body *body, gboolean is_neurological)
{
  int across = planes[body->slices].left;
  int down = planes[body->slices].top;
  int width = (int) (TILE_PX_PER_MM * body->n[across] * mm[across]);
  int height = (int) (TILE_PX_PER_MM * body->n[down] * mm[down]);
  int slice = pl_view_state_get_slice (rig->state);
  g_autofree char *tile_where = g_strdup_printf ("%s, tile", where);
  cairo_surface_t *picture = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  GdkTexture *texture;

  pl_montage_tiles_set_size (rig->tiles, width, height);
  pl_montage_tiles_set_visible (rig->tiles, slice, slice + 1, 0);
  pl_rig_wait (is_complete, rig->tiles);
  texture = pl_montage_tiles_get (rig->tiles, slice);
  g_assert_cmpint (gdk_texture_get_width (texture), ==, width);
  g_assert_cmpint (gdk_texture_get_height (texture), ==, height);
  gdk_texture_download (texture, cairo_image_surface_get_data (picture),
                        (gsize) cairo_image_surface_get_stride (picture));
  cairo_surface_mark_dirty (picture);
  check_marks (tile_where, picture, body, body->slices, TILE_PX_PER_MM, is_neurological);
  cairo_surface_destroy (picture);
}

/* "RAS" of a file whose axes run to the right, the front and the head. */
static char *
dup_name (const Orientation *orientation, gboolean is_neurological)
{
  char letters[4] = "";

  for (int a = 0; a < 3; a++)
    letters[a] = (orientation->flip[a] ? "LPI" : "RAS")[orientation->axis[a]];
  return g_strdup_printf ("%s%s", letters, is_neurological ? ", neurological" : "");
}

static void
test_marks (Rig *rig, gconstpointer data)
{
  const Body *body = data;

  for (int i = 0; i < 48; i++)
    {
      Orientation orientation = get_orientation (i);
      g_autoptr (PlVolume) volume = load (body, &orientation);

      pl_view_state_set_volume (rig->state, volume);
      for (int neurological = 0; neurological <= 1; neurological++)
        {
          g_autofree char *where = dup_name (&orientation, neurological);

          pl_view_state_set_neurological (rig->state, neurological);
          check_slice (rig, where, body, neurological);
          check_planes (rig, where, body, neurological);
          check_tile (rig, where, body, neurological);
        }
      pl_view_state_set_volume (rig->state, NULL); /* no view keeps a picture of it */
    }
}

/* Where left–right is the odd dimension, files look like Kaggle's: that their affine is right has
 * to be said, by choosing an axis. */
static const struct
{
  const char *name;
  Body body;
} tests[] = {
  { "/app/orientations/three-sizes", { { 44, 36, 30 }, BY_RULE, PL_PLANE_AXIAL } },
  { "/app/orientations/square-axial", { { 40, 40, 30 }, BY_RULE, PL_PLANE_AXIAL } },
  { "/app/orientations/square-coronal", { { 40, 30, 40 }, BY_RULE, PL_PLANE_CORONAL } },
  { "/app/orientations/chosen-coronal", { { 44, 36, 30 }, FRONT, PL_PLANE_CORONAL } },
  { "/app/orientations/chosen-axial", { { 30, 40, 40 }, HEAD, PL_PLANE_AXIAL } },
};

int
main (int argc, char **argv)
{
  int status;

  view_rig_init (&argc, &argv);
  nifti_folder_make ();
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Rig, &tests[i].body, set_up, test_marks, tear_down);
  status = g_test_run ();
  nifti_folder_remove ();
  return status;
}
