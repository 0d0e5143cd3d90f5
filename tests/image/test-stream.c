/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Streams of plain and gzip files. Built twice: over the build's own inflater, and over zlib. */
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include "image/stream.h"

static char *folder;

static char *
write_file (const void *bytes, gsize n)
{
  char *path = g_build_filename (folder, "file", NULL);
  FILE *file;

  /* g_file_set_contents() syncs, and some file systems do when they truncate. */
  g_remove (path);
  file = g_fopen (path, "wb");
  g_assert_nonnull (file);
  g_assert_cmpuint (fwrite (bytes, 1, n, file), ==, n);
  g_assert_cmpint (fclose (file), ==, 0);
  return path;
}

/* Noise in three quarters of the bytes, so that some of it compresses. */
static GByteArray *
make_data (gsize n, guint32 seed)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  GByteArray *data = g_byte_array_new ();

  g_byte_array_set_size (data, (guint) n);
  for (gsize i = 0; i < n; i++)
    data->data[i] = (guint8) (i % 4 == 0 ? 0 : g_rand_int (rand));
  return data;
}

/* Appends a gzip member whose header has an extra field of @n_extra bytes. */
static void
append_member (GByteArray *out, const GByteArray *data, guint n_extra)
{
  z_stream stream = { 0 };
  g_autofree guint8 *extra = g_malloc0 (n_extra + 1);
  gz_header header = { .extra = extra, .extra_len = n_extra };
  guint start = out->len;

  g_assert_cmpint (deflateInit2 (&stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), ==, Z_OK);
  if (n_extra > 0)
    deflateSetHeader (&stream, &header);
  g_byte_array_set_size (out, start + data->len + data->len / 100 + n_extra + 4096);
  stream.next_in = data->data;
  stream.avail_in = data->len;
  stream.next_out = out->data + start;
  stream.avail_out = out->len - start;
  g_assert_cmpint (deflate (&stream, Z_FINISH), ==, Z_STREAM_END);
  g_byte_array_set_size (out, start + (guint) stream.total_out);
  deflateEnd (&stream);
}

static PlStream *
open_stream (const char *path)
{
  g_autoptr (GError) error = NULL;
  PlStream *stream = pl_stream_open (path, &error);

  g_assert_no_error (error);
  return stream;
}

/* Reads all, @piece bytes at a time; NULL with @error set if that fails. */
static GByteArray *
read_all (const char *path, gsize piece, GError **error)
{
  g_autoptr (PlStream) stream = open_stream (path);
  g_autoptr (GByteArray) all = g_byte_array_new ();
  g_autofree guint8 *buffer = g_malloc (piece);
  gsize n = piece;

  while (n == piece)
    {
      if (!pl_stream_read_some (stream, buffer, piece, &n, error))
        return NULL;
      g_byte_array_append (all, buffer, (guint) n);
    }
  g_assert_cmpfloat (pl_stream_fraction (stream), ==, 1.0);
  return g_steal_pointer (&all);
}

static void
assert_reads (const GByteArray *file, const GByteArray *data, gsize piece)
{
  g_autofree char *path = write_file (file->data, file->len);
  g_autoptr (GError) error = NULL;
  g_autoptr (GByteArray) all = read_all (path, piece, &error);

  g_assert_no_error (error);
  g_assert_cmpmem (all->data, all->len, data->data, data->len);
}

static void
test_plain (void)
{
  g_autoptr (GByteArray) data = make_data (300000, 1);

  assert_reads (data, data, 1000);
  assert_reads (data, data, 1 << 20);
}

static void
test_empty (void)
{
  g_autofree char *path = write_file ("", 0);
  g_autoptr (PlStream) stream = open_stream (path);
  g_autoptr (GError) error = NULL;
  char byte;

  g_assert_cmpuint (pl_stream_limit (stream), ==, 0);
  g_assert_cmpfloat (pl_stream_fraction (stream), ==, 1.0);
  g_assert_false (pl_stream_read (stream, &byte, 1, &error));
  g_assert_error (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_TRUNCATED);
}

