/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/predictor.h"

/* A prediction that was asked for: the data of its GTask, whoever answers it. */
typedef struct
{
  PlModel *model; /* (nullable): for a trainer, the weights of the moment */
  PlVolume *volume;
  PlPredictOptions options;
} PlPredictRequest;

/* Attaches it to @task; @model: (nullable) */
PlPredictRequest *pl_predict_request_attach (GTask *task,
                                             PlModel *model,
                                             PlVolume *volume,
                                             const PlPredictOptions *options);

/* Predicts and returns the task; blocks. @model and @cancellable may differ from the request's. */
void pl_predict_request_answer (GTask *task, const PlModel *model, GCancellable *cancellable);

/* The same in a thread of GTask's; the request must have a model. */
void pl_predict_request_answer_in_thread (GTask *task);
