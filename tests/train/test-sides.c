/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Left and right lung as two classes, from masks of both. */
#include "image/lung-sides.h"
#include "train/class-names.h"
#include "train/predictor.h"
#include "train/train.h"

#include "rig.h"

#include <string.h>

static void
test_masks (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  int n_checked = 0;

  g_assert_false (pl_dataset_has_sides (dataset));
  g_assert_true (pl_dataset_part_lungs (dataset, NULL));
  g_assert_true (pl_dataset_has_sides (dataset));
  g_assert_cmpint (dataset->n_classes, ==, 2);
  g_assert_cmpstr (dataset->class_names[PL_LUNG_LEFT - 1], ==, "left lung");
  for (guint i = 0; i < dataset->cases->len; i++)
    {
      const PlCase *self = g_ptr_array_index (dataset->cases, i);
      g_autoptr (PlMask) mask = pl_case_load_mask (self, NULL, NULL);
      g_autoptr (PlMask) both = pl_mask_load (self->mask_path, &self->header, NULL, NULL);
      gsize n = (gsize) mask->n[0] * (gsize) mask->n[1] * (gsize) mask->n[2];

      for (gsize k = 0; k < n; k++)
        g_assert_true ((mask->labels[k] != 0) == (both->labels[k] != 0));
      n_checked += mask->max_label == 2;
    }
  g_assert_cmpint (n_checked, >, 5);
}

static void
test_classes_already (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  g_autoptr (GError) error = NULL;

  g_assert_true (pl_dataset_part_lungs (dataset, NULL));
  g_assert_false (pl_dataset_part_lungs (dataset, &error));
  g_assert_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DATASET);
}

static int
count_lines (const Rig *rig, const char *name, const char *with)
{
  g_autofree char *path = g_build_filename (rig->folder, name, NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  int n = 0;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  for (int i = 0; lines[i] != NULL; i++)
    n += strstr (lines[i], with) != NULL;
  return n;
}

/* In the model and its file, which is cleaned up as lungs are. */
static void
assert_sides_kept (const Rig *rig, const PlModel *model)
{
  g_autofree char *path = g_build_filename (rig->folder, "best.safetensors", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (PlModel) back = pl_model_read (path, NULL, NULL, &error);
  PlVolume volume = { .n = { 3, 8, 8 } };

  g_assert_no_error (error);
  g_assert_true (model->has_sides);
  g_assert_true (back->has_sides);
  g_assert_cmpstr (back->class_names[0], ==, "L");
  g_assert_cmpint (pl_predict_options_default (back, &volume).keep_largest, ==, 2);
}

/* Each side is learned, and scored by itself. Mirrored slices would hold it at 0.73; they are not
 * mirrored whatever the sides are called. */
static void
test_learns (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = rig_settings (25);
  char *names[] = { (char *) "L", (char *) "R, too", NULL };
  g_autoptr (Rig) rig = NULL;
  const PlTrainResult *result;
  double dice[2] = { 0 };
  guint n;

  settings.sides = TRUE;
  pl_class_names_use (dataset, NULL, names);
  rig = rig_new (&settings, dataset, NULL, NULL);
  result = rig_run (rig);
  g_assert_no_error (result->error);
  n = result->test->len;
  g_assert_cmpint (result->model->n_classes, ==, 2);
  g_assert_cmpstr (result->model->class_names[1], ==, "R, too");
  assert_sides_kept (rig, result->model);
  g_assert_cmpuint (result->test_classes->len, ==, 2 * n);
  for (guint i = 0; i < 2 * n; i++)
    dice[i % 2] += g_array_index (result->test_classes, PlMetrics, i).dice / n;
  g_test_message ("Dice left %g, right %g", dice[0], dice[1]);
  g_assert_cmpfloat (MIN (dice[0], dice[1]), >, 0.8);
  g_assert_cmpint (count_lines (rig, "test-classes.csv", ",L,"), ==, (int) n);
  g_assert_cmpint (count_lines (rig, "test-classes.csv", ",\"R, too\","), ==, (int) n);
  g_assert_cmpint (count_lines (rig, "test-classes.csv", "name,class,accuracy,dice"), ==, 1);
  g_assert_cmpint (count_lines (rig, "run.json", "\"sides\" : true"), ==, 1);
}

int
main (int argc, char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  if (!pl_train_init (NULL))
    return 1;
  g_test_add_func ("/train/sides/masks", test_masks);
  g_test_add_func ("/train/sides/classes-already", test_classes_already);
  g_test_add_func ("/train/sides/learns", test_learns);
  status = g_test_run ();
  rig_clean_up ();
  return status;
}
