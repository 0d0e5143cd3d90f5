/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table is a grid of labels, since an experiment has a few trainings, 32 at most. */
#include "app/experiment-window.h"

#include "app/plot.h"
#include "train/experiment-result.h"

#include <glib/gi18n.h>
#include <math.h>

struct _PlExperimentWindow
{
  AdwWindow parent_instance;

  /* Owned */
  char *folder;
  char *csv;                     /* (nullable): the table */
  GtkFileChooserNative *chooser; /* (nullable) */

  /* Template children */
  AdwToastOverlay *toasts;
  GtkWidget *resume_button;
  GtkLabel *summary;
  PlPlot *plot;
  GtkGrid *table;

  int curve; /* −1: none yet */
};

G_DEFINE_FINAL_TYPE (PlExperimentWindow, pl_experiment_window, ADW_TYPE_WINDOW)

enum
{
  N_COLUMNS = 8,
};

GtkWindow *
pl_experiment_window_new (GtkWindow *parent, const char *folder)
{
  PlExperimentWindow *self =
      g_object_new (PL_TYPE_EXPERIMENT_WINDOW, "transient-for", parent, NULL);

  self->folder = g_strdup (folder);
  return GTK_WINDOW (self);
}

const char *
pl_experiment_window_get_folder (PlExperimentWindow *self)
{
  g_return_val_if_fail (PL_IS_EXPERIMENT_WINDOW (self), NULL);
  return self->folder;
}

/* @text is taken. */
static void
add_cell (PlExperimentWindow *self, int column, int row, char *text)
{
  g_autofree char *taken = text;
  GtkWidget *label = gtk_label_new (taken);

  gtk_label_set_xalign (GTK_LABEL (label), column == 0 ? 0 : 1);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (label, row == 0 ? "heading" : "numeric");
  gtk_grid_attach (self->table, label, column, row, 1, 1);
}

static char *
format_dice (double dice)
{
  return isnan (dice) ? g_strdup ("–") : g_strdup_printf ("%.4f", dice);
}

static void
add_heading (PlExperimentWindow *self)
{
  const char *const titles[N_COLUMNS] = { _ ("Training"),   _ ("Patients"), _ ("Slices"),
                                          _ ("Tested"),     _ ("Dice"),     _ ("SD"),
                                          _ ("Best epoch"), _ ("Seconds") };

  for (int i = 0; i < N_COLUMNS; i++)
    add_cell (self, i, 0, g_strdup (titles[i]));
}

static void
add_problem (PlExperimentWindow *self, int row, const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "dim-label");
  gtk_grid_attach (self->table, label, 3, row, N_COLUMNS - 3, 1);
}

static void
add_row (PlExperimentWindow *self, const PlExperimentRecord *record, int index)
{
  const PlExperimentRun *run = g_ptr_array_index (record->runs, (guint) index);
  PlMeanSd dice = pl_experiment_run_dice (run);
  int row = index + 1;

  add_cell (self, 0, row, pl_experiment_record_dup_title (record, index));
  add_cell (self, 1, row, g_strdup_printf ("%d", run->n_patients));
  add_cell (self, 2, row, g_strdup_printf ("%d", run->n_slices));
  if (run->state != PL_EXPERIMENT_RUN_DONE)
    {
      add_problem (self, row, run->problem != NULL ? run->problem : _ ("not trained yet"));
      return;
    }
  add_cell (self, 3, row, g_strdup_printf ("%d", dice.n));
  add_cell (self, 4, row, format_dice (dice.mean));
  add_cell (self, 5, row, format_dice (dice.sd));
  add_cell (self, 6, row, g_strdup_printf ("%d", run->best_epoch));
  add_cell (self, 7, row, g_strdup_printf ("%.1f", run->time_s));
}

static void
fill_table (PlExperimentWindow *self, const PlExperimentRecord *record)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->table))) != NULL)
    gtk_grid_remove (self->table, child);
  add_heading (self);
  for (guint i = 0; i < record->runs->len; i++)
    add_row (self, record, (int) i);
}

/* The plot widget keeps its curves' names, so there is one curve at a time. */
static void
begin_curve (PlExperimentWindow *self, const char *name)
{
  if (self->curve >= 0)
    pl_plot_remove_curve (self->plot, self->curve);
  self->curve = pl_plot_add_curve (self->plot, name, 0x3584e4, PL_CURVE_DOTS);
}

static void
append (PlExperimentWindow *self, double x, double time_s, PlMeanSd dice)
{
  const PlPlotAt at = { .step = x, .epoch = x, .time_s = time_s };
  double sd = isnan (dice.sd) ? 0 : dice.sd;

  pl_plot_append_band (self->plot, self->curve, at, dice.mean - sd, dice.mean, dice.mean + sd);
}

static void
plot_epochs (PlExperimentWindow *self, const GArray *epochs)
{
  begin_curve (self, _ ("mean ± SD over folds"));
  for (guint i = 0; i < epochs->len; i++)
    {
      const PlExperimentEpoch *epoch = &g_array_index (epochs, PlExperimentEpoch, i);

      append (self, epoch->epoch, epoch->time_s, epoch->dice);
    }
}

