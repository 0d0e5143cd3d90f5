/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/view-state.h"

#include "app/probe-text.h"

#include <math.h>
#include <string.h>

static PlVolume *
make_volume (int slices, int rows, int columns)
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
  return volume;
}

static PlMask *
make_mask (int slices, int rows, int columns, guint8 label)
{
  const int n[3] = { slices, rows, columns };
  guint8 *labels = g_malloc ((gsize) slices * (gsize) rows * (gsize) columns);

  memset (labels, label, (gsize) slices * (gsize) rows * (gsize) columns);
  return pl_mask_new_take (n, labels);
}

static void
count_cb (int *count)
{
  (*count)++;
}

static void
count (PlViewState *state, const char *signal, int *n)
{
  *n = 0;
  g_signal_connect_swapped (state, signal, G_CALLBACK (count_cb), n);
}

/* A volume of as many slices keeps the slice, another goes to its middle. */
static void
test_slice (void)
{
  PlViewState *state = pl_view_state_new ();
  g_autoptr (PlVolume) ten = make_volume (10, 4, 4);
  g_autoptr (PlVolume) other_ten = make_volume (10, 4, 4);
  g_autoptr (PlVolume) three = make_volume (3, 4, 4);
  int n_told;

  g_assert_cmpint (pl_view_state_get_n_slices (state), ==, 0);
  pl_view_state_set_slice (state, 5);
  g_assert_cmpint (pl_view_state_get_slice (state), ==, 0);

  pl_view_state_set_volume (state, ten);
  g_assert_cmpint (pl_view_state_get_slice (state), ==, 5);
  count (state, "notify::slice", &n_told);
  pl_view_state_set_slice (state, 99);
  g_assert_cmpint (pl_view_state_get_slice (state), ==, 9);
  pl_view_state_set_slice (state, 9);
  g_assert_cmpint (n_told, ==, 1);
  pl_view_state_set_slice (state, -4);
  g_assert_cmpint (pl_view_state_get_slice (state), ==, 0);

  pl_view_state_set_slice (state, 7);
  pl_view_state_set_volume (state, other_ten);
  g_assert_cmpint (pl_view_state_get_slice (state), ==, 7);
  pl_view_state_set_volume (state, three);
  g_assert_cmpint (pl_view_state_get_slice (state), ==, 1);
  g_assert_finalize_object (state);
}

static void
arrive (PlViewState *state, int n)
{
  pl_volume_set_ready_slices (pl_view_state_get_volume (state), n);
  pl_view_state_slices_arrived (state);
}

/* The newest slice is shown until the middle is there, or another is chosen. */
static void
test_slices_arrive (void)
{
  PlViewState *state = pl_view_state_new ();
  g_autoptr (PlVolume) volume = make_volume (10, 4, 4);
  g_autoptr (PlVolume) other = make_volume (8, 4, 4);

  volume->header.axis[0] = 2; /* slices come one by one */
  other->header.axis[0] = 2;
  pl_view_state_set_volume (state, volume);
  g_assert_cmpint (pl_view_state_get_slice (state), ==, 0);
  arrive (state, 3);
  g_assert_cmpint (pl_view_state_get_slice (state), ==, 2);
  arrive (state, 8);
  g_assert_cmpint (pl_view_state_get_slice (state), ==, 5);
  pl_view_state_set_slice (state, 1);
  arrive (state, 10);
  g_assert_cmpint (pl_view_state_get_slice (state), ==, 1);

  pl_view_state_set_volume (state, other);
  arrive (state, 2);
  pl_view_state_set_slice (state, 7);
  arrive (state, 3);
  g_assert_cmpint (pl_view_state_get_slice (state), ==, 7);
  g_assert_finalize_object (state);
}

