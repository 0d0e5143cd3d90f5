/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Replaying is training with what a run folder remembers. Comparing reads the tensors' bytes as
 * they are in the files, so that nothing is rounded or converted on the way. */
#include "train/run-replay.h"

#include "base/json.h"
#include "train/run-list.h"
#include "train/run-notes.h"
#include "train/split.h"
#include "train/train.h"
#include "unet/safetensors.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

enum
{
  BLOCK = 1 << 16, /* bytes */
};

void
pl_replay_free (PlReplay *replay)
{
  if (replay == NULL)
    return;
  g_free (replay->run);
  pl_dataset_free (replay->dataset);
  if (replay->init != NULL)
    pl_model_unref (replay->init);
  g_free (replay);
}

/* A run that patience ended ends so again. */
static gboolean
ended_by_itself (const PlRunInfo *info)
{
  return info->outcome == PL_TRAIN_COMPLETED || info->outcome == PL_TRAIN_EARLY_STOP;
}

static gboolean
check_run (const PlRunInfo *info, GError **error)
{
  if (info->problem != NULL)
    g_set_error_literal (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_RUN, info->problem);
  else if (info->history->len == 0)
    g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_RUN,
                 _ ("%s: the run ended before its first epoch, so there is nothing to compare"),
                 info->folder);
  else
    return TRUE;
  return FALSE;
}

PlReplay *
pl_replay_new (const char *run,
               const char *dataset_folder,
               GCancellable *cancellable,
               GError **error)
{
  g_autoptr (PlRunInfo) info = pl_run_info_read (run);
  g_autoptr (PlReplay) self = g_new0 (PlReplay, 1);
  g_autofree char *split = g_build_filename (info->folder, "split.csv", NULL);

  if (!check_run (info, error))
    return NULL;
  self->run = g_strdup (info->folder);
  self->settings = info->settings;
  self->settings.time_limit_s = 0;
  if (!ended_by_itself (info))
    self->last_epoch = (int) info->history->len;
  self->dataset = pl_dataset_open (
      dataset_folder != NULL ? dataset_folder : info->origin.dataset_folder, cancellable, error);
  if (self->dataset == NULL || !pl_split_read (self->dataset, split, error))
    return NULL;
  if (info->origin.init != NULL &&
      (self->init = pl_model_read (info->origin.init, NULL, NULL, error)) == NULL)
    return NULL;
  return g_steal_pointer (&self);
}

PlTrainer *
pl_replay_make_trainer (const PlReplay *replay, const char *out, GError **error)
{
  PlTrainer *trainer;

  if (!pl_run_folder_create (out, error) || !pl_run_set_replay_of (out, replay->run, error))
    return NULL;
  trainer = pl_trainer_new (replay->dataset, &replay->settings, out, replay->init, FALSE);
  pl_trainer_set_last_epoch (trainer, replay->last_epoch);
  return trainer;
}

/* Comparing */

static gboolean
read_bytes (const PlSafetensors *file, guint64 offset, void *bytes, gsize n, GError **error)
{
  gssize got = pread (file->fd, bytes, n, (off_t) (file->data_start + offset));

  if (got == (gssize) n)
    return TRUE;
  g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_IO, "%s: %s", file->path,
               g_strerror (got < 0 ? errno : EIO));
  return FALSE;
}

static double
find_largest_difference (const guint8 *a, const guint8 *b, gsize n)
{
  double largest = 0;

  for (gsize i = 0; i + sizeof (float) <= n; i += sizeof (float))
    {
      float x, y;

      memcpy (&x, a + i, sizeof x);
      memcpy (&y, b + i, sizeof y);
      largest = MAX (largest, fabs ((double) x - (double) y));
    }
  return largest;
}

static gboolean
compare_tensor (const PlSafetensors *a,
                const PlSafetensors *b,
                const PlStoredTensor *x,
                const PlStoredTensor *y,
                PlReplayVerdict *verdict,
                GError **error)
{
  g_autofree guint8 *bytes_a = g_malloc (BLOCK);
  g_autofree guint8 *bytes_b = g_malloc (BLOCK);
  guint64 n = x->end - x->begin;
  gboolean is_different = y == NULL || y->end - y->begin != n || !g_str_equal (x->dtype, y->dtype);

  verdict->n_tensors++;
  for (guint64 i = 0; i < n && y != NULL && y->end - y->begin == n; i += BLOCK)
    {
      gsize some = (gsize) MIN (n - i, BLOCK);

      if (!read_bytes (a, x->begin + i, bytes_a, some, error) ||
          !read_bytes (b, y->begin + i, bytes_b, some, error))
        return FALSE;
      if (memcmp (bytes_a, bytes_b, some) == 0)
        continue;
      is_different = TRUE;
      verdict->largest_difference =
          MAX (verdict->largest_difference, find_largest_difference (bytes_a, bytes_b, some));
    }
  verdict->n_different += is_different;
  return TRUE;
}

