/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/montage-view.h"

#include "image/montage.h"
#include "montage-rig.h"

#define WIDTH 900
#define HEIGHT 640
#define TILE_PX 192

typedef struct
{
  PlVolume *volume;
  PlViewState *state;
  GtkWindow *window;
  GtkWidget *view;
  PlMontageGrid *grid;
  GtkAdjustment *adjustment;
  int opened; /* by "open-tile"; −1: none */
} Rig;

static void
open_tile_cb (Rig *rig)
{
  rig->opened = pl_view_state_get_slice (rig->state);
}

static gboolean
is_laid_out (gpointer data)
{
  const Rig *rig = data;

  return gtk_widget_get_mapped (GTK_WIDGET (rig->grid)) &&
         gtk_adjustment_get_page_size (rig->adjustment) > 0;
}

static gboolean
is_complete (gpointer grid)
{
  return pl_montage_grid_is_complete (grid);
}

static void
rig_init (Rig *rig, int slices, int side)
{
  GtkScrolledWindow *scroller;

  rig->opened = -1;
  rig->volume = pl_rig_volume (slices, side);
  rig->state = pl_rig_state (rig->volume);
  rig->view = g_object_new (PL_TYPE_MONTAGE_VIEW, NULL);
  rig->grid = pl_montage_view_get_grid (PL_MONTAGE_VIEW (rig->view));
  scroller = GTK_SCROLLED_WINDOW (gtk_widget_get_parent (GTK_WIDGET (rig->grid)));
  rig->adjustment = gtk_scrolled_window_get_vadjustment (scroller);
  pl_montage_view_set_state (PL_MONTAGE_VIEW (rig->view), rig->state);
  g_signal_connect_swapped (rig->view, "open-tile", G_CALLBACK (open_tile_cb), rig);
  rig->window = GTK_WINDOW (gtk_window_new ());
  gtk_window_set_decorated (rig->window, FALSE);
  gtk_window_set_default_size (rig->window, WIDTH, HEIGHT);
  gtk_window_set_child (rig->window, rig->view);
  gtk_window_present (rig->window);
  pl_rig_wait (is_laid_out, rig);
}

/* All is gone at once but what a worker still holds, and that soon. */
static void
rig_clear (Rig *rig)
{
  GtkWidget *view = g_object_ref (rig->view);
  GtkWidget *grid = g_object_ref (GTK_WIDGET (rig->grid));

  gtk_window_destroy (rig->window);
  g_assert_finalize_object (view);
  g_assert_finalize_object (grid);
  g_assert_finalize_object (rig->state);
  pl_rig_wait (pl_rig_volume_is_ours_alone, rig->volume);
  pl_volume_unref (rig->volume);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Rig, rig_clear)

/* The middle of the grid's tile of @slice; FALSE if that is not in sight. */
static gboolean
find_tile (const Rig *rig, int slice, double *x, double *y)
{
  int width = gtk_widget_get_width (GTK_WIDGET (rig->grid));
  int height = gtk_widget_get_height (GTK_WIDGET (rig->grid));

  for (int top = 0; top < height; top++)
    for (int left = 0; left < width; left += 16)
      if (pl_montage_grid_subject_at (rig->grid, left, top) == slice)
        {
          *y = top + TILE_PX / 2;
          for (*x = left; pl_montage_grid_subject_at (rig->grid, *x - 1, top) == slice;)
            *x -= 1;
          *x += TILE_PX / 2;
          return *y < height;
        }
  return FALSE;
}

static gboolean
is_whole_in_sight (const Rig *rig, int slice)
{
  double x;
  double y;

  return find_tile (rig, slice, &x, &y) &&
         pl_montage_grid_subject_at (rig->grid, x, y - TILE_PX / 2 + 1) == slice &&
         pl_montage_grid_subject_at (rig->grid, x, y + TILE_PX / 2 - 1) == slice &&
         y + TILE_PX / 2 <= gtk_widget_get_height (GTK_WIDGET (rig->grid));
}

static gboolean
is_for_menus (GtkEventController *controller)
{
  return GTK_IS_GESTURE_CLICK (controller) &&
         gtk_gesture_single_get_button (GTK_GESTURE_SINGLE (controller)) == GDK_BUTTON_SECONDARY;
}

/* (transfer none): the grid's own. */
static GtkEventController *
find_controller (const Rig *rig, GType type)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (GTK_WIDGET (rig->grid));

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (G_TYPE_CHECK_INSTANCE_TYPE (controller, type) && !is_for_menus (controller))
        return controller;
    }
  g_assert_not_reached ();
}

