/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One application for all tests of a program, not unique, since programs run side by side on one
 * session bus; a window for each test. Animations are off, so that what is shown is there at once.
 */
#include "ui/window-rig.h"

#include "app/application.h"
#include "app/plot.h"
#include "app/settings.h"

#include "image/phantom.h"
#include "train/train.h"

#include <locale.h>
#include <stdlib.h>
#include <unistd.h>

/* Waiting long costs nothing where things work, and others may have the processors. */
#ifdef __SANITIZE_ADDRESS__
#define PATIENCE_S 240.0
#else
#define PATIENCE_S 60.0
#endif

enum
{
  N_STILL = 5, /* frames that draw nothing, longer than a worker's report waits; and turns without
                  anything to dispatch */
};

static char *scratch;
static char *data_folder;
static PlApplication *application;

static void
set_folder (const char *variable, const char *name)
{
  g_autofree char *path = g_build_filename (scratch, name, NULL);

  g_setenv (variable, path, TRUE);
}

static void
set_environment (void)
{
  scratch = pl_scratch_new ();
  set_folder ("XDG_DATA_HOME", "data");
  set_folder ("XDG_CONFIG_HOME", "config");
  set_folder ("XDG_CACHE_HOME", "cache");
  g_setenv ("GSETTINGS_BACKEND", "memory", TRUE);
  g_setenv ("GTK_A11Y", "test", TRUE);
  g_setenv ("GDK_DEBUG", "gl-disable", TRUE); /* Mesa leaks when it is unloaded */
  g_setenv ("ADW_DISABLE_PORTAL", "1", TRUE);
  g_setenv ("LC_ALL", "C.UTF-8", TRUE);
  g_unsetenv ("LANGUAGE");
  setlocale (LC_ALL, "");
}

static void
start_application (void)
{
  GApplication *app;
  g_autoptr (GError) error = NULL;

  pl_train_init (&error);
  g_assert_no_error (error);
  g_assert_nonnull (pl_settings_get ());
  application = pl_application_new ();
  app = G_APPLICATION (application);
  g_application_set_flags (app, g_application_get_flags (app) | G_APPLICATION_NON_UNIQUE);
  g_application_set_default (app);
  g_application_register (app, NULL, &error);
  g_assert_no_error (error);
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
}

void
window_rig_init (int *argc, char ***argv)
{
  set_environment ();
  g_test_init (argc, argv, NULL);
  if (!gtk_init_check ())
    {
      pl_scratch_remove (scratch);
      g_print ("1..0 # SKIP no display\n"); /* Meson takes TAP's word, not status 77, for it */
      exit (0);
    }
  start_application ();
}

int
window_rig_run (void)
{
  int status = g_test_run ();

  pl_scratch_remove (scratch);
  g_clear_pointer (&scratch, g_free);
  g_clear_pointer (&data_folder, g_free);
  g_clear_object (&application);
  return status;
}

const char *
window_rig_scratch (void)
{
  return scratch;
}

const char *
window_rig_data (void)
{
  PlPhantomOptions options = {
    .n_slices = WINDOW_RIG_SLICES,
    .n_volumes = WINDOW_RIG_CASES - WINDOW_RIG_SLICES,
    .size_px = 64,
    .seed = 1,
  };
  g_autoptr (GError) error = NULL;

  if (data_folder == NULL)
    {
      data_folder = g_build_filename (scratch, "phantom", NULL);
      pl_phantom_write (data_folder, &options, NULL, NULL, NULL, &error);
      g_assert_no_error (error);
    }
  return data_folder;
}

static void
reset_settings (void)
{
  g_autoptr (GSettingsSchema) schema = NULL;
  g_auto (GStrv) keys = NULL;

  g_object_get (pl_settings_get (), "settings-schema", &schema, NULL);
  keys = g_settings_schema_list_keys (schema);
  for (char **key = keys; *key != NULL; key++)
    g_settings_reset (pl_settings_get (), *key);
}

