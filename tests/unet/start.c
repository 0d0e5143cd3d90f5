/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "start.h"

#include <stdlib.h>

#include "unet/unet.h"

gboolean
test_start (int *argc, char ***argv)
{
  g_autoptr (GError) error = NULL;

  g_test_init (argc, argv, NULL);
  if (pl_unet_init (getenv ("PLEURA_ISA"), 0, &error))
    return TRUE;
  g_print ("1..0 # SKIP %s\n", error->message);
  return FALSE;
}
