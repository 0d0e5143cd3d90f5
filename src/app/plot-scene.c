/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ranges come from the curves' pyramids and outliers from samples, so that nothing here grows with
 * the number of points.
 */
#include "app/plot-scene.h"

#include "app/plot-axis.h"

#include <glib/gi18n.h>
#include <math.h>

/* Outliers lie beyond these shares of the values by more than a quarter of what is between. */
#define OUTLIER_SHARE 0.05
#define OUTLIER_REACH 0.25
#define Y_MARGIN 0.04

static void
free_curve (gpointer data)
{
  PlPlotCurve *curve = data;

  if (curve == NULL)
    return;
  g_free (curve->name);
  pl_curve_free (curve->data);
  g_free (curve);
}

static void
clear_level (gpointer data)
{
  g_free (((PlPlotLevel *) data)->name);
}

void
pl_plot_scene_init (PlPlotScene *self)
{
  *self = (PlPlotScene){
    .curves = g_ptr_array_new_with_free_func (free_curve),
    .levels = g_array_new (FALSE, FALSE, sizeof (PlPlotLevel)),
    .by = PL_PLOT_BY_EPOCH,
    .view_low = NAN,
    .view_high = NAN,
    .high = 1,
    .shows_levels = TRUE,
    .mark = NAN,
    .cursor = NAN,
    .read_x = NAN,
  };
  g_array_set_clear_func (self->levels, clear_level);
}

void
pl_plot_scene_clear (PlPlotScene *self)
{
  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->x_name, g_free);
  g_clear_pointer (&self->curves, g_ptr_array_unref);
  g_clear_pointer (&self->levels, g_array_unref);
}

PlPlotCurve *
pl_plot_scene_get_curve (const PlPlotScene *self, int curve)
{
  return curve >= 0 && curve < (int) self->curves->len ? self->curves->pdata[curve] : NULL;
}

int
pl_plot_scene_add_curve (PlPlotScene *self, const char *name, guint32 rgb, PlCurveKind kind)
{
  PlPlotCurve *curve = g_new0 (PlPlotCurve, 1);
  int index = 0;

  curve->name = g_strdup (name);
  curve->rgb = rgb;
  curve->kind = kind;
  curve->data = pl_curve_new ();
  pl_curve_set_smoothing (curve->data, self->smoothing);
  while (pl_plot_scene_get_curve (self, index) != NULL)
    index++;
  if (index == (int) self->curves->len)
    g_ptr_array_add (self->curves, NULL);
  self->curves->pdata[index] = curve;
  return index;
}

void
pl_plot_scene_remove_curve (PlPlotScene *self, int curve)
{
  free_curve (self->curves->pdata[curve]);
  self->curves->pdata[curve] = NULL;
}

void
pl_plot_scene_set_smoothing (PlPlotScene *self, double amount)
{
  self->smoothing = amount;
  for (guint i = 0; i < self->curves->len; i++)
    {
      PlPlotCurve *curve = pl_plot_scene_get_curve (self, (int) i);

      if (curve != NULL)
        pl_curve_set_smoothing (curve->data, amount);
    }
}

static const PlPlotCurve *
get_shown (const PlPlotScene *self, guint i)
{
  const PlPlotCurve *curve = pl_plot_scene_get_curve (self, (int) i);

  return curve == NULL || curve->is_hidden || pl_curve_get_n_points (curve->data) == 0 ? NULL
                                                                                       : curve;
}

double
pl_plot_scene_find_end (const PlPlotScene *self)
{
  double end = 1;

  for (guint i = 0; i < self->curves->len; i++)
    {
      const PlPlotCurve *curve = get_shown (self, i);
      guint n = curve == NULL ? 0 : pl_curve_get_n_points (curve->data);

      if (n > 0)
        end = fmax (end, pl_plot_at_get (&pl_curve_get_point (curve->data, n - 1)->at, self->by));
    }
  return end;
}

void
pl_plot_scene_get_view (const PlPlotScene *self, double *low, double *high)
{
  gboolean is_all = isnan (self->view_low);

  *low = is_all ? 0 : self->view_low;
  *high = is_all || self->follows ? pl_plot_scene_find_end (self) : self->view_high;
  if (!is_all && self->follows)
    *low = fmax (0, *high - (self->view_high - self->view_low));
}

static int
compare_values (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a;
  double y = *(const double *) b;

  return (x > y) - (x < y);
}

