/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON with limits: json-glib recurses, so depth is bounded before it sees the text. */
#include "base/json.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"

enum
{
  DEEPEST = 32,
};
#define LARGEST_FILE ((gsize) 64 << 20)

/* json-glib also takes comments and 'strings', in which brackets could hide from the count: neither
 * is JSON. */
static gboolean
check_nesting (const char *text, gsize length, GError **error)
{
  int depth = 0;
  gboolean in_string = FALSE;

  for (gsize i = 0; i < length; i++)
    if (in_string)
      {
        if (text[i] == '\\')
          i++;
        else if (text[i] == '"')
          in_string = FALSE;
      }
    else if (text[i] == '"')
      in_string = TRUE;
    else if (text[i] == '/' || text[i] == '\'')
      {
        g_set_error (error, JSON_PARSER_ERROR, JSON_PARSER_ERROR_PARSE,
                     _ ("the JSON text has a “%c” outside of a string"), text[i]);
        return FALSE;
      }
    else if ((text[i] == '{' || text[i] == '[') && ++depth > DEEPEST)
      {
        g_set_error (error, JSON_PARSER_ERROR, JSON_PARSER_ERROR_PARSE,
                     _ ("the JSON text nests deeper than %d levels"), DEEPEST);
        return FALSE;
      }
    else if (text[i] == '}' || text[i] == ']')
      depth--;
  return TRUE;
}

JsonObject *
pl_json_parse_object (const char *text, gsize length, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  JsonNode *root;

  if (!check_nesting (text, length, error))
    return NULL;
  if (length > G_MAXINT || !g_utf8_validate (text, (gssize) length, NULL))
    {
      g_set_error_literal (error, JSON_PARSER_ERROR, JSON_PARSER_ERROR_PARSE,
                           _ ("the JSON text is not UTF-8"));
      return NULL;
    }
  if (!json_parser_load_from_data (parser, text, (gssize) length, error))
    return NULL;
  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      g_set_error_literal (error, JSON_PARSER_ERROR, JSON_PARSER_ERROR_INVALID_DATA,
                           _ ("the JSON text is not an object"));
      return NULL;
    }
  return json_object_ref (json_node_get_object (root));
}

JsonObject *
pl_json_read_object (const char *path, GError **error)
{
  g_autofree char *text = NULL;
  gsize length;
  struct stat info;
  JsonObject *object;

  if (stat (path, &info) == 0 && (gsize) info.st_size > LARGEST_FILE)
    {
      g_set_error (error, JSON_PARSER_ERROR, JSON_PARSER_ERROR_INVALID_DATA,
                   _ ("%s: %lld bytes are too many for a JSON file"), path,
                   (long long) info.st_size);
      return NULL;
    }
  if (!pl_file_read (path, &text, &length, error))
    return NULL;
  object = pl_json_parse_object (text, length, error);
  if (object == NULL)
    g_prefix_error (error, "%s: ", path);
  return object;
}

static JsonNode *
find_value (JsonObject *object, const char *member, GError **error)
{
  JsonNode *node = json_object_get_member (object, member);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    {
      g_set_error (error, JSON_PARSER_ERROR, JSON_PARSER_ERROR_INVALID_DATA,
                   _ ("the member “%s” is missing or of the wrong type"), member);
      return NULL;
    }
  return node;
}

static gboolean
find_number (JsonObject *object, const char *member, JsonNode **node, GError **error)
{
  GType type;

  *node = find_value (object, member, error);
  if (*node == NULL)
    return FALSE;
  type = json_node_get_value_type (*node);
  if (type == G_TYPE_INT64 || type == G_TYPE_DOUBLE)
    return TRUE;
  g_set_error (error, JSON_PARSER_ERROR, JSON_PARSER_ERROR_INVALID_DATA,
               _ ("the member “%s” is not a number"), member);
  return FALSE;
}

gboolean
pl_json_get_double (
    JsonObject *object, const char *member, double low, double high, double *value, GError **error)
{
  JsonNode *node;
  double number;

  if (!find_number (object, member, &node, error))
    return FALSE;
  number = json_node_get_double (node);
  if (!(number >= low && number <= high))
    {
      g_set_error (error, JSON_PARSER_ERROR, JSON_PARSER_ERROR_INVALID_DATA,
                   _ ("the member “%s” is %g, not from %g to %g"), member, number, low, high);
      return FALSE;
    }
  *value = number;
  return TRUE;
}

gboolean
pl_json_get_int (
    JsonObject *object, const char *member, gint64 low, gint64 high, gint64 *value, GError **error)
{
  JsonNode *node;
  gint64 number;

  if (!find_number (object, member, &node, error))
    return FALSE;
  number = json_node_get_int (node);
  if (json_node_get_value_type (node) != G_TYPE_INT64 || number < low || number > high)
    {
      g_set_error (error, JSON_PARSER_ERROR, JSON_PARSER_ERROR_INVALID_DATA,
                   _ ("the member “%s” is %g, not a whole number from %lld to %lld"), member,
                   json_node_get_double (node), (long long) low, (long long) high);
      return FALSE;
    }
  *value = number;
  return TRUE;
}

const char *
pl_json_get_string (JsonObject *object, const char *member, GError **error)
{
  JsonNode *node = find_value (object, member, error);

  if (node == NULL)
    return NULL;
  if (json_node_get_value_type (node) != G_TYPE_STRING)
    {
      g_set_error (error, JSON_PARSER_ERROR, JSON_PARSER_ERROR_INVALID_DATA,
                   _ ("the member “%s” is not a text"), member);
      return NULL;
    }
  return json_node_get_string (node);
}

void
pl_json_set_double (JsonObject *object, const char *member, double value)
{
  if (isfinite (value))
    json_object_set_double_member (object, member, value);
  else
    json_object_set_null_member (object, member);
}

static gsize
measure_string (const char *text)
{
  gsize n = 1;

  while (text[n] != '"' && text[n] != '\0')
    n += text[n] == '\\' && text[n + 1] != '\0' ? 2 : 1;
  return text[n] == '"' ? n + 1 : n;
}

/* json-glib 1.6 writes 1e-08 as "1e-08.0", which is no JSON: what follows the exponent goes. */
static void
append_number (GString *out, const char *number, gsize length)
{
  const char *exponent = memchr (number, 'e', length);
  gsize before = exponent != NULL ? (gsize) (exponent - number) : length;
  const char *point = memchr (number + before, '.', length - before);

  g_string_append_len (out, number, point != NULL ? point - number : (gssize) length);
}

char *
pl_json_node_to_text (JsonNode *node, gboolean pretty)
{
  g_autofree char *raw = json_to_string (node, pretty);
  g_autofree char *text = g_utf8_make_valid (raw, -1); /* names of files may be anything */
  GString *out = g_string_sized_new (strlen (text));
  gsize length;

  for (const char *p = text; *p != '\0'; p += length)
    if (*p == '"')
      {
        length = measure_string (p);
        g_string_append_len (out, p, (gssize) length);
      }
    else if ((length = strspn (p, "0123456789+-.")) > 0)
      {
        length = strspn (p, "0123456789+-.e");
        append_number (out, p, length);
      }
    else
      {
        length = 1;
        g_string_append_c (out, *p);
      }
  return g_string_free (out, FALSE);
}

char *
pl_json_to_text (JsonObject *object)
{
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *text = NULL;

  json_node_set_object (root, object);
  text = pl_json_node_to_text (root, TRUE);
  return g_strconcat (text, "\n", NULL);
}
