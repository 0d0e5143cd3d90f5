/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Round trips, and files that are cut short, damaged or lying. What libtiff has to say about those
 * must come as GError alone: they are read in a process of their own, whose stderr stays empty. */
#include <gio/gio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <tiffio.h>

#include "base/file.h"
#include "image/tiff-write.h"
#include "image/tiff.h"
#include "support/scratch.h"

static char *folder;
static char *path; /* of the file under test */

static PlVolume *
load (GError **error)
{
  PlLoadOptions options = PL_LOAD_OPTIONS_DEFAULT;

  return pl_tiff_load (path, &options, NULL, error);
}

static void
assert_refused (PlImageError code, const char *words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PlVolume) volume = load (&error);

  g_assert_null (volume);
  g_assert_error (error, PL_IMAGE_ERROR, (int) code);
  g_assert_true (g_str_has_prefix (error->message, path));
  if (strstr (error->message, words) == NULL)
    g_error ("\"%s\" does not say \"%s\"", error->message, words);
}

/* Writing */

static void
write_volume (const int n[3], PlDType type, const void *voxels, const double *spacing_mm)
{
  g_autoptr (GError) error = NULL;

  pl_tiff_write (path, n, type, voxels, spacing_mm, NULL, &error);
  g_assert_no_error (error);
}

static void
test_round_trip (void)
{
  static const int shapes[][3] = { { 1, 1, 1 }, { 1, 7, 300 }, { 4, 65, 33 }, { 1, 300, 400 } };

  for (gsize s = 0; s < G_N_ELEMENTS (shapes); s++)
    for (PlDType type = PL_DTYPE_UINT8; type <= PL_DTYPE_FLOAT64; type++)
      {
        const int *n = shapes[s];
        gsize n_bytes = (gsize) (n[0] * n[1] * n[2]) * pl_dtype_size (type);
        g_autofree guint8 *voxels = g_malloc (n_bytes);
        g_autofree guint8 *before = NULL;
        g_autoptr (PlVolume) volume = NULL;
        g_autoptr (GError) error = NULL;

        for (gsize i = 0; i < n_bytes; i++)
          voxels[i] = (guint8) (i * i * 31 + i / 7);
        before = g_memdup2 (voxels, n_bytes);
        write_volume (n, type, voxels, NULL);
        g_assert_cmpmem (voxels, n_bytes, before, n_bytes);
        volume = load (&error);
        g_assert_no_error (error);
        g_assert_cmpint (volume->type, ==, type);
        g_assert_cmpmem (volume->n, sizeof volume->n, n, sizeof volume->n);
        g_assert_cmpmem (volume->voxels, n_bytes, voxels, n_bytes);
        g_assert_cmpint (volume->header.pages, ==, n[0]);
        g_assert_false (volume->header.has_spacing);
      }
}

/* CT shrinks: the compression and its predictor are there. */
static void
test_compressed (void)
{
  const int n[3] = { 1, 256, 256 };
  g_autofree gint16 *hu = g_new (gint16, 256 * 256);
  g_autofree char *bytes = NULL;
  gsize n_bytes;

  for (int i = 0; i < 256 * 256; i++)
    hu[i] = (gint16) (i / 256 * 3 + i % 256 * 5 - 1000);
  write_volume (n, PL_DTYPE_INT16, hu, NULL);
  g_assert_true (g_file_get_contents (path, &bytes, &n_bytes, NULL));
  g_assert_cmpuint (n_bytes, <, 256 * 256 * 2 / 50);
}

static void
test_spacing (void)
{
  const int n[3] = { 2, 3, 4 };
  const double spacing_mm[3] = { 3.0, 0.703125, 0.5 };
  gint16 voxels[24] = { 0 };
  g_autoptr (GError) error = NULL;
  PlImageHeader header;

  write_volume (n, PL_DTYPE_INT16, voxels, spacing_mm);
  g_assert_true (pl_tiff_read_header (path, &header, &error));
  g_assert_no_error (error);
  g_assert_true (header.has_spacing);
  g_assert_true (header.has_page_spacing);
  g_assert_cmpfloat_with_epsilon (header.spacing_mm[0], 3.0, 1e-9);
  g_assert_cmpfloat_with_epsilon (header.spacing_mm[1], 0.703125, 1e-6);
  g_assert_cmpfloat_with_epsilon (header.spacing_mm[2], 0.5, 1e-6);
  g_assert_cmpint (header.pages, ==, 2);
  g_assert_cmpint (header.slice_axis, ==, 0);
  g_assert_cmpint (header.stored, ==, PL_DTYPE_INT16);
}

