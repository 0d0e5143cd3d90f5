/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Header fields for people to read. Where a NIfTI field lies in either version is in nifti1.h and
 * nifti2.h of https://nifti.nimh.nih.gov; TIFF tags come through libtiff.
 */
#include "image/header-fields.h"

#include <string.h>

#include "image/nifti.h"
#include "image/nifti-header.h"
#include "image/tiff-file.h"

/* Descriptions may be megabytes of XML. */
#define MAX_TEXT 400

static void
free_field (gpointer data)
{
  PlHeaderField *field = data;

  g_free (field->name);
  g_free (field->value);
  g_free (field);
}

/* Takes @value; an empty one is dropped. */
static void
add_field (GPtrArray *fields, const char *name, char *value)
{
  PlHeaderField *field;

  if (g_strstrip (value)[0] == '\0')
    {
      g_free (value);
      return;
    }
  field = g_new (PlHeaderField, 1);
  field->name = g_strdup (name);
  field->value = value;
  g_ptr_array_add (fields, field);
}

/* At most @n bytes, up to a zero. */
static char *
dup_text (const char *text, gsize n)
{
  gsize length = strnlen (text, n);
  g_autofree char *start = g_strndup (text, MIN (length, MAX_TEXT));
  g_autofree char *valid = g_utf8_make_valid (start, -1);

  return length > MAX_TEXT ? g_strconcat (valid, "…", NULL) : g_steal_pointer (&valid);
}

typedef enum
{
  KIND_TEXT,
  KIND_UINT8,
  KIND_INT16,
  KIND_INT32,
  KIND_INT64,
  KIND_FLOAT,
  KIND_DOUBLE,
} Kind;

/* The same field in both versions: NIfTI-1, NIfTI-2. */
static const struct
{
  const char *name;
  int n;
  Kind kind[2];
  int at[2];
} nifti_fields[] = {
  { "dim", 8, { KIND_INT16, KIND_INT64 }, { 40, 16 } },
  { "datatype", 1, { KIND_INT16, KIND_INT16 }, { 70, 12 } },
  { "bitpix", 1, { KIND_INT16, KIND_INT16 }, { 72, 14 } },
  { "pixdim", 8, { KIND_FLOAT, KIND_DOUBLE }, { 76, 104 } },
  { "vox_offset", 1, { KIND_FLOAT, KIND_INT64 }, { 108, 168 } },
  { "scl_slope", 1, { KIND_FLOAT, KIND_DOUBLE }, { 112, 176 } },
  { "scl_inter", 1, { KIND_FLOAT, KIND_DOUBLE }, { 116, 184 } },
  { "cal_max", 1, { KIND_FLOAT, KIND_DOUBLE }, { 124, 192 } },
  { "cal_min", 1, { KIND_FLOAT, KIND_DOUBLE }, { 128, 200 } },
  { "xyzt_units", 1, { KIND_UINT8, KIND_INT32 }, { 123, 500 } },
  { "descrip", 80, { KIND_TEXT, KIND_TEXT }, { 148, 240 } },
  { "aux_file", 24, { KIND_TEXT, KIND_TEXT }, { 228, 320 } },
  { "intent_name", 16, { KIND_TEXT, KIND_TEXT }, { 328, 508 } },
  { "qform_code", 1, { KIND_INT16, KIND_INT32 }, { 252, 344 } },
  { "sform_code", 1, { KIND_INT16, KIND_INT32 }, { 254, 348 } },
  { "quatern", 3, { KIND_FLOAT, KIND_DOUBLE }, { 256, 352 } },
  { "qoffset", 3, { KIND_FLOAT, KIND_DOUBLE }, { 268, 376 } },
  { "srow_x", 4, { KIND_FLOAT, KIND_DOUBLE }, { 280, 400 } },
  { "srow_y", 4, { KIND_FLOAT, KIND_DOUBLE }, { 296, 432 } },
  { "srow_z", 4, { KIND_FLOAT, KIND_DOUBLE }, { 312, 464 } },
  { "magic", 4, { KIND_TEXT, KIND_TEXT }, { 344, 4 } },
};

static const gsize sizes[] = {
  [KIND_TEXT] = 1,  [KIND_UINT8] = 1, [KIND_INT16] = 2,  [KIND_INT32] = 4,
  [KIND_INT64] = 8, [KIND_FLOAT] = 4, [KIND_DOUBLE] = 8,
};

static void
append_double (GString *text, double value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (text, g_ascii_formatd (number, sizeof number, "%.7g", value));
}

static void
append_number (GString *text, Kind kind, const guint8 *bytes, gboolean is_swapped)
{
  union
  {
    guint8 bytes[8];
    gint16 int16;
    gint32 int32;
    gint64 int64;
    float single;
    double full;
  } value = { { 0 } };

  for (gsize i = 0; i < sizes[kind]; i++)
    value.bytes[i] = bytes[is_swapped ? sizes[kind] - 1 - i : i];
  switch (kind)
    {
    case KIND_INT16:
      g_string_append_printf (text, "%d", value.int16);
      break;
    case KIND_INT32:
      g_string_append_printf (text, "%d", value.int32);
      break;
    case KIND_INT64:
      g_string_append_printf (text, "%" G_GINT64_FORMAT, value.int64);
      break;
    case KIND_FLOAT:
      append_double (text, (double) value.single);
      break;
    case KIND_DOUBLE:
      append_double (text, value.full);
      break;
    case KIND_TEXT:
    case KIND_UINT8:
    default:
      g_string_append_printf (text, "%u", value.bytes[0]);
    }
}

