/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What classes are called in the window, their colours, and whether masks of both lungs are shown
 * as left and right: where the model in use, or in training, tells the two apart, so that each side
 * can be compared.
 */
#include "app/window-private.h"

#include "app/classes-window.h"
#include "app/label-palette.h"
#include "app/settings.h"

#include "train/class-names.h"

static const char *const side_names[] = { PL_LUNG_LEFT_NAME, PL_LUNG_RIGHT_NAME, NULL };

static gboolean
trains_sides (PlAppWindow *self)
{
  return self->trainer != NULL && pl_trainer_get_settings (self->trainer)->sides &&
         g_strcmp0 (self->trained_folder, self->dataset->folder) == 0;
}

/* (nullable): the one whose masks are shown, or will be. */
static PlModel *
find_model (PlAppWindow *self)
{
  PlModel *shown = pl_app_window_get_shown_model (self);

  return shown != NULL ? shown : self->model;
}

static gboolean
wants_sides (PlAppWindow *self)
{
  const PlModel *model = find_model (self);

  return self->dataset != NULL && self->dataset->n_classes == 1 &&
         (trains_sides (self) || (model != NULL && model->has_sides));
}

/* (nullable): names may have been given to more labels than are known. */
static GStrv
find_data_names (PlAppWindow *self)
{
  const PlDataset *dataset = self->dataset;

  if (dataset == NULL)
    return NULL;
  if (dataset->given_names != NULL &&
      (int) g_strv_length (dataset->given_names) > dataset->n_classes)
    return dataset->given_names;
  return dataset->class_names;
}

/* (nullable): of files without names nothing is known before they have been read. */
static GStrv
find_known_names (PlAppWindow *self)
{
  const PlDataset *dataset = self->dataset;

  return dataset != NULL && (dataset->has_classes || dataset->given_names != NULL)
             ? find_data_names (self)
             : NULL;
}

/* What class @i of the model is called now, if it had the data set's name when it was trained. */
static const char *
rename_class (const PlModel *model, const PlDataset *dataset, int i)
{
  GStrv found = dataset->found_names;
  GStrv given = dataset->given_names;

  if (model->has_sides && dataset->n_classes == 1)
    {
      found = (GStrv) side_names;
      given = dataset->given_sides;
    }
  if (given == NULL || i >= (int) g_strv_length (given) || i >= (int) g_strv_length (found) ||
      model->n_classes != (int) g_strv_length (found) ||
      !g_str_equal (model->class_names[i], found[i]))
    return model->class_names[i];
  return given[i];
}

/* (nullable) (transfer full): while left and right are learned, what they will be called. A mask
 * that was taken apart has as many labels, and goes by them too. */
static GStrv
dup_model_names (PlAppWindow *self)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  const PlModel *model = find_model (self);

  if (self->shows_sides && trains_sides (self))
    return g_strdupv (self->dataset->given_sides != NULL ? self->dataset->given_sides
                                                         : (GStrv) side_names);
  if (model == NULL)
    return NULL;
  for (int i = 0; i < model->n_classes; i++)
    g_strv_builder_add (names, self->dataset == NULL ? model->class_names[i]
                                                     : rename_class (model, self->dataset, i));
  return g_strv_builder_end (names);
}

static void
set_item (PlAppWindow *self, PlCaseItem *item, GStrv names)
{
  pl_case_item_set_parts_lungs (item, self->shows_sides);
  pl_case_item_name_classes (item, names);
}

static void
set_items (PlAppWindow *self)
{
  GStrv names = pl_view_state_get_names (self->state, PL_MASK_PREDICTION);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->cases));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (PlCaseItem) item = g_list_model_get_item (G_LIST_MODEL (self->cases), i);

      set_item (self, item, names);
    }
  for (guint i = 0; i < self->removed->len; i++)
    set_item (self, ((PlRemovedCase *) self->removed->pdata[i])->item, names);
}

void
pl_app_window_update_classes (PlAppWindow *self)
{
  g_auto (GStrv) model_names = NULL;
  gboolean shown_before = self->shows_sides;

  if (self->is_closed)
    return;
  self->shows_sides = wants_sides (self);
  model_names = dup_model_names (self);
  pl_view_state_set_names (self->state, find_data_names (self), model_names);
  pl_train_setup_set_classes (pl_train_panel_get_setup (self->train_panel),
                              find_known_names (self));
  set_items (self);
  if (self->shows_sides == shown_before)
    return;
  pl_app_window_load_truth (self);
  pl_app_window_update_live (self);
}

void
pl_app_window_take_score (PlAppWindow *self, PlCaseItem *item, const PlCaseScore *score)
{
  pl_case_item_set_score (item, score, pl_view_state_get_names (self->state, PL_MASK_PREDICTION));
}

static void
named_cb (PlAppWindow *self, PlClassesWindow *window)
{
  const PlDataset *named = pl_classes_window_get_dataset (window);

  if (self->dataset == NULL || !g_str_equal (self->dataset->folder, named->folder))
    return;
  pl_class_names_use (self->dataset, named->given_names, named->given_sides);
  pl_app_window_update_classes (self);
}

static void
classes_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PlAppWindow *self = data;
  int n_true = pl_view_state_count_labels (self->state, PL_MASK_TRUTH);
  int n_labels = self->shows_sides && n_true <= 2 ? 1 : n_true;
  GtkWindow *window = pl_classes_window_new (GTK_WINDOW (self), self->dataset, n_labels);

  g_signal_connect_object (window, "named", G_CALLBACK (named_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (window);
}

static void
colours_changed_cb (PlAppWindow *self)
{
  pl_label_palette_load ();
  pl_view_state_colours_changed (self->state);
}

static const GActionEntry entries[] = {
  { "classes", classes_cb },
};

void
pl_app_window_add_classes (PlAppWindow *self)
{
  static const char *const signals[] = { "changed::truth-colours", "changed::prediction-colours" };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  for (gsize i = 0; i < G_N_ELEMENTS (signals); i++)
    g_signal_connect_object (pl_settings_get (), signals[i], G_CALLBACK (colours_changed_cb), self,
                             G_CONNECT_SWAPPED);
  pl_label_palette_load ();
}

void
pl_app_window_update_classes_actions (PlAppWindow *self)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), entries[0].name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action),
                               self->dataset != NULL && self->opening.cancellable == NULL);
}
