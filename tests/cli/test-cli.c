/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs pleura-cli as a user would, on a small phantom, and looks at what it prints, writes and
 * exits with. One data set and one model serve all tests. */
#include <glib.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "base/json.h"

static const char *cli;
static char *scratch; /* folder of this run */
static char *data;    /* phantom: 10 slices, 2 volumes */
static char *model;   /* trained once */

/* What a call left. */
typedef struct
{
  int status;
  char *out;
  char *err;
} Call;

static void
clear_call (Call *call)
{
  g_free (call->out);
  g_free (call->err);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Call, clear_call)

/* Arguments up to NULL. */
static Call
run (const char *first, ...)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  Call call = { 0 };
  int wait_status;
  va_list args;

  g_ptr_array_add (argv, (gpointer) cli);
  va_start (args, first);
  for (const char *arg = first; arg != NULL; arg = va_arg (args, const char *))
    g_ptr_array_add (argv, (gpointer) arg);
  va_end (args);
  g_ptr_array_add (argv, NULL);
  g_spawn_sync (NULL, (char **) argv->pdata, NULL, G_SPAWN_DEFAULT, NULL, NULL, &call.out,
                &call.err, &wait_status, &error);
  g_assert_no_error (error);
  g_assert_true (WIFEXITED (wait_status));
  call.status = WEXITSTATUS (wait_status);
  return call;
}

#define assert_status(call, expected)                                                              \
  do                                                                                               \
    {                                                                                              \
      if ((call).status != (expected))                                                             \
        g_test_message ("%s%s", (call).out, (call).err);                                           \
      g_assert_cmpint ((call).status, ==, (expected));                                             \
    }                                                                                              \
  while (0)

#define assert_contains(text, part) g_assert_nonnull (strstr ((text), (part)))

static char *
in_scratch (const char *name)
{
  return g_build_filename (scratch, name, NULL);
}

static gboolean
exists (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static JsonObject *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  JsonObject *object = pl_json_parse_object (text, strlen (text), &error);

  g_assert_no_error (error);
  return object;
}

/* Path of the first file of a folder below the data set that ends so. */
static char *
find_file (const char *folder, const char *prefix)
{
  g_autofree char *path = g_build_filename (data, folder, NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;
  char *first = NULL;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, prefix) && (first == NULL || strcmp (name, first) < 0))
      {
        g_free (first);
        first = g_strdup (name);
      }
  g_assert_nonnull (first);

  char *found = g_build_filename (path, first, NULL);
  g_free (first);
  return found;
}

static void
make_data (void)
{
  g_auto (Call) call =
      run ("phantom", data, "--slices", "10", "--volumes", "2", "--size", "64", "-q", NULL);

  assert_status (call, 0);
  g_assert_cmpstr (call.err, ==, "");
}

static void
make_model (void)
{
  g_autofree char *out = in_scratch ("run");
  g_auto (Call) call = run ("train", data, "--out", out, "--epochs", "3", "--size", "32", "--base",
                            "4", "--depth", "2", "--batch", "4", "--slices-per-volume", "4",
                            "--split", "0.6,0.2,0.2", "--json", NULL);
  g_autoptr (JsonObject) result = NULL;
  static const char *const files[] = { "run.json",    "history.csv",      "split.csv",
                                       "test.csv",    "best.safetensors", "last.safetensors",
                                       "events.jsonl" };

  assert_status (call, 0);
  result = parse (call.out);
  g_assert_cmpstr (json_object_get_string_member (result, "outcome"), ==, "completed");
  g_assert_cmpint (json_object_get_int_member (result, "epochs"), ==, 3);
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    g_assert_true (exists (out, files[i]));
  model = g_build_filename (out, "best.safetensors", NULL);
}

