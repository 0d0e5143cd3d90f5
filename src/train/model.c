/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A network with what is needed to use it. In the file that is metadata, one JSON text an entry:
 * pleura.recipe, pleura.size, pleura.classes (the names, and whether they are left and right lung)
 * and pleura.summary. */
#include "train/model.h"

#include "base/json.h"
#include "train/dataset.h"
#include "train/train.h"

#include <glib/gi18n-lib.h>

enum
{
  LARGEST_SIDE = 4096,
  MOST_CLASSES = 255, /* labels are bytes */
};

PlModel *
pl_model_new_take (PlUNet *net,
                   const PlRecipe *recipe,
                   int size_px,
                   int n_classes,
                   const char *const *class_names,
                   JsonObject *summary)
{
  PlModel *model = g_new0 (PlModel, 1);

  g_assert (net->shape.classes == pl_model_outputs (n_classes));
  g_assert ((int) g_strv_length ((char **) class_names) == n_classes);
  model->net = net;
  model->recipe = *recipe;
  model->size_px = size_px;
  model->n_classes = n_classes;
  model->class_names = g_strdupv ((char **) class_names);
  model->has_sides = n_classes == 2 && g_str_equal (class_names[0], PL_LUNG_LEFT_NAME) &&
                     g_str_equal (class_names[1], PL_LUNG_RIGHT_NAME);
  model->summary = summary;
  model->ref_count = 1;
  return model;
}

PlModel *
pl_model_ref (PlModel *model)
{
  g_atomic_int_inc (&model->ref_count);
  return model;
}

void
pl_model_unref (PlModel *model)
{
  if (model == NULL || !g_atomic_int_dec_and_test (&model->ref_count))
    return;
  pl_unet_free (model->net);
  g_strfreev (model->class_names);
  g_clear_pointer (&model->summary, json_object_unref);
  g_free (model->path);
  g_free (model);
}

int
pl_model_outputs (int n_classes)
{
  return n_classes == 1 ? 1 : n_classes + 1;
}

static char *
classes_to_text (const PlModel *model)
{
  g_autoptr (JsonObject) object = json_object_new ();
  JsonArray *names = json_array_new ();

  for (int i = 0; i < model->n_classes; i++)
    json_array_add_string_element (names, model->class_names[i]);
  json_object_set_array_member (object, "names", names);
  if (model->has_sides)
    json_object_set_boolean_member (object, "sides", TRUE);
  return pl_json_to_text (object);
}

static char *
recipe_to_text (const PlRecipe *recipe)
{
  g_autoptr (JsonObject) object = pl_recipe_to_json (recipe);

  return pl_json_to_text (object);
}

gboolean
pl_model_write (const PlModel *model,
                const char *path,
                const PlOptimizer *optimizer,
                GHashTable *extra,
                GError **error)
{
  g_autoptr (GHashTable) metadata = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GHashTableIter iter;
  gpointer key, value;

  if (extra != NULL)
    {
      g_hash_table_iter_init (&iter, extra);
      while (g_hash_table_iter_next (&iter, &key, &value))
        g_hash_table_insert (metadata, g_strdup (key), g_strdup (value));
    }
  g_hash_table_insert (metadata, g_strdup ("pleura.recipe"), recipe_to_text (&model->recipe));
  g_hash_table_insert (metadata, g_strdup ("pleura.size"), g_strdup_printf ("%d", model->size_px));
  g_hash_table_insert (metadata, g_strdup ("pleura.classes"), classes_to_text (model));
  if (model->summary != NULL)
    g_hash_table_insert (metadata, g_strdup ("pleura.summary"), pl_json_to_text (model->summary));
  return pl_model_file_write (path, model->net, optimizer, metadata, error);
}

static JsonObject *
parse_entry (GHashTable *metadata, const char *key, GError **error)
{
  const char *text = g_hash_table_lookup (metadata, key);
  JsonObject *object;

  if (text == NULL)
    {
      g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_MODEL, _ ("the entry “%s” is missing"),
                   key);
      return NULL;
    }
  object = pl_json_parse_object (text, strlen (text), error);
  if (object == NULL)
    g_prefix_error (error, "%s: ", key);
  return object;
}

static gboolean
read_recipe (GHashTable *metadata, PlRecipe *recipe, GError **error)
{
  g_autoptr (JsonObject) object = parse_entry (metadata, "pleura.recipe", error);

  return object != NULL && pl_recipe_from_json (object, recipe, error);
}

static gboolean
read_size (GHashTable *metadata, const PlUNet *net, int *size_px, GError **error)
{
  const char *text = g_hash_table_lookup (metadata, "pleura.size");
  guint64 side = 0;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 1, LARGEST_SIDE, &side, NULL) ||
      pl_unet_fit_side (&net->shape, (int) side) != (int) side)
    {
      g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_MODEL,
                   _ ("pleura.size is “%s”, which is no size for this network"),
                   text != NULL ? text : "");
      return FALSE;
    }
  *size_px = (int) side;
  return TRUE;
}

