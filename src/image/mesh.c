/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Marching tetrahedra. The mask becomes a grid of cells, each with the share of its voxels that are
 * inside, smoothed a little; the surface is where that is one half. Each cube of eight cells is cut
 * into six tetrahedra about its diagonal, the same way in all cubes, so that neighbours agree on
 * the diagonals of their common face: unlike with cubes no case is ambiguous, and the surface is
 * closed. It crosses an edge of the grid at most once, so an edge names a vertex.
 */
#include "image/mesh.h"

#include <math.h>
#include <string.h>

/* Empty cells about the mask: smoothing reaches one further, gradients look at neighbours. */
#define BORDER 3

#define INSIDE 0.5f

/* From a cell to the one that is further by the bits of the number: 4 slices, 2 rows, 1 columns. */
#define N_EDGES 8

typedef struct
{
  int n[3];          /* cells */
  int block[3];      /* voxels a cell */
  int first[3];      /* the voxel that cell BORDER begins with */
  double cell_mm[3]; /* how large a cell is */
  float *share;      /* owned */
} Grid;

/* The box of what is inside, ends excluded, and which colours there are; FALSE when there is
 * nothing. */
static gboolean
find_box (const PlMask *mask, int first[3], int end[3], gboolean has_colour[1 + PL_LABEL_COLOURS])
{
  gboolean has_label[256] = { FALSE };

  for (int a = 0; a < 3; a++)
    {
      first[a] = mask->n[a];
      end[a] = 0;
    }
  for (int s = 0; s < mask->n[0]; s++)
    for (int r = 0; r < mask->n[1]; r++)
      {
        const guint8 *run = pl_mask_slice (mask, s) + (gsize) r * (gsize) mask->n[2];

        for (int c = 0; c < mask->n[2]; c++)
          if (run[c] != 0)
            {
              const int at[3] = { s, r, c };

              has_label[run[c]] = TRUE;
              for (int a = 0; a < 3; a++)
                {
                  first[a] = MIN (first[a], at[a]);
                  end[a] = MAX (end[a], at[a] + 1);
                }
            }
      }
  for (int label = 0; label < 256; label++)
    has_colour[pl_label_colour (label)] |= has_label[label];
  return end[0] > 0;
}

static gsize
count_cells (const Grid *grid)
{
  return (gsize) grid->n[0] * (gsize) grid->n[1] * (gsize) grid->n[2];
}

/* Cells as near to cubes as whole voxels allow, but no larger than thick slices need. */
static void
plan_grid (
    Grid *grid, const int first[3], const int end[3], const double spacing_mm[3], int max_cells)
{
  double cell_mm = 0;

  for (int a = 0; a < 3; a++)
    cell_mm =
        MAX (cell_mm, MAX (spacing_mm[a] / 2, (end[a] - first[a]) * spacing_mm[a] / max_cells));
  for (int a = 0; a < 3; a++)
    {
      grid->block[a] = MAX ((int) ceil (cell_mm / spacing_mm[a] - 1e-6), 1);
      grid->cell_mm[a] = grid->block[a] * spacing_mm[a];
      grid->first[a] = first[a];
      grid->n[a] = (end[a] - first[a] + grid->block[a] - 1) / grid->block[a] + 2 * BORDER;
    }
  grid->share = g_new (float, count_cells (grid)); /* see fill_grid() */
}

static gsize
index_of (const Grid *grid, int z, int y, int x)
{
  return ((gsize) z * (gsize) grid->n[1] + (gsize) y) * (gsize) grid->n[2] + (gsize) x;
}

