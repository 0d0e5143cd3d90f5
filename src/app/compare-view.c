/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The panes that are chosen stand in as many rows as show the image largest, below the figures,
 * which messages at the bottom of the window do not cover there. Swipe and blink show one image in
 * their place.
 */
#include "app/compare-view.h"

#include "app/compare-figures.h"
#include "app/slice-view.h"
#include "app/swipe-view.h"

#define N_PANES 4
#define GAP_PX 2

struct _PlCompareView
{
  GtkWidget parent_instance;

  /* Owned */
  PlViewState *state;

  gboolean is_chosen[N_PANES];
  gboolean is_swiping;
  gboolean is_outlined;

  /* Template children */
  GtkWidget *image_pane;
  GtkWidget *truth_pane;
  GtkWidget *prediction_pane;
  GtkWidget *difference_pane;
  PlSliceView *image_view;
  PlSliceView *truth_view;
  PlSliceView *prediction_view;
  PlSliceView *difference_view;
  GtkWidget *truth_missing;
  GtkWidget *prediction_missing;
  GtkWidget *difference_missing;
  GtkWidget *heading;
  PlCompareFigures *figures;
  PlSwipeView *swipe_view;
};

G_DEFINE_FINAL_TYPE (PlCompareView, pl_compare_view, GTK_TYPE_WIDGET)

