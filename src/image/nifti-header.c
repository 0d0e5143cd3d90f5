/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads NIfTI headers. Both versions are first read into one set of plain fields, then checked.
 * NIfTI-2 has the same fields with wider types in other places (nifti2.h). */
#include "image/nifti-header.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

typedef struct
{
  char magic[4];
  gint64 dim[8];
  int datatype;
  int bitpix;
  double pixdim[8];
  double voxel_offset;
  double slope;
  double intercept;
  int units;
  int qform_code;
  int sform_code;
  double quatern[3];
  double qoffset[3];
  double srow[12];
} Fields;

static const struct
{
  int code;
  int bits;
  int n_samples; /* 0: not read here */
  PlDType stored;
  const char *name;
} datatypes[] = {
  { 1, 1, 0, 0, "binary (1 bit)" },           { 2, 8, 1, PL_DTYPE_UINT8, "uint8" },
  { 4, 16, 1, PL_DTYPE_INT16, "int16" },      { 8, 32, 1, PL_DTYPE_INT32, "int32" },
  { 16, 32, 1, PL_DTYPE_FLOAT32, "float32" }, { 32, 64, 0, 0, "complex64" },
  { 64, 64, 1, PL_DTYPE_FLOAT64, "float64" }, { 128, 24, 3, PL_DTYPE_UINT8, "RGB24" },
  { 256, 8, 1, PL_DTYPE_INT8, "int8" },       { 512, 16, 1, PL_DTYPE_UINT16, "uint16" },
  { 768, 32, 1, PL_DTYPE_UINT32, "uint32" },  { 1024, 64, 1, PL_DTYPE_INT64, "int64" },
  { 1280, 64, 1, PL_DTYPE_UINT64, "uint64" }, { 1536, 128, 0, 0, "float128" },
  { 1792, 128, 0, 0, "complex128" },          { 2048, 256, 0, 0, "complex256" },
  { 2304, 32, 4, PL_DTYPE_UINT8, "RGBA32" },
};

int
pl_nifti_datatype (PlDType type)
{
  for (gsize i = 0; i < G_N_ELEMENTS (datatypes); i++)
    if (datatypes[i].n_samples == 1 && datatypes[i].stored == type)
      return datatypes[i].code;
  g_assert_not_reached ();
}

gsize
pl_nifti_header_size (const guint8 *bytes)
{
  guint32 size;

  memcpy (&size, bytes, sizeof size);
  if (size == PL_NIFTI1_SIZE || GUINT32_SWAP_LE_BE (size) == PL_NIFTI1_SIZE)
    return PL_NIFTI1_SIZE;
  if (size == PL_NIFTI2_SIZE || GUINT32_SWAP_LE_BE (size) == PL_NIFTI2_SIZE)
    return PL_NIFTI2_SIZE;
  return 0;
}

static gboolean
is_swapped (const guint8 *bytes)
{
  guint32 size;

  memcpy (&size, bytes, sizeof size);
  return size != PL_NIFTI1_SIZE && size != PL_NIFTI2_SIZE;
}

static gint16
get_int16 (const guint8 *bytes, gboolean swap)
{
  guint16 bits;

  memcpy (&bits, bytes, sizeof bits);
  return (gint16) (swap ? GUINT16_SWAP_LE_BE (bits) : bits);
}

static guint32
get_bits32 (const guint8 *bytes, gboolean swap)
{
  guint32 bits;

  memcpy (&bits, bytes, sizeof bits);
  return swap ? GUINT32_SWAP_LE_BE (bits) : bits;
}

static guint64
get_bits64 (const guint8 *bytes, gboolean swap)
{
  guint64 bits;

  memcpy (&bits, bytes, sizeof bits);
  return swap ? GUINT64_SWAP_LE_BE (bits) : bits;
}

static void
get_floats (const guint8 *bytes, gboolean swap, int n, double *values)
{
  for (int i = 0; i < n; i++)
    {
      guint32 bits = get_bits32 (bytes + 4 * i, swap);
      float value;

      memcpy (&value, &bits, sizeof value);
      values[i] = (double) value;
    }
}

static void
get_doubles (const guint8 *bytes, gboolean swap, int n, double *values)
{
  for (int i = 0; i < n; i++)
    {
      guint64 bits = get_bits64 (bytes + 8 * i, swap);

      memcpy (&values[i], &bits, sizeof bits);
    }
}

