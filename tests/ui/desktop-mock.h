/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/* A desktop on a bus, as far as a program sees it: a session manager that it registers with, and
 * somebody who shows notifications. It answers in a thread of its own, since a program may wait for
 * an answer while the test waits for the program. */
typedef struct _DesktopMock DesktopMock;

DesktopMock *desktop_mock_new (const char *bus_address);
void desktop_mock_free (DesktopMock *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DesktopMock, desktop_mock_free)

/* To the program that has registered: "QueryEndSession", "EndSession", "Stop". */
void desktop_mock_tell_client (DesktopMock *self, const char *signal);

/* Somebody clicks the notification that was shown last. */
void desktop_mock_click (DesktopMock *self);

/* (transfer full): the arguments of all calls of a method so far, in GVariant's text format, a line
 * each. */
char *desktop_mock_dup_calls (DesktopMock *self, const char *method);

/* How many there are; waits for at least @n. */
void desktop_mock_wait (DesktopMock *self, const char *method, int n);
int desktop_mock_count (DesktopMock *self, const char *method);
