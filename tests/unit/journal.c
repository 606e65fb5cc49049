/* SPDX-License-Identifier: GPL-2.0-or-later */
/* triage/journal: a queue is a journal's if that and its thread name each other, and a change
   keeps it waiting if it is of a transaction that the journal has. */
#include "triage/journal.h"

#include "flat.h"
#include "t.h"

enum { JOURNAL = 0x100, THREAD = 0x200, KTHREAD = 0x300, TASK = 0x400, HANDLE = 0x500,
       TRANSACTION = 0x600, LEN = 0x800 };
enum { DONE = 0, LOCKED = 8, UPDATES = 16, THREAD_OF = 24, BARRIERS = 32, RUNNING = 40,
       COMMITTING = 48, DEVICE = 56 };

static uint8_t memory[LEN];

static void make_memory(void)
{
	memset(memory, 0, sizeof(memory));
	flat_put_at(memory, JOURNAL + THREAD_OF, THREAD);
	flat_put_at(memory, JOURNAL + RUNNING, TRANSACTION);
	memcpy(memory + JOURNAL + DEVICE, "sda-8", 6);
	flat_put_at(memory, THREAD, KTHREAD);		/* .worker_private */
	flat_put_at(memory, KTHREAD, JOURNAL);		/* .data */
	flat_put_at(memory, TASK + 8, HANDLE);		/* .journal_info */
	flat_put_at(memory, HANDLE, TRANSACTION);	/* .h_transaction */
	flat_put_at(memory, TRANSACTION, JOURNAL);	/* .t_journal */
}

static const struct {
	const char *row;
	unsigned waiter, queue;
	unsigned at;
	uint64_t value;
	enum wait_kind kind;
	unsigned owner;
} rows[] = {
	{ "its changes on the disk", TASK, DONE, 0, 0, WAIT_COMMIT, THREAD },
	{ "a new change", TASK, LOCKED, 0, 0, WAIT_COMMIT, THREAD },
	{ "a new change, which somebody else bars", TASK, LOCKED, JOURNAL + BARRIERS, 1,
	  WAIT_QUEUE, 0 },
	{ "another queue", TASK, 0x60, 0, 0, WAIT_QUEUE, 0 },
	{ "the thread, for a change", THREAD, UPDATES, 0, 0, WAIT_CHANGE, TASK },
	{ "the thread, for its own commit", THREAD, DONE, 0, 0, WAIT_QUEUE, 0 },
	{ "another, where the thread waits", TASK, UPDATES, 0, 0, WAIT_QUEUE, 0 },
	{ "the thread has another journal", TASK, DONE, KTHREAD, 0x1234, WAIT_QUEUE, 0 },
	{ "the journal has no thread", TASK, DONE, JOURNAL + THREAD_OF, 0, WAIT_QUEUE, 0 },
	{ "one that is no task", TASK, DONE, JOURNAL + THREAD_OF, 0x1234, WAIT_QUEUE, 0 },
	{ "nobody is in a change", THREAD, UPDATES, TASK + 8, 0, WAIT_QUEUE, 0 },
	{ "in one that leads nowhere", THREAD, UPDATES, HANDLE, 0x1234, WAIT_QUEUE, 0 },
	{ "in one of another journal", THREAD, UPDATES, TRANSACTION, 0x1234, WAIT_QUEUE, 0 },
	{ "in one that is over", THREAD, UPDATES, JOURNAL + RUNNING, 0, WAIT_QUEUE, 0 },
};

int main(void)
{
	struct journal_facts facts = {
		.done = flat8(DONE), .locked = flat8(LOCKED), .updates = flat8(UPDATES),
		.task = flat8(THREAD_OF), .barriers = flat8(BARRIERS),
		.running = flat8(RUNNING), .committing = flat8(COMMITTING),
		.device = { DEVICE, 1, 32 }, .journal = flat8(0), .transaction = flat8(0) };
	const struct journal_task_facts of_tasks = { .kthread = { flat8(0), flat8(0) },
						     .change = flat8(8) };
	struct proc list[] = { { .at = FLAT_BASE + THREAD, .state = 'D' },
			       { .at = FLAT_BASE + TASK, .state = 'D' } };
	const struct procs procs = { .list = list, .n = 2 };
	struct flat f;

	flat_open(&f, memory, sizeof(memory));
	for (size_t i = 0; i < T_SIZE(rows); i++) {
		const struct journals j = { &f.space, &procs, &facts, &of_tasks };
		struct wait wait = { .kind = WAIT_QUEUE,
				     .lock = FLAT_BASE + JOURNAL + rows[i].queue };
		const struct proc waiter = { .at = FLAT_BASE + rows[i].waiter };
		char name[32];

		make_memory();
		if (rows[i].at)
			flat_put(memory, rows[i].at, rows[i].value);
		journal_wait_find(&j, &waiter, &wait);
		T_EQUAL(rows[i].row, rows[i].kind, wait.kind);
		T_EQUAL(rows[i].row, rows[i].owner ? FLAT_BASE + rows[i].owner : 0,
			wait.owner);
		journal_name(&j, &wait, name, sizeof(name));
		T_TEXT(rows[i].row, rows[i].owner ? "sda-8" : "", name);
	}
	return t_done();
}
