/* SPDX-License-Identifier: GPL-3.0-or-later */
/* info: what image files hold. */
#include "cli/cli.h"

#include "base/json.h"

#include <glib/gi18n.h>
#include <math.h>

typedef struct
{
  double min;
  double max;
  double mean; /* over finite values; NaN without any */
} Range;

/* In double where float would round the file's values. */
static void
read_values (const PlVolume *volume, int slice, float *hu, double *values)
{
  gsize columns = (gsize) volume->n[2];
  gsize n = (gsize) volume->n[1] * columns;

  if (pl_dtype_size (volume->type) >= 4 && volume->type != PL_DTYPE_FLOAT32)
    {
      for (gsize i = 0; i < n; i++)
        values[i] = pl_volume_value (volume, slice, (int) (i / columns), (int) (i % columns));
      return;
    }
  pl_volume_slice (volume, slice, hu);
  for (gsize i = 0; i < n; i++)
    values[i] = (double) hu[i];
}

/* After scaling, over finite values. */
static void
find_range (const PlVolume *volume, Range *range)
{
  gsize n = (gsize) volume->n[1] * (gsize) volume->n[2];
  g_autofree float *hu = g_new (float, n);
  g_autofree double *values = g_new (double, n);
  double sum = 0;
  gsize count = 0;

  *range = (Range){ .min = INFINITY, .max = -INFINITY };
  for (int s = 0; s < volume->n[0]; s++)
    {
      read_values (volume, s, hu, values);
      for (gsize i = 0; i < n; i++)
        if (isfinite (values[i]))
          {
            range->min = fmin (range->min, values[i]);
            range->max = fmax (range->max, values[i]);
            sum += values[i];
            count++;
          }
    }
  range->mean = count > 0 ? sum / (double) count : NAN;
  if (count == 0)
    range->min = range->max = NAN;
}

static JsonArray *
row_to_json (const double *values, int n)
{
  JsonArray *array = json_array_new ();

  for (int i = 0; i < n; i++)
    json_array_add_double_element (array, values[i]);
  return array;
}

static JsonObject *
describe (const char *path, const PlVolume *volume, const Range *range)
{
  const PlImageHeader *header = &volume->header;
  JsonObject *object = json_object_new ();
  JsonArray *shape = json_array_new ();

  for (int i = 0; i < 3; i++)
    json_array_add_int_element (shape, header->shape[i]);
  json_object_set_string_member (object, "path", path);
  json_object_set_string_member (object, "format", pl_format_name (header->format));
  json_object_set_array_member (object, "shape", shape);
  json_object_set_string_member (object, "dtype", pl_dtype_name (header->stored));
  json_object_set_array_member (object, "spacing", row_to_json (header->spacing_mm, 3));
  if (header->has_affine)
    {
      JsonArray *affine = json_array_new ();

      for (int i = 0; i < 3; i++)
        json_array_add_array_element (affine, row_to_json (header->affine[i], 4));
      json_object_set_array_member (object, "affine", affine);
    }
  else
    json_object_set_null_member (object, "affine");
  json_object_set_int_member (object, "slice_axis", header->slice_axis);
  pl_json_set_double (object, "min", range->min);
  pl_json_set_double (object, "max", range->max);
  pl_json_set_double (object, "mean", range->mean);
  json_object_set_int_member (object, "pages", header->pages);
  return object;
}

static void
print_info (const char *path, const PlVolume *volume, const Range *range)
{
  const PlImageHeader *h = &volume->header;

  g_print ("%s\n", path);
  g_print (_ ("  format       %s, %s\n"), pl_format_name (h->format), pl_dtype_name (h->stored));
  g_print (_ ("  shape        %d × %d × %d, slice axis %d, pages %d\n"), h->shape[0], h->shape[1],
           h->shape[2], h->slice_axis, h->pages);
  g_print (h->has_spacing ? _ ("  spacing      %g × %g × %g mm\n")
                          : _ ("  spacing      %g × %g × %g mm (not in the file)\n"),
           h->spacing_mm[0], h->spacing_mm[1], h->spacing_mm[2]);
  if (volume->orientation[0] != '\0')
    g_print (_ ("  orientation  %s (slices, rows, columns)\n"), volume->orientation);
  if (h->has_affine)
    for (int i = 0; i < 3; i++)
      g_print (i == 0 ? _ ("  affine       %10.4f %10.4f %10.4f %10.4f\n")
                      : "               %10.4f %10.4f %10.4f %10.4f\n",
               h->affine[i][0], h->affine[i][1], h->affine[i][2], h->affine[i][3]);
  g_print (_ ("  values       %g … %g, mean %g\n"), range->min, range->max, range->mean);
}

PlCliStatus
pl_cli_info (int argc, char **argv)
{
  g_autoptr (JsonArray) array = json_array_new ();
  PlLoadOptions options = PL_LOAD_OPTIONS_DEFAULT;
  const GOptionEntry entries[] = {
    pl_cli_volume_entry (&options.page),
    pl_cli_slice_axis_entry (&options.slice_axis),
    G_OPTION_ENTRY_NULL,
  };
  g_auto (GStrv) paths = pl_cli_parse (argc, argv, _ ("FILE…"),
                                       _ ("Tells what NIfTI and TIFF files hold."), entries, 1, -1);
  PlCliStatus status = pl_cli_check_reading ("info", options.page, options.slice_axis);

  if (status != PL_CLI_DONE)
    return status;
  for (int i = 0; paths[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PlVolume) volume =
          pl_volume_load (paths[i], &options, pl_cli_cancellable (), &error);
      Range range;

      if (volume == NULL)
        {
          status = pl_cli_worse (status, pl_cli_fail (error));
          continue;
        }
      find_range (volume, &range);
      if (pl_cli_wants_json ())
        json_array_add_object_element (array, describe (paths[i], volume, &range));
      else
        print_info (paths[i], volume, &range);
    }
  if (pl_cli_wants_json ())
    {
      g_autoptr (JsonNode) root = json_node_init_array (json_node_alloc (), array);
      g_autofree char *text = pl_json_node_to_text (root, TRUE);

      g_print ("%s\n", text);
    }
  return status;
}
