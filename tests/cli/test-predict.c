/* SPDX-License-Identifier: GPL-3.0-or-later */
/* predict, and evaluate on what it wrote. */
#include "rig.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

static char *
read_file (const char *path)
{
  g_autoptr (GError) error = NULL;
  char *contents = NULL;

  g_file_get_contents (path, &contents, NULL, &error);
  g_assert_no_error (error);
  return contents;
}

/* Copies a file into a folder, which is made, under @name. */
static char *
copy_to (const char *path, const char *folder, const char *name)
{
  g_autofree char *contents = NULL;
  char *copy = g_build_filename (folder, name, NULL);
  gsize length;

  g_mkdir_with_parents (folder, 0755);
  g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
  g_assert_true (g_file_set_contents (copy, contents, (gssize) length, NULL));
  return copy;
}

static void
test_predict_and_evaluate (void)
{
  g_autofree char *out = rig_path ("masks");
  g_autofree char *truth = g_build_filename (rig_data (), "3d_images", NULL);
  g_autofree char *split = rig_path ("run/split.csv");
  g_autofree char *test_out = rig_path ("masks-of-test");
  g_autofree char *mask_name = NULL;
  g_autofree char *mask = rig_find ("3d_images", "MASK_");
  g_auto (RigCall) predict = rig_run ("predict", rig_model (), truth, "no-such.tif", "--out", out,
                                      "--figure", "--probability", NULL);
  g_auto (RigCall) of_test = rig_run ("predict", rig_model (), rig_data (), "--out", test_out,
                                      "--split-file", split, "--group", "test", NULL);
  g_auto (RigCall) evaluate = rig_run ("evaluate", out, truth, "--json", NULL);
  g_auto (RigCall) self = rig_run ("evaluate", mask, mask, "--json", NULL);
  g_autoptr (JsonObject) result = NULL, perfect = NULL;

  assert_status (predict, 1); /* one input does not exist, the rest is done */
  assert_contains (predict.err, "no-such.tif");
  mask_name = g_path_get_basename (mask);
  g_assert_true (rig_exists (out, mask_name));
  assert_status (of_test, 0);
  assert_status (evaluate, 0);
  result = rig_parse (evaluate.out);
  g_assert_cmpint (json_object_get_int_member (result, "n"), ==, 2);
  assert_status (self, 0);
  perfect = rig_parse (self.out);
  g_assert_cmpfloat (
      json_object_get_double_member (json_object_get_object_member (perfect, "mean"), "dice"), ==,
      1);
  g_assert_cmpfloat (
      json_object_get_double_member (json_object_get_object_member (perfect, "mean"), "hd95_mm"),
      ==, 0);
}

/* Neither images nor the truth are written over, whoever names them first. */
static void
test_predict_keeps_inputs (void)
{
  g_autofree char *slice = rig_find ("2d_images", "ID_");
  g_autofree char *image = rig_find ("3d_images", "IMG_");
  g_autofree char *mask = rig_find ("3d_images", "MASK_");
  g_autofree char *a = rig_path ("keep/a");
  g_autofree char *b = rig_path ("keep/b");
  g_autofree char *first = copy_to (slice, a, "x.tif");
  g_autofree char *second = copy_to (slice, b, "x.tif");
  g_autofree char *volume = copy_to (image, a, "IMG_1.nii.gz");
  g_autofree char *truth = copy_to (mask, a, "MASK_1.nii.gz");
  g_autofree char *out = rig_path ("keep/out");
  g_auto (RigCall) onto_self = { 0 }, onto_truth = { 0 }, onto_later = { 0 }, twice = { 0 };
  GStatBuf slice_info, mask_info, info;

  g_assert_cmpint (g_stat (second, &slice_info), ==, 0);
  g_assert_cmpint (g_stat (truth, &mask_info), ==, 0);
  onto_self = rig_run ("predict", rig_model (), first, "--out", a, NULL);
  assert_status (onto_self, 1);
  assert_contains (onto_self.err, "x.tif");
  onto_truth = rig_run ("predict", rig_model (), volume, "--out", a, NULL);
  assert_status (onto_truth, 1);
  g_assert_cmpint (g_stat (truth, &info), ==, 0);
  g_assert_true (info.st_ino == mask_info.st_ino && info.st_size == mask_info.st_size);
  onto_later = rig_run ("predict", rig_model (), first, second, "--out", b, NULL);
  assert_status (onto_later, 1);
  g_assert_cmpint (g_stat (second, &info), ==, 0);
  g_assert_true (info.st_ino == slice_info.st_ino && info.st_size == slice_info.st_size);
  twice = rig_run ("predict", rig_model (), first, second, "--out", out, "--json", NULL);
  assert_status (twice, 1);
  assert_contains (twice.err, second);
  g_assert_true (rig_exists (out, "x.tif"));
}

