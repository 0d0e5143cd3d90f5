/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files as streams of bytes. Plain files are read straight into the caller's buffer; gzip goes
 * through a buffer of 256 KiB of compressed bytes. */
#include "image/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "image/inflater.h"

enum
{
  IN_SIZE = 256 << 10,
  SKIP_SIZE = 64 << 10,
  MOST_EXPANSION = 1032,
  MOST_AT_ONCE = 1 << 30,
};

struct _PlStream
{
  char *path;
  int fd;
  guint64 size;     /* of the file */
  guint64 position; /* in the file: what has been read from it */
  guint64 produced; /* what the caller has got */

  /* Of gzip files; NULL for plain ones */
  PlInflater *inflater;
  guint8 *in_buffer;
  const guint8 *in;
  gsize n_in;
  gboolean is_between_members;
  gboolean is_at_end;
};

/* From errno; always FALSE. */
static gboolean
set_errno_error (const char *path, GError **error)
{
  int code = errno;

  g_set_error (error, G_FILE_ERROR, (int) g_file_error_from_errno (code), "%s: %s", path,
               g_strerror (code));
  return FALSE;
}

static gboolean
set_corrupt_error (const PlStream *stream, GError **error)
{
  g_set_error (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_FORMAT,
               _ ("%s: its compressed data are damaged near byte %llu"), stream->path,
               (unsigned long long) (stream->position - stream->n_in));
  return FALSE;
}

/* Reads until @n bytes are there or the file ends. */
static gboolean
read_file (PlStream *stream, guint8 *buffer, gsize n, gsize *n_read, GError **error)
{
  *n_read = 0;
  while (*n_read < n)
    {
      ssize_t got = read (stream->fd, buffer + *n_read, MIN (n - *n_read, (gsize) MOST_AT_ONCE));

      if (got < 0 && errno == EINTR)
        continue;
      if (got < 0)
        return set_errno_error (stream->path, error);
      if (got == 0)
        break;
      *n_read += (gsize) got;
      stream->position += (guint64) got;
    }
  return TRUE;
}

/* O_NONBLOCK, so that a named pipe is refused instead of waited for. */
PlStream *
pl_stream_open (const char *path, GError **error)
{
  g_autoptr (PlStream) stream = g_new0 (PlStream, 1);
  guint8 magic[2];
  struct stat status;

  stream->path = g_strdup (path);
  stream->fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (stream->fd < 0 || fstat (stream->fd, &status) != 0)
    {
      set_errno_error (path, error);
      return NULL;
    }
  if (!S_ISREG (status.st_mode))
    {
      g_set_error (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_FORMAT, _ ("%s: it is not a regular file"),
                   path);
      return NULL;
    }
  stream->size = (guint64) status.st_size;
  if (pread (stream->fd, magic, 2, 0) == 2 && magic[0] == 0x1f && magic[1] == 0x8b)
    {
      stream->inflater = pl_inflater_new ();
      stream->in_buffer = g_malloc (IN_SIZE);
    }
  return g_steal_pointer (&stream);
}

static gboolean
fill (PlStream *stream, GError **error)
{
  stream->in = stream->in_buffer;
  return read_file (stream, stream->in_buffer, IN_SIZE, &stream->n_in, error);
}

/* Behind a member there is another, or padding of zeros, or the end. */
static gboolean
begin_member (PlStream *stream, GError **error)
{
  gboolean is_padded = FALSE;

  for (;;)
    {
      if (stream->n_in == 0 && !fill (stream, error))
        return FALSE;
      if (stream->n_in == 0)
        {
          stream->is_at_end = TRUE;
          return TRUE;
        }
      if (*stream->in != 0)
        break;
      is_padded = TRUE;
      stream->in++;
      stream->n_in--;
    }
  if (is_padded)
    return set_corrupt_error (stream, error);
  pl_inflater_reset (stream->inflater);
  stream->is_between_members = FALSE;
  return TRUE;
}

