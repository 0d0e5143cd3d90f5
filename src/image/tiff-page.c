/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a TIFF directory says (TIFF 6.0, Adobe 1992), and whether the file can be that large:
 * nothing is allocated before pl_tiff_page_read() has agreed. */
#include "image/tiff-page.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "base/aligned.h"

/* How many bytes one byte of the file can become at most, generously. Deflate: 1032 (zlib_tech).
 * LZW: 1.5 bytes name at most 4096. PackBits and the other byte runs: 128 from 2. LZMA: matches of
 * 273 bytes at 0.3 bits. Zstandard: blocks of 128 KiB from 4 bytes. The rest (fax, JPEG, JBIG,
 * LERC, WebP) repeats whole rows or images at nearly no cost. */
static const struct
{
  int compression;
  guint64 ratio;
} ratios[] = {
  { COMPRESSION_NONE, 1 },          { COMPRESSION_PACKBITS, 64 },
  { COMPRESSION_LZW, 4096 },        { COMPRESSION_ADOBE_DEFLATE, 1032 },
  { COMPRESSION_DEFLATE, 1032 },    { COMPRESSION_PIXARLOG, 4 * 1032 },
  { COMPRESSION_THUNDERSCAN, 128 }, { COMPRESSION_NEXT, 128 },
  { COMPRESSION_LZMA, 1 << 14 },    { COMPRESSION_ZSTD, 1 << 16 },
};
#define LARGEST_RATIO ((guint64) 1 << 20)

static guint64
find_ratio (int compression)
{
  for (gsize i = 0; i < G_N_ELEMENTS (ratios); i++)
    if (ratios[i].compression == compression)
      return ratios[i].ratio;
  return LARGEST_RATIO;
}

/* Always FALSE. */
static gboolean G_GNUC_PRINTF (5, 6) refuse (const PlTiffFile *file,
                                             const PlTiffPage *page,
                                             PlImageError code,
                                             GError **error,
                                             const char *format,
                                             ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, PL_IMAGE_ERROR, (int) code, _ ("%s: page %d: %s"), file->path, page->number,
               text);
  return FALSE;
}

static int
read_short (TIFF *tif, guint32 tag)
{
  guint16 value = 0;

  TIFFGetFieldDefaulted (tif, tag, &value);
  return value;
}

gboolean
pl_tiff_page_is_extra (const PlTiffFile *file)
{
  guint32 type = 0;

  TIFFGetField (file->tif, TIFFTAG_SUBFILETYPE, &type);
  return (type & (FILETYPE_REDUCEDIMAGE | FILETYPE_MASK)) != 0;
}

static gboolean
read_shape (const PlTiffFile *file, PlTiffPage *page, GError **error)
{
  guint32 width = 0;
  guint32 height = 0;
  guint32 depth = 1;

  TIFFGetField (file->tif, TIFFTAG_IMAGEWIDTH, &width);
  TIFFGetField (file->tif, TIFFTAG_IMAGELENGTH, &height);
  TIFFGetField (file->tif, TIFFTAG_IMAGEDEPTH, &depth);
  if (width < 1 || width > G_MAXINT)
    return refuse (file, page, PL_IMAGE_ERROR_FORMAT, error, _ ("ImageWidth is %u"), width);
  if (height < 1 || height > G_MAXINT)
    return refuse (file, page, PL_IMAGE_ERROR_FORMAT, error, _ ("ImageLength is %u"), height);
  if (depth != 1)
    return refuse (file, page, PL_IMAGE_ERROR_UNSUPPORTED, error, _ ("ImageDepth is %u"), depth);
  page->width = (int) width;
  page->height = (int) height;
  return TRUE;
}

/* FALSE when there is no type for such samples. */
static gboolean
find_type (int format, int bits, PlDType *type)
{
  static const PlDType types[][3] = {
    { PL_DTYPE_UINT8, PL_DTYPE_INT8 },
    { PL_DTYPE_UINT16, PL_DTYPE_INT16 },
    { PL_DTYPE_UINT32, PL_DTYPE_INT32, PL_DTYPE_FLOAT32 },
    { PL_DTYPE_UINT64, PL_DTYPE_INT64, PL_DTYPE_FLOAT64 },
  };
  int size = bits < 1 ? -1 : bits <= 8 ? 0 : bits <= 16 ? 1 : bits == 32 ? 2 : bits == 64 ? 3 : -1;
  gboolean is_whole = bits == 8 || bits == 16 || bits >= 32;

  if (format == SAMPLEFORMAT_VOID)
    format = SAMPLEFORMAT_UINT;
  if (size < 0 || format < SAMPLEFORMAT_UINT || format > SAMPLEFORMAT_IEEEFP)
    return FALSE;
  if (format == SAMPLEFORMAT_INT && !is_whole)
    return FALSE;
  if (format == SAMPLEFORMAT_IEEEFP && size < 2)
    return FALSE;
  *type = types[size][format - SAMPLEFORMAT_UINT];
  return TRUE;
}