/* @is_inside: of each label */
static void
add_slice (Grid *grid, const PlMask *mask, int s, const gboolean is_inside[256])
{
  const int *block = grid->block;
  float part = 1.0f / (float) (block[0] * block[1] * block[2]);
  int z = (s - grid->first[0]) / block[0] + BORDER;
  int rows = MIN (mask->n[1] - grid->first[1], (grid->n[1] - 2 * BORDER) * block[1]);
  int columns = MIN (mask->n[2] - grid->first[2], (grid->n[2] - 2 * BORDER) * block[2]);

  for (int r = 0; r < rows; r++)
    {
      const guint8 *run = pl_mask_slice (mask, s) +
                          (gsize) (r + grid->first[1]) * (gsize) mask->n[2] + grid->first[2];
      float *share = grid->share + index_of (grid, z, r / block[1] + BORDER, BORDER);

      for (int c = 0; c < columns; c++)
        if (is_inside[run[c]])
          share[c / block[2]] += part;
    }
}

/* (1 2 1) / 4 along one axis; the border is empty. */
static void
smooth (Grid *grid, int axis)
{
  const gsize stride[3] = { (gsize) grid->n[1] * (gsize) grid->n[2], (gsize) grid->n[2], 1 };
  const int other[3][2] = { { 1, 2 }, { 0, 2 }, { 0, 1 } };
  int a = other[axis][0];
  int b = other[axis][1];

  for (int i = 0; i < grid->n[a]; i++)
    for (int j = 0; j < grid->n[b]; j++)
      {
        float *line = grid->share + (gsize) i * stride[a] + (gsize) j * stride[b];
        float before = 0;

        for (int k = 0; k + 1 < grid->n[axis]; k++)
          {
            float *here = line + (gsize) k * stride[axis];
            float old = *here;

            *here = 0.25f * before + 0.5f * old + 0.25f * here[stride[axis]];
            before = old;
          }
      }
}

/* A mesh under way. Names of the edges' vertices are kept for two layers of cells. */
typedef struct
{
  const Grid *grid;
  GArray *vertices;  /* of PlMeshVertex */
  GArray *corners;   /* of guint32 */
  guint32 *names[2]; /* owned: N_EDGES a cell; G_MAXUINT32 none yet */
} March;

static float
slope_at (const Grid *grid, const int at[3], int axis)
{
  int before[3] = { at[0], at[1], at[2] };
  int after[3] = { at[0], at[1], at[2] };

  before[axis] = MAX (at[axis] - 1, 0);
  after[axis] = MIN (at[axis] + 1, grid->n[axis] - 1);
  return (grid->share[index_of (grid, after[0], after[1], after[2])] -
          grid->share[index_of (grid, before[0], before[1], before[2])]) /
         (float) grid->cell_mm[axis];
}

static guint32
add_vertex (March *march, const int from[3], const int to[3])
{
  const Grid *grid = march->grid;
  float a = grid->share[index_of (grid, from[0], from[1], from[2])];
  float b = grid->share[index_of (grid, to[0], to[1], to[2])];
  float t = (INSIDE - a) / (b - a);
  float normal[3];
  float length = 0;
  PlMeshVertex vertex;

  for (int axis = 0; axis < 3; axis++)
    {
      double cell = from[axis] + (double) t * (to[axis] - from[axis]) - BORDER + 0.5;
      double corner_mm = grid->first[axis] * grid->cell_mm[axis] / grid->block[axis];

      vertex.position_mm[2 - axis] = (float) (corner_mm + cell * grid->cell_mm[axis]);
      normal[axis] = -(slope_at (grid, from, axis) * (1 - t) + slope_at (grid, to, axis) * t);
      length += normal[axis] * normal[axis];
    }
  length = sqrtf (length);
  for (int axis = 0; axis < 3; axis++)
    vertex.normal[2 - axis] = length > 0 ? normal[axis] / length : axis == 0;
  g_array_append_val (march->vertices, vertex);
  return march->vertices->len - 1;
}

/* The vertex on the edge between two corners (bits, as of N_EDGES) of the cube at @cube. */
static guint32
find_vertex (March *march, const int cube[3], int p, int q)
{
  int low = MIN (p, q);
  int high = MAX (p, q); /* has the bits of low and others: tetrahedra run along the diagonal */
  int from[3];
  int to[3];
  guint32 *name;

  for (int axis = 0; axis < 3; axis++)
    {
      from[axis] = cube[axis] + (low >> (2 - axis) & 1);
      to[axis] = cube[axis] + (high >> (2 - axis) & 1);
    }
  name = march->names[from[0] & 1] +
         N_EDGES * ((gsize) from[1] * (gsize) march->grid->n[2] + (gsize) from[2]) + (high ^ low);
  if (*name == G_MAXUINT32)
    *name = add_vertex (march, from, to);
  return *name;
}

