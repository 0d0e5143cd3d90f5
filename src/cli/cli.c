/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the subcommands share: options, messages, interruption, progress, JSON. */
#include "cli/cli.h"

#include <fcntl.h>
#include <glib/gi18n.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/json.h"

static gboolean wants_json;
static gboolean is_quiet;

static const GOptionEntry common_entries[] = {
  { "json", 0, 0, G_OPTION_ARG_NONE, &wants_json, N_ ("Print one JSON document on stdout"), NULL },
  { "quiet", 'q', 0, G_OPTION_ARG_NONE, &is_quiet, N_ ("No progress, errors only"), NULL },
  G_OPTION_ENTRY_NULL,
};

GStrv
pl_cli_parse (int argc,
              char **argv,
              const char *usage,
              const char *summary,
              const GOptionEntry *entries,
              int least,
              int most)
{
  g_autofree char *command = g_strdup (argv[0]);
  g_autofree char *program = g_strdup_printf ("pleura-cli %s", command);
  g_autoptr (GOptionContext) context = g_option_context_new (usage);
  g_autoptr (GError) error = NULL;
  g_autoptr (GStrvBuilder) rest = g_strv_builder_new ();
  g_auto (GStrv) copy = g_new0 (char *, argc + 1);
  g_autofree char **moved = NULL;
  gboolean after_dashes = FALSE;

  for (int i = 0; i < argc; i++)
    copy[i] = g_strdup (argv[i]);
  /* GOption takes strings out of the array it is given; the copy keeps them alive. */
  moved = g_memdup2 (copy, sizeof (char *) * (gsize) (argc + 1));
  g_set_prgname (program); /* help names it, and options stand behind the command */
  g_option_context_set_summary (context, summary);
  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  g_option_context_add_main_entries (context, common_entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, &argc, &moved, &error))
    exit (pl_cli_misuse ("%s: %s", command, error->message));
  for (int i = 1; i < argc; i++)
    if (!after_dashes && g_str_equal (moved[i], "--"))
      after_dashes = TRUE;
    else
      g_strv_builder_add (rest, moved[i]);

  g_auto (GStrv) arguments = g_strv_builder_end (rest);
  int n = (int) g_strv_length (arguments);
  if (n < least || (most >= 0 && n > most))
    exit (pl_cli_misuse (_ ("%s: wrong number of arguments; “pleura-cli %s --help” tells more"),
                         command, command));
  return g_steal_pointer (&arguments);
}

/* From 0, as FSL, AFNI, MRtrix and nibabel count volumes. */
GOptionEntry
pl_cli_volume_entry (int *volume)
{
  return (GOptionEntry){
    .long_name = "volume",
    .arg = G_OPTION_ARG_INT,
    .arg_data = volume,
    .description = N_ ("Volume of a 4D file, counted from 0 (0)"),
    .arg_description = "N",
  };
}

GOptionEntry
pl_cli_slice_axis_entry (int *slice_axis)
{
  return (GOptionEntry){
    .long_name = "slice-axis",
    .arg = G_OPTION_ARG_INT,
    .arg_data = slice_axis,
    .description = N_ ("Axis of the file that counts slices: 0, 1 or 2 (by the usual rule)"),
    .arg_description = "N",
  };
}

PlCliStatus
pl_cli_check_reading (const char *command, int volume, int slice_axis)
{
  if (volume < 0)
    return pl_cli_misuse (_ ("%s: --volume is %d, not 0 or more"), command, volume);
  if (slice_axis < -1 || slice_axis > 2)
    return pl_cli_misuse (_ ("%s: --slice-axis is %d, not 0, 1 or 2"), command, slice_axis);
  return PL_CLI_DONE;
}

PlCliStatus
pl_cli_worse (PlCliStatus a, PlCliStatus b)
{
  return a > b ? a : b;
}

gboolean
pl_cli_wants_json (void)
{
  return wants_json;
}

gboolean
pl_cli_is_quiet (void)
{
  return is_quiet;
}

static void G_GNUC_PRINTF (1, 0) complain_va (const char *format, va_list args)
{
  g_autofree char *message = g_strdup_vprintf (format, args);

  pl_cli_progress_end ();
  g_printerr ("pleura-cli: %s\n", message);
}

void
pl_cli_complain (const char *format, ...)
{
  va_list args;

  va_start (args, format);
  complain_va (format, args);
  va_end (args);
}

PlCliStatus
pl_cli_misuse (const char *format, ...)
{
  va_list args;

  va_start (args, format);
  complain_va (format, args);
  va_end (args);
  return PL_CLI_USAGE;
}

PlCliStatus
pl_cli_fail (const GError *error)
{
  pl_cli_complain ("%s", error->message);
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? PL_CLI_INTERRUPTED
                                                                   : PL_CLI_FAILED;
}

/* The writing end of a pipe to the thread that cancels: a handler may do little more than write. */
static int signal_fd;

static void
signal_cb (int number)
{
  ssize_t n = write (signal_fd, "", 1);

  (void) n;
}

