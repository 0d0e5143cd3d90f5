/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bundle and unbundle: slice files into one volume and back, voxel for voxel. */
#include "cli/cli.h"

#include "image/bundle.h"

#include <glib/gi18n.h>
#include <math.h>

static void
print_result (const char *path, int n_slices)
{
  JsonObject *object;

  if (!pl_cli_wants_json ())
    return;
  object = json_object_new ();
  json_object_set_string_member (object, "path", path);
  json_object_set_int_member (object, "slices", n_slices);
  pl_cli_print_json (object);
}

PlCliStatus
pl_cli_bundle (int argc, char **argv)
{
  double step_mm = NAN;
  const GOptionEntry entries[] = {
    { "step", 0, 0, G_OPTION_ARG_DOUBLE, &step_mm,
      N_ ("Distance of slices in mm, where the slices do not tell it"), "MM" },
    G_OPTION_ENTRY_NULL,
  };
  g_auto (GStrv) arguments =
      pl_cli_parse (argc, argv, _ ("SLICE_DIR OUT.nii.gz"),
                    _ ("Joins the slices of a folder, in the order of their names, into a volume."),
                    entries, 2, 2);
  g_autoptr (GError) error = NULL;
  PlBundle bundle;

  if (step_mm <= 0)
    return pl_cli_misuse (_ ("bundle: --step is %g, not above 0"), step_mm);
  if (!g_str_has_suffix (arguments[1], ".nii") && !g_str_has_suffix (arguments[1], ".nii.gz"))
    return pl_cli_misuse (_ ("bundle: %s does not end in .nii or .nii.gz"), arguments[1]);
  pl_cli_progress_begin (_ ("Reading"));
  if (!pl_bundle_slices (arguments[0], arguments[1], isnan (step_mm) ? 0 : step_mm, &bundle,
                         pl_cli_progress_cb, NULL, pl_cli_cancellable (), &error))
    return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)
               ? pl_cli_misuse ("bundle: %s", error->message)
               : pl_cli_fail (error);
  pl_cli_progress_end ();
  if (pl_bundle_get_warning (&bundle) != NULL)
    pl_cli_complain ("%s: %s", arguments[1], pl_bundle_get_warning (&bundle));
  print_result (arguments[1], bundle.n_slices);
  return PL_CLI_DONE;
}

PlCliStatus
pl_cli_unbundle (int argc, char **argv)
{
  PlLoadOptions options = PL_LOAD_OPTIONS_DEFAULT;
  const GOptionEntry entries[] = {
    pl_cli_volume_entry (&options.page),
    pl_cli_slice_axis_entry (&options.slice_axis),
    G_OPTION_ENTRY_NULL,
  };
  g_auto (GStrv) arguments =
      pl_cli_parse (argc, argv, _ ("VOLUME OUT_DIR"),
                    _ ("Writes each slice of a volume as a TIFF file."), entries, 2, 2);
  g_autoptr (GError) error = NULL;
  int n_slices;

  if (pl_cli_check_reading ("unbundle", options.page, options.slice_axis) != PL_CLI_DONE)
    return PL_CLI_USAGE;
  pl_cli_progress_begin (_ ("Writing"));
  n_slices = pl_unbundle_volume (arguments[0], &options, arguments[1], pl_cli_progress_cb, NULL,
                                 pl_cli_cancellable (), &error);
  if (n_slices == 0)
    return pl_cli_fail (error);
  pl_cli_progress_end ();
  print_result (arguments[1], n_slices);
  return PL_CLI_DONE;
}