void
window_rig_set_up (WindowRig *rig, gconstpointer data)
{
  g_autofree char *runs = pl_run_default_folder ();

  pl_scratch_remove (runs);
  reset_settings ();
  window_rig_open_window (rig);
}

void
window_rig_open_window (WindowRig *rig)
{
  rig->window = pl_app_window_new (GTK_APPLICATION (application));
  g_object_add_weak_pointer (G_OBJECT (rig->window), (gpointer *) &rig->window);
  gtk_window_present (GTK_WINDOW (rig->window));
  window_rig_wait (gtk_widget_get_mapped (GTK_WIDGET (rig->window)), 10);
}

static gboolean
no_windows_are_open (void)
{
  return g_list_model_get_n_items (gtk_window_get_toplevels ()) == 0;
}

void
window_rig_tear_down (WindowRig *rig, gconstpointer data)
{
  GListModel *toplevels = gtk_window_get_toplevels ();
  guint n = g_list_model_get_n_items (toplevels);
  gpointer content = rig->window == NULL ? NULL : rig->window->cases_flap;

  if (content != NULL)
    g_object_add_weak_pointer (content, &content);
  for (guint i = n; i-- > 0;)
    {
      g_autoptr (GtkWindow) toplevel = g_list_model_get_item (toplevels, i);

      if (toplevel != NULL)
        gtk_window_close (toplevel);
    }
  window_rig_wait (no_windows_are_open (), 20);
  window_rig_wait (rig->window == NULL, 20);
  window_rig_wait (content == NULL, 20);
}

void
window_rig_open (WindowRig *rig, const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);

  pl_app_window_open (rig->window, &file, 1);
}

static gboolean
has_loaded (WindowRig *rig)
{
  return rig->window->volume_is_current && window_rig_is (rig, "loading", "false");
}

void
window_rig_open_data (WindowRig *rig)
{
  window_rig_open (rig, window_rig_data ());
  window_rig_wait (has_loaded (rig), 20);
}

void
window_rig_show_case (WindowRig *rig, guint position)
{
  g_autoptr (PlCaseItem) item = g_list_model_get_item (G_LIST_MODEL (rig->window->cases), position);
  g_autoptr (GVariant) name = NULL;

  g_assert_nonnull (item);
  name = g_variant_ref_sink (g_variant_new_string (pl_case_item_get_name (item)));
  g_action_group_activate_action (G_ACTION_GROUP (rig->window), "case", name);
  window_rig_wait (has_loaded (rig), 20);
  g_assert_true (rig->window->current == item);
}

int
window_rig_show_volume (WindowRig *rig)
{
  guint position = 0;

  for (;; position++)
    {
      g_autoptr (PlCaseItem) item =
          g_list_model_get_item (G_LIST_MODEL (rig->window->cases), position);

      g_assert_nonnull (item);
      if (pl_case_is_volume (pl_case_item_get_case (item)))
        break;
    }
  window_rig_show_case (rig, position);
  return pl_view_state_get_n_slices (rig->window->state);
}

void
window_rig_activate (WindowRig *rig, const char *detailed)
{
  g_autofree char *name = NULL;
  g_autoptr (GVariant) target = NULL;
  g_autoptr (GError) error = NULL;

  g_action_parse_detailed_name (detailed, &name, &target, &error);
  g_assert_no_error (error);
  g_assert_true (g_action_group_has_action (G_ACTION_GROUP (rig->window), name));
  g_action_group_activate_action (G_ACTION_GROUP (rig->window), name, target);
}

void
window_rig_set_spin (WindowRig *rig, const char *id, double value)
{
  PlTrainSetup *setup = pl_train_panel_get_setup (rig->window->train_panel);

  gtk_spin_button_set_value (window_rig_child (setup, id), value);
}

void
window_rig_fill_setup (WindowRig *rig, int epochs)
{
  window_rig_set_spin (rig, "epochs_spin", epochs);
  window_rig_set_spin (rig, "size_spin", 32);
  window_rig_set_spin (rig, "base_spin", 4);
  window_rig_set_spin (rig, "batch_spin", 4);
  window_rig_set_spin (rig, "rate_spin", 0.005);
  window_rig_set_spin (rig, "slices_spin", 4);
}