/* As libtiff's own viewer guesses, when a file does not say. */
static int
read_photometric (const PlTiffFile *file, const PlTiffPage *page)
{
  guint16 value;

  if (TIFFGetField (file->tif, TIFFTAG_PHOTOMETRIC, &value))
    return value;
  if (page->n_samples >= 3)
    return PHOTOMETRIC_RGB;
  return page->compression == COMPRESSION_CCITTRLE || page->compression == COMPRESSION_CCITTFAX3 ||
                 page->compression == COMPRESSION_CCITTFAX4
             ? PHOTOMETRIC_MINISWHITE
             : PHOTOMETRIC_MINISBLACK;
}

static gboolean
is_plain (int photometric)
{
  return photometric == PHOTOMETRIC_MINISWHITE || photometric == PHOTOMETRIC_MINISBLACK ||
         photometric == PHOTOMETRIC_MASK;
}

/* Samples beyond those of the photometric interpretation are taken for what they can only be:
 * opacity. */
static gboolean
has_only_alpha (const PlTiffFile *file, int n_extra)
{
  guint16 n = 0;
  guint16 *kinds = NULL;

  if (n_extra == 0)
    return TRUE;
  return n_extra == 1 && TIFFGetField (file->tif, TIFFTAG_EXTRASAMPLES, &n, &kinds) && n == 1 &&
         kinds[0] != EXTRASAMPLE_UNSPECIFIED;
}

static gboolean
check_rendered (const PlTiffFile *file, PlTiffPage *page, GError **error)
{
  char message[1024] = "";

  if (!TIFFRGBAImageOK (file->tif, message))
    return refuse (file, page, PL_IMAGE_ERROR_UNSUPPORTED, error, "%s", message);
  page->kind = PL_TIFF_RENDERED;
  page->stored = page->bits <= 8 ? PL_DTYPE_UINT8 : PL_DTYPE_UINT16;
  page->type = PL_DTYPE_UINT8;
  return TRUE;
}

static gboolean
choose_kind (const PlTiffFile *file, PlTiffPage *page, GError **error)
{
  int photometric = read_photometric (file, page);
  int format = read_short (file->tif, TIFFTAG_SAMPLEFORMAT);
  gboolean is_rgb = photometric == PHOTOMETRIC_RGB;

  if (format == SAMPLEFORMAT_COMPLEXINT)
    return refuse (file, page, PL_IMAGE_ERROR_UNSUPPORTED, error,
                   _ ("SampleFormat is %d (complex integer), which is not read"), format);
  if (format == SAMPLEFORMAT_COMPLEXIEEEFP)
    return refuse (file, page, PL_IMAGE_ERROR_UNSUPPORTED, error,
                   _ ("SampleFormat is %d (complex float), which is not read"), format);
  if (page->compression == COMPRESSION_OJPEG ||
      (!is_rgb && !is_plain (photometric) && photometric != PHOTOMETRIC_PALETTE))
    return check_rendered (file, page, error);
  if (!find_type (format, page->bits, &page->stored))
    return refuse (file, page, PL_IMAGE_ERROR_UNSUPPORTED, error,
                   _ ("SampleFormat %d with BitsPerSample %d is not read"), format, page->bits);
  if (is_rgb ? page->n_samples != 3 && page->n_samples != 4
             : !has_only_alpha (file, page->n_samples - 1))
    return refuse (file, page, PL_IMAGE_ERROR_UNSUPPORTED, error,
                   _ ("SamplesPerPixel is %d with PhotometricInterpretation %d"), page->n_samples,
                   photometric);
  page->type = page->stored;
  if (is_plain (photometric))
    {
      page->kind = PL_TIFF_GRAY;
      page->is_inverted = photometric == PHOTOMETRIC_MINISWHITE &&
                          (page->stored == PL_DTYPE_UINT8 || page->stored == PL_DTYPE_UINT16);
      return TRUE;
    }
  if (page->stored != PL_DTYPE_UINT8 && page->stored != PL_DTYPE_UINT16)
    return refuse (file, page, PL_IMAGE_ERROR_UNSUPPORTED, error,
                   _ ("colour of type %s is not read"), pl_dtype_name (page->stored));
  page->kind = is_rgb ? PL_TIFF_RGB : PL_TIFF_PALETTE;
  if (page->kind == PL_TIFF_PALETTE)
    page->type = PL_DTYPE_UINT8;
  return TRUE;
}

