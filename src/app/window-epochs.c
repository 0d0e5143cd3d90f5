/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Going back in training time: the views show what an epoch that the run has kept makes of the
 * slices in view, instead of the newest, and in the end of all of a volume. The prediction of the
 * window's model is hidden meanwhile, since two epochs side by side would look like one.
 */
#include "app/window-private.h"

#include "app/comparison.h"
#include "app/montage-view.h"

#include "train/run-folder.h"

#include <glib/gi18n.h>
#include <math.h>

/* (nullable) */
static const PlEpoch *
find_figures (PlAppWindow *self, int epoch)
{
  for (guint i = 0; i < self->history->len; i++)
    if (g_array_index (self->history, PlEpoch, i).epoch == epoch)
      return &g_array_index (self->history, PlEpoch, i);
  return NULL;
}

static void
append_slice (PlAppWindow *self, GString *text)
{
  int slice = pl_view_state_get_slice (self->state);
  const guint8 *prediction = pl_view_state_prediction_slice (self->state, slice);
  const guint8 *truth = pl_view_state_mask_slice (self->state, PL_MASK_TRUTH, slice);
  const int *n;

  if (prediction == NULL || truth == NULL)
    return;
  n = pl_view_state_get_volume (self->state)->n;
  g_string_append_printf (
      text, _ (" · this slice: Dice %.3f"),
      pl_comparison_count (prediction, truth, (gsize) n[1] * (gsize) n[2]).dice);
}

/* Planes across the slices have nothing to show before all is there. */
static void
append_progress (PlAppWindow *self, GString *text)
{
  double fraction = pl_epoch_volume_get_fraction (self->epoch_volume, self->epoch_shown,
                                                  pl_view_state_get_volume (self->state));

  if (fraction >= 0)
    g_string_append_printf (text, _ (" · all slices: %.0f %%"), 100 * fraction);
}

static char *
dup_text (PlAppWindow *self)
{
  GString *text = g_string_new (NULL);
  int epoch = self->epoch_shown > 0 ? self->epoch_shown : (int) self->history->len;
  const PlEpoch *figures = find_figures (self, epoch);

  if (self->epoch_shown > 0)
    g_string_append_printf (text, _ ("Epoch %d"), epoch);
  else
    g_string_append (text, self->trainer != NULL ? _ ("As it learns") : _ ("The model in use"));
  if (figures != NULL && isfinite (figures->val_dice) &&
      (self->epoch_shown > 0 || self->trainer != NULL))
    g_string_append_printf (text, _ (" · validation Dice %.3f"), figures->val_dice);
  if (pl_app_window_slice_is_of_epoch (self))
    append_slice (self, text);
  append_progress (self, text);
  return g_string_free (text, FALSE);
}

void
pl_app_window_update_epoch_text (PlAppWindow *self)
{
  g_autofree char *text = NULL;

  if (!gtk_widget_get_visible (GTK_WIDGET (self->epoch_bar)))
    return;
  text = dup_text (self);
  pl_epoch_bar_show (self->epoch_bar, self->epoch_shown, text);
}

/* It belongs to the training, and gives the image its room when the panel is closed. */
static void
update_bar (PlAppWindow *self)
{
  gboolean has_panel = adw_flap_get_reveal_flap (self->train_flap);

  gtk_widget_set_visible (GTK_WIDGET (self->epoch_bar),
                          self->trainer != NULL || self->epoch_shown > 0 ||
                              (has_panel && self->kept_epochs->len > 0));
  pl_app_window_update_epoch_text (self);
}

/* What the views call the model whose masks they show. */
static char *
dup_epoch_name (PlAppWindow *self)
{
  g_autofree char *run = g_path_get_basename (self->run_folder);

  /* Translators: what a model is called: a run, and one of its rounds. */
  return g_strdup_printf (_ ("%s, epoch %d"), run, self->epoch_shown);
}

void
pl_app_window_update_model_name (PlAppWindow *self)
{
  g_autofree char *name =
      self->epoch_shown > 0 ? dup_epoch_name (self) : g_strdup (self->model_name);

  pl_view_state_set_model_name (self->state, name);
}

PlModel *
pl_app_window_get_shown_model (PlAppWindow *self)
{
  return self->epoch_shown > 0 ? pl_epoch_masks_get_model (self->epoch_masks) : self->model;
}

static void
list_epochs (PlAppWindow *self)
{
  g_array_unref (self->kept_epochs);
  self->kept_epochs = self->run_folder == NULL ? g_array_new (FALSE, FALSE, sizeof (int))
                                               : pl_run_folder_list_epochs (self->run_folder);
  pl_epoch_bar_set_epochs (self->epoch_bar, self->kept_epochs);
  update_bar (self);
}

