/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Models in safetensors files. The flat blocks of weights and of the optimiser's state are in the
 * file's order, so each is written in one go. Tensors that are not ours are ignored. */
#include "unet/model-file.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "unet/network.h"
#include "unet/parameters.h"
#include "unet/safetensors.h"

#define VERSION_KEY "pleura.version"
#define ARCHITECTURE_KEY "pleura.architecture"
#define OPTIMIZER_KEY "pleura.optimizer"
#define M_PREFIX "optimizer.m."
#define V_PREFIX "optimizer.v."

static char *
describe_shape (const PlUNetShape *shape)
{
  return g_strdup_printf ("{\"in_channels\":%d,\"classes\":%d,\"base\":%d,\"depth\":%d}",
                          shape->in_channels, shape->classes, shape->base, shape->depth);
}

static char *
describe_optimizer (const PlOptimizer *optimizer)
{
  g_autoptr (JsonObject) object = json_object_new ();

  json_object_set_int_member (object, "step", (gint64) optimizer->step);
  json_object_set_double_member (object, "beta1", optimizer->beta1);
  json_object_set_double_member (object, "beta2", optimizer->beta2);
  json_object_set_double_member (object, "epsilon", optimizer->epsilon);
  json_object_set_double_member (object, "decay", optimizer->decay);
  return pl_json_to_text (object);
}

static gboolean
is_own_key (const char *key)
{
  return strcmp (key, VERSION_KEY) == 0 || strcmp (key, ARCHITECTURE_KEY) == 0 ||
         strcmp (key, OPTIMIZER_KEY) == 0;
}

/* Ours, then the caller's in alphabetical order: the same model gives the same file. */
static JsonObject *
make_metadata (const PlUNet *net, const PlOptimizer *optimizer, GHashTable *metadata)
{
  JsonObject *object = json_object_new ();
  g_autofree char *architecture = describe_shape (&net->shape);
  g_autoptr (GList) keys = metadata == NULL ? NULL : g_hash_table_get_keys (metadata);

  json_object_set_string_member (object, VERSION_KEY, PLEURA_VERSION);
  json_object_set_string_member (object, ARCHITECTURE_KEY, architecture);
  if (optimizer != NULL)
    {
      g_autofree char *state = describe_optimizer (optimizer);

      json_object_set_string_member (object, OPTIMIZER_KEY, state);
    }
  keys = g_list_sort (keys, (GCompareFunc) strcmp);
  for (GList *l = keys; l != NULL; l = l->next)
    if (!is_own_key (l->data))
      json_object_set_string_member (object, l->data, g_hash_table_lookup (metadata, l->data));
  return object;
}

/* A tensor at byte @begin of the data. */
static JsonObject *
make_entry (const PlParameter *parameter, gsize begin)
{
  JsonObject *entry = json_object_new ();
  JsonArray *shape = json_array_new ();
  JsonArray *offsets = json_array_new ();

  for (int d = 0; d < parameter->n_dims; d++)
    json_array_add_int_element (shape, parameter->dims[d]);
  json_array_add_int_element (offsets, (gint64) begin);
  json_array_add_int_element (offsets, (gint64) (begin + parameter->count * sizeof (float)));
  json_object_set_string_member (entry, "dtype", "F32");
  json_object_set_array_member (entry, "shape", shape);
  json_object_set_array_member (entry, "data_offsets", offsets);
  return entry;
}

/* One entry a parameter; block @index of the data. */
static void
add_block (JsonObject *header, const PlUNet *net, const char *name_prefix, gsize index)
{
  for (int i = 0; i < net->n_parameters; i++)
    {
      const PlParameter *parameter = &net->parameters[i];
      g_autofree char *name = g_strconcat (name_prefix, parameter->name, NULL);
      gsize begin = (index * net->n_weights + parameter->offset) * sizeof (float);

      json_object_set_object_member (header, name, make_entry (parameter, begin));
    }
}

