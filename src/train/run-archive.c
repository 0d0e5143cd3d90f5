/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Archives come from anywhere. libarchive only splits them into names and bytes here: what may be
 * called how, be how large and lie where is decided by this file, and it alone opens files. */
#include "train/run-archive.h"

#include "base/file.h"
#include "train/run-folder.h"
#include "train/train.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum
{
  BLOCK = 1 << 18,        /* bytes */
  MOST_ENTRIES = 256,     /* 64 epochs and 7 more are what a run has */
  LONGEST_NAME = 128,     /* bytes of a folder's name */
  MOST_OF_ONE_NAME = 1000 /* folders with the same name and a number behind it */
};

#define LARGEST_TEXT ((gint64) 64 << 20)
#define LARGEST_MODEL ((gint64) 8 << 30)
#define LARGEST_RUN ((gint64) 16 << 30)

static const char *const text_files[] = {
  "run.json", "history.csv", "split.csv", "test.csv", "test-classes.csv", "events.jsonl",
};
static const char *const model_files[] = { "best.safetensors", "last.safetensors" };

char *
pl_run_archive_name (const char *run)
{
  g_autofree char *absolute = g_canonicalize_filename (run, NULL);
  g_autofree char *name = g_path_get_basename (absolute);

  return g_strconcat (name, PL_RUN_ARCHIVE_SUFFIX, NULL);
}

static gboolean
is_any_of (const char *const *names, gsize n, const char *name)
{
  for (gsize i = 0; i < n; i++)
    if (g_str_equal (names[i], name))
      return TRUE;
  return FALSE;
}

/* "epochs/0007.safetensors" */
static gboolean
is_epoch (const char *name)
{
  g_autofree char *expected = NULL;
  int epoch = 0;

  if (sscanf (name, "epochs/%9d", &epoch) != 1 || epoch < 1)
    return FALSE;
  expected = pl_run_folder_epoch_path ("", epoch);
  return g_str_equal (name, expected[0] == '/' ? expected + 1 : expected);
}

/* The most bytes that a run's file of this name may have; 0 when a run has no such file. */
static gint64
find_limit (const char *name)
{
  if (is_any_of (text_files, G_N_ELEMENTS (text_files), name))
    return LARGEST_TEXT;
  if (is_any_of (model_files, G_N_ELEMENTS (model_files), name) || is_epoch (name))
    return LARGEST_MODEL;
  return 0;
}

/* @archive may be NULL. Always FALSE. */
static gboolean
set_archive_error (GError **error, const char *path, struct archive *archive)
{
  const char *text = archive != NULL ? archive_error_string (archive) : NULL;
  g_autofree char *valid = g_utf8_make_valid (text != NULL ? text : g_strerror (ENOMEM), -1);

  g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_RUN, "%s: %s", path, valid);
  return FALSE;
}

static gboolean
set_errno_error (GError **error, const char *path)
{
  int code = errno;

  g_set_error (error, G_FILE_ERROR, (int) g_file_error_from_errno (code), "%s: %s", path,
               g_strerror (code));
  return FALSE;
}

/* Export */

typedef struct
{
  struct archive *archive;
  const char *path;
  const char *top; /* the folder in the archive */
  PlProgress progress;
  gpointer data;
  GCancellable *cancellable;
  gint64 n_bytes; /* of all files */
  gint64 n_done;
} Export;

