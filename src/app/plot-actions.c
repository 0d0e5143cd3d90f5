/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The group "plot", and the menu of its actions. Choices are the widget's properties. */
#include "app/plot-private.h"

#include "app/plot-table.h"

#include <glib/gi18n.h>
#include <math.h>

#define ZOOM_STEP 1.5

static void
zoom_in_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PlPlot *self = data;

  pl_plot_zoom (self, ZOOM_STEP, self->pointer_x);
}

static void
zoom_out_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PlPlot *self = data;

  pl_plot_zoom (self, 1 / ZOOM_STEP, self->pointer_x);
}

static void
reset_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pl_plot_set_view (data, NAN, NAN);
}

static void
table_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PlPlot *self = data;
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  gtk_window_present (
      pl_plot_table_new (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, &self->scene));
}

static void
export_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pl_plot_choose_export (data);
}

static char *
dup_curve_action (int curve)
{
  return g_strdup_printf ("curve-%d", curve);
}

static void
change_curve_cb (GSimpleAction *action, GVariant *state, gpointer data)
{
  int curve = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (action), "curve"));

  pl_plot_show_curve (data, curve, g_variant_get_boolean (state));
}

void
pl_plot_update_curve_action (PlPlot *self, int curve)
{
  const PlPlotCurve *shown = pl_plot_scene_get_curve (&self->scene, curve);
  g_autofree char *name = dup_curve_action (curve);
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->actions), name);
  g_autoptr (GSimpleAction) new_action = NULL;

  if (shown == NULL)
    {
      g_action_map_remove_action (G_ACTION_MAP (self->actions), name);
      return;
    }
  if (action != NULL)
    {
      g_simple_action_set_state (G_SIMPLE_ACTION (action),
                                 g_variant_new_boolean (!shown->is_hidden));
      return;
    }
  new_action = g_simple_action_new_stateful (name, NULL, g_variant_new_boolean (TRUE));
  g_object_set_data (G_OBJECT (new_action), "curve", GINT_TO_POINTER (curve));
  g_signal_connect (new_action, "change-state", G_CALLBACK (change_curve_cb), self);
  g_action_map_add_action (G_ACTION_MAP (self->actions), G_ACTION (new_action));
}

static GVariant *
make_state (const GValue *value)
{
  if (G_VALUE_HOLDS_BOOLEAN (value))
    return g_variant_new_boolean (g_value_get_boolean (value));
  if (G_VALUE_HOLDS_DOUBLE (value))
    return g_variant_new_double (g_value_get_double (value));
  return g_variant_new_string (
      g_enum_get_value (g_type_class_peek (G_VALUE_TYPE (value)), g_value_get_enum (value))
          ->value_nick);
}

static gboolean
to_state (GBinding *binding, const GValue *from, GValue *to, gpointer data)
{
  g_value_set_variant (to, make_state (from));
  return TRUE;
}

/* FALSE for a name that is none of the choices. */
static gboolean
from_state (GBinding *binding, const GValue *from, GValue *to, gpointer data)
{
  GVariant *state = g_value_get_variant (from);
  const GEnumValue *choice;

  if (G_VALUE_HOLDS_BOOLEAN (to))
    g_value_set_boolean (to, g_variant_get_boolean (state));
  else if (G_VALUE_HOLDS_DOUBLE (to))
    g_value_set_double (to, g_variant_get_double (state));
  else
    {
      choice = g_enum_get_value_by_nick (g_type_class_peek (G_VALUE_TYPE (to)),
                                         g_variant_get_string (state, NULL));
      if (choice == NULL)
        return FALSE;
      g_value_set_enum (to, choice->value);
    }
  return TRUE;
}

