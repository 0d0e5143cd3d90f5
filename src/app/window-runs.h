/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/window.h"

/* Whether a run is being replayed: no other training begins meanwhile, for the processor and the
 * number of threads are one. Main thread. */
void pl_app_window_set_replaying (PlAppWindow *self, gboolean is_replaying);
