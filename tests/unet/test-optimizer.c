/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The optimiser against Adam in double, and the learning rate over a run. */
#include <math.h>

#include "base/random.h"
#include "start.h"
#include "unet/optimizer.h"
#include "unet/schedule.h"

static const PlUNetShape small = { .in_channels = 1, .classes = 1, .base = 4, .depth = 2 };

static float *
make_gradients (gsize n)
{
  float *gradients = g_new (float, n);
  PlRandom random;

  pl_random_init (&random, 5, 0);
  for (gsize i = 0; i < n; i++)
    gradients[i] = (float) pl_random_normal (&random);
  return gradients;
}

/* Adam of one weight, as the paper has it. */
typedef struct
{
  double w;
  double m;
  double v;
} Reference;

static void
step_reference (Reference *reference, double g, double rate, double decay, int step)
{
  double m_hat, v_hat;

  reference->m = 0.9 * reference->m + 0.1 * g;
  reference->v = 0.999 * reference->v + 0.001 * g * g;
  m_hat = reference->m / (1 - pow (0.9, step));
  v_hat = reference->v / (1 - pow (0.999, step));
  reference->w -= rate * decay * reference->w + rate * m_hat / (sqrt (v_hat) + 1e-8);
}

static void
assert_steps_match (double decay, double clip_norm)
{
  g_autoptr (PlUNet) net = pl_unet_new (&small, 3, NULL);
  g_autoptr (PlOptimizer) optimizer = pl_optimizer_new (net, decay, NULL);
  g_autofree float *gradients = make_gradients (net->n_weights);
  g_autofree Reference *references = g_new0 (Reference, net->n_weights);
  double norm = 0, scale;

  for (gsize i = 0; i < net->n_weights; i++)
    {
      references[i].w = net->weights[i];
      norm += (double) gradients[i] * gradients[i];
    }
  norm = sqrt (norm);
  scale = clip_norm > 0 && norm > clip_norm ? clip_norm / norm : 1;
  for (int step = 1; step <= 3; step++)
    {
      pl_optimizer_step (optimizer, net, gradients, 0.01, clip_norm);
      for (int p = 0; p < net->n_parameters; p++)
        for (gsize i = 0; i < net->parameters[p].count; i++)
          {
            gsize k = net->parameters[p].offset + i;

            step_reference (&references[k], gradients[k] * scale, 0.01,
                            net->parameters[p].n_dims > 1 ? decay : 0, step);
          }
    }
  for (gsize i = 0; i < net->n_weights; i++)
    g_assert_cmpfloat_with_epsilon (net->weights[i], references[i].w,
                                    1e-5 * (1 + fabs (references[i].w)));
  g_assert_cmpuint (optimizer->step, ==, 3);
}

static void
test_steps (void)
{
  assert_steps_match (0, 0);
  assert_steps_match (0.1, 0);
  assert_steps_match (0.1, 1);
  assert_steps_match (0, 1e6); /* the norm is below that */
}

static void
test_cosine (void)
{
  PlSchedule schedule;
  double before = 0;

  pl_schedule_init (&schedule, PL_SCHEDULE_COSINE, 0.1, 10, 110);
  schedule.floor = 0.001;
  for (guint64 step = 0; step < 10; step++)
    {
      g_assert_cmpfloat (pl_schedule_rate (&schedule, step), >, before);
      before = pl_schedule_rate (&schedule, step);
    }
  g_assert_cmpfloat_with_epsilon (pl_schedule_rate (&schedule, 10), 0.1, 1e-12);
  for (guint64 step = 11; step < 110; step++)
    {
      g_assert_cmpfloat (pl_schedule_rate (&schedule, step), <, 0.1);
      g_assert_cmpfloat (pl_schedule_rate (&schedule, step), <,
                         pl_schedule_rate (&schedule, step - 1));
    }
  g_assert_cmpfloat_with_epsilon (pl_schedule_rate (&schedule, 109), 0.001, 1e-12);
  g_assert_cmpfloat_with_epsilon (pl_schedule_rate (&schedule, 1000), 0.001, 1e-12);
}

