/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The real program, driven from outside as a script would: started with a folder, asked and told
 * over D-Bus what its actions are and do, and ended.
 */
#include "ui/program-rig.h"

static void
test_describe_all (ProgramRig *rig, gconstpointer data)
{
  static const struct
  {
    const char *name;
    const char *parameter;
    const char *state;
  } expected[] = {
    { "case", "s", "s" },
    { "next-case", "", "" },
    { "previous-case", "", "" },
    { "view", "s", "s" },
    { "slice", "i", "i" },
    { "window-preset", "s", "s" },
    { "show-truth", "b", "b" },
    { "show-prediction", "b", "b" },
    { "train", "", "" },
    { "pause-training", "b", "b" },
    { "stop-training", "", "" },
    { "training-state", "", "s" },
    { "training-epoch", "", "i" },
    { "loading", "", "b" },
    { "prediction-state", "", "s" },
    { "predict", "", "" },
    { "predict-all", "", "" },
    { "cancel", "", "" },
    { "open", "", "" },
    { "open-folder", "", "" },
    { "close", "", "" },
  };
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GVariant) actions = NULL;

  program_rig_open_data (rig);
  answer = program_rig_call (rig, PROGRAM_RIG_WINDOW, "DescribeAll", NULL);
  g_assert_nonnull (answer);
  actions = g_variant_get_child_value (answer, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_autoptr (GVariant) action =
          g_variant_lookup_value (actions, expected[i].name, G_VARIANT_TYPE ("(bgav)"));
      g_autoptr (GVariant) states = NULL;
      const char *parameter;

      g_test_message ("win.%s", expected[i].name);
      g_assert_nonnull (action);
      g_variant_get (action, "(b&g@av)", NULL, &parameter, &states);
      g_assert_cmpstr (parameter, ==, expected[i].parameter);
      g_assert_cmpuint (g_variant_n_children (states), ==, expected[i].state[0] != '\0');
      if (g_variant_n_children (states) > 0)
        {
          g_autoptr (GVariant) boxed = g_variant_get_child_value (states, 0);
          g_autoptr (GVariant) state = g_variant_get_variant (boxed);

          g_assert_cmpstr (g_variant_get_type_string (state), ==, expected[i].state);
        }
    }
  program_rig_activate (rig, PROGRAM_RIG_APPLICATION, "quit", NULL);
  program_rig_end (rig->program);
}

static void
test_drive (ProgramRig *rig, gconstpointer data)
{
  g_autofree char *slice = NULL;
  g_autofree char *volume = NULL;

  program_rig_open_data (rig);
  slice = program_rig_dup_state (rig, "case");
  program_rig_activate (rig, PROGRAM_RIG_WINDOW, "next-case", NULL);
  program_rig_wait (rig, "case", slice, FALSE);
  program_rig_activate (rig, PROGRAM_RIG_WINDOW, "case",
                        g_variant_new_string ("3d_images/IMG_0010.nii.gz"));
  program_rig_wait (rig, "loading", "false", TRUE);
  volume = program_rig_dup_state (rig, "case");
  g_assert_nonnull (strstr (volume, "3d_images/"));

  program_rig_activate (rig, PROGRAM_RIG_WINDOW, "slice", g_variant_new_int32 (5));
  program_rig_wait (rig, "slice", "5", TRUE);
  program_rig_set_state (rig, "slice", g_variant_new_int32 (9));
  program_rig_wait (rig, "slice", "9", TRUE);
  program_rig_set_state (rig, "view", g_variant_new_string ("montage"));
  program_rig_wait (rig, "view", "'montage'", TRUE);

  program_rig_set_state (rig, "loading", g_variant_new_boolean (TRUE));
  program_rig_activate (rig, PROGRAM_RIG_WINDOW, "training-state", NULL);
  g_assert_true (program_rig_state_is (rig, "loading", "false"));
  g_assert_true (program_rig_state_is (rig, "training-state", "'idle'"));
  program_rig_activate (rig, PROGRAM_RIG_APPLICATION, "quit", NULL);
  program_rig_end (rig->program);
}

