/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an experiment's figures say, and no more. Two shares of a learning curve are compared case
 * by case, since they are tested on the same ones: most of the spread between cases falls out. */
#include "train/experiment-result.h"

#include "train/run-folder.h"

#include <glib/gi18n-lib.h>
#include <math.h>

static PlMeanSd
summarise (const GArray *values)
{
  PlMeanSd result = { .n = (int) values->len, .mean = NAN, .sd = NAN };
  double sum = 0;
  double squares = 0;

  for (guint i = 0; i < values->len; i++)
    sum += g_array_index (values, double, i);
  if (values->len > 0)
    result.mean = sum / values->len;
  for (guint i = 0; i < values->len; i++)
    squares += pow (g_array_index (values, double, i) - result.mean, 2);
  if (values->len > 1)
    result.sd = sqrt (squares / (values->len - 1));
  return result;
}

static GArray *
make_values (void)
{
  return g_array_new (FALSE, FALSE, sizeof (double));
}

static gboolean
has_figures (const PlExperimentRun *run)
{
  return run->state == PL_EXPERIMENT_RUN_DONE && run->test_dice->len > 0;
}

PlMeanSd
pl_experiment_run_dice (const PlExperimentRun *run)
{
  return summarise (run->test_dice);
}

PlMeanSd
pl_experiment_dice_over_runs (const PlExperimentRecord *record)
{
  g_autoptr (GArray) means = make_values ();

  for (guint i = 0; i < record->runs->len; i++)
    {
      const PlExperimentRun *run = g_ptr_array_index (record->runs, i);
      double mean = pl_experiment_run_dice (run).mean;

      if (has_figures (run))
        g_array_append_val (means, mean);
    }
  return summarise (means);
}

PlMeanSd
pl_experiment_dice_over_cases (const PlExperimentRecord *record)
{
  g_autoptr (GArray) all = make_values ();

  for (guint i = 0; i < record->runs->len; i++)
    {
      const PlExperimentRun *run = g_ptr_array_index (record->runs, i);

      if (has_figures (run))
        g_array_append_vals (all, run->test_dice->data, run->test_dice->len);
    }
  return summarise (all);
}

/* The 97.5th percentile of Student's t. */
static double
find_t (int degrees)
{
  static const double t[] = {
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
    2.201,  2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
    2.080,  2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042
  };

  return degrees <= (int) G_N_ELEMENTS (t) ? t[degrees - 1] : 1.96 + 2.4 / degrees;
}

PlDiceGain
pl_experiment_gain (const PlExperimentRun *from, const PlExperimentRun *to)
{
  g_autoptr (GArray) gains = make_values ();
  PlMeanSd gain;
  double half;

  for (guint i = 0; i < to->test_names->len; i++)
    {
      guint k;
      double difference;

      if (!g_ptr_array_find_with_equal_func (
              from->test_names, g_ptr_array_index (to->test_names, i), g_str_equal, &k))
        continue;
      difference =
          g_array_index (to->test_dice, double, i) - g_array_index (from->test_dice, double, k);
      g_array_append_val (gains, difference);
    }
  gain = summarise (gains);
  half = gain.n > 1 ? find_t (gain.n - 1) * gain.sd / sqrt (gain.n) : NAN;
  return (PlDiceGain){ gain.n, gain.mean, gain.mean - half, gain.mean + half };
}

/* Less than this is little: readers differ by more. */
#define LITTLE 0.01

static const char *
judge (const PlDiceGain *gain)
{
  if (gain->high < LITTLE)
    return _ ("More slices of this kind will bring little.");
  if (gain->low > 0)
    return _ ("More labelled slices are likely to help.");
  return _ ("These figures cannot tell whether more slices would help: more test cases, or "
            "trainings with other seeds, would.");
}

/* The two largest shares that have figures; FALSE when there are no two. */
static gboolean
find_largest (const PlExperimentRecord *record,
              const PlExperimentRun **from,
              const PlExperimentRun **to)
{
  *from = *to = NULL;
  for (guint i = 0; i < record->runs->len; i++)
    {
      const PlExperimentRun *run = g_ptr_array_index (record->runs, i);

      if (!has_figures (run))
        continue;
      *from = *to;
      *to = run;
    }
  return *from != NULL;
}

char *
pl_experiment_dup_advice (const PlExperimentRecord *record)
{
  const PlExperimentRun *from;
  const PlExperimentRun *to;
  PlDiceGain gain;

  if (record->plan.kind != PL_EXPERIMENT_LEARNING_CURVE || !find_largest (record, &from, &to))
    return NULL;
  gain = pl_experiment_gain (from, to);
  if (gain.n_cases < 2)
    return g_strdup_printf (
        _ ("From %d to %d training slices, test Dice changed by %+.4f, on a single test case: too "
           "few to say whether more slices would help."),
        from->n_slices, to->n_slices, gain.mean);
  return g_strdup_printf (_ ("From %d to %d training slices, test Dice changed by %+.4f (95 %% "
                             "interval %+.4f to %+.4f, %d test cases, one training each). %s"),
                          from->n_slices, to->n_slices, gain.mean, gain.low, gain.high,
                          gain.n_cases, judge (&gain));
}

