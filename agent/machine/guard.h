/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A piece of work that may hang, such as a look at a server, done by a child: the operator's
 * tool says that nothing answers, and goes on.
 */
#ifndef MACHINE_GUARD_H
#define MACHINE_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

/* Memory that a child shares with us, zeroed, for as long as the program runs. */
void *guard_share(size_t len, struct err *e);

struct guarded {
	void (*work)(void *ctx);
	void *ctx;
	const uint64_t *alive;	/* shared memory: counted up by the work, at least ... */
	double stall_s;		/* ... once in so many seconds, or it hangs */
};

/*
 * Runs the work in a child. What it changes stays only where memory is shared. False: it
 * hung, which is ETIMEDOUT, or died. What is mounted by it, where nobody else sees it, is
 * gone then.
 */
bool guard_run(const struct guarded *g, struct err *e);

#endif
