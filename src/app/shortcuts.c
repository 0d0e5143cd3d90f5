/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GtkShortcutsWindow can only be filled by GtkBuilder in GTK 4.8, so its description is written
 * from the table and built.
 */
#include "app/shortcuts.h"

#include <glib/gi18n.h>

typedef enum
{
  SCOPE_ANYWHERE,
  SCOPE_LETTER, /* while the focus is in the cases or a view */
  SCOPE_MOVE,   /* while the focus is in a view */
  SCOPE_LISTED, /* handled elsewhere: by a mouse gesture or a key that is held */
} Scope;

typedef struct
{
  const char *group;        /* (nullable): the same as above */
  const char *title;        /* (nullable): not listed, a second way to what another row lists */
  const char *accelerators; /* divided by spaces */
  Scope scope;
  const char *action; /* (nullable): detailed */
} Shortcut;

static const Shortcut shortcuts[] = {
  { N_ ("Files"), N_ ("Open files"), "<Control>o", SCOPE_ANYWHERE, "win.open" },
  { NULL, N_ ("Open a folder"), "<Control><Shift>o", SCOPE_ANYWHERE, "win.open-folder" },
  { NULL, N_ ("Save the model"), "<Control><Shift>s", SCOPE_ANYWHERE, "win.save-model" },
  { NULL, N_ ("Save the predicted mask"), "<Control>s", SCOPE_ANYWHERE, "win.export-mask" },
  { NULL, N_ ("Close the window"), "<Control>w", SCOPE_ANYWHERE, "win.close" },
  { NULL, N_ ("Quit"), "<Control>q", SCOPE_ANYWHERE, "app.quit" },

  { N_ ("Cases"), N_ ("Next case"), "n <Control>Page_Down", SCOPE_LETTER, "win.next-case" },
  { NULL, N_ ("Previous case"), "p <Control>Page_Up", SCOPE_LETTER, "win.previous-case" },
  { NULL, N_ ("Search cases"), "<Control>f", SCOPE_ANYWHERE, "win.search" },
  { NULL, N_ ("Show the list of cases"), "F9", SCOPE_ANYWHERE, "win.show-cases" },

  { N_ ("Slices"), N_ ("Next slice"), "Down", SCOPE_MOVE, "win.step-slice(1)" },
  { NULL, N_ ("Previous slice"), "Up", SCOPE_MOVE, "win.step-slice(-1)" },
  { NULL, N_ ("Ten slices on"), "Page_Down", SCOPE_MOVE, "win.step-slice(10)" },
  { NULL, N_ ("Ten slices back"), "Page_Up", SCOPE_MOVE, "win.step-slice(-10)" },
  { NULL, N_ ("First slice"), "Home", SCOPE_MOVE, "win.step-slice(-100000)" },
  { NULL, N_ ("Last slice"), "End", SCOPE_MOVE, "win.step-slice(100000)" },

  { N_ ("Views"), N_ ("One slice"), "<Alt>1", SCOPE_ANYWHERE, "win.view::slice" },
  { NULL, N_ ("All slices"), "<Alt>2", SCOPE_ANYWHERE, "win.view::montage" },
  { NULL, N_ ("Comparison"), "<Alt>3", SCOPE_ANYWHERE, "win.view::compare" },
  { NULL, N_ ("Zoom in"), "<Control>plus", SCOPE_ANYWHERE, "win.zoom-in" },
  { NULL, NULL, "<Control>equal <Control>KP_Add", SCOPE_ANYWHERE, "win.zoom-in" },
  { NULL, N_ ("Zoom out"), "<Control>minus", SCOPE_ANYWHERE, "win.zoom-out" },
  { NULL, NULL, "<Control>KP_Subtract", SCOPE_ANYWHERE, "win.zoom-out" },
  { NULL, N_ ("Fit the view"), "<Control>0", SCOPE_ANYWHERE, "win.zoom-fit" },
  { NULL, NULL, "r", SCOPE_LETTER, "win.zoom-fit" },
  { NULL, N_ ("Full screen"), "F11", SCOPE_ANYWHERE, "win.fullscreen" },

  { N_ ("Gray levels"), N_ ("Lung"), "1", SCOPE_LETTER, "win.window-preset::lung" },
  { NULL, N_ ("Mediastinum"), "2", SCOPE_LETTER, "win.window-preset::mediastinum" },
  { NULL, N_ ("Soft tissue"), "3", SCOPE_LETTER, "win.window-preset::soft-tissue" },
  { NULL, N_ ("Bone"), "4", SCOPE_LETTER, "win.window-preset::bone" },
  { NULL, N_ ("Automatic"), "5", SCOPE_LETTER, "win.window-preset::auto" },

  { N_ ("Masks"), N_ ("Show or hide the masks"), "s", SCOPE_LETTER, "win.toggle-masks" },
  { NULL, N_ ("Hide the masks while held"), "space", SCOPE_LISTED, NULL },
  { NULL, N_ ("Less opaque"), "a", SCOPE_LETTER, "win.step-opacity(-0.05)" },
  { NULL, N_ ("More opaque"), "d", SCOPE_LETTER, "win.step-opacity(0.05)" },

  { N_ ("Network"), N_ ("Show the training panel"), "F8", SCOPE_ANYWHERE, "win.show-training" },
  { NULL, N_ ("Predict the case in view"), "<Control>p", SCOPE_ANYWHERE, "win.predict" },
  { NULL, N_ ("Predict all cases"), "<Control><Shift>p", SCOPE_ANYWHERE, "win.predict-all" },
  { NULL, N_ ("Cancel loading or predicting"), "Escape", SCOPE_LETTER, "win.cancel" },

  { N_ ("General"), N_ ("Main menu"), "F10", SCOPE_LISTED, NULL },
  { NULL, N_ ("Preferences"), "<Control>comma", SCOPE_ANYWHERE, "app.preferences" },
  { NULL, N_ ("Keyboard shortcuts"), "F1 <Control>question", SCOPE_ANYWHERE, "app.shortcuts" },
};