static void
press (const Rig *rig, int n_press, double x, double y)
{
  g_signal_emit_by_name (find_controller (rig, GTK_TYPE_GESTURE_CLICK), "pressed", n_press, x, y);
}

static gboolean
press_key (const Rig *rig, guint key, GdkModifierType modifiers)
{
  gboolean handled = FALSE;

  g_signal_emit_by_name (find_controller (rig, GTK_TYPE_EVENT_CONTROLLER_KEY), "key-pressed", key,
                         0, modifiers, &handled);
  return handled;
}

/* The grid as it is drawn, 0xrrggbb at a point. */
static guint32
get_pixel (const Rig *rig, double x, double y)
{
  int width = gtk_widget_get_width (GTK_WIDGET (rig->grid));
  int height = gtk_widget_get_height (GTK_WIDGET (rig->grid));
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autofree guint32 *pixels = g_new (guint32, (gsize) width * height);
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;

  GTK_WIDGET_GET_CLASS (rig->grid)->snapshot (GTK_WIDGET (rig->grid), snapshot);
  node = gtk_snapshot_free_to_node (snapshot);
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (rig->window)), node,
                                         &GRAPHENE_RECT_INIT (0, 0, width, height));
  gdk_texture_download (texture, (guchar *) pixels, 4 * (gsize) width);
  return pixels[(int) y * width + (int) x] & 0xffffff;
}

static guint32
gray (int level)
{
  return (guint32) (level << 16 | level << 8 | level);
}

/* Light pixels at the lower right. */
static int
count_corner (const Rig *rig)
{
  int width = gtk_widget_get_width (GTK_WIDGET (rig->grid));
  int height = gtk_widget_get_height (GTK_WIDGET (rig->grid));
  int n = 0;

  for (int y = height - 20; y < height - 4; y++)
    for (int x = width - 40; x < width - 12; x++)
      n += (get_pixel (rig, x, y) & 0xff) == 0xd9;
  return n;
}

/* Which convention holds is said where the sides are known. */
static void
test_convention (void)
{
  g_auto (Rig) rig = {};
  PlMontageContent *content;

  rig_init (&rig, 4, 32);
  content = pl_montage_view_get_content (PL_MONTAGE_VIEW (rig.view));
  g_assert_false (pl_montage_content_has_sides (content));
  g_assert_cmpint (count_corner (&rig), ==, 0);
  g_strlcpy (rig.volume->orientation, "SPL", sizeof rig.volume->orientation);
  g_assert_true (pl_montage_content_has_sides (content));
  g_assert_cmpint (count_corner (&rig), >, 5);
  g_strlcpy (rig.volume->orientation, "LPS", sizeof rig.volume->orientation);
  g_assert_false (pl_montage_content_has_sides (content));
}

/* As many columns as fit; with larger tiles fewer, with smaller ones more. */
static void
test_columns (void)
{
  g_auto (Rig) rig = {};
  int width;

  rig_init (&rig, 100, 32);
  width = gtk_widget_get_width (GTK_WIDGET (rig.grid));
  g_assert_cmpint (width, >=, WIDTH - 40);
  g_assert_cmpint (pl_montage_grid_get_columns (rig.grid), ==, (width - 8) / (TILE_PX + 8));
  pl_montage_grid_set_tile_px (rig.grid, 1, -1);
  g_assert_cmpint (pl_montage_grid_get_columns (rig.grid), ==, (width - 8) / (PL_TILE_MIN_PX + 8));
  pl_montage_grid_set_tile_px (rig.grid, 1e6, -1);
  g_assert_cmpint (pl_montage_grid_get_columns (rig.grid), ==, (width - 8) / (PL_TILE_MAX_PX + 8));
}

/* The tile under the pointer stays at its height while tiles grow. */
static void
test_tile_size (void)
{
  g_auto (Rig) rig = {};
  double x;
  double y;

  rig_init (&rig, 2000, 8);
  g_assert_true (find_tile (&rig, 1001, &x, &y));
  for (double tile_px = TILE_PX; tile_px > PL_TILE_MIN_PX; tile_px /= 1.1)
    {
      double left;
      gboolean found = FALSE;

      pl_montage_grid_set_tile_px (rig.grid, tile_px, 1001);
      for (left = 0; left < WIDTH; left += 8)
        found |= pl_montage_grid_subject_at (rig.grid, left, y - TILE_PX / 2 + 1) == 1001;
      g_assert_true (found);
    }
}

