/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Models, masks and slices as files: read and written in threads, for they may lie on a slow disk.
 */
#include "app/window-private.h"

#include "app/slice-picture.h"

#include "base/file.h"
#include "image/nifti-write.h"
#include "image/tiff-write.h"

#include <glib/gi18n.h>
#include <string.h>

void
pl_app_window_set_model (PlAppWindow *self, PlModel *model, const char *name)
{
  if (model != self->model)
    {
      g_clear_pointer (&self->model, pl_model_unref);
      self->model = pl_model_ref (model);
      pl_app_window_forget_predictions (self);
      g_clear_pointer (&self->model_before, pl_model_unref);
      g_clear_pointer (&self->name_before, g_free);
    }
  g_free (self->model_name);
  self->model_name = g_strdup (name);
  pl_app_window_update_model_name (self);
  pl_app_window_update_classes (self);
  pl_app_window_update_actions (self);
}

/* What is in view already is shown with both. */
void
pl_app_window_set_second_model (PlAppWindow *self, PlModel *model, const char *name)
{
  pl_app_window_note_second_model (self);
  g_clear_pointer (&self->second_model, pl_model_unref);
  self->second_model = model == NULL ? NULL : pl_model_ref (model);
  pl_view_state_set_second_name (self->state, model == NULL ? NULL : name);
  pl_app_window_forget_second_predictions (self);
  pl_app_window_update_actions (self);
  if (model != NULL && self->current != NULL && pl_case_item_has_prediction (self->current))
    pl_app_window_predict (self);
}

/* With the folder: the files of all runs are called best and last. */
static char *
dup_model_name (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *parent = g_filename_display_basename (folder);
  g_autofree char *file = g_filename_display_basename (path);
  char *ending = strrchr (file, '.');

  if (ending != NULL)
    *ending = '\0';
  return g_strdup_printf ("%s/%s", parent, file);
}

static void
read_model_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  PlModel *model = pl_model_read (data, NULL, NULL, &error);

  if (model == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, model, (GDestroyNotify) pl_model_unref);
}

static void
model_read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  PlAppWindow *self = PL_APP_WINDOW (source);
  const char *path = g_task_get_task_data (G_TASK (result));
  gboolean is_second = GPOINTER_TO_INT (data);
  g_autofree char *file = g_path_get_basename (path);
  g_autofree char *name = dup_model_name (path);
  g_autoptr (GError) error = NULL;
  g_autoptr (PlModel) model = g_task_propagate_pointer (G_TASK (result), &error);
  g_autofree char *text = NULL;

  if (self->is_closed)
    return;
  if (model == NULL)
    {
      text = g_strdup_printf (_ ("“%s” could not be opened"), file);
      pl_app_window_report (self, text, error);
      return;
    }
  if (is_second)
    pl_app_window_set_second_model (self, model, name);
  else
    pl_app_window_set_model (self, model, name);
  text = g_strdup_printf (is_second ? _ ("Predictions are made with “%s” too now")
                                    : _ ("Predictions are made with “%s” now"),
                          file);
  pl_app_window_toast (self, text);
}

static void
start_reading (PlAppWindow *self, const char *path, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, data);

  g_task_set_source_tag (task, start_reading);
  g_task_set_task_data (task, g_strdup (path), g_free);
  g_task_run_in_thread (task, read_model_thread);
}

void
pl_app_window_read_model (PlAppWindow *self, const char *path, GAsyncReadyCallback callback)
{
  start_reading (self, path, callback, NULL);
}

static void
read_model (PlAppWindow *self, GFile *file, gboolean is_second)
{
  g_autofree char *path = g_file_get_path (file);

  if (path == NULL)
    {
      pl_app_window_toast (self, _ ("Only files on this computer can be opened"));
      return;
    }
  start_reading (self, path, model_read_cb, GINT_TO_POINTER (is_second));
}

void
pl_app_window_open_model (PlAppWindow *self, GFile *file)
{
  read_model (self, file, FALSE);
}

void
pl_app_window_open_second_model (PlAppWindow *self, GFile *file)
{
  read_model (self, file, TRUE);
}

/* What is written, and where: one of model, mask and picture. */
typedef struct
{
  char *path;
  PlModel *model;
  PlSlicePicture *picture;
  PlMask *mask;
  PlVolume *volume; /* whose geometry the mask takes */
  int n_classes;
} Save;

static void
save_free (gpointer data)
{
  Save *save = data;

  g_free (save->path);
  g_clear_pointer (&save->model, pl_model_unref);
  pl_slice_picture_free (save->picture);
  g_clear_pointer (&save->mask, pl_mask_unref);
  g_clear_pointer (&save->volume, pl_volume_unref);
  g_free (save);
}

/* 0 and 255 for one class, as the image's own masks are; labels otherwise. */
static guint8 *
dup_file_labels (const Save *save)
{
  gsize n = (gsize) save->mask->n[0] * (gsize) save->mask->n[1] * (gsize) save->mask->n[2];
  guint8 *labels = g_memdup2 (save->mask->labels, n);

  if (save->n_classes == 1)
    for (gsize i = 0; i < n; i++)
      labels[i] = labels[i] != 0 ? 255 : 0;
  return labels;
}

