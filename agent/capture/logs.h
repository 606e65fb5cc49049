/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The logs that are kept with a dump. */
#ifndef CAPTURE_LOGS_H
#define CAPTURE_LOGS_H

#include <stdbool.h>

struct capture;
struct err;
struct sink;

/*
 * vmcore-dmesg.txt, committed. Where the crashed kernel's tables lead nowhere, or
 * job->salvage_only says so, memory is searched for the text.
 */
bool logs_save_dmesg(struct capture *c, struct err *e);

/* kexec-dmesg.log out of path, which is /dev/kmsg. Never a reason to fail. */
void logs_save_kmsg(const char *path, struct sink *sink);

#endif