/* No steps at all, and no more than the warm-up. */
static void
test_cosine_short (void)
{
  PlSchedule schedule;

  pl_schedule_init (&schedule, PL_SCHEDULE_COSINE, 0.1, 0, 0);
  g_assert_cmpfloat_with_epsilon (pl_schedule_rate (&schedule, 0), 0.1, 1e-12);
  g_assert_true (isfinite (pl_schedule_rate (&schedule, 1)));
  pl_schedule_init (&schedule, PL_SCHEDULE_COSINE, 0.1, 5, 5);
  g_assert_cmpfloat_with_epsilon (pl_schedule_rate (&schedule, 5), 0.1, 1e-12);
}

static void
end_epochs (PlSchedule *schedule, int n, double validation_loss)
{
  for (int i = 0; i < n; i++)
    pl_schedule_epoch_done (schedule, validation_loss);
}

/* Each @patience epochs without a lower loss; one that is no number is not lower. */
static void
test_plateau (void)
{
  PlSchedule schedule;

  pl_schedule_init (&schedule, PL_SCHEDULE_PLATEAU, 0.1, 0, 0);
  g_assert_cmpint (schedule.patience, ==, 10);
  schedule.patience = 2;
  end_epochs (&schedule, 1, 1);
  end_epochs (&schedule, 1, 1);
  g_assert_cmpfloat_with_epsilon (pl_schedule_rate (&schedule, 7), 0.1, 1e-12);
  end_epochs (&schedule, 1, 1);
  g_assert_cmpfloat_with_epsilon (pl_schedule_rate (&schedule, 8), 0.02, 1e-12);
  end_epochs (&schedule, 1, 1);
  end_epochs (&schedule, 1, 0.5);
  end_epochs (&schedule, 1, NAN);
  g_assert_cmpfloat_with_epsilon (pl_schedule_rate (&schedule, 9), 0.02, 1e-12);
  end_epochs (&schedule, 1, NAN);
  g_assert_cmpfloat_with_epsilon (pl_schedule_rate (&schedule, 9), 0.004, 1e-12);
}

/* It ends at 1e-5, and a rate that is lower from the beginning is not raised to it. */
static void
test_plateau_floor (void)
{
  PlSchedule schedule;

  pl_schedule_init (&schedule, PL_SCHEDULE_PLATEAU, 1e-3, 0, 0);
  end_epochs (&schedule, 1 + 2 * schedule.patience, 1);
  g_assert_cmpfloat_with_epsilon (pl_schedule_rate (&schedule, 9), 4e-5, 1e-15);
  end_epochs (&schedule, schedule.patience, 1);
  g_assert_cmpfloat_with_epsilon (pl_schedule_rate (&schedule, 9), 1e-5, 1e-15);
  end_epochs (&schedule, 5 * schedule.patience, 1);
  g_assert_cmpfloat_with_epsilon (pl_schedule_rate (&schedule, 9), 1e-5, 1e-15);

  pl_schedule_init (&schedule, PL_SCHEDULE_PLATEAU, 1e-6, 0, 0);
  end_epochs (&schedule, 5 * schedule.patience, 1);
  g_assert_cmpfloat_with_epsilon (pl_schedule_rate (&schedule, 9), 1e-6, 1e-18);
}

static void
test_constant (void)
{
  PlSchedule schedule;

  pl_schedule_init (&schedule, PL_SCHEDULE_CONSTANT, 0.3, 10, 20);
  pl_schedule_epoch_done (&schedule, 1);
  g_assert_cmpfloat (pl_schedule_rate (&schedule, 0), ==, 0.3);
  g_assert_cmpfloat (pl_schedule_rate (&schedule, 100), ==, 0.3);
}

int
main (int argc, char *argv[])
{
  if (!test_start (&argc, &argv))
    return 0;
  g_test_add_func ("/unet/optimizer/steps", test_steps);
  g_test_add_func ("/unet/schedule/cosine", test_cosine);
  g_test_add_func ("/unet/schedule/cosine-short", test_cosine_short);
  g_test_add_func ("/unet/schedule/plateau", test_plateau);
  g_test_add_func ("/unet/schedule/plateau-floor", test_plateau_floor);
  g_test_add_func ("/unet/schedule/constant", test_constant);
  return g_test_run ();
}
