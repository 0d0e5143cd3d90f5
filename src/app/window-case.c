/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The case in view: its image and its mask load side by side, and each answer is dropped when
 * another case has been chosen meanwhile. The slices of a volume are shown as they arrive.
 */
#include "app/window-private.h"

#include "app/relay.h"

#include <glib/gi18n.h>

PlCaseItem *
pl_app_window_find_case (PlAppWindow *self, const char *name)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->cases));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (PlCaseItem) item = g_list_model_get_item (G_LIST_MODEL (self->cases), i);

      if (g_str_equal (pl_case_item_get_name (item), name))
        return item; /* the list keeps it */
    }
  return NULL;
}

void
pl_app_window_update_title (PlAppWindow *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->cases));
  const char *name = self->current == NULL ? NULL : pl_case_item_get_name (self->current);
  g_autofree char *title = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *count = NULL;
  g_autofree char *both = NULL;

  if (self->current != NULL)
    g_object_get (self->current, "title", &title, NULL);
  pl_view_bar_set_case (self->view_bar, title, name);
  if (self->dataset == NULL)
    return;
  folder = g_filename_display_basename (self->dataset->folder);
  count = g_strdup_printf (ngettext ("%u case", "%u cases", n), n);
  /* Translators: a case and its folder, in the title of the window. */
  both = title == NULL ? g_strdup (folder) : g_strdup_printf (_ ("%s – %s"), title, folder);
  adw_view_switcher_title_set_title (self->title, folder);
  adw_view_switcher_title_set_subtitle (self->title, name == NULL ? count : name);
  gtk_window_set_title (GTK_WINDOW (self), both);
}

/* An answer waits until its request's case is still the one in view; the requests hold the window,
 * so that it outlives them. */
typedef struct
{
  PlAppWindow *window;       /* Owned */
  GCancellable *cancellable; /* Owned */
  PlRelay *relay;            /* Owned, nullable */
} Request;

static Request *
request_new (PlAppWindow *self, PlRelay *relay)
{
  Request *request = g_new0 (Request, 1);

  request->window = g_object_ref (self);
  request->cancellable = g_object_ref (self->loading.cancellable);
  request->relay = relay;
  return request;
}

static void
request_free (Request *request)
{
  g_clear_object (&request->window);
  g_clear_object (&request->cancellable);
  g_clear_pointer (&request->relay, pl_relay_unref);
  g_free (request);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Request, request_free)

static void
set_loading (PlAppWindow *self, gboolean loading)
{
  pl_app_window_set_action_state (self, "loading", g_variant_new_boolean (loading));
  if (self->is_closed)
    return;
  pl_case_list_set_loading (self->case_list, loading);
  if (!loading)
    pl_app_window_measure_cases (self);
}

void
pl_app_window_show_prediction (PlAppWindow *self)
{
  g_autoptr (PlMask) prediction = NULL;

  if (!self->volume_is_current)
    return;
  if (self->epoch_shown > 0)
    {
      pl_view_state_set_prediction (
          self->state, pl_epoch_volume_get_mask (self->epoch_volume, self->epoch_shown,
                                                 pl_view_state_get_volume (self->state)));
      return;
    }
  prediction = pl_case_item_dup_prediction (self->current);
  pl_view_state_set_prediction (self->state, prediction);
  if (prediction != NULL)
    pl_view_state_set_heat (self->state, pl_case_item_get_heat (self->current));
}

void
pl_app_window_show_second (PlAppWindow *self)
{
  g_autoptr (PlMask) second = NULL;

  if (!self->volume_is_current)
    return;
  second = pl_case_item_dup_second (self->current);
  pl_view_state_set_second (self->state, second);
}

