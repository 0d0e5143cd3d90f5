/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cases that a search and a filter leave, in an order, and the one that is chosen of them. Data
 * sets have up to 5,000 cases.
 */
#include "app/case-list-private.h"

#include <glib/gi18n.h>

G_DEFINE_FINAL_TYPE (PlCaseList, pl_case_list, GTK_TYPE_BOX)

enum
{
  SIGNAL_CASE_CHOSEN,
  SIGNAL_SEARCH_DONE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, PlCaseList *self)
{
  gtk_list_item_set_child (list_item, pl_case_row_new ());
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, PlCaseList *self)
{
  PlCaseRow *row = PL_CASE_ROW (gtk_list_item_get_child (list_item));

  pl_case_row_set_item (row, gtk_list_item_get_item (list_item));
  g_ptr_array_add (self->rows, row);
  pl_case_list_queue_thumbnails (self);
}

static void
unbind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, PlCaseList *self)
{
  PlCaseRow *row = PL_CASE_ROW (gtk_list_item_get_child (list_item));

  g_ptr_array_remove_fast (self->rows, row);
  pl_case_row_set_item (row, NULL);
}

static void
scroll_to_selected (PlCaseList *self)
{
  guint position = gtk_single_selection_get_selected (self->selection);

  if (position != GTK_INVALID_LIST_POSITION)
    gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", position);
}

static void
selected_cb (PlCaseList *self)
{
  PlCaseItem *item = gtk_single_selection_get_selected_item (self->selection);

  if (item == NULL || self->selecting)
    return;
  g_set_object (&self->current, item);
  g_signal_emit (self, signals[SIGNAL_CASE_CHOSEN], 0, item);
}

/* A row by Enter or a double click, which may be of the case that is chosen already. */
static void
activated_cb (PlCaseList *self, guint position)
{
  g_autoptr (PlCaseItem) item = g_list_model_get_item (self->shown, position);

  g_signal_emit (self, signals[SIGNAL_CASE_CHOSEN], 0, item);
}

/* What the search leaves out is seen in the search; what the filter does is said. */
static void
update_count (PlCaseList *self)
{
  guint n = self->cases == NULL ? 0 : g_list_model_get_n_items (self->cases);
  guint n_shown = g_list_model_get_n_items (self->shown);
  /* Translators: how many cases of how many are shown. */
  g_autofree char *text = g_strdup_printf (_ ("%u of %u cases"), n_shown, n);

  gtk_label_set_text (self->count_label, text);
  gtk_widget_set_visible (self->count_row, self->filter != PL_CASE_FILTER_ALL && n > 0);
  gtk_widget_set_visible (self->nothing, n_shown == 0);
  gtk_widget_set_visible (GTK_WIDGET (self->scroller), n_shown > 0);
}

/* While the filters change, the selection is lost; that is not the user's choice. */
static void
update_shown (PlCaseList *self)
{
  self->selecting = TRUE;
  gtk_string_filter_set_search (self->search_filter,
                                gtk_editable_get_text (GTK_EDITABLE (self->search)));
  gtk_filter_changed (self->kind_filter, GTK_FILTER_CHANGE_DIFFERENT);
  gtk_sorter_changed (self->sorter, GTK_SORTER_CHANGE_DIFFERENT);
  self->selecting = FALSE;
  update_count (self);
  pl_case_list_select (self, self->current);
  pl_case_list_queue_thumbnails (self);
}

/* A case that stays selected is in another place. */
static void
search_changed_cb (PlCaseList *self)
{
  update_shown (self);
  scroll_to_selected (self);
}

/* The entry tells of changes a little later than of Enter. */
static void
search_activated_cb (PlCaseList *self)
{
  PlCaseItem *item;

  search_changed_cb (self);
  item = pl_case_list_neighbour (self, NULL, 0);
  if (item == NULL)
    return;
  g_signal_emit (self, signals[SIGNAL_CASE_CHOSEN], 0, item);
  g_signal_emit (self, signals[SIGNAL_SEARCH_DONE], 0);
}

static void
search_stopped_cb (PlCaseList *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  gtk_widget_grab_focus (GTK_WIDGET (self->list));
}

static void
watch_cases (PlCaseList *self, GListModel *cases)
{
  if (self->cases != NULL)
    g_signal_handlers_disconnect_by_func (self->cases, update_count, self);
  g_set_object (&self->cases, cases);
  gtk_filter_list_model_set_model (self->filtered, cases);
  if (cases != NULL)
    g_signal_connect_object (cases, "items-changed", G_CALLBACK (update_count), self,
                             G_CONNECT_SWAPPED | G_CONNECT_AFTER);
}

void
pl_case_list_set_cases (PlCaseList *self, GListModel *cases)
{
  g_return_if_fail (PL_IS_CASE_LIST (self));

  g_cancellable_cancel (self->thumbnail_cancellable);
  g_clear_object (&self->thumbnail_cancellable);
  self->thumbnail_cancellable = g_cancellable_new ();

  self->selecting = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  watch_cases (self, cases);
  self->selecting = FALSE;
  search_changed_cb (self);
}

