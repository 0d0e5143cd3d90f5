/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was opened before stands in the menu of the button that opens: folders, and files that were
 * opened together, as one. Settings hold text, and are read whole at the start: paths that are none
 * and hundreds of files are not remembered.
 */
#include "app/window-private.h"

#include "app/settings.h"

#include <glib/gi18n.h>

enum
{
  MOST = 6,
  MOST_FILES = 100, /* that were opened together */
};

/* (element-type GStrv) */
static GPtrArray *
list_recent (void)
{
  g_autoptr (GVariant) kept = g_settings_get_value (pl_settings_get (), "recent");
  GPtrArray *recent = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);

  for (gsize i = 0; i < g_variant_n_children (kept); i++)
    {
      g_autoptr (GVariant) paths = g_variant_get_child_value (kept, i);

      if (g_variant_n_children (paths) > 0)
        g_ptr_array_add (recent, g_variant_dup_strv (paths, NULL));
    }
  return recent;
}

/* One underscore is a mnemonic. */
static char *
dup_label (GStrv paths)
{
  g_autofree char *name = g_filename_display_basename (paths[0]);
  g_auto (GStrv) parts = g_strsplit (name, "_", -1);
  g_autofree char *label = g_strjoinv ("__", parts);
  guint n_more = g_strv_length (paths) - 1;

  if (n_more == 0)
    return g_steal_pointer (&label);
  /* Translators: %s is the first of several files that were opened together. */
  return g_strdup_printf (ngettext ("%s and %u more", "%s and %u more", n_more), label, n_more);
}

static GMenuItem *
make_item (GStrv paths)
{
  g_autofree char *label = dup_label (paths);
  GMenuItem *item = g_menu_item_new (label, NULL);

  if (paths[1] == NULL)
    g_menu_item_set_action_and_target (item, "win.open-recent", "s", paths[0]);
  else
    g_menu_item_set_action_and_target (item, "win.open-recent-files", "^as", paths);
  return item;
}

static void
update_menu (PlAppWindow *self)
{
  g_autoptr (GPtrArray) recent = list_recent ();
  g_autoptr (GMenu) menu = g_menu_new ();
  g_autoptr (GMenu) open = g_menu_new ();
  g_autoptr (GMenu) before = g_menu_new ();

  g_menu_append (open, _ ("Open _Files…"), "win.open");
  g_menu_append (open, _ ("Open _Model…"), "win.open-model");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (open));
  for (guint i = 0; i < recent->len; i++)
    {
      g_autoptr (GMenuItem) item = make_item (g_ptr_array_index (recent, i));

      g_menu_append_item (before, item);
    }
  g_menu_append_section (menu, _ ("Opened Before"), G_MENU_MODEL (before));
  adw_split_button_set_menu_model (self->open_button, G_MENU_MODEL (menu));
}

static gboolean
can_remember (char **paths)
{
  guint n = g_strv_length (paths);

  for (guint i = 0; i < n; i++)
    if (!g_utf8_validate (paths[i], -1, NULL))
      return FALSE;
  return n > 0 && n <= MOST_FILES;
}

void
pl_app_window_remember (PlAppWindow *self, char **paths)
{
  g_autoptr (GPtrArray) before = list_recent ();
  GVariantBuilder builder;
  guint n = 1;

  if (!can_remember (paths))
    return;
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aas"));
  g_variant_builder_add (&builder, "^as", paths);
  for (guint i = 0; i < before->len && n < MOST; i++)
    {
      GStrv other = g_ptr_array_index (before, i);

      if (g_strv_equal ((const char *const *) other, (const char *const *) paths))
        continue;
      g_variant_builder_add (&builder, "^as", other);
      n++;
    }
  g_settings_set_value (pl_settings_get (), "recent", g_variant_builder_end (&builder));
  update_menu (self);
}

/* What is gone is a file if its name is one of images. */
static void
open_recent_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  const char *path = g_variant_get_string (parameter, NULL);
  char *paths[] = { (char *) path, NULL };

  if (g_file_test (path, G_FILE_TEST_IS_REGULAR) || pl_image_name_is_supported (path))
    pl_app_window_open_files (data, paths);
  else
    pl_app_window_open_folder (data, path);
}

static void
open_recent_files_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_auto (GStrv) paths = g_variant_dup_strv (parameter, NULL);

  if (paths[0] != NULL)
    pl_app_window_open_files (data, paths);
}

static const GActionEntry entries[] = {
  { "open-recent", open_recent_cb, "s" },
  { "open-recent-files", open_recent_files_cb, "as" },
};

void
pl_app_window_add_recent (PlAppWindow *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  update_menu (self);
}
