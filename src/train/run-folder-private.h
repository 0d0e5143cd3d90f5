/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/trainer.h"

#include <json-glib/json-glib.h>

/* The settings as run.json and experiment.json hold them. What is read has been checked; auto is
 * no precision of what has begun. */
JsonObject *pl_train_settings_to_json (const PlTrainSettings *settings);
gboolean
pl_train_settings_from_json (JsonObject *object, PlTrainSettings *settings, GError **error);
