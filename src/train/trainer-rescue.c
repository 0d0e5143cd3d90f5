/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When the run folder cannot be written: the disk is full, or the folder is gone or read-only. The
 * epochs that are kept to look back at give way to a checkpoint; what cannot be written even then
 * stays in memory, and its best weights go where there is room. */
#include "train/trainer-private.h"

#include "base/file.h"
#include "train/train.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <unistd.h>

gboolean
pl_train_run_make_room (PlTrainRun *run, const GError *error)
{
  if (!g_error_matches (error, PL_WRITE_ERROR, G_FILE_ERROR_NOSPC) ||
      pl_run_folder_drop_epochs (run->trainer->run_folder) == 0)
    return FALSE;
  run->keeps_no_epochs = TRUE;
  pl_train_run_notify (run, _ ("The disk is full: the weights of earlier epochs were removed to "
                               "make room for a checkpoint, and no more are kept."));
  return TRUE;
}

/* (transfer full): a file of its own, or NULL. */
static char *
make_temporary_file (void)
{
  char *path = g_build_filename (g_get_tmp_dir (), "pleura-XXXXXX.safetensors", NULL);
  int fd = g_mkstemp_full (path, O_RDWR | O_CLOEXEC, 0600);

  if (fd >= 0)
    {
      close (fd);
      return path;
    }
  g_free (path);
  return NULL;
}

/* Somewhere else, as long as the system keeps such files. */
static void
write_elsewhere (PlTrainRun *run)
{
  g_autofree char *path = make_temporary_file ();
  g_autofree char *notice = NULL;

  if (path == NULL)
    return;
  if (!pl_model_write (run->best, path, NULL, NULL, NULL))
    {
      g_unlink (path);
      return;
    }
  notice = g_strdup_printf (_ ("The best weights so far were written to %s instead."), path);
  pl_train_run_notify (run, notice);
}

static gboolean
is_of_file (const GError *error)
{
  return error->domain == PL_WRITE_ERROR || error->domain == G_FILE_ERROR ||
         error->domain == G_IO_ERROR;
}

void
pl_train_run_rescue (PlTrainRun *run)
{
  g_autofree char *path = g_build_filename (run->trainer->run_folder, "best.safetensors", NULL);

  if (!pl_train_run_has_learned (run))
    return;
  if (run->best == NULL && !g_error_matches (run->error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_DIVERGED))
    run->best = pl_train_run_snapshot (run, run->best_epoch, run->best_dice, NULL);
  if (run->best == NULL || !is_of_file (run->error))
    return;
  g_prefix_error (&run->error, "%s ", _ ("The run folder cannot be written any more."));
  if (run->best == run->written_best && g_file_test (path, G_FILE_TEST_EXISTS))
    return;
  if (!pl_train_run_save_best (run, NULL))
    write_elsewhere (run);
}
