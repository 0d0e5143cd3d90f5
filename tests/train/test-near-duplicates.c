/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Slices of phantoms, some of them under several names and changed as exports change them. */
#include "train/near-duplicates.h"

#include "base/random.h"
#include "data-folder.h"
#include "image/phantom.h"

#include <glib/gstdio.h>
#include <string.h>

enum
{
  SIDE = 192,
  N_VOXELS = SIDE * SIDE,
  N_SLICES = 40,
  N_PATIENTS = 8,
};

typedef struct
{
  char *folder;
} Fixture;

static void
draw (int patient, int slice, gint16 *hu)
{
  g_autofree guint8 *mask = g_new (guint8, N_VOXELS);

  pl_phantom_draw (4, patient, SIDE, N_SLICES, slice, hu, mask);
}

static void
add_slice (Fixture *f, const char *name, const gint16 *hu)
{
  data_folder_add_image (f->folder, name, (const int[]){ 1, SIDE, SIDE }, PL_DTYPE_INT16, hu);
}

/* p0.tif to p7.tif: the same slice of eight patients. */
static void
set_up (Fixture *f, gconstpointer data)
{
  g_autofree gint16 *hu = g_new (gint16, N_VOXELS);

  f->folder = data_folder_new ();
  for (int patient = 0; patient < N_PATIENTS; patient++)
    {
      g_autofree char *name = g_strdup_printf ("p%d.tif", patient);

      draw (patient, N_SLICES / 2, hu);
      add_slice (f, name, hu);
    }
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

static GArray *
find (const PlDataset *dataset)
{
  g_autoptr (GError) error = NULL;
  GArray *pairs = pl_near_duplicates_find (dataset, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return pairs;
}

static const char *
get_name (const PlDataset *dataset, guint index)
{
  return ((const PlCase *) g_ptr_array_index (dataset->cases, index))->name;
}

/* (nullable): the pair of these two. */
static const PlNearDuplicate *
get_pair (const GArray *pairs, const PlDataset *dataset, const char *a, const char *b)
{
  for (guint i = 0; i < pairs->len; i++)
    {
      const PlNearDuplicate *pair = &g_array_index (pairs, PlNearDuplicate, i);

      if (g_str_equal (get_name (dataset, pair->first), a) &&
          g_str_equal (get_name (dataset, pair->second), b))
        return pair;
    }
  return NULL;
}

static void
test_different (Fixture *f, gconstpointer data)
{
  g_autoptr (PlDataset) dataset = open_folder (f);
  g_autoptr (GArray) pairs = find (dataset);

  g_assert_cmpuint (dataset->cases->len, ==, N_PATIENTS);
  g_assert_cmpuint (pairs->len, ==, 0);
}

/* The slice of patient 3: noise, another place, other brightness and contrast. */
static void
add_copies (Fixture *f)
{
  g_autofree gint16 *hu = g_new (gint16, N_VOXELS);
  g_autofree gint16 *changed = g_new (gint16, N_VOXELS);
  PlRandom random;

  pl_random_init (&random, 1, 0);
  draw (3, N_SLICES / 2, hu);
  for (int i = 0; i < N_VOXELS; i++)
    changed[i] = (gint16) (hu[i] + 25 * pl_random_normal (&random));
  add_slice (f, "p90.tif", changed);
  for (int i = 0; i < N_VOXELS; i++)
    changed[i] = i < 2 * SIDE + 1 ? -1024 : hu[i - 2 * SIDE - 1];
  add_slice (f, "p91.tif", changed);
  for (int i = 0; i < N_VOXELS; i++)
    changed[i] = (gint16) (hu[i] * 1.05 + 20);
  add_slice (f, "p92.tif", changed);
}

static void
test_copies (Fixture *f, gconstpointer data)
{
  static const char *const names[] = { "p3.tif", "p90.tif", "p91.tif", "p92.tif" };
  g_autoptr (PlDataset) dataset = NULL;
  g_autoptr (GArray) pairs = NULL;

  add_copies (f);
  dataset = open_folder (f);
  pairs = find (dataset);
  g_assert_cmpuint (pairs->len, ==, 6);
  for (int a = 0; a < 4; a++)
    for (int b = a + 1; b < 4; b++)
      g_assert_nonnull (get_pair (pairs, dataset, names[a], names[b]));
  for (guint i = 1; i < pairs->len; i++)
    g_assert_cmpfloat (g_array_index (pairs, PlNearDuplicate, i - 1).likeness, >=,
                       g_array_index (pairs, PlNearDuplicate, i).likeness);
}

/* Of one patient nothing is said, and of what cannot be read or is all one gray. */
static void
test_passed_over (Fixture *f, gconstpointer data)
{
  g_autofree gint16 *hu = g_new0 (gint16, N_VOXELS);
  g_autofree char *path = g_build_filename (f->folder, "p0.tif", NULL);
  g_autoptr (PlDataset) dataset = NULL;
  g_autoptr (GArray) pairs = NULL;

  add_slice (f, "p50.tif", hu);
  add_slice (f, "p51.tif", hu);
  draw (3, N_SLICES / 2, hu);
  add_slice (f, "p3_again.tif", hu);
  dataset = open_folder (f);
  g_assert_cmpuint (dataset->cases->len, ==, N_PATIENTS + 3);
  g_assert_cmpint (g_unlink (path), ==, 0);
  pairs = find (dataset);
  g_assert_cmpuint (pairs->len, ==, 0);
}

/* A slice and the volume that it was cut from. */
static void
test_volume (Fixture *f, gconstpointer data)
{
  g_autofree gint16 *voxels = g_new (gint16, N_SLICES * N_VOXELS);
  g_autoptr (PlDataset) dataset = NULL;
  g_autoptr (GArray) pairs = NULL;
  const PlNearDuplicate *pair;

  for (int slice = 0; slice < N_SLICES; slice++)
    draw (30, slice, voxels + slice * N_VOXELS);
  data_folder_add_image (f->folder, "v30.nii", (const int[]){ N_SLICES, SIDE, SIDE },
                         PL_DTYPE_INT16, voxels);
  add_slice (f, "p60.tif", voxels + 17 * N_VOXELS);
  dataset = open_folder (f);
  pairs = find (dataset);
  pair = get_pair (pairs, dataset, "p60.tif", "v30.nii");
  g_assert_nonnull (pair);
  g_assert_cmpint (pair->first_slice, ==, 0);
  g_assert_cmpint (pair->second_slice, ==, 17);
  g_assert_cmpfloat (pair->likeness, >, 0.999);
}

static void
test_crosses (Fixture *f, gconstpointer data)
{
  const PlNearDuplicate pair = { .first = 0, .second = 1 };
  static const struct
  {
    PlGroup a;
    PlGroup b;
    gboolean crosses;
  } table[] = {
    { PL_GROUP_TRAIN, PL_GROUP_TEST, TRUE },      { PL_GROUP_TRAIN, PL_GROUP_TRAIN, FALSE },
    { PL_GROUP_VALIDATION, PL_GROUP_TEST, TRUE }, { PL_GROUP_TRAIN, PL_GROUP_IGNORE, FALSE },
    { PL_GROUP_NONE, PL_GROUP_TEST, FALSE },      { PL_GROUP_NONE, PL_GROUP_NONE, FALSE },
  };
  g_autoptr (PlDataset) dataset = open_folder (f);

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      ((PlCase *) g_ptr_array_index (dataset->cases, 0))->group = table[i].a;
      ((PlCase *) g_ptr_array_index (dataset->cases, 1))->group = table[i].b;
      g_assert_cmpint (pl_near_duplicate_crosses (&pair, dataset), ==, table[i].crosses);
    }
}

/* What check says. */
static void
test_notices (Fixture *f, gconstpointer data)
{
  g_autoptr (PlDataset) dataset = NULL;
  g_autoptr (GError) error = NULL;
  guint n = 0;

  add_copies (f);
  dataset = open_folder (f);
  ((PlCase *) pl_dataset_find (dataset, "p3.tif"))->group = PL_GROUP_TEST;
  ((PlCase *) pl_dataset_find (dataset, "p90.tif"))->group = PL_GROUP_TRAIN;
  g_assert_true (pl_dataset_check (dataset, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (dataset->problems->len, ==, 0);
  g_assert_cmpuint (dataset->notices->len, ==, 6);
  for (guint i = 0; i < dataset->notices->len; i++)
    {
      const PlProblem *notice = g_ptr_array_index (dataset->notices, i);

      n += strstr (notice->reason, "one is in test and the other in train") != NULL;
    }
  g_assert_cmpuint (n, ==, 1);
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
  g_autoptr (GArray) pairs = NULL;
  g_autoptr (GError) error = NULL;
  double last = 0;

  pairs = pl_near_duplicates_find (dataset, count_cb, &last, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (last, ==, 1);
  g_assert_null (pl_near_duplicates_find (dataset, cancel_cb, cancellable, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
add_test (const char *name, void (*test) (Fixture *, gconstpointer))
{
  g_autofree char *path = g_strconcat ("/train/near-duplicates/", name, NULL);

  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add_test ("different", test_different);
  add_test ("copies", test_copies);
  add_test ("passed-over", test_passed_over);
  add_test ("volume", test_volume);
  add_test ("crosses", test_crosses);
  add_test ("notices", test_notices);
  add_test ("progress-and-cancel", test_progress_and_cancel);
  return g_test_run ();
}
