/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The training panel. Loss, Dice and accuracy of the training part come with each step and are
 * drawn thin, epoch means and the validation part as dots; all over epochs. They are taken at the
 * size of the network's input, so they are estimates of what a mask at the image's own size scores:
 * the plots' titles say so, and the test at the end measures it. */
#include "app/train-panel.h"

#include "app/plot.h"
#include "app/train-text.h"

#include "train/split.h"
#include "train/train.h"

#include <glib/gi18n.h>
#include <math.h>

enum
{
  MOST_NOTICES = 20,
};

enum
{
  PLOT_LOSS,
  PLOT_DICE,
  PLOT_ACCURACY,
  N_PLOTS
};

/* Another run: its curve in each plot. */
typedef struct
{
  int curves[N_PLOTS];
} Run;

/* Purple, green, brown and red: away from the blue and orange of the run itself. */
static const guint32 run_colours[] = { 0x9141ac, 0x26a269, 0x986a44, 0xc01c28 };

struct _PlTrainPanel
{
  GtkWidget parent;

  /* Template children */
  GtkWidget *scroller;
  GtkProgressBar *progress;
  GtkLabel *run_label;
  GtkLabel *status_label;
  GtkLabel *details_label;
  GtkWidget *stop_after_button;
  GtkWidget *notices;
  GtkWidget *plots_box; /* hidden until there is something to plot, so that settings come first */
  PlPlot *loss_plot;
  PlPlot *dice_plot;
  PlPlot *accuracy_plot;
  PlPlot *rate_plot;
  PlTrainSetup *setup;

  /* Owned */
  GArray *runs;    /* (element-type Run): earlier ones, drawn over this one */
  GArray *history; /* (nullable) (element-type PlEpoch): still to be drawn */

  PlPlot *plots[N_PLOTS];
  int precision;
  int last_epoch;         /* that was drawn */
  double steps_per_epoch; /* 1 until it is known */
  gboolean is_stopping;
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
pl_train_panel_finalize (GObject *object)
{
  PlTrainPanel *self = PL_TRAIN_PANEL (object);

  g_array_unref (self->runs);
  g_clear_pointer (&self->history, g_array_unref);
  G_OBJECT_CLASS (pl_train_panel_parent_class)->finalize (object);
}

static void
pl_train_panel_class_init (PlTrainPanelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pl_train_panel_dispose;
  G_OBJECT_CLASS (klass)->finalize = pl_train_panel_finalize;
  g_type_ensure (PL_TYPE_PLOT);
  g_type_ensure (PL_TYPE_TRAIN_SETUP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/pleura/Pleura/ui/train-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, PlTrainPanel, scroller);
  gtk_widget_class_bind_template_child (widget_class, PlTrainPanel, progress);
  gtk_widget_class_bind_template_child (widget_class, PlTrainPanel, run_label);
  gtk_widget_class_bind_template_child (widget_class, PlTrainPanel, status_label);
  gtk_widget_class_bind_template_child (widget_class, PlTrainPanel, details_label);
  gtk_widget_class_bind_template_child (widget_class, PlTrainPanel, stop_after_button);
  gtk_widget_class_bind_template_child (widget_class, PlTrainPanel, notices);
  gtk_widget_class_bind_template_child (widget_class, PlTrainPanel, plots_box);
  gtk_widget_class_bind_template_child (widget_class, PlTrainPanel, loss_plot);
  gtk_widget_class_bind_template_child (widget_class, PlTrainPanel, dice_plot);
  gtk_widget_class_bind_template_child (widget_class, PlTrainPanel, accuracy_plot);
  gtk_widget_class_bind_template_child (widget_class, PlTrainPanel, rate_plot);
  gtk_widget_class_bind_template_child (widget_class, PlTrainPanel, setup);
}

static void
cursor_moved_cb (PlTrainPanel *self, double epoch)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.epoch-shown", "i",
                              MAX ((int) lround (epoch), 1));
}

static void
pl_train_panel_init (PlTrainPanel *self)
{
  self->runs = g_array_new (FALSE, FALSE, sizeof (Run));
  gtk_widget_init_template (GTK_WIDGET (self));
  self->plots[PLOT_LOSS] = self->loss_plot;
  self->plots[PLOT_DICE] = self->dice_plot;
  self->plots[PLOT_ACCURACY] = self->accuracy_plot;
  add_curves (self->loss_plot, _ ("Loss (at network size)"));
  add_curves (self->dice_plot, _ ("Dice (at network size)"));
  add_curves (self->accuracy_plot, _ ("Accuracy (at network size)"));
  pl_plot_set_range (self->accuracy_plot, 0.9, 1);
  pl_plot_set_title (self->rate_plot, _ ("Learning rate"));
  pl_plot_set_range (self->rate_plot, 0, 0);
  pl_plot_add_curve (self->rate_plot, _ ("rate"), 0x3584e4, PL_CURVE_DOTS);
  pl_plot_link (self->loss_plot, self->dice_plot);
  pl_plot_link (self->loss_plot, self->accuracy_plot);
  pl_plot_link (self->loss_plot, self->rate_plot);
  add_levels (self);
  for (int i = 0; i < N_PLOTS; i++)
    g_signal_connect_swapped (self->plots[i], "cursor-moved", G_CALLBACK (cursor_moved_cb), self);
  g_signal_connect_swapped (self->rate_plot, "cursor-moved", G_CALLBACK (cursor_moved_cb), self);
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

  pl_train_setup_set_dataset (self->setup, dataset);
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
    text =
        g_strdup_printf (ngettext ("%d case has a mask. Its part is chosen when training starts.",
                                   "%d cases have masks. Their patients are dealt to training, "
                                   "validation and test when training starts.",
                                   (gulong) with_mask),
                         with_mask);
  gtk_label_set_text (self->status_label, text);
}

