/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From strips or tiles to a plane of values. libtiff undoes compression, predictor, fill order and
 * byte order; what is left is to pick samples out of rows: interleaved or in planes, of a whole
 * number of bytes or packed, through a palette, or red, green and blue to luminance. */
#include "image/tiff-decode.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  /* Borrowed */
  PlTiffFile *file;
  const PlTiffPage *page;
  guint8 *plane;

  /* Owned */
  guint8 *blocks;    /* n_planes strips or tiles */
  void *unpacked;    /* (nullable): n_planes rows of packed samples, one or two bytes each */
  guint8 *luminance; /* (nullable): of each palette entry */

  gsize block_bytes;
  gsize pitch;         /* bytes of a row in a block */
  gsize n_interleaved; /* samples a pixel in a block */
  int n_planes;        /* blocks that are read for one place: 3 for separate RGB */
} Decoder;

static void
decoder_clear (Decoder *decoder)
{
  g_free (decoder->blocks);
  g_free (decoder->unpacked);
  g_free (decoder->luminance);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Decoder, decoder_clear)

/* ITU-R BT.601, in 1/65536; the weights add up to one, so gray stays what it is. */
static inline guint32
mix_luminance (guint32 red, guint32 green, guint32 blue)
{
  return (19595 * red + 38470 * green + 7471 * blue + 32768) >> 16;
}

/* Colour maps have 16-bit entries, but some writers leave them at 8 bits. */
static guint8 *
read_palette (PlTiffFile *file, const PlTiffPage *page)
{
  gsize n = (gsize) 1 << page->bits;
  guint16 *red, *green, *blue;
  guint8 *luminance;
  guint32 largest = 0;

  if (!TIFFGetField (file->tif, TIFFTAG_COLORMAP, &red, &green, &blue))
    return NULL;
  luminance = g_malloc (n);
  for (gsize i = 0; i < n; i++)
    largest = MAX (largest, (guint32) MAX (red[i], MAX (green[i], blue[i])));
  for (gsize i = 0; i < n; i++)
    {
      guint32 mixed = mix_luminance (red[i], green[i], blue[i]);
      luminance[i] = (guint8) (largest < 256 ? mixed : (mixed + 128) / 257);
    }
  return luminance;
}

/* Always FALSE. */
static gboolean
fail (const Decoder *decoder, PlImageError code, const char *otherwise, GError **error)
{
  g_set_error (error, PL_IMAGE_ERROR, (int) code, _ ("%s: page %d: %s"), decoder->file->path,
               decoder->page->number, pl_tiff_file_message (decoder->file, otherwise));
  return FALSE;
}

/* @n samples of @bits each, the first in the highest bits, to one or two bytes. */
static void
unpack_samples (const guint8 *packed, gsize n, int bits, gsize size, void *out)
{
  guint32 mask = (1u << bits) - 1;
  guint32 held = 0;
  int n_held = 0;

  for (gsize i = 0; i < n; i++)
    {
      for (; n_held < bits; n_held += 8)
        held = held << 8 | *packed++;
      n_held -= bits;
      if (size == 1)
        ((guint8 *) out)[i] = (guint8) (held >> n_held & mask);
      else
        ((guint16 *) out)[i] = (guint16) (held >> n_held & mask);
    }
}

#define PICK(ctype)                                                                                \
  {                                                                                                \
    const ctype *from = in;                                                                        \
    for (gsize x = 0; x < n; x++)                                                                  \
      ((ctype *) out)[x] = from[x * step];                                                         \
  }                                                                                                \
  break

/* Every @step-th sample. */
static void
pick_samples (const void *in, gsize step, gsize size, gsize n, void *out)
{
  if (step == 1)
    {
      memcpy (out, in, n * size);
      return;
    }
  switch (size)
    {
    case 1:
      PICK (guint8);
    case 2:
      PICK (guint16);
    case 4:
      PICK (guint32);
    case 8:
      PICK (guint64);
    default:
      g_assert_not_reached ();
    }
}

#define INVERT(ctype)                                                                              \
  for (gsize x = 0; x < n; x++)                                                                    \
  ((ctype *) row)[x] = (ctype) (largest - ((ctype *) row)[x])

static void
invert_row (void *row, gsize n, gsize size, int bits)
{
  guint32 largest = (1u << bits) - 1;

  if (size == 1)
    INVERT (guint8);
  else
    INVERT (guint16);
}

static void
look_up_row (const Decoder *decoder, const void *in, gsize step, gsize size, gsize n, guint8 *out)
{
  for (gsize x = 0; x < n; x++)
    out[x] = decoder->luminance[size == 1 ? ((const guint8 *) in)[x * step]
                                          : ((const guint16 *) in)[x * step]];
}

#define MIX(ctype)                                                                                 \
  {                                                                                                \
    const ctype *red = colours[0];                                                                 \
    const ctype *green = colours[1];                                                               \
    const ctype *blue = colours[2];                                                                \
    for (gsize x = 0; x < n; x++)                                                                  \
      ((ctype *) out)[x] = (ctype) mix_luminance (red[x * step], green[x * step], blue[x * step]); \
  }

