/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/* What is to be written cannot be: messages are "PATH: what is wrong", with the target and not the
 * temporary file, and codes are those of GFileError. It is a domain of its own because another
 * place helps, where for G_FILE_ERROR one would look for the file. */
#define PL_WRITE_ERROR (pl_write_error_quark ())
GQuark pl_write_error_quark (void);

/* Files that are written whole or not at all: bytes go to a temporary file beside the target, and
 * committing does fsync and rename. Errors are PL_WRITE_ERROR. One thread at a time. */
typedef struct _PlFileWriter PlFileWriter;

/* Returns: (transfer full): a writer, or NULL with @error set */
PlFileWriter *pl_file_writer_open (const char *path, GError **error);

gboolean
pl_file_writer_write (PlFileWriter *writer, const void *data, gsize n_bytes, GError **error);

/* The descriptor of the temporary file, owned by the writer, for libraries that write themselves.
 */
int pl_file_writer_fd (PlFileWriter *writer);

/* After this only pl_file_writer_free() may be called, whether it worked or not. */
gboolean pl_file_writer_commit (PlFileWriter *writer, GError **error);

/* Removes what was not committed. Takes NULL. */
void pl_file_writer_free (PlFileWriter *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlFileWriter, pl_file_writer_free)

/* All of the above in one call. */
gboolean pl_file_replace (const char *path, const void *data, gsize n_bytes, GError **error);

/* Makes @path and its parents; a folder that is there already is no error. FALSE with
 * PL_WRITE_ERROR. */
gboolean pl_file_make_folder (const char *path, GError **error);

/* A folder to list, and a whole file of text or bytes (with a zero byte behind it), as g_dir_open()
 * and g_file_get_contents() give them, but errors read "PATH: what is wrong". @length: (nullable)
 */
GDir *pl_file_open_folder (const char *path, GError **error);
gboolean pl_file_read (const char *path, char **contents, gsize *length, GError **error);

/* What tells a file from the one that was there before: its whole path, size and modification time.
 * NULL if it cannot be looked at. */
char *pl_file_dup_stamp (const char *path);

/* SHA-256 of a file in lower-case hexadecimal, or NULL with @error set. Blocks. */
char *pl_file_sha256 (const char *path, GCancellable *cancellable, GError **error);
