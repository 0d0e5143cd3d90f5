/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/* Which epoch of a run the views show, and a slider through those that were kept, whose last place
 * is the newest: the weights of the moment while it trains, the window's model after that. It asks
 * for an epoch by win.epoch-shown. */
#define PL_TYPE_EPOCH_BAR (pl_epoch_bar_get_type ())
G_DECLARE_FINAL_TYPE (PlEpochBar, pl_epoch_bar, PL, EPOCH_BAR, GtkWidget)

/* @epochs: (element-type int): those that were kept, ascending; copied. */
void pl_epoch_bar_set_epochs (PlEpochBar *self, const GArray *epochs);

/* @epoch: one of them, or 0 for the newest. @text: says so, with its figures. */
void pl_epoch_bar_show (PlEpochBar *self, int epoch, const char *text);
