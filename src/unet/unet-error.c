/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The error domain of the core. */
#include "unet/unet.h"

G_DEFINE_QUARK (pl_unet_error, pl_unet_error)
