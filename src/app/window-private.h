/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/case-list.h"
#include "app/epoch-bar.h"
#include "app/epoch-masks.h"
#include "app/epoch-volume.h"
#include "app/live-cases.h"
#include "app/pending.h"
#include "app/slice-view.h"
#include "app/train-panel.h"
#include "app/view-bar.h"
#include "app/view-state.h"
#include "app/volume-cache.h"
#include "app/window.h"

#include "train/experiment.h"

/* The window's struct, for its files: window.c (what it is), window-actions.c (the commands),
 * window-display.c (colours, masks, zoom), window-levels.c (gray levels), window-open.c (data
 * sets), window-recent.c (what was opened before), window-add.c (masks that come later),
 * window-choose.c (dialogs), window-case.c (the case in view), window-cases.c (the list of
 * them), window-areas.c (how large lungs are), window-reading.c (volume and slice axis),
 * window-failed.c (why a case is not in view),
 * window-classes.c (what classes are called, and their colours), window-check.c (whether the data
 * set is whole), window-model.c (files of models,
 * masks and slices), window-panels.c (those beside the view), window-picture.c (pictures that are
 * copied and dragged), window-predict.c, window-setup.c (how to train), window-train.c,
 * window-experiment.c (several trainings in a row), window-live.c (the slices in view while it
 * trains), window-epochs.c (looking back at it), window-resume.c (going on after an interruption),
 * window-undo.c, window-look.c (what of the view is undone), window-volumes.c (what stays loaded),
 * window-work.c (progress, messages). Main thread. */

typedef struct _PlPredictJob PlPredictJob;
typedef struct _PlUndo PlUndo;
typedef struct _PlCheckState PlCheckState;

/* Something under way that has progress and can be cancelled. */
typedef struct
{
  GCancellable *cancellable; /* Owned; NULL when nothing is under way */
  char *text;                /* Owned */
  double fraction;
} PlWork;

/* A case that was taken from the list, and where it was. */
typedef struct
{
  guint position;
  PlCaseItem *item; /* Owned */
  PlCase *source;   /* Owned */
} PlRemovedCase;

struct _PlAppWindow
{
  AdwApplicationWindow parent_instance;

  /* Owned */
  PlViewState *state;
  PlDataset *dataset; /* (nullable) */
  GListStore *cases;  /* of PlCaseItem, one for each case of the data set, in its order */
  GPtrArray *removed; /* of PlRemovedCase, the last one last */
  PlUndo *undo;
  PlCheckState *check;        /* of the data set */
  PlCaseItem *current;        /* (nullable): the case in view */
  PlMask *truth;              /* (nullable): of the current case; it may come before the image */
  PlVolumeCache *volumes;     /* of cases that were in view */
  char *volume_key;           /* (nullable): of the current case, before it was read */
  GtkStringList *problems;    /* a text each: what was left out, what went wrong */
  PlModel *model;             /* (nullable): predictions are made with it */
  char *model_name;           /* (nullable): what it is called */
  PlModel *second_model;      /* (nullable): and with it */
  PlTrainer *trainer;         /* (nullable): while it runs */
  PlExperiment *experiment;   /* (nullable): while it runs, and @trainer is one of its */
  GtkWindow *findings;        /* (nullable): the window of an experiment */
  GtkWindow *problems_window; /* (nullable): the window of the problems */
  char *trained_folder;       /* (nullable): of the data set it is of */
  char *run_folder;           /* (nullable): where it writes */
  char *resume_folder;        /* (nullable): a run to go on with when its data set is open */
  char *start_path;           /* (nullable): of the model that a training is to start from */
  PlPredictJob *prediction;   /* (nullable): while it runs */
  PlEpochMasks *epoch_masks;
  PlEpochVolume *epoch_volume;
  GArray *history;         /* (element-type PlEpoch): of the run in run_folder */
  GArray *kept_epochs;     /* (element-type int): of it */
  PlModel *model_before;   /* (nullable): an epoch was taken for the model instead */
  char *name_before;       /* (nullable) */
  PlLiveCases *live_cases; /* of the montage */
  GArray *live_wishes;   /* (element-type PlPreviewWish): in view, and shown as they are learned */
  GPtrArray *live_items; /* (element-type PlCaseItem): one a wish: whose it is */
  char *preset;          /* id, or "custom" */
  char *levels_path;     /* (nullable): the folder or file that gray levels are kept for */
  GStrv left_out;        /* (nullable): files that were not added to the data set */

