/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Linux kernel/trace/ring_buffer.c: of each CPU a ring of pages, linked both ways, and one page
 * outside of it, the reader's. Links forward have flags in their lowest bits. A page that was
 * emptied has nothing committed, so where the ring begins need not be known; pages are taken
 * backwards from the one that was written last.
 */
#include "trace_ring.h"

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"

#define ARRAYS_MAX 64u
#define CPUS_MAX 8192u
#define ORDER_MAX 10u
#define LINK_FLAGS 3ULL
#define COMMIT_MASK 0xfffffULL	/* above it: that events are missing */

/* Linux kernel/trace/trace.c, trace_clocks[]. */
enum { CLOCK_LOCAL = 0, CLOCK_GLOBAL = 1, CLOCK_PERF = 4 };

#define AT(member) offsetof(struct trace_facts, member)

static const struct wish wishes[] = {
	{ WISH_SYMBOL, "ftrace_trace_arrays", AT(arrays) },
	{ WISH_SYMBOL, "__sched_clock_offset", AT(clock_offset) },
	WISH_FIELD("trace_array.list", AT(list)),
	WISH_FIELD("trace_array.clock_id", AT(clock)),
	WISH_FIELD("trace_array.flags", AT(flags)),
	{ WISH_VALUE, ".TRACE_ARRAY_FL_LAST_BOOT", AT(last_boot) },
	WISH_FIELD("trace_array.range_addr_start", AT(kept)),
	WISH_FIELD("trace_array.array_buffer.buffer", AT(buffer)),
	WISH_FIELD("trace_buffer.buffers", AT(buffers)),
	WISH_FIELD("trace_buffer.cpus", AT(cpus)),
	WISH_FIELD("trace_buffer.subbuf_order", AT(subbuf_order)),
	WISH_FIELD("ring_buffer_per_cpu.reader_page", AT(reader_page)),
	WISH_FIELD("ring_buffer_per_cpu.commit_page", AT(commit_page)),
	WISH_FIELD("ring_buffer_per_cpu.nr_pages", AT(n_pages)),
	WISH_FIELD("ring_buffer_per_cpu.overrun", AT(overrun)),
	WISH_FIELD("buffer_page.list", AT(page_list)),
	WISH_FIELD("buffer_page.page", AT(page)),
	WISH_FIELD("buffer_data_page.time_stamp", AT(begun)),
	WISH_FIELD("buffer_data_page.commit", AT(commit)),
	WISH_FIELD("buffer_data_page.data", AT(data)),
};

const struct wish_set trace_wishes = WISH_SET(wishes, struct trace_facts);

/* A ring, as its pages are read. */
struct ring {
	struct trace_rings *all;
	struct trace_ring_page page;
	size_t page_len;	/* of data, at most */
	unsigned n_left;	/* pages, of this CPU's share */
};

static bool is_over(struct trace_rings *t)
{
	if (t->n_pages < TRACE_PAGES_MAX && t->n_bytes < TRACE_BYTES_MAX &&
	    !bounds_over(t->bounds))
		return false;
	t->cut = true;
	return true;
}

/* ---- pages --------------------------------------------------------------------------- */

static void take_page(struct ring *r, vaddr_t at)
{
	struct trace_rings *t = r->all;
	const struct trace_facts *f = t->facts;
	vaddr_t page = field_value(t->space, at, f->page);
	struct err ignored;
	uint64_t commit;

	t->n_pages++;
	if (!field_read(t->space, page, f->commit, &commit) ||
	    !field_read(t->space, page, f->begun, &r->page.begun)) {
		t->cut = true;
		return;
	}
	r->page.len = commit & COMMIT_MASK;
	if (!r->page.len)
		return;
	if (r->page.len > r->page_len ||
	    !space_read(t->space, page + f->data.off, t->room, r->page.len, &ignored)) {
		t->cut = true;
		return;
	}
	t->n_bytes += r->page.len;
	t->take(t->ctx, &r->page);
}

/* The links of a page: *prev is the page before it, if that one agrees. */
static bool step_back(struct trace_rings *t, vaddr_t at, vaddr_t *prev)
{
	vaddr_t list = at + t->facts->page_list.off, before, next;
	struct err ignored;

	if (!space_read_u64(t->space, list + 8, &before, &ignored) ||
	    !space_read_u64(t->space, before, &next, &ignored) ||
	    (next & ~LINK_FLAGS) != list) {
		t->cut = true;
		return false;
	}
	*prev = before - t->facts->page_list.off;
	return true;
}

/* The reader's page is in no other's links, but its own lead into the ring. */
static bool first_page(struct trace_rings *t, vaddr_t cpu, vaddr_t reader, vaddr_t *at)
{
	struct err ignored;

	*at = field_value(t->space, cpu, t->facts->commit_page);
	if (!*at)
		return false;
	if (*at != reader)
		return true;
	if (!space_read_u64(t->space, reader + t->facts->page_list.off + 8, at, &ignored))
		return false;
	*at -= t->facts->page_list.off;
	return true;
}