/* A second call opens its folder in the window that is there, and ends. */
static void
test_second_instance (ProgramRig *rig, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (rig->data, "3d_images", NULL);
  g_autofree char *before = NULL;
  g_autoptr (GSubprocess) second = NULL;

  program_rig_open_data (rig);
  before = program_rig_dup_state (rig, "case");
  second = program_rig_start (rig, folder);
  program_rig_end (second);
  program_rig_wait (rig, "case", before, FALSE);
  program_rig_activate (rig, PROGRAM_RIG_WINDOW, "close", NULL);
  program_rig_end (rig->program);
}

/* Closing the window ends the training and the program, and keeps what was learned. */
static void
test_close_while_training (ProgramRig *rig, gconstpointer data)
{
  g_autofree char *last = NULL;
  gint64 start_us;

  program_rig_open_data (rig);
  program_rig_activate (rig, PROGRAM_RIG_WINDOW, "train", NULL);
  program_rig_wait (rig, "training-state", "'running'", TRUE);
  program_rig_wait (rig, "training-epoch", "0", FALSE);
  start_us = g_get_monotonic_time ();
  program_rig_activate (rig, PROGRAM_RIG_WINDOW, "close", NULL);
  program_rig_end (rig->program);
  g_test_message ("closed in %.2f s",
                  (double) (g_get_monotonic_time () - start_us) / G_TIME_SPAN_SECOND);
  last = program_rig_find_in_run (rig, "last.safetensors");
  g_assert_nonnull (last);
}

static void
test_version (ProgramRig *rig, gconstpointer data)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  rig->program = program_rig_start (rig, "--version");
  g_subprocess_communicate_utf8 (rig->program, NULL, NULL, &text, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, "pleura " PLEURA_VERSION "\n");
  program_rig_end (rig->program);
}

/* A folder that is not there is said in the window, which can be used further. */
static void
test_missing_folder (ProgramRig *rig, gconstpointer data)
{
  gint64 end_us = g_get_monotonic_time () + PROGRAM_RIG_PATIENCE_US;
  gboolean is_told = FALSE;

  rig->program = program_rig_start (rig, "/nowhere/at/all");
  while (!is_told)
    {
      g_autoptr (GVariant) state = NULL;

      g_assert_cmpint (g_get_monotonic_time (), <, end_us);
      g_usleep (20000);
      is_told = program_rig_describe (rig, "show-problems", &is_told, &state) && is_told;
    }
  program_rig_activate (rig, PROGRAM_RIG_WINDOW, "open-recent", g_variant_new_string (rig->data));
  program_rig_wait (rig, "case", "''", FALSE);
  program_rig_activate (rig, PROGRAM_RIG_APPLICATION, "quit", NULL);
  program_rig_end (rig->program);
}

static void
test_remote_model (ProgramRig *rig, gconstpointer data)
{
  rig->program = program_rig_start (rig, "--model=http://nowhere.invalid/lungs.safetensors");
  program_rig_wait (rig, "case", "''", TRUE);
  program_rig_activate (rig, PROGRAM_RIG_APPLICATION, "quit", NULL);
  program_rig_end (rig->program);
}

int
main (int argc, char **argv)
{
  program_rig_init (&argc, &argv);
  PROGRAM_RIG_ADD ("/app/window-program/describe-all", test_describe_all);
  PROGRAM_RIG_ADD ("/app/window-program/drive", test_drive);
  PROGRAM_RIG_ADD ("/app/window-program/second-instance", test_second_instance);
  PROGRAM_RIG_ADD ("/app/window-program/close-while-training", test_close_while_training);
  PROGRAM_RIG_ADD ("/app/window-program/version", test_version);
  PROGRAM_RIG_ADD ("/app/window-program/missing-folder", test_missing_folder);
  PROGRAM_RIG_ADD ("/app/window-program/remote-model", test_remote_model);
  return g_test_run ();
}
