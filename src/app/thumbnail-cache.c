/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A picture of 64 × 64 pixels takes some 5 KB. Files are written beside and renamed, but not
 * synced: what a power cut leaves is made again.
 */
#include "app/thumbnail-cache.h"

#include "base/file.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <utime.h>

#define ENDING ".png"

/* Goes into names: another when the same file is drawn otherwise. */
#define VERSION "2 "

char *
pl_thumbnail_cache_dup_name (const char *image_path)
{
  g_autofree char *stamp = pl_file_dup_stamp (image_path);
  g_autofree char *key = NULL;
  g_autofree char *sum = NULL;

  if (stamp == NULL)
    return NULL;
  key = g_strconcat (VERSION, stamp, NULL);
  sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, key, -1);
  return g_strconcat (sum, ENDING, NULL);
}

GdkTexture *
pl_thumbnail_cache_find (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  struct stat info;
  GdkTexture *picture;

  if (stat (path, &info) != 0 || !S_ISREG (info.st_mode) ||
      info.st_size > PL_THUMBNAIL_CACHE_MAX_FILE)
    return NULL;
  picture = gdk_texture_new_from_filename (path, NULL);
  if (picture != NULL)
    utime (path, NULL);
  return picture;
}

void
pl_thumbnail_cache_keep (const char *folder, const char *name, GdkTexture *picture)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GBytes) png = gdk_texture_save_to_png_bytes (picture);
  gsize n_bytes = g_bytes_get_size (png);

  if (n_bytes <= PL_THUMBNAIL_CACHE_MAX_FILE && g_mkdir_with_parents (folder, 0700) == 0)
    g_file_set_contents_full (path, g_bytes_get_data (png, NULL), (gssize) n_bytes,
                              G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL);
}

typedef struct
{
  char *path;
  gsize n_bytes;
  struct timespec used;
} Kept;

static void
clear_kept (gpointer data)
{
  g_free (((Kept *) data)->path);
}

/* (transfer full) (element-type Kept) */
static GArray *
list_kept (const char *folder)
{
  GArray *list = g_array_new (FALSE, FALSE, sizeof (Kept));
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  g_array_set_clear_func (list, clear_kept);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      struct stat info;

      if (g_str_has_suffix (name, ENDING) && lstat (path, &info) == 0 && S_ISREG (info.st_mode))
        {
          Kept kept = { g_steal_pointer (&path), (gsize) info.st_size, info.st_mtim };

          g_array_append_val (list, kept);
        }
    }
  return list;
}

static int
compare_newest_first (gconstpointer a, gconstpointer b)
{
  const struct timespec *first = &((const Kept *) a)->used;
  const struct timespec *second = &((const Kept *) b)->used;

  if (first->tv_sec != second->tv_sec)
    return first->tv_sec > second->tv_sec ? -1 : 1;
  return (first->tv_nsec < second->tv_nsec) - (first->tv_nsec > second->tv_nsec);
}

void
pl_thumbnail_cache_trim (const char *folder, gsize max_bytes)
{
  g_autoptr (GArray) list = list_kept (folder);
  gsize total = 0;

  g_array_sort (list, compare_newest_first);
  for (guint i = 0; i < list->len; i++)
    {
      const Kept *kept = &g_array_index (list, Kept, i);

      total += kept->n_bytes;
      if (total > max_bytes)
        g_unlink (kept->path);
    }
}
