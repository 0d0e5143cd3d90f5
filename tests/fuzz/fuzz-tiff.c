/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TIFF files, as image and as mask. */
#include "fuzz.h"

#include "image/tiff.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const PlLoadOptions options = PL_LOAD_OPTIONS_DEFAULT;
  const char *path = fuzz_file (data, size);
  PlImageHeader header;
  g_autoptr (PlVolume) volume = NULL;
  g_autoptr (PlMask) mask = NULL;

  if (!pl_tiff_read_header (path, &header, NULL))
    return 0;
  volume = pl_tiff_load (path, &options, NULL, NULL);
  if (volume != NULL)
    mask = pl_mask_new_from_volume (volume, NULL);
  return 0;
}
