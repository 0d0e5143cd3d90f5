/* SPDX-License-Identifier: GPL-3.0-or-later */
/* g_settings_new() ends the program when a schema is not installed; a program run from its build
 * folder, or from a prefix that XDG_DATA_DIRS does not name, looks beside itself before that. */
#include "app/settings.h"

#include "base/aligned.h"

#define SCHEMA_ID "org.pleura.Pleura"

static GSettingsSchema *
look_in (GSettingsSchemaSource *parent, const char *folder)
{
  g_autoptr (GSettingsSchemaSource) source =
      g_settings_schema_source_new_from_directory (folder, parent, TRUE, NULL);

  return source == NULL ? NULL : g_settings_schema_source_lookup (source, SCHEMA_ID, TRUE);
}

static GSettingsSchema *
find_schema (void)
{
  static const char *const places[] = { "../../data", "../share/glib-2.0/schemas" };
  GSettingsSchemaSource *standard = g_settings_schema_source_get_default ();
  GSettingsSchema *schema = NULL;
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);

  if (standard != NULL)
    schema = g_settings_schema_source_lookup (standard, SCHEMA_ID, TRUE);
  for (gsize i = 0; schema == NULL && program != NULL && i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *bin = g_path_get_dirname (program);
      g_autofree char *folder = g_build_filename (bin, places[i], NULL);

      schema = look_in (standard, folder);
    }
  return schema;
}

GSettings *
pl_settings_get (void)
{
  static GSettings *settings = NULL;

  if (settings == NULL)
    {
      g_autoptr (GSettingsSchema) schema = find_schema ();

      if (schema != NULL)
        settings = g_settings_new_full (schema, NULL, NULL);
    }
  return settings;
}

double
pl_settings_volume_gb (void)
{
  double gb = g_settings_get_double (pl_settings_get (), "volume-memory");

  return gb >= 0 ? gb : (double) pl_memory_total () / 4 / 1e9;
}
