/* SPDX-License-Identifier: GPL-3.0-or-later */
/* train: what it refuses, how it is interrupted and goes on, and the precision that it keeps. */
#include "rig.h"

#include <glib/gstdio.h>

static void
test_refusals (void)
{
  const char *data = rig_data ();
  const char *model = rig_model ();
  g_autofree char *used = rig_path ("run");
  g_autofree char *empty = rig_path ("nothing");
  g_autofree char *out = rig_path ("run-of-nothing");
  g_auto (RigCall) no_out = rig_run ("train", data, NULL);
  g_auto (RigCall) not_empty = rig_run ("train", data, "--out", used, NULL);
  g_auto (RigCall) bad_loss = rig_run ("train", data, "--out", out, "--loss", "hinge", NULL);
  g_auto (RigCall) bad_schedule =
      rig_run ("train", data, "--out", out, "--schedule", "stairs", NULL);
  g_auto (RigCall) bad_epochs = rig_run ("train", data, "--out", out, "--epochs", "-3", NULL);
  g_auto (RigCall) no_epochs = rig_run ("train", data, "--out", out, "--epochs", "0", NULL);
  g_auto (RigCall) no_largest =
      rig_run ("predict", model, data, "--out", out, "--largest", "-3", NULL);
  g_auto (RigCall) no_depth = rig_run ("bench", "--depth", "40", "--seconds", "0.01", NULL);
  g_auto (RigCall) no_cases = { 0 };

  g_mkdir (empty, 0755);
  no_cases = rig_run ("train", empty, "--out", out, NULL);
  assert_status (no_out, 2);
  assert_status (not_empty, 2);
  assert_status (bad_loss, 2);
  assert_status (bad_schedule, 2);
  assert_contains (bad_schedule.err, "stairs");
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
  g_autofree char *out = rig_path ("interrupted");
  g_autofree char *history = g_build_filename (out, "history.csv", NULL);
  GPid pid = rig_start ("train", rig_data (), "--out", out, "--epochs", "400", "--size", "32",
                        "--base", "4", "--depth", "2", "-q", NULL);
  g_auto (RigCall) resumed = { 0 };

  rig_await_file (history);
  g_assert_cmpint (rig_interrupt (pid), ==, 130);
  g_assert_true (rig_exists (out, "last.safetensors"));

  resumed =
      rig_run ("train", rig_data (), "--out", out, "--resume", "--time-limit", "1", "--json", NULL);
  assert_status (resumed, 0);
}

/* An epoch into @out, under @isa. */
static RigCall
train_epoch (const char *isa, const char *out, const char *precision)
{
  return rig_run_isa (isa, "train", rig_data (), "--out", out, "--epochs", "1", "--size", "32",
                      "--base", "4", "--depth", "2", "--precision", precision, "-q", NULL);
}

static JsonObject *
read_run (const char *out)
{
  g_autofree char *path = g_build_filename (out, "run.json", NULL);
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return rig_parse (text);
}

/* What a run says that it computes in. */
static char *
read_precision (const char *out)
{
  g_autoptr (JsonObject) run = read_run (out);
  JsonObject *settings = json_object_get_object_member (run, "settings");

  return g_strdup (json_object_get_string_member (settings, "precision"));
}

/* Where a run began and what it was to do, in words; going on changes neither. */
static void
test_origin (void)
{
  g_autofree char *out = rig_path ("origin");
  g_autofree char *split = rig_path ("run/split.csv");
  const char *model = rig_model ();
  g_auto (RigCall) train =
      rig_run ("train", rig_data (), "--out", out, "--epochs", "1", "--init", model, "--split-file",
               split, "--schedule", "constant", "--loss", "dice", "--augment", "no", "-q", NULL);
  g_auto (RigCall) resumed =
      rig_run ("train", rig_data (), "--out", out, "--resume", "--epochs", "2", "-q", NULL);
  g_autoptr (JsonObject) run = NULL;
  g_autofree char *plain_out = rig_path ("run");
  g_autoptr (JsonObject) plain = read_run (plain_out);
  JsonObject *settings;

  assert_status (train, 0);
  assert_status (resumed, 0);
  run = read_run (out);
  g_assert_cmpstr (json_object_get_string_member (run, "init"), ==, model);
  g_assert_cmpstr (json_object_get_string_member (run, "split_file"), ==, split);
  settings = json_object_get_object_member (run, "settings");
  g_assert_cmpint (json_object_get_int_member (settings, "epochs"), ==, 2);
  g_assert_cmpstr (json_object_get_string_member (settings, "schedule"), ==, "constant");
  g_assert_cmpstr (json_object_get_string_member (settings, "loss"), ==, "dice");
  g_assert_false (json_object_get_boolean_member (settings, "augment"));

  g_assert_true (json_object_get_null_member (plain, "init"));
  g_assert_true (json_object_get_null_member (plain, "split_file"));
}

