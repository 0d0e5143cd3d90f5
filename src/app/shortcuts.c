/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GtkShortcutsWindow can only be filled by GtkBuilder in GTK 4.8, so its description is written
 * from the table and built.
 */
#include "app/shortcuts.h"

#include <glib/gi18n.h>

typedef enum
{
  SCOPE_ANYWHERE,
  SCOPE_LETTER, /* while a data set is open and the focus is not in an entry */
  SCOPE_MOVE,   /* while the focus is in a view */
  SCOPE_LISTED, /* handled elsewhere: a key of GTK, or one that is held */
  SCOPE_MOUSE,  /* handled by the views */
} Scope;

typedef struct
{
  const char *section; /* (nullable): the same as above, likewise the group */
  const char *group;
  const char *title;        /* (nullable): not listed, a second way to what another row lists */
  const char *accelerators; /* divided by spaces; of the mouse: what the hand does, in words */
  Scope scope;
  const char *action; /* (nullable): detailed */
} Shortcut;

static const Shortcut shortcuts[] = {
  { N_ ("Viewing"), N_ ("Slices"), N_ ("Next slice"), "Down", SCOPE_MOVE, "win.step-slice(1)" },
  { NULL, NULL, N_ ("Previous slice"), "Up", SCOPE_MOVE, "win.step-slice(-1)" },
  { NULL, NULL, N_ ("Ten slices on"), "Page_Down", SCOPE_MOVE, "win.step-slice(10)" },
  { NULL, NULL, N_ ("Ten slices back"), "Page_Up", SCOPE_MOVE, "win.step-slice(-10)" },
  { NULL, NULL, N_ ("First slice"), "Home", SCOPE_MOVE, "win.step-slice(-100000)" },
  { NULL, NULL, N_ ("Last slice"), "End", SCOPE_MOVE, "win.step-slice(100000)" },
  { NULL, NULL, N_ ("Go to a slice"), "<Control>g", SCOPE_ANYWHERE, "win.go-to-slice" },
  { NULL, NULL, N_ ("Play the slices"), "k", SCOPE_LETTER, "win.play" },

  { NULL, N_ ("Masks"), N_ ("Show or hide the masks"), "s", SCOPE_LETTER, "win.toggle-masks" },
  { NULL, NULL, N_ ("Hide the masks while held"), "space", SCOPE_LISTED, NULL },
  { NULL, NULL, N_ ("Two masks in turn while held"), "b", SCOPE_LISTED, NULL },
  { NULL, NULL, N_ ("Less opaque"), "a", SCOPE_LETTER, "win.step-opacity(-0.05)" },
  { NULL, NULL, N_ ("More opaque"), "d", SCOPE_LETTER, "win.step-opacity(0.05)" },

  { NULL, N_ ("Views"), N_ ("One slice"), "<Alt>1", SCOPE_ANYWHERE, "win.view::slice" },
  { NULL, NULL, N_ ("All slices"), "<Alt>2", SCOPE_ANYWHERE, "win.view::montage" },
  { NULL, NULL, N_ ("Comparison"), "<Alt>3", SCOPE_ANYWHERE, "win.view::compare" },
  { NULL, NULL, N_ ("Three planes"), "<Alt>4", SCOPE_ANYWHERE, "win.view::planes" },
  { NULL, NULL, N_ ("Zoom in"), "<Control>plus", SCOPE_ANYWHERE, "win.zoom-in" },
  { NULL, NULL, NULL, "<Control>equal <Control>KP_Add", SCOPE_ANYWHERE, "win.zoom-in" },
  { NULL, NULL, N_ ("Zoom out"), "<Control>minus", SCOPE_ANYWHERE, "win.zoom-out" },
  { NULL, NULL, NULL, "<Control>KP_Subtract", SCOPE_ANYWHERE, "win.zoom-out" },
  { NULL, NULL, N_ ("Fit the view"), "<Control>0", SCOPE_ANYWHERE, "win.zoom-fit" },
  { NULL, NULL, NULL, "r", SCOPE_LETTER, "win.zoom-fit" },
  { NULL, NULL, N_ ("Original size"), "<Control>1", SCOPE_ANYWHERE, "win.zoom-actual" },
  { NULL, NULL, N_ ("Move the image to the left"), "<Alt>Left", SCOPE_MOVE,
    "win.move-image((-1.0, 0.0))" },
  { NULL, NULL, N_ ("Move the image to the right"), "<Alt>Right", SCOPE_MOVE,
    "win.move-image((1.0, 0.0))" },
  { NULL, NULL, N_ ("Move the image up"), "<Alt>Up", SCOPE_MOVE, "win.move-image((0.0, -1.0))" },
  { NULL, NULL, N_ ("Move the image down"), "<Alt>Down", SCOPE_MOVE, "win.move-image((0.0, 1.0))" },
  { NULL, NULL, N_ ("Full screen"), "F11", SCOPE_ANYWHERE, "win.fullscreen" },

  { N_ ("Image"), N_ ("Gray Levels"), N_ ("Lung"), "1", SCOPE_LETTER, "win.window-preset::lung" },
  { NULL, NULL, N_ ("Mediastinum"), "2", SCOPE_LETTER, "win.window-preset::mediastinum" },
  { NULL, NULL, N_ ("Soft tissue"), "3", SCOPE_LETTER, "win.window-preset::soft-tissue" },
  { NULL, NULL, N_ ("Bone"), "4", SCOPE_LETTER, "win.window-preset::bone" },
  { NULL, NULL, N_ ("Automatic"), "5", SCOPE_LETTER, "win.window-preset::auto" },
  { NULL, NULL, N_ ("Type centre and width"), "<Control>i", SCOPE_ANYWHERE,
    "win.enter-window-level" },

  { NULL, N_ ("Image"), N_ ("Rotate to the right"), "<Control>r", SCOPE_ANYWHERE, "win.rotate(1)" },
  { NULL, NULL, N_ ("Rotate to the left"), "<Control><Shift>r", SCOPE_ANYWHERE, "win.rotate(-1)" },
  { NULL, NULL, N_ ("Flip across"), "h", SCOPE_LETTER, "win.flip-across" },
  { NULL, NULL, N_ ("Flip down"), "v", SCOPE_LETTER, "win.flip-down" },
  { NULL, NULL, N_ ("Upright"), "u", SCOPE_LETTER, "win.upright" },
  { NULL, NULL, N_ ("Smooth pixels"), "i", SCOPE_LETTER, "win.smooth" },

  { NULL, N_ ("Tools"), N_ ("Measure"), "m", SCOPE_LETTER, "win.ruler" },
  { NULL, NULL, N_ ("Gray levels of a region"), "w", SCOPE_LETTER, "win.region" },
  { NULL, NULL, N_ ("Begin or end at the marked pixel"), "Return", SCOPE_LISTED, NULL },
  { NULL, NULL, N_ ("Mark the pixel to the left"), "<Control>Left", SCOPE_MOVE,
    "win.move-probe((-1, 0))" },
  { NULL, NULL, N_ ("Mark the pixel to the right"), "<Control>Right", SCOPE_MOVE,
    "win.move-probe((1, 0))" },
  { NULL, NULL, N_ ("Mark the pixel above"), "<Control>Up", SCOPE_MOVE, "win.move-probe((0, -1))" },
  { NULL, NULL, N_ ("Mark the pixel below"), "<Control>Down", SCOPE_MOVE,
    "win.move-probe((0, 1))" },
  { NULL, NULL, N_ ("Ten pixels on"), "<Control><Shift>Right", SCOPE_MOVE,
    "win.move-probe((10, 0))" },
  { NULL, NULL, NULL, "<Control><Shift>Left", SCOPE_MOVE, "win.move-probe((-10, 0))" },
  { NULL, NULL, NULL, "<Control><Shift>Up", SCOPE_MOVE, "win.move-probe((0, -10))" },
  { NULL, NULL, NULL, "<Control><Shift>Down", SCOPE_MOVE, "win.move-probe((0, 10))" },

  { NULL, N_ ("Comparison"), N_ ("Move the divider to the left"), "Left", SCOPE_LISTED, NULL },
  { NULL, NULL, N_ ("Move the divider to the right"), "Right", SCOPE_LISTED, NULL },
  { NULL, NULL, N_ ("Enlarge a pane, or show all again"), "e", SCOPE_LETTER,
    "win.toggle-enlarged" },

  { NULL, N_ ("Planes"), N_ ("Move the crosshair"), "Left Right", SCOPE_LISTED, NULL },
  { NULL, NULL, N_ ("Next plane, ten with Shift"), "Page_Down", SCOPE_LISTED, NULL },
  { NULL, NULL, N_ ("Previous plane, ten with Shift"), "Page_Up", SCOPE_LISTED, NULL },
  { NULL, NULL, N_ ("Enlarge a pane, or show all again"), "e", SCOPE_LISTED, NULL },

  { N_ ("Mouse"), N_ ("One slice"), N_ ("Next or previous slice"), N_ ("Wheel"), SCOPE_MOUSE },
  { NULL, NULL, N_ ("Zoom"), N_ ("Ctrl+wheel, or drag with the right button"), SCOPE_MOUSE },
  { NULL, NULL, N_ ("Gray levels"), N_ ("Drag: width across, level up and down"), SCOPE_MOUSE },
  { NULL, NULL, N_ ("Gray levels of a region"), N_ ("Ctrl+drag"), SCOPE_MOUSE },
  { NULL, NULL, N_ ("Move the image"), N_ ("Shift+drag, or with the middle button"), SCOPE_MOUSE },
  { NULL, NULL, N_ ("Fit the view"), N_ ("Double-click"), SCOPE_MOUSE },

  { NULL, N_ ("All slices"), N_ ("Choose a slice"), N_ ("Click"), SCOPE_MOUSE },
  { NULL, NULL, N_ ("Open a slice"), N_ ("Double-click"), SCOPE_MOUSE },
  { NULL, NULL, N_ ("Larger or smaller tiles"), N_ ("Ctrl+wheel"), SCOPE_MOUSE },
  { NULL, NULL, N_ ("Menu of a tile"), N_ ("Right button"), SCOPE_MOUSE },

  { NULL, N_ ("Planes"), N_ ("Move the crosshair"),
    N_ ("Click, drag its lines, or move with Shift"), SCOPE_MOUSE },
  { NULL, NULL, N_ ("Next or previous plane"), N_ ("Wheel"), SCOPE_MOUSE },
  { NULL, NULL, N_ ("Turn the surface"), N_ ("Drag"), SCOPE_MOUSE },
  { NULL, NULL, N_ ("Zoom the surface"), N_ ("Wheel"), SCOPE_MOUSE },

  { N_ ("Working"), N_ ("Files"), N_ ("Open files"), "<Control>o", SCOPE_ANYWHERE, "win.open" },
  { NULL, NULL, N_ ("Open a folder"), "<Control><Shift>o", SCOPE_ANYWHERE, "win.open-folder" },
  { NULL, NULL, N_ ("Open a second model"), "<Control><Shift>m", SCOPE_ANYWHERE,
    "win.open-second-model" },
  { NULL, NULL, N_ ("Save the model"), "<Control><Shift>s", SCOPE_ANYWHERE, "win.save-model" },
  { NULL, NULL, N_ ("Save the predicted mask"), "<Control>s", SCOPE_ANYWHERE, "win.export-mask" },
  { NULL, NULL, N_ ("Copy the picture of the view"), "<Control>c", SCOPE_LETTER,
    "win.copy-picture" },
  { NULL, NULL, N_ ("Export the montage"), "<Control>e", SCOPE_ANYWHERE, "win.montage-export" },
  { NULL, NULL, N_ ("Close the window"), "<Control>w", SCOPE_ANYWHERE, "win.close" },
  { NULL, NULL, N_ ("Quit"), "<Control>q", SCOPE_ANYWHERE, "app.quit" },

  { N_ ("Plots"), N_ ("Keys in a Plot"), N_ ("Next value, ten on with Shift"), "Right",
    SCOPE_LISTED, NULL },
  { NULL, NULL, N_ ("Previous value, ten back with Shift"), "Left", SCOPE_LISTED, NULL },
  { NULL, NULL, N_ ("Masks of the epoch that is read"), "Return", SCOPE_LISTED, NULL },
  { NULL, NULL, N_ ("Switch a curve on or off"), "1...9", SCOPE_LISTED, NULL },
  { NULL, NULL, N_ ("Zoom in"), "plus", SCOPE_LISTED, NULL },
  { NULL, NULL, N_ ("Zoom out"), "minus", SCOPE_LISTED, NULL },
  { NULL, NULL, N_ ("Show all"), "Home", SCOPE_LISTED, NULL },
  { NULL, NULL, N_ ("Logarithmic or not"), "l", SCOPE_LISTED, NULL },
  { NULL, NULL, N_ ("Menu of the plot"), "Menu <Shift>F10", SCOPE_LISTED, NULL },

  { NULL, N_ ("Mouse in a Plot"), N_ ("Zoom"), N_ ("Ctrl+wheel, or the wheel after a click"),
    SCOPE_MOUSE },
  { NULL, NULL, N_ ("Move what is zoomed"), N_ ("Drag"), SCOPE_MOUSE },
  { NULL, NULL, N_ ("Masks of an epoch"), N_ ("Drag; when zoomed, below the curves"), SCOPE_MOUSE },
  { NULL, NULL, N_ ("Show all"), N_ ("Double-click"), SCOPE_MOUSE },
  { NULL, NULL, N_ ("Switch a curve on or off"), N_ ("Click its name"), SCOPE_MOUSE },
  { NULL, NULL, N_ ("Menu of the plot"), N_ ("Right button"), SCOPE_MOUSE },

  { N_ ("Cases"), N_ ("Cases"), N_ ("Next case"), "n <Control>Page_Down", SCOPE_LETTER,
    "win.next-case" },
  { NULL, NULL, N_ ("Previous case"), "p <Control>Page_Up", SCOPE_LETTER, "win.previous-case" },
  { NULL, NULL, N_ ("Search cases"), "<Control>f", SCOPE_ANYWHERE, "win.search" },
  { NULL, NULL, N_ ("Properties"), "<Alt>Return", SCOPE_ANYWHERE, "win.case-properties" },
  { NULL, NULL, N_ ("Remove from the list"), "Delete", SCOPE_LETTER, "win.remove-case" },
  { NULL, NULL, N_ ("Show the list of cases"), "F9", SCOPE_ANYWHERE, "win.show-cases" },

  { NULL, N_ ("Split"), N_ ("Undo"), "<Control>z", SCOPE_LISTED, NULL },
  { NULL, NULL, N_ ("Redo"), "<Control><Shift>z", SCOPE_LISTED, NULL },
  { NULL, NULL, N_ ("Save the split"), "<Control>s", SCOPE_LISTED, NULL },

  { NULL, N_ ("Classes"), N_ ("Undo"), "<Control>z", SCOPE_LISTED, NULL },
  { NULL, NULL, N_ ("Redo"), "<Control><Shift>z", SCOPE_LISTED, NULL },

  { NULL, N_ ("Network"), N_ ("Training panel"), "F8", SCOPE_ANYWHERE, "win.show-training" },
  { NULL, NULL, N_ ("Runs"), "<Control>h", SCOPE_ANYWHERE, "win.runs" },
  { NULL, NULL, N_ ("Predict the case in view"), "<Control>p", SCOPE_ANYWHERE, "win.predict" },
  { NULL, NULL, N_ ("Predict all cases"), "<Control><Shift>p", SCOPE_ANYWHERE, "win.predict-all" },
  { NULL, NULL, N_ ("Leave a mode or cancel work"), "Escape", SCOPE_LETTER, "win.cancel" },

  { NULL, N_ ("General"), N_ ("Main menu"), "F10", SCOPE_LISTED, NULL },
  { NULL, NULL, N_ ("Next pane"), "F6", SCOPE_ANYWHERE, "win.step-pane(1)" },
  { NULL, NULL, N_ ("Previous pane"), "<Shift>F6", SCOPE_ANYWHERE, "win.step-pane(-1)" },
  { NULL, NULL, N_ ("Undo a change of view or list"), "<Control>z", SCOPE_LETTER, "win.undo" },
  { NULL, NULL, N_ ("Redo"), "<Control><Shift>z <Control>y", SCOPE_LETTER, "win.redo" },
  { NULL, NULL, N_ ("Preferences"), "<Control>comma", SCOPE_ANYWHERE, "app.preferences" },
  { NULL, NULL, N_ ("Shortcuts"), "F1 <Control>question", SCOPE_ANYWHERE, "app.shortcuts" },

  { N_ ("Runs"), N_ ("Runs"), N_ ("Results, or masks of the epochs"), "Return", SCOPE_LISTED,
    NULL },
  { NULL, NULL, N_ ("Select several, to compare them"), "<Shift>Down", SCOPE_LISTED, NULL },
  { NULL, NULL, N_ ("Rename the run"), "F2", SCOPE_LISTED, NULL },
  { NULL, NULL, N_ ("Delete the selected runs"), "Delete", SCOPE_LISTED, NULL },
  { NULL, NULL, N_ ("Bring back what was deleted"), "<Control>z", SCOPE_LISTED, NULL },
  { NULL, NULL, N_ ("Menu of the selected runs"), "Menu <Shift>F10", SCOPE_LISTED, NULL },
  { NULL, NULL, N_ ("Read the list again"), "F5", SCOPE_LISTED, NULL },
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

static GtkEventController *
add_scope (GtkWidget *widget, Scope scope)
{
  GtkShortcutController *controller = GTK_SHORTCUT_CONTROLLER (gtk_shortcut_controller_new ());

  for (gsize i = 0; i < G_N_ELEMENTS (shortcuts); i++)
    {
      g_auto (GStrv) accelerators = g_strsplit (shortcuts[i].accelerators, " ", -1);

      if (shortcuts[i].scope == scope)
        for (char **a = accelerators; *a != NULL; a++)
          add_key (controller, *a, shortcuts[i].action);
    }
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (controller));
  return GTK_EVENT_CONTROLLER (controller);
}