/* Padded with spaces, so that the data begin at a multiple of 64 bytes. */
static GString *
make_header (const PlUNet *net, const PlOptimizer *optimizer, GHashTable *metadata)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  JsonObject *header = json_object_new ();
  GString *text = g_string_new (NULL);

  json_node_take_object (root, header);
  json_object_set_object_member (header, "__metadata__", make_metadata (net, optimizer, metadata));
  add_block (header, net, "", 0);
  if (optimizer != NULL)
    {
      add_block (header, net, M_PREFIX, 1);
      add_block (header, net, V_PREFIX, 2);
    }
  json_generator_set_root (generator, root);
  json_generator_to_gstring (generator, text);
  while ((text->len + 8) % 64 != 0)
    g_string_append_c (text, ' ');
  return text;
}

static gboolean
write_floats (PlFileWriter *writer, const float *values, gsize n, GError **error)
{
  guint32 bits[4096];

  for (gsize i = 0; i < n; i += G_N_ELEMENTS (bits))
    {
      gsize count = MIN (n - i, G_N_ELEMENTS (bits));

      memcpy (bits, values + i, count * sizeof (float));
      for (gsize k = 0; k < count; k++)
        bits[k] = GUINT32_TO_LE (bits[k]);
      if (!pl_file_writer_write (writer, bits, count * sizeof (float), error))
        return FALSE;
    }
  return TRUE;
}

gboolean
pl_model_file_write (const char *path,
                     const PlUNet *net,
                     const PlOptimizer *optimizer,
                     GHashTable *metadata,
                     GError **error)
{
  g_autoptr (PlFileWriter) writer = NULL;
  g_autoptr (GString) header = make_header (net, optimizer, metadata);
  guint64 length = GUINT64_TO_LE ((guint64) header->len);

  if (header->len > PL_SAFETENSORS_LARGEST_HEADER)
    {
      g_set_error (error, PL_UNET_ERROR, PL_UNET_ERROR_FILE,
                   _ ("%s: the header would have %zu bytes, more than %d"), path, header->len,
                   PL_SAFETENSORS_LARGEST_HEADER);
      return FALSE;
    }
  writer = pl_file_writer_open (path, error);
  return writer != NULL && pl_file_writer_write (writer, &length, sizeof length, error) &&
         pl_file_writer_write (writer, header->str, header->len, error) &&
         write_floats (writer, net->weights, net->n_weights, error) &&
         (optimizer == NULL || (write_floats (writer, optimizer->m, optimizer->n, error) &&
                                write_floats (writer, optimizer->v, optimizer->n, error))) &&
         pl_file_writer_commit (writer, error);
}

/* JSON in the metadata, or NULL with an error that names file and key. */
static JsonObject *
parse_metadata (const PlSafetensors *file, const char *key, GError **error)
{
  const char *text = g_hash_table_lookup (file->metadata, key);
  g_autoptr (GError) parse_error = NULL;
  JsonObject *object;

  if (text == NULL)
    {
      g_set_error (error, PL_UNET_ERROR, PL_UNET_ERROR_FILE,
                   _ ("%s: the metadata “%s” is missing: this is not a model of Pleura"),
                   file->path, key);
      return NULL;
    }
  object = pl_json_parse_object (text, strlen (text), &parse_error);
  if (object == NULL)
    g_set_error (error, PL_UNET_ERROR, PL_UNET_ERROR_FILE, _ ("%s: the metadata “%s”: %s"),
                 file->path, key, parse_error->message);
  return object;
}

/* Takes @cause, an error in the member of a JSON text; always FALSE. */
static gboolean
refuse_metadata (const PlSafetensors *file, const char *key, GError *cause, GError **error)
{
  g_set_error (error, PL_UNET_ERROR, PL_UNET_ERROR_FILE, _ ("%s: the metadata “%s”: %s"),
               file->path, key, cause->message);
  g_error_free (cause);
  return FALSE;
}

static gboolean
read_shape (const PlSafetensors *file, PlUNetShape *shape, GError **error)
{
  g_autoptr (JsonObject) object = parse_metadata (file, ARCHITECTURE_KEY, error);
  gint64 in_channels, classes, base, depth;
  GError *cause = NULL;

  if (object == NULL)
    return FALSE;
  if (!pl_json_get_int (object, "in_channels", G_MININT, G_MAXINT, &in_channels, &cause) ||
      !pl_json_get_int (object, "classes", G_MININT, G_MAXINT, &classes, &cause) ||
      !pl_json_get_int (object, "base", G_MININT, G_MAXINT, &base, &cause) ||
      !pl_json_get_int (object, "depth", G_MININT, G_MAXINT, &depth, &cause))
    return refuse_metadata (file, ARCHITECTURE_KEY, cause, error);
  *shape = (PlUNetShape){
    .in_channels = (int) in_channels,
    .classes = (int) classes,
    .base = (int) base,
    .depth = (int) depth,
  };
  if (!pl_shape_check (shape, &cause))
    return refuse_metadata (file, ARCHITECTURE_KEY, cause, error);
  return TRUE;
}