/* What belongs to a volume goes with it. */
static void
test_new_volume_drops_masks (void)
{
  PlViewState *state = pl_view_state_new ();
  g_autoptr (PlVolume) first = make_volume (2, 4, 4);
  g_autoptr (PlVolume) second = make_volume (2, 6, 4);
  g_autoptr (PlMask) mask = make_mask (2, 4, 4, 1);
  g_autoptr (PlMask) preview = make_mask (1, 4, 4, 1);
  double x;
  double y;

  pl_view_state_set_volume (state, first);
  pl_view_state_set_truth (state, mask);
  pl_view_state_set_prediction (state, mask);
  pl_view_state_set_preview (state, preview, 1);
  pl_view_state_set_zoom (state, 3, 10, 20);
  pl_view_state_set_probe (state, 1, 2);
  pl_view_state_set_volume (state, second);
  g_assert_null (pl_view_state_get_truth (state));
  g_assert_null (pl_view_state_get_prediction (state));
  g_assert_null (pl_view_state_get_preview (state, 1));
  pl_view_state_get_pan (state, &x, &y);
  g_assert_cmpfloat (pl_view_state_get_zoom (state), ==, 1);
  g_assert_cmpfloat (x, ==, 0);
  g_assert_cmpfloat (y, ==, 0);
  g_assert_finalize_object (state);
  g_assert_cmpint (mask->ref_count, ==, 1);
  g_assert_cmpint (second->ref_count, ==, 1);
}

static void
test_preview_stands_for_its_slice (void)
{
  PlViewState *state = pl_view_state_new ();
  g_autoptr (PlVolume) volume = make_volume (3, 4, 4);
  g_autoptr (PlMask) prediction = make_mask (3, 4, 4, 1);
  g_autoptr (PlMask) preview = make_mask (1, 4, 4, 2);

  pl_view_state_set_volume (state, volume);
  g_assert_null (pl_view_state_prediction_slice (state, 1));
  pl_view_state_set_preview (state, preview, 1);
  g_assert_null (pl_view_state_prediction_slice (state, 0));
  g_assert_cmpuint (pl_view_state_prediction_slice (state, 1)[0], ==, 2);
  pl_view_state_set_prediction (state, prediction);
  g_assert_cmpuint (pl_view_state_prediction_slice (state, 0)[0], ==, 1);
  g_assert_cmpuint (pl_view_state_prediction_slice (state, 1)[0], ==, 2);
  pl_view_state_keep_previews (state, NULL, 0);
  g_assert_cmpuint (pl_view_state_prediction_slice (state, 1)[0], ==, 1);
  g_assert_finalize_object (state);
}

static void
test_compare_previews (void)
{
  PlViewState *state = pl_view_state_new ();
  g_autoptr (PlVolume) volume = make_volume (5, 4, 4);
  g_autoptr (PlMask) first = make_mask (1, 4, 4, 1);
  g_autoptr (PlMask) second = make_mask (1, 4, 4, 2);
  g_autoptr (GHashTable) before = NULL;
  g_autoptr (GArray) slices = NULL;

  pl_view_state_set_volume (state, volume);
  pl_view_state_set_preview (state, first, 0);
  pl_view_state_set_preview (state, first, 1);
  pl_view_state_set_preview (state, first, 2);
  before = g_hash_table_ref (pl_view_state_get_previews (state));
  pl_view_state_set_preview (state, second, 1);
  pl_view_state_set_preview (state, second, 4);
  pl_view_state_keep_previews (state, (int[]){ 0, 1, 4 }, 3);
  g_assert_cmpuint (g_hash_table_size (before), ==, 3);

  slices = pl_view_state_compare_previews (before, pl_view_state_get_previews (state));
  g_assert_cmpuint (slices->len, ==, 3);
  for (guint i = 0; i < slices->len; i++)
    g_assert_cmpint (g_array_index (slices, int, i), !=, 0);
  g_assert_finalize_object (state);
  g_assert_cmpint (second->ref_count, ==, 1);
}

/* It goes with the prediction it is of, and is not that of a preview. */
static void
test_heat_belongs_to_prediction (void)
{
  PlViewState *state = pl_view_state_new ();
  g_autoptr (PlVolume) volume = make_volume (3, 4, 4);
  g_autoptr (PlMask) prediction = make_mask (3, 4, 4, 1);
  g_autoptr (PlMask) other = make_mask (3, 4, 4, 1);
  g_autoptr (PlMask) preview = make_mask (1, 4, 4, 1);
  g_autoptr (PlMask) heat = make_mask (3, 4, 4, 200);
  int n_told;

  pl_view_state_set_volume (state, volume);
  pl_view_state_set_prediction (state, prediction);
  g_assert_null (pl_view_state_heat_slice (state, 1));
  count (state, "notify::heat", &n_told);
  pl_view_state_set_heat (state, heat);
  g_assert_cmpint (n_told, ==, 1);
  g_assert_cmpuint (pl_view_state_heat_slice (state, 2)[15], ==, 200);
  g_assert_null (pl_view_state_heat_slice (state, 3));
  pl_view_state_set_preview (state, preview, 1);
  g_assert_null (pl_view_state_heat_slice (state, 1));
  g_assert_nonnull (pl_view_state_heat_slice (state, 0));
  pl_view_state_set_prediction (state, prediction);
  g_assert_nonnull (pl_view_state_get_heat (state));
  pl_view_state_set_prediction (state, other);
  g_assert_null (pl_view_state_get_heat (state));
  pl_view_state_set_heat (state, heat);
  pl_view_state_set_volume (state, NULL);
  g_assert_null (pl_view_state_get_heat (state));
  g_assert_cmpint (heat->ref_count, ==, 1);
  g_assert_finalize_object (state);
}

