/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The manifest of a data set, and the reading of everything in it. The file is
 * {"version": 1, "files": {"2d_images/a.tif": {"size": 5, "sha256": "…"}}}; any other member, as
 * the split of saved-split.c and the names of class-names.c, stays when it is written. */
#include "train/manifest.h"

#include <glib/gi18n-lib.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/json.h"
#include "base/parallel.h"
#include "image/nifti.h"
#include "train/dataset-private.h"
#include "train/manifest-private.h"
#include "train/train.h"

enum
{
  VERSION = 1,
};

/* Tells how far a job of several threads is, one thread at a time. */
typedef struct
{
  PlProgress progress; /* (nullable) */
  gpointer data;
  GCancellable *cancellable;
  pthread_mutex_t lock;
  guint n_done;
  guint n;
} Meter;

static Meter
make_meter (PlProgress progress, gpointer data, guint n, GCancellable *cancellable)
{
  return (Meter){ progress, data, cancellable, PTHREAD_MUTEX_INITIALIZER, 0, n };
}

static void
advance (Meter *meter)
{
  pthread_mutex_lock (&meter->lock);
  meter->n_done++;
  if (meter->progress != NULL)
    meter->progress ((double) meter->n_done / meter->n, meter->data);
  pthread_mutex_unlock (&meter->lock);
}

/* A file of the data set, and what was found out about it. */
typedef struct
{
  char *name; /* relative to the data set's folder */
  char *path;
  gint64 size;
  char *sha256;         /* (nullable): NULL when it was not asked for or could not be found out */
  const char *expected; /* (nullable): the sum to compare with */
  gint64 expected_size; /* −1: not listed */
  char *problem;        /* (nullable) */
} File;

static void
free_file (gpointer data)
{
  File *file = data;

  g_free (file->name);
  g_free (file->path);
  g_free (file->sha256);
  g_free (file->problem);
  g_free (file);
}

static void
add_file (const PlDataset *dataset, const char *path, GPtrArray *files)
{
  File *file = g_new0 (File, 1);
  const char *name = path + strlen (dataset->folder);

  while (*name == '/')
    name++;
  file->name = g_utf8_make_valid (name, -1); /* for JSON */
  file->path = g_strdup (path);
  file->expected_size = -1;
  g_ptr_array_add (files, file);
}

/* An image, and the voxels that lie beside it if it is a .hdr. */
static void
add_image_files (const PlDataset *dataset, const char *path, GPtrArray *files)
{
  g_autofree char *lower = g_ascii_strdown (path, -1);
  g_autofree char *voxels = NULL;

  add_file (dataset, path, files);
  if (g_str_has_suffix (lower, ".hdr") || g_str_has_suffix (lower, ".hdr.gz"))
    voxels = pl_nifti_dup_voxel_path (path);
  if (voxels != NULL)
    add_file (dataset, voxels, files);
}

/* (element-type File): images and masks of all cases, in their order. */
static GPtrArray *
list_files (const PlDataset *dataset)
{
  GPtrArray *files = g_ptr_array_new_with_free_func (free_file);

  for (guint i = 0; i < dataset->cases->len; i++)
    {
      const PlCase *self = g_ptr_array_index (dataset->cases, i);

      add_image_files (dataset, self->image_path, files);
      if (self->mask_path != NULL)
        add_image_files (dataset, self->mask_path, files);
    }
  return files;
}

/* −1 when it is not there or no ordinary file. */
static gint64
measure_file (const char *path)
{
  struct stat info;

  return stat (path, &info) == 0 && S_ISREG (info.st_mode) ? (gint64) info.st_size : -1;
}

/* Files to be hashed by several threads. */
typedef struct
{
  GPtrArray *files; /* (element-type File) */
  Meter meter;
} Hashing;

static void
hash_file (File *file, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;

  file->sha256 = pl_file_sha256 (file->path, cancellable, &error);
  if (file->sha256 == NULL)
    file->problem = g_strdup (error->message);
}

static void
hash_cb (void *data, size_t index, int worker)
{
  Hashing *hashing = data;
  File *file = g_ptr_array_index (hashing->files, index);

  if (g_cancellable_is_cancelled (hashing->meter.cancellable))
    return;
  file->size = measure_file (file->path);
  hash_file (file, hashing->meter.cancellable);
  advance (&hashing->meter);
}

