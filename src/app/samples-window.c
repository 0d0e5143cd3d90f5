/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Images are read once, in a thread; each press of the button then takes the next epoch's
 * variations of them, in a thread, too. */
#include "app/samples-window.h"

#include "app/texture.h"
#include "train/sample-preview.h"

#include <glib/gi18n.h>

enum
{
  TILE_PX = 224,
};

/* The thread's while it draws, else the window's. */
typedef struct
{
  PlDataset *dataset;
  PlTrainSettings settings;
  PlSamplePreview *preview; /* (nullable): once read */
  PlPicture *picture;       /* (nullable): once drawn */
  int epoch;
} Job;

struct _PlSamplesWindow
{
  AdwWindow parent_instance;

  /* Owned */
  Job *job; /* counted: a thread that still draws keeps it */
  GCancellable *cancellable;

  /* Template children */
  GtkWidget *new_button;
  GtkStack *stack;
  GtkPicture *picture;
  GtkLabel *caption;
  AdwStatusPage *problem;
};

G_DEFINE_FINAL_TYPE (PlSamplesWindow, pl_samples_window, ADW_TYPE_WINDOW)

static void
clear_job (gpointer data)
{
  Job *job = data;

  pl_dataset_free (job->dataset);
  pl_sample_preview_free (job->preview);
  pl_picture_free (job->picture);
}

static void
release_job (gpointer data)
{
  g_atomic_rc_box_release_full (data, clear_job);
}

static void
draw_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  GError *error = NULL;

  if (job->preview == NULL)
    job->preview = pl_sample_preview_load (job->dataset, &job->settings, cancellable, &error);
  if (job->preview != NULL)
    job->picture = pl_sample_preview_draw (job->preview, job->epoch, TILE_PX, cancellable, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static void
show_picture (PlSamplesWindow *self, Job *job)
{
  PlPicture *picture = job->picture;
  int n = pl_sample_preview_count (job->preview);
  g_autoptr (GdkTexture) texture =
      pl_texture_new_rgb (g_steal_pointer (&picture->rgb), picture->width, picture->height);
  g_autofree char *text = g_strdup_printf (
      job->settings.augment
          ? ngettext ("%d image of the training part, varied, with the outline of its mask",
                      "%d images of the training part, varied, with the outlines of their masks",
                      (gulong) n)
          : ngettext ("%d image of the training part as it is, with the outline of its mask",
                      "%d images of the training part as they are, with the outlines of their "
                      "masks",
                      (gulong) n),
      n);

  g_clear_pointer (&job->picture, pl_picture_free);
  gtk_picture_set_paintable (self->picture, GDK_PAINTABLE (texture));
  gtk_picture_set_alternative_text (self->picture, text);
  gtk_label_set_text (self->caption, text);
  gtk_stack_set_visible_child_name (self->stack, "samples");
  gtk_widget_set_sensitive (self->new_button, job->settings.augment);
}

/* Of a window that has been closed there is nothing to show. */
static void
drawn_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  PlSamplesWindow *self = PL_SAMPLES_WINDOW (source);
  GTask *task = G_TASK (result);
  g_autoptr (GError) error = NULL;

  if (g_cancellable_is_cancelled (g_task_get_cancellable (task)))
    return;
  if (g_task_propagate_boolean (task, &error))
    {
      show_picture (self, self->job);
      return;
    }
  adw_status_page_set_description (self->problem, error->message);
  gtk_stack_set_visible_child_name (self->stack, "problem");
}

static void
draw (PlSamplesWindow *self)
{
  g_autoptr (GTask) task = g_task_new (self, self->cancellable, drawn_cb, NULL);

  gtk_widget_set_sensitive (self->new_button, FALSE);
  self->job->epoch++;
  g_task_set_source_tag (task, draw);
  g_task_set_task_data (task, g_atomic_rc_box_acquire (self->job), release_job);
  g_task_run_in_thread (task, draw_thread);
}

static void
pl_samples_window_dispose (GObject *object)
{
  PlSamplesWindow *self = PL_SAMPLES_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->job, release_job);
  G_OBJECT_CLASS (pl_samples_window_parent_class)->dispose (object);
}

static void
pl_samples_window_class_init (PlSamplesWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pl_samples_window_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/pleura/Pleura/ui/samples-window.ui");
  gtk_widget_class_bind_template_child (widget_class, PlSamplesWindow, new_button);
  gtk_widget_class_bind_template_child (widget_class, PlSamplesWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, PlSamplesWindow, picture);
  gtk_widget_class_bind_template_child (widget_class, PlSamplesWindow, caption);
  gtk_widget_class_bind_template_child (widget_class, PlSamplesWindow, problem);
  gtk_widget_class_bind_template_callback (widget_class, draw);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
pl_samples_window_init (PlSamplesWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->cancellable = g_cancellable_new ();
}

GtkWindow *
pl_samples_window_new (GtkWindow *parent, const PlDataset *dataset, const PlTrainSettings *settings)
{
  PlSamplesWindow *self = g_object_new (PL_TYPE_SAMPLES_WINDOW, "transient-for", parent, NULL);

  self->job = g_atomic_rc_box_new0 (Job);
  self->job->dataset = pl_dataset_copy (dataset);
  self->job->settings = *settings;
  draw (self);
  return GTK_WINDOW (self);
}
