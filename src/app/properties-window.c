/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows are made in code, for which of them there are depends on the file. What they say is also
 * kept as text, to be copied.
 */
#include "app/properties-window.h"

#include "app/case-facts.h"
#include "app/histogram-view.h"
#include "app/relay.h"

#include "image/header-fields.h"

#include <glib/gi18n.h>
#include <math.h>
#include <sys/stat.h>

struct _PlPropertiesWindow
{
  AdwWindow parent_instance;

  /* Owned */
  PlCaseItem *item;
  PlViewState *state;
  GCancellable *cancellable;
  GString *text;

  /* Template children */
  GtkProgressBar *progress;
  GtkLabel *problem;
  AdwPreferencesGroup *file_group;
  AdwPreferencesGroup *image_group;
  AdwPreferencesGroup *values_group;
  PlHistogramView *histogram;
  AdwPreferencesGroup *mask_group;
  AdwPreferencesGroup *header_group;
  AdwExpanderRow *header_rows;
};

G_DEFINE_FINAL_TYPE (PlPropertiesWindow, pl_properties_window, ADW_TYPE_WINDOW)

/* The value has the room that the name leaves; an AdwActionRow would break it at every word. */
static GtkWidget *
make_row (PlPropertiesWindow *self, const char *name, const char *value)
{
  GtkWidget *row = adw_preferences_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 24);

  gtk_widget_add_css_class (box, "property-row");
  gtk_box_append (GTK_BOX (box), g_object_new (GTK_TYPE_LABEL, "label", name, "xalign", 0.0,
                                               "valign", GTK_ALIGN_START, NULL));
  gtk_box_append (GTK_BOX (box),
                  g_object_new (GTK_TYPE_LABEL, "label", value, "selectable", TRUE, "wrap", TRUE,
                                "wrap-mode", PANGO_WRAP_WORD_CHAR, "justify", GTK_JUSTIFY_RIGHT,
                                "xalign", 1.0, "hexpand", TRUE, NULL));
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
  g_string_append_printf (self->text, "%s\t%s\n", name, value);
  return row;
}

/* Takes @value. */
static void
add_row (PlPropertiesWindow *self, AdwPreferencesGroup *group, const char *name, char *value)
{
  adw_preferences_group_add (group, make_row (self, name, value));
  g_free (value);
}

static void
add_file (PlPropertiesWindow *self, const PlCase *a_case)
{
  AdwPreferencesGroup *group = self->file_group;
  struct stat info;

  add_row (self, group, _ ("Image"), g_filename_display_name (a_case->image_path));
  if (a_case->mask_path != NULL)
    add_row (self, group, _ ("Mask"), g_filename_display_name (a_case->mask_path));
  if (stat (a_case->image_path, &info) == 0)
    {
      g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (info.st_mtime);

      add_row (self, group, _ ("Size"),
               g_format_size_full ((guint64) info.st_size, G_FORMAT_SIZE_LONG_FORMAT));
      add_row (self, group, _ ("Modified"), g_date_time_format (time, "%x %X"));
    }
  add_row (self, group, _ ("Format"), g_strdup (pl_format_name (a_case->header.format)));
}

static char *
dup_type (const PlImageHeader *header)
{
  const char *name = pl_dtype_name (header->stored);

  if (header->n_samples > 1)
    /* Translators: a type such as "uint8", and how many of them a pixel has. */
    return g_strdup_printf (_ ("%s, %d samples a pixel"), name, header->n_samples);
  if (header->slope == 1 && header->intercept == 0)
    return g_strdup (name);
  /* Translators: a type such as "int16", and how its values are scaled. */
  return g_strdup_printf (_ ("%s, × %g + %g"), name, header->slope, header->intercept);
}

static void
add_image (PlPropertiesWindow *self, const PlCase *a_case)
{
  const PlImageHeader *h = &a_case->header;
  AdwPreferencesGroup *group = self->image_group;

  add_row (self, group, _ ("Dimensions in the file"),
           g_strdup_printf ("%d × %d × %d", h->shape[0], h->shape[1], h->shape[2]));
  if (pl_case_is_volume (a_case))
    add_row (self, group, _ ("Slice axis"), g_strdup_printf ("%d", h->slice_axis + 1));
  if (h->format != PL_FORMAT_TIFF && h->pages > 1)
    add_row (self, group, _ ("Volumes"), g_strdup_printf ("%d", h->pages));
  add_row (self, group, _ ("Spacing"),
           h->has_spacing ? g_strdup_printf (_ ("%.4g × %.4g × %.4g mm"), h->spacing_mm[0],
                                             h->spacing_mm[1], h->spacing_mm[2])
                          : g_strdup (_ ("not in the file")));
  add_row (self, group, _ ("Data type"), dup_type (h));
  add_row (self, group, _ ("Patient"), g_strdup (a_case->patient));
}

