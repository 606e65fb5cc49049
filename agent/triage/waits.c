/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who waits for a lock has a waiter on its own stack (Linux kernel/locking): it names the
 * task, and hangs in a ring with the others. Before 7.x the lock's wait_list is a member of
 * the ring, since then the lock has a pointer to its first waiter. What the frames say tells
 * one kind of lock from another; since 6.14 task_struct.blocker says it as well.
 */
#include "waits.h"

#include "base/bytes.h"
#include "base/err.h"
#include "glob.h"

#define RING_MAX 4096u
#define FRAMES_LOOKED_AT 8u
#define LOCK_FLAGS 7u
#define RWSEM_READER_OWNED 1u
#define MUTEX_PICKUP 4u
#define CLOCKS_APART_NS 1000000000ULL

#define AT(member) offsetof(struct wait_facts, member)
#define WISH_LOCK(type, at, waiter) \
	WISH_FIELD(type ".wait_list", (at) + offsetof(struct lock_facts, wait_list)), \
	WISH_FIELD(type ".first_waiter", (at) + offsetof(struct lock_facts, first_waiter)), \
	WISH_FIELD(waiter ".list", (at) + offsetof(struct lock_facts, waiter_list)), \
	WISH_FIELD(waiter ".task", (at) + offsetof(struct lock_facts, waiter_task))

static const struct wish wishes[] = {
	WISH_LOCK("mutex", AT(mutex), "mutex_waiter"),
	WISH_FIELD("mutex.owner", AT(mutex.owner)),
	WISH_LOCK("rw_semaphore", AT(rwsem), "rwsem_waiter"),
	WISH_FIELD("rw_semaphore.owner", AT(rwsem.owner)),
	WISH_LOCK("semaphore", AT(semaphore), "semaphore_waiter"),
	WISH_FIELD("semaphore.last_holder", AT(semaphore.owner)),
	WISH_FIELD("task_struct.blocker", AT(blocker)),
	WISH_FIELD("task_struct.blocked_on", AT(blocked_on)),
	WISH_FIELD("task_struct.start_time", AT(start_time)),
	WISH_FIELD("task_struct.stack", AT(stack)),
	WISH_FIELD("task_struct.stack_vm_area", AT(stack_area)),
	WISH_FIELD("vm_struct.nr_pages", AT(area_pages)),
};

const struct wish_set wait_wishes = WISH_SET(wishes, struct wait_facts);

const char *wait_kind_name(enum wait_kind kind)
{
	static const char *const names[] = {
		"?", "mutex", "semaphore", "rwsem (read)", "rwsem (write)",
	};

	return names[kind];
}

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

static enum wait_kind kind_of(struct waits *w, const struct stack *stack)
{
	struct symbol sym;

	for (unsigned i = 0; i < stack->n && i < FRAMES_LOOKED_AT; i++) {
		if (!symbol_of_return(w->symbols, stack->frames[i].ip, &sym) || sym.module[0])
			continue;
		for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
			if (glob_any(kinds[k].frames, sym.name))
				return kinds[k].kind;
	}
	return WAIT_UNKNOWN;
}

static const struct lock_facts *lock_facts(const struct waits *w, enum wait_kind kind)
{
	switch (kind) {
	case WAIT_MUTEX:
		return &w->facts->mutex;
	case WAIT_SEMAPHORE:
		return &w->facts->semaphore;
	default:
		return &w->facts->rwsem;
	}
}

/* ---- the ring ------------------------------------------------------------------------ */

static bool read_word(struct waits *w, vaddr_t at, uint64_t *value)
{
	struct err ignored;

	return space_read_u64(w->space, at, value, &ignored);
}

static uint64_t stack_len(struct waits *w, vaddr_t task)
{
	vaddr_t area = field_value(w->space, task, w->facts->stack_area);
	uint64_t n = area ? field_value(w->space, area, w->facts->area_pages) : 0;

	return n && n <= 64 ? n << w->page_shift : 4096 * 4;
}

/* Does that list_head lie in a waiter, on the stack of the task that this names? */
static bool is_waiter(struct waits *w, const struct lock_facts *f, vaddr_t node)
{
	vaddr_t task = field_value(w->space, node - f->waiter_list.off, f->waiter_task), stack;

	if (!task)
		return false;
	stack = field_value(w->space, task, w->facts->stack);
	return node >= stack && node - stack < stack_len(w, task);
}

/* The next one, if it points back. */
static bool ring_next(struct waits *w, vaddr_t node, vaddr_t *next)
{
	uint64_t back;

	if (!w->steps_left)
		return false;
	w->steps_left--;
	return read_word(w, node, next) && read_word(w, *next + 8, &back) && back == node;
}

/* Walks around; whose list_head is no waiter's is the lock's. 0: the ring is broken. */
static bool ring_head(struct waits *w, const struct lock_facts *f, vaddr_t node, vaddr_t *head)
{
	vaddr_t at = node;
	unsigned strangers = 0;

	for (unsigned i = 0; i < RING_MAX; i++) {
		if (!ring_next(w, at, &at))
			return false;
		if (at == node)
			return strangers == 1;
		if (!is_waiter(w, f, at)) {
			strangers++;
			*head = at;
		}
	}
	return false;
}

