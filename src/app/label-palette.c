/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/label-palette.h"

#include "app/settings.h"

#include "image/label-colour.h"

#include <gtk/gtk.h>

static const struct
{
  guint32 of;
  const char *key;
} families[] = {
  { PL_TRUTH_RGB, "truth-colours" },
  { PL_PREDICTION_RGB, "prediction-colours" },
};

static guint32
read_colour (const char *text, guint32 otherwise)
{
  guint64 rgb;

  if (strlen (text) != 7 || text[0] != '#' ||
      !g_ascii_string_to_unsigned (text + 1, 16, 0, 0xffffff, &rgb, NULL))
    return otherwise;
  return (guint32) rgb;
}

static void
load_family (guint32 of, const char *key)
{
  g_auto (GStrv) colours = g_settings_get_strv (pl_settings_get (), key);
  int n = (int) g_strv_length (colours);

  for (int label = 1; label <= PL_LABEL_COLOURS; label++)
    {
      guint32 rgb = pl_label_default_rgb (of, label);

      pl_label_set_rgb (of, label, label <= n ? read_colour (colours[label - 1], rgb) : rgb);
    }
}

/* Badges and buttons of a family are marked in the colour of its label 1: see style.css. */
static void
show_in_style (void)
{
  static GtkCssProvider *provider;
  g_autofree char *css =
      g_strdup_printf ("@define-color truth_color #%06x; @define-color prediction_color #%06x;",
                       pl_label_rgb (PL_TRUTH_RGB, 1), pl_label_rgb (PL_PREDICTION_RGB, 1));

  if (provider == NULL)
    {
      provider = gtk_css_provider_new ();
      gtk_style_context_add_provider_for_display (gdk_display_get_default (),
                                                  GTK_STYLE_PROVIDER (provider),
                                                  GTK_STYLE_PROVIDER_PRIORITY_APPLICATION + 1);
    }
  gtk_css_provider_load_from_data (provider, css, -1);
}

void
pl_label_palette_load (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (families); i++)
    load_family (families[i].of, families[i].key);
  show_in_style ();
}

/* Defaults are left out, so that they may be others one day. */
static void
keep_family (guint32 of, const char *key, int chosen, guint32 chosen_rgb)
{
  g_autoptr (GPtrArray) colours = g_ptr_array_new_full (PL_LABEL_COLOURS, g_free);

  for (int label = 1; label <= PL_LABEL_COLOURS; label++)
    {
      guint32 rgb = label == chosen ? chosen_rgb : pl_label_rgb (of, label);
      gboolean is_default = rgb == pl_label_default_rgb (of, label);

      g_ptr_array_add (colours, is_default ? g_strdup ("") : g_strdup_printf ("#%06x", rgb));
    }
  g_ptr_array_add (colours, NULL);
  g_settings_set_strv (pl_settings_get (), key, (const char *const *) colours->pdata);
}

void
pl_label_palette_keep (guint32 of, int label, guint32 rgb)
{
  g_return_if_fail (label >= 1 && label <= PL_LABEL_COLOURS);

  for (gsize i = 0; i < G_N_ELEMENTS (families); i++)
    if (families[i].of == of)
      keep_family (of, families[i].key, label, rgb & 0xffffff);
}

void
pl_label_palette_reset (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (families); i++)
    g_settings_reset (pl_settings_get (), families[i].key);
}

GVariant *
pl_label_palette_save (void)
{
  GVariantBuilder palette;

  g_variant_builder_init (&palette, G_VARIANT_TYPE ("aas"));
  for (gsize i = 0; i < G_N_ELEMENTS (families); i++)
    {
      g_autoptr (GVariant) colours = g_settings_get_value (pl_settings_get (), families[i].key);

      g_variant_builder_add_value (&palette, colours);
    }
  return g_variant_builder_end (&palette);
}

void
pl_label_palette_restore (GVariant *palette)
{
  for (gsize i = 0; i < G_N_ELEMENTS (families); i++)
    {
      g_autoptr (GVariant) colours = g_variant_get_child_value (palette, i);

      g_settings_set_value (pl_settings_get (), families[i].key, colours);
    }
}
