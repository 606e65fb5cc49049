/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who waits for an event has an entry on its own stack that names it and hangs in the ring of
 * a queue (Linux kernel/sched/{wait,swait,wait_bit}.c, mm/filemap.c). The function that would
 * wake it tells what is around the entry: which page or bit. The queue itself is then one of a
 * hashed table and says nothing.
 */
#include "wait_queues.h"

#include <string.h>

#include "base/err.h"

#define MAPPING_FLAGS 3u	/* in the lowest bits of the page's pointer; none for a file */

#define AT(member) offsetof(struct queue_facts, member)

static const struct wish wishes[] = {
	WISH_FIELD("swait_queue.task_list", AT(swaiter.list)),
	WISH_FIELD("swait_queue.task", AT(swaiter.task)),
	WISH_FIELD("completion.wait.task_list", AT(completion_list)),
	WISH_FIELD("wait_queue_entry.entry", AT(entry.list)),
	WISH_FIELD("wait_queue_entry.private", AT(entry.task)),
	WISH_FIELD("wait_queue_entry.func", AT(entry_func)),
	WISH_FIELD("wait_queue_head.head", AT(queue_head)),
	WISH_FIELD("wait_page_queue.wait", AT(page_entry)),
	WISH_FIELD("wait_page_queue.folio", AT(page_folio)),
	WISH_FIELD("wait_page_queue.page", AT(page_folio)),
	WISH_FIELD("wait_page_queue.bit_nr", AT(page_bit)),
	WISH_FIELD("wait_bit_queue_entry.wq_entry", AT(bit_entry)),
	WISH_FIELD("wait_bit_queue_entry.key.flags", AT(bit_word)),
	WISH_FIELD("wait_bit_queue_entry.key.bit_nr", AT(bit_nr)),
	WISH_FIELD("folio.mapping", AT(folio_mapping)),
	WISH_FIELD("page.mapping", AT(folio_mapping)),
	WISH_FIELD("folio.index", AT(folio_index)),
	WISH_FIELD("page.index", AT(folio_index)),
	WISH_FIELD("page.__folio_index", AT(folio_index)),
	WISH_FIELD("address_space.host", AT(mapping_host)),
	WISH_FIELD("wq_barrier.work", AT(barrier_work)),
	WISH_FIELD("wq_barrier.done", AT(barrier_done)),
	WISH_FIELD("work_struct.entry", AT(work_entry)),
	WISH_FIELD("worker.scheduled", AT(worker_scheduled)),
	WISH_FIELD("worker.task", AT(worker_task)),
	KTHREAD_WISHES(AT(kthread)),
	WISH_FIELD("percpu_rw_semaphore.waiters", AT(percpu_waiters)),
	WISH_FIELD("percpu_rw_semaphore.writer.task", AT(percpu_writer)),
	WISH_FIELD("buffer_head.b_state", AT(buffer_state)),
	WISH_FIELD("buffer_head.b_bdev", AT(buffer_bdev)),
	WISH_FIELD("buffer_head.b_blocknr", AT(buffer_block)),
};

const struct wish_set queue_wishes = WISH_SET(wishes, struct queue_facts);

/* ---- completions --------------------------------------------------------------------- */

static bool try_completion(struct sleeper *s, const struct queue_facts *f, vaddr_t waiter,
			   struct wait *wait)
{
	vaddr_t node = waiter + f->swaiter.list.off;
	vaddr_t head = ring_head(s, &f->swaiter, ring_is_waiter, node);

	if (!head)
		return false;
	*wait = (struct wait){ .kind = WAIT_COMPLETION,
			       .lock = head - f->completion_list.off };
	return true;
}

/*
 * Who waits for work to end has put some of its own behind it, on its stack, whose end is the
 * completion; the worker that is at that work has both in a list (Linux kernel/workqueue.c).
 */
static void look_for_worker(struct sleeper *s, const struct queue_facts *f, struct wait *wait)
{
	static const char *const frames[] = { "__flush_work*", "flush_work*", NULL };
	vaddr_t node = wait->lock - f->barrier_done.off + f->barrier_work.off +
		       f->work_entry.off, at = node, task = 0;

	if (!has(f->barrier_done.off) || !has(f->barrier_work.off) || !has(f->work_entry.off) ||
	    !has(f->worker_scheduled.off) || !sleeper_is_in(s, frames) ||
	    wait->lock - s->from >= 8 * s->n)
		return;
	while (!task && ring_next(s, at, &at) && at != node)
		task = kthread_named(s->space, s->procs, &f->kthread,
				     at - f->worker_scheduled.off, f->worker_task);
	if (!task)
		return;
	wait->kind = WAIT_WORK;
	wait->owner = task;
	wait->owned = OWNER_SURE;
}

/* The same kind of ring has other users, RCU among them: only the frames tell. */
static bool find_completion(struct sleeper *s, const struct queue_facts *f, struct wait *wait)
{
	static const char *const frames[] = { "wait_for_completion*", "*wait_for_common*",
					      NULL };

	if (!has(f->swaiter.list.off) || !has(f->swaiter.task.off) ||
	    !has(f->completion_list.off) || !sleeper_is_in(s, frames))
		return false;
	for (unsigned i = 0; i < s->n; i++)
		if (s->words[i] == s->proc->at &&
		    try_completion(s, f, s->from + 8 * i - f->swaiter.task.off, wait)) {
			look_for_worker(s, f, wait);
			return true;
		}
	return false;
}

