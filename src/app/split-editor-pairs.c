/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Look-alikes in the editor: all pairs of different patients are found once, by a worker; which of
 * them lie across the parts is looked up after each step. */
#include "app/split-editor-private.h"

#include "app/split-editor-likes.h"
#include "train/near-duplicates.h"

#include <glib/gi18n.h>

/* The editor is held weakly: it must not outlive the window that it is above. */
typedef struct
{
  PlDataset *dataset;
  PlRelay *relay;
  GWeakRef editor;
} Job;

static void
free_job (gpointer data)
{
  Job *job = data;

  pl_dataset_free (job->dataset);
  pl_relay_stop (job->relay);
  pl_relay_unref (job->relay);
  g_weak_ref_clear (&job->editor);
  g_free (job);
}

static void
find_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  GError *error = NULL;
  GArray *pairs =
      pl_near_duplicates_find (job->dataset, pl_relay_report_cb, job->relay, cancellable, &error);

  if (pairs == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, pairs, (GDestroyNotify) g_array_unref);
}

static void
progress_cb (GObject *target, PlVolume *volume, double fraction)
{
  gtk_progress_bar_set_fraction (PL_SPLIT_EDITOR (target)->pairs_progress, fraction);
}

static void
found_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Job *job = g_task_get_task_data (G_TASK (result));
  g_autoptr (PlSplitEditor) self = g_weak_ref_get (&job->editor);
  g_autoptr (GArray) pairs = g_task_propagate_pointer (G_TASK (result), NULL);

  if (self == NULL || self->finding != g_task_get_cancellable (G_TASK (result)))
    return;
  g_clear_object (&self->finding);
  g_clear_pointer (&self->pairs, g_array_unref);
  self->pairs = g_steal_pointer (&pairs);
  pl_split_editor_update_pairs (self);
}

static void
find_pairs_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PlSplitEditor *self = data;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, found_cb, NULL);
  Job *job = g_new0 (Job, 1);

  pl_split_editor_stop_finding (self);
  self->finding = g_object_ref (cancellable);
  job->dataset = pl_dataset_copy (pl_split_draft_get_dataset (self->draft));
  g_weak_ref_init (&job->editor, self);
  job->relay = pl_relay_new (G_OBJECT (self), cancellable, progress_cb);
  g_task_set_source_tag (task, find_pairs_cb);
  g_task_set_task_data (task, job, free_job);
  gtk_progress_bar_set_fraction (self->pairs_progress, 0);
  g_task_run_in_thread (task, find_thread);
  pl_split_editor_update_pairs (self);
}

static void
cancel_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pl_split_editor_stop_finding (data);
  pl_split_editor_update_pairs (data);
}

static const PlCase *
get_case (PlSplitEditor *self, guint index)
{
  return g_ptr_array_index (pl_split_draft_get_dataset (self->draft)->cases, index);
}

/* Those that lie across the parts, then the rest; without what has become one patient. */
static GArray *
list_pairs (PlSplitEditor *self, guint *n_across)
{
  const PlDataset *dataset = pl_split_draft_get_dataset (self->draft);
  GArray *list = g_array_new (FALSE, FALSE, sizeof (PlNearDuplicate));

  for (int pass = 0; pass < 2; pass++)
    {
      for (guint i = 0; self->pairs != NULL && i < self->pairs->len; i++)
        {
          const PlNearDuplicate *pair = &g_array_index (self->pairs, PlNearDuplicate, i);
          gboolean is_across = pl_near_duplicate_crosses (pair, dataset);

          if (is_across == (pass == 0) && !g_str_equal (get_case (self, pair->first)->patient,
                                                        get_case (self, pair->second)->patient))
            g_array_append_vals (list, pair, 1);
        }
      if (pass == 0)
        *n_across = list->len;
    }
  return list;
}

/* All cases of the second's patient become the first's. */
static void
united_cb (PlSplitEditor *self, guint first, guint second)
{
  const PlDataset *dataset = pl_split_draft_get_dataset (self->draft);
  g_autofree char *patient = g_strdup (get_case (self, first)->patient);
  g_autofree char *other = g_strdup (get_case (self, second)->patient);
  g_autoptr (GArray) cases = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autofree char *text = NULL;

  for (guint i = 0; i < dataset->cases->len; i++)
    if (g_str_equal (get_case (self, i)->patient, other))
      g_array_append_val (cases, i);
  if (!pl_split_draft_set_patient (self->draft, (const guint *) cases->data, cases->len, patient))
    return;
  text = g_strdup_printf (_ ("The patients “%s” and “%s” are one now"), patient, other);
  pl_split_editor_toast (self, text);
  pl_split_editor_update (self);
}

static void
show_pairs_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PlSplitEditor *self = data;
  guint n_across;
  g_autoptr (GArray) pairs = list_pairs (self, &n_across);
  GtkWindow *window =
      pl_split_likes_new (GTK_WINDOW (self), pl_split_draft_get_dataset (self->draft), pairs);

  g_signal_connect_object (window, "united", G_CALLBACK (united_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (window);
}

static const GActionEntry entries[] = {
  { "find-pairs", find_pairs_cb },
  { "cancel", cancel_cb },
  { "show-pairs", show_pairs_cb },
};

void
pl_split_editor_add_pairs_actions (PlSplitEditor *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries),
                                   self);
}

static char *
dup_summary (guint n_across, guint n_all)
{
  if (n_all == 0)
    return g_strdup (_ ("No images of different patients look alike"));
  if (n_across == 0)
    return g_strdup_printf (ngettext ("%u pair of images looks alike, within one part",
                                      "%u pairs of images look alike, each within one part", n_all),
                            n_all);
  return g_strdup_printf (ngettext ("%u pair of images looks alike across the parts",
                                    "%u pairs of images look alike across the parts", n_across),
                          n_across);
}

void
pl_split_editor_update_pairs (PlSplitEditor *self)
{
  gboolean is_finding = self->finding != NULL;
  guint n_across;
  g_autoptr (GArray) pairs = list_pairs (self, &n_across);
  g_autofree char *text =
      self->pairs != NULL && !is_finding ? dup_summary (n_across, pairs->len) : g_strdup ("");

  gtk_label_set_text (self->pairs_label, text);
  if (n_across > 0)
    gtk_widget_add_css_class (GTK_WIDGET (self->pairs_label), "warning");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->pairs_label), "warning");
  gtk_widget_set_visible (GTK_WIDGET (self->pairs_label), !is_finding);
  gtk_widget_set_visible (GTK_WIDGET (self->pairs_progress), is_finding);
  gtk_widget_set_visible (self->cancel_button, is_finding);
  gtk_widget_set_visible (self->show_pairs_button, !is_finding && pairs->len > 0);
  pl_split_editor_enable (self, "find-pairs", !is_finding);
  pl_split_editor_enable (self, "show-pairs", !is_finding && pairs->len > 0);
}

void
pl_split_editor_stop_finding (PlSplitEditor *self)
{
  g_cancellable_cancel (self->finding);
  g_clear_object (&self->finding);
}
