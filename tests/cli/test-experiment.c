/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cross-validate and learning-curve: what they print and write, refuse, and go on with. */
#include "rig.h"

#define SMALL "--epochs", "1", "--size", "32", "--base", "4", "--depth", "2"

static JsonArray *
get_runs (JsonObject *report)
{
  return json_object_get_array_member (report, "runs");
}

static void
test_cross_validate (void)
{
  g_autofree char *out = rig_path ("folds");
  g_autofree char *csv = rig_path ("folds.csv");
  g_auto (RigCall) call = rig_run ("cross-validate", rig_data (), "--out", out, "--folds", "3",
                                   SMALL, "--csv", csv, "--json", NULL);
  g_autoptr (JsonObject) report = NULL;
  g_autofree char *table = NULL;
  JsonObject *over_folds, *over_cases;
  gint64 n_tested = 0;

  assert_status (call, 0);
  assert_contains (call.err, "Fold 2 of 3: test Dice");
  report = rig_parse (call.out);
  g_assert_cmpstr (json_object_get_string_member (report, "kind"), ==, "cross-validation");
  g_assert_cmpuint (json_array_get_length (get_runs (report)), ==, 3);
  for (guint i = 0; i < 3; i++)
    n_tested += json_object_get_int_member (json_array_get_object_element (get_runs (report), i),
                                            "test_cases");
  over_folds = json_object_get_object_member (report, "over_folds");
  over_cases = json_object_get_object_member (report, "over_cases");
  g_assert_cmpint (json_object_get_int_member (over_folds, "n"), ==, 3);
  g_assert_cmpint (json_object_get_int_member (over_cases, "n"), ==, n_tested);
  g_assert_cmpint (n_tested, ==, 12); /* 10 slices, 2 volumes */
  g_assert_true (rig_exists (out, "experiment.json"));
  g_assert_true (rig_exists (out, "fold-3/best.safetensors"));
  g_assert_true (g_file_get_contents (csv, &table, NULL, NULL));
  assert_contains (table, "\nfold-3,done,");
}

/* What is done is not done again. */
static void
test_resume_complete (void)
{
  g_autofree char *out = rig_path ("shares");
  g_auto (RigCall) first = rig_run ("learning-curve", rig_data (), "--out", out, "--shares",
                                    "50,100", "--split", "0.5,0.2,0.3", SMALL, NULL);
  g_auto (RigCall) second = rig_run ("learning-curve", rig_data (), "--out", out, "--resume", NULL);

  assert_status (first, 0);
  assert_contains (first.out, "\nshare-100 ");
  assert_contains (first.out, "training slices, test Dice changed by ");
  assert_contains (first.err, "100 % of the patients: test Dice");
  assert_status (second, 0);
  g_assert_cmpstr (second.out, ==, first.out);
  g_assert_cmpstr (second.err, ==, "");
}

/* SIGINT saves and exits 130; then it can be resumed to its end. */
static void
test_interrupt_and_resume (void)
{
  g_autofree char *out = rig_path ("interrupted");
  g_autofree char *history = g_build_filename (out, "fold-1", "history.csv", NULL);
  GPid pid =
      rig_start ("cross-validate", rig_data (), "--out", out, "--folds", "2", "--epochs", "400",
                 "--size", "32", "--base", "4", "--depth", "2", "--time-limit", "60", "-q", NULL);
  g_auto (RigCall) resumed = { 0 };

  rig_await_file (history);
  g_assert_cmpint (rig_interrupt (pid), ==, 130);
  g_assert_true (rig_exists (out, "fold-1/last.safetensors"));
  g_assert_false (rig_exists (out, "fold-2"));
  resumed = rig_run ("cross-validate", rig_data (), "--out", out, "--resume", "--json", NULL);
  assert_status (resumed, 0);
  assert_contains (resumed.err, "Fold 2 of 2: test Dice");
}

static void
test_refusals (void)
{
  const char *data = rig_data ();
  g_autofree char *out = rig_path ("refused");
  g_autofree char *used = g_path_get_dirname (data);
  g_auto (RigCall) no_out = rig_run ("cross-validate", data, NULL);
  g_auto (RigCall) one_fold = rig_run ("cross-validate", data, "--out", out, "--folds", "1", NULL);
  g_auto (RigCall) bad_loss =
      rig_run ("learning-curve", data, "--out", out, "--loss", "hinge", NULL);
  g_auto (RigCall) bad_shares =
      rig_run ("learning-curve", data, "--out", out, "--shares", "10,200", NULL);
  g_auto (RigCall) not_empty = rig_run ("learning-curve", data, "--out", used, NULL);
  g_auto (RigCall) many_folds =
      rig_run ("cross-validate", data, "--out", out, "--folds", "32", NULL);
  g_auto (RigCall) nothing_there =
      rig_run ("cross-validate", data, "--out", used, "--resume", NULL);

  assert_status (no_out, 2);
  assert_contains (no_out.err, "cross-validate: --out");
  assert_status (one_fold, 2);
  assert_status (bad_loss, 2);
  assert_contains (bad_loss.err, "learning-curve: --loss");
  assert_status (bad_shares, 2);
  assert_contains (bad_shares.err, "10,200");
  assert_status (not_empty, 2);
  assert_status (many_folds, 1);
  assert_contains (many_folds.err, "32 folds");
  assert_status (nothing_there, 1);
}

int
main (int argc, char **argv)
{
  rig_init (&argc, &argv);
  g_test_add_func ("/cli/experiment/cross-validate", test_cross_validate);
  g_test_add_func ("/cli/experiment/resume-complete", test_resume_complete);
  g_test_add_func ("/cli/experiment/interrupt-and-resume", test_interrupt_and_resume);
  g_test_add_func ("/cli/experiment/refusals", test_refusals);
  return rig_run_tests ();
}
