/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inflating with zlib, where the build has no ISA-L. */
#include "image/inflater.h"

#include <zlib.h>

struct _PlInflater
{
  z_stream stream;
};

PlInflater *
pl_inflater_new (void)
{
  PlInflater *inflater = g_new0 (PlInflater, 1);
  int code = inflateInit2 (&inflater->stream, 15 + 16); /* 16: gzip alone */

  g_assert (code == Z_OK); /* else no memory for 40 KiB */
  return inflater;
}

void
pl_inflater_free (PlInflater *inflater)
{
  if (inflater == NULL)
    return;
  inflateEnd (&inflater->stream);
  g_free (inflater);
}

void
pl_inflater_reset (PlInflater *inflater)
{
  inflateReset (&inflater->stream);
}

PlInflateStatus
pl_inflater_run (PlInflater *inflater, const guint8 **in, gsize *n_in, guint8 **out, gsize *n_out)
{
  z_stream *stream = &inflater->stream;
  int code;

  stream->next_in = (guint8 *) *in;
  stream->avail_in = (uInt) *n_in;
  stream->next_out = *out;
  stream->avail_out = (uInt) *n_out;
  code = inflate (stream, Z_NO_FLUSH);
  *in = stream->next_in;
  *n_in = stream->avail_in;
  *out = stream->next_out;
  *n_out = stream->avail_out;
  if (code == Z_STREAM_END)
    return PL_INFLATE_END;
  return code == Z_OK || code == Z_BUF_ERROR ? PL_INFLATE_MORE : PL_INFLATE_CORRUPT;
}
