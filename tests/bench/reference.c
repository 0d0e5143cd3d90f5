/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/reference.h"

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>
#ifdef HAVE_ISAL
#include <isa-l/igzip_lib.h>
#endif
#ifdef HAVE_LIBDEFLATE
#include <libdeflate.h>
#endif

#include "base/aligned.h"

enum
{
  IN_SIZE = 256 << 10,
};

static gsize
inflate_zlib (const char *path, guint8 *out, gsize n_out)
{
  gzFile file = gzopen (path, "rb");
  int n;

  g_assert_nonnull (file);
  gzbuffer (file, IN_SIZE);
  n = gzread (file, out, (unsigned) n_out);
  gzclose (file);
  return (gsize) MAX (n, 0);
}

#ifdef HAVE_ISAL
static gsize
inflate_isal (const char *path, guint8 *out, gsize n_out)
{
  g_autofree guint8 *in = g_malloc (IN_SIZE);
  struct inflate_state state;
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  ssize_t n;

  g_assert_cmpint (fd, >=, 0);
  isal_inflate_init (&state);
  state.crc_flag = ISAL_GZIP;
  state.next_out = out;
  state.avail_out = (guint32) n_out;
  while ((n = read (fd, in, IN_SIZE)) > 0)
    {
      state.next_in = in;
      state.avail_in = (guint32) n;
      isal_inflate (&state);
    }
  close (fd);
  return state.total_out;
}
#endif

#ifdef HAVE_LIBDEFLATE
static gsize
inflate_libdeflate (const char *path, guint8 *out, gsize n_out)
{
  struct libdeflate_decompressor *decompressor = libdeflate_alloc_decompressor ();
  g_autofree char *in = NULL;
  gsize n_in;
  gsize n = 0;

  g_assert_true (g_file_get_contents (path, &in, &n_in, NULL));
  libdeflate_gzip_decompress (decompressor, in, n_in, out, n_out, &n);
  libdeflate_free_decompressor (decompressor);
  return n;
}
#endif

static gsize (*const libraries[]) (const char *path, guint8 *out, gsize n_out) = {
#ifdef HAVE_ISAL
  inflate_isal,
#endif
#ifdef HAVE_LIBDEFLATE
  inflate_libdeflate,
#endif
  inflate_zlib,
};

double
reference_inflate (const char *path, gsize n_bytes)
{
  double best_s = G_MAXDOUBLE;

  for (gsize i = 0; i < 2 * G_N_ELEMENTS (libraries); i++)
    {
      gsize n_out = n_bytes + 4096; /* the header, and what is behind the voxels */
      gint64 start_us = g_get_monotonic_time ();
      guint8 *out = pl_aligned_new0 (n_out);
      double s;

      g_assert_cmpuint (libraries[i / 2](path, out, n_out), >=, n_bytes);
      s = (double) (g_get_monotonic_time () - start_us) / G_TIME_SPAN_SECOND;
      pl_aligned_free (out);
      best_s = MIN (best_s, s);
    }
  return best_s;
}
