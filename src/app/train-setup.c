/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page that says how to train. A preset is not kept anywhere: it is what the controls amount
 * to, so it shows "Custom" as soon as one of them is changed. */
#include "app/train-setup-private.h"

#include "train/presets.h"

#include <glib/gi18n.h>

G_DEFINE_FINAL_TYPE (PlTrainSetup, pl_train_setup, GTK_TYPE_WIDGET)

enum
{
  PROP_PRESET = 1,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

/* The row after those of the presets. */
#define CUSTOM PL_N_PRESETS

static void
read_controls (PlTrainSetup *self, PlTrainSettings *settings)
{
  double validation = gtk_spin_button_get_value (self->validation_spin) / 100;
  double test = gtk_spin_button_get_value (self->test_spin) / 100;

  *settings = (PlTrainSettings){
    .epochs = gtk_spin_button_get_value_as_int (self->epochs_spin),
    .batch = gtk_spin_button_get_value_as_int (self->batch_spin),
    .size_px = gtk_spin_button_get_value_as_int (self->size_spin),
    .base = gtk_spin_button_get_value_as_int (self->base_spin),
    .depth = gtk_spin_button_get_value_as_int (self->depth_spin),
    .rate = gtk_spin_button_get_value (self->rate_spin),
    .decay = gtk_spin_button_get_value (self->decay_spin),
    .loss = (int) adw_combo_row_get_selected (self->loss_row) + PL_TRAIN_SETUP_FIRST_LOSS,
    .schedule = (int) adw_combo_row_get_selected (self->schedule_row),
    .seed = (guint64) gtk_spin_button_get_value (self->seed_spin),
    .split = { 1 - validation - test, validation, test },
    .augment = gtk_switch_get_active (self->augment_switch),
    .sides = gtk_switch_get_active (self->sides_switch),
    .patience = gtk_spin_button_get_value_as_int (self->patience_spin),
    .time_limit_s = 60 * gtk_spin_button_get_value (self->time_spin),
    .slices_per_volume = gtk_spin_button_get_value_as_int (self->slices_spin),
    .threads = gtk_spin_button_get_value_as_int (self->threads_spin),
    .precision = (int) adw_combo_row_get_selected (self->precision_row),
  };
}

static void
show_preset (PlTrainSetup *self)
{
  PlTrainSettings settings;
  PlPreset preset;
  gboolean found;

  read_controls (self, &settings);
  found = pl_preset_find (&settings, &preset);
  self->is_setting = TRUE;
  adw_combo_row_set_selected (self->preset_row, found ? preset : CUSTOM);
  self->is_setting = FALSE;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PRESET]);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->preset_row),
                               found ? pl_preset_summary (preset) : _ ("As set below"));
}

static void
changed_cb (PlTrainSetup *self)
{
  if (self->is_setting)
    return;
  show_preset (self);
  pl_train_setup_update_estimate (self);
}

/* "Custom" is no choice: it changes nothing, and the row goes back to what the controls say. */
static void
preset_selected_cb (PlTrainSetup *self)
{
  guint selected = adw_combo_row_get_selected (self->preset_row);

  if (self->is_setting)
    return;
  if (selected < PL_N_PRESETS)
    pl_train_setup_set_preset (self, pl_preset_name (selected));
  else
    show_preset (self);
}

static void
list_presets (PlTrainSetup *self)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);

  for (PlPreset i = 0; i < PL_N_PRESETS; i++)
    gtk_string_list_append (titles, pl_preset_title (i));
  gtk_string_list_append (titles, _ ("Custom"));
  adw_combo_row_set_model (self->preset_row, G_LIST_MODEL (titles));
}

/* Where the weights come from; a model brings its shape and size. */
static void
show_start (PlTrainSetup *self, const char *name)
{
  const PlModel *init = self->init;
  g_autofree char *text = NULL;

  if (init != NULL)
    text = g_strdup_printf (_ ("%s, with its image size %d, network width %d and depth %d"), name,
                            init->size_px, init->net->shape.base, init->net->shape.depth);
  adw_action_row_set_subtitle (self->start_row, init != NULL ? text : _ ("New weights"));
  gtk_widget_set_sensitive (self->size_row, init == NULL);
  gtk_widget_set_sensitive (self->base_row, init == NULL);
  gtk_widget_set_sensitive (self->depth_row, init == NULL);
}

