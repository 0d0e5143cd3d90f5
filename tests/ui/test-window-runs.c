/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window of runs, driven through its actions over runs that the main window has trained. */
#include "ui/window-rig.h"

#include "app/runs-window-private.h"

/* Returns: the folder of the only run */
static char *
train_one (WindowRig *rig)
{
  window_rig_train (rig, 2);
  window_rig_wait (!window_rig_is (rig, "prediction-state", "'running'"), 20);
  return window_rig_find_run ();
}

/* What a list needs of a run, in a folder of another name. */
static char *
copy_run (const char *run, const char *name)
{
  static const char *const files[] = { "run.json", "history.csv", "test.csv", "events.jsonl",
                                       "split.csv" };
  g_autofree char *runs = pl_run_default_folder ();
  char *copy = g_build_filename (runs, name, NULL);

  g_assert_cmpint (g_mkdir_with_parents (copy, 0755), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *from = g_build_filename (run, files[i], NULL);
      g_autofree char *to = g_build_filename (copy, files[i], NULL);
      g_autofree char *text = NULL;

      g_assert_true (g_file_get_contents (from, &text, NULL, NULL));
      g_assert_true (g_file_set_contents (to, text, -1, NULL));
    }
  return copy;
}

static gboolean
state_is (PlRunsWindow *runs, const char *action, const char *text)
{
  g_autoptr (GVariant) state = g_action_group_get_action_state (G_ACTION_GROUP (runs), action);
  g_autofree char *now = g_variant_print (state, FALSE);

  return g_str_equal (now, text);
}

static void
wait_until_read (PlRunsWindow *runs)
{
  window_rig_wait (state_is (runs, "loading", "false"), 20);
}

static PlRunsWindow *
open_runs (WindowRig *rig)
{
  PlRunsWindow *runs;

  window_rig_activate (rig, "runs");
  runs = PL_RUNS_WINDOW (window_rig_find_toplevel ("PlRunsWindow"));
  g_assert_nonnull (runs);
  window_rig_wait (gtk_widget_get_mapped (GTK_WIDGET (runs)), 10);
  wait_until_read (runs);
  return runs;
}

static void
activate (PlRunsWindow *runs, const char *detailed)
{
  g_autofree char *name = NULL;
  g_autoptr (GVariant) parameter = NULL;
  g_autoptr (GError) error = NULL;

  g_action_parse_detailed_name (detailed, &name, &parameter, &error);
  g_assert_no_error (error);
  g_action_group_activate_action (G_ACTION_GROUP (runs), name, parameter);
}

/* An action with a text that may be a path. */
static void
activate_with (PlRunsWindow *runs, const char *name, const char *text)
{
  g_action_group_activate_action (G_ACTION_GROUP (runs), name, g_variant_new_string (text));
}

static guint
count (PlRunsWindow *runs)
{
  return g_list_model_get_n_items (G_LIST_MODEL (runs->selection));
}

static void
select_all (PlRunsWindow *runs)
{
  gtk_selection_model_select_all (GTK_SELECTION_MODEL (runs->selection));
}

static gboolean
is_enabled (PlRunsWindow *runs, const char *action)
{
  return g_action_group_get_action_enabled (G_ACTION_GROUP (runs), action);
}

static const char *
page (PlRunsWindow *runs)
{
  return gtk_stack_get_visible_child_name (runs->pages);
}

static gboolean
has_details (GtkWidget *widget, gpointer data)
{
  return GTK_IS_BUTTON (widget) && gtk_widget_get_mapped (widget) &&
         g_strcmp0 (gtk_actionable_get_action_name (GTK_ACTIONABLE (widget)), "win.show-message") ==
             0;
}