  /* Each drops its answers when its cancellable is no longer the one here. */
  PlWork opening;          /* a data set, or the sample data being written */
  PlWork loading;          /* the case in view */
  PlWork predicting;       /* one case, or all */
  PlWork exporting;        /* the montage, a bundle of slices */
  PlWork checking;         /* the data set, or its manifest being written */
  GCancellable *measuring; /* Owned, nullable: the lungs of a case */
  PlPending adding;        /* files, to the data set */
  int n_loads;             /* of image and mask, still to come */

  guint play_source;   /* 0 while the slices stand still */
  guint levels_source; /* 0 while no gray levels wait to be kept */
  guint live_source;   /* 0 while what is in view has not changed */

  gboolean shows_sides; /* masks of both lungs are shown as left and right */

  gboolean volume_is_current; /* what the state holds is of the current case */
  gboolean has_failed; /* the current case is not there: its loading failed, or was cancelled */

  int epoch_shown;           /* 0: the newest */
  guint n_shown;             /* volumes so far */
  gboolean has_chosen_epoch; /* for the model, while it trains */

  gboolean cases_gave_way; /* to the training panel, in a narrow window */

  guint n_left_out;      /* files of the data set */
  gboolean is_replaying; /* a run, from the window of runs */

  gboolean closing;   /* as soon as the training has saved itself */
  gboolean is_closed; /* its widgets are gone or going; late answers are dropped */

  /* Template children */
  AdwToastOverlay *toasts;
  AdwToastOverlay *view_toasts; /* over the image, so that no control is hidden */
  GtkStack *pages;
  AdwSplitButton *open_button;
  AdwViewSwitcherTitle *title;
  GtkWidget *switcher_bar;
  AdwViewStack *views;
  GtkWidget *slice_view;
  GtkWidget *montage_view;
  GtkWidget *compare_view;
  GtkWidget *planes_view;
  AdwFlap *cases_flap;
  AdwFlap *train_flap;
  GtkWidget *view_area;
  GtkStack *view_pages; /* the views, or why there is nothing to view */
  AdwStatusPage *failed_page;
  GtkWidget *reload_button;
  PlCaseList *case_list;
  PlTrainPanel *train_panel;
  PlViewBar *view_bar;
  PlEpochBar *epoch_bar;
  GtkLabel *opening_label;
  GtkProgressBar *opening_progress;
  GtkRevealer *resume_revealer;
  GtkLabel *resume_label;
  GtkWidget *resume_button;
  GtkRevealer *work_revealer;
  GtkLabel *work_label;
  GtkProgressBar *work_progress;
};

/* window-actions.c */
void pl_app_window_add_actions (PlAppWindow *self);
/* What can be done now; call it when something begins or ends. */
void pl_app_window_update_actions (PlAppWindow *self);
/* Handlers of actions that are state only: without them GSimpleAction would take what it is given
 * as the state. */
void pl_app_window_refuse_activation_cb (GSimpleAction *action, GVariant *parameter, gpointer data);
void pl_app_window_refuse_change_cb (GSimpleAction *action, GVariant *state, gpointer data);
/* @state is taken if floating. */
void pl_app_window_set_action_state (PlAppWindow *self, const char *action, GVariant *state);

/* window.c */
/* @page: "empty", "opening" or "content". */
void pl_app_window_show_page (PlAppWindow *self, const char *page);
void pl_app_window_focus_view (PlAppWindow *self);

/* window-panels.c */
/* What is toggled is remembered, and a narrow window shows one panel at a time. */
void pl_app_window_add_panels (PlAppWindow *self);
/* They get their widths before they are shown. */
void pl_app_window_lay_out_panels (PlAppWindow *self);
/* The focus to the next pane, or with −1 the one before: cases, view, its bar, training. */
void pl_app_window_step_pane (PlAppWindow *self, int step);

