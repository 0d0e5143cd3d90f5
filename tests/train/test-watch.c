/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Warnings in words, on histories that are made up: those that deserve one, and those like them
 * that do not. */
#include "train/watch.h"

#include <math.h>
#include <string.h>

/* (element-type PlEpoch): rows from losses; Dice 0.9. */
static GArray *
make_history (const double *train, const double *val, guint n)
{
  GArray *history = pl_history_new ();

  for (guint i = 0; i < n; i++)
    {
      PlEpoch epoch = { .epoch = (int) i + 1,
                        .train_loss = train[i],
                        .train_dice = 0.9,
                        .val_loss = val[i],
                        .val_dice = 0.9 };

      g_array_append_val (history, epoch);
    }
  return history;
}

typedef char *(*Watch) (const GArray *history);

/* After how many epochs it first says something; 0: never. */
static guint
find_warning (Watch watch, const double *train, const double *val, guint n, const char *word)
{
  for (guint i = 1; i <= n; i++)
    {
      g_autoptr (GArray) history = make_history (train, val, i);
      g_autofree char *text = watch (history);

      if (text == NULL)
        continue;
      g_test_message ("%s", text);
      g_assert_nonnull (strstr (text, word));
      return i;
    }
  return 0;
}

/* 12 epochs of a training loss that falls to 0.2, beside these. */
static guint
find_overfitting (const double val[12])
{
  static const double train[] = {
    1.0, 0.8, 0.6, 0.5, 0.42, 0.36, 0.32, 0.28, 0.26, 0.24, 0.22, 0.2
  };

  return find_warning (pl_watch_overfitting, train, val, 12, "by heart");
}

static void
test_overfitting (void)
{
  const double rising[] = { 1.1, 0.9, 0.7, 0.6, 0.58, 0.6, 0.63, 0.66, 0.7, 0.75, 0.8, 0.85 };
  const double rising_roughly[] = { 1.1,  0.9,  0.7,  0.55, 0.6,  0.58,
                                    0.66, 0.64, 0.73, 0.69, 0.78, 0.75 };
  guint epoch = find_overfitting (rising);

  g_assert_cmpuint (epoch, >=, 10);
  g_assert_cmpuint (epoch, <=, 12);
  g_assert_cmpuint (find_overfitting (rising_roughly), >, 0);
}

static void
test_no_overfitting (void)
{
  const double falling[] = { 1.1, 0.9, 0.7, 0.6, 0.5, 0.45, 0.4, 0.37, 0.35, 0.33, 0.32, 0.31 };
  const double noisy[] = { 1.1, 0.9, 0.7, 0.6, 0.57, 0.63, 0.56, 0.62, 0.58, 0.64, 0.57, 0.62 };
  const double one_dip[] = { 1.1, 0.9, 0.7, 0.4, 0.6, 0.6, 0.6, 0.59, 0.6, 0.6, 0.6, 0.6 };
  const double one_jump[] = { 1.1, 0.9, 0.7, 0.6, 0.55, 0.54, 0.53, 0.52, 0.52, 0.52, 0.52, 1.5 };
  const double back[] = { 1.1, 0.9, 0.7, 0.6, 0.65, 0.75, 0.8, 0.7, 0.6, 0.55, 0.5, 0.48 };
  double none[12];

  for (int i = 0; i < 12; i++)
    none[i] = NAN;
  g_assert_cmpuint (find_overfitting (falling), ==, 0);
  g_assert_cmpuint (find_overfitting (noisy), ==, 0);
  g_assert_cmpuint (find_overfitting (one_dip), ==, 0);
  g_assert_cmpuint (find_overfitting (one_jump), ==, 0);
  g_assert_cmpuint (find_overfitting (back), ==, 0);
  g_assert_cmpuint (find_overfitting (none), ==, 0);
}

/* Both rise: that is something else. */
static void
test_worse_altogether (void)
{
  const double train[] = { 1.0, 0.8, 0.6, 0.5, 0.5, 0.55, 0.6, 0.65, 0.7, 0.8, 0.9, 1.0 };
  const double val[] = { 1.1, 0.9, 0.7, 0.6, 0.6, 0.65, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2 };

  g_assert_cmpuint (find_warning (pl_watch_overfitting, train, val, 12, ""), ==, 0);
}

/* Eight epochs with these training losses; the validation Dice is @dice. */
static guint
find_idleness (const double train[8], double dice)
{
  g_autoptr (GArray) history = make_history (train, train, 8);
  g_autofree char *text = NULL;

  for (guint i = 0; i < 8; i++)
    {
      g_array_index (history, PlEpoch, i).train_dice = isnan (dice) ? 0.2 : dice;
      g_array_index (history, PlEpoch, i).val_dice = dice;
      if (isnan (dice))
        g_array_index (history, PlEpoch, i).val_loss = NAN;
    }
  for (guint n = 8; n > 0; n--)
    {
      g_clear_pointer (&text, g_free);
      g_array_set_size (history, n);
      text = pl_watch_learning (history);
      if (text == NULL)
        return n == 8 ? 0 : n + 1;
    }
  return 1;
}

