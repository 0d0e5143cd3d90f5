/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loads NIfTI files. Voxels are read once: where they belong, when the file's order is memory
 * order, else a slab of planes at a time. */
#include "image/nifti.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/touch.h"
#include "image/nifti-header.h"
#include "image/slabs.h"
#include "image/stream.h"

enum
{
  CHUNK_BYTES = 1 << 20,   /* between looks at the cancellable: 2 ms */
  FIRST_REPORT_US = 20000, /* the first slices soon, then twice as long from one to the next, */
  LAST_REPORT_US = 160000, /* since what is drawn each time takes from the reading */
};

/* A load under way. */
typedef struct
{
  const char *path;
  PlNiftiHeader header;
  PlStream *stream; /* owned */
  PlVolume *volume; /* owned */
  gsize n_plane;    /* voxels of shape[0] × shape[1] */
  const PlLoadOptions *options;
  GCancellable *cancellable;
  gint64 reported_us;
  gint64 report_us; /* to wait until the next */
} Load;

gboolean
pl_nifti_is (const guint8 *bytes, gsize n)
{
  return n >= 4 && pl_nifti_header_size (bytes) != 0;
}

/* @path with its ending (".hdr", ".img.gz" …) replaced, in the same case; NULL if it has none. */
static char *
dup_partner (const char *path, const char *ending, gboolean is_gz)
{
  gsize length = strlen (path);
  g_autofree char *lower = g_ascii_strdown (path, -1);
  g_autoptr (GString) partner = NULL;

  if (g_str_has_suffix (lower, ".gz"))
    length -= 3;
  if (length < 4 || (strncmp (lower + length - 4, ".hdr", 4) != 0 &&
                     strncmp (lower + length - 4, ".img", 4) != 0))
    return NULL;
  partner = g_string_new_len (path, (gssize) length - 3);
  for (int i = 0; i < 3; i++)
    g_string_append_c (partner, g_ascii_isupper (path[length - 3]) ? g_ascii_toupper (ending[i])
                                                                   : ending[i]);
  if (is_gz)
    g_string_append (partner, ".gz");
  return g_string_free (g_steal_pointer (&partner), FALSE);
}

static char *
dup_existing_partner (const char *path, const char *ending)
{
  for (int is_gz = 0; is_gz <= 1; is_gz++)
    {
      g_autofree char *partner = dup_partner (path, ending, is_gz);

      if (partner != NULL && g_file_test (partner, G_FILE_TEST_IS_REGULAR))
        return g_steal_pointer (&partner);
    }
  return NULL;
}

char *
pl_nifti_dup_voxel_path (const char *path)
{
  return dup_existing_partner (path, "img");
}

/* The header is in @path itself unless that is the .img of a pair. */
static char *
dup_header_path (const char *path)
{
  g_autofree char *lower = g_ascii_strdown (path, -1);

  if (g_str_has_suffix (lower, ".img") || g_str_has_suffix (lower, ".img.gz"))
    {
      char *partner = dup_existing_partner (path, "hdr");

      if (partner != NULL)
        return partner;
    }
  return g_strdup (path);
}

/* Leaves the stream behind the header. @bytes: room for PL_NIFTI_MAX_SIZE of them. */
static PlStream *
open_header_bytes (const char *path, guint8 *bytes, PlNiftiHeader *header, GError **error)
{
  g_autoptr (PlStream) stream = pl_stream_open (path, error);
  gsize size;

  if (stream == NULL || !pl_stream_read (stream, bytes, 4, error))
    return NULL;
  size = pl_nifti_header_size (bytes);
  if (size == 0)
    {
      g_set_error (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_FORMAT,
                   _ ("%s: its sizeof_hdr is neither 348 nor 540, so it is not a NIfTI file"),
                   path);
      return NULL;
    }
  if (!pl_stream_read (stream, bytes + 4, size - 4, error) ||
      !pl_nifti_header_parse (bytes, path, header, error))
    return NULL;
  return g_steal_pointer (&stream);
}