/* Nothing but a notice, and its button opens a window that holds nobody up and has the reason. */
static void
assert_is_told (PlRunsWindow *runs, const char *summary, const char *reason)
{
  GtkWidget *button;
  GtkWindow *details;

  window_rig_wait (window_rig_shows (runs, summary), 20);
  g_assert_null (window_rig_find_toplevel ("AdwMessageDialog"));
  g_assert_null (window_rig_find_toplevel ("PlProblemsWindow"));
  window_rig_wait ((button = window_rig_find (GTK_WIDGET (runs), has_details, NULL)) != NULL, 10);
  g_signal_emit_by_name (button, "clicked");
  window_rig_wait ((details = window_rig_find_toplevel ("PlProblemsWindow")) != NULL, 10);
  g_assert_false (gtk_window_get_modal (details));
  window_rig_wait (window_rig_shows (details, summary), 10);
  window_rig_wait (window_rig_shows (details, reason), 10);
  gtk_window_destroy (details);
}

/* In a run's run.json. */
static void
replace_in (const char *run, const char *from, const char *to)
{
  g_autofree char *json = g_build_filename (run, "run.json", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GString) changed = NULL;

  g_assert_true (g_file_get_contents (json, &text, NULL, NULL));
  changed = g_string_new (text);
  g_assert_cmpuint (g_string_replace (changed, from, to, 1), ==, 1);
  g_assert_true (g_file_set_contents (json, changed->str, -1, NULL));
}

static void
test_empty (WindowRig *rig, gconstpointer data)
{
  PlRunsWindow *runs;

  runs = open_runs (rig);
  g_assert_cmpstr (page (runs), ==, "empty");
  g_assert_false (is_enabled (runs, "replay-run"));
  g_assert_false (is_enabled (runs, "delete-runs"));
  g_assert_true (is_enabled (runs, "import-run"));
  window_rig_activate (rig, "runs"); /* there is one such window */
  g_assert_true (window_rig_find_toplevel ("PlRunsWindow") == GTK_WINDOW (runs));
}

/* Drawn over the curves of training in the main window. */
static void
check_overlay (WindowRig *rig, PlRunsWindow *runs)
{
  activate (runs, "overlay-runs");
  g_assert_true (window_rig_is (rig, "show-training", "true"));
  for (int i = 1; i <= 2; i++)
    g_assert_cmpuint (window_rig_n_points (rig, "dice_plot", WINDOW_RIG_VALIDATION + i), ==, 2);
  activate (runs, "clear-overlay");
}

/* One run and its figures; two, and their curves and what differs. */
static void
test_details (WindowRig *rig, gconstpointer data)
{
  g_autofree char *run = train_one (rig);
  g_autofree char *other = copy_run (run, "20200101-other");
  PlRunsWindow *runs;

  replace_in (other, "\"seed\" : 1", "\"seed\" : 77");
  runs = open_runs (rig);
  g_assert_cmpstr (page (runs), ==, "list");
  g_assert_cmpuint (count (runs), ==, 2);
  g_assert_cmpuint (runs->selected->len, ==, 1);
  window_rig_wait (window_rig_shows (runs, "Weight decay"), 10);
  window_rig_wait (window_rig_shows (runs, "Test Cases"), 20);
  g_assert_cmpuint (runs->dice_curves->len, ==, 2); /* training and validation */
  g_assert_cmpuint (pl_plot_n_points (runs->dice_plot, g_array_index (runs->dice_curves, int, 0)),
                    ==, 2);
  g_assert_true (is_enabled (runs, "replay-run"));

  select_all (runs);
  window_rig_wait (window_rig_shows (runs, "2 runs compared"), 10);
  g_assert_cmpuint (runs->dice_curves->len, ==, 2); /* one each */
  window_rig_wait (window_rig_shows (runs, "77"), 20);
  g_assert_false (window_rig_shows (runs, "Weight decay"));
  g_assert_false (is_enabled (runs, "replay-run"));
  activate (runs, "plot-by::time");
  g_assert_true (state_is (runs, "plot-by", "'time'"));
  check_overlay (rig, runs);
}

