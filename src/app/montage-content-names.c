/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is written on tiles, and what screen readers say of them. */
#include "app/montage-content-private.h"

#include <glib/gi18n.h>
#include <math.h>

char *
pl_montage_content_dup_label (PlMontageContent *self, int subject)
{
  char *title = NULL;

  if (self->items == NULL)
    return g_strdup_printf ("%d", subject + 1);
  g_object_get (pl_montage_content_item (self, subject), "title", &title, NULL);
  return title;
}

static char *
dup_name (PlMontageContent *self, int subject)
{
  int n = (int) self->facts->len;

  if (self->items != NULL)
    return pl_montage_content_dup_label (self, subject);
  if (!pl_montage_content_shows_planes (self))
    return g_strdup_printf (_ ("Slice %d of %d"), subject + 1, n);
  switch (self->options.axis)
    {
    case PL_MONTAGE_AXIS_CORONAL:
      return g_strdup_printf (_ ("Coronal plane %d of %d"), subject + 1, n);
    case PL_MONTAGE_AXIS_SAGITTAL:
      return g_strdup_printf (_ ("Sagittal plane %d of %d"), subject + 1, n);
    case PL_MONTAGE_AXIS_SLICES:
    case PL_MONTAGE_AXIS_AXIAL:
    default:
      return g_strdup_printf (_ ("Axial plane %d of %d"), subject + 1, n);
    }
}

char *
pl_montage_content_dup_description (PlMontageContent *self, int subject)
{
  g_autofree char *name = NULL;
  double dice;

  if (subject < 0 || subject >= (int) self->facts->len)
    return g_strdup ("");
  dice = pl_montage_content_get_fact (self, subject).dice;
  name = dup_name (self, subject);
  /* Translators: a slice or case, and how well its prediction fits. */
  return isnan (dice) ? g_steal_pointer (&name) : g_strdup_printf (_ ("%s, Dice %.3f"), name, dice);
}

gboolean
pl_montage_content_has_sides (PlMontageContent *self)
{
  PlVolume *volume;
  char edge;

  g_return_val_if_fail (PL_IS_MONTAGE_CONTENT (self), FALSE);

  volume = pl_view_state_get_volume (self->state);
  if (volume == NULL || pl_montage_content_has_cases (self))
    return FALSE;
  edge = pl_montage_content_shows_planes (self) ? pl_montage_content_find_reslice (self).left
         : volume->orientation[0] == '\0'       ? '\0'
                                                : volume->orientation[2];
  return edge == 'L' || edge == 'R';
}
