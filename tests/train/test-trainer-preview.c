/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The slices on screen, of one case or of several, as they are learned: which come, in which order,
 * and what they may cost. */
#include "rig.h"
#include "train/slice-predictor.h"
#include "train/train.h"

#include <string.h>

static void
show_slices (const Rig *rig, PlVolume *volume, const int *slices, int n)
{
  g_autoptr (GArray) wishes = pl_preview_wishes_new ();

  for (int i = 0; i < n; i++)
    pl_preview_wishes_add (wishes, "some case", volume, slices[i]);
  pl_trainer_set_preview (rig->trainer, wishes);
}

static void
show (const Rig *rig, PlVolume *volume, int slice)
{
  show_slices (rig, volume, &slice, 1);
}

static void
stop_after_two (Rig *rig, const PlPreview *preview)
{
  g_assert_cmpstr (preview->case_name, ==, "some case");
  g_assert_cmpint (preview->mask->n[0], ==, 1);
  g_assert_cmpint (preview->mask->n[1], ==, 64);
  g_assert_cmpint (preview->mask->n[2], ==, 64);
  if (rig->n_previews == 1)
    g_assert_cmpint (preview->slice, ==, 3);
  if (rig->n_previews == 2)
    pl_trainer_stop (rig->trainer);
}

static void
test_preview (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  g_autoptr (PlVolume) volume = rig_load_volume (dataset);
  PlTrainSettings settings = rig_settings (100000);
  g_autoptr (Rig) rig = rig_new (&settings, dataset, NULL, NULL);
  gint64 start = g_get_monotonic_time ();

  rig->on_preview = stop_after_two;
  show (rig, volume, 3);
  g_assert_cmpint (rig_run (rig)->outcome, ==, PL_TRAIN_STOPPED);
  g_assert_cmpint (rig->n_previews, ==, 2);
  g_assert_cmpint (g_get_monotonic_time () - start, >=, 200 * 1000);
}

enum
{
  N_SHOWN = 6,
};

/* Those on screen, most wanted first, one of which is not there. */
static const int on_screen[N_SHOWN] = { 4, 999, 7, 1, 0, 2 };
static int n_shown[8]; /* how often each slice came */

static void
note_shown (Rig *rig, const PlPreview *preview)
{
  n_shown[preview->slice]++;
}

static void
note_and_stop (Rig *rig, const PlPreview *preview)
{
  static const int order[] = { 4, 7, 1, 0, 2 };

  note_shown (rig, preview);
  if (rig->n_previews <= (int) G_N_ELEMENTS (order))
    g_assert_cmpint (preview->slice, ==, order[rig->n_previews - 1]);
  if (rig->n_previews == 15)
    pl_trainer_stop (rig->trainer);
}

static void
test_previews_in_turn (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  g_autoptr (PlVolume) volume = rig_load_volume (dataset);
  PlTrainSettings settings = rig_settings (100000);
  g_autoptr (Rig) rig = rig_new (&settings, dataset, NULL, NULL);

  memset (n_shown, 0, sizeof n_shown);
  rig->on_preview = note_and_stop;
  show_slices (rig, volume, on_screen, N_SHOWN);
  g_assert_cmpint (rig_run (rig)->outcome, ==, PL_TRAIN_STOPPED);
  for (int i = 0; i < N_SHOWN; i++)
    if (on_screen[i] < 8)
      {
        g_assert_cmpint (n_shown[on_screen[i]], >=, 2);
        g_assert_cmpint (n_shown[on_screen[i]], <=, 4);
      }
}

