/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two slice views lie on each other, and each is clipped to its side of the divider; the upper one
 * takes the pointer for both. The divider is a child, so that it has a focus and a name.
 */
#include "app/swipe-view.h"

#include "app/mask-name.h"
#include "app/slice-view.h"

#include <glib/gi18n.h>
#include <math.h>

#define STEP 0.02
#define BLINK_MS 400

struct _PlSwipeView
{
  GtkWidget parent_instance;

  /* Owned */
  PlViewState *state;
  guint blink_id; /* 0 while it does not */

  PlSwipeSides sides;
  double divider;
  gboolean is_outlined;
  gboolean shows_right; /* while it blinks */

  /* Template children */
  PlSliceView *left_view;
  PlSliceView *right_view;
  GtkLabel *left_label;
  GtkLabel *right_label;
  GtkWidget *handle;
};

G_DEFINE_FINAL_TYPE (PlSwipeView, pl_swipe_view, GTK_TYPE_WIDGET)

G_DEFINE_ENUM_TYPE (PlSwipeSides,
                    pl_swipe_sides,
                    G_DEFINE_ENUM_VALUE (PL_SWIPE_PREDICTION_TRUTH, "prediction-truth"),
                    G_DEFINE_ENUM_VALUE (PL_SWIPE_SECOND_TRUTH, "second-truth"),
                    G_DEFINE_ENUM_VALUE (PL_SWIPE_PREDICTION_SECOND, "prediction-second"))

typedef struct
{
  PlMaskKind mask;
  PlPane pane;
} Side;

/* Left and right. */
static const Side shown[][2] = {
  [PL_SWIPE_PREDICTION_TRUTH] = { { PL_MASK_PREDICTION, PL_PANE_PREDICTION },
                                  { PL_MASK_TRUTH, PL_PANE_TRUTH } },
  [PL_SWIPE_SECOND_TRUTH] = { { PL_MASK_SECOND, PL_PANE_SECOND },
                              { PL_MASK_TRUTH, PL_PANE_TRUTH } },
  [PL_SWIPE_PREDICTION_SECOND] = { { PL_MASK_PREDICTION, PL_PANE_PREDICTION },
                                   { PL_MASK_SECOND, PL_PANE_SECOND } },
};

enum
{
  PROP_0,
  PROP_SIDES,
  PROP_DIVIDER,
  PROP_BLINKING,
  PROP_OUTLINE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* What was chosen, as long as there is a second model. */
static const Side *
get_sides (PlSwipeView *self)
{
  gboolean has_second = self->state != NULL && pl_view_state_get_second_name (self->state) != NULL;

  return shown[has_second ? self->sides : PL_SWIPE_PREDICTION_TRUTH];
}

static void
describe_divider (PlSwipeView *self)
{
  g_autofree char *name = NULL;
  g_autofree char *text = NULL;

  if (self->state == NULL)
    return;
  name = pl_mask_dup_name (self->state, get_sides (self)[0].mask);
  /* Translators: a mask, and how much of the image shows it. */
  text = g_strdup_printf (_ ("%s: %.0f %%"), name, 100 * self->divider);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->handle), GTK_ACCESSIBLE_PROPERTY_VALUE_MIN,
                                  0.0, GTK_ACCESSIBLE_PROPERTY_VALUE_MAX, 1.0,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, self->divider,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text, -1);
}

static void
set_divider (PlSwipeView *self, double divider)
{
  divider = CLAMP (divider, 0, 1);
  if (self->divider == divider)
    return;
  self->divider = divider;
  describe_divider (self);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DIVIDER]);
}

