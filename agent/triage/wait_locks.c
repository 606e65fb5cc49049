/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who waits for a lock has a waiter on its own stack (Linux kernel/locking): it names the
 * task, and hangs in a ring with the others. Before 7.x the lock's wait_list is a member of
 * the ring, since then the lock has a pointer to its first waiter. What the frames say tells
 * one kind of lock from another; since 6.14 task_struct.blocker says it as well.
 */
#include "wait_locks.h"

#include "base/err.h"
#include "glob.h"

#define LOCK_FLAGS 7u
#define RWSEM_READER_OWNED 1u
#define MUTEX_PICKUP 4u
#define CLOCKS_APART_NS 1000000000ULL

#define AT(member) offsetof(struct lock_facts, member)
#define OF_KIND(member) offsetof(struct lock_kind_facts, member)
#define WISH_LOCK(type, at, of_waiter) \
	WISH_FIELD(type ".wait_list", (at) + OF_KIND(wait_list)), \
	WISH_FIELD(type ".first_waiter", (at) + OF_KIND(first_waiter)), \
	WISH_FIELD(of_waiter ".list", (at) + OF_KIND(waiter.list)), \
	WISH_FIELD(of_waiter ".task", (at) + OF_KIND(waiter.task))

static const struct wish wishes[] = {
	WISH_LOCK("mutex", AT(mutex), "mutex_waiter"),
	WISH_FIELD("mutex.owner", AT(mutex.owner)),
	WISH_LOCK("rw_semaphore", AT(rwsem), "rwsem_waiter"),
	WISH_FIELD("rw_semaphore.owner", AT(rwsem.owner)),
	WISH_LOCK("semaphore", AT(semaphore), "semaphore_waiter"),
	WISH_FIELD("semaphore.last_holder", AT(semaphore.owner)),
	WISH_FIELD("inode.i_rwsem", AT(inode_lock)),
	WISH_FIELD("task_struct.blocker", AT(blocker)),
	WISH_FIELD("task_struct.blocked_on", AT(blocked_on)),
	WISH_FIELD("task_struct.start_time", AT(start_time)),
	WISH_FIELD("task_struct.pi_blocked_on", AT(pi_blocked_on)),
	WISH_FIELD("rt_mutex_waiter.task", AT(rt_waiter_task)),
	WISH_FIELD("rt_mutex_waiter.lock", AT(rt_waiter_lock)),
	WISH_FIELD("rt_mutex_base.owner", AT(rt_owner)),
	WISH_FIELD("rt_mutex.owner", AT(rt_owner)),
};

const struct wish_set lock_wishes = WISH_SET(wishes, struct lock_facts);

/* ---- kinds ------------------------------------------------------------------------- */

static const struct {
	enum wait_kind kind;
	const char *frames[4];
} kinds[] = {
	{ WAIT_MUTEX, { "__mutex_lock*", "__ww_mutex_lock*", NULL } },
	{ WAIT_RWSEM_READ, { "rwsem_down_read*", NULL } },
	{ WAIT_RWSEM_WRITE, { "rwsem_down_write*", NULL } },
	{ WAIT_SEMAPHORE, { "__down_common*", "___down_common*", "__down", NULL } },
};

static enum wait_kind kind_of(struct sleeper *s)
{
	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
		if (sleeper_is_in(s, kinds[k].frames))
			return kinds[k].kind;
	return WAIT_UNKNOWN;
}

static const struct lock_kind_facts *facts_of(const struct lock_facts *f, enum wait_kind kind)
{
	switch (kind) {
	case WAIT_MUTEX:
		return &f->mutex;
	case WAIT_SEMAPHORE:
		return &f->semaphore;
	default:
		return &f->rwsem;
	}
}

/* ---- the lock ------------------------------------------------------------------------ */

/* Since 7.x: is the first waiter of the lock at vaddr in this ring? */
static bool leads_to_ring(struct sleeper *s, const struct lock_kind_facts *k, vaddr_t lock,
			  vaddr_t node)
{
	vaddr_t first = lock & 7 || !lock ? 0 : field_value(s->space, lock, k->first_waiter);

	return first && !(first & 7) && ring_has(s, node, first + k->waiter.list.off);
}