static PlStream *
open_header (const char *path, PlNiftiHeader *header, GError **error)
{
  guint8 bytes[PL_NIFTI_MAX_SIZE];

  return open_header_bytes (path, bytes, header, error);
}

gboolean
pl_nifti_read_header_bytes (const char *path, guint8 *bytes, PlNiftiHeader *header, GError **error)
{
  g_autofree char *header_path = dup_header_path (path);
  g_autoptr (PlStream) stream = open_header_bytes (header_path, bytes, header, error);

  return stream != NULL;
}

gboolean
pl_nifti_read_header (const char *path, PlImageHeader *header, GError **error)
{
  g_autofree char *header_path = dup_header_path (path);
  PlNiftiHeader nifti;
  g_autoptr (PlStream) stream = open_header (header_path, &nifti, error);

  if (stream == NULL)
    return FALSE;
  pl_header_choose_axes (&nifti.image, -1);
  *header = nifti.image;
  return TRUE;
}

/* At most 50 times a second, and at both ends. */
static void
report_progress (Load *load, gboolean is_due)
{
  gint64 now_us = g_get_monotonic_time ();

  if (load->options->progress == NULL || (!is_due && now_us - load->reported_us < load->report_us))
    return;
  load->reported_us = now_us;
  load->report_us = CLAMP (2 * load->report_us, FIRST_REPORT_US, LAST_REPORT_US);
  load->options->progress (load->volume,
                           pl_volume_ready_slices (load->volume) == load->volume->n[0]
                               ? 1.0
                               : pl_stream_fraction (load->stream),
                           load->options->progress_data);
}

/* Passes over @n_bytes, in pieces, so that it can be cancelled. */
static gboolean
skip_bytes (Load *load, guint64 n_bytes, GError **error)
{
  while (n_bytes > 0)
    {
      guint64 n = MIN (n_bytes, (guint64) CHUNK_BYTES);

      if (g_cancellable_set_error_if_cancelled (load->cancellable, error) ||
          !pl_stream_skip (load->stream, n, error))
        return FALSE;
      n_bytes -= n;
    }
  return TRUE;
}

/* Leaves the stream at the first voxel of the file. */
static gboolean
open_voxels (Load *load, GError **error)
{
  g_autofree char *header_path = dup_header_path (load->path);
  g_autofree char *voxel_path = NULL;
  gsize size;

  load->stream = open_header (header_path, &load->header, error);
  if (load->stream == NULL)
    return FALSE;
  size = load->header.image.format == PL_FORMAT_NIFTI1 ? (gsize) PL_NIFTI1_SIZE
                                                       : (gsize) PL_NIFTI2_SIZE;
  if (!load->header.is_pair)
    return skip_bytes (load, load->header.voxel_offset - size, error);
  voxel_path = pl_nifti_dup_voxel_path (header_path);
  if (voxel_path == NULL)
    {
      g_set_error (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_FORMAT,
                   _ ("%s: it is the header of a pair (magic ni%c), but there is no .img file "
                      "beside it"),
                   header_path, load->header.image.format == PL_FORMAT_NIFTI1 ? '1' : '2');
      return FALSE;
    }
  g_clear_pointer (&load->stream, pl_stream_free);
  load->stream = pl_stream_open (voxel_path, error);
  return load->stream != NULL && skip_bytes (load, load->header.voxel_offset, error);
}

/* A 4D mask is read where its image is; a 3D one serves all volumes. */
static gboolean
choose_page (Load *load, GError **error)
{
  PlImageHeader *image = &load->header.image;
  const PlImageHeader *like = load->options->like;
  int page = like == NULL ? load->options->page : image->pages > 1 ? like->page : 0;

  if (page < 0 || page >= image->pages)
    {
      g_set_error (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_MISMATCH,
                   _ ("%s: volume %d was asked for, but by dim[4…7] its volumes are 0 to %d"),
                   load->path, page, image->pages - 1);
      return FALSE;
    }
  image->page = page;
  return TRUE;
}

