/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Write to a temporary file, fsync, rename, fsync the folder: after a power cut the old file or the
 * new one is there, whole. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

struct _PlFileWriter
{
  char *path;
  char *temporary; /* (nullable): gone once committed */
  int fd;
};

/* From errno; always FALSE. */
static gboolean
set_errno_error (GError **error, const char *path)
{
  int code = errno;

  g_set_error (error, G_FILE_ERROR, (int) g_file_error_from_errno (code), "%s: %s", path,
               g_strerror (code));
  return FALSE;
}

G_DEFINE_QUARK (pl_write_error, pl_write_error)

/* From errno. ENOENT is told of the folder: of the file it would be no news. */
static void
set_write_error (GError **error, const char *path)
{
  int code = errno;
  int file_error = (int) g_file_error_from_errno (code);
  g_autofree char *folder = g_path_get_dirname (path);

  if (code != ENOENT)
    g_set_error (error, PL_WRITE_ERROR, file_error, "%s: %s", path, g_strerror (code));
  else if (g_file_test (folder, G_FILE_TEST_IS_DIR))
    g_set_error (error, PL_WRITE_ERROR, file_error, _ ("%s: its folder takes no new files"), path);
  else
    g_set_error (error, PL_WRITE_ERROR, file_error, _ ("%s: its folder is not there"), path);
}

PlFileWriter *
pl_file_writer_open (const char *path, GError **error)
{
  g_autofree char *temporary = g_strconcat (path, ".XXXXXX", NULL);
  int fd = g_mkstemp_full (temporary, O_RDWR | O_CLOEXEC, 0644);
  PlFileWriter *writer;

  if (fd < 0)
    {
      set_write_error (error, path);
      return NULL;
    }
  writer = g_new0 (PlFileWriter, 1);
  writer->path = g_strdup (path);
  writer->temporary = g_steal_pointer (&temporary);
  writer->fd = fd;
  return writer;
}

gboolean
pl_file_writer_write (PlFileWriter *writer, const void *data, gsize n_bytes, GError **error)
{
  const char *bytes = data;

  while (n_bytes > 0)
    {
      ssize_t n = write (writer->fd, bytes, MIN (n_bytes, (gsize) 1 << 30));

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          set_write_error (error, writer->path);
          return FALSE;
        }
      bytes += n;
      n_bytes -= (gsize) n;
    }
  return TRUE;
}

int
pl_file_writer_fd (PlFileWriter *writer)
{
  return writer->fd;
}

/* Makes the rename itself last; file systems that cannot sync a folder are left as they are. */
static void
sync_folder_of (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd >= 0)
    {
      fsync (fd);
      close (fd);
    }
}

/* Linux closes a file even when a signal interrupts that. */
static gboolean
close_file (PlFileWriter *writer)
{
  return close (g_steal_fd (&writer->fd)) == 0 || errno == EINTR;
}

gboolean
pl_file_writer_commit (PlFileWriter *writer, GError **error)
{
  if (fsync (writer->fd) != 0 || !close_file (writer) ||
      g_rename (writer->temporary, writer->path) != 0)
    {
      set_write_error (error, writer->path);
      return FALSE;
    }
  g_clear_pointer (&writer->temporary, g_free);
  sync_folder_of (writer->path);
  return TRUE;
}

void
pl_file_writer_free (PlFileWriter *writer)
{
  if (writer == NULL)
    return;
  if (writer->fd >= 0)
    close (writer->fd);
  if (writer->temporary != NULL)
    g_unlink (writer->temporary);
  g_free (writer->temporary);
  g_free (writer->path);
  g_free (writer);
}

gboolean
pl_file_replace (const char *path, const void *data, gsize n_bytes, GError **error)
{
  g_autoptr (PlFileWriter) writer = pl_file_writer_open (path, error);

  return writer != NULL && pl_file_writer_write (writer, data, n_bytes, error) &&
         pl_file_writer_commit (writer, error);
}

gboolean
pl_file_make_folder (const char *path, GError **error)
{
  if (g_mkdir_with_parents (path, 0755) == 0)
    return TRUE;
  set_write_error (error, path);
  return FALSE;
}

/* GLib's own messages have the name in their middle. */
static gboolean
can_be_read (const char *path, gboolean is_folder, GError **error)
{
  struct stat info;

  if (stat (path, &info) != 0 || access (path, R_OK) != 0)
    return set_errno_error (error, path);
  if (S_ISDIR (info.st_mode) == is_folder)
    return TRUE;
  errno = is_folder ? ENOTDIR : EISDIR;
  return set_errno_error (error, path);
}

GDir *
pl_file_open_folder (const char *path, GError **error)
{
  return can_be_read (path, TRUE, error) ? g_dir_open (path, 0, error) : NULL;
}

gboolean
pl_file_read (const char *path, char **contents, gsize *length, GError **error)
{
  return can_be_read (path, FALSE, error) && g_file_get_contents (path, contents, length, error);
}

char *
pl_file_dup_stamp (const char *path)
{
  g_autofree char *whole = g_canonicalize_filename (path, NULL);
  struct stat info;

  if (stat (whole, &info) != 0)
    return NULL;
  return g_strdup_printf ("%s\n%lld\n%lld.%09ld", whole, (long long) info.st_size,
                          (long long) info.st_mtim.tv_sec, info.st_mtim.tv_nsec);
}

char *
pl_file_sha256 (const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream =
      can_be_read (path, FALSE, error) ? g_file_read (file, cancellable, error) : NULL;
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree guint8 *buffer = NULL;
  const gsize buffer_size = 1 << 18;
  gssize n;

  if (stream == NULL)
    return NULL;
  buffer = g_malloc (buffer_size);
  while ((n = g_input_stream_read (G_INPUT_STREAM (stream), buffer, buffer_size, cancellable,
                                   error)) > 0)
    g_checksum_update (sum, buffer, n);
  if (n < 0)
    {
      g_prefix_error (error, "%s: ", path);
      return NULL;
    }
  return g_strdup (g_checksum_get_string (sum));
}
