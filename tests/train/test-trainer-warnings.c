/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole trainings that deserve a warning: it is given once, and the run goes on. */
#include "base/random.h"
#include "data-folder.h"
#include "rig.h"
#include "train/split.h"
#include "train/train.h"

#include <string.h>

static int
count_notices (const Rig *rig, const char *words)
{
  int n = 0;

  for (guint i = 0; i < rig->notices->len; i++)
    n += strstr (g_ptr_array_index (rig->notices, i), words) != NULL;
  return n;
}

static void
test_nothing_learned (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = rig_settings (8);
  g_autoptr (Rig) rig = NULL;

  settings.rate = 1e-30;
  rig = rig_new (&settings, dataset, NULL, NULL);
  g_assert_cmpint (rig_run (rig)->outcome, ==, PL_TRAIN_COMPLETED);
  g_assert_cmpint (count_notices (rig, "Hardly anything has been learned in 5 epochs"), ==, 1);
  g_assert_cmpuint (rig->notices->len, ==, 1);
}

/* A run as it should be is let alone. */
static void
test_none (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = rig_settings (12);
  g_autoptr (Rig) rig = rig_new (&settings, dataset, NULL, NULL);

  g_assert_cmpint (rig_run (rig)->outcome, ==, PL_TRAIN_COMPLETED);
  g_assert_cmpuint (rig->notices->len, ==, 0);
}

/* A model whose last bias is far below: it never marks anything, at a rate that does not change
 * that. */
static void
test_empty_predictions (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = rig_settings (4);
  g_autoptr (Rig) first = rig_new (&settings, dataset, NULL, NULL);
  g_autoptr (Rig) rig = NULL;
  PlModel *model = rig_run (first)->model;

  g_assert_cmpuint (first->notices->len, ==, 0);
  for (gsize i = 0; i < model->net->n_weights; i++)
    model->net->weights[i] = 0;
  model->net->weights[model->net->n_weights - 1] = -50; /* the head's bias */
  pl_unet_weights_changed (model->net);
  settings.rate = 1e-30;
  rig = rig_new (&settings, dataset, NULL, model);
  g_assert_cmpint (rig_run (rig)->outcome, ==, PL_TRAIN_COMPLETED);
  g_assert_cmpint (count_notices (rig, "empty for 3 epochs"), ==, 1);
}

/* Images of noise, and masks that have nothing to do with them: there is nothing to be learned that
 * helps with another image. */
static PlDataset *
make_unrelated (char **folder)
{
  const int n[3] = { 1, 32, 32 };
  gint16 hu[32 * 32];
  guint8 labels[32 * 32];
  PlRandom random;

  *folder = data_folder_new ();
  pl_random_init (&random, 1, 0);
  for (int i = 0; i < 8; i++)
    {
      g_autofree char *image = g_strdup_printf ("images/p%d.tif", i);
      g_autofree char *mask = g_strdup_printf ("masks/p%d.tif", i);
      guint32 blocks = pl_random_below (&random, 1 << 16);

      for (int k = 0; k < 32 * 32; k++)
        {
          hu[k] = (gint16) ((int) pl_random_below (&random, 1500) - 1000);
          labels[k] = blocks >> (k / 32 / 8 * 4 + k % 32 / 8) & 1;
        }
      data_folder_add_image (*folder, image, n, PL_DTYPE_INT16, hu);
      data_folder_add_image (*folder, mask, n, PL_DTYPE_UINT8, labels);
    }
  return pl_dataset_open (*folder, NULL, NULL);
}

/* One image in two files: it is said when they are in different parts, and only then. */
static void
assert_leaks (PlDataset *dataset, PlGroup group, int n)
{
  PlTrainSettings settings = rig_settings (1);
  g_autoptr (Rig) rig = NULL;

  for (guint i = 0; i < dataset->cases->len; i++)
    ((PlCase *) g_ptr_array_index (dataset->cases, i))->group = i == 0 ? group : PL_GROUP_TRAIN;
  rig = rig_new (&settings, dataset, NULL, NULL);
  g_assert_cmpint (rig_run (rig)->outcome, ==, PL_TRAIN_COMPLETED);
  g_assert_cmpint (count_notices (rig, "it looks like"), ==, n);
}