static bool ring_has(struct waits *w, vaddr_t node, vaddr_t wanted)
{
	vaddr_t at = node;

	for (unsigned i = 0; i < RING_MAX; i++) {
		if (at == wanted)
			return true;
		if (!ring_next(w, at, &at) || at == node)
			return false;
	}
	return false;
}

/* Since 7.x: is the first waiter of the lock at vaddr in this ring? */
static bool leads_to_ring(struct waits *w, const struct lock_facts *f, vaddr_t lock,
			  vaddr_t node)
{
	vaddr_t first = lock & 7 || !lock ? 0 : field_value(w->space, lock, f->first_waiter);

	return first && !(first & 7) && ring_has(w, node, first + f->waiter_list.off);
}

static vaddr_t lock_by_pointer(struct waits *w, const struct lock_facts *f,
			       const struct proc *proc, vaddr_t node, unsigned n)
{
	vaddr_t at = field_value(w->space, proc->at, w->facts->blocker) & ~3ULL;

	if (leads_to_ring(w, f, at, node))
		return at;
	at = field_value(w->space, proc->at, w->facts->blocked_on);
	if (leads_to_ring(w, f, at, node))
		return at;
	for (unsigned i = 0; i < n; i++)
		if (w->words[i] - node > WAIT_STACK && leads_to_ring(w, f, w->words[i], node))
			return w->words[i];
	return 0;
}

static vaddr_t lock_of(struct waits *w, const struct lock_facts *f, const struct proc *proc,
		       vaddr_t node, unsigned n)
{
	vaddr_t head, self;

	if (!ring_next(w, node, &self))
		return 0;
	if (has(f->first_waiter.off))
		return lock_by_pointer(w, f, proc, node, n);
	if (!has(f->wait_list.off) || !ring_head(w, f, node, &head))
		return 0;
	return head - f->wait_list.off;
}

/* ---- the owner ----------------------------------------------------------------------- */

/* A reused task_struct is of a task that began after the wait did. */
static bool was_there(struct waits *w, vaddr_t owner, const struct proc *waiter)
{
	uint64_t start;

	return field_read(w->space, owner, w->facts->start_time, &start) &&
	       waiter->since_ns && start <= waiter->since_ns + CLOCKS_APART_NS;
}

static void find_owner(struct waits *w, const struct lock_facts *f, const struct proc *proc,
		       struct wait *wait)
{
	bool is_certain = wait->kind != WAIT_SEMAPHORE;
	uint64_t owner;

	if (!field_read(w->space, wait->lock, f->owner, &owner))
		return;
	if (wait->kind == WAIT_MUTEX && !(owner & ~(uint64_t)LOCK_FLAGS)) {
		wait->owned = OWNER_NONE;
		return;
	}
	if (wait->kind == WAIT_MUTEX && owner & MUTEX_PICKUP)
		return;
	if (wait->kind >= WAIT_RWSEM_READ && owner & RWSEM_READER_OWNED)
		is_certain = false;
	wait->owner = owner & ~(uint64_t)LOCK_FLAGS;
	if (!procs_by_address(w->procs, wait->owner) ||
	    (!is_certain && !was_there(w, wait->owner, proc)))
		wait->owner = 0;
	else
		wait->owned = is_certain ? OWNER_SURE : OWNER_MAYBE;
}

/* Words of the stack from its innermost frame on. */
static unsigned read_stack(struct waits *w, const struct proc *proc, const struct stack *stack)
{
	vaddr_t bottom = field_value(w->space, proc->at, w->facts->stack);
	vaddr_t end = bottom + stack_len(w, proc->at), from = stack->frames[0].sp & ~7ULL;
	struct err ignored;
	uint64_t len;

	if (!bottom || from < bottom || from >= end)
		return 0;
	len = min_u64(end - from, WAIT_STACK);
	return space_read(w->space, from, w->words, len, &ignored) ? len / 8 : 0;
}

void wait_find(struct waits *w, const struct proc *proc, const struct stack *stack,
	       struct wait *wait)
{
	enum wait_kind kind = kind_of(w, stack);
	const struct lock_facts *f = lock_facts(w, kind);
	unsigned n;

	*wait = (struct wait){ .kind = WAIT_UNKNOWN };
	if (kind == WAIT_UNKNOWN || !has(f->waiter_task.off) || !has(f->waiter_list.off))
		return;
	n = read_stack(w, proc, stack);
	for (unsigned i = 0; i < n && !wait->lock; i++)
		if (w->words[i] == proc->at)
			wait->lock = lock_of(w, f, proc, (stack->frames[0].sp & ~7ULL) + 8 * i -
					     f->waiter_task.off + f->waiter_list.off, n);
	if (!wait->lock)
		return;
	wait->kind = kind;
	find_owner(w, f, proc, wait);
}