/* Where it is not said, the names say it. */
static gboolean
read_sides (GHashTable *metadata, int n_classes)
{
  g_autoptr (JsonObject) object = parse_entry (metadata, "pleura.classes", NULL);
  JsonNode *node = object != NULL ? json_object_get_member (object, "sides") : NULL;

  return n_classes == 2 && node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
         json_node_get_value_type (node) == G_TYPE_BOOLEAN && json_node_get_boolean (node);
}

/* (transfer full): as many names as the network's outputs ask for. */
static GStrv
read_class_names (GHashTable *metadata, const PlUNet *net, GError **error)
{
  g_autoptr (JsonObject) object = parse_entry (metadata, "pleura.classes", error);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonNode *node;
  JsonArray *names;
  guint n;

  if (object == NULL)
    return NULL;
  node = json_object_get_member (object, "names");
  names = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  n = names != NULL ? json_array_get_length (names) : 0;
  if (n < 1 || n > MOST_CLASSES || pl_model_outputs ((int) n) != net->shape.classes)
    {
      g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_MODEL,
                   _ ("the number of names in pleura.classes is %u, which does not fit the "
                      "network’s number of outputs, %d"),
                   n, net->shape.classes);
      return NULL;
    }
  for (guint i = 0; i < n; i++)
    {
      JsonNode *name = json_array_get_element (names, i);

      if (json_node_get_value_type (name) != G_TYPE_STRING)
        {
          g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_MODEL,
                       _ ("pleura.classes: name %u is not a text"), i + 1);
          return NULL;
        }
      g_strv_builder_add (builder, json_node_get_string (name));
    }
  return g_strv_builder_end (builder);
}

static gboolean
check_channels (const PlUNet *net, GError **error)
{
  if (net->shape.in_channels == 1)
    return TRUE;
  g_set_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_MODEL,
               _ ("the network takes %d channels; only one is supported"), net->shape.in_channels);
  return FALSE;
}

/* Takes @net when it works. */
static PlModel *
make_model (PlUNet **net, GHashTable *metadata, const char *path, GError **error)
{
  g_auto (GStrv) names = NULL;
  JsonObject *summary = NULL;
  PlRecipe recipe;
  PlModel *model;
  int size_px;

  if (!check_channels (*net, error) || !read_recipe (metadata, &recipe, error) ||
      !read_size (metadata, *net, &size_px, error) ||
      !pl_unet_set_precision (*net, pl_unet_best_precision (), error))
    return NULL;
  names = read_class_names (metadata, *net, error);
  if (names == NULL)
    return NULL;
  if (g_hash_table_contains (metadata, "pleura.summary"))
    {
      summary = parse_entry (metadata, "pleura.summary", error);
      if (summary == NULL)
        return NULL;
    }
  model = pl_model_new_take (g_steal_pointer (net), &recipe, size_px, (int) g_strv_length (names),
                             (const char *const *) names, summary);
  model->has_sides |= read_sides (metadata, model->n_classes);
  model->path = g_strdup (path);
  return model;
}

PlModel *
pl_model_read (const char *path, PlOptimizer **optimizer, GHashTable **metadata, GError **error)
{
  g_autoptr (GHashTable) entries = NULL;
  g_autoptr (PlOptimizer) state = NULL;
  g_autoptr (PlUNet) net =
      pl_model_file_read (path, optimizer != NULL ? &state : NULL, &entries, error);
  PlModel *model;

  if (net == NULL)
    return NULL;
  model = make_model (&net, entries, path, error);
  if (model == NULL)
    {
      g_prefix_error (error, "%s: ", path);
      return NULL;
    }
  if (optimizer != NULL)
    *optimizer = g_steal_pointer (&state);
  if (metadata != NULL)
    *metadata = g_steal_pointer (&entries);
  return model;
}

void
pl_model_get_shape (
    const PlModel *model, int *base, int *depth, int *in_channels, int *outputs, gsize *n_weights)
{
  *base = model->net->shape.base;
  *depth = model->net->shape.depth;
  *in_channels = model->net->shape.in_channels;
  *outputs = model->net->shape.classes;
  *n_weights = model->net->n_weights;
}

const char *
pl_model_error_advice (const GError *error)
{
  if (g_error_matches (error, PL_UNET_ERROR, PL_UNET_ERROR_FILE))
    return _ ("Copy the file again, or choose another model.");
  if (g_error_matches (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_MODEL))
    return _ ("Choose another model.");
  return "";
}
