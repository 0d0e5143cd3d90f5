/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/**
 * pl_reorder:
 * @element: bytes an element: 1, 2, 4 or 8
 * @n: how many elements along each of three axes
 * @from: the element at (0, 0, 0)
 * @from_stride: elements from one to the next along each axis; may be negative; along one
 *   axis neighbours touch
 * @to, @to_stride: likewise; does not overlap @from
 *
 * Copies a block of elements from one order of axes and directions to another. Any thread.
 */
void pl_reorder (gsize element,
                 const int n[3],
                 const void *from,
                 const gssize from_stride[3],
                 void *to,
                 const gssize to_stride[3]);
