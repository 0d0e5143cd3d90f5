/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/volume.h"

/* Carries the progress of a worker to the main loop: the newest report replaces the one waiting, at
 * most 30 deliveries a second, none after the cancellable was cancelled or the target is gone.
 * Reference counted; the worker holds one reference. */
typedef struct _PlRelay PlRelay;

/* Main thread. @volume: (nullable): the one under way, if the worker told. */
typedef void (*PlRelayDeliver) (GObject *target, PlVolume *volume, double fraction);

/* Main thread. @target is held weakly. */
PlRelay *pl_relay_new (GObject *target, GCancellable *cancellable, PlRelayDeliver deliver);
PlRelay *pl_relay_ref (PlRelay *relay);
void pl_relay_unref (PlRelay *relay);

/* Main thread: the work has ended; what still waits is not delivered. */
void pl_relay_stop (PlRelay *relay);

/* Any thread. @volume: (nullable): referenced while the report waits. */
void pl_relay_report (PlRelay *relay, PlVolume *volume, double fraction);

/* pl_relay_report() in the shapes that the layers below ask for; @data is the relay. */
void pl_relay_report_volume_cb (PlVolume *volume, double fraction, gpointer data);
void pl_relay_report_cb (double fraction, gpointer data);