/* Settings bind to these. */
static void
test_properties (void)
{
  PlViewState *state = pl_view_state_new ();
  gboolean show_truth;
  double opacity;
  int n_told;

  count (state, "notify::opacity", &n_told);
  g_object_set (state, "opacity", 0.75, "show-truth", FALSE, NULL);
  pl_view_state_set_opacity (state, 0.75);
  g_object_get (state, "opacity", &opacity, "show-truth", &show_truth, NULL);
  g_assert_cmpfloat (opacity, ==, 0.75);
  g_assert_false (show_truth);
  g_assert_cmpint (n_told, ==, 1);
  pl_view_state_set_opacity (state, 7);
  g_assert_cmpfloat (pl_view_state_get_opacity (state), ==, 1);
  g_assert_finalize_object (state);
}

static void
test_wrong_size_is_refused (void)
{
  PlViewState *state = pl_view_state_new ();
  g_autoptr (PlVolume) volume = make_volume (3, 4, 4);
  g_autoptr (PlMask) mask = make_mask (3, 4, 5, 1);

  pl_view_state_set_volume (state, volume);
  g_test_expect_message (NULL, G_LOG_LEVEL_CRITICAL, "*fits*");
  pl_view_state_set_truth (state, mask);
  g_test_assert_expected_messages ();
  g_assert_null (pl_view_state_get_truth (state));
  g_assert_finalize_object (state);
}

/* "nan HU" would be no language. */
static void
test_probe_without_value (void)
{
  PlImageHeader header = {
    .shape = { 1, 2, 2 },
    .stored = PL_DTYPE_FLOAT32,
    .n_samples = 1,
    .pages = 1,
    .spacing_mm = { 1, 1, 1 },
    .slope = 1,
    .axis = { 0, 1, 2 },
  };
  g_autoptr (PlVolume) volume = pl_volume_new (&header, PL_DTYPE_FLOAT32, NULL, NULL);
  g_autoptr (PlViewState) state = pl_view_state_new ();
  const float values[] = { NAN, INFINITY, -700, 0 };
  const char *const texts[] = { "no value", "no value", "-700 HU", "0 HU" };

  memcpy (volume->voxels, values, sizeof values);
  pl_volume_set_ready_slices (volume, 1);
  pl_view_state_set_volume (state, volume);
  for (int i = 0; i < 4; i++)
    {
      g_autofree char *expected = g_strdup_printf ("Column %d, row %d: %s", i % 2, i / 2, texts[i]);
      g_autofree char *text = NULL;

      pl_view_state_set_probe (state, i / 2, i % 2);
      text = pl_probe_text (state);
      g_assert_cmpstr (text, ==, expected);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/view-state/slice", test_slice);
  g_test_add_func ("/app/view-state/slices-arrive", test_slices_arrive);
  g_test_add_func ("/app/view-state/new-volume-drops-masks", test_new_volume_drops_masks);
  g_test_add_func ("/app/view-state/preview-stands-for-its-slice",
                   test_preview_stands_for_its_slice);
  g_test_add_func ("/app/view-state/compare-previews", test_compare_previews);
  g_test_add_func ("/app/view-state/heat-belongs-to-prediction", test_heat_belongs_to_prediction);
  g_test_add_func ("/app/view-state/properties", test_properties);
  g_test_add_func ("/app/view-state/wrong-size-is-refused", test_wrong_size_is_refused);
  g_test_add_func ("/app/view-state/probe-without-value", test_probe_without_value);
  return g_test_run ();
}
