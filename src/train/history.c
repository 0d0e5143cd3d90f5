/* SPDX-License-Identifier: GPL-3.0-or-later */
/* history.csv: a line an epoch, in a fixed order of columns. Numbers have the fewest digits that
 * read back as the same double, so that a resumed run goes on with exactly what was written; what
 * is not a number is an empty field, as spreadsheets have it. */
#include "train/history.h"

#include "train/train.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define HEADER "epoch,time_s,lr,train_loss,train_accuracy,train_dice,val_loss,val_accuracy,val_dice"

/* The columns after the first. */
static const gsize offsets[] = {
  G_STRUCT_OFFSET (PlEpoch, time_s),       G_STRUCT_OFFSET (PlEpoch, rate),
  G_STRUCT_OFFSET (PlEpoch, train_loss),   G_STRUCT_OFFSET (PlEpoch, train_accuracy),
  G_STRUCT_OFFSET (PlEpoch, train_dice),   G_STRUCT_OFFSET (PlEpoch, val_loss),
  G_STRUCT_OFFSET (PlEpoch, val_accuracy), G_STRUCT_OFFSET (PlEpoch, val_dice),
};

GArray *
pl_history_new (void)
{
  return g_array_new (FALSE, FALSE, sizeof (PlEpoch));
}

static void
append_number (GString *text, double value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];
  static const char *const formats[] = { "%.15g", "%.16g", "%.17g" };

  if (isnan (value))
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_ascii_formatd (buffer, sizeof buffer, formats[i], value);
      if (g_ascii_strtod (buffer, NULL) == value)
        break;
    }
  g_string_append (text, buffer);
}

char *
pl_history_to_csv (const GArray *history)
{
  GString *text = g_string_new (HEADER "\n");

  for (guint i = 0; i < history->len; i++)
    {
      const PlEpoch *epoch = &g_array_index (history, PlEpoch, i);

      g_string_append_printf (text, "%d", epoch->epoch);
      for (gsize k = 0; k < G_N_ELEMENTS (offsets); k++)
        {
          g_string_append_c (text, ',');
          append_number (text, G_STRUCT_MEMBER (double, epoch, offsets[k]));
        }
      g_string_append_c (text, '\n');
    }
  return g_string_free (text, FALSE);
}

static gboolean
read_number (const char *field, double *value)
{
  char *end;

  *value = *field == '\0' ? NAN : g_ascii_strtod (field, &end);
  return *field == '\0' || *end == '\0';
}

static gboolean
read_line (const char *line, PlEpoch *epoch)
{
  g_auto (GStrv) fields = g_strsplit (line, ",", -1);
  guint64 number;

  if (g_strv_length (fields) != 1 + G_N_ELEMENTS (offsets) ||
      !g_ascii_string_to_unsigned (fields[0], 10, 1, G_MAXINT, &number, NULL))
    return FALSE;
  epoch->epoch = (int) number;
  for (gsize k = 0; k < G_N_ELEMENTS (offsets); k++)
    if (!read_number (fields[k + 1], &G_STRUCT_MEMBER (double, epoch, offsets[k])))
      return FALSE;
  return TRUE;
}

GArray *
pl_history_from_csv (const char *text, GError **error)
{
  g_autoptr (GArray) history = pl_history_new ();
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  if (lines[0] == NULL || strcmp (g_strchomp (lines[0]), HEADER) != 0)
    {
      g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_RUN,
                   _ ("The history does not begin with the line “%s”."), HEADER);
      return NULL;
    }
  for (int i = 1; lines[i] != NULL; i++)
    {
      PlEpoch epoch;

      if (*g_strchomp (lines[i]) == '\0')
        continue;
      if (!read_line (lines[i], &epoch))
        {
          g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_RUN,
                       _ ("Line %d of the history is not an epoch: “%s”."), i + 1, lines[i]);
          return NULL;
        }
      g_array_append_val (history, epoch);
    }
  return g_steal_pointer (&history);
}
