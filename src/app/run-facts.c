/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of the training panel's settings, so that what was chosen there is found again here. */
#include "app/run-facts.h"

#include "train/train.h"

#include <glib/gi18n.h>
#include <math.h>

static char *
dup_dash (void)
{
  return g_strdup (_ ("—"));
}

/* (nullable) @text */
static char *
dup_or_dash (const char *text)
{
  return text != NULL && *text != '\0' ? g_strdup (text) : dup_dash ();
}

static char *
dup_number (int number)
{
  return g_strdup_printf ("%d", number);
}

static char *
dup_dice (double dice)
{
  return isnan (dice) ? dup_dash () : g_strdup_printf ("%.4f", dice);
}

char *
pl_run_dup_title (const PlRunInfo *info)
{
  return g_strdup (info->title);
}

char *
pl_run_dup_dataset (const PlRunInfo *info)
{
  return info->origin.dataset_folder != NULL
             ? g_filename_display_basename (info->origin.dataset_folder)
             : dup_dash ();
}

char *
pl_run_dup_date (const PlRunInfo *info)
{
  g_autoptr (GDateTime) local = info->started != NULL ? g_date_time_to_local (info->started) : NULL;

  return local != NULL ? g_date_time_format (local, "%x %H:%M") : dup_dash ();
}

char *
pl_run_dup_best_dice (const PlRunInfo *info)
{
  return dup_dice (info->best_dice);
}

char *
pl_run_dup_epochs (const PlRunInfo *info)
{
  return info->record != NULL ? dup_dash () : g_strdup_printf ("%u", info->history->len);
}

