/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The slider is bound to the view state both ways. The drop-downs are menus of the window's
 * actions, so keys, menus and D-Bus tick the same entries.
 */
#include "app/view-bar.h"

#include "app/legend-text.h"
#include "app/shortcuts.h"
#include "app/level-entry.h"
#include "app/probe-text.h"
#include "app/slice-strip.h"
#include "app/wrap-layout.h"

#include <glib/gi18n.h>
#include <math.h>

struct _PlViewBar
{
  GtkBox parent_instance;

  /* Owned */
  PlViewState *state;
  char *preset;

  /* Borrowed: it belongs to the popover of the presets */
  PlLevelEntry *level_entry;

  /* Template children */
  GtkScale *slider;
  GtkAdjustment *adjustment;
  PlSliceStrip *strip;
  GtkLabel *case_label;
  GtkLabel *slice_label;
  GtkMenuButton *slice_button;
  GtkEditable *slice_entry;
  GtkWidget *volume_box;
  GtkSpinButton *volume_spin;
  GtkLabel *volume_label;
  GtkLabel *probe_label;
  GtkLabel *legend_label;
  GtkMenuButton *preset_button;
  GtkLabel *preset_label;
  GtkMenuButton *colours_button;
  GtkLabel *colours_label;
  GtkWidget *copy_button;
  GtkToggleButton *truth_toggle;
  GtkToggleButton *prediction_toggle;
  GtkAdjustment *opacity_adjustment;
};

G_DEFINE_FINAL_TYPE (PlViewBar, pl_view_bar, GTK_TYPE_BOX)

static void
update_slice (PlViewBar *self)
{
  int n = pl_view_state_get_n_slices (self->state);
  int slice = pl_view_state_get_slice (self->state);
  g_autofree char *text = NULL;

  /* Translators: the number of the slice in view, and how many there are. */
  text = n == 0 ? g_strdup ("") : g_strdup_printf (_ ("Slice %d / %d"), slice + 1, n);
  gtk_label_set_text (self->slice_label, text);
  gtk_adjustment_set_upper (self->adjustment, MAX (n - 1, 0));
  gtk_adjustment_set_value (self->adjustment, slice);
  gtk_widget_set_sensitive (GTK_WIDGET (self->slider), n > 1);
  gtk_widget_set_sensitive (GTK_WIDGET (self->slice_button), n > 1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->slider), GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT,
                                  text, -1);
}

static void
slider_moved_cb (PlViewBar *self)
{
  if (self->state != NULL)
    pl_view_state_set_slice (self->state,
                             (int) lround (gtk_adjustment_get_value (self->adjustment)));
}

/* The popover opens with the number in view, to be typed over. */
static void
slice_asked_cb (PlViewBar *self)
{
  g_autofree char *text = NULL;

  if (self->state == NULL)
    return;
  text = g_strdup_printf ("%d", pl_view_state_get_slice (self->state) + 1);
  gtk_editable_set_text (self->slice_entry, text);
  gtk_widget_grab_focus (GTK_WIDGET (self->slice_entry));
}

/* What is no number leaves the slice as it is. */
static void
slice_entered_cb (PlViewBar *self)
{
  gint64 number = g_ascii_strtoll (gtk_editable_get_text (self->slice_entry), NULL, 10);

  if (number > 0)
    pl_view_state_set_slice (self->state, (int) MIN (number, G_MAXINT) - 1);
  gtk_menu_button_popdown (self->slice_button);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.focus-view", NULL);
}

void
pl_view_bar_ask_slice (PlViewBar *self)
{
  g_return_if_fail (PL_IS_VIEW_BAR (self));

  if (gtk_widget_is_sensitive (GTK_WIDGET (self->slice_button)))
    gtk_menu_button_popup (self->slice_button);
}

void
pl_view_bar_add_picture_drag (PlViewBar *self, GtkDragSource *source)
{
  g_return_if_fail (PL_IS_VIEW_BAR (self));

  gtk_widget_add_controller (self->copy_button, GTK_EVENT_CONTROLLER (source));
}

void
pl_view_bar_ask_level (PlViewBar *self)
{
  g_return_if_fail (PL_IS_VIEW_BAR (self));

  gtk_menu_button_popup (self->preset_button);
  gtk_widget_grab_focus (GTK_WIDGET (self->level_entry));
}

static void
update_probe (PlViewBar *self)
{
  g_autofree char *text = pl_probe_text (self->state);

  if (g_str_equal (text, gtk_label_get_text (self->probe_label)))
    return;
  gtk_label_set_text (self->probe_label, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->probe_label), text); /* where it is cut */
}

