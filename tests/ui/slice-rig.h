/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/slice-view-private.h"

#include "ui/view-rig.h"

/* What the tests of the slice view have in common. The image is 10 × 10 pixels in a view of
 * 200 × 200, so that pixel (r, c) covers 20 × 20. Its middle is at (20 c + 10, 20 r + 10). Scaling
 * blends neighbours, so what is looked at lies in patches of 3 × 3. */

#define BLACK 0x000000u
#define WHITE 0xffffffu

/* Shown black and white through the lung window. */
#define BLACK_HU (-1350)
#define WHITE_HU 150

typedef struct
{
  PlVolume *volume;
  PlViewState *state;
  GtkWidget *view;
} SliceRig;

static inline void
slice_rig_set_up_pane (SliceRig *rig, PlPane pane)
{
  rig->volume = view_rig_volume (3, 10, 10, BLACK_HU);
  rig->state = pl_view_state_new ();
  pl_view_state_set_volume (rig->state, rig->volume);
  rig->view = g_object_ref_sink (pl_slice_view_new (rig->state, pane));
  view_rig_resize (rig->view, 200, 200);
}

static inline void
slice_rig_set_up (SliceRig *rig, gconstpointer data)
{
  slice_rig_set_up_pane (rig, PL_PANE_ALL);
}

static inline void
slice_rig_tear_down (SliceRig *rig, gconstpointer data)
{
  g_assert_finalize_object (rig->view);
  g_assert_finalize_object (rig->state);
  pl_volume_unref (rig->volume);
}

/* What is beyond the image is left out. */
static inline void
slice_rig_set_patch (SliceRig *rig, int row, int column, gint16 hu)
{
  for (int r = MAX (row - 1, 0); r <= MIN (row + 1, 9); r++)
    for (int c = MAX (column - 1, 0); c <= MIN (column + 1, 9); c++)
      *view_rig_voxel (rig->volume, 1, r, c) = hu;
}

static inline void
slice_rig_assert_pixel (SliceRig *rig, int x, int y, guint32 rgb)
{
  cairo_surface_t *picture = view_rig_draw (rig->view);

  view_rig_assert_pixel (picture, x, y, rgb);
  cairo_surface_destroy (picture);
}

/* (transfer none): the only controller of this kind. */
static inline gpointer
slice_rig_find_controller (SliceRig *rig, GType type)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (rig->view);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GObject) controller = g_list_model_get_item (controllers, i);

      if (G_TYPE_CHECK_INSTANCE_TYPE (controller, type))
        return controller;
    }
  g_assert_not_reached ();
}

static inline void
slice_rig_move_pointer (SliceRig *rig, double x, double y)
{
  g_signal_emit_by_name (slice_rig_find_controller (rig, GTK_TYPE_EVENT_CONTROLLER_MOTION),
                         "motion", x, y);
}

static inline void
slice_rig_drag (SliceRig *rig, double dx, double dy)
{
  gpointer controller = slice_rig_find_controller (rig, GTK_TYPE_GESTURE_DRAG);

  g_signal_emit_by_name (controller, "drag-begin", 100.0, 100.0);
  g_signal_emit_by_name (controller, "drag-update", dx, dy);
  g_signal_emit_by_name (controller, "drag-end", dx, dy);
}

static inline void
slice_rig_pinch (SliceRig *rig, double scale)
{
  gpointer controller = slice_rig_find_controller (rig, GTK_TYPE_GESTURE_ZOOM);

  g_signal_emit_by_name (controller, "begin", NULL);
  g_signal_emit_by_name (controller, "scale-changed", scale);
}

static inline void
slice_rig_assert_probe (SliceRig *rig, int row, int column)
{
  int found_row;
  int found_column;

  pl_view_state_get_probe (rig->state, &found_row, &found_column);
  g_assert_cmpint (found_row, ==, row);
  g_assert_cmpint (found_column, ==, column);
}
