/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The widget, which draws what is in its scene. What linked plots have in common is set in each of
 * them.
 */
#include "app/plot-private.h"

#include "app/settings.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

#define DESCRIBE_MS 1000 /* more often would be chatter */
#define MIN_VIEW 1e-5    /* of all there is */

enum
{
  PROP_BY = 1,
  PROP_SMOOTHING,
  PROP_LOG,
  PROP_IGNORE_OUTLIERS,
  PROP_LEVELS,
  N_PROPS,
};

enum
{
  SIGNAL_CURSOR_MOVED,
  SIGNAL_CURSOR_DROPPED,
  N_SIGNALS,
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PlPlot, pl_plot, GTK_TYPE_WIDGET)

/* The names are the action's states. */
static GType
get_by_type (void)
{
  static const GEnumValue values[] = {
    { PL_PLOT_BY_STEP, "PL_PLOT_BY_STEP", "step" },
    { PL_PLOT_BY_EPOCH, "PL_PLOT_BY_EPOCH", "epoch" },
    { PL_PLOT_BY_TIME, "PL_PLOT_BY_TIME", "time" },
    { 0 },
  };
  static GType type = 0;

  if (type == 0)
    type = g_enum_register_static ("PlPlotBy", values);
  return type;
}

static PlPlot *
get_linked (PlPlot *self, guint i)
{
  return g_ptr_array_index (self->linked, i);
}

/* The last value of each curve of this run, in words. */
static void
append_latest (PlPlot *self, GString *text)
{
  const char *between = "";

  for (guint i = 0; i < self->scene.curves->len; i++)
    {
      const PlPlotCurve *curve = pl_plot_scene_get_curve (&self->scene, (int) i);
      guint n = curve == NULL ? 0 : pl_curve_get_n_points (curve->data);
      g_autofree char *value = NULL;

      if (n == 0 || curve->kind == PL_CURVE_EARLIER || curve->is_hidden ||
          !isfinite (pl_curve_get_point (curve->data, n - 1)->y))
        continue;
      value = pl_plot_scene_dup_value (curve, n - 1);
      g_string_append_printf (text, "%s%s", between, value);
      between = ", ";
    }
}

/* For those who do not see the plot: what is read, the latest and the best values. */
void
pl_plot_describe (PlPlot *self)
{
  const PlPlotScene *scene = &self->scene;
  g_autoptr (GString) text = g_string_new (NULL);
  double best_x = pl_plot_scene_epoch_to_x (scene, scene->mark);

  if (isfinite (scene->read_x))
    {
      g_autofree char *place = pl_plot_scene_dup_place (scene, scene->read_x);
      g_autofree char *values = pl_plot_scene_dup_values (scene, scene->read_x);

      g_string_append_printf (text, "%s: %s. ", place, values);
    }
  append_latest (self, text);
  if (text->len == 0)
    g_string_append (text, _ ("no values yet"));
  if (isfinite (best_x))
    {
      g_autofree char *values = pl_plot_scene_dup_values (scene, best_x);

      g_string_append_printf (text, _ (". Best epoch %.4g: %s"), scene->mark, values);
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text->str, -1);
}

static gboolean
describe_cb (gpointer data)
{
  PlPlot *self = data;

  self->describe_id = 0;
  pl_plot_describe (self);
  return G_SOURCE_REMOVE;
}

void
pl_plot_changed (PlPlot *self)
{
  if (self->describe_id == 0)
    self->describe_id = g_timeout_add (DESCRIBE_MS, describe_cb, self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
pl_plot_set_view (PlPlot *self, double low, double high)
{
  double end = pl_plot_scene_find_end (&self->scene);
  double width = high - low;

  low = CLAMP (low, 0, fmax (0, end - width));
  if (!(width < end))
    low = width = NAN;
  for (guint i = 0; i < self->linked->len; i++)
    {
      PlPlot *plot = get_linked (self, i);

      plot->scene.view_low = low;
      plot->scene.view_high = low + width;
      plot->scene.follows = low + width >= end;
      gtk_widget_queue_draw (GTK_WIDGET (plot));
    }
}

void
pl_plot_set_read_x (PlPlot *self, double x)
{
  for (guint i = 0; i < self->linked->len; i++)
    {
      PlPlot *plot = get_linked (self, i);

      plot->scene.read_x = x;
      plot->scene.names_place = plot == self;
      gtk_widget_queue_draw (GTK_WIDGET (plot));
    }
}

void
pl_plot_zoom (PlPlot *self, double factor, double x_px)
{
  double low;
  double high;
  double x;

  if (self->frame.entries == NULL)
    return;
  pl_plot_scene_get_view (&self->scene, &low, &high);
  x = CLAMP (pl_plot_frame_to_x (&self->frame, x_px), low, high);
  if ((high - low) / factor > pl_plot_scene_find_end (&self->scene) * MIN_VIEW)
    pl_plot_set_view (self, x - (x - low) / factor, x + (high - x) / factor);
}

void
pl_plot_move_cursor (PlPlot *self, double x)
{
  double low;
  double high;

  pl_plot_scene_get_view (&self->scene, &low, &high);
  pl_plot_set_cursor (self, pl_plot_scene_x_to_epoch (&self->scene, CLAMP (x, low, high)));
  if (isfinite (self->scene.cursor))
    g_signal_emit (self, signals[SIGNAL_CURSOR_MOVED], 0, self->scene.cursor);
}

static void
get_look (PlPlot *self, PlPlotLook *look)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();
  gboolean is_strong = adw_style_manager_get_high_contrast (manager);
  double background = adw_style_manager_get_dark (manager) ? 0.12 : 1;
  GdkRGBA colour;

  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (self)), &colour);
  *look = (PlPlotLook){
    .context = gtk_widget_get_pango_context (GTK_WIDGET (self)),
    .text = { colour.red, colour.green, colour.blue },
    .background = { background, background, background },
    .grid = is_strong ? 0.5 : 0.15,
    .pale = is_strong ? 0.6 : 0.35,
  };
}

