/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The masks that the views show over a volume, and whose they are. */
#include "app/view-state-private.h"

/* TRUE if *slot changed; both may be NULL. */
static gboolean
replace_mask (PlMask **slot, PlMask *mask)
{
  if (*slot == mask)
    return FALSE;
  if (mask != NULL)
    pl_mask_ref (mask);
  g_clear_pointer (slot, pl_mask_unref);
  *slot = mask;
  return TRUE;
}

static gboolean
fits (PlViewState *self, const PlMask *mask)
{
  return mask == NULL || (self->volume != NULL && mask->n[0] == self->volume->n[0] &&
                          mask->n[1] == self->volume->n[1] && mask->n[2] == self->volume->n[2]);
}

PlMask *
pl_view_state_get_truth (PlViewState *self)
{
  g_return_val_if_fail (PL_IS_VIEW_STATE (self), NULL);

  return self->truth;
}

void
pl_view_state_set_truth (PlViewState *self, PlMask *truth)
{
  g_return_if_fail (PL_IS_VIEW_STATE (self));
  g_return_if_fail (fits (self, truth));

  if (replace_mask (&self->truth, truth))
    pl_view_state_notify (self, PL_VIEW_PROP_TRUTH);
}

PlMask *
pl_view_state_get_prediction (PlViewState *self)
{
  g_return_val_if_fail (PL_IS_VIEW_STATE (self), NULL);

  return self->prediction;
}

void
pl_view_state_set_prediction (PlViewState *self, PlMask *prediction)
{
  g_return_if_fail (PL_IS_VIEW_STATE (self));
  g_return_if_fail (fits (self, prediction));

  if (!replace_mask (&self->prediction, prediction))
    return;
  pl_view_state_set_heat (self, NULL);
  pl_view_state_notify (self, PL_VIEW_PROP_PREDICTION);
}

PlMask *
pl_view_state_get_heat (PlViewState *self)
{
  g_return_val_if_fail (PL_IS_VIEW_STATE (self), NULL);

  return self->heat;
}

void
pl_view_state_set_heat (PlViewState *self, PlMask *heat)
{
  g_return_if_fail (PL_IS_VIEW_STATE (self));
  g_return_if_fail (fits (self, heat));

  if (replace_mask (&self->heat, heat))
    pl_view_state_notify (self, PL_VIEW_PROP_HEAT);
}

const guint8 *
pl_view_state_heat_slice (PlViewState *self, int slice)
{
  g_return_val_if_fail (PL_IS_VIEW_STATE (self), NULL);

  if (self->heat == NULL || slice < 0 || slice >= self->heat->n[0] ||
      pl_view_state_get_preview (self, slice) != NULL)
    return NULL;
  return pl_mask_slice (self->heat, slice);
}

PlMask *
pl_view_state_get_second (PlViewState *self)
{
  g_return_val_if_fail (PL_IS_VIEW_STATE (self), NULL);

  return self->second;
}

void
pl_view_state_set_second (PlViewState *self, PlMask *second)
{
  g_return_if_fail (PL_IS_VIEW_STATE (self));
  g_return_if_fail (fits (self, second));

  if (replace_mask (&self->second, second))
    pl_view_state_notify (self, PL_VIEW_PROP_SECOND);
}

PlMask *
pl_view_state_get_preview (PlViewState *self, int slice)
{
  g_return_val_if_fail (PL_IS_VIEW_STATE (self), NULL);

  return g_hash_table_lookup (self->previews, GINT_TO_POINTER (slice));
}

GHashTable *
pl_view_state_get_previews (PlViewState *self)
{
  g_return_val_if_fail (PL_IS_VIEW_STATE (self), NULL);

  return self->previews;
}

GHashTable *
pl_view_state_new_previews (void)
{
  return g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) pl_mask_unref);
}

/* Takes @previews. */
static void
take_previews (PlViewState *self, GHashTable *previews)
{
  g_hash_table_unref (self->previews);
  self->previews = previews;
  pl_view_state_notify (self, PL_VIEW_PROP_PREVIEW);
}

void
pl_view_state_set_preview (PlViewState *self, PlMask *preview, int slice)
{
  GHashTable *previews;
  GHashTableIter iter;
  gpointer key;
  gpointer value;

  g_return_if_fail (PL_IS_VIEW_STATE (self));
  g_return_if_fail (preview == NULL ||
                    (self->volume != NULL && preview->n[1] == self->volume->n[1] &&
                     preview->n[2] == self->volume->n[2]));

  if (pl_view_state_get_preview (self, slice) == preview)
    return;
  previews = pl_view_state_new_previews ();
  g_hash_table_iter_init (&iter, self->previews);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (GPOINTER_TO_INT (key) != slice)
      g_hash_table_insert (previews, key, pl_mask_ref (value));
  if (preview != NULL)
    g_hash_table_insert (previews, GINT_TO_POINTER (slice), pl_mask_ref (preview));
  take_previews (self, previews);
}

