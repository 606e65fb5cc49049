/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A core opened with all that is needed to read it, and the memory to do it in. */
#ifndef CAPTURE_CRASH_H
#define CAPTURE_CRASH_H

#include "base/arena.h"
#include "kernel/kernel.h"
#include "vmcore/corereader.h"
#include "vmcore/elfcore.h"
#include "vmcore/notes.h"

struct crash {
	struct arena arena;
	struct elfcore core;
	struct corereader reader;	/* the main thread's */
	struct kernel kernel;
	const char *vmcoreinfo;		/* inside core.notes, or NULL */
	size_t vmcoreinfo_len;
	bool is_live;		/* it is this machine's own memory, which changes */
};

#define CRASH_LIVE "/proc/kcore"	/* this machine's memory, as a core */

/* Seconds for which a machine that lives does so, by the clock of its log; of others 0. */
double crash_live_s(const struct crash *c);

/*
 * EINVAL: not a core that can be read. An odd kernel in a good core is no error. With
 * distrust set, which says why, nothing that the kernel says of itself is looked at.
 */
bool crash_open(struct crash *c, const char *path, const char *distrust, struct err *e);
void crash_close(struct crash *c);

/*
 * The arena as it is now, and back to that: all that was taken since is gone, also from those
 * who were lent some of it for reading faster. Between two dumps of one crash.
 */
size_t crash_mark(const struct crash *c);
void crash_release(struct crash *c, size_t mark);

#endif