static void
pl_plot_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  PlPlot *self = PL_PLOT (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  PlPlotLook look;
  cairo_t *cr;

  get_look (self, &look);
  pl_plot_frame_clear (&self->frame);
  if (pl_plot_frame_init (&self->frame, &self->scene, &look, width, height))
    {
      cr = gtk_snapshot_append_cairo (snapshot,
                                      &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
      pl_plot_draw (&self->scene, &self->frame, &look, cr);
      cairo_destroy (cr);
    }
  gtk_widget_snapshot_child (widget, self->menu_button, snapshot);
}

static void
pl_plot_measure (GtkWidget *widget,
                 GtkOrientation orientation,
                 int for_size,
                 int *minimum,
                 int *natural,
                 int *minimum_baseline,
                 int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 180 : 120;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 320 : 180;
}

static void
pl_plot_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  PlPlot *self = PL_PLOT (widget);
  GtkRequisition size;

  gtk_widget_get_preferred_size (self->menu_button, &size, NULL);
  gtk_widget_size_allocate (self->menu_button,
                            &(GtkAllocation){ width - size.width, 0, size.width, size.height }, -1);
  gtk_popover_present (GTK_POPOVER (self->menu));
}

static void
pl_plot_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  const PlPlotScene *scene = &PL_PLOT (object)->scene;

  switch (id)
    {
    case PROP_BY:
      g_value_set_enum (value, scene->by);
      break;
    case PROP_SMOOTHING:
      g_value_set_double (value, scene->smoothing);
      break;
    case PROP_LOG:
      g_value_set_boolean (value, scene->is_log);
      break;
    case PROP_IGNORE_OUTLIERS:
      g_value_set_boolean (value, scene->ignores_outliers);
      break;
    case PROP_LEVELS:
      g_value_set_boolean (value, scene->shows_levels);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
    }
}

static void
pl_plot_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  PlPlot *self = PL_PLOT (object);

  switch (id)
    {
    case PROP_BY:
      pl_plot_set_by (self, (PlPlotBy) g_value_get_enum (value));
      break;
    case PROP_SMOOTHING:
      pl_plot_scene_set_smoothing (&self->scene, g_value_get_double (value));
      break;
    case PROP_LOG:
      self->scene.is_log = g_value_get_boolean (value);
      break;
    case PROP_IGNORE_OUTLIERS:
      self->scene.ignores_outliers = g_value_get_boolean (value);
      break;
    case PROP_LEVELS:
      self->scene.shows_levels = g_value_get_boolean (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
    }
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
pl_plot_dispose (GObject *object)
{
  PlPlot *self = PL_PLOT (object);

  g_clear_handle_id (&self->describe_id, g_source_remove);
  if (self->linked != NULL)
    g_ptr_array_remove (self->linked, self);
  g_clear_pointer (&self->linked, g_ptr_array_unref);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "plot", NULL);
  g_clear_object (&self->actions);
  g_clear_pointer (&self->menu, gtk_widget_unparent);
  g_clear_pointer (&self->menu_button, gtk_widget_unparent);
  G_OBJECT_CLASS (pl_plot_parent_class)->dispose (object);
}