/* Names of the files that the run has. */
static GPtrArray *
list_files (const char *run, gint64 *n_bytes)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GArray) epochs = pl_run_folder_list_epochs (run);
  gsize skip = strlen (run) + 1;

  for (gsize i = 0; i < G_N_ELEMENTS (text_files); i++)
    g_ptr_array_add (names, g_strdup (text_files[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (model_files); i++)
    g_ptr_array_add (names, g_strdup (model_files[i]));
  for (guint i = 0; i < epochs->len; i++)
    {
      g_autofree char *path = pl_run_folder_epoch_path (run, g_array_index (epochs, int, i));

      g_ptr_array_add (names, g_strdup (path + skip));
    }
  *n_bytes = 0;
  for (guint i = names->len; i-- > 0;)
    {
      g_autofree char *path = g_build_filename (run, g_ptr_array_index (names, i), NULL);
      GStatBuf status;

      if (g_stat (path, &status) == 0 && S_ISREG (status.st_mode))
        *n_bytes += status.st_size;
      else
        g_ptr_array_remove_index (names, i);
    }
  return names;
}

static gboolean
write_header (Export *self, const char *name, const struct stat *status, GError **error)
{
  struct archive_entry *entry = archive_entry_new ();
  g_autofree char *full = g_build_filename (self->top, name, NULL);
  gboolean done;

  archive_entry_set_pathname (entry, full);
  archive_entry_set_size (entry, status->st_size);
  archive_entry_set_filetype (entry, AE_IFREG);
  archive_entry_set_perm (entry, 0644);
  archive_entry_set_mtime (entry, status->st_mtime, 0);
  done = archive_write_header (self->archive, entry) == ARCHIVE_OK;
  archive_entry_free (entry);
  return done || set_archive_error (error, self->path, self->archive);
}

/* As many bytes as it had when it was opened: the log of a run that goes on may grow. */
static gboolean
write_contents (Export *self, int fd, gint64 n_bytes, const char *file, GError **error)
{
  g_autofree guint8 *block = g_malloc (BLOCK);

  while (n_bytes > 0)
    {
      gssize n = read (fd, block, (gsize) MIN (n_bytes, BLOCK));

      if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
        return FALSE;
      if (n <= 0)
        {
          errno = n == 0 ? EIO : errno;
          return set_errno_error (error, file);
        }
      if (archive_write_data (self->archive, block, (gsize) n) != n)
        return set_archive_error (error, self->path, self->archive);
      n_bytes -= n;
      self->n_done += n;
      if (self->progress != NULL)
        self->progress ((double) self->n_done / (double) MAX (self->n_bytes, 1), self->data);
    }
  return TRUE;
}

static gboolean
write_file (Export *self, const char *run, const char *name, GError **error)
{
  g_autofree char *file = g_build_filename (run, name, NULL);
  int fd = open (file, O_RDONLY | O_CLOEXEC);
  struct stat status;
  gboolean done;

  if (fd < 0 && errno == ENOENT && is_epoch (name))
    return TRUE; /* dropped by a training that goes on */
  if (fd < 0 || fstat (fd, &status) != 0)
    {
      set_errno_error (error, file);
      if (fd >= 0)
        close (fd);
      return FALSE;
    }
  done = write_header (self, name, &status, error) &&
         write_contents (self, fd, status.st_size, file, error);
  close (fd);
  return done;
}

/* ASCII only, so that no program that unpacks it has to guess an encoding. */
static char *
dup_top (const char *run)
{
  g_autofree char *name = g_path_get_basename (run);
  gsize n = strlen (name);

  return g_str_is_ascii (name) && n <= LONGEST_NAME && *name != '.' ? g_steal_pointer (&name)
                                                                    : g_strdup ("run");
}

static gboolean
write_archive (Export *self, const char *run, int fd, GError **error)
{
  g_autoptr (GPtrArray) names = list_files (run, &self->n_bytes);

  if (archive_write_set_format_pax_restricted (self->archive) != ARCHIVE_OK ||
      archive_write_add_filter_gzip (self->archive) != ARCHIVE_OK ||
      archive_write_set_filter_option (self->archive, "gzip", "compression-level", "1") !=
          ARCHIVE_OK ||
      archive_write_open_fd (self->archive, fd) != ARCHIVE_OK)
    return set_archive_error (error, self->path, self->archive);
  for (guint i = 0; i < names->len; i++)
    if (!write_file (self, run, g_ptr_array_index (names, i), error))
      return FALSE;
  return archive_write_close (self->archive) == ARCHIVE_OK ||
         set_archive_error (error, self->path, self->archive);
}

/* Without filling up the entry under way. Freeing alone would leave its filters behind. */
static void
abandon (struct archive *archive)
{
  archive_write_fail (archive);
  archive_write_close (archive);
}

gboolean
pl_run_export (const char *run,
               const char *path,
               PlProgress progress,
               gpointer data,
               GCancellable *cancellable,
               GError **error)
{
  g_autofree char *absolute = g_canonicalize_filename (run, NULL);
  g_autofree char *top = dup_top (absolute);
  g_auto (PlRunOrigin) origin = { 0 };
  PlTrainSettings settings;
  g_autoptr (PlFileWriter) writer = NULL;
  Export self = {
    .path = path, .top = top, .progress = progress, .data = data, .cancellable = cancellable
  };
  gboolean done;

  if (!pl_run_folder_read_settings (absolute, &settings, &origin, error))
    return FALSE;
  writer = pl_file_writer_open (path, error);
  if (writer == NULL)
    return FALSE;
  self.archive = archive_write_new ();
  done = self.archive != NULL ? write_archive (&self, absolute, pl_file_writer_fd (writer), error)
                              : set_archive_error (error, path, NULL);
  if (!done && self.archive != NULL)
    abandon (self.archive);
  archive_write_free (self.archive);
  return done && pl_file_writer_commit (writer, error);
}

/* Import */

typedef struct
{
  struct archive *archive;
  const char *path;
  const char *target; /* folder that is being filled */
  char *top;          /* (nullable): the folder in the archive, from its first entry on */
  PlProgress progress;
  gpointer data;
  GCancellable *cancellable;
  gint64 n_file; /* bytes of the archive */
  gint64 n_done; /* bytes unpacked */
  int n_entries;
} Import;

/* Always FALSE. */
static gboolean
refuse (const Import *self, const char *name, const char *reason, GError **error)
{
  g_autofree char *valid = g_utf8_make_valid (name != NULL ? name : "", -1);

  g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_RUN, "%s: “%s”: %s", self->path, valid,
               reason);
  return FALSE;
}

