/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A row of the case list, as data: cells are recycled, so all that they show lives here. */
#include "app/case-item.h"

#include "app/legend-text.h"

#include <glib/gi18n.h>
#include <math.h>

struct _PlCaseItem
{
  GObject parent_instance;

  /* Owned */
  PlCase source;
  char *title;
  char *problem; /* (nullable) */
  PlPackedMask *prediction;
  PlMask *heat;         /* (nullable) */
  PlPackedMask *second; /* (nullable) */
  PlLiveCase *live;     /* (nullable) */
  GdkPaintable *thumbnail;

  PlCaseScore score;
  char *dice_detail; /* Owned, nullable */
  gint64 shown_us;
  gint64 truth_voxels;     /* −1: not known */
  int truth_page;          /* whose voxels they are; −1: nobody has asked */
  int slice_axis;          /* as it was chosen; −1: by rule */
  PlImageHeader predicted; /* how the case was read for prediction and Dice */
  PlImageHeader second_predicted;
};

G_DEFINE_FINAL_TYPE (PlCaseItem, pl_case_item, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_TITLE,
  PROP_GROUP_LABEL,
  PROP_HAS_MASK,
  PROP_PROBLEM,
  PROP_HAS_PREDICTION,
  PROP_HAS_PREVIEW,
  PROP_DICE_LABEL,
  PROP_DICE_DETAIL,
  PROP_LUNG_LABEL,
  PROP_THUMBNAIL,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

PlCaseItem *
pl_case_item_new (const PlCase *source)
{
  PlCaseItem *self = g_object_new (PL_TYPE_CASE_ITEM, NULL);

  self->source = (PlCase){
    .name = g_strdup (source->name),
    .image_path = g_strdup (source->image_path),
    .mask_path = g_strdup (source->mask_path),
    .patient = g_strdup (source->patient),
    .header = source->header,
    .group = source->group,
    .parts_lungs = source->parts_lungs,
  };
  self->predicted = source->header;
  self->title = pl_image_dup_stem (source->name);
  return self;
}

const PlCase *
pl_case_item_get_case (PlCaseItem *self)
{
  g_return_val_if_fail (PL_IS_CASE_ITEM (self), NULL);

  return &self->source;
}

const char *
pl_case_item_get_name (PlCaseItem *self)
{
  g_return_val_if_fail (PL_IS_CASE_ITEM (self), NULL);

  return self->source.name;
}

void
pl_case_item_set_group (PlCaseItem *self, PlGroup group)
{
  g_return_if_fail (PL_IS_CASE_ITEM (self));

  if (self->source.group == group)
    return;
  self->source.group = group;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_GROUP_LABEL]);
}

void
pl_case_item_set_patient (PlCaseItem *self, const char *patient)
{
  g_return_if_fail (PL_IS_CASE_ITEM (self));

  if (g_str_equal (self->source.patient, patient))
    return;
  g_free (self->source.patient);
  self->source.patient = g_strdup (patient);
}

void
pl_case_item_read_as (PlCaseItem *self, int volume, int slice_axis)
{
  g_return_if_fail (PL_IS_CASE_ITEM (self));

  self->slice_axis = slice_axis;
  pl_case_read_as (&self->source, volume, slice_axis);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_PREDICTION]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DICE_LABEL]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DICE_DETAIL]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LUNG_LABEL]);
}

int
pl_case_item_get_slice_axis (PlCaseItem *self)
{
  g_return_val_if_fail (PL_IS_CASE_ITEM (self), -1);

  return self->slice_axis;
}

gboolean
pl_case_item_is_read_as (PlCaseItem *self, const PlImageHeader *header)
{
  g_return_val_if_fail (PL_IS_CASE_ITEM (self), FALSE);

  return header->page == self->source.header.page &&
         header->slice_axis == self->source.header.slice_axis;
}

double
pl_case_item_get_dice (PlCaseItem *self)
{
  g_return_val_if_fail (PL_IS_CASE_ITEM (self), NAN);

  return pl_case_item_is_read_as (self, &self->predicted) ? self->score.dice : NAN;
}

