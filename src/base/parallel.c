/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One pool of pthreads for the process. Items are taken from an atomic counter; between jobs the
 * workers look for the next for some 50 µs, about the gap between two layers, and then sleep. A
 * step of the default U-Net starts a few hundred jobs. */
#include "base/parallel.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum
{
  MOST_THREADS = 256,
  SPINS = 4000,
};

/* Held by whoever runs a job or changes the pool. */
static pthread_mutex_t job_lock = PTHREAD_MUTEX_INITIALIZER;

/* Guards sleeping and waking; @generation counts the jobs, @n_busy the workers still in one. */
static pthread_mutex_t sleep_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t wake = PTHREAD_COND_INITIALIZER;
static pthread_cond_t done = PTHREAD_COND_INITIALIZER;
static atomic_uint generation;
static atomic_int n_busy;
static bool quit;

static pthread_t workers[MOST_THREADS];
static atomic_int n_threads; /* workers and the caller; 0 before the pool is started */

/* The job under way; constant while workers are in it. */
static struct
{
  PlParallelBody body;
  void *data;
  size_t n;
  atomic_size_t next;
} job;

static atomic_llong busy_ns;
static _Thread_local int n_jobs_here;
static _Thread_local bool stands_aside;

static long long
find_time_ns (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

/* To be called around items. A job within an item is part of that item's time. */
static long long
start_items (void)
{
  return n_jobs_here++ == 0 ? find_time_ns () : -1;
}

static void
end_items (long long start_ns)
{
  n_jobs_here--;
  if (start_ns >= 0)
    atomic_fetch_add_explicit (&busy_ns, find_time_ns () - start_ns, memory_order_relaxed);
}

static void
run_items (int worker)
{
  long long start_ns = start_items ();
  size_t i;

  while ((i = atomic_fetch_add_explicit (&job.next, 1, memory_order_relaxed)) < job.n)
    job.body (job.data, i, worker);
  end_items (start_ns);
}

double
pl_parallel_busy_s (void)
{
  return 1e-9 * (double) atomic_load (&busy_ns);
}

static void
pause_briefly (void)
{
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause ();
#else
  sched_yield ();
#endif
}

/* Until a job that this worker has not seen, or the end of the pool. */
static unsigned
await_generation_after (unsigned seen)
{
  unsigned now;

  for (int i = 0; i < SPINS; i++)
    {
      now = atomic_load_explicit (&generation, memory_order_acquire);
      if (now != seen)
        return now;
      pause_briefly ();
    }
  pthread_mutex_lock (&sleep_lock);
  while ((now = atomic_load_explicit (&generation, memory_order_acquire)) == seen)
    pthread_cond_wait (&wake, &sleep_lock);
  pthread_mutex_unlock (&sleep_lock);
  return now;
}

/* On Linux a thread has a nice value of its own, and "0" is the calling thread. */
static void
be_nice (int nice)
{
  if (getpriority (PRIO_PROCESS, 0) < nice)
    setpriority (PRIO_PROCESS, 0, nice);
}

void
pl_parallel_nice_self (void)
{
  be_nice (10);
}

void
pl_parallel_stand_aside (void)
{
  stands_aside = true;
  be_nice (19);
}

typedef struct
{
  int worker;
  unsigned seen;
} WorkerStart;

static void *
work (void *data)
{
  WorkerStart start = *(WorkerStart *) data;
  unsigned seen = start.seen;

  free (data);
  pl_parallel_nice_self ();
  for (;;)
    {
      seen = await_generation_after (seen);
      if (quit)
        return NULL;
      run_items (start.worker);
      if (atomic_fetch_sub_explicit (&n_busy, 1, memory_order_acq_rel) == 1)
        {
          pthread_mutex_lock (&sleep_lock);
          pthread_cond_signal (&done);
          pthread_mutex_unlock (&sleep_lock);
        }
    }
}

static void
announce (void)
{
  pthread_mutex_lock (&sleep_lock);
  atomic_fetch_add_explicit (&generation, 1, memory_order_release);
  pthread_cond_broadcast (&wake);
  pthread_mutex_unlock (&sleep_lock);
}

static void
await_workers (void)
{
  for (int i = 0; i < SPINS; i++)
    {
      if (atomic_load_explicit (&n_busy, memory_order_acquire) == 0)
        return;
      pause_briefly ();
    }
  pthread_mutex_lock (&sleep_lock);
  while (atomic_load_explicit (&n_busy, memory_order_acquire) != 0)
    pthread_cond_wait (&done, &sleep_lock);
  pthread_mutex_unlock (&sleep_lock);
}

/* With @job_lock held. */
static void
stop_workers (void)
{
  int n = atomic_load (&n_threads);

  if (n > 1)
    {
      quit = true;
      announce ();
      for (int i = 1; i < n; i++)
        pthread_join (workers[i], NULL);
      quit = false;
    }
  atomic_store (&n_threads, 0);
}

/* With @job_lock held. What cannot be started is done without. */
static void
start_workers (int wanted)
{
  int n = wanted > 0 ? wanted : (int) sysconf (_SC_NPROCESSORS_ONLN);
  int started = 1;

  n = n < 1 ? 1 : n > MOST_THREADS ? MOST_THREADS : n;
  for (; started < n; started++)
    {
      WorkerStart *start = malloc (sizeof *start);

      if (start == NULL)
        break;
      *start = (WorkerStart){ .worker = started, .seen = atomic_load (&generation) };
      if (pthread_create (&workers[started], NULL, work, start) != 0)
        {
          free (start);
          break;
        }
    }
  atomic_store (&n_threads, started);
}

void
pl_parallel_init (int wanted)
{
  pthread_mutex_lock (&job_lock);
  stop_workers ();
  start_workers (wanted);
  pthread_mutex_unlock (&job_lock);
}

int
pl_parallel_threads (void)
{
  int n = atomic_load (&n_threads);

  if (n == 0)
    {
      pthread_mutex_lock (&job_lock);
      if (atomic_load (&n_threads) == 0)
        start_workers (0);
      n = atomic_load (&n_threads);
      pthread_mutex_unlock (&job_lock);
    }
  return n;
}

static void
run_alone (size_t n, PlParallelBody body, void *data)
{
  long long start_ns = start_items ();

  for (size_t i = 0; i < n; i++)
    body (data, i, 0);
  end_items (start_ns);
}

void
pl_parallel_for (size_t n, PlParallelBody body, void *data)
{
  int threads = n > 1 && !stands_aside ? pl_parallel_threads () : 1;

  if (threads == 1 || pthread_mutex_trylock (&job_lock) != 0)
    {
      run_alone (n, body, data);
      return;
    }
  job.body = body;
  job.data = data;
  job.n = n;
  atomic_store_explicit (&job.next, 0, memory_order_relaxed);
  atomic_store_explicit (&n_busy, atomic_load (&n_threads) - 1, memory_order_relaxed);
  announce ();
  run_items (0);
  await_workers ();
  pthread_mutex_unlock (&job_lock);
}
