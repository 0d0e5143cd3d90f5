/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The panes that are chosen, or one image for swipe and blink in their place, below the figures,
 * which messages at the bottom of the window do not cover there. Those of a second model are there
 * while it is.
 */
#include "app/compare-view-private.h"

#include "app/compare-layout.h"
#include "app/wrap-layout.h"

#include <glib/gi18n.h>

G_DEFINE_FINAL_TYPE (PlCompareView, pl_compare_view, GTK_TYPE_WIDGET)

/* The panes first, in their order. */
enum
{
  PROP_0,
  PROP_SHOW_IMAGE,
  PROP_SHOW_TRUTH,
  PROP_SHOW_PREDICTION,
  PROP_SHOW_DIFFERENCE,
  PROP_SHOW_SECOND,
  PROP_SHOW_MODELS,
  PROP_OUTLINE,
  PROP_SWIPE,
  PROP_BLINK,
  PROP_DIVIDER,
  PROP_SIDES,
  PROP_ENLARGED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* What the button that chooses the two sides says of them. */
static const char *
name_sides (PlSwipeSides sides)
{
  switch (sides)
    {
    case PL_SWIPE_SECOND_TRUTH:
      return _ ("B, truth");
    case PL_SWIPE_PREDICTION_SECOND:
      return _ ("A, B");
    case PL_SWIPE_PREDICTION_TRUTH:
    default:
      /* Translators: the prediction of the model A, and the ground truth. */
      return _ ("A, truth");
    }
}

static void
sides_changed_cb (PlCompareView *self)
{
  PlSwipeSides sides;

  g_object_get (self->swipe_view, "sides", &sides, NULL);
  gtk_label_set_text (self->sides_label, name_sides (sides));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SIDES]);
}

/* There is another second model, or none any more. The two predictions stand beside each other. */
static void
second_changed_cb (PlCompareView *self)
{
  gboolean is_there = pl_compare_view_has_second (self);
  PlComparePane *before = is_there ? self->truth_pane : self->prediction_pane;

  gtk_widget_insert_after (GTK_WIDGET (self->difference_pane), GTK_WIDGET (self),
                           GTK_WIDGET (before));
  gtk_widget_set_visible (self->second_button, is_there);
  gtk_widget_set_visible (self->models_button, is_there);
  gtk_widget_set_visible (self->sides_button, is_there);
  gtk_button_set_label (self->prediction_button, is_there ? _ ("Prediction A") : _ ("Prediction"));
  gtk_widget_set_visible (GTK_WIDGET (self->figures), !is_there);
  gtk_widget_set_visible (GTK_WIDGET (self->models), is_there);
  pl_compare_view_show_panes (self);
}

static void
volume_changed_cb (PlCompareView *self)
{
  PlVolume *volume = pl_view_state_get_volume (self->state);
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  if (volume != NULL)
    pl_compare_layout_set_shape (PL_COMPARE_LAYOUT (layout), volume->n[2] * volume->spacing_mm[2],
                                 volume->n[1] * volume->spacing_mm[1]);
}

