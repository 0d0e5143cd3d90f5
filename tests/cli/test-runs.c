/* SPDX-License-Identifier: GPL-3.0-or-later */
/* runs, replay, export-run and import-run, as a person goes through them. */
#include "rig.h"

#include <glib/gstdio.h>

static void
test_list (void)
{
  g_autofree char *folder = rig_path ("");
  g_autofree char *run = rig_path ("run");
  g_autofree char *none = rig_path ("no-runs-here");
  g_autofree char *broken = rig_path ("broken-run");
  g_autofree char *broken_json = g_build_filename (broken, "run.json", NULL);
  g_auto (RigCall) table = { 0 };
  g_auto (RigCall) json = { 0 };
  g_auto (RigCall) empty = rig_run ("runs", none, "--json", NULL);
  g_auto (RigCall) bad = { 0 };
  g_auto (RigCall) too_many = rig_run ("runs", none, none, NULL);
  g_autoptr (JsonObject) object = NULL;
  JsonObject *first;

  rig_model ();
  table = rig_run ("runs", run, NULL);
  assert_status (table, 0);
  assert_contains (table.out, "completed");
  json = rig_run ("runs", run, "--json", NULL);
  assert_status (json, 0);
  object = rig_parse (json.out);
  first = json_array_get_object_element (json_object_get_array_member (object, "runs"), 0);
  g_assert_cmpstr (json_object_get_string_member (first, "folder"), ==, run);
  g_assert_cmpint (json_object_get_int_member (first, "epochs"), >=, 1);
  g_assert_true (json_object_has_member (json_object_get_object_member (first, "settings"), "lr"));
  assert_status (empty, 0);
  assert_status (too_many, 2);

  g_mkdir (broken, 0755);
  g_assert_true (g_file_set_contents (broken_json, "{", -1, NULL));
  bad = rig_run ("runs", folder, NULL);
  assert_status (bad, 1);
  assert_contains (bad.out, "broken-run");
  assert_contains (bad.out, "completed");
  assert_contains (bad.err, "run.json");
}

static void
test_replay (void)
{
  g_autofree char *run = rig_path ("run");
  g_autofree char *out = rig_path ("replayed");
  g_autofree char *out_isa = rig_path ("replayed-isa");
  g_auto (RigCall) no_out = { 0 };
  g_auto (RigCall) same = { 0 };
  g_auto (RigCall) used = { 0 };
  g_auto (RigCall) missing = rig_run ("replay", out, "--out", out_isa, NULL);
  g_autoptr (JsonObject) object = NULL;

  rig_model ();
  no_out = rig_run ("replay", run, NULL);
  assert_status (no_out, 2);
  same = rig_run ("replay", run, "--out", out, "--threads", "1", "--json", "-q", NULL);
  assert_status (same, 0);
  object = rig_parse (same.out);
  g_assert_true (json_object_get_boolean_member (object, "identical"));
  used = rig_run ("replay", run, "--out", out, NULL);
  assert_status (used, 2);
  assert_status (missing, 1);
}

/* Made in float32 on the plain instruction set, it comes out otherwise on a better one, which is
 * said; where there is no better one, it is the same. */
static void
test_replay_elsewhere (void)
{
  g_autofree char *run = rig_path ("plain");
  g_autofree char *out = rig_path ("plain-again");
  g_auto (RigCall) train =
      rig_run_isa ("generic", "train", rig_data (), "--out", run, "--epochs", "1", "--size", "32",
                   "--base", "4", "--depth", "2", "--precision", "f32", "-q", NULL);
  g_auto (RigCall) again = rig_run_isa ("", "replay", run, "--out", out, "-q", NULL);

  assert_status (train, 0);
  if (again.status == 1)
    {
      assert_contains (again.out, "Different");
      assert_contains (again.out, "generic");
    }
  else
    assert_contains (again.out, "Identical");
}

static void
test_export_and_import (void)
{
  g_autofree char *run = rig_path ("run");
  g_autofree char *file = rig_path ("exported.pleura-run.tar.gz");
  g_autofree char *folder = rig_path ("imported");
  g_autofree char *expected = g_build_filename (folder, "run", NULL);
  g_autofree char *model = g_build_filename (expected, "best.safetensors", NULL);
  g_auto (RigCall) export = { 0 };
  g_auto (RigCall) import = { 0 };
  g_auto (RigCall) predict = { 0 };
  g_auto (RigCall) no_run = { 0 };
  g_auto (RigCall) no_archive = { 0 };
  g_autoptr (JsonObject) object = NULL;

  rig_model ();
  export = rig_run ("export-run", run, file, "-q", NULL);
  assert_status (export, 0);
  import = rig_run ("import-run", file, folder, "--json", "-q", NULL);
  assert_status (import, 0);
  object = rig_parse (import.out);
  g_assert_cmpstr (json_object_get_string_member (object, "run"), ==, expected);
  predict = rig_run ("model", model, NULL);
  assert_status (predict, 0);

  no_run = rig_run ("export-run", folder, file, "-q", NULL);
  assert_status (no_run, 1);
  no_archive = rig_run ("import-run", model, folder, "-q", NULL);
  assert_status (no_archive, 1);
  assert_contains (no_archive.err, model);
}

int
main (int argc, char **argv)
{
  rig_init (&argc, &argv);
  g_test_add_func ("/cli/runs/list", test_list);
  g_test_add_func ("/cli/runs/replay", test_replay);
  g_test_add_func ("/cli/runs/replay-elsewhere", test_replay_elsewhere);
  g_test_add_func ("/cli/runs/export-and-import", test_export_and_import);
  return rig_run_tests ();
}