/* The slices of the phantom as one volume of values that are not HU. */
static char *
make_counts (void)
{
  g_autofree char *slices = g_build_filename (rig_data (), "2d_images", NULL);
  char *path = rig_path ("counts.nii");
  g_auto (RigCall) bundle = rig_run ("bundle", slices, path, "--step", "1", NULL);
  const float scaling[] = { 1, 20000 }; /* scl_slope, scl_inter */
  g_autofree char *bytes = NULL;
  gsize n;

  assert_status (bundle, 0);
  g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));
  memcpy (bytes + 112, scaling, sizeof scaling);
  g_assert_true (g_file_set_contents (path, bytes, (gssize) n, NULL));
  return path;
}

static void
test_predict_not_hu (void)
{
  g_autofree char *counts = make_counts ();
  g_autofree char *slice = rig_find ("2d_images", "ID_");
  g_autofree char *out = rig_path ("masks-of-counts");
  g_auto (RigCall) told = rig_run ("predict", rig_model (), counts, "--out", out, NULL);
  g_auto (RigCall) in_hu = rig_run ("predict", rig_model (), slice, "--out", out, NULL);

  assert_status (told, 0);
  assert_contains (told.err, counts);
  assert_contains (told.err, "Hounsfield units");
  assert_status (in_hu, 0);
  g_assert_null (strstr (in_hu.err, "Hounsfield units"));
}

/* The mask of a volume of several is that of the volume alone; a slice among the inputs has but one
 * axis. */
static void
test_predict_volume (void)
{
  g_autofree char *out = rig_path ("masks-of-volume");
  g_autofree char *mask = g_build_filename (out, "volumes.nii", NULL);
  g_autofree char *slice = rig_find ("2d_images", "ID_");
  g_auto (RigCall) predict = rig_run ("predict", rig_model (), rig_volumes (), slice, "--out", out,
                                      "--volume", "0", "--slice-axis", "0", NULL);
  g_auto (RigCall) next =
      rig_run ("predict", rig_model (), rig_volumes (), "--out", out, "--volume", "1", NULL);
  g_auto (RigCall) missing =
      rig_run ("predict", rig_model (), rig_volumes (), "--out", out, "--volume", "3", NULL);
  g_auto (RigCall) wrong =
      rig_run ("predict", rig_model (), rig_volumes (), "--out", out, "--slice-axis", "-2", NULL);
  g_auto (RigCall) info = rig_run ("info", mask, "--json", NULL);

  assert_status (predict, 0);
  assert_status (next, 0);
  assert_status (missing, 1);
  assert_contains (missing.err, "volumes.nii: volume 3");
  assert_status (wrong, 2);
  assert_status (info, 0);
  assert_contains (info.out, "\"pages\" : 1");
}

/* Of a data set only one part is asked for; what else was predicted is passed over, and what was
 * not is named. */
static void
test_evaluate_group (void)
{
  g_autofree char *split = rig_path ("run/split.csv");
  g_autofree char *all = rig_path ("masks-of-all");
  g_autofree char *part = rig_path ("masks-of-part");
  g_auto (RigCall) predict_all = rig_run ("predict", rig_model (), rig_data (), "--out", all, NULL);
  g_auto (RigCall) predict_part = rig_run ("predict", rig_model (), rig_data (), "--out", part,
                                           "--split-file", split, "--group", "test", NULL);
  g_auto (RigCall) of_all =
      rig_run ("evaluate", all, rig_data (), "--split-file", split, "--json", NULL);
  g_auto (RigCall) of_part = rig_run ("evaluate", part, rig_data (), "--split-file", split,
                                      "--group", "test", "--json", NULL);
  g_auto (RigCall) of_other = rig_run ("evaluate", part, rig_data (), "--split-file", split,
                                       "--group", "train", "--json", NULL);
  g_auto (RigCall) unknown =
      rig_run ("evaluate", part, rig_data (), "--split-file", split, "--group", "exam", NULL);
  g_auto (RigCall) alone = rig_run ("evaluate", part, rig_data (), "--group", "test", NULL);

  assert_status (predict_all, 0);
  assert_status (predict_part, 0);
  assert_status (of_all, 0);
  assert_status (of_part, 0);
  g_assert_cmpstr (of_all.out, ==, of_part.out);
  assert_contains (of_part.out, "\"dice\"");
  assert_status (of_other, 1);
  assert_contains (of_other.err, "no prediction");
  assert_status (unknown, 2);
  assert_status (alone, 2);
}