/* window-work.c */
/* Cancels what was there. */
GCancellable *pl_app_window_begin_work (PlAppWindow *self, PlWork *work, const char *text);
void pl_app_window_end_work (PlAppWindow *self, PlWork *work);
gboolean pl_work_is_current (const PlWork *work, GCancellable *cancellable);
void pl_app_window_update_work (PlAppWindow *self);
void pl_app_window_toast (PlAppWindow *self, const char *text);
/* A toast that leads to the list of problems, where @error stays; NULL and cancellation say
 * nothing. */
void pl_app_window_report (PlAppWindow *self, const char *summary, const GError *error);
/* Its two halves: the message without the toast, and the toast for messages that are there. Of an
 * error also what can be done about it. */
void pl_app_window_note (PlAppWindow *self, const char *summary, const char *message);
void pl_app_window_note_error (PlAppWindow *self, const char *summary, const GError *error);
void pl_app_window_point_to_problems (PlAppWindow *self, const char *summary);
/* A toast with a button that does @action, an action of the window, detailed. */
void
pl_app_window_offer (PlAppWindow *self, const char *text, const char *label, const char *action);
/* A notification if the user is elsewhere. @action: (nullable): a detailed action of the
 * application that it leads to; NULL for the main window */
void pl_app_window_notify (PlAppWindow *self, const char *text, const char *action);
/* A toast, and the same. */
void pl_app_window_announce (PlAppWindow *self, const char *text);
void pl_app_window_update_problems (PlAppWindow *self);
void pl_app_window_show_problems (PlAppWindow *self);

/* window-display.c */
void pl_app_window_bind_display (PlAppWindow *self);
void pl_app_window_zoom (PlAppWindow *self, double factor); /* 0: fit */

/* window-levels.c */
void pl_app_window_bind_levels (PlAppWindow *self);
void pl_app_window_set_preset (PlAppWindow *self, const char *preset);
/* Those that @path, a folder or file, was looked at with last; it keeps what they become. */
void pl_app_window_open_levels (PlAppWindow *self, const char *path);
/* Now instead of soon. */
void pl_app_window_keep_levels (PlAppWindow *self);
/* The window goes. */
void pl_app_window_forget_levels (PlAppWindow *self);

/* window-compare.c */
void pl_app_window_add_compare_actions (PlAppWindow *self);
gboolean pl_app_window_has_enlarged (PlAppWindow *self); /* in the view that is shown */

/* window-heat.c */
/* With the case, as long as there is room; one in view, and the one of @item, stay. */
void pl_app_window_keep_heat (PlAppWindow *self, PlCaseItem *item, PlMask *heat);

/* window-montage.c */
void pl_app_window_bind_montage (PlAppWindow *self);

/* window-export.c */
gboolean pl_app_window_can_export_montage (PlAppWindow *self);
void pl_app_window_export_montage (PlAppWindow *self, const char *path); /* .png or .pdf */

/* window-open.c */
void pl_app_window_open_folder (PlAppWindow *self, const char *folder);
/* As a data set of their own. */
void pl_app_window_open_files (PlAppWindow *self, char **files);
void pl_app_window_open_sample_data (PlAppWindow *self);

/* window-recent.c */
void pl_app_window_add_recent (PlAppWindow *self);
/* A folder, or files that were opened together, is the newest from now on. */
void pl_app_window_remember (PlAppWindow *self, char **paths);

/* window-add.c */
void pl_app_window_add_left_out_actions (PlAppWindow *self);
/* To the data set that is open: masks get their images, other files that are not in it are left
 * out, which is said. */
void pl_app_window_add_files (PlAppWindow *self, char **paths);

