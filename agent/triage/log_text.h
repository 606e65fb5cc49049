/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel's log as a file has it: one that was saved, pstore's, a journal, what a serial
 * console said. Several boots may be in it.
 */
#ifndef TRIAGE_LOG_TEXT_H
#define TRIAGE_LOG_TEXT_H

#include <stddef.h>

#include "report.h"

struct log_text {
	const char *text;
	size_t len;
};

/*
 * Takes off what others put in front of the kernel's lines, in place: a level "<6>", the date,
 * host and "kernel:" of syslog and journal, the date of `dmesg -T`, the numbers of /dev/kmsg
 * and netconsole; and carriage returns. The kernel's own time stays. Returns what is left.
 */
size_t log_text_clean(char *text, size_t len);

/* Has any line the time of a kernel's, or words that only a kernel says? */
bool log_text_is_kernels(struct log_text log);

/* Of the boots in it the last that died, or if none did the last. */
struct log_text log_text_last_death(struct log_text all);

/*
 * What the log says of its machine: release, version, hardware, command line, and "x86_64" or
 * "aarch64" if it has registers of one. The rest of *s stays.
 */
void log_text_names(struct log_text log, struct report_system *s);

#endif
