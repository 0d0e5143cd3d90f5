/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One run: its curves, all that is known of it, and the figures of each test case. Several, as
 * those of an experiment: a curve of each; what came of them, and of the settings those that
 * differ. */
#include "app/runs-window-private.h"

#include "app/run-facts.h"

#include <glib/gi18n.h>
#include <math.h>

enum
{
  MOST_CASES = 200, /* in the table: labels cost time and memory */
};

static const guint32 colours[PL_RUNS_MOST_COMPARED] = {
  0x3584e4, 0xff7800, 0x33d17a, 0xc061cb, 0xe5a50a, 0xe01b24, 0x986a44, 0x77767b,
};

static const PlRunInfo *
get_info (PlRunsWindow *self, guint i)
{
  return pl_run_item_get_info (self->selected->pdata[i]);
}

static guint
count_shown (PlRunsWindow *self)
{
  return MIN (self->selected->len, PL_RUNS_MOST_COMPARED);
}

/* Curves */

static void
remove_curves (PlPlot *plot, GArray *curves)
{
  for (guint i = 0; i < curves->len; i++)
    pl_plot_remove_curve (plot, g_array_index (curves, int, i));
  g_array_set_size (curves, 0);
}

/* @offset: of a double in PlEpoch */
static void
add_curve (PlPlot *plot,
           GArray *curves,
           const PlRunInfo *info,
           gsize offset,
           const char *name,
           guint32 colour)
{
  int curve = pl_plot_add_curve (plot, name, colour, PL_CURVE_DOTS);

  g_array_append_val (curves, curve);
  for (guint i = 0; i < info->history->len; i++)
    {
      const PlEpoch *epoch = &g_array_index (info->history, PlEpoch, i);
      const PlPlotAt at = { .step = (double) epoch->epoch * MAX (info->steps_per_epoch, 1),
                            .epoch = epoch->epoch,
                            .time_s = epoch->time_s };

      pl_plot_append (plot, curve, at, G_STRUCT_MEMBER (double, epoch, offset));
    }
}

GPtrArray *
pl_runs_window_list_curves (PlRunsWindow *self)
{
  const PlRunInfo *run = pl_runs_window_get_run (self);
  GPtrArray *infos;

  if (run != NULL && run->record != NULL)
    return pl_runs_window_list_parts (self, run);
  infos = g_ptr_array_new ();
  for (guint i = 0; i < self->selected->len; i++)
    g_ptr_array_add (infos, (gpointer) get_info (self, i));
  return infos;
}

static void
show_curves_of_one (PlRunsWindow *self, const PlRunInfo *info)
{
  add_curve (self->dice_plot, self->dice_curves, info, G_STRUCT_OFFSET (PlEpoch, train_dice),
             _ ("training"), colours[0]);
  add_curve (self->dice_plot, self->dice_curves, info, G_STRUCT_OFFSET (PlEpoch, val_dice),
             _ ("validation"), colours[1]);
  add_curve (self->loss_plot, self->loss_curves, info, G_STRUCT_OFFSET (PlEpoch, train_loss),
             _ ("training"), colours[0]);
  add_curve (self->loss_plot, self->loss_curves, info, G_STRUCT_OFFSET (PlEpoch, val_loss),
             _ ("validation"), colours[1]);
}

static void
show_curves (PlRunsWindow *self)
{
  g_autoptr (GPtrArray) infos = pl_runs_window_list_curves (self);
  const PlRunInfo *run = pl_runs_window_get_run (self);
  guint n = MIN (infos->len, PL_RUNS_MOST_COMPARED);
  const PlRunInfo *one = n == 1 ? g_ptr_array_index (infos, 0) : NULL;

  remove_curves (self->dice_plot, self->dice_curves);
  remove_curves (self->loss_plot, self->loss_curves);
  for (guint i = 0; i < n && n > 1; i++)
    {
      const PlRunInfo *info = g_ptr_array_index (infos, i);
      g_autofree char *name =
          run != NULL ? pl_run_dup_part_title (run, info) : g_strdup (info->title);

      add_curve (self->dice_plot, self->dice_curves, info, G_STRUCT_OFFSET (PlEpoch, val_dice),
                 name, colours[i]);
      add_curve (self->loss_plot, self->loss_curves, info, G_STRUCT_OFFSET (PlEpoch, train_loss),
                 name, colours[i]);
    }
  if (one != NULL)
    show_curves_of_one (self, one);
  pl_plot_set_mark (self->dice_plot, one != NULL && one->best_epoch > 0 ? one->best_epoch : NAN);
  pl_plot_set_title (self->dice_plot, n > 1 ? _ ("Validation Dice") : _ ("Dice"));
  pl_plot_set_title (self->loss_plot, n > 1 ? _ ("Training loss") : _ ("Loss"));
}

/* The table */

static void
clear_grid (GtkGrid *grid)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (grid))) != NULL)
    gtk_grid_remove (grid, child);
}

/* @css: (nullable) */
static GtkWidget *
add_cell (PlRunsWindow *self, int column, int row, const char *text, const char *css)
{
  GtkWidget *label =
      g_object_new (GTK_TYPE_LABEL, "label", text, "xalign", 0.0, "yalign", 0.0, "wrap", TRUE,
                    "wrap-mode", PANGO_WRAP_WORD_CHAR, "selectable", css == NULL, NULL);

  if (css != NULL)
    gtk_widget_add_css_class (label, css);
  gtk_grid_attach (self->facts_grid, label, column, row, 1, 1);
  return label;
}

