/* SPDX-License-Identifier: GPL-3.0-or-later */
/* With two models the panes say whose prediction they show. */
#include "app/compare-pane.h"

#include "app/enlarge-button.h"
#include "app/mask-name.h"

#include <glib/gi18n.h>

struct _PlComparePane
{
  GtkBox parent_instance;

  PlPane pane;

  /* Owned */
  PlViewState *state;

  /* Template children */
  GtkLabel *caption;
  GtkToggleButton *enlarge_button;
  GtkOverlay *overlay;
  GtkLabel *missing;

  PlSliceView *view; /* Borrowed from the overlay */
};

G_DEFINE_FINAL_TYPE (PlComparePane, pl_compare_pane, GTK_TYPE_BOX)

enum
{
  PROP_0,
  PROP_PANE,
  PROP_OUTLINE,
  PROP_ANNOTATED,
  PROP_ENLARGED,
  PROP_CAN_ENLARGE,
};

static char *
dup_caption (PlComparePane *self)
{
  switch (self->pane)
    {
    case PL_PANE_TRUTH:
      return pl_mask_dup_name (self->state, PL_MASK_TRUTH);
    case PL_PANE_PREDICTION:
      return pl_mask_dup_name (self->state, PL_MASK_PREDICTION);
    case PL_PANE_DIFFERENCE:
      return g_strdup (pl_view_state_get_second_name (self->state) == NULL
                           ? _ ("Difference")
                           : _ ("A against the ground truth"));
    case PL_PANE_SECOND:
      return pl_mask_dup_name (self->state, PL_MASK_SECOND);
    case PL_PANE_MODELS:
      return g_strdup (_ ("A against B"));
    case PL_PANE_ALL:
    case PL_PANE_IMAGE:
    default:
      return g_strdup (_ ("Image"));
    }
}

static const char *
name_missing (PlPane pane)
{
  switch (pane)
    {
    case PL_PANE_TRUTH:
      return _ ("No ground truth");
    case PL_PANE_PREDICTION:
    case PL_PANE_SECOND:
      return _ ("No prediction yet");
    case PL_PANE_DIFFERENCE:
      return _ ("Needs a ground truth and a prediction");
    case PL_PANE_MODELS:
      return _ ("Needs the predictions of both models");
    case PL_PANE_ALL:
    case PL_PANE_IMAGE:
    default:
      return "";
    }
}

static void
update_caption (PlComparePane *self)
{
  g_autofree char *caption = dup_caption (self);

  gtk_label_set_text (self->caption, caption);
  pl_enlarge_button_name (self->enlarge_button, caption);
}

static void
update_missing (PlComparePane *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->missing), pl_slice_view_lacks_mask (self->view));
}

static void
watch (PlComparePane *self, const char *signal, void (*handler) (PlComparePane *self))
{
  g_signal_connect_object (self->state, signal, G_CALLBACK (handler), self, G_CONNECT_SWAPPED);
}

void
pl_compare_pane_set_state (PlComparePane *self, PlViewState *state)
{
  g_return_if_fail (PL_IS_COMPARE_PANE (self));
  g_return_if_fail (PL_IS_VIEW_STATE (state));
  g_return_if_fail (self->state == NULL);

  self->state = g_object_ref (state);
  pl_slice_view_set_state (self->view, state);
  watch (self, "notify::volume", update_missing);
  watch (self, "notify::slice", update_missing);
  watch (self, "notify::truth", update_missing);
  watch (self, "notify::prediction", update_missing);
  watch (self, "notify::second", update_missing);
  watch (self, "notify::preview", update_missing);
  watch (self, "notify::model-name", update_caption);
  watch (self, "notify::second-name", update_caption);
  update_caption (self);
  update_missing (self);
}

static void
enlarged_cb (PlComparePane *self)
{
  pl_enlarge_button_update (self->enlarge_button);
  g_object_notify (G_OBJECT (self), "enlarged");
}