/* While it blinks the name of what is seen is shown, else both. */
static void
update_parts (PlSwipeView *self)
{
  gboolean is_blinking = self->blink_id != 0;

  gtk_widget_set_visible (GTK_WIDGET (self->right_label), !is_blinking || self->shows_right);
  gtk_widget_set_visible (GTK_WIDGET (self->left_label), !is_blinking || !self->shows_right);
  gtk_widget_set_visible (self->handle, !is_blinking);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static gboolean
blink_cb (gpointer data)
{
  PlSwipeView *self = data;

  self->shows_right = !self->shows_right;
  update_parts (self);
  return G_SOURCE_CONTINUE;
}

static void
set_blinking (PlSwipeView *self, gboolean blinking)
{
  if (blinking == (self->blink_id != 0))
    return;
  if (blinking)
    self->blink_id = g_timeout_add (BLINK_MS, blink_cb, self);
  else
    g_clear_handle_id (&self->blink_id, g_source_remove);
  self->shows_right = TRUE;
  update_parts (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BLINKING]);
}

/* The mask with its colour, or that it is not there. */
static void
update_label (PlSwipeView *self, GtkLabel *label, PlSliceView *view, PlMaskKind mask)
{
  g_autofree char *markup = pl_mask_dup_markup (self->state, mask);

  if (!pl_slice_view_lacks_mask (view))
    gtk_label_set_markup (label, markup);
  else
    gtk_label_set_text (label,
                        mask == PL_MASK_TRUTH ? _ ("No ground truth") : _ ("No prediction yet"));
}

static void
update_labels (PlSwipeView *self)
{
  const Side *sides = get_sides (self);

  update_label (self, self->left_label, self->left_view, sides[0].mask);
  update_label (self, self->right_label, self->right_view, sides[1].mask);
}

static void
describe_handle (PlSwipeView *self)
{
  const Side *sides = get_sides (self);
  g_autofree char *left = pl_mask_dup_name (self->state, sides[0].mask);
  g_autofree char *right = pl_mask_dup_name (self->state, sides[1].mask);
  /* Translators: two masks. */
  g_autofree char *text = g_strdup_printf (
      _ ("%s on the left, %s on the right: drag, or press Left and Right"), left, right);

  gtk_widget_set_tooltip_text (self->handle, text);
  describe_divider (self);
}

/* Others were chosen, or there is another model. */
static void
update_sides (PlSwipeView *self)
{
  const Side *sides = get_sides (self);

  if (self->state == NULL)
    return;
  g_object_set (self->left_view, "pane", sides[0].pane, NULL);
  g_object_set (self->right_view, "pane", sides[1].pane, NULL);
  update_labels (self);
  describe_handle (self);
}

static void
watch (PlSwipeView *self, const char *signal, void (*handler) (PlSwipeView *self))
{
  g_signal_connect_object (self->state, signal, G_CALLBACK (handler), self, G_CONNECT_SWAPPED);
}

void
pl_swipe_view_set_state (PlSwipeView *self, PlViewState *state)
{
  g_return_if_fail (PL_IS_SWIPE_VIEW (self));
  g_return_if_fail (PL_IS_VIEW_STATE (state));
  g_return_if_fail (self->state == NULL);

  self->state = g_object_ref (state);
  pl_slice_view_set_state (self->left_view, state);
  pl_slice_view_set_state (self->right_view, state);
  watch (self, "notify::volume", update_labels);
  watch (self, "notify::truth", update_labels);
  watch (self, "notify::prediction", update_labels);
  watch (self, "notify::second", update_labels);
  watch (self, "notify::preview", update_labels);
  watch (self, "notify::slice", update_labels);
  watch (self, "notify::label-colours", update_labels);
  watch (self, "notify::model-name", update_sides);
  watch (self, "notify::second-name", update_sides);
  update_sides (self);
}

static void
drag_begin_cb (PlSwipeView *self, double x, double y, GtkGesture *gesture)
{
  gtk_widget_grab_focus (self->handle);
  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
}

/* The handle moves along, so what counts is where it would be in this widget. */
static void
drag_update_cb (PlSwipeView *self, double dx, double dy, GtkGestureDrag *gesture)
{
  double start_x;
  double start_y;
  double x;
  double y;

  gtk_gesture_drag_get_start_point (gesture, &start_x, &start_y);
  if (gtk_widget_translate_coordinates (self->handle, GTK_WIDGET (self), start_x + dx, start_y + dy,
                                        &x, &y))
    set_divider (self, x / MAX (gtk_widget_get_width (GTK_WIDGET (self)), 1));
}

