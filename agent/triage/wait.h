/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a task may wait for, as plain values. */
#ifndef TRIAGE_WAIT_H
#define TRIAGE_WAIT_H

#include <stdbool.h>
#include <stdint.h>

#include "vmcore/physmem.h"

enum wait_kind {
	WAIT_UNKNOWN,
	WAIT_MUTEX,
	WAIT_SEMAPHORE,
	WAIT_RWSEM_READ,
	WAIT_RWSEM_WRITE,
	WAIT_RT_MUTEX,
	WAIT_COMPLETION,
	WAIT_PAGE,
	WAIT_BUFFER,
	WAIT_BIT,
	WAIT_QUEUE,
	WAIT_RPC,
	WAIT_WORK,		/* that a kernel worker is at, which is the owner */
	WAIT_COMMIT,		/* of a journal, by its thread, which is the owner */
	WAIT_PERCPU,		/* a percpu_rwsem that the owner waits to write */
	WAIT_CHANGE,		/* of what a journal is of, by a task, which is the owner */
};

/* "mutex", "rwsem (write)" */
const char *wait_kind_name(enum wait_kind kind);

enum wait_owner {
	OWNER_UNKNOWN,
	OWNER_NONE,		/* the lock says that nobody has it */
	OWNER_MAYBE,		/* one of its readers, or who took it last: it may be another */
	OWNER_SURE,
};

struct wait {
	enum wait_kind kind;
	vaddr_t lock;		/* or completion, page, buffer, word of a bit, queue, request,
				   journal */
	enum wait_owner owned;
	vaddr_t owner;		/* struct task_struct, of MAYBE and SURE */
	vaddr_t gone;		/* what the lock has for its owner, and is no task any more */
	vaddr_t inode;		/* struct inode of a page in a file; 0: it is in none */
	vaddr_t bdev;		/* struct block_device of a buffer */
	uint64_t index;		/* of the page in its file, of the block on its device */
	int bit;		/* that is waited for: of PAGE, BUFFER, BIT */
};

#endif