void
pl_case_item_set_parts_lungs (PlCaseItem *self, gboolean parts_lungs)
{
  g_return_if_fail (PL_IS_CASE_ITEM (self));

  if (self->source.parts_lungs == parts_lungs)
    return;
  self->source.parts_lungs = parts_lungs;
  pl_case_item_set_live (self, NULL);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_MASK]);
}

void
pl_case_item_set_mask (PlCaseItem *self, const char *mask_path)
{
  g_return_if_fail (PL_IS_CASE_ITEM (self));

  g_free (self->source.mask_path);
  self->source.mask_path = g_strdup (mask_path);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_MASK]);
}

void
pl_case_item_set_dice (PlCaseItem *self, double dice)
{
  const PlCaseScore score = { .dice = dice };

  pl_case_item_set_score (self, &score, NULL);
}

void
pl_case_item_set_score (PlCaseItem *self, const PlCaseScore *score, GStrv names)
{
  g_return_if_fail (PL_IS_CASE_ITEM (self));

  self->score = *score;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DICE_LABEL]);
  pl_case_item_name_classes (self, names);
}

void
pl_case_item_name_classes (PlCaseItem *self, GStrv names)
{
  g_autofree char *before = NULL;
  GString *text;

  g_return_if_fail (PL_IS_CASE_ITEM (self));

  before = g_steal_pointer (&self->dice_detail);
  if (self->score.n_labels > 0)
    {
      text = g_string_new (NULL);
      g_string_append_printf (text, _ ("All classes together: Dice %.3f"), self->score.dice);
      for (int i = 0; i < self->score.n_labels; i++)
        {
          g_autofree char *name = pl_label_dup_name (names, i + 1);

          g_string_append_c (text, '\n');
          /* Translators: the name of a class, and its Dice. */
          g_string_append_printf (text, _ ("%s: Dice %.3f"), name, self->score.label_dice[i]);
        }
      self->dice_detail = g_string_free (text, FALSE);
    }
  if (g_strcmp0 (self->dice_detail, before) != 0)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DICE_DETAIL]);
}

void
pl_case_item_set_truth_voxels (PlCaseItem *self, gint64 n_voxels)
{
  g_return_if_fail (PL_IS_CASE_ITEM (self));

  self->truth_voxels = n_voxels;
  self->truth_page = self->source.header.page;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LUNG_LABEL]);
}

gboolean
pl_case_item_wants_area (PlCaseItem *self)
{
  g_return_val_if_fail (PL_IS_CASE_ITEM (self), FALSE);

  return self->source.mask_path != NULL && self->truth_page != self->source.header.page;
}

double
pl_case_item_get_lung_size (PlCaseItem *self)
{
  const PlImageHeader *header;
  gint64 n = -1;
  double size;

  g_return_val_if_fail (PL_IS_CASE_ITEM (self), NAN);

  header = &self->source.header;
  if (self->truth_page == header->page)
    n = self->truth_voxels;
  if (n < 0 && pl_case_item_has_prediction (self))
    n = pl_packed_mask_count (self->prediction);
  if (n < 0)
    return NAN;
  size = (double) n;
  for (int i = 0; i < 3; i++)
    if (pl_case_is_volume (&self->source) || i != header->slice_axis)
      size *= header->spacing_mm[i];
  return pl_case_is_volume (&self->source) ? size / 1000 : size;
}

gboolean
pl_case_item_has_prediction (PlCaseItem *self)
{
  g_return_val_if_fail (PL_IS_CASE_ITEM (self), FALSE);

  return self->prediction != NULL && pl_case_item_is_read_as (self, &self->predicted);
}

PlMask *
pl_case_item_dup_prediction (PlCaseItem *self)
{
  g_return_val_if_fail (PL_IS_CASE_ITEM (self), NULL);

  return pl_case_item_has_prediction (self) ? pl_packed_mask_unpack (self->prediction) : NULL;
}

PlPackedMask *
pl_case_item_ref_packed_prediction (PlCaseItem *self)
{
  g_return_val_if_fail (PL_IS_CASE_ITEM (self), NULL);

  return pl_case_item_has_prediction (self) ? pl_packed_mask_ref (self->prediction) : NULL;
}

