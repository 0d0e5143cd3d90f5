/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/dataset.h"

/* What the classes of a data set were called, and their colours: how it is now, and what can be
 * gone back to and on again. Main thread. */
typedef struct _PlClassesHistory PlClassesHistory;

PlClassesHistory *pl_classes_history_new (const PlDataset *dataset);
void pl_classes_history_free (PlClassesHistory *self);

/* Something may have changed, which takes the place of what was gone back from.
 * Returns: FALSE when nothing has */
gboolean pl_classes_history_record (PlClassesHistory *self, const PlDataset *dataset);

/* @step: −1 back, 1 on again. */
gboolean pl_classes_history_can_go (const PlClassesHistory *self, int step);

/* The colours are the settings' again; @names and @sides: (out) (nullable) (transfer full): that
 * were given, for pl_class_names_use().
 * Returns: FALSE when these are no others */
gboolean pl_classes_history_go (PlClassesHistory *self, int step, GStrv *names, GStrv *sides);
