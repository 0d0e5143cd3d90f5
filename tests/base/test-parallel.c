/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/parallel.h"

#include <glib.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <unistd.h>

enum
{
  N_ITEMS = 5000,
};

static const int thread_counts[] = { 1, 2, 3, 8 };

typedef struct
{
  atomic_int done[N_ITEMS];
  atomic_int inside[8]; /* items that run with this worker's number */
} Count;

static void
count_item (void *data, size_t index, int worker)
{
  Count *count = data;

  g_assert_cmpint (worker, >=, 0);
  g_assert_cmpint (worker, <, pl_parallel_threads ());
  g_assert_cmpint (atomic_fetch_add (&count->inside[worker], 1), ==, 0);
  atomic_fetch_add (&count->done[index], 1);
  g_assert_cmpint (atomic_fetch_sub (&count->inside[worker], 1), ==, 1);
}

static void
test_each_once (void)
{
  const size_t sizes[] = { 0, 1, 2, 3, 7, 100, N_ITEMS };

  for (guint t = 0; t < G_N_ELEMENTS (thread_counts); t++)
    {
      pl_parallel_init (thread_counts[t]);
      g_assert_cmpint (pl_parallel_threads (), ==, thread_counts[t]);
      for (guint k = 0; k < G_N_ELEMENTS (sizes); k++)
        {
          g_autofree Count *count = g_new0 (Count, 1);

          pl_parallel_for (sizes[k], count_item, count);
          for (size_t i = 0; i < N_ITEMS; i++)
            g_assert_cmpint (count->done[i], ==, i < sizes[k]);
        }
    }
}

static void
square_item (void *data, size_t index, int worker)
{
  guint64 *squares = data;

  squares[index] = (guint64) index * index;
}

/* Plain memory that the items wrote can be read afterwards; many short jobs in a row. */
static void
test_many_jobs (void)
{
  guint64 squares[64];

  for (guint t = 0; t < G_N_ELEMENTS (thread_counts); t++)
    {
      pl_parallel_init (thread_counts[t]);
      for (int job = 0; job < 500; job++)
        {
          size_t n = 1 + (size_t) job % 64;

          for (size_t i = 0; i < n; i++)
            squares[i] = 0;
          pl_parallel_for (n, square_item, squares);
          for (size_t i = 0; i < n; i++)
            g_assert_cmpuint (squares[i], ==, i * i);
        }
    }
}

/* Workers that have gone to sleep wake up for the next job. */
static void
test_after_a_rest (void)
{
  guint64 squares[64] = { 0 };

  pl_parallel_init (4);
  for (int job = 0; job < 5; job++)
    {
      pl_parallel_for (64, square_item, squares);
      g_usleep (20000);
    }
  g_assert_cmpuint (squares[63], ==, 63 * 63);
}

static void
sleep_item (void *data, size_t index, int worker)
{
  guint64 squares[2];

  g_usleep (20000);
  pl_parallel_for (2, square_item, squares); /* counted with the item */
}

/* The time of all threads that were in an item, once. */
static void
test_busy (void)
{
  for (guint t = 0; t < G_N_ELEMENTS (thread_counts); t++)
    {
      double before_s, busy_s;

      pl_parallel_init (thread_counts[t]);
      before_s = pl_parallel_busy_s ();
      g_usleep (100000);
      g_assert_cmpfloat (pl_parallel_busy_s (), ==, before_s);
      pl_parallel_for (6, sleep_item, NULL);
      busy_s = pl_parallel_busy_s () - before_s;
      g_assert_cmpfloat (busy_s, >=, 6 * 0.02);
    }
}

typedef struct
{
  int n_waiting;
  pthread_mutex_t lock;
  pthread_cond_t all_here;
} Meeting;

/* Returns once all threads are in it at the same time. */
static void
meet_item (void *data, size_t index, int worker)
{
  Meeting *meeting = data;

  pthread_mutex_lock (&meeting->lock);
  if (++meeting->n_waiting == 3)
    pthread_cond_broadcast (&meeting->all_here);
  while (meeting->n_waiting < 3)
    pthread_cond_wait (&meeting->all_here, &meeting->lock);
  pthread_mutex_unlock (&meeting->lock);
}

static void
test_threads_run_at_once (void)
{
  Meeting meeting = { .lock = PTHREAD_MUTEX_INITIALIZER, .all_here = PTHREAD_COND_INITIALIZER };

  pl_parallel_init (3);
  pl_parallel_for (3, meet_item, &meeting);
  g_assert_cmpint (meeting.n_waiting, ==, 3);
}