void
window_rig_prepare (WindowRig *rig, int epochs)
{
  window_rig_open_data (rig);
  window_rig_activate (rig, "show-training");
  window_rig_fill_setup (rig, epochs);
}

void
window_rig_train (WindowRig *rig, int epochs)
{
  window_rig_prepare (rig, epochs);
  window_rig_activate (rig, "train");
  window_rig_wait (window_rig_is (rig, "training-state", "'done'"), 60);
}

guint
window_rig_n_points (WindowRig *rig, const char *plot, int curve)
{
  return pl_plot_n_points (window_rig_child (rig->window->train_panel, plot), curve);
}

/* Their names begin with the time. */
char *
window_rig_find_run (void)
{
  g_autofree char *runs = pl_run_default_folder ();
  g_autoptr (GDir) dir = g_dir_open (runs, 0, NULL);
  g_autofree char *newest = NULL;
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_strcmp0 (name, newest) > 0)
      {
        g_free (newest);
        newest = g_strdup (name);
      }
  g_assert_nonnull (newest);
  return g_build_filename (runs, newest, NULL);
}

char *
window_rig_print_state (WindowRig *rig, const char *action)
{
  g_autoptr (GVariant) state =
      g_action_group_get_action_state (G_ACTION_GROUP (rig->window), action);

  g_assert_nonnull (state);
  return g_variant_print (state, FALSE);
}

gboolean
window_rig_is (WindowRig *rig, const char *action, const char *state)
{
  g_autofree char *found = window_rig_print_state (rig, action);

  return g_str_equal (found, state);
}

void
window_rig_check_is (const char *where, WindowRig *rig, const char *action, const char *state)
{
  g_autofree char *found = window_rig_print_state (rig, action);

  if (!g_str_equal (found, state))
    g_error ("%s: win.%s is %s instead of %s", where, action, found, state);
}

gboolean
window_rig_is_enabled (WindowRig *rig, const char *action)
{
  return g_action_group_get_action_enabled (G_ACTION_GROUP (rig->window), action);
}

gint64
window_rig_deadline (double seconds)
{
  return g_get_monotonic_time () + (gint64) (MAX (seconds, PATIENCE_S) * G_TIME_SPAN_SECOND);
}

/* TRUE if there was something to dispatch. */
static gboolean
turn (void)
{
  if (g_main_context_iteration (NULL, FALSE))
    return TRUE;
  g_usleep (1000);
  return FALSE;
}

void
window_rig_turn (const char *where, const char *condition, gint64 end_us)
{
  if (g_get_monotonic_time () > end_us)
    g_error ("%s: waited too long for %s", where, condition);
  turn ();
}

/* Whether a thread but this one runs, wants to run or waits for a disk: one that has nothing to do
 * sleeps, however slow the machine is. */
static gboolean
others_work (void)
{
  g_autoptr (GDir) threads = g_dir_open ("/proc/self/task", 0, NULL);
  const char *id;

  g_assert_nonnull (threads);
  while ((id = g_dir_read_name (threads)) != NULL)
    {
      g_autofree char *path = g_build_filename ("/proc/self/task", id, "stat", NULL);
      g_autofree char *stat = NULL;

      if (atoi (id) != getpid () && g_file_get_contents (path, &stat, NULL, NULL) &&
          strchr ("RD", strrchr (stat, ')')[2]) != NULL)
        return TRUE;
    }
  return FALSE;
}

typedef struct
{
  int n_frames; /* since something was placed or drawn */
  int n_turns;
} Stillness;

static gboolean
frame_cb (GtkWidget *window, GdkFrameClock *clock, gpointer data)
{
  ((Stillness *) data)->n_frames++;
  return G_SOURCE_CONTINUE;
}

static void
changed_cb (GdkFrameClock *clock, Stillness *stillness)
{
  stillness->n_frames = 0;
}