static JsonObject *
make_list (const GPtrArray *files)
{
  JsonObject *list = json_object_new ();

  for (guint i = 0; i < files->len; i++)
    {
      const File *file = g_ptr_array_index (files, i);
      JsonObject *entry = json_object_new ();

      json_object_set_int_member (entry, "size", file->size);
      json_object_set_string_member (entry, "sha256", file->sha256);
      json_object_set_object_member (list, file->name, entry);
    }
  return list;
}

char *
pl_manifest_dup_path (const PlDataset *dataset)
{
  return g_build_filename (dataset->folder, "pleura-manifest.json", NULL);
}

JsonObject *
pl_manifest_read_json (const char *path, GError **error)
{
  g_autoptr (JsonObject) json = NULL;
  gint64 version;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return NULL;
  json = pl_json_read_object (path, error);
  if (json == NULL)
    return NULL;
  if (!pl_json_get_int (json, "version", VERSION, VERSION, &version, error))
    {
      g_prefix_error (error, "%s: ", path);
      return NULL;
    }
  return g_steal_pointer (&json);
}

JsonObject *
pl_manifest_edit_json (const char *path, GError **error)
{
  g_autoptr (GError) wrong = NULL;
  g_autoptr (JsonObject) read = pl_manifest_read_json (path, &wrong);
  JsonObject *json;
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return NULL;
    }
  json = json_object_new ();
  json_object_set_int_member (json, "version", VERSION);
  if (read == NULL)
    return json;
  json_object_iter_init_ordered (&iter, read);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    json_object_set_member (json, name, json_node_copy (node));
  return json;
}

gboolean
pl_manifest_replace (const char *path, JsonObject *json, GError **error)
{
  g_autofree char *text = pl_json_to_text (json);

  return pl_file_replace (path, text, strlen (text), error);
}

gboolean
pl_manifest_write (const PlDataset *dataset,
                   PlProgress progress,
                   gpointer data,
                   GCancellable *cancellable,
                   GError **error)
{
  g_autoptr (GPtrArray) files = list_files (dataset);
  Hashing hashing = { files, make_meter (progress, data, files->len, cancellable) };
  g_autofree char *path = pl_manifest_dup_path (dataset);
  g_autoptr (JsonObject) json = pl_manifest_edit_json (path, error);

  if (json == NULL)
    return FALSE;
  g_clear_pointer (&json, json_object_unref);
  pl_parallel_for (files->len, hash_cb, &hashing);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  for (guint i = 0; i < files->len; i++)
    {
      const File *file = g_ptr_array_index (files, i);

      if (file->problem == NULL)
        continue;
      g_set_error_literal (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET, file->problem);
      return FALSE;
    }
  json = pl_manifest_edit_json (path, error); /* again: a split may have been saved meanwhile */
  if (json == NULL)
    return FALSE;
  json_object_set_object_member (json, "files", make_list (files));
  return pl_manifest_replace (path, json, error);
}

/* (nullable): name → entry; NULL with @error set, or without when there is no manifest or it lists
 * no files: it may have only a split or names of classes, or have had them. */
static JsonObject *
read_manifest (const char *path, JsonObject **files, GError **error)
{
  g_autoptr (JsonObject) json = pl_manifest_read_json (path, error);
  JsonNode *node = json != NULL ? json_object_get_member (json, "files") : NULL;

  if (node == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET,
                   _ ("%s: the member “files” is missing or not an object"), path);
      return NULL;
    }
  *files = json_node_get_object (node);
  return g_steal_pointer (&json);
}

/* Gives each file what the manifest says of it; files that are listed but not in the data set are
 * added. */
static gboolean
take_expected (const PlDataset *dataset,
               JsonObject *listed,
               const char *path,
               GPtrArray *files,
               GError **error)
{
  g_autoptr (GHashTable) by_name = g_hash_table_new (g_str_hash, g_str_equal);
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  for (guint i = 0; i < files->len; i++)
    g_hash_table_insert (by_name, ((File *) files->pdata[i])->name, files->pdata[i]);
  json_object_iter_init_ordered (&iter, listed);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    {
      JsonObject *entry = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      File *file = g_hash_table_lookup (by_name, name);

      if (file == NULL)
        {
          g_autofree char *new_path = g_build_filename (dataset->folder, name, NULL);

          add_file (dataset, new_path, files);
          file = g_ptr_array_index (files, files->len - 1);
        }
      file->expected = entry != NULL ? pl_json_get_string (entry, "sha256", NULL) : NULL;
      if (file->expected == NULL ||
          !pl_json_get_int (entry, "size", 0, G_MAXINT64, &file->expected_size, NULL))
        {
          g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET,
                       _ ("%s: the entry “%s” lacks its size or its SHA-256"), path, name);
          return FALSE;
        }
    }
  return TRUE;
}