static GPtrArray *
read_histories (const PlExperimentRecord *record, const char *folder)
{
  GPtrArray *histories = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);

  for (guint i = 0; i < record->runs->len; i++)
    {
      const PlExperimentRun *run = g_ptr_array_index (record->runs, i);
      g_autofree char *path = g_build_filename (folder, run->name, NULL);
      GArray *history;

      if (run->state == PL_EXPERIMENT_RUN_DONE &&
          (history = pl_run_folder_read_history (path, NULL)) != NULL)
        g_ptr_array_add (histories, history);
    }
  return histories;
}

/* Rows of history.csv are in order, one an epoch. */
static PlExperimentEpoch
average_epoch (const GPtrArray *histories, guint index)
{
  g_autoptr (GArray) dice = make_values ();
  double time_s = 0;

  for (guint i = 0; i < histories->len; i++)
    {
      const GArray *history = g_ptr_array_index (histories, i);
      const PlEpoch *epoch = &g_array_index (history, PlEpoch, index);

      if (index >= history->len || isnan (epoch->val_dice))
        continue;
      g_array_append_val (dice, epoch->val_dice);
      time_s += epoch->time_s;
    }
  return (PlExperimentEpoch){ (int) index + 1, time_s / MAX (1, dice->len), summarise (dice) };
}

GArray *
pl_experiment_read_epochs (const PlExperimentRecord *record, const char *folder)
{
  g_autoptr (GPtrArray) histories = read_histories (record, folder);
  GArray *epochs = g_array_new (FALSE, FALSE, sizeof (PlExperimentEpoch));

  for (guint i = 0;; i++)
    {
      PlExperimentEpoch epoch = average_epoch (histories, i);

      if (epoch.dice.n < 2 || epoch.dice.n < (int) histories->len)
        return epochs;
      g_array_append_val (epochs, epoch);
    }
}

static char *
format_dice (double dice)
{
  return isnan (dice) ? g_strdup ("–") : g_strdup_printf ("%.4f", dice);
}

char *
pl_mean_sd_dup_text (PlMeanSd figures)
{
  g_autofree char *mean = format_dice (figures.mean);
  g_autofree char *sd = format_dice (figures.sd);

  return g_strdup_printf ("%s ± %s", mean, sd);
}

char *
pl_experiment_dup_summary (const PlExperimentRecord *record)
{
  PlMeanSd over_runs = pl_experiment_dice_over_runs (record);
  PlMeanSd over_cases = pl_experiment_dice_over_cases (record);
  g_autofree char *runs = pl_mean_sd_dup_text (over_runs);
  g_autofree char *cases = pl_mean_sd_dup_text (over_cases);
  char *advice = pl_experiment_dup_advice (record);

  if (advice != NULL)
    return advice;
  if (record->plan.kind == PL_EXPERIMENT_LEARNING_CURVE || over_runs.n < 2)
    return g_strdup (_ ("Too few trainings are done to say anything yet."));
  return g_strdup_printf (_ ("Test Dice %s (mean ± SD of %d folds); %s over all %d cases. Each was "
                             "tested by a network that had not seen its patient."),
                          runs, over_runs.n, cases, over_cases.n);
}

static void
append_figure (GString *text, double value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_c (text, ',');
  if (isfinite (value))
    g_string_append (text, g_ascii_formatd (buffer, sizeof buffer, "%.6f", value));
}

char *
pl_experiment_to_csv (const PlExperimentRecord *record)
{
  GString *text = g_string_new ("run,state,share,patients,cases,slices,test_cases,test_dice,"
                                "test_dice_sd,validation_dice,best_epoch,time_s\n");

  for (guint i = 0; i < record->runs->len; i++)
    {
      const PlExperimentRun *run = g_ptr_array_index (record->runs, i);
      PlMeanSd dice = pl_experiment_run_dice (run);

      g_string_append_printf (text, "%s,%s", run->name, pl_experiment_run_state_name (run->state));
      append_figure (text, run->share);
      g_string_append_printf (text, ",%d,%d,%d,%d", run->n_patients, run->n_cases, run->n_slices,
                              dice.n);
      append_figure (text, dice.mean);
      append_figure (text, dice.sd);
      append_figure (text, run->validation_dice);
      g_string_append_printf (text, ",%d", run->best_epoch);
      append_figure (text, run->time_s);
      g_string_append_c (text, '\n');
    }
  return g_string_free (text, FALSE);
}
