/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/run-folder.h"

#include "base/json.h"
#include "rig.h"
#include "train/manifest.h"
#include "train/train.h"
#include "unet/schedule.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

static void
test_create (void)
{
  g_autofree char *folder = rig_make_folder ();
  g_autofree char *fresh = g_build_filename (folder, "a", "b", NULL);
  g_autofree char *file = g_build_filename (folder, "file", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (pl_run_folder_create (fresh, &error));
  g_assert_true (g_file_test (fresh, G_FILE_TEST_IS_DIR));
  g_assert_true (pl_run_folder_create (fresh, &error)); /* empty */
  g_assert_no_error (error);

  g_assert_false (pl_run_folder_create (folder, &error)); /* holds "a" */
  g_assert_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_RUN);
  g_assert_nonnull (strstr (error->message, folder));
  g_clear_error (&error);

  g_assert_true (g_file_set_contents (file, "x", 1, NULL));
  g_assert_false (pl_run_folder_create (file, &error));
  g_assert_error (error, PL_TRAIN_ERROR, PL_TRAIN_ERROR_RUN);
}

/* What a run leaves that was killed before it began is no obstacle; a run is. */
static void
test_create_again (void)
{
  static const char *const left[] = { "events.jsonl", "split.csv", "split.csv.a1B2c3",
                                      "run.json.a1B2c3" };
  g_autofree char *folder = rig_make_folder ();
  g_autofree char *run = g_build_filename (folder, "run.json", NULL);
  g_autofree char *other = g_build_filename (folder, "notes.a1B2c3", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (left); i++)
    {
      g_autofree char *path = g_build_filename (folder, left[i], NULL);

      g_assert_true (g_file_set_contents (path, "x", 1, NULL));
    }
  g_assert_true (pl_run_folder_create (folder, NULL));
  g_assert_false (pl_run_folder_has_begun (folder));
  g_assert_true (g_file_set_contents (other, "x", 1, NULL));
  g_assert_false (pl_run_folder_create (folder, NULL));
  pl_run_folder_clean (folder);
  g_assert_true (g_file_test (other, G_FILE_TEST_EXISTS));
  g_assert_cmpint (g_unlink (other), ==, 0);
  g_assert_true (g_file_set_contents (run, "x", 1, NULL));
  g_assert_true (pl_run_folder_has_begun (folder));
  g_assert_false (pl_run_folder_create (folder, NULL));
}

/* Going on with a run writes run.json again: what others have put there stays. */
static void
test_settings_again (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  g_autofree char *folder = rig_make_folder ();
  g_autofree char *path = g_build_filename (folder, "run.json", NULL);
  PlTrainSettings settings = rig_settings (3);
  const PlRunOrigin origin = { 0 };
  g_autoptr (JsonObject) object = NULL;

  g_assert_true (g_file_set_contents (path, "{\"title\": \"first try\", \"started\": \"long ago\"}",
                                      -1, NULL));
  g_assert_true (pl_run_folder_write_settings (folder, &settings, dataset, &origin, NULL));
  object = pl_json_read_object (path, NULL);
  g_assert_cmpstr (json_object_get_string_member (object, "title"), ==, "first try");
  g_assert_cmpstr (json_object_get_string_member (object, "started"), ==, "long ago");
  g_assert_true (json_object_has_member (object, "settings"));
}

