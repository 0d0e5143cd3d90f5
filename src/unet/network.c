/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A network's life: its weights are made, copied, packed for the kernels, and freed. */
#include "unet/network.h"

#include <cblas.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "base/aligned.h"
#include "base/parallel.h"
#include "base/random.h"
#include "unet/packed.h"

static char *
list_levels (void)
{
  g_autoptr (GString) names = g_string_new (NULL);
  PlKernels ignored;

  for (PlIsa isa = PL_ISA_GENERIC; isa < PL_N_ISAS; isa++)
    if (pl_kernels_for_isa (isa, PL_F32, &ignored))
      g_string_append_printf (names, names->len > 0 ? ", %s" : "%s", pl_isa_name (isa));
  return g_string_free (g_steal_pointer (&names), FALSE);
}

bool
pl_unet_init (const char *isa, int n_threads, GError **error)
{
  if (!pl_kernels_init (isa))
    {
      g_autofree char *levels = list_levels ();

      g_set_error (error, PL_UNET_ERROR, PL_UNET_ERROR_ISA,
                   _ ("The instruction set “%s” is not available here; these are: %s"), isa,
                   levels);
      return false;
    }
  openblas_set_num_threads (1);
  pl_parallel_init (n_threads);
  return true;
}

const char *
pl_unet_isa (void)
{
  return pl_isa_name (pl_kernels (PL_F32)->isa);
}

PlPrecision
pl_unet_best_precision (void)
{
  return pl_kernels_prefer_bf16 () ? PL_BF16 : PL_F32;
}

const char *
pl_unet_precision_name (PlPrecision precision)
{
  return pl_precision_name (precision);
}

static float *
allocate_weights (gsize n, GError **error)
{
  float *weights =
      n <= pl_memory_total () / sizeof (float) ? pl_aligned_new0 (n * sizeof (float)) : NULL;

  if (weights == NULL)
    g_set_error (error, PL_UNET_ERROR, PL_UNET_ERROR_MEMORY,
                 _ ("There is not enough memory: the network has %zu weights"), n);
  return weights;
}

/* Room for the weights as the kernels of @precision want them. */
static gboolean
pack_for (PlUNet *net, PlPrecision precision, GError **error)
{
  PlUNetPacked *packed = pl_packed_new (&net->shape, pl_kernels (precision));

  if (packed == NULL)
    {
      g_set_error (error, PL_UNET_ERROR, PL_UNET_ERROR_MEMORY,
                   _ ("There is not enough memory: the network has %zu weights"), net->n_weights);
      return FALSE;
    }
  pl_packed_free (net->packed);
  net->packed = packed;
  net->precision = precision;
  return TRUE;
}

gboolean
pl_unet_check_precision (PlPrecision precision, GError **error)
{
  if (pl_kernels (precision) != NULL)
    return TRUE;
  g_set_error (error, PL_UNET_ERROR, PL_UNET_ERROR_ISA,
               _ ("The precision “%s” is not available with the instruction set “%s”."),
               pl_precision_name (precision), pl_unet_isa ());
  return FALSE;
}

gboolean
pl_unet_set_precision (PlUNet *net, PlPrecision precision, GError **error)
{
  if (!pl_unet_check_precision (precision, error))
    return FALSE;
  if (precision == net->precision)
    return TRUE;
  if (!pack_for (net, precision, error))
    return FALSE;
  pl_unet_weights_changed (net);
  return TRUE;
}

PlUNet *
pl_unet_new_unset (const PlUNetShape *shape, GError **error)
{
  g_autoptr (PlUNet) net = NULL;

  if (!pl_shape_check (shape, error))
    return NULL;
  net = g_new0 (PlUNet, 1);
  net->shape = *shape;
  net->parameters = pl_parameters_new (shape, &net->n_parameters, &net->n_weights);
  net->weights = allocate_weights (net->n_weights, error);
  if (net->weights == NULL)
    return NULL;
  if (!pack_for (net, PL_F32, error))
    return NULL;
  return g_steal_pointer (&net);
}

/* He et al. 2015 (https://arxiv.org/abs/1502.01852) for a leaky ReLU; a generator a tensor. */
static void
initialise (PlUNet *net, int index, guint64 seed)
{
  const PlParameter *p = &net->parameters[index];
  gboolean is_upconv = g_str_has_prefix (p->name, "up.");
  float *w = net->weights + p->offset;
  double inputs, deviation;
  PlRandom random;

  if (p->n_dims == 1)
    {
      gboolean is_scale = g_str_has_suffix (p->name, ".weight");

      for (gsize i = 0; i < p->count; i++)
        w[i] = is_scale ? 1 : 0;
      return;
    }
  /* Each output pixel of the transposed convolution has one tap. */
  inputs = is_upconv ? p->dims[0] : (double) p->dims[1] * p->dims[2] * p->dims[3];
  deviation = sqrt (2 / (1 + PL_LEAKY_SLOPE * PL_LEAKY_SLOPE) / inputs);
  pl_random_init (&random, seed, (guint64) index);
  for (gsize i = 0; i < p->count; i++)
    w[i] = (float) (deviation * pl_random_normal (&random));
}

PlUNet *
pl_unet_new (const PlUNetShape *shape, guint64 seed, GError **error)
{
  PlUNet *net = pl_unet_new_unset (shape, error);

  if (net == NULL)
    return NULL;
  for (int i = 0; i < net->n_parameters; i++)
    initialise (net, i, seed);
  pl_unet_weights_changed (net);
  return net;
}

void
pl_unet_scale_head (PlUNet *net, float factor)
{
  const PlParameter *head = &net->parameters[pl_shape_head_parameter (&net->shape)];

  for (gsize i = 0; i < head->count; i++)
    net->weights[head->offset + i] *= factor;
  pl_unet_weights_changed (net);
}

PlUNet *
pl_unet_copy (const PlUNet *net, GError **error)
{
  PlUNet *copy = pl_unet_new_unset (&net->shape, error);

  if (copy == NULL)
    return NULL;
  memcpy (copy->weights, net->weights, net->n_weights * sizeof (float));
  if (net->precision != copy->precision && !pack_for (copy, net->precision, error))
    {
      pl_unet_free (copy);
      return NULL;
    }
  pl_unet_weights_changed (copy);
  return copy;
}

void
pl_unet_free (PlUNet *net)
{
  if (net == NULL)
    return;
  pl_packed_free (net->packed);
  pl_aligned_free (net->weights);
  g_free (net->parameters);
  g_free (net);
}

void
pl_unet_weights_changed (PlUNet *net)
{
  pl_packed_update (net->packed, net);
}
