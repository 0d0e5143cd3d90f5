/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/train-text.h"

#include "train/train.h"

#include <glib/gi18n.h>
#include <math.h>

/* "2:05", "1:10:00". */
static char *
format_time (double seconds)
{
  int s = (int) lround (seconds);

  return s < 3600 ? g_strdup_printf ("%d:%02d", s / 60, s % 60)
                  : g_strdup_printf ("%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
}

static const char *
phase_text (PlPhase phase)
{
  switch (phase)
    {
    case PL_PHASE_LOADING:
      return _ ("Loading the images…");
    case PL_PHASE_TRAINING:
      return _ ("Training");
    case PL_PHASE_VALIDATING:
      return _ ("Validating");
    case PL_PHASE_TESTING:
      return _ ("Testing");
    case PL_PHASE_PAUSED:
    default:
      return _ ("Paused");
    }
}

char *
pl_train_text_status (const PlTrainStatus *status)
{
  GString *text = g_string_new (phase_text (status->phase));

  if (status->phase == PL_PHASE_TRAINING || status->phase == PL_PHASE_VALIDATING)
    g_string_append_printf (text, _ (" · epoch %d of %d"), status->epoch, status->n_epochs);
  if (status->eta_s >= 0)
    {
      g_autofree char *left = format_time (status->eta_s);

      g_string_append_printf (text, _ (" · %s left"), left);
    }
  return g_string_free (text, FALSE);
}

char *
pl_train_text_details (const PlTrainStatus *status, int precision)
{
  GString *text = g_string_new (NULL);
  g_autofree char *memory = g_format_size (status->memory_bytes);

  if (status->n_steps > 0)
    g_string_append_printf (text, _ ("Step %lld of %lld"), (long long) status->step,
                            (long long) status->n_steps);
  if (status->images_per_s > 0 && status->phase == PL_PHASE_TRAINING)
    g_string_append_printf (text, _ (" · %.1f images/s"), status->images_per_s);
  if (text->len > 0)
    g_string_append_c (text, '\n');
  /* Translators: memory in use, "bf16" or "f32", and an instruction set such as "avx512". */
  g_string_append_printf (text, _ ("Memory %s · precision %s · instruction set %s"), memory,
                          pl_train_precision_name (precision), pl_train_isa ());
  return g_string_free (text, FALSE);
}

char *
pl_train_text_result (const PlTrainResult *result)
{
  GString *text = g_string_new (NULL);

  switch (result->outcome)
    {
    case PL_TRAIN_COMPLETED:
      g_string_append (text, _ ("Done."));
      break;
    case PL_TRAIN_EARLY_STOP:
      g_string_append (text, _ ("Done: no more progress."));
      break;
    case PL_TRAIN_TIME_LIMIT:
      g_string_append (text, _ ("Done: the time is up."));
      break;
    case PL_TRAIN_ENDED:
      g_string_append (text, _ ("Done: ended after this epoch."));
      break;
    case PL_TRAIN_STOPPED:
      g_string_append (text, _ ("Stopped; what was learned is saved."));
      break;
    case PL_TRAIN_FAILED:
    default:
      g_string_append (text, result->error->message);
      break;
    }
  if (result->best_epoch > 0 && isfinite (result->best_dice))
    g_string_append_printf (text, _ (" Best epoch %d, validation Dice %.4f (at network size)."),
                            result->best_epoch, result->best_dice);
  if (result->test != NULL && result->test->len > 0)
    {
      PlMetricsSummary summary;

      pl_metrics_summarise ((const PlMetrics *) (void *) result->test->data,
                            (int) result->test->len, &summary);
      g_string_append_printf (text,
                              ngettext (" Test, %d case at native size: Dice %.4f.",
                                        " Test, %d cases at native size: mean Dice %.4f.",
                                        (gulong) summary.n),
                              summary.n, summary.mean.dice);
    }
  return g_string_free (text, FALSE);
}
