/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who wants its changes on the disk waits for the commit that the journal's thread is at, and
 * so does who wants to begin a change while that thread has closed the transaction; the thread
 * waits for those that are in the midst of one (Linux fs/jbd2/{journal,commit,transaction}.c).
 */
#include "journal.h"

#define AT(member) offsetof(struct journal_facts, member)
#define OF_TASK(member) offsetof(struct journal_task_facts, member)

static const struct wish wishes[] = {
	WISH_FIELD("journal_s.j_wait_done_commit", AT(done)),
	WISH_FIELD("journal_s.j_wait_transaction_locked", AT(locked)),
	WISH_FIELD("journal_s.j_wait_updates", AT(updates)),
	WISH_FIELD("journal_s.j_task", AT(task)),
	WISH_FIELD("journal_s.j_barrier_count", AT(barriers)),
	WISH_FIELD("journal_s.j_running_transaction", AT(running)),
	WISH_FIELD("journal_s.j_committing_transaction", AT(committing)),
	WISH_FIELD("journal_s.j_devname", AT(device)),
	WISH_FIELD("transaction_s.t_journal", AT(journal)),
	WISH_FIELD("jbd2_journal_handle.h_transaction", AT(transaction)),
};

const struct wish_set journal_wishes = WISH_SET(wishes, struct journal_facts);

static const struct wish of_tasks[] = {
	KTHREAD_WISHES(OF_TASK(kthread)),
	WISH_FIELD("task_struct.journal_info", OF_TASK(change)),
};

const struct wish_set journal_task_wishes = WISH_SET(of_tasks, struct journal_task_facts);

/* The journal that has its queue of that kind there; 0: there lies none. */
static vaddr_t journal_with(const struct journals *j, struct field queue, vaddr_t at,
			    vaddr_t *thread)
{
	vaddr_t journal = has(queue.off) ? at - queue.off : 0;

	*thread = journal ? kthread_named(j->space, j->procs, &j->of_tasks->kthread, journal,
					  j->facts->task) : 0;
	return *thread ? journal : 0;
}

/* Is it in the midst of a change of a transaction that this journal has? */
static bool has_begun(const struct journals *j, vaddr_t journal, const struct proc *p)
{
	vaddr_t handle = field_value(j->space, p->at, j->of_tasks->change);
	vaddr_t of = handle ? field_value(j->space, handle, j->facts->transaction) : 0;

	return of && field_value(j->space, of, j->facts->journal) == journal &&
	       (of == field_value(j->space, journal, j->facts->running) ||
		of == field_value(j->space, journal, j->facts->committing));
}

/* Of all for whom the thread waits: one that is blocked, for the longest. */
static const struct proc *who_has_begun(const struct journals *j, vaddr_t journal)
{
	const struct proc *found = NULL;

	for (unsigned i = 0; i < j->procs->n; i++) {
		const struct proc *p = &j->procs->list[i];

		if (!has_begun(j, journal, p))
			continue;
		if (!found || (proc_is_blocked(p) && (!proc_is_blocked(found) ||
						      proc_is_longer(p, found))))
			found = p;
	}
	return found;
}

/* Those that freeze it keep others out as well, and have no name. */
static bool is_barred(const struct journals *j, vaddr_t journal)
{
	uint64_t n;

	return !field_read(j->space, journal, j->facts->barriers, &n) || n;
}

void journal_wait_find(const struct journals *j, const struct proc *waiter, struct wait *wait)
{
	const struct journal_facts *f = j->facts;
	const struct proc *other;
	vaddr_t thread, at;

	if (wait->kind != WAIT_QUEUE)
		return;
	at = journal_with(j, f->done, wait->lock, &thread);
	if (!at) {
		at = journal_with(j, f->locked, wait->lock, &thread);
		if (at && is_barred(j, at))
			return;
	}
	if (at && thread != waiter->at) {
		*wait = (struct wait){ .kind = WAIT_COMMIT, .lock = at, .owner = thread,
				       .owned = OWNER_SURE };
		return;
	}
	at = journal_with(j, f->updates, wait->lock, &thread);
	other = at && thread == waiter->at ? who_has_begun(j, at) : NULL;
	if (other && other->at != waiter->at)
		*wait = (struct wait){ .kind = WAIT_CHANGE, .lock = at, .owner = other->at,
				       .owned = OWNER_SURE };
}

void journal_name(const struct journals *j, const struct wait *wait, char *name, size_t size)
{
	if (wait->kind == WAIT_COMMIT || wait->kind == WAIT_CHANGE)
		field_text(j->space, wait->lock, j->facts->device, name, size);
	else
		name[0] = '\0';
}