/* "SPL" in words that do not need to be known by heart. */
static char *
dup_orientation (const PlCaseFacts *facts)
{
  GString *text = g_string_new (NULL);

  if (facts->orientation[0] == '\0')
    return g_string_free (g_string_append (text, _ ("not in the file")), FALSE);
  for (int i = 0; i < 3; i++)
    {
      const char *side = facts->orientation[i] == 'R'   ? _ ("right")
                         : facts->orientation[i] == 'L' ? _ ("left")
                         : facts->orientation[i] == 'A' ? _ ("front")
                         : facts->orientation[i] == 'P' ? _ ("back")
                         : facts->orientation[i] == 'S' ? _ ("head")
                                                        : _ ("feet");

      g_string_append_printf (text, i == 0 ? "%s" : ", %s", side);
    }
  return g_string_free (text, FALSE);
}

static char *
dup_range (const PlHistogram *h, const char *unit)
{
  if (h->n == 0)
    return g_strdup (_ ("There are no values."));
  /* Translators: two numbers, and a unit that may be empty. */
  return g_strdup_printf (_ ("%.5g to %.5g %s"), h->min, h->max, unit);
}

static void
show_values (PlPropertiesWindow *self, const PlCaseFacts *facts)
{
  const PlHistogram *h = &facts->histogram;
  const char *unit = facts->is_hu ? _ ("HU") : "";
  g_autofree char *text = dup_range (h, unit);

  add_row (self, self->image_group, _ ("Slices, rows, columns"),
           g_strdup_printf ("%d × %d × %d", facts->n[0], facts->n[1], facts->n[2]));
  add_row (self, self->image_group, _ ("They run towards"), dup_orientation (facts));
  pl_histogram_view_set (self->histogram, h, facts->is_hu ? unit : NULL, text);
  if (!facts->is_hu)
    adw_preferences_group_set_description (
        self->values_group,
        _ ("They do not look like Hounsfield units, so each image is scaled by itself for the "
           "network. Where they are CT, export them again with their rescale slope and "
           "intercept."));
  add_row (self, self->values_group, _ ("Range"), g_steal_pointer (&text));
  if (h->n > 0)
    add_row (self, self->values_group, _ ("Mean and standard deviation"),
             g_strdup_printf (_ ("%.1f ± %.1f %s"), h->mean, h->sd, unit));
  gtk_widget_set_visible (GTK_WIDGET (self->values_group), TRUE);
}

typedef enum
{
  FIGURE_PIXELS,
  FIGURE_AREA,
  FIGURE_FRACTION,
  FIGURE_MEAN,
  FIGURE_PD05,
  FIGURE_PD15,
  FIGURE_PD95,
  FIGURE_LAA950,
  FIGURE_VOLUME,
  N_FIGURES
} Figure;

static const char *
figure_name (Figure figure)
{
  switch (figure)
    {
    case FIGURE_PIXELS:
      return _ ("Pixels");
    case FIGURE_AREA:
      return _ ("Area of all slices");
    case FIGURE_FRACTION:
      return _ ("Share of the image");
    case FIGURE_MEAN:
      return _ ("Mean");
    case FIGURE_PD05:
      return _ ("5th percentile");
    case FIGURE_PD15:
      return _ ("15th percentile (PD15)");
    case FIGURE_PD95:
      return _ ("95th percentile");
    case FIGURE_LAA950:
      return _ ("Below −950 HU (LAA-950)");
    case FIGURE_VOLUME:
    default:
      return _ ("Volume");
    }
}

