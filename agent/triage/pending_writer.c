/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Linux kernel/locking/percpu-rwsem.c: readers only count, on a CPU each; the writer that
   waits for their sum to be 0 is named, and nobody is who has the lock. */
#include "pending_writer.h"

#include "subject.h"
#include "triage.h"

void pending_writer_find(struct triage *m, const struct stack *stack, struct wait *wait)
{
	static const char *const kept_out[] = { "percpu_rwsem_wait*", "__percpu_down_read*",
						NULL };
	static const char *const writing[] = { "percpu_down_write*", NULL };
	const struct queue_facts *f = &m->facts.queues;
	vaddr_t lock = wait->lock - f->percpu_waiters.off, writer;
	struct stack its;

	if (wait->kind != WAIT_QUEUE || !has(f->percpu_waiters.off) ||
	    !stack_is_in(m->r, stack, kept_out, ""))
		return;
	writer = field_value(m->space, lock, f->percpu_writer);
	if (!writer || !procs_by_address(&m->r->procs, writer) ||
	    !unwind_asleep(&m->unwinder, writer, &its) || !stack_is_in(m->r, &its, writing, ""))
		return;
	*wait = (struct wait){ .kind = WAIT_PERCPU, .lock = lock, .owner = writer,
			       .owned = OWNER_SURE };
}
