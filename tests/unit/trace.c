/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * triage/trace_ring and trace_events on rings made up here: which events come of them, with
 * which times, and that what does not hold ends the walk.
 */
#include "triage/trace_events.h"

#include "base/arena.h"
#include "base/bytes.h"
#include "flat.h"
#include "t.h"

#define WORD(kind, delta) ((uint32_t)(delta) << 5 | (kind))

/* ---- rings ---------------------------------------------------------------------------- */

/* Where things lie in the made-up memory. */
enum {
	MEMORY = 0x8000, ARRAYS = 0x100, ARRAY = 0x200, BUFFER = 0x300, BUFFERS = 0x400,
	CPU = 0x500, CPU_2 = 0x600, READER = 0x700, PAGE_A = 0x740, PAGE_B = 0x780,
	PAGE_C = 0x7c0, READER_2 = 0x800, PAGE_2 = 0x840, CALL = 0x900, OFFSET = 0x980,
	DATA = 0x1000, DATA_LEN = 0x400, DATA_HEAD = 16,
	ARRAY_2 = 0xa00, BUFFER_2 = 0xa40, BUFFERS_2 = 0xa80, CPU_3 = 0xac0, READER_3 = 0xb00,
	TYPE = 77, OTHER_TYPE = 78, LAST_BOOT = 4,
};

static struct {
	uint8_t bytes[MEMORY];
} memory;

static void put(uint64_t at, uint64_t value)
{
	memcpy(memory.bytes + at, &value, sizeof(value));
}

static void put_link(uint64_t at, uint64_t next, uint64_t flags)
{
	put(at, (FLAT_BASE + next) | flags);
	put(next + 8, FLAT_BASE + at);
}

static const struct trace_facts ring_facts = {
	.arrays = FLAT_BASE + ARRAYS, .clock_offset = FLAT_BASE + OFFSET,
	.last_boot = LAST_BOOT, .flags = { 32, 4, 1 }, .kept = { 40, 8, 1 },
	.list = { 0, 16, 1 }, .clock = { 16, 4, 1 }, .buffer = { 24, 8, 1 },
	.buffers = { 0, 8, 1 }, .cpus = { 8, 4, 1 }, .subbuf_order = { 12, 4, 1 },
	.reader_page = { 0, 8, 1 }, .commit_page = { 8, 8, 1 }, .n_pages = { 16, 8, 1 },
	.overrun = { 24, 8, 1 }, .page_list = { 0, 16, 1 }, .page = { 16, 8, 1 },
	.begun = { 0, 8, 1 }, .commit = { 8, 8, 1 }, .data = { DATA_HEAD, 1, 0 },
};

/* struct trace_entry, and as much of signal_generate as is asked for. */
static const struct traced_facts event_facts = {
	.calls = { FLAT_BASE + CALL, FLAT_BASE + CALL + 16, FLAT_BASE + CALL + 8, ABSENT,
		   ABSENT },
	.taken_sig = { 8, 4, 1 }, .taken_code = { 12, 4, 1 }, .taken_handler = { 16, 8, 1 },
	.type = { 0, 4, 1 }, .entry_type = { 0, 2, 1 }, .entry_flags = { 2, 1, 1 },
	.entry_pid = { 4, 4, 1 }, .sent_sig = { 8, 4, 1 }, .sent_code = { 12, 4, 1 },
	.sent_pid = { 16, 4, 1 }, .sent_result = { 20, 4, 1 }, .sent_comm = { 24, 1, 16 },
	.child_pid = { 8, 4, 1 }, .child_comm = { .here = { ABSENT, ABSENT, ABSENT },
						  .there = { 12, 4, 1 } },
	.parent_comm = { .here = { ABSENT, ABSENT, ABSENT }, .there = { 16, 4, 1 } },
};

#define SENT_WORDS 10u

/* A signal on that page, behind what is there. */
static void put_sent(uint64_t page, unsigned delta, uint32_t from, int sig, uint32_t to)
{
	uint64_t len = get_u64(memory.bytes + page + 8);
	uint8_t *at = memory.bytes + page + DATA_HEAD + len;

	put_u32(at, WORD(SENT_WORDS, delta));
	put_u32(at + 4, TYPE);
	put_u32(at + 8, from);
	put_u32(at + 12, (uint32_t)sig);
	put_u32(at + 16, 0);
	put_u32(at + 20, to);
	put_u32(at + 24, SENT_DELIVERED);
	memcpy(at + 28, "victim\0\0\0\0\0\0\0\0\0", 16);
	put(page + 8, len + 4 + 4 * SENT_WORDS);
}

static uint64_t data_of(unsigned nr)
{
	return DATA + DATA_LEN * nr;
}

