/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The estimate is that of one training, measured in a worker while the dialog is open, times the
 * number of trainings: those of a learning curve take as many steps each. */
#include "app/experiment-dialog.h"

#include "train/estimate.h"
#include "train/split-fold.h"
#include "train/split.h"

#include <glib/gi18n.h>
#include <math.h>

struct _PlExperimentDialog
{
  AdwMessageDialog parent_instance;

  /* Owned */
  PlDataset *dataset;
  GCancellable *measuring;

  PlExperimentKind kind;
  PlTrainSettings settings;
  gboolean is_measured;
  PlStepTime time;

  /* Template children */
  GtkWidget *folds_row;
  GtkSpinButton *folds_spin;
  GtkEditable *shares_row;
  GtkLabel *estimate;
};

G_DEFINE_FINAL_TYPE (PlExperimentDialog, pl_experiment_dialog, ADW_TYPE_MESSAGE_DIALOG)

static gboolean
get_plan (PlExperimentDialog *self, PlExperimentPlan *plan, GError **error)
{
  if (self->kind == PL_EXPERIMENT_CROSS_VALIDATION)
    return pl_experiment_plan_folds (plan, gtk_spin_button_get_value_as_int (self->folds_spin),
                                     error);
  return pl_experiment_plan_shares (plan, gtk_editable_get_text (self->shares_row), error);
}

/* Images of one training, the largest of a learning curve. */
static PlImageCounts
count_images (PlExperimentDialog *self, const PlExperimentPlan *plan, GError **error)
{
  const double *split = self->settings.split;
  guint64 seed = self->settings.seed;
  g_autoptr (PlDataset) dataset = pl_dataset_copy (self->dataset);

  if (plan->kind == PL_EXPERIMENT_CROSS_VALIDATION)
    pl_split_assign_fold (dataset, plan->n_runs, 0, split[1] / (split[0] + split[1]), seed, error);
  else
    pl_split_settle (dataset, split, seed, error);
  return pl_estimate_count (dataset, &self->settings);
}

/* "3 min", "2.5 h": it is an estimate. */
static char *
format_duration (double seconds)
{
  if (seconds < 60)
    return g_strdup_printf (_ ("%.0f s"), ceil (seconds));
  if (seconds < 5400)
    return g_strdup_printf (_ ("%.0f min"), seconds / 60);
  return g_strdup_printf (_ ("%.1f h"), seconds / 3600);
}

static char *
dup_estimate (PlExperimentDialog *self, const PlExperimentPlan *plan, const PlImageCounts *counts)
{
  double one_s = pl_estimate_seconds (&self->settings, counts, &self->time);
  g_autofree char *one = format_duration (one_s);
  g_autofree char *all = format_duration (one_s * plan->n_runs);

  return g_strdup_printf (ngettext ("%d training of about %s: %s in all.",
                                    "%d trainings of about %s each: %s in all.",
                                    (gulong) plan->n_runs),
                          plan->n_runs, one, all);
}

/* What is wrong with the answer, or how long it will take. */
static void
update (PlExperimentDialog *self)
{
  PlExperimentPlan plan;
  PlImageCounts counts;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (get_plan (self, &plan, &error))
    counts = count_images (self, &plan, &error);
  if (error != NULL)
    text = g_strdup (error->message);
  else if (self->is_measured)
    text = dup_estimate (self, &plan, &counts);
  else
    text = g_strdup (_ ("Estimating the time…"));
  gtk_label_set_text (self->estimate, text);
  adw_message_dialog_set_response_enabled (ADW_MESSAGE_DIALOG (self), "start", error == NULL);
}

static void
changed_cb (PlExperimentDialog *self)
{
  if (self->dataset != NULL)
    update (self);
}

static void
measure_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  PlStepTime time;

  if (pl_estimate_measure (data, cancellable, &time, &error))
    g_task_return_pointer (task, g_memdup2 (&time, sizeof time), g_free);
  else
    g_task_return_error (task, error);
}

