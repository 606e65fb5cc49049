/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The log when nothing tells where it is: memory is searched for what the text ring
 * of a 5.10 or newer kernel looks like. Text and order come back, times do not.
 */
#ifndef KERNEL_SALVAGE_H
#define KERNEL_SALVAGE_H

#include "vmcore/physmem.h"

struct arena;
struct elfcore;

#define SALVAGE_CHAINS 8
#define SALVAGE_S 30.0		/* of search, where nobody waits for it */

/* Records that follow one another in memory and in their numbers. */
struct salvage_chain {
	paddr_t paddr, end;
	uint64_t id, last;	/* of the first and the last */
	uint64_t n;
	uint64_t n_void;	/* 1: the last has only its number, the next chain its text */
};

struct salvage {
	struct physmem *pm;
	uint64_t *alive;
	double until;		/* seconds of the clock: then what is found must do */
	uint8_t *buf;
	struct salvage_chain chains[SALVAGE_CHAINS];	/* oldest first */
	unsigned n_chains;
	unsigned chain;				/* being given out */
	paddr_t at;
	uint64_t id, left;
};

/*
 * Looks at the kernel image first, then, unless a log is there that says why the kernel died,
 * at all else from the top down. ENOENT: nothing like it found. pm, alive and until are the
 * caller's.
 */
bool salvage_open(struct salvage *s, const struct elfcore *core, struct arena *arena,
		  struct err *e);

/* Back to the first record. */
void salvage_rewind(struct salvage *s);

/* The next record's text with a newline; false at the end. */
bool salvage_next(struct salvage *s, char *buf, size_t size, size_t *len_ret);

#endif
