/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two lists of names: of the labels that masks have, and of the lungs that a training may make of
 * masks with one label. Colours belong to labels, so those of both lists are the same. Whatever is
 * changed can be undone while the window is open.
 */
#include "app/classes-window.h"

#include "app/classes-history.h"
#include "app/label-button.h"
#include "app/label-palette.h"
#include "app/manifest-task.h"
#include "app/settings.h"

#include "image/label-colour.h"
#include "train/class-names.h"

#include <glib/gi18n.h>

typedef enum
{
  LIST_NAMES,
  LIST_SIDES,
  N_LISTS
} List;

struct _PlClassesWindow
{
  AdwWindow parent_instance;

  /* Owned */
  PlDataset *dataset;
  PlClassesHistory *history;
  AdwToast *toast;      /* (nullable): that offers to undo the last change */
  GStrv found[N_LISTS]; /* what the rows are called unless somebody names them */

  /* Borrowed from the groups */
  GPtrArray *rows[N_LISTS]; /* of AdwEntryRow */
  GPtrArray *buttons;       /* of GtkColorButton */

  gboolean is_saving;
  gboolean is_old; /* what is being saved */

  /* Template children */
  GtkInfoBar *trouble;
  GtkLabel *trouble_label;
  AdwToastOverlay *toasts;
  AdwPreferencesGroup *names_group;
  AdwPreferencesGroup *sides_group;
};

G_DEFINE_FINAL_TYPE (PlClassesWindow, pl_classes_window, ADW_TYPE_WINDOW)

static guint named_signal;

static void save (PlClassesWindow *self);

const PlDataset *
pl_classes_window_get_dataset (PlClassesWindow *self)
{
  g_return_val_if_fail (PL_IS_CLASSES_WINDOW (self), NULL);

  return self->dataset;
}

static void
complain (PlClassesWindow *self, const char *text)
{
  gtk_label_set_text (self->trouble_label, text);
  gtk_info_bar_set_revealed (self->trouble, TRUE);
}

static void
trouble_seen_cb (PlClassesWindow *self)
{
  gtk_info_bar_set_revealed (self->trouble, FALSE);
}

static GStrv
get_given (PlClassesWindow *self, List list)
{
  return list == LIST_NAMES ? self->dataset->given_names : self->dataset->given_sides;
}

/* As many as there are rows. */
static GStrv
dup_names (PlClassesWindow *self, List list)
{
  GStrv names = g_strdupv (self->found[list]);
  GStrv given = get_given (self, list);

  for (guint i = 0; given != NULL && given[i] != NULL && names[i] != NULL; i++)
    {
      g_free (names[i]);
      names[i] = g_strdup (given[i]);
    }
  return names;
}

static void
show_names (PlClassesWindow *self)
{
  for (List list = 0; list < N_LISTS; list++)
    {
      g_auto (GStrv) names = dup_names (self, list);

      for (guint i = 0; i < self->rows[list]->len; i++)
        {
          GtkWidget *row = g_ptr_array_index (self->rows[list], i);

          /* What somebody has typed need not be applied, or is not to be. */
          adw_entry_row_set_show_apply_button (ADW_ENTRY_ROW (row), FALSE);
          gtk_editable_set_text (GTK_EDITABLE (row), names[i]);
          adw_entry_row_set_show_apply_button (ADW_ENTRY_ROW (row), TRUE);
          gtk_widget_remove_css_class (row, "error");
        }
    }
}

/* A folder that is not ours to write in is no reason to lose the names. */
static void
saved_cb (GtkWindow *window, const GError *error)
{
  PlClassesWindow *self = PL_CLASSES_WINDOW (window);

  self->is_saving = FALSE;
  if (self->is_old)
    save (self);
  else if (error != NULL)
    {
      g_autofree char *text = g_strdup_printf (
          _ ("The names could not be saved with the data set: %s. This window uses "
             "them until the data set is closed."),
          error->message);

      complain (self, text);
    }
}

static void
save (PlClassesWindow *self)
{
  self->is_old = self->is_saving;
  if (self->is_saving)
    return;
  self->is_saving = TRUE;
  pl_manifest_task_run (GTK_WINDOW (self), self->dataset, pl_class_names_write, saved_cb);
}

static gboolean
has_focus (GtkWidget *row)
{
  return (gtk_widget_get_state_flags (row) & GTK_STATE_FLAG_FOCUS_WITHIN) != 0;
}

/* What stands in the row that has the focus is not in use yet. */
static gboolean
is_typing (PlClassesWindow *self)
{
  for (List list = 0; list < N_LISTS; list++)
    {
      g_auto (GStrv) names = dup_names (self, list);

      for (guint i = 0; i < self->rows[list]->len; i++)
        {
          GtkWidget *row = g_ptr_array_index (self->rows[list], i);

          if (has_focus (row) &&
              !g_str_equal (gtk_editable_get_text (GTK_EDITABLE (row)), names[i]))
            return TRUE;
        }
    }
  return FALSE;
}

