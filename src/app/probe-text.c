/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pixel under the pointer in words. Sides are named only where the file's geometry is trusted:
 * a volume whose affine and slice axis disagree has none.
 */
#include "app/probe-text.h"

#include "app/legend-text.h"

#include <glib/gi18n.h>
#include <math.h>

/* With its number where there are several: "2 · right lung". */
static char *
dup_class (PlViewState *state, PlMaskKind kind, int label)
{
  GStrv names = pl_view_state_get_names (state, kind);
  g_autofree char *name = pl_label_dup_name (names, label);

  if (label == 0 || names == NULL || label > (int) g_strv_length (names) ||
      pl_view_state_count_labels (state, kind) < 2)
    return g_steal_pointer (&name);
  return g_strdup_printf ("%d · %s", label, name);
}

char *
pl_probe_position (const PlVolume *volume, int slice, int row, int column)
{
  static const char sides[3][2] = { { 'R', 'L' }, { 'A', 'P' }, { 'S', 'I' } };
  g_autoptr (GString) text = g_string_new (NULL);

  if (volume->orientation[0] == '\0')
    return NULL;
  for (int w = 0; w < 3; w++)
    {
      const double *m = volume->affine[w];
      double mm = m[0] * slice + m[1] * row + m[2] * column + m[3];

      g_string_append_printf (text, "%s%c %.1f", w == 0 ? "" : " ", sides[w][mm < 0], fabs (mm));
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* Files of floating point may hold what is not a number. */
static char *
dup_value (double hu)
{
  return isfinite (hu) ? g_strdup_printf (_ ("%.0f HU"), hu) : g_strdup (_ ("no value"));
}

char *
pl_probe_text (PlViewState *state)
{
  PlVolume *volume = pl_view_state_get_volume (state);
  PlMask *truth = pl_view_state_get_truth (state);
  int slice = pl_view_state_get_slice (state);
  const guint8 *predicted = pl_view_state_prediction_slice (state, slice);
  const guint8 *second = pl_view_state_mask_slice (state, PL_MASK_SECOND, slice);
  gboolean has_second = pl_view_state_get_second_name (state) != NULL;
  GString *text = g_string_new (NULL);
  const guint8 *heat = pl_view_state_heat_slice (state, slice);
  g_autofree char *position = NULL;
  g_autofree char *value = NULL;
  int row;
  int column;
  gsize pixel;

  pl_view_state_get_probe (state, &row, &column);
  if (volume == NULL || row < 0 || column < 0 || row >= volume->n[1] || column >= volume->n[2] ||
      slice >= pl_volume_ready_slices (volume))
    return g_string_free (text, FALSE);

  pixel = (gsize) row * (gsize) volume->n[2] + (gsize) column;
  value = dup_value (pl_volume_value (volume, slice, row, column));
  /* Translators: place and Hounsfield units of the pixel under the pointer. */
  g_string_append_printf (text, _ ("Column %d, row %d: %s"), column, row, value);
  if (truth != NULL)
    {
      g_autofree char *name = dup_class (state, PL_MASK_TRUTH, pl_mask_slice (truth, slice)[pixel]);

      /* Translators: what the pixel is, such as "lung". */
      g_string_append_printf (text, _ ("   Truth: %s"), name);
    }
  if (predicted != NULL)
    {
      g_autofree char *name = dup_class (state, PL_MASK_PREDICTION, predicted[pixel]);

      /* Translators: what the only model, or the first of two, says that the pixel is. */
      g_string_append_printf (text, has_second ? _ ("   A: %s") : _ ("   Prediction: %s"), name);
    }
  if (heat != NULL)
    /* Translators: the probability of the prediction at the pixel. */
    g_string_append_printf (text, _ ("   p = %.2f"), heat[pixel] / 255.0);
  if (second != NULL)
    {
      g_autofree char *name = dup_class (state, PL_MASK_SECOND, second[pixel]);

      g_string_append_printf (text, _ ("   B: %s"), name);
    }
  position = pl_probe_position (volume, slice, row, column);
  if (position != NULL)
    /* Translators: a place in the patient, as "R 17.6 P 35.3 S 12.1"; the letters stay. */
    g_string_append_printf (text, _ ("   %s mm"), position);
  return g_string_free (text, FALSE);
}
