/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The volume of a 4D file and the slice axis: what is shown, what is remembered, and what becomes
 * of masks and predictions.
 */
#include "ui/window-rig.h"

#include "image/nifti-write.h"
#include "image/tiff-write.h"

#include <math.h>

#define N_VOLUMES 3

/* Cases in the order of the list: a 4D file with a 3D mask, a volume and a slice. */
enum
{
  SEVERAL,
  SINGLE,
  SLICE,
};
static const int shape[3] = { 10, 16, 16 };

static char *
dup_path (const char *folder, const char *name)
{
  g_autofree char *parent = g_build_filename (window_rig_scratch (), "read", folder, NULL);

  g_mkdir_with_parents (parent, 0755);
  return g_build_filename (parent, name, NULL);
}

/* Value v × 100 + x; the mask is 1 where x is odd. The shape and the affine are like Kaggle's: the
 * rule takes the axis that it calls left–right. */
static void
write_volume (const char *folder, const char *name, int n_volumes, gboolean is_mask)
{
  g_autofree char *path = dup_path (folder, name);
  g_autofree char *bytes = NULL;
  g_autoptr (GByteArray) file = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  const gint16 dims[] = { n_volumes > 1 ? 4 : 3, 10, 16, 16, (gint16) n_volumes };
  gint16 voxels[2560];
  gsize n;
  PlImageHeader header = {
    .format = PL_FORMAT_NIFTI1,
    .shape = { shape[0], shape[1], shape[2] },
    .stored = PL_DTYPE_INT16,
    .n_samples = 1,
    .pages = 1,
    .spacing_mm = { 1, 1, 1 },
    .has_affine = TRUE,
    .affine = { { 1, 0, 0, 0 }, { 0, 1, 0, 0 }, { 0, 0, 1, 0 } },
    .slope = 1,
  };

  pl_header_choose_axes (&header, 0);
  for (int v = 0; v < n_volumes; v++)
    {
      for (int i = 0; i < 2560; i++)
        voxels[i] = (gint16) (is_mask ? i / 256 % 2 : 100 * v + i / 256);
      pl_nifti_write (path, &header, PL_DTYPE_INT16, voxels, 1, 0, NULL, &error);
      g_assert_no_error (error);
      g_clear_pointer (&bytes, g_free);
      g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));
      g_assert_cmpuint (n, ==, 352 + sizeof voxels);
      memcpy (bytes + 40, dims, sizeof dims);
      g_byte_array_append (file, (const guint8 *) bytes + (v == 0 ? 0 : 352),
                           (guint) (v == 0 ? n : n - 352));
    }
  g_assert_true (g_file_set_contents (path, (const char *) file->data, file->len, NULL));
}

static void
open_cases (WindowRig *rig)
{
  static const int n[3] = { 1, 16, 16 };
  static const gint16 pixels[256];
  g_autofree char *slice = dup_path ("images", "c.tif");
  g_autofree char *folder = g_build_filename (window_rig_scratch (), "read", NULL);
  g_autoptr (GError) error = NULL;

  write_volume ("images", "a.nii", N_VOLUMES, FALSE);
  write_volume ("masks", "a.nii", 1, TRUE);
  write_volume ("images", "b.nii", 1, FALSE);
  pl_tiff_write (slice, n, PL_DTYPE_INT16, pixels, NULL, NULL, &error);
  g_assert_no_error (error);
  window_rig_open (rig, folder);
  window_rig_wait (g_list_model_get_n_items (G_LIST_MODEL (rig->window->cases)) == 3, 20);
  window_rig_show_case (rig, SEVERAL);
}

static void
wait_for_case (WindowRig *rig)
{
  window_rig_wait (rig->window->volume_is_current && window_rig_is (rig, "loading", "false"), 20);
}

/* Of slice @slice; all its pixels are of one value while the axis is the first. */
static double
value_of (WindowRig *rig, int slice)
{
  return pl_volume_value (pl_view_state_get_volume (rig->window->state), slice, 0, 0);
}

