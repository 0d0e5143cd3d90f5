/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/figure-text.h"

#include <glib/gi18n.h>
#include <math.h>

char *
pl_figure_dup_unknown (void)
{
  /* Translators: a figure that is not known, or has no value. */
  return g_strdup (_ ("—"));
}

static gboolean
has_mm (const PlVolume *volume)
{
  return volume->header.has_spacing || volume->header.has_affine;
}

char *
pl_figure_dup_dice (const PlComparison *comparison)
{
  if (comparison == NULL)
    return pl_figure_dup_unknown ();
  if (comparison->n_both + comparison->n_only_predicted + comparison->n_only_true == 0)
    /* Translators: the Dice of two empty masks, which is 1 by definition. */
    return g_strdup_printf (_ ("%.3f (both empty)"), comparison->dice);
  return g_strdup_printf ("%.3f", comparison->dice);
}

char *
pl_figure_dup_iou (const PlComparison *comparison)
{
  return comparison == NULL ? pl_figure_dup_unknown () : g_strdup_printf ("%.3f", comparison->iou);
}

char *
pl_figure_dup_hd95 (const PlComparison *comparison, const PlVolume *volume)
{
  if (comparison == NULL || isnan (comparison->hd95_mm))
    return pl_figure_dup_unknown ();
  return g_strdup_printf (has_mm (volume) ? _ ("%.1f mm") : _ ("%.1f px"), comparison->hd95_mm);
}

char *
pl_figure_dup_count (gsize n, const PlVolume *volume, gboolean is_of_slice)
{
  return g_strdup_printf (is_of_slice || volume->n[0] == 1 ? _ ("%.0f px") : _ ("%.0f voxels"),
                          (double) n);
}

char *
pl_figure_dup_size (gsize n, const PlVolume *volume, gboolean is_of_slice)
{
  double ml = (double) n * pl_volume_voxel_mm3 (volume) / 1000;

  if (!has_mm (volume))
    return pl_figure_dup_count (n, volume, is_of_slice);
  if (is_of_slice)
    return g_strdup_printf (_ ("%.1f cm²"),
                            (double) n * volume->spacing_mm[1] * volume->spacing_mm[2] / 100);
  /* As many decimals as are worth their room. */
  return g_strdup_printf (_ ("%.*f ml"), ml < 99.95 ? 1 : 0, ml);
}

GtkLabel *
pl_figure_add_label (GtkGrid *grid, int row, int column, const char *markup)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_markup (GTK_LABEL (label), markup);
  gtk_widget_add_css_class (label, "caption");
  if (row == 0)
    gtk_widget_add_css_class (label, "heading");
  else if (column > 0)
    gtk_widget_add_css_class (label, "numeric");
  else
    gtk_widget_set_halign (label, GTK_ALIGN_START);
  gtk_grid_attach (grid, label, column, row, 1, 1);
  return GTK_LABEL (label);
}
