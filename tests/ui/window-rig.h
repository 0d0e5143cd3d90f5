/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/window-private.h"

#include "support/scratch.h"

/* A real window, driven through its actions in the test's own process. What it keeps (settings,
 * runs, caches) lies in a scratch folder of the program. */
typedef struct
{
  PlAppWindow *window; /* NULL once it is gone */
} WindowRig;

/* Ends the program as skipped when there is no display. */
void window_rig_init (int *argc, char ***argv);

/* Runs the tests, and removes what they wrote. */
int window_rig_run (void);

/* A fixture: a window with the settings as they come, and the end of it. Tear-down asserts that
 * nothing keeps the window or what is in it alive. */
void window_rig_set_up (WindowRig *rig, gconstpointer data);
void window_rig_tear_down (WindowRig *rig, gconstpointer data);

/* Another window after the first has gone, as at the next start: settings stay as they are. */
void window_rig_open_window (WindowRig *rig);

#define WINDOW_RIG_ADD(name, test)                                                                 \
  g_test_add (name, WindowRig, NULL, window_rig_set_up, test, window_rig_tear_down)

/* The scratch folder; valid until window_rig_run() returns. */
const char *window_rig_scratch (void);

/* A phantom, made when it is first asked for: 12 slices and 2 volumes of 64 × 64. */
#define WINDOW_RIG_SLICES 12
#define WINDOW_RIG_CASES 14
const char *window_rig_data (void);

/* Opens what a person gave, and does not wait. */
void window_rig_open (WindowRig *rig, const char *path);

/* Opens the phantom, and waits for its first case, a slice. */
void window_rig_open_data (WindowRig *rig);

/* Chooses a case of the list and waits until it is loaded. */
void window_rig_show_case (WindowRig *rig, guint position);

/* Chooses the first volume and waits until it is loaded. Returns: how many slices it has. */
int window_rig_show_volume (WindowRig *rig);

/* @detailed: an action of the window, as "view::montage" or "slice(3)". */
void window_rig_activate (WindowRig *rig, const char *detailed);

/* Opens the phantom and fills in the training panel for a network of 4 channels at 32 × 32: an
 * epoch takes some 30 ms. */
#define WINDOW_RIG_FOR_EVER 100000
void window_rig_prepare (WindowRig *rig, int epochs);
void window_rig_fill_setup (WindowRig *rig, int epochs); /* of the data that is open */
void window_rig_set_spin (WindowRig *rig, const char *id, double value);

/* The same, then trains until win.training-state is 'done'. */
void window_rig_train (WindowRig *rig, int epochs);

/* @plot: "loss_plot", "dice_plot" or "accuracy_plot". */
enum
{
  WINDOW_RIG_STEP,
  WINDOW_RIG_TRAIN,
  WINDOW_RIG_VALIDATION,
};
guint window_rig_n_points (WindowRig *rig, const char *plot, int curve);

/* The folder of the newest run; each test begins with none. */
char *window_rig_find_run (void);

/* The action's state in GVariant's text format, such as "'slice'" or "3", and whether it is so. */
char *window_rig_print_state (WindowRig *rig, const char *action);
gboolean window_rig_is (WindowRig *rig, const char *action, const char *state);
void window_rig_check_is (const char *where, WindowRig *rig, const char *action, const char *state);
#define window_rig_assert_is(rig, action, state) window_rig_check_is (G_STRLOC, rig, action, state)

gboolean window_rig_is_enabled (WindowRig *rig, const char *action);

/* Runs the main loop until @condition holds; what takes much longer than @seconds, and than any
 * machine would, is a failure. */
#define window_rig_wait(condition, seconds)                                                        \
  G_STMT_START                                                                                     \
  {                                                                                                \
    gint64 end_us = window_rig_deadline (seconds);                                                 \
                                                                                                   \
    while (!(condition))                                                                           \
      window_rig_turn (G_STRLOC, #condition, end_us);                                              \
  }                                                                                                \
  G_STMT_END
gint64 window_rig_deadline (double seconds);
void window_rig_turn (const char *where, const char *condition, gint64 end_us);

/* Runs the main loop until there is nothing left to do: nothing is loaded, counted or painted, and
 * what the window shows has been drawn. Not while a training runs or slices are played. */
#define window_rig_settle(rig) window_rig_settle_at (G_STRLOC, rig)
void window_rig_settle_at (const char *where, WindowRig *rig);

/* Lets the main loop run for so long: to see that something does not happen. What is to happen is
 * waited for. */
void window_rig_pause (double seconds);

/* The first widget below @root, itself included, that fits. NULL if there is none. */
typedef gboolean (*WindowRigFits) (GtkWidget *widget, gpointer data);
GtkWidget *window_rig_find (GtkWidget *root, WindowRigFits fits, gpointer data);

/* Whether a label that can be seen below @root contains the text. */
gboolean window_rig_shows (gpointer root, const char *text);

/* A widget of a composite's template, by its id. */
gpointer window_rig_child (gpointer composite, const char *id);
const char *window_rig_label (gpointer composite, const char *id);

/* A number that stands for the widget's pixels as they were drawn last, to be waited on. */
guint window_rig_picture (gpointer widget);

/* Whether the list of problems has a line that contains both. */
gboolean window_rig_has_problem (WindowRig *rig, const char *subject, const char *reason);

/* (nullable): the open window of this type, such as "PlProblemsWindow". */
GtkWindow *window_rig_find_toplevel (const char *type_name);
