/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each program has a bus of its own, so that no other instance answers.
 */
#include "ui/program-rig.h"

#include "support/scratch.h"

#include "image/phantom.h"

#include <stdlib.h>

#define NAME "org.pleura.Pleura"

static const char *display; /* (nullable): GTestDBus takes it out of the environment */

static void
write_phantom (ProgramRig *rig)
{
  PlPhantomOptions options = { .n_slices = 10, .n_volumes = 1, .size_px = 64, .seed = 1 };
  g_autoptr (GError) error = NULL;

  rig->data = g_build_filename (rig->scratch, "thorax", NULL);
  pl_phantom_write (rig->data, &options, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
write_config (ProgramRig *rig, const char *folder, const char *name, const char *text)
{
  g_autofree char *parent = g_build_filename (rig->scratch, "config", folder, NULL);
  g_autofree char *path = g_build_filename (parent, name, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

/* A small network, as a person would have set it the last time; and panels that do not slide: on a
 * slow machine AdwFlap gives one a width that is not a number for a moment. */
void
program_rig_set_epochs (ProgramRig *rig, int epochs)
{
  g_autofree char *settings = g_strdup_printf ("[org/pleura/Pleura]\ntrain-epochs=%d\n"
                                               "train-size=32\ntrain-base=4\ntrain-batch=4\n",
                                               epochs);

  write_config (rig, "glib-2.0/settings", "keyfile", settings);
  write_config (rig, "gtk-4.0", "settings.ini", "[Settings]\ngtk-enable-animations=0\n");
}

void
program_rig_set_up (ProgramRig *rig, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  rig->scratch = pl_scratch_new ();
  write_phantom (rig);
  program_rig_set_epochs (rig, 100000);
  rig->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (rig->bus);
  rig->connection =
      g_dbus_connection_new_for_address_sync (g_test_dbus_get_bus_address (rig->bus),
                                              G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                  G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                              NULL, NULL, &error);
  g_assert_no_error (error);
}

void
program_rig_tear_down (ProgramRig *rig, gconstpointer data)
{
  g_clear_object (&rig->program);
  g_dbus_connection_close_sync (rig->connection, NULL, NULL);
  g_clear_object (&rig->connection);
  if (rig->bus != NULL)
    g_test_dbus_stop (rig->bus);
  g_clear_object (&rig->bus);
  pl_scratch_remove (rig->scratch);
  g_free (rig->data);
  g_free (rig->scratch);
}

static void
set_folder (GSubprocessLauncher *launcher, ProgramRig *rig, const char *variable, const char *name)
{
  g_autofree char *path = g_build_filename (rig->scratch, name, NULL);

  g_subprocess_launcher_setenv (launcher, variable, path, TRUE);
}

GSubprocess *
program_rig_start (ProgramRig *rig, const char *argument)
{
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autofree char *path = g_test_build_filename (G_TEST_BUILT, "..", "src", "app", "pleura", NULL);
  const char *const arguments[] = { path, argument, NULL };
  g_autoptr (GError) error = NULL;
  GSubprocess *program;

  set_folder (launcher, rig, "XDG_DATA_HOME", "data");
  set_folder (launcher, rig, "XDG_CONFIG_HOME", "config");
  set_folder (launcher, rig, "XDG_CACHE_HOME", "cache");
  g_subprocess_launcher_setenv (launcher, "GSETTINGS_BACKEND", "keyfile", TRUE);
  g_subprocess_launcher_setenv (launcher, "GTK_A11Y", "none", TRUE);
  g_subprocess_launcher_setenv (launcher, "GDK_DEBUG", "gl-disable", TRUE);
  if (display != NULL)
    g_subprocess_launcher_setenv (launcher, "DISPLAY", display, TRUE);
  g_subprocess_launcher_setenv (launcher, "LC_ALL", "C.UTF-8", TRUE);
  g_subprocess_launcher_unsetenv (launcher, "LANGUAGE");
  program = g_subprocess_launcher_spawnv (launcher, arguments, &error);
  g_assert_no_error (error);
  return program;
}

void
program_rig_end (GSubprocess *program)
{
  g_autoptr (GError) error = NULL;

  g_subprocess_wait_check (program, NULL, &error);
  g_assert_no_error (error);
}

/* (nullable) */
GVariant *
program_rig_call (ProgramRig *rig, const char *path, const char *method, GVariant *arguments)
{
  return g_dbus_connection_call_sync (rig->connection, NAME, path, "org.gtk.Actions", method,
                                      arguments, NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START,
                                      PROGRAM_RIG_PATIENCE_US / 1000, NULL, NULL);
}

/* FALSE while there is no window. @state: NULL if the action has none. */
gboolean
program_rig_describe (ProgramRig *rig, const char *action, gboolean *enabled, GVariant **state)
{
  g_autoptr (GVariant) answer =
      program_rig_call (rig, PROGRAM_RIG_WINDOW, "Describe", g_variant_new ("(s)", action));
  g_autoptr (GVariant) states = NULL;

  if (answer == NULL)
    return FALSE;
  g_variant_get (answer, "((bg@av))", enabled, NULL, &states);
  *state = NULL;
  if (g_variant_n_children (states) > 0)
    {
      g_autoptr (GVariant) boxed = g_variant_get_child_value (states, 0);

      *state = g_variant_get_variant (boxed);
    }
  return TRUE;
}

char *
program_rig_dup_state (ProgramRig *rig, const char *action)
{
  g_autoptr (GVariant) state = NULL;
  gboolean enabled;

  if (!program_rig_describe (rig, action, &enabled, &state) || state == NULL)
    return g_strdup ("nothing");
  return g_variant_print (state, FALSE);
}

gboolean
program_rig_state_is (ProgramRig *rig, const char *action, const char *expected)
{
  g_autofree char *state = program_rig_dup_state (rig, action);

  return g_str_equal (state, expected);
}

/* Asks again and again until the state is, or is no longer, what is given. */
void
program_rig_wait (ProgramRig *rig, const char *action, const char *state, gboolean is)
{
  gint64 end_us = g_get_monotonic_time () + PROGRAM_RIG_PATIENCE_US;

  while (program_rig_state_is (rig, action, state) != is)
    {
      if (g_get_monotonic_time () > end_us)
        g_error ("win.%s does not become %s", action, state);
      g_usleep (20000);
    }
}

void
program_rig_activate (ProgramRig *rig, const char *path, const char *action, GVariant *parameter)
{
  g_autoptr (GVariantBuilder) parameters = g_variant_builder_new (G_VARIANT_TYPE ("av"));
  g_autoptr (GVariant) answer = NULL;

  if (parameter != NULL)
    g_variant_builder_add (parameters, "v", parameter);
  answer = program_rig_call (rig, path, "Activate",
                             g_variant_new ("(sava{sv})", action, parameters, NULL));
  g_assert_nonnull (answer);
}

void
program_rig_set_state (ProgramRig *rig, const char *action, GVariant *state)
{
  g_autoptr (GVariant) answer = program_rig_call (rig, PROGRAM_RIG_WINDOW, "SetState",
                                                  g_variant_new ("(sva{sv})", action, state, NULL));

  g_assert_nonnull (answer);
}

void
program_rig_open_data (ProgramRig *rig)
{
  rig->program = program_rig_start (rig, rig->data);
  program_rig_wait (rig, "case", "nothing", FALSE);
  program_rig_wait (rig, "case", "''", FALSE);
  program_rig_wait (rig, "loading", "false", TRUE);
}

char *
program_rig_find_in_run (ProgramRig *rig, const char *name)
{
  g_autofree char *runs = g_build_filename (rig->scratch, "data", "pleura", "runs", NULL);
  g_autoptr (GDir) dir = g_dir_open (runs, 0, NULL);
  const char *child;

  while (dir != NULL && (child = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (runs, child, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_REGULAR))
        return g_steal_pointer (&path);
    }
  return NULL;
}

const char *
program_rig_display (void)
{
  return display;
}

void
program_rig_init (int *argc, char ***argv)
{
  g_test_init (argc, argv, NULL);
  if (g_getenv ("DISPLAY") == NULL && g_getenv ("WAYLAND_DISPLAY") == NULL)
    {
      g_print ("1..0 # SKIP no display\n");
      exit (0);
    }
  display = g_intern_string (g_getenv ("DISPLAY"));
}
