/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A core or a dump, whichever the file is, as a crashed kernel to look at: so that
 * `dmesg` and `info` need not care.
 */
#ifndef VERBS_CORE_OR_DUMP_H
#define VERBS_CORE_OR_DUMP_H

#include "capture/crash.h"
#include "dump/kdumpset.h"

/* The pages of a dump as physical memory. */
struct dumpmem {
	struct physmem pm;	/* first, so that it is one */
	struct kdump_set *set;
};

struct core_or_dump {
	bool is_dump, is_ram_copy;
	const char *format;		/* for people */
	struct crash crash;		/* of a dump only arena and kernel are filled */
	struct kdump_set set;
	struct dumpmem mem;
	const uint8_t *notes;		/* of the file */
	size_t notes_len;
	unsigned n_cpus;		/* that have a note */
};

/*
 * A core is one file, a dump may be several. An odd kernel in a good file is no error; but
 * what is neither is opened only if it is a copy of RAM in which there is a kernel.
 */
bool core_or_dump_open(struct core_or_dump *v, const struct kdump_paths *files,
		       struct err *e);
void core_or_dump_close(struct core_or_dump *v);

#endif
