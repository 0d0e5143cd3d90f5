/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The figures of a slice are counted at once, its HD95 in a thread, one slice at a time so that a
 * slider that moves fast leaves no queue behind; those of a case in a thread, once for each pair of
 * masks.
 */
#include "app/mask-pair.h"

#include "app/pending.h"

struct _PlMaskPair
{
  GObject parent_instance;

  PlMaskKind first;
  PlMaskKind second;
  gboolean is_of_slice;

  /* Owned */
  PlViewState *state;
  PlMask *masks[2]; /* (nullable): of the case: what was measured, or is being */
  PlPending measuring;

  gboolean is_old; /* another slice came while one was measured */
  gboolean is_known;
  PlComparison comparison;
};

G_DEFINE_FINAL_TYPE (PlMaskPair, pl_mask_pair, G_TYPE_OBJECT)

static guint changed_signal;

static void
tell (PlMaskPair *self)
{
  g_signal_emit (self, changed_signal, 0);
}

PlMaskPair *
pl_mask_pair_new (PlViewState *state, PlMaskKind first, PlMaskKind second, gboolean is_of_slice)
{
  PlMaskPair *self = g_object_new (PL_TYPE_MASK_PAIR, NULL);

  self->state = g_object_ref (state);
  self->first = first;
  self->second = second;
  self->is_of_slice = is_of_slice;
  return self;
}

static void
forget (PlMaskPair *self)
{
  pl_pending_forget (&self->measuring);
  for (int i = 0; i < 2; i++)
    g_clear_pointer (&self->masks[i], pl_mask_unref);
  self->is_known = FALSE;
}

void
pl_mask_pair_forget (PlMaskPair *self)
{
  g_return_if_fail (PL_IS_MASK_PAIR (self));

  forget (self);
  tell (self);
}

static void
measured_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PlMaskPair) self = data;
  PlComparison comparison;

  if (!pl_pending_end (&self->measuring, result))
    return;
  if (self->is_old)
    {
      pl_mask_pair_update (self);
      return;
    }
  if (!pl_comparison_measure_finish (result, &comparison, NULL))
    return;
  self->comparison = comparison;
  self->is_known = TRUE;
  tell (self);
}

static void
measure (PlMaskPair *self, PlMask *first, PlMask *second)
{
  self->is_old = FALSE;
  pl_comparison_measure_async (first, second, pl_view_state_get_volume (self->state)->spacing_mm,
                               pl_pending_begin (&self->measuring), measured_cb,
                               g_object_ref (self));
}

static PlMask *
copy_slice (const guint8 *labels, const int n[3])
{
  const int one[3] = { 1, n[1], n[2] };

  return pl_mask_new_take (one, g_memdup2 (labels, (gsize) n[1] * (gsize) n[2]));
}

static void
update_slice (PlMaskPair *self)
{
  int slice = pl_view_state_get_slice (self->state);
  const guint8 *first = pl_view_state_mask_slice (self->state, self->first, slice);
  const guint8 *second = pl_view_state_mask_slice (self->state, self->second, slice);
  const int *n;

  if (first == NULL || second == NULL)
    {
      pl_mask_pair_forget (self);
      return;
    }
  n = pl_view_state_get_volume (self->state)->n;
  self->comparison = pl_comparison_count (first, second, (gsize) n[1] * (gsize) n[2]);
  self->is_known = TRUE;
  self->is_old = pl_pending_is_on (&self->measuring);
  if (!self->is_old)
    {
      g_autoptr (PlMask) first_copy = copy_slice (first, n);
      g_autoptr (PlMask) second_copy = copy_slice (second, n);

      measure (self, first_copy, second_copy);
    }
  tell (self);
}

static void
update_case (PlMaskPair *self)
{
  PlMask *first = pl_view_state_get_mask (self->state, self->first);
  PlMask *second = pl_view_state_get_mask (self->state, self->second);

  if (first == self->masks[0] && second == self->masks[1])
    return;
  forget (self);
  if (first != NULL && second != NULL)
    {
      self->masks[0] = pl_mask_ref (first);
      self->masks[1] = pl_mask_ref (second);
      measure (self, first, second);
    }
  tell (self);
}

void
pl_mask_pair_update (PlMaskPair *self)
{
  g_return_if_fail (PL_IS_MASK_PAIR (self));

  if (self->is_of_slice)
    update_slice (self);
  else
    update_case (self);
}

const PlComparison *
pl_mask_pair_get (PlMaskPair *self)
{
  g_return_val_if_fail (PL_IS_MASK_PAIR (self), NULL);

  return self->is_known ? &self->comparison : NULL;
}

static void
pl_mask_pair_dispose (GObject *object)
{
  PlMaskPair *self = PL_MASK_PAIR (object);

  forget (self);
  g_clear_object (&self->state);

  G_OBJECT_CLASS (pl_mask_pair_parent_class)->dispose (object);
}

static void
pl_mask_pair_class_init (PlMaskPairClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pl_mask_pair_dispose;
  changed_signal = g_signal_new ("changed", PL_TYPE_MASK_PAIR, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
}

static void
pl_mask_pair_init (PlMaskPair *self)
{
}
