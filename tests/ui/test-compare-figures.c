/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of the comparison: of one model against the truth, and of two. */
#include "ui/compare-rig.h"
#include "ui/view-rig.h"

enum
{
  SLICE = 1,
  CASE,
};
enum
{
  DICE = 1,
  IOU,
  HD95,
  TRUTH,
  PREDICTION,
  BOTH,
  ONLY_PREDICTED,
  ONLY_TRUE,
};

/* Of one model, or of two as soon as there is a second. */
static GtkWidget *
find_table (CompareRig *rig)
{
  gboolean is_of_two = pl_view_state_get_second_name (rig->state) != NULL;

  return compare_rig_child (rig, is_of_two ? "models" : "figures");
}

static GtkLabel *
cell (CompareRig *rig, int row, int column)
{
  GtkWidget *table = find_table (rig);
  GObject *grid = gtk_widget_get_template_child (table, G_OBJECT_TYPE (table), "grid");

  return GTK_LABEL (gtk_grid_get_child_at (GTK_GRID (grid), column, row));
}

static const char *
figure (CompareRig *rig, int row, int column)
{
  return gtk_label_get_text (cell (rig, row, column));
}

static void
wait_for_figure (CompareRig *rig, int row, int column, const char *expected)
{
  gint64 deadline_us = g_get_monotonic_time () + COMPARE_RIG_TIMEOUT_US;

  while (!g_str_equal (figure (rig, row, column), expected) &&
         g_get_monotonic_time () < deadline_us)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
  g_assert_cmpstr (figure (rig, row, column), ==, expected);
}

/* 10 of 20 columns against 5 of the same, 1 mm a voxel: Dice 2·5 / 15, IoU 5 / 10, and the edges 5
 * columns apart. */
static void
test_figures (CompareRig *rig, gconstpointer data)
{
  g_assert_cmpstr (figure (rig, SLICE, DICE), ==, "—");
  compare_rig_set_masks (rig, 10, 5);
  g_assert_cmpstr (figure (rig, SLICE, DICE), ==, "0.667");
  g_assert_cmpstr (figure (rig, SLICE, IOU), ==, "0.500");
  g_assert_cmpstr (figure (rig, SLICE, HD95), ==, "—");
  g_assert_cmpstr (figure (rig, SLICE, TRUTH), ==, "2.0 cm²");
  g_assert_cmpstr (figure (rig, SLICE, PREDICTION), ==, "1.0 cm²");
  g_assert_cmpstr (figure (rig, SLICE, BOTH), ==, "100 px");
  g_assert_cmpstr (figure (rig, SLICE, ONLY_PREDICTED), ==, "0 px");
  g_assert_cmpstr (figure (rig, SLICE, ONLY_TRUE), ==, "100 px");
  g_assert_cmpstr (figure (rig, CASE, DICE), ==, "—");
  wait_for_figure (rig, SLICE, HD95, "5.0 mm");
  wait_for_figure (rig, CASE, DICE, "0.667");
  g_assert_cmpstr (figure (rig, CASE, IOU), ==, "0.500");
  g_assert_cmpstr (figure (rig, CASE, HD95), ==, "5.0 mm");
  g_assert_cmpstr (figure (rig, CASE, TRUTH), ==, "0.8 ml");
  g_assert_cmpstr (figure (rig, CASE, PREDICTION), ==, "0.4 ml");
  g_assert_cmpstr (figure (rig, CASE, ONLY_TRUE), ==, "400 voxels");
  compare_rig_set_masks (rig, 5, 10);
  g_assert_cmpstr (figure (rig, SLICE, ONLY_PREDICTED), ==, "100 px");
  pl_view_state_set_prediction (rig->state, NULL);
  g_assert_cmpstr (figure (rig, SLICE, DICE), ==, "—");
  g_assert_cmpstr (figure (rig, CASE, DICE), ==, "—");
}