static gboolean
key_pressed_cb (PlSwipeView *self, guint key, guint code, GdkModifierType modifiers)
{
  if ((modifiers & gtk_accelerator_get_default_mod_mask ()) != 0 || self->blink_id != 0)
    return GDK_EVENT_PROPAGATE;
  if (key == GDK_KEY_Left || key == GDK_KEY_KP_Left)
    set_divider (self, self->divider - STEP);
  else if (key == GDK_KEY_Right || key == GDK_KEY_KP_Right)
    set_divider (self, self->divider + STEP);
  else
    return GDK_EVENT_PROPAGATE;
  return GDK_EVENT_STOP;
}

static void
add_controllers (PlSwipeView *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkEventController *key = gtk_event_controller_key_new ();

  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect_swapped (key, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (self->handle, GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (GTK_WIDGET (self), key);
}

static void
pl_swipe_view_measure (GtkWidget *widget,
                       GtkOrientation orientation,
                       int for_size,
                       int *minimum,
                       int *natural,
                       int *minimum_baseline,
                       int *natural_baseline)
{
  PlSwipeView *self = PL_SWIPE_VIEW (widget);

  gtk_widget_measure (GTK_WIDGET (self->right_view), orientation, for_size, minimum, natural, NULL,
                      NULL);
}

/* In a corner at the top, and on its own half at most. */
static void
place_label (GtkLabel *label, int width, gboolean at_end)
{
  GtkAllocation place = { 0 };

  gtk_widget_measure (GTK_WIDGET (label), GTK_ORIENTATION_HORIZONTAL, -1, NULL, &place.width, NULL,
                      NULL);
  place.width = MIN (place.width, width / 2);
  gtk_widget_measure (GTK_WIDGET (label), GTK_ORIENTATION_VERTICAL, place.width, NULL,
                      &place.height, NULL, NULL);
  place.x = at_end ? width - place.width : 0;
  if (gtk_widget_get_visible (GTK_WIDGET (label)))
    gtk_widget_size_allocate (GTK_WIDGET (label), &place, -1);
}

static void
pl_swipe_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  PlSwipeView *self = PL_SWIPE_VIEW (widget);
  GtkAllocation all = { 0, 0, width, height };
  GtkAllocation handle = { 0, 0, 0, height };

  gtk_widget_size_allocate (GTK_WIDGET (self->right_view), &all, -1);
  gtk_widget_size_allocate (GTK_WIDGET (self->left_view), &all, -1);
  place_label (self->left_label, width, FALSE);
  place_label (self->right_label, width, TRUE);
  gtk_widget_measure (self->handle, GTK_ORIENTATION_HORIZONTAL, -1, &handle.width, NULL, NULL,
                      NULL);
  handle.x = (int) lround (self->divider * width) - handle.width / 2;
  if (gtk_widget_get_visible (self->handle))
    gtk_widget_size_allocate (self->handle, &handle, -1);
}

static void
draw_side (PlSwipeView *self, GtkSnapshot *snapshot, PlSliceView *view, float x0, float x1)
{
  float height = (float) gtk_widget_get_height (GTK_WIDGET (self));

  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (x0, 0, x1 - x0, height));
  gtk_widget_snapshot_child (GTK_WIDGET (self), GTK_WIDGET (view), snapshot);
  gtk_snapshot_pop (snapshot);
}

static void
pl_swipe_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  PlSwipeView *self = PL_SWIPE_VIEW (widget);
  float width = (float) gtk_widget_get_width (widget);
  float middle = roundf ((float) self->divider * width);

  if (self->blink_id != 0)
    middle = self->shows_right ? 0 : width;
  draw_side (self, snapshot, self->left_view, 0, middle);
  draw_side (self, snapshot, self->right_view, middle, width);
  pl_slice_view_snapshot_marks (self->left_view, snapshot); /* on both sides */
  gtk_widget_snapshot_child (widget, GTK_WIDGET (self->left_label), snapshot);
  gtk_widget_snapshot_child (widget, GTK_WIDGET (self->right_label), snapshot);
  gtk_widget_snapshot_child (widget, self->handle, snapshot);
}