static void
test_settings_round_trip (void)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  g_autofree char *folder = rig_make_folder ();
  g_autofree char *hash = pl_dataset_hash (dataset);
  const PlRunOrigin origin = { .init = (char *) "/a/model.safetensors" };
  g_auto (PlRunOrigin) origin_back = { 0 };
  g_autoptr (GError) error = NULL;
  PlTrainSettings settings = rig_settings (3);
  PlTrainSettings back;

  settings.rate = 0.1 + 0.2;
  settings.seed = G_MAXINT64;
  settings.augment = FALSE;
  settings.slices_per_volume = -1;
  settings.time_limit_s = 1.5;
  settings.precision = PL_TRAIN_PRECISION_BF16;
  settings.loss = PL_LOSS_DICE;
  settings.schedule = PL_SCHEDULE_PLATEAU;
  g_assert_true (pl_run_folder_write_settings (folder, &settings, dataset, &origin, &error));
  g_assert_true (pl_run_folder_read_settings (folder, &back, &origin_back, &error));
  g_assert_no_error (error);
  g_assert_cmpint (back.epochs, ==, settings.epochs);
  g_assert_cmpint (back.batch, ==, settings.batch);
  g_assert_cmpint (back.size_px, ==, settings.size_px);
  g_assert_cmpint (back.base, ==, settings.base);
  g_assert_cmpint (back.depth, ==, settings.depth);
  g_assert_cmpfloat (back.rate, ==, settings.rate);
  g_assert_cmpfloat (back.decay, ==, settings.decay);
  g_assert_cmpint (back.loss, ==, settings.loss);
  g_assert_cmpint (back.schedule, ==, settings.schedule);
  g_assert_cmpuint (back.seed, ==, settings.seed);
  for (int i = 0; i < 3; i++)
    g_assert_cmpfloat (back.split[i], ==, settings.split[i]);
  g_assert_false (back.augment);
  g_assert_cmpint (back.patience, ==, settings.patience);
  g_assert_cmpfloat (back.time_limit_s, ==, 1.5);
  g_assert_cmpint (back.slices_per_volume, ==, -1);
  g_assert_cmpint (back.threads, ==, 0);
  g_assert_cmpint (back.precision, ==, PL_TRAIN_PRECISION_BF16);
  g_assert_cmpstr (origin_back.dataset_folder, ==, dataset->folder);
  g_assert_cmpstr (origin_back.dataset_hash, ==, hash);
  g_assert_cmpstr (origin_back.init, ==, "/a/model.safetensors");
  g_assert_null (origin_back.split_file);
}

/* Writes run.json of a float32 run with @from replaced by @to, and reads it. */
static gboolean
read_changed (
    const char *folder, const char *from, const char *to, PlTrainSettings *settings, GError **error)
{
  g_autoptr (PlDataset) dataset = rig_open_phantom ();
  g_autofree char *path = g_build_filename (folder, "run.json", NULL);
  g_autoptr (GString) text = NULL;
  g_autofree char *contents = NULL;
  const PlRunOrigin origin = { .split_file = (char *) "/a/split.csv" };
  g_auto (PlRunOrigin) origin_back = { 0 };

  *settings = rig_settings (3);
  settings->precision = PL_TRAIN_PRECISION_F32;
  g_assert_true (pl_run_folder_write_settings (folder, settings, dataset, &origin, error));
  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  text = g_string_new (contents);
  g_assert_cmpuint (g_string_replace (text, from, to, 1), ==, 1);
  g_assert_true (g_file_set_contents (path, text->str, -1, NULL));
  return pl_run_folder_read_settings (folder, settings, &origin_back, error);
}

/* It is refused, and @about is named. */
static void
assert_refused (const char *from, const char *to, const char *about)
{
  g_autofree char *folder = rig_make_folder ();
  g_autofree char *path = g_build_filename (folder, "run.json", NULL);
  g_autoptr (GError) error = NULL;
  PlTrainSettings settings;

  g_assert_false (read_changed (folder, from, to, &settings, &error));
  g_assert_nonnull (error);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, about));
  g_assert_true (g_str_has_prefix (error->message, path));
}

static void
test_settings_refused (void)
{
  assert_refused ("\"epochs\"", "\"epochz\"", "epochs");
  assert_refused ("\"lr\"", "\"rate\"", "lr");
  assert_refused ("\"depth\" : 2", "\"depth\" : 99", "depth");
  assert_refused ("\"dataset_sha256\"", "\"sha\"", "dataset_sha256");
  assert_refused ("\"settings\"", "\"sittings\"", "settings");
  assert_refused ("\"loss\" : \"both\"", "\"loss\" : \"hinge\"", "hinge");
  assert_refused ("\"loss\" : \"both\"", "\"loss\" : 9", "loss");
  assert_refused ("\"loss\" : \"both\"", "\"loss\" : [3]", "loss");
  assert_refused ("\"schedule\" : \"cosine\"", "\"schedule\" : \"stairs\"", "stairs");
  assert_refused ("\"schedule\" : \"cosine\",", "", "schedule");
  assert_refused ("\"augment\" : true", "\"augment\" : \"yes\"", "augment");
  assert_refused ("\"precision\" : \"f32\"", "\"precision\" : \"f16\"", "f16");
  assert_refused ("\"precision\" : \"f32\"", "\"precision\" : 32", "precision");
}

/* A run of before there was a choice has no such member, and is float32 wherever it goes on. */
static void
test_settings_without_precision (void)
{
  g_autofree char *folder = rig_make_folder ();
  g_autoptr (GError) error = NULL;
  PlTrainSettings settings;

  g_assert_true (read_changed (folder, ",\n    \"precision\" : \"f32\"", "", &settings, &error));
  g_assert_no_error (error);
  g_assert_cmpint (settings.precision, ==, PL_TRAIN_PRECISION_F32);
}

