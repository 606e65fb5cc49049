/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A finished dump, in one file or several, as the physical memory that is in it. */
#ifndef CAPTURE_DUMPMEM_H
#define CAPTURE_DUMPMEM_H

#include "dump/kdumpset.h"
#include "vmcore/elfcore.h"

struct dumpmem {
	struct physmem pm;	/* first, so that it is one */
	struct kdump_set set;
};

/* As kdump_set_open(). One thread's: it has one page in its hands. */
bool dumpmem_open(struct dumpmem *m, const struct kdump_paths *files, struct arena *arena,
		  struct err *e);
void dumpmem_close(struct dumpmem *m);

/*
 * The dump as if it were a core, with its notes, one range up to the end of its memory, and no
 * file behind it. That is all that looking at it takes.
 */
bool dumpmem_core(struct dumpmem *m, struct elfcore *core, struct arena *arena, struct err *e);

/*
 * Its ranges are those of the pages that are in the dump, for who goes through all of them.
 * E2BIG: in more pieces than a machine's memory lies in.
 */
bool dumpmem_ranges(struct dumpmem *m, struct elfcore *core, struct arena *arena,
		    struct err *e);

#endif