/* The first @columns are label 1, the last 10 of 20 label 2. */
static PlMask *
make_two_labels (CompareRig *rig, int columns)
{
  g_autoptr (PlMask) one = view_rig_mask (rig->volume, 0, 20, 0, columns);
  g_autoptr (PlMask) two = view_rig_mask (rig->volume, 0, 20, 10, 20);
  gsize n = (gsize) one->n[0] * (gsize) one->n[1] * (gsize) one->n[2];
  guint8 *labels = g_memdup2 (one->labels, n);

  for (gsize i = 0; i < n; i++)
    labels[i] = (guint8) (labels[i] + 2 * two->labels[i]);
  return pl_mask_new_take (one->n, labels);
}

static PlMask *
make_preview (CompareRig *rig, const PlMask *mask)
{
  const int n[3] = { 1, mask->n[1], mask->n[2] };
  const guint8 *labels = pl_mask_slice (mask, pl_view_state_get_slice (rig->state));

  return pl_mask_new_take (n, g_memdup2 (labels, (gsize) n[1] * (gsize) n[2]));
}

/* Told of several classes alone, by name. */
static void
test_classes (CompareRig *rig, gconstpointer data)
{
  char *names[] = { (char *) "<left>", (char *) "right", NULL };
  gint64 deadline_us = g_get_monotonic_time () + 2 * COMPARE_RIG_TIMEOUT_US;
  g_autoptr (PlMask) preview = NULL;
  g_autoptr (PlMask) truth = make_two_labels (rig, 10);
  g_autoptr (PlMask) prediction = make_two_labels (rig, 5);

  compare_rig_set_masks (rig, 10, 5);
  wait_for_figure (rig, CASE, DICE, "0.667");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (cell (rig, CASE + 1, 0))));
  pl_view_state_set_truth (rig->state, truth);
  pl_view_state_set_prediction (rig->state, prediction);
  wait_for_figure (rig, CASE, DICE, "0.857");
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (cell (rig, CASE + 1, 0))));
  g_assert_nonnull (strstr (figure (rig, CASE + 1, 0), "1 · label 1: Dice 0.667"));
  g_assert_nonnull (strstr (figure (rig, CASE + 1, 0), "2 · label 2: Dice 1.000"));
  g_assert_true (g_str_has_prefix (figure (rig, CASE + 1, 0), "Case: "));
  pl_view_state_set_names (rig->state, names, NULL);
  g_assert_nonnull (strstr (figure (rig, CASE + 1, 0), "1 · <left>: Dice 0.667"));

  preview = make_preview (rig, prediction); /* of an epoch: the case is not known */
  pl_view_state_set_prediction (rig->state, NULL);
  pl_view_state_set_preview (rig->state, preview, pl_view_state_get_slice (rig->state));
  while (!g_str_has_prefix (figure (rig, CASE + 1, 0), "This slice: ") &&
         g_get_monotonic_time () < deadline_us)
    g_main_context_iteration (NULL, FALSE);
  g_assert_nonnull (strstr (figure (rig, CASE + 1, 0), "2 · right: Dice 1.000"));
}

/* Without a size of the pixels nothing is said in millimetres. */
static void
test_no_spacing (CompareRig *rig, gconstpointer data)
{
  rig->volume->header.has_spacing = FALSE;
  rig->volume->header.has_affine = FALSE;
  compare_rig_set_masks (rig, 10, 5);
  g_assert_cmpstr (figure (rig, SLICE, TRUTH), ==, "200 px");
  g_assert_cmpstr (figure (rig, SLICE, BOTH), ==, "100 px");
  wait_for_figure (rig, SLICE, HD95, "5.0 px");
}

