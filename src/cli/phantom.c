/* SPDX-License-Identifier: GPL-3.0-or-later */
/* phantom: a synthetic data set, to try everything with. */
#include "cli/cli.h"

#include "image/phantom.h"

#include <glib/gi18n.h>

PlCliStatus
pl_cli_phantom (int argc, char **argv)
{
  PlPhantomOptions options = PL_PHANTOM_DEFAULT;
  gint64 seed = (gint64) options.seed;
  const GOptionEntry entries[] = {
    { "slices", 0, 0, G_OPTION_ARG_INT, &options.n_slices, N_ ("Number of single slices (96)"),
      "N" },
    { "volumes", 0, 0, G_OPTION_ARG_INT, &options.n_volumes, N_ ("Number of volumes (3)"), "N" },
    { "size", 0, 0, G_OPTION_ARG_INT, &options.size_px, N_ ("Rows and columns of a slice (256)"),
      "PX" },
    { "seed", 0, 0, G_OPTION_ARG_INT64, &seed, N_ ("Seed: which patients to make (1)"), "S" },
    G_OPTION_ENTRY_NULL,
  };
  g_auto (GStrv) arguments =
      pl_cli_parse (argc, argv, _ ("DIR"),
                    _ ("Writes a synthetic thorax data set in Kaggle’s layout."), entries, 1, 1);
  g_autoptr (GError) error = NULL;
  gboolean ok;

  options.seed = (guint64) seed;
  if (options.n_slices < 0 || options.n_slices > 9999 || options.n_volumes < 0 ||
      options.n_volumes > 999 || options.n_slices + options.n_volumes == 0)
    return pl_cli_misuse (
        _ ("phantom: --slices must be from 0 to 9999, --volumes from 0 to 999, and not both 0"));
  if (options.size_px < 32 || options.size_px > 2048)
    return pl_cli_misuse (_ ("phantom: --size is %d, not from 32 to 2048"), options.size_px);
  pl_cli_progress_begin (_ ("Drawing"));
  ok = pl_phantom_write (arguments[0], &options, pl_cli_progress_cb, NULL, pl_cli_cancellable (),
                         &error);
  pl_cli_progress_end ();
  if (!ok)
    return pl_cli_fail (error);
  if (pl_cli_wants_json ())
    {
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "path", arguments[0]);
      json_object_set_int_member (object, "slices", options.n_slices);
      json_object_set_int_member (object, "volumes", options.n_volumes);
      pl_cli_print_json (object);
    }
  return PL_CLI_DONE;
}
