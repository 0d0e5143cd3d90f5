/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cross-validation and learning curve as a person does them: asked for in a dialog, followed in the
 * training panel, read in a window of their own.
 */
#include "ui/window-rig.h"

#include "app/experiment-window.h"
#include "app/plot.h"
#include "app/runs-window-private.h"
#include "train/experiment-record.h"

static const char *
run_text (WindowRig *rig)
{
  return window_rig_label (rig->window->train_panel, "run_label");
}

static gboolean
run_has (const char *experiment, const char *name)
{
  g_autofree char *path = g_build_filename (experiment, name, NULL);

  return g_file_test (path, G_FILE_TEST_IS_REGULAR);
}

static GtkWindow *
find_findings (void)
{
  return window_rig_find_toplevel ("PlExperimentWindow");
}

static gboolean
leads_to_findings (GtkWidget *widget, gpointer data)
{
  return GTK_IS_BUTTON (widget) && gtk_widget_get_mapped (widget) &&
         g_strcmp0 (gtk_actionable_get_action_name (GTK_ACTIONABLE (widget)),
                    "win.show-experiment") == 0;
}

/* They do not open by themselves: a notice has a button that opens them. */
static GtkWindow *
open_findings (WindowRig *rig)
{
  GtkWidget *window = GTK_WIDGET (rig->window);
  GtkWindow *findings;

  window_rig_wait (window_rig_is (rig, "training-state", "'done'"), 60);
  window_rig_wait (window_rig_find (window, leads_to_findings, NULL) != NULL, 20);
  g_assert_null (find_findings ());
  g_signal_emit_by_name (window_rig_find (window, leads_to_findings, NULL), "clicked");
  window_rig_wait ((findings = find_findings ()) != NULL, 10);
  window_rig_wait (gtk_widget_get_mapped (GTK_WIDGET (findings)), 10);
  return findings;
}

/* The folds one after another, nothing else beside them, and what they say in the end. */
static void
test_cross_validation (WindowRig *rig, gconstpointer data)
{
  static const char *const others[] = { "train", "cross-validate", "learning-curve",
                                        "plan-cross-validation", "plan-learning-curve" };
  g_autofree char *experiment = NULL;
  GtkWindow *findings;

  window_rig_prepare (rig, 2);
  window_rig_activate (rig, "cross-validate(2)");
  window_rig_assert_is (rig, "training-state", "'running'");
  window_rig_wait (g_str_equal (run_text (rig), "Fold 1 of 2"), 20);
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_false (window_rig_is_enabled (rig, others[i]));
  window_rig_wait (g_str_equal (run_text (rig), "Fold 2 of 2"), 30);
  window_rig_assert_is (rig, "training-state", "'running'");
  window_rig_wait (window_rig_is (rig, "training-state", "'done'"), 60);
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_true (window_rig_is_enabled (rig, others[i]));
  g_assert_cmpuint (window_rig_n_points (rig, "loss_plot", WINDOW_RIG_TRAIN), ==, 2);
  g_assert_cmpstr (run_text (rig), ==, "");
  window_rig_wait (window_rig_shows (rig->window->train_panel, "All trainings are done"), 20);

  findings = open_findings (rig);
  window_rig_wait (window_rig_shows (findings, "mean ± SD of 2 folds"), 20);
  window_rig_wait (window_rig_shows (findings, "over all 14 cases"), 20);
  window_rig_wait (window_rig_shows (findings, "Fold 2 of 2"), 20);
  g_assert_cmpuint (pl_plot_n_points (window_rig_child (findings, "plot"), 0), ==, 2);
  gtk_window_destroy (findings);

  experiment = window_rig_find_run ();
  g_assert_true (g_str_has_suffix (experiment, "-cv2"));
  g_assert_true (run_has (experiment, "experiment.json"));
  g_assert_true (run_has (experiment, "fold-2/best.safetensors"));
}

static void
test_learning_curve (WindowRig *rig, gconstpointer data)
{
  g_autofree char *experiment = NULL;
  g_autofree char *again = NULL;
  GtkWindow *findings;

  window_rig_prepare (rig, 1);
  window_rig_activate (rig, "learning-curve::20,50,100");
  window_rig_wait (g_str_equal (run_text (rig), "50 % of the patients"), 30);
  findings = open_findings (rig);
  window_rig_wait (window_rig_shows (findings, "training slices, test Dice changed by"), 20);
  g_assert_cmpuint (pl_plot_n_points (window_rig_child (findings, "plot"), 0), ==, 3);
  gtk_window_destroy (findings);

  experiment = window_rig_find_run ();
  again = g_strdup_printf ("show-experiment::%s", experiment);
  window_rig_activate (rig, again);
  window_rig_wait ((findings = find_findings ()) != NULL, 10);
  window_rig_wait (window_rig_shows (findings, "100 % of the patients"), 20);
  gtk_window_destroy (findings);
  window_rig_activate (rig, "show-experiment::");
  window_rig_wait ((findings = find_findings ()) != NULL, 10);
  window_rig_wait (window_rig_shows (findings, "100 % of the patients"), 20);
  g_assert_false (gtk_widget_get_visible (window_rig_child (findings, "resume_button")));
  gtk_window_destroy (findings);
}

