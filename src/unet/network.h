/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "unet/unet.h"

/* A network whose weights are zero and not packed: to be filled, then pl_unet_weights_changed(). */
PlUNet *pl_unet_new_unset (const PlUNetShape *shape, GError **error);
