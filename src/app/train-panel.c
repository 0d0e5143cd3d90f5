/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The training panel. Loss, Dice and accuracy of the training part come with each step and are
 * drawn thin, epoch means and the validation part as dots; all over epochs. They are taken at the
 * size of the network's input, so they are estimates of what a mask at the image's own size scores:
 * the plots' titles say so, and the test at the end measures it. */
#include "app/train-panel.h"

#include "app/plot.h"

#include "train/split.h"

#include <glib/gi18n.h>
#include <math.h>

struct _PlTrainPanel
{
  GtkWidget parent;

  /* Template children */
  GtkWidget *scroller;
  GtkProgressBar *progress;
  GtkLabel *run_label;
  GtkLabel *status_label;
  PlPlot *loss_plot;
  PlPlot *dice_plot;
  PlPlot *accuracy_plot;
  PlTrainSetup *setup;

  int n_epochs; /* of the run shown */
};

G_DEFINE_FINAL_TYPE (PlTrainPanel, pl_train_panel, GTK_TYPE_WIDGET)

/* Curves of each plot, in the order they are added in; blue and orange are told apart by everyone.
 */
enum
{
  CURVE_STEP,
  CURVE_TRAIN,
  CURVE_VALIDATION,
};

static void
add_curves (PlPlot *plot, const char *title)
{
  pl_plot_set_title (plot, title);
  pl_plot_add_curve (plot, _ ("each step"), 0x62a0ea, PL_CURVE_LINE);
  pl_plot_add_curve (plot, _ ("training"), 0x3584e4, PL_CURVE_DOTS);
  pl_plot_add_curve (plot, _ ("validation"), 0xff7800, PL_CURVE_DOTS);
}

/* What the tutorial on the public lung data set reached, and how far two people agree who outline
 * the same lungs. */
static void
add_levels (PlTrainPanel *self)
{
  pl_plot_add_level (self->loss_plot, _ ("tutorial 0.0283"), 0.0283);
  pl_plot_add_level (self->accuracy_plot, _ ("tutorial 0.9701"), 0.9701);
  pl_plot_add_level (self->dice_plot, _ ("human agreement 0.96"), 0.96);
}

static void
pl_train_panel_dispose (GObject *object)
{
  PlTrainPanel *self = PL_TRAIN_PANEL (object);

  g_clear_pointer (&self->scroller, gtk_widget_unparent);
  G_OBJECT_CLASS (pl_train_panel_parent_class)->dispose (object);
}

static void
pl_train_panel_class_init (PlTrainPanelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pl_train_panel_dispose;
  g_type_ensure (PL_TYPE_PLOT);
  g_type_ensure (PL_TYPE_TRAIN_SETUP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/pleura/Pleura/ui/train-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, PlTrainPanel, scroller);
  gtk_widget_class_bind_template_child (widget_class, PlTrainPanel, progress);
  gtk_widget_class_bind_template_child (widget_class, PlTrainPanel, run_label);
  gtk_widget_class_bind_template_child (widget_class, PlTrainPanel, status_label);
  gtk_widget_class_bind_template_child (widget_class, PlTrainPanel, loss_plot);
  gtk_widget_class_bind_template_child (widget_class, PlTrainPanel, dice_plot);
  gtk_widget_class_bind_template_child (widget_class, PlTrainPanel, accuracy_plot);
  gtk_widget_class_bind_template_child (widget_class, PlTrainPanel, setup);
}

static void
pl_train_panel_init (PlTrainPanel *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  add_curves (self->loss_plot, _ ("Loss (at network size)"));
  add_curves (self->dice_plot, _ ("Dice (at network size)"));
  add_curves (self->accuracy_plot, _ ("Accuracy (at network size)"));
  pl_plot_set_range (self->accuracy_plot, 0.9, 1);
  pl_plot_link (self->loss_plot, self->dice_plot);
  pl_plot_link (self->loss_plot, self->accuracy_plot);
  add_levels (self);
}

