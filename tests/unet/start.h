/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* g_test_init() and the core with the instruction set that PLEURA_ISA names; FALSE, with the test
 * marked as skipped, where that is not available. */
gboolean test_start (int *argc, char ***argv);
