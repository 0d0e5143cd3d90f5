/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every order and direction of axes, for every size of element, against one element at a time. */
#include <string.h>

#include "image/reorder.h"

enum
{
  MOST = 64 * 32 * 16,
};

/* Strides of a packed block whose axis order[0] is the fastest; bit a of @flips turns axis a. */
static gssize
pack (const int n[3], const int order[3], int flips, gssize stride[3])
{
  gssize step = 1;
  gssize origin = 0;

  for (int i = 0; i < 3; i++)
    {
      int a = order[i];

      stride[a] = flips >> a & 1 ? -step : step;
      if (flips >> a & 1)
        origin += step * (n[a] - 1);
      step *= n[a];
    }
  return origin;
}

static void
assert_reordered (gsize element,
                  const int n[3],
                  const guint8 *from,
                  const gssize from_stride[3],
                  const guint8 *to,
                  const gssize to_stride[3])
{
  for (int z = 0; z < n[2]; z++)
    for (int y = 0; y < n[1]; y++)
      for (int x = 0; x < n[0]; x++)
        {
          gssize i = x * from_stride[0] + y * from_stride[1] + z * from_stride[2];
          gssize k = x * to_stride[0] + y * to_stride[1] + z * to_stride[2];

          if (memcmp (from + i * (gssize) element, to + k * (gssize) element, element) != 0)
            g_error ("element %d, %d, %d of %d × %d × %d, %d bytes each, is wrong", x, y, z, n[0],
                     n[1], n[2], (int) element);
        }
}

static void
test_orders (gconstpointer data)
{
  static const int orders[6][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 },
                                    { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };
  static const int shapes[][3] = { { 1, 1, 1 },   { 5, 1, 3 },    { 1, 9, 1 },
                                   { 3, 2, 130 }, { 64, 32, 16 }, { 70, 33, 9 } };
  gsize element = GPOINTER_TO_SIZE (data);
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);
  g_autofree guint8 *from = g_malloc (MOST * element);
  g_autofree guint8 *to = g_malloc (MOST * element);

  for (gsize i = 0; i < MOST * element; i++)
    from[i] = (guint8) g_rand_int (rand);
  for (gsize shape = 0; shape < G_N_ELEMENTS (shapes); shape++)
    for (int order = 0; order < 6; order++)
      for (int flips = 0; flips < 8; flips++)
        {
          const int *n = shapes[shape];
          gssize from_stride[3];
          gssize to_stride[3];
          gssize from_origin = pack (n, orders[g_rand_int_range (rand, 0, 6)],
                                     g_rand_int_range (rand, 0, 8), from_stride);
          gssize to_origin = pack (n, orders[order], flips, to_stride);
          const guint8 *source = from + from_origin * (gssize) element;
          guint8 *target = to + to_origin * (gssize) element;

          pl_reorder (element, n, source, from_stride, target, to_stride);
          assert_reordered (element, n, source, from_stride, target, to_stride);
        }
}

/* A part of a larger block: what lies around it stays. */
static void
test_part (void)
{
  guint8 from[4 * 3 * 2];
  guint8 to[10 * 10 * 10];
  const int n[3] = { 4, 3, 2 };
  const gssize from_stride[3] = { 1, 4, 12 };
  const gssize to_stride[3] = { 100, 10, 1 };
  int n_changed = 0;

  for (guint i = 0; i < sizeof from; i++)
    from[i] = (guint8) (i + 1);
  memset (to, 0, sizeof to);
  pl_reorder (1, n, from, from_stride, to + 222, to_stride);
  assert_reordered (1, n, from, from_stride, to + 222, to_stride);
  for (guint i = 0; i < sizeof to; i++)
    n_changed += to[i] != 0;
  g_assert_cmpint (n_changed, ==, sizeof from);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/image/reorder/1-byte", GSIZE_TO_POINTER (1), test_orders);
  g_test_add_data_func ("/image/reorder/2-bytes", GSIZE_TO_POINTER (2), test_orders);
  g_test_add_data_func ("/image/reorder/4-bytes", GSIZE_TO_POINTER (4), test_orders);
  g_test_add_data_func ("/image/reorder/8-bytes", GSIZE_TO_POINTER (8), test_orders);
  g_test_add_func ("/image/reorder/part", test_part);
  return g_test_run ();
}