/* The image's, not the divider's. */
static gboolean
pl_swipe_view_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (PL_SWIPE_VIEW (widget)->left_view));
}

/* Nobody sees it blink. */
static void
pl_swipe_view_unmap (GtkWidget *widget)
{
  set_blinking (PL_SWIPE_VIEW (widget), FALSE);

  GTK_WIDGET_CLASS (pl_swipe_view_parent_class)->unmap (widget);
}

static void
pl_swipe_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PlSwipeView *self = PL_SWIPE_VIEW (object);

  switch (id)
    {
    case PROP_SIDES:
      g_value_set_enum (value, self->sides);
      break;
    case PROP_DIVIDER:
      g_value_set_double (value, self->divider);
      break;
    case PROP_BLINKING:
      g_value_set_boolean (value, self->blink_id != 0);
      break;
    case PROP_OUTLINE:
      g_value_set_boolean (value, self->is_outlined);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
pl_swipe_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PlSwipeView *self = PL_SWIPE_VIEW (object);

  switch (id)
    {
    case PROP_SIDES:
      self->sides = (PlSwipeSides) g_value_get_enum (value);
      update_sides (self);
      g_object_notify_by_pspec (object, pspec);
      break;
    case PROP_DIVIDER:
      set_divider (self, g_value_get_double (value));
      break;
    case PROP_BLINKING:
      set_blinking (self, g_value_get_boolean (value));
      break;
    case PROP_OUTLINE:
      self->is_outlined = g_value_get_boolean (value);
      g_object_set (self->right_view, "outline", self->is_outlined, NULL);
      g_object_set (self->left_view, "outline", self->is_outlined, NULL);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
pl_swipe_view_dispose (GObject *object)
{
  PlSwipeView *self = PL_SWIPE_VIEW (object);

  g_clear_handle_id (&self->blink_id, g_source_remove);
  g_clear_object (&self->state);
  gtk_widget_dispose_template (GTK_WIDGET (self), PL_TYPE_SWIPE_VIEW);

  G_OBJECT_CLASS (pl_swipe_view_parent_class)->dispose (object);
}

static void
pl_swipe_view_class_init (PlSwipeViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = pl_swipe_view_get_property;
  object_class->set_property = pl_swipe_view_set_property;
  object_class->dispose = pl_swipe_view_dispose;
  widget_class->measure = pl_swipe_view_measure;
  widget_class->size_allocate = pl_swipe_view_size_allocate;
  widget_class->snapshot = pl_swipe_view_snapshot;
  widget_class->grab_focus = pl_swipe_view_grab_focus;
  widget_class->unmap = pl_swipe_view_unmap;

  properties[PROP_SIDES] = g_param_spec_enum ("sides", NULL, NULL, PL_TYPE_SWIPE_SIDES,
                                              PL_SWIPE_PREDICTION_TRUTH, flags);
  properties[PROP_DIVIDER] = g_param_spec_double ("divider", NULL, NULL, 0, 1, 0.5, flags);
  properties[PROP_BLINKING] = g_param_spec_boolean ("blinking", NULL, NULL, FALSE, flags);
  properties[PROP_OUTLINE] = g_param_spec_boolean ("outline", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (PL_TYPE_SLICE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/pleura/Pleura/ui/swipe-view.ui");
  gtk_widget_class_bind_template_child (widget_class, PlSwipeView, right_view);
  gtk_widget_class_bind_template_child (widget_class, PlSwipeView, left_view);
  gtk_widget_class_bind_template_child (widget_class, PlSwipeView, right_label);
  gtk_widget_class_bind_template_child (widget_class, PlSwipeView, left_label);
  gtk_widget_class_bind_template_child (widget_class, PlSwipeView, handle);
}

static void
pl_swipe_view_init (PlSwipeView *self)
{
  self->divider = 0.5;
  gtk_widget_init_template (GTK_WIDGET (self));
  pl_slice_view_set_marks_apart (self->left_view, TRUE);
  add_controllers (self);
}
