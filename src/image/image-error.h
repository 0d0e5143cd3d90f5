/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/* Errors about image files and volumes. Messages are whole sentences that start with the file's
 * path and name the field and its value. */
typedef enum
{
  PL_IMAGE_ERROR_FORMAT,      /* not what it says it is */
  PL_IMAGE_ERROR_TRUNCATED,   /* ends too early */
  PL_IMAGE_ERROR_UNSUPPORTED, /* valid, but not read here */
  PL_IMAGE_ERROR_TOO_LARGE,   /* more than the file can hold, or than memory allows */
  PL_IMAGE_ERROR_MISMATCH,    /* does not fit the image it belongs to */
} PlImageError;

#define PL_IMAGE_ERROR (pl_image_error_quark ())
GQuark pl_image_error_quark (void);

/* What the user can do about an error of a file, of this domain, PL_WRITE_ERROR or GLib's: a
 * sentence; "" where the message is all there is to say. */
const char *pl_image_error_advice (const GError *error);
