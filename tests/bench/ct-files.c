/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/ct-files.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>

#include "base/file.h"
#include "base/parallel.h"
#include "image/nifti-write.h"
#include "image/phantom.h"

#define FIELD_MM 360.0

typedef struct
{
  gint16 *hu;
  guint8 *labels;
} Drawing;

static void
draw_slice (void *data, size_t slice, int worker)
{
  const Drawing *drawing = data;
  gsize start = slice * CT_SIDE * CT_SIDE;

  pl_phantom_draw (1, 1, CT_SIDE, CT_SLICES, (int) slice, drawing->hu + start,
                   drawing->labels + start);
}

static PlImageHeader
make_header (int slice_axis)
{
  const double pixel_mm = FIELD_MM / CT_SIDE;
  PlImageHeader header = {
    .format = PL_FORMAT_NIFTI1,
    .shape = { CT_SIDE, CT_SIDE, CT_SIDE },
    .stored = PL_DTYPE_INT16,
    .n_samples = 1,
    .pages = 1,
    .has_spacing = TRUE,
    .spacing_mm = { pixel_mm, pixel_mm, pixel_mm },
    .has_affine = TRUE,
    .slope = 1,
  };

  header.shape[slice_axis] = CT_SLICES;
  for (int i = 0; i < 3; i++)
    header.affine[i][i] = pixel_mm;
  if (slice_axis == 2)
    header.affine[0][0] = -pixel_mm; /* columns from the right, rows from the back */
  pl_header_choose_axes (&header, slice_axis);
  return header;
}

static void
write_volume (const char *folder, const char *name, int slice_axis, PlDType type, const void *data)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);
  PlImageHeader header = make_header (slice_axis);
  g_autoptr (GError) error = NULL;

  if (!pl_file_make_folder (parent, &error) ||
      !pl_nifti_write (path, &header, type, data, 1, 0, NULL, &error))
    g_error ("%s", error->message);
}

static void
write_all (const char *folder)
{
  g_autofree gint16 *hu = g_malloc (CT_BYTES);
  g_autofree guint8 *labels = g_malloc (CT_BYTES / 2);
  Drawing drawing = { hu, labels };

  pl_parallel_for (CT_SLICES, draw_slice, &drawing);
  write_volume (folder, "volumes/last.nii.gz", 2, PL_DTYPE_INT16, hu);
  write_volume (folder, "volumes/first.nii.gz", 0, PL_DTYPE_INT16, hu);
  write_volume (folder, "masked/images/last.nii.gz", 2, PL_DTYPE_INT16, hu);
  write_volume (folder, "masked/masks/last.nii.gz", 2, PL_DTYPE_UINT8, labels);
}

void
ct_files_make (CtFiles *files, const char *folder)
{
  g_autofree char *partial = g_strconcat (folder, ".partial", NULL);

  if (!g_file_test (folder, G_FILE_TEST_IS_DIR))
    {
      g_printerr ("Making a volume of %d × %d × %d in %s…\n", CT_SLICES, CT_SIDE, CT_SIDE, folder);
      write_all (partial);
      if (g_rename (partial, folder) != 0)
        g_error ("%s could not be renamed: %s", partial, g_strerror (errno));
    }
  files->last = g_build_filename (folder, "volumes", "last.nii.gz", NULL);
  files->first = g_build_filename (folder, "volumes", "first.nii.gz", NULL);
  files->masked = g_build_filename (folder, "masked", NULL);
}

void
ct_files_clear (CtFiles *files)
{
  g_free (files->last);
  g_free (files->first);
  g_free (files->masked);
}
