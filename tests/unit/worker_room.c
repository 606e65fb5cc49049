/* SPDX-License-Identifier: GPL-2.0-or-later */
/* capture/worker_room: how many workers fit, and how many batches between them. */
#include "capture/worker_room.h"
#include "dump/kdumpfile.h"

#include "t.h"

#define KIB UINT64_C(1024)
#define WORKER (300 * KIB)
#define BATCH (266 * KIB)

int main(void)
{
	static const struct {
		const char *row;
		uint64_t available_kib;
		unsigned n_cpus, n_workers, n_batches;
	} rows[] = {
		{ "nothing is free", 0, 4, 1, 1 },
		{ "as little as one was seen to fail with", 2012, 4, 1, 1 },
		{ "one CPU, all the memory that there is", 1 << 30, 1, 1, 1 },
		{ "no CPU", 1 << 30, 0, 1, 1 },
		{ "not quite enough for a second one", 2560 + 300 + 2 * 266 - 1, 2, 1, 1 },
		{ "a second one with the least of batches", 2560 + 300 + 2 * 266, 2, 2, 3 },
		{ "and with more of them", 2560 + 300 + 4 * 266, 2, 2, 5 },
		{ "with all that they can use", 8192, 2, 2, 6 },
		{ "a worker goes before batches", 2560 + 600 + 3 * 266, 3, 3, 4 },
		{ "the old bound of 8 MiB each", 16384, 2, 2, 6 },
		{ "sixteen at most", 1 << 30, 64, 16, 34 },
	};

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		const struct worker_want want = {
			.available_len = rows[i].available_kib * KIB, .n_cpus = rows[i].n_cpus,
			.buf_len = KDUMP_BUF_LEN, .worker_len = WORKER, .batch_len = BATCH,
		};
		struct worker_room r = worker_room(&want);

		T_EQUAL(rows[i].row, rows[i].n_workers, r.n_workers);
		T_EQUAL(rows[i].row, rows[i].n_batches, r.n_batches);
	}
	/* Whatever there is: what is begun fits. */
	for (uint64_t kib = 2560; kib < 20000; kib += 7) {
		const struct worker_want want = { .available_len = kib * KIB, .n_cpus = 8,
						  .buf_len = KDUMP_BUF_LEN,
						  .worker_len = WORKER, .batch_len = BATCH };
		struct worker_room r = worker_room(&want);

		T_CHECK("it fits", 2560 * KIB + (r.n_workers - 1) * WORKER +
				   (r.n_batches - 1) * BATCH <= kib * KIB);
		T_CHECK("nobody waits for a batch", r.n_workers == 1 ||
						    r.n_batches > r.n_workers);
	}
	/* Small buffers leave room for a second worker. */
	for (unsigned kib = 900; kib < 4000; kib += 500) {
		const struct worker_want want = { .available_len = kib * KIB, .n_cpus = 2,
						  .buf_len = worker_room_buffer(kib * KIB),
						  .worker_len = WORKER, .batch_len = BATCH };

		T_EQUAL("what is short", KDUMP_BUF_LEAST, want.buf_len);
		T_EQUAL("two where they fit", kib < 928 + 300 + 2 * 266 ? 1 : 2,
			worker_room(&want).n_workers);
	}
	T_EQUAL("not short", KDUMP_BUF_LEN, worker_room_buffer(4096 * KIB));
	T_EQUAL("a live machine", KDUMP_BUF_LEN, worker_room_buffer(UINT64_MAX));
	T_EQUAL("asked for", 3, worker_room_asked(3).n_workers);
	T_EQUAL("asked for", 8, worker_room_asked(3).n_batches);
	T_EQUAL("one asked for", 1, worker_room_asked(1).n_batches);
	return t_done();
}
