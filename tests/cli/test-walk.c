/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The walk without a window in README.md, line for line, but on less data and with a smaller
 * network. */
#include "rig.h"

#include <glib/gstdio.h>
#include <sys/wait.h>

enum
{
  N_LINES = 4,
};

/* What is added to a line that begins so: later options win. */
static const struct
{
  const char *start;
  const char *addition;
} additions[] = {
  { "pleura-cli phantom ", " --slices 10 --volumes 2 --size 64" },
  { "pleura-cli train ", " --epochs 2 --size 32 --base 4 --depth 2 --slices-per-volume 4" },
};

/* The lines of README.md that begin with the program's name. */
static GStrv
read_walk (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "..", "README.md", NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GStrvBuilder) walk = g_strv_builder_new ();
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  lines = g_strsplit (text, "\n", -1);
  for (int i = 0; lines[i] != NULL; i++)
    if (g_str_has_prefix (lines[i], "pleura-cli "))
      g_strv_builder_add (walk, lines[i]);
  return g_strv_builder_end (walk);
}

/* Runs a line in @folder; returns what it printed. */
static char *
run_line (const char *line, const char *folder)
{
  g_autoptr (GString) whole = g_string_new (line);
  g_auto (GStrv) argv = NULL;
  g_autofree char *err = NULL;
  g_autoptr (GError) error = NULL;
  char *out = NULL;
  int wait_status;

  for (gsize i = 0; i < G_N_ELEMENTS (additions); i++)
    if (g_str_has_prefix (line, additions[i].start))
      g_string_append (whole, additions[i].addition);
  g_assert_true (g_shell_parse_argv (whole->str, NULL, &argv, NULL));
  g_free (argv[0]);
  argv[0] = g_strdup (rig_cli ());
  g_spawn_sync (folder, argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &out, &err, &wait_status, &error);
  g_assert_no_error (error);
  g_test_message ("%s\n%s%s", whole->str, out, err);
  g_assert_true (WIFEXITED (wait_status));
  g_assert_cmpint (WEXITSTATUS (wait_status), ==, 0);
  return out;
}

static void
test_readme (void)
{
  g_auto (GStrv) walk = read_walk ();
  g_autofree char *folder = rig_path ("walk");
  g_autofree char *said = NULL;

  g_assert_cmpuint (g_strv_length (walk), ==, N_LINES);
  g_assert_cmpint (g_mkdir (folder, 0755), ==, 0);
  for (int i = 0; i < N_LINES; i++)
    {
      g_free (said);
      said = run_line (walk[i], folder);
    }
  assert_contains (said, "mean");
}

int
main (int argc, char **argv)
{
  rig_init (&argc, &argv);
  g_test_add_func ("/cli/walk/readme", test_readme);
  return rig_run_tests ();
}
