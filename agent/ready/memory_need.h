/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a capture with one CPU takes of the reserved memory, and for what: as it was measured,
 * or, where nobody has, as the files say.
 */
#ifndef READY_MEMORY_NEED_H
#define READY_MEMORY_NEED_H

#include <stdbool.h>
#include <stdint.h>

struct config;
struct err;

struct memory_want {
	const char *root;
	const char *kernel, *initrd;	/* files of the capture */
	const struct config *config;
	/* Who hears of modules that cannot be found; or NULL. */
	void (*told)(const struct err *e);
};

struct memory_part {
	const char *what;
	uint64_t len;
	char why[400];
};

#define MAX_MEMORY_PARTS 4

struct memory_need {
	struct memory_part parts[MAX_MEMORY_PARTS];
	unsigned n;
	uint64_t len;		/* of all of them, without any margin */
	uint64_t least_len;	/* with less, such a kernel was seen to fail; 0: not measured */
	bool is_certain;	/* it would: it takes no less to start than the measured one */
	bool has_gaps;		/* modules could not be found, so it may be more */
};

/* False: there is no kernel to go by. */
bool memory_need(struct memory_need *m, const struct memory_want *want, struct err *e);

#endif