/* Without a pixel's size there is no area; a single image has no thickness. */
static char *
dup_figure (PlPropertiesWindow *self, const PlCaseFacts *facts, const PlMaskStats *s, Figure figure)
{
  gboolean has_mm = pl_case_item_get_case (self->item)->header.has_spacing;
  const double hu[] = { [FIGURE_MEAN] = s->mean_hu,
                        [FIGURE_PD05] = s->pd05_hu,
                        [FIGURE_PD15] = s->pd15_hu,
                        [FIGURE_PD95] = s->pd95_hu };

  switch (figure)
    {
    case FIGURE_PIXELS:
      return g_strdup_printf ("%" G_GINT64_FORMAT, s->area_px);
    case FIGURE_AREA:
      return has_mm ? g_strdup_printf (_ ("%.1f cm²"), s->area_mm2 / 100) : g_strdup (_ ("—"));
    case FIGURE_FRACTION:
      return g_strdup_printf (_ ("%.1f %%"), 100 * s->volume_fraction);
    case FIGURE_LAA950:
      return facts->is_hu && isfinite (s->laa950) ? g_strdup_printf (_ ("%.1f %%"), 100 * s->laa950)
                                                  : g_strdup (_ ("—"));
    case FIGURE_VOLUME:
      return has_mm && facts->n[0] > 1 ? g_strdup_printf (_ ("%.1f ml"), s->volume_ml)
                                       : g_strdup (_ ("—"));
    case FIGURE_MEAN:
    case FIGURE_PD05:
    case FIGURE_PD15:
    case FIGURE_PD95:
    default:
      return isfinite (hu[figure])
                 ? g_strdup_printf (facts->is_hu ? _ ("%.0f HU") : "%.1f", hu[figure])
                 : g_strdup (_ ("—"));
    }
}

/* Truth and prediction beside each other where both are there; one may be NULL. */
static char *
dup_figures (PlPropertiesWindow *self,
             const PlCaseFacts *facts,
             const PlMaskStats *truth,
             const PlMaskStats *prediction,
             Figure figure)
{
  g_autofree char *value = dup_figure (self, facts, truth != NULL ? truth : prediction, figure);
  g_autofree char *other = NULL;

  if (truth == NULL || prediction == NULL)
    return g_steal_pointer (&value);
  other = dup_figure (self, facts, prediction, figure);
  /* Translators: of the truth and of the prediction. */
  return g_strdup_printf (_ ("%s · %s"), value, other);
}

/* "Truth and Prediction", or which of them there is. */
static const char *
name_masks (gboolean has_truth, gboolean has_prediction)
{
  return has_truth && has_prediction ? _ ("Truth and Prediction")
         : has_truth                 ? _ ("Ground Truth")
                                     : _ ("Prediction");
}

/* A row that opens, with the figures of one class. */
static void
show_class (PlPropertiesWindow *self, const PlCaseFacts *facts, const PlClassFacts *of_class)
{
  GtkWidget *row = adw_expander_row_new ();
  g_autofree char *name = pl_view_state_dup_label_name (
      self->state, of_class->is_true ? PL_MASK_TRUTH : PL_MASK_PREDICTION, of_class->label);
  g_autofree char *title = g_strdup_printf ("%d · %s", of_class->label, name);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (row),
                                 name_masks (of_class->is_true, of_class->is_predicted));
  g_string_append_printf (self->text, "%s\n", title);
  for (Figure figure = 0; figure < N_FIGURES; figure++)
    {
      g_autofree char *value =
          dup_figures (self, facts, of_class->is_true ? &of_class->truth : NULL,
                       of_class->is_predicted ? &of_class->prediction : NULL, figure);

      adw_expander_row_add_row (ADW_EXPANDER_ROW (row),
                                make_row (self, figure_name (figure), value));
    }
  adw_preferences_group_add (self->mask_group, row);
}

static void
show_masks (PlPropertiesWindow *self, const PlCaseFacts *facts)
{
  const PlMaskStats *first = facts->truth != NULL ? facts->truth : facts->prediction;

  if (facts->truth_problem != NULL)
    adw_preferences_group_set_description (self->mask_group, facts->truth_problem);
  if (first == NULL && facts->truth_problem == NULL)
    return;
  gtk_widget_set_visible (GTK_WIDGET (self->mask_group), TRUE);
  if (first == NULL)
    return;
  adw_preferences_group_set_title (self->mask_group,
                                   name_masks (facts->truth != NULL, facts->prediction != NULL));
  for (Figure figure = 0; figure < N_FIGURES; figure++)
    add_row (self, self->mask_group, figure_name (figure),
             dup_figures (self, facts, facts->truth, facts->prediction, figure));
  for (guint i = 0; i < facts->classes->len; i++)
    show_class (self, facts, &g_array_index (facts->classes, PlClassFacts, i));
}

static void
show_fields (PlPropertiesWindow *self, const PlCaseFacts *facts)
{
  for (guint i = 0; i < facts->fields->len; i++)
    {
      const PlHeaderField *field = g_ptr_array_index (facts->fields, i);

      adw_expander_row_add_row (self->header_rows, make_row (self, field->name, field->value));
    }
  gtk_widget_set_visible (GTK_WIDGET (self->header_group), TRUE);
}

/* It does not hold the window, which must not outlive the one it belongs to. */
typedef struct
{
  GWeakRef window;
  PlRelay *relay; /* Owned */
} Request;

