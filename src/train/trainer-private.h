/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/batch.h"
#include "train/predictor-private.h"
#include "train/run-folder.h"
#include "train/slice-predictor.h"
#include "train/trainer.h"
#include "train/watch.h"
#include "unet/schedule.h"

/* The trainer by aspect: trainer.c is the object and its signals, trainer-run.c what its thread
 * does, trainer-prepare.c what comes before the first step, trainer-epoch.c an epoch's end,
 * trainer-checkpoint.c saving and
 * resuming, trainer-score.c validation and test, trainer-serve.c pauses and predictions between two
 * passes, trainer-preview.c the slices on screen, trainer-rescue.c what is done
 * when the run folder cannot be written. */

struct _PlTrainer
{
  GObject parent_instance;

  /* Constant once started */
  PlDataset *dataset;
  PlTrainSettings settings;
  char *run_folder;
  PlModel *init; /* (nullable); the worker sets it when it begins again */
  gboolean is_resuming;
  PlRunOrigin origin;   /* of a new run without folder and hash */
  GError *resume_error; /* (nullable): why it cannot be resumed */
  GMainContext *context;
  GCancellable *cancellable; /* cancelled by pl_trainer_stop() */

  /* Main thread */
  gboolean is_started;
  gboolean is_running;

  /* Shared with the worker */
  PlMailbox mailbox;
  pthread_mutex_t lock;   /* guards what follows */
  pthread_cond_t changed; /* something that a paused worker wakes up for */
  gboolean is_paused;
  gboolean ends_after_epoch;
  int last_epoch; /* 0: as the settings have it; constant once started */
  gboolean takes_requests;
  GQueue requests;        /* (element-type GTask): predictions, first come first served */
  GArray *preview_wishes; /* (element-type PlPreviewWish) */
  guint preview_serial;   /* counts those lists */
  GQueue notices;         /* (element-type utf8) */
  GSource *delivery;      /* (nullable): the one under way */
  PlTrainResult result;   /* the worker's until "finished" */
};

/* Any thread. */
void pl_trainer_report_point (PlTrainer *self, const PlTrainPoint *point);
void pl_trainer_report_status (PlTrainer *self, const PlTrainStatus *status);
void pl_trainer_report_preview (PlTrainer *self, PlPreview *preview);
void pl_trainer_report_notice (PlTrainer *self, const char *notice);
gboolean pl_trainer_is_stopped (PlTrainer *self);

/* Worker: hands the reference over and tells the main thread that all is done. */
void pl_trainer_finish_take (PlTrainer *self);

/* The wishes for previews that were last looked at, and how far they are fulfilled. */
typedef struct
{
  guint serial;
  GArray *wishes; /* (nullable) (element-type PlPreviewWish) */
  GArray *shown;  /* (nullable) (element-type PlPreviewShown): one a wish */
  gint64 next_us; /* none before that while it trains */
} PlPreviewState;

typedef enum
{
  PL_WARNING_OVERFITTING = 1 << 0,
  PL_WARNING_LEARNING = 1 << 1,
  PL_WARNING_PREDICTIONS = 1 << 2,
  PL_WARNING_LOST_EPOCH = 1 << 3,
} PlWarning;

/* A training under way; the worker's alone. */
typedef struct
{
  /* Borrowed */
  PlTrainer *trainer;
  const PlTrainSettings *settings;

  /* Owned */
  PlSamples *train;
  PlSamples *validation; /* (nullable) */
  PlRecipe recipe;
  PlModel *live; /* its weights change with each step, so it never leaves this thread */
  PlUNetWork *work;
  PlOptimizer *optimizer;
  PlBatcher *batcher;
  PlSlicePredictor *previewer; /* (nullable): of @live */
  GArray *history;
  GArray *pixels;              /* (element-type PlWatchPixels): epoch by epoch of this session */
  guint warnings;              /* PlWarnings that were given */
  PlModel *best;               /* (nullable) */
  const PlModel *written_best; /* (nullable) (borrowed): what best.safetensors holds */
  gboolean keeps_no_epochs;    /* any more: the disk was full */
  int best_epoch;
  double best_dice; /* NaN without validation */

  /* Where it is: all of it is in a checkpoint */
  PlSchedule schedule;
  int epoch;            /* under way, from 1 */
  int batch;            /* batches of it that are done */
  PlLossSums sums;      /* over them */
  double time_before_s; /* of earlier sessions */

  int n_pass;    /* images a pass */
  int n_batches; /* an epoch */
  gint64 started_us;
  gint64 paused_us;
  gint64 saved_us;       /* when last.safetensors was last written */
  double share_before;   /* of the run, done in earlier sessions */
  double trained_from_s; /* when the first step of this session began */
  double images_per_s;
  PlTrainStatus status;
  gint64 memory_us; /* when its memory was last looked at */
  PlPreviewState previews;

  PlTrainOutcome outcome;
  GError *error;
} PlTrainRun;