void
pl_shortcuts_add_letters (GtkWidget *widget)
{
  add_scope (widget, SCOPE_LETTER);
}

void
pl_shortcuts_add_moves (GtkWidget *widget)
{
  add_scope (widget, SCOPE_MOVE);
}

void
pl_shortcuts_add_moves_first (GtkWidget *widget)
{
  gtk_event_controller_set_propagation_phase (add_scope (widget, SCOPE_MOVE), GTK_PHASE_CAPTURE);
}

/* Opens an element with a title, and closes the one before it. */
static void
append_opening (GString *xml, const char **end, const char *class, const char *title)
{
  g_autofree char *text = NULL;

  text = g_markup_printf_escaped ("<child><object class='%s'><property name='title'>%s</property>",
                                  class, title);
  g_string_append (xml, *end);
  g_string_append (xml, text);
  *end = "</object></child>";
}

static void
append_closing (GString *xml, const char **end)
{
  g_string_append (xml, *end);
  *end = "";
}

static void
append_gesture (GString *xml, const Shortcut *shortcut)
{
  g_autofree char *text = NULL;

  text = g_markup_printf_escaped ("<child><object class='GtkShortcutsShortcut'>"
                                  "<property name='shortcut-type'>gesture</property>"
                                  "<property name='icon'><object class='GThemedIcon'>"
                                  "<property name='name'>input-mouse-symbolic</property>"
                                  "</object></property>"
                                  "<property name='title'>%s</property>"
                                  "<property name='subtitle'>%s</property>"
                                  "</object></child>",
                                  _ (shortcut->title), _ (shortcut->accelerators));
  g_string_append (xml, text);
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

/* A section is small enough for one page. */
static void
append_section (GString *xml, const char **end, const Shortcut *first)
{
  append_opening (xml, end, "GtkShortcutsSection", _ (first->section));
  g_string_append_printf (xml,
                          "<property name='section-name'>%s</property>"
                          "<property name='max-height'>18</property>",
                          first->section);
}

GtkWindow *
pl_shortcuts_window_new (void)
{
  g_autoptr (GString) xml = g_string_new ("<interface>"
                                          "<object class='GtkShortcutsWindow' id='window'>"
                                          "<property name='modal'>True</property>");
  g_autoptr (GtkBuilder) builder = NULL;
  GtkWindow *window;
  const char *group_end = "";
  const char *section_end = "";

  for (gsize i = 0; i < G_N_ELEMENTS (shortcuts); i++)
    {
      if (shortcuts[i].section != NULL)
        {
          append_closing (xml, &group_end);
          append_section (xml, &section_end, &shortcuts[i]);
        }
      if (shortcuts[i].group != NULL)
        append_opening (xml, &group_end, "GtkShortcutsGroup", _ (shortcuts[i].group));
      if (shortcuts[i].scope == SCOPE_MOUSE)
        append_gesture (xml, &shortcuts[i]);
      else if (shortcuts[i].title != NULL)
        append_shortcut (xml, &shortcuts[i]);
    }
  append_closing (xml, &group_end);
  append_closing (xml, &section_end);
  g_string_append (xml, "</object></interface>");

  builder = gtk_builder_new_from_string (xml->str, (gssize) xml->len);
  window = GTK_WINDOW (gtk_builder_get_object (builder, "window")); /* GTK keeps its windows */
  gtk_window_set_title (window, _ ("Keyboard Shortcuts"));
  return window;
}
