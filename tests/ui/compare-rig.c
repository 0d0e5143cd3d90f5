/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/compare-rig.h"

#include "app/compare-view.h"

#include "ui/view-rig.h"

void
compare_rig_set_up (CompareRig *rig, gconstpointer data)
{
  rig->volume = view_rig_volume (4, 20, 20, -600);
  rig->volume->header.has_spacing = TRUE;
  rig->state = pl_view_state_new ();
  pl_view_state_set_volume (rig->state, rig->volume);
  rig->view = g_object_ref_sink (g_object_new (PL_TYPE_COMPARE_VIEW, NULL));
  pl_compare_view_set_state (PL_COMPARE_VIEW (rig->view), rig->state);
  rig->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (rig->window), 900, 300);
  gtk_window_set_child (GTK_WINDOW (rig->window), rig->view);
  gtk_widget_show (rig->window);
  while (!gtk_widget_get_mapped (rig->view))
    g_main_context_iteration (NULL, TRUE);
}

/* The answer of a worker holds the figures, and they the state, until the main loop has delivered
 * it. */
void
compare_rig_tear_down (CompareRig *rig, gconstpointer data)
{
  gint64 deadline_us = g_get_monotonic_time () + COMPARE_RIG_TIMEOUT_US;

  gtk_window_destroy (GTK_WINDOW (rig->window));
  g_assert_finalize_object (rig->view);
  while (G_OBJECT (rig->state)->ref_count > 1 && g_get_monotonic_time () < deadline_us)
    g_main_context_iteration (NULL, FALSE);
  g_assert_finalize_object (rig->state);
  pl_volume_unref (rig->volume);
}

gpointer
compare_rig_child (CompareRig *rig, const char *name)
{
  return gtk_widget_get_template_child (rig->view, PL_TYPE_COMPARE_VIEW, name);
}

void
compare_rig_set_masks (CompareRig *rig, int truth_columns, int prediction_columns)
{
  g_autoptr (PlMask) truth = view_rig_mask (rig->volume, 0, 20, 0, truth_columns);
  g_autoptr (PlMask) prediction = view_rig_mask (rig->volume, 0, 20, 0, prediction_columns);

  pl_view_state_set_truth (rig->state, truth);
  pl_view_state_set_prediction (rig->state, prediction);
}