void
pl_compare_view_set_state (PlCompareView *self, PlViewState *state)
{
  PlComparePane *panes[PL_COMPARE_N_PANES];

  g_return_if_fail (PL_IS_COMPARE_VIEW (self));
  g_return_if_fail (PL_IS_VIEW_STATE (state));
  g_return_if_fail (self->state == NULL);

  self->state = g_object_ref (state);
  pl_compare_view_list_panes (self, panes);
  for (int i = 0; i < PL_COMPARE_N_PANES; i++)
    pl_compare_pane_set_state (panes[i], state);
  pl_compare_figures_set_state (self->figures, state);
  pl_compare_models_set_state (self->models, state);
  pl_swipe_view_set_state (self->swipe_view, state);
  g_signal_connect_object (state, "notify::volume", G_CALLBACK (volume_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (state, "notify::second-name", G_CALLBACK (second_changed_cb), self,
                           G_CONNECT_SWAPPED);
  volume_changed_cb (self);
  second_changed_cb (self);
}

static void
set_outline (PlCompareView *self, gboolean outline)
{
  self->is_outlined = outline;
  g_object_set (self->truth_pane, "outline", outline, NULL);
  g_object_set (self->prediction_pane, "outline", outline, NULL);
  g_object_set (self->second_pane, "outline", outline, NULL);
  g_object_set (self->swipe_view, "outline", outline, NULL);
}

/* What cannot be seen does not blink; when it ends, the panes decide who is seen. */
static void
set_blink (PlCompareView *self, gboolean blink)
{
  if (blink)
    gtk_widget_set_visible (GTK_WIDGET (self->swipe_view), TRUE);
  g_object_set (self->swipe_view, "blinking", blink, NULL);
}

static void
blinking_changed_cb (PlCompareView *self)
{
  pl_compare_view_show_panes (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BLINK]);
}

/* By its button, or because it was told. */
static void
pane_enlarged_cb (PlCompareView *self, GParamSpec *pspec, PlComparePane *pane)
{
  gboolean is_enlarged;
  PlPane which;

  g_object_get (pane, "enlarged", &is_enlarged, "pane", &which, NULL);
  if (is_enlarged != (which == self->enlarged))
    pl_compare_view_enlarge (self, is_enlarged ? which : PL_PANE_ALL);
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
    case PROP_SHOW_SECOND:
    case PROP_SHOW_MODELS:
      g_value_set_boolean (value, self->is_chosen[id - PROP_SHOW_IMAGE]);
      break;
    case PROP_OUTLINE:
      g_value_set_boolean (value, self->is_outlined);
      break;
    case PROP_SWIPE:
      g_value_set_boolean (value, self->is_swiping);
      break;
    case PROP_BLINK:
      g_value_set_boolean (value, pl_compare_view_is_blinking (self));
      break;
    case PROP_DIVIDER:
      g_object_get_property (G_OBJECT (self->swipe_view), "divider", value);
      break;
    case PROP_SIDES:
      g_object_get_property (G_OBJECT (self->swipe_view), "sides", value);
      break;
    case PROP_ENLARGED:
      g_value_set_enum (value, self->enlarged);
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
    case PROP_SHOW_SECOND:
    case PROP_SHOW_MODELS:
      pl_compare_view_choose_pane (self, PL_PANE_IMAGE + id - PROP_SHOW_IMAGE,
                                   g_value_get_boolean (value));
      break;
    case PROP_OUTLINE:
      set_outline (self, g_value_get_boolean (value));
      break;
    case PROP_SWIPE:
      self->is_swiping = g_value_get_boolean (value);
      pl_compare_view_show_panes (self);
      break;
    case PROP_BLINK:
      set_blink (self, g_value_get_boolean (value));
      break;
    case PROP_DIVIDER:
      g_object_set_property (G_OBJECT (self->swipe_view), "divider", value);
      break;
    case PROP_SIDES:
      g_object_set_property (G_OBJECT (self->swipe_view), "sides", value);
      break;
    case PROP_ENLARGED:
      pl_compare_view_enlarge (self, (PlPane) g_value_get_enum (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
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
  gtk_widget_class_bind_template_child_full (widget_class, "heading", FALSE, 0); /* it goes too */
  gtk_widget_class_bind_template_child (widget_class, PlCompareView, image_pane);
  gtk_widget_class_bind_template_child (widget_class, PlCompareView, truth_pane);
  gtk_widget_class_bind_template_child (widget_class, PlCompareView, prediction_pane);
  gtk_widget_class_bind_template_child (widget_class, PlCompareView, difference_pane);
  gtk_widget_class_bind_template_child (widget_class, PlCompareView, second_pane);
  gtk_widget_class_bind_template_child (widget_class, PlCompareView, models_pane);
  gtk_widget_class_bind_template_child (widget_class, PlCompareView, pane_buttons);
  gtk_widget_class_bind_template_child (widget_class, PlCompareView, prediction_button);
  gtk_widget_class_bind_template_child (widget_class, PlCompareView, second_button);
  gtk_widget_class_bind_template_child (widget_class, PlCompareView, models_button);
  gtk_widget_class_bind_template_child (widget_class, PlCompareView, sides_button);
  gtk_widget_class_bind_template_child (widget_class, PlCompareView, sides_label);
  gtk_widget_class_bind_template_child (widget_class, PlCompareView, figures);
  gtk_widget_class_bind_template_child (widget_class, PlCompareView, models);
  gtk_widget_class_bind_template_child (widget_class, PlCompareView, swipe_view);
  gtk_widget_class_bind_template_callback (widget_class, blinking_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, divider_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, sides_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, pane_enlarged_cb);
}

static void
install_properties (GObjectClass *object_class)
{
  static const char *const flags[] = {
    NULL,          "show-image",  "show-truth", "show-prediction", "show-difference",
    "show-second", "show-models", "outline",    "swipe",           "blink"
  };

  for (int i = PROP_SHOW_IMAGE; i <= PROP_BLINK; i++)
    properties[i] = g_param_spec_boolean (flags[i], NULL, NULL, i <= PROP_SHOW_MODELS,
                                          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_DIVIDER] = g_param_spec_double ("divider", NULL, NULL, 0, 1, 0.5,
                                                  G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_SIDES] =
      g_param_spec_enum ("sides", NULL, NULL, PL_TYPE_SWIPE_SIDES, PL_SWIPE_PREDICTION_TRUTH,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_ENLARGED] =
      g_param_spec_enum ("enlarged", NULL, NULL, PL_TYPE_PANE, PL_PANE_ALL,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
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
  install_properties (object_class);

  g_type_ensure (PL_TYPE_COMPARE_FIGURES);
  g_type_ensure (PL_TYPE_COMPARE_MODELS);
  g_type_ensure (PL_TYPE_COMPARE_PANE);
  g_type_ensure (PL_TYPE_SWIPE_VIEW);
  g_type_ensure (PL_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/pleura/Pleura/ui/compare-view.ui");
  gtk_widget_class_set_css_name (widget_class, "compare");
  gtk_widget_class_set_layout_manager_type (widget_class, PL_TYPE_COMPARE_LAYOUT);
  bind_children (widget_class);
}

static void
pl_compare_view_init (PlCompareView *self)
{
  for (int i = 0; i < PL_COMPARE_N_PANES; i++)
    self->is_chosen[i] = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  sides_changed_cb (self);
}
