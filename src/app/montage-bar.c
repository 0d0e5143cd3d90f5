/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Menus are of the window's actions; numbers are bound to the content both ways. */
#include "app/montage-bar.h"

#include <glib/gi18n.h>
#include <math.h>

struct _PlMontageBar
{
  GtkBox parent_instance;

  /* Owned */
  PlMontageContent *content;

  /* Template children */
  GtkLabel *sort_label;
  GtkLabel *filter_label;
  GtkLabel *count_label;
  GtkWidget *legend;
  GtkAdjustment *size_adjustment;
  GtkAdjustment *first_adjustment;
  GtkAdjustment *last_adjustment;
  GtkAdjustment *step_adjustment;
  GtkAdjustment *below_adjustment;

  gboolean is_updating; /* from the content */
};

G_DEFINE_FINAL_TYPE (PlMontageBar, pl_montage_bar, GTK_TYPE_BOX)

static const char *
sort_title (PlMontageSort sort)
{
  switch (sort)
    {
    case PL_MONTAGE_SORT_DICE:
      return _ ("Worst Dice first");
    case PL_MONTAGE_SORT_AREA:
      return _ ("Largest lungs first");
    case PL_MONTAGE_SORT_SLICE:
    default:
      return _ ("In order");
    }
}

static char *
dup_filter_title (const PlMontageOrder *order)
{
  switch (order->filter)
    {
    case PL_MONTAGE_FILTER_WITH_MASK:
      return g_strdup (_ ("With mask"));
    case PL_MONTAGE_FILTER_WITHOUT_MASK:
      return g_strdup (_ ("Without mask"));
    case PL_MONTAGE_FILTER_TEST:
      return g_strdup (_ ("Test set"));
    case PL_MONTAGE_FILTER_BELOW:
      return g_strdup_printf (_ ("Dice below %.2f"), order->below);
    case PL_MONTAGE_FILTER_ALL:
    default:
      return g_strdup (_ ("All tiles"));
    }
}

static void
update_count (PlMontageBar *self)
{
  int n = pl_montage_content_get_n_subjects (self->content);
  int n_tiles = pl_montage_content_get_n_tiles (self->content);
  g_autofree char *text = NULL;

  /* Translators: how many tiles of how many slices or cases are shown. */
  text = n == n_tiles ? g_strdup ("") : g_strdup_printf (_ ("%d of %d"), n_tiles, n);
  gtk_label_set_text (self->count_label, text);
  gtk_widget_set_visible (self->legend, pl_montage_content_knows_dice (self->content));
}

static void
update_options (PlMontageBar *self)
{
  const PlMontageOrder *order = &pl_montage_content_get_options (self->content)->order;
  int n = MAX (pl_montage_content_get_n_subjects (self->content), 1);
  g_autofree char *filter = dup_filter_title (order);

  self->is_updating = TRUE;
  gtk_label_set_text (self->sort_label, sort_title (order->sort));
  gtk_label_set_text (self->filter_label, filter);
  gtk_adjustment_set_upper (self->first_adjustment, n);
  gtk_adjustment_set_upper (self->last_adjustment, n);
  gtk_adjustment_set_value (self->first_adjustment, order->first + 1);
  gtk_adjustment_set_value (self->last_adjustment, order->last < 0 ? n : order->last + 1);
  gtk_adjustment_set_value (self->step_adjustment, order->step);
  gtk_adjustment_set_value (self->below_adjustment, order->below);
  self->is_updating = FALSE;
  update_count (self);
}

/* The last of all means the last, however many there will be. */
static void
number_changed_cb (PlMontageBar *self)
{
  PlMontageOptions options;
  int last = (int) lround (gtk_adjustment_get_value (self->last_adjustment)) - 1;

  if (self->content == NULL || self->is_updating)
    return;
  options = *pl_montage_content_get_options (self->content);
  options.order.first = (int) lround (gtk_adjustment_get_value (self->first_adjustment)) - 1;
  options.order.last = last >= pl_montage_content_get_n_subjects (self->content) - 1 ? -1 : last;
  options.order.step = (int) lround (gtk_adjustment_get_value (self->step_adjustment));
  options.order.below = gtk_adjustment_get_value (self->below_adjustment);
  pl_montage_content_set_options (self->content, &options);
}

static gboolean
size_from_grid (GBinding *binding, const GValue *from, GValue *to, gpointer data)
{
  g_value_set_double (to, g_value_get_int (from));
  return TRUE;
}

static gboolean
size_to_grid (GBinding *binding, const GValue *from, GValue *to, gpointer data)
{
  g_value_set_int (to, (int) lround (g_value_get_double (from)));
  return TRUE;
}

static void
watch (PlMontageBar *self, const char *signal, void (*handler) (PlMontageBar *self))
{
  g_signal_connect_object (self->content, signal, G_CALLBACK (handler), self, G_CONNECT_SWAPPED);
}

void
pl_montage_bar_set_content (PlMontageBar *self, PlMontageContent *content, PlMontageGrid *grid)
{
  g_return_if_fail (PL_IS_MONTAGE_BAR (self));
  g_return_if_fail (self->content == NULL);

  self->content = g_object_ref (content);
  watch (self, "options-changed", update_options);
  watch (self, "tiles-changed", update_count);
  watch (self, "facts-changed", update_count);
  g_object_bind_property_full (grid, "tile-px", self->size_adjustment, "value",
                               G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE, size_from_grid,
                               size_to_grid, NULL, NULL);
  update_options (self);
}

static void
pl_montage_bar_dispose (GObject *object)
{
  g_clear_object (&PL_MONTAGE_BAR (object)->content);
  G_OBJECT_CLASS (pl_montage_bar_parent_class)->dispose (object);
}

static void
pl_montage_bar_class_init (PlMontageBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pl_montage_bar_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/pleura/Pleura/ui/montage-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, PlMontageBar, sort_label);
  gtk_widget_class_bind_template_child (widget_class, PlMontageBar, filter_label);
  gtk_widget_class_bind_template_child (widget_class, PlMontageBar, count_label);
  gtk_widget_class_bind_template_child (widget_class, PlMontageBar, legend);
  gtk_widget_class_bind_template_child (widget_class, PlMontageBar, size_adjustment);
  gtk_widget_class_bind_template_child (widget_class, PlMontageBar, first_adjustment);
  gtk_widget_class_bind_template_child (widget_class, PlMontageBar, last_adjustment);
  gtk_widget_class_bind_template_child (widget_class, PlMontageBar, step_adjustment);
  gtk_widget_class_bind_template_child (widget_class, PlMontageBar, below_adjustment);
  gtk_widget_class_bind_template_callback (widget_class, number_changed_cb);
}

static void
pl_montage_bar_init (PlMontageBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
