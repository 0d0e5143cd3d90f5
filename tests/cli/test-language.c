/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pleura-cli speaks the user's language: its own words, those of its options and those of the
 * layers below. Korean stands for all; the translations are those of the build folder. */
#include <glib.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <string.h>
#include <sys/wait.h>

/* gettext translates nothing in the plain C locale; any other does, the language being named. */
static const char *
find_locale (void)
{
  static const char *const names[] = { "ko_KR.UTF-8", "C.UTF-8", "en_US.UTF-8" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (setlocale (LC_ALL, names[i]) != NULL)
      return names[i];
  return NULL;
}

/* Both outputs in one. */
static char *
run (const char *language, const char *argument, const char *file, int expected_status)
{
  const char *argv[] = { g_getenv ("PLEURA_CLI"), argument, file, NULL };
  g_auto (GStrv) environment = g_get_environ ();
  g_autofree char *out = NULL;
  g_autofree char *err = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  environment = g_environ_setenv (environment, "LC_ALL", find_locale (), TRUE);
  environment = g_environ_setenv (environment, "LANGUAGE", language, TRUE);
  environment =
      g_environ_setenv (environment, "TEXTDOMAINDIR", g_getenv ("PLEURA_TRANSLATIONS"), TRUE);
  g_spawn_sync (NULL, (char **) argv, environment, G_SPAWN_DEFAULT, NULL, NULL, &out, &err, &status,
                &error);
  g_assert_no_error (error);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, expected_status);
  return g_strconcat (out, err, NULL);
}

static void
assert_says (const char *text, const char *part)
{
  if (strstr (text, part) == NULL)
    g_error ("“%s” is not in “%s”", part, text);
}

static void
test_help (void)
{
  g_autofree char *korean = run ("ko", "--help", NULL, 0);
  g_autofree char *english = run ("C", "--help", NULL, 0);

  assert_says (korean, "사용법: pleura-cli");
  assert_says (korean, "영상에서 폐 찾기");
  assert_says (english, "Usage: pleura-cli");
}

static void
test_options (void)
{
  g_autofree char *korean = run ("ko", "train", "--help", 0);

  assert_says (korean, "데이터 세트의 마스크로 U-Net을 학습시킵니다");
  assert_says (korean, "최고 학습률");
}

static void
test_lower_layer (void)
{
  g_autofree char *folder = g_dir_make_tmp ("pleura-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "empty.nii", NULL);
  g_autofree char *korean = NULL;

  g_assert_true (g_file_set_contents (path, "", 0, NULL));
  korean = run ("ko", "info", path, 1);
  assert_says (korean, "비어 있습니다");
  g_unlink (path);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (find_locale () == NULL)
    {
      g_print ("1..0 # SKIP there is no locale but C\n");
      return 0;
    }
  g_test_add_func ("/cli/language/help", test_help);
  g_test_add_func ("/cli/language/options", test_options);
  g_test_add_func ("/cli/language/lower-layer", test_lower_layer);
  return g_test_run ();
}
