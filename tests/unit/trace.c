/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * triage/trace_page, trace_ring and trace_events on pages and rings made up here: which events
 * come of them, with which times, and that what does not hold ends the walk.
 */
#include "triage/trace_events.h"

#include "base/arena.h"
#include "base/bytes.h"
#include "flat.h"
#include "t.h"

/* ---- a page --------------------------------------------------------------------------- */

enum { PADDING = 29, EXTEND = 30, STAMP = 31, MAX_WORDS = 12 };

#define WORD(kind, delta) ((uint32_t)(delta) << 5 | (kind))
#define BEGUN 1000u

static const struct {
	const char *row;
	uint32_t words[MAX_WORDS];
	unsigned len;			/* bytes that were committed */
	uint64_t begun;
	unsigned n;			/* events */
	uint64_t last_time;		/* of the last one */
	unsigned last_len;
} pages[] = {
	{ "nothing", { 0 }, 0, BEGUN, 0, 0, 0 },
	{ "one of two words", { WORD(2, 5), 1, 2 }, 12, BEGUN, 1, 1005, 8 },
	{ "times add up", { WORD(1, 5), 1, WORD(1, 6), 2 }, 16, BEGUN, 2, 1011, 4 },
	{ "the length in a word", { WORD(0, 5), 12, 1, 2 }, 16, BEGUN, 1, 1005, 8 },
	{ "that ends within a word", { WORD(0, 5), 11, 1, 2, WORD(1, 1), 9 }, 24, BEGUN, 2,
	  1006, 4 },
	{ "the rest is empty", { WORD(1, 5), 1, WORD(PADDING, 0), WORD(1, 1), 2 }, 20, BEGUN, 1,
	  1005, 4 },
	{ "one that was thrown away", { WORD(PADDING, 7), 8, 1, WORD(1, 5), 1 }, 20, BEGUN, 1,
	  1012, 4 },
	{ "a long pause", { WORD(EXTEND, 3), 2, WORD(1, 5), 1 }, 16, BEGUN, 1,
	  BEGUN + (2ULL << 27) + 3 + 5, 4 },
	{ "a time of its own", { WORD(STAMP, 3), 2, WORD(1, 5), 1 }, 16, BEGUN, 1,
	  (2ULL << 27) + 3 + 5, 4 },
	{ "whose upper bits are the page's", { WORD(STAMP, 3), 2, WORD(1, 5), 1 }, 16,
	  1ULL << 59, 1, (1ULL << 59) + (2ULL << 27) + 8, 4 },
	{ "and overflow", { WORD(STAMP, 3), 2, WORD(1, 5), 1 }, 16, (1ULL << 60) - 1, 1,
	  (1ULL << 60) + (2ULL << 27) + 8, 4 },
	{ "longer than the page", { WORD(1, 5), 1, WORD(9, 1), 2 }, 16, BEGUN, 1, 1005, 4 },
	{ "a length out of the world", { WORD(0, 5), 0xffffffff, 1 }, 12, BEGUN, 0, 0, 0 },
	{ "a length that overflows", { WORD(0, 5), 0xfffffffd, 1 }, 12, BEGUN, 0, 0, 0 },
	{ "a length less than its word", { WORD(0, 5), 0, 1 }, 12, BEGUN, 0, 0, 0 },
	{ "what was thrown away is too long", { WORD(PADDING, 5), 64, 1 }, 12, BEGUN, 0, 0, 0 },
	{ "a pause that is cut off", { WORD(EXTEND, 5) }, 4, BEGUN, 0, 0, 0 },
	{ "half a word", { WORD(1, 5), 1, 7 }, 10, BEGUN, 1, 1005, 4 },
};

static void test_pages(void)
{
	for (size_t i = 0; i < T_SIZE(pages); i++) {
		uint8_t *bytes = t_guard(pages[i].words, pages[i].len);
		struct trace_raw raw = { .time = 0 };
		struct trace_cursor c;
		unsigned n = 0;

		trace_page_init(&c, bytes, pages[i].len, pages[i].begun);
		while (n < 100 && trace_page_next(&c, &raw))
			n++;
		T_EQUAL(pages[i].row, pages[i].n, n);
		T_EQUAL(pages[i].row, pages[i].last_time, raw.time);
		T_EQUAL(pages[i].row, pages[i].last_len, raw.len);
		T_CHECK(pages[i].row, !trace_page_next(&c, &raw));
		t_unguard(bytes, pages[i].len);
	}
}

