/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench: training steps and predictions of one network, and each of its layers, timed on this
 * machine, for each instruction set and precision that is asked for. With bench-measure.c the one
 * place outside train/ that includes the core: it measures the core alone. */
#include "cli/cli.h"

#include "cli/bench.h"
#include "train/train.h"

#include <glib/gi18n.h>

/* What is measured with the same options. */
typedef struct
{
  const char *isa;
  PlPrecision precision;
} Variant;

/* Of a name that is known, with the instruction set in use. */
static PlPrecision
find_precision (const char *name)
{
  if (g_str_equal (name, "auto"))
    return pl_unet_best_precision ();
  return g_str_equal (name, "bf16") ? PL_BF16 : PL_F32;
}

/* Each instruction set with each precision, found before anything is measured; NULL if one is not
 * here. */
static GArray *
list_variants (char **isas, char **precisions, GError **error)
{
  g_autoptr (GArray) variants = g_array_new (FALSE, FALSE, sizeof (Variant));

  for (int i = 0; isas[i] != NULL; i++)
    {
      if (!pl_unet_init (isas[i], 0, error))
        return NULL;
      for (int k = 0; precisions[k] != NULL; k++)
        {
          Variant variant = { .isa = isas[i], .precision = find_precision (precisions[k]) };

          if (!pl_unet_check_precision (variant.precision, error))
            return NULL;
          g_array_append_val (variants, variant);
        }
    }
  return g_steal_pointer (&variants);
}

/* @reports: (nullable): takes the report; else it is printed. Nothing else runs here, so the core
 * can be started anew. */
static gboolean
bench_variant (const PlBenchOptions *options,
               const Variant *variant,
               JsonArray *reports,
               GError **error)
{
  g_auto (PlBenchReport) report = { .layers = NULL };

  if (!pl_unet_init (variant->isa, options->threads, error) ||
      !pl_bench_measure (options, variant->precision, &report, error))
    return FALSE;
  if (reports != NULL)
    json_array_add_object_element (reports, pl_bench_report_to_json (&report));
  else
    pl_bench_report_print (&report);
  return TRUE;
}

static gboolean
bench_all (const PlBenchOptions *options,
           char **isas,
           char **precisions,
           JsonArray *reports,
           GError **error)
{
  g_autoptr (GArray) variants = list_variants (isas, precisions, error);

  if (variants == NULL)
    return FALSE;
  for (guint i = 0; i < variants->len; i++)
    if (!bench_variant (options, &g_array_index (variants, Variant, i), reports, error))
      return FALSE;
  return TRUE;
}

/* One document: the report, or an object with several. */
static void
print_json (JsonArray *reports)
{
  JsonObject *object;

  if (json_array_get_length (reports) == 1)
    {
      object = json_object_ref (json_array_get_object_element (reports, 0));
    }
  else
    {
      object = json_object_new ();
      json_object_set_array_member (object, "reports", json_array_ref (reports));
    }
  pl_cli_print_json (object);
}

static PlCliStatus
bench (const PlBenchOptions *options, char **isas, char **precisions)
{
  g_autoptr (JsonArray) reports = pl_cli_wants_json () ? json_array_new () : NULL;
  g_autoptr (GError) error = NULL;

  if (!bench_all (options, isas, precisions, reports, &error))
    {
      PlCliStatus status = pl_cli_fail (error);

      return g_error_matches (error, PL_UNET_ERROR, PL_UNET_ERROR_SHAPE) ||
                     g_error_matches (error, PL_UNET_ERROR, PL_UNET_ERROR_ISA)
                 ? PL_CLI_USAGE
                 : status;
    }
  if (reports != NULL)
    print_json (reports);
  return PL_CLI_DONE;
}

static const char *
find_unknown_precision (char **precisions)
{
  int ignored;

  for (int i = 0; precisions[i] != NULL; i++)
    if (!pl_train_precision_from_name (precisions[i], &ignored))
      return precisions[i];
  return NULL;
}

/* @names: (nullable): "f32,bf16"; nothing means @otherwise */
static char **
split_names (const char *names, const char *otherwise)
{
  return g_strsplit (names != NULL && names[0] != '\0' ? names : otherwise, ",", -1);
}

PlCliStatus
pl_cli_bench (int argc, char **argv)
{
  PlBenchOptions o = { .seconds = 5, .base = 32, .depth = 4, .size_px = 256, .batch = 8 };
  g_autofree char *isa = NULL;
  g_autofree char *precision = NULL;
  g_auto (GStrv) isas = NULL;
  g_auto (GStrv) precisions = NULL;
  const GOptionEntry entries[] = {
    { "seconds", 0, 0, G_OPTION_ARG_DOUBLE, &o.seconds, N_ ("Seconds for each figure (5)"), "S" },
    { "base", 0, 0, G_OPTION_ARG_INT, &o.base, N_ ("Channels of the finest level (32)"), "N" },
    { "depth", 0, 0, G_OPTION_ARG_INT, &o.depth, N_ ("Times the network halves its input (4)"),
      "N" },
    { "size", 0, 0, G_OPTION_ARG_INT, &o.size_px, N_ ("Side of the input in pixels (256)"), "PX" },
    { "batch", 0, 0, G_OPTION_ARG_INT, &o.batch, N_ ("Images in a step (8)"), "N" },
    { "isa", 0, 0, G_OPTION_ARG_STRING, &isa,
      N_ ("Instruction sets to compare, among generic, avx2, avx512, amx"), N_ ("NAME,…") },
    { "precision", 0, 0, G_OPTION_ARG_STRING, &precision,
      N_ ("Precisions to compare, among auto, f32, bf16"), N_ ("NAME,…") },
    { "threads", 0, 0, G_OPTION_ARG_INT, &o.threads, N_ ("Threads; 0: one for each processor"),
      "N" },
    G_OPTION_ENTRY_NULL,
  };
  G_GNUC_UNUSED g_auto (GStrv) arguments = pl_cli_parse (
      argc, argv, "", _ ("Times training and prediction without files."), entries, 0, 0);

  if (!(o.seconds > 0) || o.batch < 1 || o.batch > 256 || o.size_px < 4 || o.size_px > 4096 ||
      o.threads < 0)
    return pl_cli_misuse (_ ("bench: --seconds must be above 0, --batch from 1 to 256, --size from "
                             "4 to 4096, --threads 0 or more"));
  isas = split_names (isa, pl_train_isa ());
  precisions = split_names (precision, "auto");
  if (find_unknown_precision (precisions) != NULL)
    return pl_cli_misuse (_ ("bench: --precision is “%s”, not auto, f32 or bf16"),
                          find_unknown_precision (precisions));
  return bench (&o, isas, precisions);
}
