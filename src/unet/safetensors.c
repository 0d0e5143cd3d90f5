/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads safetensors (https://huggingface.co/docs/safetensors, "Format"). Models come from
 * strangers: nothing is believed before it is checked against the file's size. */
#include "unet/safetensors.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "unet/unet.h"

G_GNUC_PRINTF (3, 4)
static gboolean
set_error (GError **error, const char *path, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, PL_UNET_ERROR, PL_UNET_ERROR_FILE, "%s: %s", path, text);
  return FALSE;
}

static gboolean
set_errno_error (GError **error, const char *path)
{
  int code = errno;

  g_set_error (error, G_FILE_ERROR, (int) g_file_error_from_errno (code), "%s: %s", path,
               g_strerror (code));
  return FALSE;
}

static gboolean
read_bytes (int fd, const char *path, void *to, gsize n_bytes, guint64 offset, GError **error)
{
  guint8 *bytes = to;

  while (n_bytes > 0)
    {
      ssize_t n = pread (fd, bytes, MIN (n_bytes, (gsize) 1 << 30), (off_t) offset);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return set_errno_error (error, path);
      if (n == 0)
        return set_error (error, path, _ ("the file ends too early"));
      bytes += n;
      offset += (guint64) n;
      n_bytes -= (gsize) n;
    }
  return TRUE;
}

static void
stored_tensor_free (gpointer data)
{
  PlStoredTensor *tensor = data;

  g_free (tensor->name);
  g_free (tensor->dtype);
  g_free (tensor);
}

/* 0 for a type that is not known. */
static guint64
find_item_bytes (const char *dtype)
{
  static const struct
  {
    const char *name;
    guint64 bytes;
  } types[] = {
    { "F64", 8 }, { "F32", 4 }, { "F16", 2 },  { "BF16", 2 },    { "I64", 8 },
    { "I32", 4 }, { "I16", 2 }, { "I8", 1 },   { "U64", 8 },     { "U32", 4 },
    { "U16", 2 }, { "U8", 1 },  { "BOOL", 1 }, { "F8_E4M3", 1 }, { "F8_E5M2", 1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (strcmp (types[i].name, dtype) == 0)
      return types[i].bytes;
  return 0;
}

/* An array of at most @most whole numbers ≥ 0; −1 if it is not. */
static int
get_numbers (JsonObject *object, const char *member, gint64 *numbers, guint most)
{
  JsonNode *node = json_object_get_member (object, member);
  JsonArray *array;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return -1;
  array = json_node_get_array (node);
  if (json_array_get_length (array) > most)
    return -1;
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *item = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_VALUE (item) || json_node_get_value_type (item) != G_TYPE_INT64 ||
          json_node_get_int (item) < 0)
        return -1;
      numbers[i] = json_node_get_int (item);
    }
  return (int) json_array_get_length (array);
}

static gboolean
check_bytes (const PlSafetensors *file, const PlStoredTensor *tensor, GError **error)
{
  guint64 n_bytes = find_item_bytes (tensor->dtype);

  if (n_bytes == 0)
    return set_error (error, file->path, _ ("the tensor “%s” is of an unknown type “%s”"),
                      tensor->name, tensor->dtype);
  if (tensor->begin > tensor->end || tensor->end > file->data_bytes)
    return set_error (
        error, file->path,
        _ ("the tensor “%s” has data_offsets from %llu to %llu in a file with %llu bytes of data"),
        tensor->name, (unsigned long long) tensor->begin, (unsigned long long) tensor->end,
        (unsigned long long) file->data_bytes);
  for (int d = 0; d < tensor->n_dims; d++)
    if (!g_uint64_checked_mul (&n_bytes, n_bytes, (guint64) tensor->dims[d]))
      return set_error (error, file->path, _ ("the tensor “%s” has a shape that is too large"),
                        tensor->name);
  if (n_bytes != tensor->end - tensor->begin)
    return set_error (error, file->path,
                      _ ("the tensor “%s” has a shape of %llu bytes but %llu bytes of data"),
                      tensor->name, (unsigned long long) n_bytes,
                      (unsigned long long) (tensor->end - tensor->begin));
  return TRUE;
}

