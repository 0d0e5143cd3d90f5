/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stddef.h>

/**
 * pl_aligned_new0:
 * @n_bytes: size, at least 1
 *
 * Zeroed memory, 64-byte aligned; large blocks ask for huge pages. Pages are touched on first use.
 *
 * Returns: the block, to be freed with pl_aligned_free(), or NULL when there is no memory
 */
void *pl_aligned_new0 (size_t n_bytes);

/* Takes NULL. */
void pl_aligned_free (void *block);

/* Bytes of memory that the machine has (MemTotal), for limits; 4 GiB when it cannot be told. */
size_t pl_memory_total (void);

/* Bytes that could be taken now without swapping (MemAvailable); pl_memory_total() when it cannot
 * be told. */
size_t pl_memory_available (void);

/* Bytes of it that the process takes now; 0 when it cannot be told. */
size_t pl_memory_resident (void);