static void
watch_controls (PlTrainSetup *self)
{
  GtkSpinButton *spins[] = {
    self->epochs_spin, self->size_spin,    self->base_spin,  self->depth_spin,
    self->batch_spin,  self->rate_spin,    self->decay_spin, self->patience_spin,
    self->time_spin,   self->threads_spin, self->seed_spin,  self->validation_spin,
    self->test_spin,   self->slices_spin,
  };
  AdwComboRow *rows[] = { self->schedule_row, self->loss_row, self->precision_row };

  for (gsize i = 0; i < G_N_ELEMENTS (spins); i++)
    g_signal_connect_swapped (spins[i], "value-changed", G_CALLBACK (changed_cb), self);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    g_signal_connect_swapped (rows[i], "notify::selected", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (self->augment_switch, "notify::active", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (self->sides_switch, "notify::active", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (self->preset_row, "notify::selected", G_CALLBACK (preset_selected_cb),
                            self);
}

static void
pl_train_setup_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_assert (id == PROP_PRESET);
  g_value_set_string (value, pl_train_setup_get_preset (PL_TRAIN_SETUP (object)));
}

static void
pl_train_setup_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  g_assert (id == PROP_PRESET);
  pl_train_setup_set_preset (PL_TRAIN_SETUP (object), g_value_get_string (value));
}

static void
pl_train_setup_dispose (GObject *object)
{
  PlTrainSetup *self = PL_TRAIN_SETUP (object);

  g_clear_pointer (&self->estimator, pl_train_estimator_free);
  g_clear_pointer (&self->dataset, pl_dataset_free);
  g_clear_pointer (&self->init, pl_model_unref);
  g_clear_pointer (&self->group, gtk_widget_unparent);
  G_OBJECT_CLASS (pl_train_setup_parent_class)->dispose (object);
}

static void
pl_train_setup_class_init (PlTrainSetupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = pl_train_setup_get_property;
  object_class->set_property = pl_train_setup_set_property;
  object_class->dispose = pl_train_setup_dispose;
  props[PROP_PRESET] =
      g_param_spec_string ("preset", NULL, NULL, "standard",
                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/pleura/Pleura/ui/train-setup.ui");
  gtk_widget_class_bind_template_child (widget_class, PlTrainSetup, group);
  gtk_widget_class_bind_template_child (widget_class, PlTrainSetup, preset_row);
  gtk_widget_class_bind_template_child (widget_class, PlTrainSetup, estimate_row);
  gtk_widget_class_bind_template_child (widget_class, PlTrainSetup, estimate_warning);
  gtk_widget_class_bind_template_child (widget_class, PlTrainSetup, check_row);
  gtk_widget_class_bind_template_child (widget_class, PlTrainSetup, check_warning);
  gtk_widget_class_bind_template_child (widget_class, PlTrainSetup, check_stop);
  gtk_widget_class_bind_template_child (widget_class, PlTrainSetup, start_row);
  gtk_widget_class_bind_template_child (widget_class, PlTrainSetup, advanced_row);
  gtk_widget_class_bind_template_child (widget_class, PlTrainSetup, classes_row);
  gtk_widget_class_bind_template_child (widget_class, PlTrainSetup, size_row);
  gtk_widget_class_bind_template_child (widget_class, PlTrainSetup, base_row);
  gtk_widget_class_bind_template_child (widget_class, PlTrainSetup, depth_row);
  gtk_widget_class_bind_template_child (widget_class, PlTrainSetup, epochs_spin);
  gtk_widget_class_bind_template_child (widget_class, PlTrainSetup, size_spin);
  gtk_widget_class_bind_template_child (widget_class, PlTrainSetup, augment_switch);
  gtk_widget_class_bind_template_child (widget_class, PlTrainSetup, sides_switch);
  gtk_widget_class_bind_template_child (widget_class, PlTrainSetup, base_spin);
  gtk_widget_class_bind_template_child (widget_class, PlTrainSetup, depth_spin);
  gtk_widget_class_bind_template_child (widget_class, PlTrainSetup, batch_spin);
  gtk_widget_class_bind_template_child (widget_class, PlTrainSetup, rate_spin);
  gtk_widget_class_bind_template_child (widget_class, PlTrainSetup, schedule_row);
  gtk_widget_class_bind_template_child (widget_class, PlTrainSetup, loss_row);
  gtk_widget_class_bind_template_child (widget_class, PlTrainSetup, decay_spin);
  gtk_widget_class_bind_template_child (widget_class, PlTrainSetup, patience_spin);
  gtk_widget_class_bind_template_child (widget_class, PlTrainSetup, time_spin);
  gtk_widget_class_bind_template_child (widget_class, PlTrainSetup, precision_row);
  gtk_widget_class_bind_template_child (widget_class, PlTrainSetup, threads_spin);
  gtk_widget_class_bind_template_child (widget_class, PlTrainSetup, seed_spin);
  gtk_widget_class_bind_template_child (widget_class, PlTrainSetup, validation_spin);
  gtk_widget_class_bind_template_child (widget_class, PlTrainSetup, test_spin);
  gtk_widget_class_bind_template_child (widget_class, PlTrainSetup, slices_spin);
}

static void
pl_train_setup_init (PlTrainSetup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  pl_train_setup_init_estimate (self);
  list_presets (self);
  pl_train_setup_set_settings (self, &pl_train_settings_default);
  pl_train_setup_bind_settings (self);
  show_preset (self);
  show_start (self, NULL);
  watch_controls (self);
}

void
pl_train_setup_get_settings (PlTrainSetup *self, PlTrainSettings *settings)
{
  g_return_if_fail (PL_IS_TRAIN_SETUP (self));

  read_controls (self, settings);
  if (self->init == NULL)
    return;
  settings->size_px = self->init->size_px;
  settings->base = self->init->net->shape.base;
  settings->depth = self->init->net->shape.depth;
}

void
pl_train_setup_set_settings (PlTrainSetup *self, const PlTrainSettings *settings)
{
  const PlTrainSettings *s = settings;
  double sum = s->split[0] + s->split[1] + s->split[2];

  g_return_if_fail (PL_IS_TRAIN_SETUP (self));

  self->is_setting = TRUE;
  gtk_spin_button_set_value (self->epochs_spin, s->epochs);
  gtk_spin_button_set_value (self->batch_spin, s->batch);
  gtk_spin_button_set_value (self->size_spin, s->size_px);
  gtk_spin_button_set_value (self->base_spin, s->base);
  gtk_spin_button_set_value (self->depth_spin, s->depth);
  gtk_spin_button_set_value (self->rate_spin, s->rate);
  gtk_spin_button_set_value (self->decay_spin, s->decay);
  adw_combo_row_set_selected (self->loss_row, (guint) (s->loss - PL_TRAIN_SETUP_FIRST_LOSS));
  adw_combo_row_set_selected (self->schedule_row, (guint) s->schedule);
  gtk_spin_button_set_value (self->seed_spin, (double) s->seed);
  gtk_spin_button_set_value (self->validation_spin, 100 * s->split[1] / sum);
  gtk_spin_button_set_value (self->test_spin, 100 * s->split[2] / sum);
  gtk_switch_set_active (self->augment_switch, s->augment);
  gtk_switch_set_active (self->sides_switch, s->sides);
  gtk_spin_button_set_value (self->patience_spin, s->patience);
  gtk_spin_button_set_value (self->time_spin, s->time_limit_s / 60);
  gtk_spin_button_set_value (self->slices_spin, s->slices_per_volume);
  gtk_spin_button_set_value (self->threads_spin, s->threads);
  adw_combo_row_set_selected (self->precision_row, (guint) s->precision);
  self->is_setting = FALSE;
  changed_cb (self);
}

const char *
pl_train_setup_get_preset (PlTrainSetup *self)
{
  guint selected;

  g_return_val_if_fail (PL_IS_TRAIN_SETUP (self), NULL);

  selected = adw_combo_row_get_selected (self->preset_row);
  return selected < PL_N_PRESETS ? pl_preset_name (selected) : "custom";
}

void
pl_train_setup_set_preset (PlTrainSetup *self, const char *name)
{
  PlTrainSettings settings;
  PlPreset preset;

  g_return_if_fail (PL_IS_TRAIN_SETUP (self));

  if (!pl_preset_from_name (name, &preset))
    return;
  read_controls (self, &settings);
  pl_preset_apply (preset, &settings);
  pl_train_setup_set_settings (self, &settings);
}

void
pl_train_setup_set_init (PlTrainSetup *self, PlModel *model, const char *name)
{
  g_return_if_fail (PL_IS_TRAIN_SETUP (self));

  if (model != NULL)
    pl_model_ref (model);
  g_clear_pointer (&self->init, pl_model_unref);
  self->init = model;
  show_start (self, name);
  pl_train_setup_update_estimate (self);
}

PlModel *
pl_train_setup_get_init (PlTrainSetup *self)
{
  g_return_val_if_fail (PL_IS_TRAIN_SETUP (self), NULL);

  return self->init;
}

void
pl_train_setup_set_dataset (PlTrainSetup *self, const PlDataset *dataset)
{
  g_return_if_fail (PL_IS_TRAIN_SETUP (self));

  g_clear_pointer (&self->dataset, pl_dataset_free);
  if (dataset != NULL)
    self->dataset = pl_dataset_copy (dataset);
  pl_train_setup_update_estimate (self);
}

void
pl_train_setup_set_classes (PlTrainSetup *self, GStrv names)
{
  g_autofree char *text = names == NULL ? NULL : g_strjoinv (", ", names);
  g_autofree char *escaped = g_markup_escape_text (text == NULL ? "" : text, -1);

  g_return_if_fail (PL_IS_TRAIN_SETUP (self));

  adw_action_row_set_subtitle (self->classes_row, escaped);
}

void
pl_train_setup_set_check (PlTrainSetup *self,
                          const char *text,
                          gboolean is_warning,
                          gboolean is_reading)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  g_return_if_fail (PL_IS_TRAIN_SETUP (self));

  adw_action_row_set_subtitle (self->check_row, escaped);
  gtk_widget_set_visible (GTK_WIDGET (self->check_row), TRUE);
  gtk_widget_set_visible (self->check_warning, is_warning);
  gtk_widget_set_visible (self->check_stop, is_reading);
}

void
pl_train_setup_set_busy (PlTrainSetup *self, gboolean is_busy)
{
  g_return_if_fail (PL_IS_TRAIN_SETUP (self));

  self->is_busy = is_busy;
  gtk_widget_set_sensitive (GTK_WIDGET (self), !is_busy);
  pl_train_setup_update_estimate (self);
}
