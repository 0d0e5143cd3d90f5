/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window puts its parts together: the case list chooses what is shown, the view state holds
 * it, the views draw it, and the actions change it. What each part of it does is in the window-*.c
 * files; its layout is in ui/window.ui.
 */
#include "app/window-private.h"

#include "app/compare-view.h"
#include "app/montage-view.h"
#include "app/planes-view.h"
#include "app/settings.h"
#include "app/shortcuts.h"
#include "app/slice-view.h"
#include "app/wrap-layout.h"

#include <glib/gi18n.h>

G_DEFINE_FINAL_TYPE (PlAppWindow, pl_app_window, ADW_TYPE_APPLICATION_WINDOW)

PlAppWindow *
pl_app_window_new (GtkApplication *application)
{
  return g_object_new (PL_TYPE_APP_WINDOW, "application", application, NULL);
}

/* The view switcher belongs to the views: on the other pages the title stands in its place. */
void
pl_app_window_show_page (PlAppWindow *self, const char *page)
{
  gboolean has_views = g_str_equal (page, "content");

  if (has_views && gtk_widget_get_width (GTK_WIDGET (self->cases_flap)) == 0)
    pl_app_window_lay_out_panels (self);
  gtk_stack_set_visible_child_name (self->pages, page);
  adw_view_switcher_title_set_view_switcher_enabled (self->title, has_views);
  gtk_widget_set_visible (self->switcher_bar, has_views);
}

static void
save_size (PlAppWindow *self)
{
  GSettings *settings = pl_settings_get ();
  int width;
  int height;

  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  g_settings_set_int (settings, "window-width", width);
  g_settings_set_int (settings, "window-height", height);
  g_settings_set_boolean (settings, "window-maximized",
                          gtk_window_is_maximized (GTK_WINDOW (self)));
}

static void
restore_size (PlAppWindow *self)
{
  GSettings *settings = pl_settings_get ();

  gtk_window_set_default_size (GTK_WINDOW (self), g_settings_get_int (settings, "window-width"),
                               g_settings_get_int (settings, "window-height"));
  if (g_settings_get_boolean (settings, "window-maximized"))
    gtk_window_maximize (GTK_WINDOW (self));
}

static void
cancel_work (PlAppWindow *self)
{
  PlWork *works[] = { &self->opening, &self->loading, &self->predicting, &self->exporting,
                      &self->checking };

  for (gsize i = 0; i < G_N_ELEMENTS (works); i++)
    {
      g_cancellable_cancel (works[i]->cancellable);
      g_clear_object (&works[i]->cancellable);
      g_clear_pointer (&works[i]->text, g_free);
    }
  pl_app_window_stop_measuring (self);
  pl_pending_forget (&self->adding);
  pl_app_window_stop_check (self);
}

/* A training saves itself first; its finish callback closes the window then. */
static gboolean
close_request_cb (PlAppWindow *self)
{
  save_size (self);
  pl_app_window_keep_levels (self);
  if (pl_app_window_is_training (self))
    {
      self->closing = TRUE;
      pl_app_window_stop_training (self);
      pl_app_window_toast (self, _ ("Stopping the training and saving the model…"));
      return GDK_EVENT_STOP;
    }
  cancel_work (self);
  return GDK_EVENT_PROPAGATE;
}

static void
case_chosen_cb (PlAppWindow *self, PlCaseItem *item)
{
  pl_app_window_show_case (self, item);
}

static void
search_done_cb (PlAppWindow *self)
{
  pl_app_window_focus_view (self);
}

static void
open_slice_cb (PlAppWindow *self)
{
  PlMontageContent *content = pl_montage_view_get_content (PL_MONTAGE_VIEW (self->montage_view));

  adw_view_stack_set_visible_child_name (
      self->views, pl_montage_content_shows_planes (content) ? "planes" : "slice");
}