static void
compare_size (File *file)
{
  file->size = measure_file (file->path);
  if (file->expected_size < 0)
    file->problem =
        g_strdup (_ ("the manifest does not list it: write the manifest anew if it belongs here"));
  else if (file->size < 0)
    file->problem = g_strdup (
        _ ("the manifest lists it, but it is not there: put it back, or write the manifest anew"));
  else if (file->size != file->expected_size)
    file->problem =
        g_strdup_printf (_ ("it has changed, it has %lld bytes and not %lld as in the manifest: "
                            "put the former file back, or write the manifest anew"),
                         (long long) file->size, (long long) file->expected_size);
}

static void
compare_file (File *file, GCancellable *cancellable)
{
  compare_size (file);
  if (file->problem != NULL)
    return;
  hash_file (file, cancellable);
  if (file->sha256 != NULL && !g_str_equal (file->sha256, file->expected))
    file->problem = g_strdup (_ ("it has changed, its SHA-256 is not that of the manifest: put the "
                                 "former file back, or write the manifest anew"));
}

static void
compare_cb (void *data, size_t index, int worker)
{
  Hashing *hashing = data;

  if (g_cancellable_is_cancelled (hashing->meter.cancellable))
    return;
  compare_file (g_ptr_array_index (hashing->files, index), hashing->meter.cancellable);
  advance (&hashing->meter);
}

/* Gives @files what the manifest says of them, which @json owns: NULL when there is none. */
static gboolean
take_manifest (const PlDataset *dataset, GPtrArray *files, JsonObject **json, GError **error)
{
  g_autofree char *path = pl_manifest_dup_path (dataset);
  g_autoptr (GError) wrong = NULL;
  JsonObject *listed = NULL;
  g_autoptr (JsonObject) read = read_manifest (path, &listed, &wrong);

  if (wrong != NULL || (read != NULL && !take_expected (dataset, listed, path, files, &wrong)))
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return FALSE;
    }
  *json = g_steal_pointer (&read);
  return TRUE;
}

GPtrArray *
pl_manifest_list_changes (const PlDataset *dataset, GError **error)
{
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) files = list_files (dataset);
  g_autoptr (JsonObject) json = NULL;

  if (!take_manifest (dataset, files, &json, error))
    return NULL;
  for (guint i = 0; json != NULL && i < files->len; i++)
    {
      File *file = g_ptr_array_index (files, i);

      compare_size (file);
      if (file->problem != NULL && file->expected_size >= 0)
        g_ptr_array_add (changes, g_strdup_printf ("%s: %s", file->path, file->problem));
    }
  return g_steal_pointer (&changes);
}

gboolean
pl_manifest_verify (PlDataset *dataset,
                    int *n_files,
                    PlProgress progress,
                    gpointer data,
                    GCancellable *cancellable,
                    GError **error)
{
  g_autoptr (GPtrArray) files = list_files (dataset);
  g_autoptr (JsonObject) json = NULL;
  Hashing hashing;

  if (!take_manifest (dataset, files, &json, error))
    return FALSE;
  if (json == NULL)
    {
      *n_files = 0;
      return TRUE;
    }
  hashing = (Hashing){ files, make_meter (progress, data, files->len, cancellable) };
  pl_parallel_for (files->len, compare_cb, &hashing);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  for (guint i = 0; i < files->len; i++)
    {
      File *file = g_ptr_array_index (files, i);

      if (file->problem != NULL)
        pl_dataset_add_problem_take (dataset, file->path, PL_PROBLEM_CHANGED,
                                     g_steal_pointer (&file->problem));
    }
  *n_files = (int) json_object_get_size (json_object_get_object_member (json, "files"));
  return TRUE;
}

char *
pl_dataset_hash (const PlDataset *dataset)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (GPtrArray) files = list_files (dataset);

  for (guint i = 0; i < files->len; i++)
    {
      const File *file = g_ptr_array_index (files, i);
      g_autofree char *line =
          g_strdup_printf ("%s\n%" G_GINT64_FORMAT "\n", file->name, measure_file (file->path));

      g_checksum_update (sum, (const guchar *) line, (gssize) strlen (line));
    }
  return g_strdup (g_checksum_get_string (sum));
}
