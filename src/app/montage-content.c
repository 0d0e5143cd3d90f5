/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Planes of another axis than the file's are selected by the crosshair of the Planes view, so that
 * what is chosen here is found there; slices by the slice that is in view everywhere.
 */
#include "app/montage-content-private.h"

G_DEFINE_FINAL_TYPE (PlMontageContent, pl_montage_content, G_TYPE_OBJECT)

enum
{
  SUBJECTS_CHANGED,
  TILES_CHANGED,
  SUBJECT_CHANGED,
  FACTS_CHANGED,
  OPTIONS_CHANGED,
  SELECTION_CHANGED,
  CASE_CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* TRUE if the tiles differ from before. */
static gboolean
arrange (PlMontageContent *self)
{
  g_autoptr (GArray) old = g_steal_pointer (&self->tiles);
  int n = (int) self->facts->len;

  self->tiles =
      pl_montage_order_apply (&self->options.order, (const PlMontageFact *) self->facts->data, n);
  g_array_set_size (self->places, (guint) n);
  for (int i = 0; i < n; i++)
    g_array_index (self->places, int, i) = -1;
  for (guint i = 0; i < self->tiles->len; i++)
    g_array_index (self->places, int, g_array_index (self->tiles, int, i)) = (int) i;
  return old->len != self->tiles->len ||
         (old->len > 0 && memcmp (old->data, self->tiles->data, old->len * sizeof (int)) != 0);
}

void
pl_montage_content_tell_facts (PlMontageContent *self)
{
  if (arrange (self))
    g_signal_emit (self, signals[TILES_CHANGED], 0, FALSE);
  g_signal_emit (self, signals[FACTS_CHANGED], 0);
}

/* Each change of a case is looked up among all of them. */
static gboolean
concerns_tiles (const char *property)
{
  static const char *const some[] = { "dice-label",     "group-label", "has-mask",
                                      "has-prediction", "has-preview", NULL };

  return g_strv_contains (some, property);
}

static void
item_changed_cb (PlMontageContent *self, GParamSpec *pspec, PlCaseItem *item)
{
  guint subject;

  if (self->items == NULL || !concerns_tiles (pspec->name) ||
      !g_ptr_array_find (self->items, item, &subject))
    return;
  if (g_str_equal (pspec->name, "has-prediction"))
    {
      self->has_areas = FALSE;
      pl_montage_content_count_areas (self);
      g_signal_emit (self, signals[SUBJECT_CHANGED], 0, (int) subject);
      return;
    }
  if (g_str_equal (pspec->name, "has-mask"))
    {
      g_signal_emit (self, signals[SUBJECT_CHANGED], 0, (int) subject);
      return;
    }
  if (g_str_equal (pspec->name, "has-preview"))
    {
      pl_montage_content_read_preview (self, (int) subject);
      g_signal_emit (self, signals[SUBJECT_CHANGED], 0, (int) subject);
      g_signal_emit (self, signals[FACTS_CHANGED], 0);
      return;
    }
  pl_montage_content_read_item (self, (int) subject);
  pl_montage_content_tell_facts (self);
}

static void
forget_items (PlMontageContent *self)
{
  for (guint i = 0; self->items != NULL && i < self->items->len; i++)
    g_signal_handlers_disconnect_by_func (g_ptr_array_index (self->items, i), item_changed_cb,
                                          self);
  g_clear_pointer (&self->items, g_ptr_array_unref);
}

static void
list_items (PlMontageContent *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < g_list_model_get_n_items (self->cases); i++)
    {
      g_autoptr (PlCaseItem) item = g_list_model_get_item (self->cases, i);

      if (pl_case_is_volume (pl_case_item_get_case (item)))
        continue;
      g_signal_connect_object (item, "notify", G_CALLBACK (item_changed_cb), self,
                               G_CONNECT_SWAPPED);
      g_ptr_array_add (self->items, g_steal_pointer (&item));
    }
}

static gboolean
wants_cases (PlMontageContent *self)
{
  return self->cases != NULL && self->current != NULL &&
         !pl_case_is_volume (pl_case_item_get_case (self->current));
}

