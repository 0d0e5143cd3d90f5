/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/run-list.h"

/**
 * pl_experiment_list:
 * @folder: holds folders of experiments, and perhaps of runs
 * @cancellable: (nullable): looked at between experiments
 *
 * Any thread; blocks.
 *
 * Returns: (transfer full) (element-type PlRunInfo): each with its record, or with a problem; none
 *   when there is no such folder; NULL with @error set when it cannot be read
 */
GPtrArray *pl_experiment_list (const char *folder, GCancellable *cancellable, GError **error);