static void
test_search (WindowRig *rig, gconstpointer data)
{
  g_autofree char *run = train_one (rig);
  g_autofree char *other = copy_run (run, "quite-other");
  PlRunsWindow *runs = open_runs (rig);

  g_assert_cmpuint (count (runs), ==, 2);
  gtk_editable_set_text (GTK_EDITABLE (runs->search_entry), "QUITE");
  window_rig_wait (count (runs) == 1, 10);
  gtk_editable_set_text (GTK_EDITABLE (runs->search_entry), "");
  window_rig_wait (count (runs) == 2, 10);
}

static void
test_rename (WindowRig *rig, gconstpointer data)
{
  g_autofree char *run = train_one (rig);
  g_autoptr (PlRunInfo) info = NULL;
  PlRunsWindow *runs = open_runs (rig);

  activate_with (runs, "set-run-title", "  The good one ");
  wait_until_read (runs);
  g_assert_cmpstr (pl_runs_window_get_run (runs)->title, ==, "The good one");
  info = pl_run_info_read (run);
  g_assert_cmpstr (info->title, ==, "The good one");
  activate (runs, "rename-run");
  g_assert_nonnull (window_rig_find_toplevel ("AdwMessageDialog"));
}

/* Undo brings it back; without it the folder goes to the trash when the window does. */
static void
test_delete (WindowRig *rig, gconstpointer data)
{
  g_autofree char *run = train_one (rig);
  PlRunsWindow *runs = open_runs (rig);

  activate (runs, "delete-runs");
  g_assert_cmpuint (count (runs), ==, 0);
  g_assert_cmpstr (page (runs), ==, "empty");
  activate (runs, "refresh");
  wait_until_read (runs);
  g_assert_cmpuint (count (runs), ==, 0);
  g_assert_true (g_file_test (run, G_FILE_TEST_IS_DIR));
  activate (runs, "undo-delete");
  g_assert_cmpuint (count (runs), ==, 1);
  g_assert_cmpstr (page (runs), ==, "list");
  g_assert_false (is_enabled (runs, "undo-delete"));

  select_all (runs);
  activate (runs, "delete-runs");
  gtk_window_destroy (GTK_WINDOW (runs));
  window_rig_wait (!g_file_test (run, G_FILE_TEST_EXISTS), 10);
}

/* A second one does not make the first one's toast take it away too. */
static void
test_delete_twice (WindowRig *rig, gconstpointer data)
{
  g_autofree char *run = train_one (rig);
  g_autofree char *other = copy_run (run, "other");
  PlRunsWindow *runs = open_runs (rig);

  g_action_group_activate_action (G_ACTION_GROUP (runs), "select-runs",
                                  g_variant_new_strv ((const char *const[]){ run, NULL }, -1));
  activate (runs, "delete-runs");
  select_all (runs);
  activate (runs, "delete-runs");
  window_rig_wait (!g_file_test (run, G_FILE_TEST_EXISTS), 10);
  window_rig_settle (rig);
  g_assert_true (g_file_test (other, G_FILE_TEST_IS_DIR));
  activate (runs, "undo-delete");
  g_assert_cmpuint (count (runs), ==, 1);
}

static void
test_export_and_import (WindowRig *rig, gconstpointer data)
{
  g_autofree char *run = train_one (rig);
  g_autofree char *file = g_build_filename (window_rig_scratch (), "a.pleura-run.tar.gz", NULL);
  g_autofree char *imported = g_strconcat (run, "-2", NULL);
  PlRunsWindow *runs = open_runs (rig);

  activate_with (runs, "export-run-to", file);
  g_assert_false (is_enabled (runs, "import-run-from"));
  window_rig_wait (is_enabled (runs, "import-run-from"), 20);
  window_rig_wait (window_rig_shows (runs, "The run is exported"), 10);
  activate_with (runs, "import-run-from", file);
  window_rig_wait (is_enabled (runs, "import-run-from"), 20);
  wait_until_read (runs);
  g_assert_cmpuint (count (runs), ==, 2);
  g_assert_cmpstr (pl_runs_window_get_run (runs)->folder, ==, imported);

  g_assert_true (g_file_set_contents (file, "no archive", -1, NULL));
  activate_with (runs, "import-run-from", file);
  assert_is_told (runs, "The run cannot be imported", file);
  g_assert_true (window_rig_has_problem (rig, "The run cannot be imported", file));
  wait_until_read (runs);
  g_assert_cmpuint (count (runs), ==, 2);
}

