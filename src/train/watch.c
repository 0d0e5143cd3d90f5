/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Warnings in words. A warning that comes without need is not read the next time, so each waits for
 * several epochs that agree: the loss of a small validation part jumps by some 10 % from one epoch
 * to the next. */
#include "train/watch.h"

#include <glib/gi18n-lib.h>
#include <math.h>

enum
{
  SMOOTHED = 3,      /* epochs */
  RISING_EPOCHS = 5, /* since the lowest validation loss */
  LEARNING_EPOCHS = 5,
  EMPTY_EPOCHS = 3,
};

#define RISE 1.1         /* of the validation loss */
#define FALL 0.95        /* of the training loss meanwhile */
#define VAL_LEARNED 0.98 /* of the first epoch's loss */
#define TRAIN_LEARNED 0.9
#define GOOD_DICE 0.5 /* a network that starts from a trained one has nothing to learn any more */

static const PlEpoch *
get_epoch (const GArray *history, guint i)
{
  return &g_array_index (history, PlEpoch, i);
}

static double
find_median (double a, double b, double c)
{
  return MAX (MIN (a, b), MIN (MAX (a, b), c));
}

/* Medians of the three epochs up to @i: one that is out of line does not count. */
static void
smooth (const GArray *history, guint i, double *train_loss, double *val_loss)
{
  const PlEpoch *a = get_epoch (history, i - 2);
  const PlEpoch *b = get_epoch (history, i - 1);
  const PlEpoch *c = get_epoch (history, i);

  *train_loss = find_median (a->train_loss, b->train_loss, c->train_loss);
  *val_loss = find_median (a->val_loss, b->val_loss, c->val_loss);
}

/* Where the smoothed validation loss is lowest. */
static guint
find_lowest (const GArray *history, double *train_loss, double *val_loss)
{
  guint lowest = SMOOTHED - 1;

  smooth (history, lowest, train_loss, val_loss);
  for (guint i = lowest + 1; i < history->len; i++)
    {
      double train, val;

      smooth (history, i, &train, &val);
      if (val >= *val_loss)
        continue;
      lowest = i;
      *train_loss = train;
      *val_loss = val;
    }
  return lowest;
}

static gboolean
are_all_above (const GArray *history, double val_loss)
{
  for (guint i = history->len - SMOOTHED; i < history->len; i++)
    if (!(get_epoch (history, i)->val_loss > val_loss))
      return FALSE;
  return TRUE;
}

char *
pl_watch_overfitting (const GArray *history)
{
  double low_train, low_val, train, val;
  guint lowest;

  if (history->len < SMOOTHED + RISING_EPOCHS)
    return NULL;
  lowest = find_lowest (history, &low_train, &low_val);
  smooth (history, history->len - 1, &train, &val);
  if (history->len - 1 - lowest < RISING_EPOCHS || !are_all_above (history, low_val) ||
      !(val > RISE * low_val) || !(train < FALL * low_train))
    return NULL;
  return g_strdup_printf (
      _ ("The validation loss has risen from %.4f (epoch %d) to %.4f while the training loss goes "
         "on falling: the network is learning its training images by heart. The best weights are "
         "kept; more images, or more varied ones, would help."),
      low_val, get_epoch (history, lowest)->epoch, val);
}

/* The training loss is of other batches and other augmentations each time, so it has to fall
 * further. */
static gboolean
has_fallen (const GArray *history)
{
  const PlEpoch *first = get_epoch (history, 0);
  double train, val;

  for (guint i = 1; i < history->len; i++)
    if (get_epoch (history, i)->val_loss < VAL_LEARNED * first->val_loss)
      return TRUE;
  smooth (history, history->len - 1, &train, &val);
  return train < TRAIN_LEARNED * first->train_loss;
}

char *
pl_watch_learning (const GArray *history)
{
  const PlEpoch *last;

  if (history->len < LEARNING_EPOCHS || has_fallen (history))
    return NULL;
  last = get_epoch (history, history->len - 1);
  if (last->train_dice >= GOOD_DICE || last->val_dice >= GOOD_DICE)
    return NULL;
  return g_strdup_printf (
      _ ("Hardly anything has been learned in %u epochs: the loss is still %.4f. Check that the "
         "masks belong to the images, or try another learning rate."),
      history->len, last->train_loss);
}

char *
pl_watch_predictions (const GArray *pixels)
{
  if (pixels->len < EMPTY_EPOCHS)
    return NULL;
  for (guint i = pixels->len - EMPTY_EPOCHS; i < pixels->len; i++)
    {
      const PlWatchPixels *one = &g_array_index (pixels, PlWatchPixels, i);

      if (one->found > 0 || one->there == 0)
        return NULL;
    }
  return g_strdup_printf (
      _ ("All masks that the network predicts for the validation part have been empty for %d "
         "epochs. Check that the masks belong to the images, or try another learning rate or the "
         "Dice loss."),
      EMPTY_EPOCHS);
}

char *
pl_watch_classes (const gboolean *is_there, const char *const *names, int n_classes)
{
  g_autoptr (GString) missing = g_string_new (NULL);
  int n = 0;

  for (int i = 0; i < n_classes; i++)
    if (!is_there[i])
      g_string_append_printf (missing, "%s“%s”", n++ > 0 ? ", " : "", names[i]);
  if (n == 0)
    return NULL;
  return g_strdup_printf (ngettext ("No training mask has the class %s, so it cannot be learned.",
                                    "No training mask has the classes %s, so they cannot be "
                                    "learned.",
                                    (gulong) n),
                          missing->str);
}

/* (element-type utf8): the patients of the parts that measure. */
static GHashTable *
list_measured (const PlDataset *dataset)
{
  GHashTable *patients = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < dataset->cases->len; i++)
    {
      const PlCase *one = g_ptr_array_index (dataset->cases, i);

      if (one->group == PL_GROUP_VALIDATION || one->group == PL_GROUP_TEST)
        g_hash_table_add (patients, one->patient);
    }
  return patients;
}

char *
pl_watch_patients (const PlDataset *dataset)
{
  g_autoptr (GHashTable) measured = list_measured (dataset);
  const char *first = NULL;
  guint n = 0;

  for (guint i = 0; i < dataset->cases->len; i++)
    {
      const PlCase *one = g_ptr_array_index (dataset->cases, i);

      if (one->group == PL_GROUP_TRAIN && g_hash_table_remove (measured, one->patient) && n++ == 0)
        first = one->patient;
    }
  if (n == 0)
    return NULL;
  return g_strdup_printf (
      ngettext ("%u patient is in the training part and in another one, too (“%s”): validation and "
                "test will look better than they are.",
                "%u patients are in the training part and in another one, too (“%s” is the first): "
                "validation and test will look better than they are.",
                n),
      n, first);
}