static void
test_usage (void)
{
  g_auto (Call) none = run (NULL);
  g_auto (Call) unknown = run ("dance", NULL);
  g_auto (Call) option = run ("info", "--no-such-option", NULL);
  g_auto (Call) missing = run ("info", NULL);
  g_auto (Call) help = run ("--help", NULL);
  g_auto (Call) version = run ("--version", NULL);

  assert_status (none, 2);
  assert_status (unknown, 2);
  assert_contains (unknown.err, "dance");
  assert_status (option, 2);
  assert_status (missing, 2);
  assert_status (help, 0);
  assert_status (version, 0);
  assert_contains (version.out, "pleura-cli ");
}

/* Each command that the help lists has a help of its own. */
static void
test_help_of_each (void)
{
  static const char *const commands[] = { "info",  "phantom", "check",    "bundle", "unbundle",
                                          "train", "predict", "evaluate", "stats",  "montage",
                                          "model", "bench",   "demo" };
  g_auto (Call) all = run ("--help", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_auto (Call) help = run (commands[i], "--help", NULL);

      assert_status (help, 0);
      assert_contains (help.out, "--json");
      assert_contains (all.out, commands[i]);
    }
}

static void
test_unknown_isa (void)
{
  g_auto (Call) call = { 0 };

  g_setenv ("PLEURA_ISA", "sse9", TRUE);
  call = run ("model", model, NULL);
  g_unsetenv ("PLEURA_ISA");
  assert_status (call, 2);
  assert_contains (call.err, "generic");
}

static void
test_info (void)
{
  g_autofree char *slice = find_file ("2d_images", "ID_");
  g_autofree char *volume = find_file ("3d_images", "IMG_");
  g_auto (Call) call = run ("info", slice, volume, "--json", NULL);
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
  g_autofree char *bad = in_scratch ("bad.nii.gz");
  g_autofree char *slice = find_file ("2d_images", "ID_");
  g_auto (Call) call = { 0 };

  g_assert_true (g_file_set_contents (bad, "not an image", -1, NULL));
  call = run ("info", bad, slice, NULL);
  assert_status (call, 1);
  assert_contains (call.err, "pleura-cli: ");
  assert_contains (call.err, "bad.nii.gz");
  assert_contains (call.out, "TIFF");
}

static void
test_check (void)
{
  g_autofree char *copy = in_scratch ("checked");
  g_autofree char *orphan = g_build_filename (copy, "2d_masks", "ID_9999_Z_0000.tif", NULL);
  g_autofree char *mask = find_file ("2d_masks", "ID_");
  g_autofree char *contents = NULL;
  gsize length;
  g_auto (Call) made =
      run ("phantom", copy, "--slices", "3", "--volumes", "1", "--size", "32", "-q", NULL);
  g_auto (Call) good = run ("check", copy, "--write-manifest", NULL);
  g_auto (Call) again = run ("check", copy, "--json", NULL);
  g_auto (Call) orphaned = { 0 };
  g_autoptr (JsonObject) report = parse (again.out);

  assert_status (made, 0);
  assert_status (good, 0);
  assert_status (again, 0);
  g_assert_cmpint (json_object_get_int_member (report, "in_manifest"), ==, 8);
  g_assert_true (exists (copy, "pleura-manifest.json"));
  g_assert_true (g_file_get_contents (mask, &contents, &length, NULL));
  g_assert_true (g_file_set_contents (orphan, contents, (gssize) length, NULL));
  orphaned = run ("check", copy, NULL);
  assert_status (orphaned, 1);
  assert_contains (orphaned.err, "ID_9999_Z_0000.tif");
}

static void
test_bundle (void)
{
  g_autofree char *slices = g_build_filename (data, "2d_images", NULL);
  g_autofree char *volume = in_scratch ("bundle.nii.gz");
  g_autofree char *out = in_scratch ("unbundled");
  g_autofree char *again = in_scratch ("again.nii.gz");
  g_autofree char *first = NULL, *second = NULL;
  gsize n_first, n_second;
  g_auto (Call) bundle = run ("bundle", slices, volume, NULL);
  g_auto (Call) unbundle = run ("unbundle", volume, out, NULL);
  g_auto (Call) rebundle = run ("bundle", out, again, NULL);
  g_auto (Call) wrong = run ("bundle", slices, "x.png", NULL);

  assert_status (bundle, 0);
  assert_status (unbundle, 0);
  assert_status (rebundle, 0);
  assert_status (wrong, 2);
  g_assert_true (exists (out, "bundle_Z_0009.tif"));
  g_assert_true (g_file_get_contents (volume, &first, &n_first, NULL));
  g_assert_true (g_file_get_contents (again, &second, &n_second, NULL));
  g_assert_cmpmem (first, n_first, second, n_second);
}

