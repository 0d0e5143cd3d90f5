/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "unet/kernels/precision.h"

/* The U-Net (Ronneberger et al. 2015, https://arxiv.org/abs/1505.04597): @depth poolings, so depth
 * + 1 resolutions of base·2^i channels; at each two 3×3 convolutions without bias, each followed by
 * instance normalisation (affine, ε 1e-5) and leaky ReLU (0.01); 2×2 maximum down; 2×2 transposed
 * convolution (with bias) up; skip connections by concatenation (skip first); a 1×1 head with bias.
 */
typedef struct
{
  int in_channels; /* ≥ 1 */
  int classes; /* K: outputs; 1 means one sigmoid, more a softmax in which output 0 is background
                  (so labels are 0…K−1) */
  int base;    /* channels of the finest level */
  int depth;   /* poolings, 1…6 */
} PlUNetShape;

#define PL_UNET_ERROR (pl_unet_error_quark ())
GQuark pl_unet_error_quark (void);

typedef enum
{
  PL_UNET_ERROR_MEMORY, /* not enough of it */
  PL_UNET_ERROR_SHAPE,  /* a shape that cannot be */
  PL_UNET_ERROR_FILE,   /* a model file that is not one */
  PL_UNET_ERROR_ISA,    /* an instruction set that is not here */
} PlUNetError;

/**
 * pl_unet_init:
 * @isa: (nullable): an instruction set by name (see pl_isa_name()), or NULL or "" for the best one
 * @n_threads: of the process's pool; 0 for one a processor
 *
 * Chooses the kernels and starts the pool; OpenBLAS gets one thread, since the work is split above
 * it. Before any thread starts; again only while no network exists. FALSE with PL_UNET_ERROR_ISA.
 */
bool pl_unet_init (const char *isa, int n_threads, GError **error);

/* The name of the instruction set in use: "avx512". */
const char *pl_unet_isa (void);

/* The faster precision here; a name, "f32" or "bf16". */
PlPrecision pl_unet_best_precision (void);
const char *pl_unet_precision_name (PlPrecision precision);

/* One named tensor inside the flat blocks, in PyTorch's layout: convolutions (Co,Ci,3,3),
 * transposed ones (Ci,Co,2,2), norms and biases (C). */
typedef struct
{
  char name[48]; /* "enc.0.conv.0.weight", "enc.0.norm.0.weight", "up.0.weight",
                    "dec.0.conv.0.weight", "head.bias" …; index = resolution, 0 the finest */
  int n_dims;
  int dims[4];
  gsize offset; /* in floats */
  gsize count;
} PlParameter;

/* A network's weights. One thread at a time, except that any number may run forward passes (each
 * with its own PlUNetWork) while nobody changes the weights. */
typedef struct
{
  PlUNetShape shape;
  PlPrecision precision; /* of passes; see pl_unet_set_precision() */
  gsize n_weights;
  float
      *weights; /* one block; change it only between passes, then call pl_unet_weights_changed() */
  PlParameter *parameters;
  int n_parameters;

  /* Owned */
  struct _PlUNetPacked *packed; /* the weights as the kernels want them */
} PlUNet;

/* Weights are He-initialised from @seed, norms 1 and 0, biases 0; float32. NULL with @error for a
 * shape that cannot be, or no memory. */
PlUNet *pl_unet_new (const PlUNetShape *shape, guint64 seed, GError **error);
void pl_unet_free (PlUNet *net);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlUNet, pl_unet_free)

/* Multiplies the head's weights, so that a fresh network's logits are as much larger. Only between
 * passes. */
void pl_unet_scale_head (PlUNet *net, float factor);

/* FALSE with PL_UNET_ERROR_ISA where the instruction set in use lacks it. */
gboolean pl_unet_check_precision (PlPrecision precision, GError **error);

/* Changes what passes compute in; weights stay as they are. Only between passes, and a PlUNetWork
 * is for the precision that it was made with. FALSE, with nothing changed, where
 * pl_unet_check_precision() says so, or without memory. */
gboolean pl_unet_set_precision (PlUNet *net, PlPrecision precision, GError **error);

