/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

/* The preferences: each row is a setting and takes effect at once, but for the threads. */
#define PL_TYPE_PREFERENCES (pl_preferences_get_type ())
G_DECLARE_FINAL_TYPE (PlPreferences, pl_preferences, PL, PREFERENCES, AdwPreferencesWindow)

GtkWindow *pl_preferences_new (GtkWindow *parent); /* (nullable) */
