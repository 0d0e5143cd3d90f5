/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/replay-verdict.h"

/* What people and later work note about a run: members of its run.json beside its settings. Each
 * setter replaces the file whole. Any thread; blocks. */

/* @title: NULL or empty takes the title away; the run is then called as its folder is. */
gboolean pl_run_set_title (const char *run, const char *title, GError **error);

/* A run that repeats @original. It may be noted before the run has begun, in a folder that
 * pl_run_folder_create() made. */
gboolean pl_run_set_replay_of (const char *run, const char *original, GError **error);

/* How its weights came out; forgotten when the run goes on, for they change then. */
gboolean
pl_run_set_replay_verdict (const char *run, const PlReplayVerdict *verdict, GError **error);

/* Copies the notes, and when the run first began, from the run.json that is in the folder @run, if
 * one is, to @object: the one that shall take its place. */
void pl_run_keep_notes (const char *run, JsonObject *object);
