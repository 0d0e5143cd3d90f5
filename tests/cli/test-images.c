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

static double
read_mean (const char *json)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *info;

  g_assert_true (json_parser_load_from_data (parser, json, -1, NULL));
  info = json_array_get_object_element (json_node_get_array (json_parser_get_root (parser)), 0);
  g_assert_cmpint (json_object_get_int_member (info, "pages"), ==, RIG_VOLUMES);
  return json_object_get_double_member (info, "mean");
}

static void
test_info_volume (void)
{
  const char *path = rig_volumes ();
  g_auto (RigCall) first = rig_run ("info", path, "--json", NULL);
  g_auto (RigCall) last = rig_run ("info", path, "--volume", "2", "--json", NULL);
  g_auto (RigCall) across = rig_run ("info", path, "--slice-axis", "1", NULL);
  g_auto (RigCall) missing = rig_run ("info", path, "--volume", "3", NULL);
  g_auto (RigCall) negative = rig_run ("info", path, "--volume", "-1", NULL);
  g_auto (RigCall) no_axis = rig_run ("info", path, "--slice-axis", "3", NULL);

  assert_status (first, 0);
  assert_status (last, 0);
  g_assert_cmpfloat_with_epsilon (read_mean (last.out), read_mean (first.out) + 200, 1e-6);
  assert_status (across, 0);
  assert_contains (across.out, "slice axis 1");
  assert_status (missing, 1);
  assert_contains (missing.err, "volumes.nii: volume 3");
  assert_contains (missing.err, "0 to 2");
  assert_status (negative, 2);
  assert_contains (negative.err, "info: --volume is -1");
  assert_status (no_axis, 2);
  assert_contains (no_axis.err, "info: --slice-axis is 3");
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

/* Slices that come from a volume tell how far they are from each other; others do not. */
static void
test_bundle (void)
{
  g_autofree char *slices = g_build_filename (rig_data (), "2d_images", NULL);
  g_autofree char *volume = rig_path ("bundle.nii.gz");
  g_autofree char *out = rig_path ("unbundled");
  g_autofree char *again = rig_path ("again.nii.gz");
  g_autofree char *one_mm = rig_path ("one-mm.nii.gz");
  g_autofree char *first = NULL, *second = NULL;
  gsize n_first, n_second;
  g_auto (RigCall) bundle = rig_run ("bundle", slices, volume, "--step", "2.5", NULL);
  g_auto (RigCall) assumed = rig_run ("bundle", slices, one_mm, NULL);
  g_auto (RigCall) unbundle = rig_run ("unbundle", volume, out, NULL);
  g_auto (RigCall) rebundle = rig_run ("bundle", out, again, NULL);
  g_auto (RigCall) wrong = rig_run ("bundle", slices, "x.png", NULL);

  assert_status (bundle, 0);
  assert_status (unbundle, 0);
  assert_status (rebundle, 0);
  g_assert_cmpstr (bundle.err, ==, "");
  g_assert_cmpstr (rebundle.err, ==, "");
  assert_status (assumed, 0);
  assert_contains (assumed.err, "one-mm.nii.gz: The distance of slices is not known");
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
                                          "lung_mean_hu,lung_pd95_hu,lung_pd05_hu,volume_ml,"
                                          "lung_laa950,lung_pd15_hu\n"));
  lines = g_strsplit (table, "\n", -1);
  g_assert_cmpint (g_strv_length (lines), ==, 14);
  assert_status (one, 0);
  object = rig_parse (one.out);
  row = json_array_get_object_element (json_object_get_array_member (object, "cases"), 0);
  g_assert_cmpfloat (json_object_get_double_member (row, "volume_ml"), >, 100);
  g_assert_cmpfloat (json_object_get_double_member (row, "lung_mean_hu"), <, -300);
}

static double
read_mean_hu (const char *json)
{
  g_autoptr (JsonObject) object = rig_parse (json);
  JsonArray *cases = json_object_get_array_member (object, "cases");

  return json_object_get_double_member (json_array_get_object_element (cases, 0), "lung_mean_hu");
}