static void
read_nifti1 (const guint8 *bytes, gboolean swap, Fields *fields)
{
  memcpy (fields->magic, bytes + PL_NIFTI1_MAGIC, 4);
  for (int i = 0; i < 8; i++)
    fields->dim[i] = get_int16 (bytes + PL_NIFTI1_DIM + 2 * i, swap);
  fields->datatype = get_int16 (bytes + PL_NIFTI1_DATATYPE, swap);
  fields->bitpix = get_int16 (bytes + PL_NIFTI1_BITPIX, swap);
  get_floats (bytes + PL_NIFTI1_PIXDIM, swap, 8, fields->pixdim);
  get_floats (bytes + PL_NIFTI1_OFFSET, swap, 1, &fields->voxel_offset);
  get_floats (bytes + PL_NIFTI1_SLOPE, swap, 1, &fields->slope);
  get_floats (bytes + PL_NIFTI1_INTERCEPT, swap, 1, &fields->intercept);
  fields->units = bytes[PL_NIFTI1_UNITS];
  fields->qform_code = get_int16 (bytes + PL_NIFTI1_QFORM, swap);
  fields->sform_code = get_int16 (bytes + PL_NIFTI1_SFORM, swap);
  get_floats (bytes + PL_NIFTI1_QUATERN, swap, 3, fields->quatern);
  get_floats (bytes + PL_NIFTI1_QOFFSET, swap, 3, fields->qoffset);
  get_floats (bytes + PL_NIFTI1_SROW, swap, 12, fields->srow);
}

static void
read_nifti2 (const guint8 *bytes, gboolean swap, Fields *fields)
{
  memcpy (fields->magic, bytes + 4, 4);
  for (int i = 0; i < 8; i++)
    fields->dim[i] = (gint64) get_bits64 (bytes + 16 + 8 * i, swap);
  fields->datatype = get_int16 (bytes + 12, swap);
  fields->bitpix = get_int16 (bytes + 14, swap);
  get_doubles (bytes + 104, swap, 8, fields->pixdim);
  fields->voxel_offset = (double) (gint64) get_bits64 (bytes + 168, swap);
  get_doubles (bytes + 176, swap, 1, &fields->slope);
  get_doubles (bytes + 184, swap, 1, &fields->intercept);
  fields->qform_code = (int) get_bits32 (bytes + 344, swap);
  fields->sform_code = (int) get_bits32 (bytes + 348, swap);
  get_doubles (bytes + 352, swap, 3, fields->quatern);
  get_doubles (bytes + 376, swap, 3, fields->qoffset);
  get_doubles (bytes + 400, swap, 12, fields->srow);
  fields->units = (int) get_bits32 (bytes + 500, swap);
}

G_GNUC_PRINTF (3, 4)
static gboolean
refuse (GError **error, PlImageError code, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_propagate_error (error, g_error_new_valist (PL_IMAGE_ERROR, (int) code, format, arguments));
  va_end (arguments);
  return FALSE;
}

/* n+1 and n+2 have the voxels behind the header, ni1 and ni2 in a file of their own. */
static gboolean
check_magic (const Fields *fields, const char *path, PlNiftiHeader *header, GError **error)
{
  char version = header->image.format == PL_FORMAT_NIFTI1 ? '1' : '2';
  const char *magic = fields->magic;

  if (magic[0] != 'n' || (magic[1] != '+' && magic[1] != 'i') || magic[2] != version ||
      magic[3] != 0)
    return refuse (error, PL_IMAGE_ERROR_FORMAT,
                   _ ("%s: its magic is %02x %02x %02x %02x, which is not that of a NIfTI-%c file"),
                   path, (guint8) magic[0], (guint8) magic[1], (guint8) magic[2], (guint8) magic[3],
                   version);
  header->is_pair = magic[1] == 'i';
  return TRUE;
}

