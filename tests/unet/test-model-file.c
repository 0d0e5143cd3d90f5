/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Model files: there and back without a changed bit, and files that are broken or mean harm. */
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "start.h"
#include "base/file.h"
#include "unet/model-file.h"

static const PlUNetShape small = { .in_channels = 1, .classes = 2, .base = 2, .depth = 1 };

static char *folder;

static char *
make_path (const char *name)
{
  return g_build_filename (folder, name, NULL);
}

static PlOptimizer *
make_optimizer (const PlUNet *net)
{
  PlOptimizer *optimizer = pl_optimizer_new (net, 0.01, NULL);

  for (gsize i = 0; i < optimizer->n; i++)
    {
      optimizer->m[i] = (float) i / 7;
      optimizer->v[i] = (float) i / 13;
    }
  optimizer->step = 12345678901;
  return optimizer;
}

static void
assert_same_floats (const float *a, const float *b, gsize n)
{
  g_assert_cmpmem (a, n * sizeof (float), b, n * sizeof (float));
}

static void
test_round_trip (void)
{
  g_autofree char *path = make_path ("round-trip.safetensors");
  g_autoptr (PlUNet) net = pl_unet_new (&small, 3, NULL);
  g_autoptr (PlOptimizer) optimizer = make_optimizer (net);
  g_autoptr (GHashTable) metadata = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (PlUNet) net_read = NULL;
  g_autoptr (PlOptimizer) optimizer_read = NULL;
  g_autoptr (GHashTable) metadata_read = NULL;
  g_autoptr (GError) error = NULL;

  g_hash_table_insert (metadata, (char *) "pleura.classes", (char *) "[\"폐\", \"a \\\"b\\\"\"]");
  g_assert_true (pl_model_file_write (path, net, optimizer, metadata, &error));
  g_assert_no_error (error);
  net_read = pl_model_file_read (path, &optimizer_read, &metadata_read, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (&net->shape, sizeof small, &net_read->shape, sizeof small);
  assert_same_floats (net->weights, net_read->weights, net->n_weights);
  assert_same_floats (optimizer->m, optimizer_read->m, net->n_weights);
  assert_same_floats (optimizer->v, optimizer_read->v, net->n_weights);
  g_assert_cmpuint (optimizer_read->step, ==, 12345678901);
  g_assert_true (optimizer_read->decay == optimizer->decay);
  g_assert_true (optimizer_read->beta2 == optimizer->beta2);
  g_assert_true (optimizer_read->epsilon == optimizer->epsilon);
  g_assert_cmpstr (g_hash_table_lookup (metadata_read, "pleura.classes"), ==,
                   "[\"폐\", \"a \\\"b\\\"\"]");
  g_assert_cmpstr (g_hash_table_lookup (metadata_read, "pleura.version"), ==, PLEURA_VERSION);
}

/* What was read goes out again without the optimiser that it spoke of. */
static void
test_without_optimizer (void)
{
  g_autofree char *path = make_path ("without.safetensors");
  g_autoptr (PlUNet) net = pl_unet_new (&small, 3, NULL);
  g_autoptr (PlOptimizer) optimizer = make_optimizer (net);
  g_autoptr (GHashTable) metadata = NULL;
  g_autoptr (PlUNet) first = NULL;
  g_autoptr (PlUNet) second = NULL;
  PlOptimizer *optimizer_read = optimizer;

  g_assert_true (pl_model_file_write (path, net, optimizer, NULL, NULL));
  first = pl_model_file_read (path, NULL, &metadata, NULL);
  g_assert_nonnull (first);
  g_assert_true (g_hash_table_contains (metadata, "pleura.optimizer"));
  g_assert_true (pl_model_file_write (path, first, NULL, metadata, NULL));
  second = pl_model_file_read (path, &optimizer_read, NULL, NULL);
  g_assert_nonnull (second);
  g_assert_null (optimizer_read);
}

/* A file of a network of that seed, with metadata in one or the other order. */
static GBytes *
write_with_seed (guint64 seed, const char *first_key, const char *second_key)
{
  g_autofree char *path = make_path ("seed.safetensors");
  g_autoptr (PlUNet) net = pl_unet_new (&small, seed, NULL);
  g_autoptr (GHashTable) metadata = g_hash_table_new (g_str_hash, g_str_equal);
  char *bytes;
  gsize n;

  g_hash_table_insert (metadata, (char *) first_key, (char *) "1");
  g_hash_table_insert (metadata, (char *) second_key, (char *) "1");
  g_assert_true (pl_model_file_write (path, net, NULL, metadata, NULL));
  g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));
  return g_bytes_new_take (bytes, n);
}

