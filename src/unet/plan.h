/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Places blocks in one arena: blocks whose lifetimes do not overlap may share memory. */
typedef struct
{
  GArray *blocks;
  gsize n_bytes; /* of the arena, after pl_plan_place() */
} PlPlan;

void pl_plan_init (PlPlan *plan);
void pl_plan_clear (PlPlan *plan);

/* Needed from tick @first to tick @last, both included. @slot: (type gpointer*): gets the address,
 * @lead bytes into the block; borrowed until pl_plan_assign(). */
void pl_plan_add (PlPlan *plan, gsize n_bytes, gsize lead, int first, int last, gpointer slot);

void pl_plan_place (PlPlan *plan);

/* Fills all slots. @arena: n_bytes, 64-byte aligned. */
void pl_plan_assign (const PlPlan *plan, void *arena);
