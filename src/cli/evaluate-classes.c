/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What evaluate says of masks with several labels beside the figures of all of them together.
 * Masks do not know what their labels are called, so it is their numbers that stand there.
 */
#include "cli/evaluate-classes.h"

#include "base/json.h"
#include "train/metrics.h"

void
pl_class_dice_compute (const PlMask *prediction, const PlMask *truth, PlClassDice *dice)
{
  gsize n = (gsize) truth->n[0] * (gsize) truth->n[1] * (gsize) truth->n[2];

  *dice = (PlClassDice){ 0 };
  for (gsize i = 0; i < n; i++)
    {
      dice->is_there[prediction->labels[i]] = TRUE;
      dice->is_there[truth->labels[i]] = TRUE;
    }
  dice->is_there[0] = FALSE;
  for (int label = 1; label < 256; label++)
    dice->dice[label] =
        dice->is_there[label] ? pl_metrics_dice (prediction->labels, truth->labels, n, label) : 1.0;
}

GArray *
pl_class_dice_list (const GArray *cases)
{
  GArray *labels = g_array_new (FALSE, FALSE, sizeof (int));

  for (int label = 1; label < 256; label++)
    for (guint i = 0; i < cases->len; i++)
      if (g_array_index (cases, PlClassDice, i).is_there[label])
        {
          g_array_append_val (labels, label);
          break;
        }
  if (labels->len < 2)
    g_array_set_size (labels, 0);
  return labels;
}

JsonObject *
pl_class_dice_to_json (const PlClassDice *dice, const GArray *labels)
{
  JsonObject *classes = json_object_new ();

  for (guint i = 0; i < labels->len; i++)
    {
      int label = g_array_index (labels, int, i);
      g_autofree char *name = g_strdup_printf ("%d", label);
      JsonObject *figures = json_object_new ();

      pl_json_set_double (figures, "dice", dice->dice[label]);
      json_object_set_object_member (classes, name, figures);
    }
  return classes;
}

PlClassDice
pl_class_dice_mean (const GArray *cases)
{
  PlClassDice mean = { 0 };

  for (guint i = 0; i < cases->len; i++)
    for (int label = 1; label < 256; label++)
      mean.dice[label] += g_array_index (cases, PlClassDice, i).dice[label] / cases->len;
  return mean;
}
