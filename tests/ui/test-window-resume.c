/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What becomes of a training whose window is closed: the next one offers to go on with it.
 */
#include "ui/window-rig.h"

#include "app/settings.h"
#include "train/run-folder.h"

#include <glib/gstdio.h>

static gboolean
is_offered (WindowRig *rig)
{
  return gtk_revealer_get_reveal_child (rig->window->resume_revealer);
}

static char *
dup_unfinished (void)
{
  return g_settings_get_string (pl_settings_get (), "unfinished-run");
}

/* Trains for some epochs and closes the window. Returns: the run's folder */
static char *
interrupt (WindowRig *rig)
{
  window_rig_prepare (rig, WINDOW_RIG_FOR_EVER);
  window_rig_activate (rig, "train");
  window_rig_wait (rig->window->history->len >= 3, 30);
  window_rig_activate (rig, "close");
  window_rig_wait (rig->window == NULL, 20);
  return window_rig_find_run ();
}

static void
press (GtkWidget *button)
{
  g_signal_emit_by_name (button, "clicked");
}

/* The offer opens the data set and goes on where it was, with the curves of before. */
static void
test_go_on (WindowRig *rig, gconstpointer data)
{
  g_autofree char *run = interrupt (rig);
  g_autofree char *remembered = dup_unfinished ();
  g_autofree char *again = NULL;
  guint n_before;

  g_assert_cmpstr (remembered, ==, run);
  window_rig_open_window (rig);
  g_assert_true (is_offered (rig));
  window_rig_wait (window_rig_shows (rig->window, "was interrupted after epoch"), 20);

  press (rig->window->resume_button);
  g_assert_false (is_offered (rig));
  window_rig_wait (window_rig_is (rig, "training-state", "'running'"), 20);
  g_assert_cmpstr (rig->window->run_folder, ==, run);
  g_assert_false (window_rig_is_enabled (rig, "resume-training"));
  n_before = rig->window->history->len;
  g_assert_cmpuint (n_before, >=, 3);
  g_assert_cmpuint (rig->window->kept_epochs->len, >=, 1);
  window_rig_wait (rig->window->history->len > n_before, 30);
  g_assert_cmpuint (window_rig_n_points (rig, "loss_plot", WINDOW_RIG_VALIDATION), ==,
                    rig->window->history->len);

  window_rig_activate (rig, "stop-training");
  window_rig_wait (window_rig_is (rig, "training-state", "'done'"), 20);
  again = dup_unfinished ();
  g_assert_cmpstr (again, ==, "");
}

/* Several trainings in a row go on as what they are. */
static void
test_experiment (WindowRig *rig, gconstpointer data)
{
  g_autofree char *remembered = NULL;

  window_rig_prepare (rig, WINDOW_RIG_FOR_EVER);
  window_rig_activate (rig, "cross-validate(2)");
  window_rig_wait (window_rig_n_points (rig, "loss_plot", WINDOW_RIG_TRAIN) > 0, 30);
  window_rig_activate (rig, "close");
  window_rig_wait (rig->window == NULL, 20);
  window_rig_open_window (rig);
  g_assert_true (is_offered (rig));
  g_assert_true (window_rig_shows (rig->window,
                                   "The cross-validation on “phantom” was interrupted; "
                                   "0 of 2 trainings are done."));

  press (rig->window->resume_button);
  g_assert_false (is_offered (rig));
  window_rig_wait (window_rig_is (rig, "training-state", "'running'"), 20);
  window_rig_wait (
      g_str_equal (window_rig_label (rig->window->train_panel, "run_label"), "Fold 1 of 2"), 20);
  window_rig_activate (rig, "stop-training");
  window_rig_wait (window_rig_is (rig, "training-state", "'done'"), 20);
  remembered = dup_unfinished ();
  g_assert_cmpstr (remembered, ==, "");
}

/* With the data set that is open already. */
static void
test_same_data (WindowRig *rig, gconstpointer data)
{
  g_autofree char *run = interrupt (rig);
  g_autofree char *detailed = g_strdup_printf ("resume-training::%s", run);

  window_rig_open_window (rig);
  window_rig_open_data (rig);
  window_rig_activate (rig, detailed);
  window_rig_assert_is (rig, "training-state", "'running'");
  g_assert_cmpstr (rig->window->run_folder, ==, run);
}

static void
test_not_now (WindowRig *rig, gconstpointer data)
{
  g_autofree char *run = interrupt (rig);
  g_autofree char *remembered = NULL;

  window_rig_open_window (rig);
  window_rig_activate (rig, "dismiss-resume");
  g_assert_false (is_offered (rig));
  remembered = dup_unfinished ();
  g_assert_cmpstr (remembered, ==, run);
}

/* One that has ended is not offered, nor one that has nothing to go on with. */
static void
test_nothing_to_offer (WindowRig *rig, gconstpointer data)
{
  g_autofree char *run = NULL;
  g_autofree char *last = NULL;
  g_autofree char *remembered = NULL;

  window_rig_train (rig, 1);
  window_rig_activate (rig, "close");
  window_rig_wait (rig->window == NULL, 20);
  window_rig_open_window (rig);
  g_assert_false (is_offered (rig));

  run = interrupt (rig);
  last = g_build_filename (run, "last.safetensors", NULL);
  g_assert_cmpint (g_unlink (last), ==, 0);
  window_rig_open_window (rig);
  g_assert_false (is_offered (rig));
  remembered = dup_unfinished ();
  g_assert_cmpstr (remembered, ==, "");
}

/* What cannot go on says why. */
static void
test_not_a_run (WindowRig *rig, gconstpointer data)
{
  window_rig_activate (rig, "resume-training::/nowhere");
  g_assert_true (window_rig_has_problem (rig, "The training could not go on", "/nowhere"));
  window_rig_assert_is (rig, "training-state", "'idle'");
}

static void
test_lost_data (WindowRig *rig, gconstpointer data)
{
  g_autofree char *run = interrupt (rig);
  g_autofree char *detailed = g_strdup_printf ("resume-training::%s", run);
  g_autofree char *elsewhere = g_strconcat (window_rig_data (), "-elsewhere", NULL);

  g_assert_cmpint (g_rename (window_rig_data (), elsewhere), ==, 0);
  window_rig_open_window (rig);
  window_rig_activate (rig, detailed);
  window_rig_wait (window_rig_has_problem (rig, "could not be opened", "phantom"), 20);
  g_assert_cmpint (g_rename (elsewhere, window_rig_data ()), ==, 0);
  window_rig_open_data (rig);
  window_rig_assert_is (rig, "training-state", "'idle'");
}

int
main (int argc, char **argv)
{
  window_rig_init (&argc, &argv);
  WINDOW_RIG_ADD ("/app/window-resume/go-on", test_go_on);
  WINDOW_RIG_ADD ("/app/window-resume/experiment", test_experiment);
  WINDOW_RIG_ADD ("/app/window-resume/same-data", test_same_data);
  WINDOW_RIG_ADD ("/app/window-resume/not-now", test_not_now);
  WINDOW_RIG_ADD ("/app/window-resume/nothing-to-offer", test_nothing_to_offer);
  WINDOW_RIG_ADD ("/app/window-resume/not-a-run", test_not_a_run);
  WINDOW_RIG_ADD ("/app/window-resume/lost-data", test_lost_data);
  return window_rig_run ();
}
