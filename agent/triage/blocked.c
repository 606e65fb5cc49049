/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Equal stacks are told once, the longest wait first. From a task over its lock to the lock's
 * owner is one step; tasks that come back to themselves wait for ever.
 */
#include "blocked.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "glob.h"
#include "kernel/kernel.h"
#include "pending_writer.h"
#include "subject.h"
#include "triage.h"

#define CHAIN_MAX 32u
#define RING_STEPS 100000u	/* of all lists of waiters together */

/* ---- words --------------------------------------------------------------------------- */

void lock_text(struct report *r, vaddr_t lock, char text[SYMBOL_TEXT])
{
	struct symbol sym;

	if (symbol_at(&r->symbols, lock, &sym) && symbol_is_sure(&sym))
		snprintf(text, SYMBOL_TEXT, "%s%s%s%s", sym.name, sym.module[0] ? " [" : "",
			 sym.module, sym.module[0] ? "]" : "");
	else
		snprintf(text, SYMBOL_TEXT, "%#llx", (unsigned long long)lock);
}

void wait_source(struct report *r, const struct wait *wait, char source[SOURCE_TEXT])
{
	const struct triage_facts *f = &r->triage->facts;
	vaddr_t sb = wait->kind == WAIT_PAGE && wait->inode
		? field_value(r->triage->space, wait->inode, f->paths.inode_sb) : 0;

	source[0] = '\0';
	if (sb && !field_value(r->triage->space, sb, f->layers.sb_bdev))
		super_source(r->triage->space, &f->layers, sb, source, SOURCE_TEXT);
}

static void page_text(struct report *r, const struct wait *wait, char text[OBJECT_TEXT])
{
	const struct paths p = { r->triage->space, &r->triage->facts.paths };
	char source[SOURCE_TEXT];
	struct file_place place;
	uint64_t number;

	if (!wait->inode || !path_of_inode(&p, wait->inode, &place, &number)) {
		snprintf(text, OBJECT_TEXT, "%#llx", (unsigned long long)wait->lock);
		return;
	}
	wait_source(r, wait, source);
	snprintf(text, OBJECT_TEXT, "%llu of %s%sinode %llu of %s (%s)",
		 (unsigned long long)wait->index, place.path, place.path[0] ? ", " : "",
		 (unsigned long long)number, source[0] ? source : place.device, place.fs);
}

static void buffer_text(struct report *r, const struct wait *wait, char text[OBJECT_TEXT])
{
	const struct disk_facts *f = &r->triage->facts.disks;
	vaddr_t disk = field_value(r->triage->space, wait->bdev, f->bdev_disk);
	char name[32];

	field_text(r->triage->space, disk, f->disk_name, name, sizeof(name));
	snprintf(text, OBJECT_TEXT, "of block %llu of %s", (unsigned long long)wait->index,
		 name[0] ? name : "?");
}

/* A lock that has no name lies in an object: that of an inode is known by its path. */
static void nameless_text(struct report *r, vaddr_t lock, char text[OBJECT_TEXT])
{
	const struct triage_facts *f = &r->triage->facts;
	const struct paths p = { r->triage->space, &f->paths };
	struct slab_object in;
	struct file_place place;
	uint64_t number;

	if (!slab_object_at(&r->triage->slabs, lock, &in))
		snprintf(text, OBJECT_TEXT, "%#llx", (unsigned long long)lock);
	else if (has(f->locks.inode_lock.off) && glob_match("*inode*", in.cache) &&
		 path_of_inode(&p, lock - f->locks.inode_lock.off, &place, &number))
		snprintf(text, OBJECT_TEXT, "%#llx of %s%sinode %llu of %s (%s)",
			 (unsigned long long)lock, place.path, place.path[0] ? ", " : "",
			 (unsigned long long)number, place.device, place.fs);
	else
		snprintf(text, OBJECT_TEXT, "%#llx in slab %s + %#llx",
			 (unsigned long long)lock, in.cache, (unsigned long long)in.off);
}

static struct journals journals_of(const struct report *r)
{
	const struct triage_facts *f = &r->triage->facts;

	return (struct journals){ r->triage->space, &r->procs, &f->journals,
				  &f->journal_tasks };
}

