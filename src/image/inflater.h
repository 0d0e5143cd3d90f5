/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Inflates gzip, a member at a time; header and checksum are checked. Two files implement it, over
 * ISA-L and over zlib; the build takes one. One thread at a time. */
typedef struct _PlInflater PlInflater;

typedef enum
{
  PL_INFLATE_MORE,    /* wants more input or more room */
  PL_INFLATE_END,     /* the member is complete and its checksum is right */
  PL_INFLATE_CORRUPT, /* not gzip, damaged, or the wrong checksum */
} PlInflateStatus;

PlInflater *pl_inflater_new (void);
void pl_inflater_free (PlInflater *inflater);

/* Makes ready for the next member. */
void pl_inflater_reset (PlInflater *inflater);

/* Moves @in and @out past what was taken and given. It may still hold output when all the input is
 * taken, so it is done only when it neither takes nor gives. Both sizes are below 2 GiB. */
PlInflateStatus
pl_inflater_run (PlInflater *inflater, const guint8 **in, gsize *n_in, guint8 **out, gsize *n_out);