static void put_page(uint64_t at, unsigned nr, uint64_t begun)
{
	put(at + 16, FLAT_BASE + data_of(nr));
	put(data_of(nr), begun);
	put(data_of(nr) + 8, 0);
}

/* One ring of two CPUs: one with three pages, whose newest is B, one with a page. */
static void make_rings(void)
{
	memset(&memory, 0, sizeof(memory));
	put_link(ARRAYS, ARRAY, 0);
	put_link(ARRAY, ARRAYS, 0);
	put(ARRAY + 24, FLAT_BASE + BUFFER);
	put(BUFFER, FLAT_BASE + BUFFERS);
	put(BUFFER + 8, 2);
	put(BUFFERS, FLAT_BASE + CPU);
	put(BUFFERS + 8, FLAT_BASE + CPU_2);
	put(CPU, FLAT_BASE + READER);
	put(CPU + 8, FLAT_BASE + PAGE_B);
	put(CPU + 16, 3);
	put(CPU + 24, 5);
	put(CPU_2, FLAT_BASE + READER_2);
	put(CPU_2 + 8, FLAT_BASE + READER_2);
	put(CPU_2 + 16, 1);
	put_link(PAGE_A, PAGE_B, 0);
	put_link(PAGE_B, PAGE_C, 1);		/* the ring begins at C */
	put_link(PAGE_C, PAGE_A, 0);
	put_link(PAGE_2, PAGE_2, 1);
	put(READER_2, FLAT_BASE + PAGE_2);
	put(READER_2 + 8, FLAT_BASE + PAGE_2);
	put_page(READER, 0, 0);
	put_page(PAGE_A, 1, 2000);
	put_page(PAGE_B, 2, 3000);
	put_page(PAGE_C, 3, 1000);
	put_page(READER_2, 4, 2500);
	put_page(PAGE_2, 5, 0);
	put(CALL, TYPE);
	put(CALL + 8, OTHER_TYPE);
	put(OFFSET, (uint64_t)-100);
	put_sent(data_of(3), 1, 10, 9, 20);
	put_sent(data_of(1), 1, 11, 9, 21);
	put_sent(data_of(1), 1, 11, 17, 21);	/* harmless */
	put_sent(data_of(4), 1, 12, 15, 22);
	put_sent(data_of(2), 1, 13, 9, 23);
}

static void read_rings(struct trace *t, struct flat *f, struct arena *arena, double until)
{
	static struct bounds bounds;
	struct err e;

	bounds.until = until;
	flat_open(f, memory.bytes, sizeof(memory.bytes));
	*t = (struct trace){ .facts = &event_facts,
			     .rings = { .space = &f->space, .facts = &ring_facts,
					.bounds = &bounds, .page_len = 4096, .n_cpus = 2 } };
	T_CHECK("room", trace_read(t, arena, &e));
}

/* "10>20 11>21 ...": who sent to whom, oldest first. */
static void as_text(const struct traced_list *l, char text[256])
{
	size_t len = 0;

	text[0] = '\0';
	for (unsigned i = 0; i < l->n && len < 240; i++)
		len += (size_t)sprintf(text + len, "%s%u>%u", i ? " " : "", l->list[i].pid,
				       l->list[i].other);
}

#define WHOLE "10>20 11>21 12>22 13>23"

/* Another ring, of one CPU and a page: the signal from 12 to 22 is in both. */
static void make_second_ring(uint32_t clock)
{
	put_link(ARRAY, ARRAY_2, 0);
	put_link(ARRAY_2, ARRAYS, 0);
	put(ARRAY_2 + 16, clock);
	put(ARRAY_2 + 24, FLAT_BASE + BUFFER_2);
	put(BUFFER_2, FLAT_BASE + BUFFERS_2);
	put(BUFFER_2 + 8, 1);
	put(BUFFERS_2, FLAT_BASE + CPU_3);
	put(CPU_3, FLAT_BASE + READER_3);
	put(CPU_3 + 8, FLAT_BASE + READER_3);
	put_page(READER_3, 6, 2600);
	put_sent(data_of(6), 1, 12, 15, 22);
	put_sent(data_of(6), 1, 12, 15, 22);
	put_sent(data_of(6), 1, 12, 9, 22);
}

