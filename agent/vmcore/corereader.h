/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A thread's own way to read the memory that is in a core. */
#ifndef VMCORE_COREREADER_H
#define VMCORE_COREREADER_H

#include "elfcore.h"

/* A stretch of the file that is mapped; map NULL: none. */
struct window {
	const uint8_t *map;
	uint64_t off;
	size_t len;
	uint64_t used;		/* the greater the later */
	uint64_t rival;		/* of one that stays: which stretch was wanted there last, */
	unsigned n_rival;	/* and how often in a row */
};

/*
 * A log record takes five: two tables, descriptor, info, text. /proc/vmcore fills in
 * each page of a window at once, so they are small; but each that moves interrupts all
 * CPUs, which forget it, so they are not too small.
 */
#define N_WINDOWS 5
#define WINDOW_LEN (1u << 20)

/*
 * For looking at memory from front to back: the struct pages of an x86-64 section, which
 * lie in one huge page.
 */
#define LOOK_LEN (2u << 20)

/*
 * For picking things out of the memory map in no order: windows that stay. What one costs
 * of this kernel's memory, a page table and its own books, and how many there may be: they
 * show the struct pages of 2 TiB.
 */
#define STAY_COST 4608u
#define STAY_MAX 16384u

/*
 * Where more is looked at than they show, one moves when it was missed so often for the same
 * stretch: filling in its 512 pages costs as much as some single ones. Tasks in the order of
 * their list lie 80 or more in a stretch, of which each is looked at several times.
 */
#define RIVAL_WINS 4

/*
 * A thread's own view of a core: a few mapped windows, of which the one not used for
 * longest moves, so that page tables and what they lead to can stay side by side. A
 * read that mmap cannot serve is tried with pread; poisoned memory (SIGBUS) is an
 * error, never a death. Needs corereader_catch_sigbus() once in the process.
 */
struct corereader {
	struct physmem pm;	/* first, so that it is one */
	const struct elfcore *core;
	struct window windows[N_WINDOWS];
	struct window look;
	struct window *stay;	/* n_stay of them, each for some places of the file */
	size_t n_stay;
	struct window spot;	/* a page, for what has no window that stays */
	uint64_t n_uses;
	size_t last_range;	/* where the last address was found */
};

void corereader_init(struct corereader *r, const struct elfcore *core);
void corereader_deinit(struct corereader *r);

/* Lets picking use so much memory for windows that stay, until it is told to leave them. */
bool corereader_stay(struct corereader *r, size_t mem_len, struct arena *arena,
		     struct err *e);
void corereader_leave(struct corereader *r);

void corereader_catch_sigbus(void);

#endif