void
pl_view_state_keep_previews (PlViewState *self, const int *slices, int n_slices)
{
  GHashTable *previews;

  g_return_if_fail (PL_IS_VIEW_STATE (self));

  previews = pl_view_state_new_previews ();
  for (int i = 0; i < n_slices; i++)
    {
      PlMask *preview = pl_view_state_get_preview (self, slices[i]);

      if (preview != NULL)
        g_hash_table_insert (previews, GINT_TO_POINTER (slices[i]), pl_mask_ref (preview));
    }
  if (g_hash_table_size (previews) < g_hash_table_size (self->previews))
    take_previews (self, previews);
  else
    g_hash_table_unref (previews);
}

/* Appends to @slices those of @a that are not the same in @b; @either: also those that are in both.
 */
static void
add_differing (GHashTable *a, GHashTable *b, gboolean either, GArray *slices)
{
  GHashTableIter iter;
  gpointer key;
  gpointer value;

  g_hash_table_iter_init (&iter, a);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      gpointer other = g_hash_table_lookup (b, key);
      int slice = GPOINTER_TO_INT (key);

      if (other == NULL || (either && other != value))
        g_array_append_val (slices, slice);
    }
}

GArray *
pl_view_state_compare_previews (GHashTable *before, GHashTable *now)
{
  GArray *slices = g_array_new (FALSE, FALSE, sizeof (int));

  add_differing (now, before, TRUE, slices);
  add_differing (before, now, FALSE, slices);
  return slices;
}

const guint8 *
pl_view_state_prediction_slice (PlViewState *self, int slice)
{
  PlMask *preview;

  g_return_val_if_fail (PL_IS_VIEW_STATE (self), NULL);

  preview = pl_view_state_get_preview (self, slice);
  if (preview != NULL)
    return pl_mask_slice (preview, 0);
  if (self->prediction != NULL && slice >= 0 && slice < self->prediction->n[0])
    return pl_mask_slice (self->prediction, slice);
  return NULL;
}

PlMask *
pl_view_state_get_mask (PlViewState *self, PlMaskKind kind)
{
  g_return_val_if_fail (PL_IS_VIEW_STATE (self), NULL);

  return kind == PL_MASK_TRUTH    ? self->truth
         : kind == PL_MASK_SECOND ? self->second
                                  : self->prediction;
}

int
pl_view_state_count_labels (PlViewState *self, PlMaskKind kind)
{
  PlMask *mask = pl_view_state_get_mask (self, kind);
  int n = mask != NULL ? mask->max_label : 0;
  GHashTableIter iter;
  gpointer preview;

  g_return_val_if_fail (PL_IS_VIEW_STATE (self), 0);

  if (kind != PL_MASK_PREDICTION)
    return n;
  g_hash_table_iter_init (&iter, self->previews);
  while (g_hash_table_iter_next (&iter, NULL, &preview))
    n = MAX (n, ((PlMask *) preview)->max_label);
  return n;
}

const guint8 *
pl_view_state_mask_slice (PlViewState *self, PlMaskKind kind, int slice)
{
  PlMask *mask;

  g_return_val_if_fail (PL_IS_VIEW_STATE (self), NULL);

  if (kind == PL_MASK_PREDICTION)
    return pl_view_state_prediction_slice (self, slice);
  mask = pl_view_state_get_mask (self, kind);
  return mask != NULL && slice >= 0 && slice < mask->n[0] ? pl_mask_slice (mask, slice) : NULL;
}

const char *
pl_view_state_get_model_name (PlViewState *self)
{
  g_return_val_if_fail (PL_IS_VIEW_STATE (self), NULL);

  return self->model_name;
}

const char *
pl_view_state_get_second_name (PlViewState *self)
{
  g_return_val_if_fail (PL_IS_VIEW_STATE (self), NULL);

  return self->second_name;
}

static void
set_name (PlViewState *self, char **slot, const char *name, PlViewProperty property)
{
  if (g_strcmp0 (*slot, name) == 0)
    return;
  g_free (*slot);
  *slot = g_strdup (name);
  pl_view_state_notify (self, property);
}

void
pl_view_state_set_model_name (PlViewState *self, const char *name)
{
  g_return_if_fail (PL_IS_VIEW_STATE (self));

  set_name (self, &self->model_name, name, PL_VIEW_PROP_MODEL_NAME);
}

void
pl_view_state_set_second_name (PlViewState *self, const char *name)
{
  g_return_if_fail (PL_IS_VIEW_STATE (self));

  set_name (self, &self->second_name, name, PL_VIEW_PROP_SECOND_NAME);
}