/* Before memory is taken for a network, the file must hold one. */
static gboolean
check_tensors (const PlSafetensors *file, const PlUNetShape *shape, GError **error)
{
  gsize n_weights;
  int n;
  g_autofree PlParameter *parameters = pl_parameters_new (shape, &n, &n_weights);

  for (int i = 0; i < n; i++)
    if (!pl_safetensors_check (file, parameters[i].name, parameters[i].dims, parameters[i].n_dims,
                               error))
      return FALSE;
  return TRUE;
}

static gboolean
read_block (const PlSafetensors *file,
            const PlUNet *net,
            const char *name_prefix,
            float *values,
            GError **error)
{
  for (int i = 0; i < net->n_parameters; i++)
    {
      const PlParameter *p = &net->parameters[i];
      g_autofree char *name = g_strconcat (name_prefix, p->name, NULL);

      if (!pl_safetensors_check (file, name, p->dims, p->n_dims, error) ||
          !pl_safetensors_read (file, name, values + p->offset, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_optimizer_state (const PlSafetensors *file, PlOptimizer *optimizer, GError **error)
{
  g_autoptr (JsonObject) object = parse_metadata (file, OPTIMIZER_KEY, error);
  double beta1, beta2, epsilon, decay;
  gint64 step;
  GError *cause = NULL;

  if (object == NULL)
    return FALSE;
  if (!pl_json_get_int (object, "step", 0, G_MAXINT64, &step, &cause) ||
      !pl_json_get_double (object, "beta1", 0, 1, &beta1, &cause) ||
      !pl_json_get_double (object, "beta2", 0, 1, &beta2, &cause) ||
      !pl_json_get_double (object, "epsilon", 0, 1, &epsilon, &cause) ||
      !pl_json_get_double (object, "decay", 0, G_MAXFLOAT, &decay, &cause))
    return refuse_metadata (file, OPTIMIZER_KEY, cause, error);
  optimizer->step = (guint64) step;
  optimizer->beta1 = (float) beta1;
  optimizer->beta2 = (float) beta2;
  optimizer->epsilon = (float) epsilon;
  optimizer->decay = (float) decay;
  return TRUE;
}

static PlOptimizer *
read_optimizer (const PlSafetensors *file, const PlUNet *net, GError **error)
{
  g_autoptr (PlOptimizer) optimizer = pl_optimizer_new (net, 0, error);

  if (optimizer == NULL || !read_optimizer_state (file, optimizer, error) ||
      !read_block (file, net, M_PREFIX, optimizer->m, error) ||
      !read_block (file, net, V_PREFIX, optimizer->v, error))
    return NULL;
  return g_steal_pointer (&optimizer);
}

PlUNet *
pl_model_file_read (const char *path,
                    PlOptimizer **optimizer,
                    GHashTable **metadata,
                    GError **error)
{
  g_autoptr (PlSafetensors) file = pl_safetensors_open (path, error);
  g_autoptr (PlUNet) net = NULL;
  g_autoptr (PlOptimizer) state = NULL;
  PlUNetShape shape;

  if (file == NULL || !read_shape (file, &shape, error) || !check_tensors (file, &shape, error))
    return NULL;
  net = pl_unet_new_unset (&shape, error);
  if (net == NULL || !read_block (file, net, "", net->weights, error))
    return NULL;
  if (optimizer != NULL && g_hash_table_contains (file->metadata, OPTIMIZER_KEY))
    {
      state = read_optimizer (file, net, error);
      if (state == NULL)
        return NULL;
    }
  pl_unet_weights_changed (net);
  if (optimizer != NULL)
    *optimizer = g_steal_pointer (&state);
  if (metadata != NULL)
    *metadata = g_hash_table_ref (file->metadata);
  return g_steal_pointer (&net);
}