static void
test_stats (void)
{
  g_autofree char *csv = in_scratch ("stats.csv");
  g_autofree char *table = NULL;
  g_autofree char *volume = find_file ("3d_images", "IMG_");
  g_autofree char *mask = find_file ("3d_images", "MASK_");
  g_auto (Call) all = run ("stats", data, "--csv", csv, NULL);
  g_auto (Call) one = run ("stats", volume, "--mask", mask, "--json", NULL);
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
  object = parse (one.out);
  row = json_array_get_object_element (json_object_get_array_member (object, "cases"), 0);
  g_assert_cmpfloat (json_object_get_double_member (row, "volume_ml"), >, 100);
  g_assert_cmpfloat (json_object_get_double_member (row, "lung_mean_hu"), <, -300);
}

static void
test_montage (void)
{
  g_autofree char *volume = find_file ("3d_images", "IMG_");
  g_autofree char *mask = find_file ("3d_images", "MASK_");
  g_autofree char *out = in_scratch ("montage.png");
  g_autofree char *png = NULL;
  gsize length;
  g_auto (Call) good = run ("montage", volume, out, "--mask", mask, "--columns", "5", "--tile",
                            "40", "--window", "-600,1500", "--colormap", "bone", NULL);
  g_auto (Call) bad = run ("montage", volume, out, "--colormap", "plaid", NULL);

  assert_status (good, 0);
  g_assert_true (g_file_get_contents (out, &png, &length, NULL));
  g_assert_cmpmem (png + 1, 3, "PNG", 3);
  /* IHDR: the width is five tiles. */
  g_assert_cmpint ((guint8) png[18] << 8 | (guint8) png[19], ==, 200);
  assert_status (bad, 2);
}

static void
test_predict_and_evaluate (void)
{
  g_autofree char *out = in_scratch ("masks");
  g_autofree char *truth = g_build_filename (data, "3d_images", NULL);
  g_autofree char *split = in_scratch ("run/split.csv");
  g_autofree char *test_out = in_scratch ("masks-of-test");
  g_autofree char *mask_name = NULL;
  g_autofree char *mask = find_file ("3d_images", "MASK_");
  g_auto (Call) predict =
      run ("predict", model, truth, "no-such.tif", "--out", out, "--figure", "--probability", NULL);
  g_auto (Call) of_test = run ("predict", model, data, "--out", test_out, "--split-file", split,
                               "--group", "test", NULL);
  g_auto (Call) evaluate = run ("evaluate", out, truth, "--json", NULL);
  g_auto (Call) self = run ("evaluate", mask, mask, "--json", NULL);
  g_autoptr (JsonObject) result = NULL, perfect = NULL;

  assert_status (predict, 1); /* one input does not exist, the rest is done */
  assert_contains (predict.err, "no-such.tif");
  mask_name = g_path_get_basename (mask);
  g_assert_true (exists (out, mask_name));
  assert_status (of_test, 0);
  assert_status (evaluate, 0);
  result = parse (evaluate.out);
  g_assert_cmpint (json_object_get_int_member (result, "n"), ==, 2);
  assert_status (self, 0);
  perfect = parse (self.out);
  g_assert_cmpfloat (
      json_object_get_double_member (json_object_get_object_member (perfect, "mean"), "dice"), ==,
      1);
  g_assert_cmpfloat (
      json_object_get_double_member (json_object_get_object_member (perfect, "mean"), "hd95_mm"),
      ==, 0);
}