/* @split: (nullable): as --split has it */
static RigCall
train_split (const char *data, const char *out, const char *split)
{
  return rig_run ("train", data, "--out", out, "--epochs", "1", "--base", "4", "--depth", "2",
                  "--size", "32", split != NULL ? "--split" : NULL, split, NULL);
}

/* A split that lies with the data is used and said; --split deals another; one that is of no use
 * stops the training. */
static void
test_saved_split (void)
{
  g_autofree char *data = rig_path ("split-data");
  g_autofree char *manifest = g_build_filename (data, "pleura-manifest.json", NULL);
  g_autofree char *first = rig_path ("first-split");
  g_autofree char *kept = rig_path ("kept-split");
  g_autofree char *dealt = rig_path ("dealt-split");
  g_autofree char *refused = rig_path ("refused-split");
  g_auto (RigCall) phantom =
      rig_run ("phantom", data, "--slices", "4", "--volumes", "0", "--size", "64", "-q", NULL);
  g_auto (RigCall) check = rig_run ("check", data, "--json", NULL);
  g_autoptr (JsonObject) report = rig_parse (check.out);
  JsonArray *cases = json_object_get_array_member (report, "cases");
  g_autoptr (GString) split = g_string_new ("{\"version\": 1, \"split\": {\"cases\": {");
  g_autoptr (JsonObject) run = NULL;

  assert_status (phantom, 0);
  for (guint i = 0; i < 4; i++)
    g_string_append_printf (
        split, "%s\"%s\": {\"group\": \"%s\"}", i > 0 ? ", " : "",
        json_object_get_string_member (json_array_get_object_element (cases, i), "name"),
        i < 3 ? "train" : "validation");
  g_string_append (split, "}}}");
  g_assert_true (g_file_set_contents (manifest, split->str, -1, NULL));

  g_auto (RigCall) with = train_split (data, kept, NULL);
  assert_status (with, 0);
  assert_contains (with.err, "the one saved with the data set: 3 cases for training, 1 ");
  run = read_run (kept);
  g_assert_cmpstr (json_object_get_string_member (run, "split_file"), ==, manifest);
  g_auto (RigCall) other = train_split (data, dealt, "0.5,0.25,0.25");
  assert_status (other, 0);
  g_assert_null (strstr (other.err, "saved with the data set"));

  g_assert_true (g_file_set_contents (manifest, "{\"version\": 1, \"split\": 3}", -1, NULL));
  g_auto (RigCall) none = train_split (data, refused, NULL);
  assert_status (none, 1);
  assert_contains (none.err, "the saved split is of no use");
  g_auto (RigCall) anew = train_split (data, first, "0.5,0.25,0.25");
  assert_status (anew, 0);
}

/* Names that lie with the data are those of the model; of ones that are of no use check tells. */
static void
test_saved_names (void)
{
  g_autofree char *data = rig_path ("names-data");
  g_autofree char *manifest = g_build_filename (data, "pleura-manifest.json", NULL);
  g_autofree char *named = rig_path ("named");
  g_autofree char *model = g_build_filename (named, "best.safetensors", NULL);
  g_auto (RigCall) phantom =
      rig_run ("phantom", data, "--slices", "4", "--volumes", "0", "--size", "64", "-q", NULL);
  const char *good = "{\"version\": 1, \"classes\": {\"sides\": [\"왼쪽 폐\", \"R\"]}}";
  const char *bad = "{\"version\": 1, \"classes\": {\"names\": [\"R\", \"R\"]}}";

  assert_status (phantom, 0);
  g_assert_true (g_file_set_contents (manifest, good, -1, NULL));
  g_auto (RigCall) check = rig_run ("check", data, NULL);
  assert_status (check, 0);
  g_auto (RigCall) train = rig_run ("train", data, "--out", named, "--epochs", "1", "--base", "4",
                                    "--depth", "2", "--size", "32", "--sides", "-q", NULL);
  assert_status (train, 0);
  g_auto (RigCall) told = rig_run ("model", model, "--json", NULL);
  assert_contains (told.out, "왼쪽 폐, R");

  g_assert_true (g_file_set_contents (manifest, bad, -1, NULL));
  g_auto (RigCall) refused = rig_run ("check", data, NULL);
  assert_status (refused, 1);
  assert_contains (refused.err, "the names 1 and 2 are the same");
}

