/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows are bound to GSettings, which the windows follow. */
#include "app/preferences.h"

#include "app/settings.h"

#include "base/aligned.h"
#include "image/colour-map.h"
#include "image/window-level.h"

#include <glib/gi18n.h>

struct _PlPreferences
{
  AdwPreferencesWindow parent_instance;

  /* Template children */
  AdwComboRow *preset;
  AdwComboRow *colours;
  GtkAdjustment *volume_memory;
  GtkAdjustment *opacity;
  GtkSwitch *show_truth;
  GtkSwitch *show_prediction;
  GtkAdjustment *threads;
};

G_DEFINE_FINAL_TYPE (PlPreferences, pl_preferences, ADW_TYPE_PREFERENCES_WINDOW)

GtkWindow *
pl_preferences_new (GtkWindow *parent)
{
  return g_object_new (PL_TYPE_PREFERENCES, "transient-for", parent, NULL);
}

/* What a combo row offers: ids for the setting, names for the user. */
static GStrv
list_presets (GtkStringList *names)
{
  gsize n;
  const PlWindowPreset *presets = pl_window_presets (&n);
  GStrv ids = g_new0 (char *, n + 1);

  for (gsize i = 0; i < n; i++)
    {
      gtk_string_list_append (names, _ (presets[i].name));
      ids[i] = g_strdup (presets[i].id);
    }
  return ids;
}

static GStrv
list_colour_maps (GtkStringList *names)
{
  gsize n;
  const PlColourMap *const *maps = pl_colour_maps (&n);
  GStrv ids = g_new0 (char *, n + 1);

  for (gsize i = 0; i < n; i++)
    {
      gtk_string_list_append (names, _ (maps[i]->name));
      ids[i] = g_strdup (maps[i]->id);
    }
  return ids;
}

static gboolean
id_to_position_cb (GValue *value, GVariant *variant, gpointer data)
{
  GStrv ids = data;

  for (guint i = 0; ids[i] != NULL; i++)
    if (g_str_equal (ids[i], g_variant_get_string (variant, NULL)))
      g_value_set_uint (value, i);
  return TRUE;
}

static GVariant *
position_to_id_cb (const GValue *value, const GVariantType *type, gpointer data)
{
  GStrv ids = data;
  guint position = g_value_get_uint (value);

  return position < g_strv_length (ids) ? g_variant_new_string (ids[position]) : NULL;
}

static void
bind_choice (AdwComboRow *row, const char *key, GStrv (*list) (GtkStringList *names))
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  GStrv ids = list (names);

  adw_combo_row_set_model (row, G_LIST_MODEL (names));
  g_settings_bind_with_mapping (pl_settings_get (), key, row, "selected", G_SETTINGS_BIND_DEFAULT,
                                id_to_position_cb, position_to_id_cb, ids,
                                (GDestroyNotify) g_strfreev);
}

/* What stands for a part of the memory is shown as what it comes to. */
static gboolean
show_gb_cb (GValue *value, GVariant *variant, gpointer data)
{
  g_value_set_double (value, pl_settings_volume_gb ());
  return TRUE;
}

static GVariant *
keep_gb_cb (const GValue *value, const GVariantType *type, gpointer data)
{
  return g_variant_new_double (g_value_get_double (value));
}

static void
bind_memory (GtkAdjustment *gb)
{
  gtk_adjustment_set_upper (gb, (double) pl_memory_total () / 1e9);
  g_settings_bind_with_mapping (pl_settings_get (), "volume-memory", gb, "value",
                                G_SETTINGS_BIND_DEFAULT, show_gb_cb, keep_gb_cb, NULL, NULL);
}

static void
pl_preferences_class_init (PlPreferencesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/pleura/Pleura/ui/preferences.ui");
  gtk_widget_class_bind_template_child (widget_class, PlPreferences, preset);
  gtk_widget_class_bind_template_child (widget_class, PlPreferences, colours);
  gtk_widget_class_bind_template_child (widget_class, PlPreferences, volume_memory);
  gtk_widget_class_bind_template_child (widget_class, PlPreferences, opacity);
  gtk_widget_class_bind_template_child (widget_class, PlPreferences, show_truth);
  gtk_widget_class_bind_template_child (widget_class, PlPreferences, show_prediction);
  gtk_widget_class_bind_template_child (widget_class, PlPreferences, threads);
}

static void
pl_preferences_init (PlPreferences *self)
{
  GSettings *settings = pl_settings_get ();
  GSettingsBindFlags flags = G_SETTINGS_BIND_DEFAULT;

  gtk_widget_init_template (GTK_WIDGET (self));
  bind_choice (self->preset, "window-preset", list_presets);
  bind_choice (self->colours, "colour-map", list_colour_maps);
  bind_memory (self->volume_memory);
  g_settings_bind (settings, "opacity", self->opacity, "value", flags);
  g_settings_bind (settings, "show-truth", self->show_truth, "active", flags);
  g_settings_bind (settings, "show-prediction", self->show_prediction, "active", flags);
  g_settings_bind (settings, "threads", self->threads, "value", flags);
}