static void
test_evaluate_unpaired (void)
{
  g_autofree char *slices = g_build_filename (data, "2d_masks", NULL);
  g_autofree char *volumes = g_build_filename (data, "3d_images", NULL);
  g_autofree char *mask = find_file ("3d_images", "MASK_");
  g_auto (Call) unpaired = run ("evaluate", slices, volumes, NULL);
  g_auto (Call) mixed = run ("evaluate", mask, volumes, NULL);

  assert_status (unpaired, 1);
  assert_contains (unpaired.err, "no truth");
  assert_status (mixed, 2);
}

static void
test_model (void)
{
  g_auto (Call) call = run ("model", model, "--json", NULL);
  g_auto (Call) text = run ("model", model, NULL);
  g_auto (Call) bad = run ("model", cli, NULL);
  g_autoptr (JsonObject) object = NULL;

  assert_status (call, 0);
  object = parse (call.out);
  g_assert_cmpint (json_object_get_int_member (object, "base"), ==, 4);
  g_assert_cmpint (json_object_get_int_member (object, "size"), ==, 32);
  assert_status (text, 0);
  assert_contains (text.out, "base 4");
  assert_status (bad, 1);
}

/* How often @part is in @text. */
static int
count (const char *text, const char *part)
{
  int n = 0;

  for (const char *at = strstr (text, part); at != NULL; at = strstr (at + 1, part))
    n++;
  return n;
}

static void
test_messages_come_once (void)
{
  g_autofree char *none = in_scratch ("none");
  g_autofree char *out = in_scratch ("masks-of-none");
  g_auto (Call) info = run ("info", "no-such.tif", NULL);
  g_auto (Call) predict = run ("predict", model, "no-such.tif", "--out", out, NULL);
  g_auto (Call) check = run ("check", none, NULL);
  g_auto (Call) train = run ("train", data, "--out", out, "--split-file", none, NULL);

  assert_status (info, 1);
  g_assert_cmpint (count (info.err, "no-such.tif"), ==, 1);
  assert_status (predict, 1);
  g_assert_cmpint (count (predict.err, "no-such.tif"), ==, 1);
  assert_status (check, 1);
  g_assert_true (g_str_has_prefix (check.err, "pleura-cli: /"));
  g_assert_cmpint (count (check.err, none), ==, 1);
  assert_status (train, 1);
  g_assert_cmpint (count (train.err, none), ==, 1);
}

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

/* Neither images nor the truth are written over, whoever names them first. */
static void
test_predict_keeps_inputs (void)
{
  g_autofree char *slice = find_file ("2d_images", "ID_");
  g_autofree char *image = find_file ("3d_images", "IMG_");
  g_autofree char *mask = find_file ("3d_images", "MASK_");
  g_autofree char *a = in_scratch ("keep/a");
  g_autofree char *b = in_scratch ("keep/b");
  g_autofree char *first = copy_to (slice, a, "x.tif");
  g_autofree char *second = copy_to (slice, b, "x.tif");
  g_autofree char *volume = copy_to (image, a, "IMG_1.nii.gz");
  g_autofree char *truth = copy_to (mask, a, "MASK_1.nii.gz");
  g_autofree char *out = in_scratch ("keep/out");
  g_auto (Call) onto_self = { 0 }, onto_truth = { 0 }, onto_later = { 0 }, twice = { 0 };
  GStatBuf slice_info, mask_info, info;

  g_assert_cmpint (g_stat (second, &slice_info), ==, 0);
  g_assert_cmpint (g_stat (truth, &mask_info), ==, 0);
  onto_self = run ("predict", model, first, "--out", a, NULL);
  assert_status (onto_self, 1);
  assert_contains (onto_self.err, "x.tif");
  onto_truth = run ("predict", model, volume, "--out", a, NULL);
  assert_status (onto_truth, 1);
  g_assert_cmpint (g_stat (truth, &info), ==, 0);
  g_assert_true (info.st_ino == mask_info.st_ino && info.st_size == mask_info.st_size);
  onto_later = run ("predict", model, first, second, "--out", b, NULL);
  assert_status (onto_later, 1);
  g_assert_cmpint (g_stat (second, &info), ==, 0);
  g_assert_true (info.st_ino == slice_info.st_ino && info.st_size == slice_info.st_size);
  twice = run ("predict", model, first, second, "--out", out, "--json", NULL);
  assert_status (twice, 1);
  assert_contains (twice.err, second);
  g_assert_true (exists (out, "x.tif"));
}

