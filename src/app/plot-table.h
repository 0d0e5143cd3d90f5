/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/plot-scene.h"

#include <gtk/gtk.h>

/* The values of a plot as a table in a window: a row an epoch, or a step while no epoch has ended;
 * thinned evenly where there are very many. It shows what there was when it was opened.
 *
 * Returns: (transfer none): the window, which closing destroys */
GtkWindow *pl_plot_table_new (GtkWindow *parent, const PlPlotScene *scene);

/* Returns: (transfer full): the rows, first the names, fields divided by tabs */
GStrv pl_plot_table_dup_rows (const PlPlotScene *scene);
