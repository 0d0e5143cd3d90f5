/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the labels in view are called, for all who say it: the legend, the pixel under the pointer,
 * figures and the strip. */
#include "app/view-state-private.h"

#include "app/legend-text.h"

static gboolean
is_same (GStrv a, GStrv b)
{
  return a == b || (a != NULL && b != NULL &&
                    g_strv_equal ((const char *const *) a, (const char *const *) b));
}

void
pl_view_state_set_names (PlViewState *self, GStrv of_data, GStrv of_model)
{
  GStrv data_names;
  GStrv model_names;

  g_return_if_fail (PL_IS_VIEW_STATE (self));

  if (is_same (self->data_names, of_data) && is_same (self->model_names, of_model))
    return;
  data_names = g_strdupv (of_data); /* they may be its own */
  model_names = g_strdupv (of_model);
  g_strfreev (self->data_names);
  g_strfreev (self->model_names);
  self->data_names = data_names;
  self->model_names = model_names;
  pl_view_state_notify (self, PL_VIEW_PROP_NAMES);
}

/* Masks may have labels that the data set has no names for; a model of as many classes has. */
static GStrv
find_true_names (PlViewState *self)
{
  int n = pl_view_state_count_labels (self, PL_MASK_TRUTH);

  if (self->data_names != NULL && self->model_names != NULL &&
      (int) g_strv_length (self->data_names) < n && (int) g_strv_length (self->model_names) == n)
    return self->model_names;
  return self->data_names;
}

GStrv
pl_view_state_get_names (PlViewState *self, PlMaskKind kind)
{
  g_return_val_if_fail (PL_IS_VIEW_STATE (self), NULL);

  if (kind == PL_MASK_TRUTH)
    return find_true_names (self);
  return self->model_names != NULL ? self->model_names : self->data_names;
}

char *
pl_view_state_dup_label_name (PlViewState *self, PlMaskKind kind, int label)
{
  return pl_label_dup_name (pl_view_state_get_names (self, kind), label);
}

void
pl_view_state_colours_changed (PlViewState *self)
{
  g_return_if_fail (PL_IS_VIEW_STATE (self));

  pl_view_state_notify (self, PL_VIEW_PROP_LABEL_COLOURS);
}
