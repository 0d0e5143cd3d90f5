/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

/* How the weights of two runs compare, of which one repeats the other. Plain data. */
typedef struct
{
  gboolean is_identical;     /* every tensor that both have, down to the last bit */
  int n_tensors;             /* that were compared; 0: not known, as in older runs */
  int n_different;           /* of them */
  double largest_difference; /* of two weights; 0 when identical, NaN when one is no number */
  GPtrArray *conditions;     /* (element-type utf8): sentences: what was not as in the first run */
} PlReplayVerdict;

/* Without tensors and conditions. */
PlReplayVerdict *pl_replay_verdict_new (void);
void pl_replay_verdict_free (PlReplayVerdict *verdict);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlReplayVerdict, pl_replay_verdict_free)

/* (transfer full): "identical", "tensors", "different", "largest_difference" and "conditions". */
JsonObject *pl_replay_verdict_to_json (const PlReplayVerdict *verdict);

/* (transfer full) (nullable): NULL when @object is not one of those. */
PlReplayVerdict *pl_replay_verdict_from_json (JsonObject *object);
