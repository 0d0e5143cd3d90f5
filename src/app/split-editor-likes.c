/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two images are read by a worker when their pair is chosen; another choice cancels that. */
#include "app/split-editor-likes.h"

#include "app/slice-paint.h"
#include "app/split-editor-row.h"
#include "train/near-duplicates.h"
#include "train/recipe.h"

#include <glib/gi18n.h>

struct _PlSplitLikes
{
  AdwWindow parent_instance;

  /* Owned */
  PlDataset *dataset;
  GArray *pairs;
  GtkSingleSelection *selection; /* of GtkStringObject, a text a pair */
  GCancellable *reading;         /* (nullable): its answer is the one that is shown */

  /* Template children */
  GtkListView *list;
  GtkLabel *first_caption;
  GtkLabel *second_caption;
  GtkPicture *first_picture;
  GtkPicture *second_picture;
  GtkWidget *unite_button;
};

G_DEFINE_FINAL_TYPE (PlSplitLikes, pl_split_likes, ADW_TYPE_WINDOW)

enum
{
  SIGNAL_UNITED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* What the worker reads and draws. */
typedef struct
{
  char *path;
  PlLoadOptions options;
  int slice;
  GdkTexture *texture; /* (nullable) */
} Side;

/* The window is held weakly: it must not outlive the one that it is above. */
typedef struct
{
  Side sides[2];
  GWeakRef window;
} Reading;

static void
free_reading (gpointer data)
{
  Reading *reading = data;

  for (int i = 0; i < 2; i++)
    {
      g_free (reading->sides[i].path);
      g_clear_object (&reading->sides[i].texture);
    }
  g_weak_ref_clear (&reading->window);
  g_free (reading);
}

static const PlCase *
get_case (PlSplitLikes *self, guint index)
{
  return g_ptr_array_index (self->dataset->cases, index);
}

/* (nullable): the chosen pair. */
static const PlNearDuplicate *
get_pair (PlSplitLikes *self)
{
  guint position = gtk_single_selection_get_selected (self->selection);

  return position < self->pairs->len ? &g_array_index (self->pairs, PlNearDuplicate, position)
                                     : NULL;
}

static GdkTexture *
paint (const PlVolume *volume, int slice)
{
  gsize n = (gsize) volume->n[1] * (gsize) volume->n[2];
  g_autofree float *hu = g_new (float, n);
  PlWindow window = pl_window_preset_find ("lung")->window;

  pl_volume_slice (volume, slice, hu);
  if (!pl_recipe_looks_like_hu (hu, n))
    window = pl_window_auto (hu, n);
  return pl_slice_paint_hu (hu, volume->n[1], volume->n[2], window, pl_colour_map_find ("gray"));
}

static void
read_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Reading *reading = data;
  GError *error = NULL;

  for (int i = 0; i < 2; i++)
    {
      Side *side = &reading->sides[i];
      g_autoptr (PlVolume) volume =
          pl_volume_load (side->path, &side->options, cancellable, &error);

      if (volume == NULL)
        {
          g_task_return_error (task, error);
          return;
        }
      side->texture = paint (volume, MIN (side->slice, volume->n[0] - 1));
    }
  g_task_return_boolean (task, TRUE);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Reading *reading = g_task_get_task_data (G_TASK (result));
  g_autoptr (PlSplitLikes) self = g_weak_ref_get (&reading->window);
  g_autoptr (GError) error = NULL;
  gboolean is_read = g_task_propagate_boolean (G_TASK (result), &error);

  if (self == NULL || self->reading != g_task_get_cancellable (G_TASK (result)))
    return;
  g_clear_object (&self->reading);
  if (!is_read)
    {
      gtk_label_set_text (self->first_caption, error->message);
      return;
    }
  gtk_picture_set_paintable (self->first_picture, GDK_PAINTABLE (reading->sides[0].texture));
  gtk_picture_set_paintable (self->second_picture, GDK_PAINTABLE (reading->sides[1].texture));
}

static void
begin_reading (PlSplitLikes *self, const PlNearDuplicate *pair)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, read_cb, NULL);
  Reading *reading = g_new0 (Reading, 1);
  const PlCase *cases[2] = { get_case (self, pair->first), get_case (self, pair->second) };
  const int slices[2] = { pair->first_slice, pair->second_slice };

  for (int i = 0; i < 2; i++)
    reading->sides[i] =
        (Side){ g_strdup (cases[i]->image_path), pl_case_load_options (cases[i]), slices[i], NULL };
  g_weak_ref_init (&reading->window, self);
  self->reading = g_object_ref (cancellable);
  g_task_set_source_tag (task, begin_reading);
  g_task_set_task_data (task, reading, free_reading);
  g_task_run_in_thread (task, read_thread);
}

static void
stop_reading (PlSplitLikes *self)
{
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
}

/* "2d_images/a.tif, slice 3: Training"; of a single slice without its number. */
static char *
dup_caption (const PlCase *a_case, int slice)
{
  g_autofree char *name = g_utf8_make_valid (a_case->name, -1);

  if (!pl_case_is_volume (a_case))
    /* Translators: a case, and the part of the data that it is in. */
    return g_strdup_printf (_ ("%s: %s"), name, pl_split_group_label (a_case->group));
  /* Translators: a case, one of its slices, and the part of the data that it is in. */
  return g_strdup_printf (_ ("%s, slice %d: %s"), name, slice + 1,
                          pl_split_group_label (a_case->group));
}

