/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Connected components by runs: a row of a lung mask has about three, so union and find work on a
 * few hundred thousand runs where a volume has a hundred million voxels; the time goes into the one
 * pass that finds them. Of two joined runs the earlier is the root, so roots come in memory order.
 */
#include "image/components.h"

#include "base/parallel.h"

#include <string.h>

typedef struct
{
  int start;
  int end;
  guint parent; /* index of a run; its own for a root */
} Run;

/* Runs of all rows, in memory order; those of row i are from row_first[i] up to row_first[i + 1].
 */
typedef struct
{
  GArray *runs;
  guint *row_first;
} Labelling;

static int
find_zero (const guint8 *row, int i, int n)
{
  const guint8 *zero = i < n ? memchr (row + i, 0, (gsize) (n - i)) : NULL;

  return zero != NULL ? (int) (zero - row) : n;
}

static int
find_nonzero (const guint8 *row, int i, int n)
{
  guint64 eight;

  for (; i + 8 <= n; i += 8)
    {
      memcpy (&eight, row + i, 8);
      if (eight != 0)
        break;
    }
  while (i < n && row[i] == 0)
    i++;
  return i;
}

/* @of_zeros: runs of background instead of foreground. */
static void
append_runs (GArray *runs, const guint8 *row, int n, gboolean of_zeros)
{
  int end = 0;

  for (;;)
    {
      int start = of_zeros ? find_zero (row, end, n) : find_nonzero (row, end, n);

      if (start == n)
        return;
      end = of_zeros ? find_nonzero (row, start, n) : find_zero (row, start, n);
      Run run = { .start = start, .end = end, .parent = runs->len };
      g_array_append_val (runs, run);
    }
}

static guint
find_root (Run *runs, guint i)
{
  while (runs[i].parent != i)
    {
      runs[i].parent = runs[runs[i].parent].parent;
      i = runs[i].parent;
    }
  return i;
}

static void
join (Run *runs, guint a, guint b)
{
  guint root_a = find_root (runs, a);
  guint root_b = find_root (runs, b);

  if (root_a < root_b)
    runs[root_b].parent = root_a;
  else
    runs[root_a].parent = root_b;
}

static void
join_rows (const Labelling *labelling, gsize row_a, gsize row_b)
{
  Run *runs = (Run *) labelling->runs->data;
  guint a = labelling->row_first[row_a], a_end = labelling->row_first[row_a + 1];
  guint b = labelling->row_first[row_b], b_end = labelling->row_first[row_b + 1];

  while (a < a_end && b < b_end)
    {
      if (runs[a].start < runs[b].end && runs[b].start < runs[a].end)
        join (runs, a, b);
      if (runs[a].end < runs[b].end)
        a++;
      else
        b++;
    }
}

static void
label_runs (Labelling *labelling, const guint8 *labels, const int n[3], gboolean of_zeros)
{
  gsize n_rows = (gsize) n[0] * (gsize) n[1];

  labelling->runs = g_array_new (FALSE, FALSE, sizeof (Run));
  labelling->row_first = g_new (guint, n_rows + 1);
  for (gsize row = 0; row < n_rows; row++)
    {
      labelling->row_first[row] = labelling->runs->len;
      append_runs (labelling->runs, labels + row * (gsize) n[2], n[2], of_zeros);
    }
  labelling->row_first[n_rows] = labelling->runs->len;
  for (gsize row = 1; row < n_rows; row++)
    {
      if (row % (gsize) n[1] != 0)
        join_rows (labelling, row - 1, row);
      if (row >= (gsize) n[1])
        join_rows (labelling, row - (gsize) n[1], row);
    }
}

static void
clear_labelling (Labelling *labelling)
{
  g_array_unref (labelling->runs);
  g_free (labelling->row_first);
}

typedef struct
{
  guint root;
  gsize size;
} Component;

/* Largest first; of equals, the one met first. */
static int
compare_components (gconstpointer a, gconstpointer b)
{
  const Component *x = a, *y = b;

  if (x->size != y->size)
    return x->size > y->size ? -1 : 1;
  return x->root < y->root ? -1 : x->root > y->root;
}

