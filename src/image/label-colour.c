/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Found by a search for four colours of a family that stay furthest apart in CIE Lab, also as eyes
 * without one kind of cone see them (Machado 2009), and light enough to be seen on dark lung:
 * within a family they are at least 30 apart then, those of truth and prediction at least 23.
 */
#include "image/label-colour.h"

static const guint32 colours[][PL_LABEL_COLOURS] = {
  { PL_TRUTH_RGB, 0x4bf7c8, 0xc4bdfc, 0x716a8e },
  { PL_PREDICTION_RGB, 0xfef197, 0xd10823, 0xc4887d },
  { PL_SECOND_RGB, 0xbd3791, 0xfbb3e2, 0x9e1df3 },
};

int
pl_label_colour (int label)
{
  return label == 0 ? 0 : 1 + (label - 1) % PL_LABEL_COLOURS;
}

guint32
pl_label_rgb (guint32 of, int label)
{
  g_assert (label > 0);
  for (gsize i = 0; i < G_N_ELEMENTS (colours); i++)
    if (colours[i][0] == of)
      return colours[i][pl_label_colour (label) - 1];
  g_assert_not_reached ();
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