/* Where training stood: epoch and batches of it, as text. */
static char *
dup_place (const PlSafetensors *file)
{
  const char *text = g_hash_table_lookup (file->metadata, "pleura.progress");
  g_autoptr (JsonObject) object =
      text != NULL ? pl_json_parse_object (text, strlen (text), NULL) : NULL;
  gint64 epoch, batch;

  if (object == NULL || !pl_json_get_int (object, "epoch", 0, G_MAXINT, &epoch, NULL) ||
      !pl_json_get_int (object, "batch", 0, G_MAXINT, &batch, NULL))
    return NULL;
  return g_strdup_printf ("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT, epoch, batch);
}

/* A file that one of the two lacks is passed over, and so are checkpoints of two different steps.
 */
static gboolean
compare_file (const char *run,
              const char *replay,
              const char *name,
              GCancellable *cancellable,
              PlReplayVerdict *verdict,
              GError **error)
{
  g_autofree char *path_a = g_build_filename (run, name, NULL);
  g_autofree char *path_b = g_build_filename (replay, name, NULL);
  g_autoptr (PlSafetensors) a = NULL;
  g_autoptr (PlSafetensors) b = NULL;
  g_autofree char *place_a = NULL;
  g_autofree char *place_b = NULL;
  GHashTableIter iter;
  gpointer tensor;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (!g_file_test (path_a, G_FILE_TEST_EXISTS) || !g_file_test (path_b, G_FILE_TEST_EXISTS))
    return TRUE;
  a = pl_safetensors_open (path_a, error);
  b = a != NULL ? pl_safetensors_open (path_b, error) : NULL;
  if (b == NULL)
    return FALSE;
  place_a = dup_place (a);
  place_b = dup_place (b);
  if (g_strcmp0 (place_a, place_b) != 0)
    return TRUE;
  if (g_hash_table_size (a->tensors) != g_hash_table_size (b->tensors))
    verdict->n_different++;
  g_hash_table_iter_init (&iter, a->tensors);
  while (g_hash_table_iter_next (&iter, NULL, &tensor))
    {
      const PlStoredTensor *x = tensor;

      if (!compare_tensor (a, b, x, g_hash_table_lookup (b->tensors, x->name), verdict, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
compare_epochs (const char *run,
                const char *replay,
                GCancellable *cancellable,
                PlReplayVerdict *verdict,
                GError **error)
{
  g_autoptr (GArray) epochs = pl_run_folder_list_epochs (run);

  for (guint i = 0; i < epochs->len; i++)
    {
      g_autofree char *path = pl_run_folder_epoch_path (run, g_array_index (epochs, int, i));

      if (!compare_file (run, replay, path + strlen (run) + 1, cancellable, verdict, error))
        return FALSE;
    }
  return TRUE;
}

/* Takes @text. */
static void
add_condition (PlReplayVerdict *verdict, char *text)
{
  g_ptr_array_add (verdict->conditions, text);
}

static void
find_conditions (PlReplayVerdict *verdict, const PlRunInfo *then, const PlRunInfo *now)
{
  if (g_strcmp0 (then->isa, now->isa) != 0)
    add_condition (verdict, g_strdup_printf (_ ("The instruction set was %s, and now is %s."),
                                             then->isa, now->isa));
  else if (g_strcmp0 (then->processor, now->processor) != 0)
    add_condition (verdict, g_strdup_printf (_ ("The processor was “%s”, and now is “%s”."),
                                             then->processor, now->processor));
  if (g_strcmp0 (then->program, now->program) != 0)
    add_condition (verdict, g_strdup_printf (_ ("The program was %s, and now is %s."),
                                             then->program, now->program));
  if (g_strcmp0 (then->origin.dataset_hash, now->origin.dataset_hash) != 0)
    add_condition (verdict,
                   g_strdup (_ ("The data set has changed: it has other files or other sizes.")));
  if (then->origin.init != NULL)
    add_condition (verdict, g_strdup_printf (_ ("It began with the weights in %s, which may have "
                                                "changed since."),
                                             then->origin.init));
  if (then->n_resumed > 0)
    add_condition (verdict, g_strdup (_ ("It was interrupted and went on, perhaps with another "
                                         "number of epochs.")));
  if (then->history->len != now->history->len)
    add_condition (verdict, g_strdup_printf (ngettext ("It had %u epoch, and now has %u.",
                                                       "It had %u epochs, and now has %u.",
                                                       (gulong) then->history->len),
                                             then->history->len, now->history->len));
}

PlReplayVerdict *
pl_replay_compare (const char *run, const char *replay, GCancellable *cancellable, GError **error)
{
  g_autoptr (PlReplayVerdict) verdict = pl_replay_verdict_new ();
  g_autoptr (PlRunInfo) then = pl_run_info_read (run);
  g_autoptr (PlRunInfo) now = pl_run_info_read (replay);

  if (!check_run (then, error) || !check_run (now, error) ||
      !compare_file (then->folder, now->folder, "best.safetensors", cancellable, verdict, error) ||
      !compare_file (then->folder, now->folder, "last.safetensors", cancellable, verdict, error) ||
      !compare_epochs (then->folder, now->folder, cancellable, verdict, error))
    return NULL;
  if (verdict->n_tensors == 0)
    {
      g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_RUN,
                   _ ("%s: there are no weights to compare with"), then->folder);
      return NULL;
    }
  verdict->is_identical = verdict->n_different == 0;
  if (!verdict->is_identical)
    find_conditions (verdict, then, now);
  if (!pl_run_set_replay_verdict (now->folder, verdict, error))
    return NULL;
  return g_steal_pointer (&verdict);
}
