/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/csv.h"

static void
assert_rows (const char *text, const char *const *expected)
{
  g_autoptr (GPtrArray) rows = pl_csv_parse (text);
  guint n = g_strv_length ((char **) expected);

  g_assert_nonnull (rows);
  g_assert_cmpuint (rows->len, ==, n);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *joined = g_strjoinv ("|", g_ptr_array_index (rows, i));

      g_assert_cmpstr (joined, ==, expected[i]);
    }
}

static void
test_parse (void)
{
  assert_rows ("", (const char *[]){ NULL });
  assert_rows ("a,b\n1,2\n", (const char *[]){ "a|b", "1|2", NULL });
  assert_rows ("\xef\xbb\xbf"
               "a,b\r\n1,2",
               (const char *[]){ "a|b", "1|2", NULL });
  assert_rows ("a\n\n\r\nb\n", (const char *[]){ "a", "b", NULL });
  assert_rows (",\n", (const char *[]){ "|", NULL });
  assert_rows ("\"\"\n", (const char *[]){ "", NULL });
  assert_rows ("\"a,\"\"b\"\"\nc\",d\r\n", (const char *[]){ "a,\"b\"\nc|d", NULL });
  assert_rows ("\"a\"b,c\"d\"", (const char *[]){ "ab|c\"d\"", NULL });
}

static void
test_open_quote (void)
{
  g_assert_null (pl_csv_parse ("a,\"b\n"));
  g_assert_null (pl_csv_parse ("\""));
  g_assert_null (pl_csv_parse ("\"\"\""));
}

static void
test_round_trip (void)
{
  const char *const fields[] = { "plain", "a,b", "say \"a\"", "two\nlines", "", " space ", "\r" };
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GPtrArray) rows = NULL;
  char **row;

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      pl_csv_append (text, fields[i]);
      g_string_append_c (text, i + 1 < G_N_ELEMENTS (fields) ? ',' : '\n');
    }
  rows = pl_csv_parse (text->str);
  g_assert_cmpuint (rows->len, ==, 1);
  row = g_ptr_array_index (rows, 0);
  g_assert_cmpuint (g_strv_length (row), ==, G_N_ELEMENTS (fields));
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      g_assert_cmpstr (row[i], ==, fields[i]);
      g_assert_cmpint (pl_csv_find (row, fields[i]), ==, (int) i);
    }
  g_assert_cmpint (pl_csv_find (row, "none"), ==, -1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/train/csv/parse", test_parse);
  g_test_add_func ("/train/csv/open-quote", test_open_quote);
  g_test_add_func ("/train/csv/round-trip", test_round_trip);
  return g_test_run ();
}