static char *
dup_numbers (Kind kind, int n, const guint8 *bytes, gboolean is_swapped)
{
  GString *text = g_string_new (NULL);

  for (int i = 0; i < n; i++)
    {
      if (i > 0)
        g_string_append_c (text, ' ');
      append_number (text, kind, bytes + (gsize) i * sizes[kind], is_swapped);
    }
  return g_string_free (text, FALSE);
}

static gboolean
read_nifti (const char *path, GPtrArray *fields, GError **error)
{
  guint8 bytes[PL_NIFTI_MAX_SIZE];
  PlNiftiHeader header;
  int version;

  if (!pl_nifti_read_header_bytes (path, bytes, &header, error))
    return FALSE;
  version = header.image.format == PL_FORMAT_NIFTI1 ? 0 : 1;
  for (gsize i = 0; i < G_N_ELEMENTS (nifti_fields); i++)
    {
      Kind kind = nifti_fields[i].kind[version];
      const guint8 *at = bytes + nifti_fields[i].at[version];
      int n = nifti_fields[i].n;

      add_field (fields, nifti_fields[i].name,
                 kind == KIND_TEXT ? dup_text ((const char *) at, (gsize) n)
                                   : dup_numbers (kind, n, at, header.is_swapped));
    }
  return TRUE;
}

typedef enum
{
  TAG_SHORT,
  TAG_LONG,
  TAG_FLOAT,
  TAG_TEXT,
} TagKind;

static const struct
{
  const char *name;
  guint32 tag;
  TagKind kind;
} tiff_tags[] = {
  { "ImageWidth", TIFFTAG_IMAGEWIDTH, TAG_LONG },
  { "ImageLength", TIFFTAG_IMAGELENGTH, TAG_LONG },
  { "BitsPerSample", TIFFTAG_BITSPERSAMPLE, TAG_SHORT },
  { "SampleFormat", TIFFTAG_SAMPLEFORMAT, TAG_SHORT },
  { "SamplesPerPixel", TIFFTAG_SAMPLESPERPIXEL, TAG_SHORT },
  { "PhotometricInterpretation", TIFFTAG_PHOTOMETRIC, TAG_SHORT },
  { "PlanarConfiguration", TIFFTAG_PLANARCONFIG, TAG_SHORT },
  { "Compression", TIFFTAG_COMPRESSION, TAG_SHORT },
  { "Predictor", TIFFTAG_PREDICTOR, TAG_SHORT },
  { "Orientation", TIFFTAG_ORIENTATION, TAG_SHORT },
  { "RowsPerStrip", TIFFTAG_ROWSPERSTRIP, TAG_LONG },
  { "TileWidth", TIFFTAG_TILEWIDTH, TAG_LONG },
  { "TileLength", TIFFTAG_TILELENGTH, TAG_LONG },
  { "XResolution", TIFFTAG_XRESOLUTION, TAG_FLOAT },
  { "YResolution", TIFFTAG_YRESOLUTION, TAG_FLOAT },
  { "ResolutionUnit", TIFFTAG_RESOLUTIONUNIT, TAG_SHORT },
  { "ImageDescription", TIFFTAG_IMAGEDESCRIPTION, TAG_TEXT },
  { "DocumentName", TIFFTAG_DOCUMENTNAME, TAG_TEXT },
  { "PageName", TIFFTAG_PAGENAME, TAG_TEXT },
  { "Make", TIFFTAG_MAKE, TAG_TEXT },
  { "Model", TIFFTAG_MODEL, TAG_TEXT },
  { "Software", TIFFTAG_SOFTWARE, TAG_TEXT },
  { "DateTime", TIFFTAG_DATETIME, TAG_TEXT },
  { "Artist", TIFFTAG_ARTIST, TAG_TEXT },
  { "HostComputer", TIFFTAG_HOSTCOMPUTER, TAG_TEXT },
  { "Copyright", TIFFTAG_COPYRIGHT, TAG_TEXT },
};

/* (transfer full) (nullable) */
static char *
dup_tag (TIFF *tif, guint32 tag, TagKind kind)
{
  guint16 number = 0;
  guint32 long_number = 0;
  float fraction = 0;
  const char *text = NULL;
  GString *value;

  switch (kind)
    {
    case TAG_SHORT:
      return TIFFGetField (tif, tag, &number) ? g_strdup_printf ("%u", number) : NULL;
    case TAG_LONG:
      return TIFFGetField (tif, tag, &long_number) ? g_strdup_printf ("%u", long_number) : NULL;
    case TAG_FLOAT:
      if (!TIFFGetField (tif, tag, &fraction))
        return NULL;
      value = g_string_new (NULL);
      append_double (value, (double) fraction);
      return g_string_free (value, FALSE);
    case TAG_TEXT:
    default:
      return TIFFGetField (tif, tag, &text) && text != NULL ? dup_text (text, MAX_TEXT + 1) : NULL;
    }
}

static gboolean
read_tiff (const char *path, GPtrArray *fields, GError **error)
{
  g_autoptr (PlTiffFile) file = pl_tiff_file_open (path, error);

  if (file == NULL)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (tiff_tags); i++)
    {
      char *value = dup_tag (file->tif, tiff_tags[i].tag, tiff_tags[i].kind);

      if (value != NULL)
        add_field (fields, tiff_tags[i].name, value);
    }
  return TRUE;
}

GPtrArray *
pl_image_read_fields (const char *path, PlFormat format, GError **error)
{
  g_autoptr (GPtrArray) fields = g_ptr_array_new_with_free_func (free_field);

  if (!(format == PL_FORMAT_TIFF ? read_tiff : read_nifti) (path, fields, error))
    return NULL;
  return g_steal_pointer (&fields);
}
