/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The panels beside the view: the cases, and the training. */
#include "app/window-private.h"

#include "app/settings.h"

/* The panels get their widths before they are shown: libadwaita 1.2 divides by them when a panel
 * begins to slide, or to fold, and by 0 if it was never laid out. */
void
pl_app_window_lay_out_panels (PlAppWindow *self)
{
  GtkWidget *panels = GTK_WIDGET (self->cases_flap);
  int width = gtk_widget_get_width (GTK_WIDGET (self->pages));
  int height = gtk_widget_get_height (GTK_WIDGET (self->pages));
  GtkRequisition least;

  if (width == 0)
    gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  gtk_widget_get_preferred_size (panels, &least, NULL);
  gtk_widget_allocate (panels, MAX (width, least.width), MAX (height, least.height), -1, NULL);
}

/* A narrow window folds its panels away by itself, which is not to be remembered. */
static void
panel_toggled_cb (AdwFlap *flap, GParamSpec *pspec, const char *key)
{
  if (!adw_flap_get_folded (flap))
    g_settings_set_boolean (pl_settings_get (), key, adw_flap_get_reveal_flap (flap));
}

/* In a window too narrow for both panels the training panel would lie on the image when it is
 * opened: the cases give way, and come back when it is closed. */
static void
train_toggled_cb (PlAppWindow *self)
{
  gboolean is_open = adw_flap_get_reveal_flap (self->train_flap);
  gboolean is_narrow = adw_flap_get_folded (self->cases_flap);

  if (is_open && adw_flap_get_folded (self->train_flap) && !is_narrow &&
      adw_flap_get_reveal_flap (self->cases_flap))
    {
      adw_flap_set_reveal_flap (self->cases_flap, FALSE);
      g_settings_set_boolean (pl_settings_get (), "show-cases", TRUE); /* for a wider window */
      self->cases_gave_way = TRUE;
    }
  else if (!is_open && self->cases_gave_way)
    adw_flap_set_reveal_flap (self->cases_flap, !is_narrow);
}

static void
cases_toggled_cb (PlAppWindow *self)
{
  self->cases_gave_way = FALSE;
}

/* Panels are shown and hidden by toggles without a parameter, so that buttons and keys fit. @key
 * is the name of the action and of the setting; a constant. */
static void
add_panel_action (PlAppWindow *self, const char *key, AdwFlap *flap)
{
  g_autoptr (GPropertyAction) action = g_property_action_new (key, flap, "reveal-flap");

  adw_flap_set_reveal_flap (flap, g_settings_get_boolean (pl_settings_get (), key));
  g_signal_connect (flap, "notify::reveal-flap", G_CALLBACK (panel_toggled_cb), (gpointer) key);
  g_action_map_add_action (G_ACTION_MAP (self), G_ACTION (action));
}

void
pl_app_window_add_panels (PlAppWindow *self)
{
  add_panel_action (self, "show-cases", self->cases_flap);
  add_panel_action (self, "show-training", self->train_flap);
  g_signal_connect_object (self->train_flap, "notify::reveal-flap", G_CALLBACK (train_toggled_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->cases_flap, "notify::reveal-flap", G_CALLBACK (cases_toggled_cb),
                           self, G_CONNECT_SWAPPED);
}

static gboolean
has_focus (PlAppWindow *self, GtkWidget *pane)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  return focus != NULL && (focus == pane || gtk_widget_is_ancestor (focus, pane));
}

/* FALSE when it has nothing that takes the focus, or is not shown. */
static gboolean
focus_pane (PlAppWindow *self, GtkWidget *pane)
{
  if (!gtk_widget_get_mapped (pane))
    return FALSE;
  if (pane != GTK_WIDGET (self->view_pages))
    return gtk_widget_child_focus (pane, GTK_DIR_TAB_FORWARD);
  pl_app_window_focus_view (self);
  return has_focus (self, pane);
}

/* From none of them to the first. */
void
pl_app_window_step_pane (PlAppWindow *self, int step)
{
  GtkWidget *panes[] = { GTK_WIDGET (self->case_list), GTK_WIDGET (self->view_pages),
                         GTK_WIDGET (self->view_bar), GTK_WIDGET (self->train_panel) };
  const int n = G_N_ELEMENTS (panes);
  int from = step > 0 ? n - 1 : 0;

  for (int i = 0; i < n; i++)
    if (has_focus (self, panes[i]))
      from = i;
  for (int i = 1; i <= n; i++)
    if (focus_pane (self, panes[((from + i * (step > 0 ? 1 : -1)) % n + n) % n]))
      return;
}
