/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/augment.h"
#include "train/dataset.h"
#include "train/history.h"
#include "train/mailbox.h"
#include "train/metrics.h"
#include "train/predictor.h"

#include <glib-object.h>

/* Everything that decides how a run goes. Plain data. */
typedef struct
{
  int epochs;            /* 30 */
  int batch;             /* 4 */
  int size_px;           /* 256 */
  int base;              /* 16 */
  int depth;             /* 4 */
  double rate;           /* 3e-3 */
  double decay;          /* 1e-4 */
  int loss;              /* PlLossKind: 1 cross-entropy, 2 Dice, 3 both (default) */
  int schedule;          /* PlScheduleKind: 0 cosine (default), 1 plateau, 2 constant */
  guint64 seed;          /* 1 */
  double split[3];       /* 0.8, 0.1, 0.1 */
  gboolean augment;      /* TRUE */
  gboolean sides;        /* FALSE: left and right lung apart, from masks of both */
  int patience;          /* epochs without a better validation Dice before stopping; 0: never */
  double time_limit_s;   /* 0: none */
  int slices_per_volume; /* 16; 0: volumes take no part; −1: all slices */
  int threads;           /* 0: one a processor */
  int precision;         /* PlTrainPrecision; a run that has begun has no auto any more */
} PlTrainSettings;

extern const PlTrainSettings pl_train_settings_default;

/* "cross-entropy", "dice" or "both", and "cosine", "plateau" or "constant"; FALSE for another name.
 */
gboolean pl_train_loss_from_name (const char *name, int *loss);
const char *pl_train_loss_name (int loss);
gboolean pl_train_schedule_from_name (const char *name, int *schedule);
const char *pl_train_schedule_name (int schedule);

/* FALSE with @error naming the setting and its value when it is out of bounds. */
gboolean pl_train_settings_check (const PlTrainSettings *settings, GError **error);

/* Bytes that training with these settings takes for the network, estimated from the plan. */
gsize pl_train_settings_bytes (const PlTrainSettings *settings);

/* One training: a thread of its own that trains, validates, keeps checkpoints in a run folder and
 * tests at the end. The window and pleura-cli watch the same signals, all emitted in the main
 * context that was the thread-default one when the trainer was made, at most 30 times a second:
 *
 * "points" (GArray of PlTrainPoint, borrowed): steps and epochs since the last time
 *
 * "status" (const PlTrainStatus *)
 *
 * "preview" (const PlPreview *): once for each slice
 *
 * "notice" (const char *): something the user should know (a sentence)
 *
 * "finished" (): once, last; ask pl_trainer_get_result() */
#define PL_TYPE_TRAINER (pl_trainer_get_type ())
G_DECLARE_FINAL_TYPE (PlTrainer, pl_trainer, PL, TRAINER, GObject)

typedef enum
{
  PL_TRAIN_COMPLETED,  /* all epochs */
  PL_TRAIN_EARLY_STOP, /* patience ran out */
  PL_TRAIN_TIME_LIMIT,
  PL_TRAIN_ENDED,   /* after an epoch, by pl_trainer_stop_after_epoch() */
  PL_TRAIN_STOPPED, /* by pl_trainer_stop(); what was learned is saved */
  PL_TRAIN_FAILED,  /* see the error; the last good weights are kept if there are any */
} PlTrainOutcome;

/* "completed", "early-stop", "time-limit", "stopped", "failed" or "ended"; FALSE for another
 * name. */
gboolean pl_train_outcome_from_name (const char *name, int *outcome);
const char *pl_train_outcome_name (int outcome);

typedef struct
{
  PlTrainOutcome outcome;
  GError *error;         /* (nullable) */
  PlModel *model;        /* (nullable): the best one by validation Dice */
  int best_epoch;        /* 0: none */
  double best_dice;      /* NaN without a validation part */
  GPtrArray *test_names; /* (nullable): cases of the test part, with @test as long */
  GArray *test;          /* (nullable) (element-type PlMetrics) */
  GArray *test_classes;  /* (nullable) (element-type PlMetrics): of each case every class in turn;
                            empty when there is one class */
} PlTrainResult;

