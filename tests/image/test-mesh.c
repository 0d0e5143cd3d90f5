/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A surface is closed when each of its directed edges has its opposite, once. */
#include <math.h>

#include "image/mesh.h"

static const double one_mm[3] = { 1, 1, 1 };

static PlMask *
make_mask (int slices, int rows, int columns)
{
  const int n[3] = { slices, rows, columns };

  return pl_mask_new_take (n, g_malloc0 ((gsize) slices * (gsize) rows * (gsize) columns));
}

/* What is within @radius_mm of the point, in mm from the corner of the first voxel. */
static void
add_ball (PlMask *mask, const double spacing_mm[3], double z, double y, double x, double radius_mm)
{
  const int *n = mask->n;

  for (int s = 0; s < n[0]; s++)
    for (int r = 0; r < n[1]; r++)
      for (int c = 0; c < n[2]; c++)
        {
          double dz = (s + 0.5) * spacing_mm[0] - z;
          double dy = (r + 0.5) * spacing_mm[1] - y;
          double dx = (c + 0.5) * spacing_mm[2] - x;

          if (dz * dz + dy * dy + dx * dx < radius_mm * radius_mm)
            mask->labels[(s * n[1] + r) * n[2] + c] = 1;
        }
}

static guint64
edge_key (guint32 from, guint32 to)
{
  return (guint64) from << 32 | to;
}

/* Vertices − edges + triangles: 2 for each ball, 0 for a ring. −1 when it is not closed. */
static int
count_euler (const PlMesh *mesh)
{
  g_autoptr (GHashTable) edges = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);

  for (guint t = 0; t < mesh->n_triangles; t++)
    for (int i = 0; i < 3; i++)
      {
        guint64 key = edge_key (mesh->corners[3 * t + i], mesh->corners[3 * t + (i + 1) % 3]);

        if (!g_hash_table_add (edges, g_memdup2 (&key, sizeof key)))
          return -1;
      }
  for (guint t = 0; t < mesh->n_triangles; t++)
    for (int i = 0; i < 3; i++)
      {
        guint64 key = edge_key (mesh->corners[3 * t + (i + 1) % 3], mesh->corners[3 * t + i]);

        if (!g_hash_table_contains (edges, &key))
          return -1;
      }
  return (int) mesh->n_vertices - (int) g_hash_table_size (edges) / 2 + (int) mesh->n_triangles;
}

/* By the divergence theorem; negative if the triangles turn the wrong way. */
static double
find_volume_mm3 (const PlMesh *mesh)
{
  double sum = 0;

  for (guint t = 0; t < mesh->n_triangles; t++)
    {
      const float *a = mesh->vertices[mesh->corners[3 * t]].position_mm;
      const float *b = mesh->vertices[mesh->corners[3 * t + 1]].position_mm;
      const float *c = mesh->vertices[mesh->corners[3 * t + 2]].position_mm;

      sum += a[0] * (double) (b[1] * c[2] - b[2] * c[1]) -
             a[1] * (double) (b[0] * c[2] - b[2] * c[0]) +
             a[2] * (double) (b[0] * c[1] - b[1] * c[0]);
    }
  return sum / 6;
}

static double
count_mm3 (const PlMask *mask, const double spacing_mm[3])
{
  gsize n = (gsize) mask->n[0] * (gsize) mask->n[1] * (gsize) mask->n[2];
  double sum = 0;

  for (gsize i = 0; i < n; i++)
    sum += mask->labels[i] != 0;
  return sum * spacing_mm[0] * spacing_mm[1] * spacing_mm[2];
}

