/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A report of bench as a table and as JSON. Names of layers and kernels are the same in both, and
 * in every language: they are looked for in the sources. */
#include "cli/bench.h"

#include "base/json.h"

#include <glib/gi18n.h>

static JsonObject *
layer_to_json (const PlLayerTime *layer, double peak)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "layer", layer->layer);
  json_object_set_string_member (object, "kernel", layer->kernel);
  pl_json_set_double (object, "seconds", layer->seconds);
  pl_json_set_double (object, "gb_per_s", 1e-9 * layer->bytes / layer->seconds);
  if (layer->flops > 0)
    {
      pl_json_set_double (object, "gflop_per_s", 1e-9 * layer->flops / layer->seconds);
      pl_json_set_double (object, "share_of_peak", layer->flops / layer->seconds / peak);
    }
  return object;
}

static JsonArray *
layers_to_json (const PlBenchReport *report)
{
  JsonArray *layers = json_array_new ();

  for (guint i = 0; i < report->layers->len; i++)
    json_array_add_object_element (
        layers, layer_to_json (&g_array_index (report->layers, PlLayerTime, i), report->peak));
  return layers;
}

static JsonObject *
figure_to_json (const PlBenchFigure *figure)
{
  JsonObject *object = json_object_new ();

  pl_json_set_double (object, "images_per_s", figure->images_per_s);
  pl_json_set_double (object, "gflop_per_s", figure->gflops);
  pl_json_set_double (object, "work_mib", figure->mebibytes);
  return object;
}

static JsonObject *
phases_to_json (const PlBenchPhases *phases)
{
  JsonObject *object = json_object_new ();

  pl_json_set_double (object, "forward_s", phases->forward);
  pl_json_set_double (object, "loss_s", phases->loss);
  pl_json_set_double (object, "backward_s", phases->backward);
  pl_json_set_double (object, "optimizer_s", phases->optimizer);
  pl_json_set_double (object, "data_s", phases->data);
  pl_json_set_double (object, "busy", phases->busy);
  return object;
}

JsonObject *
pl_bench_report_to_json (const PlBenchReport *report)
{
  const PlBenchOptions *o = &report->options;
  JsonObject *object = json_object_new ();
  JsonObject *training = figure_to_json (&report->training);

  json_object_set_object_member (training, "phases", phases_to_json (&report->phases));
  json_object_set_string_member (object, "isa", report->isa);
  json_object_set_string_member (object, "precision", pl_unet_precision_name (report->precision));
  json_object_set_int_member (object, "threads", report->threads);
  json_object_set_int_member (object, "base", o->base);
  json_object_set_int_member (object, "depth", o->depth);
  json_object_set_int_member (object, "size", o->size_px);
  json_object_set_int_member (object, "batch", o->batch);
  pl_json_set_double (object, "peak_gflop_per_s", 1e-9 * report->peak);
  pl_json_set_double (object, "resident_mib", report->resident_mib);
  json_object_set_object_member (object, "training", training);
  json_object_set_object_member (object, "prediction", figure_to_json (&report->prediction));
  json_object_set_array_member (object, "layers", layers_to_json (report));
  return object;
}

static void
print_layer (const PlLayerTime *layer, double peak)
{
  g_print ("  %-14s %-24s %9.3f ms  %7.1f GB/s", layer->layer, layer->kernel, 1e3 * layer->seconds,
           1e-9 * layer->bytes / layer->seconds);
  if (layer->flops > 0)
    g_print ("  %8.1f GFLOP/s  %3.0f %%", 1e-9 * layer->flops / layer->seconds,
             100 * layer->flops / layer->seconds / peak);
  g_print ("\n");
}

static void
print_phases (const PlBenchPhases *p)
{
  double step = p->forward + p->loss + p->backward + p->optimizer;

  g_print (_ ("a step of %.0f ms on average: forward %.0f %%, loss %.1f %%, backward %.0f %%, "
              "optimiser %.1f %%; threads at work %.0f %%; meanwhile %.0f ms for the data\n"),
           1e3 * step, 100 * p->forward / step, 100 * p->loss / step, 100 * p->backward / step,
           100 * p->optimizer / step, 100 * p->busy, 1e3 * p->data);
}

void
pl_bench_report_print (const PlBenchReport *report)
{
  const PlBenchOptions *o = &report->options;

  g_print (_ ("U-Net base %d, depth %d, %d × %d, batch %d, %s, %s, %d threads; medians\n"), o->base,
           o->depth, o->size_px, o->size_px, o->batch, pl_unet_precision_name (report->precision),
           report->isa, report->threads);
  g_print (_ ("training    %7.2f images/s  %7.1f GFLOP/s  %7.0f MiB\n"),
           report->training.images_per_s, report->training.gflops, report->training.mebibytes);
  g_print (_ ("prediction  %7.2f images/s  %7.1f GFLOP/s  %7.0f MiB\n"),
           report->prediction.images_per_s, report->prediction.gflops,
           report->prediction.mebibytes);
  print_phases (&report->phases);
  g_print (_ ("peak %.0f GFLOP/s; resident memory %.0f MiB; each layer by itself, with the "
              "operations of "
              "a plain convolution and their share of the peak, more than 100 %% where tiles save "
              "some:\n"),
           1e-9 * report->peak, report->resident_mib);
  for (guint i = 0; i < report->layers->len; i++)
    print_layer (&g_array_index (report->layers, PlLayerTime, i), report->peak);
}
