/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands that change the draft. */
#include "app/split-editor-private.h"

#include <glib/gi18n.h>

static void
move_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PlSplitEditor *self = data;
  g_autoptr (GArray) cases = pl_split_editor_list_selected (self);
  PlGroup group;
  guint n_without = 0;

  if (!pl_group_from_name (g_variant_get_string (parameter, NULL), &group))
    return;
  for (guint i = 0; group != PL_GROUP_IGNORE && i < cases->len; i++)
    n_without += !pl_split_draft_can_take_part (self->draft, g_array_index (cases, guint, i));
  if (pl_split_draft_move (self->draft, (const guint *) cases->data, cases->len, group))
    pl_split_editor_update (self);
  if (n_without > 0)
    {
      g_autofree char *text =
          g_strdup_printf (ngettext ("%u case has no mask and stays where it is",
                                     "%u cases have no masks and stay where they are", n_without),
                           n_without);

      pl_split_editor_toast (self, text);
    }
}

void
pl_split_editor_set_patient (PlSplitEditor *self, const char *name)
{
  g_autoptr (GArray) cases = pl_split_editor_list_selected (self);

  if (pl_split_draft_set_patient (self->draft, (const guint *) cases->data, cases->len, name))
    pl_split_editor_update (self);
}

/* With folds, one of them is the test and the two other shares divide the rest. */
static gboolean
deal (PlSplitEditor *self, GError **error)
{
  const double shares[3] = {
    gtk_spin_button_get_value (self->train_share),
    gtk_spin_button_get_value (self->validation_share),
    gtk_spin_button_get_value (self->test_share),
  };
  guint64 seed = (guint64) gtk_spin_button_get_value (self->seed);
  double validation = shares[0] > 0 ? shares[1] / (shares[0] + shares[1]) : 0;

  if (!gtk_check_button_get_active (self->fold_check))
    return pl_split_draft_deal (self->draft, shares, seed, error);
  return pl_split_draft_deal_fold (self->draft, gtk_spin_button_get_value_as_int (self->n_folds),
                                   gtk_spin_button_get_value_as_int (self->fold) - 1, validation,
                                   seed, error);
}

static void
deal_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PlSplitEditor *self = data;
  g_autoptr (GError) error = NULL;

  gtk_menu_button_popdown (self->deal_button);
  if (deal (self, &error))
    pl_split_editor_update (self);
  else
    pl_split_editor_complain (self, error->message);
}

static void
undo_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PlSplitEditor *self = data;

  pl_split_draft_undo (self->draft);
  pl_split_editor_update (self);
}

static void
redo_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PlSplitEditor *self = data;

  pl_split_draft_redo (self->draft);
  pl_split_editor_update (self);
}

static const GActionEntry entries[] = {
  { "move", move_cb, "s" },
  { "deal", deal_cb },
  { "undo", undo_cb },
  { "redo", redo_cb },
};

void
pl_split_editor_add_actions (PlSplitEditor *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries),
                                   self);
}
