/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the page of training settings says is kept in GSettings, each control in a key of its own.
 */
#include "app/train-setup-private.h"

#include "app/settings.h"
#include "train/train.h"

/* A choice is kept by its name. */
typedef struct
{
  gboolean (*from_name) (const char *name, int *value);
  const char *(*name) (int value);
  int first; /* the value of the first row */
} Choice;

static const Choice schedule_choice = { pl_train_schedule_from_name, pl_train_schedule_name, 0 };
static const Choice loss_choice = { pl_train_loss_from_name, pl_train_loss_name,
                                    PL_TRAIN_SETUP_FIRST_LOSS };
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

void
pl_train_setup_bind_settings (PlTrainSetup *self)
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
