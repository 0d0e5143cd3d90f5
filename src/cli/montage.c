/* SPDX-License-Identifier: GPL-3.0-or-later */
/* montage: all slices of a volume as one picture. */
#include "cli/cli.h"

#include "image/montage.h"

#include <glib/gi18n.h>
#include <string.h>

/* A preset's id or "centre,width". */
static gboolean
parse_window (const char *text, const PlVolume *volume, PlWindow *window)
{
  const PlWindowPreset *preset = pl_window_preset_find (text);
  double numbers[2];

  if (preset != NULL && g_str_equal (preset->id, "auto"))
    {
      g_autofree float *hu = g_new (float, (gsize) volume->n[1] * (gsize) volume->n[2]);

      pl_volume_slice (volume, volume->n[0] / 2, hu);
      *window = pl_window_auto (hu, (gsize) volume->n[1] * (gsize) volume->n[2]);
      return TRUE;
    }
  if (preset != NULL)
    {
      *window = preset->window;
      return TRUE;
    }
  if (!pl_cli_parse_numbers (text, 2, numbers) || numbers[1] <= 0)
    return FALSE;
  *window = (PlWindow){ .centre_hu = numbers[0], .width_hu = numbers[1] };
  return TRUE;
}

PlCliStatus
pl_cli_montage (int argc, char **argv)
{
  g_autofree char *mask_path = NULL;
  g_autofree char *window_text = NULL;
  g_autofree char *map_id = NULL;
  int columns = 0;
  int tile_px = 128;
  PlLoadOptions options = PL_LOAD_OPTIONS_DEFAULT;
  const GOptionEntry entries[] = {
    { "mask", 0, 0, G_OPTION_ARG_FILENAME, &mask_path, N_ ("Outline this mask"), N_ ("FILE") },
    { "columns", 0, 0, G_OPTION_ARG_INT, &columns, N_ ("Tiles in a row; 0: about as many as rows"),
      "N" },
    { "tile", 0, 0, G_OPTION_ARG_INT, &tile_px, N_ ("Longer side of a tile (128)"), "PX" },
    { "window", 0, 0, G_OPTION_ARG_STRING, &window_text,
      N_ ("Centre and width in HU, or lung, mediastinum, soft-tissue, bone, auto"), "C,W" },
    { "colormap", 0, 0, G_OPTION_ARG_STRING, &map_id, N_ ("Colour map: gray, bone, … (gray)"),
      N_ ("NAME") },
    pl_cli_volume_entry (&options.page),
    pl_cli_slice_axis_entry (&options.slice_axis),
    G_OPTION_ENTRY_NULL,
  };
  g_auto (GStrv) arguments =
      pl_cli_parse (argc, argv, _ ("VOLUME OUT.png"),
                    _ ("Draws all slices of a volume as one picture."), entries, 2, 2);
  const PlColourMap *map = pl_colour_map_find (map_id != NULL ? map_id : "gray");
  g_autoptr (GError) error = NULL;
  g_autoptr (PlVolume) volume = NULL;
  g_autoptr (PlMask) mask = NULL;
  g_autoptr (PlPicture) picture = NULL;
  PlWindow window;

  if (map == NULL)
    return pl_cli_misuse (_ ("montage: there is no colour map “%s”"), map_id);
  if (columns < 0 || tile_px < 8 || tile_px > 4096)
    return pl_cli_misuse (_ ("montage: --columns must be 0 or more, --tile from 8 to 4096"));
  if (pl_cli_check_reading ("montage", options.page, options.slice_axis) != PL_CLI_DONE)
    return PL_CLI_USAGE;
  volume = pl_volume_load (arguments[0], &options, pl_cli_cancellable (), &error);
  if (volume == NULL)
    return pl_cli_fail (error);
  if (!parse_window (window_text != NULL ? window_text : "lung", volume, &window))
    return pl_cli_misuse (_ ("montage: --window is “%s”, not a preset or CENTRE,WIDTH"),
                          window_text);
  if (mask_path != NULL)
    {
      mask = pl_mask_load (mask_path, &volume->header, pl_cli_cancellable (), &error);
      if (mask == NULL)
        return pl_cli_fail (error);
    }
  picture = pl_montage_picture (volume, mask, columns, tile_px, window, map, pl_cli_cancellable (),
                                &error);
  if (picture == NULL ||
      !pl_cli_write_png (arguments[1], picture->rgb, picture->width, picture->height, &error))
    return pl_cli_fail (error);
  if (pl_cli_wants_json ())
    {
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "path", arguments[1]);
      json_object_set_int_member (object, "width", picture->width);
      json_object_set_int_member (object, "height", picture->height);
      pl_cli_print_json (object);
    }
  return PL_CLI_DONE;
}
