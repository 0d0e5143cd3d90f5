/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* A small seeded generator whose numbers are the same on every machine and GLib (xoshiro256**,
 * Blackman and Vigna 2018, seeded by SplitMix64). Its state is plain data: it may be copied and
 * saved. One thread at a time. */
typedef struct
{
  uint64_t state[4];
} PlRandom;

/* @stream tells apart generators that come from one seed: a worker's, a layer's, an image's. */
void pl_random_init (PlRandom *random, uint64_t seed, uint64_t stream);

uint64_t pl_random_bits (PlRandom *random);

/* In [0, 1), 53 bits. */
double pl_random_uniform (PlRandom *random);

/* In [low, high). */
double pl_random_between (PlRandom *random, double low, double high);

/* In [0, n), unbiased; n ≥ 1. */
uint32_t pl_random_below (PlRandom *random, uint32_t n);

/* Mean 0, standard deviation 1. */
double pl_random_normal (PlRandom *random);

/* Fisher–Yates, in place. */
void pl_random_shuffle (PlRandom *random, uint32_t *items, size_t n);