static void
test_use_model (WindowRig *rig, gconstpointer data)
{
  g_autofree char *run = train_one (rig);
  g_autofree char *path = g_build_filename (run, "best.safetensors", NULL);
  PlRunsWindow *runs = open_runs (rig);

  activate (runs, "use-best-model");
  window_rig_wait (rig->window->model != NULL && g_strcmp0 (rig->window->model->path, path) == 0,
                   20);
}

static gboolean
shows_mask (WindowRig *rig)
{
  PlViewState *state = rig->window->state;

  return pl_view_state_prediction_slice (state, pl_view_state_get_slice (state)) != NULL;
}

/* Curves and epochs of a run that is not the last one. */
static void
test_look_back (WindowRig *rig, gconstpointer data)
{
  g_autofree char *run = train_one (rig);
  g_autofree char *epochs = g_strconcat (run, "/epochs/", NULL);
  PlRunsWindow *runs;
  int best_epoch;

  window_rig_set_spin (rig, "epochs_spin", 1);
  window_rig_wait (window_rig_is_enabled (rig, "train"), 20);
  window_rig_activate (rig, "train");
  window_rig_wait (rig->window->kept_epochs->len == 1 && rig->window->trainer == NULL, 60);
  g_assert_cmpstr (rig->window->run_folder, !=, run);
  runs = open_runs (rig);
  g_action_group_activate_action (G_ACTION_GROUP (runs), "select-runs",
                                  g_variant_new_strv ((const char *const[]){ run, NULL }, -1));
  best_epoch = pl_runs_window_get_run (runs)->best_epoch;
  activate (runs, "look-back");
  g_assert_cmpstr (rig->window->run_folder, ==, run);
  g_assert_cmpuint (rig->window->kept_epochs->len, ==, 2);
  g_assert_cmpint (rig->window->epoch_shown, ==, best_epoch);
  g_assert_cmpint (window_rig_n_points (rig, "loss_plot", WINDOW_RIG_VALIDATION), ==, 2);
  window_rig_wait (window_rig_is_enabled (rig, "use-epoch") && shows_mask (rig), 20);
  g_assert_true (
      g_str_has_prefix (pl_epoch_masks_get_model (rig->window->epoch_masks)->path, epochs));
  g_assert_true (window_rig_shows (rig->window, "Looking back at"));
  window_rig_activate (rig, "cancel");
  g_assert_cmpint (rig->window->epoch_shown, ==, 0);
}

/* No other training begins meanwhile; the new run is listed with its verdict. */
static void
test_replay (WindowRig *rig, gconstpointer data)
{
  g_autofree char *run = train_one (rig);
  PlRunsWindow *runs = open_runs (rig);

  activate (runs, "replay-run");
  g_assert_false (window_rig_is_enabled (rig, "train"));
  g_assert_false (is_enabled (runs, "replay-run"));
  window_rig_wait (state_is (runs, "replay-state", "'identical'"), 60);
  g_assert_true (window_rig_is_enabled (rig, "train"));
  assert_is_told (runs, "the weights are identical, bit by bit", "tensors were compared");
  wait_until_read (runs);
  g_assert_cmpuint (count (runs), ==, 2);
  g_assert_cmpstr (pl_runs_window_get_run (runs)->replay_of, ==, run);
  g_assert_true (pl_runs_window_get_run (runs)->replay_verdict->is_identical);
  window_rig_wait (window_rig_shows (runs, ": weights identical, bit by bit"), 10);
}

