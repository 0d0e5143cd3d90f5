/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Facts of a volume are counted anew when a mask comes or goes; of cases, Dice and group are in the
 * items, and areas are only worked out when tiles are to be sorted by them, for that reads every
 * mask.
 */
#include "app/montage-content-private.h"

#include "app/comparison.h"
#include "app/montage-facts.h"
#include "app/tile-case.h"

#include <math.h>

/* Previews come from a training a few times a second: tiles stay where they are, and each is
 * counted alone (0.5 ms at 512 × 512). */
static double
find_live_dice (PlMontageContent *self, int slice)
{
  PlMask *preview = pl_view_state_get_preview (self->state, slice);
  const guint8 *truth = pl_view_state_mask_slice (self->state, PL_MASK_TRUTH, slice);

  if (preview == NULL || truth == NULL || pl_montage_content_find_reslice (self).held != 0)
    return NAN;
  return pl_comparison_count (preview->labels, truth, (gsize) preview->n[1] * (gsize) preview->n[2])
      .dice;
}

void
pl_montage_content_forget_previews (PlMontageContent *self)
{
  g_clear_pointer (&self->previews, g_hash_table_unref);
  self->previews = g_hash_table_new (NULL, NULL);
}

void
pl_montage_content_count_previews (PlMontageContent *self)
{
  g_autoptr (GHashTable) before = g_steal_pointer (&self->previews);
  g_autoptr (GArray) slices = NULL;

  self->previews = g_hash_table_ref (pl_view_state_get_previews (self->state));
  slices = pl_view_state_compare_previews (before, self->previews);
  for (guint i = 0; i < slices->len; i++)
    {
      int slice = g_array_index (slices, int, i);

      if (slice < (int) self->live_dice->len)
        g_array_index (self->live_dice, double, slice) = find_live_dice (self, slice);
    }
}

void
pl_montage_content_read_preview (PlMontageContent *self, int subject)
{
  const PlLiveCase *live = pl_case_item_get_live (pl_montage_content_item (self, subject));

  g_array_index (self->live_dice, double, subject) = live == NULL ? NAN : live->dice;
}

void
pl_montage_content_forget_facts (PlMontageContent *self, int n)
{
  pl_pending_forget (&self->counting);
  g_array_set_size (self->facts, (guint) n);
  for (int i = 0; i < n; i++)
    *pl_montage_content_fact (self, i) = PL_MONTAGE_FACT_NONE;
  g_array_set_size (self->live_dice, (guint) n);
  for (int i = 0; i < n; i++)
    g_array_index (self->live_dice, double, i) = NAN;
  pl_montage_content_forget_previews (self);
  self->has_areas = FALSE;
}

static void
facts_counted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PlMontageContent) self = data;
  g_autoptr (GArray) facts = NULL;

  if (!pl_pending_end (&self->counting, result))
    return;
  facts = pl_montage_facts_finish (result, NULL);
  if (facts == NULL)
    return;
  g_clear_pointer (&self->facts, g_array_unref);
  self->facts = g_steal_pointer (&facts);
  pl_montage_content_tell_facts (self);
}

static gboolean
is_test_case (PlMontageContent *self)
{
  return self->current != NULL && pl_case_item_get_case (self->current)->group == PL_GROUP_TEST;
}

void
pl_montage_content_count_facts (PlMontageContent *self)
{
  PlVolume *volume = pl_view_state_get_volume (self->state);
  PlMask *truth = pl_view_state_get_truth (self->state);
  PlMask *prediction = pl_view_state_get_prediction (self->state);
  PlReslice reslice = pl_montage_content_find_reslice (self);

  if (truth == NULL && prediction == NULL)
    {
      pl_montage_content_forget_facts (self, (int) self->facts->len);
      for (guint i = 0; i < self->facts->len; i++)
        pl_montage_content_fact (self, (int) i)->is_test = is_test_case (self);
      pl_montage_content_tell_facts (self);
      return;
    }
  pl_montage_facts_async (truth, prediction, &reslice,
                          volume->spacing_mm[reslice.down] * volume->spacing_mm[reslice.across],
                          is_test_case (self), pl_pending_begin (&self->counting), facts_counted_cb,
                          g_object_ref (self));
}

