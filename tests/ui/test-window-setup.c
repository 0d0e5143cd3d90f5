/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page that says how to train: presets, what is kept, what a training would take, what it
 * starts from, and the images as the network will see them. */
#include "ui/window-rig.h"

#include "app/settings.h"
#include "train/train.h"
#include "unet/schedule.h"

#include <math.h>

static PlTrainSetup *
get_setup (WindowRig *rig)
{
  return pl_train_panel_get_setup (rig->window->train_panel);
}

static PlTrainSettings
get_settings (WindowRig *rig)
{
  PlTrainSettings settings;

  pl_train_setup_get_settings (get_setup (rig), &settings);
  return settings;
}

/* A preset fills the controls; a control that is changed makes it custom, and back. */
static void
test_presets (WindowRig *rig, gconstpointer data)
{
  PlTrainSettings settings;

  window_rig_assert_is (rig, "training-preset", "'standard'");
  settings = get_settings (rig);
  g_assert_cmpuint (settings.seed, ==, pl_train_settings_default.seed);
  g_assert_cmpint (settings.slices_per_volume, ==, pl_train_settings_default.slices_per_volume);
  g_assert_cmpfloat (settings.split[0], ==, 0.8); /* as exactly as on the command line */
  window_rig_activate (rig, "training-preset::tutorial");
  window_rig_assert_is (rig, "training-preset", "'tutorial'");
  settings = get_settings (rig);
  g_assert_cmpint (settings.epochs, ==, 100);
  g_assert_cmpint (settings.batch, ==, 32);
  g_assert_cmpint (settings.loss, ==, PL_LOSS_CROSS_ENTROPY);
  g_assert_cmpint (settings.schedule, ==, PL_SCHEDULE_PLATEAU);
  g_assert_cmpfloat (settings.rate, ==, 1e-3);
  g_assert_cmpfloat (settings.decay, ==, 0);
  g_assert_cmpfloat (settings.split[1], ==, 0.0875);
  g_assert_cmpfloat (settings.split[2], ==, 0.0125);
  g_assert_false (settings.augment);
  window_rig_set_spin (rig, "epochs_spin", 99);
  window_rig_assert_is (rig, "training-preset", "'custom'");
  window_rig_activate (rig, "training-preset::custom");
  g_assert_cmpint (get_settings (rig).epochs, ==, 99);
  window_rig_activate (rig, "training-preset::none");
  window_rig_assert_is (rig, "training-preset", "'custom'");
  window_rig_set_spin (rig, "epochs_spin", 100);
  window_rig_assert_is (rig, "training-preset", "'tutorial'");
  window_rig_set_spin (rig, "seed_spin", 5); /* of no preset */
  window_rig_assert_is (rig, "training-preset", "'tutorial'");
}

static void
test_kept (WindowRig *rig, gconstpointer data)
{
  GSettings *kept = pl_settings_get ();
  g_autofree char *loss = NULL;
  g_autofree char *schedule = NULL;

  window_rig_activate (rig, "training-preset::tutorial");
  window_rig_set_spin (rig, "time_spin", 1.5);
  window_rig_set_spin (rig, "seed_spin", 77);
  g_assert_cmpint (g_settings_get_int (kept, "train-batch"), ==, 32);
  g_assert_cmpfloat (g_settings_get_double (kept, "train-validation-part"), ==, 8.75);
  g_assert_cmpfloat (g_settings_get_double (kept, "train-time-limit"), ==, 1.5);
  g_assert_cmpuint (g_settings_get_uint64 (kept, "train-seed"), ==, 77);
  g_assert_cmpfloat (get_settings (rig).time_limit_s, ==, 90);
  loss = g_settings_get_string (kept, "train-loss");
  schedule = g_settings_get_string (kept, "train-schedule");
  g_assert_cmpstr (loss, ==, "cross-entropy");
  g_assert_cmpstr (schedule, ==, "plateau");

  g_settings_set_string (kept, "train-loss", "dice");
  g_settings_set_string (kept, "train-precision", "f32");
  g_assert_cmpint (get_settings (rig).loss, ==, PL_LOSS_DICE);
  g_assert_cmpint (get_settings (rig).precision, ==, PL_TRAIN_PRECISION_F32);
}

static void
set_to_end (WindowRig *rig, const char *id, gboolean upper)
{
  GtkAdjustment *range = gtk_spin_button_get_adjustment (window_rig_child (get_setup (rig), id));

  gtk_adjustment_set_value (range, upper ? gtk_adjustment_get_upper (range)
                                         : gtk_adjustment_get_lower (range));
}

