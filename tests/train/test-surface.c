/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/surface.h"

#include "base/parallel.h"
#include "base/random.h"
#include "train/selection.h"

#include <math.h>

typedef struct
{
  int n[3];
  guint8 *labels;
} Grid;

static Grid
make_grid (int slices, int rows, int columns)
{
  return (Grid){ { slices, rows, columns }, g_new0 (guint8, slices * rows * columns) };
}

static int
index_of (const Grid *grid, const int at[3])
{
  return (at[0] * grid->n[1] + at[1]) * grid->n[2] + at[2];
}

static void
fill_box (Grid *grid, const int first[3], const int size[3], guint8 label)
{
  for (int s = 0; s < size[0]; s++)
    for (int r = 0; r < size[1]; r++)
      for (int c = 0; c < size[2]; c++)
        grid->labels[index_of (grid, (int[]){ first[0] + s, first[1] + r, first[2] + c })] = label;
}

/* By the definition: every neighbour is looked up. */
static gboolean
is_surface_directly (const Grid *grid, const int at[3], int label)
{
  if (label == 0 ? grid->labels[index_of (grid, at)] == 0
                 : grid->labels[index_of (grid, at)] != label)
    return FALSE;
  for (int axis = grid->n[0] == 1 ? 1 : 0; axis < 3; axis++)
    for (int step = -1; step <= 1; step += 2)
      {
        int next[3] = { at[0], at[1], at[2] };

        next[axis] += step;
        if (next[axis] < 0 || next[axis] >= grid->n[axis] ||
            (label == 0 ? grid->labels[index_of (grid, next)] == 0
                        : grid->labels[index_of (grid, next)] != label))
          return TRUE;
      }
  return FALSE;
}

/* (element-type int): three a voxel */
static GArray *
list_surface_directly (const Grid *grid, int label)
{
  GArray *list = g_array_new (FALSE, FALSE, sizeof (int));

  for (int s = 0; s < grid->n[0]; s++)
    for (int r = 0; r < grid->n[1]; r++)
      for (int c = 0; c < grid->n[2]; c++)
        if (is_surface_directly (grid, (int[]){ s, r, c }, label))
          g_array_append_vals (list, ((int[]){ s, r, c }), 3);
  return list;
}

/* Adds to @sum the distance of each voxel of @a to the nearest of @b. Returns: their 95th
 * percentile */
static double
measure_directly (const GArray *a, const GArray *b, const double spacing[3], double *sum)
{
  guint n = a->len / 3;
  g_autofree double *distances = g_new (double, n);

  for (guint i = 0; i < n; i++)
    {
      double least = INFINITY;

      for (guint j = 0; j < b->len / 3; j++)
        {
          double square = 0;

          for (guint axis = 0; axis < 3; axis++)
            {
              double d = spacing[axis] * (g_array_index (a, int, 3 * i + axis) -
                                          g_array_index (b, int, 3 * j + axis));
              square += d * d;
            }
          least = MIN (least, square);
        }
      distances[i] = sqrt (least);
      *sum += distances[i];
    }
  return pl_select_percentile (distances, n, 95);
}

static void
compare_with_direct (const Grid *a, const Grid *b, int label, const double spacing[3])
{
  g_autoptr (GArray) surface_a = list_surface_directly (a, label);
  g_autoptr (GArray) surface_b = list_surface_directly (b, label);
  PlSurfaceDistances distances = { -1, -1 };
  double sum = 0, hd95_a, hd95_b;

  if (surface_a->len == 0 || surface_b->len == 0)
    {
      g_assert_false (pl_surface_compare (a->labels, b->labels, a->n, label, spacing, &distances));
      g_assert_cmpfloat (distances.hd95_mm, ==, -1);
      return;
    }
  g_assert_true (pl_surface_compare (a->labels, b->labels, a->n, label, spacing, &distances));
  hd95_a = measure_directly (surface_a, surface_b, spacing, &sum);
  hd95_b = measure_directly (surface_b, surface_a, spacing, &sum);
  /* Squares are kept as float: two roundings an axis, relative. */
  g_assert_cmpfloat_with_epsilon (distances.hd95_mm, MAX (hd95_a, hd95_b), 1e-6 * hd95_a + 1e-5);
  g_assert_cmpfloat_with_epsilon (distances.assd_mm, sum * 3 / (surface_a->len + surface_b->len),
                                  1e-5);
}

static void
fill_randomly (Grid *grid, PlRandom *random, double density)
{
  int n = grid->n[0] * grid->n[1] * grid->n[2];

  for (int i = 0; i < n; i++)
    grid->labels[i] = pl_random_uniform (random) < density ? 1 + pl_random_below (random, 2) : 0;
}