/* Seconds of a preview at best. */
static double
measure_preview_s (const PlTrainSettings *settings, PlVolume *volume)
{
  const PlUNetShape shape = {
    .in_channels = 1, .classes = 1, .base = settings->base, .depth = settings->depth
  };
  static const char *const names[] = { "lung", NULL };
  PlUNet *net = pl_unet_new (&shape, 1, NULL);
  g_autoptr (PlModel) model = NULL;
  g_autoptr (PlSlicePredictor) predictor = NULL;
  g_autofree guint8 *labels = g_malloc ((gsize) volume->n[1] * (gsize) volume->n[2]);
  double best_s = 10;

  g_assert_true (pl_unet_set_precision (net, pl_unet_best_precision (), NULL));
  model = pl_model_new_take (net, &PL_RECIPE_HU, settings->size_px, 1, names, NULL);
  predictor = pl_slice_predictor_new (model, &PL_RECIPE_HU, 1, NULL);
  for (int i = 0; i < 10; i++)
    {
      gint64 start = g_get_monotonic_time ();

      pl_slice_predictor_run (predictor, volume, 0, 1, labels, NULL, NULL, NULL);
      best_s = MIN (best_s, (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC);
    }
  return best_s;
}

static gboolean
stop_from_timer_cb (gpointer data)
{
  pl_trainer_stop (((Rig *) data)->trainer);
  return G_SOURCE_REMOVE;
}

static void
time_from_first (Rig *rig, const PlTrainPoint *point)
{
  if (rig->asked_us == 0)
    {
      rig->asked_us = g_get_monotonic_time ();
      g_timeout_add (2000, stop_from_timer_cb, rig);
    }
}

/* Eight slices that could be repeated 40 times a second: they get a tenth of the time. */
static void
test_previews_cost (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  g_autoptr (PlVolume) volume = rig_load_volume (dataset);
  static const int slices[] = { 0, 1, 2, 3, 4, 5, 6, 7 };
  PlTrainSettings settings = rig_settings (100000);
  g_autoptr (Rig) rig = NULL;
  double preview_s, time_s;

  settings.size_px = 128;
  settings.base = 16;
  settings.depth = 4;
  preview_s = measure_preview_s (&settings, volume);
  rig = rig_new (&settings, dataset, NULL, NULL);
  rig->on_point = time_from_first;
  show_slices (rig, volume, slices, G_N_ELEMENTS (slices));
  g_assert_cmpint (rig_run (rig)->outcome, ==, PL_TRAIN_STOPPED);
  time_s = (double) (g_get_monotonic_time () - rig->asked_us) / G_USEC_PER_SEC;
  preview_s = MIN (preview_s, measure_preview_s (&settings, volume)); /* others may have stopped */
  g_test_message ("%d previews of %.4f s at best in %.3f s", rig->n_previews, preview_s, time_s);
  g_assert_cmpfloat (rig->n_previews * preview_s, <=, 0.1 * time_s);
  g_assert_cmpint (rig->n_previews, >=, 1);
}

static PlVolume *scrolled; /* the volume on screen in the next test */

static void
scroll_when_paused (Rig *rig)
{
  if (rig->status.phase == PL_PHASE_PAUSED)
    show (rig, scrolled, 5);
}

static void
stop_at_slice_5 (Rig *rig, const PlPreview *preview)
{
  if (preview->slice == 5)
    pl_trainer_stop (rig->trainer);
}

static void
pause_at_once (Rig *rig, const PlTrainPoint *point)
{
  pl_trainer_set_paused (rig->trainer, TRUE);
}

/* Scrolling works in a pause, too. */
static void
test_preview_when_paused (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  g_autoptr (PlVolume) volume = rig_load_volume (dataset);
  PlTrainSettings settings = rig_settings (100000);
  g_autoptr (Rig) rig = rig_new (&settings, dataset, NULL, NULL);

  scrolled = volume;
  show (rig, volume, 1);
  rig->on_point = pause_at_once;
  rig->on_status = scroll_when_paused;
  rig->on_preview = stop_at_slice_5;
  g_assert_cmpint (rig_run (rig)->outcome, ==, PL_TRAIN_STOPPED);
}

static void
show_all_when_paused (Rig *rig)
{
  if (rig->status.phase == PL_PHASE_PAUSED)
    show_slices (rig, scrolled, on_screen, N_SHOWN);
}

static void
stop_when_all_came (Rig *rig, const PlPreview *preview)
{
  if (rig->n_previews == N_SHOWN - 1)
    pl_trainer_stop (rig->trainer);
}

/* In a pause every slice on screen is brought up to date, once. */
static void
test_previews_when_paused (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  g_autoptr (PlVolume) volume = rig_load_volume (dataset);
  PlTrainSettings settings = rig_settings (100000);
  g_autoptr (Rig) rig = rig_new (&settings, dataset, NULL, NULL);

  scrolled = volume;
  rig->on_point = pause_at_once;
  rig->on_status = show_all_when_paused;
  rig->on_preview = stop_when_all_came;
  g_assert_cmpint (rig_run (rig)->outcome, ==, PL_TRAIN_STOPPED);
  g_assert_cmpint (rig->n_previews, ==, N_SHOWN - 1);
}

/* Those of several cases: what is on screen first, and after scrolling. */
enum
{
  N_CASES = 5,
  N_FIRST = 4,
};

static PlVolume *cases[N_CASES];
static int n_of_case[N_CASES];

static char *
dup_case_name (int i)
{
  return g_strdup_printf ("case %d", i);
}

static void
show_cases (const Rig *rig, int first, int end)
{
  g_autoptr (GArray) wishes = pl_preview_wishes_new ();

  for (int i = first; i < end; i++)
    {
      g_autofree char *name = dup_case_name (i);

      pl_preview_wishes_add (wishes, name, cases[i], 0);
    }
  pl_trainer_set_preview (rig->trainer, wishes);
}

static void
show_first_when_paused (Rig *rig)
{
  if (rig->status.phase == PL_PHASE_PAUSED)
    show_cases (rig, 0, N_FIRST);
}

/* In the order they were wished for, each of its own size; then the list moves on by one. */
static void
note_case (Rig *rig, const PlPreview *preview)
{
  int i = rig->n_previews - 1;
  g_autofree char *name = dup_case_name (i);

  g_assert_cmpint (i, <, N_CASES);
  g_assert_cmpstr (preview->case_name, ==, name);
  g_assert_cmpint (preview->slice, ==, 0);
  g_assert_cmpint (preview->mask->n[0], ==, 1);
  g_assert_cmpint (preview->mask->n[1], ==, cases[i]->n[1]);
  g_assert_cmpint (preview->mask->n[2], ==, cases[i]->n[2]);
  n_of_case[i]++;
  if (rig->n_previews == N_FIRST)
    show_cases (rig, 1, N_CASES);
  if (rig->n_previews == N_CASES)
    pl_trainer_stop (rig->trainer);
}

static PlVolume *
make_case (int i)
{
  PlImageHeader header = { .format = PL_FORMAT_TIFF,
                           .shape = { 1, 40 + 2 * i, 48 },
                           .n_samples = 1,
                           .spacing_mm = { 1, 1, 1 },
                           .slope = 1 };
  PlVolume *volume;

  pl_header_choose_axes (&header, -1);
  volume = pl_volume_new (&header, PL_DTYPE_INT16, NULL, NULL);
  for (int v = 0; v < volume->n[1] * volume->n[2]; v++)
    ((gint16 *) volume->voxels)[v] = (gint16) (v % 2000 - 1000);
  pl_volume_set_ready_slices (volume, 1);
  return volume;
}

/* Those that stay on screen are not repeated while the weights stand still. */
static void
test_previews_of_cases (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = rig_settings (100000);
  g_autoptr (Rig) rig = rig_new (&settings, dataset, NULL, NULL);

  memset (n_of_case, 0, sizeof n_of_case);
  for (int i = 0; i < N_CASES; i++)
    cases[i] = make_case (i);
  rig->on_point = pause_at_once;
  rig->on_status = show_first_when_paused;
  rig->on_preview = note_case;
  g_assert_cmpint (rig_run (rig)->outcome, ==, PL_TRAIN_STOPPED);
  for (int i = 0; i < N_CASES; i++)
    {
      g_assert_cmpint (n_of_case[i], ==, 1);
      pl_volume_unref (cases[i]);
    }
}

/* The volumes of what is no longer wished for are let go, also by the training. */
static void
drop_when_shown (Rig *rig, const PlPreview *preview)
{
  g_autoptr (GArray) none = pl_preview_wishes_new ();

  pl_trainer_set_preview (rig->trainer, none);
}

static gboolean
stop_when_free_cb (gpointer data)
{
  Rig *rig = data;

  if (rig->n_previews == 0 || g_atomic_int_get (&cases[0]->ref_count) > 1)
    return G_SOURCE_CONTINUE;
  pl_trainer_stop (rig->trainer);
  return G_SOURCE_REMOVE;
}

static void
test_dropped (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  PlTrainSettings settings = rig_settings (100000);
  g_autoptr (Rig) rig = rig_new (&settings, dataset, NULL, NULL);

  cases[0] = make_case (0);
  show_cases (rig, 0, 1);
  rig->on_preview = drop_when_shown;
  g_timeout_add (10, stop_when_free_cb, rig);
  g_assert_cmpint (rig_run (rig)->outcome, ==, PL_TRAIN_STOPPED);
  pl_volume_unref (cases[0]);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_assert_true (pl_train_init (NULL));
  g_test_add_func ("/train/preview/one", test_preview);
  g_test_add_func ("/train/preview/when-paused", test_preview_when_paused);
  g_test_add_func ("/train/preview/in-turn", test_previews_in_turn);
  g_test_add_func ("/train/preview/cost", test_previews_cost);
  g_test_add_func ("/train/preview/all-when-paused", test_previews_when_paused);
  g_test_add_func ("/train/preview/cases", test_previews_of_cases);
  g_test_add_func ("/train/preview/dropped", test_dropped);
  status = g_test_run ();
  rig_clean_up ();
  return status;
}