/* Element: Component. */
static GArray *
list_components (const Labelling *labelling)
{
  GArray *components = g_array_new (FALSE, FALSE, sizeof (Component));
  guint n_runs = labelling->runs->len;
  Run *runs = (Run *) labelling->runs->data;
  g_autofree guint *place = g_new (guint, n_runs); /* of a root in the list */

  for (guint i = 0; i < n_runs; i++)
    {
      guint root = find_root (runs, i);

      if (root == i)
        {
          Component component = { .root = root };
          place[root] = components->len;
          g_array_append_val (components, component);
        }
      g_array_index (components, Component, place[root]).size +=
          (gsize) (runs[i].end - runs[i].start);
    }
  return components;
}

/* The @keep first of the sorted @components stay. */
static void
erase_all_but (const Labelling *labelling,
               const GArray *components,
               guint keep,
               guint8 *labels,
               const int n[3])
{
  Run *runs = (Run *) labelling->runs->data;
  gsize n_rows = (gsize) n[0] * (gsize) n[1];
  g_autofree gboolean *stays = g_new0 (gboolean, labelling->runs->len);

  for (guint i = 0; i < MIN (keep, components->len); i++)
    stays[g_array_index (components, Component, i).root] = TRUE;
  for (gsize row = 0; row < n_rows; row++)
    for (guint i = labelling->row_first[row]; i < labelling->row_first[row + 1]; i++)
      if (!stays[find_root (runs, i)])
        memset (labels + row * (gsize) n[2] + runs[i].start, 0,
                (gsize) (runs[i].end - runs[i].start));
}

void
pl_components_keep_largest (guint8 *labels, const int n[3], int keep)
{
  Labelling labelling;
  g_autoptr (GArray) components = NULL;

  label_runs (&labelling, labels, n, FALSE);
  components = list_components (&labelling);
  g_array_sort (components, compare_components);
  erase_all_but (&labelling, components, (guint) MAX (keep, 0), labels, n);
  clear_labelling (&labelling);
}

int
pl_components_count (const guint8 *labels, const int n[3])
{
  Labelling labelling;
  int count = 0;

  label_runs (&labelling, labels, n, FALSE);
  for (guint i = 0; i < labelling.runs->len; i++)
    count += g_array_index (labelling.runs, Run, i).parent == i;
  clear_labelling (&labelling);
  return count;
}

/* How much of a run in @row lies before @cut along @axis. */
static int
count_before (const Run *run, gsize row, const int n[3], int axis, int cut)
{
  const int place[2] = { (int) (row / (gsize) n[1]), (int) (row % (gsize) n[1]) };

  if (axis == 2)
    return CLAMP (cut, run->start, run->end) - run->start;
  return place[axis] < cut ? run->end - run->start : 0;
}

void
pl_components_take_sides (guint8 *labels, const int n[3], int axis, int cut, double share)
{
  Labelling labelling;
  gsize n_rows = (gsize) n[0] * (gsize) n[1];
  g_autofree gsize *sizes = NULL; /* of roots: in all, and before the cut */
  g_autofree gsize *before = NULL;
  Run *runs;

  label_runs (&labelling, labels, n, FALSE);
  runs = (Run *) labelling.runs->data;
  sizes = g_new0 (gsize, MAX (labelling.runs->len, 1));
  before = g_new0 (gsize, MAX (labelling.runs->len, 1));
  for (gsize row = 0; row < n_rows; row++)
    for (guint i = labelling.row_first[row]; i < labelling.row_first[row + 1]; i++)
      {
        guint root = find_root (runs, i);

        sizes[root] += (gsize) (runs[i].end - runs[i].start);
        before[root] += (gsize) count_before (&runs[i], row, n, axis, cut);
      }
  for (gsize row = 0; row < n_rows; row++)
    for (guint i = labelling.row_first[row]; i < labelling.row_first[row + 1]; i++)
      {
        guint root = find_root (runs, i);
        double part = (double) before[root] / (double) sizes[root];
        int label = part >= share       ? PL_SIDE_BEFORE
                    : part <= 1 - share ? PL_SIDE_BEYOND
                                        : PL_SIDE_BOTH;

        memset (labels + row * (gsize) n[2] + runs[i].start, label,
                (gsize) (runs[i].end - runs[i].start));
      }
  clear_labelling (&labelling);
}

