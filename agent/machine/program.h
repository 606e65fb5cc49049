/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A program of the host's: what it reads, what it prints, how it ended. It dies with us. */
#ifndef MACHINE_PROGRAM_H
#define MACHINE_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

/* Its standard input, a piece after the other: none left is a len of 0. */
struct program_feed {
	bool (*next)(void *ctx, const void **at, size_t *len, struct err *e);
	void *ctx;
};

#define PROGRAM_FD 3	/* the file that is handed to it */
#define PROGRAM_SAID 160

struct program {
	const char *const *argv;	/* NULL behind the last */
	const char *const *environment;	/* "NAME=VALUE" beside ours, likewise; or NULL */
	int fd;				/* becomes PROGRAM_FD; -1: none */
	struct program_feed feed;
	double stall_s;			/* killed when nothing moves for so long */
	uint64_t *alive;		/* counted up while it may be waited for */

	char *out;			/* what it printed, with a NUL; more is an error */
	size_t size, len;
	bool says_first;		/* the first line that it complains in tells most */
	char said[PROGRAM_SAID];	/* that, or the last one, as printable text */
	int status;			/* that it exited with */
};

/* Of a feed that is one text. */
struct program_text {
	const char *at;
	size_t len;
};
bool program_next_text(void *ctx, const void **at, size_t *len, struct err *e);

/*
 * False: it could not be run, was killed, did not read all, or the feed failed, whose error
 * that is. What p->status says is the caller's to judge. ENOENT: it is not installed.
 */
bool program_run(struct program *p, struct err *e);

#endif
