/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel/wishes on a made-up kernel with a table of seven symbols and one of four types:
 * what each kind of wish gives, which of several does, and what is left when a table is
 * not there.
 */
#include "btf_table.h"
#include "kernel/wishes.h"

/* From FLAT_BASE on. */
enum { NUM = 0, OFFSETS = 16, TOKENS = 128, INDEX = 1200, NAMES = 2048, BTF = 4096,
       IMAGE_LEN = 65536 };

#define N_SYMBOLS 7u
#define STEXT (FLAT_BASE + 0x1000000)

static uint8_t image[IMAGE_LEN];
static unsigned n_reads;

static bool count_read(struct physmem *pm, paddr_t paddr, void *buf, size_t len,
		       struct err *e)
{
	n_reads++;
	return flat_read(pm, paddr, buf, len, e);
}

static void put(size_t at, uint64_t v, size_t len)
{
	memcpy(image + at, &v, len);
}

/* A token for each letter. */
static void put_symbols(size_t btf_len)
{
	const struct { const char *name; vaddr_t vaddr; } symbols[N_SYMBOLS] = {
		{ "T_stext", STEXT }, { "D__start_BTF", FLAT_BASE + BTF },
		{ "D__stop_BTF", FLAT_BASE + BTF + btf_len }, { "Done", STEXT + 0x10 },
		{ "Dtwo", STEXT + 0x20 }, { "Dold_three", STEXT + 0x30 },
		{ "B_end", STEXT + 0x40 },
	};
	size_t at = NAMES;

	put(NUM, N_SYMBOLS, 4);
	for (unsigned i = 0; i < N_SYMBOLS; i++) {
		size_t len = strlen(symbols[i].name);

		put(OFFSETS + 4 * i, symbols[i].vaddr - (FLAT_BASE + OFFSETS + 4 * i), 4);
		image[at] = len;
		memcpy(image + at + 1, symbols[i].name, len);
		at += 1 + len;
	}
	for (unsigned i = 0; i < 256; i++) {
		put(INDEX + 2 * i, 2 * i, 2);
		image[TOKENS + 2 * i] = i > ' ' && i < 127 ? i : 'q';
	}
}

static size_t put_types(void)
{
	uint32_t id, ids;
	size_t len;

	begin();
	id = integer("int", 4);
	ids = array(id, id, 4);
	type("task", STRUCT | KFLAG, 3, 32);
	member("pid", id, BITS(64, 0));
	member("comm", ids, BITS(128, 0));
	member("flag", id, BITS(99, 5));
	type("states", ENUM | KFLAG, 1, 4);
	word(name("GONE"));
	word(-7);
	len = finish(24);
	memcpy(image + BTF, t.whole, len);
	return len;
}

static void fill(struct flat *f, struct tables *tables)
{
	memset(image, 0, sizeof(image));
	put_symbols(put_types());
	flat_open(f, image, sizeof(image));
	f->pm.read = count_read;
	f->k.stext = STEXT;
	f->k.kallsyms_names = FLAT_BASE + NAMES;
	f->k.kallsyms_num_syms = FLAT_BASE + NUM;
	f->k.kallsyms_token_table = FLAT_BASE + TOKENS;
	f->k.kallsyms_token_index = FLAT_BASE + INDEX;
	f->k.kallsyms_offsets = FLAT_BASE + OFFSETS;
	tables_init(tables, &f->space);
}

struct facts {
	int64_t one, two, three, none;
	int64_t pid, size_task, n_comm, size_comm, flag, flag_bit, flag_width, pid_bit;
	int64_t pid_width, gone, nothing;
};

#define AT(member) offsetof(struct facts, member)

static const struct wish wishes[] = {
	{ WISH_SYMBOL, "one", AT(one) },
	{ WISH_OFF, "task.pid", AT(pid) },
	{ WISH_SYMBOL, "two", AT(two) }, { WISH_SYMBOL, "one", AT(two) },
	{ WISH_SYMBOL, "three", AT(three) }, { WISH_SYMBOL, "old_three", AT(three) },
	{ WISH_SYMBOL, "zero", AT(none) },
	{ WISH_SIZE, "task", AT(size_task) },
	{ WISH_COUNT, "task.comm", AT(n_comm) }, { WISH_SIZE, "task.comm", AT(size_comm) },
	{ WISH_OFF, "task.flag", AT(flag) },
	{ WISH_BIT, "task.flag", AT(flag_bit) }, { WISH_WIDTH, "task.flag", AT(flag_width) },
	{ WISH_BIT, "task.pid", AT(pid_bit) }, { WISH_WIDTH, "task.pid", AT(pid_width) },
	{ WISH_VALUE, "state.GONE", AT(gone) }, { WISH_VALUE, "states.GONE", AT(gone) },
	{ WISH_OFF, "task.tgid", AT(nothing) },
};
static const struct wish_set set = WISH_SET(wishes, struct facts);