/* window-choose.c: dialogs, and what is dropped on the window */
void pl_app_window_choose_files (PlAppWindow *self);
void pl_app_window_choose_folder (PlAppWindow *self);
void pl_app_window_choose_model (PlAppWindow *self);
void pl_app_window_choose_second_model (PlAppWindow *self);
void pl_app_window_choose_training_start (PlAppWindow *self);
void pl_app_window_choose_model_to_save (PlAppWindow *self);
void pl_app_window_choose_mask_to_save (PlAppWindow *self);
void pl_app_window_choose_montage_to_save (PlAppWindow *self);
void pl_app_window_choose_slices (PlAppWindow *self);
void pl_app_window_choose_slice_folder (PlAppWindow *self);
void pl_app_window_choose_slice_to_save (PlAppWindow *self, gboolean with_masks);
void pl_app_window_accept_drops (PlAppWindow *self);

/* window-case.c */
void pl_app_window_show_case (PlAppWindow *self, PlCaseItem *item); /* (nullable) */
PlCaseItem *pl_app_window_find_case (PlAppWindow *self, const char *name);
/* Anew, as it is to be read now. */
void pl_app_window_load_case (PlAppWindow *self);
/* Its mask alone, which is to be read another way now. */
void pl_app_window_load_truth (PlAppWindow *self);
/* After its prediction has changed, or that of the second model. */
void pl_app_window_show_prediction (PlAppWindow *self);
void pl_app_window_show_second (PlAppWindow *self);
void pl_app_window_update_title (PlAppWindow *self);

/* window-failed.c */
void pl_app_window_add_failed_actions (PlAppWindow *self);
/* The current case could not be loaded, or was not to be any more. */
void pl_app_window_fail_case (PlAppWindow *self, const GError *error);
/* After has_failed or the view has changed: in place of a view of nothing the window says why. */
void pl_app_window_update_failed (PlAppWindow *self);

/* window-cases.c */
void pl_app_window_add_cases_actions (PlAppWindow *self);
void pl_app_window_update_cases_actions (PlAppWindow *self);
void pl_app_window_remove_case (PlAppWindow *self, PlCaseItem *item);
void pl_app_window_restore_case (PlAppWindow *self); /* the last one that was removed, if any */
/* Cases came or went, or one has a mask now. */
void pl_app_window_tell_of_cases (PlAppWindow *self);
/* Of a new data set: all of it is shown, and nothing was removed. */
void pl_app_window_reset_cases (PlAppWindow *self);

/* window-areas.c */
/* Goes on until the lungs of all cases are measured, if the list is sorted by them. */
void pl_app_window_measure_cases (PlAppWindow *self);
void pl_app_window_stop_measuring (PlAppWindow *self);

/* window-classes.c */
void pl_app_window_add_classes (PlAppWindow *self);
void pl_app_window_update_classes_actions (PlAppWindow *self);
/* After the data set, what its classes are called, the model or what is trained has changed. */
void pl_app_window_update_classes (PlAppWindow *self);
void pl_app_window_take_score (PlAppWindow *self, PlCaseItem *item, const PlCaseScore *score);

/* window-bundle.c */
void pl_app_window_add_bundle_actions (PlAppWindow *self);
void pl_app_window_update_bundle_actions (PlAppWindow *self);
/* Slices of @folder into the volume @path, @step_mm apart or, when it is 0, as far as they tell;
 * those of the case in view into @folder. */
void pl_app_window_bundle (PlAppWindow *self, const char *folder, const char *path, double step_mm);
void pl_app_window_unbundle (PlAppWindow *self, const char *folder);

/* window-check.c */
void pl_app_window_add_check_actions (PlAppWindow *self);
void pl_app_window_bind_check (PlAppWindow *self);
void pl_app_window_update_check_actions (PlAppWindow *self);
/* Another data set is open, or its files are others. */
void pl_app_window_reset_check (PlAppWindow *self);
/* The same as before, but for cases that are listed or not, and what they consist of. */
void pl_app_window_update_check (PlAppWindow *self);
/* Nothing more is read. */
void pl_app_window_stop_check (PlAppWindow *self);
void pl_check_state_free (PlCheckState *check);

/* window-manifest.c */
void pl_app_window_add_manifest_actions (PlAppWindow *self);
void pl_app_window_update_manifest_actions (PlAppWindow *self);

/* window-split.c */
void pl_app_window_add_split_actions (PlAppWindow *self);
void pl_app_window_update_split_actions (PlAppWindow *self);

