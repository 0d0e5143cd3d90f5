/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A training whose run folder lies on a disk that is full soon: a small file system in memory,
 * which lives as long as the shell that mounts it in a namespace of its own. */
#include "rig.h"

#include <glib/gstdio.h>
#include <sys/wait.h>

/* Trains with a model of 33 kB and checkpoints of 100 kB, and says what the folder holds then. */
#define SCRIPT                                                                                     \
  "mount -t tmpfs -o size=$3 none \"$2\" || exit 77\n"                                             \
  "\"$0\" train \"$1\" --out \"$2/run\" --epochs 8 --size 32 --base 4 --depth 2 --batch 2 -q\n"    \
  "status=$?\n"                                                                                    \
  "ls \"$2/run\" \"$2/run/epochs\"\n"                                                              \
  "exit $status\n"

/* Status 77 where no such file system can be had. */
static RigCall
train_on_disk (const char *disk, const char *size)
{
  const char *argv[] = { "unshare",  "-Urm",      "sh", "-c", SCRIPT,
                         rig_cli (), rig_data (), disk, size, NULL };
  g_auto (GStrv) environment = g_get_environ ();
  g_autofree char *here = rig_path ("rescued");
  RigCall call = { .status = 77 };
  int wait_status;

  g_mkdir (disk, 0755);
  g_mkdir (here, 0755);
  environment = g_environ_setenv (g_steal_pointer (&environment), "TMPDIR", here, TRUE);
  if (g_spawn_sync (NULL, (char **) argv, environment, G_SPAWN_SEARCH_PATH, NULL, NULL, &call.out,
                    &call.err, &wait_status, NULL))
    call.status = WIFEXITED (wait_status) ? WEXITSTATUS (wait_status) : -1;
  if (call.err != NULL && g_str_has_prefix (call.err, "unshare:"))
    call.status = 77;
  return call;
}

static int
count_words (const char *text, const char *word)
{
  int n = 0;

  for (const char *at = strstr (text, word); at != NULL; at = strstr (at + 1, word))
    n++;
  return n;
}

/* The epochs that were kept give way, and it comes to its end. */
static void
test_epochs_give_way (void)
{
  g_autofree char *disk = rig_path ("disk");
  g_auto (RigCall) call = train_on_disk (disk, "400k");

  if (call.status == 77)
    {
      g_test_skip ("no namespaces here");
      return;
    }
  assert_status (call, 0);
  g_assert_cmpint (count_words (call.err, "The disk is full"), ==, 1);
  assert_contains (call.out, "best.safetensors");
  assert_contains (call.out, "test.csv");
  g_assert_cmpint (count_words (call.out, "000"), ==, 0); /* 0001.safetensors and so on */
}

/* Not even that is enough: the weights lie elsewhere. */
static void
test_no_room (void)
{
  g_autofree char *disk = rig_path ("small-disk");
  g_autofree char *rescued = rig_path ("rescued");
  g_auto (RigCall) call = train_on_disk (disk, "130k");

  if (call.status == 77)
    {
      g_test_skip ("no namespaces here");
      return;
    }
  assert_status (call, 1);
  assert_contains (call.err, "No space left on device");
  assert_contains (call.err, "best weights so far were written to ");
  assert_contains (call.err, rescued);
}

int
main (int argc, char **argv)
{
  rig_init (&argc, &argv);
  g_test_add_func ("/cli/full-disk/epochs-give-way", test_epochs_give_way);
  g_test_add_func ("/cli/full-disk/no-room", test_no_room);
  return rig_run_tests ();
}