static void read_cpu(struct ring *r, vaddr_t cpu)
{
	struct trace_rings *t = r->all;
	vaddr_t reader = field_value(t->space, cpu, t->facts->reader_page), begun, at;
	uint64_t n = field_value(t->space, cpu, t->facts->n_pages);

	if (!reader || !first_page(t, cpu, reader, &begun)) {
		t->cut = true;
		return;
	}
	t->n_lost += field_value(t->space, cpu, t->facts->overrun);
	take_page(r, reader);
	at = begun;
	for (uint64_t i = 0; i < n && i < r->n_left; i++) {
		if (is_over(t))
			return;
		take_page(r, at);
		if (!step_back(t, at, &at) || at == begun)
			return;
	}
	t->cut |= n > r->n_left;
}

/* ---- rings --------------------------------------------------------------------------- */

/*
 * How the times of that ring become those of the log. Only the local clock is the bare one of
 * the CPU; the others have the offset of sched_clock_cpu() (Linux kernel/trace/trace_clock.c).
 */
static void set_clock(struct ring *r, vaddr_t array)
{
	struct trace_rings *t = r->all;
	uint64_t clock;
	struct err ignored;

	r->page.to_log = 0;
	r->page.is_log_clock = field_read(t->space, array, t->facts->clock, &clock) &&
			       (clock == CLOCK_LOCAL || clock == CLOCK_GLOBAL ||
				clock == CLOCK_PERF);
	if (r->page.is_log_clock && clock == CLOCK_LOCAL && has(t->facts->clock_offset))
		space_read_u64(t->space, (vaddr_t)t->facts->clock_offset, &r->page.to_log,
			       &ignored);
}

/*
 * A ring in memory that a reboot leaves alone has what the kernel before wrote, until this one
 * begins to (Linux kernel/trace/trace.c). Before there was a flag for that it may be either.
 */
static bool is_of_last_boot(struct trace_rings *t, vaddr_t array)
{
	const struct trace_facts *f = t->facts;

	if (has(f->last_boot))
		return field_value(t->space, array, f->flags) & (uint64_t)f->last_boot;
	return field_value(t->space, array, f->kept);
}

static void read_ring(struct trace_rings *t, vaddr_t array)
{
	const struct trace_facts *f = t->facts;
	vaddr_t buffer = field_value(t->space, array, f->buffer), cpu;
	vaddr_t buffers = field_value(t->space, buffer, f->buffers);
	/* A slot for each CPU that there can be; 7.x does not count them here. */
	uint64_t n_cpus = has(f->cpus.off) ? field_value(t->space, buffer, f->cpus) : t->n_cpus;
	uint64_t order = field_value(t->space, buffer, f->subbuf_order);
	struct ring r = { .all = t, .page.data = t->room };
	struct err ignored;

	if (!buffers || !n_cpus || n_cpus > CPUS_MAX || order > ORDER_MAX ||
	    is_of_last_boot(t, array))
		return;
	r.page_len = min_u64(((uint64_t)t->page_len << order) - (uint64_t)f->data.off,
			     TRACE_PAGE_LEN);
	r.n_left = (unsigned)(min_u64(TRACE_PAGES_MAX, TRACE_BYTES_MAX / r.page_len) / n_cpus);
	r.page.ring = t->n_rings;
	set_clock(&r, array);
	for (unsigned i = 0; i < n_cpus && !is_over(t); i++) {
		r.page.cpu = i;
		if (space_read_u64(t->space, buffers + 8ULL * i, &cpu, &ignored) && cpu)
			read_cpu(&r, cpu);
	}
	t->n_rings++;
}

static bool is_known(const struct trace_facts *f)
{
	return has(f->arrays) && has(f->list.off) && has(f->page_list.off) &&
	       has(f->data.off) && f->data.off < 4096 && has(f->commit.off);
}

void trace_rings_read(struct trace_rings *t, struct arena *arena)
{
	vaddr_t head = (vaddr_t)t->facts->arrays, at = head, next, back;
	struct err ignored;

	t->n_pages = t->n_rings = 0;
	t->n_lost = t->n_bytes = 0;
	t->cut = false;
	if (!is_known(t->facts))
		return;
	t->room = arena_take(arena, TRACE_PAGE_LEN, 1, "trace", &ignored);
	if (!t->room) {
		t->cut = true;
		return;
	}
	for (unsigned i = 0; !is_over(t); i++) {
		if (i == ARRAYS_MAX || !space_read_u64(t->space, at, &next, &ignored) ||
		    !space_read_u64(t->space, next + 8, &back, &ignored) || back != at) {
			t->cut = true;
			return;
		}
		if (next == head)
			return;
		at = next;
		read_ring(t, at - (vaddr_t)t->facts->list.off);
	}
}
