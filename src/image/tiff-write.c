/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Deflate with a predictor takes a CT slice to about half its size; any TIFF reader knows it.
 * Strips are of about 64 KiB, so that cancelling and reading in parts are quick. */
#include "image/tiff-write.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "base/file.h"
#include "image/tiff-file.h"

#define STRIP_BYTES 65536
/* Offsets of classic TIFF have 32 bits; this leaves room for what does not shrink. */
#define CLASSIC_LIMIT ((guint64) 0xf0000000)

/* A distance as TIFF knows it: pixels a centimetre. */
static gboolean
has_resolution (const double *spacing_mm)
{
  return spacing_mm != NULL && spacing_mm[1] > 0.0 && spacing_mm[2] > 0.0 &&
         isfinite (spacing_mm[1]) && isfinite (spacing_mm[2]);
}

/* TIFF has no tag for the distance of pages. ImageJ's description has it, which it, tifffile and
 * the reader here know; its unit is that of the resolution, as ImageJ takes them for the same. */
static void
describe_page_spacing (TIFF *tif, double page_mm)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *text = NULL;

  g_ascii_formatd (number, sizeof number, "%.9g", page_mm / 10.0);
  text = g_strdup_printf ("ImageJ=1.54\nunit=cm\nspacing=%s\n", number);
  TIFFSetField (tif, TIFFTAG_IMAGEDESCRIPTION, text);
}

static int
find_sample_format (PlDType type)
{
  switch (type)
    {
    case PL_DTYPE_INT8:
    case PL_DTYPE_INT16:
    case PL_DTYPE_INT32:
    case PL_DTYPE_INT64:
      return SAMPLEFORMAT_INT;
    case PL_DTYPE_FLOAT32:
    case PL_DTYPE_FLOAT64:
      return SAMPLEFORMAT_IEEEFP;
    default:
      return SAMPLEFORMAT_UINT;
    }
}

static int
count_strip_rows (const int n[3], PlDType type)
{
  gsize row_bytes = (gsize) n[2] * pl_dtype_size (type);

  return (int) CLAMP (STRIP_BYTES / row_bytes, 1, (gsize) n[1]);
}

static void
set_tags (TIFF *tif, const int n[3], PlDType type, const double *spacing_mm, int page)
{
  int format = find_sample_format (type);

  TIFFSetField (tif, TIFFTAG_IMAGEWIDTH, (guint32) n[2]);
  TIFFSetField (tif, TIFFTAG_IMAGELENGTH, (guint32) n[1]);
  TIFFSetField (tif, TIFFTAG_BITSPERSAMPLE, (int) (8 * pl_dtype_size (type)));
  TIFFSetField (tif, TIFFTAG_SAMPLESPERPIXEL, 1);
  TIFFSetField (tif, TIFFTAG_SAMPLEFORMAT, format);
  TIFFSetField (tif, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
  TIFFSetField (tif, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  TIFFSetField (tif, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
  TIFFSetField (tif, TIFFTAG_COMPRESSION, COMPRESSION_ADOBE_DEFLATE);
  /* Few programs know the predictor for floating point. */
  TIFFSetField (tif, TIFFTAG_PREDICTOR,
                format == SAMPLEFORMAT_IEEEFP ? PREDICTOR_NONE : PREDICTOR_HORIZONTAL);
  TIFFSetField (tif, TIFFTAG_ROWSPERSTRIP, (guint32) count_strip_rows (n, type));
  TIFFSetField (tif, TIFFTAG_SOFTWARE, "Pleura " PLEURA_VERSION);
  if (n[0] > 1)
    TIFFSetField (tif, TIFFTAG_SUBFILETYPE, FILETYPE_PAGE);
  if (has_resolution (spacing_mm))
    {
      TIFFSetField (tif, TIFFTAG_RESOLUTIONUNIT, RESUNIT_CENTIMETER);
      TIFFSetField (tif, TIFFTAG_XRESOLUTION, 10.0 / spacing_mm[2]);
      TIFFSetField (tif, TIFFTAG_YRESOLUTION, 10.0 / spacing_mm[1]);
      if (page == 0 && spacing_mm[0] > 0.0 && isfinite (spacing_mm[0]))
        describe_page_spacing (tif, spacing_mm[0]);
    }
}

/* Always FALSE. */
static gboolean
fail (const PlTiffFile *file, GError **error)
{
  g_set_error (error, PL_WRITE_ERROR, G_FILE_ERROR_FAILED, _ ("%s: it cannot be written: %s"),
               file->path, pl_tiff_file_message (file, _ ("libtiff does not say why")));
  return FALSE;
}

static gboolean
write_page (PlTiffFile *file,
            const int n[3],
            PlDType type,
            const guint8 *plane,
            GCancellable *cancellable,
            GError **error)
{
  gsize row_bytes = (gsize) n[2] * pl_dtype_size (type);
  int strip_rows = count_strip_rows (n, type);
  guint32 strip = 0;

  for (int row = 0; row < n[1]; row += strip_rows, strip++)
    {
      gsize n_bytes = (gsize) MIN (strip_rows, n[1] - row) * row_bytes;
      /* Not const in libtiff, which applies the predictor to a copy. */
      void *strip_bytes = (void *) (plane + (gsize) row * row_bytes);

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (TIFFWriteEncodedStrip (file->tif, strip, strip_bytes, (tmsize_t) n_bytes) < 0)
        return fail (file, error);
    }
  if (!TIFFWriteDirectory (file->tif))
    return fail (file, error);
  return TRUE;
}

gboolean
pl_tiff_write (const char *path,
               const int n[3],
               PlDType type,
               const void *voxels,
               const double spacing_mm[3],
               GCancellable *cancellable,
               GError **error)
{
  g_autoptr (PlFileWriter) writer = pl_file_writer_open (path, error);
  g_autoptr (PlTiffFile) file = NULL;
  gsize page_bytes = (gsize) n[1] * (gsize) n[2] * pl_dtype_size (type);
  gboolean is_big = (guint64) n[0] * page_bytes > CLASSIC_LIMIT;

  if (writer == NULL)
    return FALSE;
  file = pl_tiff_file_create (path, pl_file_writer_fd (writer), is_big, error);
  if (file == NULL)
    return FALSE;
  for (int p = 0; p < n[0]; p++)
    {
      set_tags (file->tif, n, type, spacing_mm, p);
      if (n[0] > 1)
        TIFFSetField (file->tif, TIFFTAG_PAGENUMBER, MIN (p, G_MAXUINT16), MIN (n[0], G_MAXUINT16));
      if (!write_page (file, n, type, (const guint8 *) voxels + (gsize) p * page_bytes, cancellable,
                       error))
        return FALSE;
    }
  g_clear_pointer (&file, pl_tiff_file_free);
  return pl_file_writer_commit (writer, error);
}

void
pl_tiff_get_told_spacing (const PlVolume *volume, double spacing_mm[3])
{
  const PlImageHeader *header = &volume->header;

  for (int i = 0; i < 3; i++)
    {
      gboolean is_page = header->format == PL_FORMAT_TIFF && header->axis[i] == 0;
      gboolean is_told = header->has_spacing && (!is_page || header->has_page_spacing);

      spacing_mm[i] = is_told ? volume->spacing_mm[i] : 0.0;
    }
}
