/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes NIfTI-1 in this machine's byte order, which every reader can tell. Voxels are put back
 * into file order a slab of planes at a time. Deflate at level 4 takes 45 MB/s of CT, 2.3 times
 * what level 6 does, for 1 % more bytes. */
#include "image/nifti-write.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include <zlib.h>

#include "base/file.h"
#include "image/nifti-header.h"
#include "image/reorder.h"

enum
{
  HEADER_SIZE = PL_NIFTI1_SIZE + 4, /* and the mark that no extension follows */
  SLAB_BYTES = 1 << 20,
  OUT_BYTES = 256 << 10,
  LEVEL = 4,
  MOST_VOXELS = 32767, /* along an axis: dim is int16 */
};

/* What the file holds, in its own order: x, y, z. */
typedef struct
{
  int shape[3];
  double spacing_mm[3];
  gssize stride[3]; /* in memory, in voxels */
  gssize origin;    /* of the first voxel, in memory */
} Layout;

/* Where the bytes go. */
typedef struct
{
  PlFileWriter *file; /* owned */
  z_stream deflate;
  guint8 *out; /* owned; NULL when not compressing */
  GCancellable *cancellable;
} Sink;

/* A TIFF file's axes are those of NIfTI the other way round. */
static int
get_nifti_axis (const PlImageHeader *like, int axis)
{
  return like->format == PL_FORMAT_TIFF ? 2 - axis : axis;
}

static void
lay_out (const PlImageHeader *like, Layout *layout)
{
  gssize stride = 1;

  layout->origin = 0;
  for (int i = 2; i >= 0; i--)
    {
      int n = like->shape[like->axis[i]];
      int axis = get_nifti_axis (like, like->axis[i]);

      layout->shape[axis] = n;
      layout->spacing_mm[axis] = like->spacing_mm[like->axis[i]];
      layout->stride[axis] = like->flip[i] ? -stride : stride;
      if (like->flip[i])
        layout->origin += stride * (n - 1);
      stride *= n;
    }
}

static void
put_int16 (guint8 *at, int value)
{
  gint16 number = (gint16) value;

  memcpy (at, &number, sizeof number);
}

static void
put_float (guint8 *at, double value)
{
  float number = (float) value;

  memcpy (at, &number, sizeof number);
}

/* The quaternion of a rotation, its first part ≥ 0 and left out, from the largest of the four that
 * the trace gives, which keeps digits. */
static void
find_quaternion (double r[3][3], double quatern[3])
{
  const double squares[4] = {
    1.0 + r[0][0] + r[1][1] + r[2][2],
    1.0 + r[0][0] - r[1][1] - r[2][2],
    1.0 - r[0][0] + r[1][1] - r[2][2],
    1.0 - r[0][0] - r[1][1] + r[2][2],
  };
  const double products[4][4] = {
    { squares[0], r[2][1] - r[1][2], r[0][2] - r[2][0], r[1][0] - r[0][1] },
    { r[2][1] - r[1][2], squares[1], r[0][1] + r[1][0], r[0][2] + r[2][0] },
    { r[0][2] - r[2][0], r[0][1] + r[1][0], squares[2], r[1][2] + r[2][1] },
    { r[1][0] - r[0][1], r[0][2] + r[2][0], r[1][2] + r[2][1], squares[3] },
  };
  int best = 0;

  for (int i = 1; i < 4; i++)
    if (squares[i] > squares[best])
      best = i;
  for (int i = 0; i < 3; i++)
    {
      quatern[i] = products[best][i + 1] / (2.0 * sqrt (squares[best]));
      if (products[best][0] < 0.0)
        quatern[i] = -quatern[i];
    }
}

/* Columns of the affine without their lengths, the third turned round if that makes it a rotation;
 * FALSE when it is sheared, which a quaternion cannot say. */