static void
plot_shares (PlExperimentWindow *self, const PlExperimentRecord *record)
{
  begin_curve (self, _ ("mean ± SD over test cases"));
  for (guint i = 0; i < record->runs->len; i++)
    {
      const PlExperimentRun *run = g_ptr_array_index (record->runs, i);

      if (run->state == PL_EXPERIMENT_RUN_DONE && run->test_dice->len > 0)
        append (self, run->n_slices, run->time_s, pl_experiment_run_dice (run));
    }
}

void
pl_experiment_window_show (PlExperimentWindow *self,
                           const PlExperimentRecord *record,
                           const GArray *epochs,
                           gboolean can_resume)
{
  g_autofree char *summary = pl_experiment_dup_summary (record);

  g_return_if_fail (PL_IS_EXPERIMENT_WINDOW (self));

  g_free (self->csv);
  self->csv = pl_experiment_to_csv (record);
  gtk_label_set_text (self->summary, summary);
  gtk_widget_set_visible (self->resume_button, can_resume);
  fill_table (self, record);
  if (record->plan.kind == PL_EXPERIMENT_LEARNING_CURVE)
    {
      gtk_window_set_title (GTK_WINDOW (self), _ ("Learning Curve"));
      pl_plot_set_title (self->plot, _ ("Test Dice over the number of training slices"));
      pl_plot_set_x_name (self->plot, _ ("slices"));
      plot_shares (self, record);
    }
  else
    {
      gtk_window_set_title (GTK_WINDOW (self), _ ("Cross-Validation"));
      pl_plot_set_title (self->plot, _ ("Validation Dice over epochs (at network size)"));
      pl_plot_set_x_name (self->plot, C_ ("x axis", "epoch"));
      plot_epochs (self, epochs);
    }
}

static void
tell (PlExperimentWindow *self, char *text)
{
  g_autofree char *taken = text;
  g_autofree char *markup = g_markup_escape_text (taken, -1);

  if (self->toasts != NULL) /* it may have been closed meanwhile */
    adw_toast_overlay_add_toast (self->toasts, adw_toast_new (markup));
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PlExperimentWindow) self = data;
  g_autoptr (GError) error = NULL;

  if (g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    tell (self, g_strdup (_ ("The table was saved")));
  else
    tell (self, g_strdup_printf (_ ("The table could not be saved: %s. Choose another folder."),
                                 error->message));
}

static void
chosen_cb (GtkNativeDialog *dialog, int response, PlExperimentWindow *self)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
      g_autoptr (GBytes) bytes = g_bytes_new (self->csv, strlen (self->csv));

      g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_NONE, NULL,
                                           saved_cb, g_object_ref (self));
    }
  g_clear_object (&self->chooser);
}

static void
save_cb (PlExperimentWindow *self)
{
  g_autofree char *name = g_path_get_basename (self->folder);
  g_autofree char *file = g_strdup_printf ("%s.csv", name);

  if (self->csv == NULL || self->chooser != NULL)
    return;
  self->chooser = gtk_file_chooser_native_new (_ ("Save the Table"), GTK_WINDOW (self),
                                               GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Save"), NULL);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), file);
  g_signal_connect (self->chooser, "response", G_CALLBACK (chosen_cb), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/* The commands are those of the window that this one stands before. */
static void
resume_cb (PlExperimentWindow *self)
{
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));

  g_action_group_activate_action (G_ACTION_GROUP (parent), "resume-training",
                                  g_variant_new_string (self->folder));
}

static void
pl_experiment_window_dispose (GObject *object)
{
  PlExperimentWindow *self = PL_EXPERIMENT_WINDOW (object);

  /* A worker may hold this longer than the parent is there. */
  gtk_window_set_transient_for (GTK_WINDOW (self), NULL);
  g_clear_object (&self->chooser);
  g_clear_pointer (&self->folder, g_free);
  g_clear_pointer (&self->csv, g_free);
  G_OBJECT_CLASS (pl_experiment_window_parent_class)->dispose (object);
}

static void
pl_experiment_window_class_init (PlExperimentWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pl_experiment_window_dispose;
  g_type_ensure (PL_TYPE_PLOT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/pleura/Pleura/ui/experiment-window.ui");
  gtk_widget_class_bind_template_child (widget_class, PlExperimentWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, PlExperimentWindow, resume_button);
  gtk_widget_class_bind_template_child (widget_class, PlExperimentWindow, summary);
  gtk_widget_class_bind_template_child (widget_class, PlExperimentWindow, plot);
  gtk_widget_class_bind_template_child (widget_class, PlExperimentWindow, table);
  gtk_widget_class_bind_template_callback (widget_class, resume_cb);
  gtk_widget_class_bind_template_callback (widget_class, save_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
pl_experiment_window_init (PlExperimentWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  pl_plot_set_range (self->plot, 0.9, 1);
  self->curve = -1;
}