static void
test_ball (void)
{
  const double spacing_mm[3] = { 2, 1, 0.5 };
  g_autoptr (PlMask) mask = make_mask (30, 50, 100);
  g_autoptr (PlMesh) mesh = NULL;
  double volume_mm3;

  add_ball (mask, spacing_mm, 28, 24, 26, 20);
  mesh = pl_mesh_new (mask, spacing_mm, 100, NULL);
  g_assert_cmpint (count_euler (mesh), ==, 2);
  volume_mm3 = find_volume_mm3 (mesh);
  g_assert_cmpfloat_with_epsilon (volume_mm3, count_mm3 (mask, spacing_mm), 0.02 * volume_mm3);

  for (guint i = 0; i < mesh->n_vertices; i++)
    {
      const PlMeshVertex *v = &mesh->vertices[i];
      double dx = v->position_mm[0] - 26.0;
      double dy = v->position_mm[1] - 24.0;
      double dz = v->position_mm[2] - 28.0;
      double r = sqrt (dx * dx + dy * dy + dz * dz);

      g_assert_cmpfloat_with_epsilon (r, 20, 1.5);
      g_assert_cmpfloat (v->normal[0] * dx + v->normal[1] * dy + v->normal[2] * dz, >, 0.8 * r);
    }
}

static void
test_two_balls (void)
{
  g_autoptr (PlMask) mask = make_mask (20, 20, 50);
  g_autoptr (PlMesh) mesh = NULL;

  add_ball (mask, one_mm, 10, 10, 12, 8);
  add_ball (mask, one_mm, 10, 10, 36, 8);
  mesh = pl_mesh_new (mask, one_mm, 64, NULL);
  g_assert_cmpint (count_euler (mesh), ==, 4);
}

static void
test_ring (void)
{
  g_autoptr (PlMask) mask = make_mask (10, 40, 40);
  g_autoptr (PlMesh) mesh = NULL;

  for (int s = 1; s < 9; s++)
    for (int r = 4; r < 36; r++)
      for (int c = 4; c < 36; c++)
        if (r < 12 || r >= 28 || c < 12 || c >= 28)
          mask->labels[(s * 40 + r) * 40 + c] = 3;
  mesh = pl_mesh_new (mask, one_mm, 64, NULL);
  g_assert_cmpint (count_euler (mesh), ==, 0);
}

/* Two halves that touch, and a third label that has the colour of the first: each is closed by
 * itself, and what one has lost the other has not. */
static void
test_labels (void)
{
  g_autoptr (PlMask) mask = make_mask (20, 20, 60);
  g_autoptr (PlMesh) mesh = NULL;
  PlMesh part;

  add_ball (mask, one_mm, 10, 10, 12, 8);
  add_ball (mask, one_mm, 10, 10, 46, 8);
  for (int i = 0; i < 20 * 20 * 60; i++)
    if (mask->labels[i] != 0)
      mask->labels[i] = i % 60 >= 30 ? 1 + PL_LABEL_COLOURS : i % 60 >= 12 ? 2 : 1;
  mesh = pl_mesh_new (mask, one_mm, 64, NULL);
  g_assert_cmpint (count_euler (mesh), ==, 6);
  g_assert_cmpint (mesh->n_parts, ==, 2);
  g_assert_cmpint (mesh->parts[0].colour, ==, 1);
  g_assert_cmpint (mesh->parts[1].colour, ==, 2);
  g_assert_cmpuint (mesh->parts[0].n_triangles + mesh->parts[1].n_triangles, ==, mesh->n_triangles);
  part = *mesh;
  part.n_triangles = mesh->parts[0].n_triangles;
  g_assert_cmpfloat_with_epsilon (find_volume_mm3 (&part), 1.5 * find_volume_mm3 (mesh) / 2,
                                  0.02 * find_volume_mm3 (mesh));
  for (guint t = 3 * part.n_triangles; t < 3 * mesh->n_triangles; t++)
    g_assert_cmpfloat (mesh->vertices[mesh->corners[t]].position_mm[0], >, 11);
}

/* What fills its volume is closed at the volume's faces. */
static void
test_full (void)
{
  g_autoptr (PlMask) mask = make_mask (12, 12, 12);
  g_autoptr (PlMesh) mesh = NULL;

  memset (mask->labels, 1, 12 * 12 * 12);
  mesh = pl_mesh_new (mask, one_mm, 64, NULL);
  g_assert_cmpint (count_euler (mesh), ==, 2);
  g_assert_cmpfloat_with_epsilon (find_volume_mm3 (mesh), 12 * 12 * 12, 0.05 * 12 * 12 * 12);
}