/* What the header asks for must be there, as far as the file's size can tell. */
static gboolean
check_size (const Load *load, guint64 *page_bytes, GError **error)
{
  const PlImageHeader *image = &load->header.image;
  guint64 limit = pl_stream_limit (load->stream);
  guint64 n_bytes = load->header.voxel_bytes;
  guint64 n_wanted = G_MAXUINT64;
  gboolean fits = TRUE;

  for (int a = 0; a < 3; a++)
    fits = fits && g_uint64_checked_mul (&n_bytes, n_bytes, (guint64) image->shape[a]);
  fits = fits && g_uint64_checked_mul (&n_wanted, n_bytes, (guint64) image->page + 1);
  if (!fits || n_wanted > limit)
    {
      g_set_error (error, PL_IMAGE_ERROR,
                   fits && n_wanted / 2 <= limit ? PL_IMAGE_ERROR_TRUNCATED
                                                 : PL_IMAGE_ERROR_TOO_LARGE,
                   _ ("%s: dim[1…3] is %d × %d × %d and its type %s, but the file can hold no more "
                      "than %llu bytes of voxels"),
                   load->path, image->shape[0], image->shape[1], image->shape[2],
                   pl_dtype_name (image->stored), (unsigned long long) limit);
      return FALSE;
    }
  *page_bytes = n_bytes;
  return TRUE;
}

static gboolean
choose_axes (Load *load, GError **error)
{
  PlImageHeader *image = &load->header.image;

  if (load->options->like != NULL)
    return pl_header_take_axes (image, load->options->like, load->path, error);
  pl_header_choose_axes (image, load->options->slice_axis);
  return TRUE;
}

static void
swap_bytes (void *voxels, gsize n, gsize size)
{
  if (size == 2)
    for (guint16 *v = voxels, *end = v + n; v < end; v++)
      *v = GUINT16_SWAP_LE_BE (*v);
  else if (size == 4)
    for (guint32 *v = voxels, *end = v + n; v < end; v++)
      *v = GUINT32_SWAP_LE_BE (*v);
  else if (size == 8)
    for (guint64 *v = voxels, *end = v + n; v < end; v++)
      *v = GUINT64_SWAP_LE_BE (*v);
}

/* Luminance as Rec. 601 weighs it, in place. */
static void
take_luminance (guint8 *voxels, gsize n, gsize n_samples)
{
  for (gsize i = 0; i < n; i++)
    {
      const guint8 *rgb = voxels + i * n_samples;

      voxels[i] = (guint8) ((299 * rgb[0] + 587 * rgb[1] + 114 * rgb[2] + 500) / 1000);
    }
}

/* Reads @n voxels in native byte order, gray. @voxels has room for them as they are in the file. */
static gboolean
read_voxels (Load *load, guint8 *voxels, gsize n, GError **error)
{
  const PlNiftiHeader *header = &load->header;
  gsize n_left = n * header->voxel_bytes;

  for (guint8 *at = voxels; n_left > 0;)
    {
      gsize n_now = MIN (n_left, (gsize) CHUNK_BYTES);

      if (g_cancellable_set_error_if_cancelled (load->cancellable, error) ||
          !pl_stream_read (load->stream, at, n_now, error))
        return FALSE;
      at += n_now;
      n_left -= n_now;
      report_progress (load, FALSE);
    }
  if (header->image.n_samples > 1)
    take_luminance (voxels, n, header->voxel_bytes);
  else if (header->is_swapped)
    swap_bytes (voxels, n, header->voxel_bytes);
  return TRUE;
}

/* TRUE if file order is memory order, so that voxels are read where they belong. */
static gboolean
is_in_order (const PlNiftiHeader *header)
{
  const PlImageHeader *image = &header->image;

  return image->n_samples == 1 && image->axis[0] == 2 && image->axis[1] == 1 && !image->flip[1] &&
         !image->flip[2];
}

