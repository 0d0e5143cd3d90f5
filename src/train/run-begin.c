/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a run's folder begins, and what is found in it when the program was killed: run.json is
 * written behind split.csv, so that a run that has one can go on, and what was being written lies
 * beside its target under a temporary name. */
#include "train/run-folder.h"

#include "base/file.h"
#include "train/train.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

/* NAME.ENDING.AB12cd, as PlFileWriter names what it writes. */
static gboolean
is_temporary (const char *name)
{
  static const char *const endings[] = { ".json", ".csv", ".safetensors" };
  const char *dot = strrchr (name, '.');
  g_autofree char *target = dot != NULL ? g_strndup (name, (gsize) (dot - name)) : NULL;

  if (target == NULL || strlen (dot) != strlen (".XXXXXX"))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (target, endings[i]))
      return TRUE;
  return FALSE;
}

static void
remove_temporaries (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (is_temporary (name))
        g_unlink (path);
    }
}

void
pl_run_folder_clean (const char *path)
{
  g_autofree char *epochs = g_build_filename (path, "epochs", NULL);

  remove_temporaries (path);
  remove_temporaries (epochs);
}

gboolean
pl_run_folder_has_begun (const char *path)
{
  g_autofree char *file = g_build_filename (path, "run.json", NULL);

  return g_file_test (file, G_FILE_TEST_EXISTS);
}

/* Nothing is there, or what a run leaves that was ended before it began. */
static gboolean
can_begin_in (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (!is_temporary (name) && !g_str_equal (name, "events.jsonl") &&
        !g_str_equal (name, "split.csv"))
      return FALSE;
  return dir != NULL;
}

gboolean
pl_run_folder_create (const char *path, GError **error)
{
  if (g_file_test (path, G_FILE_TEST_EXISTS) && !can_begin_in (path))
    {
      g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_RUN,
                   _ ("%s: it is there already and is not an empty folder"), path);
      return FALSE;
    }
  return pl_file_make_folder (path, error);
}