void wait_object_text(struct report *r, const struct wait *wait, char text[OBJECT_TEXT])
{
	const struct journals journals = journals_of(r);
	struct rpc_server server;
	char name[SYMBOL_TEXT];

	journal_name(&journals, wait, text, OBJECT_TEXT);
	if (text[0])
		return;
	if (rpc_server_of(r->triage->space, &r->triage->facts.rpc, wait, &server))
		snprintf(text, OBJECT_TEXT, "%s (%s)", server.name, server.program);
	else if (wait->kind == WAIT_PAGE) {
		page_text(r, wait, text);
	} else if (wait->kind == WAIT_BUFFER) {
		buffer_text(r, wait, text);
	} else if (wait->kind == WAIT_BIT && wait->bit >= 0) {
		lock_text(r, wait->lock, name);
		snprintf(text, OBJECT_TEXT, "%d of %s", wait->bit, name);
	} else {
		lock_text(r, wait->lock, name);
		if (strncmp(name, "0x", 2))
			snprintf(text, OBJECT_TEXT, "%s", name);
		else
			nameless_text(r, wait->lock, text);
	}
}

void wait_text(struct report *r, const struct wait *wait, char text[WAIT_TEXT])
{
	const struct proc *owner = procs_by_address(&r->procs, wait->owner);
	char object[OBJECT_TEXT];

	text[0] = '\0';
	if (wait->kind == WAIT_UNKNOWN)
		return;
	wait_object_text(r, wait, object);
	if (owner && (wait->kind == WAIT_WORK || wait->kind == WAIT_COMMIT))
		snprintf(text, WAIT_TEXT, "the %s that %s (pid %u) is at",
			 wait_kind_name(wait->kind), owner->comm, owner->pid);
	else if (owner && wait->kind == WAIT_CHANGE)
		snprintf(text, WAIT_TEXT, "the end of a change that %s (pid %u) has begun",
			 owner->comm, owner->pid);
	else if (owner && wait->kind == WAIT_PERCPU)
		snprintf(text, WAIT_TEXT, "%s %s, which %s (pid %u) waits to write",
			 wait_kind_name(wait->kind), object, owner->comm, owner->pid);
	else if (wait->owned == OWNER_NONE)
		snprintf(text, WAIT_TEXT, "%s %s, which nobody holds",
			 wait_kind_name(wait->kind), object);
	else if (owner)
		snprintf(text, WAIT_TEXT, "%s %s, %s %s (pid %u)%s", wait_kind_name(wait->kind),
			 object, wait->owned == OWNER_SURE ? "held by" : "last taken by",
			 owner->comm, owner->pid, wait->owned == OWNER_SURE ? "" : " ?");
	else
		snprintf(text, WAIT_TEXT, "%s %s", wait_kind_name(wait->kind), object);
}

/* ---- groups -------------------------------------------------------------------------- */

static bool same_stack(const struct stack *a, const struct stack *b)
{
	if (a->n != b->n)
		return false;
	for (unsigned i = 0; i < a->n; i++)
		if (a->frames[i].ip != b->frames[i].ip)
			return false;
	return true;
}

static void add(struct report *r, const struct blocked_task *b, const struct stack *stack)
{
	if (r->n_waiters < REPORT_BLOCKED_TASKS)
		r->waiters[r->n_waiters++] = *b;
	for (unsigned i = 0; i < r->n_blocked; i++) {
		struct blocked_group *g = &r->blocked[i];

		if (!same_stack(&g->stack, stack) || g->wait.lock != b->wait.lock)
			continue;
		if (g->n < REPORT_GROUP_PIDS)
			g->pids[g->n] = b->proc.pid;
		g->n++;
		if (proc_is_longer(&b->proc, &g->first)) {
			g->first = b->proc;
			g->wait = b->wait;
		}
		return;
	}
	if (r->n_blocked < REPORT_BLOCKED)
		r->blocked[r->n_blocked++] = (struct blocked_group){
			.wait = b->wait, .first = b->proc, .n = 1,
			.pids = { b->proc.pid }, .stack = *stack };
}

