/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rig.h"

#include "base/json.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sys/wait.h>

/* Longer than any machine needs. */
#define PATIENCE_US (100 * G_TIME_SPAN_SECOND)

static char *scratch; /* folder of this program */
static char *data;
static char *model;
static char *volumes;

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

void
rig_init (int *argc, char ***argv)
{
  g_setenv ("LC_ALL", "C.UTF-8", TRUE);
  g_test_init (argc, argv, NULL);
  scratch = g_dir_make_tmp ("pleura-cli-XXXXXX", NULL);
}

int
rig_run_tests (void)
{
  int status = g_test_run ();

  remove_tree (scratch);
  g_free (volumes);
  g_free (model);
  g_free (data);
  g_free (scratch);
  return status;
}

const char *
rig_cli (void)
{
  const char *cli = g_getenv ("PLEURA_CLI");

  g_assert_nonnull (cli);
  return cli;
}

void
rig_call_clear (RigCall *call)
{
  g_free (call->out);
  g_free (call->err);
}

static char **
collect_arguments (const char *first, va_list args)
{
  GPtrArray *argv = g_ptr_array_new ();

  g_ptr_array_add (argv, g_strdup (rig_cli ()));
  for (const char *arg = first; arg != NULL; arg = va_arg (args, const char *))
    g_ptr_array_add (argv, g_strdup (arg));
  g_ptr_array_add (argv, NULL);
  return (char **) g_ptr_array_free (argv, FALSE);
}

/* @isa: (nullable): what PLEURA_ISA is then; else it is as it was */
static RigCall
spawn (const char *isa, char **argv)
{
  g_auto (GStrv) environment = g_get_environ ();
  g_autoptr (GError) error = NULL;
  RigCall call = { 0 };
  int wait_status;

  if (isa != NULL)
    environment = g_environ_setenv (environment, "PLEURA_ISA", isa, TRUE);
  g_spawn_sync (NULL, argv, environment, G_SPAWN_DEFAULT, NULL, NULL, &call.out, &call.err,
                &wait_status, &error);
  g_assert_no_error (error);
  g_assert_true (WIFEXITED (wait_status));
  call.status = WEXITSTATUS (wait_status);
  return call;
}

RigCall
rig_run (const char *first, ...)
{
  g_auto (GStrv) argv = NULL;
  va_list args;

  va_start (args, first);
  argv = collect_arguments (first, args);
  va_end (args);
  return spawn (NULL, argv);
}

RigCall
rig_run_isa (const char *isa, const char *first, ...)
{
  g_auto (GStrv) argv = NULL;
  va_list args;

  va_start (args, first);
  argv = collect_arguments (first, args);
  va_end (args);
  return spawn (isa, argv);
}

GPid
rig_start (const char *first, ...)
{
  g_auto (GStrv) argv = NULL;
  g_autoptr (GError) error = NULL;
  va_list args;
  GPid pid;

  va_start (args, first);
  argv = collect_arguments (first, args);
  va_end (args);
  g_spawn_async (NULL, argv, NULL,
                 G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL |
                     G_SPAWN_STDERR_TO_DEV_NULL,
                 NULL, NULL, &pid, &error);
  g_assert_no_error (error);
  return pid;
}

/* Whether it has a handler of its own for SIGINT by now. */
static gboolean
is_listening (GPid pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/status", pid);
  g_autofree char *status = NULL;
  const char *caught;

  g_assert_true (g_file_get_contents (path, &status, NULL, NULL));
  caught = strstr (status, "SigCgt:");
  g_assert_nonnull (caught);
  return g_ascii_strtoull (caught + strlen ("SigCgt:"), NULL, 16) >> (SIGINT - 1) & 1;
}