static void
test_gzip (void)
{
  const gsize pieces[] = { 1, 7, 4096, 100000, 1 << 22 };

  for (gsize i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      g_autoptr (GByteArray) data = make_data (pieces[i] < 10 ? 3000 : 2000000, 2);
      g_autoptr (GByteArray) file = g_byte_array_new ();

      append_member (file, data, 0);
      assert_reads (file, data, pieces[i]);
    }
}

static void
test_members (void)
{
  g_autoptr (GByteArray) data = make_data (100000, 3);
  g_autoptr (GByteArray) empty = g_byte_array_new ();
  g_autoptr (GByteArray) file = g_byte_array_new ();
  g_autoptr (GByteArray) twice = g_byte_array_new ();

  append_member (file, data, 0);
  append_member (file, empty, 3);
  append_member (file, data, 50);
  g_byte_array_append (twice, data->data, data->len);
  g_byte_array_append (twice, data->data, data->len);
  assert_reads (file, twice, 777);
  assert_reads (file, twice, 1 << 20);
  g_byte_array_set_size (file, file->len + 1000);
  memset (file->data + file->len - 1000, 0, 1000);
  assert_reads (file, twice, 777); /* padding of zeros */
}

/* The second member's header lies at each place across the border of the input buffer. */
static void
test_members_across_buffers (void)
{
  const guint buffer_size = 256 << 10;
  g_autoptr (GByteArray) first = make_data (buffer_size / 100 * 95, 4);
  g_autoptr (GByteArray) second = make_data (1000, 5);
  g_autoptr (GByteArray) both = g_byte_array_new ();
  g_autoptr (GByteArray) file = g_byte_array_new ();

  g_byte_array_append (both, first->data, first->len);
  g_byte_array_append (both, second->data, second->len);
  append_member (file, first, 1);
  g_assert_cmpuint (file->len, <, buffer_size - 100);
  g_assert_cmpuint (buffer_size - file->len, <, 60000);
  for (guint before = 0, base = buffer_size - file->len; before < 40; before++)
    {
      g_byte_array_set_size (file, 0);
      append_member (file, first, base + 10 - before);
      append_member (file, second, 5);
      assert_reads (file, both, 1 << 16);
    }
}

static void
test_skip (void)
{
  g_autoptr (GByteArray) data = make_data (500000, 6);
  g_autoptr (GByteArray) file = g_byte_array_new ();
  const GByteArray *files[] = { data, file };

  append_member (file, data, 0);
  for (int i = 0; i < 2; i++)
    {
      g_autofree char *path = write_file (files[i]->data, files[i]->len);
      g_autoptr (PlStream) stream = open_stream (path);
      g_autoptr (GError) error = NULL;
      guint8 bytes[10];

      g_assert_true (pl_stream_read (stream, bytes, 10, &error));
      g_assert_true (pl_stream_skip (stream, 400000, &error));
      g_assert_true (pl_stream_read (stream, bytes, 10, &error));
      g_assert_cmpmem (bytes, 10, data->data + 400010, 10);
      g_assert_false (pl_stream_skip (stream, 99981, &error));
      g_assert_error (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_TRUNCATED);
    }
}

/* A megabyte of zeros: nearly all that deflate can do. */
static void
test_limit (void)
{
  g_autoptr (GByteArray) zeros = g_byte_array_new ();
  g_autoptr (GByteArray) file = g_byte_array_new ();
  g_autofree char *path = NULL;
  g_autoptr (PlStream) stream = NULL;

  g_byte_array_set_size (zeros, 1 << 20);
  memset (zeros->data, 0, zeros->len);
  append_member (file, zeros, 0);
  path = write_file (file->data, file->len);
  stream = open_stream (path);
  g_assert_cmpuint (pl_stream_limit (stream), ==, 1032ul * file->len);
  g_assert_cmpuint (pl_stream_limit (stream), >=, zeros->len);
  g_assert_cmpuint (pl_stream_limit (stream), <, 2 * zeros->len);
  g_assert_true (pl_stream_skip (stream, zeros->len, NULL));
  g_assert_cmpuint (pl_stream_limit (stream), ==, 1032ul * file->len - zeros->len);
}

