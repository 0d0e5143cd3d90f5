/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a training and its watcher share: nothing is lost, the newest wins, the reader is told once.
 */
#include "train/mailbox.h"

enum
{
  N_WRITERS = 4,
  N_POINTS = 5000, /* a writer */
};

static PlPreview *
make_preview (int slice)
{
  const int n[3] = { 1, 2, 2 };
  PlPreview *preview = g_new0 (PlPreview, 1);

  preview->case_name = g_strdup_printf ("case %d", slice);
  preview->slice = slice;
  preview->mask = pl_mask_new_take (n, g_new0 (guint8, 4));
  return preview;
}

static void
test_told_once (void)
{
  g_autoptr (GArray) points = NULL;
  g_autoptr (GPtrArray) previews = NULL;
  PlMailbox box;
  PlTrainPoint point = { .step = 1 };
  PlTrainStatus status = { .phase = PL_PHASE_TRAINING };

  pl_mailbox_init (&box);
  g_assert_true (pl_mailbox_post_point (&box, &point));
  g_assert_false (pl_mailbox_post_point (&box, &point));
  g_assert_false (pl_mailbox_post_status (&box, &status));
  g_assert_true (pl_mailbox_take (&box, &points, &status, &previews));
  g_assert_cmpuint (points->len, ==, 2);
  g_assert_cmpuint (previews->len, ==, 0);
  g_assert_true (pl_mailbox_post_preview (&box, make_preview (1)));
  pl_mailbox_clear (&box);
}

static void
test_newest_wins (void)
{
  g_autoptr (GArray) points = NULL;
  g_autoptr (GArray) none = NULL;
  g_autoptr (GPtrArray) previews = NULL;
  g_autoptr (GPtrArray) no_previews = NULL;
  PlPreview *newest, *other;
  PlMailbox box;
  PlTrainStatus status = { .epoch = 1 };

  pl_mailbox_init (&box);
  pl_mailbox_post_status (&box, &status);
  status.epoch = 2;
  pl_mailbox_post_status (&box, &status);
  pl_mailbox_post_preview (&box, make_preview (1));
  pl_mailbox_post_preview (&box, make_preview (2));
  newest = make_preview (1);
  pl_mailbox_post_preview (&box, newest);
  other = make_preview (1);
  other->case_name[0] = 'b';
  pl_mailbox_post_preview (&box, other);
  status.epoch = 0;
  g_assert_true (pl_mailbox_take (&box, &points, &status, &previews));
  g_assert_cmpint (status.epoch, ==, 2);
  g_assert_cmpuint (previews->len, ==, 3);
  g_assert_true (g_ptr_array_index (previews, 0) == newest);
  g_assert_cmpint (((PlPreview *) g_ptr_array_index (previews, 1))->slice, ==, 2);
  g_assert_true (g_ptr_array_index (previews, 2) == other);

  status.epoch = 7;
  g_assert_false (pl_mailbox_take (&box, &none, &status, &no_previews));
  g_assert_cmpint (status.epoch, ==, 7);
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpuint (no_previews->len, ==, 0);
  pl_mailbox_clear (&box);
}

typedef struct
{
  PlMailbox *box;
  int number;
  int n_told; /* how often a post said that the reader has to be told */
} Writer;

static gpointer
write_points (gpointer data)
{
  Writer *writer = data;

  for (int i = 0; i < N_POINTS; i++)
    {
      PlTrainPoint point = { .step = i, .epoch = writer->number };
      PlTrainStatus status = { .epoch = i };

      writer->n_told += pl_mailbox_post_point (writer->box, &point);
      writer->n_told += pl_mailbox_post_status (writer->box, &status);
      if (i % 64 == 0)
        writer->n_told += pl_mailbox_post_preview (writer->box, make_preview (i));
    }
  return NULL;
}

/* Each writer's points come in their order, none missing. Returns how many came. */
static int
check_points (const GArray *points, int next[N_WRITERS])
{
  for (guint i = 0; i < points->len; i++)
    {
      const PlTrainPoint *point = &g_array_index (points, PlTrainPoint, i);

      g_assert_cmpint (point->step, ==, next[(int) point->epoch]++);
    }
  return (int) points->len;
}

static void
test_threads (void)
{
  GThread *threads[N_WRITERS];
  Writer writers[N_WRITERS];
  int next[N_WRITERS] = { 0 };
  int n_taken = 0, n_takes = 0, n_told = 0;
  PlMailbox box;

  pl_mailbox_init (&box);
  for (int i = 0; i < N_WRITERS; i++)
    {
      writers[i] = (Writer){ .box = &box, .number = i };
      threads[i] = g_thread_new ("writer", write_points, &writers[i]);
    }
  while (n_taken < N_WRITERS * N_POINTS)
    {
      g_autoptr (GArray) points = NULL;
      g_autoptr (GPtrArray) previews = NULL;
      PlTrainStatus status;

      pl_mailbox_take (&box, &points, &status, &previews);
      n_taken += check_points (points, next);
      n_takes++;
      g_usleep (100);
    }
  for (int i = 0; i < N_WRITERS; i++)
    {
      g_thread_join (threads[i]);
      n_told += writers[i].n_told;
    }
  g_assert_cmpint (n_told, >=, 1);
  g_assert_cmpint (n_told, <=, n_takes + 1);
  pl_mailbox_clear (&box);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/train/mailbox/told-once", test_told_once);
  g_test_add_func ("/train/mailbox/newest-wins", test_newest_wins);
  g_test_add_func ("/train/mailbox/threads", test_threads);
  return g_test_run ();
}
