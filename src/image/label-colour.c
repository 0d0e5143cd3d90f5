/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Found by a search for four colours of a family that stay furthest apart in CIE Lab, also as eyes
 * without one kind of cone see them (Machado 2009), and light enough to be seen on dark lung:
 * within a family they are at least 30 apart then, those of truth and prediction at least 23.
 * What the user has chosen is for the whole process, since it is a matter of eyes and not of data:
 * painters in any thread read it, and each colour is one word.
 */
#include "image/label-colour.h"

static const guint32 defaults[][PL_LABEL_DEFAULT_COLOURS] = {
  { PL_TRUTH_RGB, 0x4bf7c8, 0xc4bdfc, 0x716a8e },
  { PL_PREDICTION_RGB, 0xfef197, 0xd10823, 0xc4887d },
  { PL_SECOND_RGB, 0xbd3791, 0xfbb3e2, 0x9e1df3 },
};

#define N_FAMILIES G_N_ELEMENTS (defaults)
#define IS_CHOSEN 0x1000000

/* 0: the default; else with IS_CHOSEN. */
static gint chosen[N_FAMILIES][PL_LABEL_COLOURS];

int
pl_label_colour (int label)
{
  return label == 0 ? 0 : 1 + (label - 1) % PL_LABEL_COLOURS;
}

static gsize
find_family (guint32 of)
{
  for (gsize i = 0; i < N_FAMILIES; i++)
    if (defaults[i][0] == of)
      return i;
  g_assert_not_reached ();
}

guint32
pl_label_default_rgb (guint32 of, int label)
{
  g_assert (label > 0);
  return defaults[find_family (of)][(pl_label_colour (label) - 1) % PL_LABEL_DEFAULT_COLOURS];
}

guint32
pl_label_rgb (guint32 of, int label)
{
  guint32 word;

  g_assert (label > 0);
  word = (guint32) g_atomic_int_get (&chosen[find_family (of)][pl_label_colour (label) - 1]);
  return word != 0 ? word & 0xffffff : pl_label_default_rgb (of, label);
}

void
pl_label_set_rgb (guint32 of, int label, guint32 rgb)
{
  g_assert (label > 0 && label <= PL_LABEL_COLOURS);
  g_atomic_int_set (&chosen[find_family (of)][label - 1], (gint) (rgb & 0xffffff) | IS_CHOSEN);
}

int
pl_label_find (const guint8 *labels, gsize n, guint8 found[255])
{
  gboolean has_label[256] = { FALSE };
  int n_found = 0;

  for (gsize i = 0; i < n; i++)
    has_label[labels[i]] = TRUE;
  for (int label = 1; label < 256; label++)
    if (has_label[label])
      found[n_found++] = (guint8) label;
  return n_found;
}