static gboolean
is_folder_name (const char *name)
{
  gsize n = strlen (name);

  return n > 0 && n <= LONGEST_NAME && *name != '.' && g_utf8_validate (name, -1, NULL);
}

/* The part of an entry's name below the folder that all entries share. */
static gboolean
take_name (Import *self, const char *full, const char **name, GError **error)
{
  const char *slash = full != NULL ? strchr (full, '/') : NULL;
  g_autofree char *top = slash != NULL ? g_strndup (full, (gsize) (slash - full)) : NULL;

  if (top == NULL || !is_folder_name (top))
    return refuse (self, full, _ ("a run’s files have another name"), error);
  if (self->top == NULL)
    self->top = g_steal_pointer (&top);
  else if (!g_str_equal (self->top, top))
    return refuse (self, full, _ ("it is not of the same run"), error);
  *name = slash + 1;
  return TRUE;
}

static gboolean
read_block (Import *self, const void **block, gsize *n, gint64 *offset, GError **error)
{
  la_int64_t at = 0;
  int status = archive_read_data_block (self->archive, block, n, &at);

  *offset = at;
  if (status == ARCHIVE_EOF)
    *n = 0;
  else if (status != ARCHIVE_OK)
    return set_archive_error (error, self->path, self->archive);
  return !g_cancellable_set_error_if_cancelled (self->cancellable, error);
}

/* Exactly the bytes that the header told of. */
static gboolean
copy_contents (Import *self, const char *name, gint64 n_bytes, PlFileWriter *writer, GError **error)
{
  gint64 done = 0;

  for (;;)
    {
      const void *block = NULL;
      gint64 offset = 0;
      gsize n = 0;

      if (!read_block (self, &block, &n, &offset, error))
        return FALSE;
      if (n == 0)
        break;
      if (offset != done || (gint64) n > n_bytes - done)
        return refuse (self, name, _ ("its length is not what the archive says"), error);
      if (!pl_file_writer_write (writer, block, n, error))
        return FALSE;
      done += (gint64) n;
      if (self->progress != NULL)
        self->progress ((double) archive_filter_bytes (self->archive, -1) /
                            (double) MAX (self->n_file, 1),
                        self->data);
    }
  return done == n_bytes ||
         refuse (self, name, _ ("its length is not what the archive says"), error);
}

static gboolean
check_size (Import *self, const char *name, struct archive_entry *entry, GError **error)
{
  gint64 limit = find_limit (name);
  gint64 size = archive_entry_size (entry);

  if (limit == 0)
    return refuse (self, name, _ ("a run has no such file"), error);
  if (!archive_entry_size_is_set (entry) || size < 0 || size > limit ||
      size > LARGEST_RUN - self->n_done)
    return refuse (self, name, _ ("it is larger than a run’s file can be"), error);
  self->n_done += size;
  return TRUE;
}

static gboolean
extract (Import *self, const char *name, struct archive_entry *entry, GError **error)
{
  g_autofree char *path = g_build_filename (self->target, name, NULL);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (PlFileWriter) writer = NULL;

  if (!check_size (self, name, entry, error) || !pl_file_make_folder (folder, error))
    return FALSE;
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return refuse (self, name, _ ("it is there twice"), error);
  writer = pl_file_writer_open (path, error);
  return writer != NULL && copy_contents (self, name, archive_entry_size (entry), writer, error) &&
         pl_file_writer_commit (writer, error);
}