static void
mix_row (const void *const colours[3], gsize step, gsize size, gsize n, void *out)
{
  if (size == 1)
    MIX (guint8)
  else
    MIX (guint16)
}

/* Row @row of the blocks read last, @n pixels of it, to @out. */
static void
convert_row (const Decoder *decoder, int row, gsize n, void *out)
{
  const PlTiffPage *page = decoder->page;
  gsize size = pl_dtype_size (page->stored);
  gsize step = decoder->n_interleaved;
  gsize unpacked_bytes = (gsize) page->block_width * step * size;
  const void *samples[3] = { NULL, NULL, NULL };

  for (int k = 0; k < decoder->n_planes; k++)
    {
      const guint8 *in =
          decoder->blocks + (gsize) k * decoder->block_bytes + (gsize) row * decoder->pitch;

      samples[k] = in;
      if (decoder->unpacked != NULL)
        {
          guint8 *unpacked = (guint8 *) decoder->unpacked + (gsize) k * unpacked_bytes;
          unpack_samples (in, n * step, page->bits, size, unpacked);
          samples[k] = unpacked;
        }
    }
  if (page->kind == PL_TIFF_RGB && decoder->n_planes == 1)
    {
      samples[1] = (const guint8 *) samples[0] + size;
      samples[2] = (const guint8 *) samples[0] + 2 * size;
    }

  if (page->kind == PL_TIFF_PALETTE)
    look_up_row (decoder, samples[0], step, size, n, out);
  else if (page->kind == PL_TIFF_RGB)
    mix_row (samples, step, size, n, out);
  else
    pick_samples (samples[0], step, size, n, out);
  if (page->is_inverted)
    invert_row (out, n, size, page->bits);
}

/* JBIG data (ITU-T T.82) has a size of its own in its first bytes, for which libjbig allocates
 * unasked: it must be the strip's or tile's. libtiff writes and takes the bits of such data the
 * other way round than FillOrder says. */
static gboolean
check_jbig (Decoder *decoder, guint32 index, GError **error)
{
  const PlTiffPage *page = decoder->page;
  TIFF *tif = decoder->file->tif;
  guint8 start[12] = { 0 };
  guint16 fill_order = FILLORDER_MSB2LSB;
  guint32 width, height;

  if (page->is_tiled)
    TIFFReadRawTile (tif, index, start, sizeof start);
  else
    TIFFReadRawStrip (tif, index, start, sizeof start);
  TIFFGetFieldDefaulted (tif, TIFFTAG_FILLORDER, &fill_order);
  if (fill_order == FILLORDER_MSB2LSB)
    TIFFReverseBits (start, sizeof start);
  memcpy (&width, start + 4, 4);
  memcpy (&height, start + 8, 4);
  if (start[2] == 1 && GUINT32_FROM_BE (width) == (guint32) page->block_width &&
      GUINT32_FROM_BE (height) <= (guint32) page->block_height)
    return TRUE;
  return fail (decoder, PL_IMAGE_ERROR_FORMAT,
               _ ("its JBIG data are not of the size of its strips"), error);
}

/* Strip or tile @index into @block; @n_rows of it will be looked at. */
static gboolean
read_block (Decoder *decoder, guint32 index, int n_rows, guint8 *block, GError **error)
{
  PlTiffFile *file = decoder->file;
  guint64 offset = TIFFGetStrileOffset (file->tif, index);
  guint64 n_bytes = TIFFGetStrileByteCount (file->tif, index);
  guint64 end;
  tmsize_t n_read;

  pl_tiff_file_forget (file);
  if (!g_uint64_checked_add (&end, offset, n_bytes) || end > file->file_size)
    return fail (decoder, PL_IMAGE_ERROR_TRUNCATED,
                 _ ("the file ends before the page’s strips or tiles do"), error);
  if (decoder->page->compression == COMPRESSION_JBIG && !check_jbig (decoder, index, error))
    return FALSE;
  n_read = decoder->page->is_tiled
               ? TIFFReadEncodedTile (file->tif, index, block, (tmsize_t) decoder->block_bytes)
               : TIFFReadEncodedStrip (file->tif, index, block, (tmsize_t) decoder->block_bytes);
  if (n_read < 0 || (gsize) n_read < (gsize) n_rows * decoder->pitch)
    return fail (decoder, PL_IMAGE_ERROR_FORMAT, _ ("a strip or tile cannot be decoded"), error);
  return TRUE;
}

static gboolean
convert_block (Decoder *decoder, int x, int y, guint32 index, guint32 n_blocks, GError **error)
{
  const PlTiffPage *page = decoder->page;
  gsize size = pl_dtype_size (page->type);
  int n_rows = MIN (page->block_height, page->height - y);
  int n_columns = MIN (page->block_width, page->width - x);

  for (int k = 0; k < decoder->n_planes; k++)
    if (!read_block (decoder, index + (guint32) k * n_blocks, n_rows,
                     decoder->blocks + (gsize) k * decoder->block_bytes, error))
      return FALSE;
  for (int r = 0; r < n_rows; r++)
    convert_row (decoder, r, (gsize) n_columns,
                 decoder->plane + ((gsize) (y + r) * (gsize) page->width + (gsize) x) * size);
  return TRUE;
}