void
pl_runs_window_add_heading (PlRunsWindow *self, int row, const char *text)
{
  GtkWidget *label = add_cell (self, 0, row, text, "heading");

  gtk_widget_set_margin_top (label, row > 0 ? 12 : 0);
}

void
pl_runs_window_add_fact (PlRunsWindow *self, int row, const char *name, const char *value)
{
  add_cell (self, 0, row, name, "dim-label");
  add_cell (self, 1, row, value, NULL);
}

/* The fact of each run that is shown, and whether they differ. */
static GStrv
dup_values (PlRunsWindow *self, guint fact, gboolean *differ)
{
  guint n = count_shown (self);
  GStrv values = g_new0 (char *, n + 1);

  *differ = FALSE;
  for (guint i = 0; i < n; i++)
    {
      values[i] = pl_run_fact_dup (fact, get_info (self, i));
      *differ |= !g_str_equal (values[0], values[i]);
    }
  return values;
}

static const char *
kind_title (PlRunFactKind kind, gboolean compares)
{
  switch (kind)
    {
    case PL_RUN_RESULT:
      return _ ("Results");
    case PL_RUN_SETTING:
      return compares ? _ ("Settings That Differ") : _ ("Settings");
    case PL_RUN_ORIGIN:
    default:
      return _ ("Made With");
    }
}

static int
add_facts (PlRunsWindow *self, PlRunFactKind kind, int row)
{
  gboolean compares = count_shown (self) > 1;
  int first = row++;

  for (guint fact = 0; fact < pl_run_facts_count (); fact++)
    {
      gboolean differ;
      g_auto (GStrv) values = NULL;

      if (pl_run_fact_kind (fact) != kind)
        continue;
      values = dup_values (self, fact, &differ);
      if (compares && kind != PL_RUN_RESULT && (!differ || pl_run_fact_is_own (fact)))
        continue;
      add_cell (self, 0, row, pl_run_fact_name (fact), "dim-label");
      for (int i = 0; values[i] != NULL; i++)
        add_cell (self, i + 1, row, values[i], NULL);
      row++;
    }
  if (row == first + 1)
    return first;
  pl_runs_window_add_heading (self, first, kind_title (kind, compares));
  return row;
}

static char *
dup_case_figures (const PlRunInfo *info, const char *name, gboolean is_alone)
{
  for (guint i = 0; i < info->test->len; i++)
    {
      const PlMetrics *m = &g_array_index (info->test, PlMetrics, i);

      if (!g_str_equal (info->test_names->pdata[i], name))
        continue;
      if (is_alone && !isnan (m->hd95_mm))
        /* Translators: figures of a test case. */
        return g_strdup_printf (_ ("Dice %.4f, HD95 %.1f mm"), m->dice, m->hd95_mm);
      return g_strdup_printf ("%.4f", m->dice);
    }
  return g_strdup (_ ("—"));
}

/* The cases of the first run that has any. */
static int
add_cases (PlRunsWindow *self, int row)
{
  guint n = count_shown (self);
  const PlRunInfo *source = NULL;

  for (guint i = n; i-- > 0;)
    if (get_info (self, i)->test->len > 0)
      source = get_info (self, i);
  if (source == NULL)
    return row;
  pl_runs_window_add_heading (self, row++, n > 1 ? _ ("Dice of Each Test Case") : _ ("Test Cases"));
  for (guint i = 0; i < MIN (source->test_names->len, MOST_CASES); i++)
    {
      add_cell (self, 0, row, source->test_names->pdata[i], "dim-label");
      for (guint k = 0; k < n; k++)
        {
          g_autofree char *text =
              dup_case_figures (get_info (self, k), source->test_names->pdata[i], n == 1);

          add_cell (self, (int) k + 1, row, text, NULL);
        }
      row++;
    }
  if (source->test_names->len > MOST_CASES)
    add_cell (self, 0, row++, _ ("All cases are in test.csv in the folder of the run."),
              "dim-label");
  return row;
}

static void
show_facts (PlRunsWindow *self)
{
  guint n = count_shown (self);
  const PlRunInfo *run = pl_runs_window_get_run (self);
  int row = 0;

  clear_grid (self->facts_grid);
  if (n > 1)
    {
      for (guint i = 0; i < n; i++)
        add_cell (self, (int) i + 1, 0, get_info (self, i)->title, "heading");
      row = 1;
    }
  if (n == 0)
    return;
  if (run != NULL && run->record != NULL)
    row = pl_runs_window_add_findings (self, run, row);
  else
    row = add_facts (self, PL_RUN_RESULT, row);
  row = add_facts (self, PL_RUN_SETTING, row);
  row = add_facts (self, PL_RUN_ORIGIN, row);
  add_cases (self, row);
}

void
pl_runs_window_show_details (PlRunsWindow *self)
{
  guint n = self->selected->len;
  g_autofree char *title = NULL;

  if (n == 1)
    title = g_strdup (get_info (self, 0)->title);
  else if (n > PL_RUNS_MOST_COMPARED)
    title = g_strdup_printf (_ ("%u runs selected; the first %d are compared"), n,
                             PL_RUNS_MOST_COMPARED);
  else
    title = n == 0 ? g_strdup (_ ("Select one or more runs"))
                   : g_strdup_printf (ngettext ("%u run compared", "%u runs compared", n), n);
  gtk_label_set_text (self->title_label, title);
  show_curves (self);
  show_facts (self);
}
