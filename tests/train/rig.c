/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rig.h"

#include "image/phantom.h"
#include "train/run-folder.h"
#include "train/split.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

static char *top; /* of all folders of the process */
static int n_folders;

char *
rig_make_folder (void)
{
  char *path;

  if (top == NULL)
    top = g_dir_make_tmp ("pleura-test-XXXXXX", NULL);
  g_assert_nonnull (top);
  path = g_strdup_printf ("%s/%d", top, n_folders++);
  g_assert_cmpint (g_mkdir (path, 0755), ==, 0);
  return path;
}

void
rig_remove_tree (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);
      rig_remove_tree (child);
    }
  g_remove (path);
}

void
rig_clean_up (void)
{
  if (top != NULL)
    rig_remove_tree (top);
  g_clear_pointer (&top, g_free);
}

PlDataset *
rig_open_phantom (void)
{
  static char *folder;
  const PlPhantomOptions options = { .n_slices = 20, .n_volumes = 2, .size_px = 64, .seed = 1 };
  const double split[3] = { 0.6, 0.2, 0.2 };
  g_autoptr (GError) error = NULL;
  PlDataset *dataset;

  if (folder == NULL)
    {
      folder = rig_make_folder ();
      pl_phantom_write (folder, &options, NULL, NULL, NULL, &error);
      g_assert_no_error (error);
    }
  dataset = pl_dataset_open (folder, NULL, &error);
  g_assert_no_error (error);
  pl_split_assign (dataset, split, 1, &error);
  g_assert_no_error (error);
  return dataset;
}

PlVolume *
rig_load_volume (const PlDataset *dataset)
{
  for (guint i = 0; i < dataset->cases->len; i++)
    if (pl_case_is_volume (g_ptr_array_index (dataset->cases, i)))
      return pl_case_load_image (g_ptr_array_index (dataset->cases, i), NULL, NULL);
  g_assert_not_reached ();
}

PlTrainSettings
rig_settings (int epochs)
{
  PlTrainSettings settings = pl_train_settings_default;

  settings.epochs = epochs;
  settings.batch = 2;
  settings.size_px = 32;
  settings.base = 4;
  settings.depth = 2;
  settings.rate = 3e-2;
  settings.slices_per_volume = 4;
  return settings;
}

static void
points_cb (PlTrainer *trainer, GArray *points, Rig *rig)
{
  g_array_append_vals (rig->points, points->data, points->len);
  for (guint i = 0; i < points->len && rig->on_point != NULL; i++)
    rig->on_point (rig, &g_array_index (points, PlTrainPoint, i));
}

static void
status_cb (PlTrainer *trainer, const PlTrainStatus *status, Rig *rig)
{
  g_assert_cmpfloat (status->fraction, >=, 0);
  g_assert_cmpfloat (status->fraction, <=, 1);
  g_assert_cmpint (status->step, <=, status->n_steps);
  g_assert_cmpuint (status->memory_bytes, >, 1 << 20);
  rig->status = *status;
  rig->phases |= 1u << status->phase;
  if (rig->on_status != NULL)
    rig->on_status (rig);
}

static void
preview_cb (PlTrainer *trainer, const PlPreview *preview, Rig *rig)
{
  rig->n_previews++;
  if (rig->on_preview != NULL)
    rig->on_preview (rig, preview);
}

static void
notice_cb (PlTrainer *trainer, const char *notice, Rig *rig)
{
  g_ptr_array_add (rig->notices, g_strdup (notice));
}

static void
finished_cb (PlTrainer *trainer, Rig *rig)
{
  g_assert_false (pl_trainer_is_running (trainer));
  g_assert_nonnull (pl_trainer_get_result (trainer));
  rig->n_finished++;
  g_main_loop_quit (rig->loop);
}

Rig *
rig_new (const PlTrainSettings *settings, PlDataset *dataset, const char *folder, PlModel *init)
{
  Rig *rig = g_new0 (Rig, 1);
  g_autoptr (GError) error = NULL;

  rig->folder = folder != NULL ? g_strdup (folder) : rig_make_folder ();
  if (folder == NULL)
    pl_run_folder_create (rig->folder, &error);
  g_assert_no_error (error);
  rig->loop = g_main_loop_new (NULL, FALSE);
  rig->points = g_array_new (FALSE, FALSE, sizeof (PlTrainPoint));
  rig->notices = g_ptr_array_new_with_free_func (g_free);
  rig->trainer = pl_trainer_new (dataset, settings, rig->folder, init, folder != NULL);
  g_signal_connect (rig->trainer, "points", G_CALLBACK (points_cb), rig);
  g_signal_connect (rig->trainer, "status", G_CALLBACK (status_cb), rig);
  g_signal_connect (rig->trainer, "preview", G_CALLBACK (preview_cb), rig);
  g_signal_connect (rig->trainer, "notice", G_CALLBACK (notice_cb), rig);
  g_signal_connect (rig->trainer, "finished", G_CALLBACK (finished_cb), rig);
  return rig;
}

const PlTrainResult *
rig_run (Rig *rig)
{
  const PlTrainResult *result;

  g_assert_null (pl_trainer_get_result (rig->trainer));
  pl_trainer_start (rig->trainer);
  g_assert_true (pl_trainer_is_running (rig->trainer));
  g_main_loop_run (rig->loop);
  g_assert_cmpint (rig->n_finished, ==, 1);
  result = pl_trainer_get_result (rig->trainer);
  g_assert_true ((result->outcome == PL_TRAIN_FAILED) == (result->error != NULL));
  return result;
}

void
rig_free (Rig *rig)
{
  g_assert_finalize_object (rig->trainer);
  g_main_loop_unref (rig->loop);
  g_array_unref (rig->points);
  g_ptr_array_unref (rig->notices);
  g_free (rig->folder);
  g_free (rig);
}

char *
rig_read_history_without_times (const Rig *rig)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) history = pl_run_folder_read_history (rig->folder, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < history->len; i++)
    g_array_index (history, PlEpoch, i).time_s = NAN;
  return pl_history_to_csv (history);
}

void
rig_assert_same_file (const Rig *a, const Rig *b, const char *name)
{
  g_autofree char *path_a = g_build_filename (a->folder, name, NULL);
  g_autofree char *path_b = g_build_filename (b->folder, name, NULL);
  g_autofree char *text_a = NULL;
  g_autofree char *text_b = NULL;
  gsize n_a, n_b;

  g_assert_true (g_file_get_contents (path_a, &text_a, &n_a, NULL));
  g_assert_true (g_file_get_contents (path_b, &text_b, &n_b, NULL));
  g_assert_cmpmem (text_a, n_a, text_b, n_b);
}