/* window-reading.c */
gboolean pl_app_window_has_volumes (PlAppWindow *self);
gboolean pl_app_window_has_axes (PlAppWindow *self);
void pl_app_window_set_volume (PlAppWindow *self, int volume); /* clamped */
/* @name: a state of win.slice-axis; anything else is passed over. */
void pl_app_window_set_slice_axis (PlAppWindow *self, const char *name);
/* After another case was chosen. */
void pl_app_window_update_reading (PlAppWindow *self);

/* window-model.c */
void pl_app_window_set_model (PlAppWindow *self, PlModel *model, const char *name);
void pl_app_window_set_second_model (PlAppWindow *self,
                                     PlModel *model, /* (nullable): none */
                                     const char *name);
/* @callback gets a GTask whose data is the path and whose pointer the model. */
void pl_app_window_read_model (PlAppWindow *self, const char *path, GAsyncReadyCallback callback);
void pl_app_window_open_second_model (PlAppWindow *self, GFile *file);
void pl_app_window_save_model (PlAppWindow *self, const char *path);
void pl_app_window_save_mask (PlAppWindow *self, const char *path);
void pl_app_window_save_slice (PlAppWindow *self, const char *path, gboolean with_masks);

/* window-picture.c */
void pl_app_window_add_picture_actions (PlAppWindow *self);
/* What a picture of the slice in view is called: its case, and its number from 1. */
char *pl_app_window_dup_slice_name (PlAppWindow *self);

/* window-planes.c */
void pl_app_window_add_planes (PlAppWindow *self);

/* window-predict.c */
void pl_app_window_predict (PlAppWindow *self);
void pl_app_window_predict_all (PlAppWindow *self);
/* With another model: masks and Dice of the one before go, and what is being predicted is predicted
 * anew. */
void pl_app_window_forget_predictions (PlAppWindow *self);
void pl_app_window_forget_second_predictions (PlAppWindow *self);

/* window-setup.c */
void pl_app_window_add_setup_actions (PlAppWindow *self);
void pl_app_window_update_setup_actions (PlAppWindow *self);
/* @start: "" for new weights, "model" for the model in use, or a model's file. */
void pl_app_window_start_training_from (PlAppWindow *self, const char *start);

/* window-runs.c */
void pl_app_window_add_runs_actions (PlAppWindow *self);

/* window-slice.c */
void pl_app_window_add_slice_actions (PlAppWindow *self);
void pl_app_window_set_playing (PlAppWindow *self, gboolean is_playing);
/* (nullable) (transfer none): the first on the screen that can hear keys. */
PlSliceView *pl_app_window_find_slice_view (PlAppWindow *self);

/* window-undo.c */
void pl_app_window_add_undo_actions (PlAppWindow *self);
void pl_app_window_update_undo_actions (PlAppWindow *self);
/* From now on. */
void pl_app_window_watch_view (PlAppWindow *self);
/* @item was taken from the list; it was put back. */
void pl_app_window_note_removal (PlAppWindow *self, PlCaseItem *item);
void pl_app_window_note_return (PlAppWindow *self, PlCaseItem *item);
/* Another is going to be used. */
void pl_app_window_note_second_model (PlAppWindow *self);
void pl_app_window_clear_undo (PlAppWindow *self);
void pl_undo_free (PlUndo *undo);

/* window-volumes.c */
void pl_app_window_add_volumes (PlAppWindow *self);
/* (nullable) (transfer full): of the current case, if it is still there; else room is made for it.
 * @truth: (out): as that of the cache */
PlVolume *pl_app_window_find_volume (PlAppWindow *self, PlMask **truth);
/* The current case is going to be read. */
void pl_app_window_update_volume_key (PlAppWindow *self);
/* The current case is loaded. */
void pl_app_window_keep_volume (PlAppWindow *self);

/* window-train.c */
void pl_app_window_train (PlAppWindow *self);
/* $XDG_DATA_HOME/pleura/runs/20250131-142501-thorax with @suffix, and -2 and so on for more in one
 * second. */
