/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The size of the lungs by the mask, for the order of the case list. What was counted is a line of
 * one small text file, under the mask's path, size and time: "SHA-256 number". Lines are appended;
 * a file that has grown too long is begun anew.
 */
#include "app/case-area.h"

#include "base/file.h"
#include "image/volume-load.h"

#include <stdio.h>

#define MAX_FILE_BYTES (1024 * 1024) /* some 14,000 masks */

typedef struct
{
  char *mask_path;
  PlImageHeader like;
} Wanted;

static void
wanted_free (gpointer data)
{
  Wanted *wanted = data;

  g_free (wanted->mask_path);
  g_free (wanted);
}

static char *
dup_cache_path (void)
{
  return g_build_filename (g_get_user_cache_dir (), "pleura", "areas", NULL);
}

/* (nullable): what the number is kept under. */
static char *
dup_key (const Wanted *wanted)
{
  g_autofree char *stamp = pl_file_dup_stamp (wanted->mask_path);
  g_autofree char *key = NULL;

  if (stamp == NULL)
    return NULL;
  key = g_strdup_printf ("%s\n%d", stamp, wanted->like.page);
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, key, -1);
}

/* −1 if it is not there. */
static gint64
find_kept (const char *key)
{
  g_autofree char *path = dup_cache_path ();
  g_autofree char *text = NULL;
  const char *line;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return -1;
  line = strstr (text, key);
  if (line == NULL || line[strlen (key)] != ' ' || !g_ascii_isdigit (line[strlen (key) + 1]))
    return -1;
  return g_ascii_strtoll (line + strlen (key) + 1, NULL, 10);
}

/* What cannot be kept is counted again. */
static void
keep (const char *key, gint64 n)
{
  g_autofree char *path = dup_cache_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  FILE *file;

  if (g_mkdir_with_parents (folder, 0700) != 0)
    return;
  file = fopen (path, "ae");
  if (file == NULL)
    return;
  if (ftell (file) > MAX_FILE_BYTES)
    file = freopen (path, "we", file);
  if (file == NULL)
    return;
  fprintf (file, "%s %" G_GINT64_FORMAT "\n", key, n);
  fclose (file);
}

/* −1 with @error set */
static gint64
count (const Wanted *wanted, GCancellable *cancellable, GError **error)
{
  g_autoptr (PlMask) mask = pl_mask_load (wanted->mask_path, &wanted->like, cancellable, error);
  gsize n_voxels;
  gint64 n = 0;

  if (mask == NULL)
    return -1;
  n_voxels = (gsize) mask->n[0] * (gsize) mask->n[1] * (gsize) mask->n[2];
  for (gsize i = 0; i < n_voxels; i++)
    n += mask->labels[i] != 0;
  return n;
}

static void
count_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Wanted *wanted = data;
  g_autofree char *key = dup_key (wanted);
  gint64 n = key == NULL ? -1 : find_kept (key);
  GError *error = NULL;

  if (n < 0)
    {
      n = count (wanted, cancellable, &error);
      if (n >= 0 && key != NULL)
        keep (key, n);
    }
  if (n < 0)
    g_task_return_error (task, error);
  else
    g_task_return_int (task, (gssize) n);
}

void
pl_case_area_async (const PlCase *source,
                    GCancellable *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  Wanted *wanted = g_new0 (Wanted, 1);

  wanted->mask_path = g_strdup (source->mask_path);
  wanted->like = source->header;
  g_task_set_source_tag (task, pl_case_area_async);
  g_task_set_task_data (task, wanted, wanted_free);
  g_task_run_in_thread (task, count_thread);
}

gint64
pl_case_area_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_int (G_TASK (result), error);
}