/* The preview counts for its slice, the prediction for the case. */
static void
test_preview (CompareRig *rig, gconstpointer data)
{
  g_autoptr (PlVolume) slice = view_rig_volume (1, 20, 20, -600);
  g_autoptr (PlMask) preview = view_rig_mask (slice, 0, 20, 10, 20);

  compare_rig_set_masks (rig, 10, 5);
  pl_view_state_set_preview (rig->state, preview, 2);
  wait_for_figure (rig, SLICE, DICE, "0.000");
  wait_for_figure (rig, CASE, DICE, "0.667");
  pl_view_state_set_slice (rig->state, 3);
  g_assert_cmpstr (figure (rig, SLICE, DICE), ==, "0.667");
  pl_view_state_set_prediction (rig->state, NULL);
  pl_view_state_set_slice (rig->state, 2);
  g_assert_cmpstr (figure (rig, SLICE, DICE), ==, "0.000");
  g_assert_cmpstr (figure (rig, CASE, DICE), ==, "—");
}

static void
test_empty (CompareRig *rig, gconstpointer data)
{
  compare_rig_set_masks (rig, 0, 0);
  wait_for_figure (rig, CASE, DICE, "1.000 (both empty)");
  g_assert_cmpstr (figure (rig, SLICE, DICE), ==, "1.000 (both empty)");
  g_assert_cmpstr (figure (rig, CASE, HD95), ==, "—");
  compare_rig_set_masks (rig, 0, 1);
  wait_for_figure (rig, CASE, DICE, "0.000");
  g_assert_cmpstr (figure (rig, CASE, HD95), ==, "—");
}

/* A mask that is replaced, or a slice that is left, while it is measured does not answer for its
 * successor. */
static void
test_late_answer (CompareRig *rig, gconstpointer data)
{
  compare_rig_set_masks (rig, 10, 5);
  compare_rig_set_masks (rig, 10, 8);
  wait_for_figure (rig, SLICE, HD95, "2.0 mm");
  wait_for_figure (rig, CASE, HD95, "2.0 mm");
  for (int i = 0; i < 20; i++)
    {
      g_usleep (1000);
      g_main_context_iteration (NULL, FALSE);
    }
  g_assert_cmpstr (figure (rig, SLICE, HD95), ==, "2.0 mm");
  g_assert_cmpstr (figure (rig, CASE, HD95), ==, "2.0 mm");
}

static void
test_one_slice (CompareRig *rig, gconstpointer data)
{
  g_autoptr (PlVolume) slice = view_rig_volume (1, 20, 20, -600);
  g_autoptr (PlMask) mask = view_rig_mask (slice, 0, 20, 0, 10);

  slice->header.has_spacing = TRUE;
  pl_view_state_set_volume (rig->state, slice);
  pl_view_state_set_truth (rig->state, mask);
  pl_view_state_set_prediction (rig->state, mask);
  wait_for_figure (rig, SLICE, HD95, "0.0 mm");
  g_assert_cmpstr (figure (rig, SLICE, BOTH), ==, "200 px");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (cell (rig, CASE, DICE))));
}

/* Nobody looks: nothing is counted until the view comes back. */
static void
test_unseen (CompareRig *rig, gconstpointer data)
{
  gtk_widget_set_visible (rig->view, FALSE);
  compare_rig_set_masks (rig, 10, 5);
  g_assert_cmpstr (figure (rig, SLICE, DICE), ==, "—");
  gtk_widget_set_visible (rig->view, TRUE);
  wait_for_figure (rig, CASE, DICE, "0.667");
  g_assert_cmpstr (figure (rig, SLICE, DICE), ==, "0.667");
}

