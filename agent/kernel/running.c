/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A structure of which the kernel does not tell the size is taken for one page's part. */
#include "running.h"

#include "base/bytes.h"
#include "base/err.h"
#include "cpus.h"
#include "vmcore/space.h"

#define STACK_LEN 16384u	/* THREAD_SIZE without KASAN */
#define MOST 65536u		/* of a structure, whatever its type says */

#define AT(member) offsetof(struct running_facts, member)

static const struct wish wishes[] = {
	{ WISH_OFF, "task_struct.stack", AT(stack) },
	{ WISH_OFF, "task_struct.signal", AT(signal) },
	{ WISH_OFF, "task_struct.mm", AT(mm) },
	{ WISH_OFF, "task_struct.thread_pid", AT(thread_pid) },
	{ WISH_SIZE, "task_struct", AT(size_task) },
	{ WISH_SIZE, "signal_struct", AT(size_signal) },
	{ WISH_SIZE, "mm_struct", AT(size_mm) },
};

const struct wish_set running_wishes = WISH_SET(wishes, struct running_facts);

/* Who is called for each stretch. */
struct listener {
	const struct running *r;
	void (*fn)(void *ctx, vaddr_t vaddr, uint64_t len);
	void *ctx;
};

static void tell(const struct listener *l, vaddr_t vaddr, int64_t len)
{
	l->fn(l->ctx, vaddr, has(len) && len > 0 ? min_u64(len, MOST) : 1);
}

/* What a pointer in a structure leads to. */
static void tell_behind(const struct listener *l, vaddr_t at, int64_t off, int64_t len)
{
	struct err ignored;
	uint64_t to;

	if (has(off) && space_read_u64(l->r->cpus->space, at + off, &to, &ignored) && to)
		tell(l, to, len);
}

static void tell_task(const struct listener *l, vaddr_t task)
{
	const struct running_facts *f = l->r->facts;

	tell(l, task, f->size_task);
	tell_behind(l, task, f->stack, STACK_LEN);
	tell_behind(l, task, f->signal, f->size_signal);
	tell_behind(l, task, f->mm, f->size_mm);
	tell_behind(l, task, f->thread_pid, 1);
}

void running_each_area(const struct running *r,
		       void (*fn)(void *ctx, vaddr_t vaddr, uint64_t len), void *ctx)
{
	const struct listener l = { r, fn, ctx };

	for (unsigned cpu = 0; cpu < r->cpus->n; cpu++) {
		struct err ignored;
		vaddr_t task;

		*r->bounds->alive += 1;
		if (!(cpu % 64) && bounds_over(r->bounds))
			return;
		if (cpus_has(r->cpus, cpu) && cpus_current(r->cpus, cpu, &task, &ignored))
			tell_task(&l, task);
	}
}
