/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The slider is bound to the view state both ways. The drop-downs are menus of the window's
 * actions, so keys, menus and D-Bus tick the same entries.
 */
#include "app/view-bar.h"

#include <glib/gi18n.h>
#include <math.h>

struct _PlViewBar
{
  GtkBox parent_instance;

  /* Owned */
  PlViewState *state;
  GStrv class_names;
  char *preset;

  /* Template children */
  GtkScale *slider;
  GtkAdjustment *adjustment;
  GtkLabel *slice_label;
  GtkLabel *probe_label;
  GtkMenuButton *preset_button;
  GtkMenuButton *colours_button;
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

static char *
dup_label_name (PlViewBar *self, int label)
{
  if (label == 0)
    /* Translators: what is not an organ in a mask. */
    return g_strdup (_ ("background"));
  if (self->class_names != NULL && label <= (int) g_strv_length (self->class_names))
    return g_strdup (self->class_names[label - 1]);
  return g_strdup_printf (_ ("label %d"), label);
}

/* "" when nothing is under the pointer. */
static char *
dup_probe_text (PlViewBar *self)
{
  PlVolume *volume = pl_view_state_get_volume (self->state);
  PlMask *truth = pl_view_state_get_truth (self->state);
  int slice = pl_view_state_get_slice (self->state);
  const guint8 *predicted = pl_view_state_prediction_slice (self->state, slice);
  GString *text = g_string_new (NULL);
  int row;
  int column;
  gsize pixel;

  pl_view_state_get_probe (self->state, &row, &column);
  if (volume == NULL || row < 0 || column < 0 || row >= volume->n[1] || column >= volume->n[2] ||
      slice >= pl_volume_ready_slices (volume))
    return g_string_free (text, FALSE);

  pixel = (gsize) row * (gsize) volume->n[2] + (gsize) column;
  g_string_append_printf (
      text,
      /* Translators: place and Hounsfield units of the pixel under the pointer. */
      _ ("Column %d, row %d: %.0f HU"), column, row, pl_volume_value (volume, slice, row, column));
  if (truth != NULL)
    {
      g_autofree char *name = dup_label_name (self, pl_mask_slice (truth, slice)[pixel]);

      /* Translators: what the pixel is, such as "lung". */
      g_string_append_printf (text, _ ("   Truth: %s"), name);
    }
  if (predicted != NULL)
    {
      g_autofree char *name = dup_label_name (self, predicted[pixel]);

      g_string_append_printf (text, _ ("   Prediction: %s"), name);
    }
  return g_string_free (text, FALSE);
}

static void
update_probe (PlViewBar *self)
{
  g_autofree char *text = dup_probe_text (self);

  gtk_label_set_text (self->probe_label, text);
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
  gtk_menu_button_set_label (self->preset_button, text);
}

static void
update_colours (PlViewBar *self)
{
  gtk_menu_button_set_label (self->colours_button,
                             _ (pl_view_state_get_colour_map (self->state)->name));
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
pl_view_bar_set_class_names (PlViewBar *self, GStrv names)
{
  g_return_if_fail (PL_IS_VIEW_BAR (self));

  g_strfreev (self->class_names);
  self->class_names = g_strdupv (names);
  update_probe (self);
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
  watch (self, "notify::n-slices", update_slice);
  watch (self, "notify::slice", update_slice);
  watch (self, "notify::slice", update_probe);
  watch (self, "notify::ready-slices", update_probe);
  watch (self, "notify::probe", update_probe);
  watch (self, "notify::truth", update_probe);
  watch (self, "notify::prediction", update_probe);
  watch (self, "notify::preview", update_probe);
  watch (self, "notify::window", update_preset);
  watch (self, "notify::colour-map", update_colours);
  bind_toggles (self);
}

static GMenuModel *
make_preset_menu (void)
{
  GMenu *menu = g_menu_new ();
  gsize n;
  const PlWindowPreset *presets = pl_window_presets (&n);

  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *action = g_strdup_printf ("win.window-preset::%s", presets[i].id);

      g_menu_append (menu, _ (presets[i].name), action);
    }
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

  g_strfreev (self->class_names);
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

  gtk_widget_class_set_template_from_resource (widget_class, "/org/pleura/Pleura/ui/view-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, PlViewBar, slider);
  gtk_widget_class_bind_template_child (widget_class, PlViewBar, adjustment);
  gtk_widget_class_bind_template_child (widget_class, PlViewBar, slice_label);
  gtk_widget_class_bind_template_child (widget_class, PlViewBar, probe_label);
  gtk_widget_class_bind_template_child (widget_class, PlViewBar, preset_button);
  gtk_widget_class_bind_template_child (widget_class, PlViewBar, colours_button);
  gtk_widget_class_bind_template_child (widget_class, PlViewBar, truth_toggle);
  gtk_widget_class_bind_template_child (widget_class, PlViewBar, prediction_toggle);
  gtk_widget_class_bind_template_child (widget_class, PlViewBar, opacity_adjustment);
  gtk_widget_class_bind_template_callback (widget_class, slider_moved_cb);
}

static void
pl_view_bar_init (PlViewBar *self)
{
  g_autoptr (GMenuModel) presets = make_preset_menu ();
  g_autoptr (GMenuModel) colours = make_colours_menu ();

  self->preset = g_strdup ("custom");
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_menu_button_set_menu_model (self->preset_button, presets);
  gtk_menu_button_set_menu_model (self->colours_button, colours);
}