static void test_two_rings(struct arena *arena)
{
	static const struct {
		const char *row, *left;
		uint64_t at, value;
		uint32_t clock;
	} rows[] = {
		{ "a double is told once", "10>20 11>21 12>22 12>22 13>23", CPU_3 + 24, 0, 0 },
		{ "of other clocks before all", "12>22 12>22 12>22 10>20 11>21 12>22 13>23",
		  CPU_3 + 24, 0, 7 },
		{ "of the last boot", "10>20 11>21 12>22 13>23", ARRAY_2 + 32, LAST_BOOT, 0 },
		{ "with other flags", "10>20 11>21 12>22 12>22 13>23", ARRAY_2 + 32,
		  ~(uint64_t)LAST_BOOT & 0xffffffff, 0 },
		{ "that a reboot leaves alone", "10>20 11>21 12>22 12>22 13>23", ARRAY_2 + 40,
		  0x1000, 0 },
	};
	struct trace_facts no_flag = ring_facts;
	char text[256];
	struct trace t;
	struct flat f;

	no_flag.last_boot = ABSENT;
	for (size_t i = 0; i < T_SIZE(rows); i++) {
		make_rings();
		make_second_ring(rows[i].clock);
		put(rows[i].at, rows[i].value);
		read_rings(&t, &f, arena, 1e12);
		as_text(&t.signals, text);
		T_TEXT(rows[i].row, rows[i].left, text);
		arena_release(arena, 0);
	}
	t.rings.facts = &no_flag;
	T_CHECK("room", trace_read(&t, arena, &(struct err){ 0 }));
	as_text(&t.signals, text);
	T_TEXT("and the kernel does not tell which boot's it is", WHOLE, text);
	arena_release(arena, 0);
}

/* Init takes one by a function of its own; who else does is not kept. */
static void test_taken(struct arena *arena)
{
	struct trace t;
	struct flat f;

	make_rings();
	put(CALL + 16, TYPE + 2);
	for (unsigned i = 1; i < 4; i++) {
		uint8_t *at = memory.bytes + data_of(i) + DATA_HEAD;

		put_u32(at + 4, TYPE + 2);
		put_u32(at + 8, i < 3 ? 1 : 2);
		put_u32(at + 12, 15);
		put_u32(at + 20, i);
		put_u32(at + 24, 0);
	}
	read_rings(&t, &f, arena, 1e12);
	T_EQUAL("what init took", 2, t.taken.n);
	T_EQUAL("the signal", 15, t.taken.list[0].sig);
	T_CHECK("by no function", !t.taken.list[0].is_handled);
	T_CHECK("by a function", t.taken.list[1].is_handled);
	T_EQUAL("none of them was sent", 2, t.n_sent);
	arena_release(arena, 0);
}

static void test_rings(struct arena *arena)
{
	struct arena small;
	char text[256];
	struct trace t;
	struct flat f;

	make_rings();
	read_rings(&t, &f, arena, 1e12);
	as_text(&t.signals, text);
	T_TEXT("all rings, by time", WHOLE, text);
	T_CHECK("nothing is cut", !t.rings.cut);
	T_EQUAL("events", 5, t.n_events);
	T_EQUAL("signals", 5, t.n_sent);
	T_EQUAL("of every day", 1, t.n_left_out);
	T_EQUAL("that were lost", 5, t.rings.n_lost);
	T_EQUAL("the log's time", 1001 - 100, t.signals.list[0].time_ns);
	T_TEXT("the victim", "victim", t.signals.list[0].comm);
	put(ARRAY + 16, 7);
	read_rings(&t, &f, arena, 1e12);
	T_CHECK("another clock is not the log's", !t.signals.list[0].is_log_clock);
	put(ARRAY + 16, 4);
	read_rings(&t, &f, arena, 1e12);
	T_EQUAL("the log's own clock", 1001, t.signals.list[0].time_ns);
	put(ARRAY + 16, 1);
	read_rings(&t, &f, arena, 1e12);
	T_EQUAL("the global one has the offset", 1001, t.signals.list[0].time_ns);
	read_rings(&t, &f, arena, 0);
	T_EQUAL("no time", 0, t.n_events);
	T_CHECK("which it says", t.rings.cut);
	if (!arena_init(&small, TRACE_PAGE_LEN / 2, &(struct err){ 0 }))
		abort();
	t.rings.cut = false;
	trace_rings_read(&t.rings, &small);
	T_CHECK("no room", t.rings.cut);
	arena_deinit(&small);
}

