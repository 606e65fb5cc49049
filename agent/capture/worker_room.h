/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a copy takes in the memory that there is: the writer's buffer, and how many workers side
 * by side.
 */
#ifndef CAPTURE_WORKER_ROOM_H
#define CAPTURE_WORKER_ROOM_H

#include <stddef.h>
#include <stdint.h>

struct worker_want {
	uint64_t available_len;	/* memory that is free before the first page */
	size_t buf_len;		/* of the writer's buffer, see below */
	unsigned n_cpus;	/* that are up */
	size_t worker_len, batch_len;	/* what each takes at most */
};

struct worker_room {
	unsigned n_workers;
	size_t n_batches;	/* they have between them */
};

/* Bytes of the writer's buffer, by the memory that is free before it is taken. */
size_t worker_room_buffer(uint64_t available_len);

/* One worker in any case: what takes its memory away is a failure of the whole copy. */
struct worker_room worker_room(const struct worker_want *want);

/* As many as are asked for, with all the batches that they can use. */
struct worker_room worker_room_asked(unsigned n_workers);

#endif
