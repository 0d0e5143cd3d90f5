/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finds the layout of a data set's folder. A table says what folders each layout has; the first one
 * that fits is taken, and all of its lines are read. */
#include "train/dataset-private.h"

#include <string.h>

#include "base/file.h"
#include "train/class-names.h"
#include "train/saved-split.h"

/* A folder of images and where its masks are. */
typedef struct
{
  PlLayout layout;
  const char *images;   /* "" is the data set's folder itself */
  const char *masks[2]; /* (nullable): the first that is there; else beside the images */
  gboolean needs_masks; /* without a folder of masks this is not the layout */
  gboolean has_channels;
} Rule;

static const Rule rules[] = {
  { PL_LAYOUT_KAGGLE, "2d_images", { "2d_masks" } },
  { PL_LAYOUT_KAGGLE, "3d_images", { NULL } },
  { PL_LAYOUT_NNUNET, "imagesTr", { "labelsTr" }, .has_channels = TRUE },
  { PL_LAYOUT_NNUNET, "imagesTs", { NULL }, .has_channels = TRUE },
  { PL_LAYOUT_PAIRS, "images", { "masks", "labels" }, .needs_masks = TRUE },
  { PL_LAYOUT_PAIRS, "", { "masks", "labels" }, .needs_masks = TRUE },
};

/* (nullable): the rule's folder of masks inside @folder. */
static char *
find_masks (const Rule *rule, const char *folder)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rule->masks) && rule->masks[i] != NULL; i++)
    {
      g_autofree char *path = g_build_filename (folder, rule->masks[i], NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        return g_steal_pointer (&path);
    }
  return NULL;
}

gboolean
pl_folder_name_is_of_masks (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++)
    for (gsize k = 0; k < G_N_ELEMENTS (rules->masks); k++)
      if (g_strcmp0 (rules[i].masks[k], name) == 0)
        return TRUE;
  return FALSE;
}

static gboolean
rule_fits (const Rule *rule, const char *folder)
{
  g_autofree char *images = g_build_filename (folder, rule->images, NULL);
  g_autofree char *masks = find_masks (rule, folder);

  return g_file_test (images, G_FILE_TEST_IS_DIR) && (masks != NULL || !rule->needs_masks);
}

static gboolean
find_layout (const char *folder, PlLayout *layout)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++)
    if (rule_fits (&rules[i], folder))
      {
        *layout = rules[i].layout;
        return TRUE;
      }
  return FALSE;
}

static gboolean
add_layout (PlDataset *dataset, GError **error)
{
  gboolean is_done = FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++)
    {
      g_autofree char *images = NULL;
      g_autofree char *masks = NULL;

      if (rules[i].layout != dataset->layout || !rule_fits (&rules[i], dataset->folder))
        continue;
      if (is_done && rules[i].images[0] == '\0') /* masks/ belongs to images/ */
        continue;
      images = rules[i].images[0] == '\0'
                   ? g_strdup (dataset->folder)
                   : g_build_filename (dataset->folder, rules[i].images, NULL);
      masks = find_masks (&rules[i], dataset->folder);
      if (!pl_dataset_add_folder (dataset, images, masks, rules[i].has_channels, error))
        return FALSE;
      is_done = TRUE;
    }
  return TRUE;
}

/* The folder's own images and those of its subfolders, one level down. */
static gboolean
add_plain (PlDataset *dataset, GError **error)
{
  g_autoptr (GDir) dir = pl_file_open_folder (dataset->folder, error);
  const char *name;

  if (dir == NULL || !pl_dataset_add_folder (dataset, dataset->folder, NULL, FALSE, error))
    return FALSE;
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (dataset->folder, name, NULL);
      g_autoptr (GError) unreadable = NULL;

      if (name[0] == '.' || !g_file_test (path, G_FILE_TEST_IS_DIR))
        continue;
      if (!pl_dataset_add_folder (dataset, path, NULL, FALSE, &unreadable))
        pl_dataset_add_problem_error (dataset, path, NULL, unreadable);
    }
  return TRUE;
}