/* What is read when run.json has @to instead of @from. */
static PlTrainSettings
settings_with (const char *from, const char *to)
{
  g_autofree char *folder = rig_make_folder ();
  g_autoptr (GError) error = NULL;
  PlTrainSettings settings;

  g_assert_true (read_changed (folder, from, to, &settings, &error));
  g_assert_no_error (error);
  return settings;
}

/* Choices are names; earlier versions wrote numbers, and no origin but the data set. */
static void
test_settings_of_before (void)
{
  g_assert_cmpint (settings_with ("\"loss\" : \"both\"", "\"loss\" : 1").loss, ==,
                   PL_LOSS_CROSS_ENTROPY);
  g_assert_cmpint (settings_with ("\"loss\" : \"both\"", "\"loss\" : \"cross-entropy\"").loss, ==,
                   PL_LOSS_CROSS_ENTROPY);
  g_assert_cmpint (settings_with ("\"schedule\" : \"cosine\"", "\"schedule\" : 2").schedule, ==,
                   PL_SCHEDULE_CONSTANT);
  g_assert_false (settings_with ("\"augment\" : true", "\"augment\" : 0").augment);
  g_assert_true (settings_with ("\"augment\" : true", "\"augment\" : 1").augment);
  g_assert_false (settings_with ("\"augment\" : true", "\"augment\" : false").augment);
  g_assert_cmpint (settings_with ("\"init\" : null,", "").epochs, ==, 3);
  g_assert_cmpint (settings_with ("\"split_file\" : \"/a/split.csv\",", "").epochs, ==, 3);
}

