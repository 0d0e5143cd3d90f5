/* SPDX-License-Identifier: GPL-3.0-or-later */
/* xoshiro256** with SplitMix64 seeding (https://prng.di.unimi.it/). The normal deviates use the
 * polar method and throw the second one away, so that the state is the four words alone. */
#include "base/random.h"

#include <math.h>

static uint64_t
split_mix (uint64_t *state)
{
  uint64_t z = *state += 0x9e3779b97f4a7c15u;

  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

void
pl_random_init (PlRandom *random, uint64_t seed, uint64_t stream)
{
  uint64_t mixed_stream = stream;
  uint64_t state = seed ^ split_mix (&mixed_stream);

  for (int i = 0; i < 4; i++)
    random->state[i] = split_mix (&state);
}

static uint64_t
rotate_left (uint64_t x, int k)
{
  return (x << k) | (x >> (64 - k));
}

uint64_t
pl_random_bits (PlRandom *random)
{
  uint64_t *s = random->state;
  uint64_t result = rotate_left (s[1] * 5, 7) * 9;
  uint64_t t = s[1] << 17;

  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = rotate_left (s[3], 45);
  return result;
}

double
pl_random_uniform (PlRandom *random)
{
  return (double) (pl_random_bits (random) >> 11) * 0x1p-53;
}

double
pl_random_between (PlRandom *random, double low, double high)
{
  return low + (high - low) * pl_random_uniform (random);
}

uint32_t
pl_random_below (PlRandom *random, uint32_t n)
{
  uint32_t limit = UINT32_MAX - UINT32_MAX % n;
  uint32_t bits;

  do
    bits = (uint32_t) (pl_random_bits (random) >> 32);
  while (bits >= limit);
  return bits % n;
}

double
pl_random_normal (PlRandom *random)
{
  double x, y, r;

  do
    {
      x = pl_random_between (random, -1, 1);
      y = pl_random_between (random, -1, 1);
      r = x * x + y * y;
    }
  while (r >= 1 || r <= 0);
  return x * sqrt (-2 * log (r) / r);
}

void
pl_random_shuffle (PlRandom *random, uint32_t *items, size_t n)
{
  for (size_t i = n; i > 1; i--)
    {
      size_t j = pl_random_below (random, (uint32_t) i);
      uint32_t item = items[i - 1];
      items[i - 1] = items[j];
      items[j] = item;
    }
}
