/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/mask-name.h"

#include "image/label-colour.h"

#include <glib/gi18n.h>

/* @letter: of the model. @name: (nullable) */
static char *
dup_of_model (const char *letter, const char *name)
{
  if (name == NULL)
    /* Translators: a prediction of the model A or B. */
    return g_strdup_printf (_ ("Prediction %s"), letter);
  /* Translators: the same, and what the model is called. */
  return g_strdup_printf (_ ("Prediction %s – %s"), letter, name);
}

char *
pl_mask_dup_name (PlViewState *state, PlMaskKind kind)
{
  const char *second = pl_view_state_get_second_name (state);

  switch (kind)
    {
    case PL_MASK_PREDICTION:
      return second == NULL ? g_strdup (_ ("Prediction"))
                            : dup_of_model ("A", pl_view_state_get_model_name (state));
    case PL_MASK_SECOND:
      return dup_of_model ("B", second);
    case PL_MASK_TRUTH:
    default:
      return g_strdup (_ ("Ground truth"));
    }
}

guint32
pl_mask_rgb (PlMaskKind kind)
{
  static const guint32 families[] = {
    [PL_MASK_TRUTH] = PL_TRUTH_RGB,
    [PL_MASK_PREDICTION] = PL_PREDICTION_RGB,
    [PL_MASK_SECOND] = PL_SECOND_RGB,
  };

  return families[kind];
}

char *
pl_mask_dup_markup (PlViewState *state, PlMaskKind kind)
{
  g_autofree char *name = pl_mask_dup_name (state, kind);

  return g_markup_printf_escaped ("<span color='#%06x'>■</span> %s",
                                  pl_label_rgb (pl_mask_rgb (kind), 1), name);
}
