/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Data sets as plain data, and what file names say: dataset-open.c finds them in folders. */
#include "train/dataset-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "image/image-error.h"
#include "image/lung-sides.h"
#include "train/class-names.h"
#include "train/train.h"

static const char *const group_names[] = {
  [PL_GROUP_NONE] = "none", [PL_GROUP_TRAIN] = "train",   [PL_GROUP_VALIDATION] = "validation",
  [PL_GROUP_TEST] = "test", [PL_GROUP_IGNORE] = "ignore",
};

const char *
pl_group_name (PlGroup group)
{
  g_assert ((gsize) group < G_N_ELEMENTS (group_names));
  return group_names[group];
}

gboolean
pl_group_from_name (const char *name, PlGroup *group)
{
  for (gsize i = 0; i < G_N_ELEMENTS (group_names); i++)
    if (g_str_equal (name, group_names[i]))
      {
        *group = (PlGroup) i;
        return TRUE;
      }
  return FALSE;
}

void
pl_case_free (gpointer data)
{
  PlCase *self = data;

  g_free (self->name);
  g_free (self->image_path);
  g_free (self->mask_path);
  g_free (self->patient);
  g_free (self);
}

static void
free_problem (gpointer data)
{
  PlProblem *problem = data;

  g_free (problem->path);
  g_free (problem->reason);
  g_free (problem->partner);
  g_free (problem);
}

PlDataset *
pl_dataset_new_take (char *folder)
{
  PlDataset *dataset = g_new0 (PlDataset, 1);

  dataset->folder = folder;
  dataset->layout = PL_LAYOUT_PLAIN;
  dataset->cases = g_ptr_array_new_with_free_func (pl_case_free);
  dataset->problems = g_ptr_array_new_with_free_func (free_problem);
  dataset->notices = g_ptr_array_new_with_free_func (free_problem);
  pl_dataset_set_classes (dataset, (char *[]){ (char *) "lung", NULL });
  return dataset;
}

void
pl_dataset_set_classes (PlDataset *dataset, GStrv found)
{
  GStrv given = dataset->parts_lungs ? dataset->given_sides : dataset->given_names;
  GStrv kept = g_strdupv (found); /* it may be the data set's own */
  GStrv names = g_strdupv (found);

  for (guint i = 0; given != NULL && given[i] != NULL && i < g_strv_length (found); i++)
    {
      g_free (names[i]);
      names[i] = g_strdup (given[i]);
    }
  g_strfreev (dataset->found_names);
  g_strfreev (dataset->class_names);
  dataset->found_names = kept;
  dataset->class_names = names;
  dataset->n_classes = (int) g_strv_length (names);
}

static PlProblem *
make_problem_take (const char *path, PlProblemKind kind, char *reason)
{
  PlProblem *problem = g_new0 (PlProblem, 1);
  gsize length = strlen (path);

  if (g_str_has_prefix (reason, path) && g_str_has_prefix (reason + length, ": "))
    memmove (reason, reason + length + 2, strlen (reason + length + 2) + 1);
  problem->path = g_strdup (path);
  problem->reason = reason;
  problem->kind = kind;
  return problem;
}

void
pl_dataset_add_problem_take (PlDataset *dataset, const char *path, PlProblemKind kind, char *reason)
{
  g_ptr_array_add (dataset->problems, make_problem_take (path, kind, reason));
}

void
pl_dataset_add_problem_error (PlDataset *dataset,
                              const char *path,
                              const char *partner,
                              const GError *error)
{
  const char *advice = pl_image_error_advice (error);
  const char *stop = g_str_has_suffix (error->message, ".") ? " " : ". ";
  gboolean is_mismatch = g_error_matches (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_MISMATCH);
  PlProblem *problem =
      make_problem_take (path, is_mismatch ? PL_PROBLEM_MISMATCH : PL_PROBLEM_UNREADABLE,
                         g_strconcat (error->message, *advice == '\0' ? NULL : stop, advice, NULL));

  problem->partner = g_strdup (partner);
  g_ptr_array_add (dataset->problems, problem);
}

void
pl_dataset_add_notice_take (PlDataset *dataset, const char *path, PlProblemKind kind, char *reason)
{
  g_ptr_array_add (dataset->notices, make_problem_take (path, kind, reason));
}

void
pl_dataset_free (PlDataset *dataset)
{
  if (dataset == NULL)
    return;
  g_free (dataset->folder);
  g_ptr_array_unref (dataset->cases);
  g_ptr_array_unref (dataset->problems);
  g_ptr_array_unref (dataset->notices);
  g_strfreev (dataset->class_names);
  g_strfreev (dataset->found_names);
  g_strfreev (dataset->given_names);
  g_strfreev (dataset->given_sides);
  g_free (dataset->split_file);
  g_free (dataset->split_problem);
  g_free (dataset);
}