/* Noise has every configuration of corners. */
static void
test_noise (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  g_autoptr (PlMask) mask = make_mask (17, 18, 19);
  g_autoptr (PlMesh) mesh = NULL;

  for (int i = 0; i < 17 * 18 * 19; i++)
    mask->labels[i] = (guint8) g_rand_boolean (rand);
  mesh = pl_mesh_new (mask, one_mm, 64, NULL);
  g_assert_cmpuint (mesh->n_triangles, >, 5000);
  g_assert_cmpint (count_euler (mesh), !=, -1);
  g_assert_cmpfloat (find_volume_mm3 (mesh), >, 0);
}

/* A coarser grid keeps place and size. */
static void
test_coarse (void)
{
  g_autoptr (PlMask) mask = make_mask (60, 61, 62);
  g_autoptr (PlMesh) mesh = NULL;
  double volume_mm3;
  float low[3] = { INFINITY, INFINITY, INFINITY };
  float high[3] = { -INFINITY, -INFINITY, -INFINITY };

  add_ball (mask, one_mm, 30, 30, 30, 27);
  mesh = pl_mesh_new (mask, one_mm, 20, NULL);
  volume_mm3 = find_volume_mm3 (mesh);
  g_assert_cmpint (count_euler (mesh), ==, 2);
  g_assert_cmpfloat_with_epsilon (volume_mm3, count_mm3 (mask, one_mm), 0.05 * volume_mm3);
  for (guint i = 0; i < mesh->n_vertices; i++)
    for (int a = 0; a < 3; a++)
      {
        low[a] = MIN (low[a], mesh->vertices[i].position_mm[a]);
        high[a] = MAX (high[a], mesh->vertices[i].position_mm[a]);
      }
  for (int a = 0; a < 3; a++)
    {
      g_assert_cmpfloat_with_epsilon (low[a], 3, 1.5);
      g_assert_cmpfloat_with_epsilon (high[a], 57, 1.5);
    }
}

static void
test_empty (void)
{
  g_autoptr (PlMask) mask = make_mask (4, 5, 6);
  g_autoptr (PlMesh) mesh = pl_mesh_new (mask, one_mm, 64, NULL);

  g_assert_cmpuint (mesh->n_triangles, ==, 0);
  g_assert_cmpuint (mesh->n_vertices, ==, 0);
}

static void
test_cancelled (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (PlMask) mask = make_mask (20, 20, 20);

  add_ball (mask, one_mm, 10, 10, 10, 8);
  g_cancellable_cancel (cancellable);
  g_assert_null (pl_mesh_new (mask, one_mm, 64, cancellable));
}

/* The check refuses a surface with a hole. */
static void
test_check_can_fail (void)
{
  g_autoptr (PlMask) mask = make_mask (20, 20, 20);
  g_autoptr (PlMesh) mesh = NULL;

  add_ball (mask, one_mm, 10, 10, 10, 8);
  mesh = pl_mesh_new (mask, one_mm, 64, NULL);
  mesh->n_triangles--;
  g_assert_cmpint (count_euler (mesh), ==, -1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/image/mesh/ball", test_ball);
  g_test_add_func ("/image/mesh/two-balls", test_two_balls);
  g_test_add_func ("/image/mesh/ring", test_ring);
  g_test_add_func ("/image/mesh/labels", test_labels);
  g_test_add_func ("/image/mesh/full", test_full);
  g_test_add_func ("/image/mesh/noise", test_noise);
  g_test_add_func ("/image/mesh/coarse", test_coarse);
  g_test_add_func ("/image/mesh/empty", test_empty);
  g_test_add_func ("/image/mesh/cancelled", test_cancelled);
  g_test_add_func ("/image/mesh/check-can-fail", test_check_can_fail);
  return g_test_run ();
}
