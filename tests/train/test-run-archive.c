/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs as one file: there and back, and archives made to do harm, which must leave nothing behind.
 */
#include "train/run-archive.h"

#include "rig.h"
#include "train/run-folder.h"
#include "train/train.h"

#include <archive.h>
#include <archive_entry.h>
#include <glib/gstdio.h>
#include <string.h>

static const char *const files[] = {
  "run.json",     "history.csv",      "split.csv",
  "events.jsonl", "best.safetensors", "epochs/0002.safetensors",
};

static void
write_file (const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (parent, 0755), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

/* A run by its names, in @parent/@name; its models are only bytes. */
static char *
make_run (const char *parent, const char *name)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  char *run = g_build_filename (parent, name, NULL);
  const PlRunOrigin origin = { 0 };
  PlTrainSettings settings = rig_settings (5);

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    write_file (run, files[i], files[i]);
  settings.precision = PL_TRAIN_PRECISION_F32;
  g_assert_true (pl_run_folder_write_settings (run, &settings, dataset, &origin, NULL));
  return run;
}

static char *export(const char *run, const char *folder)
{
  g_autofree char *name = pl_run_archive_name (run);
  char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (pl_run_export (run, path, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
  return path;
}

static void
assert_same_file (const char *a, const char *b, const char *name)
{
  g_autofree char *path_a = g_build_filename (a, name, NULL);
  g_autofree char *path_b = g_build_filename (b, name, NULL);
  g_autofree char *text_a = NULL;
  g_autofree char *text_b = NULL;

  g_assert_true (g_file_get_contents (path_a, &text_a, NULL, NULL));
  g_assert_true (g_file_get_contents (path_b, &text_b, NULL, NULL));
  g_assert_cmpstr (text_a, ==, text_b);
}

static int
count_entries (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  int n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static void
note_progress_cb (double fraction, gpointer data)
{
  double *last = data;

  g_assert_cmpfloat (fraction, >=, *last);
  g_assert_cmpfloat (fraction, <=, 1);
  *last = fraction;
}

/* All files come back, what is none of the run's stays behind, and nothing is overwritten. */
static void
test_round_trip (void)
{
  g_autofree char *folder = rig_make_folder ();
  g_autofree char *into = g_build_filename (folder, "deep", "runs", NULL);
  g_autofree char *run = make_run (folder, "20250131-thorax");
  g_autofree char *archive = export(run, folder);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *expected = g_build_filename (into, "20250131-thorax", NULL);
  g_autofree char *expected_second = g_strconcat (expected, "-2", NULL);
  g_autofree char *stray = g_build_filename (expected, "notes.txt", NULL);
  g_autoptr (GError) error = NULL;
  double exported = 0;
  double imported = 0;

  write_file (run, "notes.txt", "mine");
  g_assert_true (pl_run_export (run, archive, note_progress_cb, &exported, NULL, &error));
  g_assert_cmpfloat (exported, ==, 1);
  first = pl_run_import (archive, into, note_progress_cb, &imported, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (imported, >, 0);
  g_assert_cmpstr (first, ==, expected);
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    assert_same_file (run, first, files[i]);
  g_assert_false (g_file_test (stray, G_FILE_TEST_EXISTS));

  write_file (first, "best.safetensors", "changed");
  second = pl_run_import (archive, into, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (second, ==, expected_second);
  assert_same_file (run, second, "best.safetensors");
  g_assert_cmpint (count_entries (into), ==, 2);
}

/* Names that a tar archive would have to encode are left to the title. */
static void
test_name (void)
{
  g_autofree char *folder = rig_make_folder ();
  g_autofree char *into = g_build_filename (folder, "runs", NULL);
  g_autofree char *run = make_run (folder, "폐");
  g_autofree char *archive = export(run, folder);
  g_autofree char *expected = g_build_filename (into, "run", NULL);
  g_autofree char *imported = pl_run_import (archive, into, NULL, NULL, NULL, NULL);

  g_assert_true (g_str_has_suffix (archive, "폐.pleura-run.tar.gz"));
  g_assert_cmpstr (imported, ==, expected);
}

static void
test_export_refused (void)
{
  g_autofree char *folder = rig_make_folder ();
  g_autofree char *run = make_run (folder, "run");
  g_autofree char *archive = g_build_filename (folder, "x.tar.gz", NULL);
  g_autofree char *nowhere = g_build_filename (folder, "none", "x.tar.gz", NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (pl_run_export (folder, archive, NULL, NULL, NULL, &error)); /* is no run */
  g_clear_error (&error);
  g_assert_false (pl_run_export (run, nowhere, NULL, NULL, NULL, &error));
  g_assert_nonnull (strstr (error->message, nowhere));
  g_clear_error (&error);
  g_cancellable_cancel (cancellable);
  g_assert_false (pl_run_export (run, archive, NULL, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (count_entries (folder), ==, 1);
}

/* One entry of a hostile archive. */
typedef struct
{
  const char *name;
  int type;         /* AE_IFREG … */
  const char *link; /* (nullable): what a symbolic or hard link leads to */
  gint64 size;      /* as the header says; −1: as the text is long */
} Entry;

static char *
make_archive (const char *folder, const Entry *entries, gsize n)
{
  char *path = g_build_filename (folder, "bad.tar.gz", NULL);
  struct archive *archive = archive_write_new ();
  g_autofree char *run = make_run (folder, "source");
  g_autofree char *json = g_build_filename (run, "run.json", NULL);
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (json, &text, NULL, NULL));
  archive_write_set_format_gnutar (archive);
  archive_write_add_filter_gzip (archive);
  g_assert_cmpint (archive_write_open_filename (archive, path), ==, ARCHIVE_OK);
  for (gsize i = 0; i < n; i++)
    {
      struct archive_entry *entry = archive_entry_new ();
      gsize length = g_str_has_suffix (entries[i].name, "run.json") ? strlen (text) : 4;

      archive_entry_set_pathname (entry, entries[i].name);
      archive_entry_set_filetype (entry, (unsigned) entries[i].type);
      archive_entry_set_perm (entry, 0644);
      archive_entry_set_size (entry, entries[i].type != AE_IFREG || entries[i].link != NULL ? 0
                                     : entries[i].size >= 0 ? entries[i].size
                                                            : (gint64) length);
      if (entries[i].link != NULL && entries[i].type == AE_IFLNK)
        archive_entry_set_symlink (entry, entries[i].link);
      else if (entries[i].link != NULL)
        archive_entry_set_hardlink (entry, entries[i].link);
      archive_write_header (archive, entry);
      if (entries[i].type == AE_IFREG && entries[i].link == NULL)
        archive_write_data (archive, text, length);
      archive_entry_free (entry);
    }
  archive_write_free (archive);
  return path;
}

static void
assert_refused (const Entry *entries, gsize n)
{
  g_autofree char *folder = rig_make_folder ();
  g_autofree char *into = g_build_filename (folder, "inside", "runs", NULL);
  g_autofree char *archive = make_archive (folder, entries, n);
  g_autofree char *imported = NULL;
  g_autoptr (GError) error = NULL;

  imported = pl_run_import (archive, into, NULL, NULL, NULL, &error);
  g_assert_null (imported);
  g_assert_nonnull (error);
  g_test_message ("%s: %s", entries[n - 1].name, error->message);
  g_assert_true (g_str_has_prefix (error->message, archive));
  g_assert_cmpint (count_entries (into), ==, 0);
  g_assert_cmpint (count_entries (folder), ==, 3); /* the source, the archive, inside */
}

/* What the same archive is without its bad entry is a run, so it is that entry that is refused. */
static void
test_hostile (void)
{
  static const Entry bad[] = {
    { "../run.json", AE_IFREG, NULL, -1 },
    { "run/../../evil.json", AE_IFREG, NULL, -1 },
    { "run/../history.csv", AE_IFREG, NULL, -1 },
    { "run/epochs/../best.safetensors", AE_IFREG, NULL, -1 },
    { "/tmp/history.csv", AE_IFREG, NULL, -1 },
    { "history.csv", AE_IFREG, NULL, -1 },
    { "other/history.csv", AE_IFREG, NULL, -1 },
    { "./run/history.csv", AE_IFREG, NULL, -1 },
    { "run/evil.sh", AE_IFREG, NULL, -1 },
    { "run/.hidden", AE_IFREG, NULL, -1 },
    { "run/epochs/1.safetensors", AE_IFREG, NULL, -1 },
    { "run/epochs/0001.safetensors.x", AE_IFREG, NULL, -1 },
    { "run/run.json", AE_IFREG, NULL, -1 },
    { "run/history.csv", AE_IFLNK, "/etc/passwd", -1 },
    { "run/epochs", AE_IFLNK, "/tmp", -1 },
    { "run/history.csv", AE_IFREG, "run/run.json", -1 },
    { "run/history.csv", AE_IFIFO, NULL, -1 },
    { "run/history.csv", AE_IFCHR, NULL, -1 },
    { "run/history.csv", AE_IFDIR, NULL, -1 },
    { "run/deep/", AE_IFDIR, NULL, -1 },
    { "run/history.csv", AE_IFREG, NULL, (64 << 20) + 1 },
  };
  const Entry good = { "run/run.json", AE_IFREG, NULL, -1 };
  g_autofree char *folder = rig_make_folder ();
  g_autofree char *archive = make_archive (folder, &good, 1);
  g_autofree char *imported = pl_run_import (archive, folder, NULL, NULL, NULL, NULL);

  g_assert_nonnull (imported);
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      const Entry entries[] = { good, bad[i] };

      assert_refused (entries, 2);
    }
}

static void
test_too_many (void)
{
  g_autofree Entry *entries = g_new0 (Entry, 400);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < 400; i++)
    {
      g_ptr_array_add (names, g_strdup_printf ("run/epochs/%04u.safetensors", i + 1));
      entries[i] = (Entry){ g_ptr_array_index (names, i), AE_IFREG, NULL, -1 };
    }
  entries[0].name = "run/run.json";
  assert_refused (entries, 400);
}

/* No run at all, though all names are right. */
static void
test_no_run (void)
{
  const Entry entries[] = { { "run/history.csv", AE_IFREG, NULL, -1 } };

  assert_refused (entries, 1);
}

/* Cut off anywhere, or with a byte turned over: an error, or a whole run. */
static void
test_damaged (void)
{
  g_autofree char *folder = rig_make_folder ();
  g_autofree char *run = make_run (folder, "run");
  g_autofree char *archive = export(run, folder);
  g_autofree char *into = g_build_filename (folder, "runs", NULL);
  g_autofree char *bytes = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (archive, &bytes, &length, NULL));
  for (gsize n = 0; n < length - 8; n += 1 + length / 40)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *imported = NULL;

      g_assert_true (g_file_set_contents (archive, bytes, (gssize) n, NULL));
      imported = pl_run_import (archive, into, NULL, NULL, NULL, &error);
      g_assert_null (imported);
      g_assert_nonnull (error);
      g_assert_cmpint (count_entries (into), ==, 0);
    }
  for (gsize at = 0; at < length; at += 1 + length / 40)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *imported = NULL;

      bytes[at] ^= 0x55;
      g_assert_true (g_file_set_contents (archive, bytes, (gssize) length, NULL));
      imported = pl_run_import (archive, into, NULL, NULL, NULL, &error);
      g_assert_true ((imported == NULL) == (error != NULL));
      bytes[at] ^= 0x55;
    }
}

static void
test_cancelled (void)
{
  g_autofree char *folder = rig_make_folder ();
  g_autofree char *run = make_run (folder, "run");
  g_autofree char *archive = export(run, folder);
  g_autofree char *into = g_build_filename (folder, "runs", NULL);
  g_autofree char *imported = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  imported = pl_run_import (archive, into, NULL, NULL, cancellable, &error);
  g_assert_null (imported);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (count_entries (into), ==, 0);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_assert_true (pl_train_init (NULL));
  g_test_add_func ("/train/run-archive/round-trip", test_round_trip);
  g_test_add_func ("/train/run-archive/name", test_name);
  g_test_add_func ("/train/run-archive/export-refused", test_export_refused);
  g_test_add_func ("/train/run-archive/hostile", test_hostile);
  g_test_add_func ("/train/run-archive/too-many", test_too_many);
  g_test_add_func ("/train/run-archive/no-run", test_no_run);
  g_test_add_func ("/train/run-archive/damaged", test_damaged);
  g_test_add_func ("/train/run-archive/cancelled", test_cancelled);
  status = g_test_run ();
  rig_clean_up ();
  return status;
}
