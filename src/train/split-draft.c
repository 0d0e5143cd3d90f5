/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Undo keeps whole states: a byte and a pointer a case, since names of patients are shared. */
#include "train/split-draft.h"

#include "train/split-fold.h"
#include "train/split.h"

enum
{
  N_GROUPS = PL_GROUP_IGNORE + 1,
  MOST_STATES = 200,
};

/* What can be changed. */
typedef struct
{
  guint n;
  guint8 *groups;
  char **patients; /* GRefString */
  gboolean are_apart;
} State;

struct _PlSplitDraft
{
  PlDataset *dataset;
  GPtrArray *undo; /* (element-type State): the last one last */
  GPtrArray *redo;
  State *saved;
};

static PlCase *
get_case (const PlSplitDraft *draft, guint index)
{
  return g_ptr_array_index (draft->dataset->cases, index);
}

static void
free_state (gpointer data)
{
  State *state = data;

  for (guint i = 0; i < state->n; i++)
    g_ref_string_release (state->patients[i]);
  g_free (state->patients);
  g_free (state->groups);
  g_free (state);
}

static State *
take_state (const PlSplitDraft *draft)
{
  State *state = g_new0 (State, 1);

  state->n = draft->dataset->cases->len;
  state->groups = g_new (guint8, state->n + 1);
  state->patients = g_new (char *, state->n + 1);
  state->are_apart = draft->dataset->cases_apart;
  for (guint i = 0; i < state->n; i++)
    {
      state->groups[i] = (guint8) get_case (draft, i)->group;
      state->patients[i] = g_ref_string_new_intern (get_case (draft, i)->patient);
    }
  return state;
}

static void
rename_patient (PlCase *self, const char *name)
{
  if (g_str_equal (self->patient, name))
    return;
  g_free (self->patient);
  self->patient = g_strdup (name);
}

static void
put_state (PlSplitDraft *draft, const State *state)
{
  for (guint i = 0; i < state->n; i++)
    {
      get_case (draft, i)->group = state->groups[i];
      rename_patient (get_case (draft, i), state->patients[i]);
    }
  draft->dataset->cases_apart = state->are_apart;
}

static gboolean
is_state (const PlSplitDraft *draft, const State *state)
{
  for (guint i = 0; i < state->n; i++)
    if (get_case (draft, i)->group != state->groups[i] ||
        !g_str_equal (get_case (draft, i)->patient, state->patients[i]))
      return FALSE;
  return draft->dataset->cases_apart == state->are_apart;
}

PlSplitDraft *
pl_split_draft_new (const PlDataset *dataset)
{
  PlSplitDraft *draft = g_new0 (PlSplitDraft, 1);

  draft->dataset = pl_dataset_copy (dataset);
  draft->undo = g_ptr_array_new_with_free_func (free_state);
  draft->redo = g_ptr_array_new_with_free_func (free_state);
  draft->saved = take_state (draft);
  return draft;
}

void
pl_split_draft_free (PlSplitDraft *draft)
{
  if (draft == NULL)
    return;
  pl_dataset_free (draft->dataset);
  g_ptr_array_unref (draft->undo);
  g_ptr_array_unref (draft->redo);
  free_state (draft->saved);
  g_free (draft);
}

const PlDataset *
pl_split_draft_get_dataset (const PlSplitDraft *draft)
{
  return draft->dataset;
}

gboolean
pl_split_draft_can_take_part (const PlSplitDraft *draft, guint index)
{
  return get_case (draft, index)->mask_path != NULL;
}

/* Ends a step that began with @before, which is taken. */
static gboolean
end_step (PlSplitDraft *draft, State *before)
{
  if (is_state (draft, before))
    {
      free_state (before);
      return FALSE;
    }
  g_ptr_array_add (draft->undo, before);
  if (draft->undo->len > MOST_STATES)
    g_ptr_array_remove_index (draft->undo, 0);
  g_ptr_array_set_size (draft->redo, 0);
  return TRUE;
}

static gboolean
takes_part (const PlCase *self)
{
  return self->group == PL_GROUP_TRAIN || self->group == PL_GROUP_VALIDATION ||
         self->group == PL_GROUP_TEST;
}

/* Puts the cases of each patient that take part where most of them are; of equals, what comes first
 * in PlGroup. */
static void
unite_patients (PlSplitDraft *draft)
{
  g_autoptr (GHashTable) counts = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);

  for (guint i = 0; i < draft->dataset->cases->len; i++)
    {
      PlCase *self = get_case (draft, i);
      int *n = g_hash_table_lookup (counts, self->patient);

      if (n == NULL)
        {
          n = g_new0 (int, N_GROUPS);
          g_hash_table_insert (counts, self->patient, n);
        }
      n[self->group]++;
    }
  for (guint i = 0; i < draft->dataset->cases->len; i++)
    {
      PlCase *self = get_case (draft, i);
      const int *n = g_hash_table_lookup (counts, self->patient);
      PlGroup most = PL_GROUP_TRAIN;

      if (n[PL_GROUP_VALIDATION] > n[most])
        most = PL_GROUP_VALIDATION;
      if (n[PL_GROUP_TEST] > n[most])
        most = PL_GROUP_TEST;
      if (takes_part (self))
        self->group = most;
    }
}