/* One 3D mask for all volumes. */
static void
test_stats_volume (void)
{
  const char *path = rig_volumes ();
  g_autofree char *masks = g_build_filename (rig_data (), "2d_masks", NULL);
  g_autofree char *mask = rig_path ("volumes-mask.nii");
  g_auto (RigCall) bundle = rig_run ("bundle", masks, mask, NULL);
  g_auto (RigCall) first = rig_run ("stats", path, "--mask", mask, "--json", NULL);
  g_auto (RigCall) next =
      rig_run ("stats", path, "--mask", mask, "--volume", "1", "--slice-axis", "0", "--json", NULL);
  g_auto (RigCall) missing = rig_run ("stats", path, "--mask", mask, "--volume", "9", NULL);

  assert_status (bundle, 0);
  assert_status (first, 0);
  assert_status (next, 0);
  g_assert_cmpfloat_with_epsilon (read_mean_hu (next.out), read_mean_hu (first.out) + 100, 1e-3);
  assert_status (missing, 1);
  assert_contains (missing.err, "volumes.nii: volume 9");
}

/* Height of a PNG: its header comes first. */
static int
read_height (const char *path)
{
  g_autofree char *png = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &png, &length, NULL));
  g_assert_cmpint (length, >, 24);
  return (guint8) png[22] << 8 | (guint8) png[23];
}

/* 10 slices of 64 × 64, or 64 of 64 × 10, below each other. */
static void
test_montage_volume (void)
{
  const char *path = rig_volumes ();
  g_autofree char *out = rig_path ("axis.png");
  g_auto (RigCall) by_rule =
      rig_run ("montage", path, out, "--columns", "1", "--tile", "64", "--volume", "1", NULL);
  int height = read_height (out);
  g_auto (RigCall) across =
      rig_run ("montage", path, out, "--columns", "1", "--tile", "64", "--slice-axis", "0", NULL);
  g_auto (RigCall) missing = rig_run ("montage", path, out, "--volume", "3", NULL);

  assert_status (by_rule, 0);
  g_assert_cmpint (height, ==, 640);
  assert_status (across, 0);
  g_assert_cmpint (read_height (out), ==, 4096);
  assert_status (missing, 1);
}

/* A volume of several comes out as slices of its own. */
static void
test_unbundle_volume (void)
{
  g_autofree char *out = rig_path ("second");
  g_autofree char *slice = g_build_filename (out, "volumes_Z_0000.tif", NULL);
  g_auto (RigCall) unbundle = rig_run ("unbundle", rig_volumes (), out, "--volume", "1", NULL);
  g_auto (RigCall) info = rig_run ("info", slice, "--json", NULL);

  assert_status (unbundle, 0);
  assert_status (info, 0);
  assert_contains (info.out, "int16");
  g_assert_true (rig_exists (out, "volumes_Z_0009.tif"));
  g_assert_false (rig_exists (out, "volumes_Z_0010.tif"));
}

/* An image that has no mask beside it is what is wrong, not its folder. */
static void
test_stats_without_mask (void)
{
  g_autofree char *volume = rig_find ("3d_images", "IMG_");
  g_autofree char *alone = rig_path ("alone.nii.gz");
  g_autofree char *bytes = NULL;
  g_auto (RigCall) call = { 0 };
  gsize n;

  g_assert_true (g_file_get_contents (volume, &bytes, &n, NULL));
  g_assert_true (g_file_set_contents (alone, bytes, (gssize) n, NULL));
  call = rig_run ("stats", alone, NULL);
  assert_status (call, 1);
  assert_contains (call.err, alone);
  assert_contains (call.err, "--mask");
  g_assert_cmpstr (call.out, ==, "");
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
  g_test_add_func ("/cli/info-volume", test_info_volume);
  g_test_add_func ("/cli/check", test_check);
  g_test_add_func ("/cli/bundle", test_bundle);
  g_test_add_func ("/cli/stats", test_stats);
  g_test_add_func ("/cli/unbundle-volume", test_unbundle_volume);
  g_test_add_func ("/cli/stats-volume", test_stats_volume);
  g_test_add_func ("/cli/stats-without-mask", test_stats_without_mask);
  g_test_add_func ("/cli/montage", test_montage);
  g_test_add_func ("/cli/montage-volume", test_montage_volume);
  return rig_run_tests ();
}