static void
show_pair (PlSplitLikes *self)
{
  const PlNearDuplicate *pair = get_pair (self);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  stop_reading (self);
  gtk_picture_set_paintable (self->first_picture, NULL);
  gtk_picture_set_paintable (self->second_picture, NULL);
  gtk_widget_set_sensitive (self->unite_button, pair != NULL);
  if (pair == NULL)
    {
      gtk_label_set_text (self->first_caption, "");
      gtk_label_set_text (self->second_caption, "");
      return;
    }
  first = dup_caption (get_case (self, pair->first), pair->first_slice);
  second = dup_caption (get_case (self, pair->second), pair->second_slice);
  gtk_label_set_text (self->first_caption, first);
  gtk_label_set_text (self->second_caption, second);
  gtk_picture_set_alternative_text (self->first_picture, first);
  gtk_picture_set_alternative_text (self->second_picture, second);
  begin_reading (self, pair);
}

/* The pair is settled. */
static void
unite_cb (PlSplitLikes *self)
{
  guint position = gtk_single_selection_get_selected (self->selection);
  const PlNearDuplicate pair = *get_pair (self);
  GtkStringList *texts = GTK_STRING_LIST (gtk_single_selection_get_model (self->selection));

  g_array_remove_index (self->pairs, position);
  gtk_string_list_remove (texts, position);
  g_signal_emit (self, signals[SIGNAL_UNITED], 0, pair.first, pair.second);
  if (self->pairs->len == 0)
    gtk_window_close (GTK_WINDOW (self));
  else
    show_pair (self);
}

static char *
dup_line (PlSplitLikes *self, const PlNearDuplicate *pair)
{
  g_autofree char *first = dup_caption (get_case (self, pair->first), pair->first_slice);
  g_autofree char *second = dup_caption (get_case (self, pair->second), pair->second_slice);

  /* Translators: two slices, a line each, and how much they look alike. */
  return g_strdup_printf (_ ("%s\n%s\nCorrelation %.3f"), first, second, pair->likeness);
}

static void
setup_cb (GtkListItemFactory *factory, GtkListItem *item, gpointer data)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (label, "case-row");
  gtk_list_item_set_child (item, label);
}

static void
bind_cb (GtkListItemFactory *factory, GtkListItem *item, gpointer data)
{
  gtk_label_set_text (GTK_LABEL (gtk_list_item_get_child (item)),
                      gtk_string_object_get_string (gtk_list_item_get_item (item)));
}

static void
fill (PlSplitLikes *self)
{
  GtkStringList *texts = gtk_string_list_new (NULL);

  for (guint i = 0; i < self->pairs->len; i++)
    {
      g_autofree char *line = dup_line (self, &g_array_index (self->pairs, PlNearDuplicate, i));

      gtk_string_list_append (texts, line);
    }
  self->selection = gtk_single_selection_new (G_LIST_MODEL (texts));
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_object (self->selection, "notify::selected", G_CALLBACK (show_pair), self,
                           G_CONNECT_SWAPPED);
}

GtkWindow *
pl_split_likes_new (GtkWindow *parent, const PlDataset *dataset, const GArray *pairs)
{
  PlSplitLikes *self = g_object_new (PL_TYPE_SPLIT_LIKES, "transient-for", parent, NULL);

  self->dataset = pl_dataset_copy (dataset);
  self->pairs = g_array_sized_new (FALSE, FALSE, sizeof (PlNearDuplicate), pairs->len);
  g_array_append_vals (self->pairs, pairs->data, pairs->len);
  fill (self);
  show_pair (self);
  return GTK_WINDOW (self);
}

static void
pl_split_likes_dispose (GObject *object)
{
  PlSplitLikes *self = PL_SPLIT_LIKES (object);

  stop_reading (self);
  g_clear_object (&self->selection);

  G_OBJECT_CLASS (pl_split_likes_parent_class)->dispose (object);
}

static void
pl_split_likes_finalize (GObject *object)
{
  PlSplitLikes *self = PL_SPLIT_LIKES (object);

  g_array_unref (self->pairs);
  pl_dataset_free (self->dataset);

  G_OBJECT_CLASS (pl_split_likes_parent_class)->finalize (object);
}

static void
pl_split_likes_class_init (PlSplitLikesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = pl_split_likes_dispose;
  object_class->finalize = pl_split_likes_finalize;

  signals[SIGNAL_UNITED] = g_signal_new ("united", PL_TYPE_SPLIT_LIKES, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_UINT);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/pleura/Pleura/ui/split-editor-likes.ui");
  gtk_widget_class_bind_template_child (widget_class, PlSplitLikes, list);
  gtk_widget_class_bind_template_child (widget_class, PlSplitLikes, first_caption);
  gtk_widget_class_bind_template_child (widget_class, PlSplitLikes, second_caption);
  gtk_widget_class_bind_template_child (widget_class, PlSplitLikes, first_picture);
  gtk_widget_class_bind_template_child (widget_class, PlSplitLikes, second_picture);
  gtk_widget_class_bind_template_child (widget_class, PlSplitLikes, unite_button);
  gtk_widget_class_bind_template_callback (widget_class, unite_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
pl_split_likes_init (PlSplitLikes *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  gtk_list_view_set_factory (self->list, factory);
}
