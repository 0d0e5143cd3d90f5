/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/* How a window shows things: the states of those of its actions that choose it, which are the parts
 * of a look. A look may have some of them only. Main thread. */
typedef struct _PlLook PlLook;

/* −1: @action is no part of it. */
int pl_look_find_part (const char *action);
/* Of the case in view; the others are of the window, whatever is in it. */
gboolean pl_look_is_of_case (int part);
/* A case that comes into view may change it, which nobody asked for. */
gboolean pl_look_is_reset_by_case (int part);
/* Soon after each other they are changed by one gesture. */
gboolean pl_look_are_one (int part, int other);

PlLook *pl_look_read (GActionGroup *actions); /* with every part */
void pl_look_free (PlLook *self);

/* Returns: FALSE when @part, and what is chosen together with it, are as they were. */
gboolean pl_look_update (PlLook *self, GActionGroup *actions, int part);

/* (transfer full): of @self what is to be kept so that a change of @part can be taken back. */
PlLook *pl_look_pick (const PlLook *self, int part);

/* Another case is in view: leaves out the range of tiles, which was chosen for the one before. */
void pl_look_forget_range (PlLook *self);

/* Whether @other has all parts of @self, and has them alike. */
gboolean pl_look_is_in (const PlLook *self, const PlLook *other);

/* Gives the actions the states of @self. How the case is read comes first: when that loads it, the
 * rest has to wait. */
void pl_look_restore_reading (const PlLook *self, GActionGroup *actions);
void pl_look_restore (const PlLook *self, GActionGroup *actions);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlLook, pl_look_free)