/* What differs, and what may be why, is said and stays with the replay. */
static void
test_replay_differs (WindowRig *rig, gconstpointer data)
{
  g_autofree char *run = train_one (rig);
  PlRunsWindow *runs;

  replace_in (run, "\"seed\" : 1", "\"seed\" : 2");
  replace_in (run, "pleura " PLEURA_VERSION, "pleura 0.0.1");
  runs = open_runs (rig);
  activate (runs, "replay-run");
  window_rig_wait (state_is (runs, "replay-state", "'different'"), 60);
  assert_is_told (runs, "the weights are not the same", "The program was pleura 0.0.1");
  gtk_window_destroy (GTK_WINDOW (runs));
  runs = open_runs (rig);
  window_rig_wait (window_rig_shows (runs, "tensors differ"), 10);
  window_rig_wait (window_rig_shows (runs, "The program was pleura 0.0.1"), 10);
}

/* One that would go on for ever. What it has learned so far is kept. */
static void
test_stop_replay (WindowRig *rig, gconstpointer data)
{
  g_autofree char *run = train_one (rig);
  PlRunsWindow *runs;

  replace_in (run, "\"epochs\" : 2", "\"epochs\" : 100000");
  runs = open_runs (rig);
  activate (runs, "replay-run");
  activate (runs, "stop-work"); /* while it is prepared */
  window_rig_wait (state_is (runs, "replay-state", "'idle'"), 20);
  g_assert_true (window_rig_is_enabled (rig, "train"));
  g_assert_cmpuint (count (runs), ==, 1);

  activate (runs, "replay-run");
  window_rig_wait (window_rig_shows (runs, "Replay: epoch 2"), 60);
  activate (runs, "stop-work");
  g_assert_true (window_rig_shows (runs, "Stopping…"));
  g_assert_false (is_enabled (runs, "stop-work"));
  window_rig_wait (state_is (runs, "replay-state", "'idle'"), 20);
  wait_until_read (runs);
  g_assert_cmpuint (count (runs), ==, 2);
  g_assert_true (is_enabled (runs, "replay-run"));
  g_assert_false (window_rig_shows (runs, "The replay failed"));
}

/* A data set that is not there is said. */
static void
test_replay_without_data (WindowRig *rig, gconstpointer data)
{
  g_autofree char *run = train_one (rig);
  PlRunsWindow *runs;

  replace_in (run, window_rig_data (), "/nowhere");
  runs = open_runs (rig);
  activate (runs, "replay-run");
  window_rig_wait (state_is (runs, "replay-state", "'failed'"), 20);
  assert_is_told (runs, "The replay failed", "/nowhere");
  g_assert_true (window_rig_has_problem (rig, "The replay failed", "/nowhere"));
  g_assert_true (window_rig_is_enabled (rig, "train"));
}

/* The window of runs goes while it replays: the main window can train again. */
static void
test_close_while_replaying (WindowRig *rig, gconstpointer data)
{
  g_autofree char *run = train_one (rig);
  PlRunsWindow *runs = open_runs (rig);

  activate (runs, "replay-run");
  window_rig_wait (!state_is (runs, "replay-state", "'preparing'"), 20);
  gtk_window_destroy (GTK_WINDOW (runs));
  window_rig_wait (window_rig_is_enabled (rig, "train"), 10);
  window_rig_settle (rig);
}

/* A folder that is no whole run is listed, and can be deleted and shown, but not much more. */
static void
test_broken (WindowRig *rig, gconstpointer data)
{
  g_autofree char *run = train_one (rig);
  g_autofree char *json = g_build_filename (run, "run.json", NULL);
  PlRunsWindow *runs;

  g_assert_true (g_file_set_contents (json, "{", -1, NULL));
  runs = open_runs (rig);
  g_assert_cmpuint (count (runs), ==, 1);
  g_assert_nonnull (pl_runs_window_get_run (runs)->problem);
  window_rig_wait (window_rig_shows (runs, "cannot be read"), 10);
  g_assert_false (is_enabled (runs, "replay-run"));
  g_assert_false (is_enabled (runs, "export-run"));
  g_assert_false (is_enabled (runs, "rename-run"));
  g_assert_true (is_enabled (runs, "delete-runs"));
}