static void
remove_notices (PlTrainPanel *self)
{
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (self->notices)) != NULL)
    gtk_box_remove (GTK_BOX (self->notices), row);
}

void
pl_train_panel_begin (PlTrainPanel *self, const PlTrainSettings *settings, const GArray *history)
{
  g_return_if_fail (PL_IS_TRAIN_PANEL (self));

  self->precision = pl_train_precision_resolve (settings->precision);
  self->last_epoch = 0;
  self->steps_per_epoch = 1;
  g_clear_pointer (&self->history, g_array_unref);
  if (history != NULL)
    self->history = g_array_copy ((GArray *) history);
  remove_notices (self);
  for (int i = 0; i < N_PLOTS; i++)
    {
      pl_plot_clear (self->plots[i]);
      pl_plot_set_mark (self->plots[i], NAN);
    }
  pl_plot_clear (self->rate_plot);
  gtk_widget_set_visible (self->plots_box, TRUE);
  gtk_progress_bar_set_fraction (self->progress, 0);
  gtk_label_set_text (self->status_label, _ ("Loading the images…"));
  gtk_label_set_text (self->details_label, "");
}

/* @curves: one a plot */
static void
add_values (
    PlTrainPanel *self, const int *curves, PlPlotAt at, double loss, double dice, double accuracy)
{
  pl_plot_append (self->loss_plot, curves[PLOT_LOSS], at, loss);
  pl_plot_append (self->dice_plot, curves[PLOT_DICE], at, dice);
  pl_plot_append (self->accuracy_plot, curves[PLOT_ACCURACY], at, accuracy);
}

static PlPlotAt
find_place (PlTrainPanel *self, const PlEpoch *epoch)
{
  return (PlPlotAt){ epoch->epoch * self->steps_per_epoch, epoch->epoch, epoch->time_s };
}

static void
add_validation (PlTrainPanel *self, const int *curves, const PlEpoch *e)
{
  add_values (self, curves, find_place (self, e), e->val_loss, e->val_dice, e->val_accuracy);
}

static void
add_epoch (PlTrainPanel *self, const PlEpoch *e)
{
  static const int train[N_PLOTS] = { CURVE_TRAIN, CURVE_TRAIN, CURVE_TRAIN };
  static const int validation[N_PLOTS] = { CURVE_VALIDATION, CURVE_VALIDATION, CURVE_VALIDATION };

  if (e->epoch <= self->last_epoch)
    return; /* made again after an interruption */
  self->last_epoch = e->epoch;
  add_values (self, train, find_place (self, e), e->train_loss, e->train_dice, e->train_accuracy);
  add_validation (self, validation, e);
  pl_plot_append (self->rate_plot, 0, find_place (self, e), e->rate);
}

static void
mark_best (PlTrainPanel *self, int epoch)
{
  for (int i = 0; i < N_PLOTS; i++)
    pl_plot_set_mark (self->plots[i], epoch);
}

/* What came before an interruption, once the first step has said how many an epoch has. */
static void
add_history (PlTrainPanel *self)
{
  g_autoptr (GArray) history = g_steal_pointer (&self->history);
  const PlEpoch *best = NULL;

  for (guint i = 0; history != NULL && i < history->len; i++)
    {
      const PlEpoch *e = &g_array_index (history, PlEpoch, i);

      add_epoch (self, e);
      if (best == NULL || !(e->val_dice <= best->val_dice))
        best = e;
    }
  if (best != NULL)
    mark_best (self, best->epoch);
}

void
pl_train_panel_show_past (PlTrainPanel *self,
                          const PlTrainSettings *settings,
                          const GArray *history,
                          int steps_per_epoch,
                          const char *text)
{
  pl_train_panel_begin (self, settings, history);
  self->steps_per_epoch = MAX (1, steps_per_epoch);
  add_history (self);
  gtk_label_set_text (self->status_label, text);
}