/* Pausing and stopping are those of a training; what is not done waits, is said to, and goes on. */
static void
test_stop (WindowRig *rig, gconstpointer data)
{
  g_autoptr (PlExperimentRecord) record = NULL;
  g_autofree char *experiment = NULL;
  GtkWindow *findings;
  GtkWidget *button;

  window_rig_prepare (rig, WINDOW_RIG_FOR_EVER);
  window_rig_activate (rig, "cross-validate(3)");
  window_rig_wait (window_rig_n_points (rig, "loss_plot", WINDOW_RIG_TRAIN) > 0, 30);
  window_rig_activate (rig, "pause-training(true)");
  window_rig_assert_is (rig, "training-state", "'paused'");
  window_rig_activate (rig, "stop-training");
  window_rig_assert_is (rig, "training-state", "'stopping'");
  window_rig_wait (window_rig_is (rig, "training-state", "'done'"), 10);
  window_rig_assert_is (rig, "pause-training", "false");
  g_assert_true (window_rig_is_enabled (rig, "train"));
  findings = open_findings (rig);
  window_rig_wait (window_rig_shows (findings, "not trained yet"), 20);
  experiment = window_rig_find_run ();
  record = pl_experiment_record_read (experiment, NULL);
  g_assert_false (pl_experiment_record_is_complete (record));
  g_assert_true (run_has (experiment, "fold-1/last.safetensors"));

  button = window_rig_child (findings, "resume_button");
  g_assert_true (gtk_widget_get_visible (button));
  g_signal_emit_by_name (button, "clicked");
  window_rig_assert_is (rig, "training-state", "'running'");
  window_rig_wait (!gtk_widget_get_visible (button), 10);
  window_rig_wait (g_str_equal (run_text (rig), "Fold 1 of 3"), 20);
  window_rig_activate (rig, "stop-training");
  window_rig_wait (window_rig_is (rig, "training-state", "'done'"), 10);
  window_rig_wait (gtk_widget_get_visible (button), 10);
  gtk_window_destroy (findings);
}

/* In the moment it has begun: before its first training has. */
static void
test_stop_at_once (WindowRig *rig, gconstpointer data)
{
  window_rig_prepare (rig, WINDOW_RIG_FOR_EVER);
  window_rig_activate (rig, "cross-validate(2)");
  window_rig_activate (rig, "stop-training");
  window_rig_wait (window_rig_is (rig, "training-state", "'done'"), 20);
  g_assert_true (window_rig_is_enabled (rig, "cross-validate"));
}

static void
test_close (WindowRig *rig, gconstpointer data)
{
  g_autofree char *experiment = NULL;

  window_rig_prepare (rig, WINDOW_RIG_FOR_EVER);
  window_rig_activate (rig, "cross-validate(2)");
  window_rig_wait (window_rig_n_points (rig, "loss_plot", WINDOW_RIG_TRAIN) > 0, 30);
  window_rig_activate (rig, "close");
  g_assert_nonnull (rig->window);
  window_rig_assert_is (rig, "training-state", "'stopping'");
  window_rig_wait (rig->window == NULL, 10);
  experiment = window_rig_find_run ();
  g_assert_true (run_has (experiment, "fold-1/last.safetensors"));
  g_assert_false (run_has (experiment, "fold-2/run.json"));
}

/* More folds than patients are refused in words. */
static void
test_refused (WindowRig *rig, gconstpointer data)
{
  window_rig_prepare (rig, 1);
  window_rig_activate (rig, "cross-validate(32)");
  window_rig_assert_is (rig, "training-state", "'failed'");
  g_assert_true (window_rig_has_problem (rig, "The training could not begin", "32 folds"));
  window_rig_activate (rig, "learning-curve::10,200");
  g_assert_true (window_rig_has_problem (rig, "The training could not begin", "10,200"));
  g_assert_true (window_rig_is_enabled (rig, "cross-validate"));
}

/* Says how long it will take, and what is wrong; its answer starts the trainings. */
static void
test_dialog (WindowRig *rig, gconstpointer data)
{
  GtkWindow *dialog;

  window_rig_prepare (rig, 1);
  window_rig_activate (rig, "plan-learning-curve");
  window_rig_wait ((dialog = window_rig_find_toplevel ("PlExperimentDialog")) != NULL, 10);
  window_rig_wait (window_rig_shows (dialog, "4 trainings of about "), 20);
  gtk_editable_set_text (window_rig_child (dialog, "shares_row"), "50,0");
  window_rig_wait (window_rig_shows (dialog, "50,0"), 20);
  g_assert_false (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (dialog), "start"));
  gtk_editable_set_text (window_rig_child (dialog, "shares_row"), "50,100");
  window_rig_wait (window_rig_shows (dialog, "2 trainings of about "), 20);
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "start");
  gtk_window_destroy (dialog);
  gtk_window_destroy (open_findings (rig));
}

