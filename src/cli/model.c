/* SPDX-License-Identifier: GPL-3.0-or-later */
/* model: what a model file is. */
#include "cli/cli.h"

#include "base/json.h"
#include "train/model.h"

#include <glib/gi18n.h>

PlCliStatus
pl_cli_model (int argc, char **argv)
{
  g_auto (GStrv) arguments = pl_cli_parse (
      argc, argv, _ ("FILE"), _ ("Tells what a model is and how it was trained."), NULL, 1, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (PlModel) model = pl_model_read (arguments[0], NULL, NULL, &error);
  g_autofree char *classes = NULL;
  JsonObject *object;
  int base, depth, in_channels, outputs;
  gsize n_weights;

  if (model == NULL)
    return pl_cli_fail (error);
  pl_model_get_shape (model, &base, &depth, &in_channels, &outputs, &n_weights);
  classes = g_strjoinv (", ", model->class_names);
  if (!pl_cli_wants_json ())
    {
      g_print (_ ("U-Net, base %d, depth %d, input channels %d, outputs %d, weights %zu\n"), base,
               depth, in_channels, outputs, n_weights);
      g_print (model->recipe.is_hu ? _ ("input     %d × %d pixels, HU from %g to %g\n")
                                   : _ ("input     %d × %d pixels, percentiles from %g to %g\n"),
               model->size_px, model->size_px, model->recipe.low, model->recipe.high);
      g_print (_ ("classes   %s\n"), classes);
    }
  object = json_object_new ();
  json_object_set_string_member (object, "path", arguments[0]);
  json_object_set_int_member (object, "base", base);
  json_object_set_int_member (object, "depth", depth);
  json_object_set_int_member (object, "in_channels", in_channels);
  json_object_set_int_member (object, "outputs", outputs);
  json_object_set_int_member (object, "weights", (gint64) n_weights);
  json_object_set_int_member (object, "size", model->size_px);
  json_object_set_object_member (object, "recipe", pl_recipe_to_json (&model->recipe));
  json_object_set_string_member (object, "classes", classes);
  if (model->summary != NULL)
    json_object_set_object_member (object, "training", json_object_ref (model->summary));
  if (pl_cli_wants_json ())
    pl_cli_print_json (object);
  else
    {
      g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
      g_autofree char *text = NULL;

      if (model->summary != NULL)
        {
          json_node_set_object (node, model->summary);
          text = pl_json_node_to_text (node, TRUE);
          g_print (_ ("training  %s\n"), text);
        }
      json_object_unref (object);
    }
  return PL_CLI_DONE;
}