gboolean
pl_split_draft_move (PlSplitDraft *draft, const guint *cases, guint n_cases, PlGroup group)
{
  State *before = take_state (draft);
  g_autoptr (GHashTable) patients = g_hash_table_new (g_str_hash, g_str_equal);
  gboolean moves_patients = group != PL_GROUP_IGNORE && !draft->dataset->cases_apart;

  for (guint i = 0; i < n_cases; i++)
    {
      PlCase *self = get_case (draft, cases[i]);

      if (group != PL_GROUP_IGNORE && self->mask_path == NULL)
        continue;
      self->group = group;
      g_hash_table_add (patients, self->patient);
    }
  for (guint i = 0; moves_patients && i < draft->dataset->cases->len; i++)
    {
      PlCase *self = get_case (draft, i);

      if (self->mask_path != NULL && self->group != PL_GROUP_IGNORE &&
          g_hash_table_contains (patients, self->patient))
        self->group = group;
    }
  return end_step (draft, before);
}

gboolean
pl_split_draft_set_patient (PlSplitDraft *draft,
                            const guint *cases,
                            guint n_cases,
                            const char *name)
{
  State *before = take_state (draft);

  g_return_val_if_fail (name[0] != '\0', FALSE);

  for (guint i = 0; i < n_cases; i++)
    rename_patient (get_case (draft, cases[i]), name);
  if (!draft->dataset->cases_apart)
    unite_patients (draft);
  return end_step (draft, before);
}

gboolean
pl_split_draft_set_apart (PlSplitDraft *draft, gboolean are_apart)
{
  State *before = take_state (draft);

  draft->dataset->cases_apart = are_apart;
  if (!are_apart)
    unite_patients (draft);
  return end_step (draft, before);
}

/* Each case is a patient of its own while it is dealt. */
static State *
begin_deal (PlSplitDraft *draft)
{
  State *before = take_state (draft);

  for (guint i = 0; before->are_apart && i < before->n; i++)
    rename_patient (get_case (draft, i), get_case (draft, i)->name);
  return before;
}

/* Takes @before. */
static void
end_deal (PlSplitDraft *draft, State *before)
{
  draft->dataset->cases_apart = before->are_apart;
  for (guint i = 0; i < before->n; i++)
    rename_patient (get_case (draft, i), before->patients[i]);
  end_step (draft, before);
}

gboolean
pl_split_draft_deal (PlSplitDraft *draft, const double fractions[3], guint64 seed, GError **error)
{
  State *before = begin_deal (draft);
  gboolean is_dealt = pl_split_assign (draft->dataset, fractions, seed, error);

  end_deal (draft, before);
  return is_dealt;
}

gboolean
pl_split_draft_deal_fold (
    PlSplitDraft *draft, int n_folds, int fold, double validation, guint64 seed, GError **error)
{
  State *before = begin_deal (draft);
  gboolean is_dealt = pl_split_assign_fold (draft->dataset, n_folds, fold, validation, seed, error);

  end_deal (draft, before);
  return is_dealt;
}

gboolean
pl_split_draft_read (PlSplitDraft *draft, const char *path, GError **error)
{
  State *before = take_state (draft);
  gboolean is_read = pl_split_read (draft->dataset, path, error);

  end_step (draft, before);
  return is_read;
}

gboolean
pl_split_draft_can_undo (const PlSplitDraft *draft)
{
  return draft->undo->len > 0;
}

gboolean
pl_split_draft_can_redo (const PlSplitDraft *draft)
{
  return draft->redo->len > 0;
}

/* Back to the last state of @from, which @to then has the present one of. */
static void
step (PlSplitDraft *draft, GPtrArray *from, GPtrArray *to)
{
  State *state;

  g_return_if_fail (from->len > 0);

  state = g_ptr_array_steal_index (from, from->len - 1);
  g_ptr_array_add (to, take_state (draft));
  put_state (draft, state);
  free_state (state);
}

void
pl_split_draft_undo (PlSplitDraft *draft)
{
  step (draft, draft->undo, draft->redo);
}

void
pl_split_draft_redo (PlSplitDraft *draft)
{
  step (draft, draft->redo, draft->undo);
}

gboolean
pl_split_draft_is_changed (const PlSplitDraft *draft)
{
  return !is_state (draft, draft->saved);
}

void
pl_split_draft_set_saved (PlSplitDraft *draft)
{
  free_state (draft->saved);
  draft->saved = take_state (draft);
}

PlSplitCounts
pl_split_draft_count (const PlSplitDraft *draft, PlGroup group)
{
  g_autoptr (GHashTable) patients = g_hash_table_new (g_str_hash, g_str_equal);
  PlSplitCounts counts = { 0 };

  for (guint i = 0; i < draft->dataset->cases->len; i++)
    {
      PlCase *self = get_case (draft, i);

      if (self->group != group)
        continue;
      counts.cases++;
      counts.slices += self->header.shape[self->header.slice_axis];
      g_hash_table_add (patients, self->patient);
    }
  counts.patients = (int) g_hash_table_size (patients);
  return counts;
}
