/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/history.h"
#include "image/volume.h"

#include <pthread.h>

/* What a training shares with whoever watches it: one lock, one flag. Points are appended and never
 * lost; the newest status replaces the one waiting, and so does the newest preview of a slice. */

/* A training step, or an epoch's end. */
typedef struct
{
  gint64 step;  /* steps taken, from 1 */
  double epoch; /* epochs done, with its fraction */
  double time_s;
  double loss; /* of the step */
  double accuracy;
  double dice;           /* of its images with a mask; NaN without any */
  gboolean is_epoch_end; /* then @summary holds */
  PlEpoch summary;
  gboolean is_best; /* this epoch's weights are the best so far */
  gboolean is_kept; /* and they lie in the run folder (run-folder.h) */
} PlTrainPoint;

typedef enum
{
  PL_PHASE_LOADING,
  PL_PHASE_TRAINING,
  PL_PHASE_VALIDATING,
  PL_PHASE_TESTING,
  PL_PHASE_PAUSED,
} PlPhase;

typedef struct
{
  PlPhase phase;
  double fraction; /* of the phase when loading or testing; of the whole run else */
  int epoch;       /* under way, from 1 */
  int n_epochs;
  gint64 step;         /* steps done */
  gint64 n_steps;      /* of the whole run; 0 until known */
  double images_per_s; /* 0 until known */
  double eta_s;        /* −1 until known */
  gsize memory_bytes;  /* resident, of the process */
} PlTrainStatus;

/* A slice on screen, predicted with the weights of the moment. */
typedef struct
{
  char *case_name;
  int slice;
  PlMask *mask; /* of that slice alone */
} PlPreview;

void pl_preview_free (PlPreview *preview);

typedef struct
{
  pthread_mutex_t lock;
  gboolean announced;
  GArray *points; /* (element-type PlTrainPoint) */
  gboolean has_status;
  PlTrainStatus status;
  GPtrArray *previews; /* of PlPreview, the newest of each slice */
} PlMailbox;

void pl_mailbox_init (PlMailbox *box);
void pl_mailbox_clear (PlMailbox *box);

/* Any thread. Each returns TRUE if the reader has yet to be told. */
gboolean pl_mailbox_post_point (PlMailbox *box, const PlTrainPoint *point);
gboolean pl_mailbox_post_status (PlMailbox *box, const PlTrainStatus *status);
gboolean pl_mailbox_post_preview (PlMailbox *box, PlPreview *preview); /* takes it */

/* What has come since the last call; @points and @previews (of PlPreview) are (transfer full),
 * @status untouched and FALSE returned when there is no new one. */
gboolean
pl_mailbox_take (PlMailbox *box, GArray **points, PlTrainStatus *status, GPtrArray **previews);