static void
test_random_masks (void)
{
  const double densities[] = { 0, 0.002, 0.05, 0.6, 1 };
  PlRandom random;

  pl_random_init (&random, 11, 0);
  for (int trial = 0; trial < 150; trial++)
    {
      int n[3];
      double spacing[3];
      Grid a, b;

      for (int axis = 0; axis < 3; axis++)
        {
          n[axis] = 1 + (int) pl_random_below (&random, 11);
          spacing[axis] = pl_random_between (&random, 0.3, 6);
        }
      n[0] = trial % 3 == 0 ? 1 : n[0];
      a = make_grid (n[0], n[1], n[2]);
      b = make_grid (n[0], n[1], n[2]);
      fill_randomly (&a, &random, densities[pl_random_below (&random, 5)]);
      fill_randomly (&b, &random, densities[pl_random_below (&random, 5)]);
      compare_with_direct (&a, &b, trial % 2, spacing);
      g_free (a.labels);
      g_free (b.labels);
    }
}

static void
test_one_voxel (void)
{
  Grid a = make_grid (4, 5, 6);
  Grid b = make_grid (4, 5, 6);
  PlSurfaceDistances distances;

  a.labels[index_of (&a, (int[]){ 0, 0, 0 })] = 1;
  b.labels[index_of (&b, (int[]){ 3, 4, 2 })] = 1;
  g_assert_true (
      pl_surface_compare (a.labels, b.labels, a.n, 0, (double[]){ 2, 2, 0.5 }, &distances));
  g_assert_cmpfloat_with_epsilon (distances.hd95_mm, sqrt (36 + 64 + 1), 1e-5);
  g_assert_cmpfloat_with_epsilon (distances.assd_mm, sqrt (36 + 64 + 1), 1e-5);
  g_free (a.labels);
  g_free (b.labels);
}

/* One slice: 4-connected, so a 3×3 square has one pixel inside. */
static void
test_single_slice (void)
{
  Grid a = make_grid (1, 7, 7);
  Grid b = make_grid (1, 7, 7);
  PlSurfaceDistances distances;

  fill_box (&a, (int[]){ 0, 2, 2 }, (int[]){ 1, 3, 3 }, 1);
  b.labels[index_of (&b, (int[]){ 0, 3, 3 })] = 1;
  g_assert_true (
      pl_surface_compare (a.labels, b.labels, a.n, 0, (double[]){ 9, 1, 1 }, &distances));
  /* From a: four at 1 and four at √2; from b: 1. */
  g_assert_cmpfloat_with_epsilon (distances.assd_mm, (4 + 4 * G_SQRT2 + 1) / 9, 1e-6);
  g_assert_cmpfloat_with_epsilon (distances.hd95_mm, G_SQRT2, 1e-6);
  g_free (a.labels);
  g_free (b.labels);
}

/* Results must not depend on who computes which line. */
static void
test_threads (void)
{
  const double spacing[3] = { 2.5, 0.7, 0.9 };
  Grid a = make_grid (20, 30, 25);
  Grid b = make_grid (20, 30, 25);
  PlSurfaceDistances one, four;

  fill_box (&a, (int[]){ 3, 4, 5 }, (int[]){ 10, 12, 14 }, 1);
  fill_box (&b, (int[]){ 5, 2, 8 }, (int[]){ 14, 20, 9 }, 1);
  pl_parallel_init (1);
  g_assert_true (pl_surface_compare (a.labels, b.labels, a.n, 0, spacing, &one));
  pl_parallel_init (4);
  g_assert_true (pl_surface_compare (a.labels, b.labels, a.n, 0, spacing, &four));
  g_assert_cmpfloat (one.hd95_mm, ==, four.hd95_mm);
  g_assert_cmpfloat (one.assd_mm, ==, four.assd_mm);
  compare_with_direct (&a, &b, 0, spacing);
  g_free (a.labels);
  g_free (b.labels);
}

static void
test_speed (void)
{
  Grid a = make_grid (300, 512, 512);
  Grid b = make_grid (300, 512, 512);
  PlSurfaceDistances distances;
  double seconds;

  if (!g_test_perf ())
    {
      g_test_skip ("only with -m perf");
      g_free (a.labels);
      g_free (b.labels);
      return;
    }
  fill_box (&a, (int[]){ 20, 120, 80 }, (int[]){ 250, 250, 350 }, 1);
  fill_box (&b, (int[]){ 22, 125, 84 }, (int[]){ 250, 250, 350 }, 1);
  g_test_timer_start ();
  pl_surface_compare (a.labels, b.labels, a.n, 0, (double[]){ 1, 0.7, 0.7 }, &distances);
  seconds = g_test_timer_elapsed ();
  g_test_minimized_result (seconds, "300x512x512: %.2f s", seconds);
  g_free (a.labels);
  g_free (b.labels);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/train/surface/random-masks", test_random_masks);
  g_test_add_func ("/train/surface/one-voxel", test_one_voxel);
  g_test_add_func ("/train/surface/single-slice", test_single_slice);
  g_test_add_func ("/train/surface/threads", test_threads);
  g_test_add_func ("/train/surface/speed", test_speed);
  return g_test_run ();
}
