/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which lock a sleeping task waits for, and who has it. */
#ifndef TRIAGE_WAIT_LOCKS_H
#define TRIAGE_WAIT_LOCKS_H

#include "sleeper.h"
#include "wait.h"

/* Of one kind of lock and those that wait for it. */
struct lock_kind_facts {
	struct field owner, wait_list, first_waiter;	/* the list is one or the other */
	struct ring_member waiter;
};

struct lock_facts {
	struct lock_kind_facts mutex, rwsem, semaphore;
	struct field blocker, blocked_on, start_time;	/* of task_struct */
	struct field inode_lock;			/* i_rwsem of struct inode */
	struct field pi_blocked_on;			/* struct rt_mutex_waiter */
	struct field rt_waiter_task, rt_waiter_lock, rt_owner;
};

extern const struct wish_set lock_wishes;

/* False: by its frames it waits for no lock, or lock and waiter do not agree. */
bool wait_lock_find(struct sleeper *s, const struct lock_facts *f, struct wait *wait);

#endif