static void
test_same_seed_same_file (void)
{
  g_autoptr (GBytes) first = write_with_seed (42, "x", "y");
  g_autoptr (GBytes) again = write_with_seed (42, "y", "x");
  g_autoptr (GBytes) other = write_with_seed (43, "x", "y");

  g_assert_true (g_bytes_equal (first, again));
  g_assert_false (g_bytes_equal (first, other));
}

/* The bytes of a good file. */
static GByteArray *
make_good_file (void)
{
  g_autofree char *path = make_path ("good.safetensors");
  g_autoptr (PlUNet) net = pl_unet_new (&small, 3, NULL);
  g_autoptr (PlOptimizer) optimizer = make_optimizer (net);
  char *bytes;
  gsize n;

  g_assert_true (pl_model_file_write (path, net, optimizer, NULL, NULL));
  g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));
  return g_byte_array_new_take ((guint8 *) bytes, n);
}

/* NULL with @error for what is not a model; a model that is none the worse may come out. */
static PlUNet *
read_bytes (const void *bytes, gsize n, GError **error)
{
  g_autofree char *path = make_path ("bytes.safetensors");
  g_autoptr (PlOptimizer) optimizer = NULL;
  FILE *file = g_fopen (path, "wb");

  g_assert_nonnull (file);
  g_assert_cmpuint (fwrite (bytes, 1, n, file), ==, n);
  fclose (file);
  return pl_model_file_read (path, &optimizer, NULL, error);
}

static void
assert_refused (const void *bytes, gsize n, const char *part_of_message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PlUNet) net = read_bytes (bytes, n, &error);

  g_assert_null (net);
  g_assert_error (error, PL_UNET_ERROR, PL_UNET_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, "bytes.safetensors"));
  if (strstr (error->message, part_of_message) == NULL)
    g_error ("“%s” does not say “%s”", error->message, part_of_message);
}

static void
test_truncations (void)
{
  g_autoptr (GByteArray) good = make_good_file ();

  for (gsize n = 0; n < good->len; n += n < 200 ? 1 : 97)
    assert_refused (good->data, n, "");
  assert_refused (good->data, good->len - 1, "");
  g_byte_array_append (good, (const guint8 *) "x", 1);
  assert_refused (good->data, good->len, "the tensors end at byte");
}

static void
test_flipped_bits (void)
{
  g_autoptr (GByteArray) good = make_good_file ();
  gsize header = good->data[0] + 256u * good->data[1] + 8;

  for (gsize i = 0; i < header; i += i < 300 ? 1 : 5)
    {
      g_autoptr (GError) error = NULL;
      guint8 bit = (guint8) (1 << i % 8);
      g_autoptr (PlUNet) net = NULL;

      good->data[i] ^= bit;
      net = read_bytes (good->data, good->len, &error);
      good->data[i] ^= bit;
      /* Some change nothing that matters: a name in the metadata, a space. */
      g_assert_true ((net == NULL) == (error != NULL));
    }
}

/* A header, and data of @n_data zero bytes. */
static void
assert_header_refused (const char *header, gsize n_data, const char *part_of_message)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  guint64 length = GUINT64_TO_LE ((guint64) strlen (header));

  g_byte_array_append (bytes, (const guint8 *) &length, sizeof length);
  g_byte_array_append (bytes, (const guint8 *) header, (guint) strlen (header));
  g_byte_array_set_size (bytes, bytes->len + (guint) n_data);
  memset (bytes->data + bytes->len - n_data, 0, n_data);
  assert_refused (bytes->data, bytes->len, part_of_message);
}

