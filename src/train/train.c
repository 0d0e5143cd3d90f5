/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The error domain of training. */
#include "train/train.h"

G_DEFINE_QUARK (pl_train_error, pl_train_error)