/* Each is (nullable): none are given. */
static void
use (PlClassesWindow *self, GStrv names, GStrv sides)
{
  pl_class_names_use (self->dataset, names, sides);
  trouble_seen_cb (self);
  show_names (self);
  g_signal_emit (self, named_signal, 0);
  save (self);
}

static void
dismiss_toast (PlClassesWindow *self)
{
  g_autoptr (AdwToast) toast = g_steal_pointer (&self->toast);

  if (toast != NULL)
    adw_toast_dismiss (toast);
}

/* The user may have changed something. FALSE when that is how it was before. */
static gboolean
record (PlClassesWindow *self)
{
  if (!pl_classes_history_record (self->history, self->dataset))
    return FALSE;
  dismiss_toast (self);
  return TRUE;
}

/* Names that stay as they are need not be saved again. */
static void
go (PlClassesWindow *self, int step)
{
  g_auto (GStrv) names = NULL;
  g_auto (GStrv) sides = NULL;

  if (!pl_classes_history_can_go (self->history, step))
    return;
  dismiss_toast (self);
  if (pl_classes_history_go (self->history, step, &names, &sides))
    use (self, names, sides);
}

static void
undo_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  go (PL_CLASSES_WINDOW (widget), -1);
}

static void
redo_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  go (PL_CLASSES_WINDOW (widget), 1);
}

/* A name that is being typed undoes its letters. */
static gboolean
undo_key_cb (GtkWidget *widget, GVariant *step, gpointer data)
{
  PlClassesWindow *self = PL_CLASSES_WINDOW (widget);

  if (is_typing (self))
    return FALSE;
  go (self, g_variant_get_int32 (step));
  return TRUE;
}

/* What was entered in one row; the others stay as they were last entered. */
static void
take_name (PlClassesWindow *self, AdwEntryRow *row, List list, guint index)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (row))));
  g_auto (GStrv) names = dup_names (self, list);
  g_autoptr (GError) error = NULL;
  GStrv given;

  g_free (names[index]);
  names[index] = g_strdup (text[0] != '\0' ? text : self->found[list][index]);
  if (!pl_class_names_check (names, &error))
    {
      /* Translators: what is wrong with a name that was entered. */
      g_autofree char *reason =
          g_strdup_printf (_ ("This name cannot be used: %s."), error->message);

      gtk_widget_add_css_class (GTK_WIDGET (row), "error");
      complain (self, reason);
      return;
    }
  given = g_strv_equal ((const char *const *) names, (const char *const *) self->found[list])
              ? NULL
              : names;
  use (self, list == LIST_NAMES ? given : self->dataset->given_names,
       list == LIST_SIDES ? given : self->dataset->given_sides);
  record (self);
}

static void
applied_cb (PlClassesWindow *self, AdwEntryRow *row)
{
  for (List list = 0; list < N_LISTS; list++)
    {
      guint index;

      if (g_ptr_array_find (self->rows[list], row, &index))
        take_name (self, row, list, index);
    }
}

static void
reset_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PlClassesWindow *self = PL_CLASSES_WINDOW (widget);

  pl_label_palette_reset ();
  use (self, NULL, NULL);
  if (!record (self))
    return;
  self->toast = adw_toast_new (_ ("Names and colours were reset"));
  adw_toast_set_button_label (self->toast, _ ("_Undo"));
  adw_toast_set_action_name (self->toast, "classes.undo");
  adw_toast_overlay_add_toast (self->toasts, g_object_ref (self->toast));
}

/* The settings have others; windows hear of it in any order. */
static void
colours_changed_cb (PlClassesWindow *self)
{
  pl_label_palette_load ();
  for (guint i = 0; i < self->buttons->len; i++)
    pl_label_button_update (g_ptr_array_index (self->buttons, i));
}

static void
colour_chosen_cb (PlClassesWindow *self)
{
  record (self);
}

/* @title: what it is the colour of */
static void
add_button (PlClassesWindow *self, GtkWidget *row, guint32 of, int label, const char *title)
{
  GtkWidget *button = pl_label_button_new (of, label, title);

  g_signal_connect_swapped (button, "color-set", G_CALLBACK (colour_chosen_cb), self);
  adw_entry_row_add_suffix (ADW_ENTRY_ROW (row), button);
  g_ptr_array_add (self->buttons, button);
}

static char *
dup_title (List list, int index)
{
  if (list == LIST_SIDES)
    return g_strdup (index == 0 ? _ ("Left lung") : _ ("Right lung"));
  /* Translators: what is entered is the name of the class with this number. */
  return g_strdup_printf (_ ("Class %d"), index + 1);
}

/* @index: of the row; its label is one more. Labels beyond those that have a colour of their own
 * show whose they have. */