static gboolean
find_rotation (const PlImageHeader *like, double r[3][3], gboolean *is_mirrored)
{
  double det;

  for (int w = 0; w < 3; w++)
    for (int a = 0; a < 3; a++)
      r[w][a] = like->affine[w][a] / like->spacing_mm[a];
  for (int a = 0; a < 3; a++)
    for (int b = 0; b <= a; b++)
      if (fabs (r[0][a] * r[0][b] + r[1][a] * r[1][b] + r[2][a] * r[2][b] - (a == b)) > 1e-5)
        return FALSE;
  det = r[0][0] * (r[1][1] * r[2][2] - r[1][2] * r[2][1]) -
        r[0][1] * (r[1][0] * r[2][2] - r[1][2] * r[2][0]) +
        r[0][2] * (r[1][0] * r[2][1] - r[1][1] * r[2][0]);
  *is_mirrored = det < 0.0;
  for (int w = 0; w < 3 && *is_mirrored; w++)
    r[w][2] = -r[w][2];
  return TRUE;
}

/* The affine as sform and, for programs that look at nothing else, as qform where that can say it.
 */
static void
put_affine (const PlImageHeader *like, guint8 *bytes)
{
  double rotation[3][3];
  double quatern[3];
  gboolean is_mirrored;

  put_int16 (bytes + PL_NIFTI1_SFORM, 1);
  for (int w = 0; w < 3; w++)
    for (int a = 0; a < 4; a++)
      put_float (bytes + PL_NIFTI1_SROW + 4 * (4 * w + a), like->affine[w][a]);
  if (!find_rotation (like, rotation, &is_mirrored))
    return;
  find_quaternion (rotation, quatern);
  put_int16 (bytes + PL_NIFTI1_QFORM, 1);
  put_float (bytes + PL_NIFTI1_PIXDIM, is_mirrored ? -1.0 : 1.0);
  for (int w = 0; w < 3; w++)
    {
      put_float (bytes + PL_NIFTI1_QUATERN + 4 * w, quatern[w]);
      put_float (bytes + PL_NIFTI1_QOFFSET + 4 * w, like->affine[w][3]);
    }
}

static void
make_header (const PlImageHeader *like,
             const Layout *layout,
             PlDType type,
             double slope,
             double intercept,
             guint8 bytes[HEADER_SIZE])
{
  const gint32 size = PL_NIFTI1_SIZE;

  memset (bytes, 0, HEADER_SIZE);
  memcpy (bytes, &size, sizeof size);
  bytes[38] = 'r'; /* "regular", which old readers of Analyze files look for */
  for (int i = 0; i < 8; i++)
    {
      put_int16 (bytes + PL_NIFTI1_DIM + 2 * i, i == 0 ? 3 : i <= 3 ? layout->shape[i - 1] : 1);
      put_float (bytes + PL_NIFTI1_PIXDIM + 4 * i,
                 i >= 1 && i <= 3 ? layout->spacing_mm[i - 1] : 1.0);
    }
  put_int16 (bytes + PL_NIFTI1_DATATYPE, pl_nifti_datatype (type));
  put_int16 (bytes + PL_NIFTI1_BITPIX, (int) (8 * pl_dtype_size (type)));
  put_float (bytes + PL_NIFTI1_OFFSET, HEADER_SIZE);
  put_float (bytes + PL_NIFTI1_SLOPE, slope);
  put_float (bytes + PL_NIFTI1_INTERCEPT, intercept);
  bytes[PL_NIFTI1_UNITS] = like->has_spacing ? 2 : 0; /* mm */
  if (like->has_affine)
    put_affine (like, bytes);
  memcpy (bytes + PL_NIFTI1_MAGIC, "n+1", 4);
}

