/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A GtkListView keeps some 200 rows bound, far more than are in sight, so a thumbnail is asked for
 * by looking which bound rows lie in the scrolled part, one at a time, again after each one and
 * after each scroll.
 */
#include "app/case-list-private.h"

#include "app/thumbnail.h"

/* How far outside the visible part thumbnails are made ahead of time. */
#define MARGIN_PX 150

static gboolean
row_is_in_sight (PlCaseList *self, GtkWidget *row)
{
  graphene_rect_t bounds;

  if (!gtk_widget_get_mapped (row) ||
      !gtk_widget_compute_bounds (row, GTK_WIDGET (self->scroller), &bounds))
    return FALSE;
  return bounds.origin.y + bounds.size.height > -MARGIN_PX &&
         bounds.origin.y < gtk_widget_get_height (GTK_WIDGET (self->scroller)) + MARGIN_PX;
}

/* (nullable) (transfer none) */
static PlCaseItem *
find_item_without_thumbnail (PlCaseList *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    {
      PlCaseRow *row = g_ptr_array_index (self->rows, i);
      PlCaseItem *item = pl_case_row_get_item (row);

      if (item != NULL && pl_case_item_get_thumbnail (item) == NULL &&
          row_is_in_sight (self, GTK_WIDGET (row)))
        return item;
    }
  return NULL;
}

/* A case that cannot be drawn keeps this, so that it is not tried for ever. */
static GdkPaintable *
missing_picture (PlCaseList *self)
{
  GtkIconTheme *theme = gtk_icon_theme_get_for_display (gtk_widget_get_display (GTK_WIDGET (self)));

  return GDK_PAINTABLE (
      gtk_icon_theme_lookup_icon (theme, "image-missing-symbolic", NULL, 24, 1, 0, 0));
}

typedef struct
{
  GWeakRef list;
  PlCaseItem *item;
} ThumbnailRequest;

static void
thumbnail_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  ThumbnailRequest *request = data;
  g_autoptr (PlCaseList) self = g_weak_ref_get (&request->list);
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture = pl_thumbnail_make_finish (result, &error);

  if (self != NULL)
    {
      self->thumbnail_under_way = FALSE;
      if (texture != NULL)
        pl_case_item_set_thumbnail (request->item, GDK_PAINTABLE (texture));
      else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        {
          g_autoptr (GdkPaintable) missing = missing_picture (self);

          pl_case_item_set_thumbnail (request->item, missing);
        }
      pl_case_list_queue_thumbnails (self);
    }
  g_object_unref (request->item);
  g_weak_ref_clear (&request->list);
  g_free (request);
}

/* @volume: (nullable) */
static void
begin_thumbnail (PlCaseList *self, PlCaseItem *item, PlVolume *volume)
{
  ThumbnailRequest *request = g_new0 (ThumbnailRequest, 1);

  g_weak_ref_init (&request->list, self);
  request->item = g_object_ref (item);
  self->thumbnail_under_way = TRUE;
  pl_thumbnail_make_async (pl_case_item_get_case (item)->image_path, volume,
                           self->thumbnail_cancellable, thumbnail_cb, request);
}

static gboolean
make_thumbnail_cb (gpointer data)
{
  PlCaseList *self = data;
  PlCaseItem *item;

  self->idle_id = 0;
  if (self->thumbnail_under_way || self->is_loading)
    return G_SOURCE_REMOVE;
  item = find_item_without_thumbnail (self);
  if (item != NULL)
    begin_thumbnail (self, item, NULL);
  return G_SOURCE_REMOVE;
}

void
pl_case_list_queue_thumbnails (PlCaseList *self)
{
  if (self->idle_id == 0 && self->thumbnail_cancellable != NULL)
    self->idle_id = g_idle_add_full (G_PRIORITY_LOW, make_thumbnail_cb, self, NULL);
}

void
pl_case_list_set_loading (PlCaseList *self, gboolean is_loading)
{
  g_return_if_fail (PL_IS_CASE_LIST (self));

  self->is_loading = is_loading;
  if (!is_loading)
    pl_case_list_queue_thumbnails (self);
}

void
pl_case_list_draw_thumbnail (PlCaseList *self, PlCaseItem *item, PlVolume *volume)
{
  g_return_if_fail (PL_IS_CASE_LIST (self));

  if (!self->thumbnail_under_way && pl_case_item_get_thumbnail (item) == NULL)
    begin_thumbnail (self, item, volume);
}