/* Those that are set stay. */
static void
add_accels (GtkApplication *application, const char *action, const char *accelerators)
{
  g_auto (GStrv) old = gtk_application_get_accels_for_action (application, action);
  g_auto (GStrv) more = g_strsplit (accelerators, " ", -1);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) all = NULL;

  g_strv_builder_addv (builder, (const char **) old);
  g_strv_builder_addv (builder, (const char **) more);
  all = g_strv_builder_end (builder);
  gtk_application_set_accels_for_action (application, action, (const char *const *) all);
}

void
pl_shortcuts_set_accels (GtkApplication *application)
{
  for (gsize i = 0; i < G_N_ELEMENTS (shortcuts); i++)
    if (shortcuts[i].scope == SCOPE_ANYWHERE)
      add_accels (application, shortcuts[i].action, shortcuts[i].accelerators);
}

static void
add_key (GtkShortcutController *controller, const char *accelerator, const char *detailed)
{
  g_autofree char *name = NULL;
  g_autoptr (GVariant) target = NULL;
  GtkShortcut *shortcut;

  if (!g_action_parse_detailed_name (detailed, &name, &target, NULL))
    g_assert_not_reached ();
  shortcut = gtk_shortcut_new (gtk_shortcut_trigger_parse_string (accelerator),
                               gtk_named_action_new (name));
  gtk_shortcut_set_arguments (shortcut, target);
  gtk_shortcut_controller_add_shortcut (controller, shortcut);
}

void
pl_shortcuts_add_keys (GtkWidget *widget, gboolean with_moves)
{
  GtkShortcutController *controller = GTK_SHORTCUT_CONTROLLER (gtk_shortcut_controller_new ());

  for (gsize i = 0; i < G_N_ELEMENTS (shortcuts); i++)
    {
      g_auto (GStrv) accelerators = g_strsplit (shortcuts[i].accelerators, " ", -1);

      if (shortcuts[i].scope == SCOPE_LETTER || (shortcuts[i].scope == SCOPE_MOVE && with_moves))
        for (char **a = accelerators; *a != NULL; a++)
          add_key (controller, *a, shortcuts[i].action);
    }
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (controller));
}

static void
append_shortcut (GString *xml, const Shortcut *shortcut)
{
  g_autofree char *text = NULL;

  text = g_markup_printf_escaped ("<child><object class='GtkShortcutsShortcut'>"
                                  "<property name='title'>%s</property>"
                                  "<property name='accelerator'>%s</property>"
                                  "</object></child>",
                                  _ (shortcut->title), shortcut->accelerators);
  g_string_append (xml, text);
}

GtkWindow *
pl_shortcuts_window_new (void)
{
  g_autoptr (GString) xml = g_string_new (NULL);
  g_autoptr (GtkBuilder) builder = NULL;
  const char *end = "";

  g_string_append (xml, "<interface><object class='GtkShortcutsWindow' id='window'>"
                        "<property name='modal'>True</property>"
                        "<child><object class='GtkShortcutsSection'>"
                        "<property name='section-name'>all</property>"
                        "<property name='max-height'>14</property>");
  for (gsize i = 0; i < G_N_ELEMENTS (shortcuts); i++)
    {
      if (shortcuts[i].group != NULL)
        {
          g_autofree char *head = NULL;

          head = g_markup_printf_escaped ("<child><object class='GtkShortcutsGroup'>"
                                          "<property name='title'>%s</property>",
                                          _ (shortcuts[i].group));
          g_string_append (xml, end);
          g_string_append (xml, head);
          end = "</object></child>";
        }
      if (shortcuts[i].title != NULL)
        append_shortcut (xml, &shortcuts[i]);
    }
  g_string_append (xml, end);
  g_string_append (xml, "</object></child></object></interface>");

  builder = gtk_builder_new_from_string (xml->str, (gssize) xml->len);
  return g_object_ref (GTK_WINDOW (gtk_builder_get_object (builder, "window")));
}