static void
measured_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PlExperimentDialog) self = data;
  g_autoptr (GError) error = NULL;
  g_autofree PlStepTime *time = g_task_propagate_pointer (G_TASK (result), &error);

  if (g_cancellable_is_cancelled (self->measuring))
    return;
  if (time == NULL)
    {
      gtk_label_set_text (self->estimate, error->message);
      return;
    }
  self->time = *time;
  self->is_measured = TRUE;
  update (self);
}

static void
measure (PlExperimentDialog *self)
{
  g_autoptr (GTask) task = g_task_new (NULL, self->measuring, measured_cb, g_object_ref (self));

  g_task_set_source_tag (task, measure);
  g_task_set_task_data (task, g_memdup2 (&self->settings, sizeof self->settings), g_free);
  g_task_run_in_thread (task, measure_thread);
}

GtkWindow *
pl_experiment_dialog_new (GtkWindow *parent,
                          PlExperimentKind kind,
                          const PlDataset *dataset,
                          const PlTrainSettings *settings)
{
  PlExperimentDialog *self =
      g_object_new (PL_TYPE_EXPERIMENT_DIALOG, "transient-for", parent, NULL);
  gboolean is_cross_validation = kind == PL_EXPERIMENT_CROSS_VALIDATION;

  self->kind = kind;
  self->settings = *settings;
  self->dataset = pl_dataset_copy (dataset);
  adw_message_dialog_set_heading (ADW_MESSAGE_DIALOG (self), is_cross_validation
                                                                 ? _ ("Cross-Validation")
                                                                 : _ ("Learning Curve"));
  adw_message_dialog_set_body (
      ADW_MESSAGE_DIALOG (self),
      is_cross_validation
          ? _ ("Trains once for each fold and tests every patient once, by a network that has not "
               "seen it: how far can the test figure be trusted?")
          : _ ("Trains on growing shares of the training patients and tests all on the same "
               "ones: how many labelled slices are enough?"));
  gtk_widget_set_visible (self->folds_row, is_cross_validation);
  gtk_widget_set_visible (GTK_WIDGET (self->shares_row), !is_cross_validation);
  update (self);
  measure (self);
  return GTK_WINDOW (self);
}

const char *
pl_experiment_dialog_get_action (PlExperimentDialog *self)
{
  g_return_val_if_fail (PL_IS_EXPERIMENT_DIALOG (self), NULL);
  return self->kind == PL_EXPERIMENT_CROSS_VALIDATION ? "cross-validate" : "learning-curve";
}

GVariant *
pl_experiment_dialog_get_answer (PlExperimentDialog *self)
{
  g_return_val_if_fail (PL_IS_EXPERIMENT_DIALOG (self), NULL);

  if (self->kind == PL_EXPERIMENT_CROSS_VALIDATION)
    return g_variant_new_int32 (gtk_spin_button_get_value_as_int (self->folds_spin));
  return g_variant_new_string (gtk_editable_get_text (self->shares_row));
}

static void
pl_experiment_dialog_dispose (GObject *object)
{
  PlExperimentDialog *self = PL_EXPERIMENT_DIALOG (object);

  /* A worker may hold this longer than the parent is there. */
  gtk_window_set_transient_for (GTK_WINDOW (self), NULL);
  g_cancellable_cancel (self->measuring);
  G_OBJECT_CLASS (pl_experiment_dialog_parent_class)->dispose (object);
}

static void
pl_experiment_dialog_finalize (GObject *object)
{
  PlExperimentDialog *self = PL_EXPERIMENT_DIALOG (object);

  g_object_unref (self->measuring);
  g_clear_pointer (&self->dataset, pl_dataset_free);
  G_OBJECT_CLASS (pl_experiment_dialog_parent_class)->finalize (object);
}

static void
pl_experiment_dialog_class_init (PlExperimentDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pl_experiment_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = pl_experiment_dialog_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/pleura/Pleura/ui/experiment-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, PlExperimentDialog, folds_row);
  gtk_widget_class_bind_template_child (widget_class, PlExperimentDialog, folds_spin);
  gtk_widget_class_bind_template_child (widget_class, PlExperimentDialog, shares_row);
  gtk_widget_class_bind_template_child (widget_class, PlExperimentDialog, estimate);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
}

static void
pl_experiment_dialog_init (PlExperimentDialog *self)
{
  self->measuring = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}
