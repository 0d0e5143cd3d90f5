/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/file.h"

#include "support/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int
count_files (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  int n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static void
assert_holds (const char *path, const char *expected)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  g_file_get_contents (path, &text, &length, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (text, length, expected, strlen (expected));
}

static void
test_replace (void)
{
  g_autofree char *folder = pl_scratch_new ();
  g_autofree char *path = g_build_filename (folder, "file", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (pl_file_replace (path, "old", 3, &error));
  assert_holds (path, "old");
  g_assert_true (pl_file_replace (path, "newer", 5, &error));
  assert_holds (path, "newer");
  g_assert_true (pl_file_replace (path, "", 0, &error));
  assert_holds (path, "");
  g_assert_no_error (error);
  g_assert_cmpint (count_files (folder), ==, 1);
  pl_scratch_remove (folder);
}

/* Until it is committed, the old file is there and whole. */
static void
test_commit (void)
{
  g_autofree char *folder = pl_scratch_new ();
  g_autofree char *path = g_build_filename (folder, "file", NULL);
  g_autoptr (GError) error = NULL;
  PlFileWriter *writer;

  g_assert_true (pl_file_replace (path, "old", 3, &error));
  writer = pl_file_writer_open (path, &error);
  g_assert_no_error (error);
  g_assert_true (pl_file_writer_write (writer, "one ", 4, &error));
  g_assert_true (pl_file_writer_write (writer, NULL, 0, &error));
  g_assert_true (pl_file_writer_write (writer, "two", 3, &error));
  assert_holds (path, "old");
  g_assert_true (pl_file_writer_commit (writer, &error));
  assert_holds (path, "one two");
  pl_file_writer_free (writer);
  assert_holds (path, "one two");
  g_assert_cmpint (count_files (folder), ==, 1);
  pl_scratch_remove (folder);
}

static void
test_abandon (void)
{
  g_autofree char *folder = pl_scratch_new ();
  g_autofree char *path = g_build_filename (folder, "file", NULL);
  g_autoptr (GError) error = NULL;
  PlFileWriter *writer;

  g_assert_true (pl_file_replace (path, "old", 3, &error));
  writer = pl_file_writer_open (path, &error);
  g_assert_true (pl_file_writer_write (writer, "new", 3, &error));
  pl_file_writer_free (writer);
  pl_file_writer_free (NULL);
  assert_holds (path, "old");
  g_assert_cmpint (count_files (folder), ==, 1);
  pl_scratch_remove (folder);
}

static void
test_descriptor (void)
{
  g_autofree char *folder = pl_scratch_new ();
  g_autofree char *path = g_build_filename (folder, "file", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (PlFileWriter) writer = pl_file_writer_open (path, &error);

  g_assert_cmpint (write (pl_file_writer_fd (writer), "abc", 3), ==, 3);
  g_assert_true (pl_file_writer_commit (writer, &error));
  assert_holds (path, "abc");
  pl_scratch_remove (folder);
}

/* As open() would make it: others may read, as far as the umask lets them. */
static void
test_permissions (void)
{
  g_autofree char *folder = pl_scratch_new ();
  g_autofree char *path = g_build_filename (folder, "file", NULL);
  mode_t mask = umask (022);
  struct stat info;

  g_assert_true (pl_file_replace (path, "x", 1, NULL));
  g_assert_cmpint (stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0644);
  umask (077);
  g_assert_true (pl_file_replace (path, "x", 1, NULL));
  g_assert_cmpint (stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  umask (mask);
  pl_scratch_remove (folder);
}

/* Errors name the target, not the temporary file, and leave nothing behind. */
static void
test_errors (void)
{
  g_autofree char *folder = pl_scratch_new ();
  g_autofree char *absent = g_build_filename (folder, "no", "such", "file", NULL);
  g_autofree char *taken = g_build_filename (folder, "taken", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (pl_file_replace (absent, "x", 1, &error));
  g_assert_error (error, PL_WRITE_ERROR, G_FILE_ERROR_NOENT);
  g_assert_true (g_str_has_prefix (error->message, absent));
  g_assert_nonnull (strstr (error->message, "its folder is not there"));
  g_clear_error (&error);
  g_assert_false (pl_file_replace ("/proc/no-such", "x", 1, &error));
  g_assert_error (error, PL_WRITE_ERROR, G_FILE_ERROR_NOENT);
  g_assert_cmpstr (error->message, ==, "/proc/no-such: its folder takes no new files");
  g_clear_error (&error);
  g_assert_cmpint (g_mkdir (taken, 0755), ==, 0);
  g_assert_false (pl_file_replace (taken, "x", 1, &error));
  g_assert_error (error, PL_WRITE_ERROR, G_FILE_ERROR_ISDIR);
  g_assert_true (g_str_has_prefix (error->message, taken));
  g_assert_cmpint (count_files (folder), ==, 1);
  pl_scratch_remove (folder);
}

/* /dev/full takes nothing, as a full disk does. */
static void
test_disk_full (void)
{
  g_autofree char *folder = pl_scratch_new ();
  g_autofree char *path = g_build_filename (folder, "file", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (PlFileWriter) writer = pl_file_writer_open (path, &error);
  int full = open ("/dev/full", O_WRONLY | O_CLOEXEC);

  if (full < 0)
    g_test_skip ("no /dev/full");
  else
    {
      g_assert_cmpint (dup2 (full, pl_file_writer_fd (writer)), >=, 0);
      g_assert_false (pl_file_writer_write (writer, "x", 1, &error));
      g_assert_error (error, PL_WRITE_ERROR, G_FILE_ERROR_NOSPC);
      g_assert_true (g_str_has_prefix (error->message, path));
      close (full);
    }
  pl_scratch_remove (folder);
}

static void
test_make_folder (void)
{
  g_autofree char *folder = pl_scratch_new ();
  g_autofree char *deep = g_build_filename (folder, "a", "b", "c", NULL);
  g_autofree char *file = g_build_filename (folder, "file", NULL);
  g_autofree char *below_file = g_build_filename (file, "d", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (pl_file_make_folder (deep, &error));
  g_assert_true (g_file_test (deep, G_FILE_TEST_IS_DIR));
  g_assert_true (pl_file_make_folder (deep, &error));
  g_assert_no_error (error);
  g_assert_true (pl_file_replace (file, "x", 1, &error));
  g_assert_false (pl_file_make_folder (below_file, &error));
  g_assert_error (error, PL_WRITE_ERROR, G_FILE_ERROR_NOTDIR);
  g_assert_true (g_str_has_prefix (error->message, below_file));
  pl_scratch_remove (folder);
}

static void
test_sha256 (void)
{
  g_autofree char *folder = pl_scratch_new ();
  g_autofree char *path = g_build_filename (folder, "file", NULL);
  g_autofree char *million = g_strnfill (1000000, 'a');
  g_autofree char *empty_sum = NULL;
  g_autofree char *abc_sum = NULL;
  g_autofree char *million_sum = NULL;
  g_autoptr (GError) error = NULL;

  /* The examples of FIPS 180-2. */
  g_assert_true (pl_file_replace (path, "", 0, &error));
  empty_sum = pl_file_sha256 (path, NULL, &error);
  g_assert_cmpstr (empty_sum, ==,
                   "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  g_assert_true (pl_file_replace (path, "abc", 3, &error));
  abc_sum = pl_file_sha256 (path, NULL, &error);
  g_assert_cmpstr (abc_sum, ==, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  g_assert_true (pl_file_replace (path, million, 1000000, &error));
  million_sum = pl_file_sha256 (path, NULL, &error);
  g_assert_cmpstr (million_sum, ==,
                   "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  pl_scratch_remove (folder);
}

static void
test_sha256_errors (void)
{
  g_autofree char *folder = pl_scratch_new ();
  g_autofree char *path = g_build_filename (folder, "file", NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_assert_null (pl_file_sha256 (path, NULL, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_assert_true (g_str_has_prefix (error->message, path));
  g_clear_error (&error);
  g_assert_null (pl_file_sha256 (folder, NULL, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_ISDIR);
  g_clear_error (&error);
  g_assert_true (pl_file_replace (path, "abc", 3, NULL));
  g_cancellable_cancel (cancellable);
  g_assert_null (pl_file_sha256 (path, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  pl_scratch_remove (folder);
}

/* Each says the name first, and once. */
static void
test_read_errors (void)
{
  g_autofree char *folder = pl_scratch_new ();
  g_autofree char *path = g_build_filename (folder, "file", NULL);
  g_autofree char *none = g_build_filename (folder, "none", NULL);
  g_autofree char *no_such = g_strdup_printf ("%s: %s", none, g_strerror (ENOENT));
  g_autofree char *no_folder = g_strdup_printf ("%s: %s", path, g_strerror (ENOTDIR));
  g_autofree char *no_file = g_strdup_printf ("%s: %s", folder, g_strerror (EISDIR));
  g_autofree char *contents = NULL;
  g_autoptr (GDir) dir = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (pl_file_replace (path, "abc", 3, NULL));
  g_assert_false (pl_file_read (none, &contents, NULL, &error));
  g_assert_cmpstr (error->message, ==, no_such);
  g_clear_error (&error);
  g_assert_false (pl_file_read (folder, &contents, NULL, &error));
  g_assert_cmpstr (error->message, ==, no_file);
  g_clear_error (&error);
  g_assert_null (pl_file_open_folder (none, &error));
  g_assert_cmpstr (error->message, ==, no_such);
  g_clear_error (&error);
  g_assert_null (pl_file_open_folder (path, &error));
  g_assert_cmpstr (error->message, ==, no_folder);
  g_clear_error (&error);
  g_assert_true (pl_file_read (path, &contents, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (contents, ==, "abc");
  dir = pl_file_open_folder (folder, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (g_dir_read_name (dir), ==, "file");
  pl_scratch_remove (folder);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/file/read-errors", test_read_errors);
  g_test_add_func ("/base/file/replace", test_replace);
  g_test_add_func ("/base/file/commit", test_commit);
  g_test_add_func ("/base/file/abandon", test_abandon);
  g_test_add_func ("/base/file/descriptor", test_descriptor);
  g_test_add_func ("/base/file/permissions", test_permissions);
  g_test_add_func ("/base/file/errors", test_errors);
  g_test_add_func ("/base/file/disk-full", test_disk_full);
  g_test_add_func ("/base/file/make-folder", test_make_folder);
  g_test_add_func ("/base/file/sha256", test_sha256);
  g_test_add_func ("/base/file/sha256-errors", test_sha256_errors);
  return g_test_run ();
}
