/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The language of messages. A build that is not installed has its messages in po/; meson's
 * development environment names that folder in TEXTDOMAINDIR. */
#include "base/language.h"

#include <glib/gi18n-lib.h>
#include <locale.h>

void
pl_language_init (void)
{
  const char *folder = g_getenv ("TEXTDOMAINDIR");

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, folder != NULL ? folder : PLEURA_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
}
