/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pairs the images of one folder with their masks by name alone. Equal file names come first, then
 * equal stems, then equal keys (pl_case_key()), each for all images before the next, so that no
 * image takes a mask that belongs to another one more closely. Hash tables: a folder may hold
 * thousands of files. */
#include "train/dataset-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/file.h"
#include "image/volume-load.h"

/* Medical images that are not read: they are listed, so that nobody wonders where they are. */
static const char *const foreign_endings[] = { ".dcm", ".mha", ".mhd", ".nrrd", ".nhdr" };

static gboolean
is_foreign (const char *name)
{
  g_autofree char *lower = g_ascii_strdown (name, -1);

  for (gsize i = 0; i < G_N_ELEMENTS (foreign_endings); i++)
    if (g_str_has_suffix (lower, foreign_endings[i]))
      return TRUE;
  return FALSE;
}

static int
compare_names_cb (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* (element-type utf8): the image files of a folder, sorted. @dataset: (nullable): where to list
 * what is not read */
static GPtrArray *
list_images (PlDataset *dataset, const char *folder, GError **error)
{
  g_autoptr (GDir) dir = pl_file_open_folder (folder, error);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  if (dir == NULL)
    return NULL;
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (name[0] == '.' || g_file_test (path, G_FILE_TEST_IS_DIR))
        continue;
      if (pl_image_name_is_supported (path))
        g_ptr_array_add (names, g_strdup (name));
      else if (dataset != NULL && is_foreign (name))
        pl_dataset_add_problem_take (
            dataset, path, PL_PROBLEM_UNREADABLE,
            g_strdup (_ ("files of this format are not read: convert it to NIfTI or TIFF")));
    }
  g_ptr_array_sort (names, compare_names_cb);
  return g_steal_pointer (&names);
}

gboolean
pl_name_is_mask (const char *name)
{
  g_autofree char *stem = pl_image_dup_stem (name);

  return (g_str_has_prefix (stem, "MASK_") && strlen (stem) > strlen ("MASK_")) ||
         g_str_has_suffix (stem, "_mask") || g_str_has_suffix (stem, "_masks");
}

char *
pl_name_by (PlNameWay way, const char *name)
{
  return way == PL_BY_NAME ? g_strdup (name)
                           : (way == PL_BY_STEM ? pl_image_dup_stem (name) : pl_case_key (name));
}

/* The images and masks of a folder while they are paired. */
typedef struct
{
  GPtrArray *images;    /* (element-type utf8): names */
  GPtrArray *masks;     /* (element-type utf8): names */
  const char **mask_of; /* (nullable): for each image, one of @masks */
  GHashTable *used;     /* set of those in @mask_of */
} Pairing;

/* Of masks whose names are the same, the first one counts. */
static GHashTable *
index_masks (const GPtrArray *masks, PlNameWay way)
{
  GHashTable *index = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < masks->len; i++)
    {
      char *key = pl_name_by (way, g_ptr_array_index (masks, i));

      if (g_hash_table_contains (index, key))
        g_free (key);
      else
        g_hash_table_insert (index, key, g_ptr_array_index (masks, i));
    }
  return index;
}

static void
pair_by (Pairing *pairing, PlNameWay way)
{
  g_autoptr (GHashTable) index = index_masks (pairing->masks, way);

  for (guint i = 0; i < pairing->images->len; i++)
    {
      g_autofree char *key = pl_name_by (way, g_ptr_array_index (pairing->images, i));
      char *mask = g_hash_table_lookup (index, key);

      if (mask == NULL || pairing->mask_of[i] != NULL ||
          g_hash_table_contains (pairing->used, mask))
        continue;
      pairing->mask_of[i] = mask;
      g_hash_table_add (pairing->used, mask);
    }
}

static void
add_case (PlDataset *dataset,
          const char *image_folder,
          const char *name,
          const char *mask_folder,
          const char *mask)
{
  PlCase *self = g_new0 (PlCase, 1);
  g_autofree char *stem = pl_image_dup_stem (name);
  gsize length = strlen (dataset->folder);

  self->image_path = g_build_filename (image_folder, name, NULL);
  self->mask_path = mask != NULL ? g_build_filename (mask_folder, mask, NULL) : NULL;
  self->patient = pl_patient_from_stem (stem);
  g_assert (g_str_has_prefix (self->image_path, dataset->folder));
  while (self->image_path[length] == '/')
    length++;
  self->name = g_strdup (self->image_path + length);
  g_ptr_array_add (dataset->cases, self);
}

static void
add_pairs (PlDataset *dataset,
           Pairing *pairing,
           const char *image_folder,
           const char *mask_folder,
           gboolean list_masks_left)
{
  pairing->mask_of = g_new0 (const char *, pairing->images->len + 1);
  pairing->used = g_hash_table_new (g_str_hash, g_str_equal);
  for (PlNameWay way = PL_BY_NAME; way < PL_N_WAYS; way++)
    pair_by (pairing, way);
  for (guint i = 0; i < pairing->images->len; i++)
    add_case (dataset, image_folder, g_ptr_array_index (pairing->images, i), mask_folder,
              pairing->mask_of[i]);
  for (guint i = 0; list_masks_left && i < pairing->masks->len; i++)
    if (!g_hash_table_contains (pairing->used, g_ptr_array_index (pairing->masks, i)))
      {
        g_autofree char *path =
            g_build_filename (mask_folder, g_ptr_array_index (pairing->masks, i), NULL);

        pl_dataset_add_problem_take (
            dataset, path, PL_PROBLEM_ORPHAN,
            g_strdup (_ (
                "no image belongs to this mask: give it the name of its image, or take it away")));
      }
  g_hash_table_unref (pairing->used);
  g_free (pairing->mask_of);
}

