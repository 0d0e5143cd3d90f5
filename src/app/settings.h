/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/* The user's settings, of data/org.pleura.Pleura.gschema.xml: found where schemas are installed
 * (or GSETTINGS_SCHEMA_DIR says), beside the program's prefix, or in the build folder it runs from.
 *
 * Main thread. Returns: (transfer none): the same object each time, or NULL when the schema is
 *   nowhere to be found */
GSettings *pl_settings_get (void);

/* How much memory volumes may stay in, in gigabytes (10⁹ bytes): what the user has chosen, or a
 * quarter of the machine's. */
double pl_settings_volume_gb (void);