/* A word of it is wrong. */
static void test_damage(struct arena *arena)
{
	static const struct {
		const char *row;
		uint64_t at, value;
		const char *left;
		bool is_whole;		/* nothing says that it is damaged */
	} rows[] = {
		{ "no arrays", ARRAYS, 0, "", false },
		{ "arrays in a circle without the head", ARRAY, FLAT_BASE + ARRAY, WHOLE,
		  false },
		{ "no buffer", ARRAY + 24, 0, "", true },
		{ "more CPUs than there can be", BUFFER + 8, 0xffffffff, "", true },
		{ "pages of the size of all memory", BUFFER + 12, 60, "", true },
		{ "a CPU that has none", BUFFERS + 8, 0, "10>20 11>21 13>23", true },
		{ "a CPU that is not there", BUFFERS + 8, 0x1234, "10>20 11>21 13>23", false },
		{ "a link to nowhere", PAGE_B + 8, 0x1234, "12>22 13>23", false },
		{ "a link to itself", PAGE_B + 8, FLAT_BASE + PAGE_B, "12>22 13>23", false },
		{ "a page that does not point back", PAGE_A, FLAT_BASE + PAGE_C,
		  "12>22 13>23", false },
		{ "fewer pages than it says", CPU + 16, 1ULL << 40, WHOLE, true },
		{ "more than it says", CPU + 16, 2, "11>21 12>22 13>23", true },
		{ "more committed than fits", DATA + 8, 0xfffff, WHOLE, false },
		{ "flags above what was committed", DATA + 8, 3ULL << 30, WHOLE, true },
		{ "the page lies nowhere", PAGE_A + 16, 0x10, "10>20 12>22 13>23", false },
		{ "the event has no type", CALL, 0, "", true },
		{ "a type that none can be", CALL, 1 << 20, "", true },
	};
	char text[256];
	struct trace t;
	struct flat f;

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		make_rings();
		put(rows[i].at, rows[i].value);
		read_rings(&t, &f, arena, 1e12);
		as_text(&t.signals, text);
		T_TEXT(rows[i].row, rows[i].left, text);
		T_EQUAL(rows[i].row, !rows[i].is_whole, t.rings.cut);
		arena_release(arena, 0);
	}
}

/* Values that no event has, one in each. */
static void test_values(struct arena *arena)
{
	static const struct {
		const char *row;
		unsigned word;		/* of the event, behind its header */
		uint32_t value;
	} rows[] = {
		{ "a sender that cannot be", 1, 1u << 30 },
		{ "a signal that is none", 2, 65 },
		{ "no signal", 2, 0 },
		{ "a victim that cannot be", 4, (uint32_t)-5 },
		{ "a result that is none", 5, 9 },
		{ "ignored", 5, SENT_IGNORED },
		{ "of another type", 0, TYPE + 50 },
	};
	char text[256];
	struct trace t;
	struct flat f;

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		make_rings();
		put_u32(memory.bytes + data_of(3) + DATA_HEAD + 4 + 4 * rows[i].word,
			rows[i].value);
		read_rings(&t, &f, arena, 1e12);
		as_text(&t.signals, text);
		T_TEXT(rows[i].row, "11>21 12>22 13>23", text);
		arena_release(arena, 0);
	}
}

/* A birth, with its names somewhere in the event: here, and out of it. */
static void test_births(struct arena *arena)
{
	uint8_t *at = memory.bytes + data_of(3) + DATA_HEAD;
	struct trace t;
	struct flat f;

	make_rings();
	put_u32(at + 4, OTHER_TYPE);
	put_u32(at + 12, 55);				/* the child */
	put_u32(at + 16, 6u << 16 | 24);		/* its name: 6 bytes at 24 */
	put_u32(at + 20, 100u << 16 | 24);		/* the parent's: too long */
	memcpy(at + 28, "child\0", 6);
	read_rings(&t, &f, arena, 1e12);
	T_EQUAL("one is born", 1, t.lives.n);
	T_EQUAL("the child", 55, t.lives.list[0].other);
	T_TEXT("its name", "child", t.lives.list[0].comm);
	T_TEXT("a name that leads out of the event", "", t.lives.list[0].text);
}

/* More than are kept: the newest stay, in order, however they come. */
static void test_newest(struct arena *arena)
{
	unsigned n = 0, n_wrong = 0;
	struct trace t;
	struct flat f;

	make_rings();
	put(CPU + 16, 1);
	put(BUFFERS + 8, 0);
	put(data_of(2) + 8, 0);
	put(DATA + 8, 0);
	while (DATA_HEAD + 4 * (SENT_WORDS + 1) * (n + 1) < MEMORY - DATA)
		put_sent(DATA, 1, ++n, 9, 1);
	put(DATA, 5000);
	put(BUFFER + 12, 5);
	read_rings(&t, &f, arena, 1e12);
	T_CHECK("there are more", n > TRACED_SIGNALS);
	T_EQUAL("so many are kept", TRACED_SIGNALS, t.signals.n);
	T_EQUAL("and so many are not", n - TRACED_SIGNALS, t.signals.n_more);
	for (unsigned i = 0; i < t.signals.n; i++)
		n_wrong += t.signals.list[i].pid != n - TRACED_SIGNALS + 1 + i;
	T_EQUAL("the newest, oldest first", 0, n_wrong);
}

int main(void)
{
	struct arena arena;
	struct err e;

	if (!arena_init(&arena, 16 << 20, &e))
		abort();
	test_rings(&arena);
	test_two_rings(&arena);
	test_taken(&arena);
	test_damage(&arena);
	test_values(&arena);
	test_births(&arena);
	test_newest(&arena);
	arena_deinit(&arena);
	return t_done();
}