static void
wait_until_read (PlRunsWindow *runs)
{
  window_rig_wait (runs->loading == NULL, 20);
}

static guint
count_listed (PlRunsWindow *runs)
{
  return g_list_model_get_n_items (G_LIST_MODEL (runs->selection));
}

static void
do_with_runs (PlRunsWindow *runs, const char *action)
{
  g_assert_true (g_action_group_get_action_enabled (G_ACTION_GROUP (runs), action));
  g_action_group_activate_action (G_ACTION_GROUP (runs), action, NULL);
}

/* The window of runs, with the experiment selected. */
static PlRunsWindow *
list_runs (WindowRig *rig, const char *experiment)
{
  PlRunsWindow *runs;

  window_rig_activate (rig, "runs");
  runs = PL_RUNS_WINDOW (window_rig_find_toplevel ("PlRunsWindow"));
  wait_until_read (runs);
  g_action_group_activate_action (G_ACTION_GROUP (runs), "select-runs",
                                  g_variant_new_strv (&experiment, 1));
  g_assert_cmpuint (runs->selected->len, ==, 1);
  return runs;
}

/* One that was stopped stands among the runs: it is opened, deleted with its trainings, brought
 * back, and goes on from there. */
static void
test_listed (WindowRig *rig, gconstpointer data)
{
  g_autofree char *folder = pl_run_default_folder ();
  g_autofree char *experiment = NULL;
  PlRunsWindow *runs;

  pl_scratch_remove (folder);
  window_rig_prepare (rig, WINDOW_RIG_FOR_EVER);
  window_rig_activate (rig, "cross-validate(2)");
  window_rig_wait (window_rig_n_points (rig, "dice_plot", WINDOW_RIG_VALIDATION) > 0, 30);
  window_rig_activate (rig, "stop-training");
  window_rig_wait (window_rig_is (rig, "training-state", "'done'"), 20);

  experiment = window_rig_find_run ();
  runs = list_runs (rig, experiment);
  g_assert_cmpuint (count_listed (runs), ==, 2); /* with the one fold that has begun */
  window_rig_wait (window_rig_shows (runs, "0 of 2 trainings done"), 10);
  window_rig_wait (window_rig_shows (runs, "Fold 2 of 2"), 20);
  g_assert_false (g_action_group_get_action_enabled (G_ACTION_GROUP (runs), "replay-run"));
  do_with_runs (runs, "overlay-runs");
  g_assert_cmpuint (window_rig_n_points (rig, "dice_plot", WINDOW_RIG_VALIDATION + 1), >, 0);
  do_with_runs (runs, "clear-overlay");
  do_with_runs (runs, "show-results");
  window_rig_wait (find_findings () != NULL, 10);
  gtk_window_destroy (find_findings ());

  do_with_runs (runs, "delete-runs");
  g_assert_cmpuint (count_listed (runs), ==, 0);
  g_assert_true (run_has (experiment, "experiment.json"));
  do_with_runs (runs, "undo-delete");
  g_assert_cmpuint (count_listed (runs), ==, 2);
  gtk_window_destroy (GTK_WINDOW (runs));

  runs = list_runs (rig, experiment);
  do_with_runs (runs, "resume-run");
  window_rig_wait (g_str_equal (run_text (rig), "Fold 1 of 2"), 20);
  window_rig_activate (rig, "stop-training");
  window_rig_wait (window_rig_is (rig, "training-state", "'done'"), 20);
  wait_until_read (runs);
  do_with_runs (runs, "delete-runs");
  gtk_window_destroy (GTK_WINDOW (runs));
  window_rig_wait (!g_file_test (experiment, G_FILE_TEST_EXISTS), 20);
}

int
main (int argc, char **argv)
{
  window_rig_init (&argc, &argv);
  WINDOW_RIG_ADD ("/app/window-experiment/cross-validation", test_cross_validation);
  WINDOW_RIG_ADD ("/app/window-experiment/learning-curve", test_learning_curve);
  WINDOW_RIG_ADD ("/app/window-experiment/stop", test_stop);
  WINDOW_RIG_ADD ("/app/window-experiment/stop-at-once", test_stop_at_once);
  WINDOW_RIG_ADD ("/app/window-experiment/close", test_close);
  WINDOW_RIG_ADD ("/app/window-experiment/listed", test_listed);
  WINDOW_RIG_ADD ("/app/window-experiment/refused", test_refused);
  WINDOW_RIG_ADD ("/app/window-experiment/dialog", test_dialog);
  return window_rig_run ();
}