static gboolean
shows_volumes (WindowRig *rig)
{
  return gtk_widget_get_visible (window_rig_child (rig->window->view_bar, "volume_box"));
}

static void
test_volume (WindowRig *rig, gconstpointer data)
{
  GtkSpinButton *spin;

  open_cases (rig);
  g_assert_true (window_rig_is_enabled (rig, "volume"));
  g_assert_true (shows_volumes (rig));
  g_assert_cmpstr (window_rig_label (rig->window->view_bar, "volume_label"), ==, "/ 3");
  window_rig_activate (rig, "slice(3)");
  g_assert_cmpfloat (value_of (rig, 3), ==, 3);
  window_rig_activate (rig, "volume(1)");
  window_rig_assert_is (rig, "loading", "true");
  wait_for_case (rig);
  g_assert_cmpfloat (value_of (rig, 3), ==, 103);
  window_rig_assert_is (rig, "slice", "3");
  g_assert_nonnull (pl_view_state_get_truth (rig->window->state));
  window_rig_activate (rig, "volume(7)");
  window_rig_assert_is (rig, "volume", "2");
  wait_for_case (rig);
  g_assert_cmpfloat (value_of (rig, 3), ==, 203);

  spin = window_rig_child (rig->window->view_bar, "volume_spin");
  g_assert_cmpfloat (gtk_spin_button_get_value (spin), ==, 3);
  gtk_spin_button_set_value (spin, 2);
  window_rig_assert_is (rig, "volume", "1");
  wait_for_case (rig);
  g_assert_cmpfloat (value_of (rig, 3), ==, 103);
}

/* Of two choices in a row the last one is shown. */
static void
test_hasty (WindowRig *rig, gconstpointer data)
{
  open_cases (rig);
  for (int i = 0; i < 20; i++)
    {
      window_rig_activate (rig, "volume(1)");
      window_rig_activate (rig, "slice-axis::2");
      window_rig_activate (rig, "volume(2)");
      window_rig_activate (rig, "slice-axis::auto");
    }
  wait_for_case (rig);
  g_assert_cmpfloat (value_of (rig, 3), ==, 203);
  g_assert_cmpint (pl_view_state_get_n_slices (rig->window->state), ==, shape[0]);
}

/* The choice is the case's. */
static void
test_remembered (WindowRig *rig, gconstpointer data)
{
  open_cases (rig);
  window_rig_activate (rig, "volume(2)");
  window_rig_activate (rig, "slice-axis::1");
  wait_for_case (rig);
  window_rig_show_case (rig, SINGLE);
  window_rig_assert_is (rig, "volume", "0");
  window_rig_assert_is (rig, "slice-axis", "'auto'");
  g_assert_false (window_rig_is_enabled (rig, "volume"));
  g_assert_true (window_rig_is_enabled (rig, "slice-axis"));
  g_assert_false (shows_volumes (rig));
  g_assert_cmpfloat (value_of (rig, 3), ==, 3);
  window_rig_show_case (rig, SLICE);
  g_assert_false (window_rig_is_enabled (rig, "volume"));
  g_assert_false (window_rig_is_enabled (rig, "slice-axis"));
  window_rig_show_case (rig, SEVERAL);
  window_rig_assert_is (rig, "volume", "2");
  window_rig_assert_is (rig, "slice-axis", "'1'");
  g_assert_true (shows_volumes (rig));
  g_assert_cmpint (pl_view_state_get_n_slices (rig->window->state), ==, shape[1]);
  g_assert_cmpfloat (value_of (rig, 0), ==, 200);
}

/* It is 1 where the image's value is odd. */
static void
assert_mask_follows (WindowRig *rig)
{
  PlVolume *volume = pl_view_state_get_volume (rig->window->state);
  PlMask *truth = pl_view_state_get_truth (rig->window->state);

  g_assert_nonnull (truth);
  for (int s = 0; s < truth->n[0]; s++)
    for (int r = 0; r < truth->n[1]; r++)
      for (int c = 0; c < truth->n[2]; c++)
        {
          int value = (int) pl_volume_value (volume, s, r, c);

          g_assert_cmpint (pl_mask_slice (truth, s)[r * truth->n[2] + c], ==, value % 2);
        }
}

