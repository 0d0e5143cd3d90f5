/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AMX in plain C, for processors without it: included before anything else, this puts functions in
 * the place of the tile intrinsics. They follow Intel's Software Developer's Manual (volume 2),
 * down to the order of the sums, and end the program with a message where the processor would raise
 * an exception. Tiles belong to the thread, as they do there. */
#pragma once

#include <immintrin.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct
{
  uint8_t palette;
  uint8_t start_row;
  uint8_t reserved[14];
  uint16_t row_bytes[16];
  uint8_t rows[16];
} EmulatedConfig;

typedef struct
{
  EmulatedConfig config; /* palette 0: none is loaded */
  union
  {
    uint8_t bytes[16][64];
    uint16_t halves[16][32];
    float floats[16][16];
  } tiles[8];
} EmulatedTiles;

static _Thread_local EmulatedTiles emulated;

static inline void
require (int holds, const char *what)
{
  if (holds)
    return;
  fprintf (stderr, "AMX emulation: %s\n", what);
  abort ();
}

static inline void
emulate_loadconfig (const void *from)
{
  EmulatedConfig config;

  memcpy (&config, from, sizeof config);
  require (emulated.config.palette == 0, "the configuration before was not released");
  require (config.palette == 1, "the palette is not 1");
  require (config.start_row == 0, "a load would start amid a tile");
  for (int i = 0; i < 14; i++)
    require (config.reserved[i] == 0, "a reserved byte is not 0");
  for (int i = 0; i < 16; i++)
    {
      require (i < 8 || (config.rows[i] == 0 && config.row_bytes[i] == 0), "there are 8 tiles");
      require (config.rows[i] <= 16, "a tile has more than 16 rows");
      require (config.row_bytes[i] <= 64, "a tile's rows have more than 64 bytes");
      require ((config.rows[i] == 0) == (config.row_bytes[i] == 0), "a tile is half empty");
    }
  memset (&emulated, 0, sizeof emulated);
  emulated.config = config;
}

static inline void
emulate_release (void)
{
  memset (&emulated, 0, sizeof emulated);
}

static inline void
require_tile (int tile)
{
  require (emulated.config.palette == 1, "no configuration is loaded");
  require (tile >= 0 && tile < 8 && emulated.config.rows[tile] > 0, "a tile is not configured");
}

static inline void
emulate_loadd (int tile, const void *base, size_t stride)
{
  require_tile (tile);
  memset (&emulated.tiles[tile], 0, sizeof emulated.tiles[tile]);
  for (int r = 0; r < emulated.config.rows[tile]; r++)
    memcpy (emulated.tiles[tile].bytes[r], (const uint8_t *) base + r * stride,
            emulated.config.row_bytes[tile]);
}

static inline void
emulate_stored (int tile, void *base, size_t stride)
{
  require_tile (tile);
  for (int r = 0; r < emulated.config.rows[tile]; r++)
    memcpy ((uint8_t *) base + r * stride, emulated.tiles[tile].bytes[r],
            emulated.config.row_bytes[tile]);
}

/* Numbers below the least normal count as zero, as inputs and as results. */
static inline float
flush (float value)
{
  return fabsf (value) < 0x1p-126f ? copysignf (0, value) : value;
}

static inline float
widen (uint16_t half)
{
  const uint32_t bits = (uint32_t) half << 16;
  float value;

  memcpy (&value, &bits, sizeof value);
  return flush (value);
}

/* Fused products are summed apart for the first and the second of the pairs, and both sums are
 * added to what was there, each with one rounding to nearest. */
static inline void
emulate_dpbf16ps (int c, int a, int b)
{
  const EmulatedConfig *config = &emulated.config;

  require_tile (c);
  require_tile (a);
  require_tile (b);
  require (c != a && c != b && a != b, "a tile is two operands");
  require (config->row_bytes[c] % 4 == 0 && config->row_bytes[a] % 4 == 0, "half a pair");
  require (config->rows[c] == config->rows[a], "sums and left operand differ in rows");
  require (config->row_bytes[c] == config->row_bytes[b],
           "sums and right operand differ in columns");
  require (config->row_bytes[a] / 4 == config->rows[b], "the operands differ in depth");
  for (int m = 0; m < config->rows[c]; m++)
    for (int n = 0; n < config->row_bytes[c] / 4; n++)
      {
        const uint16_t *left = emulated.tiles[a].halves[m];
        float *sum = &emulated.tiles[c].floats[m][n];
        float first = 0;
        float second = 0;

        for (int k = 0; k < config->rows[b]; k++)
          {
            const uint16_t *right = &emulated.tiles[b].halves[k][2 * n];

            first = flush (fmaf (widen (left[2 * k]), widen (right[0]), first));
            second = flush (fmaf (widen (left[2 * k + 1]), widen (right[1]), second));
          }
        *sum = flush (flush (*sum) + flush (first + second));
      }
}

#undef _tile_loadconfig
#undef _tile_release
#undef _tile_loadd
#undef _tile_stored
#undef _tile_dpbf16ps
#define _tile_loadconfig emulate_loadconfig
#define _tile_release emulate_release
#define _tile_loadd emulate_loadd
#define _tile_stored emulate_stored
#define _tile_dpbf16ps emulate_dpbf16ps