static gboolean
has_ending (const char *path, const char *ending)
{
  g_autofree char *lower = g_ascii_strdown (path, -1);

  return g_str_has_suffix (lower, ending);
}

static gboolean
write_mask (const Save *save, GCancellable *cancellable, GError **error)
{
  g_autofree guint8 *labels = dup_file_labels (save);
  const PlVolume *volume = save->volume;
  double spacing_mm[3];

  pl_tiff_get_told_spacing (volume, spacing_mm);
  if (has_ending (save->path, ".tif") || has_ending (save->path, ".tiff"))
    return pl_tiff_write (save->path, save->mask->n, PL_DTYPE_UINT8, labels, spacing_mm,
                          cancellable, error);
  if (volume->header.format != PL_FORMAT_TIFF &&
      (has_ending (save->path, ".nii") || has_ending (save->path, ".nii.gz")))
    return pl_nifti_write (save->path, &volume->header, PL_DTYPE_UINT8, labels, 1, 0, cancellable,
                           error);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               volume->header.format == PL_FORMAT_TIFF
                   ? _ ("%s: the mask of a TIFF image is saved as .tif.")
                   : _ ("%s: the mask of a NIfTI image is saved as .nii.gz, .nii or .tif."),
               save->path);
  return FALSE;
}

static gboolean
write_picture (const Save *save, GError **error)
{
  g_autoptr (GdkTexture) texture = pl_slice_picture_paint (save->picture);
  g_autoptr (GBytes) png = gdk_texture_save_to_png_bytes (texture);

  return pl_file_replace (save->path, g_bytes_get_data (png, NULL), g_bytes_get_size (png), error);
}

static gboolean
write_what (const Save *save, GCancellable *cancellable, GError **error)
{
  if (save->model != NULL)
    return pl_model_write (save->model, save->path, NULL, NULL, error);
  if (save->picture != NULL)
    return write_picture (save, error);
  return write_mask (save, cancellable, error);
}

static void
save_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Save *save = data;
  GError *error = NULL;

  if (write_what (save, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  PlAppWindow *self = PL_APP_WINDOW (source);
  const Save *save = g_task_get_task_data (G_TASK (result));
  g_autofree char *name = g_path_get_basename (save->path);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  gboolean done = g_task_propagate_boolean (G_TASK (result), &error);

  g_application_release (g_application_get_default ());
  if (self->is_closed)
    return;
  text = g_strdup_printf (done ? _ ("“%s” was saved") : _ ("“%s” could not be saved"), name);
  if (done)
    pl_app_window_toast (self, text);
  else
    pl_app_window_report (self, text, error);
}

/* Takes @save. The application stays until the file is whole. */
static void
begin_save (PlAppWindow *self, Save *save)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, saved_cb, NULL);

  g_application_hold (g_application_get_default ());
  g_task_set_source_tag (task, begin_save);
  g_task_set_task_data (task, save, save_free);
  g_task_run_in_thread (task, save_thread);
}

static char *
dup_with_ending (const char *path, const char *ending)
{
  return has_ending (path, ending) ? g_strdup (path) : g_strconcat (path, ending, NULL);
}

void
pl_app_window_save_model (PlAppWindow *self, const char *path)
{
  Save *save;

  if (self->model == NULL)
    return;
  save = g_new0 (Save, 1);
  save->path = dup_with_ending (path, ".safetensors");
  save->model = pl_model_ref (self->model);
  begin_save (self, save);
}

/* The data that a prediction is made from is not the place to save it. */
static gboolean
is_own_file (PlAppWindow *self, const char *path)
{
  const PlCase *source = pl_case_item_get_case (self->current);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  const char *own[] = { source->image_path, source->mask_path };

  for (gsize i = 0; i < G_N_ELEMENTS (own); i++)
    {
      g_autoptr (GFile) other = own[i] == NULL ? NULL : g_file_new_for_path (own[i]);

      if (other != NULL && g_file_equal (file, other))
        return TRUE;
    }
  return FALSE;
}

void
pl_app_window_save_mask (PlAppWindow *self, const char *path)
{
  PlMask *prediction = pl_view_state_get_prediction (self->state);
  PlModel *model = pl_app_window_get_shown_model (self);
  Save *save;

  if (prediction == NULL)
    return;
  if (is_own_file (self, path))
    {
      pl_app_window_toast (self, _ ("A prediction does not replace the image or its true mask"));
      return;
    }
  save = g_new0 (Save, 1);
  save->path = g_strdup (path);
  save->mask = pl_mask_ref (prediction);
  save->volume = pl_volume_ref (pl_view_state_get_volume (self->state));
  save->n_classes =
      model != NULL ? model->n_classes : MAX (self->dataset->n_classes, prediction->max_label);
  begin_save (self, save);
}

void
pl_app_window_save_slice (PlAppWindow *self, const char *path, gboolean with_masks)
{
  PlVolume *volume = pl_view_state_get_volume (self->state);
  Save *save;

  if (volume == NULL || pl_view_state_get_slice (self->state) >= pl_volume_ready_slices (volume))
    return;
  save = g_new0 (Save, 1);
  save->path = dup_with_ending (path, ".png");
  save->picture = pl_slice_picture_new (self->state, with_masks);
  begin_save (self, save);
}
