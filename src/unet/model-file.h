/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "unet/optimizer.h"

/* Models as safetensors (https://huggingface.co/docs/safetensors, "Format"): float32 tensors named
 * by PlParameter.name, and __metadata__ with pleura.version, pleura.architecture (JSON of the
 * shape) and whatever else the caller gives, text to text. The header is limited to 1 MiB and
 * checked (nesting, offsets in order and inside the file, shapes against byte counts) before it is
 * used. */

/**
 * pl_model_file_write:
 * @optimizer: (nullable): its m and v go along as "optimizer.m.NAME" and "optimizer.v.NAME", its
 * step in the metadata
 * @metadata: (element-type utf8 utf8): further entries
 *
 * Writes the file whole or not at all. Any thread; blocks.
 */
gboolean pl_model_file_write (const char *path,
                              const PlUNet *net,
                              const PlOptimizer *optimizer,
                              GHashTable *metadata,
                              GError **error);

/**
 * pl_model_file_read:
 * @optimizer: (out) (optional) (nullable): NULL when the file has none
 * @metadata: (out) (optional) (transfer full) (element-type utf8 utf8): all of __metadata__
 *
 * Returns: (transfer full): the network, or NULL with @error set to PL_UNET_ERROR_FILE (naming
 * file, field and value), PL_UNET_ERROR_MEMORY or a G_FILE_ERROR
 */
PlUNet *pl_model_file_read (const char *path,
                            PlOptimizer **optimizer,
                            GHashTable **metadata,
                            GError **error);
