/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The real program, driven from outside as a script would: started with a folder, asked and told
 * over D-Bus what its actions are and do, and ended. It has a bus of its own, so that no other
 * instance answers.
 */
#include "support/scratch.h"

#include "image/phantom.h"

#include <stdlib.h>

/* Longer than any machine needs. */
#define PATIENCE_US (100 * G_TIME_SPAN_SECOND)

#define NAME "org.pleura.Pleura"
#define APPLICATION "/org/pleura/Pleura"
#define WINDOW "/org/pleura/Pleura/window/1"

static const char *display; /* (nullable): GTestDBus takes it out of the environment */

typedef struct
{
  char *scratch;
  char *data;
  GTestDBus *bus;
  GDBusConnection *connection;
  GSubprocess *program;
} Rig;

static void
write_phantom (Rig *rig)
{
  PlPhantomOptions options = { .n_slices = 10, .n_volumes = 1, .size_px = 64, .seed = 1 };
  g_autoptr (GError) error = NULL;

  rig->data = g_build_filename (rig->scratch, "thorax", NULL);
  pl_phantom_write (rig->data, &options, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
write_config (Rig *rig, const char *folder, const char *name, const char *text)
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
static void
write_settings (Rig *rig)
{
  write_config (rig, "glib-2.0/settings", "keyfile",
                "[org/pleura/Pleura]\ntrain-epochs=100000\ntrain-size=32\n"
                "train-base=4\ntrain-batch=4\n");
  write_config (rig, "gtk-4.0", "settings.ini", "[Settings]\ngtk-enable-animations=0\n");
}

static void
set_up (Rig *rig, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  rig->scratch = pl_scratch_new ();
  write_phantom (rig);
  write_settings (rig);
  rig->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (rig->bus);
  rig->connection =
      g_dbus_connection_new_for_address_sync (g_test_dbus_get_bus_address (rig->bus),
                                              G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                  G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                              NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
tear_down (Rig *rig, gconstpointer data)
{
  g_clear_object (&rig->program);
  g_dbus_connection_close_sync (rig->connection, NULL, NULL);
  g_clear_object (&rig->connection);
  g_test_dbus_stop (rig->bus);
  g_clear_object (&rig->bus);
  pl_scratch_remove (rig->scratch);
  g_free (rig->data);
  g_free (rig->scratch);
}

static void
set_folder (GSubprocessLauncher *launcher, Rig *rig, const char *variable, const char *name)
{
  g_autofree char *path = g_build_filename (rig->scratch, name, NULL);

  g_subprocess_launcher_setenv (launcher, variable, path, TRUE);
}

static GSubprocess *
start (Rig *rig, const char *argument)
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

static void
assert_ends_well (GSubprocess *program)
{
  g_autoptr (GError) error = NULL;

  g_subprocess_wait_check (program, NULL, &error);
  g_assert_no_error (error);
}

/* (nullable) */
static GVariant *
call (Rig *rig, const char *path, const char *method, GVariant *arguments)
{
  return g_dbus_connection_call_sync (rig->connection, NAME, path, "org.gtk.Actions", method,
                                      arguments, NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START,
                                      PATIENCE_US / 1000, NULL, NULL);
}

/* FALSE while there is no window. @state: NULL if the action has none. */
static gboolean
describe (Rig *rig, const char *action, gboolean *enabled, GVariant **state)
{
  g_autoptr (GVariant) answer = call (rig, WINDOW, "Describe", g_variant_new ("(s)", action));
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

static char *
dup_state (Rig *rig, const char *action)
{
  g_autoptr (GVariant) state = NULL;
  gboolean enabled;

  if (!describe (rig, action, &enabled, &state) || state == NULL)
    return g_strdup ("nothing");
  return g_variant_print (state, FALSE);
}

static gboolean
state_is (Rig *rig, const char *action, const char *expected)
{
  g_autofree char *state = dup_state (rig, action);

  return g_str_equal (state, expected);
}

/* Asks again and again until the state is, or is no longer, what is given. */
static void
wait_for_state (Rig *rig, const char *action, const char *state, gboolean is)
{
  gint64 end_us = g_get_monotonic_time () + PATIENCE_US;

  while (state_is (rig, action, state) != is)
    {
      if (g_get_monotonic_time () > end_us)
        g_error ("win.%s does not become %s", action, state);
      g_usleep (20000);
    }
}

static void
activate (Rig *rig, const char *path, const char *action, GVariant *parameter)
{
  g_autoptr (GVariantBuilder) parameters = g_variant_builder_new (G_VARIANT_TYPE ("av"));
  g_autoptr (GVariant) answer = NULL;

  if (parameter != NULL)
    g_variant_builder_add (parameters, "v", parameter);
  answer = call (rig, path, "Activate", g_variant_new ("(sava{sv})", action, parameters, NULL));
  g_assert_nonnull (answer);
}

static void
set_state (Rig *rig, const char *action, GVariant *state)
{
  g_autoptr (GVariant) answer =
      call (rig, WINDOW, "SetState", g_variant_new ("(sva{sv})", action, state, NULL));

  g_assert_nonnull (answer);
}

static void
open_data (Rig *rig)
{
  rig->program = start (rig, rig->data);
  wait_for_state (rig, "case", "nothing", FALSE);
  wait_for_state (rig, "case", "''", FALSE);
  wait_for_state (rig, "loading", "false", TRUE);
}

static void
test_describe_all (Rig *rig, gconstpointer data)
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

  open_data (rig);
  answer = call (rig, WINDOW, "DescribeAll", NULL);
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
  activate (rig, APPLICATION, "quit", NULL);
  assert_ends_well (rig->program);
}

static void
test_drive (Rig *rig, gconstpointer data)
{
  g_autofree char *slice = NULL;
  g_autofree char *volume = NULL;

  open_data (rig);
  slice = dup_state (rig, "case");
  activate (rig, WINDOW, "next-case", NULL);
  wait_for_state (rig, "case", slice, FALSE);
  activate (rig, WINDOW, "case", g_variant_new_string ("3d_images/IMG_0010.nii.gz"));
  wait_for_state (rig, "loading", "false", TRUE);
  volume = dup_state (rig, "case");
  g_assert_nonnull (strstr (volume, "3d_images/"));

  activate (rig, WINDOW, "slice", g_variant_new_int32 (5));
  wait_for_state (rig, "slice", "5", TRUE);
  set_state (rig, "slice", g_variant_new_int32 (9));
  wait_for_state (rig, "slice", "9", TRUE);
  set_state (rig, "view", g_variant_new_string ("montage"));
  wait_for_state (rig, "view", "'montage'", TRUE);

  set_state (rig, "loading", g_variant_new_boolean (TRUE));
  activate (rig, WINDOW, "training-state", NULL);
  g_assert_true (state_is (rig, "loading", "false"));
  g_assert_true (state_is (rig, "training-state", "'idle'"));
  activate (rig, APPLICATION, "quit", NULL);
  assert_ends_well (rig->program);
}

/* A second call opens its folder in the window that is there, and ends. */
static void
test_second_instance (Rig *rig, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (rig->data, "3d_images", NULL);
  g_autofree char *before = NULL;
  g_autoptr (GSubprocess) second = NULL;

  open_data (rig);
  before = dup_state (rig, "case");
  second = start (rig, folder);
  assert_ends_well (second);
  wait_for_state (rig, "case", before, FALSE);
  activate (rig, WINDOW, "close", NULL);
  assert_ends_well (rig->program);
}

static gboolean
has_file (const char *folder, const char *name)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *child;

  while (dir != NULL && (child = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, child, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_REGULAR))
        return TRUE;
    }
  return FALSE;
}

/* Closing the window ends the training and the program, and keeps what was learned. */
static void
test_close_while_training (Rig *rig, gconstpointer data)
{
  g_autofree char *runs = g_build_filename (rig->scratch, "data", "pleura", "runs", NULL);
  gint64 start_us;

  open_data (rig);
  activate (rig, WINDOW, "train", NULL);
  wait_for_state (rig, "training-state", "'running'", TRUE);
  wait_for_state (rig, "training-epoch", "0", FALSE);
  start_us = g_get_monotonic_time ();
  activate (rig, WINDOW, "close", NULL);
  assert_ends_well (rig->program);
  g_test_message ("closed in %.2f s",
                  (double) (g_get_monotonic_time () - start_us) / G_TIME_SPAN_SECOND);
  g_assert_true (has_file (runs, "last.safetensors"));
}

static void
test_version (Rig *rig, gconstpointer data)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  rig->program = start (rig, "--version");
  g_subprocess_communicate_utf8 (rig->program, NULL, NULL, &text, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, "pleura " PLEURA_VERSION "\n");
  assert_ends_well (rig->program);
}

/* A folder that is not there is said in the window, which can be used further. */
static void
test_missing_folder (Rig *rig, gconstpointer data)
{
  gint64 end_us = g_get_monotonic_time () + PATIENCE_US;
  gboolean is_told = FALSE;

  rig->program = start (rig, "/nowhere/at/all");
  while (!is_told)
    {
      g_autoptr (GVariant) state = NULL;

      g_assert_cmpint (g_get_monotonic_time (), <, end_us);
      g_usleep (20000);
      is_told = describe (rig, "show-problems", &is_told, &state) && is_told;
    }
  activate (rig, WINDOW, "open-recent", g_variant_new_string (rig->data));
  wait_for_state (rig, "case", "''", FALSE);
  activate (rig, APPLICATION, "quit", NULL);
  assert_ends_well (rig->program);
}

static void
test_remote_model (Rig *rig, gconstpointer data)
{
  rig->program = start (rig, "--model=http://nowhere.invalid/lungs.safetensors");
  wait_for_state (rig, "case", "''", TRUE);
  activate (rig, APPLICATION, "quit", NULL);
  assert_ends_well (rig->program);
}

#define ADD(name, test) g_test_add ("/app/window-program/" name, Rig, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (g_getenv ("DISPLAY") == NULL && g_getenv ("WAYLAND_DISPLAY") == NULL)
    {
      g_print ("1..0 # SKIP no display\n");
      return 0;
    }
  display = g_intern_string (g_getenv ("DISPLAY"));
  ADD ("describe-all", test_describe_all);
  ADD ("drive", test_drive);
  ADD ("second-instance", test_second_instance);
  ADD ("close-while-training", test_close_while_training);
  ADD ("version", test_version);
  ADD ("missing-folder", test_missing_folder);
  ADD ("remote-model", test_remote_model);
  return g_test_run ();
}
