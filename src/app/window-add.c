/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that come to a data set that is open: a mask is given to its image, what is there already
 * is passed over, and all else is left out, with the reason and a button that opens it by itself.
 * Names and headers are looked at in a thread.
 */
#include "app/window-private.h"

#include "train/mask-match.h"

#include <glib/gi18n.h>
#include <string.h>

/* What becomes of a file. */
typedef struct
{
  char *path;
  char *case_name; /* (nullable): it is the mask of */
  char *problem;   /* (nullable): why it is left out */
} Addition;

typedef struct
{
  PlDataset *dataset; /* Owned */
  GStrv paths;
} Job;

static void
addition_free (gpointer data)
{
  Addition *addition = data;

  g_free (addition->path);
  g_free (addition->case_name);
  g_free (addition->problem);
  g_free (addition);
}

static void
job_free (gpointer data)
{
  Job *job = data;

  pl_dataset_free (job->dataset);
  g_strfreev (job->paths);
  g_free (job);
}

/* Set of the files of the data set. */
static GHashTable *
list_known (const PlDataset *dataset)
{
  GHashTable *known = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < dataset->cases->len; i++)
    {
      const PlCase *self = g_ptr_array_index (dataset->cases, i);

      g_hash_table_add (known, self->image_path);
      if (self->mask_path != NULL)
        g_hash_table_add (known, self->mask_path);
    }
  return known;
}

/* Of a file that is no mask. */
static Addition *
make_left_out (const PlDataset *dataset, const char *path)
{
  Addition *addition = g_new0 (Addition, 1);
  const char *reason = _ ("it is not in the folder, which is shown by itself");

  for (guint i = 0; i < dataset->problems->len; i++)
    {
      const PlProblem *problem = g_ptr_array_index (dataset->problems, i);

      if (g_str_equal (problem->path, path))
        reason = problem->reason;
    }
  addition->path = g_strdup (path);
  addition->problem = g_strdup (reason);
  return addition;
}

/* Without the file's name, which stands before it. */
static char *
dup_reason (const char *path, const GError *error)
{
  gsize length = strlen (path);
  const char *advice = pl_image_error_advice (error);
  const char *message = error->message;

  if (g_str_has_prefix (message, path) && g_str_has_prefix (message + length, ": "))
    message += length + 2;
  return g_strconcat (message, *advice == '\0' ? NULL : ". ", advice, NULL);
}

static void
add_masks (const Job *job, char **masks, GPtrArray *additions)
{
  g_autoptr (GPtrArray) matches = pl_mask_match_list (job->dataset, masks);

  for (guint i = 0; i < matches->len; i++)
    {
      const PlMaskMatch *match = g_ptr_array_index (matches, i);
      Addition *addition = g_new0 (Addition, 1);

      addition->path = g_strdup (match->path);
      if (match->error != NULL)
        addition->problem = dup_reason (match->path, match->error);
      else
        addition->case_name =
            g_strdup (((PlCase *) job->dataset->cases->pdata[match->index])->name);
      g_ptr_array_add (additions, addition);
    }
}

static void
add_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Job *job = data;
  g_autoptr (GHashTable) known = list_known (job->dataset);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) masks = NULL;
  GPtrArray *additions = g_ptr_array_new_with_free_func (addition_free);

  for (char **path = job->paths; *path != NULL; path++)
    if (!g_hash_table_contains (known, *path))
      {
        if (pl_path_is_mask (*path))
          g_strv_builder_add (builder, *path);
        else
          g_ptr_array_add (additions, make_left_out (job->dataset, *path));
      }
  masks = g_strv_builder_end (builder);
  add_masks (job, masks, additions);
  g_task_return_pointer (task, additions, (GDestroyNotify) g_ptr_array_unref);
}

/* FALSE if its case was taken from the list meanwhile, or has got another. */
static gboolean
give_mask (PlAppWindow *self, const Addition *addition)
{
  PlCase *source = pl_dataset_find (self->dataset, addition->case_name);
  PlCaseItem *item = pl_app_window_find_case (self, addition->case_name);

  if (source == NULL || item == NULL || source->mask_path != NULL)
    return FALSE;
  source->mask_path = g_strdup (addition->path);
  pl_case_item_set_mask (item, addition->path);
  if (item == self->current)
    pl_app_window_load_truth (self);
  return TRUE;
}

