/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The real program and the desktop around it: a session that ends while it trains, and somebody who
 * shows notifications. Run alone, since all windows of a display share the focus.
 */
#include "ui/desktop-mock.h"
#include "ui/program-rig.h"

#include <signal.h>
#include <string.h>

#define RUNS_WINDOW "/org/pleura/Pleura/window/2"

typedef struct
{
  ProgramRig program;
  DesktopMock *desktop;
} Rig;

static void
set_up (Rig *rig, gconstpointer data)
{
  program_rig_set_up (&rig->program, NULL);
  rig->desktop = desktop_mock_new (g_test_dbus_get_bus_address (rig->program.bus));
}

static void
tear_down (Rig *rig, gconstpointer data)
{
  desktop_mock_free (rig->desktop);
  program_rig_tear_down (&rig->program, NULL);
}

static void
train_for_a_while (ProgramRig *program)
{
  program_rig_open_data (program);
  program_rig_activate (program, PROGRAM_RIG_WINDOW, "train", NULL);
  program_rig_wait (program, "training-state", "'running'", TRUE);
  program_rig_wait (program, "training-epoch", "0", FALSE);
}

static char *
dup_unfinished (ProgramRig *program)
{
  g_autofree char *path =
      g_build_filename (program->scratch, "config", "glib-2.0", "settings", "keyfile", NULL);
  g_autoptr (GKeyFile) settings = g_key_file_new ();
  g_autofree char *text = NULL;
  g_autoptr (GVariant) value = NULL;

  g_assert_true (g_key_file_load_from_file (settings, path, G_KEY_FILE_NONE, NULL));
  text = g_key_file_get_value (settings, "org/pleura/Pleura", "unfinished-run", NULL);
  value = text != NULL ? g_variant_parse (G_VARIANT_TYPE_STRING, text, NULL, NULL, NULL) : NULL;
  return value != NULL ? g_variant_dup_string (value, NULL) : g_strdup ("");
}

/* It ends, has saved, and will offer to go on. */
static void
assert_saves (ProgramRig *program)
{
  g_autofree char *events = NULL;
  g_autofree char *told = NULL;
  g_autofree char *run = NULL;

  program_rig_end (program->program);
  events = program_rig_find_in_run (program, "events.jsonl");
  g_assert_true (g_file_get_contents (events, &told, NULL, NULL));
  g_assert_nonnull (strstr (told, "\"stopped\"")); /* else it ended in the midst of it */
  run = dup_unfinished (program);
  g_assert_cmpstr (run, !=, "");
}

/* The next start goes on where it was. */
static void
assert_goes_on (ProgramRig *program)
{
  g_autofree char *run = dup_unfinished (program);

  g_clear_object (&program->program);
  program_rig_open_data (program);
  program_rig_activate (program, PROGRAM_RIG_WINDOW, "resume-training", g_variant_new_string (run));
  program_rig_wait (program, "training-state", "'running'", TRUE);
  g_assert_false (program_rig_state_is (program, "training-epoch", "0"));
  program_rig_activate (program, PROGRAM_RIG_APPLICATION, "quit", NULL);
  program_rig_end (program->program);
}

/* As gnome-session does: it asks all first, and waits for who wants to hold it up. */
static void
test_log_out (Rig *rig, gconstpointer data)
{
  g_autofree char *registered = NULL;
  g_autofree char *reason = NULL;

  train_for_a_while (&rig->program);
  registered = desktop_mock_dup_calls (rig->desktop, "RegisterClient");
  g_assert_nonnull (strstr (registered, "org.pleura.Pleura"));
  desktop_mock_tell_client (rig->desktop, "QueryEndSession");
  desktop_mock_wait (rig->desktop, "EndSessionResponse", 1);
  g_assert_cmpint (desktop_mock_count (rig->desktop, "Inhibit"), ==, 1);
  reason = desktop_mock_dup_calls (rig->desktop, "Inhibit");
  g_assert_nonnull (strstr (reason, "The training is being saved"));
  assert_saves (&rig->program);
  assert_goes_on (&rig->program);
}

