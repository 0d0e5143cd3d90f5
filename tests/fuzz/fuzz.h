/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

/* What the fuzz targets share: libFuzzer's bytes as a file, since readers take paths. */

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* One file in memory for the whole run. Returns: (transfer none): its path, with @data in it */
static inline const char *
fuzz_file (const uint8_t *data, size_t size)
{
  static int fd = -1;
  static char *path;

  if (fd < 0)
    {
      fd = memfd_create ("fuzz", MFD_CLOEXEC);
      path = g_strdup_printf ("/proc/self/fd/%d", fd);
    }
  g_assert_cmpint (ftruncate (fd, 0), ==, 0);
  g_assert_cmpint (pwrite (fd, data, size, 0), ==, size);
  return path;
}