static void sort(struct report *r)
{
	for (unsigned i = 1; i < r->n_blocked; i++)
		for (unsigned k = i; k && proc_is_longer(&r->blocked[k].first,
							 &r->blocked[k - 1].first); k--) {
			struct blocked_group other = r->blocked[k];

			r->blocked[k] = r->blocked[k - 1];
			r->blocked[k - 1] = other;
		}
}

static void set_seconds(struct report *r)
{
	for (unsigned i = 0; i < r->n_blocked; i++)
		r->blocked[i].seconds = report_seconds_since(r, r->blocked[i].first.since_ns);
}

/* ---- circles ------------------------------------------------------------------------- */

const struct blocked_task *blocked_by_address(const struct report *r, vaddr_t task)
{
	for (unsigned i = 0; i < r->n_waiters; i++)
		if (r->waiters[i].proc.at == task)
			return &r->waiters[i];
	return NULL;
}

bool blocked_is_long(const struct report *r, const struct blocked_task *b)
{
	return report_seconds_since(r, b->proc.since_ns) >= BLOCKED_LONG_S;
}

const struct blocked_task *blocked_owner(const struct report *r, const struct blocked_task *b)
{
	return b->wait.owned == OWNER_SURE ? blocked_by_address(r, b->wait.owner) : NULL;
}

static bool comes_back(const struct report *r, const struct blocked_task *b)
{
	const struct blocked_task *at = b;

	for (unsigned i = 0; i < CHAIN_MAX; i++) {
		at = blocked_owner(r, at);
		if (!at || at == b)
			return at;
	}
	return false;
}

static void find_circles(struct report *r)
{
	for (unsigned i = 0; i < r->n_waiters; i++) {
		struct blocked_task *b = &r->waiters[i];

		if (b->circle || !comes_back(r, b))
			continue;
		r->n_circles++;
		for (unsigned k = 0; k < CHAIN_MAX && !b->circle; k++) {
			b->circle = r->n_circles;
			b = &r->waiters[blocked_owner(r, b) - r->waiters];
		}
	}
}

/* A task that waits for no lock whose owner is known. */
static vaddr_t end_of(const struct report *r, const struct blocked_task *b)
{
	for (unsigned i = 0; i < CHAIN_MAX; i++) {
		const struct blocked_task *next = blocked_owner(r, b);

		if (b->wait.owned != OWNER_SURE)
			return i ? b->proc.at : 0;
		if (!next)
			return b->wait.owner;
		b = next;
	}
	return 0;
}

static void find_ends(struct report *r)
{
	for (unsigned i = 0; i < r->n_waiters; i++)
		r->waiters[i].end = end_of(r, &r->waiters[i]);
}

/* ---- what modules know ---------------------------------------------------------------- */

static bool knows_module(struct triage *m, const char *module)
{
	return facts_of_module(&m->facts, module, &m->want->kernel->tables, m->want->arena);
}

/* A bit that is one of a request's. */
static void look_for_server(struct triage *m, const struct stack *stack, struct wait *wait)
{
	static const char *const names[] = { "rpc_wait_bit_killable", NULL };

	if (wait->kind == WAIT_BIT && stack_is_in(m->r, stack, names, NULL) &&
	    knows_module(m, "sunrpc"))
		rpc_wait_find(m->space, &m->facts.rpc, wait);
}

/*
 * Who ends with a function that waits for a buffer jumps there, and stands in its place: no
 * frame says that it is one, but the slab does in which it lies.
 */
static void look_for_buffer(struct triage *m, struct wait *wait)
{
	struct slab_object in;

	if (wait->kind == WAIT_BIT && slab_object_at(&m->r->triage->slabs, wait->lock, &in) &&
	    !strcmp(in.cache, "buffer_head") &&
	    in.off == (uint64_t)m->facts.queues.buffer_state.off)
		wait_queue_is_buffer(m->space, &m->facts.queues, wait);
}

/* A queue that is one of a journal's. */
static void look_for_journal(struct triage *m, const struct stack *stack,
			     const struct proc *waiter, struct wait *wait)
{
	static const char *const names[] = { "jbd2_*", "kjournald2", "start_this_handle",
					     "add_transaction_credits", NULL };
	const struct journals journals = journals_of(m->r);

	if (wait->kind == WAIT_QUEUE && stack_is_in(m->r, stack, names, NULL) &&
	    knows_module(m, "jbd2"))
		journal_wait_find(&journals, waiter, wait);
}

