/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The presets, in one table. */
#include "train/presets.h"

#include "unet/schedule.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Shares that went through a control in percent are rounded. */
#define SHARE_TOLERANCE 1e-6

typedef struct
{
  const char *name;
  const char *title;
  const char *summary;
  int epochs;
  int patience;
  int batch;
  int size_px;
  int base;
  int depth;
  double rate;
  double decay;
  PlLossKind loss;
  PlScheduleKind schedule;
  gboolean augment;
  double split[3];
} Preset;

/* The tutorial's Adam has no decay, and its images are not varied; its split is 216, 21 and 3 of
 * 240 images. */
static const Preset presets[PL_N_PRESETS] = {
  [PL_PRESET_QUICK] = {
    .name = "quick",
    .title = N_ ("Quick"),
    .summary = N_ ("A first result in under a minute"),
    .epochs = 6,
    .patience = 0,
    .batch = 4,
    .size_px = 128,
    .base = 16,
    .depth = 4,
    .rate = 4e-3,
    .decay = 1e-4,
    .loss = PL_LOSS_BOTH,
    .schedule = PL_SCHEDULE_COSINE,
    .augment = TRUE,
    .split = { 0.8, 0.1, 0.1 },
  },
  [PL_PRESET_STANDARD] = {
    .name = "standard",
    .title = N_ ("Standard"),
    .summary = N_ ("A good result in minutes"),
    .epochs = 30,
    .patience = 0,
    .batch = 4,
    .size_px = 256,
    .base = 16,
    .depth = 4,
    .rate = 3e-3,
    .decay = 1e-4,
    .loss = PL_LOSS_BOTH,
    .schedule = PL_SCHEDULE_COSINE,
    .augment = TRUE,
    .split = { 0.8, 0.1, 0.1 },
  },
  [PL_PRESET_THOROUGH] = {
    .name = "thorough",
    .title = N_ ("Thorough"),
    .summary = N_ ("The best result, with time to spare"),
    .epochs = 60,
    .patience = 15,
    .batch = 4,
    .size_px = 256,
    .base = 32,
    .depth = 4,
    .rate = 3e-3,
    .decay = 1e-4,
    .loss = PL_LOSS_BOTH,
    .schedule = PL_SCHEDULE_COSINE,
    .augment = TRUE,
    .split = { 0.8, 0.1, 0.1 },
  },
  [PL_PRESET_TUTORIAL] = {
    .name = "tutorial",
    .title = N_ ("Tutorial"),
    .summary = N_ ("Trains as the Keras tutorial does, to compare with it"),
    .epochs = 100,
    .patience = 0,
    .batch = 32,
    .size_px = 256,
    .base = 16,
    .depth = 4,
    .rate = 1e-3,
    .decay = 0,
    .loss = PL_LOSS_CROSS_ENTROPY,
    .schedule = PL_SCHEDULE_PLATEAU,
    .augment = FALSE,
    .split = { 0.9, 0.0875, 0.0125 },
  },
};

const char *
pl_preset_name (PlPreset preset)
{
  return presets[preset].name;
}

gboolean
pl_preset_from_name (const char *name, PlPreset *preset)
{
  for (PlPreset i = 0; i < PL_N_PRESETS; i++)
    if (g_str_equal (presets[i].name, name))
      {
        *preset = i;
        return TRUE;
      }
  return FALSE;
}

const char *
pl_preset_title (PlPreset preset)
{
  return _ (presets[preset].title);
}

const char *
pl_preset_summary (PlPreset preset)
{
  return _ (presets[preset].summary);
}

void
pl_preset_apply (PlPreset preset, PlTrainSettings *settings)
{
  const Preset *p = &presets[preset];

  settings->epochs = p->epochs;
  settings->patience = p->patience;
  settings->batch = p->batch;
  settings->size_px = p->size_px;
  settings->base = p->base;
  settings->depth = p->depth;
  settings->rate = p->rate;
  settings->decay = p->decay;
  settings->loss = p->loss;
  settings->schedule = p->schedule;
  settings->augment = p->augment;
  for (int i = 0; i < 3; i++)
    settings->split[i] = p->split[i];
}

static gboolean
is_same_split (const double a[3], const double b[3])
{
  double sum = a[0] + a[1] + a[2];

  for (int i = 0; i < 3; i++)
    if (!(fabs (a[i] / sum - b[i]) < SHARE_TOLERANCE))
      return FALSE;
  return TRUE;
}

static gboolean
is_preset (const Preset *p, const PlTrainSettings *s)
{
  return s->epochs == p->epochs && s->patience == p->patience && s->batch == p->batch &&
         s->size_px == p->size_px && s->base == p->base && s->depth == p->depth &&
         s->rate == p->rate && s->decay == p->decay && s->loss == (int) p->loss &&
         s->schedule == (int) p->schedule && !s->augment == !p->augment &&
         is_same_split (s->split, p->split);
}

gboolean
pl_preset_find (const PlTrainSettings *settings, PlPreset *preset)
{
  for (PlPreset i = 0; i < PL_N_PRESETS; i++)
    if (is_preset (&presets[i], settings))
      {
        *preset = i;
        return TRUE;
      }
  return FALSE;
}