static void
request_free (Request *request)
{
  g_weak_ref_clear (&request->window);
  pl_relay_stop (request->relay);
  pl_relay_unref (request->relay);
  g_free (request);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Request, request_free)

static void
facts_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Request) request = data;
  g_autoptr (PlPropertiesWindow) self = g_weak_ref_get (&request->window);
  g_autoptr (GError) error = NULL;
  g_autoptr (PlCaseFacts) facts = pl_case_facts_finish (result, &error);

  if (self == NULL || g_cancellable_is_cancelled (self->cancellable))
    return;
  gtk_widget_set_visible (GTK_WIDGET (self->progress), FALSE);
  if (facts == NULL)
    {
      gtk_label_set_text (self->problem, error->message);
      gtk_widget_set_visible (GTK_WIDGET (self->problem), TRUE);
      return;
    }
  show_values (self, facts);
  show_masks (self, facts);
  show_fields (self, facts);
}

static void
progress_cb (GObject *target, PlVolume *volume, double fraction)
{
  gtk_progress_bar_set_fraction (PL_PROPERTIES_WINDOW (target)->progress, CLAMP (fraction, 0, 1));
}

GtkWindow *
pl_properties_window_new (GtkWindow *parent, PlCaseItem *item, PlVolume *volume, PlViewState *state)
{
  PlPropertiesWindow *self =
      g_object_new (PL_TYPE_PROPERTIES_WINDOW, "transient-for", parent, NULL);
  const PlCase *a_case = pl_case_item_get_case (item);
  Request *request = g_new0 (Request, 1);
  g_autoptr (PlPackedMask) prediction = pl_case_item_ref_packed_prediction (item);

  self->item = g_object_ref (item);
  self->state = g_object_ref (state);
  g_string_append_printf (self->text, "%s\n", a_case->name);
  gtk_window_set_title (GTK_WINDOW (self), a_case->name);
  add_file (self, a_case);
  add_image (self, a_case);
  g_weak_ref_init (&request->window, self);
  request->relay = pl_relay_new (G_OBJECT (self), self->cancellable, progress_cb);
  pl_case_facts_async (a_case, volume, prediction, pl_relay_report_cb, request->relay,
                       self->cancellable, facts_cb, request);
  return GTK_WINDOW (self);
}

static void
copy_cb (PlPropertiesWindow *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), self->text->str);
}

static gboolean
close_request_cb (PlPropertiesWindow *self)
{
  g_cancellable_cancel (self->cancellable);
  return GDK_EVENT_PROPAGATE;
}

static void
pl_properties_window_dispose (GObject *object)
{
  g_cancellable_cancel (PL_PROPERTIES_WINDOW (object)->cancellable);
  G_OBJECT_CLASS (pl_properties_window_parent_class)->dispose (object);
}

static void
pl_properties_window_finalize (GObject *object)
{
  PlPropertiesWindow *self = PL_PROPERTIES_WINDOW (object);

  g_clear_object (&self->item);
  g_clear_object (&self->state);
  g_clear_object (&self->cancellable);
  g_string_free (self->text, TRUE);
  G_OBJECT_CLASS (pl_properties_window_parent_class)->finalize (object);
}

static void
pl_properties_window_class_init (PlPropertiesWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (PL_TYPE_HISTOGRAM_VIEW);
  G_OBJECT_CLASS (klass)->dispose = pl_properties_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = pl_properties_window_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/pleura/Pleura/ui/properties-window.ui");
  gtk_widget_class_bind_template_child (widget_class, PlPropertiesWindow, progress);
  gtk_widget_class_bind_template_child (widget_class, PlPropertiesWindow, problem);
  gtk_widget_class_bind_template_child (widget_class, PlPropertiesWindow, file_group);
  gtk_widget_class_bind_template_child (widget_class, PlPropertiesWindow, image_group);
  gtk_widget_class_bind_template_child (widget_class, PlPropertiesWindow, values_group);
  gtk_widget_class_bind_template_child (widget_class, PlPropertiesWindow, histogram);
  gtk_widget_class_bind_template_child (widget_class, PlPropertiesWindow, mask_group);
  gtk_widget_class_bind_template_child (widget_class, PlPropertiesWindow, header_group);
  gtk_widget_class_bind_template_child (widget_class, PlPropertiesWindow, header_rows);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
  gtk_widget_class_bind_template_callback (widget_class, close_request_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
pl_properties_window_init (PlPropertiesWindow *self)
{
  self->cancellable = g_cancellable_new ();
  self->text = g_string_new (NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
}