/* Whatever is on it: events lie within it, and it ends. */
static void test_noise(void)
{
	uint32_t words[256];
	uint64_t n = 0;

	for (unsigned round = 0; round < 20000; round++) {
		unsigned len = (unsigned)t_draw(sizeof(words) + 1);
		struct trace_cursor c;
		struct trace_raw raw;

		for (size_t i = 0; i < T_SIZE(words); i++)
			words[i] = t_draw(3) ? WORD(t_draw(32), t_draw(3)) :
				   (uint32_t)t_draw(64);
		trace_page_init(&c, (const uint8_t *)words, len, BEGUN);
		while (trace_page_next(&c, &raw)) {
			n++;
			if (raw.data < c.data || raw.data + raw.len > c.data + len)
				T_CHECK("an event that is not on its page", false);
		}
	}
	T_CHECK("some were events", n > 1000);
}

/* ---- rings ---------------------------------------------------------------------------- */

/* Where things lie in the made-up memory. */
enum {
	MEMORY = 0x8000, ARRAYS = 0x100, ARRAY = 0x200, BUFFER = 0x300, BUFFERS = 0x400,
	CPU = 0x500, CPU_2 = 0x600, READER = 0x700, PAGE_A = 0x740, PAGE_B = 0x780,
	PAGE_C = 0x7c0, READER_2 = 0x800, PAGE_2 = 0x840, CALL = 0x900, OFFSET = 0x980,
	DATA = 0x1000, DATA_LEN = 0x400, DATA_HEAD = 16,
	TYPE = 77, OTHER_TYPE = 78,
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
	.list = { 0, 16, 1 }, .clock = { 16, 4, 1 }, .buffer = { 24, 8, 1 },
	.buffers = { 0, 8, 1 }, .cpus = { 8, 4, 1 }, .subbuf_order = { 12, 4, 1 },
	.reader_page = { 0, 8, 1 }, .commit_page = { 8, 8, 1 }, .n_pages = { 16, 8, 1 },
	.overrun = { 24, 8, 1 }, .page_list = { 0, 16, 1 }, .page = { 16, 8, 1 },
	.begun = { 0, 8, 1 }, .commit = { 8, 8, 1 }, .data = { DATA_HEAD, 1, 0 },
};

/* struct trace_entry, and as much of signal_generate as is asked for. */
static const struct traced_facts event_facts = {
	.calls = { FLAT_BASE + CALL, ABSENT, FLAT_BASE + CALL + 8, ABSENT, ABSENT },
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

static void test_rings(struct arena *arena)
{
	char text[256];
	struct trace t;
	struct flat f;

	make_rings();
	read_rings(&t, &f, arena, 1e12);
	as_text(&t.signals, text);
	T_TEXT("all rings, by time", WHOLE, text);
	T_CHECK("nothing is cut", !t.rings.cut);
	T_EQUAL("events", 5, t.n_events);
	T_EQUAL("that end nobody", 1, t.n_harmless);
	T_EQUAL("that were lost", 5, t.rings.n_lost);
	T_EQUAL("the log's time", 1001 - 100, t.signals.list[0].time_ns);
	T_TEXT("the victim", "victim", t.signals.list[0].comm);
	put(ARRAY + 16, 7);
	read_rings(&t, &f, arena, 1e12);
	T_CHECK("another clock is not the log's", !t.signals.list[0].is_log_clock);
	put(ARRAY + 16, 4);
	read_rings(&t, &f, arena, 1e12);
	T_EQUAL("the log's own clock", 1001, t.signals.list[0].time_ns);
	read_rings(&t, &f, arena, 0);
	T_EQUAL("no time", 0, t.n_events);
	T_CHECK("which it says", t.rings.cut);
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
	test_pages();
	test_noise();
	test_rings(&arena);
	test_damage(&arena);
	test_values(&arena);
	test_births(&arena);
	test_newest(&arena);
	arena_deinit(&arena);
	return t_done();
}