#define TENSOR(dtype, shape, offsets)                                                              \
  "{\"x\":{\"dtype\":\"" dtype "\",\"shape\":" shape ",\"data_offsets\":" offsets "}}"

static void
test_hostile_headers (void)
{
  const guint8 huge[16] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, '{', '}' };
  const guint8 large[16] = { 0, 0, 0x20, 0, 0, 0, 0, 0, '{', '}' };
  g_autofree char *deep = g_strnfill (100000, '[');
  g_autofree char *nested = g_strconcat ("{\"x\":", deep, NULL);

  assert_refused (huge, sizeof huge, "header's length");
  assert_refused (large, sizeof large, "header's length");
  assert_header_refused (nested, 0, "nests deeper");
  assert_header_refused ("[]", 0, "not an object");
  assert_header_refused ("{\"x\":1}", 0, "“x” is not an object");
  assert_header_refused ("{\"__metadata__\":{\"a\":1}}", 0, "“a” is not a text");
  assert_header_refused ("{\"x\":{}}", 0, "no dtype");
  assert_header_refused (TENSOR ("F32", "[1]", "[0,8]"), 8, "shape of 4 bytes but 8");
  assert_header_refused (TENSOR ("F32", "[1]", "[4,0]"), 8, "data_offsets from 4 to 0");
  assert_header_refused (TENSOR ("F32", "[1]", "[4,8]"), 8, "begins at byte 4");
  assert_header_refused (TENSOR ("F32", "[1]", "[0,4]"), 8, "end at byte 4 of 8");
  assert_header_refused (TENSOR ("F32", "[2]", "[0,9223372036854775807]"), 8, "data_offsets from");
  assert_header_refused (TENSOR ("F32", "[4294967296,4294967296,4294967296]", "[0,0]"), 0,
                         "too large");
  assert_header_refused (TENSOR ("F32", "[-1]", "[0,4]"), 4, "no valid shape");
  assert_header_refused (TENSOR ("F32", "[1.5]", "[0,4]"), 4, "no valid shape");
  assert_header_refused (TENSOR ("F32", "[1,1,1,1,1,1,1,1,1]", "[0,4]"), 4, "no valid shape");
  assert_header_refused (TENSOR ("F32", "[1]", "[0,4,8]"), 4, "no valid data_offsets");
  assert_header_refused (TENSOR ("F99", "[1]", "[0,4]"), 4, "unknown type “F99”");
  assert_header_refused ("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
                         "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}",
                         12, "begins at byte 4");
}

#define ARCHITECTURE(text) "{\"__metadata__\":{\"pleura.architecture\":\"" text "\"}"
#define SMALL "{\\\"in_channels\\\":1,\\\"classes\\\":1,\\\"base\\\":1,\\\"depth\\\":1}"

static void
test_other_models (void)
{
  assert_header_refused ("{}", 0, "not a model of Pleura");
  assert_header_refused (ARCHITECTURE ("[") "}", 0, "pleura.architecture");
  assert_header_refused (ARCHITECTURE ("{}") "}", 0, "in_channels");
  assert_header_refused (
      ARCHITECTURE (
          "{\\\"in_channels\\\":1,\\\"classes\\\":1,\\\"base\\\":1,\\\"depth\\\":99}") "}",
      0, "depth = 99");
  assert_header_refused (ARCHITECTURE (SMALL) "}", 0, "“enc.0.conv.0.weight” is missing");
  assert_header_refused (ARCHITECTURE (SMALL) ",\"enc.0.conv.0.weight\":{\"dtype\":\"BF16\","
                                              "\"shape\":[1,1,3,3],\"data_offsets\":[0,18]}}",
                         18, "is of type BF16; only F32");
  assert_header_refused (ARCHITECTURE (SMALL) ",\"enc.0.conv.0.weight\":{\"dtype\":\"F32\","
                                              "\"shape\":[1,1,9],\"data_offsets\":[0,36]}}",
                         36, "has 3 dimensions, not 4");
  assert_header_refused (ARCHITECTURE (SMALL) ",\"enc.0.conv.0.weight\":{\"dtype\":\"F32\","
                                              "\"shape\":[1,2,3,3],\"data_offsets\":[0,72]}}",
                         72, "dimension 1 of the tensor");
}