/* One that does not ask. */
static void
test_end_at_once (Rig *rig, gconstpointer data)
{
  train_for_a_while (&rig->program);
  desktop_mock_tell_client (rig->desktop, "EndSession");
  assert_saves (&rig->program);
}

/* And one that does not wait for the answer either. */
static void
test_ask_and_end (Rig *rig, gconstpointer data)
{
  train_for_a_while (&rig->program);
  desktop_mock_tell_client (rig->desktop, "QueryEndSession");
  desktop_mock_tell_client (rig->desktop, "EndSession");
  assert_saves (&rig->program);
}

/* Without a session manager. */
static void
test_signal (Rig *rig, gconstpointer number)
{
  train_for_a_while (&rig->program);
  g_subprocess_send_signal (rig->program.program, GPOINTER_TO_INT (number));
  assert_saves (&rig->program);
}

/* The bus is gone before the program is. */
static void
test_lost_bus (Rig *rig, gconstpointer data)
{
  train_for_a_while (&rig->program);
  g_test_dbus_stop (rig->program.bus);
  g_clear_object (&rig->program.bus);
  assert_saves (&rig->program);
}

/* Nothing trains: nothing holds the session up. */
static void
test_idle (Rig *rig, gconstpointer data)
{
  program_rig_open_data (&rig->program);
  desktop_mock_tell_client (rig->desktop, "QueryEndSession");
  desktop_mock_wait (rig->desktop, "EndSessionResponse", 1);
  g_assert_cmpint (desktop_mock_count (rig->desktop, "Inhibit"), ==, 0);
  desktop_mock_tell_client (rig->desktop, "EndSession");
  program_rig_end (rig->program.program);
}

static void
train_to_the_end (ProgramRig *program)
{
  program_rig_activate (program, PROGRAM_RIG_WINDOW, "train", NULL); /* which has begun then */
  program_rig_wait (program, "training-state", "'done'", TRUE);
}

static void
run_xdotool (const char *arguments)
{
  g_autofree char *command =
      g_strdup_printf ("env DISPLAY=%s xdotool %s", program_rig_display (), arguments);
  int status = -1;
  g_autoptr (GError) error = NULL;

  g_spawn_command_line_sync (command, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
}

/* @name: a pattern */
static gboolean
is_shown (gconstpointer name)
{
  g_autofree char *command =
      g_strdup_printf ("env DISPLAY=%s xdotool search --onlyvisible --name '%s'",
                       program_rig_display (), (const char *) name);
  int status = -1;
  g_autofree char *found = NULL;

  g_assert_true (g_spawn_command_line_sync (command, &found, NULL, &status, NULL));
  return status == 0;
}

static gboolean
is_hidden (gconstpointer name)
{
  return !is_shown (name);
}

static void
wait_until (gboolean (*holds) (gconstpointer data), gconstpointer data)
{
  gint64 end_us = g_get_monotonic_time () + PROGRAM_RIG_PATIENCE_US;

  while (!holds (data))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end_us);
      g_usleep (20000);
    }
}

static gboolean
is_possible (void)
{
  g_autofree char *xdotool = g_find_program_in_path ("xdotool");

  if (xdotool != NULL && program_rig_display () != NULL)
    return TRUE;
  g_test_skip ("needs xdotool and an X server");
  return FALSE;
}

static void
look_elsewhere (void)
{
  run_xdotool ("windowfocus 0");
}

/* One notification with this text, which is clicked. */
static void
click_notification (Rig *rig, const char *text)
{
  g_autofree char *told = NULL;

  desktop_mock_wait (rig->desktop, "Notify", 1);
  g_assert_cmpint (desktop_mock_count (rig->desktop, "Notify"), ==, 1);
  told = desktop_mock_dup_calls (rig->desktop, "Notify");
  g_assert_nonnull (strstr (told, text));
  desktop_mock_click (rig->desktop);
}