/* The nearest that was kept; 0 for the newest, or if there is none. */
static int
find_kept (PlAppWindow *self, int epoch)
{
  int nearest = 0;

  for (guint i = 0; i < self->kept_epochs->len && epoch > 0; i++)
    {
      int kept = g_array_index (self->kept_epochs, int, i);

      if (nearest == 0 || ABS (kept - epoch) < ABS (nearest - epoch))
        nearest = kept;
    }
  return nearest;
}

void
pl_app_window_show_epoch (PlAppWindow *self, int epoch)
{
  PlMontageContent *content = pl_montage_view_get_content (PL_MONTAGE_VIEW (self->montage_view));
  g_autoptr (GArray) none = pl_preview_wishes_new ();
  gboolean changes_model;

  epoch = find_kept (self, epoch);
  if (epoch == self->epoch_shown)
    return;
  changes_model = epoch == 0 || self->epoch_shown == 0;
  self->epoch_shown = epoch;
  pl_epoch_masks_want (self->epoch_masks, epoch, none);
  pl_app_window_set_action_state (self, "epoch-shown", g_variant_new_int32 (epoch));
  pl_montage_content_hide_predictions (content, TRUE);
  pl_app_window_show_prediction (self);
  pl_app_window_update_model_name (self);
  if (changes_model)
    pl_app_window_update_classes (self);
  pl_montage_content_hide_predictions (content, epoch > 0);
  pl_train_panel_set_cursor (self->train_panel, epoch);
  pl_app_window_update_live (self);
  update_bar (self);
  pl_app_window_update_actions (self);
}

void
pl_app_window_begin_epochs (PlAppWindow *self, GArray *history)
{
  pl_app_window_show_epoch (self, 0);
  pl_epoch_masks_set_run (self->epoch_masks, self->run_folder);
  pl_epoch_masks_set_trainer (self->epoch_masks, self->trainer);
  pl_epoch_volume_forget (self->epoch_volume);
  pl_epoch_volume_set_trainer (self->epoch_volume, self->trainer);
  g_array_set_size (self->history, 0);
  if (history != NULL)
    g_array_append_vals (self->history, history->data, history->len);
  list_epochs (self);
}

gboolean
pl_app_window_look_back (PlAppWindow *self, const PlRunInfo *run)
{
  g_autofree char *text = NULL;

  if (self->dataset == NULL || pl_app_window_is_training (self))
    return FALSE;
  /* Translators: %s is what a run is called. */
  text = g_strdup_printf (_ ("Looking back at “%s”"), run->title);
  g_free (self->run_folder);
  self->run_folder = g_strdup (run->folder);
  pl_train_panel_show_past (self->train_panel, &run->settings, run->history, run->steps_per_epoch,
                            text);
  adw_flap_set_reveal_flap (self->train_flap, TRUE);
  pl_app_window_begin_epochs (self, run->history);
  pl_app_window_show_epoch (self, run->best_epoch);
  return TRUE;
}

void
pl_app_window_add_epoch (PlAppWindow *self, const PlTrainPoint *point)
{
  if (find_figures (self, point->summary.epoch) == NULL)
    g_array_append_val (self->history, point->summary);
  if (point->is_kept)
    list_epochs (self);
  else
    pl_app_window_update_epoch_text (self);
}

void
pl_app_window_end_epochs (PlAppWindow *self)
{
  pl_epoch_masks_set_trainer (self->epoch_masks, NULL);
  pl_epoch_volume_set_trainer (self->epoch_volume, NULL);
  if (self->epoch_shown == 0)
    pl_app_window_drop_live (self);
  list_epochs (self);
  pl_app_window_update_live (self);
}

/* Not one of the epoch before, which was still under way. */
static void
mask_cb (PlAppWindow *self, const PlPreviewWish *wish, PlMask *mask)
{
  if (self->epoch_shown == 0 || pl_epoch_masks_get_epoch (self->epoch_masks) != self->epoch_shown)
    return;
  pl_app_window_show_live (self, wish->case_name, wish->slice, mask);
  pl_app_window_update_epoch_text (self);
}

/* Its slices may be shown all the same. */
static void
volume_failed_cb (PlAppWindow *self, const GError *error)
{
  g_autofree char *summary = g_strdup_printf (_ ("Epoch %d could not be shown"), self->epoch_shown);

  if (self->epoch_shown == 0)
    return;
  pl_app_window_report (self, summary, error);
  pl_app_window_update_epoch_text (self);
}

static void
failed_cb (PlAppWindow *self, const GError *error)
{
  if (pl_epoch_masks_get_epoch (self->epoch_masks) != self->epoch_shown)
    return; /* it was of the one before */
  volume_failed_cb (self, error);
  pl_app_window_show_epoch (self, 0);
  list_epochs (self); /* its folder may be gone */
}