void
pl_case_list_set_sort (PlCaseList *self, PlCaseSort sort)
{
  g_return_if_fail (PL_IS_CASE_LIST (self));

  self->sort = sort;
  search_changed_cb (self);
}

void
pl_case_list_set_filter (PlCaseList *self, PlCaseFilter filter)
{
  g_return_if_fail (PL_IS_CASE_LIST (self));

  self->filter = filter;
  search_changed_cb (self);
}

static gboolean
update_cb (gpointer data)
{
  PlCaseList *self = data;

  self->update_id = 0;
  update_shown (self);
  return G_SOURCE_REMOVE;
}

void
pl_case_list_update (PlCaseList *self)
{
  g_return_if_fail (PL_IS_CASE_LIST (self));

  if (self->update_id == 0 &&
      (self->sort != PL_CASE_SORT_NAME || self->filter != PL_CASE_FILTER_ALL))
    self->update_id = g_idle_add (update_cb, self);
}

static guint
find_position (PlCaseList *self, PlCaseItem *item)
{
  guint n = g_list_model_get_n_items (self->shown);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (PlCaseItem) other = g_list_model_get_item (self->shown, i);

      if (other == item)
        return i;
    }
  return GTK_INVALID_LIST_POSITION;
}

void
pl_case_list_select (PlCaseList *self, PlCaseItem *item)
{
  guint position;

  g_return_if_fail (PL_IS_CASE_LIST (self));

  g_set_object (&self->current, item);
  position = find_position (self, item);
  if (position == gtk_single_selection_get_selected (self->selection))
    return;
  self->selecting = TRUE;
  gtk_single_selection_set_selected (self->selection, position);
  self->selecting = FALSE;
  scroll_to_selected (self);
}

PlCaseItem *
pl_case_list_neighbour (PlCaseList *self, PlCaseItem *item, int steps)
{
  guint n;
  guint position;
  g_autoptr (PlCaseItem) neighbour = NULL;

  g_return_val_if_fail (PL_IS_CASE_LIST (self), NULL);

  n = g_list_model_get_n_items (self->shown);
  position = find_position (self, item);
  if (position == GTK_INVALID_LIST_POSITION)
    position = 0;
  else if ((gint64) position + steps < 0 || (gint64) position + steps >= n)
    return NULL;
  else
    position += steps;
  neighbour = g_list_model_get_item (self->shown, position);
  return neighbour; /* the model keeps it */
}

/* @bounds: of the whole row, in the list box. */
static gboolean
find_bounds (PlCaseList *self, PlCaseRow *row, graphene_rect_t *bounds)
{
  GtkWidget *cell = gtk_widget_get_parent (GTK_WIDGET (row));

  return gtk_widget_get_mapped (cell) &&
         gtk_widget_compute_bounds (cell, GTK_WIDGET (self), bounds);
}

static void
show_menu (PlCaseList *self, double x, double y)
{
  GdkRectangle point = { (int) x, (int) y, 1, 1 };

  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu), &point);
  gtk_popover_popup (GTK_POPOVER (self->menu));
}

/* The menu is of the row under the pointer. */
static void
menu_pressed_cb (PlCaseList *self, int n_press, double x, double y)
{
  graphene_point_t point;
  graphene_rect_t bounds;

  if (!gtk_widget_compute_point (GTK_WIDGET (self->list), GTK_WIDGET (self),
                                 &GRAPHENE_POINT_INIT ((float) x, (float) y), &point))
    return;
  for (guint i = 0; i < self->rows->len; i++)
    {
      PlCaseRow *row = g_ptr_array_index (self->rows, i);

      if (find_bounds (self, row, &bounds) && graphene_rect_contains_point (&bounds, &point))
        {
          if (pl_case_row_get_item (row) != self->current)
            g_signal_emit (self, signals[SIGNAL_CASE_CHOSEN], 0, pl_case_row_get_item (row));
          show_menu (self, point.x, point.y);
          return;
        }
    }
}

/* By the keyboard, of the case in view. */
static gboolean
show_menu_cb (GtkWidget *widget, GVariant *args, gpointer data)
{
  PlCaseList *self = PL_CASE_LIST (widget);
  graphene_rect_t bounds;

  for (guint i = 0; i < self->rows->len; i++)
    {
      PlCaseRow *row = g_ptr_array_index (self->rows, i);

      if (pl_case_row_get_item (row) == self->current && find_bounds (self, row, &bounds))
        show_menu (self, bounds.origin.x + bounds.size.width / 2,
                   bounds.origin.y + bounds.size.height / 2);
    }
  return TRUE;
}

void
pl_case_list_set_problems (PlCaseList *self, const char *text)
{
  g_return_if_fail (PL_IS_CASE_LIST (self));

  gtk_widget_set_visible (GTK_WIDGET (self->problems), text != NULL);
  gtk_button_set_label (self->problems, text == NULL ? "" : text);
}