/* Chooses it, and looks where the patient's sides are said to be. */
static void
assert_axis (WindowRig *rig, const char *name, int n_slices, const char *orientation)
{
  g_autofree char *action = g_strdup_printf ("slice-axis::%s", name);
  g_autofree char *state = g_strdup_printf ("'%s'", name);

  window_rig_activate (rig, action);
  wait_for_case (rig);
  window_rig_assert_is (rig, "slice-axis", state);
  g_assert_cmpint (pl_view_state_get_n_slices (rig->window->state), ==, n_slices);
  g_assert_cmpstr (pl_view_state_get_volume (rig->window->state)->orientation, ==, orientation);
  assert_mask_follows (rig);
}

/* The affine is believed where it calls the chosen axis feet–head: the patient's right, where x is
 * highest, comes to the left. */
static void
test_axis (WindowRig *rig, gconstpointer data)
{
  open_cases (rig);
  window_rig_assert_is (rig, "slice-axis", "'auto'");
  assert_axis (rig, "1", shape[1], "");
  assert_axis (rig, "2", shape[2], "SPL");
  g_assert_cmpfloat (value_of (rig, 0), ==, shape[0] - 1);
  window_rig_activate (rig, "slice-axis::7");
  window_rig_assert_is (rig, "slice-axis", "'2'");
  assert_axis (rig, "auto", shape[0], "");
  assert_axis (rig, "2", shape[2], "SPL");
}

/* The place in the case comes back when it has been read the other way again. */
static void
test_undo (WindowRig *rig, gconstpointer data)
{
  open_cases (rig);
  window_rig_activate (rig, "crosshair((3, 2, 5))");
  window_rig_activate (rig, "volume(1)");
  wait_for_case (rig);
  window_rig_activate (rig, "slice-axis::2");
  wait_for_case (rig);
  window_rig_assert_is (rig, "crosshair", "(8, 8, 5)");
  pl_volume_cache_clear (rig->window->volumes);
  window_rig_activate (rig, "undo");
  window_rig_assert_is (rig, "loading", "true");
  g_assert_false (window_rig_is_enabled (rig, "undo"));
  g_assert_false (window_rig_is_enabled (rig, "redo"));
  wait_for_case (rig);
  window_rig_assert_is (rig, "slice-axis", "'auto'");
  window_rig_assert_is (rig, "volume", "1");
  window_rig_assert_is (rig, "crosshair", "(3, 2, 5)");
  window_rig_activate (rig, "undo");
  wait_for_case (rig);
  window_rig_assert_is (rig, "volume", "0");
  g_assert_cmpfloat (value_of (rig, 3), ==, 3);
  window_rig_activate (rig, "undo");
  window_rig_assert_is (rig, "crosshair", "(5, 8, 8)");
  g_assert_false (window_rig_is_enabled (rig, "undo"));
  for (int i = 0; i < 3; i++)
    {
      window_rig_activate (rig, "redo");
      wait_for_case (rig);
    }
  window_rig_assert_is (rig, "slice-axis", "'2'");
  window_rig_assert_is (rig, "crosshair", "(8, 8, 5)");
}

/* Who goes on to another case meanwhile keeps the place there. */
static void
test_undo_and_leave (WindowRig *rig, gconstpointer data)
{
  open_cases (rig);
  window_rig_activate (rig, "crosshair((3, 2, 5))");
  window_rig_activate (rig, "slice-axis::2");
  wait_for_case (rig);
  pl_volume_cache_clear (rig->window->volumes);
  window_rig_activate (rig, "undo");
  window_rig_assert_is (rig, "loading", "true");
  window_rig_show_case (rig, SINGLE);
  g_assert_false (window_rig_is (rig, "slice", "3"));
  g_assert_false (window_rig_is_enabled (rig, "undo"));
  window_rig_show_case (rig, SEVERAL);
  window_rig_assert_is (rig, "slice-axis", "'auto'");
}