/* Gives at least one byte, unless the stream is at its end or a member has just ended. */
static gboolean
inflate_some (PlStream *stream, guint8 **out, gsize *n_out, GError **error)
{
  for (;;)
    {
      gsize in_before = stream->n_in;
      gsize out_before = *n_out;

      switch (pl_inflater_run (stream->inflater, &stream->in, &stream->n_in, out, n_out))
        {
        case PL_INFLATE_CORRUPT:
          return set_corrupt_error (stream, error);
        case PL_INFLATE_END:
          stream->is_between_members = TRUE;
          return TRUE;
        default:
          break;
        }
      if (*n_out < out_before)
        return TRUE;
      if (stream->n_in > 0 && stream->n_in == in_before)
        return set_corrupt_error (stream, error);
      if (stream->n_in == 0 && !fill (stream, error))
        return FALSE;
      if (stream->n_in == 0)
        {
          g_set_error (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_TRUNCATED,
                       _ ("%s: its compressed data end too early, at byte %llu"), stream->path,
                       (unsigned long long) stream->size);
          return FALSE;
        }
    }
}

static gboolean
inflate_up_to (PlStream *stream, guint8 *out, gsize n_out, gsize *n_read, GError **error)
{
  gsize n_left = n_out;

  while (n_left > 0 && !stream->is_at_end)
    {
      gsize n_now = MIN (n_left, (gsize) MOST_AT_ONCE);
      gsize n_rest = n_now;

      if (stream->is_between_members)
        {
          if (!begin_member (stream, error))
            return FALSE;
          continue;
        }
      if (!inflate_some (stream, &out, &n_rest, error))
        return FALSE;
      n_left -= n_now - n_rest;
    }
  *n_read = n_out - n_left;
  return TRUE;
}

gboolean
pl_stream_read_some (PlStream *stream, void *buffer, gsize n_bytes, gsize *n_read, GError **error)
{
  gboolean is_read = stream->inflater != NULL
                         ? inflate_up_to (stream, buffer, n_bytes, n_read, error)
                         : read_file (stream, buffer, n_bytes, n_read, error);

  if (is_read)
    stream->produced += *n_read;
  return is_read;
}

static gboolean
set_truncated_error (const PlStream *stream, guint64 n_missing, GError **error)
{
  g_set_error (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_TRUNCATED,
               ngettext ("%s: it ends too early, %llu byte is missing",
                         "%s: it ends too early, %llu bytes are missing", (gulong) n_missing),
               stream->path, (unsigned long long) n_missing);
  return FALSE;
}

gboolean
pl_stream_read (PlStream *stream, void *buffer, gsize n_bytes, GError **error)
{
  gsize n_read;

  if (!pl_stream_read_some (stream, buffer, n_bytes, &n_read, error))
    return FALSE;
  return n_read == n_bytes || set_truncated_error (stream, n_bytes - n_read, error);
}

static gboolean
skip_plain (PlStream *stream, guint64 n_bytes, GError **error)
{
  guint64 n_left = stream->size - MIN (stream->position, stream->size);

  if (n_bytes > n_left)
    return set_truncated_error (stream, n_bytes - n_left, error);
  if (lseek (stream->fd, (off_t) n_bytes, SEEK_CUR) < 0)
    return set_errno_error (stream->path, error);
  stream->position += n_bytes;
  stream->produced += n_bytes;
  return TRUE;
}

gboolean
pl_stream_skip (PlStream *stream, guint64 n_bytes, GError **error)
{
  g_autofree guint8 *buffer = NULL;

  if (stream->inflater == NULL)
    return skip_plain (stream, n_bytes, error);
  buffer = g_malloc (SKIP_SIZE);
  while (n_bytes > 0)
    {
      gsize n = (gsize) MIN (n_bytes, (guint64) SKIP_SIZE);

      if (!pl_stream_read (stream, buffer, n, error))
        return FALSE;
      n_bytes -= n;
    }
  return TRUE;
}

guint64
pl_stream_limit (PlStream *stream)
{
  guint64 most = stream->size;

  if (stream->inflater != NULL && !g_uint64_checked_mul (&most, most, MOST_EXPANSION))
    most = G_MAXUINT64;
  return most - MIN (most, stream->produced);
}

double
pl_stream_fraction (PlStream *stream)
{
  if (stream->size == 0)
    return 1.0;
  return MIN (1.0, (double) (stream->position - stream->n_in) / (double) stream->size);
}

void
pl_stream_free (PlStream *stream)
{
  if (stream == NULL)
    return;
  if (stream->fd >= 0)
    close (stream->fd);
  pl_inflater_free (stream->inflater);
  g_free (stream->in_buffer);
  g_free (stream->path);
  g_free (stream);
}
