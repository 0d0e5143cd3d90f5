/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Images are read once, in a thread; each press of the button then takes other variations of them,
 * in a thread, too. An item stays while its pictures change, so that the focus does.
 */
#include "app/samples-window.h"

#include "app/sample-item.h"
#include "app/texture.h"
#include "train/sample-preview.h"

#include <glib/gi18n.h>

enum
{
  TILE_PX = 152,
};

/* The thread's while it draws, else the window's. */
typedef struct
{
  PlDataset *dataset;
  PlTrainSettings settings;
  PlSamplePreview *preview; /* (nullable): once read */
  GPtrArray *originals;     /* (element-type GdkTexture): each once, then kept */
  GPtrArray *varied;        /* (element-type GdkTexture): as many, or none */
  int variation;            /* from 1 */
} Job;

struct _PlSamplesWindow
{
  AdwWindow parent_instance;

  /* Owned */
  Job *job; /* counted: a thread that still draws keeps it */
  GCancellable *cancellable;

  gboolean is_drawing;

  /* Template children */
  GtkWidget *new_button;
  GtkStack *stack;
  GtkFlowBox *samples;
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
  g_ptr_array_unref (job->originals);
  g_ptr_array_unref (job->varied);
}

static void
release_job (gpointer data)
{
  g_atomic_rc_box_release_full (data, clear_job);
}

/* One texture for each image. FALSE with @error set when cancelled. */
static gboolean
draw_all (Job *job, int variation, GPtrArray *textures, GCancellable *cancellable, GError **error)
{
  g_ptr_array_set_size (textures, 0);
  for (int i = 0; i < pl_sample_preview_count (job->preview); i++)
    {
      g_autoptr (PlPicture) picture = NULL;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      picture = pl_sample_preview_draw (job->preview, i, variation, TILE_PX, error);
      if (picture == NULL)
        return FALSE;
      g_ptr_array_add (textures, pl_texture_new_rgb (g_steal_pointer (&picture->rgb),
                                                     picture->width, picture->height));
    }
  return TRUE;
}

static void
draw_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  GError *error = NULL;

  if (job->preview == NULL)
    job->preview = pl_sample_preview_load (job->dataset, &job->settings, cancellable, &error);
  if (job->preview != NULL && job->originals->len == 0)
    draw_all (job, 0, job->originals, cancellable, &error);
  if (error == NULL && pl_sample_preview_is_varied (job->preview))
    draw_all (job, job->variation, job->varied, cancellable, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static char *
dup_name (const PlSamplePreview *preview, int index)
{
  g_autofree char *name = g_filename_display_basename (pl_sample_preview_case (preview, index));
  int slice = pl_sample_preview_slice (preview, index);

  /* Translators: a volume's file name, and the number of a slice of it. */
  return slice < 0 ? g_steal_pointer (&name)
                   : g_strdup_printf (_ ("%s, slice %d"), name, slice + 1);
}

static void
add_items (PlSamplesWindow *self, const Job *job)
{
  for (int i = 0; i < pl_sample_preview_count (job->preview); i++)
    {
      g_autofree char *name = dup_name (job->preview, i);

      gtk_flow_box_append (self->samples, GTK_WIDGET (pl_sample_item_new (name, TILE_PX)));
    }
}

static void
show_samples (PlSamplesWindow *self, const Job *job)
{
  for (guint i = 0; i < job->originals->len; i++)
    {
      GtkFlowBoxChild *child = gtk_flow_box_get_child_at_index (self->samples, (int) i);
      GdkTexture *varied = job->varied->len > 0 ? g_ptr_array_index (job->varied, i) : NULL;

      pl_sample_item_show (PL_SAMPLE_ITEM (child), g_ptr_array_index (job->originals, i), varied,
                           job->variation);
    }
}

static void
show_caption (PlSamplesWindow *self, const Job *job)
{
  int n = pl_sample_preview_count (job->preview);
  g_autofree char *text = g_strdup_printf (
      job->settings.augment
          ? ngettext ("%d image of the training part, with the outline of its mask: as it is, and "
                      "as it may be varied",
                      "%d images of the training part, with the outlines of their masks: as they "
                      "are, and as they may be varied",
                      (gulong) n)
          : ngettext ("%d image of the training part as it is, with the outline of its mask",
                      "%d images of the training part as they are, with the outlines of their "
                      "masks",
                      (gulong) n),
      n);

  gtk_label_set_text (self->caption, text);
}

/* Of a window that has been closed there is nothing to show. */
static void
drawn_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PlSamplesWindow) self = data;
  GTask *task = G_TASK (result);
  g_autoptr (GError) error = NULL;

  if (g_cancellable_is_cancelled (g_task_get_cancellable (task)))
    return;
  self->is_drawing = FALSE;
  if (!g_task_propagate_boolean (task, &error))
    {
      adw_status_page_set_description (self->problem, error->message);
      gtk_stack_set_visible_child_name (self->stack, "problem");
      return;
    }
  if (gtk_flow_box_get_child_at_index (self->samples, 0) == NULL)
    {
      add_items (self, self->job);
      show_caption (self, self->job);
      gtk_widget_set_visible (self->new_button, self->job->settings.augment);
    }
  show_samples (self, self->job);
  gtk_stack_set_visible_child_name (self->stack, "samples");
}

/* It takes a moment, in which the button keeps the focus. */
static void
draw (PlSamplesWindow *self)
{
  g_autoptr (GTask) task = NULL;

  if (self->is_drawing)
    return;
  self->is_drawing = TRUE;
  self->job->variation++;
  task = g_task_new (NULL, self->cancellable, drawn_cb, g_object_ref (self));
  g_task_set_source_tag (task, draw);
  g_task_set_task_data (task, g_atomic_rc_box_acquire (self->job), release_job);
  g_task_run_in_thread (task, draw_thread);
}

static void
pl_samples_window_dispose (GObject *object)
{
  PlSamplesWindow *self = PL_SAMPLES_WINDOW (object);

  /* A worker may hold this longer than the parent is there. */
  gtk_window_set_transient_for (GTK_WINDOW (self), NULL);
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
  g_type_ensure (PL_TYPE_SAMPLE_ITEM);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/pleura/Pleura/ui/samples-window.ui");
  gtk_widget_class_bind_template_child (widget_class, PlSamplesWindow, new_button);
  gtk_widget_class_bind_template_child (widget_class, PlSamplesWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, PlSamplesWindow, samples);
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
  self->job->originals = g_ptr_array_new_with_free_func (g_object_unref);
  self->job->varied = g_ptr_array_new_with_free_func (g_object_unref);
  draw (self);
  return GTK_WINDOW (self);
}