/* A second network of the same shape, weights and precision (for a snapshot). */
PlUNet *pl_unet_copy (const PlUNet *net, GError **error);

/* Packs the weights anew. */
void pl_unet_weights_changed (PlUNet *net);

/* Sides that the network takes: multiples of 2^depth and at least 2^(depth+1). The next one up. */
int pl_unet_fit_side (const PlUNetShape *shape, int side);

/* Asked between layers: FALSE stops the pass. */
typedef gboolean (*PlUNetContinue) (gpointer data);

/* All memory of a pass over up to @batch images of one size: planned once, allocated once; no step
 * allocates. One thread at a time. */
typedef struct _PlUNetWork PlUNetWork;

/* @training: keeps what the backward pass needs, and the gradients. */
PlUNetWork *pl_unet_work_new (
    const PlUNet *net, int batch, int rows, int columns, gboolean training, GError **error);
void pl_unet_work_free (PlUNetWork *work);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlUNetWork, pl_unet_work_free)

/* Bytes that pl_unet_work_new() would take; nothing is allocated. */
gsize pl_unet_work_bytes (const PlUNetShape *shape,
                          PlPrecision precision,
                          int batch,
                          int rows,
                          int columns,
                          gboolean training);

/**
 * pl_unet_forward:
 * @images: (n, rows, columns, in_channels)
 * @n: 1…batch
 * @go_on: (nullable)
 *
 * Returns: (transfer none): logits (n, rows, columns, classes), in @work until its next pass; NULL
 * if
 *   @go_on said stop
 */
const float *pl_unet_forward (const PlUNet *net,
                              PlUNetWork *work,
                              const float *images,
                              int n,
                              PlUNetContinue go_on,
                              gpointer data);

/* logits → probabilities in place: sigmoid for one class, softmax for more. @n pixels. */
void pl_unet_probabilities (int classes, gsize n_pixels, float *values);

/* Sums over images, so that micro-batches add up. */
typedef struct
{
  double loss;          /* what is minimised, summed over images */
  double cross_entropy; /* mean over pixels, summed over images */
  double accuracy;      /* share of right pixels at threshold 0.5 / largest, summed over images */
  double dice; /* Dice of the thresholded foreground, mean over the classes that an image has,
                  summed over the images that have any; there are @n_with_mask of these */
  int n_with_mask;
  int n_images;
} PlLossSums;

typedef enum
{
  PL_LOSS_CROSS_ENTROPY = 1,
  PL_LOSS_DICE = 2, /* soft Dice, per image and class, foreground only */
  PL_LOSS_BOTH = 3, /* their sum */
} PlLossKind;

/**
 * pl_unet_loss:
 * @labels: (n, rows, columns), 0…K−1 (0 or 1 when classes is 1)
 * @sums: added to
 *
 * The loss of the last forward pass, without gradients (for validation).
 */
void pl_unet_loss (PlUNetWork *work, const guint8 *labels, PlLossKind kind, PlLossSums *sums);

/**
 * pl_unet_backward:
 * @divisor: images that share the step: gradients are of the loss sum divided by it
 *
 * Loss and backward pass of the last forward pass (of a training work); gradients accumulate in the
 * work. FALSE if @go_on said stop (the gradients are then incomplete).
 */
gboolean pl_unet_backward (const PlUNet *net,
                           PlUNetWork *work,
                           const guint8 *labels,
                           PlLossKind kind,
                           int divisor,
                           PlLossSums *sums,
                           PlUNetContinue go_on,
                           gpointer data);

/* Seconds that passes of a work took, summed since it was made. */
typedef struct
{
  double forward;
  double loss; /* with its gradient */
  double backward;
} PlUNetTimes;

PlUNetTimes pl_unet_work_times (const PlUNetWork *work);

/* The gradients so far, n_weights floats in the order of net->weights; in @work until the next
 * call. pl_unet_work_clear_gradients() sets them to zero. */
const float *pl_unet_work_gradients (PlUNetWork *work);
void pl_unet_work_clear_gradients (PlUNetWork *work);
