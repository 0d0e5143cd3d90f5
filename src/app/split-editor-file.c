/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Saving, import and export of a split, and what is asked before the editor closes. */
#include "app/split-editor-private.h"

#include "app/manifest-task.h"

#include "train/saved-split.h"
#include "train/split.h"

#include <glib/gi18n.h>

/* A folder that is not ours to write in is no reason to lose the work. */
static void
explain_failure (PlSplitEditor *self, const GError *error)
{
  g_autofree char *text = g_strdup_printf (
      _ ("The split could not be saved with the data set: %s. Export it instead: a split file can "
         "be imported again, and pleura-cli takes it with --split-file. Until the data set is "
         "closed, trainings in this window use it."),
      error->message);

  pl_split_editor_complain (self, text);
}

static void
saved_cb (GtkWindow *window, const GError *error)
{
  PlSplitEditor *self = PL_SPLIT_EDITOR (window);

  self->is_saving = FALSE;
  if (error == NULL)
    {
      pl_split_draft_set_saved (self->draft);
      self->is_saved = TRUE;
      pl_split_editor_toast (self, _ ("The split was saved with the data set"));
    }
  else
    explain_failure (self, error);
  pl_split_editor_choose (self);
  pl_split_editor_update (self);
  if (self->closes_when_saved && error == NULL)
    gtk_window_close (window);
  self->closes_when_saved = FALSE;
}

static void
save_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PlSplitEditor *self = data;

  self->is_saving = TRUE;
  gtk_info_bar_set_revealed (self->trouble, FALSE);
  pl_split_editor_enable (self, "save", FALSE);
  pl_manifest_task_run (GTK_WINDOW (self), pl_split_draft_get_dataset (self->draft),
                        pl_saved_split_write, saved_cb);
}

/* @callback: gets the editor; it ends the dialog with take_path(). */
static GtkFileChooser *
make_chooser (PlSplitEditor *self,
              const char *title,
              GtkFileChooserAction action,
              GCallback callback)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (title, GTK_WINDOW (self), action, NULL, NULL);
  gtk_file_filter_set_name (filter, _ ("Split Files (CSV)"));
  gtk_file_filter_add_suffix (filter, "csv");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->chooser), filter);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect_object (self->chooser, "response", callback, self, G_CONNECT_SWAPPED);
  return GTK_FILE_CHOOSER (self->chooser);
}

/* (nullable): what was chosen. */
static char *
take_path (PlSplitEditor *self, int response)
{
  g_autoptr (GtkFileChooserNative) chooser = g_steal_pointer (&self->chooser);
  g_autoptr (GFile) file = NULL;

  if (response != GTK_RESPONSE_ACCEPT)
    return NULL;
  file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  return file != NULL ? g_file_get_path (file) : NULL;
}

static void
import_from (PlSplitEditor *self, const char *path)
{
  g_autoptr (GError) error = NULL;

  if (pl_split_draft_read (self->draft, path, &error))
    pl_split_editor_update (self);
  else
    pl_split_editor_complain (self, error->message);
}

static void
export_to (PlSplitEditor *self, const char *path)
{
  g_autoptr (GError) error = NULL;

  if (pl_split_write (pl_split_draft_get_dataset (self->draft), path, &error))
    pl_split_editor_toast (self, _ ("The split was exported"));
  else
    pl_split_editor_complain (self, error->message);
}

static void
import_response_cb (PlSplitEditor *self, int response)
{
  g_autofree char *path = take_path (self, response);

  if (path != NULL)
    import_from (self, path);
}

static void
export_response_cb (PlSplitEditor *self, int response)
{
  g_autofree char *path = take_path (self, response);

  if (path != NULL)
    export_to (self, path);
}

static void
import_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GtkFileChooser *chooser = make_chooser (data, _ ("Import Split"), GTK_FILE_CHOOSER_ACTION_OPEN,
                                          G_CALLBACK (import_response_cb));

  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
export_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GtkFileChooser *chooser = make_chooser (data, _ ("Export Split"), GTK_FILE_CHOOSER_ACTION_SAVE,
                                          G_CALLBACK (export_response_cb));

  gtk_file_chooser_set_current_name (chooser, "split.csv");
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

/* The same without a dialog, for whoever has the path. */
static void
import_file_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  import_from (data, g_variant_get_string (parameter, NULL));
}

static void
export_file_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  export_to (data, g_variant_get_string (parameter, NULL));
}

static const GActionEntry entries[] = {
  { "save", save_cb },
  { "import", import_cb },
  { "export", export_cb },
  { "import-file", import_file_cb, "s" },
  { "export-file", export_file_cb, "s" },
};

void
pl_split_editor_add_file_actions (PlSplitEditor *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries),
                                   self);
}

static gboolean
close_cb (gpointer data)
{
  PlSplitEditor *self = data;

  self->close_source = 0;
  gtk_window_close (GTK_WINDOW (self));
  return G_SOURCE_REMOVE;
}

/* The dialog is still there, and must not outlive its parent. */
static void
answered_cb (PlSplitEditor *self, const char *response)
{
  if (g_str_equal (response, "save"))
    {
      self->closes_when_saved = TRUE;
      g_action_group_activate_action (G_ACTION_GROUP (self->actions), "save", NULL);
    }
  else if (g_str_equal (response, "discard"))
    {
      pl_split_draft_set_saved (self->draft);
      if (self->close_source == 0)
        self->close_source = g_idle_add (close_cb, self);
    }
}

static void
ask (PlSplitEditor *self)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), _ ("Save the Split?"),
                                              _ ("What was changed is lost otherwise."));

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "discard",
                                    _ ("_Discard"), "save", _ ("_Save"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "discard",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "save",
                                              ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "save");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (answered_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

gboolean
pl_split_editor_may_close (PlSplitEditor *self)
{
  if (self->is_saving)
    {
      self->closes_when_saved = TRUE;
      return FALSE;
    }
  if (!pl_split_draft_is_changed (self->draft))
    return TRUE;
  ask (self);
  return FALSE;
}