/* Brings the range nearer to the bulk of the values. */
static void
leave_outliers (GArray *values, double *low, double *high)
{
  double bulk_low;
  double bulk_high;
  double reach;

  if (values->len < 8)
    return;
  g_array_sort (values, compare_values);
  bulk_low = g_array_index (values, double, (guint) ((values->len - 1) * OUTLIER_SHARE));
  bulk_high = g_array_index (values, double, (guint) ((values->len - 1) * (1 - OUTLIER_SHARE)));
  reach = OUTLIER_REACH * (bulk_high - bulk_low);
  *low = fmax (*low, bulk_low - reach);
  *high = fmin (*high, bulk_high + reach);
}

/* A logarithm needs a positive end: the smallest positive sample, or what is far below the top. */
static double
find_positive (const GArray *values, double high)
{
  double low = INFINITY;

  for (guint i = 0; i < values->len; i++)
    if (g_array_index (values, double, i) > 0)
      low = fmin (low, g_array_index (values, double, i));
  return isfinite (low) ? low : high * 1e-3;
}

/* Of the values in view. FALSE if there are none. */
static gboolean
find_values (const PlPlotScene *self, GArray *values, double *low, double *high)
{
  double view_low;
  double view_high;

  *low = INFINITY;
  *high = -INFINITY;
  pl_plot_scene_get_view (self, &view_low, &view_high);
  for (guint i = 0; i < self->curves->len; i++)
    {
      const PlPlotCurve *curve = get_shown (self, i);
      double curve_low = INFINITY;
      double curve_high = -INFINITY;
      guint from;
      guint to;

      if (curve == NULL)
        continue;
      from = pl_curve_find (curve->data, self->by, view_low);
      to = pl_curve_find (curve->data, self->by, nextafter (view_high, INFINITY));
      for (PlCurveOf of = PL_CURVE_RAW; of <= PL_CURVE_BAND; of += PL_CURVE_BAND)
        if (pl_curve_find_range (curve->data, of, from, to, &curve_low, &curve_high))
          {
            *low = fmin (*low, curve_low);
            *high = fmax (*high, curve_high);
          }
      if (self->ignores_outliers || self->is_log)
        pl_curve_sample (curve->data, from, to, values);
    }
  return *low <= *high;
}

void
pl_plot_scene_find_y (const PlPlotScene *self, double *low, double *high)
{
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (double));
  gboolean is_whole = isnan (self->view_low) && !self->ignores_outliers && !self->is_log;
  double margin;

  if (!find_values (self, values, low, high))
    {
      *low = self->is_log ? fmax (self->low, self->high * 1e-3) : self->low;
      *high = self->high;
      return;
    }
  if (is_whole)
    {
      *low = fmin (*low, self->low);
      *high = fmax (*high, self->high);
      return;
    }
  if (self->ignores_outliers)
    leave_outliers (values, low, high);
  if (self->is_log)
    {
      *high = *high > 0 ? *high * 1.1 : 1;
      *low = (*low > 0 ? *low : find_positive (values, *high)) / 1.1;
      return;
    }
  margin = Y_MARGIN * (*high > *low ? *high - *low : fmax (fabs (*high), 1e-6));
  *low -= margin;
  *high += margin;
}

/* The one with the most points of this run tells how the axes belong together. */
static PlCurve *
find_longest (const PlPlotScene *self)
{
  PlCurve *longest = NULL;

  for (guint i = 0; i < self->curves->len; i++)
    {
      const PlPlotCurve *curve = pl_plot_scene_get_curve (self, (int) i);

      if (curve != NULL && curve->kind != PL_CURVE_EARLIER &&
          (longest == NULL ||
           pl_curve_get_n_points (curve->data) > pl_curve_get_n_points (longest)))
        longest = curve->data;
    }
  return longest;
}

double
pl_plot_scene_epoch_to_x (const PlPlotScene *self, double epoch)
{
  PlCurve *longest = find_longest (self);

  return longest == NULL ? NAN : pl_curve_convert (longest, PL_PLOT_BY_EPOCH, self->by, epoch);
}

double
pl_plot_scene_x_to_epoch (const PlPlotScene *self, double x)
{
  PlCurve *longest = find_longest (self);

  return longest == NULL ? NAN : pl_curve_convert (longest, self->by, PL_PLOT_BY_EPOCH, x);
}

