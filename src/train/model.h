/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/recipe.h"
#include "unet/model-file.h"

/* Trained weights and everything needed to use them. Constant once made; reference counted; any
 * thread may predict with it, each with its own PlUNetWork. */
typedef struct
{
  PlUNet *net;
  PlRecipe recipe;
  int size_px;         /* side of the square that slices are resized to */
  int n_classes;       /* foreground classes; outputs are 1 for one class, n_classes + 1 for more */
  GStrv class_names;   /* n_classes of them */
  gboolean has_sides;  /* label 1 is the left lung and 2 the right, whatever they are called */
  JsonObject *summary; /* (nullable): of its training: epochs, best epoch, Dice, program version */
  char *path;          /* (nullable): where it was read from */
  gint ref_count;
} PlModel;

/* Takes @net and @summary; copies the rest. */
PlModel *pl_model_new_take (PlUNet *net,
                            const PlRecipe *recipe,
                            int size_px,
                            int n_classes,
                            const char *const *class_names,
                            JsonObject *summary);
PlModel *pl_model_ref (PlModel *model);
void pl_model_unref (PlModel *model);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlModel, pl_model_unref)

/* Outputs of a network for @n_classes foreground classes. */
int pl_model_outputs (int n_classes);

/* @optimizer: (nullable) / (out) (optional), as in unet/model-file.h; @extra: (nullable): further
 * metadata. */
gboolean pl_model_write (const PlModel *model,
                         const char *path,
                         const PlOptimizer *optimizer,
                         GHashTable *extra,
                         GError **error);

/* Ready to predict with in the faster precision. PL_TRAIN_ERROR_MODEL when it is a network, but not
 * one for images of one channel that says how to use it. */
PlModel *
pl_model_read (const char *path, PlOptimizer **optimizer, GHashTable **metadata, GError **error);

/* What the user can do about an error of pl_model_read(): a sentence; "" for errors that are not
 * of a model. */
const char *pl_model_error_advice (const GError *error);

/* For those who do not know the core: channels of the finest level, poolings, weights, outputs. */
void pl_model_get_shape (
    const PlModel *model, int *base, int *depth, int *in_channels, int *outputs, gsize *n_weights);