int
rig_interrupt (GPid pid)
{
  gint64 end_us = g_get_monotonic_time () + PATIENCE_US;
  int wait_status;

  while (!is_listening (pid))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end_us);
      g_usleep (10000);
    }
  kill (pid, SIGINT);
  g_assert_cmpint (waitpid (pid, &wait_status, 0), ==, pid);
  g_assert_true (WIFEXITED (wait_status));
  return WEXITSTATUS (wait_status);
}

void
rig_await_file (const char *path)
{
  gint64 end_us = g_get_monotonic_time () + PATIENCE_US;

  while (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end_us);
      g_usleep (10000);
    }
}

char *
rig_path (const char *name)
{
  return g_build_filename (scratch, name, NULL);
}

gboolean
rig_exists (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

const char *
rig_data (void)
{
  if (data == NULL)
    {
      g_auto (RigCall) call = { 0 };

      data = rig_path ("data");
      call =
          rig_run ("phantom", data, "--slices", "10", "--volumes", "2", "--size", "64", "-q", NULL);
      assert_status (call, 0);
      g_assert_cmpstr (call.err, ==, "");
    }
  return data;
}

/* The first volume as bundle writes it, with another dim[0] and dim[4]. */
const char *
rig_volumes (void)
{
  g_autofree char *slices = g_build_filename (rig_data (), "2d_images", NULL);
  g_autofree char *bytes = NULL;
  g_autoptr (GByteArray) file = g_byte_array_new ();
  const gint16 n_dims = 4, n_volumes = RIG_VOLUMES;
  gsize n;
  g_auto (RigCall) bundle = { 0 };

  if (volumes != NULL)
    return volumes;
  volumes = rig_path ("volumes.nii");
  bundle = rig_run ("bundle", slices, volumes, NULL);
  assert_status (bundle, 0);
  g_assert_true (g_file_get_contents (volumes, &bytes, &n, NULL));
  memcpy (bytes + 40, &n_dims, 2);
  memcpy (bytes + 48, &n_volumes, 2);
  g_byte_array_append (file, (const guint8 *) bytes, 352);
  for (int v = 0; v < RIG_VOLUMES; v++)
    for (gsize at = 352; at < n; at += 2)
      {
        gint16 value;

        memcpy (&value, bytes + at, 2);
        value = (gint16) (value + 100 * v);
        g_byte_array_append (file, (const guint8 *) &value, 2);
      }
  g_assert_true (g_file_set_contents (volumes, (const char *) file->data, file->len, NULL));
  return volumes;
}

char *
rig_find (const char *folder, const char *prefix)
{
  g_autofree char *path = g_build_filename (rig_data (), folder, NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  g_autofree char *first = NULL;
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, prefix) && (first == NULL || strcmp (name, first) < 0))
      {
        g_free (first);
        first = g_strdup (name);
      }
  g_assert_nonnull (first);
  return g_build_filename (path, first, NULL);
}

static void
make_model (void)
{
  g_autofree char *out = rig_path ("run");
  g_auto (RigCall) call = rig_run (
      "train", rig_data (), "--out", out, "--epochs", "3", "--size", "32", "--base", "4", "--depth",
      "2", "--batch", "4", "--slices-per-volume", "4", "--split", "0.6,0.2,0.2", "--json", NULL);
  g_autoptr (JsonObject) result = NULL;
  static const char *const files[] = { "run.json",    "history.csv",      "split.csv",
                                       "test.csv",    "best.safetensors", "last.safetensors",
                                       "events.jsonl" };

  assert_status (call, 0);
  result = rig_parse (call.out);
  g_assert_cmpstr (json_object_get_string_member (result, "outcome"), ==, "completed");
  g_assert_cmpint (json_object_get_int_member (result, "epochs"), ==, 3);
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    g_assert_true (rig_exists (out, files[i]));
  model = g_build_filename (out, "best.safetensors", NULL);
}

const char *
rig_model (void)
{
  if (model == NULL)
    make_model ();
  return model;
}

JsonObject *
rig_parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  JsonObject *object = pl_json_parse_object (text, strlen (text), &error);

  g_assert_no_error (error);
  return object;
}
