/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/replay-verdict.h"

#include "base/json.h"

#include <math.h>
#include <string.h>

static PlReplayVerdict *
parse (const char *text)
{
  g_autoptr (JsonObject) object = pl_json_parse_object (text, strlen (text), NULL);

  g_assert_nonnull (object);
  return pl_replay_verdict_from_json (object);
}

/* Of weights that are no numbers, too. */
static void
test_whole (void)
{
  g_autoptr (PlReplayVerdict) verdict = pl_replay_verdict_new ();
  g_autoptr (PlReplayVerdict) read = NULL;
  g_autoptr (JsonObject) object = NULL;

  verdict->n_tensors = 20;
  verdict->n_different = 3;
  verdict->largest_difference = NAN;
  g_ptr_array_add (verdict->conditions, g_strdup ("한 가지"));
  g_ptr_array_add (verdict->conditions, g_strdup ("another"));
  object = pl_replay_verdict_to_json (verdict);
  read = pl_replay_verdict_from_json (object);
  g_assert_nonnull (read);
  g_assert_false (read->is_identical);
  g_assert_cmpint (read->n_tensors, ==, 20);
  g_assert_cmpint (read->n_different, ==, 3);
  g_assert_true (isnan (read->largest_difference));
  g_assert_cmpuint (read->conditions->len, ==, 2);
  g_assert_cmpstr (read->conditions->pdata[0], ==, "한 가지");
}

/* What is no whole verdict is none. */
static void
test_damaged (void)
{
  static const char *const damaged[] = {
    "{}",
    "{\"identical\": 1, \"tensors\": 2, \"different\": 0, \"conditions\": []}",
    "{\"identical\": true, \"tensors\": -1, \"different\": 0, \"conditions\": []}",
    "{\"identical\": true, \"tensors\": 2, \"different\": \"0\", \"conditions\": []}",
    "{\"identical\": true, \"tensors\": 2, \"different\": 0}",
    "{\"identical\": true, \"tensors\": 2, \"different\": 0, \"conditions\": [1]}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (damaged); i++)
    g_assert_null (parse (damaged[i]));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/train/replay-verdict/whole", test_whole);
  g_test_add_func ("/train/replay-verdict/damaged", test_damaged);
  return g_test_run ();
}