static const struct {
	const char *row;
	size_t at;
	int64_t value;
	bool symbol;
} wanted[] = {
	{ "a symbol", AT(one), STEXT + 0x10, true },
	{ "the first of two", AT(two), STEXT + 0x20, true },
	{ "the one that is there", AT(three), STEXT + 0x30, true },
	{ "no symbol", AT(none), ABSENT, true },
	{ "a member", AT(pid), 8, false },
	{ "a size", AT(size_task), 32, false },
	{ "elements", AT(n_comm), 4, false },
	{ "size of one", AT(size_comm), 4, false },
	{ "a bit field has no bytes", AT(flag), ABSENT, false },
	{ "its bit", AT(flag_bit), 99, false },
	{ "its bits", AT(flag_width), 5, false },
	{ "the bit of what is none", AT(pid_bit), 64, false },
	{ "the bits of what is none", AT(pid_width), 32, false },
	{ "a value", AT(gone), -7, false },
	{ "no member", AT(nothing), ABSENT, false },
};

static void check(const struct facts *facts, bool symbols, bool types)
{
	for (size_t i = 0; i < T_SIZE(wanted); i++) {
		bool is_there = wanted[i].symbol ? symbols : types;
		int64_t got;

		memcpy(&got, (const char *)facts + wanted[i].at, sizeof(got));
		T_EQUAL(wanted[i].row, is_there ? wanted[i].value : ABSENT, got);
	}
}

static void test_fill(void)
{
	struct facts facts, again;
	const struct wish_list lists[] = { { &set, &facts }, { &set, &again }, { NULL, NULL } };
	struct tables tables;
	struct err e = { .code = 0 };
	struct flat f;

	fill(&f, &tables);
	T_CHECK("all lists", wishes_fill(&tables, lists, &e));
	check(&facts, true, true);
	check(&again, true, true);
	T_CHECK("symbols stay open", tables_symbols(&tables, &e) == &tables.symbols);
	T_CHECK("types stay open", tables_types(&tables, &e) == &tables.types);
	T_CHECK("no list", wishes_fill(&tables, &lists[2], &e));
	fill(&f, &tables);
	T_CHECK("types by themselves", tables_types(&tables, &e) == &tables.types);
}

/* More than are looked up at once. */
static void test_many(void)
{
	static struct wish many[1500];
	static int64_t facts[1500];
	const struct wish_set many_set = { many, 1500, sizeof(facts) };
	const struct wish_list lists[] = { { &many_set, facts }, { NULL, NULL } };
	struct tables tables;
	struct err e;
	struct flat f;
	unsigned n = 0;

	for (size_t i = 0; i < 1500; i++)
		many[i] = i % 2 ? (struct wish){ WISH_SYMBOL, "one", i * 8 }
				: (struct wish){ WISH_OFF, "task.pid", i * 8 };
	fill(&f, &tables);
	T_CHECK("many", wishes_fill(&tables, lists, &e));
	for (size_t i = 0; i < 1500; i++)
		n += facts[i] == (i % 2 ? (int64_t)(STEXT + 0x10) : 8);
	T_EQUAL("each is found", 1500, n);
}

static void test_missing(void)
{
	struct facts facts;
	const struct wish_list lists[] = { { &set, &facts }, { NULL, NULL } };
	struct tables tables;
	struct err e, why;
	struct flat f;

	fill(&f, &tables);
	image[NAMES + 2 + 7 + 3] = 'x';		/* __start_BTF */
	T_CHECK("no types", !wishes_fill(&tables, lists, &e));
	T_CHECK("no types", strstr(e.text, "BTF"));
	check(&facts, true, false);
	T_CHECK("that is remembered", !tables_types(&tables, &why));
	T_TEXT("that is remembered", e.text, why.text);

	fill(&f, &tables);
	f.k.stext += 8;
	T_CHECK("senseless symbols", !wishes_fill(&tables, lists, &e));
	check(&facts, false, false);
	n_reads = 0;
	T_CHECK("senseless ones are not read again", !tables_symbols(&tables, &why));
	T_CHECK("not for their types", !tables_types(&tables, &why));
	T_EQUAL("not at all", 0, n_reads);
	T_TEXT("for the same reason", e.text, why.text);

	tables_init(&tables, NULL);
	T_CHECK("no memory", !wishes_fill(&tables, lists, &e));
	T_EQUAL("no memory", ENOENT, e.code);
	check(&facts, false, false);
}

int main(void)
{
	test_fill();
	test_many();
	test_missing();
	return t_done();
}
