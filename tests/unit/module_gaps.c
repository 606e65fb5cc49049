/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * triage/symbols: names of modules both ways; with subject, finding and values: code where
 * modules are, in none that is listed.
 * Only of lists that are whole does that say that a module was unloaded.
 */
#include "crashed.h"
#include "t.h"
#include "triage/finding.h"
#include "triage/subject.h"
#include "triage/triage.h"
#include "vmcore/arch.h"

/* A return address in a function of crashed.h; behind the image, where modules are here. */
enum { THIRD = TEXT + 0x110, GAP = INPUT_MAX + 8 };

static void open_lists(struct crashed *c, const uint8_t input[INPUT_MAX])
{
	crashed_open(c, input, INPUT_MAX, true);
	c->symbols.module_area.start = AT_INPUT(INPUT_MAX);
	c->symbols.module_area.end = AT_INPUT(2 * INPUT_MAX);
	symbols_open(&c->symbols, &c->arena);
}

/* Where arm64 tells that modules are: a box around the image, which is no part of it. */
static void boxes(void)
{
	enum { PLT = 0, DIRECT = 8 };
	const vaddr_t image = AT_INPUT(0), end = image + (40 << 20);
	const struct {
		const char *row;
		uint64_t plt, direct;	/* base of each, 0: none */
		bool is_told;
		uint64_t len;
	} rows[] = {
		{ "two, one in the other", image - (1 << 30), image - (64 << 20), true,
		  2ULL << 30 },
		{ "only the small one", 0, image - (64 << 20), true, 128 << 20 },
		{ "none", 0, 0, false, 0 },
		{ "behind the image", image + 4096, 0, false, 0 },
		{ "too small for the image", image - (3ULL << 30), 0, false, 0 },
	};
	struct module_facts facts = { .plt_base = (int64_t)AT_INPUT(PLT),
				      .direct_base = (int64_t)AT_INPUT(DIRECT),
				      .image = (int64_t)image, .image_end = (int64_t)end };
	uint8_t input[INPUT_MAX];
	static struct crashed c;

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		struct symbols s = { .n_bpf = 0 };

		memset(input, 0, sizeof(input));
		put_u64(input + PLT, rows[i].plt);
		put_u64(input + DIRECT, rows[i].direct);
		open_lists(&c, input);
		modules_area(c.symbols.modules.space, &facts, &s.module_area, &s.image);
		T_EQUAL(rows[i].row, rows[i].len, s.module_area.end - s.module_area.start);
		T_EQUAL(rows[i].row, rows[i].is_told, symbols_in_module_area(&s, end));
		T_EQUAL(rows[i].row, rows[i].is_told, symbols_in_module_area(&s, image - 8));
		T_CHECK(rows[i].row, !symbols_in_module_area(&s, image + 8));
	}
}

/* Code where modules are, in none of those that are listed: of which list, is it said? */
static void gaps(void)
{
	static const struct {
		const char *row;
		bool has_modules, has_bpf;	/* their lists can be read; both are empty */
		unsigned n_log;			/* frames that the log has */
		const char *name;
		enum signature_confidence confidence;
	} lists[] = {
		{ "whole lists: it was unloaded", true, true, 1, "(unloaded)",
		  CONFIDENCE_EXACT },
		{ "no list of modules: as the log has it", false, true, 1, "by_log",
		  CONFIDENCE_LOG },
		{ "no list of BPF programs", true, false, 1, "by_log", CONFIDENCE_LOG },
		{ "neither list nor log", false, true, 0, "third", CONFIDENCE_LOG },
	};
	enum signature_confidence confidence;
	struct frame_name names[4];
	uint8_t input[INPUT_MAX];
	static struct crashed c;
	static struct report r;

	for (size_t i = 0; i < T_SIZE(lists); i++) {
		memset(input, 0, sizeof(input));
		memset(&r, 0, sizeof(r));
		if (lists[i].has_modules)
			put_u64(input + MODULES, AT_INPUT(MODULES));
		if (lists[i].has_bpf)
			put_u64(input + BPF, AT_INPUT(BPF));
		open_lists(&c, input);
		r.symbols = c.symbols;
		r.subject_stack.n = 2;
		r.subject_stack.frames[0] = (struct frame){ .ip = AT_INPUT(GAP),
							    .how = FRAME_REGS };
		r.subject_stack.frames[1] = (struct frame){ .ip = AT_INPUT(THIRD) };
		r.log.death.n_frames = lists[i].n_log;
		frame_name_set(&r.log.death.frames[0].name, "by_log", NULL);
		T_CHECK(lists[i].row, subject_frames(&r, names, 4, &confidence));
		T_TEXT(lists[i].row, lists[i].name, names[0].text);
		T_EQUAL(lists[i].row, lists[i].confidence, confidence);
		crashed_close(&c);
	}
}

