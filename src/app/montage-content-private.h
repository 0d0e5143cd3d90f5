/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/montage-content.h"
#include "app/pending.h"

/* The content's struct, for its files: montage-content.c (what the tiles are, and in which order),
 * montage-content-facts.c (what is known of them) and montage-content-names.c. Main thread. */

struct _PlMontageContent
{
  GObject parent_instance;

  /* Owned */
  PlViewState *state;
  PlPlanesState *planes; /* (nullable): whose crosshair selects planes */
  GListModel *cases;     /* (nullable) */
  PlCaseItem *current;   /* (nullable) */
  GPtrArray *items;      /* (nullable) (element-type PlCaseItem): the subjects, if they are cases */
  GArray *facts;         /* (element-type PlMontageFact): one a subject */
  GArray *live_dice;     /* (element-type double): of those that have a preview; NaN else */
  GHashTable *previews;  /* those that it is of */
  GArray *tiles;         /* (element-type int): subjects */
  GArray *places;        /* (element-type int): one a subject; −1: no tile */
  PlPending counting;

  PlMontageOptions options;
  gboolean hides_predictions;
  gboolean has_areas; /* of cases: known, or being worked out */
};

static inline PlMontageFact *
pl_montage_content_fact (PlMontageContent *self, int subject)
{
  return &g_array_index (self->facts, PlMontageFact, subject);
}

static inline PlCaseItem *
pl_montage_content_item (PlMontageContent *self, int subject)
{
  return g_ptr_array_index (self->items, subject);
}

/* montage-content.c */
/* After facts have changed: puts the tiles in order. */
void pl_montage_content_tell_facts (PlMontageContent *self);

/* montage-content-facts.c */
/* There are @n subjects, of which nothing is known. */
void pl_montage_content_forget_facts (PlMontageContent *self, int n);
/* Of planes, which look as they did until the answer comes. */
void pl_montage_content_count_facts (PlMontageContent *self);
/* Of cases, if they are to be sorted by them. */
void pl_montage_content_count_areas (PlMontageContent *self);
/* Dice of slices whose preview has changed, or of all that have one after they were forgotten. */
void pl_montage_content_forget_previews (PlMontageContent *self);
void pl_montage_content_count_previews (PlMontageContent *self);
/* The same of a case. */
void pl_montage_content_read_preview (PlMontageContent *self, int subject);
/* What a case's item says. */
void pl_montage_content_read_item (PlMontageContent *self, int subject);