/* dim[1…3] is the volume, all after it counts volumes. */
static gboolean
read_shape (const Fields *fields, const char *path, PlImageHeader *image, GError **error)
{
  const gint64 *dim = fields->dim;
  gint64 pages = 1;

  if (dim[0] < 1 || dim[0] > 7)
    return refuse (error, PL_IMAGE_ERROR_FORMAT,
                   _ ("%s: dim[0], the number of dimensions, is %lld; it may be 1 to 7"), path,
                   (long long) dim[0]);
  for (int i = 0; i < 3; i++)
    image->shape[i] = 1;
  for (int i = 1; i <= dim[0]; i++)
    {
      if (dim[i] < 1)
        return refuse (error, PL_IMAGE_ERROR_FORMAT,
                       _ ("%s: dim[%d] is %lld; it must be at least 1"), path, i,
                       (long long) dim[i]);
      if (dim[i] > G_MAXINT || pages > G_MAXINT / dim[i])
        return refuse (error, PL_IMAGE_ERROR_TOO_LARGE,
                       _ ("%s: dim[%d] is %lld, which is too large"), path, i, (long long) dim[i]);
      if (i <= 3)
        image->shape[i - 1] = (int) dim[i];
      else
        pages *= dim[i];
    }
  image->pages = (int) pages;
  return TRUE;
}

static gboolean
read_type (const Fields *fields, const char *path, PlNiftiHeader *header, GError **error)
{
  gsize i = 0;

  while (i < G_N_ELEMENTS (datatypes) && datatypes[i].code != fields->datatype)
    i++;
  if (i == G_N_ELEMENTS (datatypes))
    return refuse (error, PL_IMAGE_ERROR_UNSUPPORTED,
                   _ ("%s: its datatype is %d, which is not known"), path, fields->datatype);
  if (datatypes[i].n_samples == 0)
    return refuse (error, PL_IMAGE_ERROR_UNSUPPORTED,
                   _ ("%s: its datatype is %s (%d), which is not read"), path, datatypes[i].name,
                   fields->datatype);
  if (datatypes[i].bits != fields->bitpix)
    return refuse (error, PL_IMAGE_ERROR_FORMAT,
                   _ ("%s: its bitpix is %d, but its datatype %s has %d"), path, fields->bitpix,
                   datatypes[i].name, datatypes[i].bits);
  header->image.stored = datatypes[i].stored;
  header->image.n_samples = datatypes[i].n_samples;
  header->type = datatypes[i].stored;
  header->voxel_bytes = (gsize) datatypes[i].bits / 8;
  return TRUE;
}

/* In a single file the voxels come after the header and four bytes that announce extensions; an
 * offset of 0 means just there. */
static gboolean
read_offset (const Fields *fields, const char *path, PlNiftiHeader *header, GError **error)
{
  gsize size =
      header->image.format == PL_FORMAT_NIFTI1 ? (gsize) PL_NIFTI1_SIZE : (gsize) PL_NIFTI2_SIZE;
  double least = header->is_pair ? 0.0 : (double) size + 4.0;
  double offset = fields->voxel_offset == 0.0 ? least : fields->voxel_offset;

  if (!(offset >= least && offset <= 9007199254740992.0) || offset != floor (offset))
    return refuse (error, PL_IMAGE_ERROR_FORMAT,
                   _ ("%s: its vox_offset is %g; it must be a whole number from %g on"), path,
                   fields->voxel_offset, least);
  header->voxel_offset = (guint64) offset;
  return TRUE;
}

/* A slope of 0 means none, and colour has none. */
static void
read_scaling (const Fields *fields, PlImageHeader *image)
{
  gboolean is_scaled = image->n_samples == 1 && isfinite (fields->slope) && fields->slope != 0.0;

  image->slope = is_scaled ? fields->slope : 1.0;
  image->intercept = is_scaled && isfinite (fields->intercept) ? fields->intercept : 0.0;
}

static double
get_unit_mm (const Fields *fields)
{
  switch (fields->units & 7)
    {
    case 1:
      return 1000.0;
    case 3:
      return 0.001;
    default:
      return 1.0;
    }
}

/* All lengths 1 and of no unit: what programs write that know none, ours too. */
static gboolean
is_filled_in (const Fields *fields)
{
  const double *lengths = fields->pixdim + 1;

  return (fields->units & 7) != 0 || lengths[0] != 1.0 || lengths[1] != 1.0 || lengths[2] != 1.0;
}

/* Lengths that are 0 or no number are 1; a spacing counts where the axis has more than one voxel.
 */
