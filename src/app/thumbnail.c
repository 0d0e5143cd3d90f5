/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small pictures for the case list, looked up on disk before they are drawn. Where a file's order
 * lets slices come one by one, half of a volume is enough: the load is then cancelled by our own
 * cancellable, which the caller's is chained to.
 */
#include "app/thumbnail.h"

#include "app/thumbnail-cache.h"

#include "image/montage.h"
#include "image/volume-load.h"

#define SIDE_PX 64

/* Some 6,000 pictures; looked after now and then. */
#define MAX_CACHE_BYTES (32 * 1024 * 1024)
#define KEPT_BETWEEN_TRIMS 256

typedef struct
{
  PlVolume *partial; /* Owned: once its middle slice is ready */
  GCancellable *enough;
} Load;

static void
stop_at_middle_cb (PlVolume *volume, double fraction, gpointer data)
{
  Load *load = data;

  if (load->partial == NULL && pl_volume_ready_slices (volume) > volume->n[0] / 2)
    {
      load->partial = pl_volume_ref (volume);
      g_cancellable_cancel (load->enough);
    }
}

static void
chain_cb (GCancellable *cancellable, GCancellable *enough)
{
  g_cancellable_cancel (enough);
}

static PlVolume *
load_half (const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (GCancellable) enough = g_cancellable_new ();
  g_autoptr (GError) local_error = NULL;
  Load load = { .enough = enough };
  PlLoadOptions options = PL_LOAD_OPTIONS_DEFAULT;
  PlVolume *volume;
  gulong chain = g_cancellable_connect (cancellable, G_CALLBACK (chain_cb), enough, NULL);

  options.progress = stop_at_middle_cb;
  options.progress_data = &load;
  volume = pl_volume_load (path, &options, enough, &local_error);
  g_cancellable_disconnect (cancellable, chain);
  if (volume == NULL && load.partial != NULL)
    return load.partial;
  g_clear_pointer (&load.partial, pl_volume_unref);
  if (volume == NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  return volume;
}

static GdkTexture *
picture_to_texture (const PlPicture *picture)
{
  gsize stride = (gsize) picture->width * 3;
  g_autoptr (GBytes) bytes = g_bytes_new (picture->rgb, stride * (gsize) picture->height);

  return gdk_memory_texture_new (picture->width, picture->height, GDK_MEMORY_R8G8B8, bytes, stride);
}

typedef struct
{
  char *path;
  PlVolume *volume; /* (nullable) */
} Source;

static void
source_free (gpointer data)
{
  Source *source = data;

  g_free (source->path);
  g_clear_pointer (&source->volume, pl_volume_unref);
  g_free (source);
}

static GdkTexture *
draw (const Source *source, GCancellable *cancellable, GError **error)
{
  g_autoptr (PlVolume) volume = source->volume != NULL
                                    ? pl_volume_ref (source->volume)
                                    : load_half (source->path, cancellable, error);
  g_autoptr (PlPicture) picture = NULL;
  gsize n;

  if (volume == NULL)
    return NULL;
  picture = pl_picture_slice (volume, volume->n[0] / 2, NULL, NULL,
                              pl_window_presets (&n)[0].window, pl_colour_maps (&n)[0], SIDE_PX);
  return picture_to_texture (picture);
}

static void
keep (const char *folder, const char *name, GdkTexture *texture)
{
  static gint n_kept; /* by all threads */

  pl_thumbnail_cache_keep (folder, name, texture);
  if (g_atomic_int_add (&n_kept, 1) % KEPT_BETWEEN_TRIMS == 0)
    pl_thumbnail_cache_trim (folder, MAX_CACHE_BYTES);
}

static void
make_thread (GTask *task, gpointer object, gpointer data, GCancellable *cancellable)
{
  const Source *source = data;
  g_autofree char *folder =
      g_build_filename (g_get_user_cache_dir (), "pleura", "thumbnails", NULL);
  g_autofree char *name = pl_thumbnail_cache_dup_name (source->path);
  GdkTexture *texture = name == NULL ? NULL : pl_thumbnail_cache_find (folder, name);
  GError *error = NULL;

  if (texture == NULL)
    {
      texture = draw (source, cancellable, &error);
      if (texture != NULL && name != NULL)
        keep (folder, name, texture);
    }
  if (texture == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, texture, g_object_unref);
}

void
pl_thumbnail_make_async (const char *path,
                         PlVolume *volume,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  Source *source = g_new0 (Source, 1);

  source->path = g_strdup (path);
  source->volume = volume == NULL ? NULL : pl_volume_ref (volume);
  g_task_set_source_tag (task, pl_thumbnail_make_async);
  g_task_set_task_data (task, source, source_free);
  g_task_run_in_thread (task, make_thread);
}

GdkTexture *
pl_thumbnail_make_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
