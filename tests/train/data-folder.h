/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/volume.h"

/* A temporary folder with image files, for tests. */
char *data_folder_new (void);

/* Removes it with all that is in it; frees @folder. */
void data_folder_remove (char *folder);

/* The same as a fixture. */
typedef struct
{
  char *folder;
} DataFolder;

void data_folder_set_up (DataFolder *self, gconstpointer data);
void data_folder_tear_down (DataFolder *self, gconstpointer data);

/* Writes @text to @name, whose folders are made. */
void data_folder_add_text (const char *folder, const char *name, const char *text);

/* Writes slices × rows × columns voxels as TIFF or, by the name's ending, as NIfTI with the slice
 * axis first; NULL for a picture of noise. */
void data_folder_add_image (
    const char *folder, const char *name, const int n[3], PlDType type, const void *voxels);

/* The same with uint8 voxels that are 255 where column < columns / 2. */
void data_folder_add_mask (const char *folder, const char *name, const int n[3]);