static gboolean
read_blocks (PlTiffFile *file, PlTiffPage *page, GError **error)
{
  guint32 width = (guint32) page->width;
  guint32 height = G_MAXUINT32;

  page->is_tiled = TIFFIsTiled (file->tif) != 0;
  if (page->is_tiled)
    {
      TIFFGetField (file->tif, TIFFTAG_TILEWIDTH, &width);
      TIFFGetField (file->tif, TIFFTAG_TILELENGTH, &height);
      if (width < 1 || width > G_MAXINT || height < 1 || height > G_MAXINT)
        return refuse (file, page, PL_IMAGE_ERROR_FORMAT, error, _ ("its tiles are %u × %u"), width,
                       height);
    }
  else
    {
      TIFFGetFieldDefaulted (file->tif, TIFFTAG_ROWSPERSTRIP, &height);
      if (height < 1)
        return refuse (file, page, PL_IMAGE_ERROR_FORMAT, error, _ ("RowsPerStrip is 0"));
      height = MIN (height, (guint32) page->height);
    }
  page->block_width = (int) width;
  page->block_height = (int) height;
  return TRUE;
}

/* 0 when it overflows. */
static guint64
count_decoded_bytes (const PlTiffPage *page)
{
  /* Rendered pages may be subsampled: one sample a pixel is what is sure. */
  guint64 samples = page->kind == PL_TIFF_RENDERED ? 1 : (guint64) page->n_samples;
  guint64 row = ((guint64) page->width * samples * (guint64) page->bits + 7) / 8;
  guint64 bytes;

  return g_uint64_checked_mul (&bytes, row, (guint64) page->height) ? bytes : 0;
}

guint64
pl_tiff_page_least_bytes (const PlTiffPage *page)
{
  return count_decoded_bytes (page) / find_ratio (page->compression);
}

static gboolean
check_size (PlTiffFile *file, const PlTiffPage *page, GError **error)
{
  guint64 decoded = count_decoded_bytes (page);
  guint64 ratio = find_ratio (page->compression);
  guint64 block = 1;

  if (decoded == 0 || decoded / ratio > file->file_size)
    return refuse (file, page, ratio == 1 ? PL_IMAGE_ERROR_TRUNCATED : PL_IMAGE_ERROR_TOO_LARGE,
                   error, _ ("%d × %d pixels are more than a file of %llu bytes can hold"),
                   page->width, page->height, (unsigned long long) file->file_size);
  pl_tiff_file_forget (file);
  if (page->kind != PL_TIFF_RENDERED)
    block = page->is_tiled ? TIFFTileSize64 (file->tif) : TIFFStripSize64 (file->tif);
  if (block == 0 || block / ratio > file->file_size || block > pl_memory_total () / 5 * 4)
    return refuse (file, page, PL_IMAGE_ERROR_TOO_LARGE, error,
                   _ ("a strip or tile of %d × %d pixels is too large"), page->block_width,
                   page->block_height);
  return TRUE;
}

/* Millimetres in a unit as ImageJ names them in a description; 0 when it is none. */
static double
find_unit_mm (const char *unit)
{
  static const struct
  {
    const char *name;
    double mm;
  } units[] = {
    { "mm", 1.0 },         { "millimeter", 1.0 }, { "cm", 10.0 },       { "m", 1000.0 },
    { "micron", 0.001 },   { "um", 0.001 },       { "\u00b5m", 0.001 }, { "\u03bcm", 0.001 },
    { "\\u00B5m", 0.001 }, { "nm", 1e-6 },        { "inch", 25.4 },     { "in", 25.4 },
  };

  for (gsize i = 0; unit != NULL && i < G_N_ELEMENTS (units); i++)
    if (strcmp (unit, units[i].name) == 0)
      return units[i].mm;
  return 0.0;
}