static void
test_drawn (void)
{
  g_auto (Rig) rig = {};
  g_autoptr (PlMask) mask = NULL;
  double x;
  double y;

  rig_init (&rig, 60, 64);
  pl_rig_wait (is_complete, rig.grid);
  g_assert_true (find_tile (&rig, 30, &x, &y));
  g_assert_cmphex (get_pixel (&rig, x, y), ==, gray (70));
  g_assert_cmphex (get_pixel (&rig, x - TILE_PX / 2 - 2, y), ==, 0xffffff);
  g_assert_true (find_tile (&rig, 31, &x, &y));
  g_assert_cmphex (get_pixel (&rig, x, y), ==, gray (71));

  mask = pl_rig_mask (rig.volume, 60);
  pl_view_state_set_truth (rig.state, mask);
  g_assert_cmphex (get_pixel (&rig, x - TILE_PX / 4, y), ==, gray (71));
  pl_rig_wait (is_complete, rig.grid);
  g_assert_cmphex (get_pixel (&rig, x - TILE_PX / 4, y), ==, PL_TRUTH_RGB);
  g_assert_cmphex (get_pixel (&rig, x, y), ==, gray (71));
}

/* A volume that loads: dark tiles with numbers, then slices. */
static void
test_loading (void)
{
  g_auto (Rig) rig = {};
  double x;
  double y;

  rig_init (&rig, 6, 64);
  pl_volume_set_ready_slices (rig.volume, 0);
  pl_view_state_set_volume (rig.state, NULL);
  g_assert_cmpint (pl_montage_grid_subject_at (rig.grid, 100, 100), ==, -1);
  pl_view_state_set_volume (rig.state, rig.volume);
  pl_rig_wait (is_laid_out, &rig);
  g_assert_true (find_tile (&rig, 2, &x, &y));
  g_assert_cmphex (get_pixel (&rig, x, y), <, gray (40));

  pl_volume_set_ready_slices (rig.volume, 6);
  pl_view_state_slices_arrived (rig.state);
  pl_rig_wait (is_complete, rig.grid);
  g_assert_cmphex (get_pixel (&rig, x, y), ==, gray (42));
}

/* Wherever the state's slice goes, its tile is in sight, also when the window is lower. */
static void
test_follows_state (void)
{
  g_auto (Rig) rig = {};
  double value;

  rig_init (&rig, 2000, 8);
  g_assert_true (is_whole_in_sight (&rig, 1000));
  for (int slice = 0; slice < 2000; slice += 83)
    {
      pl_view_state_set_slice (rig.state, slice);
      g_assert_true (is_whole_in_sight (&rig, slice));
    }
  value = gtk_adjustment_get_value (rig.adjustment);
  pl_view_state_set_slice (rig.state, pl_view_state_get_slice (rig.state) - 1);
  g_assert_cmpfloat (gtk_adjustment_get_value (rig.adjustment), ==, value);
  pl_view_state_set_slice (rig.state, 1999);
  pl_rig_wait (is_complete, rig.grid);
  gtk_test_accessible_assert_property (rig.grid, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                       "Slice 2000 of 2000");
}

/* The user can scroll away from the selection; a case of as many slices is shown at the same place,
 * another around its middle. */
static void
test_scroll (void)
{
  g_auto (Rig) rig = {};
  g_autoptr (PlVolume) same = pl_rig_volume (2000, 16);
  g_autoptr (PlVolume) shorter = pl_rig_volume (200, 16);
  double top;

  rig_init (&rig, 2000, 16);
  pl_rig_wait (is_complete, rig.grid);
  gtk_adjustment_set_value (rig.adjustment, 3456);
  g_assert_false (is_whole_in_sight (&rig, 1000));
  g_assert_cmpint (pl_view_state_get_slice (rig.state), ==, 1000);
  pl_view_state_set_volume (rig.state, same);
  g_assert_cmpfloat (gtk_adjustment_get_value (rig.adjustment), ==, 3456);
  pl_view_state_set_volume (rig.state, shorter);
  top = gtk_adjustment_get_value (rig.adjustment);
  g_assert_true (is_whole_in_sight (&rig, 100));
  g_assert_cmpfloat (top, <, 200 * (TILE_PX + 8) / 4);
}

