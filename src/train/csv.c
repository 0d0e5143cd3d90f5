/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Comma-separated text, as spreadsheets write it too. */
#include "train/csv.h"

#include <string.h>

/* Reads the field at @at into @field. Returns: what follows it, or NULL when its quote is not
 * closed */
static const char *
read_field (const char *at, GString *field)
{
  if (*at != '"')
    {
      gsize n = strcspn (at, ",\r\n");

      g_string_append_len (field, at, (gssize) n);
      return at + n;
    }
  for (at++; *at != '\0'; at++)
    {
      if (*at == '"' && at[1] != '"')
        return at + 1;
      at += *at == '"';
      g_string_append_c (field, *at);
    }
  return NULL;
}

/* Appends a row to @rows unless the line is empty. Returns: where the next line begins, or NULL */
static const char *
read_row (const char *at, GPtrArray *rows)
{
  g_autoptr (GStrvBuilder) row = g_strv_builder_new ();
  gboolean is_empty = *at == '\r' || *at == '\n';

  for (;;)
    {
      g_autoptr (GString) field = g_string_new (NULL);

      at = read_field (at, field);
      if (at == NULL)
        return NULL;
      g_string_append_len (field, at, (gssize) strcspn (at, ",\r\n")); /* after a closing quote */
      at += strcspn (at, ",\r\n");
      g_strv_builder_add (row, field->str);
      if (*at != ',')
        break;
      at++;
    }
  if (!is_empty)
    g_ptr_array_add (rows, g_strv_builder_end (row));
  at += *at == '\r';
  return at + (*at == '\n');
}

GPtrArray *
pl_csv_parse (const char *text)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);

  if (g_str_has_prefix (text, "\xef\xbb\xbf"))
    text += 3;
  while (*text != '\0')
    {
      text = read_row (text, rows);
      if (text == NULL)
        return NULL;
    }
  return g_steal_pointer (&rows);
}

void
pl_csv_append (GString *text, const char *field)
{
  if (strpbrk (field, ",\"\r\n") == NULL)
    {
      g_string_append (text, field);
      return;
    }
  g_string_append_c (text, '"');
  for (; *field != '\0'; field++)
    {
      if (*field == '"')
        g_string_append_c (text, '"');
      g_string_append_c (text, *field);
    }
  g_string_append_c (text, '"');
}

int
pl_csv_find (char **row, const char *name)
{
  for (int i = 0; row[i] != NULL; i++)
    if (g_str_equal (row[i], name))
      return i;
  return -1;
}
