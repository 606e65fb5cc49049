/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How many CPUs a capture kernel starts: as many as the memory to be kept is worth, and for
 * which the reservation has room. A capture with one CPU is what must not be lost by it.
 */
#ifndef READY_CAPTURE_CPUS_H
#define READY_CAPTURE_CPUS_H

#include <stdbool.h>
#include <stdint.h>

struct config;
struct err;
struct memory_need;
struct memory_want;
struct plan;

struct cpus_facts {
	unsigned asked;		/* by the configuration; 0: auto */
	unsigned named;		/* by words of the command line, which win; 0: by none */
	unsigned present;	/* of this machine */
	bool is_safe;		/* to start another than the one that crashed */
	bool keeps_much;	/* the level keeps what is usually left out */
	bool has_net;		/* whose queues take memory for each CPU */
	uint64_t ram_len;
	uint64_t reserved_len;	/* UINT64_MAX: as much as may be wanted */
	uint64_t need_len;	/* of a capture with one CPU; 0: not known for sure */
	uint64_t least_len;	/* with less such a kernel was seen to fail; 0: not measured */
};

enum cpus_why { CPUS_ALL, CPUS_NAMED, CPUS_ASKED, CPUS_WORTH, CPUS_ROOM, CPUS_UNSAFE };

struct cpus_choice {
	unsigned n;
	unsigned wanted;	/* with room for all */
	enum cpus_why why;	/* it is not more */
};

struct cpus_choice capture_cpus(const struct cpus_facts *f);

/*
 * Can a kernel with so many CPUs come up at all? With too little memory it hangs before
 * init. True where nobody has measured.
 */
bool capture_cpus_fit(const struct cpus_facts *f, unsigned n);

/* What all but the first CPU take, the copy's workers included. */
uint64_t capture_cpus_len(const struct cpus_facts *f, unsigned n);

/* The facts of this machine for a capture as is wanted; NULL: what it needs is not known. */
void capture_cpus_facts(struct cpus_facts *f, const struct memory_want *want,
			const struct memory_need *need, const struct plan *p);

#define CPUS_TEXT 240

/* In words: how many, and why not more. */
void capture_cpus_tell(char text[CPUS_TEXT], const struct cpus_facts *f,
		       const struct cpus_choice *c);

/* Has the plan start as many. */
bool capture_cpus_plan(struct plan *p, const char *root, const struct config *config,
		       struct err *e);

#endif