/* The keys of the views are heard where the focus is. */
void
pl_app_window_focus_view (PlAppWindow *self)
{
  GtkWidget *view = adw_view_stack_get_visible_child (self->views);
  PlSliceView *slice_view = pl_app_window_find_slice_view (self);

  if (gtk_widget_get_mapped (self->reload_button))
    gtk_widget_grab_focus (self->reload_button);
  else if (!gtk_widget_grab_focus (slice_view != NULL ? GTK_WIDGET (slice_view) : view))
    gtk_widget_child_focus (view, GTK_DIR_TAB_FORWARD);
}

static void
view_changed_cb (PlAppWindow *self)
{
  const char *name = adw_view_stack_get_visible_child_name (self->views);

  if (name == NULL || self->is_closed)
    return;
  if (pl_view_state_probe_is_held (self->state) && pl_app_window_find_slice_view (self) == NULL)
    pl_view_state_set_probe (self->state, -1, -1);
  pl_app_window_focus_view (self);
  pl_app_window_set_action_state (self, "view", g_variant_new_string (name));
  pl_app_window_update_live (self);
  pl_app_window_update_actions (self);
  g_settings_set_string (pl_settings_get (), "view", name);
}

/* What is held: Space hides the masks, B shows two of them in turn, with Caps Lock too. */
static gboolean
key_pressed_cb (PlAppWindow *self, guint key, guint code, GdkModifierType modifiers)
{
  if ((modifiers & gtk_accelerator_get_default_mod_mask ()) != 0)
    return GDK_EVENT_PROPAGATE;
  if (key == GDK_KEY_space)
    pl_view_state_set_peek (self->state, TRUE);
  else if (gdk_keyval_to_lower (key) == GDK_KEY_b && gtk_widget_get_mapped (self->compare_view))
    g_object_set (self->compare_view, "blink", TRUE, NULL);
  else
    return GDK_EVENT_PROPAGATE;
  return GDK_EVENT_STOP;
}

static void
key_released_cb (PlAppWindow *self, guint key)
{
  if (key == GDK_KEY_space)
    pl_view_state_set_peek (self->state, FALSE);
  else if (gdk_keyval_to_lower (key) == GDK_KEY_b)
    g_object_set (self->compare_view, "blink", FALSE, NULL);
}

static void
focus_left_cb (PlAppWindow *self)
{
  pl_view_state_set_peek (self->state, FALSE);
  g_object_set (self->compare_view, "blink", FALSE, NULL);
}

