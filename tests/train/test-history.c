/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/history.h"

#include "rig.h"
#include "train/train.h"

#include <locale.h>
#include <math.h>
#include <string.h>

static GArray *
make_history (void)
{
  GArray *history = pl_history_new ();
  const PlEpoch epochs[] = {
    { 1, 0.1, 1e-3, 1.0 / 3, 0.5, 0.25, 2.0 / 3, 0.7, 0.9 },
    { 2, 12345.678901234567, 9.9999999999999995e-21, 0.1 + 0.2, 1, 0, NAN, NAN, NAN },
  };

  g_array_append_vals (history, epochs, G_N_ELEMENTS (epochs));
  return history;
}

static void
assert_same (double a, double b)
{
  g_assert_true (a == b || (isnan (a) && isnan (b)));
}

static void
assert_round_trip (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) history = make_history ();
  g_autofree char *text = pl_history_to_csv (history);
  g_autoptr (GArray) back = pl_history_from_csv (text, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (back->len, ==, history->len);
  for (guint i = 0; i < back->len; i++)
    {
      const PlEpoch *a = &g_array_index (history, PlEpoch, i);
      const PlEpoch *b = &g_array_index (back, PlEpoch, i);

      g_assert_cmpint (a->epoch, ==, b->epoch);
      assert_same (a->time_s, b->time_s);
      assert_same (a->rate, b->rate);
      assert_same (a->train_loss, b->train_loss);
      assert_same (a->train_accuracy, b->train_accuracy);
      assert_same (a->train_dice, b->train_dice);
      assert_same (a->val_loss, b->val_loss);
      assert_same (a->val_accuracy, b->val_accuracy);
      assert_same (a->val_dice, b->val_dice);
    }
}

static void
test_round_trip (void)
{
  assert_round_trip ();
}

static void
test_text (void)
{
  g_autoptr (GArray) history = make_history ();
  g_autofree char *text = pl_history_to_csv (history);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  g_assert_cmpstr (lines[0], ==,
                   "epoch,time_s,lr,train_loss,train_accuracy,train_dice,val_loss,val_accuracy,"
                   "val_dice");
  g_assert_true (g_str_has_prefix (lines[1], "1,0.1,0.001,0.3333333333333333,0.5,0.25,"));
  g_assert_true (g_str_has_suffix (lines[2], ",1,0,,,"));
}

/* Compiled for the occasion, since few machines have one installed. */
static gboolean
compile_comma_locale (const char *folder)
{
  g_autofree char *target = g_build_filename (folder, "de_DE.UTF-8", NULL);
  const char *const argv[] = { "localedef", "-f", "UTF-8", "-i", "de_DE", target, NULL };

  g_setenv ("LOCPATH", folder, TRUE);
  return g_spawn_sync (NULL, (char **) argv, NULL,
                       G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL |
                           G_SPAWN_STDERR_TO_DEV_NULL,
                       NULL, NULL, NULL, NULL, NULL, NULL) &&
         setlocale (LC_NUMERIC, "de_DE.UTF-8") != NULL;
}

static void
test_comma_locale (void)
{
  g_autofree char *folder = rig_make_folder ();

  if (setlocale (LC_NUMERIC, "de_DE.UTF-8") == NULL && !compile_comma_locale (folder))
    {
      g_test_skip ("there is no locale with a decimal comma, nor can one be compiled");
      return;
    }
  g_assert_cmpstr (localeconv ()->decimal_point, ==, ",");
  assert_round_trip ();
  test_text ();
  setlocale (LC_NUMERIC, "C");
}

static void
test_refused (void)
{
  g_autoptr (GArray) history = make_history ();
  g_autofree char *text = pl_history_to_csv (history);
  g_autofree char *header = g_strndup (text, (gsize) (strchr (text, '\n') + 1 - text));
  static const char *const rows[] = { "x,1,1,1,1,1,1,1,1", "0,1,1,1,1,1,1,1,1", "1,1,1,1,1,1,1,1",
                                      "1,1,1,1,1,1,1,1,1,1", "1,1,1,1,a,1,1,1,1" };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *bad = g_strconcat (header, rows[i], "\n", NULL);

      g_assert_null (pl_history_from_csv (bad, &error));
      g_assert_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_RUN);
      g_assert_nonnull (strstr (error->message, rows[i]));
    }
  g_autoptr (GError) error = NULL;
  g_assert_null (pl_history_from_csv ("epoch,loss\n1,2\n", &error));
  g_assert_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_RUN);
}

static void
test_empty (void)
{
  g_autoptr (GArray) history = pl_history_new ();
  g_autofree char *text = pl_history_to_csv (history);
  g_autoptr (GArray) back = pl_history_from_csv (text, NULL);

  g_assert_nonnull (back);
  g_assert_cmpuint (back->len, ==, 0);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/train/history/round-trip", test_round_trip);
  g_test_add_func ("/train/history/text", test_text);
  g_test_add_func ("/train/history/comma-locale", test_comma_locale);
  g_test_add_func ("/train/history/refused", test_refused);
  g_test_add_func ("/train/history/empty", test_empty);
  status = g_test_run ();
  rig_clean_up ();
  return status;
}