/* What is being written cannot be deleted or trained on; when it has ended, it can. */
static void
test_while_training (WindowRig *rig, gconstpointer data)
{
  PlRunsWindow *runs;

  window_rig_prepare (rig, WINDOW_RIG_FOR_EVER);
  window_rig_activate (rig, "train");
  window_rig_wait (window_rig_n_points (rig, "loss_plot", WINDOW_RIG_TRAIN) > 0, 30);
  runs = open_runs (rig);
  g_assert_cmpuint (count (runs), ==, 1);
  window_rig_wait (window_rig_shows (runs, "unfinished"), 10);
  g_assert_false (is_enabled (runs, "delete-runs"));
  g_assert_false (is_enabled (runs, "replay-run"));
  window_rig_activate (rig, "stop-training");
  window_rig_wait (window_rig_is (rig, "training-state", "'done'"), 20);
  wait_until_read (runs);
  window_rig_wait (window_rig_shows (runs, "stopped"), 10);
  g_assert_true (is_enabled (runs, "delete-runs"));
  g_assert_true (is_enabled (runs, "replay-run"));

  activate (runs, "resume-run"); /* in the main window, where it was */
  window_rig_wait (window_rig_is (rig, "training-state", "'running'"), 20);
  g_assert_false (is_enabled (runs, "resume-run"));
  window_rig_activate (rig, "stop-training");
  window_rig_wait (window_rig_is (rig, "training-state", "'done'"), 20);
}

/* More than are compared, and a training of the main window that adds one. */
static void
test_many (WindowRig *rig, gconstpointer data)
{
  g_autofree char *run = train_one (rig);
  PlRunsWindow *runs;

  for (int i = 1; i < 30; i++)
    {
      g_autofree char *name = g_strdup_printf ("2020-%02d", i);

      g_free (copy_run (run, name));
    }
  runs = open_runs (rig);
  g_assert_cmpuint (count (runs), ==, 30);
  select_all (runs);
  g_assert_cmpuint (runs->dice_curves->len, ==, PL_RUNS_MOST_COMPARED);
  window_rig_activate (rig, "train");
  window_rig_wait (window_rig_is (rig, "training-state", "'done'"), 60);
  wait_until_read (runs);
  window_rig_wait (count (runs) == 31, 10);
}

int
main (int argc, char **argv)
{
  window_rig_init (&argc, &argv);
  WINDOW_RIG_ADD ("/app/window-runs/empty", test_empty);
  WINDOW_RIG_ADD ("/app/window-runs/details", test_details);
  WINDOW_RIG_ADD ("/app/window-runs/search", test_search);
  WINDOW_RIG_ADD ("/app/window-runs/rename", test_rename);
  WINDOW_RIG_ADD ("/app/window-runs/delete", test_delete);
  WINDOW_RIG_ADD ("/app/window-runs/delete-twice", test_delete_twice);
  WINDOW_RIG_ADD ("/app/window-runs/export-and-import", test_export_and_import);
  WINDOW_RIG_ADD ("/app/window-runs/use-model", test_use_model);
  WINDOW_RIG_ADD ("/app/window-runs/look-back", test_look_back);
  WINDOW_RIG_ADD ("/app/window-runs/replay", test_replay);
  WINDOW_RIG_ADD ("/app/window-runs/replay-differs", test_replay_differs);
  WINDOW_RIG_ADD ("/app/window-runs/stop-replay", test_stop_replay);
  WINDOW_RIG_ADD ("/app/window-runs/replay-without-data", test_replay_without_data);
  WINDOW_RIG_ADD ("/app/window-runs/close-while-replaying", test_close_while_replaying);
  WINDOW_RIG_ADD ("/app/window-runs/broken", test_broken);
  WINDOW_RIG_ADD ("/app/window-runs/while-training", test_while_training);
  WINDOW_RIG_ADD ("/app/window-runs/many", test_many);
  return window_rig_run ();
}
