/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The swatches stand on the black of the views, where the colours are meant to be seen: some are
 * too light for a light window. A frame is the truth's outline, a square the prediction's fill.
 */
#include "app/legend-text.h"

#include "image/label-colour.h"

#include <glib/gi18n.h>

#define MOST_LABELS 8

char *
pl_label_dup_name (GStrv names, int label)
{
  if (label == 0)
    /* Translators: what is not an organ in a mask. */
    return g_strdup (_ ("background"));
  if (names != NULL && label <= (int) g_strv_length (names))
    return g_strdup (names[label - 1]);
  return g_strdup_printf (_ ("label %d"), label);
}

typedef struct
{
  GString *markup;
  GString *words;
} Legend;

void
pl_legend_append_swatches (GString *markup, int label, gboolean truth, gboolean predicted)
{
  g_string_append (markup, "<span background='#0d0d0f'>");
  if (truth)
    g_string_append_printf (markup, "<span color='#%06x' weight='bold' size='larger'> □ </span>",
                            pl_label_rgb (PL_TRUTH_RGB, label));
  if (predicted)
    g_string_append_printf (markup, "<span color='#%06x' size='larger'> ■ </span>",
                            pl_label_rgb (PL_PREDICTION_RGB, label));
  g_string_append (markup, "</span>");
}

static void
append_class (Legend *legend, const char *name, int label, gboolean truth, gboolean predicted)
{
  g_autofree char *escaped = g_markup_escape_text (name, -1);

  if (legend->markup->len > 0)
    g_string_append (legend->markup, "   ");
  pl_legend_append_swatches (legend->markup, label, truth, predicted);
  g_string_append_printf (legend->markup, " %d · %s", label, escaped);
  g_string_append_printf (legend->words, "%s%d %s", legend->words->len > 0 ? ", " : "", label,
                          name);
}

char *
pl_legend_dup_markup (PlViewState *state, char **words)
{
  int n_true = pl_view_state_count_labels (state, PL_MASK_TRUTH);
  int n_predicted = pl_view_state_count_labels (state, PL_MASK_PREDICTION);
  int n = MAX (n_true, n_predicted);
  Legend legend;

  if (n < 2)
    return NULL;
  legend = (Legend){ g_string_new (NULL), g_string_new (NULL) };
  for (int label = 1; label <= MIN (n, MOST_LABELS); label++)
    {
      g_autofree char *truth = pl_view_state_dup_label_name (state, PL_MASK_TRUTH, label);
      g_autofree char *predicted = pl_view_state_dup_label_name (state, PL_MASK_PREDICTION, label);
      gboolean is_same = g_str_equal (truth, predicted);

      if (label <= n_true)
        append_class (&legend, truth, label, TRUE, is_same && label <= n_predicted);
      if (label <= n_predicted && (!is_same || label > n_true))
        append_class (&legend, predicted, label, FALSE, TRUE);
    }
  if (n > MOST_LABELS)
    g_string_append (legend.markup, "   …");
  *words = g_string_free (legend.words, FALSE);
  return g_string_free (legend.markup, FALSE);
}
