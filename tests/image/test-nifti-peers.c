/* SPDX-License-Identifier: GPL-3.0-or-later */
/* NIfTI files that nibabel wrote (make-nifti-peers.py), and our masks as nibabel reads them.
 * Without nibabel all is skipped. */
#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "image/nifti-write.h"
#include "image/volume-load.h"

/* A line of the script's index. */
typedef struct
{
  char name[64];
  char file[64];
  int page;
  int pages;
  int shape[3];
  double affine[12];
} Peer;

static char *folder;

static char *
build_path (const char *name)
{
  return g_build_filename (folder, name, NULL);
}

/* FALSE when no Python here has nibabel; any other failure of the script is one of the test.
 * @action is NULL or "check". */
static gboolean
run_script (const char *action)
{
  static const char *const pythons[] = { "/usr/bin/python3", "python3" };
  g_autofree char *script =
      g_test_build_filename (G_TEST_DIST, "image", "make-nifti-peers.py", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (pythons); i++)
    {
      const char *arguments[] = { pythons[i], script, folder, action, NULL };
      g_autofree char *messages = NULL;
      int status;

      if (!g_spawn_sync (NULL, (char **) arguments, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                         &messages, &status, NULL))
        continue;
      if (WIFEXITED (status) && WEXITSTATUS (status) == 0)
        return TRUE;
      if (!WIFEXITED (status) || WEXITSTATUS (status) != 77)
        g_error ("%s: %s", script, messages);
    }
  return FALSE;
}

static Peer
parse_peer (const char *line)
{
  Peer peer;
  double *a = peer.affine;

  g_assert_cmpint (sscanf (line,
                           "%63s %63s %d %d %d %d %d %lf %lf %lf %lf %lf %lf %lf %lf %lf %lf %lf "
                           "%lf",
                           peer.name, peer.file, &peer.page, &peer.pages, &peer.shape[0],
                           &peer.shape[1], &peer.shape[2], &a[0], &a[1], &a[2], &a[3], &a[4], &a[5],
                           &a[6], &a[7], &a[8], &a[9], &a[10], &a[11]),
                   ==, 19);
  return peer;
}

static double *
read_expected (const Peer *peer)
{
  g_autofree char *name = g_strdup_printf ("%s.%d.raw", peer->name, peer->page);
  g_autofree char *path = build_path (name);
  char *bytes;
  gsize n;

  g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));
  g_assert_cmpuint (n, ==,
                    sizeof (double) * (gsize) (peer->shape[0] * peer->shape[1] * peer->shape[2]));
  return (double *) bytes;
}

/* The position in the file of a voxel of memory. */
static int
find_in_file (const PlVolume *volume, int slice, int row, int column)
{
  const PlImageHeader *header = &volume->header;
  const int at[3] = { slice, row, column };
  int file[3];

  for (int i = 0; i < 3; i++)
    file[header->axis[i]] = header->flip[i] ? volume->n[i] - 1 - at[i] : at[i];
  return (file[2] * header->shape[1] + file[1]) * header->shape[0] + file[0];
}

static void
write_mask (const Peer *peer, const PlVolume *volume)
{
  g_autofree char *name = g_strdup_printf ("mask_%s.nii.gz", peer->name);
  g_autofree char *path = build_path (name);
  gsize n = (gsize) (volume->n[1] * volume->n[2]);
  g_autofree float *hu = g_new (float, n);
  g_autofree guint8 *labels = g_new (guint8, (gsize) volume->n[0] * n);
  g_autoptr (GError) error = NULL;

  for (int s = 0; s < volume->n[0]; s++)
    {
      pl_volume_slice (volume, s, hu);
      for (gsize i = 0; i < n; i++)
        labels[(gsize) s * n + i] = hu[i] > 50.0f;
    }
  g_assert_true (
      pl_nifti_write (path, &volume->header, PL_DTYPE_UINT8, labels, 1, 0, NULL, &error));
  g_assert_no_error (error);
}

static void
check_peer (const Peer *peer)
{
  g_autofree char *path = build_path (peer->file);
  g_autofree double *expected = read_expected (peer);
  g_autoptr (GError) error = NULL;
  PlLoadOptions options = PL_LOAD_OPTIONS_DEFAULT;
  g_autoptr (PlVolume) volume = NULL;

  g_test_message ("%s, volume %d", peer->file, peer->page);
  options.page = peer->page;
  volume = pl_volume_load (path, &options, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (volume->header.pages, ==, peer->pages);
  for (int a = 0; a < 3; a++)
    g_assert_cmpint (volume->header.shape[a], ==, peer->shape[a]);
  g_assert_true (volume->header.has_affine);
  for (int i = 0; i < 12; i++)
    g_assert_cmpfloat_with_epsilon (volume->header.affine[i / 4][i % 4], peer->affine[i], 1e-5);
  for (int s = 0; s < volume->n[0]; s++)
    for (int r = 0; r < volume->n[1]; r++)
      for (int c = 0; c < volume->n[2]; c++)
        {
          double value = expected[find_in_file (volume, s, r, c)];

          g_assert_cmpfloat (fabs (pl_volume_value (volume, s, r, c) - value), <=,
                             1e-12 * fabs (value));
        }
  if (peer->pages == 1)
    write_mask (peer, volume);
}

static void
test_nibabel (void)
{
  g_autofree char *path = build_path ("index.txt");
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (!run_script (NULL))
    {
      g_test_skip ("no nibabel");
      return;
    }
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (g_strchomp (text), "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), >, 30);
  for (int i = 0; lines[i] != NULL; i++)
    {
      Peer peer = parse_peer (lines[i]);
      check_peer (&peer);
    }
  g_assert_true (run_script ("check"));
}

static void
remove_folder (void)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);

  for (const char *name; (name = g_dir_read_name (dir)) != NULL;)
    {
      g_autofree char *path = build_path (name);
      g_remove (path);
    }
  g_rmdir (folder);
  g_free (folder);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("pleura-nifti-peers-XXXXXX", NULL);
  g_test_add_func ("/image/nifti-peers/nibabel", test_nibabel);
  status = g_test_run ();
  remove_folder ();
  return status;
}