/* A preset says what no option does, wherever it stands. */
static void
test_preset (void)
{
  g_autofree char *out = rig_path ("preset");
  g_auto (RigCall) train =
      rig_run ("train", rig_data (), "--out", out, "--epochs", "1", "--size", "32", "--base", "4",
               "--lr", "0.002", "--augment", "yes", "--preset", "tutorial", "-q", NULL);
  g_auto (RigCall) unknown = rig_run ("train", rig_data (), "--out", out, "--preset", "slow", NULL);
  g_autoptr (JsonObject) run = NULL;
  JsonObject *settings;

  assert_status (train, 0);
  assert_status (unknown, 2);
  assert_contains (unknown.err, "slow");
  run = read_run (out);
  settings = json_object_get_object_member (run, "settings");
  g_assert_cmpint (json_object_get_int_member (settings, "epochs"), ==, 1);
  g_assert_cmpint (json_object_get_int_member (settings, "size"), ==, 32);
  g_assert_cmpint (json_object_get_int_member (settings, "base"), ==, 4);
  g_assert_cmpfloat (json_object_get_double_member (settings, "lr"), ==, 0.002);
  g_assert_true (json_object_get_boolean_member (settings, "augment"));
  g_assert_cmpint (json_object_get_int_member (settings, "batch"), ==, 32);
  g_assert_cmpfloat (json_object_get_double_member (settings, "decay"), ==, 0);
  g_assert_cmpstr (json_object_get_string_member (settings, "schedule"), ==, "plateau");
  g_assert_cmpstr (json_object_get_string_member (settings, "loss"), ==, "cross-entropy");
}

/* What is faster here is written down, not that it was left to the program. */
static void
test_precision_auto (void)
{
  g_autofree char *out = rig_path ("precision-auto");
  g_autofree char *of_run = NULL;
  g_auto (RigCall) train = train_epoch ("", out, "auto");
  g_auto (RigCall) bench = rig_run_isa ("", "bench", "--seconds", "0.01", "--base", "4", "--depth",
                                        "2", "--size", "32", "--json", NULL);
  g_autoptr (JsonObject) report = NULL;

  assert_status (train, 0);
  assert_status (bench, 0);
  report = rig_parse (bench.out);
  of_run = read_precision (out);
  g_assert_cmpstr (of_run, ==, json_object_get_string_member (report, "precision"));
  g_assert_cmpstr (of_run, !=, "auto");
}

/* Going on, auto does not mean what is faster, but what the run began with. */
static void
test_precision_kept (void)
{
  g_autofree char *out = rig_path ("precision-kept");
  g_autofree char *before = NULL, *after = NULL;
  g_auto (RigCall) train = train_epoch ("", out, "f32");
  g_auto (RigCall) resumed = { 0 };

  assert_status (train, 0);
  before = read_precision (out);
  g_assert_cmpstr (before, ==, "f32");
  resumed = rig_run ("train", rig_data (), "--out", out, "--resume", "--epochs", "2", "--precision",
                     "auto", "-q", NULL);
  assert_status (resumed, 0);
  after = read_precision (out);
  g_assert_cmpstr (after, ==, "f32");
}

static void
test_precision_refused (void)
{
  g_autofree char *out = rig_path ("precision-refused");
  g_auto (RigCall) unknown = train_epoch ("", out, "f16");
  g_auto (RigCall) missing = train_epoch ("generic", out, "bf16");

  assert_status (unknown, 2);
  assert_contains (unknown.err, "f16");
  assert_status (missing, 1);
  assert_contains (missing.err, "bf16");
  assert_contains (missing.err, "generic");
}

int
main (int argc, char **argv)
{
  rig_init (&argc, &argv);
  g_test_add_func ("/cli/train-refusals", test_refusals);
  g_test_add_func ("/cli/interrupt-and-resume", test_interrupt_and_resume);
  g_test_add_func ("/cli/train-origin", test_origin);
  g_test_add_func ("/cli/train-saved-split", test_saved_split);
  g_test_add_func ("/cli/train-saved-names", test_saved_names);
  g_test_add_func ("/cli/train-preset", test_preset);
  g_test_add_func ("/cli/train-precision-auto", test_precision_auto);
  g_test_add_func ("/cli/train-precision-kept", test_precision_kept);
  g_test_add_func ("/cli/train-precision-refused", test_precision_refused);
  return rig_run_tests ();
}