static void
test_click (void)
{
  g_auto (Rig) rig = {};
  double x;
  double y;

  rig_init (&rig, 60, 16);
  g_assert_true (find_tile (&rig, 31, &x, &y));
  press (&rig, 1, x, y);
  g_assert_cmpint (pl_view_state_get_slice (rig.state), ==, 31);
  g_assert_cmpint (rig.opened, ==, -1);
  press (&rig, 2, x, y);
  g_assert_cmpint (rig.opened, ==, 31);

  rig.opened = -1;
  press (&rig, 1, 1, y);
  press (&rig, 2, 1, y);
  g_assert_cmpint (pl_view_state_get_slice (rig.state), ==, 31);
  g_assert_cmpint (rig.opened, ==, -1);
}

static void
test_keys (void)
{
  g_auto (Rig) rig = {};
  int columns;
  int page;

  rig_init (&rig, 200, 16);
  columns = pl_montage_grid_get_columns (rig.grid);
  page = pl_montage_grid_get_page (rig.grid);
  g_assert_cmpint (page, ==, 2 * columns);

  const struct
  {
    guint key;
    int slice;
  } steps[] = {
    { GDK_KEY_Home, 0 },
    { GDK_KEY_Left, 0 },
    { GDK_KEY_Right, 1 },
    { GDK_KEY_Down, 1 + columns },
    { GDK_KEY_Page_Down, 1 + columns + page },
    { GDK_KEY_Page_Up, 1 + columns },
    { GDK_KEY_Up, 1 },
    { GDK_KEY_End, 199 },
    { GDK_KEY_Page_Down, 199 },
    { GDK_KEY_KP_Left, 198 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_assert_true (press_key (&rig, steps[i].key, 0));
      g_assert_cmpint (pl_view_state_get_slice (rig.state), ==, steps[i].slice);
      g_assert_true (is_whole_in_sight (&rig, steps[i].slice));
    }
  g_assert_false (press_key (&rig, GDK_KEY_Home, GDK_CONTROL_MASK));
  g_assert_false (press_key (&rig, GDK_KEY_space, 0));
  g_assert_cmpint (rig.opened, ==, -1);
  g_assert_true (press_key (&rig, GDK_KEY_Return, 0));
  g_assert_cmpint (rig.opened, ==, 198);
}

/* A view without a volume takes clicks and keys, too. */
static void
test_empty (void)
{
  g_auto (Rig) rig = {};

  rig_init (&rig, 6, 16);
  pl_view_state_set_volume (rig.state, NULL);
  press (&rig, 1, 100, 100);
  press (&rig, 2, 100, 100);
  press_key (&rig, GDK_KEY_Return, 0);
  press_key (&rig, GDK_KEY_End, 0);
  g_assert_cmpint (rig.opened, ==, -1);
  g_assert_true (pl_montage_grid_is_complete (rig.grid));
  g_assert_cmpint (pl_montage_grid_subject_at (rig.grid, 100, 100), ==, -1);
}

static void
test_finalize_while_drawing (void)
{
  for (int i = 0; i < 3; i++)
    {
      g_auto (Rig) rig = {};

      rig_init (&rig, 40, 512);
      /* The test, the state, and what the workers are given. */
      while (g_atomic_int_get (&rig.volume->ref_count) <= 2)
        g_main_context_iteration (NULL, TRUE);
      g_assert_false (pl_montage_grid_is_complete (rig.grid));
    }
}

int
main (int argc, char **argv)
{
  g_setenv ("GTK_A11Y", "test", TRUE);
  g_test_init (&argc, &argv, NULL);
  if (!gtk_init_check ())
    {
      g_print ("1..0 # SKIP no display\n"); /* in TAP, a status of 77 is a failure */
      return 0;
    }
  g_test_add_func ("/app/montage-view/convention", test_convention);
  g_test_add_func ("/app/montage-view/columns", test_columns);
  g_test_add_func ("/app/montage-view/tile-size", test_tile_size);
  g_test_add_func ("/app/montage-view/drawn", test_drawn);
  g_test_add_func ("/app/montage-view/loading", test_loading);
  g_test_add_func ("/app/montage-view/follows-state", test_follows_state);
  g_test_add_func ("/app/montage-view/scroll", test_scroll);
  g_test_add_func ("/app/montage-view/click", test_click);
  g_test_add_func ("/app/montage-view/keys", test_keys);
  g_test_add_func ("/app/montage-view/empty", test_empty);
  g_test_add_func ("/app/montage-view/finalize-while-drawing", test_finalize_while_drawing);
  return g_test_run ();
}
