/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A case that is in view without an image, since it could not be loaded or a person has cancelled
 * that: in place of a black view the window says why, and offers to load it again. The montage of
 * other cases needs no image, and stays.
 */
#include "app/window-private.h"

#include "app/error-text.h"
#include "app/montage-view.h"

#include <glib/gi18n.h>

static void
reload_case_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pl_app_window_load_case (data);
}

static const GActionEntry entries[] = {
  { "reload-case", reload_case_cb },
};

void
pl_app_window_add_failed_actions (PlAppWindow *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}

/* Of what was cancelled the file's name says enough. */
void
pl_app_window_fail_case (PlAppWindow *self, const GError *error)
{
  gboolean is_cancelled = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_autofree char *reason =
      is_cancelled ? g_strdup (pl_case_item_get_name (self->current)) : pl_error_dup_text (error);
  g_autofree char *markup = g_markup_escape_text (reason, -1);

  self->has_failed = TRUE;
  if (!is_cancelled)
    pl_case_item_set_problem (self->current, reason);
  adw_status_page_set_icon_name (self->failed_page, is_cancelled ? "process-stop-symbolic"
                                                                 : "dialog-warning-symbolic");
  adw_status_page_set_title (self->failed_page, is_cancelled ? _ ("Loading was cancelled")
                                                             : _ ("The image could not be loaded"));
  adw_status_page_set_description (self->failed_page, markup);
}

static gboolean
shows_cases (PlAppWindow *self)
{
  PlMontageContent *content = pl_montage_view_get_content (PL_MONTAGE_VIEW (self->montage_view));

  return adw_view_stack_get_visible_child (self->views) == self->montage_view &&
         pl_montage_content_has_cases (content);
}

static gboolean
has_focus (PlAppWindow *self)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  return focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->view_pages));
}

/* The focus of the page that goes is that of the page that comes, so that Enter is enough to load
 * the case again. It is asked for first: a button that is no longer enabled loses it. */
void
pl_app_window_update_failed (PlAppWindow *self)
{
  const char *page = self->has_failed && !shows_cases (self) ? "failed" : "views";
  GAction *reload = g_action_map_lookup_action (G_ACTION_MAP (self), "reload-case");
  gboolean is_other = !g_str_equal (page, gtk_stack_get_visible_child_name (self->view_pages));
  gboolean moves_focus = is_other && has_focus (self);

  gtk_stack_set_visible_child_name (self->view_pages, page);
  g_simple_action_set_enabled (G_SIMPLE_ACTION (reload), self->has_failed);
  if (moves_focus)
    pl_app_window_focus_view (self);
}