static void
add_triangle (March *march, guint32 a, guint32 b, guint32 c)
{
  const guint32 corners[3] = { a, b, c };

  g_array_append_vals (march->corners, corners, 3);
}

/* @t: corners of a tetrahedron, (t1 − t0) × (t2 − t0) · (t3 − t0) > 0; the
 * order is changed by even permutations only. */
static void
march_tetrahedron (March *march, const int cube[3], const float share[8], const int t[4])
{
  static const int even[12][4] = { { 0, 1, 2, 3 }, { 0, 2, 3, 1 }, { 0, 3, 1, 2 }, { 1, 0, 3, 2 },
                                   { 1, 2, 0, 3 }, { 1, 3, 2, 0 }, { 2, 0, 1, 3 }, { 2, 1, 3, 0 },
                                   { 2, 3, 0, 1 }, { 3, 0, 2, 1 }, { 3, 1, 0, 2 }, { 3, 2, 1, 0 } };
  gboolean inside[4];
  int n_inside = 0;

  for (int i = 0; i < 4; i++)
    n_inside += inside[i] = share[t[i]] >= INSIDE;
  if (n_inside == 0 || n_inside == 4)
    return;
  for (int e = 0; e < 12; e++)
    {
      int p[4];
      gboolean in[4];

      for (int i = 0; i < 4; i++)
        {
          p[i] = t[even[e][i]];
          in[i] = inside[even[e][i]];
        }
      if (n_inside == 1 && in[0])
        add_triangle (march, find_vertex (march, cube, p[0], p[1]),
                      find_vertex (march, cube, p[0], p[2]), find_vertex (march, cube, p[0], p[3]));
      else if (n_inside == 3 && !in[0])
        add_triangle (march, find_vertex (march, cube, p[0], p[1]),
                      find_vertex (march, cube, p[0], p[3]), find_vertex (march, cube, p[0], p[2]));
      else if (n_inside == 2 && in[0] && in[1])
        {
          guint32 a = find_vertex (march, cube, p[0], p[2]);
          guint32 c = find_vertex (march, cube, p[1], p[3]);

          add_triangle (march, a, find_vertex (march, cube, p[0], p[3]), c);
          add_triangle (march, a, c, find_vertex (march, cube, p[1], p[2]));
        }
      else
        continue;
      return;
    }
}

/* The six ways from corner 0 to corner 7 along three edges; positive in (x, y, z), where the bits
 * are 1, 2 and 4. */
static void
march_cube (March *march, const int cube[3])
{
  static const int tetrahedra[6][4] = { { 0, 1, 3, 7 }, { 0, 2, 6, 7 }, { 0, 4, 5, 7 },
                                        { 0, 3, 2, 7 }, { 0, 6, 4, 7 }, { 0, 5, 1, 7 } };
  float share[8];
  int n_inside = 0;

  for (int i = 0; i < 8; i++)
    {
      share[i] = march->grid->share[index_of (march->grid, cube[0] + (i >> 2 & 1),
                                              cube[1] + (i >> 1 & 1), cube[2] + (i & 1))];
      n_inside += share[i] >= INSIDE;
    }
  if (n_inside == 0 || n_inside == 8)
    return;
  for (int i = 0; i < 6; i++)
    march_tetrahedron (march, cube, share, tetrahedra[i]);
}

static void
forget_names (March *march, int z)
{
  gsize n = N_EDGES * (gsize) march->grid->n[1] * (gsize) march->grid->n[2];

  memset (march->names[z & 1], 0xff, n * sizeof *march->names[0]);
}

