/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Images and models each know what helps against their own errors; here they meet. */
#include "app/error-text.h"

#include "image/image-error.h"
#include "train/model.h"

char *
pl_error_dup_text (const GError *error)
{
  const char *advice = pl_image_error_advice (error);

  if (*advice == '\0')
    advice = pl_model_error_advice (error);
  return g_strconcat (error->message, *advice == '\0' ? NULL : "\n", advice, NULL);
}