/* (element-type utf8): takes the names that look like masks out of @names. */
static GPtrArray *
take_masks (GPtrArray *names)
{
  GPtrArray *masks = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < names->len;)
    if (pl_name_is_mask (g_ptr_array_index (names, i)))
      g_ptr_array_add (masks, g_ptr_array_steal_index (names, i));
    else
      i++;
  return masks;
}

/* Set of the keys of those names that do not look like masks. */
static GHashTable *
index_image_keys (const GPtrArray *names)
{
  GHashTable *keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < names->len; i++)
    if (!pl_name_is_mask (g_ptr_array_index (names, i)))
      g_hash_table_add (keys, pl_case_key (g_ptr_array_index (names, i)));
  return keys;
}

/* (element-type utf8): of the files that the user named, each once, all but masks whose image is
 * named too. */
static GPtrArray *
choose_images (const GPtrArray *names)
{
  GPtrArray *images = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) keys = index_image_keys (names);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < names->len; i++)
    {
      char *name = g_ptr_array_index (names, i);
      g_autofree char *key = pl_case_key (name);

      if (!(pl_name_is_mask (name) && g_hash_table_contains (keys, key)) &&
          g_hash_table_add (seen, name))
        g_ptr_array_add (images, g_strdup (name));
    }
  return images;
}

/* "x" of "x_0001"; NULL for "x_0000" and names without a channel. */
static char *
dup_base_of_channel (const char *stem)
{
  gsize n = strlen (stem);

  if (n < 6 || stem[n - 5] != '_' || g_str_has_suffix (stem, "_0000"))
    return NULL;
  for (gsize i = n - 4; i < n; i++)
    if (!g_ascii_isdigit (stem[i]))
      return NULL;
  return g_strndup (stem, n - 5);
}

/* Further channels of an image whose first is there become problems. */
static void
drop_channels (PlDataset *dataset, GPtrArray *images, const GPtrArray *masks, const char *folder)
{
  g_autoptr (GHashTable) image_stems =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) masks_by_stem = index_masks (masks, PL_BY_STEM);

  for (guint i = 0; i < images->len; i++)
    g_hash_table_add (image_stems, pl_image_dup_stem (g_ptr_array_index (images, i)));
  for (guint i = 0; i < images->len;)
    {
      const char *name = g_ptr_array_index (images, i);
      g_autofree char *stem = pl_image_dup_stem (name);
      g_autofree char *base = dup_base_of_channel (stem);
      g_autofree char *first = base != NULL ? g_strconcat (base, "_0000", NULL) : NULL;
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (first == NULL || !g_hash_table_contains (image_stems, first) ||
          g_hash_table_contains (masks_by_stem, stem))
        {
          i++;
          continue;
        }
      pl_dataset_add_problem_take (
          dataset, path, PL_PROBLEM_OTHER,
          g_strdup_printf (_ ("it is a further channel of %s; only the first is read"), first));
      g_ptr_array_remove_index (images, i);
    }
}

gboolean
pl_dataset_add_folder (PlDataset *dataset,
                       const char *image_folder,
                       const char *mask_folder,
                       gboolean has_channels,
                       GError **error)
{
  g_autoptr (GPtrArray) images = list_images (dataset, image_folder, error);
  g_autoptr (GPtrArray) masks = NULL;
  Pairing pairing = { 0 };

  if (images == NULL)
    return FALSE;
  masks = mask_folder != NULL ? list_images (dataset, mask_folder, error) : take_masks (images);
  if (masks == NULL)
    return FALSE;
  if (has_channels)
    drop_channels (dataset, images, masks, image_folder);
  pairing.images = images;
  pairing.masks = masks;
  add_pairs (dataset, &pairing, image_folder, mask_folder != NULL ? mask_folder : image_folder,
             TRUE);
  return TRUE;
}

/* Removes from @names what is in @others. */
static void
subtract (GPtrArray *names, const GPtrArray *others)
{
  g_autoptr (GHashTable) set = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < others->len; i++)
    g_hash_table_add (set, g_ptr_array_index (others, i));
  for (guint i = 0; i < names->len;)
    if (g_hash_table_contains (set, g_ptr_array_index (names, i)))
      g_ptr_array_remove_index (names, i);
    else
      i++;
}

void
pl_dataset_add_files (PlDataset *dataset,
                      const char *image_folder,
                      const char *mask_folder,
                      const GPtrArray *names)
{
  g_autoptr (GPtrArray) images = choose_images (names);
  g_autoptr (GPtrArray) listed =
      list_images (NULL, mask_folder != NULL ? mask_folder : image_folder, NULL);
  g_autoptr (GPtrArray) masks = NULL;
  Pairing pairing = { 0 };

  if (listed == NULL) /* then the images cannot be read either, and that will be said */
    listed = g_ptr_array_new ();
  masks = mask_folder != NULL ? g_ptr_array_ref (listed) : take_masks (listed);
  if (mask_folder == NULL)
    subtract (masks, images);
  pairing.images = images;
  pairing.masks = masks;
  add_pairs (dataset, &pairing, image_folder, mask_folder != NULL ? mask_folder : image_folder,
             FALSE);
}
