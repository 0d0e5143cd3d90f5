/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <time.h>

/* What this thread has had of a processor: the time that something takes, whatever other programs
 * do meanwhile. */
static inline double
pl_processor_ms (void)
{
  struct timespec time;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return 1e3 * (double) time.tv_sec + 1e-6 * (double) time.tv_nsec;
}
