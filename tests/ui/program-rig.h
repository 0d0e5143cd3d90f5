/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/* The real program in a process of its own, with a scratch folder for what it keeps, a bus, and a
 * phantom to open. */
typedef struct
{
  char *scratch;
  char *data;                  /* folder of the phantom */
  GTestDBus *bus;              /* (nullable): once it is gone */
  GDBusConnection *connection; /* to it */
  GSubprocess *program;        /* (nullable) */
} ProgramRig;

/* Longer than any machine needs. */
#define PROGRAM_RIG_PATIENCE_US (100 * G_TIME_SPAN_SECOND)

#define PROGRAM_RIG_APPLICATION "/org/pleura/Pleura"
#define PROGRAM_RIG_WINDOW "/org/pleura/Pleura/window/1"

/* Ends the program as skipped when there is no display. */
void program_rig_init (int *argc, char ***argv);

/* A fixture. */
void program_rig_set_up (ProgramRig *rig, gconstpointer data);
void program_rig_tear_down (ProgramRig *rig, gconstpointer data);

#define PROGRAM_RIG_ADD(name, test)                                                                \
  g_test_add (name, ProgramRig, NULL, program_rig_set_up, test, program_rig_tear_down)

/* Of a training; before the program starts. As it is set up it would go on for ever. */
void program_rig_set_epochs (ProgramRig *rig, int epochs);

/* (transfer full): with this one argument. */
GSubprocess *program_rig_start (ProgramRig *rig, const char *argument);

/* Starts it with the phantom, and waits for its first case. */
void program_rig_open_data (ProgramRig *rig);

/* Waits for the end of the process, which is to be one without an error. */
void program_rig_end (GSubprocess *program);

/* (nullable): what org.gtk.Actions answers. @path: one of the two above */
GVariant *
program_rig_call (ProgramRig *rig, const char *path, const char *method, GVariant *arguments);
/* Of the window. FALSE while there is none. @state: NULL if the action has none. */
gboolean
program_rig_describe (ProgramRig *rig, const char *action, gboolean *enabled, GVariant **state);
/* As GVariant's text format says it; "nothing" when there is none. */
char *program_rig_dup_state (ProgramRig *rig, const char *action);
gboolean program_rig_state_is (ProgramRig *rig, const char *action, const char *expected);
/* Asks again and again until the state is, or is no longer, what is given. */
void program_rig_wait (ProgramRig *rig, const char *action, const char *state, gboolean is);
void program_rig_activate (ProgramRig *rig,
                           const char *path,
                           const char *action,
                           GVariant *parameter); /* (nullable), taken */
void program_rig_set_state (ProgramRig *rig, const char *action, GVariant *state);

/* (nullable): a file of this name in a run's folder. */
char *program_rig_find_in_run (ProgramRig *rig, const char *name);

/* (nullable): $DISPLAY, which GTestDBus takes out of the environment. */
const char *program_rig_display (void);