/* 10, 5 and 8 of 20 columns: truth, first and second model; 1 mm a voxel, 20 rows and 4 slices. */
static void
test_models (CompareRig *rig, gconstpointer data)
{
  enum
  {
    A = 1,
    A_CASE,
    B,
    B_CASE,
    BETWEEN,
    BETWEEN_CASE,
    GROUND,
  };
  enum
  {
    SCOPE = 1,
    M_DICE,
    M_IOU,
    M_HD95,
    SIZE,
    M_BOTH,
    ONLY_FIRST,
    ONLY_SECOND,
  };
  static const struct
  {
    int row;
    int column;
    const char *text;
  } known[] = {
    { A, 0, "■ A runs/old" },
    { A, SCOPE, "Slice" },
    { A, M_DICE, "0.667" },
    { A, SIZE, "1.0 cm²" },
    { A, M_BOTH, "100 px" },
    { A, ONLY_FIRST, "0 px" },
    { A, ONLY_SECOND, "100 px" },
    { A_CASE, SCOPE, "Case" },
    { A_CASE, SIZE, "0.4 ml" },
    { A_CASE, M_BOTH, "400 voxels" },
    { A_CASE, ONLY_SECOND, "400 voxels" },
    { B, 0, "■ B runs/new" },
    { B, M_DICE, "0.889" },
    { B, SIZE, "1.6 cm²" },
    { B, M_BOTH, "160 px" },
    { B, ONLY_FIRST, "0 px" },
    { B, ONLY_SECOND, "40 px" },
    { B_CASE, M_DICE, "0.889" },
    { B_CASE, ONLY_SECOND, "160 voxels" },
    { BETWEEN, 0, "A against B" },
    { BETWEEN, M_DICE, "0.769" },
    { BETWEEN, M_IOU, "0.625" },
    { BETWEEN, SIZE, "" },
    { BETWEEN, M_BOTH, "100 px" },
    { BETWEEN, ONLY_FIRST, "Only A: 0 px" },
    { BETWEEN, ONLY_SECOND, "Only B: 60 px" },
    { BETWEEN_CASE, ONLY_SECOND, "Only B: 240 voxels" },
    { GROUND, 0, "Ground truth" },
    { GROUND, SCOPE, "Slice 2.0 cm²   Case 0.8 ml" },
  };
  g_autoptr (PlMask) second = view_rig_mask (rig->volume, 0, 20, 0, 8);

  pl_view_state_set_model_name (rig->state, "runs/old");
  pl_view_state_set_second_name (rig->state, "runs/new");
  compare_rig_set_masks (rig, 10, 5);
  pl_view_state_set_second (rig->state, second);
  while (!gtk_widget_get_mapped (compare_rig_child (rig, "models")))
    g_main_context_iteration (NULL, TRUE);
  wait_for_figure (rig, A, M_HD95, "5.0 mm");
  wait_for_figure (rig, B, M_HD95, "2.0 mm");
  wait_for_figure (rig, BETWEEN, M_HD95, "3.0 mm");
  wait_for_figure (rig, A_CASE, M_DICE, "0.667");
  wait_for_figure (rig, B_CASE, M_HD95, "2.0 mm");
  wait_for_figure (rig, BETWEEN_CASE, M_HD95, "3.0 mm");
  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    g_assert_cmpstr (figure (rig, known[i].row, known[i].column), ==, known[i].text);

  /* Models can be compared where nobody knows the truth. */
  pl_view_state_set_truth (rig->state, NULL);
  g_assert_cmpstr (figure (rig, A, M_DICE), ==, "—");
  g_assert_cmpstr (figure (rig, A, M_BOTH), ==, "—");
  g_assert_cmpstr (figure (rig, BETWEEN, M_DICE), ==, "0.769");
  g_assert_cmpstr (figure (rig, BETWEEN, ONLY_SECOND), ==, "Only B: 60 px");
  g_assert_cmpstr (figure (rig, B, SIZE), ==, "1.6 cm²");
  g_assert_cmpstr (figure (rig, GROUND, SCOPE), ==, "Slice —   Case —");
}

static void
wait_until_said (GtkLabel *label, const char *expected)
{
  gint64 deadline_us = g_get_monotonic_time () + COMPARE_RIG_TIMEOUT_US;

  while (strstr (gtk_label_get_text (label), expected) == NULL &&
         g_get_monotonic_time () < deadline_us)
    g_main_context_iteration (NULL, FALSE);
  g_assert_nonnull (strstr (gtk_label_get_text (label), expected));
}

