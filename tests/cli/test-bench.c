/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench: what it reports, of one variant and of several, and what it refuses. */
#include "rig.h"

/* Of a small network; @option is given @value. */
static RigCall
bench (const char *option, const char *value)
{
  return rig_run ("bench", "--seconds", "0.02", "--base", "4", "--depth", "2", "--size", "32",
                  "--json", option, value, NULL);
}

static void
assert_positive (JsonObject *object, const char *member)
{
  g_test_message ("%s", member);
  g_assert_cmpfloat (json_object_get_double_member (object, member), >, 0);
}

static void
assert_figure (JsonObject *report, const char *name)
{
  JsonObject *figure = json_object_get_object_member (report, name);

  assert_positive (figure, "images_per_s");
  assert_positive (figure, "gflop_per_s");
  assert_positive (figure, "work_mib");
}

static void
assert_phases (JsonObject *report)
{
  static const char *const names[] = { "forward_s", "loss_s", "backward_s", "optimizer_s",
                                       "data_s" };
  JsonObject *training = json_object_get_object_member (report, "training");
  JsonObject *phases = json_object_get_object_member (training, "phases");

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    assert_positive (phases, names[i]);
  assert_positive (phases, "busy");
  g_assert_cmpfloat (json_object_get_double_member (phases, "busy"), <=, 1);
}

/* Products have a rate, and a share of the peak that is one; the others bytes alone. */
static void
assert_layers (JsonObject *report)
{
  JsonArray *layers = json_object_get_array_member (report, "layers");
  guint n_products = 0;

  for (guint i = 0; i < json_array_get_length (layers); i++)
    {
      JsonObject *layer = json_array_get_object_element (layers, i);

      g_assert_cmpstr (json_object_get_string_member (layer, "layer"), !=, "");
      g_assert_cmpstr (json_object_get_string_member (layer, "kernel"), !=, "");
      assert_positive (layer, "seconds");
      assert_positive (layer, "gb_per_s");
      g_assert_cmpint (json_object_has_member (layer, "gflop_per_s"), ==,
                       json_object_has_member (layer, "share_of_peak"));
      if (!json_object_has_member (layer, "gflop_per_s"))
        continue;
      n_products++;
      assert_positive (layer, "gflop_per_s");
      g_assert_cmpfloat_with_epsilon (
          json_object_get_double_member (layer, "share_of_peak"),
          json_object_get_double_member (layer, "gflop_per_s") /
              json_object_get_double_member (report, "peak_gflop_per_s"),
          1e-9);
    }
  g_assert_cmpuint (n_products, >, 0);
  g_assert_cmpuint (n_products, <, json_array_get_length (layers));
}

static void
test_report (void)
{
  g_auto (RigCall) call = bench ("--batch", "3");
  g_autoptr (JsonObject) report = NULL;

  assert_status (call, 0);
  report = rig_parse (call.out);
  g_assert_cmpint (json_object_get_int_member (report, "base"), ==, 4);
  g_assert_cmpint (json_object_get_int_member (report, "depth"), ==, 2);
  g_assert_cmpint (json_object_get_int_member (report, "size"), ==, 32);
  g_assert_cmpint (json_object_get_int_member (report, "batch"), ==, 3);
  g_assert_cmpint (json_object_get_int_member (report, "threads"), >, 0);
  assert_positive (report, "peak_gflop_per_s");
  assert_positive (report, "resident_mib");
  assert_figure (report, "training");
  assert_figure (report, "prediction");
  assert_phases (report);
  assert_layers (report);
  g_assert_false (json_object_has_member (report, "reports"));
}

/* The member of both reports, joined; each is a whole report. */
static char *
join_of_two (const char *text, const char *member)
{
  g_autoptr (JsonObject) object = rig_parse (text);
  JsonArray *reports = json_object_get_array_member (object, "reports");
  const char *values[3] = { NULL };

  g_assert_cmpuint (json_array_get_length (reports), ==, 2);
  for (guint i = 0; i < 2; i++)
    {
      JsonObject *report = json_array_get_object_element (reports, i);

      assert_figure (report, "training");
      assert_layers (report);
      values[i] = json_object_get_string_member (report, member);
    }
  return g_strjoinv (",", (char **) values);
}