PlDataset *
pl_dataset_open (const char *folder, GCancellable *cancellable, GError **error)
{
  g_autofree char *path = g_canonicalize_filename (folder, NULL);
  g_autofree char *train = g_build_filename (path, "train", NULL);
  g_autoptr (GDir) dir = pl_file_open_folder (path, error);
  g_autoptr (PlDataset) dataset = NULL;
  PlLayout layout = PL_LAYOUT_PLAIN;

  if (dir == NULL)
    return NULL;
  if (!find_layout (path, &layout) && find_layout (train, &layout))
    dataset = pl_dataset_new_take (g_steal_pointer (&train));
  else
    dataset = pl_dataset_new_take (g_steal_pointer (&path));
  dataset->layout = layout;
  if (!(layout == PL_LAYOUT_PLAIN ? add_plain (dataset, error) : add_layout (dataset, error)))
    return NULL;
  if (layout == PL_LAYOUT_NNUNET)
    pl_dataset_read_json (dataset);
  if (!pl_dataset_read_headers (dataset, cancellable, error))
    return NULL;
  pl_class_names_read (dataset);
  pl_saved_split_read (dataset);
  return g_steal_pointer (&dataset);
}

/* (nullable): where the masks of the images in @folder are, if it is a folder of a layout. */
static char *
find_sibling_masks (const char *folder)
{
  g_autofree char *name = g_path_get_basename (folder);
  g_autofree char *parent = g_path_get_dirname (folder);
  char *masks = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (rules) && masks == NULL; i++)
    if (g_str_equal (rules[i].images, name))
      masks = find_masks (&rules[i], parent);
    else if (rules[i].images[0] == '\0')
      masks = find_masks (&rules[i], folder);
  return masks;
}

/* The deepest folder that holds both. */
static char *
find_common_folder (const char *a, const char *b)
{
  char *folder = g_strdup (a);

  while (!g_str_equal (folder, "/") && !(g_str_has_prefix (b, folder) &&
                                         (b[strlen (folder)] == '/' || b[strlen (folder)] == '\0')))
    {
      char *parent = g_path_get_dirname (folder);

      g_free (folder);
      folder = parent;
    }
  return folder;
}

/* Absolute paths to (owned) folder → (element-type utf8) names; @order has the folders. */
static GHashTable *
group_by_folder (char **paths, GPtrArray *order)
{
  GHashTable *groups =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);

  for (gsize i = 0; paths[i] != NULL; i++)
    {
      g_autofree char *path = g_canonicalize_filename (paths[i], NULL);
      char *folder = g_path_get_dirname (path);
      GPtrArray *names = g_hash_table_lookup (groups, folder);

      if (names == NULL)
        {
          names = g_ptr_array_new_with_free_func (g_free);
          g_hash_table_insert (groups, folder, names);
          g_ptr_array_add (order, folder);
        }
      else
        g_free (folder);
      g_ptr_array_add (names, g_path_get_basename (path));
    }
  return groups;
}

/* Of an image and its mask, both named by the user, the mask is no image of its own. */
static void
drop_masks_of_others (PlDataset *dataset)
{
  g_autoptr (GHashTable) masks = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < dataset->cases->len; i++)
    {
      PlCase *self = g_ptr_array_index (dataset->cases, i);

      if (self->mask_path != NULL)
        g_hash_table_add (masks, g_strdup (self->mask_path));
    }
  for (guint i = 0; i < dataset->cases->len;)
    if (g_hash_table_contains (masks, ((PlCase *) dataset->cases->pdata[i])->image_path))
      g_ptr_array_remove_index (dataset->cases, i);
    else
      i++;
}

PlDataset *
pl_dataset_open_files (char **paths, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) folders = g_ptr_array_new ();
  g_autoptr (GHashTable) groups = group_by_folder (paths, folders);
  g_autofree char *common = folders->len > 0 ? g_strdup (folders->pdata[0]) : g_strdup ("/");
  g_autoptr (PlDataset) dataset = NULL;

  for (guint i = 1; i < folders->len; i++)
    {
      char *next = find_common_folder (common, folders->pdata[i]);

      g_free (common);
      common = next;
    }
  dataset = pl_dataset_new_take (g_steal_pointer (&common));
  dataset->is_partial = TRUE;
  for (guint i = 0; i < folders->len; i++)
    {
      const char *folder = folders->pdata[i];
      g_autofree char *masks = find_sibling_masks (folder);

      pl_dataset_add_files (dataset, folder, masks, g_hash_table_lookup (groups, folder));
    }
  pl_dataset_pair_files (dataset);
  drop_masks_of_others (dataset);
  if (!pl_dataset_read_headers (dataset, cancellable, error))
    return NULL;
  return g_steal_pointer (&dataset);
}
