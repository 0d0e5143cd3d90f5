/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Presets: each is a training that can be, known again by its settings. */
#include "train/presets.h"

#include "train/train.h"
#include "unet/schedule.h"

#include <string.h>

static void
test_names (void)
{
  static const char *const names[] = { "quick", "standard", "thorough", "tutorial" };
  PlPreset preset;

  g_assert_cmpint (G_N_ELEMENTS (names), ==, PL_N_PRESETS);
  for (PlPreset i = 0; i < PL_N_PRESETS; i++)
    {
      g_assert_cmpstr (pl_preset_name (i), ==, names[i]);
      g_assert_true (pl_preset_from_name (names[i], &preset));
      g_assert_cmpint (preset, ==, i);
      g_assert_cmpstr (pl_preset_title (i), !=, "");
      g_assert_cmpstr (pl_preset_summary (i), !=, "");
    }
  g_assert_false (pl_preset_from_name ("custom", &preset));
}

/* What is no preset's stays; what is makes it known again. */
static void
test_apply_and_find (void)
{
  for (PlPreset i = 0; i < PL_N_PRESETS; i++)
    {
      g_autoptr (GError) error = NULL;
      PlTrainSettings s = { .seed = 7, .threads = 3, .slices_per_volume = 5, .time_limit_s = 9 };
      PlPreset found;

      g_assert_false (pl_preset_find (&s, &found));
      pl_preset_apply (i, &s);
      g_assert_true (pl_train_settings_check (&s, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (s.seed, ==, 7);
      g_assert_cmpint (s.threads, ==, 3);
      g_assert_cmpint (s.slices_per_volume, ==, 5);
      g_assert_cmpfloat (s.time_limit_s, ==, 9);
      s.split[0] = 1 - s.split[1] - s.split[2]; /* as controls in percent say it */
      g_assert_true (pl_preset_find (&s, &found));
      g_assert_cmpint (found, ==, i);
    }
}

/* Every setting counts. */
static void
test_find_is_exact (void)
{
  PlTrainSettings s[12] = { 0 };
  PlPreset found;

  for (gsize i = 0; i < G_N_ELEMENTS (s); i++)
    pl_preset_apply (PL_PRESET_STANDARD, &s[i]);
  s[0].epochs++;
  s[1].patience++;
  s[2].batch++;
  s[3].size_px += 64;
  s[4].base++;
  s[5].depth++;
  s[6].rate *= 1.01;
  s[7].decay = 0;
  s[8].loss = PL_LOSS_DICE;
  s[9].schedule = PL_SCHEDULE_CONSTANT;
  s[10].augment = FALSE;
  s[11].split[1] += 0.01;
  for (gsize i = 0; i < G_N_ELEMENTS (s); i++)
    {
      g_test_message ("%u", (guint) i);
      g_assert_false (pl_preset_find (&s[i], &found));
    }
}

/* Training without choosing is the standard. */
static void
test_standard_is_default (void)
{
  PlTrainSettings s = pl_train_settings_default;
  PlPreset found;

  g_assert_true (pl_preset_find (&s, &found));
  g_assert_cmpint (found, ==, PL_PRESET_STANDARD);
  pl_preset_apply (PL_PRESET_STANDARD, &s);
  g_assert_cmpmem (&s, sizeof s, &pl_train_settings_default, sizeof s);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  g_test_init (&argc, &argv, NULL);
  if (!pl_train_init (&error))
    g_error ("%s", error->message);
  g_test_add_func ("/train/presets/names", test_names);
  g_test_add_func ("/train/presets/apply-and-find", test_apply_and_find);
  g_test_add_func ("/train/presets/find-is-exact", test_find_is_exact);
  g_test_add_func ("/train/presets/standard-is-default", test_standard_is_default);
  return g_test_run ();
}