char *pl_app_window_dup_run_folder (PlAppWindow *self, const char *suffix);
/* The parts of the split, and the patients, in the list of cases. */
void pl_app_window_show_groups (PlAppWindow *self);
/* For pl_app_window_train() and experiments: what is said at the beginning and the end of all, and
 * what is shown of a @trainer that is about to begin, but for its status and notices. */
void pl_app_window_begin_training (PlAppWindow *self);
void pl_app_window_refuse_training (PlAppWindow *self, const GError *error);
void pl_app_window_end_training (PlAppWindow *self, const char *state);
void pl_app_window_follow_training (PlAppWindow *self,
                                    PlTrainer *trainer,
                                    const char *data_folder,
                                    GArray *history); /* (nullable) */
void pl_app_window_leave_training (PlAppWindow *self);
void pl_app_window_set_training_paused (PlAppWindow *self, gboolean paused);
void pl_app_window_stop_training (PlAppWindow *self);
void pl_app_window_set_stop_after_epoch (PlAppWindow *self, gboolean stop);
/* Of the data set that is open. @history: (nullable) (element-type PlEpoch): of before it was
 * interrupted. */
void pl_app_window_run_training (PlAppWindow *self, PlTrainer *trainer, GArray *history);

/* window-resume.c: trainings and experiments that were interrupted */
void pl_app_window_add_resume_actions (PlAppWindow *self);
/* @run_folder: (nullable): of what has begun; NULL when it has ended by itself. */
void pl_app_window_remember_run (PlAppWindow *self, const char *run_folder);
/* At the start: says that there is one. */
void pl_app_window_offer_resume (PlAppWindow *self);
/* After the data set of resume_folder was opened, if there is one. */
void pl_app_window_go_on (PlAppWindow *self);

/* window-experiment.c */
void pl_app_window_add_experiment_actions (PlAppWindow *self);
void pl_app_window_update_experiment_actions (PlAppWindow *self);
/* With the data set that is open. */
void pl_app_window_resume_experiment (PlAppWindow *self, const char *folder);

/* window-epochs.c: looking back at those that a run has kept */
void pl_app_window_add_epoch_actions (PlAppWindow *self);
void pl_app_window_bind_epochs (PlAppWindow *self);
void pl_app_window_update_epoch_actions (PlAppWindow *self);
void pl_app_window_update_epoch_text (PlAppWindow *self);
/* The window goes: nothing more is predicted; then, that was all. */
void pl_app_window_stop_epochs (PlAppWindow *self);
void pl_app_window_forget_epochs (PlAppWindow *self);
/* For the views: of the model whose masks they show. */
void pl_app_window_update_model_name (PlAppWindow *self);
/* (nullable): while an epoch is looked at, that of the epoch. */
PlModel *pl_app_window_get_shown_model (PlAppWindow *self);
/* Of the run in run_folder, which begins or goes on. @history: (nullable) (element-type PlEpoch).
 */
void pl_app_window_begin_epochs (PlAppWindow *self, GArray *history);
void pl_app_window_add_epoch (PlAppWindow *self, const PlTrainPoint *point);
void pl_app_window_end_epochs (PlAppWindow *self);
/* The nearest that was kept; 0 for the newest. */
void pl_app_window_show_epoch (PlAppWindow *self, int epoch);

/* window-live.c: what is predicted of the slices in view as a training goes on, or was at one of
 * its epochs */
void pl_app_window_bind_live (PlAppWindow *self);
/* The window goes. */
void pl_app_window_forget_live (PlAppWindow *self);
/* After what is in view, or what predicts it, has changed; it is looked at before the next frame.
 */
void pl_app_window_update_live (PlAppWindow *self);
void pl_app_window_take_preview (PlAppWindow *self, const PlPreview *preview);
/* If it is still wished for. */
void pl_app_window_show_live (PlAppWindow *self, const char *case_name, int slice, PlMask *mask);
/* FALSE while the mask of the slice in view is still of the epoch that was shown before. */
gboolean pl_app_window_slice_is_of_epoch (PlAppWindow *self);
/* Until others come. */
void pl_app_window_drop_live (PlAppWindow *self);