static vaddr_t lock_by_pointer(struct sleeper *s, const struct lock_facts *f,
			       const struct lock_kind_facts *k, vaddr_t node)
{
	vaddr_t at = field_value(s->space, s->proc->at, f->blocker) & ~3ULL;

	if (leads_to_ring(s, k, at, node))
		return at;
	at = field_value(s->space, s->proc->at, f->blocked_on);
	if (leads_to_ring(s, k, at, node))
		return at;
	for (unsigned i = 0; i < s->n && sleeper_has_time(s); i++)
		if (s->words[i] - node > SLEEPER_STACK &&
		    leads_to_ring(s, k, s->words[i], node))
			return s->words[i];
	return 0;
}

static vaddr_t lock_of(struct sleeper *s, const struct lock_facts *f,
		       const struct lock_kind_facts *k, vaddr_t node)
{
	vaddr_t head, self;

	if (!ring_next(s, node, &self))
		return 0;
	if (has(k->first_waiter.off))
		return lock_by_pointer(s, f, k, node);
	head = has(k->wait_list.off) ? ring_head(s, &k->waiter, ring_is_waiter, node) : 0;
	return head ? head - k->wait_list.off : 0;
}

/* ---- the owner ----------------------------------------------------------------------- */

/* A reused task_struct is of a task that began after the wait did. */
static bool was_there(struct sleeper *s, const struct lock_facts *f, vaddr_t owner)
{
	uint64_t start;

	return field_read(s->space, owner, f->start_time, &start) && s->proc->since_ns &&
	       start <= s->proc->since_ns + CLOCKS_APART_NS;
}

static void set_owner(struct sleeper *s, struct wait *wait, vaddr_t owner, enum wait_owner how)
{
	if (!procs_by_address(s->procs, owner)) {
		wait->gone = how == OWNER_SURE ? owner : 0;
		return;
	}
	wait->owner = owner;
	wait->owned = how;
}

/* node: its own in the ring of those that wait for it. */
static void find_owner(struct sleeper *s, const struct lock_facts *f,
		       const struct lock_kind_facts *k, vaddr_t node, struct wait *wait)
{
	bool is_certain = wait->kind != WAIT_SEMAPHORE;
	uint64_t owner;

	if (!field_read(s->space, wait->lock, k->owner, &owner))
		return;
	if (wait->kind == WAIT_MUTEX && !(owner & ~(uint64_t)LOCK_FLAGS)) {
		/* One that was woken takes it as soon as it gets a CPU, if it gets one. */
		if (ring_all_sleep(s, &k->waiter, node))
			wait->owned = OWNER_NONE;
		return;
	}
	if (wait->kind == WAIT_MUTEX && owner & MUTEX_PICKUP)
		return;
	if (wait->kind != WAIT_MUTEX && wait->kind != WAIT_SEMAPHORE &&
	    owner & RWSEM_READER_OWNED)
		is_certain = false;
	owner &= ~(uint64_t)LOCK_FLAGS;
	if (is_certain || was_there(s, f, owner))
		set_owner(s, wait, owner, is_certain ? OWNER_SURE : OWNER_MAYBE);
}

/* A lock with priority inheritance, as all of them are on a realtime kernel: the task itself
   says which, in all versions (Linux kernel/locking/rtmutex.c). */
static bool find_rt_mutex(struct sleeper *s, const struct lock_facts *f, struct wait *wait)
{
	vaddr_t waiter = field_value(s->space, s->proc->at, f->pi_blocked_on), lock;
	uint64_t owner;

	if (!waiter || field_value(s->space, waiter, f->rt_waiter_task) != s->proc->at)
		return false;
	lock = field_value(s->space, waiter, f->rt_waiter_lock);
	if (!lock || !field_read(s->space, lock, f->rt_owner, &owner))
		return false;
	wait->lock = lock;
	wait->kind = WAIT_RT_MUTEX;
	set_owner(s, wait, owner & ~1ULL, OWNER_SURE);
	return true;
}

bool wait_lock_find(struct sleeper *s, const struct lock_facts *f, struct wait *wait)
{
	enum wait_kind kind = kind_of(s);
	const struct lock_kind_facts *k = facts_of(f, kind);
	vaddr_t node = 0;

	if (find_rt_mutex(s, f, wait))
		return true;
	if (kind == WAIT_UNKNOWN || !has(k->waiter.task.off) || !has(k->waiter.list.off))
		return false;
	for (unsigned i = 0; i < s->n && !wait->lock; i++)
		if (s->words[i] == s->proc->at) {
			node = s->from + 8 * i - k->waiter.task.off + k->waiter.list.off;
			wait->lock = lock_of(s, f, k, node);
		}
	if (!wait->lock)
		return false;
	wait->kind = kind;
	find_owner(s, f, k, node, wait);
	return true;
}
