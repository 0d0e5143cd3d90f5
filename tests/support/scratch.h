/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <glib/gstdio.h>

/* A folder for one test's files. */

static inline char *
pl_scratch_new (void)
{
  GError *error = NULL;
  char *folder = g_dir_make_tmp ("pleura-test-XXXXXX", &error);

  g_assert_no_error (error);
  return folder;
}

/* Removes it with all that is in it. */
static inline void
pl_scratch_remove (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        pl_scratch_remove (path);
      else
        g_unlink (path);
    }
  g_rmdir (folder);
}
