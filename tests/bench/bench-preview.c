/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench-preview: what the live preview costs a training with the settings as they are. One run on a
 * phantom of 512²; turn by turn nothing is shown, one slice of a volume, and a montage of cases.
 * Run by `./dev bench --preview`; status 1 when more than a tenth of the images a second is lost.
 */
#include "support/scratch.h"

#include "image/phantom.h"
#include "train/run-folder.h"
#include "train/split.h"
#include "train/train.h"
#include "train/trainer.h"

enum
{
  TURN_S = 3,
  ROUNDS = 6,
  N_CASES = 20, /* tiles in a window of 1400 × 900 without panels */
};

typedef enum
{
  NOTHING,
  SLICE,
  MONTAGE,
  N_MODES,
} Mode;

static const char *const modes[N_MODES] = {
  "nothing shown",
  "a slice of a volume",
  "a montage of 20 cases",
};

#define MOST_COST 0.1

typedef struct
{
  PlTrainer *trainer;
  PlVolume *volume;
  PlVolume *cases[N_CASES];
  GMainLoop *loop;
  int batch;

  int turn; /* −1 before the first step */
  gint64 turn_us;

  /* By mode */
  double time_s[N_MODES];
  gint64 n_images[N_MODES];
  gint64 n_previews[N_MODES];
} Bench;

static gboolean
is_over (const Bench *bench)
{
  return bench->turn == ROUNDS * N_MODES;
}

static void
show (Bench *bench, Mode mode)
{
  g_autoptr (GArray) wishes = pl_preview_wishes_new ();

  if (mode == SLICE)
    pl_preview_wishes_add (wishes, "volume", bench->volume, bench->volume->n[0] / 2);
  for (int i = 0; i < N_CASES && mode == MONTAGE; i++)
    {
      g_autofree char *name = g_strdup_printf ("case %d", i);

      pl_preview_wishes_add (wishes, name, bench->cases[i], 0);
    }
  pl_trainer_set_preview (bench->trainer, wishes);
}

static gboolean
next_turn_cb (gpointer data)
{
  Bench *bench = data;
  gint64 now_us = g_get_monotonic_time ();

  if (bench->turn >= 0)
    bench->time_s[bench->turn % N_MODES] += (double) (now_us - bench->turn_us) / G_USEC_PER_SEC;
  bench->turn++;
  bench->turn_us = now_us;
  if (is_over (bench))
    {
      pl_trainer_stop (bench->trainer);
      return G_SOURCE_REMOVE;
    }
  show (bench, (Mode) (bench->turn % N_MODES));
  return G_SOURCE_CONTINUE;
}

static void
points_cb (PlTrainer *trainer, GArray *points, Bench *bench)
{
  if (bench->turn < 0)
    {
      next_turn_cb (bench);
      g_timeout_add_seconds (TURN_S, next_turn_cb, bench);
      return;
    }
  for (guint i = 0; i < points->len && !is_over (bench); i++)
    if (!g_array_index (points, PlTrainPoint, i).is_epoch_end)
      bench->n_images[bench->turn % N_MODES] += bench->batch;
}

static void
preview_cb (PlTrainer *trainer, const PlPreview *preview, Bench *bench)
{
  if (!is_over (bench))
    bench->n_previews[bench->turn % N_MODES]++;
}

static PlDataset *
make_data (const char *folder)
{
  const PlPhantomOptions options = { .n_slices = 96, .n_volumes = 1, .size_px = 512, .seed = 1 };
  const double all[3] = { 1, 0, 0 };
  g_autoptr (GError) error = NULL;
  PlDataset *dataset;

  pl_phantom_write (folder, &options, NULL, NULL, NULL, &error);
  dataset = error == NULL ? pl_dataset_open (folder, NULL, &error) : NULL;
  if (dataset == NULL || !pl_split_assign (dataset, all, 1, &error))
    g_error ("%s", error->message);
  return dataset;
}

static void
load (Bench *bench, const PlDataset *dataset)
{
  int n = 0;

  for (guint i = 0; i < dataset->cases->len; i++)
    {
      const PlCase *source = g_ptr_array_index (dataset->cases, i);

      if (pl_case_is_volume (source))
        bench->volume = pl_case_load_image (source, NULL, NULL);
      else if (n < N_CASES)
        bench->cases[n++] = pl_case_load_image (source, NULL, NULL);
    }
  g_assert (n == N_CASES && bench->volume != NULL);
}

static void
train (Bench *bench, const PlDataset *dataset, const char *run)
{
  PlTrainSettings settings = pl_train_settings_default;

  settings.epochs = 100000;
  bench->batch = settings.batch;
  bench->trainer = pl_trainer_new (dataset, &settings, run, NULL, FALSE);
  g_signal_connect (bench->trainer, "points", G_CALLBACK (points_cb), bench);
  g_signal_connect (bench->trainer, "preview", G_CALLBACK (preview_cb), bench);
  g_signal_connect_swapped (bench->trainer, "finished", G_CALLBACK (g_main_loop_quit), bench->loop);
  pl_trainer_start (bench->trainer);
  g_main_loop_run (bench->loop);
  if (pl_trainer_get_result (bench->trainer)->outcome == PL_TRAIN_FAILED)
    g_error ("%s", pl_trainer_get_result (bench->trainer)->error->message);
}

/* TRUE if what was promised is kept. */
static gboolean
print (const Bench *bench)
{
  double plain = (double) bench->n_images[NOTHING] / bench->time_s[NOTHING];
  gboolean is_kept = TRUE;

  for (int i = 0; i < N_MODES; i++)
    {
      double speed = (double) bench->n_images[i] / bench->time_s[i];

      is_kept = is_kept && 1 - speed / plain <= MOST_COST;
      g_print ("%-21s %6.1f images/s (%+5.1f %%), %4.1f previews/s\n", modes[i], speed,
               100 * (speed / plain - 1), (double) bench->n_previews[i] / bench->time_s[i]);
    }
  return is_kept;
}

int
main (void)
{
  g_autofree char *folder = pl_scratch_new ();
  g_autofree char *run = g_build_filename (folder, "run", NULL);
  g_autoptr (PlDataset) dataset = NULL;
  g_autoptr (GError) error = NULL;
  Bench bench = { .turn = -1, .loop = g_main_loop_new (NULL, FALSE) };
  gboolean is_kept;

  if (!pl_train_init (&error))
    g_error ("%s", error->message);
  dataset = make_data (folder);
  load (&bench, dataset);
  pl_run_folder_create (run, NULL);
  train (&bench, dataset, run);
  is_kept = print (&bench);
  g_object_unref (bench.trainer);
  g_main_loop_unref (bench.loop);
  pl_volume_unref (bench.volume);
  for (int i = 0; i < N_CASES; i++)
    pl_volume_unref (bench.cases[i]);
  pl_scratch_remove (folder);
  return is_kept ? 0 : 1;
}
