/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A plot as a file of each kind. */
#include "app/plot-export.h"

#include "support/scratch.h"

#include <cairo.h>
#include <math.h>
#include <string.h>

typedef struct
{
  PlPlotScene scene;
  char *folder;
} Rig;

static void
set_up (Rig *rig, gconstpointer data)
{
  const PlCurvePoint points[] = {
    { { 1, 0.5, 0.25 }, 0.75, NAN, NAN },
    { { 2, 1, 1e-7 + 0.5 }, NAN, NAN, NAN },
    { { 3, 1.5, 0.75 }, 0.5, 0.25F, 0.625F },
  };

  pl_plot_scene_init (&rig->scene);
  rig->scene.title = g_strdup ("Loss");
  pl_plot_scene_add_curve (&rig->scene, "mean, of \"5\"", 0xff0000, PL_CURVE_DOTS);
  for (gsize i = 0; i < G_N_ELEMENTS (points); i++)
    pl_curve_append (pl_plot_scene_get_curve (&rig->scene, 0)->data, &points[i]);
  rig->folder = pl_scratch_new ();
}

static void
tear_down (Rig *rig, gconstpointer data)
{
  pl_plot_scene_clear (&rig->scene);
  pl_scratch_remove (rig->folder);
  g_free (rig->folder);
}

static char *export(Rig *rig, const char *name, gsize *length)
{
  g_autofree char *path = g_build_filename (rig->folder, name, NULL);
  g_autoptr (GError) error = NULL;
  PlPlotExport *job = pl_plot_export_new (&rig->scene, path, &error);
  char *contents = NULL;

  g_assert_no_error (error);
  g_assert_true (pl_plot_export_write (job, &error));
  g_assert_no_error (error);
  pl_plot_export_free (job);
  g_assert_true (g_file_get_contents (path, &contents, length, NULL));
  return contents;
}

static void
test_values (Rig *rig, gconstpointer data)
{
  g_autofree char *text = export(rig, "plot.csv", NULL);

  g_assert_cmpstr (text, ==,
                   "curve,step,epoch,time_s,value,low,high\n"
                   "\"mean, of \"\"5\"\"\",1,0.5,0.25,0.75,,\n"
                   "\"mean, of \"\"5\"\"\",2,1,0.5000001,,,\n"
                   "\"mean, of \"\"5\"\"\",3,1.5,0.75,0.5,0.25,0.625\n");
}

static void
test_vectors (Rig *rig, gconstpointer data)
{
  gsize length;
  g_autofree char *svg = export(rig, "plot.svg", &length);
  g_autofree char *pdf = NULL;

  g_assert_nonnull (g_strstr_len (svg, (gssize) length, "<svg"));
  g_assert_nonnull (g_strstr_len (svg, (gssize) length, "</svg>"));
  g_assert_null (g_strstr_len (svg, (gssize) length, "<image")); /* no pixels in it */
  pdf = export(rig, "plot.pdf", &length);
  g_assert_true (g_str_has_prefix (pdf, "%PDF-"));
}

/* White, with the curve's red in it. */
static void
test_picture (Rig *rig, gconstpointer data)
{
  g_autofree char *png = export(rig, "plot.png", NULL);
  g_autofree char *path = g_build_filename (rig->folder, "plot.png", NULL);
  cairo_surface_t *picture = cairo_image_surface_create_from_png (path);
  const guint32 *row;
  int n_red = 0;

  g_assert_cmpint (cairo_surface_status (picture), ==, CAIRO_STATUS_SUCCESS);
  g_assert_cmpint (cairo_image_surface_get_width (picture), ==, 1440);
  for (int y = 0; y < cairo_image_surface_get_height (picture); y++)
    {
      row = (const guint32 *) (const void *) (cairo_image_surface_get_data (picture) +
                                              y * cairo_image_surface_get_stride (picture));
      if (y == 0)
        g_assert_cmphex (row[0] & 0xffffff, ==, 0xffffff);
      for (int x = 0; x < 1440; x++)
        n_red += (row[x] & 0xffffff) == 0xff0000;
    }
  g_assert_cmpint (n_red, >, 300);
  cairo_surface_destroy (picture);
}

/* What comes later is not in it. */
static void
test_snapshot (Rig *rig, gconstpointer data)
{
  g_autofree char *path = g_build_filename (rig->folder, "plot.csv", NULL);
  const PlCurvePoint late = { { 4, 2, 1 }, 1, NAN, NAN };
  PlPlotExport *job = pl_plot_export_new (&rig->scene, path, NULL);
  g_autofree char *text = NULL;

  pl_curve_append (pl_plot_scene_get_curve (&rig->scene, 0)->data, &late);
  g_assert_true (pl_plot_export_write (job, NULL));
  pl_plot_export_free (job);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_null (strstr (text, "\",4,"));
}

static void
test_errors (Rig *rig, gconstpointer data)
{
  g_autofree char *missing = g_build_filename (rig->folder, "none", "plot.png", NULL);
  g_autoptr (GError) error = NULL;
  PlPlotExport *job = pl_plot_export_new (&rig->scene, "plot.gif", &error);

  g_assert_null (job);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_FILENAME);
  g_clear_error (&error);
  job = pl_plot_export_new (&rig->scene, missing, &error);
  g_assert_no_error (error);
  g_assert_false (pl_plot_export_write (job, &error));
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, "plot.png"));
  pl_plot_export_free (job);
}

#define ADD(name, test) g_test_add ("/app/plot-export/" name, Rig, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("values", test_values);
  ADD ("vectors", test_vectors);
  ADD ("picture", test_picture);
  ADD ("snapshot", test_snapshot);
  ADD ("errors", test_errors);
  return g_test_run ();
}
