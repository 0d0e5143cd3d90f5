/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Takes the user's language and finds the messages in it: below $TEXTDOMAINDIR, the variable of
 * gettext's own programs, where that is set, else where they are installed. Each main calls it
 * before anything else. */
void pl_language_init (void);