char *
pl_run_dup_time (const PlRunInfo *info)
{
  int s = (int) CLAMP (info->time_s, 0, 1e9);

  if (!(info->time_s > 0))
    return dup_dash ();
  if (s >= 3600)
    return g_strdup_printf ("%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
  if (s >= 60)
    return g_strdup_printf ("%d:%02d", s / 60, s % 60);
  return g_strdup_printf (_ ("%.1f s"), info->time_s);
}

char *
pl_run_dup_outcome (const PlRunInfo *info)
{
  if (info->problem != NULL)
    return g_strdup (_ ("cannot be read"));
  if (info->record != NULL && info->outcome < 0)
    return g_strdup_printf (_ ("%d of %d trainings done"),
                            pl_experiment_record_count_done (info->record),
                            info->record->plan.n_runs);
  switch (info->outcome)
    {
    case PL_TRAIN_COMPLETED:
      return g_strdup (_ ("completed"));
    case PL_TRAIN_EARLY_STOP:
      return g_strdup (_ ("no more progress"));
    case PL_TRAIN_TIME_LIMIT:
      return g_strdup (_ ("time was up"));
    case PL_TRAIN_ENDED:
    case PL_TRAIN_STOPPED:
      return g_strdup (_ ("stopped"));
    case PL_TRAIN_FAILED:
      return g_strdup (_ ("failed"));
    default:
      return g_strdup (_ ("unfinished"));
    }
}

static char *
dup_how_it_ended (const PlRunInfo *info)
{
  g_autofree char *outcome = pl_run_dup_outcome (info);
  const char *why = info->problem != NULL ? info->problem : info->failure;

  return why != NULL ? g_strdup_printf ("%s: %s", outcome, why) : g_steal_pointer (&outcome);
}

static char *
dup_best (const PlRunInfo *info)
{
  if (info->best_epoch == 0 || isnan (info->best_dice))
    return dup_dash ();
  return g_strdup_printf (_ ("%.4f, epoch %d"), info->best_dice, info->best_epoch);
}

static char *
dup_test (const PlRunInfo *info)
{
  guint n = info->test->len;

  if (n == 0)
    return dup_dash ();
  return g_strdup_printf (ngettext ("%.4f, %u case", "%.4f, mean of %u cases", (gulong) n),
                          info->test_dice, n);
}

char *
pl_run_dup_verdict (const PlReplayVerdict *verdict)
{
  GString *text = g_string_new (NULL);

  if (verdict->is_identical)
    {
      g_string_append_printf (text,
                              ngettext ("%d tensor was compared.", "All %d tensors were compared.",
                                        (gulong) verdict->n_tensors),
                              verdict->n_tensors);
      return g_string_free (text, FALSE);
    }
  g_string_append_printf (text, _ ("%d of %d tensors differ, by at most %.3g."),
                          verdict->n_different, verdict->n_tensors, verdict->largest_difference);
  for (guint i = 0; i < verdict->conditions->len; i++)
    g_string_append_printf (text, "\n%s", (const char *) verdict->conditions->pdata[i]);
  if (verdict->conditions->len == 0)
    g_string_append_printf (text, "\n%s", _ ("Nothing that is known of the two runs explains it."));
  return g_string_free (text, FALSE);
}

static char *
dup_replay (const PlRunInfo *info)
{
  const PlReplayVerdict *verdict = info->replay_verdict;
  g_autofree char *name = NULL;
  g_autofree char *heading = NULL;
  g_autofree char *details = NULL;

  if (info->replay_of == NULL)
    return dup_dash ();
  name = g_filename_display_basename (info->replay_of);
  if (verdict == NULL)
    return g_steal_pointer (&name);
  heading = g_strdup_printf (verdict->is_identical ? _ ("%s: weights identical, bit by bit")
                                                   : _ ("%s: other weights"),
                             name);
  if (verdict->n_tensors == 0)
    return g_steal_pointer (&heading);
  details = pl_run_dup_verdict (verdict);
  return g_strdup_printf ("%s\n%s", heading, details);
}

static char *
dup_planned (const PlRunInfo *info)
{
  return dup_number (info->settings.epochs);
}

static char *
dup_size (const PlRunInfo *info)
{
  return g_strdup_printf ("%d × %d", info->settings.size_px, info->settings.size_px);
}

static char *
dup_base (const PlRunInfo *info)
{
  return dup_number (info->settings.base);
}

static char *
dup_depth (const PlRunInfo *info)
{
  return dup_number (info->settings.depth);
}

static char *
dup_batch (const PlRunInfo *info)
{
  return dup_number (info->settings.batch);
}

static char *
dup_rate (const PlRunInfo *info)
{
  return g_strdup_printf ("%g", info->settings.rate);
}

static char *
dup_decay (const PlRunInfo *info)
{
  return g_strdup_printf ("%g", info->settings.decay);
}

static char *
dup_schedule (const PlRunInfo *info)
{
  const char *name = pl_train_schedule_name (info->settings.schedule);

  if (g_str_equal (name, "cosine"))
    return g_strdup (_ ("Cosine"));
  return g_strdup (g_str_equal (name, "plateau") ? _ ("Plateau") : _ ("Constant"));
}

static char *
dup_loss (const PlRunInfo *info)
{
  const char *name = pl_train_loss_name (info->settings.loss);

  if (g_str_equal (name, "dice"))
    return g_strdup ("Dice");
  return g_strdup (g_str_equal (name, "both") ? _ ("Both") : _ ("Cross-entropy"));
}

static char *
dup_augment (const PlRunInfo *info)
{
  return g_strdup (info->settings.augment ? _ ("yes") : _ ("no"));
}

static char *
dup_sides (const PlRunInfo *info)
{
  return g_strdup (info->settings.sides ? _ ("yes") : _ ("no"));
}

static char *
dup_patience (const PlRunInfo *info)
{
  int n = info->settings.patience;

  return n == 0 ? g_strdup (_ ("never"))
                : g_strdup_printf (ngettext ("after %d epoch", "after %d epochs", (gulong) n), n);
}

static char *
dup_time_limit (const PlRunInfo *info)
{
  double s = info->settings.time_limit_s;

  return s > 0 ? g_strdup_printf (_ ("%g min"), s / 60) : g_strdup (_ ("none"));
}

static char *
dup_precision (const PlRunInfo *info)
{
  return g_strdup (pl_train_precision_name (info->settings.precision));
}

static char *
dup_seed (const PlRunInfo *info)
{
  return g_strdup_printf ("%" G_GUINT64_FORMAT, info->settings.seed);
}

static char *
dup_split (const PlRunInfo *info)
{
  const double *split = info->settings.split;

  if (info->origin.split_file != NULL)
    return g_filename_display_basename (info->origin.split_file);
  return g_strdup_printf ("%g / %g / %g", split[0], split[1], split[2]);
}

static char *
dup_slices (const PlRunInfo *info)
{
  int n = info->settings.slices_per_volume;

  return n < 0 ? g_strdup (_ ("all")) : dup_number (n);
}

static char *
dup_init (const PlRunInfo *info)
{
  return info->origin.init != NULL ? g_filename_display_name (info->origin.init)
                                   : g_strdup (_ ("random weights"));
}

static char *
dup_dataset_folder (const PlRunInfo *info)
{
  return info->origin.dataset_folder != NULL ? g_filename_display_name (info->origin.dataset_folder)
                                             : dup_dash ();
}

static char *
dup_program (const PlRunInfo *info)
{
  return dup_or_dash (info->program);
}

static char *
dup_isa (const PlRunInfo *info)
{
  return dup_or_dash (info->isa);
}

static char *
dup_processor (const PlRunInfo *info)
{
  return dup_or_dash (info->processor);
}

static char *
dup_folder (const PlRunInfo *info)
{
  return g_filename_display_name (info->folder);
}

typedef struct
{
  PlRunFactKind kind;
  const char *name;
  char *(*dup) (const PlRunInfo *info);
} Fact;

static const Fact facts[] = {
  { PL_RUN_RESULT, N_ ("How it ended"), dup_how_it_ended },
  { PL_RUN_RESULT, N_ ("Validation Dice"), dup_best },
  { PL_RUN_RESULT, N_ ("Test Dice"), dup_test },
  { PL_RUN_RESULT, N_ ("Epochs done"), pl_run_dup_epochs },
  { PL_RUN_RESULT, N_ ("Time"), pl_run_dup_time },
  { PL_RUN_RESULT, N_ ("Replay of"), dup_replay },
  { PL_RUN_SETTING, N_ ("Epochs"), dup_planned },
  { PL_RUN_SETTING, N_ ("Image size"), dup_size },
  { PL_RUN_SETTING, N_ ("Vary the images"), dup_augment },
  { PL_RUN_SETTING, N_ ("Left and right apart"), dup_sides },
  { PL_RUN_SETTING, N_ ("Network width"), dup_base },
  { PL_RUN_SETTING, N_ ("Network depth"), dup_depth },
  { PL_RUN_SETTING, N_ ("Batch"), dup_batch },
  { PL_RUN_SETTING, N_ ("Learning rate"), dup_rate },
  { PL_RUN_SETTING, N_ ("Learning rate over time"), dup_schedule },
  { PL_RUN_SETTING, N_ ("Loss"), dup_loss },
  { PL_RUN_SETTING, N_ ("Weight decay"), dup_decay },
  { PL_RUN_SETTING, N_ ("Stop early"), dup_patience },
  { PL_RUN_SETTING, N_ ("Time limit"), dup_time_limit },
  { PL_RUN_SETTING, N_ ("Precision"), dup_precision },
  { PL_RUN_SETTING, N_ ("Seed"), dup_seed },
  { PL_RUN_SETTING, N_ ("Training, validation, test"), dup_split },
  { PL_RUN_SETTING, N_ ("Slices of a volume"), dup_slices },
  { PL_RUN_SETTING, N_ ("Began with"), dup_init },
  { PL_RUN_ORIGIN, N_ ("Data set"), dup_dataset_folder },
  { PL_RUN_ORIGIN, N_ ("Program"), dup_program },
  { PL_RUN_ORIGIN, N_ ("Instruction set"), dup_isa },
  { PL_RUN_ORIGIN, N_ ("Processor"), dup_processor },
  { PL_RUN_ORIGIN, N_ ("Folder"), dup_folder },
};

guint
pl_run_facts_count (void)
{
  return G_N_ELEMENTS (facts);
}

const char *
pl_run_fact_name (guint fact)
{
  return _ (facts[fact].name);
}

PlRunFactKind
pl_run_fact_kind (guint fact)
{
  return facts[fact].kind;
}

gboolean
pl_run_fact_is_own (guint fact)
{
  return facts[fact].dup == dup_folder;
}

char *
pl_run_fact_dup (guint fact, const PlRunInfo *info)
{
  /* What run.json does not say is not what is preset. */
  if (facts[fact].kind == PL_RUN_SETTING && info->origin.dataset_folder == NULL)
    return dup_dash ();
  return facts[fact].dup (info);
}
