/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stddef.h>

/**
 * PlParallelBody:
 * @data: what was given to pl_parallel_for()
 * @index: the item, from 0
 * @worker: which thread runs it, from 0 to pl_parallel_threads() − 1; no two items of one job run
 *   at once with the same number, so it can choose a scratch buffer that belongs to the job
 */
typedef void (*PlParallelBody) (void *data, size_t index, int worker);

/**
 * pl_parallel_init:
 * @n_threads: threads that a job uses, the caller's included; 0 for one a processor
 *
 * Starts the pool of the process, or changes its size. The workers run at nice 10. Not while a job
 * runs. Without a call, the first job starts the pool with 0.
 */
void pl_parallel_init (int n_threads);

/* Threads that a job uses, at least 1. Any thread. */
int pl_parallel_threads (void);

/**
 * pl_parallel_for:
 * @n: how many items
 * @body: called once for each index below @n, in any order, from several threads
 *
 * Returns when every item is done; what the items wrote is then visible to the caller. A job that
 * starts while another is running (from a body, or from a second thread) is done by its caller
 * alone, as worker 0. Which worker gets which item is not fixed: results that must repeat are
 * written by index, and summed in order afterwards.
 */
void pl_parallel_for (size_t n, PlParallelBody body, void *data);

/* Seconds that threads have spent in items since the process began, those of all threads together:
 * what is missing of a job's time multiplied by its threads was waiting. Any thread. */
double pl_parallel_busy_s (void);

/* Lowers the priority of the calling thread to that of the pool's workers. */
void pl_parallel_nice_self (void);

/* For a thread whose work nobody waits for: its priority becomes that of nice 19, below the pool's
 * workers, and its jobs are done by itself alone, so that the pool is there for others. It stays
 * so: the thread is to be one of its own. */
void pl_parallel_stand_aside (void);