static void
test_evaluate_unpaired (void)
{
  g_autofree char *slices = g_build_filename (rig_data (), "2d_masks", NULL);
  g_autofree char *volumes = g_build_filename (rig_data (), "3d_images", NULL);
  g_autofree char *mask = rig_find ("3d_images", "MASK_");
  g_auto (RigCall) unpaired = rig_run ("evaluate", slices, volumes, NULL);
  g_auto (RigCall) mixed = rig_run ("evaluate", mask, volumes, NULL);

  assert_status (unpaired, 1);
  assert_contains (unpaired.err, "no truth");
  assert_status (mixed, 2);
}

/* A slice of 4 × 4 voxels. Returns its path. */
static char *
write_labels (const char *folder, const char *name, const guint8 labels[16])
{
  static const gint16 dim[] = { 3, 4, 4, 1 };
  static const gint16 type[] = { 2, 8 }; /* unsigned bytes */
  static const float spacing_mm[] = { 1, 1, 1, 1 };
  static const float start = 352;
  g_autofree char *dir = rig_path (folder);
  char *path = g_build_filename (dir, name, NULL);
  guint8 file[352 + 16] = { 348 % 256, 348 / 256 };

  memcpy (file + 40, dim, sizeof dim);
  memcpy (file + 70, type, sizeof type);
  memcpy (file + 76, spacing_mm, sizeof spacing_mm);
  memcpy (file + 108, &start, sizeof start);
  memcpy (file + 344, "n+1", 4);
  memcpy (file + 352, labels, 16);
  g_mkdir_with_parents (dir, 0755);
  g_assert_true (g_file_set_contents (path, (const char *) file, sizeof file, NULL));
  return path;
}

static double
find_class_dice (JsonObject *figures, const char *label)
{
  JsonObject *classes = json_object_get_object_member (figures, "classes");

  return json_object_get_double_member (json_object_get_object_member (classes, label), "dice");
}

/* Each label is told apart once there are several: of a case that has none of it too. */
static void
test_evaluate_classes (void)
{
  static const guint8 sides[16] = { 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 2, 2 };
  static const guint8 found[16] = { 1, 1, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 2, 2 };
  static const guint8 one[16] = { 0, 0, 0, 0, 1, 1, 1, 1 };
  g_autofree char *truth_a = write_labels ("classes/truth", "a.nii", sides);
  g_autofree char *truth_b = write_labels ("classes/truth", "b.nii", one);
  g_autofree char *mask_a = write_labels ("classes/masks", "a.nii", found);
  g_autofree char *mask_b = write_labels ("classes/masks", "b.nii", one);
  g_autofree char *truths = rig_path ("classes/truth");
  g_autofree char *masks = rig_path ("classes/masks");
  g_autofree char *csv = rig_path ("classes/table.csv");
  g_autofree char *table = NULL;
  g_auto (RigCall) shown = rig_run ("evaluate", masks, truths, "--csv", csv, NULL);
  g_auto (RigCall) told = rig_run ("evaluate", masks, truths, "--json", NULL);
  g_auto (RigCall) alone = rig_run ("evaluate", mask_b, truth_b, "--json", NULL);
  g_autoptr (JsonObject) result = NULL;
  JsonObject *first;

  assert_status (shown, 0);
  assert_contains (shown.out, "volume ml   Dice 1   Dice 2\n");
  assert_contains (shown.out, "   0.6667   0.8000\n");
  table = read_file (csv);
  assert_contains (table, "volume_difference_ml,dice_1,dice_2\na,");
  assert_contains (table, ",1,1\n");
  assert_status (told, 0);
  result = rig_parse (told.out);
  first = json_array_get_object_element (json_object_get_array_member (result, "cases"), 0);
  g_assert_cmpfloat_with_epsilon (find_class_dice (first, "1"), 2.0 / 3, 1e-9);
  g_assert_cmpfloat_with_epsilon (find_class_dice (first, "2"), 0.8, 1e-9);
  g_assert_cmpfloat_with_epsilon (
      find_class_dice (json_object_get_object_member (result, "mean"), "2"), 0.9, 1e-9);
  assert_status (alone, 0);
  g_assert_null (strstr (alone.out, "classes"));
}