/* As letters they are heard wherever nobody wants them: an entry or a button has them first. */
static void
add_held_keys (PlAppWindow *self)
{
  GtkEventController *key = gtk_event_controller_key_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  g_signal_connect_object (key, "key-pressed", G_CALLBACK (key_pressed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (key, "key-released", G_CALLBACK (key_released_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (focus, "leave", G_CALLBACK (focus_left_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self->cases_flap), key);
  gtk_widget_add_controller (GTK_WIDGET (self->cases_flap), focus);
}

static void
share_state (PlAppWindow *self)
{
  pl_slice_view_set_state (PL_SLICE_VIEW (self->slice_view), self->state);
  pl_montage_view_set_state (PL_MONTAGE_VIEW (self->montage_view), self->state);
  pl_compare_view_set_state (PL_COMPARE_VIEW (self->compare_view), self->state);
  pl_view_bar_set_state (self->view_bar, self->state);
}

static void
restore_view (PlAppWindow *self)
{
  g_autofree char *view = g_settings_get_string (pl_settings_get (), "view");

  adw_view_stack_set_visible_child_name (self->views, view);
  view_changed_cb (self);
  pl_app_window_add_panels (self);
}

/* What they show may change after the window is gone, and they would tell it of that. */
static void
remove_property_actions (PlAppWindow *self)
{
  g_auto (GStrv) names = g_action_group_list_actions (G_ACTION_GROUP (self));

  for (char **name = names; *name != NULL; name++)
    if (G_IS_PROPERTY_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self), *name)))
      g_action_map_remove_action (G_ACTION_MAP (self), *name);
}

static void
pl_app_window_dispose (GObject *object)
{
  PlAppWindow *self = PL_APP_WINDOW (object);

  self->is_closed = TRUE;
  cancel_work (self);
  remove_property_actions (self);
  g_clear_weak_pointer (&self->findings);
  g_clear_weak_pointer (&self->problems_window);
  g_clear_handle_id (&self->play_source, g_source_remove);
  g_clear_handle_id (&self->live_source, g_source_remove);
  pl_app_window_stop_epochs (self);
  pl_app_window_forget_levels (self);
  if (pl_app_window_is_training (self))
    {
      if (self->experiment != NULL)
        pl_experiment_stop (self->experiment);
      else
        pl_trainer_stop (self->trainer);
      g_clear_object (&self->trainer);
      g_clear_object (&self->experiment);
      g_application_release (g_application_get_default ());
    }

  G_OBJECT_CLASS (pl_app_window_parent_class)->dispose (object);
}

/* What the handlers of dying children still ask for. */
static void
pl_app_window_finalize (GObject *object)
{
  PlAppWindow *self = PL_APP_WINDOW (object);

  g_clear_object (&self->current);
  g_clear_object (&self->cases);
  g_clear_pointer (&self->removed, g_ptr_array_unref);
  g_clear_object (&self->problems);
  g_clear_object (&self->state);
  g_clear_pointer (&self->truth, pl_mask_unref);
  g_clear_pointer (&self->undo, pl_undo_free);
  g_clear_pointer (&self->check, pl_check_state_free);
  g_clear_pointer (&self->volumes, pl_volume_cache_free);
  g_clear_pointer (&self->volume_key, g_free);
  g_clear_pointer (&self->model, pl_model_unref);
  g_clear_pointer (&self->model_name, g_free);
  g_clear_pointer (&self->second_model, pl_model_unref);
  g_clear_pointer (&self->dataset, pl_dataset_free);
  g_clear_pointer (&self->preset, g_free);
  pl_app_window_forget_live (self);
  pl_app_window_forget_epochs (self);
  g_clear_pointer (&self->trained_folder, g_free);
  g_clear_pointer (&self->run_folder, g_free);
  g_clear_pointer (&self->resume_folder, g_free);
  g_clear_pointer (&self->start_path, g_free);
  g_clear_pointer (&self->left_out, g_strfreev);

  G_OBJECT_CLASS (pl_app_window_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, "/org/pleura/Pleura/ui/window.ui");
  gtk_widget_class_bind_template_child (widget_class, PlAppWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, PlAppWindow, view_toasts);
  gtk_widget_class_bind_template_child (widget_class, PlAppWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, PlAppWindow, open_button);
  gtk_widget_class_bind_template_child (widget_class, PlAppWindow, title);
  gtk_widget_class_bind_template_child (widget_class, PlAppWindow, switcher_bar);
  gtk_widget_class_bind_template_child (widget_class, PlAppWindow, views);
  gtk_widget_class_bind_template_child (widget_class, PlAppWindow, slice_view);
  gtk_widget_class_bind_template_child (widget_class, PlAppWindow, montage_view);
  gtk_widget_class_bind_template_child (widget_class, PlAppWindow, compare_view);
  gtk_widget_class_bind_template_child (widget_class, PlAppWindow, planes_view);
  gtk_widget_class_bind_template_child (widget_class, PlAppWindow, cases_flap);
  gtk_widget_class_bind_template_child (widget_class, PlAppWindow, train_flap);
  gtk_widget_class_bind_template_child (widget_class, PlAppWindow, view_area);
  gtk_widget_class_bind_template_child (widget_class, PlAppWindow, view_pages);
  gtk_widget_class_bind_template_child (widget_class, PlAppWindow, failed_page);
  gtk_widget_class_bind_template_child (widget_class, PlAppWindow, reload_button);
  gtk_widget_class_bind_template_child (widget_class, PlAppWindow, case_list);
  gtk_widget_class_bind_template_child (widget_class, PlAppWindow, train_panel);
  gtk_widget_class_bind_template_child (widget_class, PlAppWindow, view_bar);
  gtk_widget_class_bind_template_child (widget_class, PlAppWindow, epoch_bar);
  gtk_widget_class_bind_template_child (widget_class, PlAppWindow, opening_label);
  gtk_widget_class_bind_template_child (widget_class, PlAppWindow, opening_progress);
  gtk_widget_class_bind_template_child (widget_class, PlAppWindow, resume_revealer);
  gtk_widget_class_bind_template_child (widget_class, PlAppWindow, resume_label);
  gtk_widget_class_bind_template_child (widget_class, PlAppWindow, resume_button);
  gtk_widget_class_bind_template_child (widget_class, PlAppWindow, work_revealer);
  gtk_widget_class_bind_template_child (widget_class, PlAppWindow, work_label);
  gtk_widget_class_bind_template_child (widget_class, PlAppWindow, work_progress);
  gtk_widget_class_bind_template_callback (widget_class, close_request_cb);
  gtk_widget_class_bind_template_callback (widget_class, case_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_done_cb);
  gtk_widget_class_bind_template_callback (widget_class, open_slice_cb);
  gtk_widget_class_bind_template_callback (widget_class, view_changed_cb);
}

static void
pl_app_window_class_init (PlAppWindowClass *klass)
{
  g_type_ensure (PL_TYPE_CASE_LIST);
  g_type_ensure (PL_TYPE_VIEW_BAR);
  g_type_ensure (PL_TYPE_EPOCH_BAR);
  g_type_ensure (PL_TYPE_SLICE_VIEW);
  g_type_ensure (PL_TYPE_MONTAGE_VIEW);
  g_type_ensure (PL_TYPE_COMPARE_VIEW);
  g_type_ensure (PL_TYPE_PLANES_VIEW);
  g_type_ensure (PL_TYPE_TRAIN_PANEL);
  g_type_ensure (PL_TYPE_ROOM_LAYOUT);

  G_OBJECT_CLASS (klass)->dispose = pl_app_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = pl_app_window_finalize;
  bind_template (GTK_WIDGET_CLASS (klass));
}

static void
pl_app_window_init (PlAppWindow *self)
{
  self->state = pl_view_state_new ();
  self->cases = g_list_store_new (PL_TYPE_CASE_ITEM);
  self->problems = gtk_string_list_new (NULL);

  pl_app_window_add_actions (self);
  pl_app_window_add_slice_actions (self);
  pl_app_window_add_cases_actions (self);
  pl_app_window_add_failed_actions (self);
  pl_app_window_add_undo_actions (self);
  pl_app_window_add_check_actions (self);
  pl_app_window_add_manifest_actions (self);
  pl_app_window_add_left_out_actions (self);
  pl_app_window_add_experiment_actions (self);
  pl_app_window_add_split_actions (self);
  pl_app_window_add_classes (self);
  pl_app_window_add_bundle_actions (self);
  pl_app_window_add_epoch_actions (self);
  pl_app_window_add_resume_actions (self);
  gtk_widget_init_template (GTK_WIDGET (self));
  share_state (self);
  pl_app_window_add_volumes (self);
  pl_app_window_add_planes (self);
  pl_app_window_bind_display (self);
  pl_app_window_bind_levels (self);
  pl_app_window_add_compare_actions (self);
  pl_app_window_add_runs_actions (self);
  pl_app_window_add_setup_actions (self);
  pl_app_window_add_picture_actions (self);
  pl_app_window_bind_check (self);
  pl_app_window_bind_live (self);
  pl_app_window_bind_epochs (self);
  pl_app_window_bind_montage (self); /* what it recalls updates the commands of all */
  pl_app_window_accept_drops (self);
  pl_app_window_add_recent (self);
  pl_shortcuts_add_letters (GTK_WIDGET (self->cases_flap));
  pl_shortcuts_add_moves (GTK_WIDGET (self->views));
  add_held_keys (self);
  restore_size (self);
  restore_view (self);
  pl_app_window_watch_view (self);
  pl_app_window_show_page (self, "empty");
  pl_app_window_update_actions (self);
  pl_app_window_offer_resume (self);
}
