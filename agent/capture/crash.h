/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A core opened with all that is needed to read it, and the memory to do it in. */
#ifndef CAPTURE_CRASH_H
#define CAPTURE_CRASH_H

#include "base/arena.h"
#include "dumpmem.h"
#include "kernel/kernel.h"
#include "vmcore/corereader.h"
#include "vmcore/elfcore.h"
#include "vmcore/notes.h"

struct crash {
	struct arena arena;
	struct elfcore core;
	struct corereader reader;	/* the main thread's */
	const struct kdump_paths *dump;	/* NULL; else memory is in this dump, not in a core */
	struct dumpmem mem;		/* then this is the main thread's reader */
	struct physmem *pm;		/* the one of both that it is */
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
 * Opens finished dumps, one in one file or in several, as if they were its core. The names
 * stay the caller's.
 */
bool crash_open_dump(struct crash *c, const struct kdump_paths *files, struct err *e);

/* Before it is captured: of a dump, which pages are in it. A core knows. */
bool crash_find_ranges(struct crash *c, struct err *e);

/*
 * Opens a copy of RAM that lies so, and searches it for its kernel for so many seconds. ENOENT:
 * there is none in it.
 */
bool crash_open_ram(struct crash *c, const char *path, const struct ram_layout *layout,
		    double seconds, struct err *e);

/* How long memory is searched for the kernel of a core that does not say where it is. */
#define CRASH_SEARCH_S 60.0

/*
 * What a core without VMCOREINFO, as QEMU writes it, lacks is looked for in its memory. If it
 * is found, it is a note of the core from then on.
 */
void crash_search(struct crash *c);

/* A thread's own way to read memory. What a dump takes is the arena's. */
struct crash_view {
	struct physmem *pm;
	struct corereader core;
	struct dumpmem dump;
};
bool crash_view_open(struct crash_view *v, struct crash *c, struct err *e);
void crash_view_close(struct crash_view *v);

/*
 * The arena as it is now, and back to that: all that was taken since is gone, also from those
 * who were lent some of it for reading faster. Between two dumps of one crash.
 */
size_t crash_mark(const struct crash *c);
void crash_release(struct crash *c, size_t mark);

#endif
