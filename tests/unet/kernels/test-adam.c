/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A step of Adam against its formula in double, with each bound carried along as the formula goes.
 */
#include "unet/kernels/check.h"

typedef struct
{
  Guarded w, m, v, g;
} State;

static void
state_init (State *self, GRand *rand, gsize n)
{
  guarded_init_random (&self->w, rand, n);
  guarded_init_random (&self->m, rand, n);
  guarded_init_random (&self->v, rand, n);
  guarded_init_random (&self->g, rand, n);
  for (gsize i = 0; i < n; i++)
    self->v.f[i] = i % 5 == 0 ? 0 : fabsf (self->v.f[i]);
  for (gsize i = 0; i < n; i += 7)
    self->g.f[i] = 0;
}

static void
state_clear (State *self)
{
  guarded_clear (&self->w);
  guarded_clear (&self->m);
  guarded_clear (&self->v);
  guarded_clear (&self->g);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (State, state_clear)

typedef struct
{
  double w, m, v;
} Value;

/* @value becomes what it should be, @bound how far off it may be. */
static void
step_in_double (const PlAdamStep *step, Value *value, Value *bound, double g)
{
  const double old_m = step->beta1 * value->m, new_m = (1 - (double) step->beta1) * g;

  value->m = old_m + new_m;
  bound->m = rounding (3) * (fabs (old_m) + fabs (new_m));
  value->v = step->beta2 * value->v + (1 - (double) step->beta2) * g * g;
  bound->v = rounding (5) * value->v;

  /* All positive: 5 roundings of v and one of a product, halved by the root, then three more. */
  const double divisor = sqrt (value->v * step->v_correction) + step->epsilon;
  const double change = value->m * step->m_correction / divisor;
  const double decay = step->decay * value->w;
  const double change_bound =
      (bound->m * step->m_correction / divisor + rounding (9) * fabs (change)) * (1 + UNIT * 16);

  bound->w = step->rate * (change_bound + rounding (4) * (fabs (decay) + fabs (change))) +
             rounding (2) * fabs (value->w);
  value->w -= step->rate * (decay + change);
}

static gboolean
adam_matches (PlAdam adam, const PlAdamStep *step, gsize n, GRand *rand)
{
  g_auto (State) s = { 0 };
  g_autofree Value *want = g_new (Value, n);
  g_autofree Value *bound = g_new (Value, n);

  state_init (&s, rand, n);
  for (gsize i = 0; i < n; i++)
    {
      want[i] = (Value){ s.w.f[i], s.m.f[i], s.v.f[i] };
      step_in_double (step, &want[i], &bound[i], s.g.f[i]);
    }
  adam (n, step, s.w.f, s.m.f, s.v.f, s.g.f);
  for (gsize i = 0; i < n; i++)
    if (!is_near (s.m.f[i], want[i].m, bound[i].m) || !is_near (s.v.f[i], want[i].v, bound[i].v) ||
        !is_near (s.w.f[i], want[i].w, bound[i].w))
      return FALSE;
  return TRUE;
}

/* The first step, and one far into a run without decay. */
static const PlAdamStep steps[] = {
  { 1e-3f, 1e-2f, 0.9f, 0.999f, 10, 1000, 1e-8f },
  { 0.1f, 0, 0.8f, 0.99f, 1, 1, 1e-3f },
};

static void
test_adam (gconstpointer data)
{
  g_autoptr (GRand) rand = new_rand ();
  PlKernels k;

  if (!take_table (data, &k))
    return;
  for (gsize n = 0; n <= 2000; n += n < 100 ? 1 : 317)
    for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
      if (!adam_matches (k.adam, &steps[i], n, rand))
        {
          g_test_message ("n %zu, step %u", n, i);
          g_test_fail ();
        }
}

/* A start in the middle of a vector changes no bit: tensors lie in one block, one after another. */
static void
test_any_alignment (gconstpointer data)
{
  const gsize n = 67;
  g_autoptr (GRand) rand = new_rand ();
  PlKernels k;

  if (!take_table (data, &k))
    return;
  for (gsize first = 1; first < 16; first++)
    {
      g_auto (State) s = { 0 };
      const gsize size = (n - first) * sizeof (float);

      state_init (&s, rand, n);

      g_autofree float *w = g_memdup2 (s.w.f + first, size);
      g_autofree float *m = g_memdup2 (s.m.f + first, size);
      g_autofree float *v = g_memdup2 (s.v.f + first, size);
      const float before = s.w.f[first - 1];

      k.adam (n - first, &steps[0], w, m, v, s.g.f + first);
      k.adam (n - first, &steps[0], s.w.f + first, s.m.f + first, s.v.f + first, s.g.f + first);
      g_assert_cmpmem (s.w.f + first, size, w, size);
      g_assert_cmpmem (s.m.f + first, size, m, size);
      g_assert_cmpmem (s.v.f + first, size, v, size);
      g_assert_cmpfloat (s.w.f[first - 1], ==, before);
    }
}

static PlKernels generic;

static void
adam_without_tail (size_t n, const PlAdamStep *step, float *w, float *m, float *v, const float *g)
{
  generic.adam (n / 8 * 8, step, w, m, v, g);
}

static void
adam_without_decay (size_t n, const PlAdamStep *step, float *w, float *m, float *v, const float *g)
{
  PlAdamStep other = *step;

  other.decay = 0;
  generic.adam (n, &other, w, m, v, g);
}

static void
test_check_can_fail (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);

  g_assert_true (pl_kernels_for_isa (PL_ISA_GENERIC, PL_F32, &generic));
  g_assert_true (adam_matches (generic.adam, &steps[0], 21, rand));
  g_assert_false (adam_matches (adam_without_tail, &steps[0], 21, rand));
  g_assert_false (adam_matches (adam_without_decay, &steps[0], 21, rand));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kernels/adam/check-can-fail", test_check_can_fail);
  add_for_each_table ("/kernels/adam/step", test_adam);
  add_for_each_table ("/kernels/adam/any-alignment", test_any_alignment);
  return g_test_run ();
}
