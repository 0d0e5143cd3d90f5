/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Volumes and the order of their voxels in memory. Voxels stay in the file's type, so that a CT
 * of 300 slices takes 157 MB and not the double; they become float a slice at a time. */
#include "image/volume.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "base/aligned.h"

#define LEAN 0.1 /* sine of the least angle that is told */

static const struct
{
  gsize size;
  const char *name;
} dtypes[] = {
  [PL_DTYPE_UINT8] = { 1, "uint8" },     [PL_DTYPE_INT8] = { 1, "int8" },
  [PL_DTYPE_UINT16] = { 2, "uint16" },   [PL_DTYPE_INT16] = { 2, "int16" },
  [PL_DTYPE_UINT32] = { 4, "uint32" },   [PL_DTYPE_INT32] = { 4, "int32" },
  [PL_DTYPE_UINT64] = { 8, "uint64" },   [PL_DTYPE_INT64] = { 8, "int64" },
  [PL_DTYPE_FLOAT32] = { 4, "float32" }, [PL_DTYPE_FLOAT64] = { 8, "float64" },
};

gsize
pl_dtype_size (PlDType type)
{
  g_assert ((gsize) type < G_N_ELEMENTS (dtypes));
  return dtypes[type].size;
}

const char *
pl_dtype_name (PlDType type)
{
  g_assert ((gsize) type < G_N_ELEMENTS (dtypes));
  return dtypes[type].name;
}

const char *
pl_format_name (PlFormat format)
{
  static const char *const names[] = { "NIfTI-1", "NIfTI-2", "TIFF" };

  g_assert ((gsize) format < G_N_ELEMENTS (names));
  return names[format];
}

/* Which world axis (0 left–right, 1 back–front, 2 feet–head) each file axis runs along: the
 * pairing with the largest sum of direction cosines. */
static void
pair_axes (const PlImageHeader *header, int world[3])
{
  static const int orders[6][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 },
                                    { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };
  double best = -1.0;

  for (int o = 0; o < 6; o++)
    {
      double sum = 0.0;

      for (int a = 0; a < 3; a++)
        {
          double length =
              hypot (hypot (header->affine[0][a], header->affine[1][a]), header->affine[2][a]);
          sum += length > 0.0 ? fabs (header->affine[orders[o][a]][a]) / length : 0.0;
        }
      if (sum > best + 1e-9)
        {
          best = sum;
          memcpy (world, orders[o], sizeof orders[o]);
        }
    }
}

static int
find_slice_axis (const PlImageHeader *header, const int world[3])
{
  const int *n = header->shape;

  if (header->format == PL_FORMAT_TIFF)
    return 0;
  for (int a = 0; a < 3; a++)
    if (n[(a + 1) % 3] == n[(a + 2) % 3] && n[a] != n[(a + 1) % 3])
      return a;
  for (int a = 0; a < 3; a++)
    if (n[a] == 1 && n[(a + 1) % 3] != 1 && n[(a + 2) % 3] != 1)
      return a;
  for (int a = 0; a < 3; a++)
    if (header->has_affine && world[a] == 2)
      return a;
  return 2;
}

void
pl_header_choose_axes (PlImageHeader *header, int slice_axis)
{
  int world[3] = { 0, 1, 2 };
  int axis_by_rule;

  if (header->has_affine)
    pair_axes (header, world);
  axis_by_rule = find_slice_axis (header, world);
  if (slice_axis < 0)
    slice_axis = axis_by_rule;
  header->slice_axis = slice_axis;
  header->axis_by_affine =
      header->has_affine &&
      (world[slice_axis] == 2 || (world[slice_axis] == 1 && world[axis_by_rule] != 0));
  header->axis[0] = slice_axis;
  header->axis[1] = slice_axis == 0 ? 1 : slice_axis == 1 ? 2 : 1;
  header->axis[2] = slice_axis == 0 ? 2 : 0;
  memset (header->flip, 0, sizeof header->flip);
  if (!header->axis_by_affine)
    return;
  for (int a = 0; a < 3; a++)
    if (a != slice_axis)
      {
        int memory_axis = world[a] == 0 ? 2 : 1;
        header->axis[memory_axis] = a;
        header->flip[memory_axis] = header->affine[world[a]][a] > 0.0;
      }
}

