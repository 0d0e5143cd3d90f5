/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "unet/unet.h"

/* A PlTrainPrecision as the core has it. */
PlPrecision pl_train_core_precision (int precision);
