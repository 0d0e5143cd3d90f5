/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a run may be set to, and what memory that takes. */
#include "train/trainer.h"

#include "train/precision.h"
#include "train/slice-predictor.h"
#include "train/train.h"
#include "unet/schedule.h"

#include <glib/gi18n-lib.h>
#include <math.h>

const PlTrainSettings pl_train_settings_default = {
  .epochs = 30,
  .batch = 4,
  .size_px = 256,
  .base = 16,
  .depth = 4,
  .rate = 3e-3,
  .decay = 1e-4,
  .loss = PL_LOSS_BOTH,
  .schedule = PL_SCHEDULE_COSINE,
  .seed = 1,
  .split = { 0.8, 0.1, 0.1 },
  .augment = TRUE,
  .slices_per_volume = 16,
};

static const char *const loss_names[] = {
  [PL_LOSS_CROSS_ENTROPY] = "cross-entropy",
  [PL_LOSS_DICE] = "dice",
  [PL_LOSS_BOTH] = "both",
};

static const char *const schedule_names[] = {
  [PL_SCHEDULE_COSINE] = "cosine",
  [PL_SCHEDULE_PLATEAU] = "plateau",
  [PL_SCHEDULE_CONSTANT] = "constant",
};

static const char *const outcome_names[] = {
  [PL_TRAIN_COMPLETED] = "completed",   [PL_TRAIN_EARLY_STOP] = "early-stop",
  [PL_TRAIN_TIME_LIMIT] = "time-limit", [PL_TRAIN_STOPPED] = "stopped",
  [PL_TRAIN_FAILED] = "failed",         [PL_TRAIN_ENDED] = "ended",
};

static gboolean
find_name (const char *const *names, gsize n, const char *name, int *value)
{
  for (gsize i = 0; i < n; i++)
    if (g_strcmp0 (names[i], name) == 0)
      {
        *value = (int) i;
        return TRUE;
      }
  return FALSE;
}

gboolean
pl_train_loss_from_name (const char *name, int *loss)
{
  return find_name (loss_names, G_N_ELEMENTS (loss_names), name, loss);
}

const char *
pl_train_loss_name (int loss)
{
  return loss_names[loss];
}

gboolean
pl_train_schedule_from_name (const char *name, int *schedule)
{
  return find_name (schedule_names, G_N_ELEMENTS (schedule_names), name, schedule);
}

const char *
pl_train_schedule_name (int schedule)
{
  return schedule_names[schedule];
}

gboolean
pl_train_outcome_from_name (const char *name, int *outcome)
{
  return find_name (outcome_names, G_N_ELEMENTS (outcome_names), name, outcome);
}

const char *
pl_train_outcome_name (int outcome)
{
  return outcome_names[outcome];
}

static gboolean
check_int (const char *name, int value, int low, int high, GError **error)
{
  if (value >= low && value <= high)
    return TRUE;
  g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_RUN,
               _ ("The setting “%s” is %d; it must be from %d to %d."), name, value, low, high);
  return FALSE;
}

static gboolean
check_double (const char *name, double value, double low, double high, GError **error)
{
  if (value >= low && value <= high)
    return TRUE;
  g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_RUN,
               _ ("The setting “%s” is %g; it must be from %g to %g."), name, value, low, high);
  return FALSE;
}

static PlUNetShape
get_shape (const PlTrainSettings *settings)
{
  return (PlUNetShape){
    .in_channels = 1, .classes = 1, .base = settings->base, .depth = settings->depth
  };
}

static gboolean
check_side (const PlTrainSettings *settings, GError **error)
{
  PlUNetShape shape = get_shape (settings);
  int fit = pl_unet_fit_side (&shape, settings->size_px);

  if (fit == settings->size_px)
    return TRUE;
  g_set_error (
      error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_RUN,
      _ ("The setting “%s” is %d, which a network of depth %d does not take; the next size "
         "up is %d."),
      "size", settings->size_px, settings->depth, fit);
  return FALSE;
}

static gboolean
check_split (const double split[3], GError **error)
{
  for (int i = 0; i < 3; i++)
    if (!check_double ("split", split[i], 0, G_MAXDOUBLE, error))
      return FALSE;
  if (split[0] > 0 && isfinite (split[0] + split[1] + split[2]))
    return TRUE;
  g_set_error_literal (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_RUN,
                       _ ("The setting “split” leaves nothing to train on."));
  return FALSE;
}

static gboolean
check_seed (guint64 seed, GError **error)
{
  if (seed <= G_MAXINT64)
    return TRUE;
  g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_RUN,
               _ ("The setting “%s” is %llu; it must be at most %lld."), "seed",
               (unsigned long long) seed, (long long) G_MAXINT64);
  return FALSE;
}

gboolean
pl_train_settings_check (const PlTrainSettings *settings, GError **error)
{
  return check_int ("epochs", settings->epochs, 1, 100000, error) &&
         check_int ("batch", settings->batch, 1, 1024, error) &&
         check_int ("size", settings->size_px, 4, 2048, error) &&
         check_int ("base", settings->base, 1, 256, error) &&
         check_int ("depth", settings->depth, 1, 6, error) && check_side (settings, error) &&
         check_double ("lr", settings->rate, G_MINDOUBLE, 1, error) &&
         check_double ("decay", settings->decay, 0, 1, error) &&
         check_int ("loss", settings->loss, PL_LOSS_CROSS_ENTROPY, PL_LOSS_BOTH, error) &&
         check_int ("schedule", settings->schedule, PL_SCHEDULE_COSINE, PL_SCHEDULE_CONSTANT,
                    error) &&
         check_seed (settings->seed, error) && check_split (settings->split, error) &&
         check_int ("patience", settings->patience, 0, G_MAXINT, error) &&
         check_double ("time-limit", settings->time_limit_s, 0, G_MAXDOUBLE, error) &&
         check_int ("slices-per-volume", settings->slices_per_volume, -1, G_MAXINT, error) &&
         check_int ("threads", settings->threads, 0, 256, error) &&
         check_int ("precision", settings->precision, PL_TRAIN_PRECISION_AUTO,
                    PL_TRAIN_PRECISION_BF16, error);
}

/* Per weight: itself, packed for the kernels twice (forward and backward), two moments of the
 * optimizer, the best so far; the gradient is in the work. */
#define FLOATS_PER_WEIGHT 6

/* Of two 3×3 convolutions a level on either side, and the transposed one. */
static double
estimate_weights (const PlTrainSettings *settings)
{
  double n = 0;

  for (int i = 0; i <= settings->depth; i++)
    {
      double c = ldexp (settings->base, i);
      n += 9 * c * (i == 0 ? 1 : c / 2) + 9 * c * c;
      if (i < settings->depth)
        n += 9 * 2 * c * c + 9 * c * c + 4 * 2 * c * c;
    }
  return n;
}

gsize
pl_train_settings_bytes (const PlTrainSettings *settings)
{
  PlUNetShape shape = get_shape (settings);
  PlPrecision precision = pl_train_core_precision (settings->precision);
  int n = MIN (settings->batch, pl_images_per_pass (&shape, precision, settings->size_px));

  return pl_unet_work_bytes (&shape, precision, n, settings->size_px, settings->size_px, TRUE) +
         (gsize) (estimate_weights (settings) * FLOATS_PER_WEIGHT * sizeof (float));
}
