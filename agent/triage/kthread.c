/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Linux kernel/kthread.c: a kernel thread's task leads to its struct kthread. */
#include "kthread.h"

vaddr_t kthread_data(struct space *s, const struct kthread_facts *f, vaddr_t task)
{
	vaddr_t kthread = field_value(s, task, f->of_task);

	return kthread ? field_value(s, kthread, f->data) : 0;
}

vaddr_t kthread_named(struct space *s, const struct procs *procs, const struct kthread_facts *f,
		      vaddr_t by, struct field member)
{
	vaddr_t task = field_value(s, by, member);

	return task && procs_by_address(procs, task) && kthread_data(s, f, task) == by ? task
										       : 0;
}
