/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* A safetensors file, open for reading: 8 bytes with the length of the header, the header in JSON,
 * the tensors' bytes. Everything in the header is checked on opening: it is at most 1 MiB, types
 * are known, shapes agree with byte counts, and the tensors fill the file without gap or overlap.
 * Errors are PL_UNET_ERROR_FILE or G_FILE_ERROR and name the file. One thread at a time. */
typedef struct
{
  char *name;
  char *dtype; /* "F32" … */
  int n_dims;
  gint64 dims[8];
  guint64 begin; /* in bytes, after the header */
  guint64 end;
} PlStoredTensor;

typedef struct
{
  char *path;
  int fd;
  guint64 data_start;
  guint64 data_bytes;
  GHashTable *tensors;  /* (element-type utf8 PlStoredTensor) */
  GHashTable *metadata; /* (element-type utf8 utf8) */
} PlSafetensors;

enum
{
  PL_SAFETENSORS_LARGEST_HEADER = 1 << 20,
};

PlSafetensors *pl_safetensors_open (const char *path, GError **error);
void pl_safetensors_free (PlSafetensors *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlSafetensors, pl_safetensors_free)

/* FALSE if there is no such tensor of type F32 and this shape. */
gboolean pl_safetensors_check (
    const PlSafetensors *file, const char *name, const int *dims, int n_dims, GError **error);

/* The values of a tensor that was checked; a NaN or infinity among them is an error. */
gboolean
pl_safetensors_read (const PlSafetensors *file, const char *name, float *values, GError **error);