/* A distance of pages that nobody knows is not written, though 1 is read. */
static void
test_no_page_spacing (void)
{
  const int n[3] = { 2, 3, 4 };
  const double spacing_mm[3] = { 0, 0.5, 0.5 };
  gint16 voxels[24] = { 0 };
  double told_mm[3];
  g_autoptr (PlVolume) volume = NULL;

  write_volume (n, PL_DTYPE_INT16, voxels, spacing_mm);
  volume = load (NULL);
  g_assert_nonnull (volume);
  g_assert_true (volume->header.has_spacing);
  g_assert_false (volume->header.has_page_spacing);
  g_assert_cmpfloat (volume->spacing_mm[0], ==, 1.0);
  pl_tiff_get_told_spacing (volume, told_mm);
  g_assert_cmpfloat (told_mm[0], ==, 0);
  g_assert_cmpfloat_with_epsilon (told_mm[1], 0.5, 1e-6);
}

static void
test_write_fails (void)
{
  const int n[3] = { 1, 1, 1 };
  const guint8 voxel = 1;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *nowhere = g_build_filename (folder, "no", "such.tif", NULL);

  g_assert_false (pl_tiff_write (nowhere, n, PL_DTYPE_UINT8, &voxel, NULL, NULL, &error));
  g_assert_error (error, PL_WRITE_ERROR, G_FILE_ERROR_NOENT);
  g_clear_error (&error);
  g_unlink (path);
  g_cancellable_cancel (cancellable);
  g_assert_false (pl_tiff_write (path, n, PL_DTYPE_UINT8, &voxel, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

/* A device on which nothing has room. */
static void
test_disk_full (void)
{
  const int n[3] = { 1, 600, 600 };
  g_autofree guint32 *voxels = g_new (guint32, 600 * 600);
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  g_autoptr (GError) error = NULL;
  struct rlimit before;
  struct rlimit small;

  for (int i = 0; i < 600 * 600; i++)
    voxels[i] = g_rand_int (rand);
  g_unlink (path);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  small = (struct rlimit){ 300000, before.rlim_max };
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  g_assert_false (pl_tiff_write (path, n, PL_DTYPE_UINT32, voxels, NULL, NULL, &error));
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
  g_assert_error (error, PL_WRITE_ERROR, G_FILE_ERROR_FAILED);
  g_assert_true (g_str_has_prefix (error->message, path));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

/* Loading */

static void
test_is (void)
{
  g_assert_true (pl_tiff_is ((const guint8 *) "II*\0", 4));
  g_assert_true (pl_tiff_is ((const guint8 *) "MM\0*", 4));
  g_assert_true (pl_tiff_is ((const guint8 *) "II+\0", 4));
  g_assert_true (pl_tiff_is ((const guint8 *) "MM\0+", 4));
  g_assert_false (pl_tiff_is ((const guint8 *) "II*\0", 3));
  g_assert_false (pl_tiff_is ((const guint8 *) "II\0*", 4));
}

typedef struct
{
  int n_calls;
  double fraction;
  int ready;
} Progress;

static void
progress_cb (PlVolume *volume, double fraction, gpointer data)
{
  Progress *progress = data;

  g_assert_cmpfloat (fraction, >, progress->fraction);
  g_assert_cmpint (pl_volume_ready_slices (volume), ==, progress->ready + 1);
  progress->n_calls++;
  progress->fraction = fraction;
  progress->ready++;
}

static void
test_progress (void)
{
  const int n[3] = { 5, 2, 3 };
  guint8 voxels[30] = { 0 };
  Progress progress = { .n_calls = 0 };
  PlLoadOptions options = PL_LOAD_OPTIONS_DEFAULT;
  g_autoptr (PlVolume) volume = NULL;

  write_volume (n, PL_DTYPE_UINT8, voxels, NULL);
  options.progress = progress_cb;
  options.progress_data = &progress;
  volume = pl_tiff_load (path, &options, NULL, NULL);
  g_assert_nonnull (volume);
  g_assert_cmpint (progress.n_calls, ==, 5);
  g_assert_cmpfloat (progress.fraction, ==, 1.0);
}

static void
test_cancelled (void)
{
  const int n[3] = { 2, 2, 3 };
  guint8 voxels[12] = { 0 };
  PlLoadOptions options = PL_LOAD_OPTIONS_DEFAULT;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  write_volume (n, PL_DTYPE_UINT8, voxels, NULL);
  g_cancellable_cancel (cancellable);
  g_assert_null (pl_tiff_load (path, &options, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Slices across the rows: voxel (s, r, c) is file voxel (r, s, c). */
static void
test_slice_axis (void)
{
  const int n[3] = { 3, 4, 5 };
  guint8 voxels[60];
  PlLoadOptions options = PL_LOAD_OPTIONS_DEFAULT;
  g_autoptr (PlVolume) volume = NULL;

  for (int i = 0; i < 60; i++)
    voxels[i] = (guint8) i;
  write_volume (n, PL_DTYPE_UINT8, voxels, NULL);
  options.slice_axis = 1;
  volume = pl_tiff_load (path, &options, NULL, NULL);
  g_assert_nonnull (volume);
  g_assert_cmpint (volume->n[0], ==, 4);
  g_assert_cmpint (pl_volume_ready_slices (volume), ==, 4);
  for (int s = 0; s < volume->n[0]; s++)
    for (int r = 0; r < volume->n[1]; r++)
      for (int c = 0; c < volume->n[2]; c++)
        {
          int file[3];

          file[volume->header.axis[0]] = s;
          file[volume->header.axis[1]] = r;
          file[volume->header.axis[2]] = c;
          g_assert_cmpint (file[1], ==, s);
          g_assert_cmpfloat (pl_volume_value (volume, s, r, c), ==,
                             (file[0] * 4 + file[1]) * 5 + file[2]);
        }
}

/* A mask stack for an image whose rows and columns run backwards in its file. */
static void
test_like (void)
{
  const int n[3] = { 2, 3, 4 };
  guint8 voxels[24];
  PlImageHeader like = { .format = PL_FORMAT_NIFTI1, .shape = { 4, 3, 2 } };
  PlLoadOptions options = PL_LOAD_OPTIONS_DEFAULT;
  g_autoptr (PlVolume) volume = NULL;
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < 24; i++)
    voxels[i] = (guint8) i;
  write_volume (n, PL_DTYPE_UINT8, voxels, NULL);
  pl_header_choose_axes (&like, 2);
  like.flip[1] = like.flip[2] = TRUE;
  options.like = &like;
  volume = pl_tiff_load (path, &options, NULL, &error);
  g_assert_no_error (error);
  for (int i = 0; i < 24; i++)
    g_assert_cmpfloat (pl_volume_value (volume, i / 12, i / 4 % 3, i % 4), ==,
                       (i / 12 * 3 + 2 - i / 4 % 3) * 4 + 3 - i % 4);

  like.shape[1] = 5;
  g_assert_null (pl_tiff_load (path, &options, NULL, &error));
  g_assert_error (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_MISMATCH);
}

static void
test_no_such_volume (void)
{
  const int n[3] = { 2, 1, 1 };
  guint8 voxels[2] = { 0 };
  PlLoadOptions options = PL_LOAD_OPTIONS_DEFAULT;
  g_autoptr (GError) error = NULL;

  write_volume (n, PL_DTYPE_UINT8, voxels, NULL);
  options.page = 1;
  g_assert_null (pl_tiff_load (path, &options, NULL, &error));
  g_assert_error (error, PL_IMAGE_ERROR, PL_IMAGE_ERROR_UNSUPPORTED);
}

/* Files made with libtiff itself, to be refused or damaged */

typedef struct
{
  int width, height;
  int bits;
  int n_samples;
  int format;
  int photometric;
  int planar;
  int compression;
  int tile_px; /* 0: strips of 4 rows */
  int sub_file_type;
} Recipe;

#define GRAY16                                                                                     \
  {                                                                                                \
    .width = 20, .height = 18, .bits = 16, .n_samples = 1, .format = SAMPLEFORMAT_UINT,            \
    .photometric = PHOTOMETRIC_MINISBLACK, .planar = PLANARCONFIG_CONTIG,                          \
    .compression = COMPRESSION_NONE                                                                \
  }

static void
set_tags (TIFF *tif, const Recipe *recipe)
{
  TIFFSetField (tif, TIFFTAG_IMAGEWIDTH, (guint32) recipe->width);
  TIFFSetField (tif, TIFFTAG_IMAGELENGTH, (guint32) recipe->height);
  TIFFSetField (tif, TIFFTAG_BITSPERSAMPLE, recipe->bits);
  TIFFSetField (tif, TIFFTAG_SAMPLESPERPIXEL, recipe->n_samples);
  TIFFSetField (tif, TIFFTAG_SAMPLEFORMAT, recipe->format);
  TIFFSetField (tif, TIFFTAG_PHOTOMETRIC, recipe->photometric);
  TIFFSetField (tif, TIFFTAG_PLANARCONFIG, recipe->planar);
  TIFFSetField (tif, TIFFTAG_COMPRESSION, recipe->compression);
  TIFFSetField (tif, TIFFTAG_SUBFILETYPE, recipe->sub_file_type);
  if (recipe->tile_px > 0)
    {
      TIFFSetField (tif, TIFFTAG_TILEWIDTH, recipe->tile_px);
      TIFFSetField (tif, TIFFTAG_TILELENGTH, recipe->tile_px);
    }
  else
    TIFFSetField (tif, TIFFTAG_ROWSPERSTRIP, recipe->compression == COMPRESSION_JPEG ? 16 : 4);
}

static void
add_page (TIFF *tif, const Recipe *recipe)
{
  guint8 block[32768];
  guint16 palette[256];

  for (gsize i = 0; i < sizeof block; i++)
    block[i] = (guint8) (i / 11 * 7);
  for (guint i = 0; i < 256; i++)
    palette[i] = (guint16) (i * 257);
  set_tags (tif, recipe);
  if (recipe->photometric == PHOTOMETRIC_PALETTE)
    TIFFSetField (tif, TIFFTAG_COLORMAP, palette, palette, palette);
  if (recipe->tile_px > 0)
    for (guint32 i = 0; i < TIFFNumberOfTiles (tif); i++)
      g_assert_cmpint (TIFFWriteEncodedTile (tif, i, block, TIFFTileSize (tif)), >, 0);
  else
    for (guint32 i = 0; i < TIFFNumberOfStrips (tif); i++)
      {
        guint32 first = i % (TIFFNumberOfStrips (tif) /
                             (recipe->planar == PLANARCONFIG_SEPARATE ? recipe->n_samples : 1));
        guint32 rows = recipe->compression == COMPRESSION_JPEG ? 16 : 4;

        rows = MIN (rows, (guint32) recipe->height - first * rows);
        g_assert_cmpint (TIFFWriteEncodedStrip (tif, i, block, TIFFVStripSize (tif, rows)), >, 0);
      }
  g_assert_true (TIFFWriteDirectory (tif));
}

static void
make_file (const Recipe *recipes, gsize n)
{
  TIFF *tif = TIFFOpen (path, "w");

  for (gsize i = 0; i < n; i++)
    add_page (tif, &recipes[i]);
  TIFFClose (tif);
}

static void
test_unlike_pages (void)
{
  Recipe pages[2] = { GRAY16, GRAY16 };

  pages[1].width = 21;
  make_file (pages, 2);
  assert_refused (PL_IMAGE_ERROR_UNSUPPORTED, "page 2 has 21 × 18 pixels of type uint16");
  pages[1] = pages[0];
  pages[1].format = SAMPLEFORMAT_INT;
  make_file (pages, 2);
  assert_refused (PL_IMAGE_ERROR_UNSUPPORTED, "type int16");
}

static void
test_unsupported (void)
{
  Recipe page = GRAY16;

  page.format = SAMPLEFORMAT_IEEEFP;
  make_file (&page, 1);
  assert_refused (PL_IMAGE_ERROR_UNSUPPORTED, "SampleFormat 3 with BitsPerSample 16");
  page = (Recipe) GRAY16;
  page.format = SAMPLEFORMAT_COMPLEXINT;
  page.bits = 32;
  make_file (&page, 1);
  assert_refused (PL_IMAGE_ERROR_UNSUPPORTED, "SampleFormat is 5 (complex integer)");
  page.format = SAMPLEFORMAT_COMPLEXIEEEFP;
  page.bits = 64;
  make_file (&page, 1);
  assert_refused (PL_IMAGE_ERROR_UNSUPPORTED, "SampleFormat is 6 (complex float)");
  page.photometric = PHOTOMETRIC_RGB;
  page.n_samples = 3;
  make_file (&page, 1);
  assert_refused (PL_IMAGE_ERROR_UNSUPPORTED, "SampleFormat is 6 (complex float)");
  page = (Recipe) GRAY16;
  page.n_samples = 5;
  make_file (&page, 1);
  assert_refused (PL_IMAGE_ERROR_UNSUPPORTED, "SamplesPerPixel is 5");
  page = (Recipe) GRAY16;
  page.photometric = PHOTOMETRIC_RGB;
  page.n_samples = 3;
  page.bits = 32;
  make_file (&page, 1);
  assert_refused (PL_IMAGE_ERROR_UNSUPPORTED, "uint32");
  page = (Recipe) GRAY16;
  page.sub_file_type = FILETYPE_REDUCEDIMAGE;
  make_file (&page, 1);
  assert_refused (PL_IMAGE_ERROR_FORMAT, "no page");
}

/* Bytes by hand: a directory of @n_tags tags of one value each, the last of which points to
 * @next. */
static void
write_directory (const guint32 (*tags)[2], guint n_tags, guint32 next, gsize padding)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  guint16 count = (guint16) n_tags;

  g_byte_array_append (bytes, (const guint8 *) "II*\0\10\0\0\0", 8);
  g_byte_array_append (bytes, (const guint8 *) &count, 2);
  for (guint i = 0; i < n_tags; i++)
    {
      guint16 tag[2] = { (guint16) tags[i][0], TIFF_LONG };
      guint32 value[2] = { 1, tags[i][1] };

      g_byte_array_append (bytes, (const guint8 *) tag, 4);
      g_byte_array_append (bytes, (const guint8 *) value, 8);
    }
  g_byte_array_append (bytes, (const guint8 *) &next, 4);
  g_byte_array_set_size (bytes, bytes->len + (guint) padding);
  memset (bytes->data + bytes->len - padding, 0, padding);
  g_assert_true (g_file_set_contents (path, (const char *) bytes->data, bytes->len, NULL));
}

static void
write_lying_file (guint32 width, guint32 height, guint32 bits, guint32 compression, guint32 next)
{
  const guint32 tags[][2] = {
    { TIFFTAG_IMAGEWIDTH, width },        { TIFFTAG_IMAGELENGTH, height },
    { TIFFTAG_BITSPERSAMPLE, bits },      { TIFFTAG_COMPRESSION, compression },
    { TIFFTAG_PHOTOMETRIC, 1 },           { TIFFTAG_STRIPOFFSETS, 200 },
    { TIFFTAG_ROWSPERSTRIP, 0xffffffff }, { TIFFTAG_STRIPBYTECOUNTS, 100 },
  };

  write_directory (tags, G_N_ELEMENTS (tags), next, 200);
}

/* Each is refused before there is an allocation of its size. */
static void
test_too_large (void)
{
  write_lying_file (100000, 100000, 16, COMPRESSION_ADOBE_DEFLATE, 0);
  assert_refused (PL_IMAGE_ERROR_TOO_LARGE, "100000 × 100000 pixels");
  write_lying_file (100000, 100000, 16, COMPRESSION_NONE, 0);
  assert_refused (PL_IMAGE_ERROR_TRUNCATED, "100000 × 100000 pixels");
  write_lying_file (2000000, 2000000, 1, COMPRESSION_CCITTFAX4, 0);
  assert_refused (PL_IMAGE_ERROR_TOO_LARGE, "2000000 × 2000000 pixels");
  write_lying_file (0x7fffffff, 0x7fffffff, 64, COMPRESSION_CCITTFAX4, 0);
  assert_refused (PL_IMAGE_ERROR_FORMAT, "overflow");
  write_lying_file (0x80000000, 1, 8, COMPRESSION_NONE, 0);
  assert_refused (PL_IMAGE_ERROR_FORMAT, "ImageWidth is 2147483648");
  write_lying_file (1, 0xffffffff, 8, COMPRESSION_NONE, 0);
  assert_refused (PL_IMAGE_ERROR_FORMAT, "ImageLength is 4294967295");
  write_lying_file (0, 1, 8, COMPRESSION_NONE, 0);
  assert_refused (PL_IMAGE_ERROR_FORMAT, "size is zero");
  write_lying_file (10, 10, 8, 4711, 0);
  assert_refused (PL_IMAGE_ERROR_UNSUPPORTED, "Compression 4711");
}

/* The strip's place is there, but it is neither deflate nor JBIG of that size. */
static void
test_corrupt_strip (void)
{
  write_lying_file (10, 10, 8, COMPRESSION_ADOBE_DEFLATE, 0);
  assert_refused (PL_IMAGE_ERROR_FORMAT, "page 1: ");
  write_lying_file (10, 10, 1, COMPRESSION_JBIG, 0);
  if (TIFFIsCODECConfigured (COMPRESSION_JBIG))
    assert_refused (PL_IMAGE_ERROR_FORMAT, "page 1: its JBIG data");
}

/* A directory whose next one is itself. */
static void
test_loop (void)
{
  write_lying_file (10, 10, 8, COMPRESSION_NONE, 8);
  assert_refused (PL_IMAGE_ERROR_FORMAT, "page 2: ");
}

static void
test_not_there (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *file = g_steal_pointer (&path);

  g_unlink (file);
  path = g_strdup (file);
  g_assert_null (load (&error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_clear_error (&error);
  g_free (path);
  path = g_strdup (folder);
  g_assert_null (load (&error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE);
  g_free (path);
  path = g_steal_pointer (&file);
  g_assert_true (g_file_set_contents (path, "no TIFF at all", -1, NULL));
  assert_refused (PL_IMAGE_ERROR_FORMAT, "not a readable TIFF file");
}

/* Damage */

static const Recipe victims[] = {
  GRAY16,
  { 20, 18, 16, 1, SAMPLEFORMAT_INT, PHOTOMETRIC_MINISBLACK, PLANARCONFIG_CONTIG, COMPRESSION_LZW },
  { 40, 18, 8, 3, SAMPLEFORMAT_UINT, PHOTOMETRIC_RGB, PLANARCONFIG_SEPARATE,
    COMPRESSION_ADOBE_DEFLATE, 16 },
  { 20, 18, 8, 1, SAMPLEFORMAT_UINT, PHOTOMETRIC_PALETTE, PLANARCONFIG_CONTIG,
    COMPRESSION_PACKBITS },
  { 40, 18, 1, 1, SAMPLEFORMAT_UINT, PHOTOMETRIC_MINISWHITE, PLANARCONFIG_CONTIG,
    COMPRESSION_CCITTFAX4 },
  { 20, 18, 8, 4, SAMPLEFORMAT_UINT, PHOTOMETRIC_SEPARATED, PLANARCONFIG_CONTIG, COMPRESSION_NONE },
  { 32, 32, 8, 1, SAMPLEFORMAT_UINT, PHOTOMETRIC_MINISBLACK, PLANARCONFIG_CONTIG,
    COMPRESSION_JPEG },
};

static void
write_bytes (const char *bytes, gsize n)
{
  FILE *file = fopen (path, "wb");

  g_assert_cmpuint (fwrite (bytes, 1, n, file), ==, n);
  fclose (file);
}

/* Either a volume or an error about this file. */
static gboolean
load_damaged (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PlVolume) volume = load (&error);

  g_assert_true ((volume == NULL) == (error != NULL));
  g_assert_true (error == NULL || g_str_has_prefix (error->message, path));
  return volume == NULL;
}

/* Every truncation is refused, or misses nothing but the last page's last tags; only a cut inside
 * the four bytes that point to the next page looks as if there were none. */
static void
read_truncated (void)
{
  const int n[3] = { 2, 9, 10 };
  gint16 voxels[180];
  g_autofree char *bytes = NULL;
  gsize n_bytes;
  gsize n_refused = 0;

  for (int i = 0; i < 180; i++)
    voxels[i] = (gint16) (i * i);
  write_volume (n, PL_DTYPE_INT16, voxels, NULL);
  g_assert_true (g_file_get_contents (path, &bytes, &n_bytes, NULL));
  for (gsize i = 0; i < n_bytes; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PlVolume) volume = NULL;

      write_bytes (bytes, i);
      volume = load (&error);
      g_assert_true ((volume == NULL) == (error != NULL));
      n_refused += volume == NULL;
      if (volume != NULL)
        g_assert_cmpmem (volume->voxels, (gsize) volume->n[0] * 180, voxels,
                         (gsize) volume->n[0] * 180);
    }
  g_assert_cmpuint (n_refused, >=, n_bytes - 4 - 17);
}

/* Each byte of the header and of the directory, which libtiff writes last; some of the pixels. */
static void
damage (const Recipe *recipe)
{
  static const guint8 flips[] = { 0xff, 0x80, 0x01 };
  g_autofree char *bytes = NULL;
  gsize n_bytes;

  make_file (recipe, 1);
  g_assert_true (g_file_get_contents (path, &bytes, &n_bytes, NULL));
  g_assert_false (load_damaged ());
  for (gsize i = 0; i < n_bytes; i += i < 8 || i + 350 > n_bytes ? 1 : 1 + n_bytes / 100)
    {
      write_bytes (bytes, i);
      load_damaged ();
      for (gsize k = 0; k < G_N_ELEMENTS (flips); k++)
        {
          bytes[i] = (char) (bytes[i] ^ flips[k]);
          write_bytes (bytes, n_bytes);
          load_damaged ();
          bytes[i] = (char) (bytes[i] ^ flips[k]);
        }
    }
}

static void
read_flipped (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (victims); i++)
    if (TIFFIsCODECConfigured ((guint16) victims[i].compression))
      damage (&victims[i]);
}

/* Runs @body in a process of its own: nothing on its stderr, and never much memory, although
 * MALLOC_PERTURB_ touches all that is allocated. */
static void
run_apart (void (*body) (void))
{
  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, 0);
      g_test_trap_assert_passed ();
      g_test_trap_assert_stderr ("");
      return;
    }
  body ();
#ifndef __SANITIZE_ADDRESS__
  struct rusage usage;

  g_assert_cmpint (getrusage (RUSAGE_SELF, &usage), ==, 0);
  g_assert_cmpint (usage.ru_maxrss, <, 400 * 1024);
#endif
}

static void
test_truncated (void)
{
  run_apart (read_truncated);
}

static void
test_flipped (void)
{
  run_apart (read_flipped);
}

/* libtiff says the path too. */
static void
test_path_comes_once (void)
{
  static const char cut[] = "II\x2a\0\xff\0\0\0";
  g_autofree char *name = g_build_filename (folder, "cut.tif", NULL);
  g_autoptr (GError) error = NULL;
  PlImageHeader header;

  g_assert_true (g_file_set_contents (name, cut, 8, NULL));
  g_assert_false (pl_tiff_read_header (name, &header, &error));
  g_assert_true (g_str_has_prefix (error->message, name));
  g_assert_null (strstr (error->message + strlen (name), name));
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  folder = pl_scratch_new ();
  path = g_build_filename (folder, "test.tif", NULL);
  g_test_add_func ("/image/tiff/round-trip", test_round_trip);
  g_test_add_func ("/image/tiff/compressed", test_compressed);
  g_test_add_func ("/image/tiff/spacing", test_spacing);
  g_test_add_func ("/image/tiff/no-page-spacing", test_no_page_spacing);
  g_test_add_func ("/image/tiff/write-fails", test_write_fails);
  g_test_add_func ("/image/tiff/disk-full", test_disk_full);
  g_test_add_func ("/image/tiff/is", test_is);
  g_test_add_func ("/image/tiff/progress", test_progress);
  g_test_add_func ("/image/tiff/cancelled", test_cancelled);
  g_test_add_func ("/image/tiff/slice-axis", test_slice_axis);
  g_test_add_func ("/image/tiff/like", test_like);
  g_test_add_func ("/image/tiff/no-such-volume", test_no_such_volume);
  g_test_add_func ("/image/tiff/unlike-pages", test_unlike_pages);
  g_test_add_func ("/image/tiff/unsupported", test_unsupported);
  g_test_add_func ("/image/tiff/too-large", test_too_large);
  g_test_add_func ("/image/tiff/corrupt-strip", test_corrupt_strip);
  g_test_add_func ("/image/tiff/loop", test_loop);
  g_test_add_func ("/image/tiff/not-there", test_not_there);
  g_test_add_func ("/image/tiff/path-comes-once", test_path_comes_once);
  g_test_add_func ("/image/tiff/truncated", test_truncated);
  g_test_add_func ("/image/tiff/flipped", test_flipped);
  status = g_test_run ();
  pl_scratch_remove (folder);
  g_free (folder);
  g_free (path);
  return status;
}
