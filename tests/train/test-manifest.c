/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/manifest.h"

#include "data-folder.h"
#include "train/train.h"

#include <glib/gstdio.h>
#include <string.h>

static const int slice[3] = { 1, 8, 8 };
static const int volume[3] = { 3, 8, 8 };

typedef struct
{
  char *folder;
} Fixture;

/* Two slices with masks and a volume without. */
static void
set_up (Fixture *f, gconstpointer data)
{
  f->folder = data_folder_new ();
  data_folder_add_image (f->folder, "images/a.tif", slice, PL_DTYPE_INT16, NULL);
  data_folder_add_image (f->folder, "images/b.tif", slice, PL_DTYPE_INT16, NULL);
  data_folder_add_image (f->folder, "images/v.nii.gz", volume, PL_DTYPE_INT16, NULL);
  data_folder_add_mask (f->folder, "masks/a.tif", slice);
  data_folder_add_mask (f->folder, "masks/b.tif", slice);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  data_folder_remove (f->folder);
}

static PlDataset *
open_folder (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  PlDataset *dataset = pl_dataset_open (f->folder, NULL, &error);

  g_assert_no_error (error);
  return dataset;
}

static void
write_manifest (Fixture *f)
{
  g_autoptr (PlDataset) dataset = open_folder (f);
  g_autoptr (GError) error = NULL;

  g_assert_true (pl_manifest_write (dataset, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
}

static PlDataset *
verify (Fixture *f, int n_expected)
{
  PlDataset *dataset = open_folder (f);
  g_autoptr (GError) error = NULL;
  int n_files = -1;

  g_assert_true (pl_manifest_verify (dataset, &n_files, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (n_files, ==, n_expected);
  return dataset;
}

static const char *
find_reason (const PlDataset *dataset, const char *name)
{
  g_autofree char *path = g_build_filename (dataset->folder, name, NULL);

  for (guint i = 0; i < dataset->problems->len; i++)
    {
      const PlProblem *problem = g_ptr_array_index (dataset->problems, i);

      if (g_str_equal (problem->path, path))
        return problem->reason;
    }
  return NULL;
}

static void
assert_reason (const PlDataset *dataset, const char *name, const char *part)
{
  const char *reason = find_reason (dataset, name);

  g_assert_nonnull (reason);
  g_assert_nonnull (strstr (reason, part));
}

static void
test_unchanged (Fixture *f, gconstpointer data)
{
  g_autoptr (PlDataset) dataset = NULL;

  write_manifest (f);
  dataset = verify (f, 5);
  g_assert_cmpuint (dataset->problems->len, ==, 0);
}

static void
test_no_manifest (Fixture *f, gconstpointer data)
{
  g_autoptr (PlDataset) dataset = verify (f, 0);

  g_assert_cmpuint (dataset->problems->len, ==, 0);
}

static void
test_changes (Fixture *f, gconstpointer data)
{
  g_autoptr (PlDataset) dataset = NULL;
  g_autofree char *a = g_build_filename (f->folder, "masks", "a.tif", NULL);
  g_autofree char *b = g_build_filename (f->folder, "images", "b.tif", NULL);
  g_autofree char *v = g_build_filename (f->folder, "images", "v.nii.gz", NULL);
  g_autofree char *bytes = NULL;
  gsize n;

  write_manifest (f);
  g_assert_cmpint (g_unlink (a), ==, 0);
  g_assert_true (g_file_get_contents (b, &bytes, &n, NULL));
  bytes[12] ^= 1; /* in the pixels, which follow the first 8 bytes */
  g_assert_true (g_file_set_contents (b, bytes, (gssize) n, NULL));
  g_assert_true (g_file_set_contents (v, "short", -1, NULL));
  data_folder_add_image (f->folder, "images/new.tif", slice, PL_DTYPE_INT16, NULL);
  dataset = verify (f, 5);
  assert_reason (dataset, "masks/a.tif", "not there");
  assert_reason (dataset, "images/b.tif", "changed");
  assert_reason (dataset, "images/new.tif", "not list");
  g_assert_null (find_reason (dataset, "images/a.tif"));
  g_assert_null (find_reason (dataset, "masks/b.tif"));
  /* The volume cannot be read any more, which is said first; and it has changed. */
  g_assert_nonnull (find_reason (dataset, "images/v.nii.gz"));
  g_assert_cmpuint (dataset->problems->len, ==, 5);
}

static GPtrArray *
list_changes (Fixture *f)
{
  g_autoptr (PlDataset) dataset = open_folder (f);
  g_autoptr (GError) error = NULL;
  GPtrArray *changes = pl_manifest_list_changes (dataset, &error);

  g_assert_no_error (error);
  return changes;
}

/* Without reading them, so that another byte goes unnoticed. */
static void
test_list_changes (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) none = list_changes (f);
  g_autoptr (GPtrArray) unchanged = NULL;
  g_autoptr (GPtrArray) changes = NULL;
  g_autofree char *a = g_build_filename (f->folder, "masks", "a.tif", NULL);
  g_autofree char *b = g_build_filename (f->folder, "images", "b.tif", NULL);
  g_autofree char *v = g_build_filename (f->folder, "images", "v.nii.gz", NULL);
  g_autofree char *bytes = NULL;
  gsize n;

  g_assert_cmpuint (none->len, ==, 0);
  write_manifest (f);
  unchanged = list_changes (f);
  g_assert_cmpuint (unchanged->len, ==, 0);

  g_assert_cmpint (g_unlink (a), ==, 0);
  g_assert_true (g_file_get_contents (b, &bytes, &n, NULL));
  bytes[12] ^= 1;
  g_assert_true (g_file_set_contents (b, bytes, (gssize) n, NULL));
  g_assert_true (g_file_set_contents (v, "short", -1, NULL));
  data_folder_add_image (f->folder, "images/new.tif", slice, PL_DTYPE_INT16, NULL);
  changes = list_changes (f);
  g_assert_cmpuint (changes->len, ==, 2);
  for (guint i = 0; i < 2; i++)
    {
      const char *change = g_ptr_array_index (changes, i);
      gboolean is_lost = g_str_has_prefix (change, a);

      g_assert_true (is_lost || g_str_has_prefix (change, v));
      g_assert_nonnull (strstr (change, is_lost ? "not there" : "has changed"));
    }
}

/* A pair's voxels are a file of their own. */
static void
test_pair_of_files (Fixture *f, gconstpointer data)
{
  g_autofree char *nii = g_build_filename (f->folder, "images", "p.nii", NULL);
  g_autofree char *hdr = g_build_filename (f->folder, "images", "p.hdr", NULL);
  g_autofree char *img = g_build_filename (f->folder, "images", "p.img", NULL);
  g_autofree char *bytes = NULL;
  g_autoptr (PlDataset) dataset = NULL;
  gsize n;

  data_folder_add_image (f->folder, "images/p.nii", volume, PL_DTYPE_INT16, NULL);
  g_assert_true (g_file_get_contents (nii, &bytes, &n, NULL));
  memcpy (bytes + 344, "ni1", 4);          /* magic of a pair */
  memcpy (bytes + 108, (float[]){ 0 }, 4); /* vox_offset */
  g_assert_true (g_file_set_contents (hdr, bytes, 348, NULL));
  g_assert_true (g_file_set_contents (img, bytes + 352, (gssize) n - 352, NULL));
  g_assert_cmpint (g_unlink (nii), ==, 0);
  write_manifest (f);
  bytes[400] ^= 1;
  g_assert_true (g_file_set_contents (img, bytes + 352, (gssize) n - 352, NULL));
  dataset = verify (f, 7);
  g_assert_cmpuint (dataset->problems->len, ==, 1);
  assert_reason (dataset, "images/p.img", "changed");
}

static void
test_bad_manifests (Fixture *f, gconstpointer data)
{
  const char *const texts[] = {
    "",
    "[]",
    "{\"files\": {}}",
    "{\"version\": 2, \"files\": {}}",
    "{\"version\": 1, \"files\": []}",
    "{\"version\": 1, \"files\": {\"images/a.tif\": 3}}",
    "{\"version\": 1, \"files\": {\"images/a.tif\": {\"size\": 3}}}",
    "{\"version\": 1, \"files\": {\"images/a.tif\": {\"size\": -3, \"sha256\": \"\"}}}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (PlDataset) dataset = open_folder (f);
      g_autoptr (GError) error = NULL;
      int n_files = 42;

      data_folder_add_text (f->folder, "pleura-manifest.json", texts[i]);
      g_assert_false (pl_manifest_verify (dataset, &n_files, NULL, NULL, NULL, &error));
      g_assert_nonnull (error);
      g_assert_nonnull (strstr (error->message, "pleura-manifest.json"));
      g_assert_cmpint (n_files, ==, 42);
      g_clear_error (&error);
      g_assert_null (pl_manifest_list_changes (dataset, &error));
      g_assert_nonnull (error);
    }
}

/* Names that lead out of the data set, or to what is no file, are just not there. */
static void
test_strange_names (Fixture *f, gconstpointer data)
{
  g_autoptr (PlDataset) dataset = NULL;
  g_autofree char *text = NULL;
  g_autofree char *grown = NULL;
  g_autofree char *path = g_build_filename (f->folder, "pleura-manifest.json", NULL);

  write_manifest (f);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  grown = g_strdup_printf ("{\"version\": 1, \"files\": {\"/dev/zero\": {\"size\": 0, \"sha256\": "
                           "\"\"}, \"images\": {\"size\": 0, \"sha256\": \"\"}, %s",
                           strchr (strstr (text, "\"files\""), '{') + 1);
  data_folder_add_text (f->folder, "pleura-manifest.json", grown);
  dataset = verify (f, 7);
  g_assert_cmpuint (dataset->problems->len, ==, 2);
  assert_reason (dataset, "dev/zero", "not there");
  assert_reason (dataset, "images", "not there");
}

static void
test_cannot_write (Fixture *f, gconstpointer data)
{
  g_autoptr (PlDataset) dataset = open_folder (f);
  g_autofree char *image = g_build_filename (f->folder, "images", "a.tif", NULL);
  g_autofree char *path = g_build_filename (f->folder, "pleura-manifest.json", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_unlink (image), ==, 0);
  g_assert_false (pl_manifest_write (dataset, NULL, NULL, NULL, &error));
  g_assert_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET);
  g_assert_nonnull (strstr (error->message, "images/a.tif"));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
cancel_cb (double fraction, gpointer data)
{
  g_cancellable_cancel (data);
}

static void
count_cb (double fraction, gpointer data)
{
  double *last = data;

  g_assert_cmpfloat (fraction, >, *last);
  *last = fraction;
}

static void
test_progress_and_cancel (Fixture *f, gconstpointer data)
{
  g_autoptr (PlDataset) dataset = open_folder (f);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *path = g_build_filename (f->folder, "pleura-manifest.json", NULL);
  g_autoptr (GError) error = NULL;
  double last = 0;
  int n_files;

  g_assert_false (pl_manifest_write (dataset, cancel_cb, cancellable, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_true (pl_manifest_write (dataset, count_cb, &last, NULL, &error));
  g_assert_cmpfloat (last, ==, 1);
  g_assert_false (pl_manifest_verify (dataset, &n_files, NULL, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_cmpuint (dataset->problems->len, ==, 0);
  last = 0;
  g_assert_true (pl_manifest_verify (dataset, &n_files, count_cb, &last, NULL, &error));
  g_assert_cmpfloat (last, ==, 1);
}

/* The hash is of names and sizes alone. */
static void
test_hash (Fixture *f, gconstpointer data)
{
  g_autoptr (PlDataset) dataset = open_folder (f);
  g_autofree char *first = pl_dataset_hash (dataset);
  g_autofree char *again = pl_dataset_hash (dataset);
  g_autofree char *shorter = NULL;
  g_autofree char *fewer = NULL;
  g_autofree char *path = g_build_filename (f->folder, "masks", "b.tif", NULL);

  g_assert_cmpuint (strlen (first), ==, 64);
  g_assert_cmpstr (first, ==, again);
  g_assert_true (g_file_set_contents (path, "short", -1, NULL));
  shorter = pl_dataset_hash (dataset);
  g_assert_cmpstr (first, !=, shorter);
  g_ptr_array_remove_index (dataset->cases, 2);
  fewer = pl_dataset_hash (dataset);
  g_assert_cmpstr (shorter, !=, fewer);
}

/* Cuts the end off a file. */
static void
truncate_file (Fixture *f, const char *name, gsize n_left)
{
  g_autofree char *path = g_build_filename (f->folder, name, NULL);
  g_autofree char *bytes = NULL;
  gsize n;

  g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));
  g_assert_cmpuint (n, >, n_left);
  g_assert_true (g_file_set_contents (path, bytes, (gssize) n_left, NULL));
}

static void
test_check (Fixture *f, gconstpointer data)
{
  g_autoptr (PlDataset) dataset = NULL;
  g_autoptr (GError) error = NULL;
  gint16 negative[64] = { -3 };
  double last = 0;

  data_folder_add_image (f->folder, "images/w.nii", volume, PL_DTYPE_INT16, NULL);
  data_folder_add_mask (f->folder, "masks/w.nii", volume);
  data_folder_add_image (f->folder, "images/c.tif", slice, PL_DTYPE_INT16, NULL);
  data_folder_add_image (f->folder, "masks/c.tif", slice, PL_DTYPE_INT16, negative);
  dataset = open_folder (f);
  g_assert_cmpuint (dataset->problems->len, ==, 0);
  truncate_file (f, "images/v.nii.gz", 300);
  truncate_file (f, "masks/w.nii", 400);
  g_assert_true (pl_dataset_check (dataset, count_cb, &last, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpfloat (last, ==, 1);
  g_assert_cmpuint (dataset->problems->len, ==, 3);
  assert_reason (dataset, "images/v.nii.gz", "");
  assert_reason (dataset, "masks/w.nii", "");
  assert_reason (dataset, "masks/c.tif", "-3");
  for (guint i = 0; i < dataset->cases->len; i++)
    {
      const PlCase *self = g_ptr_array_index (dataset->cases, i);
      gboolean is_good =
          strstr (self->name, "a.tif") != NULL || strstr (self->name, "b.tif") != NULL;

      g_assert_cmpint (self->group, ==, is_good ? PL_GROUP_NONE : PL_GROUP_IGNORE);
    }
}

static void
test_check_classes (Fixture *f, gconstpointer data)
{
  g_autoptr (PlDataset) dataset = NULL;
  g_autoptr (GError) error = NULL;
  guint8 labels[64] = { 0, 1, 3 };

  data_folder_add_image (f->folder, "masks/a.tif", slice, PL_DTYPE_UINT8, labels);
  dataset = open_folder (f);
  g_assert_cmpint (dataset->n_classes, ==, 1);
  g_assert_true (pl_dataset_check (dataset, NULL, NULL, NULL, &error));
  g_assert_cmpuint (dataset->problems->len, ==, 0);
  g_assert_cmpint (dataset->n_classes, ==, 3);
  g_assert_cmpstr (dataset->class_names[2], ==, "class 3");
  g_assert_cmpuint (g_strv_length (dataset->class_names), ==, 3);

  pl_dataset_free (dataset);
  dataset = open_folder (f);
  dataset->has_classes = TRUE; /* as dataset.json would */
  g_assert_true (pl_dataset_check (dataset, NULL, NULL, NULL, &error));
  g_assert_cmpint (dataset->n_classes, ==, 1);
  g_assert_cmpuint (dataset->problems->len, ==, 1);
  assert_reason (dataset, "masks/a.tif", "label 3");
}

/* Images without air are told of, but used. */
static void
test_check_values (Fixture *f, gconstpointer data)
{
  g_autoptr (PlDataset) dataset = NULL;
  g_autoptr (PlDataset) copy = NULL;
  gint16 chest[64];
  gint16 other[64];
  const PlProblem *notice;

  for (int i = 0; i < 64; i++)
    {
      chest[i] = (gint16) (i % 2 == 0 ? -900 : 40);
      other[i] = (gint16) (i % 3 == 0 ? -900 : 40);
    }
  data_folder_add_image (f->folder, "images/a.tif", slice, PL_DTYPE_INT16, chest);
  data_folder_add_image (f->folder, "images/b.tif", slice, PL_DTYPE_INT16, other);
  data_folder_add_image (f->folder, "images/v.nii.gz", volume, PL_DTYPE_INT16, NULL);
  dataset = open_folder (f);
  g_assert_true (pl_dataset_check (dataset, NULL, NULL, NULL, NULL));
  g_assert_cmpuint (dataset->problems->len, ==, 0);
  g_assert_cmpuint (dataset->notices->len, ==, 1);
  notice = g_ptr_array_index (dataset->notices, 0);
  g_assert_true (g_str_has_suffix (notice->path, "images/v.nii.gz"));
  for (guint i = 0; i < dataset->cases->len; i++)
    g_assert_cmpint (((PlCase *) dataset->cases->pdata[i])->group, ==, PL_GROUP_NONE);
  copy = pl_dataset_copy (dataset);
  g_assert_cmpuint (copy->notices->len, ==, 1);
}

static void
test_check_cancel (Fixture *f, gconstpointer data)
{
  g_autoptr (PlDataset) dataset = open_folder (f);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (pl_dataset_check (dataset, cancel_cb, cancellable, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (dataset->problems->len, ==, 0);
}

static void
add_test (const char *name, void (*test) (Fixture *, gconstpointer))
{
  g_autofree char *path = g_strconcat ("/train/manifest/", name, NULL);

  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add_test ("unchanged", test_unchanged);
  add_test ("no-manifest", test_no_manifest);
  add_test ("changes", test_changes);
  add_test ("list-changes", test_list_changes);
  add_test ("pair-of-files", test_pair_of_files);
  add_test ("bad-manifests", test_bad_manifests);
  add_test ("strange-names", test_strange_names);
  add_test ("cannot-write", test_cannot_write);
  add_test ("progress-and-cancel", test_progress_and_cancel);
  add_test ("hash", test_hash);
  add_test ("check", test_check);
  add_test ("check-classes", test_check_classes);
  add_test ("check-values", test_check_values);
  add_test ("check-cancel", test_check_cancel);
  return g_test_run ();
}