static void
pl_compare_pane_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PlComparePane *self = PL_COMPARE_PANE (object);

  switch (id)
    {
    case PROP_PANE:
      g_value_set_enum (value, self->pane);
      break;
    case PROP_ENLARGED:
      g_value_set_boolean (value, gtk_toggle_button_get_active (self->enlarge_button));
      break;
    case PROP_CAN_ENLARGE:
      g_value_set_boolean (value, gtk_widget_get_visible (GTK_WIDGET (self->enlarge_button)));
      break;
    default: /* the slice view's own */
      g_object_get_property (G_OBJECT (self->view), pspec->name, value);
    }
}

static void
pl_compare_pane_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PlComparePane *self = PL_COMPARE_PANE (object);

  switch (id)
    {
    case PROP_PANE:
      self->pane = (PlPane) g_value_get_enum (value);
      break;
    case PROP_ENLARGED:
      gtk_toggle_button_set_active (self->enlarge_button, g_value_get_boolean (value));
      break;
    case PROP_CAN_ENLARGE:
      gtk_widget_set_visible (GTK_WIDGET (self->enlarge_button), g_value_get_boolean (value));
      break;
    default:
      g_object_set_property (G_OBJECT (self->view), pspec->name, value);
    }
}

/* The slice view is given its pane when it is made. */
static void
pl_compare_pane_constructed (GObject *object)
{
  PlComparePane *self = PL_COMPARE_PANE (object);
  GtkWidget *view = pl_slice_view_new (NULL, self->pane);

  self->view = PL_SLICE_VIEW (view);
  gtk_overlay_set_child (self->overlay, view);
  gtk_label_set_text (self->missing, name_missing (self->pane));

  G_OBJECT_CLASS (pl_compare_pane_parent_class)->constructed (object);
}

/* The image's, not the button's. */
static gboolean
pl_compare_pane_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (PL_COMPARE_PANE (widget)->view));
}

static void
pl_compare_pane_dispose (GObject *object)
{
  g_clear_object (&PL_COMPARE_PANE (object)->state);

  G_OBJECT_CLASS (pl_compare_pane_parent_class)->dispose (object);
}

static void
install_properties (GObjectClass *object_class)
{
  static const char *const flags[] = {
    [PROP_OUTLINE] = "outline",
    [PROP_ANNOTATED] = "annotated",
    [PROP_ENLARGED] = "enlarged",
    [PROP_CAN_ENLARGE] = "can-enlarge",
  };
  GParamFlags access = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  g_object_class_install_property (object_class, PROP_PANE,
                                   g_param_spec_enum ("pane", NULL, NULL, PL_TYPE_PANE, PL_PANE_ALL,
                                                      access | G_PARAM_CONSTRUCT_ONLY));
  for (guint i = PROP_OUTLINE; i < G_N_ELEMENTS (flags); i++)
    g_object_class_install_property (
        object_class, i,
        g_param_spec_boolean (flags[i], NULL, NULL, FALSE, access | G_PARAM_EXPLICIT_NOTIFY));
}

static void
pl_compare_pane_class_init (PlComparePaneClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = pl_compare_pane_get_property;
  object_class->set_property = pl_compare_pane_set_property;
  object_class->constructed = pl_compare_pane_constructed;
  object_class->dispose = pl_compare_pane_dispose;
  widget_class->grab_focus = pl_compare_pane_grab_focus;
  install_properties (object_class);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/pleura/Pleura/ui/compare-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, PlComparePane, caption);
  gtk_widget_class_bind_template_child (widget_class, PlComparePane, enlarge_button);
  gtk_widget_class_bind_template_child (widget_class, PlComparePane, overlay);
  gtk_widget_class_bind_template_child (widget_class, PlComparePane, missing);
  gtk_widget_class_bind_template_callback (widget_class, enlarged_cb);
}

static void
pl_compare_pane_init (PlComparePane *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