static double
get_x (const PlPlotScene *self, const PlPlotCurve *curve, guint i)
{
  return pl_plot_at_get (&pl_curve_get_point (curve->data, i)->at, self->by);
}

/* Not beyond a curve's ends by more than the distance of its points, or a finger's width. */
gboolean
pl_plot_scene_read (const PlPlotScene *self, const PlPlotCurve *curve, double x, guint *point)
{
  guint n = pl_curve_get_n_points (curve->data);
  double low;
  double high;
  double reach;

  if (n == 0 || !isfinite (x))
    return FALSE;
  pl_plot_scene_get_view (self, &low, &high);
  *point = pl_curve_find_nearest (curve->data, self->by, x);
  reach = (high - low) * 0.03;
  if (*point > 0)
    reach = fmax (reach, get_x (self, curve, *point) - get_x (self, curve, *point - 1));
  return fabs (get_x (self, curve, *point) - x) <= reach;
}

const PlPlotCurve *
pl_plot_scene_get_main (const PlPlotScene *self)
{
  const PlPlotCurve *best = NULL;

  for (guint i = 0; i < self->curves->len; i++)
    {
      const PlPlotCurve *curve = get_shown (self, i);

      if (curve != NULL &&
          (best == NULL || (curve->kind == PL_CURVE_DOTS && best->kind != PL_CURVE_DOTS)))
        best = curve;
    }
  return best;
}

const char *
pl_plot_scene_get_x_name (const PlPlotScene *self)
{
  if (self->x_name != NULL)
    return self->x_name;
  return self->by == PL_PLOT_BY_STEP    ? C_ ("x axis", "step")
         : self->by == PL_PLOT_BY_EPOCH ? C_ ("x axis", "epoch")
                                        : C_ ("x axis", "time");
}

char *
pl_plot_scene_dup_place (const PlPlotScene *self, double x)
{
  const PlPlotCurve *nearest = NULL;
  double distance = INFINITY;
  g_autofree char *time = NULL;
  const PlPlotAt *at = NULL;

  for (guint i = 0; i < self->curves->len; i++)
    {
      const PlPlotCurve *curve = get_shown (self, i);
      guint point;

      if (curve == NULL || !pl_plot_scene_read (self, curve, x, &point) ||
          fabs (get_x (self, curve, point) - x) >= distance)
        continue;
      nearest = curve;
      distance = fabs (get_x (self, curve, point) - x);
      at = &pl_curve_get_point (nearest->data, point)->at;
    }
  if (at == NULL)
    return g_strdup ("");
  if (self->x_name != NULL)
    return g_strdup_printf ("%s %.6g", self->x_name, pl_plot_at_get (at, self->by));
  time = pl_plot_dup_time (at->time_s);
  /* Translators: a place on a curve of a training: "epoch 3.25 · step 120 · 0:42" */
  return g_strdup_printf (_ ("epoch %.4g · step %.0f · %s"), at->epoch, at->step, time);
}

char *
pl_plot_dup_number (double y)
{
  return y == 0 || fabs (y) >= 0.01 ? g_strdup_printf ("%.4f", y) : g_strdup_printf ("%.3g", y);
}

char *
pl_plot_scene_dup_value (const PlPlotCurve *curve, guint point)
{
  const PlCurvePoint *p = pl_curve_get_point (curve->data, point);
  g_autofree char *y = pl_plot_dup_number (p->y);

  if (isfinite (p->low) && isfinite (p->high))
    {
      g_autofree char *low = pl_plot_dup_number (p->low);
      g_autofree char *high = pl_plot_dup_number (p->high);

      return g_strdup_printf ("%s %s (%s–%s)", curve->name, y, low, high);
    }
  return g_strdup_printf ("%s %s", curve->name, y);
}

char *
pl_plot_scene_dup_values (const PlPlotScene *self, double x)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->curves->len; i++)
    {
      const PlPlotCurve *curve = get_shown (self, i);
      g_autofree char *value = NULL;
      guint point;

      if (curve == NULL || !pl_plot_scene_read (self, curve, x, &point) ||
          !isfinite (pl_curve_get_point (curve->data, point)->y))
        continue;
      value = pl_plot_scene_dup_value (curve, point);
      g_string_append_printf (text, text->len > 0 ? ", %s" : "%s", value);
    }
  return g_string_free (text, FALSE);
}