/* ---- all of them --------------------------------------------------------------------- */

static bool take_room(struct report *r, struct sleeper *s, struct arena *arena, struct err *e)
{
	r->blocked = arena_take(arena, REPORT_BLOCKED, sizeof(r->blocked[0]), "stacks", e);
	if (!r->blocked)
		return false;
	r->waiters = arena_take(arena, REPORT_BLOCKED_TASKS, sizeof(r->waiters[0]),
				"blocked tasks", e);
	if (!r->waiters)
		return false;
	s->words = arena_take(arena, SLEEPER_STACK, 1, "words of a stack", e);
	return s->words;
}

bool blocked_has_moved(struct triage *m, const struct proc *then)
{
	struct proc now;

	if (!m->r->is_live)
		return false;
	pagecache_forget(&m->cache);
	return !proc_read(&m->r->procs, then->at, &now) || now.pid != then->pid ||
	       now.state != then->state || !now.since_ns || now.since_ns != then->since_ns;
}

/* What a task waits for; false: that cannot be told. */
static bool look_at(struct triage *m, struct sleeper *s, struct blocked_task *b,
		    struct stack *stack)
{
	if (!unwind_asleep(&m->unwinder, b->proc.at, stack) || !stack->n)
		return false;
	if (sleeper_look(s, &b->proc, stack))
		wait_find(s, &m->facts.locks, &m->facts.queues, &b->wait);
	return true;
}

/*
 * Who has what a blocked task waits for may wait for a lock as one that a signal ends, which
 * is no state D: of those only that counts. They may lead to others, and come behind them.
 */
static void add_owners(struct triage *m, struct sleeper *s)
{
	struct report *r = m->r;
	struct stack stack;

	for (unsigned i = 0; i < r->n_waiters && r->n_waiters < REPORT_BLOCKED_TASKS &&
	     !bounds_over(s->bounds); i++) {
		const struct wait *wait = &r->waiters[i].wait;
		const struct proc *owner = wait->owned == OWNER_SURE ?
					   procs_by_address(&r->procs, wait->owner) : NULL;
		struct blocked_task b = { .circle = 0 };

		if (!owner || owner->state != 'S' || blocked_by_address(r, owner->at))
			continue;
		b.proc = *owner;
		if (look_at(m, s, &b, &stack) && b.wait.owned == OWNER_SURE &&
		    !blocked_has_moved(m, &b.proc))
			r->waiters[r->n_waiters++] = b;
	}
}

/* A circle is one only if none of those in it has run while the others were looked at. */
static void doubt_moved(struct triage *m)
{
	for (unsigned i = 0; i < m->r->n_waiters; i++)
		if (blocked_has_moved(m, &m->r->waiters[i].proc))
			m->r->waiters[i].wait = (struct wait){ .kind = WAIT_UNKNOWN };
}

bool blocked_read(struct triage *m, struct arena *arena, const struct bounds *bounds,
		  struct err *e)
{
	struct report *r = m->r;
	struct sleeper s = { .space = m->space, .facts = &m->facts.sleeper, .procs = &r->procs,
			     .symbols = &r->symbols, .steps_left = RING_STEPS,
			     .bounds = bounds, .page_shift = m->page_shift };
	struct stack stack;

	if (!take_room(r, &s, arena, e))
		return false;
	for (unsigned i = 0; i < r->procs.n && !bounds_over(bounds); i++) {
		struct blocked_task b = { .proc = r->procs.list[i] };

		if (!proc_is_blocked(&b.proc))
			continue;
		r->n_blocked_tasks++;
		if (!look_at(m, &s, &b, &stack))
			continue;
		look_for_server(m, &stack, &b.wait);
		look_for_journal(m, &stack, &b.proc, &b.wait);
		look_for_buffer(m, &b.wait);
		pending_writer_find(m, &stack, &b.wait);
		if (!blocked_has_moved(m, &b.proc))
			add(r, &b, &stack);
		else
			r->n_blocked_tasks--;
	}
	add_owners(m, &s);
	doubt_moved(m);
	sort(r);
	set_seconds(r);
	find_circles(r);
	find_ends(r);
	return true;
}
