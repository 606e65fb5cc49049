/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The list of all tasks: the input is memory, its first task is init_task. The walk ends
 * within its time, no address is told that it did not come to, and each can be read as one.
 */
#include <stdlib.h>

#include "../unit/flat.h"
#include "base/arena.h"
#include "kernel/tasklist.h"
#include "triage/procs.h"

#define BUDGET_S 0.2
#define LATE_S 2.0	/* of a busy machine, with the sanitizers */
#define N_MOST 2000u	/* of a circle that the walk does not know for one */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FIELD(at, len, n) ((struct field){ at, len, n })

static const struct tasklist_facts facts = {
	.init_task = FLAT_BASE, .tasks = 16, .signal = 40, .thread_node = 56, .thread_head = 8,
};

static const struct proc_facts members = {
	.pid = FIELD(0, 4, 1), .tgid = FIELD(4, 4, 1), .comm = FIELD(72, 1, 16),
	.real_parent = FIELD(48, 8, 1), .cpu = FIELD(88, 4, 1), .state = FIELD(92, 4, 1),
	.exit_state = FIELD(96, 4, 1), .flags = FIELD(100, 4, 1), .mm = FIELD(104, 8, 1),
	.last_arrival = FIELD(112, 8, 1),
};

struct seen {
	struct procs procs;
	unsigned n;
};

static bool see(void *ctx, vaddr_t task, bool is_leader)
{
	struct seen *s = ctx;

	(void)is_leader;
	procs_add(&s->procs, task);
	return ++s->n < N_MOST;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct flat f;
	double begun = monotonic_seconds();
	uint64_t alive = 0;
	const struct bounds bounds = { .until = begun + BUDGET_S, .alive = &alive };
	const struct tasklist list = { &f.space, &facts, &bounds };
	struct seen seen = { .procs = { .space = &f.space, .facts = &members } };
	struct arena arena;
	struct err e;

	flat_open(&f, data, size);
	if (!arena_init(&arena, 16 << 20, &e) || !procs_init(&seen.procs, &arena, &e))
		abort();
	if (!tasklist_each(&list, see, &seen, &e) && !e.text[0])
		abort();
	for (unsigned i = 0; i < seen.procs.n; i++) {
		const struct proc *p = &seen.procs.list[i];

		if (memchr(p->comm, '\0', sizeof(p->comm)) == NULL || !p->state ||
		    !procs_by_pid(&seen.procs, p->pid) ||
		    procs_by_address(&seen.procs, p->at) == NULL)
			abort();
	}
	if (seen.procs.n + seen.procs.n_more > seen.n ||
	    monotonic_seconds() - begun > BUDGET_S + LATE_S)
		abort();
	arena_deinit(&arena);
	return 0;
}
