/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Widgets are drawn by cairo to memory: what is tested is what they say is to be drawn. */
#include "ui/view-rig.h"

#include <math.h>
#include <stdlib.h>

void
view_rig_init (int *argc, char ***argv)
{
  g_setenv ("GTK_A11Y", "test", TRUE);
  g_test_init (argc, argv, NULL);
  if (gtk_init_check ())
    return;
  g_print ("1..0 # SKIP no display\n");
  exit (0);
}

PlVolume *
view_rig_volume (int slices, int rows, int columns, gint16 hu)
{
  PlImageHeader header = {
    .shape = { slices, rows, columns },
    .stored = PL_DTYPE_INT16,
    .n_samples = 1,
    .pages = 1,
    .spacing_mm = { 1, 1, 1 },
    .slope = 1,
    .axis = { 0, 1, 2 },
  };
  g_autoptr (GError) error = NULL;
  PlVolume *volume = pl_volume_new (&header, PL_DTYPE_INT16, NULL, &error);

  g_assert_no_error (error);
  for (int i = 0; i < slices * rows * columns; i++)
    ((gint16 *) volume->voxels)[i] = hu;
  pl_volume_set_ready_slices (volume, slices);
  return volume;
}

gint16 *
view_rig_voxel (PlVolume *volume, int slice, int row, int column)
{
  return (gint16 *) volume->voxels + (slice * volume->n[1] + row) * volume->n[2] + column;
}

PlMask *
view_rig_mask (const PlVolume *volume, int row0, int row1, int column0, int column1)
{
  const int *n = volume->n;
  guint8 *labels = g_malloc0 ((gsize) n[0] * (gsize) n[1] * (gsize) n[2]);

  for (int s = 0; s < n[0]; s++)
    for (int r = row0; r < row1; r++)
      for (int c = column0; c < column1; c++)
        labels[(s * n[1] + r) * n[2] + c] = 1;
  return pl_mask_new_take (n, labels);
}

void
view_rig_resize (GtkWidget *widget, int width, int height)
{
  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, NULL, NULL, NULL, NULL);
  gtk_widget_measure (widget, GTK_ORIENTATION_VERTICAL, width, NULL, NULL, NULL, NULL);
  gtk_widget_allocate (widget, width, height, -1, NULL);
}

cairo_surface_t *
view_rig_draw (GtkWidget *widget)
{
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  cairo_surface_t *picture = cairo_image_surface_create (
      CAIRO_FORMAT_RGB24, gtk_widget_get_width (widget), gtk_widget_get_height (widget));
  cairo_t *cr = cairo_create (picture);
  GskRenderNode *node;

  GTK_WIDGET_GET_CLASS (widget)->snapshot (widget, snapshot);
  node = gtk_snapshot_free_to_node (snapshot);
  gsk_render_node_draw (node, cr);
  gsk_render_node_unref (node);
  cairo_destroy (cr);
  cairo_surface_flush (picture);
  return picture;
}

guint32
view_rig_pixel (cairo_surface_t *picture, int x, int y)
{
  const guint8 *row =
      cairo_image_surface_get_data (picture) + y * cairo_image_surface_get_stride (picture);

  g_assert_cmpint (x, <, cairo_image_surface_get_width (picture));
  g_assert_cmpint (y, <, cairo_image_surface_get_height (picture));
  return ((const guint32 *) (const void *) row)[x] & 0xffffff;
}

void
view_rig_check_pixel (const char *where, cairo_surface_t *picture, int x, int y, guint32 rgb)
{
  guint32 found = view_rig_pixel (picture, x, y);

  for (int shift = 0; shift <= 16; shift += 8)
    if (ABS ((int) (found >> shift & 0xff) - (int) (rgb >> shift & 0xff)) > 2)
      g_error ("%s: pixel %d, %d is #%06x instead of #%06x", where, x, y, found, rgb);
}

guint32
view_rig_blend (guint32 under, guint32 over, double opacity)
{
  guint32 rgb = 0;

  for (int shift = 0; shift <= 16; shift += 8)
    rgb |= (guint32) lround ((1 - opacity) * (under >> shift & 0xff) +
                             opacity * (over >> shift & 0xff))
           << shift;
  return rgb;
}