/* Names that CSV has to quote, and two masks for one case. */
static void
test_evaluate_names (void)
{
  g_autofree char *mask = find_file ("2d_masks", "ID_");
  g_autofree char *ours = in_scratch ("names/ours");
  g_autofree char *theirs = in_scratch ("names/theirs");
  g_autofree char *csv = in_scratch ("names/table.csv");
  g_autofree char *table = NULL;
  G_GNUC_UNUSED g_autofree char *copy_1 = copy_to (mask, ours, "a, \"b\".tif");
  G_GNUC_UNUSED g_autofree char *copy_2 = copy_to (mask, theirs, "a, \"b\".tif");
  g_autofree char *copy_3 = NULL;
  g_auto (Call) good = run ("evaluate", ours, theirs, "--csv", csv, NULL);
  g_auto (Call) two = { 0 };

  assert_status (good, 0);
  table = read_file (csv);
  assert_contains (table, "\n\"a, \"\"b\"\"\",");
  copy_3 = copy_to (mask, theirs, "a, \"b\".tiff");
  two = run ("evaluate", ours, theirs, NULL);
  assert_status (two, 1);
  assert_contains (two.err, copy_3);
}

/* Equal voxels in different places are compared, and it is said. */
static void
test_evaluate_places (void)
{
  g_autofree char *masks = g_build_filename (data, "2d_masks", NULL);
  g_autofree char *thin = in_scratch ("thin.nii");
  g_autofree char *thick = in_scratch ("thick.nii");
  g_auto (Call) first = run ("bundle", masks, thin, "--step", "1", NULL);
  g_auto (Call) second = run ("bundle", masks, thick, "--step", "2.5", NULL);
  g_auto (Call) same = run ("evaluate", thin, thin, NULL);
  g_auto (Call) other = run ("evaluate", thin, thick, NULL);

  assert_status (first, 0);
  assert_status (second, 0);
  assert_status (same, 0);
  g_assert_null (strstr (same.err, "affine"));
  assert_status (other, 0);
  assert_contains (other.err, "affine");
}

static void
test_evaluate_nothing (void)
{
  g_autofree char *empty = in_scratch ("empty");
  g_autofree char *none = in_scratch ("none");
  g_auto (Call) nothing = { 0 }, missing = { 0 };

  g_mkdir (empty, 0755);
  nothing = run ("evaluate", empty, empty, "--json", NULL);
  assert_status (nothing, 1);
  assert_contains (nothing.err, empty);
  missing = run ("evaluate", empty, none, NULL);
  assert_status (missing, 1);
  assert_contains (missing.err, none);
}

/* What cannot be printed is not done. */
static void
test_full_disk (void)
{
  g_autofree char *slice = find_file ("2d_images", "ID_");
  g_autofree char *quoted = g_shell_quote (slice);
  g_autofree char *line = g_strdup_printf ("%s info %s > /dev/full", cli, quoted);
  char *argv[] = { (char *) "/bin/sh", (char *) "-c", line, NULL };
  int wait_status;

  g_assert_true (g_spawn_sync (NULL, argv, NULL, G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL, NULL,
                               &wait_status, NULL));
  g_assert_true (WIFEXITED (wait_status));
  g_assert_cmpint (WEXITSTATUS (wait_status), ==, 1);
}

