/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A lock says most: it may have an owner. What wakes all others comes after it. */
#include "waits.h"

const char *wait_kind_name(enum wait_kind kind)
{
	static const char *const names[] = {
		[WAIT_UNKNOWN] = "?",
		[WAIT_MUTEX] = "mutex",
		[WAIT_SEMAPHORE] = "semaphore",
		[WAIT_RWSEM_READ] = "rwsem (read)",
		[WAIT_RWSEM_WRITE] = "rwsem (write)",
		[WAIT_RT_MUTEX] = "rt_mutex",
		[WAIT_COMPLETION] = "completion",
		[WAIT_PAGE] = "page",
		[WAIT_BUFFER] = "buffer",
		[WAIT_BIT] = "bit",
		[WAIT_QUEUE] = "wait queue",
		[WAIT_RPC] = "request to server",
		[WAIT_WORK] = "work",
		[WAIT_COMMIT] = "commit",
		[WAIT_PERCPU] = "percpu_rwsem",
		[WAIT_CHANGE] = "change",
	};

	return names[kind];
}

void wait_find(struct sleeper *s, const struct lock_facts *locks,
	       const struct queue_facts *queues, struct wait *wait)
{
	*wait = (struct wait){ .kind = WAIT_UNKNOWN };
	if (wait_lock_find(s, locks, wait))
		return;
	*wait = (struct wait){ .kind = WAIT_UNKNOWN };
	if (!wait_queue_find(s, queues, wait))
		*wait = (struct wait){ .kind = WAIT_UNKNOWN };
}