/* trainer-run.c */
gpointer pl_train_run_thread (gpointer trainer);
/* These return FALSE, so that a function that ends the run can return them. The second takes
 * @error; being stopped is no failure. */
gboolean pl_train_run_end (PlTrainRun *run, PlTrainOutcome outcome);
gboolean pl_train_run_fail (PlTrainRun *run, GError *error);
gboolean pl_train_run_fail_diverged (PlTrainRun *run);
double pl_train_run_time_s (const PlTrainRun *run);
double pl_train_run_share (const PlTrainRun *run);
/* More than what lies in the run folder: a resumed run has not before its samples are loaded. */
gboolean pl_train_run_has_learned (const PlTrainRun *run);
void pl_train_run_set_phase (PlTrainRun *run, PlPhase phase, double fraction);
/* Tells the watchers and the run's log. */
void pl_train_run_notify (PlTrainRun *run, const char *notice);

/* trainer-prepare.c */
gboolean pl_train_run_prepare (PlTrainRun *run, GError **error);

/* trainer-epoch.c */
/* FALSE if that was the end of the run. */
gboolean pl_train_run_finish_epoch (PlTrainRun *run);
/* A network of the same weights that does not change any more; NULL with @error set. @best_epoch
 * and @dice go into its summary. */
PlModel *pl_train_run_snapshot (const PlTrainRun *run, int best_epoch, double dice, GError **error);
/* @notice: (nullable) (transfer full): for the watchers and the run's log, but only once of a kind
 */
void pl_train_run_warn_once (PlTrainRun *run, PlWarning kind, char *notice);

/* trainer-checkpoint.c: into and out of the run folder. */
gboolean pl_train_run_save_last (PlTrainRun *run, GError **error);
gboolean pl_train_run_save_best (PlTrainRun *run, GError **error);
/* Leaves the run as a new one, but with its own model to start from, when there is no checkpoint.
 */
gboolean pl_train_run_resume (PlTrainRun *run, GError **error);
/* Makes and writes the best model if the program was killed before that. */
gboolean pl_train_run_complete_best (PlTrainRun *run, GError **error);

/* trainer-rescue.c */
/* TRUE if @error is a full disk and there is more room now, so that it can be tried again. */
gboolean pl_train_run_make_room (PlTrainRun *run, const GError *error);
/* After a failure: the weights in memory are kept, unless they are what failed, and the best ones
 * written, elsewhere if not into the run folder. */
void pl_train_run_rescue (PlTrainRun *run);

/* trainer-score.c */
/* @sums are over slices; @dice is the mean over cases, a volume's slices together, at the size of
 * the network's input, empty against empty being 1; @pixels are all foreground. FALSE if stopped.
 */
gboolean
pl_train_run_validate (PlTrainRun *run, PlLossSums *sums, double *dice, PlWatchPixels *pixels);
/* Into the trainer's result and test.csv; FALSE if stopped (no error) or not written. */
gboolean pl_train_run_test (PlTrainRun *run, GError **error);

/* trainer-serve.c */
/* Between two passes: predictions and a preview, if wanted. */
void pl_train_run_serve (PlTrainRun *run);
/* A PlUNetContinue for training and validation: waits while paused; FALSE when stopped. */
gboolean pl_train_run_go_on (gpointer run);
/* Answers what is waiting and takes no more. */
void pl_train_run_close_requests (PlTrainRun *run);

/* trainer-preview.c */
/* Predicts one slice on screen if it is due, in a pause also if it is merely out of date; FALSE if
 * there was none. */
gboolean pl_train_run_show_preview (PlTrainRun *run, gboolean is_paused);
void pl_preview_state_clear (PlPreviewState *previews);
