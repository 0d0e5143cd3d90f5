/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The weights of each epoch, to look back at how a network learned: RUN/epochs/0007.safetensors.
 * Which ones stay depends on the numbers of the last and the best epoch alone, so it makes no
 * difference whether a run was interrupted. */
#include "train/run-folder.h"

#include <glib/gstdio.h>

enum
{
  MOST_FILES = 64,
  LEAST_FILES = 4, /* two of the best and the last, and two to see a way between them */
};

#define MOST_BYTES ((gsize) 256 << 20)
#define FOLDER "epochs"
#define SUFFIX ".safetensors"

char *
pl_run_folder_epoch_path (const char *path, int epoch)
{
  g_autofree char *name = g_strdup_printf ("%04d" SUFFIX, epoch);

  return g_build_filename (path, FOLDER, name, NULL);
}

/* 0 for another file, one that was being written when the program was killed, say. */
static int
parse_name (const char *name)
{
  g_autofree char *digits = NULL;
  guint64 epoch = 0;

  if (!g_str_has_suffix (name, SUFFIX))
    return 0;
  digits = g_strndup (name, strlen (name) - strlen (SUFFIX));
  return g_ascii_string_to_unsigned (digits, 10, 1, G_MAXINT, &epoch, NULL) ? (int) epoch : 0;
}

static int
compare_epochs (gconstpointer a, gconstpointer b)
{
  return *(const int *) a - *(const int *) b;
}

GArray *
pl_run_folder_list_epochs (const char *path)
{
  g_autofree char *folder = g_build_filename (path, FOLDER, NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  GArray *epochs = g_array_new (FALSE, FALSE, sizeof (int));
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      int epoch = parse_name (name);

      if (epoch > 0)
        g_array_append_val (epochs, epoch);
    }
  g_array_sort (epochs, compare_epochs);
  return epochs;
}

/* The first, each second one, each fourth, … such that with the best and the last they are no more
 * than @most. */
static gboolean
is_wanted (int epoch, int last, int best, int most)
{
  int stride = 1;

  while ((last - 1) / stride + 1 + 2 > most)
    stride *= 2;
  return epoch == best || epoch == last || (epoch < last && (epoch - 1) % stride == 0);
}

static void
drop_unwanted (const char *path, int last, int best, int most)
{
  g_autoptr (GArray) epochs = pl_run_folder_list_epochs (path);

  for (guint i = 0; i < epochs->len; i++)
    {
      int epoch = g_array_index (epochs, int, i);
      g_autofree char *file = pl_run_folder_epoch_path (path, epoch);

      if (!is_wanted (epoch, last, best, most))
        g_unlink (file);
    }
}

gboolean
pl_run_folder_keep_epoch (
    const char *path, const PlModel *model, int epoch, int best, GError **error)
{
  g_autofree char *folder = g_build_filename (path, FOLDER, NULL);
  g_autofree char *file = pl_run_folder_epoch_path (path, epoch);
  gsize most = MIN (MOST_FILES, MOST_BYTES / (model->net->n_weights * sizeof (float)));

  if (most < LEAST_FILES)
    return FALSE;
  drop_unwanted (path, epoch, best, (int) most);
  g_mkdir (folder, 0755); /* not its parent, if somebody has removed that */
  return pl_model_write (model, file, NULL, NULL, error);
}

int
pl_run_folder_drop_epochs (const char *path)
{
  g_autoptr (GArray) epochs = pl_run_folder_list_epochs (path);
  int n = 0;

  for (guint i = 0; i < epochs->len; i++)
    {
      g_autofree char *file = pl_run_folder_epoch_path (path, g_array_index (epochs, int, i));

      n += g_unlink (file) == 0;
    }
  return n;
}
