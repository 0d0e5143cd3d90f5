/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands of the comparison are properties of its view; the choices are remembered under the
 * names of the actions.
 */
#include "app/window-private.h"

#include "app/settings.h"

static const struct
{
  const char *action;
  const char *property;
  gboolean is_remembered;
} commands[] = {
  { "compare-image", "show-image", TRUE },
  { "compare-truth", "show-truth", TRUE },
  { "compare-prediction", "show-prediction", TRUE },
  { "compare-difference", "show-difference", TRUE },
  { "compare-second", "show-second", TRUE },
  { "compare-models", "show-models", TRUE },
  { "compare-outline", "outline", TRUE },
  { "compare-swipe", "swipe", TRUE },
  { "compare-blink", "blink", FALSE },
  { "compare-divider", "divider", FALSE },
  { "compare-sides", "sides", TRUE },
  { "compare-enlarged", "enlarged", FALSE },
};

void
pl_app_window_add_compare_actions (PlAppWindow *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autoptr (GPropertyAction) action =
          g_property_action_new (commands[i].action, self->compare_view, commands[i].property);

      if (commands[i].is_remembered)
        g_settings_bind (pl_settings_get (), commands[i].action, self->compare_view,
                         commands[i].property, G_SETTINGS_BIND_DEFAULT);
      g_action_map_add_action (G_ACTION_MAP (self), G_ACTION (action));
    }
}
