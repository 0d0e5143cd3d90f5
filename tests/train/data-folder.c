/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Image files for tests. */
#include "data-folder.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base/random.h"
#include "image/nifti-write.h"
#include "image/tiff-write.h"

char *
data_folder_new (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("pleura-train-XXXXXX", &error);

  g_assert_no_error (error);
  return folder;
}

static void
remove_inside (const char *folder)
{
  GDir *dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        remove_inside (path);
      else
        g_unlink (path);
    }
  g_clear_pointer (&dir, g_dir_close);
  g_rmdir (folder);
}

void
data_folder_remove (char *folder)
{
  remove_inside (folder);
  g_free (folder);
}

void
data_folder_set_up (DataFolder *self, gconstpointer data)
{
  self->folder = data_folder_new ();
}

void
data_folder_tear_down (DataFolder *self, gconstpointer data)
{
  data_folder_remove (self->folder);
}

static char *
make_path (const char *folder, const char *name)
{
  char *path = g_build_filename (folder, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (parent, 0755), ==, 0);
  return path;
}

void
data_folder_add_text (const char *folder, const char *name, const char *text)
{
  g_autofree char *path = make_path (folder, name);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

static PlImageHeader
make_header (const int n[3], PlDType type)
{
  PlImageHeader header = {
    .format = PL_FORMAT_NIFTI1,
    .shape = { n[0], n[1], n[2] },
    .stored = type,
    .n_samples = 1,
    .pages = 1,
    .spacing_mm = { 1, 1, 1 },
    .affine = { { 1, 0, 0, 0 }, { 0, 1, 0, 0 }, { 0, 0, 1, 0 } },
    .slope = 1,
  };

  pl_header_choose_axes (&header, 0);
  return header;
}

static void *
make_noise (gsize n_bytes)
{
  guint8 *bytes = g_malloc (n_bytes);
  PlRandom random;

  pl_random_init (&random, n_bytes, 0);
  for (gsize i = 0; i < n_bytes; i++)
    bytes[i] = (guint8) pl_random_below (&random, 256);
  return bytes;
}

void
data_folder_add_image (
    const char *folder, const char *name, const int n[3], PlDType type, const void *voxels)
{
  g_autofree char *path = make_path (folder, name);
  g_autofree void *noise =
      voxels == NULL ? make_noise ((gsize) n[0] * n[1] * n[2] * pl_dtype_size (type)) : NULL;
  g_autoptr (GError) error = NULL;

  if (voxels == NULL)
    voxels = noise;
  if (strstr (name, ".tif") != NULL)
    pl_tiff_write (path, n, type, voxels, NULL, NULL, &error);
  else
    {
      PlImageHeader header = make_header (n, type);

      pl_nifti_write (path, &header, type, voxels, 1, 0, NULL, &error);
    }
  g_assert_no_error (error);
}

void
data_folder_add_mask (const char *folder, const char *name, const int n[3])
{
  g_autofree guint8 *voxels = g_new0 (guint8, n[0] * n[1] * n[2]);

  for (int i = 0; i < n[0] * n[1] * n[2]; i++)
    voxels[i] = i % n[2] < n[2] / 2 ? 255 : 0;
  data_folder_add_image (folder, name, n, PL_DTYPE_UINT8, voxels);
}
