/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which panes are seen: those that were chosen and whose model is there, or one of these alone, or
 * none while swipe and blink have their place.
 */
#include "app/compare-view-private.h"

void
pl_compare_view_list_panes (PlCompareView *self, PlComparePane *panes[PL_COMPARE_N_PANES])
{
  panes[0] = self->image_pane;
  panes[1] = self->truth_pane;
  panes[2] = self->prediction_pane;
  panes[3] = self->difference_pane;
  panes[4] = self->second_pane;
  panes[5] = self->models_pane;
}

gboolean
pl_compare_view_has_second (PlCompareView *self)
{
  return self->state != NULL && pl_view_state_get_second_name (self->state) != NULL;
}

gboolean
pl_compare_view_is_blinking (PlCompareView *self)
{
  gboolean blinking;

  g_object_get (self->swipe_view, "blinking", &blinking, NULL);
  return blinking;
}

/* Chosen, and of a model that is there. */
static gboolean
is_wanted (PlCompareView *self, PlPane pane)
{
  return self->is_chosen[pane - PL_PANE_IMAGE] &&
         (pane < PL_PANE_SECOND || pl_compare_view_has_second (self));
}

static int
count_wanted (PlCompareView *self)
{
  int n = 0;

  for (PlPane pane = PL_PANE_IMAGE; pane <= PL_PANE_MODELS; pane++)
    n += is_wanted (self, pane);
  return n;
}

static gboolean
is_shown (PlCompareView *self, PlPane pane)
{
  if (self->is_swiping || pl_compare_view_is_blinking (self))
    return FALSE;
  if (self->enlarged != PL_PANE_ALL)
    return pane == self->enlarged;
  /* When the only panes that were chosen have gone with their model, the image stands in. */
  return is_wanted (self, pane) || (pane == PL_PANE_IMAGE && count_wanted (self) == 0);
}

static gboolean
has_focus (PlCompareView *self, gpointer child)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root == NULL ? NULL : gtk_root_get_focus (root);

  return focus != NULL && gtk_widget_is_ancestor (focus, child);
}

/* What is about to be hidden would lose it to another part of the window: the pane that had it last
 * has it again, or else the first that is seen. */
static void
keep_focus (PlCompareView *self, PlComparePane *panes[PL_COMPARE_N_PANES])
{
  gboolean is_lost = has_focus (self, self->swipe_view);
  PlComparePane *next = NULL;

  for (int i = 0; i < PL_COMPARE_N_PANES; i++)
    if (has_focus (self, panes[i]))
      {
        is_lost = TRUE;
        self->last_focus = panes[i];
      }
  for (int i = 0; i < PL_COMPARE_N_PANES; i++)
    if (is_shown (self, PL_PANE_IMAGE + i) && (next == NULL || panes[i] == self->last_focus))
      next = panes[i];
  if (is_lost)
    gtk_widget_grab_focus (next == NULL ? GTK_WIDGET (self->swipe_view) : GTK_WIDGET (next));
}

/* The first of them says how all lie, and how large they are. */
void
pl_compare_view_show_panes (PlCompareView *self)
{
  gboolean is_one = self->is_swiping || pl_compare_view_is_blinking (self);
  gboolean is_first = TRUE;
  PlComparePane *panes[PL_COMPARE_N_PANES];

  if (self->enlarged != PL_PANE_ALL && !is_wanted (self, self->enlarged))
    {
      pl_compare_view_enlarge (self, PL_PANE_ALL);
      return;
    }
  pl_compare_view_list_panes (self, panes);
  for (int i = 0; i < PL_COMPARE_N_PANES; i++)
    if (is_shown (self, PL_PANE_IMAGE + i))
      gtk_widget_set_visible (GTK_WIDGET (panes[i]), TRUE);
  if (is_one)
    gtk_widget_set_visible (GTK_WIDGET (self->swipe_view), TRUE);
  keep_focus (self, panes);
  for (int i = 0; i < PL_COMPARE_N_PANES; i++)
    {
      PlPane pane = PL_PANE_IMAGE + i;
      gboolean shown = is_shown (self, pane);

      gtk_widget_set_visible (GTK_WIDGET (panes[i]), shown);
      g_object_set (panes[i], "annotated", shown && is_first, "can-enlarge",
                    count_wanted (self) > 1, "enlarged", pane == self->enlarged, NULL);
      is_first = is_first && !shown;
    }
  gtk_widget_set_visible (GTK_WIDGET (self->swipe_view), is_one);
  gtk_widget_set_sensitive (self->pane_buttons, !self->is_swiping);
}

void
pl_compare_view_choose_pane (PlCompareView *self, PlPane pane, gboolean chosen)
{
  if (chosen || count_wanted (self) > 1 || !is_wanted (self, pane))
    self->is_chosen[pane - PL_PANE_IMAGE] = chosen;
  pl_compare_view_enlarge (self, PL_PANE_ALL);
}

void
pl_compare_view_enlarge (PlCompareView *self, PlPane pane)
{
  PlPane before = self->enlarged;

  if (pane == PL_PANE_ALL || is_wanted (self, pane))
    self->enlarged = pane;
  pl_compare_view_show_panes (self);
  if (self->enlarged != before)
    g_object_notify (G_OBJECT (self), "enlarged");
}

gboolean
pl_compare_view_toggle_enlarged (PlCompareView *self)
{
  PlPane chosen = PL_PANE_ALL;
  GtkWidget *focus = gtk_widget_get_focus_child (GTK_WIDGET (self));
  PlComparePane *panes[PL_COMPARE_N_PANES];

  pl_compare_view_list_panes (self, panes);
  for (PlPane pane = PL_PANE_IMAGE; pane <= PL_PANE_MODELS; pane++)
    if (is_shown (self, pane) &&
        (chosen == PL_PANE_ALL || focus == GTK_WIDGET (panes[pane - PL_PANE_IMAGE])))
      chosen = pane;
  if (chosen == PL_PANE_ALL || count_wanted (self) < 2)
    return FALSE;
  pl_compare_view_enlarge (self, self->enlarged == PL_PANE_ALL ? chosen : PL_PANE_ALL);
  return TRUE;
}