gboolean
pl_header_take_axes (PlImageHeader *header,
                     const PlImageHeader *like,
                     const char *path,
                     GError **error)
{
  gboolean is_reversed = (header->format == PL_FORMAT_TIFF) != (like->format == PL_FORMAT_TIFF);
  int expected[3];

  for (int a = 0; a < 3; a++)
    expected[a] = like->shape[is_reversed ? 2 - a : a];
  if (memcmp (expected, header->shape, sizeof expected) != 0)
    {
      g_set_error (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_MISMATCH,
                   _ ("%s: its shape is %d × %d × %d, but its image’s is %d × %d × %d"), path,
                   header->shape[0], header->shape[1], header->shape[2], expected[0], expected[1],
                   expected[2]);
      return FALSE;
    }
  header->slice_axis = is_reversed ? 2 - like->slice_axis : like->slice_axis;
  header->axis_by_affine = like->axis_by_affine;
  for (int i = 0; i < 3; i++)
    {
      header->axis[i] = is_reversed ? 2 - like->axis[i] : like->axis[i];
      header->flip[i] = like->flip[i];
    }
  return TRUE;
}

/* The affine of memory positions, from that of the file's. */
static void
permute_affine (PlVolume *volume)
{
  const PlImageHeader *header = &volume->header;

  for (int w = 0; w < 3; w++)
    {
      volume->affine[w][3] = header->affine[w][3];
      for (int i = 0; i < 3; i++)
        {
          double step = header->affine[w][header->axis[i]];

          volume->affine[w][i] = header->flip[i] ? -step : step;
          if (header->flip[i])
            volume->affine[w][3] += step * (volume->n[i] - 1);
        }
    }
}

void
pl_header_name_orientation (const PlImageHeader *header, char orientation[4])
{
  int world[3];

  memset (orientation, 0, 4);
  if (!header->has_affine || !header->axis_by_affine)
    return;
  pair_axes (header, world);
  for (int i = 0; i < 3; i++)
    {
      int w = world[header->axis[i]];
      gboolean grows = (header->affine[w][header->axis[i]] > 0.0) != header->flip[i];

      orientation[i] = grows ? "RAS"[w] : "LPI"[w];
    }
}

/* The memory axis that runs towards it, or away from it; −1: none does. */
static int
find_axis (const PlVolume *volume, char letter, gboolean *is_towards)
{
  static const char sides[] = "RLAPSI";
  const char *side = letter == '\0' ? NULL : strchr (sides, letter);

  for (int i = 0; i < 3 && side != NULL; i++)
    {
      const char *grows = strchr (sides, volume->orientation[i]);

      *is_towards = grows == side;
      if ((grows - sides) / 2 == (side - sides) / 2)
        return i;
    }
  return -1;
}

void
pl_volume_name_edge (const PlVolume *volume, char letter, char name[3])
{
  gboolean is_towards = FALSE;
  int axis = find_axis (volume, letter, &is_towards);
  int second = -1;
  double length = 0;
  double most = 0;

  memset (name, 0, 3);
  name[0] = letter;
  for (int w = 0; axis >= 0 && w < 3; w++)
    {
      double along = fabs (volume->affine[w][axis]);

      length = hypot (length, along);
      if ("RAS"[w] == letter || "LPI"[w] == letter || along <= most)
        continue;
      most = along;
      second = w;
    }
  if (second >= 0 && most > LEAN * length)
    name[1] = (volume->affine[second][axis] > 0) == is_towards ? "RAS"[second] : "LPI"[second];
}