static gboolean
add_tensor (PlSafetensors *file, const char *name, JsonObject *object, GError **error)
{
  PlStoredTensor *tensor = g_new0 (PlStoredTensor, 1);
  gint64 offsets[2];
  const char *dtype;

  tensor->name = g_strdup (name);
  g_hash_table_insert (file->tensors, tensor->name, tensor);
  dtype = pl_json_get_string (object, "dtype", NULL);
  if (dtype == NULL)
    return set_error (error, file->path, _ ("the tensor “%s” has no dtype"), name);
  tensor->dtype = g_strdup (dtype);
  tensor->n_dims = get_numbers (object, "shape", tensor->dims, G_N_ELEMENTS (tensor->dims));
  if (tensor->n_dims < 0)
    return set_error (error, file->path, _ ("the tensor “%s” has no valid shape"), name);
  if (get_numbers (object, "data_offsets", offsets, 2) != 2)
    return set_error (error, file->path, _ ("the tensor “%s” has no valid data_offsets"), name);
  tensor->begin = (guint64) offsets[0];
  tensor->end = (guint64) offsets[1];
  return check_bytes (file, tensor, error);
}

static gboolean
add_metadata (PlSafetensors *file, JsonObject *object, GError **error)
{
  g_autoptr (GList) names = json_object_get_members (object);

  for (GList *l = names; l != NULL; l = l->next)
    {
      const char *text = pl_json_get_string (object, l->data, NULL);

      if (text == NULL)
        return set_error (error, file->path, _ ("the metadata “%s” is not a text"),
                          (const char *) l->data);
      g_hash_table_insert (file->metadata, g_strdup (l->data), g_strdup (text));
    }
  return TRUE;
}

static gboolean
add_members (PlSafetensors *file, JsonObject *header, GError **error)
{
  g_autoptr (GList) names = json_object_get_members (header);

  for (GList *l = names; l != NULL; l = l->next)
    {
      const char *name = l->data;
      JsonNode *node = json_object_get_member (header, name);
      JsonObject *object;

      if (!JSON_NODE_HOLDS_OBJECT (node))
        return set_error (error, file->path, _ ("the header's member “%s” is not an object"), name);
      object = json_node_get_object (node);
      if (strcmp (name, "__metadata__") == 0 ? !add_metadata (file, object, error)
                                             : !add_tensor (file, name, object, error))
        return FALSE;
    }
  return TRUE;
}

static int
compare_begin_cb (gconstpointer a, gconstpointer b)
{
  const PlStoredTensor *x = a;
  const PlStoredTensor *y = b;

  if (x->begin != y->begin)
    return x->begin < y->begin ? -1 : 1;
  return x->end < y->end ? -1 : x->end > y->end;
}

static gboolean
check_coverage (const PlSafetensors *file, GError **error)
{
  g_autoptr (GList) tensors = g_hash_table_get_values (file->tensors);
  guint64 end = 0;

  tensors = g_list_sort (tensors, compare_begin_cb);
  for (GList *l = tensors; l != NULL; l = l->next)
    {
      const PlStoredTensor *tensor = l->data;

      if (tensor->begin != end)
        return set_error (error, file->path,
                          _ ("the tensor “%s” begins at byte %llu, the one before it ends at %llu"),
                          tensor->name, (unsigned long long) tensor->begin,
                          (unsigned long long) end);
      end = tensor->end;
    }
  if (end != file->data_bytes)
    return set_error (error, file->path, _ ("the tensors end at byte %llu of %llu"),
                      (unsigned long long) end, (unsigned long long) file->data_bytes);
  return TRUE;
}

