/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "train/dataset.h"

/* The manifest as a file, for those who keep something in it: manifest.c the files, saved-split.c
 * the split, class-names.c the names of the classes. */

char *pl_manifest_dup_path (const PlDataset *dataset);

/* Of a version that is known. NULL with @error set, or without when there is no manifest. It cannot
 * be changed. */
JsonObject *pl_manifest_read_json (const char *path, GError **error);

/* A copy that can be changed: a new one when there is no manifest. */
JsonObject *pl_manifest_edit_json (const char *path, GError **error);

gboolean pl_manifest_replace (const char *path, JsonObject *json, GError **error);
