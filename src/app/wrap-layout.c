/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a window is laid out from 360 pixels on: GTK 4.8 and libadwaita 1.2 have neither a box that
 * wraps nor breakpoints.
 */
#include "app/wrap-layout.h"

#define SPACING_PX 6

struct _PlWrapLayout
{
  GtkLayoutManager parent_instance;

  gboolean keeps_natural;
};

G_DEFINE_FINAL_TYPE (PlWrapLayout, pl_wrap_layout, GTK_TYPE_LAYOUT_MANAGER)

enum
{
  PROP_KEEPS_NATURAL = 1
};

/* Of both children, in a row. */
typedef struct
{
  GtkWidget *widgets[2];
  int least[2];
  int natural[2];
} Row;

static void
measure_row (GtkWidget *parent, Row *row)
{
  row->widgets[0] = gtk_widget_get_first_child (parent);
  row->widgets[1] = gtk_widget_get_next_sibling (row->widgets[0]);
  for (int i = 0; i < 2; i++)
    gtk_widget_measure (row->widgets[i], GTK_ORIENTATION_HORIZONTAL, -1, &row->least[i],
                        &row->natural[i], NULL, NULL);
}

static gboolean
wraps (PlWrapLayout *self, const Row *row, int width)
{
  const int *needed = self->keeps_natural ? row->natural : row->least;

  return width >= 0 && width < needed[0] + SPACING_PX + needed[1];
}

static GtkSizeRequestMode
pl_wrap_layout_get_request_mode (GtkLayoutManager *manager, GtkWidget *parent)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
pl_wrap_layout_measure (GtkLayoutManager *manager,
                        GtkWidget *parent,
                        GtkOrientation orientation,
                        int for_size,
                        int *minimum,
                        int *natural,
                        int *minimum_baseline,
                        int *natural_baseline)
{
  int heights[2];
  Row row;

  measure_row (parent, &row);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = MAX (row.least[0], row.least[1]);
      *natural = row.natural[0] + SPACING_PX + row.natural[1];
      return;
    }
  for (int i = 0; i < 2; i++)
    gtk_widget_measure (row.widgets[i], GTK_ORIENTATION_VERTICAL, -1, NULL, &heights[i], NULL,
                        NULL);
  *minimum = wraps (PL_WRAP_LAYOUT (manager), &row, for_size) ? heights[0] + SPACING_PX + heights[1]
                                                              : MAX (heights[0], heights[1]);
  *natural = *minimum;
}

static void
place (GtkWidget *widget, int x, int y, int width, int height)
{
  gtk_widget_size_allocate (widget, &(GtkAllocation){ x, y, width, height }, -1);
}

/* From left to right, or the other way where one reads so. */
static void
pl_wrap_layout_allocate (
    GtkLayoutManager *manager, GtkWidget *parent, int width, int height, int baseline)
{
  gboolean is_rtl = gtk_widget_get_direction (parent) == GTK_TEXT_DIR_RTL;
  int first;
  int second;
  Row row;

  measure_row (parent, &row);
  if (wraps (PL_WRAP_LAYOUT (manager), &row, width))
    {
      int half = (height - SPACING_PX) / 2;

      place (row.widgets[0], 0, 0, width, half);
      place (row.widgets[1], 0, height - half, width, half);
      return;
    }
  second = CLAMP (width - row.least[0] - SPACING_PX, row.least[1], row.natural[1]);
  first = MIN (row.natural[0], width - SPACING_PX - second);
  place (row.widgets[0], is_rtl ? width - first : 0, 0, first, height);
  place (row.widgets[1], is_rtl ? 0 : width - second, 0, second, height);
}

static void
pl_wrap_layout_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_boolean (value, PL_WRAP_LAYOUT (object)->keeps_natural);
}

static void
pl_wrap_layout_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PL_WRAP_LAYOUT (object)->keeps_natural = g_value_get_boolean (value);
  gtk_layout_manager_layout_changed (GTK_LAYOUT_MANAGER (object));
}

static void
pl_wrap_layout_class_init (PlWrapLayoutClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkLayoutManagerClass *manager_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  object_class->get_property = pl_wrap_layout_get_property;
  object_class->set_property = pl_wrap_layout_set_property;
  g_object_class_install_property (
      object_class, PROP_KEEPS_NATURAL,
      g_param_spec_boolean ("keeps-natural", NULL, NULL, FALSE,
                            G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
  manager_class->get_request_mode = pl_wrap_layout_get_request_mode;
  manager_class->measure = pl_wrap_layout_measure;
  manager_class->allocate = pl_wrap_layout_allocate;
}

static void
pl_wrap_layout_init (PlWrapLayout *self)
{
}

struct _PlRoomLayout
{
  GtkLayoutManager parent_instance;

  int width;
};

G_DEFINE_FINAL_TYPE (PlRoomLayout, pl_room_layout, GTK_TYPE_LAYOUT_MANAGER)

enum
{
  PROP_WIDTH = 1
};

static void
pl_room_layout_measure (GtkLayoutManager *manager,
                        GtkWidget *parent,
                        GtkOrientation orientation,
                        int for_size,
                        int *minimum,
                        int *natural,
                        int *minimum_baseline,
                        int *natural_baseline)
{
  gtk_widget_measure (gtk_widget_get_first_child (parent), orientation, for_size, minimum, natural,
                      NULL, NULL);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *natural = MAX (*minimum, PL_ROOM_LAYOUT (manager)->width);
}

static void
pl_room_layout_allocate (
    GtkLayoutManager *manager, GtkWidget *parent, int width, int height, int baseline)
{
  place (gtk_widget_get_first_child (parent), 0, 0, width, height);
}

static void
pl_room_layout_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_int (value, PL_ROOM_LAYOUT (object)->width);
}

static void
pl_room_layout_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PL_ROOM_LAYOUT (object)->width = g_value_get_int (value);
  gtk_layout_manager_layout_changed (GTK_LAYOUT_MANAGER (object));
}

static void
pl_room_layout_class_init (PlRoomLayoutClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkLayoutManagerClass *manager_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  object_class->get_property = pl_room_layout_get_property;
  object_class->set_property = pl_room_layout_set_property;
  manager_class->measure = pl_room_layout_measure;
  manager_class->allocate = pl_room_layout_allocate;
  g_object_class_install_property (object_class, PROP_WIDTH,
                                   g_param_spec_int ("width", NULL, NULL, 0, G_MAXINT, 0,
                                                     G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
}

static void
pl_room_layout_init (PlRoomLayout *self)
{
}
