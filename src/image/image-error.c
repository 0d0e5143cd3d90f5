/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The error domain of the image layer. */
#include "image/image-error.h"

G_DEFINE_QUARK (pl_image_error, pl_image_error)
