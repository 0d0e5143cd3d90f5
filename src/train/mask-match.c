/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A pass for each way in which names can be alike, the closest first, in which every mask is looked
 * up: a mask is never given to an image that another one is closer to. */
#include "train/mask-match.h"

#include <glib/gi18n-lib.h>

#include "train/dataset-private.h"
#include "train/train.h"

/* What the index says of a name that several images have. */
#define SEVERAL G_MAXUINT

typedef enum
{
  NOT_FOUND,
  FOUND,
  AMBIGUOUS,
  HAS_MASK, /* the image, already */
} Outcome;

typedef struct
{
  Outcome outcome;
  guint index;
} Match;

gboolean
pl_path_is_mask (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *name = g_path_get_basename (folder);

  return pl_name_is_mask (path) || pl_folder_name_is_of_masks (name);
}

/* What image and mask must have in common. */
static char *
dup_key (const char *path, PlNameWay way, gboolean in_folder)
{
  g_autofree char *base = g_path_get_basename (path);
  g_autofree char *name = pl_name_by (way, base);
  g_autofree char *folder = in_folder ? g_path_get_dirname (path) : NULL;

  return in_folder ? g_build_filename (folder, name, NULL) : g_steal_pointer (&name);
}

/* Key to index + 1 of the case, or SEVERAL. */
static GHashTable *
index_cases (const PlDataset *dataset, PlNameWay way, gboolean in_folder)
{
  GHashTable *index = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < dataset->cases->len; i++)
    {
      const PlCase *self = g_ptr_array_index (dataset->cases, i);
      char *key;

      if (pl_path_is_mask (self->image_path))
        continue;
      key = dup_key (self->image_path, way, in_folder);
      if (g_hash_table_contains (index, key))
        g_hash_table_insert (index, key, GUINT_TO_POINTER (SEVERAL));
      else
        g_hash_table_insert (index, key, GUINT_TO_POINTER (i + 1));
    }
  return index;
}

static void
match_by (const PlDataset *dataset,
          char **paths,
          PlNameWay way,
          gboolean in_folder,
          gboolean *has_mask,
          Match *matches)
{
  g_autoptr (GHashTable) index = index_cases (dataset, way, in_folder);

  for (guint i = 0; paths[i] != NULL; i++)
    {
      g_autofree char *key = dup_key (paths[i], way, in_folder);
      guint found = GPOINTER_TO_UINT (g_hash_table_lookup (index, key));

      if (matches[i].outcome != NOT_FOUND || found == 0)
        continue;
      if (found == SEVERAL)
        {
          matches[i].outcome = AMBIGUOUS;
          continue;
        }
      matches[i].index = found - 1;
      matches[i].outcome = has_mask[found - 1] ? HAS_MASK : FOUND;
      has_mask[found - 1] = TRUE;
    }
}

/* One for each path. */
static Match *
match_names (const PlDataset *dataset, char **paths)
{
  Match *matches = g_new0 (Match, g_strv_length (paths) + 1);
  g_autofree gboolean *has_mask = g_new (gboolean, dataset->cases->len + 1);

  for (guint i = 0; i < dataset->cases->len; i++)
    has_mask[i] = ((const PlCase *) g_ptr_array_index (dataset->cases, i))->mask_path != NULL;
  for (int in_folder = 1; in_folder >= 0; in_folder--)
    for (PlNameWay way = PL_BY_NAME; way < PL_N_WAYS; way++)
      match_by (dataset, paths, way, in_folder, has_mask, matches);
  return matches;
}

static void
match_free (gpointer data)
{
  PlMaskMatch *match = data;

  g_free (match->path);
  g_clear_error (&match->error);
  g_free (match);
}

/* @self: (nullable): the case that was found */
static GError *
make_error (Outcome outcome, const char *path, const PlCase *self)
{
  if (outcome == NOT_FOUND)
    return g_error_new (PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET,
                        _ ("%s: no image has its name: call it like its image"), path);
  if (outcome == AMBIGUOUS)
    return g_error_new (PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET,
                        _ ("%s: several images have its name: put it beside its image"), path);
  if (g_strcmp0 (self->mask_path, path) == 0)
    return g_error_new (PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET,
                        _ ("%s: it is the mask of %s already"), path, self->name);
  return g_error_new (PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET,
                      _ ("%s: its image, %s, has a mask already"), path, self->name);
}

static PlMaskMatch *
check_match (const PlDataset *dataset, const char *path, const Match *match)
{
  PlMaskMatch *checked = g_new0 (PlMaskMatch, 1);
  const PlCase *self = match->outcome == FOUND || match->outcome == HAS_MASK
                           ? dataset->cases->pdata[match->index]
                           : NULL;

  checked->path = g_strdup (path);
  checked->index = match->index;
  if (match->outcome != FOUND)
    checked->error = make_error (match->outcome, path, self);
  else
    pl_case_check_mask (self, path, &checked->error);
  return checked;
}

GPtrArray *
pl_mask_match_list (const PlDataset *dataset, char **paths)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (match_free);
  g_autofree Match *matches = match_names (dataset, paths);

  for (guint i = 0; paths[i] != NULL; i++)
    g_ptr_array_add (list, check_match (dataset, paths[i], &matches[i]));
  return list;
}

/* (transfer container): the images of cases that are masks. */
static GPtrArray *
list_masks (const PlDataset *dataset)
{
  GPtrArray *masks = g_ptr_array_new ();

  for (guint i = 0; i < dataset->cases->len; i++)
    {
      const PlCase *self = g_ptr_array_index (dataset->cases, i);

      if (pl_path_is_mask (self->image_path))
        g_ptr_array_add (masks, self->image_path);
    }
  g_ptr_array_add (masks, NULL);
  return masks;
}

void
pl_dataset_pair_files (PlDataset *dataset)
{
  g_autoptr (GPtrArray) masks = list_masks (dataset);
  g_autofree Match *matches = match_names (dataset, (char **) masks->pdata);

  for (guint i = 0; i + 1 < masks->len; i++)
    if (matches[i].outcome == FOUND)
      ((PlCase *) dataset->cases->pdata[matches[i].index])->mask_path = g_strdup (masks->pdata[i]);
}