static void
show_volume (PlAppWindow *self, PlVolume *volume)
{
  if (self->volume_is_current && volume == pl_view_state_get_volume (self->state))
    {
      pl_view_state_slices_arrived (self->state);
      return;
    }
  self->n_shown++;
  pl_view_state_set_volume (self->state, volume);
  self->volume_is_current = TRUE;
  pl_view_state_set_truth (self->state, self->truth);
  pl_app_window_show_prediction (self);
  pl_app_window_show_second (self);
}

static void
finish_one_load (PlAppWindow *self)
{
  if (--self->n_loads > 0)
    return;
  pl_app_window_end_work (self, &self->loading);
  set_loading (self, FALSE);
  pl_app_window_keep_volume (self);
  pl_app_window_update_live (self);
}

static void
report_load (PlAppWindow *self, const char *path, const GError *error)
{
  g_autofree char *name = g_path_get_basename (path);
  /* Translators: %s is a file name. */
  g_autofree char *summary = g_strdup_printf (_ ("“%s” could not be opened"), name);

  pl_app_window_report (self, summary, error);
}

/* A cancelled or failed load leaves no half of a volume to be looked at or predicted. */
static void
fail_load (PlAppWindow *self, const GError *error)
{
  report_load (self, pl_case_item_get_case (self->current)->image_path, error);
  pl_app_window_fail_case (self, error);
  g_cancellable_cancel (self->loading.cancellable);
  pl_view_state_set_volume (self->state, NULL);
  self->volume_is_current = FALSE;
  self->n_loads = 0;
  pl_app_window_end_work (self, &self->loading);
  set_loading (self, FALSE);
}

static void
load_progress_cb (GObject *target, PlVolume *volume, double fraction)
{
  PlAppWindow *self = PL_APP_WINDOW (target);

  if (self->loading.cancellable == NULL)
    return;
  self->loading.fraction = fraction;
  pl_app_window_update_work (self);
  if (volume != NULL)
    show_volume (self, volume);
}

/* The image is there, and what was drawn of a broken file is drawn again. The picture is of the
 * file as it is read by rule. */
static void
take_image (PlAppWindow *self, PlVolume *volume)
{
  if (pl_case_item_get_problem (self->current) != NULL)
    pl_case_item_set_thumbnail (self->current, NULL);
  pl_case_item_set_problem (self->current, NULL);
  if (volume->header.page == 0 && pl_case_item_get_slice_axis (self->current) < 0)
    pl_case_list_draw_thumbnail (self->case_list, self->current, volume);
}

static void
image_loaded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Request) request = data;
  PlAppWindow *self = request->window;
  g_autoptr (GError) error = NULL;
  g_autoptr (PlVolume) volume = pl_volume_load_finish (result, &error);

  pl_relay_stop (request->relay);
  if (self->loading.cancellable != request->cancellable)
    return;
  if (volume == NULL)
    {
      fail_load (self, error);
      return;
    }
  show_volume (self, volume);
  take_image (self, volume);
  finish_one_load (self);
}

static void
load_image (PlAppWindow *self)
{
  PlRelay *relay = pl_relay_new (G_OBJECT (self), self->loading.cancellable, load_progress_cb);
  const PlCase *source = pl_case_item_get_case (self->current);
  PlLoadOptions options = pl_case_load_options (source);

  options.progress = pl_relay_report_volume_cb;
  options.progress_data = relay;
  pl_volume_load_async (source->image_path, &options, self->loading.cancellable, image_loaded_cb,
                        request_new (self, relay));
}

static void
load_mask_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  PlMask *mask = pl_case_load_mask (data, cancellable, &error);

  if (mask == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, mask, (GDestroyNotify) pl_mask_unref);
}

static void
mask_loaded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Request) request = data;
  PlAppWindow *self = request->window;
  g_autoptr (GError) error = NULL;
  g_autoptr (PlMask) mask = g_task_propagate_pointer (G_TASK (result), &error);

  if (self->loading.cancellable != request->cancellable)
    return;
  if (mask == NULL)
    report_load (self, pl_case_item_get_case (self->current)->mask_path, error);
  g_clear_pointer (&self->truth, pl_mask_unref);
  self->truth = g_steal_pointer (&mask);
  if (self->volume_is_current)
    pl_view_state_set_truth (self->state, self->truth);
  finish_one_load (self);
}

