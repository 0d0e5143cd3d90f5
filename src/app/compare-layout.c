/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two rows at most: more would be no larger on any screen that is wider than the image. */
#include "app/compare-layout.h"

#define MAX_ROWS 2
#define GAP_PX 2

struct _PlCompareLayout
{
  GtkLayoutManager parent_instance;

  double width; /* of the image */
  double height;
};

G_DEFINE_FINAL_TYPE (PlCompareLayout, pl_compare_layout, GTK_TYPE_LAYOUT_MANAGER)

void
pl_compare_layout_set_shape (PlCompareLayout *self, double width, double height)
{
  g_return_if_fail (PL_IS_COMPARE_LAYOUT (self));

  self->width = width;
  self->height = height;
  gtk_layout_manager_layout_changed (GTK_LAYOUT_MANAGER (self));
}

/* (nullable): the pane after @child that can be seen. */
static GtkWidget *
find_next (GtkWidget *child)
{
  do
    child = gtk_widget_get_next_sibling (child);
  while (child != NULL && !gtk_widget_should_layout (child));
  return child;
}

/* How many panes there are, and the largest of what they ask for. */
static int
measure_panes (GtkWidget *heading, GtkOrientation orientation, int *minimum, int *natural)
{
  int n = 0;

  *minimum = 0;
  *natural = 0;
  for (GtkWidget *pane = find_next (heading); pane != NULL; pane = find_next (pane), n++)
    {
      int pane_minimum;
      int pane_natural;

      gtk_widget_measure (pane, orientation, -1, &pane_minimum, &pane_natural, NULL, NULL);
      *minimum = MAX (*minimum, pane_minimum);
      *natural = MAX (*natural, pane_natural);
    }
  return n;
}

static int
count_columns (int n_panes, int rows)
{
  return (n_panes + rows - 1) / rows;
}

static int
join (int length, int n)
{
  return n * length + MAX (n - 1, 0) * GAP_PX;
}

static int
divide (int length, int n)
{
  return (length - (n - 1) * GAP_PX) / n;
}

/* At least as many rows as may be; best all in one. */
static void
pl_compare_layout_measure (GtkLayoutManager *manager,
                           GtkWidget *widget,
                           GtkOrientation orientation,
                           int for_size,
                           int *minimum,
                           int *natural,
                           int *minimum_baseline,
                           int *natural_baseline)
{
  GtkWidget *heading = gtk_widget_get_first_child (widget);
  int n = measure_panes (heading, orientation, minimum, natural);
  int heading_minimum;
  int heading_natural;

  gtk_widget_measure (heading, orientation, for_size, &heading_minimum, &heading_natural, NULL,
                      NULL);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = MAX (join (*minimum, count_columns (n, MAX_ROWS)), heading_minimum);
      *natural = MAX (join (*natural, n), *minimum);
    }
  else
    {
      *minimum = join (*minimum, MAX_ROWS) + heading_minimum;
      *natural = MAX (*natural + heading_natural, *minimum);
    }
}

static GtkSizeRequestMode
pl_compare_layout_get_request_mode (GtkLayoutManager *manager, GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

/* How large a pixel would be with so many rows of panes; 0 if the panes do not fit. */
static double
find_scale (PlCompareLayout *self, int n, int rows, int minimum, int width, int height)
{
  int pane_width = divide (width, count_columns (n, rows));
  int pane_height = divide (height, rows);

  return pane_width < minimum ? 0 : MIN (pane_width / self->width, pane_height / self->height);
}

static int
choose_rows (PlCompareLayout *self, int n, int minimum, int width, int height)
{
  return n > 1 && find_scale (self, n, MAX_ROWS, minimum, width, height) >
                      find_scale (self, n, 1, minimum, width, height)
             ? MAX_ROWS
             : 1;
}

static void
pl_compare_layout_allocate (
    GtkLayoutManager *manager, GtkWidget *widget, int width, int height, int baseline)
{
  PlCompareLayout *self = PL_COMPARE_LAYOUT (manager);
  GtkWidget *heading = gtk_widget_get_first_child (widget);
  GtkWidget *pane = find_next (heading);
  GtkAllocation place;
  int minimum;
  int natural;
  int n = measure_panes (heading, GTK_ORIENTATION_HORIZONTAL, &minimum, &natural);
  int top;
  int rows;
  int columns;

  gtk_widget_measure (heading, GTK_ORIENTATION_VERTICAL, width, &top, NULL, NULL, NULL);
  gtk_widget_size_allocate (heading, &(GtkAllocation){ 0, 0, width, top }, -1);
  rows = choose_rows (self, n, minimum, width, height - top);
  columns = MAX (count_columns (n, rows), 1);
  place.width = divide (width, columns);
  place.height = divide (height - top, rows);
  for (int i = 0; pane != NULL; i++, pane = find_next (pane))
    {
      place.x = i % columns * (place.width + GAP_PX);
      place.y = top + i / columns * (place.height + GAP_PX);
      gtk_widget_size_allocate (pane, &place, -1);
    }
}

static void
pl_compare_layout_class_init (PlCompareLayoutClass *klass)
{
  GtkLayoutManagerClass *manager_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  manager_class->measure = pl_compare_layout_measure;
  manager_class->get_request_mode = pl_compare_layout_get_request_mode;
  manager_class->allocate = pl_compare_layout_allocate;
}

static void
pl_compare_layout_init (PlCompareLayout *self)
{
  self->width = 1;
  self->height = 1;
}
