/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/trainer.h"

/* What tests of training share: folders that go away, a small phantom, a trainer that is watched.
 */

/* A new folder of the process, removed by rig_clean_up(). */
char *rig_make_folder (void);
void rig_remove_tree (const char *path);
void rig_clean_up (void);

/* 20 slices and 2 volumes of 64², written once, split 60/20/20. */
PlDataset *rig_open_phantom (void);
/* Its first volume. */
PlVolume *rig_load_volume (const PlDataset *dataset);

/* Small enough for some hundred steps a second: 32², four channels, depth 2. */
PlTrainSettings rig_settings (int epochs);

typedef struct _Rig Rig;

/* Called for each point, in the main context. */
typedef void (*RigPoint) (Rig *rig, const PlTrainPoint *point);

struct _Rig
{
  PlTrainer *trainer;
  char *folder;
  GMainLoop *loop;
  GArray *points;       /* (element-type PlTrainPoint) */
  GPtrArray *notices;   /* (element-type utf8) */
  PlTrainStatus status; /* the newest */
  guint phases;         /* bits of the phases seen */
  int n_previews;
  int n_finished;
  RigPoint on_point;                                       /* (nullable) */
  void (*on_status) (Rig *rig);                            /* (nullable) */
  void (*on_preview) (Rig *rig, const PlPreview *preview); /* (nullable) */
  int n_predictions;                                       /* for tests that ask for some */
  gint64 asked_us;                                         /* for tests that measure */
};

/* @folder: (nullable): of a run to resume; NULL for a new one */
Rig *
rig_new (const PlTrainSettings *settings, PlDataset *dataset, const char *folder, PlModel *init);

/* Starts the trainer and runs the main loop until it has finished. */
const PlTrainResult *rig_run (Rig *rig);

/* The trainer is gone after this, and nothing holds it. */
void rig_free (Rig *rig);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Rig, rig_free)

/* history.csv without its column of times; a file of the run folder. */
char *rig_read_history_without_times (const Rig *rig);
void rig_assert_same_file (const Rig *a, const Rig *b, const char *name);