static gboolean
decoder_init (Decoder *decoder, GError **error)
{
  const PlTiffPage *page = decoder->page;
  TIFF *tif = decoder->file->tif;
  gboolean is_packed = page->bits % 8 != 0;
  gsize row_samples;
  gsize n_bytes;

  decoder->n_planes = page->kind == PL_TIFF_RGB && page->is_separate ? 3 : 1;
  decoder->n_interleaved = page->is_separate ? 1 : (gsize) page->n_samples;
  decoder->pitch = (gsize) (page->is_tiled ? TIFFTileRowSize (tif) : TIFFScanlineSize (tif));
  decoder->block_bytes = (gsize) (page->is_tiled ? TIFFTileSize (tif) : TIFFStripSize (tif));
  row_samples = (gsize) page->block_width * decoder->n_interleaved;
  if (decoder->pitch < (row_samples * (gsize) page->bits + 7) / 8 ||
      decoder->block_bytes / decoder->pitch < (gsize) page->block_height)
    return fail (decoder, PL_IMAGE_ERROR_FORMAT, _ ("its strips or tiles have no sensible size"),
                 error);
  if (page->kind == PL_TIFF_PALETTE)
    {
      decoder->luminance = read_palette (decoder->file, page);
      if (decoder->luminance == NULL)
        return fail (decoder, PL_IMAGE_ERROR_FORMAT, _ ("its colour map is missing"), error);
    }
  if (g_size_checked_mul (&n_bytes, decoder->block_bytes, (gsize) decoder->n_planes))
    decoder->blocks = g_try_malloc0 (n_bytes);
  if (is_packed)
    decoder->unpacked =
        g_try_malloc_n (row_samples * (gsize) decoder->n_planes, pl_dtype_size (page->stored));
  if (decoder->blocks == NULL || (is_packed && decoder->unpacked == NULL))
    return fail (decoder, PL_IMAGE_ERROR_TOO_LARGE, _ ("there is no memory for a strip or tile"),
                 error);
  return TRUE;
}

static gboolean
decode_samples (Decoder *decoder, GCancellable *cancellable, GError **error)
{
  const PlTiffPage *page = decoder->page;
  guint32 across = (guint32) ((page->width - 1) / page->block_width + 1);
  guint32 down = (guint32) ((page->height - 1) / page->block_height + 1);

  if (!decoder_init (decoder, error))
    return FALSE;
  for (guint32 by = 0; by < down; by++)
    for (guint32 bx = 0; bx < across; bx++)
      if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
          !convert_block (decoder, (int) bx * page->block_width, (int) by * page->block_height,
                          by * across + bx, across * down, error))
        return FALSE;
  return TRUE;
}

/* As libtiff draws it, in 8 bits, rows as stored. */
static gboolean
render (const Decoder *decoder, guint32 *raster, GError **error)
{
  const PlTiffPage *page = decoder->page;
  TIFFRGBAImage image;
  char message[1024] = "";
  gboolean is_drawn;

  pl_tiff_file_forget (decoder->file);
  if (!TIFFRGBAImageBegin (&image, decoder->file->tif, 1, message))
    return fail (decoder, PL_IMAGE_ERROR_UNSUPPORTED, message, error);
  image.req_orientation = image.orientation;
  is_drawn = TIFFRGBAImageGet (&image, raster, (guint32) page->width, (guint32) page->height) != 0;
  TIFFRGBAImageEnd (&image);
  if (!is_drawn)
    return fail (decoder, PL_IMAGE_ERROR_FORMAT, _ ("a strip or tile cannot be decoded"), error);
  return TRUE;
}

static gboolean
decode_rendered (const Decoder *decoder, GCancellable *cancellable, GError **error)
{
  gsize n = (gsize) decoder->page->width * (gsize) decoder->page->height;
  g_autofree guint32 *raster = g_try_new0 (guint32, n);

  if (raster == NULL)
    return fail (decoder, PL_IMAGE_ERROR_TOO_LARGE, _ ("there is no memory for its colours"),
                 error);
  if (g_cancellable_set_error_if_cancelled (cancellable, error) || !render (decoder, raster, error))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    decoder->plane[i] =
        (guint8) mix_luminance (TIFFGetR (raster[i]), TIFFGetG (raster[i]), TIFFGetB (raster[i]));
  return TRUE;
}

gboolean
pl_tiff_decode (PlTiffFile *file,
                const PlTiffPage *page,
                void *plane,
                GCancellable *cancellable,
                GError **error)
{
  g_auto (Decoder) decoder = { .file = file, .page = page, .plane = plane };

  return page->kind == PL_TIFF_RENDERED ? decode_rendered (&decoder, cancellable, error)
                                        : decode_samples (&decoder, cancellable, error);
}