/* Of several classes the Dice of each, by both models; what one of them cannot tell is a dash. */
static void
test_models_of_classes (CompareRig *rig, gconstpointer data)
{
  char *names[] = { (char *) "<left>", (char *) "right", NULL };
  g_autoptr (PlMask) truth = make_two_labels (rig, 10);
  g_autoptr (PlMask) first = make_two_labels (rig, 5);
  g_autoptr (PlMask) second = make_two_labels (rig, 10);
  g_autoptr (PlMask) one_class = view_rig_mask (rig->volume, 0, 20, 0, 20);
  GtkLabel *classes;

  pl_view_state_set_second_name (rig->state, "runs/new");
  while (!gtk_widget_get_mapped (find_table (rig)))
    g_main_context_iteration (NULL, TRUE);
  classes = cell (rig, 8, 0);
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (classes)));
  pl_view_state_set_names (rig->state, names, NULL);
  pl_view_state_set_truth (rig->state, truth);
  pl_view_state_set_prediction (rig->state, first);
  pl_view_state_set_second (rig->state, second);
  wait_until_said (classes, "1 · <left>: Dice A 0.667, B 1.000");
  wait_until_said (classes, "2 · right: Dice A 1.000, B 1.000");
  wait_until_said (classes, "Case: ");
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (classes)));
  pl_view_state_set_second (rig->state, one_class);
  wait_until_said (classes, "1 · <left>: Dice A 0.667, B —");
}

/* Said too, and between the models not as if one were the truth. */
static void
test_models_are_said (CompareRig *rig, gconstpointer data)
{
  const char *expected = "■ A runs/old, Slice: Dice 0.667, IoU 0.500, HD95 —, "
                         "Size 100 px, In both 100 px, Only predicted 0 px, Only true 100 px. "
                         "■ B runs/new, Slice: Dice 1.000, IoU 1.000, HD95 —, "
                         "Size 200 px, In both 200 px, Only predicted 0 px, Only true 0 px. "
                         "A against B, Slice: Dice 0.667, IoU 0.500, HD95 —, "
                         "In both 100 px, Only A: 0 px, Only B: 100 px. "
                         "Ground truth: Slice 200 px";
  g_autoptr (PlVolume) slice = view_rig_volume (1, 20, 20, -600);
  g_autoptr (PlMask) truth = view_rig_mask (slice, 0, 20, 0, 10);
  g_autoptr (PlMask) first = view_rig_mask (slice, 0, 20, 0, 5);
  g_autofree char *found = NULL;

  pl_view_state_set_volume (rig->state, slice);
  pl_view_state_set_model_name (rig->state, "runs/old");
  pl_view_state_set_second_name (rig->state, "runs/new");
  while (!gtk_widget_get_mapped (compare_rig_child (rig, "models")))
    g_main_context_iteration (NULL, TRUE);
  pl_view_state_set_prediction (rig->state, first);
  pl_view_state_set_truth (rig->state, truth);
  pl_view_state_set_second (rig->state, truth);
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (cell (rig, 2, 2)))); /* the case */
  found = gtk_test_accessible_check_property (GTK_ACCESSIBLE (compare_rig_child (rig, "models")),
                                              GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, expected);
  g_assert_cmpstr (found, ==, NULL);
}

#define ADD(name, test) COMPARE_RIG_ADD ("/app/compare-figures/" name, test)

int
main (int argc, char **argv)
{
  view_rig_init (&argc, &argv);
  ADD ("figures", test_figures);
  ADD ("classes", test_classes);
  ADD ("preview", test_preview);
  ADD ("empty", test_empty);
  ADD ("late-answer", test_late_answer);
  ADD ("one-slice", test_one_slice);
  ADD ("unseen", test_unseen);
  ADD ("no-spacing", test_no_spacing);
  ADD ("models", test_models);
  ADD ("models-of-classes", test_models_of_classes);
  ADD ("models-are-said", test_models_are_said);
  return g_test_run ();
}