PlCase *
pl_case_copy (const PlCase *self)
{
  PlCase *copy = g_memdup2 (self, sizeof *self);

  copy->name = g_strdup (self->name);
  copy->image_path = g_strdup (self->image_path);
  copy->mask_path = g_strdup (self->mask_path);
  copy->patient = g_strdup (self->patient);
  return copy;
}

static gpointer
copy_case (gconstpointer source, gpointer data)
{
  return pl_case_copy (source);
}

static gpointer
copy_problem (gconstpointer source, gpointer data)
{
  const PlProblem *problem = source;
  PlProblem *copy = g_new (PlProblem, 1);

  copy->path = g_strdup (problem->path);
  copy->reason = g_strdup (problem->reason);
  copy->partner = g_strdup (problem->partner);
  copy->kind = problem->kind;
  return copy;
}

PlDataset *
pl_dataset_copy (const PlDataset *dataset)
{
  PlDataset *copy = g_memdup2 (dataset, sizeof *dataset);

  copy->folder = g_strdup (dataset->folder);
  copy->cases = g_ptr_array_copy (dataset->cases, copy_case, NULL);
  copy->problems = g_ptr_array_copy (dataset->problems, copy_problem, NULL);
  copy->notices = g_ptr_array_copy (dataset->notices, copy_problem, NULL);
  copy->class_names = g_strdupv (dataset->class_names);
  copy->found_names = g_strdupv (dataset->found_names);
  copy->given_names = g_strdupv (dataset->given_names);
  copy->given_sides = g_strdupv (dataset->given_sides);
  copy->split_file = g_strdup (dataset->split_file);
  copy->split_problem = g_strdup (dataset->split_problem);
  return copy;
}

PlDatasetCounts
pl_dataset_count (const PlDataset *dataset)
{
  PlDatasetCounts counts = { 0 };

  for (guint i = 0; i < dataset->cases->len; i++)
    {
      const PlCase *a_case = g_ptr_array_index (dataset->cases, i);

      counts.with_mask += a_case->mask_path != NULL;
      if (pl_case_is_volume (a_case))
        counts.volumes++;
      else
        counts.slices++;
    }
  return counts;
}

PlCase *
pl_dataset_take_case (PlDataset *dataset, guint index)
{
  return g_ptr_array_steal_index (dataset->cases, index);
}

void
pl_dataset_put_case (PlDataset *dataset, guint index, PlCase *taken)
{
  g_ptr_array_insert (dataset->cases, (int) index, taken);
}

PlCase *
pl_dataset_find (const PlDataset *dataset, const char *name)
{
  for (guint i = 0; i < dataset->cases->len; i++)
    {
      PlCase *self = g_ptr_array_index (dataset->cases, i);

      if (g_str_equal (self->name, name))
        return self;
    }
  return NULL;
}

gboolean
pl_case_is_volume (const PlCase *self)
{
  return self->header.shape[self->header.slice_axis] > 1;
}

gboolean
pl_case_has_axes (const PlCase *self)
{
  const int *shape = self->header.shape;

  return shape[0] > 1 && shape[1] > 1 && shape[2] > 1;
}

void
pl_case_read_as (PlCase *self, int volume, int slice_axis)
{
  self->header.page = volume;
  pl_header_choose_axes (&self->header, pl_case_has_axes (self) ? slice_axis : -1);
}

PlLoadOptions
pl_case_load_options (const PlCase *self)
{
  return (PlLoadOptions){ .page = self->header.page, .slice_axis = self->header.slice_axis };
}

PlVolume *
pl_case_load_image (const PlCase *self, GCancellable *cancellable, GError **error)
{
  PlLoadOptions options = pl_case_load_options (self);

  return pl_volume_load (self->image_path, &options, cancellable, error);
}

PlMask *
pl_case_load_mask (const PlCase *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (PlMask) mask = NULL;
  char orientation[4];

  if (self->mask_path == NULL)
    {
      g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET, _ ("%s: it has no mask"),
                   self->image_path);
      return NULL;
    }
  mask = pl_mask_load (self->mask_path, &self->header, cancellable, error);
  if (mask == NULL || !self->parts_lungs || mask->max_label > 1)
    return g_steal_pointer (&mask);
  pl_header_name_orientation (&self->header, orientation);
  return pl_lung_sides_new (mask, orientation);
}

