/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/mask.h"

#include <json-glib/json-glib.h>

/* How well each label of a pair of masks fits. */
typedef struct
{
  gboolean is_there[256]; /* in either mask; of label 0 never */
  double dice[256];       /* of each label; 1 where it is in neither mask */
} PlClassDice;

void pl_class_dice_compute (const PlMask *prediction, const PlMask *truth, PlClassDice *dice);

/* (transfer full) (element-type int): the labels that any of @cases (element-type PlClassDice) has,
 * ascending; none when they have not several. */
GArray *pl_class_dice_list (const GArray *cases);

/* {"1": {"dice": 0.98}, …} of the @labels. */
JsonObject *pl_class_dice_to_json (const PlClassDice *dice, const GArray *labels);

/* Over all cases. */
PlClassDice pl_class_dice_mean (const GArray *cases);
