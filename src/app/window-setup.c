/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands of the page that says how to train: what they change is that page's. */
#include "app/window-private.h"

void
pl_app_window_add_setup_actions (PlAppWindow *self)
{
  PlTrainSetup *setup = pl_train_panel_get_setup (self->train_panel);
  g_autoptr (GPropertyAction) preset = g_property_action_new ("training-preset", setup, "preset");

  g_action_map_add_action (G_ACTION_MAP (self), G_ACTION (preset));
}
