/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `pleura [--model FILE] [FILE or FOLDER …]`: the command line is parsed where it was typed and
 * acted upon in the running instance, whose working folder may be another, so names are resolved
 * by the command line.
 */
#include "app/application.h"

#include "app/preferences.h"
#include "app/settings.h"
#include "app/shortcuts.h"
#include "app/view-picture.h"
#include "app/window.h"

#include "train/train.h"

#include <glib-unix.h>
#include <glib/gi18n.h>

enum
{
  LONGEST_SAVE_S = 10,
};

struct _PlApplication
{
  AdwApplication parent_instance;
};

G_DEFINE_FINAL_TYPE (PlApplication, pl_application, ADW_TYPE_APPLICATION)

PlApplication *
pl_application_new (void)
{
  return g_object_new (PL_TYPE_APPLICATION, "application-id", "org.pleura.Pleura", "flags",
                       G_APPLICATION_HANDLES_OPEN | G_APPLICATION_HANDLES_COMMAND_LINE,
                       "register-session", TRUE, NULL);
}

static PlAppWindow *
present_window (GApplication *application)
{
  GtkApplication *app = GTK_APPLICATION (application);
  PlAppWindow *window = NULL;

  for (GList *link = gtk_application_get_windows (app); link != NULL; link = link->next)
    if (PL_IS_APP_WINDOW (link->data))
      window = link->data;
  if (window == NULL)
    window = pl_app_window_new (app);
  gtk_window_present (GTK_WINDOW (window));
  return window;
}

static void
preferences_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  gtk_window_present (pl_preferences_new (gtk_application_get_active_window (data)));
}

static void
shortcuts_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GtkWindow *window = pl_shortcuts_window_new ();

  gtk_window_set_transient_for (window, gtk_application_get_active_window (data));
  gtk_window_present (window);
}

static void
about_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  adw_show_about_window (
      gtk_application_get_active_window (data), "application-name", _ ("Pleura"),
      "application-icon", "org.pleura.Pleura", "version", PLEURA_VERSION, "developer-name",
      _ ("The Pleura contributors"), "license-type", GTK_LICENSE_GPL_3_0, "comments",
      _ ("Look at chest CT, and train a U-Net that finds the lungs in it, on this computer.\n\n"
         "Not for clinical use."),
      /* Translators: your name, as it shall stand in the list of translators. */
      "translator-credits", _ ("translator-credits"), NULL);
}

/* Both are where a notification leads to. */
static void
runs_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_action_group_activate_action (G_ACTION_GROUP (present_window (data)), "runs", NULL);
}

static void
show_experiment_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_action_group_activate_action (G_ACTION_GROUP (present_window (data)), "show-experiment",
                                  parameter);
}

/* A window that trains stays until its model is saved. Others take those above them along. */
static void
quit_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_autolist (GtkWindow) windows = g_list_copy (gtk_application_get_windows (data));

  for (GList *link = windows; link != NULL; link = link->next)
    g_object_ref (link->data);
  for (GList *link = windows; link != NULL; link = link->next)
    gtk_window_close (link->data);
}

/* (nullable): a window that trains. */
static GtkWindow *
find_training (GtkApplication *application)
{
  for (GList *link = gtk_application_get_windows (application); link != NULL; link = link->next)
    if (PL_IS_APP_WINDOW (link->data) && pl_app_window_is_training (link->data))
      return link->data;
  return NULL;
}

/* The session is to end: a training saves itself, which holds the session up for a moment, and is
 * offered again at the next start. */
static void
query_end_cb (GtkApplication *application)
{
  GtkWindow *window = find_training (application);

  if (window == NULL)
    return;
  gtk_application_inhibit (application, window, GTK_APPLICATION_INHIBIT_LOGOUT,
                           _ ("The training is being saved"));
  gtk_window_close (window);
}

/* Not by the action, which an application has only while it is registered: GLib sends SIGTERM, too,
 * when the bus of the session is gone. */
static gboolean
terminate_cb (gpointer application)
{
  quit_cb (NULL, NULL, application);
  return G_SOURCE_CONTINUE;
}