/* Each command with --json leaves one document, or nothing when it failed. */
static void
test_json_of_each (void)
{
  g_autofree char *slices = g_build_filename (data, "2d_images", NULL);
  g_autofree char *volume = find_file ("3d_images", "IMG_");
  g_autofree char *bundle_path = in_scratch ("json.nii.gz");
  g_autofree char *folder = in_scratch ("json");
  g_autofree char *picture = in_scratch ("json.png");
  g_auto (Call) bundle = run ("bundle", slices, bundle_path, "--json", NULL);
  g_auto (Call) unbundle = run ("unbundle", bundle_path, folder, "--json", NULL);
  g_auto (Call) montage = run ("montage", volume, picture, "--json", NULL);
  g_auto (Call) predict = run ("predict", model, volume, "--out", folder, "--json", NULL);
  g_autoptr (JsonObject) bundled = parse (bundle.out);
  g_autoptr (JsonObject) unbundled = parse (unbundle.out);
  g_autoptr (JsonObject) drawn = parse (montage.out);
  g_autoptr (JsonObject) predicted = parse (predict.out);

  g_assert_cmpint (json_object_get_int_member (bundled, "slices"), ==, 10);
  g_assert_cmpint (json_object_get_int_member (unbundled, "slices"), ==, 10);
  g_assert_cmpint (json_object_get_int_member (drawn, "width"), >, 100);
  g_assert_cmpint (json_array_get_length (json_object_get_array_member (predicted, "cases")), ==,
                   1);
}

static void
test_train_refusals (void)
{
  g_autofree char *used = in_scratch ("run");
  g_autofree char *empty = in_scratch ("nothing");
  g_autofree char *out = in_scratch ("run-of-nothing");
  g_auto (Call) no_out = run ("train", data, NULL);
  g_auto (Call) not_empty = run ("train", data, "--out", used, NULL);
  g_auto (Call) bad_loss = run ("train", data, "--out", out, "--loss", "hinge", NULL);
  g_auto (Call) bad_epochs = run ("train", data, "--out", out, "--epochs", "-3", NULL);
  g_auto (Call) no_epochs = run ("train", data, "--out", out, "--epochs", "0", NULL);
  g_auto (Call) no_largest = run ("predict", model, data, "--out", out, "--largest", "-3", NULL);
  g_auto (Call) no_depth = run ("bench", "--depth", "40", "--seconds", "0.01", NULL);
  g_auto (Call) no_cases = { 0 };

  g_mkdir (empty, 0755);
  no_cases = run ("train", empty, "--out", out, NULL);
  assert_status (no_out, 2);
  assert_status (not_empty, 2);
  assert_status (bad_loss, 2);
  assert_status (bad_epochs, 2);
  assert_status (no_epochs, 2);
  assert_status (no_largest, 2);
  assert_status (no_depth, 2);
  assert_status (no_cases, 1);
}

/* SIGINT saves and exits 130; the run can be resumed to its end. */
static void
test_interrupt_and_resume (void)
{
  g_autofree char *out = in_scratch ("interrupted");
  g_autofree char *history = g_build_filename (out, "history.csv", NULL);
  char *argv[] = { (char *) cli,
                   (char *) "train",
                   data,
                   (char *) "--out",
                   out,
                   (char *) "--epochs",
                   (char *) "400",
                   (char *) "--size",
                   (char *) "32",
                   (char *) "--base",
                   (char *) "4",
                   (char *) "--depth",
                   (char *) "2",
                   (char *) "-q",
                   NULL };
  g_auto (Call) resumed = { 0 };
  GPid pid;
  int wait_status;

  g_assert_true (g_spawn_async (NULL, argv, NULL,
                                G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL,
                                &pid, NULL));
  for (int i = 0; i < 600 && !g_file_test (history, G_FILE_TEST_EXISTS); i++)
    g_usleep (50000);
  g_assert_true (g_file_test (history, G_FILE_TEST_EXISTS));
  kill (pid, SIGINT);
  g_assert_cmpint (waitpid (pid, &wait_status, 0), ==, pid);
  g_assert_true (WIFEXITED (wait_status));
  g_assert_cmpint (WEXITSTATUS (wait_status), ==, 130);
  g_assert_true (exists (out, "last.safetensors"));

  resumed = run ("train", data, "--out", out, "--resume", "--time-limit", "1", "--json", NULL);
  assert_status (resumed, 0);
}

