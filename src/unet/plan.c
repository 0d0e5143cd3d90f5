/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Greedy by size: the largest block first, each at the lowest place that is free during its life. A
 * network has some hundred blocks, so looking at all pairs costs nothing. */
#include "unet/plan.h"

enum
{
  ALIGN = 64,
};

typedef struct
{
  gsize n_bytes;
  gsize lead;
  gsize offset;
  int first;
  int last;
  guint8 **slot;
} Block;

void
pl_plan_init (PlPlan *plan)
{
  plan->blocks = g_array_new (FALSE, FALSE, sizeof (Block));
  plan->n_bytes = 0;
}

void
pl_plan_clear (PlPlan *plan)
{
  g_clear_pointer (&plan->blocks, g_array_unref);
}

void
pl_plan_add (PlPlan *plan, gsize n_bytes, gsize lead, int first, int last, gpointer slot)
{
  Block block = {
    .n_bytes = (n_bytes + ALIGN - 1) / ALIGN * ALIGN,
    .lead = lead,
    .first = first,
    .last = last,
    .slot = slot,
  };

  g_assert (first <= last);
  g_array_append_val (plan->blocks, block);
}

/* Larger first; of equal ones the earlier, so that the order is fixed. */
static int
compare_blocks_cb (gconstpointer a, gconstpointer b)
{
  const Block *x = a;
  const Block *y = b;

  if (x->n_bytes != y->n_bytes)
    return x->n_bytes > y->n_bytes ? -1 : 1;
  return x->first != y->first ? x->first - y->first : x->last - y->last;
}

/* The first of the placed blocks below @n that is in the way of @block where it is now. */
static const Block *
find_collision (const GArray *blocks, guint n, const Block *block)
{
  for (guint i = 0; i < n; i++)
    {
      const Block *other = &g_array_index (blocks, Block, i);

      if (other->first <= block->last && block->first <= other->last &&
          other->offset < block->offset + block->n_bytes &&
          block->offset < other->offset + other->n_bytes)
        return other;
    }
  return NULL;
}

/* Each collision moves the block up past the other, so the first place without one is the lowest of
 * those that begin where another block ends. */
static void
place_block (GArray *blocks, guint index)
{
  Block *block = &g_array_index (blocks, Block, index);
  const Block *other;

  block->offset = 0;
  while ((other = find_collision (blocks, index, block)) != NULL)
    block->offset = other->offset + other->n_bytes;
}

void
pl_plan_place (PlPlan *plan)
{
  g_array_sort (plan->blocks, compare_blocks_cb);
  for (guint i = 0; i < plan->blocks->len; i++)
    {
      const Block *block = &g_array_index (plan->blocks, Block, i);

      place_block (plan->blocks, i);
      plan->n_bytes = MAX (plan->n_bytes, block->offset + block->n_bytes);
    }
}

void
pl_plan_assign (const PlPlan *plan, void *arena)
{
  for (guint i = 0; i < plan->blocks->len; i++)
    {
      const Block *block = &g_array_index (plan->blocks, Block, i);

      *block->slot = (guint8 *) arena + block->offset + block->lead;
    }
}