static void
update_legend (PlViewBar *self)
{
  g_autofree char *words = NULL;
  g_autofree char *markup = pl_legend_dup_markup (self->state, &words);

  gtk_widget_set_visible (GTK_WIDGET (self->legend_label), markup != NULL);
  gtk_label_set_markup (self->legend_label, markup != NULL ? markup : "");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->legend_label),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, words != NULL ? words : "", -1);
}

static void
update_preset (PlViewBar *self)
{
  const PlWindowPreset *preset = pl_window_preset_find (self->preset);
  PlWindow window = pl_view_state_get_window (self->state);
  g_autofree char *text = NULL;

  /* Translators: name of a window preset, its width and its centre in Hounsfield units. */
  text = g_strdup_printf (_ ("%s (%.0f / %.0f)"), preset == NULL ? _ ("Custom") : _ (preset->name),
                          window.width_hu, window.centre_hu);
  gtk_label_set_text (self->preset_label, text);
}

static void
update_colours (PlViewBar *self)
{
  gtk_label_set_text (self->colours_label, _ (pl_view_state_get_colour_map (self->state)->name));
}

void
pl_view_bar_set_preset (PlViewBar *self, const char *preset)
{
  g_return_if_fail (PL_IS_VIEW_BAR (self));

  g_free (self->preset);
  self->preset = g_strdup (preset);
  update_preset (self);
}

void
pl_view_bar_set_case (PlViewBar *self, const char *title, const char *name)
{
  g_return_if_fail (PL_IS_VIEW_BAR (self));

  gtk_label_set_text (self->case_label, title == NULL ? "" : title);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->case_label), name);
}

/* In one go: a value that a new limit had clamped would be taken for the user's. */
void
pl_view_bar_set_volume (PlViewBar *self, int volume, int n)
{
  g_autofree char *text = g_strdup_printf ("/ %d", n);

  g_return_if_fail (PL_IS_VIEW_BAR (self));

  gtk_adjustment_configure (gtk_spin_button_get_adjustment (self->volume_spin), volume + 1, 1, n, 1,
                            10, 0);
  gtk_label_set_text (self->volume_label, text);
  gtk_widget_set_visible (self->volume_box, n > 1);
}

static void
volume_chosen_cb (PlViewBar *self)
{
  int volume = gtk_spin_button_get_value_as_int (self->volume_spin) - 1;

  gtk_widget_activate_action (GTK_WIDGET (self), "win.volume", "i", volume);
}

static void
watch (PlViewBar *self, const char *signal, void (*update) (PlViewBar *self))
{
  g_signal_connect_object (self->state, signal, G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

static void
bind_toggles (PlViewBar *self)
{
  GBindingFlags flags = G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL;

  g_object_bind_property (self->state, "show-truth", self->truth_toggle, "active", flags);
  g_object_bind_property (self->state, "show-prediction", self->prediction_toggle, "active", flags);
  g_object_bind_property (self->state, "opacity", self->opacity_adjustment, "value", flags);
}

void
pl_view_bar_set_state (PlViewBar *self, PlViewState *state)
{
  g_return_if_fail (PL_IS_VIEW_BAR (self));
  g_return_if_fail (self->state == NULL);

  self->state = g_object_ref (state);
  pl_slice_strip_set_state (self->strip, state);
  pl_level_entry_set_state (self->level_entry, state);
  watch (self, "notify::n-slices", update_slice);
  watch (self, "notify::slice", update_slice);
  watch (self, "notify::slice", update_probe);
  watch (self, "notify::ready-slices", update_probe);
  watch (self, "notify::probe", update_probe);
  watch (self, "notify::truth", update_probe);
  watch (self, "notify::prediction", update_probe);
  watch (self, "notify::second", update_probe);
  watch (self, "notify::second-name", update_probe);
  watch (self, "notify::preview", update_probe);
  watch (self, "notify::heat", update_probe);
  watch (self, "notify::names", update_probe);
  watch (self, "notify::names", update_legend);
  watch (self, "notify::label-colours", update_legend);
  watch (self, "notify::truth", update_legend);
  watch (self, "notify::prediction", update_legend);
  watch (self, "notify::preview", update_legend);
  watch (self, "notify::window", update_preset);
  watch (self, "notify::colour-map", update_colours);
  bind_toggles (self);
}

/* The presets, and below them numbers. */
static GMenuModel *
make_preset_menu (void)
{
  GMenu *menu = g_menu_new ();
  gsize n;
  const PlWindowPreset *presets = pl_window_presets (&n);
  g_autoptr (GMenu) numbers = g_menu_new ();
  g_autoptr (GMenuItem) entry = g_menu_item_new (NULL, NULL);

  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *action = g_strdup_printf ("win.window-preset::%s", presets[i].id);

      g_menu_append (menu, _ (presets[i].name), action);
    }
  g_menu_item_set_attribute (entry, "custom", "s", "level-entry");
  g_menu_append_item (numbers, entry);
  g_menu_append_section (menu, NULL, G_MENU_MODEL (numbers));
  return G_MENU_MODEL (menu);
}

static GMenuModel *
make_colours_menu (void)
{
  GMenu *menu = g_menu_new ();
  gsize n;
  const PlColourMap *const *maps = pl_colour_maps (&n);

  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *action = g_strdup_printf ("win.colour-map::%s", maps[i]->id);

      g_menu_append (menu, _ (maps[i]->name), action);
    }
  return G_MENU_MODEL (menu);
}