static const GActionEntry actions[] = {
  { "preferences", preferences_cb },
  { "shortcuts", shortcuts_cb },
  { "about", about_cb },
  { "runs", runs_cb },
  { "show-experiment", show_experiment_cb, "s" },
  { "quit", quit_cb },
};

static void
pl_application_startup (GApplication *application)
{
  G_APPLICATION_CLASS (pl_application_parent_class)->startup (application);

  g_action_map_add_action_entries (G_ACTION_MAP (application), actions, G_N_ELEMENTS (actions),
                                   application);
  g_signal_connect (application, "query-end", G_CALLBACK (query_end_cb), NULL);
  g_unix_signal_add (SIGTERM, terminate_cb, application);
  g_unix_signal_add (SIGHUP, terminate_cb, application);
  pl_shortcuts_set_accels (GTK_APPLICATION (application));
  gtk_window_set_default_icon_name ("org.pleura.Pleura");
  pl_view_picture_remove_old ();
  pl_train_set_threads (g_settings_get_int (pl_settings_get (), "threads"));
}

/* GTK quits at once when the session ends, whatever was asked before. */
static void
pl_application_shutdown (GApplication *application)
{
  GtkApplication *app = GTK_APPLICATION (application);
  GtkWindow *window = find_training (app);
  gint64 end_us = g_get_monotonic_time () + LONGEST_SAVE_S * G_TIME_SPAN_SECOND;

  if (window != NULL)
    gtk_window_close (window);
  while (find_training (app) != NULL && g_get_monotonic_time () < end_us)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
  G_APPLICATION_CLASS (pl_application_parent_class)->shutdown (application);
}

static void
pl_application_activate (GApplication *application)
{
  present_window (application);
}

static void
pl_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  pl_app_window_open (present_window (application), files, n_files);
}

static void
open_model (PlAppWindow *window, GApplicationCommandLine *line, const char *name)
{
  g_autoptr (GFile) file = g_application_command_line_create_file_for_arg (line, name);

  pl_app_window_open_model (window, file);
}

static void
open_files (PlAppWindow *window, GApplicationCommandLine *line, const char **names)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);

  for (const char **name = names; *name != NULL; name++)
    g_ptr_array_add (files, g_application_command_line_create_file_for_arg (line, *name));
  pl_app_window_open (window, (GFile **) files->pdata, (int) files->len);
}

static int
pl_application_command_line (GApplication *application, GApplicationCommandLine *line)
{
  GVariantDict *options = g_application_command_line_get_options_dict (line);
  PlAppWindow *window = present_window (application);
  g_autofree const char **names = NULL;
  const char *model = NULL;

  if (g_variant_dict_lookup (options, "model", "^&ay", &model))
    open_model (window, line, model);
  if (g_variant_dict_lookup (options, G_OPTION_REMAINING, "^a&ay", &names))
    open_files (window, line, names);
  return 0;
}

static int
pl_application_handle_local_options (GApplication *application, GVariantDict *options)
{
  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("pleura %s\n", PLEURA_VERSION);
      return 0;
    }
  return -1;
}

static void
pl_application_class_init (PlApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  application_class->startup = pl_application_startup;
  application_class->shutdown = pl_application_shutdown;
  application_class->activate = pl_application_activate;
  application_class->open = pl_application_open;
  application_class->command_line = pl_application_command_line;
  application_class->handle_local_options = pl_application_handle_local_options;
}

static void
pl_application_init (PlApplication *self)
{
  const GOptionEntry options[] = {
    { "version", 0, 0, G_OPTION_ARG_NONE, NULL, _ ("Show the version and exit"), NULL },
    { "model", 0, 0, G_OPTION_ARG_FILENAME, NULL, _ ("Predict with this model"), _ ("FILE") },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, NULL, NULL, _ ("[FILE or FOLDER…]") },
    { NULL },
  };
  GApplication *application = G_APPLICATION (self);

  g_application_add_main_option_entries (application, options);
  g_application_set_option_context_summary (
      application, _ ("Looks at chest CT and trains a U-Net that finds the lungs in it."));
}
