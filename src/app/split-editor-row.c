/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys for sorting are made when the patient is set: comparing thousands of rows would make each of
 * them a dozen times. */
#include "app/split-editor-row.h"

#include <glib/gi18n.h>
#include <string.h>

struct _PlSplitRow
{
  GObject parent_instance;

  guint index;
  int slices;
  gboolean has_mask;
  PlGroup group;

  /* Owned */
  char *name;
  char *patient;
  char *patient_key;
};

G_DEFINE_FINAL_TYPE (PlSplitRow, pl_split_row, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_KEY,
  PROP_PATIENT,
  PROP_GROUP_LABEL,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];

static void
set_patient (PlSplitRow *self, const char *patient)
{
  g_autofree char *valid = g_utf8_make_valid (patient, -1);

  g_free (self->patient);
  g_free (self->patient_key);
  self->patient = g_strdup (patient);
  self->patient_key = g_utf8_collate_key_for_filename (valid, -1);
}

PlSplitRow *
pl_split_row_new (const PlCase *source, guint index)
{
  PlSplitRow *self = g_object_new (PL_TYPE_SPLIT_ROW, NULL);

  self->index = index;
  self->slices = source->header.shape[source->header.slice_axis];
  self->has_mask = source->mask_path != NULL;
  self->group = source->group;
  self->name = g_utf8_make_valid (source->name, -1);
  set_patient (self, source->patient);
  return self;
}

guint
pl_split_row_get_index (PlSplitRow *self)
{
  return self->index;
}

const char *
pl_split_row_get_name (PlSplitRow *self)
{
  return self->name;
}

const char *
pl_split_row_get_patient (PlSplitRow *self)
{
  return self->patient;
}

int
pl_split_row_get_slices (PlSplitRow *self)
{
  return self->slices;
}

gboolean
pl_split_row_has_mask (PlSplitRow *self)
{
  return self->has_mask;
}

PlGroup
pl_split_row_get_group (PlSplitRow *self)
{
  return self->group;
}

gboolean
pl_split_row_update (PlSplitRow *self, const PlCase *source)
{
  if (self->group != source->group)
    {
      self->group = source->group;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_GROUP_LABEL]);
    }
  if (g_str_equal (self->patient, source->patient))
    return FALSE;
  set_patient (self, source->patient);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PATIENT]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_KEY]);
  return TRUE;
}

int
pl_split_row_compare_patients (PlSplitRow *a, PlSplitRow *b)
{
  return strcmp (a->patient_key, b->patient_key);
}

const char *
pl_split_group_label (PlGroup group)
{
  switch (group)
    {
    case PL_GROUP_TRAIN:
      return C_ ("part of the data", "Training");
    case PL_GROUP_VALIDATION:
      return C_ ("part of the data", "Validation");
    case PL_GROUP_TEST:
      return C_ ("part of the data", "Test");
    case PL_GROUP_IGNORE:
      return C_ ("part of the data", "Left out");
    case PL_GROUP_NONE:
    default:
      return C_ ("part of the data", "In no part");
    }
}

static void
pl_split_row_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PlSplitRow *self = PL_SPLIT_ROW (object);

  switch (id)
    {
    case PROP_KEY:
      g_value_take_string (value, g_strdup_printf ("%s %s", self->name, self->patient));
      break;
    case PROP_PATIENT:
      g_value_set_string (value, self->patient);
      break;
    case PROP_GROUP_LABEL:
      g_value_set_string (value, pl_split_group_label (self->group));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
pl_split_row_finalize (GObject *object)
{
  PlSplitRow *self = PL_SPLIT_ROW (object);

  g_free (self->name);
  g_free (self->patient);
  g_free (self->patient_key);

  G_OBJECT_CLASS (pl_split_row_parent_class)->finalize (object);
}

static void
pl_split_row_class_init (PlSplitRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = pl_split_row_get_property;
  object_class->finalize = pl_split_row_finalize;

  properties[PROP_KEY] = g_param_spec_string ("key", NULL, NULL, "", flags);
  properties[PROP_PATIENT] = g_param_spec_string ("patient", NULL, NULL, "", flags);
  properties[PROP_GROUP_LABEL] = g_param_spec_string ("group-label", NULL, NULL, "", flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
pl_split_row_init (PlSplitRow *self)
{
}