/* A GPropertyAction would keep the plot alive. */
static void
add_property (PlPlot *self, const char *name)
{
  g_auto (GValue) value = G_VALUE_INIT;
  g_autoptr (GVariant) state = NULL;
  g_autoptr (GSimpleAction) action = NULL;
  const GVariantType *type;

  g_object_get_property (G_OBJECT (self), name, &value);
  state = g_variant_ref_sink (make_state (&value));
  type = G_VALUE_HOLDS_BOOLEAN (&value) ? NULL : g_variant_get_type (state);
  action = g_simple_action_new_stateful (name, type, state);
  g_object_bind_property_full (self, name, action, "state", G_BINDING_BIDIRECTIONAL, to_state,
                               from_state, NULL, NULL);
  g_action_map_add_action (G_ACTION_MAP (self->actions), G_ACTION (action));
}

void
pl_plot_add_actions (PlPlot *self)
{
  static const char *const properties[] = { "by", "smoothing", "log", "ignore-outliers", "levels" };
  static const GActionEntry entries[] = {
    { .name = "zoom-in", .activate = zoom_in_cb }, { .name = "zoom-out", .activate = zoom_out_cb },
    { .name = "reset", .activate = reset_cb },     { .name = "table", .activate = table_cb },
    { .name = "export", .activate = export_cb },
  };

  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries),
                                   self);
  for (gsize i = 0; i < G_N_ELEMENTS (properties); i++)
    add_property (self, properties[i]);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "plot", G_ACTION_GROUP (self->actions));
}

static GMenu *
make_axis_menu (void)
{
  GMenu *menu = g_menu_new ();

  g_menu_append (menu, _ ("Steps"), "plot.by::step");
  g_menu_append (menu, _ ("Epochs"), "plot.by::epoch");
  g_menu_append (menu, _ ("Time"), "plot.by::time");
  return menu;
}

static GMenu *
make_smoothing_menu (void)
{
  GMenu *menu = g_menu_new ();

  g_menu_append (menu, C_ ("smoothing", "None"), "plot.smoothing(0.0)");
  g_menu_append (menu, C_ ("smoothing", "Little"), "plot.smoothing(0.6)");
  g_menu_append (menu, C_ ("smoothing", "Medium"), "plot.smoothing(0.9)");
  g_menu_append (menu, C_ ("smoothing", "Strong"), "plot.smoothing(0.98)");
  return menu;
}

static GMenu *
make_curves_menu (PlPlot *self)
{
  GMenu *menu = g_menu_new ();

  for (int i = 0; i < (int) self->scene.curves->len; i++)
    {
      const PlPlotCurve *curve = pl_plot_scene_get_curve (&self->scene, i);
      g_autofree char *action = g_strdup_printf ("plot.curve-%d", i);

      if (curve != NULL)
        g_menu_append (menu, curve->name, action);
    }
  return menu;
}

GMenuModel *
pl_plot_make_menu (PlPlot *self)
{
  GMenu *menu = g_menu_new ();
  g_autoptr (GMenu) axis = make_axis_menu ();
  g_autoptr (GMenu) smoothing = make_smoothing_menu ();
  g_autoptr (GMenu) curves = make_curves_menu (self);
  g_autoptr (GMenu) look = g_menu_new ();
  g_autoptr (GMenu) view = g_menu_new ();
  g_autoptr (GMenu) out = g_menu_new ();

  if (self->scene.x_name == NULL)
    g_menu_append_submenu (look, _ ("X Axis"), G_MENU_MODEL (axis));
  g_menu_append_submenu (look, _ ("Smoothing"), G_MENU_MODEL (smoothing));
  g_menu_append_submenu (look, _ ("Curves"), G_MENU_MODEL (curves));
  g_menu_append (look, _ ("Logarithmic"), "plot.log");
  g_menu_append (look, _ ("Ignore Outliers"), "plot.ignore-outliers");
  if (self->scene.levels->len > 0)
    g_menu_append (look, _ ("Lines to Compare With"), "plot.levels");
  g_menu_append (view, _ ("Zoom In"), "plot.zoom-in");
  g_menu_append (view, _ ("Zoom Out"), "plot.zoom-out");
  g_menu_append (view, _ ("Show All"), "plot.reset");
  g_menu_append (out, _ ("Show as a Table"), "plot.table");
  g_menu_append (out, _ ("Export…"), "plot.export");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (look));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (view));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (out));
  return G_MENU_MODEL (menu);
}
