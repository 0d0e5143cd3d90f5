/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The error domain of the image layer, and what helps against errors of files. */
#include "image/image-error.h"

#include <glib/gi18n-lib.h>

#include "base/file.h"

G_DEFINE_QUARK (pl_image_error, pl_image_error)

static gboolean
is_of_files (const GError *error, GIOErrorEnum io, GFileError file)
{
  return g_error_matches (error, G_IO_ERROR, io) || g_error_matches (error, G_FILE_ERROR, file);
}

static const char *
advise_on_writing (int code)
{
  switch (code)
    {
    case G_FILE_ERROR_NOSPC:
      return _ ("Make room on the disk, or choose another place.");
    case G_FILE_ERROR_ISDIR:
      return _ ("Choose another name.");
    default:
      return _ ("Choose another folder.");
    }
}

const char *
pl_image_error_advice (const GError *error)
{
  if (error->domain == PL_WRITE_ERROR)
    return advise_on_writing (error->code);
  if (is_of_files (error, G_IO_ERROR_NOT_FOUND, G_FILE_ERROR_NOENT))
    return _ ("See whether it was moved or renamed.");
  if (is_of_files (error, G_IO_ERROR_PERMISSION_DENIED, G_FILE_ERROR_ACCES))
    return _ ("Change who may use it, or choose another place.");
  if (is_of_files (error, G_IO_ERROR_NO_SPACE, G_FILE_ERROR_NOSPC))
    return _ ("Make room on the disk, or choose another place.");
  if (error->domain != PL_IMAGE_ERROR)
    return "";
  switch (error->code)
    {
    case PL_IMAGE_ERROR_TRUNCATED:
      return _ ("A part of it is missing: copy it again.");
    case PL_IMAGE_ERROR_TOO_LARGE:
      return _ ("Close other programs, or cut it into parts.");
    case PL_IMAGE_ERROR_MISMATCH:
      return _ ("Use the mask that was made for this image.");
    default:
      return _ ("Save it again as NIfTI or TIFF, with the program it comes from.");
    }
}