static gboolean
read_header (PlSafetensors *file, GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr (JsonObject) header = NULL;
  g_autoptr (GError) parse_error = NULL;
  guint64 n_bytes;
  struct stat info;

  if (fstat (file->fd, &info) != 0)
    return set_errno_error (error, file->path);
  if (!S_ISREG (info.st_mode))
    return set_error (error, file->path, _ ("this is not a file"));
  if (!read_bytes (file->fd, file->path, &n_bytes, sizeof n_bytes, 0, error))
    return FALSE;
  n_bytes = GUINT64_FROM_LE (n_bytes);
  if (n_bytes > PL_SAFETENSORS_LARGEST_HEADER || n_bytes + 8 > (guint64) info.st_size)
    return set_error (error, file->path,
                      _ ("the header's length is %llu: this is not a safetensors file of a model"),
                      (unsigned long long) n_bytes);
  text = g_malloc (n_bytes + 1);
  if (!read_bytes (file->fd, file->path, text, n_bytes, 8, error))
    return FALSE;
  header = pl_json_parse_object (text, n_bytes, &parse_error);
  if (header == NULL)
    return set_error (error, file->path, _ ("the header: %s"), parse_error->message);
  file->data_start = n_bytes + 8;
  file->data_bytes = (guint64) info.st_size - file->data_start;
  return add_members (file, header, error) && check_coverage (file, error);
}

PlSafetensors *
pl_safetensors_open (const char *path, GError **error)
{
  g_autoptr (PlSafetensors) file = g_new0 (PlSafetensors, 1);

  file->path = g_strdup (path);
  file->tensors = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, stored_tensor_free);
  file->metadata = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  file->fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  if (file->fd < 0)
    {
      set_errno_error (error, path);
      return NULL;
    }
  return read_header (file, error) ? g_steal_pointer (&file) : NULL;
}

void
pl_safetensors_free (PlSafetensors *file)
{
  if (file == NULL)
    return;
  if (file->fd >= 0)
    close (file->fd);
  g_hash_table_unref (file->tensors);
  g_hash_table_unref (file->metadata);
  g_free (file->path);
  g_free (file);
}

gboolean
pl_safetensors_check (
    const PlSafetensors *file, const char *name, const int *dims, int n_dims, GError **error)
{
  const PlStoredTensor *tensor = g_hash_table_lookup (file->tensors, name);

  if (tensor == NULL)
    return set_error (error, file->path, _ ("the tensor “%s” is missing"), name);
  if (strcmp (tensor->dtype, "F32") != 0)
    return set_error (error, file->path, _ ("the tensor “%s” is of type %s; only F32 is read"),
                      name, tensor->dtype);
  if (tensor->n_dims != n_dims)
    return set_error (error, file->path,
                      ngettext ("the tensor “%s” has %d dimension, not %d",
                                "the tensor “%s” has %d dimensions, not %d",
                                (gulong) tensor->n_dims),
                      name, tensor->n_dims, n_dims);
  for (int d = 0; d < n_dims; d++)
    if (tensor->dims[d] != dims[d])
      return set_error (error, file->path, _ ("dimension %d of the tensor “%s” is %lld, not %d"), d,
                        name, (long long) tensor->dims[d], dims[d]);
  return TRUE;
}

gboolean
pl_safetensors_read (const PlSafetensors *file, const char *name, float *values, GError **error)
{
  const PlStoredTensor *tensor = g_hash_table_lookup (file->tensors, name);
  gsize n_bytes = tensor->end - tensor->begin;

  if (!read_bytes (file->fd, file->path, values, n_bytes, file->data_start + tensor->begin, error))
    return FALSE;
  for (gsize i = 0; i < n_bytes / sizeof (float); i++)
    {
      guint32 bits;

      memcpy (&bits, &values[i], sizeof bits);
      bits = GUINT32_FROM_LE (bits);
      memcpy (&values[i], &bits, sizeof bits);
      if (!isfinite (values[i]))
        return set_error (error, file->path, _ ("element %zu of the tensor “%s” is not a number"),
                          i, name);
    }
  return TRUE;
}
