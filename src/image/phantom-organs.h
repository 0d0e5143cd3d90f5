/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/phantom-thorax.h"

/* Everything but the lungs: table, arms, body wall with ribs, abdomen, heart, great vessels,
 * trachea, spine. */
void pl_organs_paint (PlCanvas *canvas, const PlThorax *thorax, const PlSection *section);