static void
test_history (void)
{
  g_autofree char *folder = rig_make_folder ();
  g_autofree char *path = g_build_filename (folder, "history.csv", NULL);
  g_autoptr (GArray) history = pl_history_new ();
  g_autoptr (GArray) back = NULL;
  g_autoptr (GError) error = NULL;
  PlEpoch epoch = { .epoch = 1, .val_dice = 0.5 };

  g_array_append_val (history, epoch);
  g_assert_true (pl_run_folder_write_history (folder, history, &error));
  back = pl_run_folder_read_history (folder, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (g_array_index (back, PlEpoch, 0).val_dice, ==, 0.5);

  g_assert_true (g_file_set_contents (path, "no history", -1, NULL));
  g_assert_null (pl_run_folder_read_history (folder, &error));
  g_assert_true (g_str_has_prefix (error->message, path));
}

static void
test_test_csv (void)
{
  g_autofree char *folder = rig_make_folder ();
  g_autofree char *path = g_build_filename (folder, "test.csv", NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autoptr (GArray) metrics = g_array_new (FALSE, TRUE, sizeof (PlMetrics));
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  PlMetrics one = { .accuracy = 0.5, .dice = 0.25, .precision = NAN };

  g_ptr_array_add (names, (char *) "a,\"b\".tif");
  g_array_append_val (metrics, one);
  g_assert_true (pl_run_folder_write_test (folder, names, metrics, &error));
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_assert_true (g_str_has_prefix (lines[0], "name,accuracy,"));
  g_assert_true (g_str_has_prefix (lines[1], "\"a,\"\"b\"\".tif\",0.5,"));
  g_assert_nonnull (strstr (lines[1], ",,")); /* what is not a number */
  g_assert_cmpstr (lines[2], ==, "");
}

static PlModel *
make_model (void)
{
  const PlUNetShape shape = { .in_channels = 1, .classes = 1, .base = 4, .depth = 1 };
  static const char *const names[] = { "lung", NULL };

  return pl_model_new_take (pl_unet_new (&shape, 1, NULL), &PL_RECIPE_HU, 32, 1, names, NULL);
}

/* Whether they are the best, the last, and of the others each @stride-th from the first on. */
static gboolean
are_spread (const GArray *epochs, int last, int best, int stride)
{
  guint i = 0;

  for (int epoch = 1; epoch <= last; epoch++)
    if (epoch == best || epoch == last || epoch % stride == 1 % stride)
      {
        if (i == epochs->len || g_array_index (epochs, int, i) != epoch)
          return FALSE;
        i++;
      }
  return i == epochs->len;
}

/* 150 epochs, of which those best so far are 1, 2, 7 and 40; none of the evenly spread. */
static void
test_epochs (void)
{
  g_autofree char *folder = rig_make_folder ();
  g_autofree char *path = pl_run_folder_epoch_path (folder, 7);
  g_autofree char *junk = g_strconcat (path, ".Xab3Z1", NULL);
  g_autoptr (GArray) none = pl_run_folder_list_epochs (folder);
  g_autoptr (PlModel) model = make_model ();
  g_autoptr (PlModel) back = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (none->len, ==, 0);
  for (int epoch = 1; epoch <= 150; epoch++)
    {
      int best = epoch < 2 ? 1 : epoch < 7 ? 2 : epoch < 40 ? 7 : 40;
      g_autoptr (GArray) epochs = NULL;

      g_assert_true (pl_run_folder_keep_epoch (folder, model, epoch, best, &error));
      g_assert_no_error (error);
      epochs = pl_run_folder_list_epochs (folder);
      g_assert_cmpuint (epochs->len, <=, 64);
      g_assert_true (are_spread (epochs, epoch, best, epoch <= 62 ? 1 : epoch <= 124 ? 2 : 4));
      if (epoch == 7)
        g_assert_true (g_file_set_contents (junk, "cut short", -1, NULL));
    }
  g_clear_pointer (&path, g_free);
  path = pl_run_folder_epoch_path (folder, 40);
  back = pl_model_read (path, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (back->net->weights, back->net->n_weights * sizeof (float), model->net->weights,
                   model->net->n_weights * sizeof (float));
}

static void
test_large_epochs (void)
{
  g_autofree char *folder = rig_make_folder ();
  g_autoptr (GArray) epochs = NULL;
  g_autoptr (GError) error = NULL;
  PlUNet net = { .n_weights = (80 << 20) / sizeof (float) };
  const PlModel model = { .net = &net };

  g_assert_false (pl_run_folder_keep_epoch (folder, &model, 1, 1, &error));
  g_assert_no_error (error);
  epochs = pl_run_folder_list_epochs (folder);
  g_assert_cmpuint (epochs->len, ==, 0);
}

/* A run that goes on from an earlier checkpoint makes the later epochs again. */
static void
test_epochs_ahead (void)
{
  g_autofree char *folder = rig_make_folder ();
  g_autoptr (PlModel) model = make_model ();
  g_autoptr (GArray) epochs = NULL;
  g_autoptr (GError) error = NULL;

  for (int epoch = 1; epoch <= 9; epoch++)
    g_assert_true (pl_run_folder_keep_epoch (folder, model, epoch, 1, &error));
  g_assert_true (pl_run_folder_keep_epoch (folder, model, 5, 4, &error));
  epochs = pl_run_folder_list_epochs (folder);
  g_assert_cmpuint (epochs->len, ==, 5);
}

static void
test_log (void)
{
  g_autofree char *folder = rig_make_folder ();
  g_autofree char *path = g_build_filename (folder, "events.jsonl", NULL);
  g_autofree char *text = NULL;

  pl_run_folder_log (folder, "start", "");
  pl_run_folder_log (folder, "notice", "two\nlines and \"quotes\"");
  pl_run_folder_log ("/nonexistent", "start", "nobody minds");
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 3);
  for (int i = 0; i < 2; i++)
    {
      g_autoptr (JsonParser) parser = json_parser_new ();
      JsonObject *object;

      g_assert_true (json_parser_load_from_data (parser, lines[i], -1, NULL));
      object = json_node_get_object (json_parser_get_root (parser));
      g_assert_true (json_object_has_member (object, "time"));
      g_assert_cmpstr (json_object_get_string_member (object, "event"), ==,
                       i == 0 ? "start" : "notice");
    }
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_assert_true (pl_train_init (NULL));
  g_test_add_func ("/train/run-folder/create", test_create);
  g_test_add_func ("/train/run-folder/create-again", test_create_again);
  g_test_add_func ("/train/run-folder/settings-again", test_settings_again);
  g_test_add_func ("/train/run-folder/settings-round-trip", test_settings_round_trip);
  g_test_add_func ("/train/run-folder/settings-refused", test_settings_refused);
  g_test_add_func ("/train/run-folder/settings-of-before", test_settings_of_before);
  g_test_add_func ("/train/run-folder/settings-without-precision", test_settings_without_precision);
  g_test_add_func ("/train/run-folder/history", test_history);
  g_test_add_func ("/train/run-folder/test-csv", test_test_csv);
  g_test_add_func ("/train/run-folder/epochs", test_epochs);
  g_test_add_func ("/train/run-folder/large-epochs", test_large_epochs);
  g_test_add_func ("/train/run-folder/epochs-ahead", test_epochs_ahead);
  g_test_add_func ("/train/run-folder/log", test_log);
  status = g_test_run ();
  rig_clean_up ();
  return status;
}