/* A range is of the subjects that were there when it was chosen. */
static void
begin_subjects (PlMontageContent *self, int n)
{
  if (n != (int) self->facts->len)
    {
      self->options.order.first = 0;
      self->options.order.last = -1;
    }
  pl_montage_content_forget_facts (self, n);
}

static void
tell_subjects (PlMontageContent *self)
{
  arrange (self);
  g_signal_emit (self, signals[SUBJECTS_CHANGED], 0);
  g_signal_emit (self, signals[OPTIONS_CHANGED], 0);
  g_signal_emit (self, signals[FACTS_CHANGED], 0);
}

static void
show_cases (PlMontageContent *self)
{
  forget_items (self);
  list_items (self);
  begin_subjects (self, (int) self->items->len);
  for (guint i = 0; i < self->items->len; i++)
    pl_montage_content_read_item (self, (int) i);
  pl_montage_content_count_areas (self);
  tell_subjects (self);
}

gboolean
pl_montage_content_shows_planes (PlMontageContent *self)
{
  return self->items == NULL && self->planes != NULL &&
         self->options.axis != PL_MONTAGE_AXIS_SLICES &&
         pl_view_state_get_n_slices (self->state) > 1;
}

/* As they lie in the volume, which has the patient's right on the left where it knows it. */
static PlReslice
hang_slices (PlMontageContent *self)
{
  PlReslice reslice = pl_reslice_plain ();
  PlVolume *volume = self->items == NULL ? pl_view_state_get_volume (self->state) : NULL;

  if (volume != NULL && volume->orientation[0] != '\0' &&
      pl_view_state_get_neurological (self->state))
    pl_reslice_mirror (&reslice);
  return reslice;
}

PlReslice
pl_montage_content_find_reslice (PlMontageContent *self)
{
  PlPlaneKind kind = (PlPlaneKind) (self->options.axis - PL_MONTAGE_AXIS_AXIAL);

  return pl_montage_content_shows_planes (self) ? pl_view_state_find_reslice (self->state, kind)
                                                : hang_slices (self);
}

static int
count_planes (PlMontageContent *self)
{
  PlVolume *volume = pl_view_state_get_volume (self->state);

  return volume == NULL ? 0 : volume->n[pl_montage_content_find_reslice (self).held];
}

static void
show_slices (PlMontageContent *self)
{
  forget_items (self);
  begin_subjects (self, count_planes (self));
  tell_subjects (self);
  pl_montage_content_count_facts (self);
}

static void
volume_changed_cb (PlMontageContent *self)
{
  if (self->items == NULL)
    show_slices (self);
}

/* Masks go with their volume, of which there is word later. */
static gboolean
fits_volume (PlMontageContent *self)
{
  return self->items == NULL && count_planes (self) == (int) self->facts->len;
}

static void
prediction_changed_cb (PlMontageContent *self)
{
  gboolean is_shown =
      !self->hides_predictions || pl_view_state_get_prediction (self->state) != NULL;

  if (fits_volume (self) && is_shown)
    pl_montage_content_count_facts (self);
}

static void
tell_selection (PlMontageContent *self)
{
  g_signal_emit (self, signals[SELECTION_CHANGED], 0);
}

static void
slice_changed_cb (PlMontageContent *self)
{
  if (self->items == NULL)
    tell_selection (self);
}

static void
crosshair_moved_cb (PlMontageContent *self)
{
  if (pl_montage_content_shows_planes (self))
    tell_selection (self);
}

/* Left and right have changed sides. */
static void
neurological_changed_cb (PlMontageContent *self)
{
  if (self->items == NULL)
    g_signal_emit (self, signals[OPTIONS_CHANGED], 0);
}

/* No tile moves: it would do so several times a second. */
static void
preview_changed_cb (PlMontageContent *self)
{
  if (!fits_volume (self))
    return;
  pl_montage_content_count_previews (self);
  g_signal_emit (self, signals[FACTS_CHANGED], 0);
}

static void
truth_changed_cb (PlMontageContent *self)
{
  pl_montage_content_forget_previews (self);
  preview_changed_cb (self);
  if (fits_volume (self))
    pl_montage_content_count_facts (self);
}

