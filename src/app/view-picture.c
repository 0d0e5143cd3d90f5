/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A picture is drawn with cairo whatever draws the window, so that it needs no context of OpenGL
 * when another program asks for it later. File managers take files, others the picture itself.
 */
#include "app/view-picture.h"

#include "base/file.h"

#include <glib/gstdio.h>

#define URI_LIST "text/uri-list"

static void
destroy_surface (gpointer surface)
{
  cairo_surface_destroy (surface);
}

GdkTexture *
pl_view_picture_from_surface (cairo_surface_t *surface)
{
  int width = cairo_image_surface_get_width (surface);
  int height = cairo_image_surface_get_height (surface);
  gsize stride = (gsize) cairo_image_surface_get_stride (surface);
  g_autoptr (GBytes) bytes = NULL;

  cairo_surface_flush (surface);
  bytes = g_bytes_new_with_free_func (cairo_image_surface_get_data (surface),
                                      stride * (gsize) height, destroy_surface, surface);
  return gdk_memory_texture_new (width, height, GDK_MEMORY_DEFAULT, bytes, stride);
}

GdkTexture *
pl_view_picture_take (GtkWidget *widget)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (widget);
  int scale = gtk_widget_get_scale_factor (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  cairo_surface_t *surface;
  GskRenderNode *node;
  cairo_t *cr;

  gdk_paintable_snapshot (paintable, snapshot, width, height);
  node = gtk_snapshot_free_to_node (snapshot);
  if (node == NULL)
    return NULL;
  surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, scale * width, scale * height);
  cr = cairo_create (surface);
  cairo_scale (cr, scale, scale);
  gsk_render_node_draw (node, cr);
  cairo_destroy (cr);
  gsk_render_node_unref (node);
  return pl_view_picture_from_surface (surface);
}

#define PL_TYPE_PICTURE_FILE (pl_picture_file_get_type ())
G_DECLARE_FINAL_TYPE (PlPictureFile, pl_picture_file, PL, PICTURE_FILE, GdkContentProvider)

struct _PlPictureFile
{
  GdkContentProvider parent_instance;

  /* Owned; constant, so that any thread may read them */
  GdkTexture *texture;
  char *path;
};

G_DEFINE_FINAL_TYPE (PlPictureFile, pl_picture_file, GDK_TYPE_CONTENT_PROVIDER)

static GdkContentFormats *
pl_picture_file_ref_formats (GdkContentProvider *provider)
{
  const char *types[] = { URI_LIST };

  return gdk_content_formats_new (types, G_N_ELEMENTS (types));
}

static gboolean
write_file (PlPictureFile *self, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (self->path);
  g_autoptr (GBytes) png = gdk_texture_save_to_png_bytes (self->texture);

  return pl_file_make_folder (folder, error) &&
         pl_file_replace (self->path, g_bytes_get_data (png, NULL), g_bytes_get_size (png), error);
}

static void
write_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  PlPictureFile *self = PL_PICTURE_FILE (source);
  g_autofree char *uri = g_filename_to_uri (self->path, NULL, NULL);
  g_autofree char *line = g_strconcat (uri, "\r\n", NULL);
  GError *error = NULL;

  if (write_file (self, &error) &&
      g_output_stream_write_all (data, line, strlen (line), NULL, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
pl_picture_file_write_async (GdkContentProvider *provider,
                             const char *mime_type,
                             GOutputStream *stream,
                             int io_priority,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer data)
{
  g_autoptr (GTask) task = g_task_new (provider, cancellable, callback, data);

  g_task_set_source_tag (task, pl_picture_file_write_async);
  g_task_set_task_data (task, g_object_ref (stream), g_object_unref);
  g_task_run_in_thread (task, write_thread);
}

static gboolean
pl_picture_file_write_finish (GdkContentProvider *provider, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
pl_picture_file_finalize (GObject *object)
{
  PlPictureFile *self = PL_PICTURE_FILE (object);

  g_clear_object (&self->texture);
  g_free (self->path);

  G_OBJECT_CLASS (pl_picture_file_parent_class)->finalize (object);
}

static void
pl_picture_file_class_init (PlPictureFileClass *klass)
{
  GdkContentProviderClass *provider_class = GDK_CONTENT_PROVIDER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = pl_picture_file_finalize;
  provider_class->ref_formats = pl_picture_file_ref_formats;
  provider_class->write_mime_type_async = pl_picture_file_write_async;
  provider_class->write_mime_type_finish = pl_picture_file_write_finish;
}

static void
pl_picture_file_init (PlPictureFile *self)
{
}

GdkContentProvider *
pl_view_picture_provider_new (GdkTexture *texture, const char *path)
{
  PlPictureFile *file = g_object_new (PL_TYPE_PICTURE_FILE, NULL);
  GdkContentProvider *both[2];

  file->texture = g_object_ref (texture);
  file->path = g_strdup (path);
  both[0] = gdk_content_provider_new_typed (GDK_TYPE_TEXTURE, texture);
  both[1] = GDK_CONTENT_PROVIDER (file);
  return gdk_content_provider_new_union (both, G_N_ELEMENTS (both));
}

static char *
dup_folder (void)
{
  return g_build_filename (g_get_user_cache_dir (), "pleura", "pictures", NULL);
}

char *
pl_view_picture_dup_path (const char *name)
{
  g_autofree char *folder = dup_folder ();

  return g_build_filename (folder, name, NULL);
}

/* A program that was given one may read it late, so they stay until the next start. */
void
pl_view_picture_remove_old (void)
{
  g_autofree char *folder = dup_folder ();
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".png"))
      {
        g_autofree char *path = g_build_filename (folder, name, NULL);

        g_unlink (path);
      }
}
