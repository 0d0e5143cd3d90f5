/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* How gray levels are shown. */
typedef struct
{
  const char *id;   /* "gray", "bone", "hot", "viridis" … */
  const char *name; /* to be shown, after gettext */
  guint8 rgb[256][3];
} PlColourMap;

/* All of them, gray first; constant. */
const PlColourMap *const *pl_colour_maps (gsize *n_maps);

/* (nullable): by id. */
const PlColourMap *pl_colour_map_find (const char *id);

/* What probabilities from 0 to 1 are shown in over an image: its lightness grows evenly, so that
 * any eye sees order and steps. None of the above, without a name; constant. */
const PlColourMap *pl_colour_map_probability (void);