typedef struct
{
  guint64 squares[16][32];
} Nest;

static void
check_alone (void *data, size_t index, int worker)
{
  guint64 *squares = data;

  g_assert_cmpint (worker, ==, 0);
  squares[index] = (guint64) index * index;
}

static void
nest_item (void *data, size_t index, int worker)
{
  Nest *nest = data;

  pl_parallel_for (32, check_alone, nest->squares[index]);
}

static void
test_nested (void)
{
  g_autofree Nest *nest = g_new0 (Nest, 1);

  pl_parallel_init (3);
  pl_parallel_for (16, nest_item, nest);
  for (int i = 0; i < 16; i++)
    for (guint64 k = 0; k < 32; k++)
      g_assert_cmpuint (nest->squares[i][k], ==, k * k);
}

static void *
run_jobs (void *data)
{
  for (int job = 0; job < 100; job++)
    {
      guint64 squares[200] = { 0 };

      pl_parallel_for (200, square_item, squares);
      for (size_t i = 0; i < 200; i++)
        g_assert_cmpuint (squares[i], ==, i * i);
    }
  return NULL;
}

static void
test_from_several_threads (void)
{
  pthread_t threads[4];

  pl_parallel_init (2);
  for (int i = 0; i < 4; i++)
    g_assert_cmpint (pthread_create (&threads[i], NULL, run_jobs, NULL), ==, 0);
  for (int i = 0; i < 4; i++)
    pthread_join (threads[i], NULL);
}

static void
test_default_size (void)
{
  pl_parallel_init (0);
  g_assert_cmpint (pl_parallel_threads (), ==, MIN (sysconf (_SC_NPROCESSORS_ONLN), 256));
}

static void *
read_nice (void *data)
{
  int *nice = data;

  pl_parallel_nice_self ();
  *nice = getpriority (PRIO_PROCESS, 0);
  return NULL;
}

/* The thread alone becomes nicer, not the process. */
static void
test_nice_self (void)
{
  int before = getpriority (PRIO_PROCESS, 0);
  int nice = 0;
  pthread_t thread;

  g_assert_cmpint (pthread_create (&thread, NULL, read_nice, &nice), ==, 0);
  pthread_join (thread, NULL);
  g_assert_cmpint (nice, ==, MAX (before, 10));
  g_assert_cmpint (getpriority (PRIO_PROCESS, 0), ==, before);
}

typedef struct
{
  pthread_t thread;
  int n_elsewhere; /* items of other threads */
  int nice;
} Aside;

static void
note_thread (void *data, size_t index, int worker)
{
  Aside *aside = data;

  if (!pthread_equal (pthread_self (), aside->thread))
    g_atomic_int_inc (&aside->n_elsewhere);
  g_usleep (100);
}

static void *
work_aside (void *data)
{
  Aside *aside = data;

  aside->thread = pthread_self ();
  pl_parallel_stand_aside ();
  pl_parallel_for (200, note_thread, aside);
  aside->nice = getpriority (PRIO_PROCESS, 0);
  return NULL;
}

/* It does all by itself; the thread that asks next has the pool. */
static void
test_stand_aside (void)
{
  Aside aside = { .n_elsewhere = 0 };
  Aside other = { .thread = pthread_self () };
  int before = getpriority (PRIO_PROCESS, 0);
  pthread_t thread;

  pl_parallel_init (4);
  g_assert_cmpint (pthread_create (&thread, NULL, work_aside, &aside), ==, 0);
  pthread_join (thread, NULL);
  g_assert_cmpint (aside.n_elsewhere, ==, 0);
  g_assert_cmpint (aside.nice, ==, MAX (before, 19));
  g_assert_cmpint (getpriority (PRIO_PROCESS, 0), ==, before);
  pl_parallel_for (200, note_thread, &other);
  g_assert_cmpint (other.n_elsewhere, >, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/parallel/each-once", test_each_once);
  g_test_add_func ("/base/parallel/many-jobs", test_many_jobs);
  g_test_add_func ("/base/parallel/after-a-rest", test_after_a_rest);
  g_test_add_func ("/base/parallel/threads-run-at-once", test_threads_run_at_once);
  g_test_add_func ("/base/parallel/busy", test_busy);
  g_test_add_func ("/base/parallel/nested", test_nested);
  g_test_add_func ("/base/parallel/from-several-threads", test_from_several_threads);
  g_test_add_func ("/base/parallel/default-size", test_default_size);
  g_test_add_func ("/base/parallel/nice-self", test_nice_self);
  g_test_add_func ("/base/parallel/stand-aside", test_stand_aside);
  return g_test_run ();
}