void
pl_case_item_set_prediction (PlCaseItem *self, const PlMask *prediction)
{
  g_return_if_fail (PL_IS_CASE_ITEM (self));

  g_clear_pointer (&self->prediction, pl_packed_mask_unref);
  if (prediction != NULL)
    self->prediction = pl_packed_mask_new (prediction);
  g_clear_pointer (&self->heat, pl_mask_unref);
  self->predicted = self->source.header;
  pl_case_item_set_dice (self, NAN);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_PREDICTION]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LUNG_LABEL]);
}

PlMask *
pl_case_item_get_heat (PlCaseItem *self)
{
  g_return_val_if_fail (PL_IS_CASE_ITEM (self), NULL);

  return pl_case_item_has_prediction (self) ? self->heat : NULL;
}

void
pl_case_item_set_heat (PlCaseItem *self, PlMask *heat)
{
  g_return_if_fail (PL_IS_CASE_ITEM (self));

  g_clear_pointer (&self->heat, pl_mask_unref);
  if (heat != NULL)
    self->heat = pl_mask_ref (heat);
}

PlLiveCase *
pl_case_item_get_live (PlCaseItem *self)
{
  g_return_val_if_fail (PL_IS_CASE_ITEM (self), NULL);

  if (self->live == NULL || !pl_case_item_is_read_as (self, &self->live->volume->header))
    return NULL;
  return self->live;
}

static const PlMask *
get_preview (const PlLiveCase *live)
{
  return live == NULL ? NULL : live->preview;
}

void
pl_case_item_set_live (PlCaseItem *self, PlLiveCase *live)
{
  g_autoptr (PlLiveCase) before = NULL;

  g_return_if_fail (PL_IS_CASE_ITEM (self));

  before = self->live;
  self->live = live == NULL ? NULL : pl_live_case_ref (live);
  if (get_preview (before) != get_preview (live))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_PREVIEW]);
}

void
pl_case_item_set_shown (PlCaseItem *self)
{
  g_return_if_fail (PL_IS_CASE_ITEM (self));

  self->shown_us = g_get_monotonic_time ();
}

gint64
pl_case_item_get_shown_us (PlCaseItem *self)
{
  g_return_val_if_fail (PL_IS_CASE_ITEM (self), 0);

  return self->shown_us;
}

gboolean
pl_case_item_has_second (PlCaseItem *self)
{
  g_return_val_if_fail (PL_IS_CASE_ITEM (self), FALSE);

  return self->second != NULL && pl_case_item_is_read_as (self, &self->second_predicted);
}

PlMask *
pl_case_item_dup_second (PlCaseItem *self)
{
  g_return_val_if_fail (PL_IS_CASE_ITEM (self), NULL);

  return pl_case_item_has_second (self) ? pl_packed_mask_unpack (self->second) : NULL;
}

void
pl_case_item_set_second (PlCaseItem *self, const PlMask *second)
{
  g_return_if_fail (PL_IS_CASE_ITEM (self));

  g_clear_pointer (&self->second, pl_packed_mask_unref);
  if (second != NULL)
    self->second = pl_packed_mask_new (second);
  self->second_predicted = self->source.header;
}

const char *
pl_case_item_get_problem (PlCaseItem *self)
{
  g_return_val_if_fail (PL_IS_CASE_ITEM (self), NULL);

  return self->problem;
}

void
pl_case_item_set_problem (PlCaseItem *self, const char *problem)
{
  g_return_if_fail (PL_IS_CASE_ITEM (self));

  if (g_strcmp0 (problem, self->problem) == 0)
    return;
  g_free (self->problem);
  self->problem = g_strdup (problem);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROBLEM]);
}

GdkPaintable *
pl_case_item_get_thumbnail (PlCaseItem *self)
{
  g_return_val_if_fail (PL_IS_CASE_ITEM (self), NULL);

  return self->thumbnail;
}

void
pl_case_item_set_thumbnail (PlCaseItem *self, GdkPaintable *thumbnail)
{
  g_return_if_fail (PL_IS_CASE_ITEM (self));

  if (g_set_object (&self->thumbnail, thumbnail))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_THUMBNAIL]);
}

