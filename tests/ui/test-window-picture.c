/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures of the view for other programs: on the clipboard, dragged, and as files. */
#include "ui/window-rig.h"

#include "app/view-picture.h"

#include "app/slice-paint.h"

/* Whether a pixel of the texture has that colour. */
static gboolean
has_colour (GdkTexture *texture, guint32 rgb)
{
  gsize width = (gsize) gdk_texture_get_width (texture);
  gsize n = width * (gsize) gdk_texture_get_height (texture);
  g_autofree guint32 *pixels = g_new (guint32, n);

  gdk_texture_download (texture, (guchar *) pixels, 4 * width);
  for (gsize i = 0; i < n; i++)
    if ((pixels[i] & 0xffffff) == rgb)
      return TRUE;
  return FALSE;
}

static void
assert_of_view (GdkTexture *texture, GtkWidget *view)
{
  g_assert_cmpint (gdk_texture_get_width (texture), ==, gtk_widget_get_width (view));
  g_assert_cmpint (gdk_texture_get_height (texture), ==, gtk_widget_get_height (view));
  g_assert_true (has_colour (texture, PL_TRUTH_RGB));
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  GdkTexture **texture = data;

  *texture = gdk_clipboard_read_texture_finish (GDK_CLIPBOARD (source), result, &error);
  g_assert_no_error (error);
}

static GdkTexture *
read_clipboard (WindowRig *rig)
{
  GdkTexture *texture = NULL;

  gdk_clipboard_read_texture_async (gtk_widget_get_clipboard (GTK_WIDGET (rig->window)), NULL,
                                    read_cb, &texture);
  window_rig_wait (texture != NULL, 10);
  return texture;
}

/* The view that is in view, masks and all. */
static void
test_copy (WindowRig *rig, gconstpointer data)
{
  g_autoptr (GdkTexture) slice = NULL;
  g_autoptr (GdkTexture) compare = NULL;

  g_assert_false (window_rig_is_enabled (rig, "copy-picture"));
  window_rig_open_data (rig);
  window_rig_settle (rig);
  g_assert_true (window_rig_is_enabled (rig, "copy-picture"));
  window_rig_activate (rig, "copy-picture");
  window_rig_wait (window_rig_shows (rig->window, "The picture was copied"), 10);
  slice = read_clipboard (rig);
  assert_of_view (slice, rig->window->slice_view);
  window_rig_activate (rig, "compare-outline");
  window_rig_activate (rig, "view::compare");
  window_rig_settle (rig);
  window_rig_activate (rig, "copy-picture");
  compare = read_clipboard (rig);
  assert_of_view (compare, rig->window->compare_view);
}

static GdkContentProvider *
prepare_drag (WindowRig *rig)
{
  GtkWidget *button = window_rig_child (rig->window->view_bar, "copy_button");
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (button);
  GdkContentProvider *provider = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GObject) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_DRAG_SOURCE (controller))
        g_signal_emit_by_name (controller, "prepare", 1.0, 1.0, &provider);
    }
  return provider;
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  gdk_content_provider_write_mime_type_finish (GDK_CONTENT_PROVIDER (source), result, &error);
  g_assert_no_error (error);
  *(gboolean *) data = TRUE;
}

/* Nothing lies in the cache before a program asks for the file. */
static void
test_drag (WindowRig *rig, gconstpointer data)
{
  g_autoptr (GdkContentProvider) provider = NULL;
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (GdkTexture) texture = NULL;
  g_autofree char *path = NULL;
  g_autofree char *uri = NULL;
  g_autofree char *expected = NULL;
  gboolean done = FALSE;

  g_assert_null (prepare_drag (rig));
  window_rig_open_data (rig);
  window_rig_show_volume (rig);
  window_rig_activate (rig, "slice(2)");
  path = g_build_filename (g_get_user_cache_dir (), "pleura", "pictures", "IMG_0012_slice_003.png",
                           NULL);
  uri = g_filename_to_uri (path, NULL, NULL);
  expected = g_strconcat (uri, "\r\n", NULL);
  window_rig_settle (rig);
  provider = prepare_drag (rig);
  g_assert_nonnull (provider);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  gdk_content_provider_write_mime_type_async (provider, "text/uri-list", stream, G_PRIORITY_DEFAULT,
                                              NULL, written_cb, &done);
  window_rig_wait (done, 10);
  g_output_stream_write_all (stream, "", 1, NULL, NULL, NULL);
  g_assert_cmpstr (g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (stream)), ==, expected);
  texture = gdk_texture_new_from_filename (path, NULL);
  g_assert_nonnull (texture);
  g_assert_cmpint (gdk_texture_get_width (texture), ==,
                   gtk_widget_get_width (rig->window->slice_view));
  pl_view_picture_remove_old (); /* as the next start does */
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static GdkTexture *
save (WindowRig *rig, const char *name, gboolean with_masks)
{
  g_autofree char *path = g_build_filename (window_rig_scratch (), name, NULL);
  g_autofree char *said = g_strdup_printf ("“%s” was saved", name);
  GdkTexture *texture;

  pl_app_window_save_slice (rig->window, path, with_masks);
  window_rig_wait (window_rig_shows (rig->window, said), 10);
  texture = gdk_texture_new_from_filename (path, NULL);
  g_assert_nonnull (texture);
  g_assert_cmpint (gdk_texture_get_width (texture), ==, 64);
  g_assert_cmpint (gdk_texture_get_height (texture), ==, 64);
  return texture;
}

static void
test_save (WindowRig *rig, gconstpointer data)
{
  g_autoptr (GdkTexture) with = NULL;
  g_autoptr (GdkTexture) without = NULL;
  g_autofree char *missing = g_build_filename (window_rig_scratch (), "no", "such.png", NULL);
  g_autofree char *whole = g_build_filename (window_rig_scratch (), "named.png", NULL);
  g_autofree char *part = g_build_filename (window_rig_scratch (), "named", NULL);

  g_assert_false (window_rig_is_enabled (rig, "export-slice"));
  pl_app_window_save_slice (rig->window, whole, TRUE); /* there is none */
  window_rig_open_data (rig);
  g_assert_true (window_rig_is_enabled (rig, "export-slice"));
  with = save (rig, "with.png", TRUE);
  without = save (rig, "without.png", FALSE);
  g_assert_true (has_colour (with, PL_TRUTH_RGB));
  g_assert_false (has_colour (without, PL_TRUTH_RGB));
  g_assert_false (g_file_test (whole, G_FILE_TEST_EXISTS));
  pl_app_window_save_slice (rig->window, part, FALSE);
  window_rig_wait (g_file_test (whole, G_FILE_TEST_EXISTS), 10);
  pl_app_window_save_slice (rig->window, missing, TRUE);
  window_rig_wait (window_rig_has_problem (rig, "“such.png” could not be saved", missing), 10);
}

int
main (int argc, char **argv)
{
  window_rig_init (&argc, &argv);
  WINDOW_RIG_ADD ("/app/window-picture/copy", test_copy);
  WINDOW_RIG_ADD ("/app/window-picture/drag", test_drag);
  WINDOW_RIG_ADD ("/app/window-picture/save", test_save);
  return window_rig_run ();
}
