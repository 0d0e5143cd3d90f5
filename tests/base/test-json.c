/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/json.h"

#include "base/file.h"
#include "support/scratch.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

static JsonObject *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  JsonObject *object = pl_json_parse_object (text, strlen (text), &error);

  g_assert_no_error (error);
  return object;
}

static void
assert_refused (const char *text)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (pl_json_parse_object (text, strlen (text), &error));
  g_assert_nonnull (error);
  g_assert_true (error->domain == JSON_PARSER_ERROR);
}

static void
test_members (void)
{
  g_autoptr (JsonObject) object = parse ("{\"i\": -3, \"d\": 2.5, \"s\": \"a\\\"{[\\\\\"}");
  g_autoptr (GError) error = NULL;
  gint64 i = 0;
  double d = 0;

  g_assert_true (pl_json_get_int (object, "i", -3, 3, &i, &error));
  g_assert_cmpint (i, ==, -3);
  g_assert_true (pl_json_get_double (object, "d", 2.5, 2.5, &d, &error));
  g_assert_cmpfloat (d, ==, 2.5);
  g_assert_true (pl_json_get_double (object, "i", -10, 10, &d, &error));
  g_assert_cmpfloat (d, ==, -3);
  g_assert_cmpstr (pl_json_get_string (object, "s", &error), ==, "a\"{[\\");
  g_assert_no_error (error);
}

/* The error names the member, and the output stays as it was. */
static void
assert_not_a_number (JsonObject *object, const char *member)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) other_error = NULL;
  gint64 i = 99;
  double d = 99;

  g_assert_false (pl_json_get_int (object, member, 0, 10, &i, &error));
  g_assert_nonnull (strstr (error->message, member));
  g_assert_cmpint (i, ==, 99);
  g_assert_false (pl_json_get_double (object, member, 0, 10, &d, &other_error));
  g_assert_nonnull (strstr (other_error->message, member));
  g_assert_cmpfloat (d, ==, 99);
}

static void
test_wrong_members (void)
{
  g_autoptr (JsonObject) object =
      parse ("{\"text\": \"1\", \"true\": true, \"null\": null, \"list\": [1], \"object\": {},"
             " \"high\": 11, \"low\": -1, \"huge\": 1e999}");
  const char *const members[] = { "text", "true", "null", "list",   "object",
                                  "high", "low",  "huge", "missing" };
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    assert_not_a_number (object, members[i]);
  g_assert_null (pl_json_get_string (object, "high", &error));
  g_assert_error (error, JSON_PARSER_ERROR, JSON_PARSER_ERROR_INVALID_DATA);
  g_clear_error (&error);
  g_assert_null (pl_json_get_string (object, "missing", &error));
  g_assert_error (error, JSON_PARSER_ERROR, JSON_PARSER_ERROR_INVALID_DATA);
}

static void
test_fraction_is_no_int (void)
{
  g_autoptr (JsonObject) object = parse ("{\"half\": 0.5}");
  g_autoptr (GError) error = NULL;
  gint64 i = 99;

  g_assert_false (pl_json_get_int (object, "half", 0, 1, &i, &error));
  g_assert_nonnull (strstr (error->message, "0.5"));
  g_assert_cmpint (i, ==, 99);
}

static void
test_refused (void)
{
  const char *const texts[] = { "",     " ",         "{",       "}",        "[]",
                                "1",    "\"a\"",     "{\"a\"}", "{\"a\":}", "{\"a\":1,}",
                                "{} 1", "{\"a\":\"", "{\"a\\",  "nul",      "{\"\xff\":1}" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    assert_refused (texts[i]);
}

/* Also in its middle a NUL byte ends nothing. */
static void
test_embedded_nul (void)
{
  const char text[] = "{\"a\": 1}\0{";
  g_autoptr (GError) error = NULL;

  g_assert_null (pl_json_parse_object (text, sizeof text - 1, &error));
  g_assert_nonnull (error);
}

static char *
make_nested (int depth, const char *before)
{
  g_autoptr (GString) text = g_string_new ("{\"a\":");

  g_string_append (text, before);
  for (int i = 1; i < depth; i++)
    g_string_append_c (text, '[');
  for (int i = 1; i < depth; i++)
    g_string_append_c (text, ']');
  g_string_append_c (text, '}');
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
test_nesting (void)
{
  g_autofree char *deepest = make_nested (32, "");
  g_autofree char *deeper = make_nested (33, "");
  g_autofree char *far_too_deep = make_nested (1000000, "");
  g_autoptr (JsonObject) object = parse (deepest);

  g_assert_nonnull (object);
  assert_refused (deeper);
  assert_refused (far_too_deep);
}

/* What json-glib takes for a comment or a string must not hide brackets from the count. */
static void
test_hidden_nesting (void)
{
  g_autofree char *closers = g_strnfill (1000000, ']');
  g_autofree char *comment = g_strconcat ("/*", closers, "*/", NULL);
  g_autofree char *quoted = g_strconcat ("'", closers, "',\"b\":", NULL);
  const char *const before[] = { comment, "/*\"*/", quoted, "'\"',\"b\":" };

  for (guint i = 0; i < G_N_ELEMENTS (before); i++)
    {
      g_autofree char *text = make_nested (1000000, before[i]);
      assert_refused (text);
    }
}

static void
test_truncations (void)
{
  const char *text = "{\"a\": [1, 2.5, {\"b\": \"x\\u00e9\\n\"}], \"c\": null, \"d\": true}";

  for (gsize n = 0; n < strlen (text); n++)
    {
      g_autofree char *part = g_strndup (text, n);
      assert_refused (part);
    }
}

static void
test_round_trip (void)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonObject) back = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  const double values[] = { 0.1, -1e-300, 1.0 / 3, 12345678.9, 1e-08, 1e22, -0.0, 5e-324, 3 };
  double value;

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      char name[2] = { (char) ('a' + i), '\0' };
      pl_json_set_double (object, name, values[i]);
    }
  json_object_set_string_member (object, "text", "1e-08.0 \"1e-08.0\\");
  json_object_set_boolean_member (object, "truth", TRUE);
  pl_json_set_double (object, "nan", NAN);
  pl_json_set_double (object, "inf", -INFINITY);
  text = pl_json_to_text (object);
  g_assert_true (g_str_has_suffix (text, "}\n"));
  back = parse (text);
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      char name[2] = { (char) ('a' + i), '\0' };
      g_assert_true (pl_json_get_double (back, name, -1e300, 1e300, &value, &error));
      g_assert_cmpfloat (value, ==, values[i]);
    }
  g_assert_cmpstr (json_object_get_string_member (back, "text"), ==, "1e-08.0 \"1e-08.0\\");
  g_assert_true (json_object_get_boolean_member (back, "truth"));
  g_assert_true (json_object_get_null_member (back, "nan"));
  g_assert_true (json_object_get_null_member (back, "inf"));
}

