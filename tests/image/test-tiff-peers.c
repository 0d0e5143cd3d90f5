/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TIFF files that other programs wrote: tifffile (make-tiff-peers.py) and libtiff's own tiffcp; and
 * ours, as they read them. What is not installed is skipped by name. */
#include <gio/gio.h>
#include <math.h>
#include <stdio.h>
#include <sys/wait.h>

#include "image/tiff-write.h"
#include "image/tiff.h"
#include "support/scratch.h"

/* A line of the script's index. */
typedef struct
{
  char name[64];
  char dtype[16];
  int n[3];
  double spacing_mm[3]; /* 0 where the file does not say */
} Peer;

static char *folder;

static char *
build_path (const char *name, const char *ending)
{
  g_autofree char *base = g_strconcat (name, ending, NULL);

  return g_build_filename (folder, base, NULL);
}

/* The exit status; −1 when the program is not there. */
static int
run (const char *const *arguments)
{
  g_autofree char *program = g_find_program_in_path (arguments[0]);
  g_autoptr (GError) error = NULL;
  int status;

  if (program == NULL)
    return -1;
  g_spawn_sync (NULL, (char **) arguments, NULL,
                G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL | G_SPAWN_STDOUT_TO_DEV_NULL, NULL,
                NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  return WIFEXITED (status) ? WEXITSTATUS (status) : -1;
}

/* FALSE when no Python here has tifffile. @name is NULL, or a file to be read. */
static gboolean
run_script (const char *name)
{
  static const char *const pythons[] = { "/usr/bin/python3", "python3" };
  g_autofree char *script =
      g_test_build_filename (G_TEST_DIST, "image", "make-tiff-peers.py", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (pythons); i++)
    {
      const char *arguments[] = { pythons[i], script, folder, name, NULL };
      int status = run (arguments);

      if (status == 0)
        return TRUE;
      g_assert_true (status == 77 || status == -1);
    }
  return FALSE;
}

static gboolean
parse_peer (const char *line, Peer *peer)
{
  return sscanf (line, "%63s %15s %d %d %d %lf %lf %lf", peer->name, peer->dtype, &peer->n[0],
                 &peer->n[1], &peer->n[2], &peer->spacing_mm[0], &peer->spacing_mm[1],
                 &peer->spacing_mm[2]) == 8;
}

static char **
read_index (void)
{
  g_autofree char *path = build_path ("index", ".txt");
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return g_strsplit (g_strchomp (text), "\n", -1);
}

static PlVolume *
load (const char *name)
{
  PlLoadOptions options = PL_LOAD_OPTIONS_DEFAULT;
  g_autofree char *path = build_path (name, ".tif");
  g_autoptr (GError) error = NULL;
  PlVolume *volume = pl_tiff_load (path, &options, NULL, &error);

  g_assert_no_error (error);
  return volume;
}

/* The values of @name.raw and of the volume differ by @tolerance at most; 0 compares bytes. */
static void
assert_same_values (const PlVolume *volume, const char *name, int tolerance)
{
  g_autofree char *path = build_path (name, ".raw");
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize n_bytes;

  g_file_get_contents (path, &bytes, &n_bytes, &error);
  g_assert_no_error (error);
  if (tolerance == 0)
    g_assert_cmpmem (volume->voxels, n_bytes, bytes, n_bytes);
  g_assert_true (tolerance == 0 || volume->type == PL_DTYPE_UINT8);
  for (gsize i = 0; tolerance > 0 && i < n_bytes; i++)
    g_assert_cmpint (ABS (((guint8 *) volume->voxels)[i] - (guint8) bytes[i]), <=, tolerance);
}

static void
assert_is_peer (const PlVolume *volume, const Peer *peer)
{
  g_assert_cmpstr (pl_dtype_name (volume->type), ==, peer->dtype);
  g_assert_cmpint (pl_volume_ready_slices (volume), ==, peer->n[0]);
  g_assert_cmpint (volume->header.has_spacing, ==, peer->spacing_mm[1] > 0.0);
  for (int i = 0; i < 3; i++)
    {
      double mm = peer->spacing_mm[1] > 0.0 ? peer->spacing_mm[i] : 1.0;

      g_assert_cmpint (volume->n[i], ==, peer->n[i]);
      g_assert_cmpint (volume->header.shape[i], ==, peer->n[i]);
      g_assert_cmpfloat_with_epsilon (volume->spacing_mm[i], mm, 1e-6 * mm);
    }
  assert_same_values (volume, peer->name, 0);
}

static void
test_tifffile (void)
{
  g_auto (GStrv) lines = NULL;

  if (!run_script (NULL))
    {
      g_test_skip ("no python3 with tifffile");
      return;
    }
  lines = read_index ();
  g_assert_cmpuint (g_strv_length (lines), >, 60);
  for (char **line = lines; *line != NULL; line++)
    {
      g_autoptr (PlVolume) volume = NULL;
      Peer peer;

      g_assert_true (parse_peer (*line, &peer));
      g_test_message ("%s", peer.name);
      volume = load (peer.name);
      assert_is_peer (volume, &peer);
    }
}

/* What tiffcp is asked to make of a file of the script; lossy ones may differ by @tolerance. */
static const struct
{
  const char *name;
  const char *options;
  int tolerance;
} copies[] = {
  { "little-int16", "-c lzw", 0 },
  { "little-int16", "-c lzw:2 -B", 0 },
  { "little-int16", "-c zip:2 -r 3", 0 },
  { "little-int16", "-c packbits", 0 },
  { "little-int16", "-c zstd", 0 },
  { "little-int16", "-c lzma:2", 0 },
  { "little-int16", "-c lerc", 0 },
  { "little-int16", "-t -w 16 -l 32 -c lzw", 0 },
  { "little-int32", "-c zip:2 -8", 0 },
  { "little-float32", "-c zip:3", 0 },
  { "little-float32", "-c lzw:3", 0 },
  { "little-float64", "-c zip:3 -t -w 16 -l 16", 0 },
  { "stack", "-c zip:2 -B", 0 },
  { "bilevel", "-c g3", 0 },
  { "bilevel", "-c g3:2d:fill", 0 },
  { "bilevel", "-c g4", 0 },
  { "bilevel", "-c g4 -f lsb2msb", 0 },
  { "bilevel", "-c jbig", 0 },
  { "bilevel", "-c jbig -f lsb2msb", 0 },
  { "bilevel-white", "-c g4", 0 },
  { "bilevel", "-c packbits -t -w 16 -l 16", 0 },
  { "palette", "-c lzw", 0 },
  { "rgb-uint8", "-p separate -c zip:2", 0 },
  { "rgb-planes-uint8", "-p contig -c lzw:2", 0 },
  { "rgb-uint8", "-p separate -t -w 16 -l 16", 0 },
  { "smooth-gray", "-c jpeg:95", 4 },
  { "smooth-gray", "-c jpeg:95 -t -w 16 -l 16", 4 },
  { "smooth-rgb", "-c jpeg:95 -r 16", 6 },
  { "smooth-rgb", "-c jpeg:r:95 -r 16", 6 },
  { "smooth-rgb", "-c webp", 12 },
};

static void
compare_copy (const char *name, const char *options, int tolerance)
{
  g_autofree char *from = build_path (name, ".tif");
  g_autofree char *to = build_path ("copy", ".tif");
  g_autofree char *command = g_strdup_printf ("tiffcp %s '%s' '%s'", options, from, to);
  g_auto (GStrv) arguments = NULL;
  g_autoptr (PlVolume) volume = NULL;

  g_assert_true (g_shell_parse_argv (command, NULL, &arguments, NULL));
  if (run ((const char *const *) arguments) != 0)
    {
      g_test_message ("tiffcp cannot write %s %s here", name, options);
      return;
    }
  g_test_message ("%s %s", name, options);
  volume = load ("copy");
  assert_same_values (volume, name, tolerance);
}

static void
test_tiffcp (void)
{
  g_autofree char *tiffcp = g_find_program_in_path ("tiffcp");

  if (tiffcp == NULL || !run_script (NULL))
    {
      g_test_skip ("no tiffcp, or no python3 with tifffile");
      return;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (copies); i++)
    compare_copy (copies[i].name, copies[i].options, copies[i].tolerance);
}

/* Ours, uncompressed by tiffcp, read by tifffile. */
static void
test_ours (void)
{
  const int n[3] = { 3, 20, 31 };
  const double spacing_mm[3] = { 1.0, 0.5, 0.8 };
  g_autofree char *ours = build_path ("ours", ".tif");
  g_autofree char *plain = build_path ("plain", ".tif");
  const char *const copy[] = { "tiffcp", "-c", "none", ours, plain, NULL };
  double voxels[3 * 20 * 31];

  for (gsize i = 0; i < G_N_ELEMENTS (voxels); i++)
    voxels[i] = sin ((double) i);
  for (PlDType type = PL_DTYPE_UINT8; type <= PL_DTYPE_FLOAT64; type++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PlVolume) volume = NULL;
      g_auto (GStrv) lines = NULL;
      Peer peer;

      pl_tiff_write (ours, n, type, voxels, spacing_mm, NULL, &error);
      g_assert_no_error (error);
      if (run (copy) != 0 || !run_script ("plain"))
        {
          g_test_skip ("no tiffcp, or no python3 with tifffile");
          return;
        }
      lines = read_index ();
      g_assert_true (parse_peer (lines[0], &peer));
      volume = load ("ours");
      assert_is_peer (volume, &peer);
      g_assert_cmpmem (volume->voxels, 3 * 20 * 31 * pl_dtype_size (type), voxels,
                       3 * 20 * 31 * pl_dtype_size (type));
    }
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  folder = pl_scratch_new ();
  g_test_add_func ("/image/tiff-peers/tifffile", test_tifffile);
  g_test_add_func ("/image/tiff-peers/tiffcp", test_tiffcp);
  g_test_add_func ("/image/tiff-peers/ours", test_ours);
  status = g_test_run ();
  pl_scratch_remove (folder);
  g_free (folder);
  return status;
}