void
pl_case_list_focus_search (PlCaseList *self)
{
  g_return_if_fail (PL_IS_CASE_LIST (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}

static void
pl_case_list_dispose (GObject *object)
{
  PlCaseList *self = PL_CASE_LIST (object);

  g_cancellable_cancel (self->thumbnail_cancellable);
  g_clear_object (&self->thumbnail_cancellable);
  g_clear_object (&self->current);
  g_clear_handle_id (&self->idle_id, g_source_remove);
  g_clear_handle_id (&self->update_id, g_source_remove);
  g_clear_pointer (&self->menu, gtk_widget_unparent);

  G_OBJECT_CLASS (pl_case_list_parent_class)->dispose (object);
}

static void
pl_case_list_finalize (GObject *object)
{
  PlCaseList *self = PL_CASE_LIST (object);

  g_clear_object (&self->selection);
  g_clear_object (&self->shown);
  g_clear_object (&self->sorter);
  g_clear_object (&self->filtered);
  g_clear_object (&self->kind_filter);
  g_clear_object (&self->search_filter);
  g_clear_object (&self->cases);
  g_ptr_array_unref (self->rows);

  G_OBJECT_CLASS (pl_case_list_parent_class)->finalize (object);
}

static void
pl_case_list_class_init (PlCaseListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = pl_case_list_dispose;
  object_class->finalize = pl_case_list_finalize;

  signals[SIGNAL_CASE_CHOSEN] =
      g_signal_new ("case-chosen", PL_TYPE_CASE_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 1, PL_TYPE_CASE_ITEM);
  signals[SIGNAL_SEARCH_DONE] = g_signal_new ("search-done", PL_TYPE_CASE_LIST, G_SIGNAL_RUN_LAST,
                                              0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/pleura/Pleura/ui/case-list.ui");
  gtk_widget_class_bind_template_child (widget_class, PlCaseList, search);
  gtk_widget_class_bind_template_child (widget_class, PlCaseList, scroller);
  gtk_widget_class_bind_template_child (widget_class, PlCaseList, list);
  gtk_widget_class_bind_template_child (widget_class, PlCaseList, nothing);
  gtk_widget_class_bind_template_child (widget_class, PlCaseList, count_row);
  gtk_widget_class_bind_template_child (widget_class, PlCaseList, count_label);
  gtk_widget_class_bind_template_child (widget_class, PlCaseList, problems);
  gtk_widget_class_bind_template_child (widget_class, PlCaseList, menu);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_stopped_cb);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Menu, 0, show_menu_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, show_menu_cb, NULL);
}

static gboolean
fits_cb (gpointer item, gpointer data)
{
  return pl_case_filter_fits (PL_CASE_LIST (data)->filter, item);
}

static int
compare_cb (gconstpointer a, gconstpointer b, gpointer data)
{
  return pl_case_sort_compare (PL_CASE_LIST (data)->sort, (PlCaseItem *) a, (PlCaseItem *) b);
}

/* The filters and the sorter go with the list: nobody else has them. */
static void
make_models (PlCaseList *self)
{
  GtkEveryFilter *filter = gtk_every_filter_new ();

  self->search_filter =
      gtk_string_filter_new (gtk_property_expression_new (PL_TYPE_CASE_ITEM, NULL, "title"));
  self->kind_filter = GTK_FILTER (gtk_custom_filter_new (fits_cb, self, NULL));
  gtk_multi_filter_append (GTK_MULTI_FILTER (filter),
                           GTK_FILTER (g_object_ref (self->search_filter)));
  gtk_multi_filter_append (GTK_MULTI_FILTER (filter), g_object_ref (self->kind_filter));
  self->filtered = gtk_filter_list_model_new (NULL, GTK_FILTER (filter));
  self->sorter = GTK_SORTER (gtk_custom_sorter_new (compare_cb, self, NULL));
  self->shown = G_LIST_MODEL (gtk_sort_list_model_new (g_object_ref (G_LIST_MODEL (self->filtered)),
                                                       g_object_ref (self->sorter)));
  self->selection = gtk_single_selection_new (g_object_ref (self->shown));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (selected_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
pl_case_list_init (PlCaseList *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  GtkGesture *secondary = gtk_gesture_click_new ();
  GtkAdjustment *adjustment;

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_parent (self->menu, GTK_WIDGET (self));

  self->rows = g_ptr_array_new ();
  make_models (self);

  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_cb), self, 0);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), self, 0);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (unbind_cb), self, 0);
  gtk_list_view_set_factory (self->list, factory);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));

  adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (pl_case_list_queue_thumbnails),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (adjustment, "changed", G_CALLBACK (pl_case_list_queue_thumbnails), self,
                           G_CONNECT_SWAPPED);

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (secondary), GDK_BUTTON_SECONDARY);
  g_signal_connect_object (secondary, "pressed", G_CALLBACK (menu_pressed_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self->list), GTK_EVENT_CONTROLLER (secondary));
}
