/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Distances between surfaces by an exact Euclidean distance transform (Felzenszwalb and
 * Huttenlocher, Theory of Computing 8, 2012): along each axis in turn, the lower envelope of the
 * parabolas that stand on the line's values. Only the box around both masks is looked at, since all
 * surface voxels lie in it. */
#include "train/surface.h"

#include <math.h>

#include "base/parallel.h"
#include "train/selection.h"

/* Part of the voxels: from first[axis] on, n[axis] of them. */
typedef struct
{
  int first[3];
  int n[3];
} Box;

/* One mask and the volume it lies in. */
typedef struct
{
  const guint8 *labels;
  const int *n;
  int label;
} Shape;

static gboolean
is_inside (const Shape *shape, gsize i)
{
  return shape->label == 0 ? shape->labels[i] != 0 : shape->labels[i] == shape->label;
}

static gsize
locate (const int n[3], int s, int r, int c)
{
  return ((gsize) s * (gsize) n[1] + (gsize) r) * (gsize) n[2] + (gsize) c;
}

/* Widens low…high until it holds the shape; FALSE when the shape is empty. */
static gboolean
widen (const Shape *shape, int low[3], int high[3])
{
  gboolean found = FALSE;

  for (int s = 0; s < shape->n[0]; s++)
    for (int r = 0; r < shape->n[1]; r++)
      {
        gsize row = locate (shape->n, s, r, 0);
        int first = 0;
        int last = shape->n[2] - 1;

        while (first <= last && !is_inside (shape, row + (gsize) first))
          first++;
        if (first > last)
          continue;
        while (!is_inside (shape, row + (gsize) last))
          last--;
        low[0] = MIN (low[0], s);
        high[0] = MAX (high[0], s);
        low[1] = MIN (low[1], r);
        high[1] = MAX (high[1], r);
        low[2] = MIN (low[2], first);
        high[2] = MAX (high[2], last);
        found = TRUE;
      }
  return found;
}

/* Does a voxel of the shape have a neighbour outside it? */
static gboolean
is_on_surface (const Shape *shape, const int at[3])
{
  gsize i = locate (shape->n, at[0], at[1], at[2]);
  gsize step = 1;

  for (int axis = 2; axis >= 0; axis--)
    {
      if (axis == 0 && shape->n[0] == 1)
        return FALSE;
      if (at[axis] == 0 || at[axis] == shape->n[axis] - 1 || !is_inside (shape, i - step) ||
          !is_inside (shape, i + step))
        return TRUE;
      step *= (gsize) shape->n[axis];
    }
  return FALSE;
}

/* (element-type gsize): where in the box the surface voxels are. */
static GArray *
list_surface (const Shape *shape, const Box *box)
{
  GArray *surface = g_array_new (FALSE, FALSE, sizeof (gsize));

  for (int s = 0; s < box->n[0]; s++)
    for (int r = 0; r < box->n[1]; r++)
      for (int c = 0; c < box->n[2]; c++)
        {
          const int at[3] = { s + box->first[0], r + box->first[1], c + box->first[2] };
          gsize i = locate (box->n, s, r, c);

          if (is_inside (shape, locate (shape->n, at[0], at[1], at[2])) &&
              is_on_surface (shape, at))
            g_array_append_val (surface, i);
        }
  return surface;
}

/* Room for one line; each worker has its own. */
typedef struct
{
  float *in;
  float *out;
  int *vertex;   /* where the parabolas of the envelope stand */
  double *start; /* from where on each of them is the lowest, mm */
} Line;

/* Squared distances along one axis. */
typedef struct
{
  float *field;
  const int *n;
  int axis;
  double step_mm;
  Line *lines;
} Pass;

/* Returns: how many parabolas the envelope has */
static int
find_envelope (const Line *line, int n, double step)
{
  int count = 0;

  for (int q = 0; q < n; q++)
    {
      double start = -INFINITY;

      if (isinf (line->in[q]))
        continue;
      for (; count > 0; count--)
        {
          int v = line->vertex[count - 1];

          start = ((double) line->in[q] - (double) line->in[v]) / (2 * step * (q - v)) +
                  step * (q + v) / 2;
          if (start > line->start[count - 1])
            break;
          start = -INFINITY;
        }
      line->vertex[count] = q;
      line->start[count++] = start;
    }
  return count;
}

static void
transform_line (const Line *line, int n, double step)
{
  int count = find_envelope (line, n, step);
  int k = 0;

  for (int q = 0; q < n; q++)
    {
      double d;

      if (count == 0)
        {
          line->out[q] = INFINITY;
          continue;
        }
      while (k + 1 < count && line->start[k + 1] < q * step)
        k++;
      d = (q - line->vertex[k]) * step;
      line->out[q] = (float) (d * d + (double) line->in[line->vertex[k]]);
    }
}

