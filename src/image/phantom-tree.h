/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/random.h"
#include "image/phantom-thorax.h"

/* Makes the vessels, airways and roots of a thorax whose shapes are known. */
void pl_thorax_grow_trees (PlThorax *thorax, PlRandom *random);
