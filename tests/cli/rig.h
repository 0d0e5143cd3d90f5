/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <json-glib/json-glib.h>
#include <string.h>

/* What tests of pleura-cli share: calls as a user would make them, and a data set and a model that
 * are made when first asked for and serve all tests of a program. */

/* Around g_test_add_func(); the second removes all files and returns the status for main(). */
void rig_init (int *argc, char ***argv);
int rig_run_tests (void);

/* What a call left. */
typedef struct
{
  int status;
  char *out;
  char *err;
} RigCall;

void rig_call_clear (RigCall *call);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RigCall, rig_call_clear)

/* Arguments up to NULL. */
RigCall rig_run (const char *first, ...);

/* The same with PLEURA_ISA. */
RigCall rig_run_isa (const char *isa, const char *first, ...) G_GNUC_NULL_TERMINATED;

/* Runs it in the background, unheard, until rig_interrupt() sends SIGINT, as soon as it is listened
 * to, waits and returns the exit status. */
GPid rig_start (const char *first, ...) G_GNUC_NULL_TERMINATED;
int rig_interrupt (GPid pid);

#define assert_status(call, expected)                                                              \
  do                                                                                               \
    {                                                                                              \
      if ((call).status != (expected))                                                             \
        g_test_message ("%s%s", (call).out, (call).err);                                           \
      g_assert_cmpint ((call).status, ==, (expected));                                             \
    }                                                                                              \
  while (0)

#define assert_contains(text, part) g_assert_nonnull (strstr ((text), (part)))

/* The program that is tested. */
const char *rig_cli (void);

/* A name in the folder of this test program. */
char *rig_path (const char *name);
gboolean rig_exists (const char *folder, const char *name);

/* Waits for a file that a program in the background is about to write. */
void rig_await_file (const char *path);

/* A phantom: 10 slices, 2 volumes. */
const char *rig_data (void);

/* Path of the first file of a folder of the phantom that begins so. */
char *rig_find (const char *folder, const char *prefix);

/* A 4D NIfTI file of 3 volumes: the slices of the phantom's, and in each next one all values 100
 * more. */
#define RIG_VOLUMES 3
const char *rig_volumes (void);

/* The best model of a short run on the phantom, whose folder is rig_path ("run"). */
const char *rig_model (void);

/* The whole text must be one object. */
JsonObject *rig_parse (const char *text);
