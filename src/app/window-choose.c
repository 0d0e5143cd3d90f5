/* SPDX-License-Identifier: GPL-3.0-or-later */
/* File dialogs, and files that are dropped on the window. GtkFileDialog is newer than GTK 4.8. */
#include "app/window-private.h"

#include <glib/gi18n.h>
#include <string.h>

typedef void (*UseFiles) (PlAppWindow *self, GFile **files, int n_files);

typedef struct
{
  PlAppWindow *window; /* Owned */
  UseFiles use;
} Choice;

static void
response_cb (GtkNativeDialog *dialog, int response, gpointer data)
{
  Choice *choice = data;
  g_autoptr (GListModel) chosen = NULL;
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);

  if (response == GTK_RESPONSE_ACCEPT)
    {
      chosen = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (dialog));
      for (guint i = 0; i < g_list_model_get_n_items (chosen); i++)
        g_ptr_array_add (files, g_list_model_get_item (chosen, i));
      choice->use (choice->window, (GFile **) files->pdata, (int) files->len);
    }
  g_object_unref (choice->window);
  g_free (choice);
  g_object_unref (dialog);
}

/* Folders are looked for from the data set on; GTK would begin with files used last, of which none
 * is a folder. */
static GtkFileChooser *
make_chooser (PlAppWindow *self, const char *title, GtkFileChooserAction action)
{
  GtkFileChooserNative *dialog =
      gtk_file_chooser_native_new (title, GTK_WINDOW (self), action, NULL, NULL);

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  if (action == GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER && self->dataset != NULL)
    {
      g_autoptr (GFile) folder = g_file_new_for_path (self->dataset->folder);

      gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (dialog), folder, NULL);
    }
  return GTK_FILE_CHOOSER (dialog);
}

/* @endings: NULL-terminated; NULL for every file. */
static void
add_filter (GtkFileChooser *chooser, const char *name, const char *const *endings)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, name);
  if (endings == NULL)
    gtk_file_filter_add_pattern (filter, "*");
  else
    for (const char *const *ending = endings; *ending != NULL; ending++)
      gtk_file_filter_add_suffix (filter, *ending);
  gtk_file_chooser_add_filter (chooser, filter);
}

static void
show_chooser (PlAppWindow *self, GtkFileChooser *chooser, UseFiles use)
{
  Choice *choice = g_new0 (Choice, 1);

  choice->window = g_object_ref (self);
  choice->use = use;
  g_signal_connect (chooser, "response", G_CALLBACK (response_cb), choice);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

void
pl_app_window_choose_files (PlAppWindow *self)
{
  static const char *const images[] = { "nii", "nii.gz", "hdr",         "img",
                                        "tif", "tiff",   "safetensors", NULL };
  GtkFileChooser *chooser = make_chooser (self, _ ("Open Files"), GTK_FILE_CHOOSER_ACTION_OPEN);

  gtk_file_chooser_set_select_multiple (chooser, TRUE);
  add_filter (chooser, _ ("CT Images and Models"), images);
  add_filter (chooser, _ ("All Files"), NULL);
  show_chooser (self, chooser, pl_app_window_open);
}

void
pl_app_window_choose_folder (PlAppWindow *self)
{
  show_chooser (self, make_chooser (self, _ ("Open Folder"), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER),
                pl_app_window_open);
}

static const char *const models[] = { "safetensors", NULL };

void
pl_app_window_choose_model (PlAppWindow *self)
{
  GtkFileChooser *chooser = make_chooser (self, _ ("Open Model"), GTK_FILE_CHOOSER_ACTION_OPEN);

  add_filter (chooser, _ ("Models"), models);
  show_chooser (self, chooser, pl_app_window_open);
}

static void
open_second_model (PlAppWindow *self, GFile **files, int n_files)
{
  pl_app_window_open_second_model (self, files[0]);
}

void
pl_app_window_choose_second_model (PlAppWindow *self)
{
  GtkFileChooser *chooser =
      make_chooser (self, _ ("Open Second Model"), GTK_FILE_CHOOSER_ACTION_OPEN);

  add_filter (chooser, _ ("Models"), models);
  show_chooser (self, chooser, open_second_model);
}

static void
start_training_from (PlAppWindow *self, GFile **files, int n_files)
{
  g_autofree char *path = g_file_get_path (files[0]);

  if (path != NULL)
    pl_app_window_start_training_from (self, path);
}

void
pl_app_window_choose_training_start (PlAppWindow *self)
{
  GtkFileChooser *chooser =
      make_chooser (self, _ ("Model to Start From"), GTK_FILE_CHOOSER_ACTION_OPEN);

  add_filter (chooser, _ ("Models"), models);
  show_chooser (self, chooser, start_training_from);
}

/* In mm; 0: as the slices tell, as those do that come from a volume. GTK's own dialog begins with
 * the first, whatever it is told. */
static const char *const steps[] = { "0", "1", "0.5", "0.625", "0.75", "1.25", "1.5", "2", "2.5",
                                     "3", "4", "5",   "6",     "7.5",  "8",    "10",  NULL };

static void
bundle_response_cb (PlAppWindow *self, int response, GtkFileChooser *chooser)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (chooser);
  g_autofree char *path = file == NULL ? NULL : g_file_get_path (file);
  const char *folder = g_object_get_data (G_OBJECT (chooser), "slices");
  const char *step = gtk_file_chooser_get_choice (chooser, "step");

  if (response == GTK_RESPONSE_ACCEPT && path != NULL)
    {
      if (g_str_has_suffix (path, ".nii") || g_str_has_suffix (path, ".nii.gz"))
        pl_app_window_bundle (self, folder, path, step == NULL ? 0 : g_ascii_strtod (step, NULL));
      else
        pl_app_window_toast (self, _ ("The name of a volume ends in .nii.gz or .nii"));
    }
  g_object_unref (chooser);
}