/**
 * pl_trainer_new:
 * @dataset: split already (pl_split_assign or pl_split_read); copied
 * @run_folder: made by pl_run_folder_create(), or, to resume, one that holds last.safetensors
 * @init: (nullable): a model to start from; its shape, size and recipe replace the settings'
 * @resume: go on with the run in @run_folder: its settings and its split replace all but epochs
 *   (0: as many as it was to have) and time limit
 *
 * A run that was stopped and resumed ends with the same weights and figures as one that was not, if
 * seed, instruction set and number of epochs are the same. With another number of epochs the cosine
 * is laid over that number from there on. The time limit counts from each start.
 */
PlTrainer *pl_trainer_new (const PlDataset *dataset,
                           const PlTrainSettings *settings,
                           const char *run_folder,
                           PlModel *init,
                           gboolean resume);

/* Main thread. Once; returns at once. */
void pl_trainer_start (PlTrainer *self);

/* Any thread; each acts within 0.25 s. A paused run keeps its memory and uses no processor. */
void pl_trainer_set_paused (PlTrainer *self, gboolean paused);
void pl_trainer_stop (PlTrainer *self);

/* TRUE: the run ends after the epoch under way, tested as a completed one is, and can be resumed;
 * FALSE takes that back. Any thread. */
void pl_trainer_stop_after_epoch (PlTrainer *self, gboolean stop);

/* The same, known beforehand: it ends after @epoch, though its schedule is laid over all epochs of
 * the settings; 0: it does not. Before it starts. */
void pl_trainer_set_last_epoch (PlTrainer *self, int epoch);

/* A slice on screen, of whichever case. */
typedef struct
{
  char *case_name; /* its masks are told apart by this and the slice */
  PlVolume *volume;
  int slice;
} PlPreviewWish;

/* (transfer full) (element-type PlPreviewWish): none; the most wanted is to be added first. Once
 * others share a list it does not change any more. */
GArray *pl_preview_wishes_new (void);
void pl_preview_wishes_add (GArray *wishes, const char *case_name, PlVolume *volume, int slice);
/* Its place; −1 when it is not among them. */
int pl_preview_wishes_find (const GArray *wishes, const char *case_name, int slice);

/**
 * pl_trainer_set_preview:
 * @wishes: shared; with it the volumes are kept until the next call
 *
 * Each comes back in a "preview" of its own, predicted with the weights of the moment: first those
 * that have not been shown yet, then in turn, at most five times a second each. While it trains
 * they take at most a tenth of the time in all; in a pause all are brought up to date. A slice that
 * the call before has had too, of the same volume, is not repeated before the weights change. Main
 * thread.
 */
void pl_trainer_set_preview (PlTrainer *self, GArray *wishes);

/**
 * pl_trainer_predict_async:
 * @model: (nullable): what to predict with; NULL for the weights of the moment
 *
 * pl_predict_volume() while this trainer runs, done by its thread between two steps (also when
 * paused), so that training and predicting do not fight for the processor. @callback comes in the
 * main context of the trainer; finish with pl_predict_volume_finish(). A trainer that ends first
 * answers what is waiting before "finished"; one that is stopped, with G_IO_ERROR_CANCELLED. A
 * trainer that is not running predicts as pl_predict_volume_async() does. Main thread.
 */
void pl_trainer_predict_async (PlTrainer *self,
                               PlModel *model,
                               PlVolume *volume,
                               const PlPredictOptions *options,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer data);

/* Between "start" and "finished". Main thread. */
gboolean pl_trainer_is_running (PlTrainer *self);

const PlTrainSettings *pl_trainer_get_settings (PlTrainer *self);
const char *pl_trainer_get_run_folder (PlTrainer *self);

/* (transfer none): valid as long as the trainer; NULL before "finished". */
const PlTrainResult *pl_trainer_get_result (PlTrainer *self);