/* FALSE when the product overflows or passes 80 % of memory. */
static gboolean
count_bytes (const int n[3], PlDType type, gsize *n_bytes)
{
  gsize bytes = pl_dtype_size (type);

  for (int i = 0; i < 3; i++)
    if (!g_size_checked_mul (&bytes, bytes, (gsize) n[i]))
      return FALSE;
  *n_bytes = bytes;
  return bytes <= pl_memory_total () / 5 * 4;
}

PlVolume *
pl_volume_new (const PlImageHeader *header, PlDType type, const char *path, GError **error)
{
  PlVolume *volume = g_new0 (PlVolume, 1);
  gsize n_bytes;

  volume->ref_count = 1;
  volume->header = *header;
  volume->type = type;
  volume->slope = header->slope;
  volume->intercept = header->intercept;
  volume->path = g_strdup (path);
  for (int i = 0; i < 3; i++)
    {
      g_assert (header->shape[i] >= 1);
      volume->n[i] = header->shape[header->axis[i]];
      volume->spacing_mm[i] = header->spacing_mm[header->axis[i]];
    }
  permute_affine (volume);
  pl_header_name_orientation (header, volume->orientation);
  if (count_bytes (volume->n, type, &n_bytes))
    volume->voxels = pl_aligned_new0 (n_bytes);
  if (volume->voxels == NULL)
    {
      g_set_error (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_TOO_LARGE,
                   _ ("%s: %d × %d × %d voxels of type %s do not fit in this machine’s memory"),
                   path != NULL ? path : _ ("new volume"), header->shape[0], header->shape[1],
                   header->shape[2], pl_dtype_name (type));
      pl_volume_unref (volume);
      return NULL;
    }
  return volume;
}

PlVolume *
pl_volume_ref (PlVolume *volume)
{
  g_atomic_int_inc (&volume->ref_count);
  return volume;
}

void
pl_volume_unref (PlVolume *volume)
{
  if (volume == NULL || !g_atomic_int_dec_and_test (&volume->ref_count))
    return;
  pl_aligned_free (volume->voxels);
  g_free (volume->path);
  g_free (volume);
}

int
pl_volume_ready_slices (const PlVolume *volume)
{
  return g_atomic_int_get (&volume->ready_slices);
}

void
pl_volume_set_ready_slices (PlVolume *volume, int n)
{
  g_atomic_int_set (&volume->ready_slices, n);
}

void
pl_volume_set_ready_lines (PlVolume *volume, int n)
{
  g_assert (volume->header.axis[0] != 2);
  g_atomic_int_set (&volume->ready_lines, n);
}

gboolean
pl_volume_ready_part (const PlVolume *volume, int slice, PlSlicePart *part)
{
  int axis = volume->header.axis[1] == 2 ? 1 : 2;
  int n = g_atomic_int_get (&volume->ready_lines);
  int from = volume->header.flip[axis] ? volume->n[axis] - n : 0;

  *part = (PlSlicePart){ 0, volume->n[1], 0, volume->n[2] };
  if (slice < pl_volume_ready_slices (volume))
    return TRUE;
  if (axis == 1)
    {
      part->row0 = from;
      part->row1 = from + n;
    }
  else
    {
      part->column0 = from;
      part->column1 = from + n;
    }
  return n > 0;
}

double
pl_volume_voxel_mm3 (const PlVolume *volume)
{
  const double (*m)[4] = volume->affine;

  if (!volume->header.has_affine)
    return volume->spacing_mm[0] * volume->spacing_mm[1] * volume->spacing_mm[2];
  return fabs (m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) -
               m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0]) +
               m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]));
}

/* @n voxels from @first on, @stride apart, as float with slope and intercept. */
#define CONVERT(ctype)                                                                             \
  {                                                                                                \
    const ctype *in = (const ctype *) volume->voxels + first;                                      \
    for (gsize i = 0; i < n; i++)                                                                  \
      out[i] = (float) (slope * (double) in[i * stride] + intercept);                              \
  }                                                                                                \
  break

