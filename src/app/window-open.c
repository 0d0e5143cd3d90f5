/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening: what a person chose, dropped, or named on the command line becomes a data set, which is
 * listed in a thread. The old one stays until the new one is there.
 */
#include "app/window-private.h"

#include "app/relay.h"

#include "image/phantom.h"
#include "train/mask-match.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>

typedef struct
{
  char *folder; /* (nullable) */
  GStrv files;  /* (nullable): of a folder, those that came with it */
  PlRelay *relay;
} Wanted;

static void
wanted_free (gpointer data)
{
  Wanted *wanted = data;

  g_free (wanted->folder);
  g_strfreev (wanted->files);
  g_clear_pointer (&wanted->relay, pl_relay_unref);
  g_free (wanted);
}

static void
return_dataset (GTask *task, PlDataset *dataset, GError *error)
{
  if (dataset == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, dataset, (GDestroyNotify) pl_dataset_free);
}

static void
open_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Wanted *wanted = data;
  GError *error = NULL;
  PlDataset *dataset = wanted->folder != NULL
                           ? pl_dataset_open (wanted->folder, cancellable, &error)
                           : pl_dataset_open_files (wanted->files, cancellable, &error);

  return_dataset (task, dataset, error);
}

static char *
dup_sample_folder (void)
{
  return g_build_filename (g_get_user_cache_dir (), "pleura", "phantom", NULL);
}

/* A new folder gets its name when it is whole. One that is there without its table was left half
 * written, and is written again. */
static gboolean
write_sample_data (const char *folder, PlRelay *relay, GCancellable *cancellable, GError **error)
{
  g_autofree char *table = g_build_filename (folder, "lung_stats.csv", NULL);
  g_autofree char *partial = g_strconcat (folder, ".partial", NULL);
  gboolean is_new = !g_file_test (folder, G_FILE_TEST_EXISTS);

  if (g_file_test (table, G_FILE_TEST_EXISTS))
    return TRUE;
  if (!pl_phantom_write (is_new ? partial : folder, &PL_PHANTOM_DEFAULT, pl_relay_report_cb, relay,
                         cancellable, error))
    return FALSE;
  if (!is_new || g_rename (partial, folder) == 0)
    return TRUE;
  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno),
               _ ("%s could not be renamed: %s"), partial, g_strerror (errno));
  return FALSE;
}

static void
sample_data_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Wanted *wanted = data;
  GError *error = NULL;
  PlDataset *dataset = NULL;

  if (write_sample_data (wanted->folder, wanted->relay, cancellable, &error))
    dataset = pl_dataset_open (wanted->folder, cancellable, &error);
  return_dataset (task, dataset, error);
}

/* They take the place of the last data set's; messages stay below them. */
static void
list_problems (PlAppWindow *self)
{
  GPtrArray *problems = self->dataset->problems;
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < problems->len; i++)
    {
      const PlProblem *problem = g_ptr_array_index (problems, i);

      g_ptr_array_add (lines, g_strdup_printf ("%s\n%s", problem->path, problem->reason));
    }
  g_ptr_array_add (lines, NULL);
  gtk_string_list_splice (self->problems, 0, self->n_left_out, (const char *const *) lines->pdata);
  self->n_left_out = problems->len;
  pl_app_window_update_problems (self);
}

static void
fill_cases (PlAppWindow *self)
{
  GPtrArray *cases = self->dataset->cases;
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < cases->len; i++)
    g_ptr_array_add (items, pl_case_item_new (g_ptr_array_index (cases, i)));
  g_list_store_splice (self->cases, 0, g_list_model_get_n_items (G_LIST_MODEL (self->cases)),
                       items->pdata, items->len);
  pl_case_list_set_cases (self->case_list, G_LIST_MODEL (self->cases));
}