static void
test_prediction_of_another (WindowRig *rig, gconstpointer data)
{
  PlCaseItem *item;

  open_cases (rig);
  item = rig->window->current;
  pl_case_item_set_prediction (item, pl_view_state_get_truth (rig->window->state));
  pl_app_window_show_prediction (rig->window);
  g_assert_true (window_rig_is_enabled (rig, "export-mask"));
  window_rig_activate (rig, "volume(1)");
  wait_for_case (rig);
  g_assert_null (pl_view_state_get_prediction (rig->window->state));
  g_assert_false (window_rig_is_enabled (rig, "export-mask"));
  window_rig_activate (rig, "volume(0)");
  wait_for_case (rig);
  g_assert_nonnull (pl_view_state_get_prediction (rig->window->state));
  window_rig_activate (rig, "slice-axis::1");
  wait_for_case (rig);
  g_assert_null (pl_view_state_get_prediction (rig->window->state));
}

/* What is being predicted is predicted as it is read in the end. */
static void
test_change_while_predicting (WindowRig *rig, gconstpointer data)
{
  PlMask *prediction;

  window_rig_train (rig, 1);
  window_rig_wait (!window_rig_is (rig, "prediction-state", "'running'"), 20);
  window_rig_show_volume (rig);
  window_rig_activate (rig, "predict");
  window_rig_assert_is (rig, "prediction-state", "'running'");
  window_rig_activate (rig, "slice-axis::1");
  wait_for_case (rig);
  window_rig_wait (window_rig_is (rig, "prediction-state", "'done'"), 30);
  prediction = pl_view_state_get_prediction (rig->window->state);
  g_assert_nonnull (prediction);
  g_assert_cmpint (prediction->n[0], ==, 64);
  g_assert_false (isnan (pl_case_item_get_dice (rig->window->current)));
}

/* The preview is of the slice as it is read now. */
static void
test_change_while_training (WindowRig *rig, gconstpointer data)
{
  PlViewState *state = rig->window->state;
  PlMask *preview = NULL;

  window_rig_prepare (rig, WINDOW_RIG_FOR_EVER);
  window_rig_show_volume (rig);
  window_rig_activate (rig, "train");
  window_rig_wait (pl_view_state_get_preview (state, pl_view_state_get_slice (state)) != NULL, 30);
  window_rig_activate (rig, "slice-axis::1");
  wait_for_case (rig);
  window_rig_wait (
      (preview = pl_view_state_get_preview (state, pl_view_state_get_slice (state))) != NULL, 30);
  g_assert_cmpint (preview->n[1], ==, pl_view_state_get_volume (state)->n[1]);
  g_assert_cmpint (preview->n[2], ==, pl_view_state_get_volume (state)->n[2]);
}

int
main (int argc, char **argv)
{
  window_rig_init (&argc, &argv);
  WINDOW_RIG_ADD ("/app/window-reading/volume", test_volume);
  WINDOW_RIG_ADD ("/app/window-reading/hasty", test_hasty);
  WINDOW_RIG_ADD ("/app/window-reading/remembered", test_remembered);
  WINDOW_RIG_ADD ("/app/window-reading/axis", test_axis);
  WINDOW_RIG_ADD ("/app/window-reading/undo", test_undo);
  WINDOW_RIG_ADD ("/app/window-reading/undo-and-leave", test_undo_and_leave);
  WINDOW_RIG_ADD ("/app/window-reading/prediction-of-another", test_prediction_of_another);
  WINDOW_RIG_ADD ("/app/window-reading/change-while-predicting", test_change_while_predicting);
  WINDOW_RIG_ADD ("/app/window-reading/change-while-training", test_change_while_training);
  return window_rig_run ();
}
