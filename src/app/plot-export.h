/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/plot-scene.h"

#include <gio/gio.h>

/* A plot as a file: a picture for a paper, on white, or all its values. */
typedef struct _PlPlotExport PlPlotExport;

/* Takes what the scene shows now. Main thread; takes no longer than drawing it.
 *
 * @path: ends in .png, .svg, .pdf or .csv
 * Returns: (transfer full): NULL with @error set for another ending */
PlPlotExport *pl_plot_export_new (const PlPlotScene *scene, const char *path, GError **error);
void pl_plot_export_free (PlPlotExport *self);

/* Any thread; blocks. Once for each export. */
gboolean pl_plot_export_write (PlPlotExport *self, GError **error);