/* The value of a "key=value" line, to be freed; NULL when there is none. */
static char *
find_line (char **lines, const char *key)
{
  for (; *lines != NULL; lines++)
    if (g_str_has_prefix (*lines, key))
      return g_strstrip (g_strdup (*lines + strlen (key)));
  return NULL;
}

static gboolean
is_distance (double mm)
{
  return isfinite (mm) && mm >= 1e-6 && mm <= 1e4;
}

/* ImageJ writes its unit and the distance of the pages into the first page's description. */
static double
read_imagej (const PlTiffFile *file, double *page_mm)
{
  const char *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_autofree char *unit = NULL;
  g_autofree char *spacing = NULL;
  double mm;

  if (!TIFFGetField (file->tif, TIFFTAG_IMAGEDESCRIPTION, &text) || text == NULL ||
      !g_str_has_prefix (text, "ImageJ="))
    return 0.0;
  lines = g_strsplit (text, "\n", -1);
  unit = find_line (lines, "unit=");
  spacing = find_line (lines, "spacing=");
  mm = find_unit_mm (unit);
  if (spacing != NULL && is_distance (mm * g_ascii_strtod (spacing, NULL)))
    *page_mm = mm * g_ascii_strtod (spacing, NULL);
  return mm;
}

static void
read_spacing (const PlTiffFile *file, PlTiffPage *page)
{
  int unit = read_short (file->tif, TIFFTAG_RESOLUTIONUNIT);
  double page_mm = 0.0;
  double imagej_mm = read_imagej (file, &page_mm);
  double unit_mm = unit == RESUNIT_CENTIMETER ? 10.0 : unit == RESUNIT_INCH ? 25.4 : imagej_mm;
  float x = 0.0f;
  float y = 0.0f;

  TIFFGetField (file->tif, TIFFTAG_XRESOLUTION, &x);
  TIFFGetField (file->tif, TIFFTAG_YRESOLUTION, &y);
  page->has_spacing = is_distance (unit_mm / (double) x) && is_distance (unit_mm / (double) y);
  page->has_page_spacing = page->has_spacing && page_mm > 0.0;
  page->spacing_mm[0] = page->has_page_spacing ? page_mm : 1.0;
  page->spacing_mm[1] = page->has_spacing ? unit_mm / (double) y : 1.0;
  page->spacing_mm[2] = page->has_spacing ? unit_mm / (double) x : 1.0;
}

gboolean
pl_tiff_page_read (PlTiffFile *file, int number, PlTiffPage *page, GError **error)
{
  memset (page, 0, sizeof *page);
  page->number = number;
  page->bits = read_short (file->tif, TIFFTAG_BITSPERSAMPLE);
  page->n_samples = read_short (file->tif, TIFFTAG_SAMPLESPERPIXEL);
  page->is_separate =
      page->n_samples > 1 && read_short (file->tif, TIFFTAG_PLANARCONFIG) == PLANARCONFIG_SEPARATE;
  page->compression = read_short (file->tif, TIFFTAG_COMPRESSION);
  page->orientation = read_short (file->tif, TIFFTAG_ORIENTATION);
  if (page->orientation < ORIENTATION_TOPLEFT || page->orientation > ORIENTATION_LEFTBOT)
    page->orientation = ORIENTATION_TOPLEFT;
  if (!TIFFIsCODECConfigured ((guint16) page->compression))
    {
      const TIFFCodec *codec = TIFFFindCODEC ((guint16) page->compression);
      return refuse (file, page, PL_IMAGE_ERROR_UNSUPPORTED, error,
                     _ ("Compression %d (%s) is not read here"), page->compression,
                     codec != NULL ? codec->name : _ ("unknown"));
    }
  read_spacing (file, page);
  return read_shape (file, page, error) && choose_kind (file, page, error) &&
         read_blocks (file, page, error) && check_size (file, page, error);
}

int
pl_tiff_page_rows (const PlTiffPage *page)
{
  return page->orientation >= ORIENTATION_LEFTTOP ? page->width : page->height;
}

int
pl_tiff_page_columns (const PlTiffPage *page)
{
  return page->orientation >= ORIENTATION_LEFTTOP ? page->height : page->width;
}