PlTrainSetup *
pl_train_panel_get_setup (PlTrainPanel *self)
{
  g_return_val_if_fail (PL_IS_TRAIN_PANEL (self), NULL);

  return self->setup;
}

void
pl_train_panel_set_dataset (PlTrainPanel *self, const PlDataset *dataset)
{
  g_autofree char *text = NULL;
  int with_mask = 0;

  g_return_if_fail (PL_IS_TRAIN_PANEL (self));

  for (guint i = 0; dataset != NULL && i < dataset->cases->len; i++)
    with_mask += ((const PlCase *) g_ptr_array_index (dataset->cases, i))->mask_path != NULL;
  if (with_mask == 0)
    text = g_strdup (_ ("Open a data set with masks to train on."));
  else if (dataset->has_split)
    text = g_strdup_printf (_ ("The split is the one saved with the data set: cases for training "
                               "%d, validation %d, test %d."),
                            pl_split_count (dataset, PL_GROUP_TRAIN),
                            pl_split_count (dataset, PL_GROUP_VALIDATION),
                            pl_split_count (dataset, PL_GROUP_TEST));
  else
    text = g_strdup_printf (
        ngettext ("%d case has a mask: 80 %% of the patients train, 10 %% validate, "
                  "10 %% test.",
                  "%d cases have masks: 80 %% of the patients train, 10 %% validate, "
                  "10 %% test.",
                  (gulong) with_mask),
        with_mask);
  gtk_label_set_text (self->status_label, text);
}

void
pl_train_panel_begin (PlTrainPanel *self, const PlTrainSettings *settings)
{
  g_return_if_fail (PL_IS_TRAIN_PANEL (self));

  self->n_epochs = settings->epochs;
  pl_plot_clear (self->loss_plot);
  pl_plot_clear (self->dice_plot);
  pl_plot_clear (self->accuracy_plot);
  gtk_progress_bar_set_fraction (self->progress, 0);
  gtk_label_set_text (self->status_label, _ ("Loading the images…"));
}

static void
add_values (PlTrainPanel *self, int curve, PlPlotAt at, double loss, double dice, double accuracy)
{
  pl_plot_append (self->loss_plot, curve, at, loss);
  pl_plot_append (self->dice_plot, curve, at, dice);
  pl_plot_append (self->accuracy_plot, curve, at, accuracy);
}

void
pl_train_panel_add_points (PlTrainPanel *self, const GArray *points)
{
  g_return_if_fail (PL_IS_TRAIN_PANEL (self));

  for (guint i = 0; i < points->len; i++)
    {
      const PlTrainPoint *p = &g_array_index (points, PlTrainPoint, i);
      const PlEpoch *e = &p->summary;
      const PlPlotAt at = { (double) p->step, p->is_epoch_end ? e->epoch : p->epoch, p->time_s };

      if (!p->is_epoch_end)
        {
          add_values (self, CURVE_STEP, at, p->loss, p->dice, p->accuracy);
          continue;
        }
      add_values (self, CURVE_TRAIN, at, e->train_loss, e->train_dice, e->train_accuracy);
      add_values (self, CURVE_VALIDATION, at, e->val_loss, e->val_dice, e->val_accuracy);
      if (p->is_best)
        {
          pl_plot_set_mark (self->loss_plot, e->epoch);
          pl_plot_set_mark (self->dice_plot, e->epoch);
          pl_plot_set_mark (self->accuracy_plot, e->epoch);
        }
    }
}