/* Readers that are stricter than ours must take it, too. */
static void
test_numbers_as_text (void)
{
  g_autoptr (JsonArray) array = json_array_new ();
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_ARRAY);
  g_autofree char *text = NULL;

  json_array_add_double_element (array, 1e-08);
  json_array_add_double_element (array, -2e+30);
  json_array_add_double_element (array, 2.5);
  json_array_add_int_element (array, -7);
  json_array_add_string_element (array, "5e-3.0");
  json_node_set_array (node, array);
  text = pl_json_node_to_text (node, FALSE);
  g_assert_cmpstr (text, ==, "[1e-08,-2e+30,2.5,-7,\"5e-3.0\"]");
}

static void
test_file (void)
{
  g_autofree char *folder = pl_scratch_new ();
  g_autofree char *good = g_build_filename (folder, "good.json", NULL);
  g_autofree char *bad = g_build_filename (folder, "bad.json", NULL);
  g_autofree char *absent = g_build_filename (folder, "absent.json", NULL);
  g_autoptr (JsonObject) object = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (pl_file_replace (good, "{\"a\": 1}", 8, &error));
  g_assert_true (pl_file_replace (bad, "{\"a\": ", 6, &error));
  object = pl_json_read_object (good, &error);
  g_assert_no_error (error);
  g_assert_cmpint (json_object_get_int_member (object, "a"), ==, 1);
  g_assert_null (pl_json_read_object (bad, &error));
  g_assert_true (g_str_has_prefix (error->message, bad));
  g_clear_error (&error);
  g_assert_null (pl_json_read_object (absent, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  pl_scratch_remove (folder);
}

static void
test_file_too_large (void)
{
  g_autofree char *folder = pl_scratch_new ();
  g_autofree char *path = g_build_filename (folder, "large.json", NULL);
  g_autoptr (GError) error = NULL;
  FILE *file = fopen (path, "w");

  g_assert_nonnull (file);
  g_assert_cmpint (ftruncate (fileno (file), (64 << 20) + 1), ==, 0);
  fclose (file);
  g_assert_null (pl_json_read_object (path, &error));
  g_assert_true (g_str_has_prefix (error->message, path));
  g_assert_nonnull (strstr (error->message, "67108865"));
  pl_scratch_remove (folder);
}

/* A file's name may be any bytes; JSON may not. */
static void
test_broken_text (void)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autofree char *text = NULL;

  json_object_set_string_member (object, "path", "a\xff\xfe.tif");
  text = pl_json_to_text (object);
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_nonnull (strstr (text, ".tif"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/json/members", test_members);
  g_test_add_func ("/base/json/wrong-members", test_wrong_members);
  g_test_add_func ("/base/json/fraction-is-no-int", test_fraction_is_no_int);
  g_test_add_func ("/base/json/refused", test_refused);
  g_test_add_func ("/base/json/embedded-nul", test_embedded_nul);
  g_test_add_func ("/base/json/nesting", test_nesting);
  g_test_add_func ("/base/json/hidden-nesting", test_hidden_nesting);
  g_test_add_func ("/base/json/truncations", test_truncations);
  g_test_add_func ("/base/json/round-trip", test_round_trip);
  g_test_add_func ("/base/json/numbers-as-text", test_numbers_as_text);
  g_test_add_func ("/base/json/broken-text", test_broken_text);
  g_test_add_func ("/base/json/file", test_file);
  g_test_add_func ("/base/json/file-too-large", test_file_too_large);
  return g_test_run ();
}