/* The panes first, in their order. */
enum
{
  PROP_0,
  PROP_SHOW_IMAGE,
  PROP_SHOW_TRUTH,
  PROP_SHOW_PREDICTION,
  PROP_SHOW_DIFFERENCE,
  PROP_OUTLINE,
  PROP_SWIPE,
  PROP_BLINK,
  PROP_DIVIDER,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
list_panes (PlCompareView *self, GtkWidget *panes[N_PANES])
{
  panes[0] = self->image_pane;
  panes[1] = self->truth_pane;
  panes[2] = self->prediction_pane;
  panes[3] = self->difference_pane;
}

static gboolean
is_blinking (PlCompareView *self)
{
  gboolean blinking;

  g_object_get (self->swipe_view, "blinking", &blinking, NULL);
  return blinking;
}

static void
show_panes (PlCompareView *self)
{
  gboolean is_one = self->is_swiping || is_blinking (self);
  GtkWidget *panes[N_PANES];

  list_panes (self, panes);
  for (int i = 0; i < N_PANES; i++)
    gtk_widget_set_visible (panes[i], self->is_chosen[i] && !is_one);
  gtk_widget_set_visible (GTK_WIDGET (self->swipe_view), is_one);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

/* What can be seen, in order; returns how many. */
static int
list_visible (PlCompareView *self, GtkWidget *visible[N_PANES])
{
  GtkWidget *panes[N_PANES];
  int n = 0;

  list_panes (self, panes);
  if (gtk_widget_get_visible (GTK_WIDGET (self->swipe_view)))
    visible[n++] = GTK_WIDGET (self->swipe_view);
  for (int i = 0; i < N_PANES; i++)
    if (gtk_widget_get_visible (panes[i]))
      visible[n++] = panes[i];
  return n;
}

static void
update (PlCompareView *self)
{
  gboolean has_volume = pl_view_state_get_volume (self->state) != NULL;
  gboolean has_truth = pl_view_state_get_truth (self->state) != NULL;
  int slice = pl_view_state_get_slice (self->state);
  gboolean has_prediction = pl_view_state_prediction_slice (self->state, slice) != NULL;

  gtk_widget_set_visible (self->truth_missing, has_volume && !has_truth);
  gtk_widget_set_visible (self->prediction_missing, has_volume && !has_prediction);
  gtk_widget_set_visible (self->difference_missing, has_volume && !(has_truth && has_prediction));
}

static void
volume_changed_cb (PlCompareView *self)
{
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  update (self);
}

static void
watch (PlCompareView *self, const char *signal, void (*handler) (PlCompareView *self))
{
  g_signal_connect_object (self->state, signal, G_CALLBACK (handler), self, G_CONNECT_SWAPPED);
}

void
pl_compare_view_set_state (PlCompareView *self, PlViewState *state)
{
  g_return_if_fail (PL_IS_COMPARE_VIEW (self));
  g_return_if_fail (PL_IS_VIEW_STATE (state));
  g_return_if_fail (self->state == NULL);

  self->state = g_object_ref (state);
  pl_slice_view_set_state (self->image_view, state);
  pl_slice_view_set_state (self->truth_view, state);
  pl_slice_view_set_state (self->prediction_view, state);
  pl_slice_view_set_state (self->difference_view, state);
  pl_compare_figures_set_state (self->figures, state);
  pl_swipe_view_set_state (self->swipe_view, state);
  watch (self, "notify::volume", volume_changed_cb);
  watch (self, "notify::slice", update);
  watch (self, "notify::truth", update);
  watch (self, "notify::prediction", update);
  watch (self, "notify::preview", update);
  update (self);
}

/* The largest of what the panes ask for. */
static void
measure_panes (PlCompareView *self, GtkOrientation orientation, int *minimum, int *natural)
{
  GtkWidget *panes[N_PANES];
  int n = list_visible (self, panes);

  *minimum = 0;
  *natural = 0;
  for (int i = 0; i < n; i++)
    {
      int pane_minimum;
      int pane_natural;

      gtk_widget_measure (panes[i], orientation, -1, &pane_minimum, &pane_natural, NULL, NULL);
      *minimum = MAX (*minimum, pane_minimum);
      *natural = MAX (*natural, pane_natural);
    }
}

/* At least two by two; best all in a row. */
static void
pl_compare_view_measure (GtkWidget *widget,
                         GtkOrientation orientation,
                         int for_size,
                         int *minimum,
                         int *natural,
                         int *minimum_baseline,
                         int *natural_baseline)
{
  PlCompareView *self = PL_COMPARE_VIEW (widget);
  int heading_minimum;
  int heading_natural;

  measure_panes (self, orientation, minimum, natural);
  gtk_widget_measure (self->heading, orientation, for_size, &heading_minimum, &heading_natural,
                      NULL, NULL);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = MAX (2 * *minimum + GAP_PX, heading_minimum);
      *natural = MAX (N_PANES * *natural + (N_PANES - 1) * GAP_PX, *minimum);
    }
  else
    {
      *minimum = 2 * *minimum + GAP_PX + heading_minimum;
      *natural = MAX (*natural + heading_natural, *minimum);
    }
}

static GtkSizeRequestMode
pl_compare_view_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static int
divide (int length, int n)
{
  return (length - (n - 1) * GAP_PX) / n;
}

static int
count_columns (int n_panes, int rows)
{
  return (n_panes + rows - 1) / rows;
}

/* How large a pixel would be with so many rows of panes; 0 if the panes do not fit. */
static double
find_scale (PlCompareView *self, int n_panes, int rows, int width, int height)
{
  PlVolume *volume = self->state == NULL ? NULL : pl_view_state_get_volume (self->state);
  double width_mm = volume == NULL ? 1 : volume->n[2] * volume->spacing_mm[2];
  double height_mm = volume == NULL ? 1 : volume->n[1] * volume->spacing_mm[1];
  int pane_width = divide (width, count_columns (n_panes, rows));
  int pane_height = divide (height, rows);
  int minimum;
  int natural;

  measure_panes (self, GTK_ORIENTATION_HORIZONTAL, &minimum, &natural);
  return pane_width < minimum ? 0 : MIN (pane_width / width_mm, pane_height / height_mm);
}

/* At most two: more would be no larger on any screen that is wider than the image. */
static int
choose_rows (PlCompareView *self, int n_panes, int width, int height)
{
  return n_panes > 1 && find_scale (self, n_panes, 2, width, height) >
                            find_scale (self, n_panes, 1, width, height)
             ? 2
             : 1;
}

static void
pl_compare_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  PlCompareView *self = PL_COMPARE_VIEW (widget);
  GtkWidget *panes[N_PANES];
  int n = list_visible (self, panes);
  int heading_height;
  int rows;
  int columns;
  GtkAllocation place;