static void
test_look_alikes (void)
{
  char *folder;
  g_autoptr (PlDataset) dataset = make_unrelated (&folder);
  g_autofree char *first = g_build_filename (folder, "images", "p0.tif", NULL);
  g_autofree char *last = g_build_filename (folder, "images", "p7.tif", NULL);
  g_autofree char *bytes = NULL;
  gsize n;

  g_assert_true (g_file_get_contents (first, &bytes, &n, NULL));
  g_assert_true (g_file_set_contents (last, bytes, (gssize) n, NULL));
  assert_leaks (dataset, PL_GROUP_TEST, 1);
  assert_leaks (dataset, PL_GROUP_TRAIN, 0);
  data_folder_remove (folder);
}

static void
test_overfitting (void)
{
  char *folder;
  g_autoptr (PlDataset) dataset = make_unrelated (&folder);
  PlTrainSettings settings = rig_settings (40);
  g_autoptr (Rig) rig = NULL;

  for (guint i = 0; i < dataset->cases->len; i++)
    ((PlCase *) g_ptr_array_index (dataset->cases, i))->group =
        i < 4 ? PL_GROUP_VALIDATION : PL_GROUP_TRAIN;
  settings.augment = FALSE;
  rig = rig_new (&settings, dataset, NULL, NULL);
  g_assert_cmpint (rig_run (rig)->outcome, ==, PL_TRAIN_COMPLETED);
  g_assert_cmpint (count_notices (rig, "learning its training images by heart"), ==, 1);
  data_folder_remove (folder);
}

/* Six images of patients of their own: the masks of the first have label 2, too. */
static PlDataset *
make_classes (char **folder)
{
  const int n[3] = { 1, 32, 32 };
  g_autofree guint8 *labels = g_new0 (guint8, 32 * 32);

  *folder = data_folder_new ();
  for (int i = 0; i < 6; i++)
    {
      g_autofree char *image = g_strdup_printf ("images/p%d.tif", i);
      g_autofree char *mask = g_strdup_printf ("masks/p%d.tif", i);

      for (int k = 0; k < 32 * 32; k++)
        labels[k] = (guint8) (i == 0 ? k / 32 / 11 : k / 32 / 16);
      data_folder_add_image (*folder, image, n, PL_DTYPE_INT16, NULL);
      data_folder_add_image (*folder, mask, n, PL_DTYPE_UINT8, labels);
    }
  return pl_dataset_open (*folder, NULL, NULL);
}

/* Only the validation part has the second class; the patient of the first two is the same. */
static void
test_class_and_patient (void)
{
  char *folder;
  g_autoptr (PlDataset) dataset = make_classes (&folder);
  PlTrainSettings settings = rig_settings (1);
  g_autoptr (Rig) rig = NULL;

  for (guint i = 0; i < dataset->cases->len; i++)
    {
      PlCase *one = g_ptr_array_index (dataset->cases, i);

      one->group = i == 0 ? PL_GROUP_VALIDATION : PL_GROUP_TRAIN;
      if (i < 2)
        {
          g_free (one->patient);
          one->patient = g_strdup ("the same");
        }
    }
  rig = rig_new (&settings, dataset, NULL, NULL);
  g_assert_cmpint (rig_run (rig)->outcome, ==, PL_TRAIN_COMPLETED);
  g_assert_cmpint (count_notices (rig, "No training mask has the class"), ==, 1);
  g_assert_cmpint (count_notices (rig, "“the same”"), ==, 1);
  data_folder_remove (folder);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_assert_true (pl_train_init (NULL));
  g_test_add_func ("/train/warnings/nothing-learned", test_nothing_learned);
  g_test_add_func ("/train/warnings/none", test_none);
  g_test_add_func ("/train/warnings/empty-predictions", test_empty_predictions);
  g_test_add_func ("/train/warnings/overfitting", test_overfitting);
  g_test_add_func ("/train/warnings/look-alikes", test_look_alikes);
  g_test_add_func ("/train/warnings/class-and-patient", test_class_and_patient);
  status = g_test_run ();
  rig_clean_up ();
  return status;
}
