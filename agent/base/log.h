/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the agent says: one line a message, to standard error (the console in
 * the capture kernel) and, there, also to /dev/kmsg so that kexec-dmesg.log has
 * it. Warnings are remembered for the manifest. Safe to call from any thread.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>
#include <stddef.h>

#define LOG_KEPT 24	/* warnings kept word for word; more are only counted */

/* Also copies every line to the kernel log, at kmsg. If that fails there is nobody to tell. */
void log_to_kmsg(const char *kmsg);

void log_info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* A line that does not start with our name: progress, the tail of a dmesg. */
void log_plain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

size_t log_n_warnings(void);
/* The i-th remembered warning, or NULL. */
const char *log_warning(size_t i);

#endif