static void
test_precisions (void)
{
  g_auto (RigCall) best = bench ("--precision", "auto");
  g_auto (RigCall) both = bench ("--precision", "f32,auto");
  g_autoptr (JsonObject) report = NULL;
  g_autofree char *expected = NULL, *found = NULL;

  assert_status (best, 0);
  assert_status (both, 0);
  report = rig_parse (best.out);
  expected = g_strconcat ("f32,", json_object_get_string_member (report, "precision"), NULL);
  found = join_of_two (both.out, "precision");
  g_assert_cmpstr (found, ==, expected);
}

static void
test_isas (void)
{
  g_auto (RigCall) best = rig_run_isa ("", "bench", "--seconds", "0.01", "--base", "4", "--depth",
                                       "2", "--size", "32", "--json", NULL);
  g_auto (RigCall) both = { 0 };
  g_autoptr (JsonObject) report = NULL;
  g_autofree char *names = NULL, *found = NULL;

  assert_status (best, 0);
  report = rig_parse (best.out);
  names = g_strconcat ("generic,", json_object_get_string_member (report, "isa"), NULL);
  both = bench ("--isa", names);
  assert_status (both, 0);
  found = join_of_two (both.out, "isa");
  g_assert_cmpstr (found, ==, names);
}

/* Without --json: a line a layer, for each of both. */
static void
test_table (void)
{
  g_auto (RigCall) call = rig_run ("bench", "--seconds", "0.02", "--base", "4", "--depth", "2",
                                   "--size", "32", "--isa", "generic,generic", NULL);
  const char *second;

  assert_status (call, 0);
  assert_contains (call.out, "f32, generic");
  assert_contains (call.out, "dec.0.conv.1");
  second = strstr (strstr (call.out, "f32, generic") + 1, "f32, generic");
  g_assert_nonnull (second);
  assert_contains (second, "dec.0.conv.1");
}

/* Found before anything is measured, so nothing is printed. */
static void
assert_misuse (const char *option, const char *value, const char *named)
{
  g_auto (RigCall) call =
      rig_run_isa ("generic", "bench", "--seconds", "0.02", "--size", "32", option, value, NULL);

  assert_status (call, 2);
  assert_contains (call.err, named);
  g_assert_cmpstr (call.out, ==, "");
}

static void
test_refusals (void)
{
  assert_misuse ("--isa", "abacus", "abacus");
  assert_misuse ("--isa", "generic,abacus", "abacus");
  assert_misuse ("--precision", "f16", "f16");
  assert_misuse ("--precision", "f32,f16", "f16");
  assert_misuse ("--precision", "f32,", "precision");
  assert_misuse ("--batch", "0", "--batch");
}

/* Asked for where it is not there: both names are said. */
static void
test_no_bf16 (void)
{
  assert_misuse ("--precision", "bf16", "bf16");
  assert_misuse ("--precision", "f32,bf16", "generic");
}

/* A step of this size takes seconds; it is left between two layers. */
static void
test_interrupted (void)
{
  GPid pid = rig_start ("bench", "--size", "512", "-q", NULL);
  gint64 start_us;

  g_usleep (500000);
  start_us = g_get_monotonic_time ();
  g_assert_cmpint (rig_interrupt (pid), ==, 130);
  g_test_minimized_result ((double) (g_get_monotonic_time () - start_us) / 1e6, "seconds to stop");
}

int
main (int argc, char **argv)
{
  rig_init (&argc, &argv);
  g_test_add_func ("/cli/bench", test_report);
  g_test_add_func ("/cli/bench-precisions", test_precisions);
  g_test_add_func ("/cli/bench-isas", test_isas);
  g_test_add_func ("/cli/bench-table", test_table);
  g_test_add_func ("/cli/bench-refusals", test_refusals);
  g_test_add_func ("/cli/bench-no-bf16", test_no_bf16);
  g_test_add_func ("/cli/bench-interrupted", test_interrupted);
  return rig_run_tests ();
}
