/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The learning rate over a run: cosine (https://arxiv.org/abs/1608.03983, without restarts), or
 * reduced on a plateau. */
#include "unet/schedule.h"

#include <math.h>

void
pl_schedule_init (PlSchedule *schedule,
                  PlScheduleKind kind,
                  double rate,
                  guint64 warmup_steps,
                  guint64 total_steps)
{
  *schedule = (PlSchedule){
    .kind = kind,
    .rate = rate,
    .floor = kind == PL_SCHEDULE_PLATEAU ? MIN (1e-5, rate) : 0,
    .warmup_steps = warmup_steps,
    .total_steps = total_steps,
    .factor = 0.2,
    .patience = 10,
    .best_loss = INFINITY,
    .current_rate = rate,
  };
}

/* The first step of the warm-up is not zero; the last step of all is @floor. */
static double
find_cosine_rate (const PlSchedule *schedule, guint64 step)
{
  guint64 last = MAX (schedule->total_steps, schedule->warmup_steps + 2) - 1;
  double part;

  if (step < schedule->warmup_steps)
    return schedule->rate * (double) (step + 1) / (double) (schedule->warmup_steps + 1);
  part = (double) (MIN (step, last) - schedule->warmup_steps) /
         (double) (last - schedule->warmup_steps);
  return schedule->floor + (schedule->rate - schedule->floor) * (1 + cos (G_PI * part)) / 2;
}

double
pl_schedule_rate (const PlSchedule *schedule, guint64 step)
{
  switch (schedule->kind)
    {
    case PL_SCHEDULE_COSINE:
      return find_cosine_rate (schedule, step);
    case PL_SCHEDULE_PLATEAU:
      return schedule->current_rate;
    case PL_SCHEDULE_CONSTANT:
      return schedule->rate;
    }
  g_assert_not_reached ();
}

void
pl_schedule_epoch_done (PlSchedule *schedule, double validation_loss)
{
  if (schedule->kind != PL_SCHEDULE_PLATEAU)
    return;
  if (validation_loss < schedule->best_loss)
    {
      schedule->best_loss = validation_loss;
      schedule->bad_epochs = 0;
    }
  else if (++schedule->bad_epochs >= schedule->patience)
    {
      schedule->current_rate = MAX (schedule->current_rate * schedule->factor, schedule->floor);
      schedule->bad_epochs = 0;
    }
}