/* All lines of the axis that run through one slice, or through one row when they run along slices.
 */
static void
transform_plane_cb (void *data, size_t index, int worker)
{
  const Pass *pass = data;
  const int *n = pass->n;
  const Line *line = &pass->lines[worker];
  gsize row = (gsize) n[2];
  gsize slice = row * (gsize) n[1];
  gsize stride = pass->axis == 0 ? slice : pass->axis == 1 ? row : 1;
  gsize between = pass->axis == 2 ? row : 1;
  float *first = pass->field + index * (pass->axis == 0 ? row : slice);
  int n_lines = pass->axis == 2 ? n[1] : n[2];

  for (int l = 0; l < n_lines; l++)
    {
      float *values = first + (gsize) l * between;

      for (int q = 0; q < n[pass->axis]; q++)
        line->in[q] = values[(gsize) q * stride];
      transform_line (line, n[pass->axis], pass->step_mm);
      for (int q = 0; q < n[pass->axis]; q++)
        values[(gsize) q * stride] = line->out[q];
    }
}

static Line *
make_lines (int n_lines, int longest)
{
  Line *lines = g_new (Line, n_lines);

  for (int i = 0; i < n_lines; i++)
    lines[i] = (Line){ g_new (float, longest), g_new (float, longest), g_new (int, longest),
                       g_new (double, longest) };
  return lines;
}

static void
free_lines (Line *lines, int n_lines)
{
  for (int i = 0; i < n_lines; i++)
    {
      g_free (lines[i].in);
      g_free (lines[i].out);
      g_free (lines[i].vertex);
      g_free (lines[i].start);
    }
  g_free (lines);
}

/* @field: squared distance in mm² of each voxel of the box to the nearest of @surface */
static void
measure_field (float *field, const int n[3], const GArray *surface, const double spacing_mm[3])
{
  gsize count = (gsize) n[0] * (gsize) n[1] * (gsize) n[2];
  int n_lines = pl_parallel_threads ();
  Line *lines = make_lines (n_lines, MAX (n[0], MAX (n[1], n[2])));

  for (gsize i = 0; i < count; i++)
    field[i] = INFINITY;
  for (guint i = 0; i < surface->len; i++)
    field[g_array_index (surface, gsize, i)] = 0;
  for (int axis = 2; axis >= 0; axis--)
    {
      Pass pass = { field, n, axis, spacing_mm[axis], lines };

      pl_parallel_for ((size_t) n[axis == 0 ? 1 : 0], transform_plane_cb, &pass);
    }
  free_lines (lines, n_lines);
}

/* Distances in mm from each voxel of @surface; adds them to @sum. */
static double *
read_distances (const float *field, const GArray *surface, double *sum)
{
  double *distances = g_new (double, surface->len);

  for (guint i = 0; i < surface->len; i++)
    {
      distances[i] = sqrt ((double) field[g_array_index (surface, gsize, i)]);
      *sum += distances[i];
    }
  return distances;
}

static Box
make_box (const int low[3], const int high[3])
{
  Box box;

  for (int axis = 0; axis < 3; axis++)
    {
      box.first[axis] = low[axis];
      box.n[axis] = high[axis] - low[axis] + 1;
    }
  return box;
}

gboolean
pl_surface_compare (const guint8 *a,
                    const guint8 *b,
                    const int n[3],
                    int label,
                    const double spacing_mm[3],
                    PlSurfaceDistances *distances)
{
  const Shape shapes[2] = { { a, n, label }, { b, n, label } };
  int low[3] = { n[0], n[1], n[2] };
  int high[3] = { -1, -1, -1 };
  g_autoptr (GArray) surface_a = NULL;
  g_autoptr (GArray) surface_b = NULL;
  g_autofree float *field = NULL;
  g_autofree double *from_a = NULL;
  g_autofree double *from_b = NULL;
  double sum = 0;
  Box box;

  if (!widen (&shapes[0], low, high) || !widen (&shapes[1], low, high))
    return FALSE;
  box = make_box (low, high);
  surface_a = list_surface (&shapes[0], &box);
  surface_b = list_surface (&shapes[1], &box);
  field = g_new (float, (gsize) box.n[0] * (gsize) box.n[1] * (gsize) box.n[2]);
  measure_field (field, box.n, surface_b, spacing_mm);
  from_a = read_distances (field, surface_a, &sum);
  measure_field (field, box.n, surface_a, spacing_mm);
  from_b = read_distances (field, surface_b, &sum);
  distances->hd95_mm = MAX (pl_select_percentile (from_a, surface_a->len, 95),
                            pl_select_percentile (from_b, surface_b->len, 95));
  distances->assd_mm = sum / ((double) surface_a->len + (double) surface_b->len);
  return TRUE;
}