/* Names that CSV has to quote, and two masks for one case. */
static void
test_evaluate_names (void)
{
  g_autofree char *mask = rig_find ("2d_masks", "ID_");
  g_autofree char *ours = rig_path ("names/ours");
  g_autofree char *theirs = rig_path ("names/theirs");
  g_autofree char *csv = rig_path ("names/table.csv");
  g_autofree char *table = NULL;
  G_GNUC_UNUSED g_autofree char *copy_1 = copy_to (mask, ours, "a, \"b\".tif");
  G_GNUC_UNUSED g_autofree char *copy_2 = copy_to (mask, theirs, "a, \"b\".tif");
  g_autofree char *copy_3 = NULL;
  g_auto (RigCall) good = rig_run ("evaluate", ours, theirs, "--csv", csv, NULL);
  g_auto (RigCall) two = { 0 };

  assert_status (good, 0);
  table = read_file (csv);
  assert_contains (table, "\n\"a, \"\"b\"\"\",");
  copy_3 = copy_to (mask, theirs, "a, \"b\".tiff");
  two = rig_run ("evaluate", ours, theirs, NULL);
  assert_status (two, 1);
  assert_contains (two.err, copy_3);
}

/* As scanners write it: 1 mm in the plane, slices towards the head. */
static void
set_sform (const char *path, float step_mm)
{
  const gint16 code = 1;
  const float srow[12] = { -1, 0, 0, 0, 0, -1, 0, 0, 0, 0, step_mm, 0 };
  g_autofree char *bytes = NULL;
  gsize n;

  g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));
  memcpy (bytes + 254, &code, sizeof code);
  memcpy (bytes + 280, srow, sizeof srow);
  g_assert_true (g_file_set_contents (path, bytes, (gssize) n, NULL));
}

/* Equal voxels in different places are compared, and it is said. */
static void
test_evaluate_places (void)
{
  g_autofree char *masks = g_build_filename (rig_data (), "2d_masks", NULL);
  g_autofree char *thin = rig_path ("thin.nii");
  g_autofree char *thick = rig_path ("thick.nii");
  g_auto (RigCall) first = rig_run ("bundle", masks, thin, "--step", "1", NULL);
  g_auto (RigCall) second = rig_run ("bundle", masks, thick, "--step", "2.5", NULL);
  g_auto (RigCall) same = rig_run ("evaluate", thin, thin, NULL);
  g_auto (RigCall) other = rig_run ("evaluate", thin, thick, NULL);
  g_auto (RigCall) moved = { 0 };

  assert_status (first, 0);
  assert_status (second, 0);
  assert_status (same, 0);
  g_assert_null (strstr (same.err, "spacing"));
  assert_status (other, 0);
  assert_contains (other.err, "its spacing is not that of the truth");
  set_sform (thin, 1);
  set_sform (thick, 2.5f);
  moved = rig_run ("evaluate", thin, thick, NULL);
  assert_status (moved, 0);
  assert_contains (moved.err, "its affine is not that of the truth");
}

static void
test_evaluate_nothing (void)
{
  g_autofree char *empty = rig_path ("empty");
  g_autofree char *none = rig_path ("none");
  g_auto (RigCall) nothing = { 0 }, missing = { 0 };

  g_mkdir (empty, 0755);
  nothing = rig_run ("evaluate", empty, empty, "--json", NULL);
  assert_status (nothing, 1);
  assert_contains (nothing.err, empty);
  missing = rig_run ("evaluate", empty, none, NULL);
  assert_status (missing, 1);
  assert_contains (missing.err, none);
}

int
main (int argc, char **argv)
{
  rig_init (&argc, &argv);
  g_test_add_func ("/cli/predict-and-evaluate", test_predict_and_evaluate);
  g_test_add_func ("/cli/predict-not-hu", test_predict_not_hu);
  g_test_add_func ("/cli/predict-keeps-inputs", test_predict_keeps_inputs);
  g_test_add_func ("/cli/predict-volume", test_predict_volume);
  g_test_add_func ("/cli/evaluate-group", test_evaluate_group);
  g_test_add_func ("/cli/evaluate-unpaired", test_evaluate_unpaired);
  g_test_add_func ("/cli/evaluate-names", test_evaluate_names);
  g_test_add_func ("/cli/evaluate-classes", test_evaluate_classes);
  g_test_add_func ("/cli/evaluate-places", test_evaluate_places);
  g_test_add_func ("/cli/evaluate-nothing", test_evaluate_nothing);
  return rig_run_tests ();
}