/* A size that was asked for comes from the X server, thus the synchronization. */
void
window_rig_settle_at (const char *where, WindowRig *rig)
{
  GtkWidget *window = GTK_WIDGET (rig->window);
  GdkFrameClock *clock = gtk_widget_get_frame_clock (window);
  Stillness stillness = { 0 };
  guint tick = gtk_widget_add_tick_callback (window, frame_cb, &stillness, NULL);
  gulong layout = g_signal_connect (clock, "layout", G_CALLBACK (changed_cb), &stillness);
  gulong paint = g_signal_connect (clock, "paint", G_CALLBACK (changed_cb), &stillness);
  gint64 end_us = window_rig_deadline (0);

  while (stillness.n_frames < N_STILL || stillness.n_turns < N_STILL)
    {
      if (g_get_monotonic_time () > end_us)
        g_error ("%s: the window does not come to rest", where);
      gdk_display_sync (gtk_widget_get_display (window));
      if (others_work ())
        stillness = (Stillness){ 0 };
      if (!turn ())
        stillness.n_turns++;
    }
  g_signal_handler_disconnect (clock, layout);
  g_signal_handler_disconnect (clock, paint);
  gtk_widget_remove_tick_callback (window, tick);
}

void
window_rig_pause (double seconds)
{
  gint64 end_us = g_get_monotonic_time () + (gint64) (seconds * G_TIME_SPAN_SECOND);

  while (g_get_monotonic_time () < end_us)
    turn ();
}

GtkWidget *
window_rig_find (GtkWidget *root, WindowRigFits fits, gpointer data)
{
  if (fits (root, data))
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = window_rig_find (child, fits, data);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static gboolean
is_label_with_text (GtkWidget *widget, gpointer text)
{
  return GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget) &&
         strstr (gtk_label_get_text (GTK_LABEL (widget)), text) != NULL;
}

gboolean
window_rig_shows (gpointer root, const char *text)
{
  return window_rig_find (root, is_label_with_text, (gpointer) text) != NULL;
}

gpointer
window_rig_child (gpointer composite, const char *id)
{
  GObject *child = gtk_widget_get_template_child (composite, G_OBJECT_TYPE (composite), id);

  g_assert_nonnull (child);
  return child;
}

const char *
window_rig_label (gpointer composite, const char *id)
{
  return gtk_label_get_text (window_rig_child (composite, id));
}

static guint
hash_pixels (cairo_surface_t *picture)
{
  const guint8 *pixels = cairo_image_surface_get_data (picture);
  gsize n = (gsize) cairo_image_surface_get_stride (picture) *
            (gsize) cairo_image_surface_get_height (picture);
  guint hash = 5381;

  for (gsize i = 0; i < n; i++)
    hash = hash * 33 + pixels[i];
  return hash;
}

guint
window_rig_picture (gpointer widget)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (widget);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  cairo_surface_t *picture = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  cairo_t *cr = cairo_create (picture);
  GskRenderNode *node;
  guint hash;

  gdk_paintable_snapshot (paintable, snapshot, width, height);
  node = gtk_snapshot_free_to_node (snapshot);
  if (node != NULL)
    gsk_render_node_draw (node, cr);
  cairo_surface_flush (picture);
  hash = hash_pixels (picture);
  g_clear_pointer (&node, gsk_render_node_unref);
  cairo_destroy (cr);
  cairo_surface_destroy (picture);
  return hash;
}

gboolean
window_rig_has_problem (WindowRig *rig, const char *subject, const char *reason)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (rig->window->problems));

  for (guint i = 0; i < n; i++)
    {
      const char *line = gtk_string_list_get_string (rig->window->problems, i);

      if (strstr (line, subject) != NULL && strstr (line, reason) != NULL)
        return TRUE;
    }
  return FALSE;
}

GtkWindow *
window_rig_find_toplevel (const char *type_name)
{
  GListModel *toplevels = gtk_window_get_toplevels ();
  guint n = g_list_model_get_n_items (toplevels);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GtkWindow) toplevel = g_list_model_get_item (toplevels, i);

      if (g_str_equal (G_OBJECT_TYPE_NAME (toplevel), type_name))
        return toplevel; /* GTK keeps it */
    }
  return NULL;
}
