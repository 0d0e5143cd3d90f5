/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/image-error.h"

/* Bytes of a file, inflated on the way if it is gzip (by content; several members are read as one).
 * Uses ISA-L where the build has it, else zlib. One thread at a time. */
typedef struct _PlStream PlStream;

PlStream *pl_stream_open (const char *path, GError **error);

/* Reads exactly @n_bytes; fewer is PL_IMAGE_ERROR_TRUNCATED. */
gboolean pl_stream_read (PlStream *stream, void *buffer, gsize n_bytes, GError **error);

/* Reads up to @n_bytes; @n_read says how many came before the end. */
gboolean
pl_stream_read_some (PlStream *stream, void *buffer, gsize n_bytes, gsize *n_read, GError **error);

/* Passes over @n_bytes, by seeking where the file is not compressed. */
gboolean pl_stream_skip (PlStream *stream, guint64 n_bytes, GError **error);

/* The most bytes that the rest of the file can give: its size, or 1032 times that if compressed
 * (the most that deflate can do, https://zlib.net/zlib_tech.html). */
guint64 pl_stream_limit (PlStream *stream);

/* How much of the file, 0…1, has been taken in. */
double pl_stream_fraction (PlStream *stream);

void pl_stream_free (PlStream *stream);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlStream, pl_stream_free)