/* Waits for a signal for the life of the process. */
static gpointer
await_signal (gpointer data)
{
  char byte;

  while (read (GPOINTER_TO_INT (data), &byte, 1) != 1)
    ;
  g_cancellable_cancel (pl_cli_cancellable ());
  return NULL;
}

/* The first signal cancels, a second one ends the program at once. Blocking the signals and waiting
 * for them would be shorter, but OpenBLAS has threads before main begins. */
static void
catch_signals (void)
{
  struct sigaction action = { .sa_handler = signal_cb, .sa_flags = SA_RESETHAND | SA_RESTART };
  int fds[2];

  if (pipe2 (fds, O_CLOEXEC) != 0)
    return;
  signal_fd = fds[1];
  g_thread_unref (g_thread_new ("signals", await_signal, GINT_TO_POINTER (fds[0])));
  sigaction (SIGINT, &action, NULL);
  sigaction (SIGTERM, &action, NULL);
}

GCancellable *
pl_cli_cancellable (void)
{
  static GCancellable *cancellable;
  static gsize once;

  if (g_once_init_enter (&once))
    {
      cancellable = g_cancellable_new ();
      g_once_init_leave (&once, 1);
      catch_signals ();
    }
  return cancellable;
}

static struct
{
  GMutex lock;
  char *label; /* owned; NULL when no progress is shown */
  gint64 start_us;
  gint64 drawn_us;
  int tenths;
  gboolean is_drawn;
} progress;

void
pl_cli_progress_begin (const char *label)
{
  pl_cli_progress_end ();
  g_mutex_lock (&progress.lock);
  progress.label = g_strdup (label);
  progress.start_us = g_get_monotonic_time ();
  progress.drawn_us = 0;
  progress.tenths = 0;
  g_mutex_unlock (&progress.lock);
}

static void
draw_bar (double fraction, double elapsed_s)
{
  int left_s = fraction > 0.01 ? (int) ceil (elapsed_s / fraction * (1 - fraction)) : -1;
  char bar[21];

  for (int i = 0; i < 20; i++)
    bar[i] = fraction * 20 > i ? '#' : '.';
  bar[20] = '\0';
  g_printerr ("\r\033[K%s [%s] %3.0f %%", progress.label, bar, 100 * fraction);
  if (left_s >= 0)
    g_printerr ("  %d:%02d", left_s / 60, left_s % 60);
  progress.is_drawn = TRUE;
}

/* With the lock held. The first half second shows nothing. */
static void
show_progress (double fraction)
{
  gint64 now_us = g_get_monotonic_time ();
  double elapsed_s = 1e-6 * (double) (now_us - progress.start_us);

  if (elapsed_s < 0.5)
    return;
  if (isatty (STDERR_FILENO))
    {
      if (now_us - progress.drawn_us > 100000)
        {
          progress.drawn_us = now_us;
          draw_bar (fraction, elapsed_s);
        }
    }
  else if ((int) (fraction * 10) > progress.tenths)
    {
      progress.tenths = (int) (fraction * 10);
      g_printerr ("%s %d %%\n", progress.label, progress.tenths * 10);
    }
}

void
pl_cli_progress_cb (double fraction, gpointer data)
{
  g_mutex_lock (&progress.lock);
  if (!is_quiet && progress.label != NULL)
    show_progress (CLAMP (fraction, 0, 1));
  g_mutex_unlock (&progress.lock);
}

void
pl_cli_progress_end (void)
{
  g_mutex_lock (&progress.lock);
  if (progress.is_drawn)
    g_printerr ("\r\033[K");
  progress.is_drawn = FALSE;
  g_clear_pointer (&progress.label, g_free);
  g_mutex_unlock (&progress.lock);
}

void
pl_cli_print_json (JsonObject *object)
{
  g_autofree char *text = pl_json_to_text (object);

  fputs (text, stdout);
  json_object_unref (object);
}

gboolean
pl_cli_parse_numbers (const char *text, int n, double *numbers)
{
  g_auto (GStrv) parts = g_strsplit (text, ",", -1);

  if ((int) g_strv_length (parts) != n)
    return FALSE;
  for (int i = 0; i < n; i++)
    {
      char *end;

      numbers[i] = g_ascii_strtod (parts[i], &end);
      if (end == parts[i] || *end != '\0' || !isfinite (numbers[i]))
        return FALSE;
    }
  return TRUE;
}

void
pl_cli_print_padded (const char *text, int width)
{
  int pad = ABS (width);

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    pad -= g_unichar_iswide (g_utf8_get_char (p)) ? 2 : 1;
  if (width < 0)
    g_print ("%s%*s", text, MAX (pad, 0), "");
  else
    g_print ("%*s%s", MAX (pad, 0), "", text);
}

JsonObject *
pl_cli_metrics_to_json (const PlMetrics *metrics)
{
  JsonObject *object = json_object_new ();
  gsize n_fields;
  const PlMetricsField *fields = pl_metrics_fields (&n_fields);

  for (gsize i = 0; i < n_fields; i++)
    if (!g_str_equal (fields[i].name, "bce"))
      pl_json_set_double (object, fields[i].name,
                          G_STRUCT_MEMBER (double, metrics, fields[i].offset));
  return object;
}