/* FALSE when it was cancelled. */
static gboolean
march_grid (March *march, GCancellable *cancellable)
{
  const int *n = march->grid->n;

  forget_names (march, 0);
  for (int z = 0; z + 1 < n[0]; z++)
    {
      if (g_cancellable_is_cancelled (cancellable))
        return FALSE;
      forget_names (march, z + 1);
      for (int y = 0; y + 1 < n[1]; y++)
        for (int x = 0; x + 1 < n[2]; x++)
          march_cube (march, (const int[]){ z, y, x });
    }
  return TRUE;
}

/* The shares of what has @colour. FALSE when it was cancelled. */
static gboolean
fill_grid (Grid *grid, const PlMask *mask, int end, int colour, GCancellable *cancellable)
{
  gboolean is_inside[256];

  for (int label = 0; label < 256; label++)
    is_inside[label] = pl_label_colour (label) == colour;
  memset (grid->share, 0, count_cells (grid) * sizeof *grid->share);
  for (int s = grid->first[0]; s < end; s++)
    {
      if (g_cancellable_is_cancelled (cancellable))
        return FALSE;
      add_slice (grid, mask, s, is_inside);
    }
  for (int axis = 0; axis < 3; axis++)
    smooth (grid, axis);
  return TRUE;
}

static PlMesh *
take_mesh (March *march, const PlMeshPart *parts, int n_parts)
{
  PlMesh *mesh = g_new0 (PlMesh, 1);

  mesh->n_vertices = march->vertices->len;
  mesh->n_triangles = march->corners->len / 3;
  mesh->vertices = (PlMeshVertex *) (void *) g_array_steal (march->vertices, NULL);
  mesh->corners = (guint32 *) (void *) g_array_steal (march->corners, NULL);
  mesh->n_parts = n_parts;
  memcpy (mesh->parts, parts, (gsize) n_parts * sizeof *parts);
  return mesh;
}

/* One colour after the other, in the same grid. */
static PlMesh *
march_colours (Grid *grid,
               const PlMask *mask,
               int end,
               const gboolean has_colour[1 + PL_LABEL_COLOURS],
               GCancellable *cancellable)
{
  gsize n_names = N_EDGES * (gsize) grid->n[1] * (gsize) grid->n[2];
  g_autofree guint32 *even = g_new (guint32, n_names);
  g_autofree guint32 *odd = g_new (guint32, n_names);
  g_autoptr (GArray) vertices = g_array_new (FALSE, FALSE, sizeof (PlMeshVertex));
  g_autoptr (GArray) corners = g_array_new (FALSE, FALSE, sizeof (guint32));
  March march = { grid, vertices, corners, { even, odd } };
  PlMeshPart parts[PL_LABEL_COLOURS];
  int n_parts = 0;

  for (int colour = 1; colour <= PL_LABEL_COLOURS; colour++)
    {
      guint n_before = corners->len;

      if (!has_colour[colour])
        continue;
      if (!fill_grid (grid, mask, end, colour, cancellable) || !march_grid (&march, cancellable))
        return NULL;
      if (corners->len > n_before) /* it may have been smoothed away */
        parts[n_parts++] = (PlMeshPart){ colour, (corners->len - n_before) / 3 };
    }
  return take_mesh (&march, parts, n_parts);
}

PlMesh *
pl_mesh_new (const PlMask *mask,
             const double spacing_mm[3],
             int max_cells,
             GCancellable *cancellable)
{
  gboolean has_colour[1 + PL_LABEL_COLOURS] = { FALSE };
  Grid grid;
  int first[3];
  int end[3];
  g_autofree float *share = NULL;

  g_assert (max_cells >= 1);
  if (!find_box (mask, first, end, has_colour))
    return g_new0 (PlMesh, 1);
  plan_grid (&grid, first, end, spacing_mm, max_cells);
  share = grid.share;
  return march_colours (&grid, mask, end[0], has_colour, cancellable);
}

void
pl_mesh_free (PlMesh *mesh)
{
  if (mesh == NULL)
    return;
  g_free (mesh->vertices);
  g_free (mesh->corners);
  g_free (mesh);
}