static const char *
group_label (PlGroup group)
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
      return C_ ("part of the data", "Ignored");
    case PL_GROUP_NONE:
    default:
      return "";
    }
}

static char *
dup_dice_label (double dice)
{
  /* Translators: Dice is a measure of how well two masks fit, from 0 to 1. */
  return isnan (dice) ? g_strdup ("") : g_strdup_printf (_ ("Dice %.3f"), dice);
}

static char *
dup_lung_label (PlCaseItem *self)
{
  double size = pl_case_item_get_lung_size (self);

  if (isnan (size))
    return g_strdup ("");
  if (pl_case_is_volume (&self->source))
    return g_strdup_printf (_ ("%.0f ml"), size);
  if (self->source.header.has_spacing)
    return g_strdup_printf (_ ("%.0f mm²"), size);
  /* Translators: an area in pixels. */
  return g_strdup_printf (_ ("%.0f px"), size);
}

static void
pl_case_item_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PlCaseItem *self = PL_CASE_ITEM (object);

  switch (id)
    {
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    case PROP_GROUP_LABEL:
      g_value_set_string (value, group_label (self->source.group));
      break;
    case PROP_HAS_MASK:
      g_value_set_boolean (value, self->source.mask_path != NULL);
      break;
    case PROP_PROBLEM:
      g_value_set_string (value, self->problem);
      break;
    case PROP_HAS_PREDICTION:
      g_value_set_boolean (value, pl_case_item_has_prediction (self));
      break;
    case PROP_HAS_PREVIEW:
      g_value_set_boolean (value, get_preview (self->live) != NULL);
      break;
    case PROP_DICE_LABEL:
      g_value_take_string (value, dup_dice_label (pl_case_item_get_dice (self)));
      break;
    case PROP_DICE_DETAIL:
      g_value_set_string (value, isnan (pl_case_item_get_dice (self)) ? NULL : self->dice_detail);
      break;
    case PROP_LUNG_LABEL:
      g_value_take_string (value, dup_lung_label (self));
      break;
    case PROP_THUMBNAIL:
      g_value_set_object (value, self->thumbnail);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
pl_case_item_finalize (GObject *object)
{
  PlCaseItem *self = PL_CASE_ITEM (object);

  g_free (self->source.name);
  g_free (self->source.image_path);
  g_free (self->source.mask_path);
  g_free (self->source.patient);
  g_free (self->title);
  g_free (self->problem);
  g_free (self->dice_detail);
  pl_packed_mask_unref (self->prediction);
  pl_packed_mask_unref (self->second);
  g_clear_pointer (&self->heat, pl_mask_unref);
  pl_live_case_unref (self->live);
  g_clear_object (&self->thumbnail);

  G_OBJECT_CLASS (pl_case_item_parent_class)->finalize (object);
}

static void
pl_case_item_class_init (PlCaseItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = pl_case_item_get_property;
  object_class->finalize = pl_case_item_finalize;

  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_GROUP_LABEL] = g_param_spec_string ("group-label", NULL, NULL, NULL, flags);
  properties[PROP_HAS_MASK] = g_param_spec_boolean ("has-mask", NULL, NULL, FALSE, flags);
  properties[PROP_PROBLEM] = g_param_spec_string ("problem", NULL, NULL, NULL, flags);
  properties[PROP_HAS_PREDICTION] =
      g_param_spec_boolean ("has-prediction", NULL, NULL, FALSE, flags);
  properties[PROP_HAS_PREVIEW] = g_param_spec_boolean ("has-preview", NULL, NULL, FALSE, flags);
  properties[PROP_DICE_LABEL] = g_param_spec_string ("dice-label", NULL, NULL, NULL, flags);
  properties[PROP_DICE_DETAIL] = g_param_spec_string ("dice-detail", NULL, NULL, NULL, flags);
  properties[PROP_LUNG_LABEL] = g_param_spec_string ("lung-label", NULL, NULL, NULL, flags);
  properties[PROP_THUMBNAIL] =
      g_param_spec_object ("thumbnail", NULL, NULL, GDK_TYPE_PAINTABLE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
pl_case_item_init (PlCaseItem *self)
{
  self->score.dice = NAN;
  self->slice_axis = -1;
  self->truth_page = -1;
}