/* "2:05", "1:10:00". */
static char *
format_time (double seconds)
{
  int s = (int) lround (seconds);

  return s < 3600 ? g_strdup_printf ("%d:%02d", s / 60, s % 60)
                  : g_strdup_printf ("%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
}

static const char *
phase_text (PlPhase phase)
{
  switch (phase)
    {
    case PL_PHASE_LOADING:
      return _ ("Loading the images…");
    case PL_PHASE_TRAINING:
      return _ ("Training");
    case PL_PHASE_VALIDATING:
      return _ ("Validating");
    case PL_PHASE_TESTING:
      return _ ("Testing");
    case PL_PHASE_PAUSED:
    default:
      return _ ("Paused");
    }
}

void
pl_train_panel_set_status (PlTrainPanel *self, const PlTrainStatus *status)
{
  g_autoptr (GString) text = g_string_new (phase_text (status->phase));

  g_return_if_fail (PL_IS_TRAIN_PANEL (self));

  if (status->phase == PL_PHASE_TRAINING || status->phase == PL_PHASE_VALIDATING)
    g_string_append_printf (text, _ (" · epoch %d of %d"), status->epoch, status->n_epochs);
  if (status->images_per_s > 0 && status->phase == PL_PHASE_TRAINING)
    g_string_append_printf (text, _ (" · %.1f images/s"), status->images_per_s);
  if (status->eta_s >= 0)
    {
      g_autofree char *left = format_time (status->eta_s);

      g_string_append_printf (text, _ (" · %s left"), left);
    }
  gtk_label_set_text (self->status_label, text->str);
  gtk_progress_bar_set_fraction (self->progress, CLAMP (status->fraction, 0, 1));
}

void
pl_train_panel_set_state (PlTrainPanel *self, const char *training_state)
{
  gboolean is_busy = g_str_equal (training_state, "running") ||
                     g_str_equal (training_state, "paused") ||
                     g_str_equal (training_state, "stopping");

  g_return_if_fail (PL_IS_TRAIN_PANEL (self));

  gtk_widget_set_sensitive (GTK_WIDGET (self->setup), !is_busy);
  if (g_str_equal (training_state, "stopping"))
    gtk_label_set_text (self->status_label, _ ("Stopping…"));
}

void
pl_train_panel_finish (PlTrainPanel *self, const PlTrainResult *result)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_return_if_fail (PL_IS_TRAIN_PANEL (self));

  switch (result->outcome)
    {
    case PL_TRAIN_COMPLETED:
      g_string_append (text, _ ("Done."));
      break;
    case PL_TRAIN_EARLY_STOP:
      g_string_append (text, _ ("Done: no more progress."));
      break;
    case PL_TRAIN_TIME_LIMIT:
      g_string_append (text, _ ("Done: the time is up."));
      break;
    case PL_TRAIN_ENDED:
      g_string_append (text, _ ("Done: ended after this epoch."));
      break;
    case PL_TRAIN_STOPPED:
      g_string_append (text, _ ("Stopped; what was learned is saved."));
      break;
    case PL_TRAIN_FAILED:
    default:
      g_string_append (text, result->error->message);
      break;
    }
  if (result->best_epoch > 0 && isfinite (result->best_dice))
    g_string_append_printf (text, _ (" Best epoch %d, validation Dice %.4f (at network size)."),
                            result->best_epoch, result->best_dice);
  if (result->test != NULL && result->test->len > 0)
    {
      PlMetricsSummary summary;

      pl_metrics_summarise ((const PlMetrics *) (void *) result->test->data,
                            (int) result->test->len, &summary);
      g_string_append_printf (text,
                              ngettext (" Test, %d case at native size: Dice %.4f.",
                                        " Test, %d cases at native size: mean Dice %.4f.",
                                        (gulong) summary.n),
                              summary.n, summary.mean.dice);
    }
  gtk_label_set_text (self->status_label, text->str);
  if (result->outcome != PL_TRAIN_FAILED && result->outcome != PL_TRAIN_STOPPED)
    gtk_progress_bar_set_fraction (self->progress, 1);
}

void
pl_train_panel_set_run (PlTrainPanel *self, const char *title)
{
  g_return_if_fail (PL_IS_TRAIN_PANEL (self));

  gtk_label_set_text (self->run_label, title != NULL ? title : "");
  gtk_widget_set_visible (GTK_WIDGET (self->run_label), title != NULL);
}

void
pl_train_panel_finish_all (PlTrainPanel *self, const char *text)
{
  pl_train_panel_set_run (self, NULL);
  gtk_label_set_text (self->status_label, text);
}