/* ---- what is around an entry ------------------------------------------------------------ */

static bool of_page(struct sleeper *s, const struct queue_facts *f, vaddr_t entry,
		    struct wait *wait)
{
	vaddr_t at = entry - f->page_entry.off, mapping;
	vaddr_t folio = has(f->page_entry.off) ? field_value(s->space, at, f->page_folio) : 0;
	uint64_t bit;

	if (!folio || !field_read(s->space, at, f->page_bit, &bit))
		return false;
	*wait = (struct wait){ .kind = WAIT_PAGE, .lock = folio, .bit = (int)(uint32_t)bit };
	mapping = field_value(s->space, folio, f->folio_mapping);
	if (mapping & MAPPING_FLAGS || !mapping)
		return true;
	wait->inode = field_value(s->space, mapping, f->mapping_host);
	wait->index = field_value(s->space, folio, f->folio_index);
	return true;
}

void wait_queue_is_buffer(struct space *s, const struct queue_facts *f, struct wait *wait)
{
	vaddr_t buffer = wait->lock - f->buffer_state.off, bdev;

	if (!has(f->buffer_state.off))
		return;
	bdev = field_value(s, buffer, f->buffer_bdev);
	if (!bdev)
		return;
	wait->kind = WAIT_BUFFER;
	wait->bdev = bdev;
	wait->lock = buffer;
	wait->index = field_value(s, buffer, f->buffer_block);
}

/* A word with a bit is a buffer's if the frames are buffers' and it has a device. */
static void look_for_buffer(struct sleeper *s, const struct queue_facts *f, struct wait *wait)
{
	static const char *const frames[] = { "__wait_on_buffer", "__lock_buffer",
					      "bh_uptodate_or_lock", "*bh_read*", NULL };

	if (sleeper_is_in(s, frames))
		wait_queue_is_buffer(s->space, f, wait);
}

static bool of_bit(struct sleeper *s, const struct queue_facts *f, vaddr_t entry,
		   struct wait *wait)
{
	vaddr_t at = entry - f->bit_entry.off;
	vaddr_t word = has(f->bit_entry.off) ? field_value(s->space, at, f->bit_word) : 0;
	uint64_t bit;

	if (!word || !field_read(s->space, at, f->bit_nr, &bit))
		return false;
	*wait = (struct wait){ .kind = WAIT_BIT, .lock = word, .bit = (int)(uint32_t)bit };
	look_for_buffer(s, f, wait);
	return true;
}

/* Of others than sleepers too, which have an entry anywhere: each has code that wakes it. */
static bool is_entry(struct sleeper *s, const struct ring_member *m, vaddr_t node)
{
	/* func lies right before the list, as wait_queue_find() sees to. */
	struct err ignored;
	uint64_t func;

	(void)m;
	return space_read_u64(s->space, node - 8, &func, &ignored) &&
	       symbols_is_text(s->symbols, func);
}

static bool of_queue(struct sleeper *s, const struct queue_facts *f, vaddr_t entry,
		     struct wait *wait)
{
	vaddr_t head = ring_head(s, &f->entry, is_entry, entry + f->entry.list.off);

	if (!head || !has(f->queue_head.off))
		return false;
	*wait = (struct wait){ .kind = WAIT_QUEUE, .lock = head - f->queue_head.off };
	return true;
}

static const struct {
	const char *wakes_by;	/* NULL: any other function */
	bool (*find)(struct sleeper *s, const struct queue_facts *f, vaddr_t entry,
		     struct wait *wait);
} surroundings[] = {
	{ "wake_page_function", of_page },
	{ "wake_bit_function", of_bit },
	{ "var_wake_function", of_bit },
	{ NULL, of_queue },
};

/* Does an entry lie there: in a ring, with a function of its own? */
static bool try_entry(struct sleeper *s, const struct queue_facts *f, vaddr_t entry,
		      struct wait *wait)
{
	vaddr_t func = field_value(s->space, entry, f->entry_func), next;
	vaddr_t node = entry + f->entry.list.off;
	struct symbol sym;

	if (!func || !symbols_is_text(s->symbols, func) ||
	    !symbol_at(s->symbols, func, &sym) || sym.off || !ring_next(s, node, &next) ||
	    next == node)
		return false;
	for (size_t i = 0; i < sizeof(surroundings) / sizeof(surroundings[0]); i++)
		if (!surroundings[i].wakes_by || !strcmp(surroundings[i].wakes_by, sym.name))
			return surroundings[i].find(s, f, entry, wait);
	return false;
}

bool wait_queue_find(struct sleeper *s, const struct queue_facts *f, struct wait *wait)
{
	if (find_completion(s, f, wait))
		return true;
	if (!has(f->entry.list.off) || !has(f->entry.task.off) || !has(f->entry_func.off) ||
	    f->entry_func.off + 8 != f->entry.list.off)
		return false;
	for (unsigned i = 0; i < s->n; i++)
		if (s->words[i] == s->proc->at &&
		    try_entry(s, f, s->from + 8 * i - f->entry.task.off, wait))
			return true;
	return false;
}