static void
take_dataset (PlAppWindow *self, PlDataset *dataset, const Wanted *wanted)
{
  g_autoptr (PlCaseItem) first = NULL;

  g_cancellable_cancel (self->predicting.cancellable);
  g_cancellable_cancel (self->checking.cancellable);
  pl_pending_forget (&self->adding);
  pl_app_window_show_case (self, NULL);
  g_clear_pointer (&self->dataset, pl_dataset_free);
  self->dataset = dataset;
  pl_app_window_open_levels (self, wanted->folder != NULL ? wanted->folder : wanted->files[0]);
  list_problems (self);
  pl_app_window_reset_cases (self);
  fill_cases (self);
  pl_app_window_reset_check (self);
  pl_app_window_update_classes (self);
  pl_epoch_masks_set_run (self->epoch_masks, self->run_folder); /* files may hold something else */
  pl_epoch_volume_forget (self->epoch_volume);
  pl_train_panel_set_dataset (self->train_panel, dataset);
  pl_app_window_update_title (self);
  first = g_list_model_get_item (G_LIST_MODEL (self->cases), 0);
  if (first != NULL)
    pl_app_window_show_case (self, first);
  pl_app_window_show_page (self, "content"); /* for 30 ms, in which the case is read already */
  pl_app_window_focus_view (self);
  pl_app_window_update_actions (self);
  pl_app_window_go_on (self);
}

static void
report_empty_folder (PlAppWindow *self, const PlDataset *dataset)
{
  g_autoptr (GError) none =
      g_error_new (G_IO_ERROR, G_IO_ERROR_FAILED,
                   _ ("%s holds no NIfTI or TIFF images. Open the folder that they lie in; convert "
                      "DICOM to NIfTI first."),
                   dataset->folder);

  for (guint i = 0; i < dataset->problems->len; i++)
    {
      const PlProblem *problem = g_ptr_array_index (dataset->problems, i);

      pl_app_window_note (self, problem->path, problem->reason);
    }
  pl_app_window_report (self, _ ("There are no images here"), none);
}

static char *
dup_failure (const char *path)
{
  g_autofree char *name = g_filename_display_basename (path);

  /* Translators: %s is a file name. */
  return g_strdup_printf (_ ("“%s” could not be opened"), name);
}

/* Nothing is said of their folder, for nobody asked for it. */
static void
report_bad_files (PlAppWindow *self, const PlDataset *dataset)
{
  GPtrArray *problems = dataset->problems;
  g_autofree char *summary = NULL;

  for (guint i = 0; i < problems->len; i++)
    {
      const PlProblem *problem = g_ptr_array_index (problems, i);
      g_autofree char *failure = dup_failure (problem->path);
      g_autofree char *reason = g_strdup_printf ("%s: %s", problem->path, problem->reason);

      pl_app_window_note (self, failure, reason);
    }
  if (problems->len == 1)
    summary = dup_failure (((const PlProblem *) problems->pdata[0])->path);
  else
    summary = g_strdup_printf (
        ngettext ("%u file could not be opened", "%u files could not be opened", problems->len),
        problems->len);
  pl_app_window_point_to_problems (self, summary);
}

typedef struct
{
  PlAppWindow *window;
  GCancellable *cancellable;
  gboolean is_remembered;
} Answer;

static void
answer_free (Answer *answer)
{
  g_object_unref (answer->window);
  g_object_unref (answer->cancellable);
  g_free (answer);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Answer, answer_free)

/* Files that came with a folder of which nothing is shown. */
static void
open_files_instead (PlAppWindow *self, const Wanted *wanted)
{
  if (wanted->folder != NULL && wanted->files != NULL)
    pl_app_window_open_files (self, wanted->files);
}

static void
remember (PlAppWindow *self, const Wanted *wanted)
{
  char *folder[] = { wanted->folder, NULL };

  pl_app_window_remember (self, wanted->folder != NULL ? folder : wanted->files);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Answer) answer = data;
  PlAppWindow *self = answer->window;
  Wanted *wanted = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autoptr (PlDataset) dataset = g_task_propagate_pointer (G_TASK (result), &error);

  if (wanted->relay != NULL)
    pl_relay_stop (wanted->relay);
  if (self->opening.cancellable != answer->cancellable)
    return;
  pl_app_window_end_work (self, &self->opening);
  if (dataset == NULL)
    {
      pl_app_window_show_page (self, self->dataset == NULL ? "empty" : "content");
      pl_app_window_report (self, _ ("The images could not be opened"), error);
      open_files_instead (self, wanted);
    }
  else if (dataset->cases->len == 0)
    {
      pl_app_window_show_page (self, self->dataset == NULL ? "empty" : "content");
      (wanted->folder == NULL ? report_bad_files : report_empty_folder) (self, dataset);
      open_files_instead (self, wanted);
    }
  else
    {
      take_dataset (self, g_steal_pointer (&dataset), wanted);
      if (answer->is_remembered)
        remember (self, wanted); /* while the first case is read */
      if (wanted->folder != NULL && wanted->files != NULL)
        pl_app_window_add_files (self, wanted->files);
    }
}