static void
read_spacing (const Fields *fields, double mm, PlImageHeader *image)
{
  image->has_spacing = is_filled_in (fields);
  for (int a = 0; a < 3; a++)
    {
      double step = fabs (fields->pixdim[a + 1]) * mm;
      gboolean is_given = isfinite (step) && step > 0.0;

      image->spacing_mm[a] = is_given ? step : 1.0;
      if (!is_given && image->shape[a] > 1)
        image->has_spacing = FALSE;
    }
}

static double
measure_column (double affine[3][4], int column)
{
  return sqrt (affine[0][column] * affine[0][column] + affine[1][column] * affine[1][column] +
               affine[2][column] * affine[2][column]);
}

/* FALSE where it is not finite, or flattens space. */
static gboolean
is_usable (double affine[3][4])
{
  double (*m)[4] = affine;
  double product = measure_column (m, 0) * measure_column (m, 1) * measure_column (m, 2);
  double det = m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) -
               m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0]) +
               m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);

  return isfinite (det) && isfinite (product) && fabs (det) > 1e-6 * product &&
         isfinite (m[0][3]) && isfinite (m[1][3]) && isfinite (m[2][3]);
}

static gboolean
read_sform (const Fields *fields, double mm, double affine[3][4])
{
  for (int w = 0; w < 3; w++)
    for (int a = 0; a < 4; a++)
      affine[w][a] = fields->srow[4 * w + a] * mm;
  return fields->sform_code > 0 && is_usable (affine);
}

/* A unit quaternion whose first part is the rest to 1, times spacing; the third axis the other way
 * round when pixdim[0] is negative. What single precision cannot tell from 1 is 1: the root of its
 * rounding would turn the axes by 0.02 degrees. */
static gboolean
read_qform (const Fields *fields, const double spacing_mm[3], double mm, double affine[3][4])
{
  double b = fields->quatern[0];
  double c = fields->quatern[1];
  double d = fields->quatern[2];
  double square = b * b + c * c + d * d;
  gboolean is_half_turn = square > 1.0 - 4e-7;
  double length = is_half_turn ? sqrt (square) : 1.0;
  double a = is_half_turn ? 0.0 : sqrt (1.0 - square);

  b /= length;
  c /= length;
  d /= length;
  const double rotation[3][3] = {
    { a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c) },
    { 2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b) },
    { 2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - b * b - c * c },
  };
  for (int w = 0; w < 3; w++)
    {
      for (int i = 0; i < 3; i++)
        affine[w][i] = rotation[w][i] * spacing_mm[i];
      if (fields->pixdim[0] < 0.0)
        affine[w][2] = -affine[w][2];
      affine[w][3] = fields->qoffset[w] * mm;
    }
  return fields->qform_code > 0 && is_usable (affine);
}

/* Where there is an affine, the spacing follows it, so that areas and volumes agree. */
static void
read_geometry (const Fields *fields, PlImageHeader *image)
{
  double mm = get_unit_mm (fields);

  read_spacing (fields, mm, image);
  image->has_affine = read_sform (fields, mm, image->affine) ||
                      read_qform (fields, image->spacing_mm, mm, image->affine);
  if (image->has_affine)
    {
      image->has_spacing = TRUE;
      for (int a = 0; a < 3; a++)
        image->spacing_mm[a] = measure_column (image->affine, a);
      return;
    }
  memset (image->affine, 0, sizeof image->affine);
  for (int a = 0; a < 3; a++)
    image->affine[a][a] = image->spacing_mm[a];
}

gboolean
pl_nifti_header_parse (const guint8 *bytes, const char *path, PlNiftiHeader *header, GError **error)
{
  gboolean is_nifti1 = pl_nifti_header_size (bytes) == PL_NIFTI1_SIZE;
  PlNiftiHeader parsed = { .is_swapped = is_swapped (bytes) };
  Fields fields;

  if (is_nifti1)
    read_nifti1 (bytes, parsed.is_swapped, &fields);
  else
    read_nifti2 (bytes, parsed.is_swapped, &fields);
  parsed.image.format = is_nifti1 ? PL_FORMAT_NIFTI1 : PL_FORMAT_NIFTI2;
  if (!check_magic (&fields, path, &parsed, error) ||
      !read_shape (&fields, path, &parsed.image, error) ||
      !read_type (&fields, path, &parsed, error) || !read_offset (&fields, path, &parsed, error))
    return FALSE;
  read_scaling (&fields, &parsed.image);
  read_geometry (&fields, &parsed.image);
  *header = parsed;
  return TRUE;
}
