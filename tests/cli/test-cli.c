/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all commands share: usage, help, messages, one JSON document, exit status. */
#include "rig.h"

#include <glib.h>
#include <json-glib/json-glib.h>
#include <string.h>
#include <sys/wait.h>

static void
test_usage (void)
{
  g_auto (RigCall) none = rig_run (NULL);
  g_auto (RigCall) unknown = rig_run ("dance", NULL);
  g_auto (RigCall) option = rig_run ("info", "--no-such-option", NULL);
  g_auto (RigCall) missing = rig_run ("info", NULL);
  g_auto (RigCall) help = rig_run ("--help", NULL);
  g_auto (RigCall) version = rig_run ("--version", NULL);

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
  g_auto (RigCall) all = rig_run ("--help", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_auto (RigCall) help = rig_run (commands[i], "--help", NULL);

      assert_status (help, 0);
      assert_contains (help.out, "--json");
      assert_contains (all.out, commands[i]);
    }
}

static void
test_unknown_isa (void)
{
  g_auto (RigCall) call = rig_run_isa ("sse9", "model", rig_model (), NULL);

  assert_status (call, 2);
  assert_contains (call.err, "generic");
}

static void
test_model (void)
{
  g_auto (RigCall) call = rig_run ("model", rig_model (), "--json", NULL);
  g_auto (RigCall) text = rig_run ("model", rig_model (), NULL);
  g_auto (RigCall) bad = rig_run ("model", rig_cli (), NULL);
  g_autoptr (JsonObject) object = NULL;

  assert_status (call, 0);
  object = rig_parse (call.out);
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
  g_autofree char *none = rig_path ("none");
  g_autofree char *out = rig_path ("masks-of-none");
  g_auto (RigCall) info = rig_run ("info", "no-such.tif", NULL);
  g_auto (RigCall) predict = rig_run ("predict", rig_model (), "no-such.tif", "--out", out, NULL);
  g_auto (RigCall) check = rig_run ("check", none, NULL);
  g_auto (RigCall) train = rig_run ("train", rig_data (), "--out", out, "--split-file", none, NULL);

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

/* What cannot be printed is not done. */
static void
test_full_disk (void)
{
  g_autofree char *slice = rig_find ("2d_images", "ID_");
  g_autofree char *quoted = g_shell_quote (slice);
  g_autofree char *line = g_strdup_printf ("%s info %s > /dev/full", rig_cli (), quoted);
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
  g_autofree char *slices = g_build_filename (rig_data (), "2d_images", NULL);
  g_autofree char *volume = rig_find ("3d_images", "IMG_");
  g_autofree char *bundle_path = rig_path ("json.nii.gz");
  g_autofree char *folder = rig_path ("json");
  g_autofree char *picture = rig_path ("json.png");
  g_auto (RigCall) bundle = rig_run ("bundle", slices, bundle_path, "--json", NULL);
  g_auto (RigCall) unbundle = rig_run ("unbundle", bundle_path, folder, "--json", NULL);
  g_auto (RigCall) montage = rig_run ("montage", volume, picture, "--json", NULL);
  g_auto (RigCall) predict =
      rig_run ("predict", rig_model (), volume, "--out", folder, "--json", NULL);
  g_autoptr (JsonObject) bundled = rig_parse (bundle.out);
  g_autoptr (JsonObject) unbundled = rig_parse (unbundle.out);
  g_autoptr (JsonObject) drawn = rig_parse (montage.out);
  g_autoptr (JsonObject) predicted = rig_parse (predict.out);

  g_assert_cmpint (json_object_get_int_member (bundled, "slices"), ==, 10);
  g_assert_cmpint (json_object_get_int_member (unbundled, "slices"), ==, 10);
  g_assert_cmpint (json_object_get_int_member (drawn, "width"), >, 100);
  g_assert_cmpint (json_array_get_length (json_object_get_array_member (predicted, "cases")), ==,
                   1);
}

int
main (int argc, char **argv)
{
  rig_init (&argc, &argv);
  g_test_add_func ("/cli/usage", test_usage);
  g_test_add_func ("/cli/help-of-each", test_help_of_each);
  g_test_add_func ("/cli/unknown-isa", test_unknown_isa);
  g_test_add_func ("/cli/model", test_model);
  g_test_add_func ("/cli/messages-come-once", test_messages_come_once);
  g_test_add_func ("/cli/full-disk", test_full_disk);
  g_test_add_func ("/cli/json-of-each", test_json_of_each);
  return rig_run_tests ();
}