/* One slice whose background is being filled. The runs of a component are a list from @head (root)
 * through @next; NONE ends it. */
typedef struct
{
  guint8 *labels;
  int n_rows, n_columns;
  Labelling labelling;
  guint *head;
  guint *next;
  int *row_of;
  gboolean *is_open; /* of a root: reaches the edge of the slice */
} Slice;

#define NONE G_MAXUINT

static void
list_background (Slice *slice)
{
  guint n_runs = slice->labelling.runs->len;
  Run *runs = (Run *) slice->labelling.runs->data;

  slice->head = g_new (guint, n_runs);
  slice->next = g_new (guint, n_runs);
  slice->row_of = g_new (int, n_runs);
  slice->is_open = g_new0 (gboolean, n_runs);
  for (guint i = 0; i < n_runs; i++)
    slice->head[i] = NONE;
  for (int row = 0; row < slice->n_rows; row++)
    for (guint i = slice->labelling.row_first[row]; i < slice->labelling.row_first[row + 1]; i++)
      {
        guint root = find_root (runs, i);

        slice->row_of[i] = row;
        slice->next[i] = slice->head[root];
        slice->head[root] = i;
        slice->is_open[root] |= row == 0 || row == slice->n_rows - 1 || runs[i].start == 0 ||
                                runs[i].end == slice->n_columns;
      }
}

static void
clear_background (Slice *slice)
{
  g_free (slice->head);
  g_free (slice->next);
  g_free (slice->row_of);
  g_free (slice->is_open);
}

/* Adds up the labels of the pixels round a run that is not at the edge. */
static void
count_neighbours (const Slice *slice, const Run *run, int row, int counts[256])
{
  const guint8 *here = slice->labels + (gsize) row * (gsize) slice->n_columns;
  const guint8 *above = here - slice->n_columns;
  const guint8 *below = here + slice->n_columns;

  counts[here[run->start - 1]]++;
  counts[here[run->end]]++;
  for (int c = run->start; c < run->end; c++)
    {
      counts[above[c]]++;
      counts[below[c]]++;
    }
}

/* Two holes never touch, so what is filled first does not change what surrounds the next. */
static void
fill_hole (Slice *slice, guint root)
{
  const Run *runs = (const Run *) slice->labelling.runs->data;
  int counts[256] = { 0 };
  int best = 1;

  for (guint i = slice->head[root]; i != NONE; i = slice->next[i])
    count_neighbours (slice, &runs[i], slice->row_of[i], counts);
  for (int label = 2; label < 256; label++)
    if (counts[label] > counts[best])
      best = label;
  for (guint i = slice->head[root]; i != NONE; i = slice->next[i])
    memset (slice->labels + (gsize) slice->row_of[i] * (gsize) slice->n_columns + runs[i].start,
            best, (gsize) (runs[i].end - runs[i].start));
}

typedef struct
{
  guint8 *labels;
  const int *n;
} FillJob;

static void
fill_slice (void *data, size_t index, int worker)
{
  const FillJob *job = data;
  const int n[3] = { 1, job->n[1], job->n[2] };
  Slice slice = {
    .labels = job->labels + index * (gsize) n[1] * (gsize) n[2],
    .n_rows = n[1],
    .n_columns = n[2],
  };

  label_runs (&slice.labelling, slice.labels, n, TRUE);
  list_background (&slice);
  for (guint i = 0; i < slice.labelling.runs->len; i++)
    if (slice.head[i] != NONE && !slice.is_open[i])
      fill_hole (&slice, i);
  clear_background (&slice);
  clear_labelling (&slice.labelling);
}

void
pl_components_fill_holes (guint8 *labels, const int n[3])
{
  FillJob job = { .labels = labels, .n = n };

  pl_parallel_for ((size_t) n[0], fill_slice, &job);
}