static void
areas_counted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PlMontageContent) self = data;
  g_autoptr (GArray) areas = NULL;

  if (!pl_pending_end (&self->counting, result))
    return;
  areas = pl_montage_areas_finish (result, NULL);
  if (areas == NULL)
    return;
  for (guint i = 0; i < areas->len; i++)
    pl_montage_content_fact (self, (int) i)->area_mm2 = g_array_index (areas, double, i);
  pl_montage_content_tell_facts (self);
}

void
pl_montage_content_count_areas (PlMontageContent *self)
{
  g_autoptr (GPtrArray) cases = NULL;

  if (self->items == NULL || self->has_areas || self->options.order.sort != PL_MONTAGE_SORT_AREA)
    return;
  self->has_areas = TRUE;
  cases = pl_montage_content_dup_cases (self);
  pl_montage_areas_async (cases, pl_pending_begin (&self->counting), areas_counted_cb,
                          g_object_ref (self));
}

void
pl_montage_content_read_item (PlMontageContent *self, int subject)
{
  PlCaseItem *item = pl_montage_content_item (self, subject);
  const PlCase *source = pl_case_item_get_case (item);
  PlMontageFact *fact = pl_montage_content_fact (self, subject);

  fact->dice = pl_case_item_get_dice (item);
  fact->has_mask = source->mask_path != NULL;
  fact->is_test = source->group == PL_GROUP_TEST;
  pl_montage_content_read_preview (self, subject);
}

/* Of slices there may be a prediction that is of what is looked at, and counted. */
static gboolean
hides_dice (PlMontageContent *self)
{
  return self->hides_predictions &&
         (self->items != NULL || pl_view_state_get_prediction (self->state) == NULL ||
          pl_pending_is_on (&self->counting));
}

PlMontageFact
pl_montage_content_get_fact (PlMontageContent *self, int subject)
{
  PlMontageFact fact;
  double live_dice;

  g_return_val_if_fail (subject >= 0 && subject < (int) self->facts->len, PL_MONTAGE_FACT_NONE);

  fact = *pl_montage_content_fact (self, subject);
  live_dice = g_array_index (self->live_dice, double, subject);
  if (!isnan (live_dice) || hides_dice (self))
    fact.dice = live_dice;
  return fact;
}

gboolean
pl_montage_content_knows_dice (PlMontageContent *self)
{
  for (guint i = 0; i < self->facts->len; i++)
    if (!isnan (pl_montage_content_get_fact (self, (int) i).dice))
      return TRUE;
  return FALSE;
}

PlCaseItem *
pl_montage_content_get_case (PlMontageContent *self, int subject)
{
  g_return_val_if_fail (subject >= 0 && subject < (int) self->facts->len, NULL);

  return self->items == NULL ? NULL : pl_montage_content_item (self, subject);
}

gboolean
pl_montage_content_hides_predictions (PlMontageContent *self)
{
  return self->hides_predictions;
}

void
pl_montage_content_hide_predictions (PlMontageContent *self, gboolean hide)
{
  if (hide == self->hides_predictions)
    return;
  self->hides_predictions = hide;
  for (guint i = 0; self->items != NULL && i < self->items->len; i++)
    if (pl_case_item_has_prediction (pl_montage_content_item (self, (int) i)))
      g_signal_emit_by_name (self, "subject-changed", (int) i);
  g_signal_emit_by_name (self, "facts-changed");
  if (!hide && self->items == NULL && self->facts->len > 0)
    pl_montage_content_count_facts (self);
}

GPtrArray *
pl_montage_content_dup_cases (PlMontageContent *self)
{
  GPtrArray *cases;

  if (self->items == NULL)
    return NULL;
  cases = g_ptr_array_new_with_free_func ((GDestroyNotify) pl_tile_case_unref);
  for (guint i = 0; i < self->items->len; i++)
    g_ptr_array_add (cases, pl_tile_case_new (pl_montage_content_item (self, (int) i)));
  return cases;
}