static void
test_nothing_learned (void)
{
  const double flat[] = { 1.2, 1.19, 1.21, 1.2, 1.195, 1.2, 1.2, 1.19 };
  const double worse[] = { 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9 };
  const double slow[] = { 1.2, 1.19, 1.18, 1.17, 1.16, 1.15, 1.14, 1.13 };
  const double noisy[] = { 1.3, 1.29, 1.1, 1.3, 1.31, 1.12, 1.4, 1.3 };
  const double learned_at_once[] = { 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1 };

  g_assert_cmpuint (find_idleness (flat, 0.3), ==, 5);
  g_assert_cmpuint (find_idleness (flat, NAN), ==, 5); /* without a validation part */
  g_assert_cmpuint (find_idleness (worse, 0.3), ==, 5);
  g_assert_cmpuint (find_idleness (noisy, NAN), ==, 5);
  g_assert_cmpuint (find_idleness (slow, 0.3), ==, 0);
  g_assert_cmpuint (find_idleness (learned_at_once, 0.97), ==, 0);
}

/* The text when those are the pixels of the last epochs. */
static char *
watch_pixels (const PlWatchPixels *pixels, guint n)
{
  g_autoptr (GArray) array = g_array_new (FALSE, FALSE, sizeof *pixels);

  g_array_append_vals (array, pixels, n);
  return pl_watch_predictions (array);
}

static void
test_empty_predictions (void)
{
  const PlWatchPixels empty[] = { { 90, 100 }, { 0, 100 }, { 0, 100 }, { 0, 100 } };
  const PlWatchPixels late[] = { { 0, 100 }, { 0, 100 }, { 1, 100 } };
  const PlWatchPixels nothing_there[] = { { 0, 0 }, { 0, 0 }, { 0, 0 } };
  g_autofree char *text = watch_pixels (empty, 4);

  g_assert_nonnull (strstr (text, "empty for 3 epochs"));
  g_assert_null (watch_pixels (empty, 3));
  g_assert_null (watch_pixels (late, 3));
  g_assert_null (watch_pixels (nothing_there, 3));
  g_assert_null (watch_pixels (empty, 0));
}

static void
test_classes (void)
{
  static const char *const names[] = { "left lung", "right lung", "trachea" };
  const gboolean all[] = { TRUE, TRUE, TRUE };
  const gboolean one[] = { TRUE, FALSE, TRUE };
  const gboolean two[] = { FALSE, TRUE, FALSE };
  g_autofree char *of_one = pl_watch_classes (one, names, 3);
  g_autofree char *of_two = pl_watch_classes (two, names, 3);

  g_assert_null (pl_watch_classes (all, names, 3));
  g_assert_nonnull (strstr (of_one, "class “right lung”,"));
  g_assert_nonnull (strstr (of_two, "classes “left lung”, “trachea”,"));
}

/* Cases of patients "1", "1", "2", "3" in these groups. */
static char *
watch_groups (PlGroup a, PlGroup b, PlGroup c, PlGroup d)
{
  const PlGroup groups[] = { a, b, c, d };
  static const char *const patients[] = { "1", "1", "2", "3" };
  g_autoptr (GPtrArray) cases = g_ptr_array_new_with_free_func (g_free);
  const PlDataset dataset = { .cases = cases };

  for (int i = 0; i < 4; i++)
    {
      PlCase *one = g_new0 (PlCase, 1);

      one->patient = (char *) patients[i];
      one->group = groups[i];
      g_ptr_array_add (cases, one);
    }
  return pl_watch_patients (&dataset);
}

static void
test_patients (void)
{
  const PlGroup train = PL_GROUP_TRAIN, val = PL_GROUP_VALIDATION, test = PL_GROUP_TEST;
  g_autofree char *in_validation = watch_groups (train, val, train, test);
  g_autofree char *in_test = watch_groups (test, train, train, val);

  g_assert_nonnull (strstr (in_validation, "1 patient is"));
  g_assert_nonnull (strstr (in_validation, "“1”"));
  g_assert_nonnull (in_test);
  g_assert_null (watch_groups (train, train, val, test));
  g_assert_null (watch_groups (val, test, train, train));
  g_assert_null (watch_groups (train, PL_GROUP_IGNORE, val, test));
  g_assert_null (watch_groups (train, PL_GROUP_NONE, val, test));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/train/watch/overfitting", test_overfitting);
  g_test_add_func ("/train/watch/no-overfitting", test_no_overfitting);
  g_test_add_func ("/train/watch/worse-altogether", test_worse_altogether);
  g_test_add_func ("/train/watch/nothing-learned", test_nothing_learned);
  g_test_add_func ("/train/watch/empty-predictions", test_empty_predictions);
  g_test_add_func ("/train/watch/classes", test_classes);
  g_test_add_func ("/train/watch/patients", test_patients);
  return g_test_run ();
}