void
pl_train_panel_add_points (PlTrainPanel *self, const GArray *points)
{
  static const int step[N_PLOTS] = { CURVE_STEP, CURVE_STEP, CURVE_STEP };

  g_return_if_fail (PL_IS_TRAIN_PANEL (self));

  for (guint i = 0; i < points->len; i++)
    {
      const PlTrainPoint *p = &g_array_index (points, PlTrainPoint, i);

      self->steps_per_epoch = (double) p->step / p->epoch;
      add_history (self);
      if (!p->is_epoch_end)
        {
          const PlPlotAt at = { (double) p->step, p->epoch, p->time_s };

          add_values (self, step, at, p->loss, p->dice, p->accuracy);
          continue;
        }
      add_epoch (self, &p->summary);
      if (p->is_best)
        mark_best (self, p->summary.epoch);
    }
}

void
pl_train_panel_set_status (PlTrainPanel *self, const PlTrainStatus *status)
{
  g_autofree char *text = pl_train_text_status (status);
  g_autofree char *details = pl_train_text_details (status, self->precision);

  g_return_if_fail (PL_IS_TRAIN_PANEL (self));

  if (!self->is_stopping)
    gtk_label_set_text (self->status_label, text);
  gtk_label_set_text (self->details_label, details);
  gtk_progress_bar_set_fraction (self->progress, CLAMP (status->fraction, 0, 1));
}

void
pl_train_panel_set_state (PlTrainPanel *self, const char *training_state)
{
  gboolean is_busy;

  g_return_if_fail (PL_IS_TRAIN_PANEL (self));

  self->is_stopping = g_str_equal (training_state, "stopping");
  is_busy = self->is_stopping || g_str_equal (training_state, "running") ||
            g_str_equal (training_state, "paused");
  pl_train_setup_set_busy (self->setup, is_busy);
  gtk_widget_set_visible (GTK_WIDGET (self->details_label), is_busy);
  gtk_widget_set_visible (self->stop_after_button, is_busy);
  if (self->is_stopping)
    gtk_label_set_text (self->status_label, _ ("Stopping…"));
}

void
pl_train_panel_finish (PlTrainPanel *self, const PlTrainResult *result)
{
  g_autofree char *text = pl_train_text_result (result);

  g_return_if_fail (PL_IS_TRAIN_PANEL (self));

  gtk_label_set_text (self->status_label, text);
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

static void
dismiss_cb (GtkWidget *button, GtkWidget *row)
{
  gtk_box_remove (GTK_BOX (gtk_widget_get_parent (row)), row);
}

/* The oldest goes when there are many. */
static void
limit_notices (PlTrainPanel *self)
{
  int n = 0;

  for (GtkWidget *row = gtk_widget_get_first_child (self->notices); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    n++;
  if (n >= MOST_NOTICES)
    gtk_box_remove (GTK_BOX (self->notices), gtk_widget_get_first_child (self->notices));
}

void
pl_train_panel_add_notice (PlTrainPanel *self, const char *text)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *icon = gtk_image_new_from_icon_name ("dialog-warning-symbolic");
  GtkWidget *label = gtk_label_new (text);
  GtkWidget *button = gtk_button_new_from_icon_name ("window-close-symbolic");

  g_return_if_fail (PL_IS_TRAIN_PANEL (self));

  limit_notices (self);
  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_set_valign (button, GTK_ALIGN_START);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, _ ("Dismiss"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Dismiss this notice"), -1);
  g_signal_connect (button, "clicked", G_CALLBACK (dismiss_cb), row);
  gtk_widget_add_css_class (row, "notice");
  gtk_box_append (GTK_BOX (row), icon);
  gtk_box_append (GTK_BOX (row), label);
  gtk_box_append (GTK_BOX (row), button);
  gtk_box_append (GTK_BOX (self->notices), row);
}

void
pl_train_panel_set_cursor (PlTrainPanel *self, int epoch)
{
  g_return_if_fail (PL_IS_TRAIN_PANEL (self));

  pl_plot_set_cursor (self->loss_plot, epoch > 0 ? epoch : NAN); /* the others are linked */
}

void
pl_train_panel_show_run (PlTrainPanel *self, const char *title, const GArray *history)
{
  const int colour = (int) (self->runs->len % G_N_ELEMENTS (run_colours));
  Run run;

  g_return_if_fail (PL_IS_TRAIN_PANEL (self));

  for (int i = 0; i < N_PLOTS; i++)
    run.curves[i] =
        pl_plot_add_curve (self->plots[i], title, run_colours[colour], PL_CURVE_EARLIER);
  for (guint i = 0; i < history->len; i++)
    add_validation (self, run.curves, &g_array_index (history, PlEpoch, i));
  g_array_append_val (self->runs, run);
  gtk_widget_set_visible (self->plots_box, TRUE);
}

void
pl_train_panel_clear_runs (PlTrainPanel *self)
{
  g_return_if_fail (PL_IS_TRAIN_PANEL (self));

  for (guint i = 0; i < self->runs->len; i++)
    for (int k = 0; k < N_PLOTS; k++)
      pl_plot_remove_curve (self->plots[k], g_array_index (self->runs, Run, i).curves[k]);
  g_array_set_size (self->runs, 0);
}