static void
pl_plot_finalize (GObject *object)
{
  PlPlot *self = PL_PLOT (object);

  pl_plot_frame_clear (&self->frame);
  pl_plot_scene_clear (&self->scene);
  G_OBJECT_CLASS (pl_plot_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass *class)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  props[PROP_BY] = g_param_spec_enum ("by", NULL, NULL, get_by_type (), PL_PLOT_BY_EPOCH,
                                      flags | G_PARAM_EXPLICIT_NOTIFY);
  props[PROP_SMOOTHING] = g_param_spec_double ("smoothing", NULL, NULL, 0, 0.9999, 0, flags);
  props[PROP_LOG] = g_param_spec_boolean ("log", NULL, NULL, FALSE, flags);
  props[PROP_IGNORE_OUTLIERS] = g_param_spec_boolean ("ignore-outliers", NULL, NULL, FALSE, flags);
  props[PROP_LEVELS] = g_param_spec_boolean ("levels", NULL, NULL, TRUE, flags);
  g_object_class_install_properties (class, N_PROPS, props);
}

static void
pl_plot_class_init (PlPlotClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = pl_plot_get_property;
  object_class->set_property = pl_plot_set_property;
  object_class->dispose = pl_plot_dispose;
  object_class->finalize = pl_plot_finalize;
  install_properties (object_class);
  widget_class->snapshot = pl_plot_snapshot;
  widget_class->measure = pl_plot_measure;
  widget_class->size_allocate = pl_plot_size_allocate;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_css_name (widget_class, "plot");
  signals[SIGNAL_CURSOR_MOVED] =
      g_signal_new ("cursor-moved", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 1, G_TYPE_DOUBLE);
  signals[SIGNAL_CURSOR_DROPPED] =
      g_signal_new ("cursor-dropped", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 0);
}

static void
bind_settings (PlPlot *self)
{
  GSettings *settings = pl_settings_get ();

  if (settings == NULL)
    return;
  g_settings_bind (settings, "plot-smoothing", self, "smoothing", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "plot-ignore-outliers", self, "ignore-outliers",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "plot-levels", self, "levels", G_SETTINGS_BIND_DEFAULT);
}

static void
fill_menu_cb (GtkMenuButton *button, gpointer data)
{
  g_autoptr (GMenuModel) model = pl_plot_make_menu (data);

  gtk_menu_button_set_menu_model (button, model);
}

static void
pl_plot_init (PlPlot *self)
{
  pl_plot_scene_init (&self->scene);
  self->linked = g_ptr_array_new ();
  g_ptr_array_add (self->linked, self);
  self->menu_button =
      g_object_new (GTK_TYPE_MENU_BUTTON, "icon-name", "view-more-symbolic", "has-frame", FALSE,
                    "tooltip-text", _ ("Options of the plot"), NULL);
  gtk_widget_add_css_class (self->menu_button, "plot-menu");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->menu_button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Options of the plot"), -1);
  gtk_menu_button_set_create_popup_func (GTK_MENU_BUTTON (self->menu_button), fill_menu_cb, self,
                                         NULL);
  gtk_widget_set_parent (self->menu_button, GTK_WIDGET (self));
  self->menu = gtk_popover_menu_new_from_model (NULL);
  gtk_popover_set_has_arrow (GTK_POPOVER (self->menu), FALSE);
  gtk_widget_set_parent (self->menu, GTK_WIDGET (self));
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  pl_plot_add_actions (self);
  pl_plot_add_input (self);
  bind_settings (self);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::high-contrast",
                           G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
  pl_plot_describe (self);
}

void
pl_plot_link (PlPlot *self, PlPlot *other)
{
  g_autoptr (GPtrArray) joining = NULL;

  g_return_if_fail (PL_IS_PLOT (self) && PL_IS_PLOT (other));

  if (self->linked == other->linked)
    return;
  joining = g_ptr_array_ref (other->linked);
  for (guint i = 0; i < joining->len; i++)
    {
      PlPlot *plot = g_ptr_array_index (joining, i);

      g_ptr_array_add (self->linked, plot);
      g_ptr_array_unref (plot->linked);
      plot->linked = g_ptr_array_ref (self->linked);
    }
  pl_plot_set_by (self, self->scene.by);
}

void
pl_plot_set_by (PlPlot *self, PlPlotBy by)
{
  g_return_if_fail (PL_IS_PLOT (self));

  for (guint i = 0; i < self->linked->len; i++)
    {
      PlPlot *plot = get_linked (self, i);

      if (plot->scene.by == by)
        continue;
      plot->scene.by = by;
      g_object_notify_by_pspec (G_OBJECT (plot), props[PROP_BY]);
    }
  pl_plot_set_view (self, NAN, NAN);
  pl_plot_set_read_x (self, NAN);
}

void
pl_plot_set_cursor (PlPlot *self, double epoch)
{
  g_return_if_fail (PL_IS_PLOT (self));

  for (guint i = 0; i < self->linked->len; i++)
    {
      PlPlot *plot = get_linked (self, i);

      plot->scene.cursor = epoch;
      gtk_widget_queue_draw (GTK_WIDGET (plot));
    }
}
