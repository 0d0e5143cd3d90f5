/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* The learning rate over a run. Plain data: saved with a checkpoint. */
typedef enum
{
  PL_SCHEDULE_COSINE,  /* linear warm-up, then half a cosine down to @floor at the last step */
  PL_SCHEDULE_PLATEAU, /* × @factor whenever @patience epochs brought no lower validation loss */
  PL_SCHEDULE_CONSTANT,
} PlScheduleKind;

typedef struct
{
  PlScheduleKind kind;
  double rate;          /* at its highest */
  double floor;         /* plateau: 1e-5 */
  guint64 warmup_steps; /* cosine */
  guint64 total_steps;  /* cosine */
  double factor;        /* plateau: 0.2 */
  int patience;         /* plateau: 10 */

  /* State of plateau */
  double best_loss; /* infinite before the first epoch */
  int bad_epochs;
  double current_rate;
} PlSchedule;

void pl_schedule_init (PlSchedule *schedule,
                       PlScheduleKind kind,
                       double rate,
                       guint64 warmup_steps,
                       guint64 total_steps);

/* For step @step, from 0. */
double pl_schedule_rate (const PlSchedule *schedule, guint64 step);

/* After each epoch. */
void pl_schedule_epoch_done (PlSchedule *schedule, double validation_loss);