static gboolean
set_memory_error (const Load *load, GError **error)
{
  g_set_error (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_TOO_LARGE,
               _ ("%s: there is no memory to put its planes of %zu bytes in order"), load->path,
               load->n_plane * load->header.voxel_bytes);
  return FALSE;
}

static gboolean
load_in_order (Load *load, GError **error)
{
  PlVolume *volume = load->volume;
  int depth = load->header.image.shape[2];
  gsize plane_bytes = load->n_plane * load->header.voxel_bytes;
  int step = (int) CLAMP (CHUNK_BYTES / plane_bytes, 1, (gsize) depth);

  for (int z = 0; z < depth; z += step)
    {
      int planes = MIN (step, depth - z);

      if (!read_voxels (load, (guint8 *) volume->voxels + (gsize) z * plane_bytes,
                        (gsize) planes * load->n_plane, error))
        return FALSE;
      pl_volume_set_ready_slices (volume, z + planes);
    }
  return TRUE;
}

static gboolean
load_slabs (Load *load, GError **error)
{
  PlSlabs *slabs = pl_slabs_new (load->volume, load->header.voxel_bytes, load->cancellable);
  int depth = load->header.image.shape[2];
  gboolean is_read = TRUE;

  if (slabs == NULL)
    return set_memory_error (load, error);
  for (int z = 0; is_read && z < depth;)
    {
      int planes = MIN (pl_slabs_planes (slabs), depth - z);

      is_read = read_voxels (load, pl_slabs_next (slabs), (gsize) planes * load->n_plane, error);
      if (is_read)
        pl_slabs_place (slabs, z, planes);
      z += planes;
    }
  pl_slabs_free (slabs);
  return is_read && !g_cancellable_set_error_if_cancelled (load->cancellable, error);
}

static gboolean
load_voxels (Load *load, GError **error)
{
  const int *shape = load->header.image.shape;
  gsize n_bytes = load->n_plane * (gsize) shape[2] * pl_dtype_size (load->volume->type);
  PlTouch *touch = pl_touch_start (load->volume->voxels, n_bytes);
  gboolean is_loaded =
      is_in_order (&load->header) ? load_in_order (load, error) : load_slabs (load, error);

  pl_touch_free (touch);
  return is_loaded;
}

/* Behind the last voxel of the file only the checksum of compressed data is of interest. */
static gboolean
check_end (Load *load, GError **error)
{
  guint8 byte;
  gsize n_read;

  return load->header.image.page < load->header.image.pages - 1 ||
         pl_stream_read_some (load->stream, &byte, 1, &n_read, error);
}

static gboolean
run (Load *load, GError **error)
{
  PlImageHeader *image = &load->header.image;
  guint64 page_bytes;

  if (!open_voxels (load, error) || !choose_page (load, error) || !choose_axes (load, error) ||
      !check_size (load, &page_bytes, error))
    return FALSE;
  load->volume = pl_volume_new (image, load->header.type, load->path, error);
  if (load->volume == NULL)
    return FALSE;
  load->n_plane = (gsize) image->shape[0] * (gsize) image->shape[1];
  report_progress (load, TRUE);
  if (!skip_bytes (load, page_bytes * (guint64) image->page, error) || !load_voxels (load, error) ||
      !check_end (load, error))
    return FALSE;
  pl_volume_set_ready_slices (load->volume, load->volume->n[0]);
  report_progress (load, TRUE);
  return TRUE;
}

PlVolume *
pl_nifti_load (const char *path,
               const PlLoadOptions *options,
               GCancellable *cancellable,
               GError **error)
{
  Load load = { .path = path, .options = options, .cancellable = cancellable };

  if (!run (&load, error))
    g_clear_pointer (&load.volume, pl_volume_unref);
  pl_stream_free (load.stream);
  return load.volume;
}
