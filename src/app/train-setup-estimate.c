/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The row that says how long a training would take and how much memory. Nothing is measured while
 * nobody sees it, and nothing while something trains. */
#include "app/train-setup-private.h"

#include <glib/gi18n.h>

static void
show_text (PlTrainSetup *self, const char *text, gboolean is_warning)
{
  adw_action_row_set_subtitle (self->estimate_row, text);
  gtk_widget_set_visible (self->estimate_warning, is_warning);
}

static void
estimated_cb (const PlTrainEstimate *estimate, gpointer data)
{
  g_autofree char *text = pl_train_estimate_text (estimate);
  g_autofree char *warning = pl_train_estimate_warning (estimate);
  g_autofree char *both = NULL;

  if (warning == NULL)
    {
      show_text (data, text, FALSE);
      return;
    }
  both =
      estimate->counts.train > 0 ? g_strdup_printf ("%s. %s", text, warning) : g_strdup (warning);
  show_text (data, both, TRUE);
}

void
pl_train_setup_init_estimate (PlTrainSetup *self)
{
  self->estimator = pl_train_estimator_new (estimated_cb, self);
  g_signal_connect (self, "map", G_CALLBACK (pl_train_setup_update_estimate), NULL);
  g_signal_connect (self, "unmap", G_CALLBACK (pl_train_setup_update_estimate), NULL);
}

void
pl_train_setup_update_estimate (PlTrainSetup *self)
{
  g_autoptr (GError) error = NULL;
  PlTrainSettings settings;

  pl_train_estimator_cancel (self->estimator);
  gtk_widget_set_visible (GTK_WIDGET (self->estimate_row), self->dataset != NULL);
  if (self->dataset == NULL || self->is_busy || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  pl_train_setup_get_settings (self, &settings);
  if (!pl_train_settings_check (&settings, &error))
    {
      show_text (self, error->message, TRUE);
      return;
    }
  show_text (self, _ ("Measuring…"), FALSE);
  pl_train_estimator_ask (self->estimator, &settings, self->dataset);
}
