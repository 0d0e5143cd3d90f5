/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/label-colour.h"
#include "image/volume.h"

#include <gio/gio.h>

/* The surface of a mask as triangles, of each of its labels by itself: closed, each edge shared by
 * two of them. */
typedef struct
{
  /* x along the columns, y along the rows, z along the slices; from the corner of voxel (0, 0, 0)
   */
  float position_mm[3];
  float normal[3]; /* outward, of length 1 */
} PlMeshVertex;

/* The triangles of one surface. */
typedef struct
{
  int colour; /* pl_label_colour() of the labels inside it */
  guint n_triangles;
} PlMeshPart;

typedef struct
{
  guint n_vertices;
  guint n_triangles;
  PlMeshVertex *vertices; /* owned */
  guint32 *corners;       /* owned: three a triangle, anticlockwise seen from outside */
  int n_parts;
  PlMeshPart parts[PL_LABEL_COLOURS]; /* one after the other in the corners */
} PlMesh;

/**
 * pl_mesh_new:
 * @mask: labels that have one colour have one surface
 * @spacing_mm: of slices, rows and columns
 * @max_cells: the surface is as fine as a grid of at most so many cells a side about the mask
 * allows
 * @cancellable: (nullable): looked at between slices
 *
 * Any thread; a large volume takes some 0.3 s a surface. Smooth: parts thinner than two cells are
 * lost.
 *
 * Returns: (nullable) (transfer full): a mesh, of no triangles where there is nothing inside; NULL
 *   when it was cancelled
 */
PlMesh *pl_mesh_new (const PlMask *mask,
                     const double spacing_mm[3],
                     int max_cells,
                     GCancellable *cancellable);

void pl_mesh_free (PlMesh *mesh);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlMesh, pl_mesh_free)
