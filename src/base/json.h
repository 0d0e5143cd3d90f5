/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

/* JSON from outside, which is not trusted, and JSON of our own. Errors are JSON_PARSER_ERROR and
 * say which member is wrong. Any thread. */

/**
 * pl_json_parse_object:
 * @text: UTF-8, @length bytes
 * @error: return location
 *
 * Nesting deeper than 32 is refused before parsing, and so are comments and 'strings', which
 * json-glib would take.
 *
 * Returns: (transfer full): the object, or NULL with @error set
 */
JsonObject *pl_json_parse_object (const char *text, gsize length, GError **error);

/* A file of at most 64 MiB, likewise. */
JsonObject *pl_json_read_object (const char *path, GError **error);

/* Each gives a member of the right type and, for numbers, within [@low, @high], or an error that
 * names the member. */
gboolean pl_json_get_int (
    JsonObject *object, const char *member, gint64 low, gint64 high, gint64 *value, GError **error);
gboolean pl_json_get_double (
    JsonObject *object, const char *member, double low, double high, double *value, GError **error);
/* Returns: (transfer none): valid as long as @object */
const char *pl_json_get_string (JsonObject *object, const char *member, GError **error);

/* A number, or null when @value is not finite: JSON has no NaN. */
void pl_json_set_double (JsonObject *object, const char *member, double value);

/* Returns: (transfer full): @object as indented text that ends with a newline */
char *pl_json_to_text (JsonObject *object);

/* Returns: (transfer full): @node as text; use it instead of json_to_string() and JsonGenerator,
 * which write some numbers wrongly */
char *pl_json_node_to_text (JsonNode *node, gboolean pretty);
