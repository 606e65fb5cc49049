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
 * What is in the dump as ranges of the core, as if it were one, with the dump's notes; there is
 * no file behind it. E2BIG: in more pieces than a machine's memory lies in.
 */
bool dumpmem_core(struct dumpmem *m, struct elfcore *core, struct arena *arena, struct err *e);

#endif