static void
test_not_finite (void)
{
  g_autofree char *path = make_path ("nan.safetensors");
  g_autoptr (PlUNet) net = pl_unet_new (&small, 3, NULL);
  g_autoptr (PlUNet) read = NULL;
  g_autoptr (GError) error = NULL;

  net->weights[net->parameters[1].offset + 1] = NAN;
  g_assert_true (pl_model_file_write (path, net, NULL, NULL, NULL));
  read = pl_model_file_read (path, NULL, NULL, &error);
  g_assert_null (read);
  g_assert_error (error, PL_UNET_ERROR, PL_UNET_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, "element 1 of the tensor “enc.0.norm.0.weight”"));
}

static void
test_no_file (void)
{
  g_autofree char *path = make_path ("none.safetensors");
  g_autoptr (PlUNet) net = pl_unet_new (&small, 3, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (pl_model_file_read (path, NULL, NULL, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_clear_error (&error);
  g_assert_null (pl_model_file_read (folder, NULL, NULL, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_false (pl_model_file_write ("/nowhere/at/all", net, NULL, NULL, &error));
  g_assert_error (error, PL_WRITE_ERROR, G_FILE_ERROR_NOENT);
}

/* Read by someone who knows the format and not our code. */
static void
test_read_by_python (void)
{
  g_autofree char *python = g_find_program_in_path ("python3");
  g_autofree char *path = make_path ("python.safetensors");
  g_autofree char *script = g_test_build_filename (G_TEST_DIST, "unet", "read-model.py", NULL);
  g_autoptr (PlUNet) net = pl_unet_new (&small, 3, NULL);
  g_autoptr (PlOptimizer) optimizer = make_optimizer (net);
  g_autofree char *output = NULL;
  g_autofree char *first = NULL;
  const char *arguments[] = { python, script, path, NULL };
  g_autoptr (GError) error = NULL;
  int status;

  if (python == NULL)
    {
      g_test_skip ("no python3");
      return;
    }
  g_assert_true (pl_model_file_write (path, net, optimizer, NULL, NULL));
  g_spawn_sync (NULL, (char **) arguments, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output, NULL,
                &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
  g_assert_nonnull (strstr (output, "head.weight [2, 2, 1, 1] "));
  g_assert_nonnull (strstr (output, "up.0.weight [4, 2, 2, 2] "));
  first = g_strdup_printf ("enc.0.conv.0.weight [2, 1, 3, 3] %.6f\n", net->weights[0]);
  g_assert_nonnull (strstr (output, first));
}

static void
remove_folder (void)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = make_path (name);

      g_unlink (path);
    }
  g_rmdir (folder);
  g_free (folder);
}

int
main (int argc, char *argv[])
{
  int status;

  if (!test_start (&argc, &argv))
    return 0;
  folder = g_dir_make_tmp ("pleura-XXXXXX", NULL);
  g_test_add_func ("/unet/model-file/round-trip", test_round_trip);
  g_test_add_func ("/unet/model-file/without-optimizer", test_without_optimizer);
  g_test_add_func ("/unet/model-file/same-seed-same-file", test_same_seed_same_file);
  g_test_add_func ("/unet/model-file/truncations", test_truncations);
  g_test_add_func ("/unet/model-file/flipped-bits", test_flipped_bits);
  g_test_add_func ("/unet/model-file/hostile-headers", test_hostile_headers);
  g_test_add_func ("/unet/model-file/other-models", test_other_models);
  g_test_add_func ("/unet/model-file/not-finite", test_not_finite);
  g_test_add_func ("/unet/model-file/no-file", test_no_file);
  g_test_add_func ("/unet/model-file/read-by-python", test_read_by_python);
  status = g_test_run ();
  remove_folder ();
  return status;
}