static void
cases_changed_cb (PlMontageContent *self)
{
  if (self->items != NULL)
    show_cases (self);
}

PlMontageContent *
pl_montage_content_new (PlViewState *state)
{
  PlMontageContent *self = g_object_new (PL_TYPE_MONTAGE_CONTENT, NULL);

  self->state = g_object_ref (state);
  g_signal_connect_object (state, "notify::volume", G_CALLBACK (volume_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (state, "notify::slice", G_CALLBACK (slice_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (state, "notify::truth", G_CALLBACK (truth_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (state, "notify::preview", G_CALLBACK (preview_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (state, "notify::neurological", G_CALLBACK (neurological_changed_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (state, "notify::prediction", G_CALLBACK (prediction_changed_cb), self,
                           G_CONNECT_SWAPPED);
  show_slices (self);
  return self;
}

void
pl_montage_content_set_planes (PlMontageContent *self, PlPlanesState *planes)
{
  g_return_if_fail (PL_IS_MONTAGE_CONTENT (self));
  g_return_if_fail (self->planes == NULL);

  self->planes = g_object_ref (planes);
  g_signal_connect_object (planes, "moved", G_CALLBACK (crosshair_moved_cb), self,
                           G_CONNECT_SWAPPED);
  if (pl_montage_content_shows_planes (self))
    show_slices (self);
}

void
pl_montage_content_set_cases (PlMontageContent *self, GListModel *cases, PlCaseItem *current)
{
  g_return_if_fail (PL_IS_MONTAGE_CONTENT (self));

  if (cases != self->cases)
    {
      if (self->cases != NULL)
        g_signal_handlers_disconnect_by_func (self->cases, cases_changed_cb, self);
      g_set_object (&self->cases, cases);
      if (cases != NULL)
        g_signal_connect_object (cases, "items-changed", G_CALLBACK (cases_changed_cb), self,
                                 G_CONNECT_SWAPPED);
    }
  g_set_object (&self->current, current);
  if (wants_cases (self) && self->items == NULL)
    show_cases (self);
  else if (!wants_cases (self) && self->items != NULL)
    show_slices (self);
  tell_selection (self);
}

gboolean
pl_montage_content_has_cases (PlMontageContent *self)
{
  return self->items != NULL;
}

int
pl_montage_content_get_n_subjects (PlMontageContent *self)
{
  return (int) self->facts->len;
}

int
pl_montage_content_get_n_tiles (PlMontageContent *self)
{
  return (int) self->tiles->len;
}

int
pl_montage_content_get_subject (PlMontageContent *self, int place)
{
  g_return_val_if_fail (place >= 0 && place < (int) self->tiles->len, -1);

  return g_array_index (self->tiles, int, place);
}

int
pl_montage_content_find_place (PlMontageContent *self, int subject)
{
  if (subject < 0 || subject >= (int) self->places->len)
    return -1;
  return g_array_index (self->places, int, subject);
}

int
pl_montage_content_get_selected (PlMontageContent *self)
{
  guint subject;
  int voxel[3];

  if (self->items == NULL && self->facts->len == 0)
    return -1;
  if (pl_montage_content_shows_planes (self))
    {
      pl_planes_state_get_voxel (self->planes, voxel);
      return voxel[pl_montage_content_find_reslice (self).held];
    }
  if (self->items == NULL)
    return pl_view_state_get_slice (self->state);
  return g_ptr_array_find (self->items, self->current, &subject) ? (int) subject : -1;
}

/* The crosshair stays where it is in the plane. */
static void
select_plane (PlMontageContent *self, int plane)
{
  int voxel[3];

  pl_planes_state_get_voxel (self->planes, voxel);
  voxel[pl_montage_content_find_reslice (self).held] = plane;
  pl_planes_state_set_voxel (self->planes, voxel);
}

void
pl_montage_content_select (PlMontageContent *self, int subject)
{
  g_return_if_fail (subject >= 0 && subject < (int) self->facts->len);

  if (pl_montage_content_shows_planes (self))
    select_plane (self, subject);
  else if (self->items == NULL)
    pl_view_state_set_slice (self->state, subject);
  else
    g_signal_emit (self, signals[CASE_CHOSEN], 0, pl_montage_content_item (self, subject));
}

const PlMontageOptions *
pl_montage_content_get_options (PlMontageContent *self)
{
  return &self->options;
}

static gboolean
same_order (const PlMontageOrder *a, const PlMontageOrder *b)
{
  return a->sort == b->sort && a->filter == b->filter && a->below == b->below &&
         a->first == b->first && a->last == b->last && a->step == b->step;
}

void
pl_montage_content_set_options (PlMontageContent *self, const PlMontageOptions *options)
{
  PlMontageOptions old = self->options;
  PlMontageOptions new = *options;
  int last = MAX ((int) self->facts->len - 1, 0);

  new.order.below = CLAMP (new.order.below, 0.0, 1.0);
  new.order.first = CLAMP (new.order.first, 0, last);
  new.order.last = CLAMP (new.order.last, -1, last);
  new.order.step = CLAMP (new.order.step, 1, PL_MONTAGE_MAX_STEP);
  self->options = new;
  if (same_order (&old.order, &new.order) && old.truth_is_filled == new.truth_is_filled &&
      old.prediction_style == new.prediction_style &&old.axis == new.axis)
    return;
  if (old.axis != new.axis && self->items == NULL)
    show_slices (self);
  pl_montage_content_count_areas (self);
  if (!same_order (&old.order, &new.order) && arrange (self))
    g_signal_emit (self, signals[TILES_CHANGED], 0, TRUE);
  g_signal_emit (self, signals[OPTIONS_CHANGED], 0);
}

static void
pl_montage_content_dispose (GObject *object)
{
  PlMontageContent *self = PL_MONTAGE_CONTENT (object);

  pl_pending_forget (&self->counting);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_clear_object (&self->current);
  g_clear_object (&self->cases);
  G_OBJECT_CLASS (pl_montage_content_parent_class)->dispose (object);
}

static void
pl_montage_content_finalize (GObject *object)
{
  PlMontageContent *self = PL_MONTAGE_CONTENT (object);

  g_clear_object (&self->planes);
  g_clear_object (&self->state);
  g_clear_pointer (&self->facts, g_array_unref);
  g_array_unref (self->live_dice);
  g_clear_pointer (&self->previews, g_hash_table_unref);
  g_clear_pointer (&self->tiles, g_array_unref);
  g_clear_pointer (&self->places, g_array_unref);
  G_OBJECT_CLASS (pl_montage_content_parent_class)->finalize (object);
}

/* @type: of its parameter; G_TYPE_NONE for none. */
static guint
add_signal (const char *name, GType type)
{
  return g_signal_new (name, PL_TYPE_MONTAGE_CONTENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                       G_TYPE_NONE, type == G_TYPE_NONE ? 0 : 1, type);
}

static void
pl_montage_content_class_init (PlMontageContentClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pl_montage_content_dispose;
  G_OBJECT_CLASS (klass)->finalize = pl_montage_content_finalize;
  signals[SUBJECTS_CHANGED] = add_signal ("subjects-changed", G_TYPE_NONE);
  signals[TILES_CHANGED] = add_signal ("tiles-changed", G_TYPE_BOOLEAN);
  signals[SUBJECT_CHANGED] = add_signal ("subject-changed", G_TYPE_INT);
  signals[FACTS_CHANGED] = add_signal ("facts-changed", G_TYPE_NONE);
  signals[OPTIONS_CHANGED] = add_signal ("options-changed", G_TYPE_NONE);
  signals[SELECTION_CHANGED] = add_signal ("selection-changed", G_TYPE_NONE);
  signals[CASE_CHOSEN] = add_signal ("case-chosen", PL_TYPE_CASE_ITEM);
}

static void
pl_montage_content_init (PlMontageContent *self)
{
  self->options.order = PL_MONTAGE_ORDER_DEFAULT;
  self->facts = g_array_new (FALSE, FALSE, sizeof (PlMontageFact));
  self->previews = g_hash_table_new (NULL, NULL);
  self->live_dice = g_array_new (FALSE, FALSE, sizeof (double));
  self->tiles = g_array_new (FALSE, FALSE, sizeof (int));
  self->places = g_array_new (FALSE, FALSE, sizeof (int));
}