static void
change_epoch_cb (GSimpleAction *action, GVariant *state, gpointer data)
{
  pl_app_window_show_epoch (data, g_variant_get_int32 (state));
}

/* The one that was in use can be had back. */
static void
use_model (PlAppWindow *self, PlModel *model, const char *name)
{
  g_autoptr (PlModel) before = self->model == NULL ? NULL : pl_model_ref (self->model);
  g_autofree char *name_before = g_strdup (self->model_name);

  pl_app_window_set_model (self, model, name);
  g_clear_pointer (&self->model_before, pl_model_unref);
  g_free (self->name_before);
  self->model_before = g_steal_pointer (&before);
  self->name_before = g_steal_pointer (&name_before);
  if (self->trainer == NULL)
    pl_app_window_show_epoch (self, 0);
  pl_app_window_predict (self);
  pl_app_window_update_actions (self);
}

static void
use_epoch_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PlAppWindow *self = data;
  g_autoptr (PlModel) model = NULL;
  g_autofree char *name = NULL;
  g_autofree char *text = NULL;

  if (pl_epoch_masks_get_model (self->epoch_masks) == NULL)
    return;
  model = pl_model_ref (pl_epoch_masks_get_model (self->epoch_masks));
  name = dup_epoch_name (self);
  text = g_strdup_printf (_ ("Predictions are made with epoch %d now"), self->epoch_shown);
  self->has_chosen_epoch = self->trainer != NULL;
  use_model (self, model, name);
  if (self->model_before != NULL)
    pl_app_window_offer (self, text, _ ("_Undo"), "win.restore-model");
  else
    pl_app_window_toast (self, text);
}

static void
restore_model_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PlAppWindow *self = data;
  g_autoptr (PlModel) model = g_steal_pointer (&self->model_before);
  g_autofree char *name = g_steal_pointer (&self->name_before);

  self->has_chosen_epoch = FALSE;
  if (model != NULL)
    use_model (self, model, name);
}

static const GActionEntry entries[] = {
  { "epoch-shown", NULL, "i", "0", change_epoch_cb },
  { "use-epoch", use_epoch_cb },
  { "restore-model", restore_model_cb },
};

static void
enable (PlAppWindow *self, const char *action, gboolean enabled)
{
  GAction *found = g_action_map_lookup_action (G_ACTION_MAP (self), action);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (found), enabled);
}

void
pl_app_window_update_epoch_actions (PlAppWindow *self)
{
  enable (self, "use-epoch",
          self->epoch_shown > 0 && pl_epoch_masks_get_model (self->epoch_masks) != NULL);
  enable (self, "restore-model", self->model_before != NULL);
}

static void
watch (PlAppWindow *self, gpointer object, const char *signal, GCallback handler)
{
  g_signal_connect_object (object, signal, handler, self, G_CONNECT_SWAPPED);
}

void
pl_app_window_add_epoch_actions (PlAppWindow *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  self->epoch_masks = pl_epoch_masks_new ();
  self->epoch_volume = pl_epoch_volume_new ();
  self->history = pl_history_new ();
  self->kept_epochs = g_array_new (FALSE, FALSE, sizeof (int));
}

void
pl_app_window_bind_epochs (PlAppWindow *self)
{
  watch (self, self->epoch_masks, "mask", G_CALLBACK (mask_cb));
  watch (self, self->epoch_masks, "model", G_CALLBACK (pl_app_window_update_actions));
  watch (self, self->epoch_masks, "model", G_CALLBACK (pl_app_window_update_classes));
  watch (self, self->epoch_masks, "failed", G_CALLBACK (failed_cb));
  watch (self, self->epoch_volume, "failed", G_CALLBACK (volume_failed_cb));
  watch (self, self->state, "notify::slice", G_CALLBACK (pl_app_window_update_epoch_text));
  watch (self, self->state, "notify::preview", G_CALLBACK (pl_app_window_update_epoch_text));
  watch (self, self->state, "notify::prediction", G_CALLBACK (pl_app_window_update_epoch_text));
  watch (self, self->state, "notify::truth", G_CALLBACK (pl_app_window_update_epoch_text));
  watch (self, self->train_flap, "notify::reveal-flap", G_CALLBACK (update_bar));
  update_bar (self);
}

void
pl_app_window_stop_epochs (PlAppWindow *self)
{
  pl_epoch_masks_set_run (self->epoch_masks, NULL);
  pl_epoch_volume_forget (self->epoch_volume);
}

void
pl_app_window_forget_epochs (PlAppWindow *self)
{
  g_clear_object (&self->epoch_masks);
  g_clear_object (&self->epoch_volume);
  g_clear_pointer (&self->history, g_array_unref);
  g_clear_pointer (&self->kept_epochs, g_array_unref);
  g_clear_pointer (&self->model_before, pl_model_unref);
  g_clear_pointer (&self->name_before, g_free);
}