/* Code ran where modules are, in none that is listed: is it a module's that was unloaded? */
static void unloaded(void)
{
	static const struct {
		const char *row;
		vaddr_t modules, bpf;		/* the lists' heads: empty, or damaged */
		const char *rule, *says, *value_is;
	} lists[] = {
		{ "in none of all modules", AT_INPUT(MODULES), AT_INPUT(BPF), "unloaded-module",
		  "The kernel ran code at an address where a module may have been that was "
		  "unloaded, probably dummy.",
		  "in the module area, in no module (last unloaded: dummy)" },
		{ "the modules are not known", 0x6b6b6b6b6b6b6b6b, AT_INPUT(BPF), "null-deref",
		  "A read through a NULL pointer, at address 0x10, in f+0x1/0x2.", "" },
		{ "BPF programs are not known", AT_INPUT(MODULES), 0x6b6b6b6b6b6b6b6b,
		  "null-deref",
		  "A read through a NULL pointer, at address 0x10, in f+0x1/0x2.", "" },
	};
	struct values values = { .n = 0 };
	struct slabs slabs = { .map = 0 };
	struct procs procs = { .n = 0 };
	uint8_t input[INPUT_MAX] = { 0 };
	static struct crashed c;
	static struct report r;
	char text[VALUE_TEXT];

	memcpy(input + LAST_UNLOADED, "dummy", 6);
	for (size_t i = 0; i < T_SIZE(lists); i++) {
		put_u64(input + MODULES, lists[i].modules);
		put_u64(input + BPF, lists[i].bpf);
		open_lists(&c, input);
		memset(&r, 0, sizeof(r));
		r.arch = &arch_x86_64;
		r.fault.base = NO_REG;
		r.log.death = (struct oops){ .kind = KIND_NULL_DEREF, .has_address = true,
					     .address = 0x10, .access = ACCESS_READ,
					     .n_frames = 1 };
		r.log.death.frames[0].off = 1;
		r.log.death.frames[0].size = 2;
		frame_name_set(&r.log.death.frames[0].name, "f", NULL);
		r.symbols = c.symbols;
		r.subject_stack.n = 2;
		r.subject_stack.frames[0] = (struct frame){ .ip = AT_INPUT(GAP),
							    .how = FRAME_REGS };
		r.subject_stack.frames[1] = (struct frame){ .ip = AT_INPUT(THIRD) };
		finding_make(&r);
		T_TEXT(lists[i].row, lists[i].rule, r.finding.rule);
		T_TEXT(lists[i].row, lists[i].says, r.finding.text);
		values.space = &c.flat.space;
		values.symbols = &c.symbols;
		values.slabs = &slabs;
		values.procs = &procs;
		value_text(&values, AT_INPUT(GAP), text);
		T_TEXT(lists[i].row, lists[i].value_is, text);
		crashed_close(&c);
	}
}

/* Names both ways: of an address in a module, and where a name lies. */
static void names(void)
{
	enum { MODULE = 0x400, NAMES = 0x500, TABLE = 0x540, STRINGS = 0x600 };
	static const struct {
		const char *name;
		vaddr_t at;
	} list[] = { { "$x", GAP }, { "lab_one", GAP }, { "lab_two", GAP + 0x40 },
		     { "far_away", TEXT } };
	static const char strings[] = "\0$x\0lab_one\0lab_two\0far_away";
	uint8_t input[INPUT_MAX] = { 0 };
	static struct crashed c;
	struct symbol sym;
	unsigned name = 1;

	put_u64(input + BPF, AT_INPUT(BPF));
	put_u64(input + MODULES, AT_INPUT(MODULE + 8));
	put_u64(input + MODULE + 8, AT_INPUT(MODULES));
	memcpy(input + MODULE + 0x18, "lab", 4);
	put_u64(input + MODULE + 0x68, AT_INPUT(NAMES));
	put_u64(input + MODULE + 0x90, AT_INPUT(GAP));
	put_u32(input + MODULE + 0x98, 0x80);
	put_u64(input + NAMES, AT_INPUT(TABLE));
	put_u32(input + NAMES + 8, T_SIZE(list));
	put_u64(input + NAMES + 16, AT_INPUT(STRINGS));
	memcpy(input + STRINGS, strings, sizeof(strings));
	for (size_t i = 0; i < T_SIZE(list); i++) {
		put_u32(input + TABLE + 24 * i, name);
		input[TABLE + 24 * i + 6] = 1;
		put_u64(input + TABLE + 24 * i + 8, AT_INPUT(list[i].at));
		name += strlen(list[i].name) + 1;
	}
	open_lists(&c, input);
	T_CHECK("all of them", !c.symbols.modules.lacks && c.symbols.modules.n == 1);
	T_CHECK("at", symbol_at(&c.symbols, AT_INPUT(GAP + 0x44), &sym));
	T_TEXT("at", "lab_two", sym.name);
	T_CHECK("named", symbol_named(&c.symbols, "lab_two", &sym));
	T_EQUAL("named", AT_INPUT(GAP + 0x40), sym.vaddr);
	T_TEXT("named", "lab", sym.module);
	T_CHECK("the kernel's own", symbol_named(&c.symbols, "third", &sym));
	T_TEXT("the kernel's own", "", sym.module);
	T_CHECK("no name", !symbol_named(&c.symbols, "$x", &sym));
	T_CHECK("outside its module", !symbol_named(&c.symbols, "far_away", &sym));
	T_CHECK("nobody's", !symbol_named(&c.symbols, "lab_", &sym));
	crashed_close(&c);
}

int main(void)
{
	boxes();
	gaps();
	unloaded();
	names();
	return t_done();
}