static void
test_every_truncation (void)
{
  g_autoptr (GByteArray) data = make_data (600, 7);
  g_autoptr (GByteArray) file = g_byte_array_new ();

  append_member (file, data, 4);
  for (guint n = 2; n < file->len; n++)
    {
      g_autofree char *path = write_file (file->data, n);
      g_autoptr (GError) error = NULL;

      g_assert_null (read_all (path, 100, &error));
      g_assert_error (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_TRUNCATED);
      g_assert_true (g_str_has_prefix (error->message, path));
    }
}

/* Behind the ten bytes of the header a flipped bit must be noticed, but for the few between the end
 * of the deflated data and the checksum, which mean nothing. */
static void
test_every_flipped_bit (void)
{
  g_autoptr (GByteArray) data = make_data (300, 8);
  g_autoptr (GByteArray) file = g_byte_array_new ();
  int n_unnoticed = 0;

  append_member (file, data, 0);
  for (guint i = 10; i < file->len; i++)
    for (int bit = 0; bit < 8; bit++)
      {
        g_autofree char *path = NULL;
        g_autoptr (GError) error = NULL;
        g_autoptr (GByteArray) all = NULL;

        file->data[i] ^= (guint8) (1 << bit);
        path = write_file (file->data, file->len);
        file->data[i] ^= (guint8) (1 << bit);
        all = read_all (path, 1000, &error);
        if (all == NULL)
          g_assert_true (g_error_matches (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_FORMAT) ||
                         g_error_matches (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_TRUNCATED));
        else
          {
            g_assert_cmpmem (all->data, all->len, data->data, data->len);
            n_unnoticed++;
          }
      }
  g_assert_cmpint (n_unnoticed, <, 8);
}

static void
test_garbage_behind (void)
{
  g_autoptr (GByteArray) data = make_data (300, 9);
  const char *const tails[] = { "garbage", "\0\0x", "\x1f\x8bgarbage garbage", "\x1f" };
  const gsize lengths[] = { 7, 3, 17, 1 };

  for (gsize i = 0; i < G_N_ELEMENTS (tails); i++)
    {
      g_autoptr (GByteArray) file = g_byte_array_new ();
      g_autofree char *path = NULL;
      g_autoptr (GError) error = NULL;

      append_member (file, data, 0);
      g_byte_array_append (file, (const guint8 *) tails[i], (guint) lengths[i]);
      path = write_file (file->data, file->len);
      g_assert_null (read_all (path, 1000, &error));
      g_assert_nonnull (error);
    }
}

static void
test_not_a_file (void)
{
  g_autofree char *missing = g_build_filename (folder, "missing", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (pl_stream_open (folder, &error));
  g_assert_error (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_FORMAT);
  g_clear_error (&error);
  g_assert_null (pl_stream_open (missing, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_assert_true (g_str_has_prefix (error->message, missing));
  pl_stream_free (NULL);
}

int
main (int argc, char **argv)
{
  g_autofree char *path = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("pleura-stream-XXXXXX", NULL);
  path = g_build_filename (folder, "file", NULL);
  g_test_add_func ("/image/stream/plain", test_plain);
  g_test_add_func ("/image/stream/empty", test_empty);
  g_test_add_func ("/image/stream/gzip", test_gzip);
  g_test_add_func ("/image/stream/members", test_members);
  g_test_add_func ("/image/stream/members-across-buffers", test_members_across_buffers);
  g_test_add_func ("/image/stream/skip", test_skip);
  g_test_add_func ("/image/stream/limit", test_limit);
  g_test_add_func ("/image/stream/every-truncation", test_every_truncation);
  g_test_add_func ("/image/stream/every-flipped-bit", test_every_flipped_bit);
  g_test_add_func ("/image/stream/garbage-behind", test_garbage_behind);
  g_test_add_func ("/image/stream/not-a-file", test_not_a_file);
  status = g_test_run ();
  g_remove (path);
  g_rmdir (folder);
  g_free (folder);
  return status;
}