static void
test_bench (void)
{
  g_auto (Call) call = run ("bench", "--seconds", "0.05", "--base", "4", "--depth", "2", "--size",
                            "32", "--json", NULL);
  g_auto (Call) bad = run ("bench", "--isa", "abacus", NULL);
  g_autoptr (JsonObject) object = NULL;
  JsonObject *training;

  assert_status (call, 0);
  object = parse (call.out);
  training = json_object_get_object_member (object, "training");
  g_assert_cmpfloat (json_object_get_double_member (training, "images_per_s"), >, 0);
  assert_status (bad, 2);
}

/* A step of this size takes seconds; it is left between two layers. */
static void
test_bench_interrupted (void)
{
  char *argv[] = { (char *) cli,   (char *) "bench", (char *) "--size",
                   (char *) "512", (char *) "-q",    NULL };
  GPid pid;
  int wait_status;
  gint64 start_us;

  g_assert_true (g_spawn_async (NULL, argv, NULL,
                                G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL |
                                    G_SPAWN_STDERR_TO_DEV_NULL,
                                NULL, NULL, &pid, NULL));
  g_usleep (500000);
  start_us = g_get_monotonic_time ();
  kill (pid, SIGINT);
  g_assert_cmpint (waitpid (pid, &wait_status, 0), ==, pid);
  g_assert_true (WIFEXITED (wait_status));
  g_assert_cmpint (WEXITSTATUS (wait_status), ==, 130);
  g_test_minimized_result ((double) (g_get_monotonic_time () - start_us) / 1e6, "seconds to stop");
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

int
main (int argc, char **argv)
{
  int status;

  g_setenv ("LC_ALL", "C.UTF-8", TRUE);
  g_test_init (&argc, &argv, NULL);
  cli = g_getenv ("PLEURA_CLI");
  g_assert_nonnull (cli);
  scratch = g_dir_make_tmp ("pleura-cli-XXXXXX", NULL);
  data = in_scratch ("data");
  make_data ();
  make_model ();

  g_test_add_func ("/cli/usage", test_usage);
  g_test_add_func ("/cli/help-of-each", test_help_of_each);
  g_test_add_func ("/cli/unknown-isa", test_unknown_isa);
  g_test_add_func ("/cli/info", test_info);
  g_test_add_func ("/cli/info-bad-file", test_info_bad_file);
  g_test_add_func ("/cli/check", test_check);
  g_test_add_func ("/cli/bundle", test_bundle);
  g_test_add_func ("/cli/stats", test_stats);
  g_test_add_func ("/cli/montage", test_montage);
  g_test_add_func ("/cli/predict-and-evaluate", test_predict_and_evaluate);
  g_test_add_func ("/cli/evaluate-unpaired", test_evaluate_unpaired);
  g_test_add_func ("/cli/model", test_model);
  g_test_add_func ("/cli/messages-come-once", test_messages_come_once);
  g_test_add_func ("/cli/predict-keeps-inputs", test_predict_keeps_inputs);
  g_test_add_func ("/cli/evaluate-names", test_evaluate_names);
  g_test_add_func ("/cli/evaluate-places", test_evaluate_places);
  g_test_add_func ("/cli/evaluate-nothing", test_evaluate_nothing);
  g_test_add_func ("/cli/full-disk", test_full_disk);
  g_test_add_func ("/cli/json-of-each", test_json_of_each);
  g_test_add_func ("/cli/train-refusals", test_train_refusals);
  g_test_add_func ("/cli/interrupt-and-resume", test_interrupt_and_resume);
  g_test_add_func ("/cli/bench", test_bench);
  g_test_add_func ("/cli/bench-interrupted", test_bench_interrupted);
  status = g_test_run ();

  remove_tree (scratch);
  g_free (model);
  g_free (data);
  g_free (scratch);
  return status;
}