static const char *const volumes[] = { "nii", "nii.gz", NULL };

static void
choose_volume_to_save (PlAppWindow *self, GFile **files, int n_files)
{
  GtkFileChooser *chooser = make_chooser (self, _ ("Save Volume"), GTK_FILE_CHOOSER_ACTION_SAVE);
  const char *labels[G_N_ELEMENTS (steps)];
  g_autoptr (GFile) parent = g_file_get_parent (files[0]);
  char *folder = g_file_get_path (files[0]);

  if (folder == NULL)
    {
      g_object_unref (chooser);
      return;
    }
  g_object_set_data_full (G_OBJECT (chooser), "slices", folder, g_free);
  if (parent != NULL) /* beside the slices, not among them */
    gtk_file_chooser_set_current_folder (chooser, parent, NULL);
  gtk_file_chooser_set_current_name (chooser, "volume.nii.gz");
  add_filter (chooser, _ ("NIfTI Volumes"), volumes);
  memcpy (labels, steps, sizeof steps);
  labels[0] = _ ("as the slices tell, else 1");
  gtk_file_chooser_add_choice (chooser, "step", _ ("Distance of slices in mm"),
                               (const char **) steps, labels);
  gtk_file_chooser_set_choice (chooser, "step", steps[0]);
  g_signal_connect_object (chooser, "response", G_CALLBACK (bundle_response_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

void
pl_app_window_choose_slices (PlAppWindow *self)
{
  show_chooser (self,
                make_chooser (self, _ ("Folder of Slices"), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER),
                choose_volume_to_save);
}

static void
unbundle (PlAppWindow *self, GFile **files, int n_files)
{
  g_autofree char *folder = g_file_get_path (files[0]);

  if (folder != NULL)
    pl_app_window_unbundle (self, folder);
}

void
pl_app_window_choose_slice_folder (PlAppWindow *self)
{
  show_chooser (
      self, make_chooser (self, _ ("Folder for the Slices"), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER),
      unbundle);
}

static void
save_model (PlAppWindow *self, GFile **files, int n_files)
{
  g_autofree char *path = g_file_get_path (files[0]);

  if (path != NULL)
    pl_app_window_save_model (self, path);
}

void
pl_app_window_choose_model_to_save (PlAppWindow *self)
{
  GtkFileChooser *chooser = make_chooser (self, _ ("Save Model"), GTK_FILE_CHOOSER_ACTION_SAVE);

  add_filter (chooser, _ ("Models"), models);
  gtk_file_chooser_set_current_name (chooser, "lungs.safetensors");
  show_chooser (self, chooser, save_model);
}

static void
save_mask (PlAppWindow *self, GFile **files, int n_files)
{
  g_autofree char *path = g_file_get_path (files[0]);

  if (path != NULL)
    pl_app_window_save_mask (self, path);
}

void
pl_app_window_choose_mask_to_save (PlAppWindow *self)
{
  static const char *const formats[] = { "nii", "nii.gz", "tif", "tiff", NULL };
  GtkFileChooser *chooser =
      make_chooser (self, _ ("Save Predicted Mask"), GTK_FILE_CHOOSER_ACTION_SAVE);
  g_autofree char *name =
      pl_prediction_save_name (pl_case_item_get_case (self->current)->image_path);

  add_filter (chooser, _ ("Masks"), formats);
  gtk_file_chooser_set_current_name (chooser, name);
  show_chooser (self, chooser, save_mask);
}

static void
save_montage (PlAppWindow *self, GFile **files, int n_files)
{
  g_autofree char *path = g_file_get_path (files[0]);

  if (path != NULL)
    pl_app_window_export_montage (self, path);
}

void
pl_app_window_choose_montage_to_save (PlAppWindow *self)
{
  static const char *const formats[] = { "png", "pdf", NULL };
  GtkFileChooser *chooser = make_chooser (self, _ ("Export Montage"), GTK_FILE_CHOOSER_ACTION_SAVE);

  add_filter (chooser, _ ("PNG Pictures and PDF Documents"), formats);
  gtk_file_chooser_set_current_name (chooser, "montage.pdf");
  show_chooser (self, chooser, save_montage);
}

static void
save_bare_slice (PlAppWindow *self, GFile **files, int n_files)
{
  g_autofree char *path = g_file_get_path (files[0]);

  if (path != NULL)
    pl_app_window_save_slice (self, path, FALSE);
}

static void
save_slice_with_masks (PlAppWindow *self, GFile **files, int n_files)
{
  g_autofree char *path = g_file_get_path (files[0]);

  if (path != NULL)
    pl_app_window_save_slice (self, path, TRUE);
}

void
pl_app_window_choose_slice_to_save (PlAppWindow *self, gboolean with_masks)
{
  static const char *const formats[] = { "png", NULL };
  GtkFileChooser *chooser =
      make_chooser (self, with_masks ? _ ("Save Slice with Masks") : _ ("Save Slice"),
                    GTK_FILE_CHOOSER_ACTION_SAVE);
  g_autofree char *name = pl_app_window_dup_slice_name (self);

  add_filter (chooser, _ ("PNG Pictures"), formats);
  gtk_file_chooser_set_current_name (chooser, name);
  show_chooser (self, chooser, with_masks ? save_slice_with_masks : save_bare_slice);
}

/* A picture that is dragged from the window is no image to open. */
static gboolean
accept_cb (GtkDropTarget *target, GdkDrop *drop)
{
  return gdk_drop_get_drag (drop) == NULL &&
         gdk_content_formats_contain_gtype (gdk_drop_get_formats (drop), GDK_TYPE_FILE_LIST);
}

static gboolean
drop_cb (PlAppWindow *self, const GValue *value)
{
  g_autoptr (GSList) list = gdk_file_list_get_files (g_value_get_boxed (value));
  g_autoptr (GPtrArray) files = g_ptr_array_new ();

  for (GSList *link = list; link != NULL; link = link->next)
    g_ptr_array_add (files, link->data);
  pl_app_window_open (self, (GFile **) files->pdata, (int) files->len);
  return files->len > 0;
}

void
pl_app_window_accept_drops (PlAppWindow *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  g_signal_connect (target, "accept", G_CALLBACK (accept_cb), NULL);
  g_signal_connect_object (target, "drop", G_CALLBACK (drop_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}