static gboolean
open_sink (Sink *sink, const char *path, gboolean is_gz, GError **error)
{
  sink->file = pl_file_writer_open (path, error);
  if (sink->file == NULL || !is_gz)
    return sink->file != NULL;
  if (deflateInit2 (&sink->deflate, LEVEL, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    {
      g_set_error (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_TOO_LARGE,
                   _ ("%s: there is no memory to compress it"), path);
      return FALSE;
    }
  sink->out = g_malloc (OUT_BYTES);
  return TRUE;
}

/* @flush is Z_FINISH with the last bytes, else Z_NO_FLUSH. */
static gboolean
put_bytes (Sink *sink, const void *bytes, gsize n, int flush, GError **error)
{
  z_stream *deflater = &sink->deflate;

  if (g_cancellable_set_error_if_cancelled (sink->cancellable, error))
    return FALSE;
  if (sink->out == NULL)
    return pl_file_writer_write (sink->file, bytes, n, error);
  deflater->next_in = (guint8 *) bytes;
  deflater->avail_in = (uInt) n;
  do
    {
      deflater->next_out = sink->out;
      deflater->avail_out = OUT_BYTES;
      deflate (deflater, flush);
      if (!pl_file_writer_write (sink->file, sink->out, OUT_BYTES - deflater->avail_out, error))
        return FALSE;
    }
  while (deflater->avail_out == 0);
  return TRUE;
}

static void
close_sink (Sink *sink)
{
  if (sink->out != NULL)
    deflateEnd (&sink->deflate);
  g_free (sink->out);
  pl_file_writer_free (sink->file);
}

/* Voxels in pieces of about SLAB_BYTES: whole planes, or rows of one. */
static gboolean
put_voxels (Sink *sink, const Layout *layout, PlDType type, const guint8 *voxels, GError **error)
{
  const gssize size = (gssize) pl_dtype_size (type);
  const int *shape = layout->shape;
  const gssize to_stride[3] = { 1, shape[0], (gssize) shape[0] * shape[1] };
  int rows = (int) CLAMP (SLAB_BYTES / (size * shape[0]), 1, shape[1]);
  int planes =
      rows < shape[1] ? 1 : (int) CLAMP (SLAB_BYTES / (size * shape[0] * shape[1]), 1, shape[2]);
  g_autofree guint8 *slab = g_malloc ((gsize) (size * shape[0] * rows * planes));

  for (int z = 0; z < shape[2]; z += planes)
    for (int y = 0; y < shape[1]; y += rows)
      {
        const int n[3] = { shape[0], MIN (rows, shape[1] - y), MIN (planes, shape[2] - z) };
        gssize from = layout->origin + y * layout->stride[1] + z * layout->stride[2];

        pl_reorder ((gsize) size, n, voxels + size * from, layout->stride, slab, to_stride);
        if (!put_bytes (sink, slab, (gsize) (size * n[0] * n[1] * n[2]), Z_NO_FLUSH, error))
          return FALSE;
      }
  return put_bytes (sink, slab, 0, Z_FINISH, error);
}

static gboolean
check_layout (const char *path, const Layout *layout, gboolean *is_gz, GError **error)
{
  g_autofree char *lower = g_ascii_strdown (path, -1);

  *is_gz = g_str_has_suffix (lower, ".gz");
  if (!*is_gz && !g_str_has_suffix (lower, ".nii"))
    {
      g_set_error (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_UNSUPPORTED,
                   _ ("%s: the name of a NIfTI file ends in .nii or .nii.gz"), path);
      return FALSE;
    }
  for (int a = 0; a < 3; a++)
    if (layout->shape[a] > MOST_VOXELS)
      {
        g_set_error (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_TOO_LARGE,
                     _ ("%s: dim[%d] would be %d; a NIfTI-1 file can have %d"), path, a + 1,
                     layout->shape[a], MOST_VOXELS);
        return FALSE;
      }
  return TRUE;
}

gboolean
pl_nifti_write (const char *path,
                const PlImageHeader *like,
                PlDType type,
                const void *voxels,
                double slope,
                double intercept,
                GCancellable *cancellable,
                GError **error)
{
  Sink sink = { .cancellable = cancellable };
  Layout layout;
  guint8 header[HEADER_SIZE];
  gboolean is_gz;
  gboolean is_written;

  lay_out (like, &layout);
  if (!check_layout (path, &layout, &is_gz, error))
    return FALSE;
  make_header (like, &layout, type, slope, intercept, header);
  is_written = open_sink (&sink, path, is_gz, error) &&
               put_bytes (&sink, header, sizeof header, Z_NO_FLUSH, error) &&
               put_voxels (&sink, &layout, type, voxels, error) &&
               pl_file_writer_commit (sink.file, error);
  close_sink (&sink);
  return is_written;
}