gboolean
pl_case_load_pair (
    const PlCase *self, GCancellable *cancellable, PlVolume **image, PlMask **mask, GError **error)
{
  g_autoptr (PlVolume) volume = pl_case_load_image (self, cancellable, error);
  g_autoptr (PlMask) labels = volume != NULL ? pl_case_load_mask (self, cancellable, error) : NULL;

  if (labels == NULL)
    return FALSE;
  if (memcmp (volume->n, labels->n, sizeof volume->n) != 0)
    {
      g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET,
                   _ ("%s: it has changed since the data set was opened: it has %d × %d × %d "
                      "voxels now, its mask %d × %d × %d"),
                   self->image_path, volume->n[0], volume->n[1], volume->n[2], labels->n[0],
                   labels->n[1], labels->n[2]);
      return FALSE;
    }
  *image = g_steal_pointer (&volume);
  *mask = g_steal_pointer (&labels);
  return TRUE;
}

gboolean
pl_dataset_part_lungs (PlDataset *dataset, GError **error)
{
  char *names[] = { (char *) PL_LUNG_LEFT_NAME, (char *) PL_LUNG_RIGHT_NAME, NULL };

  if (dataset->n_classes > 1)
    {
      g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET,
                   _ ("The masks have %d classes; left and right can be told apart only where they "
                      "have one, of both lungs."),
                   dataset->n_classes);
      return FALSE;
    }
  for (guint i = 0; i < dataset->cases->len; i++)
    ((PlCase *) g_ptr_array_index (dataset->cases, i))->parts_lungs = TRUE;
  dataset->parts_lungs = TRUE;
  pl_dataset_set_classes (dataset, names);
  return TRUE;
}

gboolean
pl_dataset_has_sides (const PlDataset *dataset)
{
  for (int i = 0; i < dataset->n_classes; i++)
    if (pl_class_name_is_side (dataset->class_names[i]) ||
        pl_class_name_is_side (dataset->found_names[i]))
      return TRUE;
  return FALSE;
}

char *
pl_patient_from_stem (const char *stem)
{
  const char *digit = stem;
  gsize length = 0;

  while (*digit != '\0' && !g_ascii_isdigit (*digit))
    digit++;
  if (*digit == '\0')
    return g_strdup (stem);
  while (*digit == '0' && g_ascii_isdigit (digit[1]))
    digit++;
  while (g_ascii_isdigit (digit[length]))
    length++;
  return g_strndup (digit, length);
}

static void
cut_suffix (char *text, const char *suffix)
{
  gsize n = strlen (text);
  gsize n_suffix = strlen (suffix);

  if (n > n_suffix && g_str_has_suffix (text, suffix))
    text[n - n_suffix] = '\0';
}

char *
pl_case_key (const char *path)
{
  static const char *const prefixes[] = { "IMG_", "MASK_" };
  static const char *const suffixes[] = { "_probability", "_masks", "_mask", "_0000" };
  char *key = pl_image_dup_stem (path);

  for (gsize i = 0; i < G_N_ELEMENTS (prefixes); i++)
    if (g_str_has_prefix (key, prefixes[i]) && key[strlen (prefixes[i])] != '\0')
      {
        memmove (key, key + strlen (prefixes[i]), strlen (key + strlen (prefixes[i])) + 1);
        break;
      }
  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    cut_suffix (key, suffixes[i]);
  return key;
}

static gboolean
is_pair_ending (const char *ending)
{
  return g_ascii_strncasecmp (ending, ".hdr", 4) == 0 ||
         g_ascii_strncasecmp (ending, ".img", 4) == 0;
}

char *
pl_prediction_save_name (const char *image_path)
{
  g_autofree char *name = g_path_get_basename (image_path);
  g_autofree char *stem = pl_image_dup_stem (image_path);
  const char *ending = name + strlen (stem);

  return g_strconcat (stem, "-prediction_mask", is_pair_ending (ending) ? ".nii.gz" : ending, NULL);
}

char *
pl_prediction_name (const char *image_path)
{
  g_autofree char *name = g_path_get_basename (image_path);
  g_autofree char *stem = pl_image_dup_stem (image_path);
  const char *ending = name + strlen (stem);

  if (is_pair_ending (ending))
    ending = ".nii.gz";
  cut_suffix (stem, "_0000");
  if (g_str_has_prefix (stem, "IMG_"))
    return g_strconcat ("MASK_", stem + strlen ("IMG_"), ending, NULL);
  return g_strconcat (stem, ending, NULL);
}
