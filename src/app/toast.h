/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

/* Of a text, not of markup, that may take three lines. (transfer full) */
AdwToast *pl_toast_new (const char *text);

/* With a button, before what waits. @action: detailed */
AdwToast *pl_toast_new_offer (const char *text, const char *label, const char *action);
