/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pleura: the window. Everything begins in application.c; before it, the language, the core, and
 * the settings, without which nothing can be shown.
 */
#include "app/application.h"
#include "app/settings.h"

#include "base/language.h"
#include "train/train.h"

#include <glib/gi18n.h>

int
main (int argc, char **argv)
{
  g_autoptr (PlApplication) application = NULL;
  g_autoptr (GError) error = NULL;

  pl_language_init ();
  if (!pl_train_init (&error))
    {
      g_printerr ("pleura: %s\n", error->message);
      return 1;
    }
  if (pl_settings_get () == NULL)
    {
      g_printerr (_ ("pleura: the settings schema org.pleura.Pleura is not installed; "
                     "GSETTINGS_SCHEMA_DIR can name the folder it was compiled in.\n"));
      return 1;
    }
  application = pl_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
