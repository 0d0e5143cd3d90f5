/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page that says how to train. A preset is not kept anywhere: it is what the controls amount
 * to, so it shows "Custom" as soon as one of them is changed. */
#include "app/train-setup.h"

#include "app/settings.h"
#include "train/presets.h"
#include "train/train.h"

#include <glib/gi18n.h>

struct _PlTrainSetup
{
  GtkWidget parent;

  /* Template children */
  GtkWidget *group;
  AdwComboRow *preset_row;
  GtkWidget *advanced_row;
  GtkSpinButton *epochs_spin;
  GtkSpinButton *size_spin;
  GtkSwitch *augment_switch;
  GtkSwitch *sides_switch;
  GtkSpinButton *base_spin;
  GtkSpinButton *depth_spin;
  GtkSpinButton *batch_spin;
  GtkSpinButton *rate_spin;
  AdwComboRow *schedule_row;
  AdwComboRow *loss_row;
  GtkSpinButton *decay_spin;
  GtkSpinButton *patience_spin;
  GtkSpinButton *time_spin;
  AdwComboRow *precision_row;
  GtkSpinButton *threads_spin;
  GtkSpinButton *seed_spin;
  GtkSpinButton *validation_spin;
  GtkSpinButton *test_spin;
  GtkSpinButton *slices_spin;

  gboolean is_setting; /* several controls, or the preset's row */
};

G_DEFINE_FINAL_TYPE (PlTrainSetup, pl_train_setup, GTK_TYPE_WIDGET)

enum
{
  PROP_PRESET = 1,
  N_PROPS,
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS,
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

/* The row after those of the presets. */
#define CUSTOM PL_N_PRESETS

/* The first loss is 1. */
#define FIRST_LOSS PL_LOSS_CROSS_ENTROPY

static void
show_preset (PlTrainSetup *self)
{
  PlTrainSettings settings;
  PlPreset preset;
  gboolean found;

  pl_train_setup_get_settings (self, &settings);
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
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
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

/* A choice is kept by its name. */
typedef struct
{
  gboolean (*from_name) (const char *name, int *value);
  const char *(*name) (int value);
  int first; /* the value of the first row */
} Choice;

static const Choice schedule_choice = { pl_train_schedule_from_name, pl_train_schedule_name, 0 };
static const Choice loss_choice = { pl_train_loss_from_name, pl_train_loss_name, FIRST_LOSS };
static const Choice precision_choice = { pl_train_precision_from_name, pl_train_precision_name, 0 };

static gboolean
name_to_row_cb (GValue *row, GVariant *name, gpointer data)
{
  const Choice *choice = data;
  int value;

  if (!choice->from_name (g_variant_get_string (name, NULL), &value))
    return FALSE;
  g_value_set_uint (row, (guint) (value - choice->first));
  return TRUE;
}

static GVariant *
row_to_name_cb (const GValue *row, const GVariantType *type, gpointer data)
{
  const Choice *choice = data;

  return g_variant_new_string (choice->name ((int) g_value_get_uint (row) + choice->first));
}

static void
bind_choice (AdwComboRow *row, const char *key, const Choice *choice)
{
  g_settings_bind_with_mapping (pl_settings_get (), key, row, "selected", G_SETTINGS_BIND_DEFAULT,
                                name_to_row_cb, row_to_name_cb, (gpointer) choice, NULL);
}

/* The controls show what the last run used. */
static void
bind_settings (PlTrainSetup *self)
{
  GSettings *settings = pl_settings_get ();
  const struct
  {
    const char *key;
    GtkSpinButton *spin;
  } spins[] = {
    { "train-epochs", self->epochs_spin },   { "train-size", self->size_spin },
    { "train-base", self->base_spin },       { "train-depth", self->depth_spin },
    { "train-batch", self->batch_spin },     { "train-rate", self->rate_spin },
    { "train-decay", self->decay_spin },     { "train-patience", self->patience_spin },
    { "train-time-limit", self->time_spin }, { "threads", self->threads_spin },
    { "train-seed", self->seed_spin },       { "train-validation-part", self->validation_spin },
    { "train-test-part", self->test_spin },  { "train-slices-per-volume", self->slices_spin },
  };

  if (settings == NULL)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (spins); i++)
    g_settings_bind (settings, spins[i].key, gtk_spin_button_get_adjustment (spins[i].spin),
                     "value", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "train-augment", self->augment_switch, "active",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "train-sides", self->sides_switch, "active", G_SETTINGS_BIND_DEFAULT);
  bind_choice (self->schedule_row, "train-schedule", &schedule_choice);
  bind_choice (self->loss_row, "train-loss", &loss_choice);
  bind_choice (self->precision_row, "train-precision", &precision_choice);
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
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", PL_TYPE_TRAIN_SETUP, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/pleura/Pleura/ui/train-setup.ui");
  gtk_widget_class_bind_template_child (widget_class, PlTrainSetup, group);
  gtk_widget_class_bind_template_child (widget_class, PlTrainSetup, preset_row);
  gtk_widget_class_bind_template_child (widget_class, PlTrainSetup, advanced_row);
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
  list_presets (self);
  pl_train_setup_set_settings (self, &pl_train_settings_default);
  bind_settings (self);
  show_preset (self);
  watch_controls (self);
}

void
pl_train_setup_get_settings (PlTrainSetup *self, PlTrainSettings *settings)
{
  double validation, test;

  g_return_if_fail (PL_IS_TRAIN_SETUP (self));

  validation = gtk_spin_button_get_value (self->validation_spin) / 100;
  test = gtk_spin_button_get_value (self->test_spin) / 100;
  *settings = (PlTrainSettings){
    .epochs = gtk_spin_button_get_value_as_int (self->epochs_spin),
    .batch = gtk_spin_button_get_value_as_int (self->batch_spin),
    .size_px = gtk_spin_button_get_value_as_int (self->size_spin),
    .base = gtk_spin_button_get_value_as_int (self->base_spin),
    .depth = gtk_spin_button_get_value_as_int (self->depth_spin),
    .rate = gtk_spin_button_get_value (self->rate_spin),
    .decay = gtk_spin_button_get_value (self->decay_spin),
    .loss = (int) adw_combo_row_get_selected (self->loss_row) + FIRST_LOSS,
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
  adw_combo_row_set_selected (self->loss_row, (guint) (s->loss - FIRST_LOSS));
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
  pl_train_setup_get_settings (self, &settings);
  pl_preset_apply (preset, &settings);
  pl_train_setup_set_settings (self, &settings);
}