static void
say_what_was_given (PlAppWindow *self, const Addition *last, guint n)
{
  g_autofree char *mask = g_filename_display_basename (last->path);
  g_autofree char *image = g_filename_display_basename (last->case_name);
  g_autofree char *text = NULL;

  if (n == 1)
    /* Translators: file names. */
    text = g_strdup_printf (_ ("“%s” is the mask of “%s” now"), mask, image);
  else
    text = g_strdup_printf (
        ngettext ("%u mask was paired with its image", "%u masks were paired with their images", n),
        n);
  pl_app_window_toast (self, text);
}

static void
offer_to_open (PlAppWindow *self, const char *text, gboolean is_one)
{
  pl_app_window_offer (self, text, is_one ? _ ("_Open It Alone") : _ ("_Open Them Alone"),
                       "win.open-left-out");
}

static void
say_what_was_left_out (PlAppWindow *self, const GPtrArray *left_out)
{
  const Addition *first = g_ptr_array_index (left_out, 0);
  g_autofree char *name = g_filename_display_basename (first->path);
  g_autofree char *text = NULL;

  if (left_out->len == 1)
    /* Translators: a file, and why. */
    text = g_strdup_printf (_ ("“%s” was left out: %s"), name, first->problem);
  else
    /* Translators: one of several files, and why. */
    text = g_strdup_printf (ngettext ("“%s” and %u more were left out: %s",
                                      "“%s” and %u more were left out: %s", left_out->len - 1),
                            name, left_out->len - 1, first->problem);
  offer_to_open (self, text, left_out->len == 1);
}

static void
say_that_all_is_there (PlAppWindow *self, char **paths)
{
  g_autofree char *name = g_filename_display_basename (paths[0]);
  /* Translators: a file. */
  g_autofree char *text = g_strdup_printf (_ ("“%s” is open already"), name);
  gboolean is_one = paths[1] == NULL;

  g_strfreev (self->left_out);
  self->left_out = g_strdupv (paths);
  offer_to_open (self, is_one ? text : _ ("These files are open already"), is_one);
}

/* Each with its reason, to be opened if that is wanted. */
static void
leave_out (PlAppWindow *self, const GPtrArray *left_out)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < left_out->len; i++)
    {
      const Addition *addition = g_ptr_array_index (left_out, i);

      g_strv_builder_add (builder, addition->path);
      pl_app_window_note (self, addition->path, addition->problem);
    }
  g_strfreev (self->left_out);
  self->left_out = g_strv_builder_end (builder);
  say_what_was_left_out (self, left_out);
}

static void
added_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PlAppWindow) self = data;
  g_autoptr (GPtrArray) additions = g_task_propagate_pointer (G_TASK (result), NULL);
  g_autoptr (GPtrArray) left_out = g_ptr_array_new ();
  const Addition *last = NULL;
  guint n_given = 0;

  if (!pl_pending_end (&self->adding, result) || additions == NULL)
    return;
  for (guint i = 0; i < additions->len; i++)
    {
      Addition *addition = g_ptr_array_index (additions, i);

      if (addition->problem != NULL)
        g_ptr_array_add (left_out, addition);
      else if (give_mask (self, addition))
        {
          last = addition;
          n_given++;
        }
    }
  if (n_given > 0)
    {
      pl_app_window_tell_of_cases (self);
      pl_case_list_update (self->case_list);
      say_what_was_given (self, last, n_given);
    }
  if (left_out->len > 0)
    leave_out (self, left_out);
  if (additions->len == 0)
    say_that_all_is_there (self, ((Job *) g_task_get_task_data (G_TASK (result)))->paths);
}

void
pl_app_window_add_files (PlAppWindow *self, char **paths)
{
  GCancellable *cancellable = pl_pending_begin (&self->adding);
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, added_cb, g_object_ref (self));
  Job *job = g_new0 (Job, 1);

  job->dataset = pl_dataset_copy (self->dataset);
  job->paths = g_strdupv (paths);
  g_task_set_source_tag (task, pl_app_window_add_files);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, add_thread);
}

static void
open_left_out_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PlAppWindow *self = data;
  g_auto (GStrv) paths = g_steal_pointer (&self->left_out);

  if (paths != NULL)
    pl_app_window_open_files (self, paths);
}

static const GActionEntry entries[] = {
  { "open-left-out", open_left_out_cb },
};

void
pl_app_window_add_left_out_actions (PlAppWindow *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}