/* Folders are made as they are needed; those in the archive need only be ours. */
static gboolean
take_entry (Import *self, struct archive_entry *entry, GError **error)
{
  const char *full = archive_entry_pathname (entry);
  const char *name = NULL;

  if (++self->n_entries > MOST_ENTRIES)
    return refuse (self, full, _ ("there are more files than a run has"), error);
  if (!take_name (self, full, &name, error))
    return FALSE;
  if (archive_entry_hardlink (entry) != NULL || archive_entry_symlink (entry) != NULL)
    return refuse (self, full, _ ("it is a link"), error);
  if (archive_entry_filetype (entry) == AE_IFDIR)
    return *name == '\0' || g_str_equal (name, "epochs/") || g_str_equal (name, "epochs") ||
           refuse (self, full, _ ("a run has no such folder"), error);
  if (archive_entry_filetype (entry) != AE_IFREG)
    return refuse (self, full, _ ("it is not a file"), error);
  return extract (self, name, entry, error);
}

static gboolean
read_archive (Import *self, GError **error)
{
  struct archive_entry *entry;
  int status;

  if (archive_read_support_filter_gzip (self->archive) != ARCHIVE_OK ||
      archive_read_support_format_tar (self->archive) != ARCHIVE_OK ||
      archive_read_open_filename (self->archive, self->path, BLOCK) != ARCHIVE_OK)
    return set_archive_error (error, self->path, self->archive);
  while ((status = archive_read_next_header (self->archive, &entry)) == ARCHIVE_OK)
    if (!take_entry (self, entry, error))
      return FALSE;
  return status == ARCHIVE_EOF || set_archive_error (error, self->path, self->archive);
}

/* Is it a run, and one of a version that this program knows? */
static gboolean
check_run (const Import *self, GError **error)
{
  g_auto (PlRunOrigin) origin = { 0 };
  PlTrainSettings settings;
  g_autoptr (GError) reason = NULL;

  if (pl_run_folder_read_settings (self->target, &settings, &origin, &reason))
    return TRUE;
  g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_RUN, _ ("%s: this is not a run (%s)"),
               self->path, reason->message);
  return FALSE;
}

/* renameat2() never takes the place of what is there; older file systems do not know it. */
static gboolean
rename_new (const char *from, const char *to)
{
  if (renameat2 (AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
    return TRUE;
  if (errno != EINVAL)
    return FALSE;
  if (g_file_test (to, G_FILE_TEST_EXISTS))
    {
      errno = EEXIST;
      return FALSE;
    }
  return g_rename (from, to) == 0;
}

/* (transfer full): the name it has got. */
static char *
move_into_place (const Import *self, const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (folder, self->top, NULL);

  for (int i = 2; i < MOST_OF_ONE_NAME; i++)
    {
      if (rename_new (self->target, path))
        return g_steal_pointer (&path);
      if (errno != EEXIST && errno != ENOTEMPTY)
        break;
      g_free (path);
      path = g_strdup_printf ("%s/%s-%d", folder, self->top, i);
    }
  set_errno_error (error, path);
  return NULL;
}

/* Of what this file has made, one level deep. */
static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        remove_folder (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

char *
pl_run_import (const char *path,
               const char *folder,
               PlProgress progress,
               gpointer data,
               GCancellable *cancellable,
               GError **error)
{
  g_autofree char *target = g_build_filename (folder, ".import-XXXXXX", NULL);
  char *run = NULL;
  Import self = {
    .path = path, .target = target, .progress = progress, .data = data, .cancellable = cancellable
  };
  GStatBuf status;

  if (g_stat (path, &status) != 0)
    {
      set_errno_error (error, path);
      return NULL;
    }
  if (!pl_file_make_folder (folder, error))
    return NULL;
  if (g_mkdtemp_full (target, 0755) == NULL)
    {
      set_errno_error (error, folder);
      return NULL;
    }
  self.n_file = status.st_size;
  self.archive = archive_read_new ();
  if (self.archive == NULL)
    set_archive_error (error, path, NULL);
  else if (read_archive (&self, error) && check_run (&self, error))
    run = move_into_place (&self, folder, error);
  if (run == NULL)
    remove_folder (target);
  archive_read_free (self.archive);
  g_free (self.top);
  return run;
}
