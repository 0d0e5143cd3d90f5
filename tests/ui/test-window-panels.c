/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The panels slide, at every width, with animations on: GTK warns, and so the program ends here,
 * when a widget gets less than nothing.
 */
#include "ui/window-rig.h"

#include "app/settings.h"

#define TOGGLES 16 /* at each width */

static void
animate (gboolean is_on)
{
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", is_on, NULL);
}

static gboolean
has_place (AdwFlap *flap)
{
  double progress = adw_flap_get_reveal_progress (flap);

  return gtk_widget_get_width (GTK_WIDGET (flap)) > 0 &&
         progress == (adw_flap_get_reveal_flap (flap) ? 1 : 0);
}

/* Both panels are laid out, and still. */
static void
settle (WindowRig *rig)
{
  window_rig_wait (has_place (rig->window->cases_flap) && has_place (rig->window->train_flap), 20);
}

static void
open_data_at (WindowRig *rig, int width)
{
  window_rig_tear_down (rig, NULL);
  g_settings_set_int (pl_settings_get (), "window-width", width);
  window_rig_open_window (rig);
  window_rig_open_data (rig);
}

static void
test_toggle (WindowRig *rig, gconstpointer data)
{
  static const int widths[] = { 360, 700, 960, 1024, 1400 };
  static const char *const panels[] = { "show-cases", "show-training" };
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);

  animate (TRUE);
  for (gsize i = 0; i < G_N_ELEMENTS (widths); i++)
    {
      open_data_at (rig, widths[i]);
      pl_train_panel_add_notice (rig->window->train_panel, "fills the width that there is");
      for (int k = 0; k < TOGGLES; k++)
        {
          window_rig_activate (rig, panels[g_rand_int_range (rand, 0, 2)]);
          window_rig_pause (g_rand_double_range (rand, 0, 0.1)); /* in the midst of sliding */
        }
      settle (rig);
    }
  animate (FALSE);
}

/* Every view, with all that stands below it, fits into a window of 360 pixels. */
static void
test_narrowest (WindowRig *rig, gconstpointer data)
{
  int least;

  window_rig_open_data (rig);
  window_rig_show_volume (rig);
  gtk_widget_measure (GTK_WIDGET (rig->window->pages), GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL,
                      NULL, NULL);
  g_assert_cmpint (least, <=, 350);
}

int
main (int argc, char **argv)
{
  window_rig_init (&argc, &argv);
  WINDOW_RIG_ADD ("/app/window-panels/toggle", test_toggle);
  WINDOW_RIG_ADD ("/app/window-panels/narrowest", test_narrowest);
  return window_rig_run ();
}