static void
convert_run (const PlVolume *volume, gsize first, gsize stride, gsize n, float *out)
{
  double slope = volume->slope;
  double intercept = volume->intercept;

  switch (volume->type)
    {
    case PL_DTYPE_UINT8:
      CONVERT (guint8);
    case PL_DTYPE_INT8:
      CONVERT (gint8);
    case PL_DTYPE_UINT16:
      CONVERT (guint16);
    case PL_DTYPE_INT16:
      CONVERT (gint16);
    case PL_DTYPE_UINT32:
      CONVERT (guint32);
    case PL_DTYPE_INT32:
      CONVERT (gint32);
    case PL_DTYPE_UINT64:
      CONVERT (guint64);
    case PL_DTYPE_INT64:
      CONVERT (gint64);
    case PL_DTYPE_FLOAT32:
      CONVERT (float);
    case PL_DTYPE_FLOAT64:
      CONVERT (double);
    default:
      g_assert_not_reached ();
    }
}

static double
read_voxel (const PlVolume *volume, gsize i)
{
  switch (volume->type)
    {
    case PL_DTYPE_UINT8:
      return ((const guint8 *) volume->voxels)[i];
    case PL_DTYPE_INT8:
      return ((const gint8 *) volume->voxels)[i];
    case PL_DTYPE_UINT16:
      return ((const guint16 *) volume->voxels)[i];
    case PL_DTYPE_INT16:
      return ((const gint16 *) volume->voxels)[i];
    case PL_DTYPE_UINT32:
      return ((const guint32 *) volume->voxels)[i];
    case PL_DTYPE_INT32:
      return ((const gint32 *) volume->voxels)[i];
    case PL_DTYPE_UINT64:
      return (double) ((const guint64 *) volume->voxels)[i];
    case PL_DTYPE_INT64:
      return (double) ((const gint64 *) volume->voxels)[i];
    case PL_DTYPE_FLOAT32:
      return ((const float *) volume->voxels)[i];
    case PL_DTYPE_FLOAT64:
      return ((const double *) volume->voxels)[i];
    default:
      g_assert_not_reached ();
    }
}

double
pl_volume_value (const PlVolume *volume, int slice, int row, int column)
{
  const int *n = volume->n;

  g_assert (slice >= 0 && slice < pl_volume_ready_slices (volume));
  g_assert (row >= 0 && row < n[1] && column >= 0 && column < n[2]);
  return volume->slope *
             read_voxel (volume, ((gsize) slice * (gsize) n[1] + (gsize) row) * (gsize) n[2] +
                                     (gsize) column) +
         volume->intercept;
}

void
pl_volume_run (const PlVolume *volume, int slice, int row, int column, int n, float *hu)
{
  gsize line = (gsize) slice * (gsize) volume->n[1] + (gsize) row;

  convert_run (volume, line * (gsize) volume->n[2] + (gsize) column, 1, (gsize) n, hu);
}

void
pl_volume_slice (const PlVolume *volume, int slice, float *hu)
{
  pl_volume_plane (volume, 0, slice, hu);
}

void
pl_volume_plane (const PlVolume *volume, int axis, int index, float *hu)
{
  gsize slices = (gsize) volume->n[0];
  gsize rows = (gsize) volume->n[1];
  gsize columns = (gsize) volume->n[2];
  gsize i = (gsize) index;

  g_assert (axis >= 0 && axis < 3 && index >= 0 && index < volume->n[axis]);
  if (axis == 0)
    convert_run (volume, i * rows * columns, 1, rows * columns, hu);
  else if (axis == 1)
    for (gsize s = 0; s < slices; s++)
      convert_run (volume, (s * rows + i) * columns, 1, columns, hu + s * columns);
  else
    convert_run (volume, i, columns, slices * rows, hu);
}
