/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads all images and masks of a data set to their last voxel. Several at a time, as memory
 * allows one volume a thread. */
#include "train/manifest.h"

#include <glib/gi18n-lib.h>
#include <pthread.h>

#include "base/parallel.h"
#include "train/class-names.h"
#include "train/dataset-private.h"
#include "train/near-duplicates.h"
#include "train/recipe.h"

typedef struct
{
  PlDataset *dataset;
  PlProgress progress; /* (nullable) */
  gpointer data;
  GCancellable *cancellable;

  /* By the index of the case */
  GError **image_errors;
  GError **mask_errors;
  int *max_labels;
  gboolean *are_hu;
  PlNearDuplicates *looks;

  /* Shared by the threads */
  pthread_mutex_t lock;
  guint n_done;
} Check;

static void
check_case (Check *check, gsize index)
{
  const PlCase *self = g_ptr_array_index (check->dataset->cases, index);
  g_autoptr (PlVolume) image =
      pl_case_load_image (self, check->cancellable, &check->image_errors[index]);
  g_autoptr (PlMask) mask = NULL;

  check->are_hu[index] = image == NULL || pl_recipe_volume_looks_like_hu (image);
  if (image != NULL)
    pl_near_duplicates_add (check->looks, (guint) index, image);
  if (image == NULL || self->mask_path == NULL)
    return;
  mask = pl_mask_load (self->mask_path, &image->header, check->cancellable,
                       &check->mask_errors[index]);
  if (mask != NULL)
    check->max_labels[index] = mask->max_label;
}

static void
check_case_cb (void *data, size_t index, int worker)
{
  Check *check = data;

  if (g_cancellable_is_cancelled (check->cancellable))
    return;
  check_case (check, index);
  pthread_mutex_lock (&check->lock);
  check->n_done++;
  if (check->progress != NULL)
    check->progress ((double) check->n_done / check->dataset->cases->len, check->data);
  pthread_mutex_unlock (&check->lock);
}

static void
note_error (Check *check, PlCase *self, const char *path, const GError *error)
{
  if (error == NULL)
    return;
  pl_dataset_add_problem_error (check->dataset, path, NULL, error);
  self->group = PL_GROUP_IGNORE;
}

/* Without names from dataset.json, the largest label says how many classes there are. */
static void
learn_classes (PlDataset *dataset, int max_label)
{
  g_auto (GStrv) names = NULL;

  if (dataset->has_classes || max_label <= dataset->n_classes)
    return;
  names = g_new0 (char *, max_label + 1);
  for (int i = 1; i <= max_label; i++)
    names[i - 1] = pl_class_name_dup_default (i);
  pl_dataset_set_classes (dataset, names);
}

static void
tell_of_values (Check *check)
{
  for (guint i = 0; i < check->dataset->cases->len; i++)
    {
      const PlCase *self = g_ptr_array_index (check->dataset->cases, i);

      if (!check->are_hu[i])
        pl_dataset_add_notice_take (
            check->dataset, self->image_path, PL_PROBLEM_VALUES,
            g_strdup (_ ("its values do not look like Hounsfield units; if it is CT, export it "
                         "again with its rescale slope and intercept")));
    }
}

static void
take_results (Check *check)
{
  PlDataset *dataset = check->dataset;
  g_autoptr (GArray) pairs = pl_near_duplicates_list (check->looks, dataset, check->cancellable);
  int max_label = 0;

  for (guint i = 0; i < dataset->cases->len; i++)
    max_label = MAX (max_label, check->max_labels[i]);
  tell_of_values (check);
  pl_near_duplicates_note (dataset, pairs);
  learn_classes (dataset, max_label);
  for (guint i = 0; i < dataset->cases->len; i++)
    {
      PlCase *self = g_ptr_array_index (dataset->cases, i);

      note_error (check, self, self->image_path, check->image_errors[i]);
      note_error (check, self, self->mask_path, check->mask_errors[i]);
      if (check->max_labels[i] <= dataset->n_classes)
        continue;
      pl_dataset_add_problem_take (
          dataset, self->mask_path, PL_PROBLEM_OTHER,
          g_strdup_printf (
              ngettext ("it has the label %d, but dataset.json names only %d class: add "
                        "the others there",
                        "it has the label %d, but dataset.json names only %d classes: add "
                        "the others there",
                        (gulong) dataset->n_classes),
              check->max_labels[i], dataset->n_classes));
      self->group = PL_GROUP_IGNORE;
    }
}

gboolean
pl_dataset_check (PlDataset *dataset,
                  PlProgress progress,
                  gpointer data,
                  GCancellable *cancellable,
                  GError **error)
{
  guint n = dataset->cases->len;
  Check check = {
    .dataset = dataset,
    .progress = progress,
    .data = data,
    .cancellable = cancellable,
    .image_errors = g_new0 (GError *, n + 1),
    .mask_errors = g_new0 (GError *, n + 1),
    .max_labels = g_new0 (int, n + 1),
    .are_hu = g_new0 (gboolean, n + 1),
    .looks = pl_near_duplicates_new (dataset),
    .lock = PTHREAD_MUTEX_INITIALIZER,
  };
  gboolean is_cancelled;

  pl_parallel_for (n, check_case_cb, &check);
  pthread_mutex_destroy (&check.lock);
  is_cancelled = g_cancellable_set_error_if_cancelled (cancellable, error);
  if (!is_cancelled)
    take_results (&check);
  for (guint i = 0; i < n; i++)
    {
      g_clear_error (&check.image_errors[i]);
      g_clear_error (&check.mask_errors[i]);
    }
  g_free (check.image_errors);
  g_free (check.mask_errors);
  g_free (check.max_labels);
  g_free (check.are_hu);
  pl_near_duplicates_free (check.looks);
  return !is_cancelled;
}