static void
quit (Rig *rig)
{
  program_rig_activate (&rig->program, PROGRAM_RIG_APPLICATION, "quit", NULL);
  program_rig_end (rig->program.program);
}

/* Only who looks elsewhere is told. A notification of the first training would be there when that
 * of the second is. */
static void
test_notification (Rig *rig, gconstpointer data)
{
  if (!is_possible ())
    return;
  program_rig_set_epochs (&rig->program, 2);
  program_rig_open_data (&rig->program);
  run_xdotool ("search --sync --onlyvisible --name thorax windowfocus --sync");
  train_to_the_end (&rig->program);
  look_elsewhere ();
  train_to_the_end (&rig->program);
  click_notification (rig, "The training is finished");
  quit (rig);
}

/* Which has what was found in a window, and that does not open before. */
static void
test_experiment (Rig *rig, gconstpointer data)
{
  ProgramRig *program = &rig->program;

  if (!is_possible ())
    return;
  program_rig_set_epochs (program, 1);
  program_rig_open_data (program);
  look_elsewhere ();
  program_rig_activate (program, PROGRAM_RIG_WINDOW, "learning-curve",
                        g_variant_new_string ("50,100"));
  program_rig_wait (program, "training-state", "'done'", TRUE);
  desktop_mock_wait (rig->desktop, "Notify", 1);
  g_assert_false (is_shown ("Learning Curve"));
  click_notification (rig, "All trainings are done");
  wait_until (is_shown, "Learning Curve");
  quit (rig);
}

static gboolean
can_replay (gconstpointer program)
{
  g_autoptr (GVariant) answer = program_rig_call ((ProgramRig *) program, RUNS_WINDOW, "Describe",
                                                  g_variant_new ("(s)", "replay-run"));
  gboolean enabled = FALSE;

  if (answer != NULL)
    g_variant_get (answer, "((bg@av))", &enabled, NULL, NULL);
  return enabled;
}

/* The window of runs may be closed when its notification is clicked. */
static void
test_replay (Rig *rig, gconstpointer data)
{
  ProgramRig *program = &rig->program;

  if (!is_possible ())
    return;
  program_rig_set_epochs (program, 1);
  program_rig_open_data (program);
  run_xdotool ("search --sync --onlyvisible --name thorax windowfocus --sync");
  train_to_the_end (program);
  program_rig_activate (program, PROGRAM_RIG_WINDOW, "runs", NULL);
  wait_until (is_shown, "^Runs$");
  wait_until (can_replay, program);
  look_elsewhere ();
  program_rig_activate (program, RUNS_WINDOW, "replay-run", NULL);
  desktop_mock_wait (rig->desktop, "Notify", 1);
  program_rig_activate (program, RUNS_WINDOW, "close", NULL);
  wait_until (is_hidden, "^Runs$");
  click_notification (rig, "the weights are identical, bit by bit");
  wait_until (is_shown, "^Runs$");
  quit (rig);
}

#define ADD(name, data, test)                                                                      \
  g_test_add ("/app/window-session/" name, Rig, GINT_TO_POINTER (data), set_up, test, tear_down)

int
main (int argc, char **argv)
{
  program_rig_init (&argc, &argv);
  ADD ("log-out", 0, test_log_out);
  ADD ("end-at-once", 0, test_end_at_once);
  ADD ("ask-and-end", 0, test_ask_and_end);
  ADD ("terminate", SIGTERM, test_signal);
  ADD ("hang-up", SIGHUP, test_signal);
  ADD ("lost-bus", 0, test_lost_bus);
  ADD ("idle", 0, test_idle);
  ADD ("notification", 0, test_notification);
  ADD ("experiment", 0, test_experiment);
  ADD ("replay", 0, test_replay);
  return g_test_run ();
}