  gtk_widget_measure (self->heading, GTK_ORIENTATION_VERTICAL, width, &heading_height, NULL, NULL,
                      NULL);
  height -= heading_height;
  rows = choose_rows (self, n, width, height);
  columns = count_columns (n, rows);
  place.width = divide (width, columns);
  place.height = divide (height, rows);

  for (int i = 0; i < n; i++)
    {
      place.x = i % columns * (place.width + GAP_PX);
      place.y = heading_height + i / columns * (place.height + GAP_PX);
      gtk_widget_size_allocate (panes[i], &place, -1);
    }
  gtk_widget_size_allocate (self->heading, &(GtkAllocation){ 0, 0, width, heading_height }, -1);
}

/* The last pane stays; who asked is told so. */
static void
choose_pane (PlCompareView *self, guint id, gboolean chosen)
{
  int n = 0;

  for (int i = 0; i < N_PANES; i++)
    n += self->is_chosen[i];
  if (chosen || n > 1 || !self->is_chosen[id - PROP_SHOW_IMAGE])
    self->is_chosen[id - PROP_SHOW_IMAGE] = chosen;
  show_panes (self);
}

static void
set_outline (PlCompareView *self, gboolean outline)
{
  self->is_outlined = outline;
  g_object_set (self->truth_view, "outline", outline, NULL);
  g_object_set (self->prediction_view, "outline", outline, NULL);
  g_object_set (self->swipe_view, "outline", outline, NULL);
}

static void
set_blink (PlCompareView *self, gboolean blink)
{
  gtk_widget_set_visible (GTK_WIDGET (self->swipe_view), blink || self->is_swiping);
  g_object_set (self->swipe_view, "blinking", blink, NULL);
}

static void
blinking_changed_cb (PlCompareView *self)
{
  show_panes (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BLINK]);
}

static void
divider_changed_cb (PlCompareView *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DIVIDER]);
}

