/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands that look at images, measure them and draw them: info, check, bundle, stats,
 * montage. */
#include "rig.h"

#include <glib.h>

static void
test_info (void)
{
  g_autofree char *slice = rig_find ("2d_images", "ID_");
  g_autofree char *volume = rig_find ("3d_images", "IMG_");
  g_auto (RigCall) call = rig_run ("info", slice, volume, "--json", NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonArray *array, *shape;
  JsonObject *first, *second;

  assert_status (call, 0);
  g_assert_true (json_parser_load_from_data (parser, call.out, -1, NULL));
  array = json_node_get_array (json_parser_get_root (parser));
  g_assert_cmpuint (json_array_get_length (array), ==, 2);
  first = json_array_get_object_element (array, 0);
  second = json_array_get_object_element (array, 1);
  g_assert_cmpstr (json_object_get_string_member (first, "format"), ==, "TIFF");
  g_assert_cmpstr (json_object_get_string_member (first, "dtype"), ==, "int16");
  g_assert_true (json_object_get_null_member (first, "affine"));
  g_assert_cmpstr (json_object_get_string_member (second, "format"), ==, "NIfTI-1");
  g_assert_cmpint (json_object_get_int_member (second, "slice_axis"), ==, 0);
  shape = json_object_get_array_member (second, "shape");
  g_assert_cmpint (json_array_get_int_element (shape, 1), ==, 64);
  g_assert_cmpfloat (json_object_get_double_member (second, "min"), <, -500);
}

/* The good file is shown although the bad one is not. */
static void
test_info_bad_file (void)
{
  g_autofree char *bad = rig_path ("bad.nii.gz");
  g_autofree char *slice = rig_find ("2d_images", "ID_");
  g_auto (RigCall) call = { 0 };

  g_assert_true (g_file_set_contents (bad, "not an image", -1, NULL));
  call = rig_run ("info", bad, slice, NULL);
  assert_status (call, 1);
  assert_contains (call.err, "pleura-cli: ");
  assert_contains (call.err, "bad.nii.gz");
  assert_contains (call.out, "TIFF");
}

static void
test_check (void)
{
  g_autofree char *copy = rig_path ("checked");
  g_autofree char *orphan = g_build_filename (copy, "2d_masks", "ID_9999_Z_0000.tif", NULL);
  g_autofree char *mask = rig_find ("2d_masks", "ID_");
  g_autofree char *contents = NULL;
  gsize length;
  g_auto (RigCall) made =
      rig_run ("phantom", copy, "--slices", "3", "--volumes", "1", "--size", "32", "-q", NULL);
  g_auto (RigCall) good = rig_run ("check", copy, "--write-manifest", NULL);
  g_auto (RigCall) again = rig_run ("check", copy, "--json", NULL);
  g_auto (RigCall) orphaned = { 0 };
  g_autoptr (JsonObject) report = rig_parse (again.out);

  assert_status (made, 0);
  assert_status (good, 0);
  assert_status (again, 0);
  g_assert_cmpint (json_object_get_int_member (report, "in_manifest"), ==, 8);
  g_assert_true (rig_exists (copy, "pleura-manifest.json"));
  g_assert_true (g_file_get_contents (mask, &contents, &length, NULL));
  g_assert_true (g_file_set_contents (orphan, contents, (gssize) length, NULL));
  orphaned = rig_run ("check", copy, NULL);
  assert_status (orphaned, 1);
  assert_contains (orphaned.err, "ID_9999_Z_0000.tif");
}

static void
test_bundle (void)
{
  g_autofree char *slices = g_build_filename (rig_data (), "2d_images", NULL);
  g_autofree char *volume = rig_path ("bundle.nii.gz");
  g_autofree char *out = rig_path ("unbundled");
  g_autofree char *again = rig_path ("again.nii.gz");
  g_autofree char *first = NULL, *second = NULL;
  gsize n_first, n_second;
  g_auto (RigCall) bundle = rig_run ("bundle", slices, volume, NULL);
  g_auto (RigCall) unbundle = rig_run ("unbundle", volume, out, NULL);
  g_auto (RigCall) rebundle = rig_run ("bundle", out, again, NULL);
  g_auto (RigCall) wrong = rig_run ("bundle", slices, "x.png", NULL);

  assert_status (bundle, 0);
  assert_status (unbundle, 0);
  assert_status (rebundle, 0);
  assert_status (wrong, 2);
  g_assert_true (rig_exists (out, "bundle_Z_0009.tif"));
  g_assert_true (g_file_get_contents (volume, &first, &n_first, NULL));
  g_assert_true (g_file_get_contents (again, &second, &n_second, NULL));
  g_assert_cmpmem (first, n_first, second, n_second);
}

static void
test_stats (void)
{
  g_autofree char *csv = rig_path ("stats.csv");
  g_autofree char *table = NULL;
  g_autofree char *volume = rig_find ("3d_images", "IMG_");
  g_autofree char *mask = rig_find ("3d_images", "MASK_");
  g_auto (RigCall) all = rig_run ("stats", rig_data (), "--csv", csv, NULL);
  g_auto (RigCall) one = rig_run ("stats", volume, "--mask", mask, "--json", NULL);
  g_autoptr (JsonObject) object = NULL;
  g_auto (GStrv) lines = NULL;
  JsonObject *row;

  assert_status (all, 0);
  g_assert_true (g_file_get_contents (csv, &table, NULL, NULL));
  g_assert_true (g_str_has_prefix (table, "img_id,lung_area_px,lung_area_mm2,lung_volume_fraction,"
                                          "lung_mean_hu,lung_pd95_hu,lung_pd05_hu,volume_ml\n"));
  lines = g_strsplit (table, "\n", -1);
  g_assert_cmpint (g_strv_length (lines), ==, 14);
  assert_status (one, 0);
  object = rig_parse (one.out);
  row = json_array_get_object_element (json_object_get_array_member (object, "cases"), 0);
  g_assert_cmpfloat (json_object_get_double_member (row, "volume_ml"), >, 100);
  g_assert_cmpfloat (json_object_get_double_member (row, "lung_mean_hu"), <, -300);
}

static void
test_montage (void)
{
  g_autofree char *volume = rig_find ("3d_images", "IMG_");
  g_autofree char *mask = rig_find ("3d_images", "MASK_");
  g_autofree char *out = rig_path ("montage.png");
  g_autofree char *png = NULL;
  gsize length;
  g_auto (RigCall) good =
      rig_run ("montage", volume, out, "--mask", mask, "--columns", "5", "--tile", "40", "--window",
               "-600,1500", "--colormap", "bone", NULL);
  g_auto (RigCall) bad = rig_run ("montage", volume, out, "--colormap", "plaid", NULL);

  assert_status (good, 0);
  g_assert_true (g_file_get_contents (out, &png, &length, NULL));
  g_assert_cmpmem (png + 1, 3, "PNG", 3);
  /* IHDR: the width is five tiles. */
  g_assert_cmpint ((guint8) png[18] << 8 | (guint8) png[19], ==, 200);
  assert_status (bad, 2);
}

int
main (int argc, char **argv)
{
  rig_init (&argc, &argv);
  g_test_add_func ("/cli/info", test_info);
  g_test_add_func ("/cli/info-bad-file", test_info_bad_file);
  g_test_add_func ("/cli/check", test_check);
  g_test_add_func ("/cli/bundle", test_bundle);
  g_test_add_func ("/cli/stats", test_stats);
  g_test_add_func ("/cli/montage", test_montage);
  return rig_run_tests ();
}
