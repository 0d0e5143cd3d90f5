/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/check-item.h"

#include <glib/gi18n.h>

struct _PlCheckItem
{
  GObject parent_instance;

  /* Owned */
  PlReportRow *row;
};

G_DEFINE_FINAL_TYPE (PlCheckItem, pl_check_item, G_TYPE_OBJECT)

static void
pl_check_item_finalize (GObject *object)
{
  pl_report_row_free (PL_CHECK_ITEM (object)->row);

  G_OBJECT_CLASS (pl_check_item_parent_class)->finalize (object);
}

static void
pl_check_item_class_init (PlCheckItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pl_check_item_finalize;
}

static void
pl_check_item_init (PlCheckItem *self)
{
}

PlCheckItem *
pl_check_item_new_take (PlReportRow *row)
{
  PlCheckItem *self = g_object_new (PL_TYPE_CHECK_ITEM, NULL);

  self->row = row;
  return self;
}

const PlReportRow *
pl_check_item_get_row (PlCheckItem *self)
{
  g_return_val_if_fail (PL_IS_CHECK_ITEM (self), NULL);

  return self->row;
}

char *
pl_check_item_dup_image (PlCheckItem *self)
{
  g_return_val_if_fail (PL_IS_CHECK_ITEM (self), NULL);

  return self->row->image != NULL ? g_filename_display_name (self->row->image)
                                  : g_strdup (_ ("no image"));
}

char *
pl_check_item_dup_mask (PlCheckItem *self)
{
  g_return_val_if_fail (PL_IS_CHECK_ITEM (self), NULL);

  if (self->row->mask != NULL)
    return g_filename_display_name (self->row->mask);
  return g_strdup (self->row->is_case ? _ ("no mask") : "");
}

char *
pl_check_item_dup_size (PlCheckItem *self)
{
  const int *n;

  g_return_val_if_fail (PL_IS_CHECK_ITEM (self), NULL);

  n = self->row->n;
  if (!self->row->is_case)
    return g_strdup ("");
  return n[0] == 1 ? g_strdup_printf ("%d × %d", n[1], n[2])
                   : g_strdup_printf ("%d × %d × %d", n[0], n[1], n[2]);
}

char *
pl_check_item_dup_result (PlCheckItem *self)
{
  g_return_val_if_fail (PL_IS_CHECK_ITEM (self), NULL);

  if (self->row->text != NULL)
    return g_strdup (self->row->text);
  if (self->row->mask == NULL)
    return g_strdup (_ ("It can be looked at and predicted. To train on it, put a mask of its name "
                        "beside the others."));
  return g_strdup (_ ("Image and mask fit"));
}
