/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/model.h"

#include "rig.h"
#include "train/train.h"

#include <string.h>

static PlUNet *
make_net (int outputs)
{
  const PlUNetShape shape = { .in_channels = 1, .classes = outputs, .base = 2, .depth = 2 };
  g_autoptr (GError) error = NULL;
  PlUNet *net = pl_unet_new (&shape, 7, &error);

  g_assert_no_error (error);
  return net;
}

static PlModel *
make_model (void)
{
  static const char *const names[] = { "lung", "trachéa", NULL };
  JsonObject *summary = json_object_new ();

  json_object_set_int_member (summary, "epochs", 12);
  return pl_model_new_take (make_net (3), &PL_RECIPE_PERCENTILES, 32, 2, names, summary);
}

static char *
make_path (void)
{
  g_autofree char *folder = rig_make_folder ();

  return g_build_filename (folder, "m.safetensors", NULL);
}

static void
test_round_trip (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PlModel) model = make_model ();
  g_autoptr (PlModel) back = NULL;
  g_autoptr (PlOptimizer) optimizer = pl_optimizer_new (model->net, 1e-4, NULL);
  g_autoptr (PlOptimizer) state = NULL;
  g_autoptr (GHashTable) extra = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) metadata = NULL;
  g_autofree char *path = make_path ();
  int base, depth, in_channels, outputs;
  gsize n_weights;

  optimizer->m[3] = 0.25f;
  optimizer->step = 17;
  g_hash_table_insert (extra, (char *) "pleura.progress", (char *) "{\"a\": \"ü\"}");
  g_assert_true (pl_model_write (model, path, optimizer, extra, &error));
  g_assert_no_error (error);
  back = pl_model_read (path, &state, &metadata, &error);
  g_assert_no_error (error);

  g_assert_cmpmem (back->net->weights, back->net->n_weights * sizeof (float), model->net->weights,
                   model->net->n_weights * sizeof (float));
  g_assert_false (back->recipe.is_hu);
  g_assert_cmpfloat (back->recipe.high, ==, 99.5);
  g_assert_cmpint (back->size_px, ==, 32);
  g_assert_cmpint (back->n_classes, ==, 2);
  g_assert_cmpstr (back->class_names[1], ==, "trachéa");
  g_assert_cmpint (json_object_get_int_member (back->summary, "epochs"), ==, 12);
  g_assert_cmpstr (back->path, ==, path);
  g_assert_cmpuint (state->step, ==, 17);
  g_assert_cmpfloat (state->m[3], ==, 0.25f);
  g_assert_cmpstr (g_hash_table_lookup (metadata, "pleura.progress"), ==, "{\"a\": \"ü\"}");
  pl_model_get_shape (back, &base, &depth, &in_channels, &outputs, &n_weights);
  g_assert_cmpint (base, ==, 2);
  g_assert_cmpint (depth, ==, 2);
  g_assert_cmpint (in_channels, ==, 1);
  g_assert_cmpint (outputs, ==, 3);
  g_assert_cmpuint (n_weights, ==, model->net->n_weights);
}

static void
test_without_summary (void)
{
  static const char *const names[] = { "lung", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (PlModel) model = pl_model_new_take (make_net (1), &PL_RECIPE_HU, 16, 1, names, NULL);
  g_autoptr (PlModel) back = NULL;
  g_autofree char *path = make_path ();

  g_assert_true (pl_model_write (model, path, NULL, NULL, &error));
  back = pl_model_read (path, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_null (back->summary);
  g_assert_true (back->recipe.is_hu);
}

/* A network with one wrong entry, or without it when @value is NULL, is refused by name. */
static void
assert_refused (const char *key, const char *value)
{
  g_autoptr (GHashTable) metadata = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) error = NULL;
  g_autoptr (PlUNet) net = make_net (1);
  g_autofree char *path = make_path ();

  g_hash_table_insert (metadata, (char *) "pleura.recipe",
                       (char *) "{\"kind\": \"hu\", \"low\": -1024, \"high\": 600}");
  g_hash_table_insert (metadata, (char *) "pleura.size", (char *) "32");
  g_hash_table_insert (metadata, (char *) "pleura.classes", (char *) "{\"names\": [\"lung\"]}");
  if (value != NULL)
    g_hash_table_insert (metadata, (char *) key, (char *) value);
  else
    g_hash_table_remove (metadata, key);
  g_assert_true (pl_model_file_write (path, net, NULL, metadata, &error));
  g_assert_null (pl_model_read (path, NULL, NULL, &error));
  g_assert_nonnull (error);
  g_test_message ("%s", error->message);
  g_assert_true (g_str_has_prefix (error->message, path));
  g_assert_nonnull (strstr (error->message, key));
}

static void
test_refused (void)
{
  assert_refused ("pleura.recipe", NULL);
  assert_refused ("pleura.recipe", "[1]");
  assert_refused ("pleura.size", NULL);
  assert_refused ("pleura.size", "33");
  assert_refused ("pleura.size", "-32");
  assert_refused ("pleura.size", "1000000");
  assert_refused ("pleura.classes", NULL);
  assert_refused ("pleura.classes", "{}");
  assert_refused ("pleura.classes", "{\"names\": []}");
  assert_refused ("pleura.classes", "{\"names\": [1]}");
  assert_refused ("pleura.classes", "{\"names\": [\"left\", \"right\"]}");
  assert_refused ("pleura.summary", "\"no object\"");
}

static void
test_other_channels (void)
{
  const PlUNetShape shape = { .in_channels = 2, .classes = 1, .base = 2, .depth = 1 };
  g_autoptr (GHashTable) metadata = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) error = NULL;
  g_autoptr (PlUNet) net = pl_unet_new (&shape, 1, NULL);
  g_autofree char *path = make_path ();

  g_assert_true (pl_model_file_write (path, net, NULL, metadata, &error));
  g_assert_null (pl_model_read (path, NULL, NULL, &error));
  g_assert_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_MODEL);
}

static void
test_missing_file (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (pl_model_read ("/nonexistent/m.safetensors", NULL, NULL, &error));
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, "/nonexistent/m.safetensors"));
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_assert_true (pl_train_init (NULL));
  g_test_add_func ("/train/model/round-trip", test_round_trip);
  g_test_add_func ("/train/model/without-summary", test_without_summary);
  g_test_add_func ("/train/model/refused", test_refused);
  g_test_add_func ("/train/model/other-channels", test_other_channels);
  g_test_add_func ("/train/model/missing-file", test_missing_file);
  status = g_test_run ();
  rig_clean_up ();
  return status;
}
