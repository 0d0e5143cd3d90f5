/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/plot.h"
#include "app/run-item.h"
#include "app/runs-window.h"

#include "train/run-replay.h"
#include "train/trainer.h"

/* The window's struct, for its files: runs-window.c (what it is, and its list), -details.c (what is
 * shown of the selected runs), -messages.c, -actions.c (what is done with them), -delete.c,
 * -files.c (export and import), -focus.c (its keys and its menu), -replay.c, -experiment.c (several
 * trainings as one). Main thread. */

enum
{
  PL_RUNS_MOST_COMPARED = 8,
};

struct _PlRunsWindow
{
  AdwApplicationWindow parent_instance;

  /* Owned */
  char *folder;                 /* where the runs are */
  GListStore *runs;             /* of PlRunItem */
  GtkMultiSelection *selection; /* over them, as sorted and searched */
  GtkFilter *filter;            /* by what is searched for */
  GPtrArray *selected;          /* of PlRunItem */
  GPtrArray *deleted;           /* of PlRunItem: gone from the list, their folders not yet */
  AdwToast *delete_toast;       /* (nullable): offers to bring them back */
  GPtrArray *wanted;            /* (nullable) of utf8: folders to select once they are listed */
  GCancellable *loading;        /* (nullable): reading the list */
  GCancellable *working;        /* (nullable): export, import or a replay */
  PlTrainer *trainer;           /* (nullable): of a replay under way */
  PlReplay *replay;             /* (nullable): likewise */
  GArray *dice_curves;          /* of int: those in the plot */
  GArray *loss_curves;
  GtkWidget *menu; /* of the list */

  /* Borrowed */
  PlAppWindow *owner; /* (nullable): when it is gone */

  /* Template children */
  AdwToastOverlay *toasts;
  GMenuModel *run_menu;
  GtkStack *pages;
  GtkSearchEntry *search_entry;
  GtkColumnView *list;
  GtkLabel *title_label;
  PlPlot *dice_plot;
  PlPlot *loss_plot;
  GtkWidget *results_button;
  GtkGrid *facts_grid;
  GtkRevealer *work_revealer;
  GtkLabel *work_label;
  GtkProgressBar *work_progress;
};

/* runs-window.c */
/* Reads the list anew; the selection stays, or becomes @select: (nullable): a run's folder. */
void pl_runs_window_load (PlRunsWindow *self, const char *select);
/* Enables what can be done now. */
void pl_runs_window_update_actions (PlRunsWindow *self);
/* @state is taken if floating. */
void pl_runs_window_set_state (PlRunsWindow *self, const char *action, GVariant *state);
/* (nullable): the only one that is selected. */
const PlRunInfo *pl_runs_window_get_run (PlRunsWindow *self);

/* runs-window-focus.c */
/* Also when nothing of the window has it. */
gboolean pl_runs_window_list_has_focus (PlRunsWindow *self);
/* To the first selected run. */
void pl_runs_window_focus_list (PlRunsWindow *self);
void pl_runs_window_bind_keys (GtkWidgetClass *widget_class);
void pl_runs_window_add_menu (PlRunsWindow *self);

/* runs-window-messages.c */
void pl_runs_window_toast (PlRunsWindow *self, const char *text);
/* With a button that opens @details in a window. */
void pl_runs_window_toast_details (PlRunsWindow *self, const char *summary, const char *details);
/* What went wrong, likewise; NULL and cancellation say nothing. */
void pl_runs_window_report (PlRunsWindow *self, const char *summary, const GError *error);
/* @message: "summary\ndetails" */
void pl_runs_window_show_message (PlRunsWindow *self, const char *message);

/* runs-window-details.c */
void pl_runs_window_show_details (PlRunsWindow *self);
/* (transfer container) (element-type PlRunInfo): the selected ones; of an experiment its trainings.
 */
GPtrArray *pl_runs_window_list_curves (PlRunsWindow *self);
/* Rows of the table below the curves. */
void pl_runs_window_add_heading (PlRunsWindow *self, int row, const char *text);
void pl_runs_window_add_fact (PlRunsWindow *self, int row, const char *name, const char *value);

/* runs-window-experiment.c */
/* (nullable): what is listed of this folder. */
const PlRunInfo *pl_runs_window_find (PlRunsWindow *self, const char *folder);
/* "Fold 2 of 5" */
char *pl_run_dup_part_title (const PlRunInfo *experiment, const PlRunInfo *run);
gboolean pl_run_is_part_of (const PlRunInfo *run, const PlRunInfo *experiment);
/* (transfer container) (element-type PlRunInfo): the trainings of one that are listed. */
GPtrArray *pl_runs_window_list_parts (PlRunsWindow *self, const PlRunInfo *experiment);
/* What came of it, from row @row of the table on; the next free row. */
int pl_runs_window_add_findings (PlRunsWindow *self, const PlRunInfo *experiment, int row);
/* (nullable): folder of the experiment that is selected, or that the selected run is part of. */
const char *pl_runs_window_get_experiment (PlRunsWindow *self);

/* runs-window-actions.c */
void pl_runs_window_add_actions (PlRunsWindow *self);

/* runs-window-delete.c */
void pl_runs_window_delete (PlRunsWindow *self); /* the selected ones */
void pl_runs_window_undo_delete (PlRunsWindow *self);
/* Deleted runs that can no longer be brought back go to the trash. */
void pl_runs_window_empty_deleted (PlRunsWindow *self);

/* runs-window-files.c */
void pl_runs_window_choose_export (PlRunsWindow *self);
void pl_runs_window_choose_import (PlRunsWindow *self);
void pl_runs_window_export (PlRunsWindow *self, const char *path);
void pl_runs_window_import (PlRunsWindow *self, const char *path);
/* What is under way, with a bar and a button that cancels the answer. */
GCancellable *pl_runs_window_begin_work (PlRunsWindow *self, const char *text);
void pl_runs_window_set_progress (PlRunsWindow *self, double fraction);
void pl_runs_window_stop_work (PlRunsWindow *self); /* it ends by itself */
void pl_runs_window_end_work (PlRunsWindow *self);

/* runs-window-replay.c */
void pl_runs_window_replay (PlRunsWindow *self);
void pl_runs_window_stop_replay (PlRunsWindow *self);
