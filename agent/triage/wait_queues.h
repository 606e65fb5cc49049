/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which event a sleeping task waits for: a completion, a page, a bit, a wait queue. */
#ifndef TRIAGE_WAIT_QUEUES_H
#define TRIAGE_WAIT_QUEUES_H

#include "kthread.h"
#include "sleeper.h"
#include "wait.h"

struct queue_facts {
	struct ring_member swaiter;		/* struct swait_queue */
	struct field completion_list;		/* struct completion: wait.task_list */
	struct ring_member entry;		/* struct wait_queue_entry: entry, private */
	struct field entry_func;
	struct field queue_head;		/* struct wait_queue_head: head */
	struct field page_entry, page_folio, page_bit;	/* struct wait_page_queue */
	struct field bit_entry, bit_word, bit_nr;	/* struct wait_bit_queue_entry */
	struct field folio_mapping, folio_index;
	struct field mapping_host;
	struct field barrier_work, barrier_done;	/* struct wq_barrier */
	struct field work_entry;			/* struct work_struct */
	struct field worker_scheduled, worker_task;	/* struct worker */
	struct kthread_facts kthread;			/* of the task of one */
	struct field percpu_waiters, percpu_writer;	/* struct percpu_rw_semaphore */
	struct field buffer_state, buffer_bdev, buffer_block;	/* struct buffer_head */
};

extern const struct wish_set queue_wishes;

/* False: nothing on its stack hangs in a ring that leads to what is waited for. */
bool wait_queue_find(struct sleeper *s, const struct queue_facts *f, struct wait *wait);

/* A wait for a bit in what is known to be a buffer's state becomes one for that buffer. */
void wait_queue_is_buffer(struct space *s, const struct queue_facts *f, struct wait *wait);

#endif