/* No control leads out of what a training takes; and those of numbers lead to its ends. */
static void
test_bounds (WindowRig *rig, gconstpointer data)
{
  static const struct
  {
    const char *id;
    goffset field; /* −1: it has no end, or no int */
  } spins[] = {
    { "epochs_spin", G_STRUCT_OFFSET (PlTrainSettings, epochs) },
    { "batch_spin", G_STRUCT_OFFSET (PlTrainSettings, batch) },
    { "base_spin", G_STRUCT_OFFSET (PlTrainSettings, base) },
    { "size_spin", G_STRUCT_OFFSET (PlTrainSettings, size_px) },
    { "depth_spin", G_STRUCT_OFFSET (PlTrainSettings, depth) },
    { "threads_spin", G_STRUCT_OFFSET (PlTrainSettings, threads) },
    { "rate_spin", -1 },
    { "decay_spin", -1 },
    { "patience_spin", -1 },
    { "time_spin", -1 },
    { "seed_spin", -1 },
    { "slices_spin", -1 },
    { "validation_spin", -1 },
    { "test_spin", -1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (spins); i++)
    for (int upper = 0; upper < 2; upper++)
      {
        g_autoptr (GError) error = NULL;
        PlTrainSettings settings;

        pl_train_setup_set_settings (get_setup (rig), &pl_train_settings_default);
        window_rig_set_spin (rig, "validation_spin", 0);
        window_rig_set_spin (rig, "test_spin", 0);
        window_rig_set_spin (rig, "depth_spin", 1); /* takes any size */
        window_rig_set_spin (rig, "size_spin", 256);
        set_to_end (rig, spins[i].id, upper);
        settings = get_settings (rig);
        g_test_message ("%s %s", spins[i].id, upper ? "upper" : "lower");
        g_assert_true (pl_train_settings_check (&settings, &error));
        g_assert_no_error (error);
        if (spins[i].field < 0)
          continue;
        G_STRUCT_MEMBER (int, &settings, spins[i].field) += upper ? 1 : -1;
        g_assert_false (pl_train_settings_check (&settings, NULL));
      }
}

static const char *
estimate_text (WindowRig *rig)
{
  return adw_action_row_get_subtitle (window_rig_child (get_setup (rig), "estimate_row"));
}

static gboolean
warns (WindowRig *rig)
{
  return gtk_widget_get_visible (window_rig_child (get_setup (rig), "estimate_warning"));
}

/* Time and memory are said for what the controls say now. */
static void
test_estimate (WindowRig *rig, gconstpointer data)
{
  window_rig_prepare (rig, 3);
  window_rig_wait (strstr (estimate_text (rig), "MB") != NULL, 20);
  g_assert_true (g_str_has_prefix (estimate_text (rig), "about "));
  g_assert_false (warns (rig));

  window_rig_set_spin (rig, "size_spin", 33);
  g_assert_nonnull (strstr (estimate_text (rig), "33"));
  g_assert_true (warns (rig));

  window_rig_set_spin (rig, "size_spin", 2048);
  window_rig_set_spin (rig, "base_spin", 256);
  g_assert_false (warns (rig));
  window_rig_wait (strstr (estimate_text (rig), "of memory is free") != NULL, 20);
  g_assert_true (warns (rig));
}

/* What was asked for when a training begins is not measured beside it. */
static void
test_estimate_while_training (WindowRig *rig, gconstpointer data)
{
  window_rig_prepare (rig, WINDOW_RIG_FOR_EVER);
  window_rig_activate (rig, "train");
  g_assert_false (gtk_widget_get_sensitive (GTK_WIDGET (get_setup (rig))));
  window_rig_pause (1.5);
  g_assert_cmpstr (estimate_text (rig), ==, "Measuring…");
  window_rig_activate (rig, "stop-training");
  window_rig_wait (window_rig_is (rig, "training-state", "'done'"), 20);
  g_assert_true (gtk_widget_get_sensitive (GTK_WIDGET (get_setup (rig))));
  window_rig_wait (strstr (estimate_text (rig), "about") != NULL, 20);
}

static void
start_from (WindowRig *rig, const char *start)
{
  g_action_group_activate_action (G_ACTION_GROUP (rig->window), "training-start",
                                  g_variant_new_string (start));
}

/* The model brings its shape and size, whatever the controls say. */
static void
test_start (WindowRig *rig, gconstpointer data)
{
  g_autofree char *run = NULL;
  g_autofree char *file = NULL;
  g_autofree char *state = NULL;

  start_from (rig, "model"); /* there is none */
  window_rig_assert_is (rig, "training-start", "''");
  window_rig_train (rig, 1);
  start_from (rig, "model");
  window_rig_assert_is (rig, "training-start", "'model'");
  g_assert_false (gtk_widget_get_sensitive (window_rig_child (get_setup (rig), "size_row")));
  window_rig_set_spin (rig, "size_spin", 64);
  window_rig_set_spin (rig, "base_spin", 8);
  g_assert_cmpint (get_settings (rig).size_px, ==, 32);
  g_assert_cmpint (get_settings (rig).base, ==, 4);
  window_rig_activate (rig, "train");
  g_assert_false (window_rig_is_enabled (rig, "training-start"));
  window_rig_wait (window_rig_is (rig, "training-state", "'done'"), 60);
  g_assert_cmpint (rig->window->model->size_px, ==, 32);

  run = window_rig_find_run ();
  file = g_build_filename (run, "last.safetensors", NULL);
  state = g_strdup_printf ("'%s'", file);
  start_from (rig, file);
  window_rig_wait (window_rig_is (rig, "training-start", state), 20);
  start_from (rig, "/no/such.safetensors");
  window_rig_wait (window_rig_has_problem (rig, "such.safetensors", "could not be opened"), 20);
  window_rig_assert_is (rig, "training-start", state);
  start_from (rig, "");
  g_assert_true (gtk_widget_get_sensitive (window_rig_child (get_setup (rig), "size_row")));
  g_assert_cmpint (get_settings (rig).size_px, ==, 64);
}

static GtkWidget *
get_item (gpointer window, int index)
{
  return GTK_WIDGET (gtk_flow_box_get_child_at_index (window_rig_child (window, "samples"), index));
}

static GdkPaintable *
get_picture (gpointer window, int index, const char *id)
{
  return gtk_picture_get_paintable (window_rig_child (get_item (window, index), id));
}

static void
assert_name (GtkWidget *item, const char *pattern)
{
  g_autofree char *wrong =
      gtk_test_accessible_check_property (GTK_ACCESSIBLE (item), GTK_ACCESSIBLE_PROPERTY_LABEL, "");

  g_assert_nonnull (wrong); /* names what it is */
  g_assert_true (g_pattern_match_simple (pattern, wrong));
}

/* Each beside its original and with a name; another press varies them anew, in the same place. */
static void
test_samples (WindowRig *rig, gconstpointer data)
{
  GtkWindow *window;
  GdkPaintable *original;
  GdkPaintable *first;
  GtkWidget *item;

  g_assert_false (window_rig_is_enabled (rig, "show-samples"));
  window_rig_prepare (rig, 1);
  window_rig_activate (rig, "show-samples");
  window = window_rig_find_toplevel ("PlSamplesWindow");
  g_assert_nonnull (window);
  window_rig_wait (window_rig_shows (window, "and as they may be varied"), 20);
  item = get_item (window, 0);
  original = get_picture (window, 0, "original");
  first = g_object_ref (get_picture (window, 0, "varied"));
  g_assert_true (first != original);
  assert_name (item, "*: as it is, and variation 1; *");
  g_assert_true (gtk_widget_grab_focus (item));
  g_signal_emit_by_name (window_rig_child (window, "new_button"), "clicked");
  window_rig_wait (get_picture (window, 0, "varied") != first, 20);
  assert_name (item, "*: as it is, and variation 2; *");
  g_assert_true (get_item (window, 0) == item);
  g_assert_true (gtk_window_get_focus (window) == item);
  g_assert_true (get_picture (window, 0, "original") == original);
  g_object_unref (first);
  gtk_window_close (window);

  gtk_switch_set_active (window_rig_child (get_setup (rig), "augment_switch"), FALSE);
  window_rig_activate (rig, "show-samples");
  window = window_rig_find_toplevel ("PlSamplesWindow");
  window_rig_wait (window_rig_shows (window, "as they are, with"), 20);
  g_assert_false (gtk_widget_get_visible (window_rig_child (window, "new_button")));
  assert_name (get_item (window, 0), "*: as it is; *");
  g_assert_null (get_picture (window, 0, "varied"));
  gtk_window_close (window);
}

/* The window goes while its images are being read. */
static void
test_samples_closed (WindowRig *rig, gconstpointer data)
{
  window_rig_prepare (rig, 1);
  window_rig_activate (rig, "show-samples");
  gtk_window_close (window_rig_find_toplevel ("PlSamplesWindow"));
  window_rig_settle (rig);
}

int
main (int argc, char **argv)
{
  window_rig_init (&argc, &argv);
  WINDOW_RIG_ADD ("/app/window-setup/presets", test_presets);
  WINDOW_RIG_ADD ("/app/window-setup/kept", test_kept);
  WINDOW_RIG_ADD ("/app/window-setup/bounds", test_bounds);
  WINDOW_RIG_ADD ("/app/window-setup/estimate", test_estimate);
  WINDOW_RIG_ADD ("/app/window-setup/estimate-while-training", test_estimate_while_training);
  WINDOW_RIG_ADD ("/app/window-setup/start", test_start);
  WINDOW_RIG_ADD ("/app/window-setup/samples", test_samples);
  WINDOW_RIG_ADD ("/app/window-setup/samples-closed", test_samples_closed);
  return window_rig_run ();
}
