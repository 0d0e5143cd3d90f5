/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads the headers of a data set's files, several at a time: thousands of small files wait for the
 * disk more than for the processor. */
#include "train/dataset-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/parallel.h"

/* What was found out about each case, by its index. */
typedef struct
{
  PlDataset *dataset;
  GCancellable *cancellable;
  GError **image_errors;
  GError **mask_errors;
} Reading;

/* A pipe or a device would wait or never end. */
static gboolean
read_regular_header (const char *path, PlImageHeader *header, GError **error)
{
  if (g_file_test (path, G_FILE_TEST_EXISTS) && !g_file_test (path, G_FILE_TEST_IS_REGULAR))
    {
      g_set_error (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_UNSUPPORTED,
                   _ ("%s: it is not an ordinary file"), path);
      return FALSE;
    }
  return pl_image_read_header (path, -1, header, error);
}

gboolean
pl_case_check_mask (const PlCase *self, const char *mask_path, GError **error)
{
  PlImageHeader header;

  return read_regular_header (mask_path, &header, error) &&
         pl_header_take_axes (&header, &self->header, mask_path, error);
}

static void
read_case_cb (void *data, size_t index, int worker)
{
  Reading *reading = data;
  PlCase *self = g_ptr_array_index (reading->dataset->cases, index);

  if (g_cancellable_is_cancelled (reading->cancellable) ||
      !read_regular_header (self->image_path, &self->header, &reading->image_errors[index]) ||
      self->mask_path == NULL)
    return;
  pl_case_check_mask (self, self->mask_path, &reading->mask_errors[index]);
}

/* A case goes with its image; it stays without its mask. */
static void
sort_out (Reading *reading)
{
  PlDataset *dataset = reading->dataset;
  g_autoptr (GPtrArray) all = g_steal_pointer (&dataset->cases);

  dataset->cases = g_ptr_array_new_with_free_func (pl_case_free);
  g_ptr_array_set_free_func (all, NULL);
  for (guint i = 0; i < all->len; i++)
    {
      PlCase *self = g_ptr_array_index (all, i);
      GError *image_error = reading->image_errors[i];
      GError *mask_error = reading->mask_errors[i];

      if (image_error != NULL)
        {
          pl_dataset_add_problem_error (dataset, self->image_path, self->mask_path, image_error);
          pl_case_free (self);
          continue;
        }
      if (mask_error != NULL)
        {
          pl_dataset_add_problem_error (dataset, self->mask_path, self->image_path, mask_error);
          g_clear_pointer (&self->mask_path, g_free);
        }
      g_ptr_array_add (dataset->cases, self);
    }
}

static void
free_errors (GError **errors, guint n)
{
  for (guint i = 0; i < n; i++)
    g_clear_error (&errors[i]);
  g_free (errors);
}

/* Numbers in names by their value: "x_2" before "x_10"; the same in every locale. */
static int
compare_naturally (const char *a, const char *b)
{
  const char *x = a;
  const char *y = b;

  while (*x != '\0' && *y != '\0')
    {
      gsize n_x = 0, n_y = 0;
      int order;

      if (!g_ascii_isdigit (*x) || !g_ascii_isdigit (*y))
        {
          if (*x != *y)
            return (guchar) *x < (guchar) *y ? -1 : 1;
          x++;
          y++;
          continue;
        }
      x += strspn (x, "0");
      y += strspn (y, "0");
      while (g_ascii_isdigit (x[n_x]))
        n_x++;
      while (g_ascii_isdigit (y[n_y]))
        n_y++;
      order = n_x != n_y ? (n_x < n_y ? -1 : 1) : memcmp (x, y, n_x);
      if (order != 0)
        return order;
      x += n_x;
      y += n_y;
    }
  return *x != *y ? (*x == '\0' ? -1 : 1) : strcmp (a, b);
}

static int
compare_cases_cb (gconstpointer a, gconstpointer b)
{
  return compare_naturally ((*(PlCase *const *) a)->name, (*(PlCase *const *) b)->name);
}

static int
compare_problems_cb (gconstpointer a, gconstpointer b)
{
  return compare_naturally ((*(PlProblem *const *) a)->path, (*(PlProblem *const *) b)->path);
}

gboolean
pl_dataset_read_headers (PlDataset *dataset, GCancellable *cancellable, GError **error)
{
  guint n = dataset->cases->len;
  Reading reading = {
    .dataset = dataset,
    .cancellable = cancellable,
    .image_errors = g_new0 (GError *, n + 1),
    .mask_errors = g_new0 (GError *, n + 1),
  };
  gboolean is_cancelled;

  pl_parallel_for (n, read_case_cb, &reading);
  is_cancelled = g_cancellable_set_error_if_cancelled (cancellable, error);
  if (!is_cancelled)
    {
      sort_out (&reading);
      g_ptr_array_sort (dataset->cases, compare_cases_cb);
      g_ptr_array_sort (dataset->problems, compare_problems_cb);
    }
  free_errors (reading.image_errors, n);
  free_errors (reading.mask_errors, n);
  return !is_cancelled;
}