static void
add_row (PlClassesWindow *self, List list, int index)
{
  AdwPreferencesGroup *group = list == LIST_NAMES ? self->names_group : self->sides_group;
  GtkWidget *row = adw_entry_row_new ();
  int label = pl_label_colour (index + 1);
  g_autofree char *title = dup_title (list, index);
  g_autofree char *of_truth = g_strdup_printf (_ ("Colour of class %d in the ground truth"), label);
  g_autofree char *of_prediction = g_strdup_printf (_ ("Colour of class %d in predictions"), label);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_entry_row_set_show_apply_button (ADW_ENTRY_ROW (row), TRUE);
  g_signal_connect_swapped (row, "apply", G_CALLBACK (applied_cb), self);
  add_button (self, row, PL_TRUTH_RGB, label, of_truth);
  add_button (self, row, PL_PREDICTION_RGB, label, of_prediction);
  adw_preferences_group_add (group, row);
  g_ptr_array_add (self->rows[list], row);
}

/* As a training would find them: where labels are more than dataset.json and the default name know
 * of, they only have numbers. */
static GStrv
list_found (const PlDataset *dataset, int n)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  int n_named = dataset->has_classes || n == dataset->n_classes ? dataset->n_classes : 0;

  for (int i = 0; i < n; i++)
    {
      g_autofree char *plain = pl_class_name_dup_default (i + 1);

      g_strv_builder_add (names, i < n_named ? dataset->found_names[i] : plain);
    }
  return g_strv_builder_end (names);
}

GtkWindow *
pl_classes_window_new (GtkWindow *parent, const PlDataset *dataset, int n_labels)
{
  static const char *const sides[] = { PL_LUNG_LEFT_NAME, PL_LUNG_RIGHT_NAME, NULL };
  PlClassesWindow *self = g_object_new (PL_TYPE_CLASSES_WINDOW, "transient-for", parent, NULL);
  int n_given = dataset->given_names != NULL ? (int) g_strv_length (dataset->given_names) : 0;
  int n = MAX (MAX (dataset->n_classes, n_given), n_labels);

  self->dataset = pl_dataset_copy (dataset);
  self->history = pl_classes_history_new (dataset);
  self->found[LIST_NAMES] = list_found (dataset, n);
  self->found[LIST_SIDES] = g_strdupv ((char **) sides);
  for (int i = 0; i < n; i++)
    add_row (self, LIST_NAMES, i);
  for (int i = 0; n == 1 && sides[i] != NULL; i++)
    add_row (self, LIST_SIDES, i);
  gtk_widget_set_visible (GTK_WIDGET (self->sides_group), n == 1);
  show_names (self);
  return GTK_WINDOW (self);
}

static void
pl_classes_window_finalize (GObject *object)
{
  PlClassesWindow *self = PL_CLASSES_WINDOW (object);

  pl_dataset_free (self->dataset);
  pl_classes_history_free (self->history);
  g_clear_object (&self->toast);
  for (List list = 0; list < N_LISTS; list++)
    {
      g_strfreev (self->found[list]);
      g_ptr_array_unref (self->rows[list]);
    }
  g_ptr_array_unref (self->buttons);

  G_OBJECT_CLASS (pl_classes_window_parent_class)->finalize (object);
}

static void
pl_classes_window_class_init (PlClassesWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = pl_classes_window_finalize;
  named_signal = g_signal_new ("named", PL_TYPE_CLASSES_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                               NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/pleura/Pleura/ui/classes-window.ui");
  gtk_widget_class_bind_template_child (widget_class, PlClassesWindow, trouble);
  gtk_widget_class_bind_template_child (widget_class, PlClassesWindow, trouble_label);
  gtk_widget_class_bind_template_child (widget_class, PlClassesWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, PlClassesWindow, names_group);
  gtk_widget_class_bind_template_child (widget_class, PlClassesWindow, sides_group);
  gtk_widget_class_bind_template_callback (widget_class, trouble_seen_cb);
  gtk_widget_class_install_action (widget_class, "classes.reset", NULL, reset_cb);
  gtk_widget_class_install_action (widget_class, "classes.undo", NULL, undo_cb);
  gtk_widget_class_install_action (widget_class, "classes.redo", NULL, redo_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
add_key (GtkShortcutController *controller, const char *key, int step)
{
  GtkShortcut *shortcut = gtk_shortcut_new (gtk_shortcut_trigger_parse_string (key),
                                            gtk_callback_action_new (undo_key_cb, NULL, NULL));

  gtk_shortcut_set_arguments (shortcut, g_variant_new_int32 (step));
  gtk_shortcut_controller_add_shortcut (controller, shortcut);
}

/* Before the entry that has the focus, which would take them for the letters of its name. */
static void
add_undo_keys (PlClassesWindow *self)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  add_key (GTK_SHORTCUT_CONTROLLER (controller), "<Control>z", -1);
  add_key (GTK_SHORTCUT_CONTROLLER (controller), "<Control><Shift>z", 1);
  add_key (GTK_SHORTCUT_CONTROLLER (controller), "<Control>y", 1);
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

static void
pl_classes_window_init (PlClassesWindow *self)
{
  for (List list = 0; list < N_LISTS; list++)
    self->rows[list] = g_ptr_array_new ();
  self->buttons = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  add_undo_keys (self);
  g_signal_connect_object (pl_settings_get (), "changed::truth-colours",
                           G_CALLBACK (colours_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (pl_settings_get (), "changed::prediction-colours",
                           G_CALLBACK (colours_changed_cb), self, G_CONNECT_SWAPPED);
}
