/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libtiff's handles. Since 4.5 each can have its own message handlers and a limit for a single
 * allocation, so that neither is a matter of the whole process. Files are read, not mapped: a
 * mapped file that somebody cuts short kills the program. */
#include "image/tiff-file.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/aligned.h"

/* libtiff allocates tables of strips, compressed strips and, for some schemes, a decoded strip. */
#define LEAST_ALLOCATION ((guint64) 256 << 20)
#define ALLOCATION_PER_BYTE 4096

static int G_GNUC_PRINTF (4, 0)
    keep_error_cb (TIFF *tif, void *data, const char *module, const char *format, va_list arguments)
{
  PlTiffFile *file = data;

  if (file->message == NULL)
    {
      g_autofree char *text = g_strdup_vprintf (format, arguments);
      gsize length = strlen (file->path);
      gboolean has_path =
          strncmp (text, file->path, length) == 0 && strncmp (text + length, ": ", 2) == 0;

      file->message = g_utf8_make_valid (text + (has_path ? length + 2 : 0), -1);
    }
  return 1;
}

static int G_GNUC_PRINTF (4, 0) drop_warning_cb (
    TIFF *tif, void *data, const char *module, const char *format, va_list arguments)
{
  return 1;
}

static guint64
limit_allocation (guint64 file_size)
{
  guint64 limit = MAX (LEAST_ALLOCATION, MIN (file_size, G_MAXINT32) * ALLOCATION_PER_BYTE);

  return MIN (limit, (guint64) pl_memory_total () / 5 * 4);
}

/* Takes @fd over when it works. */
static gboolean
attach (PlTiffFile *file, int fd, const char *mode, guint64 allocation_limit)
{
  TIFFOpenOptions *options = TIFFOpenOptionsAlloc ();

  TIFFOpenOptionsSetErrorHandlerExtR (options, keep_error_cb, file);
  TIFFOpenOptionsSetWarningHandlerExtR (options, drop_warning_cb, file);
  TIFFOpenOptionsSetMaxSingleMemAlloc (options, (tmsize_t) allocation_limit);
  file->tif = TIFFFdOpenExt (fd, file->path, mode, options);
  TIFFOpenOptionsFree (options);
  return file->tif != NULL;
}

static void
set_errno_error (GError **error, const char *path)
{
  int code = errno;

  g_set_error (error, G_FILE_ERROR, (int) g_file_error_from_errno (code), "%s: %s", path,
               g_strerror (code));
}

PlTiffFile *
pl_tiff_file_open (const char *path, GError **error)
{
  g_autoptr (PlTiffFile) file = g_new0 (PlTiffFile, 1);
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  struct stat status;

  file->path = g_strdup (path);
  if (fd < 0 || fstat (fd, &status) != 0)
    set_errno_error (error, path);
  else if (!S_ISREG (status.st_mode))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE, _ ("%s: it is not a regular file"),
                 path);
  else
    {
      file->file_size = (guint64) status.st_size;
      if (attach (file, fd, "rm", limit_allocation (file->file_size)))
        return g_steal_pointer (&file);
      g_set_error (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_FORMAT,
                   _ ("%s: not a readable TIFF file: %s"), path,
                   pl_tiff_file_message (file, _ ("its first directory cannot be read")));
    }
  if (fd >= 0)
    close (fd);
  return NULL;
}

PlTiffFile *
pl_tiff_file_create (const char *path, int fd, gboolean is_big, GError **error)
{
  g_autoptr (PlTiffFile) file = g_new0 (PlTiffFile, 1);
  int own_fd = fcntl (fd, F_DUPFD_CLOEXEC, 0);

  file->path = g_strdup (path);
  if (own_fd < 0)
    {
      set_errno_error (error, path);
      return NULL;
    }
  if (!attach (file, own_fd, is_big ? "w8" : "w", limit_allocation (0)))
    {
      close (own_fd);
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: %s", path,
                   pl_tiff_file_message (file, _ ("it cannot be written")));
      return NULL;
    }
  return g_steal_pointer (&file);
}

void
pl_tiff_file_forget (PlTiffFile *file)
{
  g_clear_pointer (&file->message, g_free);
}

const char *
pl_tiff_file_message (const PlTiffFile *file, const char *otherwise)
{
  return file->message != NULL ? file->message : otherwise;
}

void
pl_tiff_file_free (PlTiffFile *file)
{
  if (file == NULL)
    return;
  if (file->tif != NULL)
    TIFFClose (file->tif);
  g_free (file->message);
  g_free (file->path);
  g_free (file);
}
