/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON of run folders, manifests and model headers; what was read is written and read again. */
#include "fuzz.h"

#include "base/json.h"

#include <string.h>

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (JsonObject) object = pl_json_parse_object (text, strlen (text), NULL);
  g_autoptr (JsonObject) again = NULL;
  g_autofree char *written = NULL;

  if (object == NULL)
    return 0;
  written = pl_json_to_text (object);
  again = pl_json_parse_object (written, strlen (written), NULL);
  g_assert_nonnull (again);
  return 0;
}
