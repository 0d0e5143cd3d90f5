/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Resizing of planes. Images are done an output row at a time: input rows are added up with their
 * weights into one row that stays in the first-level cache, which is then filtered along itself.
 * Areas of masks are whole numbers, so that ties are exact. */
#include "image/resample.h"

#include <math.h>

/* For each output position, weights of @n inputs from @first on. */
typedef struct
{
  int stride; /* between the weights of two outputs */
  int *first;
  int *n;
  float *weights;
} Taps;

static void
fill_taps (const Taps *taps, int out, int n_in, double scale)
{
  float *weights = taps->weights + (gsize) out * (gsize) taps->stride;
  double support = MAX (scale, 1);
  double centre = (out + 0.5) * scale;
  int first = MAX ((int) floor (centre - support + 0.5), 0);
  int end = MIN ((int) ceil (centre + support - 0.5), n_in);
  double sum = 0;

  for (int i = first; i < end; i++)
    sum += support - fabs (i + 0.5 - centre);
  for (int i = first; i < end; i++)
    weights[i - first] = (float) ((support - fabs (i + 0.5 - centre)) / sum);
  taps->first[out] = first;
  taps->n[out] = end - first;
}

static Taps
make_taps (int n_in, int n_out)
{
  double scale = (double) n_in / n_out;
  Taps taps = { .stride = (int) ceil (2 * MAX (scale, 1)) + 1 };

  taps.first = g_new (int, n_out);
  taps.n = g_new (int, n_out);
  taps.weights = g_new (float, (gsize) n_out *(gsize) taps.stride);
  for (int out = 0; out < n_out; out++)
    fill_taps (&taps, out, n_in, scale);
  return taps;
}

static void
clear_taps (Taps *taps)
{
  g_free (taps->first);
  g_free (taps->n);
  g_free (taps->weights);
}

static void
scale_row (float *restrict sum, const float *restrict row, float weight, int n)
{
  for (int i = 0; i < n; i++)
    sum[i] = weight * row[i];
}

static void
add_row (float *restrict sum, const float *restrict row, float weight, int n)
{
  for (int i = 0; i < n; i++)
    sum[i] += weight * row[i];
}

static void
filter_row (const float *restrict row, const Taps *taps, float *restrict out, int n_out)
{
  const float *weights = taps->weights;

  for (int i = 0; i < n_out; i++, weights += taps->stride)
    {
      const float *in = row + taps->first[i];
      float sum = weights[0] * in[0];

      for (int k = 1; k < taps->n[i]; k++)
        sum += weights[k] * in[k];
      out[i] = sum;
    }
}

void
pl_resample_image (
    const float *in, int in_rows, int in_columns, float *out, int out_rows, int out_columns)
{
  Taps rows = make_taps (in_rows, out_rows);
  Taps columns = make_taps (in_columns, out_columns);
  g_autofree float *sum = g_new (float, in_columns);

  for (int r = 0; r < out_rows; r++)
    {
      const float *weights = rows.weights + (gsize) r * (gsize) rows.stride;
      const float *row = in + (gsize) rows.first[r] * (gsize) in_columns;

      scale_row (sum, row, weights[0], in_columns);
      for (int k = 1; k < rows.n[r]; k++)
        add_row (sum, row + (gsize) k * (gsize) in_columns, weights[k], in_columns);
      filter_row (sum, &columns, out + (gsize) r * (gsize) out_columns, out_columns);
    }
  clear_taps (&rows);
  clear_taps (&columns);
}

/* The inputs that lie under one output position, in units in which an input is @n_out long and an
 * output @n_in. */
typedef struct
{
  int first;
  int last;
} Span;

static Span
find_span (int out, int n_in, int n_out)
{
  return (Span){
    .first = (int) ((gint64) out * n_in / n_out),
    .last = (int) ((((gint64) out + 1) * n_in - 1) / n_out),
  };
}

static gint64
measure_overlap (int in, int out, int n_in, int n_out)
{
  gint64 low = MAX ((gint64) in * n_out, (gint64) out * n_in);
  gint64 high = MIN (((gint64) in + 1) * n_out, ((gint64) out + 1) * n_in);

  return high - low;
}

/* A plane with what it is scaled to, and the spans of the pixel under way. */
typedef struct
{
  const guint8 *in;
  int in_rows, in_columns;
  int out_rows, out_columns;
  Span rows, columns;
} MaskScaling;

static gboolean
is_uniform (const MaskScaling *s)
{
  guint8 label = s->in[(gsize) s->rows.first * (gsize) s->in_columns + (gsize) s->columns.first];

  for (int r = s->rows.first; r <= s->rows.last; r++)
    {
      const guint8 *row = s->in + (gsize) r * (gsize) s->in_columns;

      for (int c = s->columns.first; c <= s->columns.last; c++)
        if (row[c] != label)
          return FALSE;
    }
  return TRUE;
}

static guint8
find_label_of_most_area (const MaskScaling *s, int row, int column)
{
  gint64 area[256] = { 0 };
  int best = 0;

  for (int r = s->rows.first; r <= s->rows.last; r++)
    for (int c = s->columns.first; c <= s->columns.last; c++)
      area[s->in[(gsize) r * (gsize) s->in_columns + (gsize) c]] +=
          measure_overlap (r, row, s->in_rows, s->out_rows) *
          measure_overlap (c, column, s->in_columns, s->out_columns);
  for (int label = 1; label < 256; label++)
    if (area[label] > area[best])
      best = label;
  return (guint8) best;
}

void
pl_resample_mask (
    const guint8 *in, int in_rows, int in_columns, guint8 *out, int out_rows, int out_columns)
{
  MaskScaling s = { in, in_rows, in_columns, out_rows, out_columns };
  g_autofree Span *columns = g_new (Span, out_columns);

  for (int c = 0; c < out_columns; c++)
    columns[c] = find_span (c, in_columns, out_columns);
  for (int r = 0; r < out_rows; r++)
    {
      s.rows = find_span (r, in_rows, out_rows);
      for (int c = 0; c < out_columns; c++)
        {
          s.columns = columns[c];
          *out++ = is_uniform (&s)
                       ? in[(gsize) s.rows.first * (gsize) in_columns + (gsize) s.columns.first]
                       : find_label_of_most_area (&s, r, c);
        }
    }
}
