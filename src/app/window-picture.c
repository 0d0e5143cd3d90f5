/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures for other programs: the view as it is on the screen goes to the clipboard or is dragged
 * from the same button, and the slice is saved with the pixels of the image.
 */
#include "app/window-private.h"

#include "app/view-picture.h"

#include <glib/gi18n.h>

/* Of what is dragged. */
#define ICON_WIDTH_PX 160.0

/* (nullable) */
static GdkTexture *
take_picture (PlAppWindow *self)
{
  if (pl_view_state_get_volume (self->state) == NULL)
    return NULL;
  return pl_view_picture_take (adw_view_stack_get_visible_child (self->views));
}

static void
copy_picture_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PlAppWindow *self = data;
  g_autoptr (GdkTexture) picture = take_picture (self);

  if (picture == NULL)
    return;
  gdk_clipboard_set_texture (gtk_widget_get_clipboard (GTK_WIDGET (self)), picture);
  pl_app_window_toast (self, _ ("The picture was copied"));
}

static void
export_slice_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pl_app_window_choose_slice_to_save (data, g_variant_get_boolean (parameter));
}

char *
pl_app_window_dup_slice_name (PlAppWindow *self)
{
  g_autofree char *stem = pl_image_dup_stem (pl_case_item_get_case (self->current)->image_path);

  if (pl_view_state_get_n_slices (self->state) == 1)
    return g_strconcat (stem, ".png", NULL);
  return g_strdup_printf ("%s_slice_%03d.png", stem, pl_view_state_get_slice (self->state) + 1);
}

static void
set_drag_icon (GtkDragSource *source, GdkTexture *picture)
{
  float width = ICON_WIDTH_PX;
  float height =
      width * (float) gdk_texture_get_height (picture) / (float) gdk_texture_get_width (picture);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr (GdkPaintable) icon = NULL;

  gtk_snapshot_append_texture (snapshot, picture, &GRAPHENE_RECT_INIT (0, 0, width, height));
  icon = gtk_snapshot_free_to_paintable (snapshot, NULL);
  gtk_drag_source_set_icon (source, icon, 0, 0);
}

static GdkContentProvider *
prepare_drag_cb (PlAppWindow *self, double x, double y, GtkDragSource *source)
{
  g_autoptr (GdkTexture) picture = take_picture (self);
  g_autofree char *name = NULL;
  g_autofree char *path = NULL;

  if (picture == NULL)
    return NULL;
  name = pl_app_window_dup_slice_name (self);
  path = pl_view_picture_dup_path (name);
  set_drag_icon (source, picture);
  return pl_view_picture_provider_new (picture, path);
}

static const GActionEntry entries[] = {
  { "copy-picture", copy_picture_cb },
  { "export-slice", export_slice_cb, "b" },
};

void
pl_app_window_add_picture_actions (PlAppWindow *self)
{
  GtkDragSource *source = gtk_drag_source_new ();

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  g_signal_connect_object (source, "prepare", G_CALLBACK (prepare_drag_cb), self,
                           G_CONNECT_SWAPPED);
  pl_view_bar_add_picture_drag (self->view_bar, source);
}