static void
add_preset_popover (PlViewBar *self)
{
  g_autoptr (GMenuModel) presets = make_preset_menu ();
  GtkWidget *popover = gtk_popover_menu_new_from_model (presets);

  self->level_entry = PL_LEVEL_ENTRY (pl_level_entry_new ());
  gtk_popover_menu_add_child (GTK_POPOVER_MENU (popover), GTK_WIDGET (self->level_entry),
                              "level-entry");
  gtk_menu_button_set_popover (self->preset_button, popover);
}

static void
pl_view_bar_dispose (GObject *object)
{
  PlViewBar *self = PL_VIEW_BAR (object);

  g_clear_object (&self->state);

  G_OBJECT_CLASS (pl_view_bar_parent_class)->dispose (object);
}

static void
pl_view_bar_finalize (GObject *object)
{
  PlViewBar *self = PL_VIEW_BAR (object);

  g_free (self->preset);

  G_OBJECT_CLASS (pl_view_bar_parent_class)->finalize (object);
}

static void
pl_view_bar_class_init (PlViewBarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = pl_view_bar_dispose;
  object_class->finalize = pl_view_bar_finalize;
  g_type_ensure (PL_TYPE_SLICE_STRIP);
  g_type_ensure (PL_TYPE_WRAP_LAYOUT);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/pleura/Pleura/ui/view-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, PlViewBar, slider);
  gtk_widget_class_bind_template_child (widget_class, PlViewBar, adjustment);
  gtk_widget_class_bind_template_child (widget_class, PlViewBar, strip);
  gtk_widget_class_bind_template_child (widget_class, PlViewBar, case_label);
  gtk_widget_class_bind_template_child (widget_class, PlViewBar, slice_label);
  gtk_widget_class_bind_template_child (widget_class, PlViewBar, slice_button);
  gtk_widget_class_bind_template_child (widget_class, PlViewBar, slice_entry);
  gtk_widget_class_bind_template_child (widget_class, PlViewBar, volume_box);
  gtk_widget_class_bind_template_child (widget_class, PlViewBar, volume_spin);
  gtk_widget_class_bind_template_child (widget_class, PlViewBar, volume_label);
  gtk_widget_class_bind_template_child (widget_class, PlViewBar, probe_label);
  gtk_widget_class_bind_template_child (widget_class, PlViewBar, legend_label);
  gtk_widget_class_bind_template_child (widget_class, PlViewBar, preset_button);
  gtk_widget_class_bind_template_child (widget_class, PlViewBar, preset_label);
  gtk_widget_class_bind_template_child (widget_class, PlViewBar, colours_button);
  gtk_widget_class_bind_template_child (widget_class, PlViewBar, colours_label);
  gtk_widget_class_bind_template_child (widget_class, PlViewBar, copy_button);
  gtk_widget_class_bind_template_child (widget_class, PlViewBar, truth_toggle);
  gtk_widget_class_bind_template_child (widget_class, PlViewBar, prediction_toggle);
  gtk_widget_class_bind_template_child (widget_class, PlViewBar, opacity_adjustment);
  gtk_widget_class_bind_template_callback (widget_class, slider_moved_cb);
  gtk_widget_class_bind_template_callback (widget_class, slice_asked_cb);
  gtk_widget_class_bind_template_callback (widget_class, slice_entered_cb);
  gtk_widget_class_bind_template_callback (widget_class, volume_chosen_cb);
}

static void
pl_view_bar_init (PlViewBar *self)
{
  g_autoptr (GMenuModel) colours = make_colours_menu ();

  self->preset = g_strdup ("custom");
  gtk_widget_init_template (GTK_WIDGET (self));
  add_preset_popover (self);
  pl_shortcuts_add_moves_first (GTK_WIDGET (self->slider)); /* down is on, as in the views */
  gtk_menu_button_set_menu_model (self->colours_button, colours);
}
