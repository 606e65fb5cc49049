/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How many workers copy side by side in the memory that there is. */
#ifndef CAPTURE_WORKER_ROOM_H
#define CAPTURE_WORKER_ROOM_H

#include <stddef.h>
#include <stdint.h>

struct worker_want {
	uint64_t available_len;	/* memory that is free before the first page */
	unsigned n_cpus;	/* that are up */
	size_t worker_len, batch_len;	/* what each takes at most */
};

struct worker_room {
	unsigned n_workers;
	size_t n_batches;	/* they have between them */
};

/* One worker in any case: what takes its memory away is a failure of the whole copy. */
struct worker_room worker_room(const struct worker_want *want);

/* As many as are asked for, with all the batches that they can use. */
struct worker_room worker_room_asked(unsigned n_workers);

#endif
