/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A core or a dump, whichever the file is, as a crashed kernel to look at: so that
 * `dmesg` and `info` need not care.
 */
#ifndef VERBS_CORE_OR_DUMP_H
#define VERBS_CORE_OR_DUMP_H

#include "capture/crash.h"
#include "dump/kdumpread.h"

/* The pages of a dump as physical memory. */
struct dumpmem {
	struct physmem pm;	/* first, so that it is one */
	struct kdump_reader *reader;
};

struct core_or_dump {
	bool is_dump;
	struct crash crash;		/* of a dump only arena and kernel are filled */
	struct kdump_reader reader;
	struct dumpmem mem;
	unsigned n_cpus;
};

bool core_or_dump_open(struct core_or_dump *v, const char *path, struct err *e);
void core_or_dump_close(struct core_or_dump *v);

/* A dump and nothing else. Memory comes from the arena. */
bool core_or_dump_open_dump(struct core_or_dump *v, const char *path, struct err *e);

#endif