static void
pl_compare_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PlCompareView *self = PL_COMPARE_VIEW (object);

  switch (id)
    {
    case PROP_SHOW_IMAGE:
    case PROP_SHOW_TRUTH:
    case PROP_SHOW_PREDICTION:
    case PROP_SHOW_DIFFERENCE:
      g_value_set_boolean (value, self->is_chosen[id - PROP_SHOW_IMAGE]);
      break;
    case PROP_OUTLINE:
      g_value_set_boolean (value, self->is_outlined);
      break;
    case PROP_SWIPE:
      g_value_set_boolean (value, self->is_swiping);
      break;
    case PROP_BLINK:
      g_value_set_boolean (value, is_blinking (self));
      break;
    case PROP_DIVIDER:
      g_object_get_property (G_OBJECT (self->swipe_view), "divider", value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
pl_compare_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PlCompareView *self = PL_COMPARE_VIEW (object);

  switch (id)
    {
    case PROP_SHOW_IMAGE:
    case PROP_SHOW_TRUTH:
    case PROP_SHOW_PREDICTION:
    case PROP_SHOW_DIFFERENCE:
      choose_pane (self, id, g_value_get_boolean (value));
      break;
    case PROP_OUTLINE:
      set_outline (self, g_value_get_boolean (value));
      break;
    case PROP_SWIPE:
      self->is_swiping = g_value_get_boolean (value);
      show_panes (self);
      break;
    case PROP_BLINK:
      set_blink (self, g_value_get_boolean (value));
      break;
    case PROP_DIVIDER:
      g_object_set_property (G_OBJECT (self->swipe_view), "divider", value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static gboolean
key_pressed_cb (PlCompareView *self, guint key, guint code, GdkModifierType modifiers)
{
  if (key != GDK_KEY_b || (modifiers & gtk_accelerator_get_default_mod_mask ()) != 0)
    return GDK_EVENT_PROPAGATE;
  set_blink (self, TRUE);
  return GDK_EVENT_STOP;
}

static void
key_released_cb (PlCompareView *self, guint key)
{
  if (key == GDK_KEY_b)
    set_blink (self, FALSE);
}

static void
focus_left_cb (PlCompareView *self)
{
  set_blink (self, FALSE);
}

/* Held in a view, as the key that hides the masks. */
static void
add_blink_key (PlCompareView *self)
{
  GtkEventController *key = gtk_event_controller_key_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  g_signal_connect_swapped (key, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  g_signal_connect_swapped (key, "key-released", G_CALLBACK (key_released_cb), self);
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (focus_left_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), key);
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
}

static void
pl_compare_view_dispose (GObject *object)
{
  PlCompareView *self = PL_COMPARE_VIEW (object);

  g_clear_object (&self->state);
  gtk_widget_dispose_template (GTK_WIDGET (self), PL_TYPE_COMPARE_VIEW);

  G_OBJECT_CLASS (pl_compare_view_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, PlCompareView, image_pane);
  gtk_widget_class_bind_template_child (widget_class, PlCompareView, truth_pane);
  gtk_widget_class_bind_template_child (widget_class, PlCompareView, prediction_pane);
  gtk_widget_class_bind_template_child (widget_class, PlCompareView, difference_pane);
  gtk_widget_class_bind_template_child (widget_class, PlCompareView, image_view);
  gtk_widget_class_bind_template_child (widget_class, PlCompareView, truth_view);
  gtk_widget_class_bind_template_child (widget_class, PlCompareView, prediction_view);
  gtk_widget_class_bind_template_child (widget_class, PlCompareView, difference_view);
  gtk_widget_class_bind_template_child (widget_class, PlCompareView, truth_missing);
  gtk_widget_class_bind_template_child (widget_class, PlCompareView, prediction_missing);
  gtk_widget_class_bind_template_child (widget_class, PlCompareView, difference_missing);
  gtk_widget_class_bind_template_child (widget_class, PlCompareView, heading);
  gtk_widget_class_bind_template_child (widget_class, PlCompareView, figures);
  gtk_widget_class_bind_template_child (widget_class, PlCompareView, swipe_view);
  gtk_widget_class_bind_template_callback (widget_class, blinking_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, divider_changed_cb);
}

static void
install_properties (GObjectClass *object_class)
{
  static const char *const flags[] = {
    NULL,      "show-image", "show-truth", "show-prediction", "show-difference",
    "outline", "swipe",      "blink"
  };

  for (int i = PROP_SHOW_IMAGE; i <= PROP_BLINK; i++)
    properties[i] = g_param_spec_boolean (flags[i], NULL, NULL, i <= PROP_SHOW_DIFFERENCE,
                                          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_DIVIDER] = g_param_spec_double ("divider", NULL, NULL, 0, 1, 0.5,
                                                  G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
pl_compare_view_class_init (PlCompareViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = pl_compare_view_get_property;
  object_class->set_property = pl_compare_view_set_property;
  object_class->dispose = pl_compare_view_dispose;
  widget_class->measure = pl_compare_view_measure;
  widget_class->get_request_mode = pl_compare_view_get_request_mode;
  widget_class->size_allocate = pl_compare_view_size_allocate;
  install_properties (object_class);

  g_type_ensure (PL_TYPE_COMPARE_FIGURES);
  g_type_ensure (PL_TYPE_SLICE_VIEW);
  g_type_ensure (PL_TYPE_SWIPE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/pleura/Pleura/ui/compare-view.ui");
  gtk_widget_class_set_css_name (widget_class, "compare");
  bind_children (widget_class);
}

static void
pl_compare_view_init (PlCompareView *self)
{
  for (int i = 0; i < N_PANES; i++)
    self->is_chosen[i] = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  add_blink_key (self);
}
