/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TIFF files as volumes: the pages, without thumbnails, are the slices. The chain of directories is
 * walked once to see that they are alike, and again to decode them; libtiff 4.5 finds loops in it,
 * comparing each directory with all before, so their number has a limit. */
#include "image/tiff.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "image/tiff-decode.h"

#define MAX_DIRECTORIES 32768

typedef struct
{
  PlTiffPage first;
  int n_directories;

  /* Owned */
  GArray *offsets; /* guint64: where the directory of each slice is */
  GArray *numbers; /* int: its number in the file, from 1 */
} Stack;

static void
stack_clear (Stack *stack)
{
  g_clear_pointer (&stack->offsets, g_array_unref);
  g_clear_pointer (&stack->numbers, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Stack, stack_clear)

gboolean
pl_tiff_is (const guint8 *bytes, gsize n)
{
  static const char magic[][4] = {
    { 'I', 'I', 42, 0 }, { 'M', 'M', 0, 42 }, { 'I', 'I', 43, 0 }, { 'M', 'M', 0, 43 }
  };

  for (gsize i = 0; i < G_N_ELEMENTS (magic); i++)
    if (n >= 4 && memcmp (bytes, magic[i], 4) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
check_alike (const PlTiffFile *file,
             const PlTiffPage *first,
             const PlTiffPage *page,
             GError **error)
{
  if (pl_tiff_page_rows (first) == pl_tiff_page_rows (page) &&
      pl_tiff_page_columns (first) == pl_tiff_page_columns (page) && first->type == page->type &&
      first->stored == page->stored)
    return TRUE;
  g_set_error (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_UNSUPPORTED,
               _ ("%s: page %d has %d × %d pixels of type %s, but page %d has %d × %d of type %s; "
                  "the pages of a stack must be alike"),
               file->path, page->number, pl_tiff_page_columns (page), pl_tiff_page_rows (page),
               pl_dtype_name (page->type), first->number, pl_tiff_page_columns (first),
               pl_tiff_page_rows (first), pl_dtype_name (first->type));
  return FALSE;
}

static gboolean
add_page (Stack *stack, PlTiffFile *file, guint64 *least_bytes, GError **error)
{
  PlTiffPage page;
  guint64 offset = TIFFCurrentDirOffset (file->tif);

  if (!pl_tiff_page_read (file, stack->n_directories, &page, error))
    return FALSE;
  if (stack->offsets->len == 0)
    stack->first = page;
  if (!check_alike (file, &stack->first, &page, error))
    return FALSE;
  *least_bytes += pl_tiff_page_least_bytes (&page);
  if (*least_bytes > file->file_size)
    {
      g_set_error (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_TOO_LARGE,
                   _ ("%s: %d pages of %d × %d pixels are more than a file of %llu "
                      "bytes can hold"),
                   file->path, stack->n_directories, page.width, page.height,
                   (unsigned long long) file->file_size);
      return FALSE;
    }
  g_array_append_val (stack->offsets, offset);
  g_array_append_val (stack->numbers, stack->n_directories);
  return TRUE;
}

/* Goes to the next directory; *@is_end says that there is none. */
static gboolean
advance (const Stack *stack, PlTiffFile *file, gboolean *is_end, GError **error)
{
  *is_end = TIFFLastDirectory (file->tif) != 0;
  if (*is_end)
    return TRUE;
  if (stack->n_directories >= MAX_DIRECTORIES)
    {
      g_set_error (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_TOO_LARGE,
                   _ ("%s: it has more than %d pages"), file->path, MAX_DIRECTORIES);
      return FALSE;
    }
  pl_tiff_file_forget (file);
  if (TIFFReadDirectory (file->tif))
    return TRUE;
  g_set_error (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_FORMAT, _ ("%s: page %d: %s"), file->path,
               stack->n_directories + 1,
               pl_tiff_file_message (file, _ ("its directory cannot be read")));
  return FALSE;
}

static gboolean
stack_read (Stack *stack, PlTiffFile *file, GCancellable *cancellable, GError **error)
{
  guint64 least_bytes = 0;
  gboolean is_end = FALSE;

  stack->offsets = g_array_new (FALSE, FALSE, sizeof (guint64));
  stack->numbers = g_array_new (FALSE, FALSE, sizeof (int));
  while (!is_end)
    {
      stack->n_directories++;
      if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
          (!pl_tiff_page_is_extra (file) && !add_page (stack, file, &least_bytes, error)) ||
          !advance (stack, file, &is_end, error))
        return FALSE;
    }
  if (stack->offsets->len > 0)
    return TRUE;
  g_set_error (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_FORMAT,
               _ ("%s: it has thumbnails but no page"), file->path);
  return FALSE;
}

static void
fill_header (const Stack *stack, PlImageHeader *header)
{
  const PlTiffPage *first = &stack->first;
  gboolean is_turned = first->orientation >= ORIENTATION_LEFTTOP;

  *header = (PlImageHeader){
    .format = PL_FORMAT_TIFF,
    .shape = { (int) stack->offsets->len, pl_tiff_page_rows (first), pl_tiff_page_columns (first) },
    .stored = first->stored,
    .n_samples = first->kind == PL_TIFF_GRAY ? 1 : first->n_samples,
    .pages = stack->n_directories,
    .has_spacing = first->has_spacing,
    .has_page_spacing = first->has_page_spacing,
    .spacing_mm = { first->spacing_mm[0], first->spacing_mm[is_turned ? 2 : 1],
                    first->spacing_mm[is_turned ? 1 : 2] },
    .slope = 1.0,
  };
  for (int a = 0; a < 3; a++)
    header->affine[a][a] = header->spacing_mm[a];
  pl_header_choose_axes (header, -1);
}

gboolean
pl_tiff_read_header (const char *path, PlImageHeader *header, GError **error)
{
  g_autoptr (PlTiffFile) file = pl_tiff_file_open (path, error);
  g_auto (Stack) stack = { .n_directories = 0 };

  if (file == NULL || !stack_read (&stack, file, NULL, error))
    return FALSE;
  fill_header (&stack, header);
  return TRUE;
}

/* Where the values of a stored plane go: the value at (x, y) to start + x × x_step + y × y_step. */
typedef struct
{
  gssize start;
  gssize x_step;
  gssize y_step;
} Placement;

/* File axes (page, row, column) run along memory axes, perhaps backwards; the orientation says how
 * the rows and columns run along x and y. */
static Placement
find_placement (const PlVolume *volume, const PlTiffPage *page, int index)
{
  const PlImageHeader *header = &volume->header;
  const int *n = volume->n;
  gssize memory_step[3] = { (gssize) n[1] * n[2], n[2], 1 };
  gssize step[3];
  gssize start = 0;
  int o = page->orientation;
  gboolean is_turned = o >= ORIENTATION_LEFTTOP;

  for (int i = 0; i < 3; i++)
    {
      step[header->axis[i]] = header->flip[i] ? -memory_step[i] : memory_step[i];
      if (header->flip[i])
        start += (n[i] - 1) * memory_step[i];
    }
  start += index * step[0];
  if (o == ORIENTATION_BOTRIGHT || o == ORIENTATION_BOTLEFT || o == ORIENTATION_RIGHTBOT ||
      o == ORIENTATION_LEFTBOT)
    {
      start += (header->shape[1] - 1) * step[1];
      step[1] = -step[1];
    }
  if (o == ORIENTATION_TOPRIGHT || o == ORIENTATION_BOTRIGHT || o == ORIENTATION_RIGHTTOP ||
      o == ORIENTATION_RIGHTBOT)
    {
      start += (header->shape[2] - 1) * step[2];
      step[2] = -step[2];
    }
  return (Placement){ start, is_turned ? step[1] : step[2], is_turned ? step[2] : step[1] };
}

#define PLACE(ctype)                                                                               \
  {                                                                                                \
    const ctype *in = plane;                                                                       \
    ctype *out = (ctype *) volume->voxels + to.start;                                              \
    for (gssize y = 0; y < page->height; y++)                                                      \
      for (gssize x = 0; x < page->width; x++)                                                     \
        out[y * to.y_step + x * to.x_step] = *in++;                                                \
  }                                                                                                \
  break

static void
place_plane (PlVolume *volume, const PlTiffPage *page, int index, const void *plane)
{
  Placement to = find_placement (volume, page, index);

  switch (pl_dtype_size (volume->type))
    {
    case 1:
      PLACE (guint8);
    case 2:
      PLACE (guint16);
    case 4:
      PLACE (guint32);
    case 8:
      PLACE (guint64);
    default:
      g_assert_not_reached ();
    }
}

static gboolean
load_page (const Stack *stack,
           PlTiffFile *file,
           PlVolume *volume,
           int index,
           void *plane,
           GCancellable *cancellable,
           GError **error)
{
  int number = g_array_index (stack->numbers, int, (guint) index);
  PlTiffPage page;

  pl_tiff_file_forget (file);
  if (!TIFFSetSubDirectory (file->tif, g_array_index (stack->offsets, guint64, (guint) index)))
    {
      g_set_error (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_FORMAT, _ ("%s: page %d: %s"), file->path,
                   number, pl_tiff_file_message (file, _ ("its directory cannot be read")));
      return FALSE;
    }
  if (!pl_tiff_page_read (file, number, &page, error) ||
      !check_alike (file, &stack->first, &page, error) ||
      !pl_tiff_decode (file, &page, plane, cancellable, error))
    return FALSE;
  place_plane (volume, &page, index, plane);
  return TRUE;
}

static gboolean
load_pages (const Stack *stack,
            PlTiffFile *file,
            PlVolume *volume,
            const PlLoadOptions *options,
            GCancellable *cancellable,
            GError **error)
{
  const int *shape = volume->header.shape;
  gsize n = (gsize) shape[1] * (gsize) shape[2];
  g_autofree void *plane = g_try_malloc0_n (n, pl_dtype_size (volume->type));
  gboolean is_in_order = volume->header.axis[0] == 0 && !volume->header.flip[0];

  if (plane == NULL)
    {
      g_set_error (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_TOO_LARGE,
                   _ ("%s: there is no memory for a page of %d × %d pixels"), file->path, shape[2],
                   shape[1]);
      return FALSE;
    }
  for (int p = 0; p < shape[0]; p++)
    {
      if (!load_page (stack, file, volume, p, plane, cancellable, error))
        return FALSE;
      if (is_in_order)
        pl_volume_set_ready_slices (volume, p + 1);
      else if (p == shape[0] - 1)
        pl_volume_set_ready_slices (volume, volume->n[0]);
      if (options->progress != NULL)
        options->progress (volume, (p + 1.0) / shape[0], options->progress_data);
    }
  return TRUE;
}

PlVolume *
pl_tiff_load (const char *path,
              const PlLoadOptions *options,
              GCancellable *cancellable,
              GError **error)
{
  g_autoptr (PlTiffFile) file = pl_tiff_file_open (path, error);
  g_auto (Stack) stack = { .n_directories = 0 };
  g_autoptr (PlVolume) volume = NULL;
  PlImageHeader header;

  if (file == NULL || !stack_read (&stack, file, cancellable, error))
    return NULL;
  if (options->page != 0)
    {
      g_set_error (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_UNSUPPORTED,
                   _ ("%s: there is no volume %d; the pages of a TIFF file are one volume"), path,
                   options->page);
      return NULL;
    }
  fill_header (&stack, &header);
  if (options->like == NULL)
    pl_header_choose_axes (&header, options->slice_axis);
  else if (!pl_header_take_axes (&header, options->like, path, error))
    return NULL;
  volume = pl_volume_new (&header, stack.first.type, path, error);
  if (volume == NULL || !load_pages (&stack, file, volume, options, cancellable, error))
    return NULL;
  return g_steal_pointer (&volume);
}