static void
load_mask (PlAppWindow *self)
{
  const PlCase *source = pl_case_item_get_case (self->current);
  g_autoptr (GTask) task = NULL;

  task = g_task_new (NULL, self->loading.cancellable, mask_loaded_cb, request_new (self, NULL));
  g_task_set_source_tag (task, load_mask);
  g_task_set_task_data (task, pl_case_copy (source), pl_case_free);
  g_task_run_in_thread (task, load_mask_thread);
}

static void
forget_case (PlAppWindow *self)
{
  self->has_failed = FALSE;
  g_cancellable_cancel (self->loading.cancellable);
  g_clear_pointer (&self->truth, pl_mask_unref);
  pl_app_window_end_work (self, &self->loading);
  pl_view_state_set_volume (self->state, NULL);
  set_loading (self, FALSE);
}

/* Without reading it again. What was loading is not waited for. */
static gboolean
show_kept (PlAppWindow *self)
{
  g_autoptr (PlMask) truth = NULL;
  g_autoptr (PlVolume) volume = pl_app_window_find_volume (self, &truth);

  if (volume == NULL)
    return FALSE;
  g_cancellable_cancel (self->loading.cancellable);
  self->n_loads = 0;
  g_clear_pointer (&self->truth, pl_mask_unref);
  self->truth = g_steal_pointer (&truth);
  show_volume (self, volume);
  pl_app_window_end_work (self, &self->loading);
  set_loading (self, FALSE);
  take_image (self, volume);
  pl_app_window_update_live (self);
  return TRUE;
}

void
pl_app_window_load_case (PlAppWindow *self)
{
  g_autofree char *text = NULL;

  self->volume_is_current = FALSE;
  self->has_failed = FALSE;
  if (show_kept (self))
    return;
  /* Translators: %s is a file name. */
  text = g_strdup_printf (_ ("Loading %s…"), pl_case_item_get_name (self->current));
  pl_app_window_begin_work (self, &self->loading, text);
  set_loading (self, TRUE);
  g_clear_pointer (&self->truth, pl_mask_unref);
  self->n_loads = 1;
  load_image (self);
  if (pl_case_item_get_case (self->current)->mask_path != NULL)
    {
      self->n_loads++;
      load_mask (self);
    }
}

/* The image is as it was. */
void
pl_app_window_load_truth (PlAppWindow *self)
{
  g_autofree char *text = NULL;

  if (self->current == NULL || pl_case_item_get_case (self->current)->mask_path == NULL)
    return;
  if (!self->volume_is_current || self->n_loads > 0)
    {
      pl_app_window_load_case (self);
      return;
    }
  text = g_strdup_printf (_ ("Loading %s…"), pl_case_item_get_name (self->current));
  pl_app_window_begin_work (self, &self->loading, text);
  set_loading (self, TRUE);
  pl_app_window_update_volume_key (self);
  self->n_loads = 1;
  load_mask (self);
}

void
pl_app_window_show_case (PlAppWindow *self, PlCaseItem *item)
{
  const char *name = item == NULL ? "" : pl_case_item_get_name (item);

  if (item != NULL && item == self->current && !self->has_failed)
    return;
  if (self->current != NULL)
    pl_case_item_set_shown (self->current);
  g_set_object (&self->current, item);
  self->volume_is_current = FALSE;
  pl_case_list_select (self->case_list, item);
  pl_app_window_set_action_state (self, "case", g_variant_new_string (name));
  pl_app_window_update_title (self);
  pl_app_window_update_reading (self);
  if (item == NULL)
    forget_case (self);
  else
    pl_app_window_load_case (self);
}