static void
open_progress_cb (GObject *target, PlVolume *volume, double fraction)
{
  PlAppWindow *self = PL_APP_WINDOW (target);

  self->opening.fraction = fraction;
  pl_app_window_update_work (self);
}

/* Takes @wanted. */
static void
begin_opening (PlAppWindow *self,
               Wanted *wanted,
               const char *text,
               GTaskThreadFunc thread,
               gboolean is_remembered)
{
  GCancellable *cancellable = pl_app_window_begin_work (self, &self->opening, text);
  Answer *answer = g_new0 (Answer, 1);
  g_autoptr (GTask) task = NULL;

  g_clear_pointer (&self->resume_folder, g_free);
  pl_app_window_show_page (self, "opening");
  wanted->relay = pl_relay_new (G_OBJECT (self), cancellable, open_progress_cb);
  answer->window = g_object_ref (self);
  answer->cancellable = g_object_ref (cancellable);
  answer->is_remembered = is_remembered;
  task = g_task_new (NULL, cancellable, opened_cb, answer);
  g_task_set_source_tag (task, begin_opening);
  g_task_set_task_data (task, wanted, wanted_free);
  g_task_run_in_thread (task, thread);
}

/* @files: (nullable): what came with it */
static void
open_folder_with (PlAppWindow *self, const char *folder, char **files)
{
  Wanted *wanted = g_new0 (Wanted, 1);
  g_autofree char *name = g_filename_display_basename (folder);
  /* Translators: %s is a folder. */
  g_autofree char *text = g_strdup_printf (_ ("Opening %s…"), name);

  wanted->folder = g_strdup (folder);
  wanted->files = g_strdupv (files);
  begin_opening (self, wanted, text, open_thread, TRUE);
}

void
pl_app_window_open_folder (PlAppWindow *self, const char *folder)
{
  open_folder_with (self, folder, NULL);
}

void
pl_app_window_open_files (PlAppWindow *self, char **files)
{
  Wanted *wanted = g_new0 (Wanted, 1);

  wanted->files = g_strdupv (files);
  begin_opening (self, wanted, _ ("Opening files…"), open_thread, TRUE);
}

void
pl_app_window_open_sample_data (PlAppWindow *self)
{
  Wanted *wanted = g_new0 (Wanted, 1);

  wanted->folder = dup_sample_folder ();
  begin_opening (self, wanted, _ ("Making sample data…"), sample_data_thread, FALSE);
}

/* Masks alone, while there are images that they may belong to. */
static gboolean
are_masks (PlAppWindow *self, char **paths)
{
  for (char **path = paths; *path != NULL; path++)
    if (!pl_path_is_mask (*path))
      return FALSE;
  return self->dataset != NULL && self->opening.cancellable == NULL;
}

static void
open_paths (PlAppWindow *self, char **paths)
{
  if (are_masks (self, paths))
    pl_app_window_add_files (self, paths);
  else
    pl_app_window_open_files (self, paths);
}

void
pl_app_window_open (PlAppWindow *self, GFile **files, int n_files)
{
  g_autoptr (GStrvBuilder) images = g_strv_builder_new ();
  g_auto (GStrv) paths = NULL;
  g_autofree char *folder = NULL;

  for (int i = 0; i < n_files; i++)
    {
      g_autofree char *path = g_file_get_path (files[i]);

      if (path == NULL)
        pl_app_window_toast (self, _ ("Only files on this computer can be opened"));
      else if (g_str_has_suffix (path, ".safetensors"))
        pl_app_window_open_model (self, files[i]);
      else if (!g_file_test (path, G_FILE_TEST_IS_DIR))
        g_strv_builder_add (images, path);
      else if (folder == NULL)
        folder = g_steal_pointer (&path);
      else
        pl_app_window_toast (self, _ ("One folder is shown at a time: the first was opened"));
    }
  paths = g_strv_builder_end (images);
  if (folder != NULL)
    open_folder_with (self, folder, paths[0] != NULL ? paths : NULL);
  else if (paths[0] != NULL)
    open_paths (self, paths);
}
