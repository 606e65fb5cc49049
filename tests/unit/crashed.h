/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For programs about what a crashed kernel tells of itself: its address space is one
 * buffer, of which the front is a symbol table that is right, and all behind it the input.
 */
#ifndef UNIT_CRASHED_H
#define UNIT_CRASHED_H

#include <stdlib.h>

#include "flat.h"
#include "base/arena.h"
#include "base/bytes.h"
#include "triage/symbols.h"

/* Where the input begins, and what is where in it; sizes of what is fixed. */
enum {
	INPUT = 0x1000, INPUT_MAX = 0x2000,
	MODULES = 0x0, LAST_UNLOADED = 0x10, BPF = 0x60, REGS = 0x80,
	ORC_IP = 0x200, ORC_ENTRIES = 0x280, ORC_LEN = 32,
	COPY = 0x1e00, COPY_LEN = 0x40, TRACERS = 0x1f00,
	TEXT = 0x900, TEXT_END = 0xb00, MODULE_TEXT = 0xb00, MODULE_TEXT_END = 0xc00,
};

#define AT_INPUT(off) (FLAT_BASE + INPUT + (off))

struct crashed {
	struct flat flat;
	struct kallsyms kallsyms;
	struct arena arena;
	struct module_facts modules;
	struct bpf_facts bpf;
	struct trampoline_facts trampolines;
	struct symbols symbols;
	uint8_t bytes[INPUT + INPUT_MAX];
};

/* Parts of the symbol table: addresses in 32 bits from their own place, as 7.x has them. */
enum { KS_NUM = 0, KS_OFFSETS = 16, KS_TOKENS = 256, KS_INDEX = 1024, KS_NAMES = 2048 };

static inline void crashed_symbols(struct crashed *c)
{
	static const struct {
		const char *name;
		uint64_t vaddr;
	} list[] = {
		{ "T_stext", AT_INPUT(TEXT) }, { "Tfirst", AT_INPUT(TEXT + 0x10) },
		{ "ttick_second", AT_INPUT(TEXT + 0x80) }, { "Tthird", AT_INPUT(TEXT + 0x100) },
		{ "t__do_softirq", AT_INPUT(TEXT + 0x1c0) },
		{ "T_etext", AT_INPUT(TEXT_END) }, { "D_end", AT_INPUT(INPUT_MAX) },
	};
	uint8_t *b = c->bytes, *name = b + KS_NAMES;

	put_u64(b + KS_NUM, sizeof(list) / sizeof(list[0]));
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		size_t len = strlen(list[i].name);

		put_u32(b + KS_OFFSETS + 4 * i,
			(uint32_t)(list[i].vaddr - (FLAT_BASE + KS_OFFSETS + 4 * i)));
		*name++ = (uint8_t)len;
		memcpy(name, list[i].name, len);
		name += len;
	}
	for (unsigned i = 0; i < 256; i++) {
		b[KS_INDEX + 2 * i] = 2 * i & 255;
		b[KS_INDEX + 2 * i + 1] = 2 * i >> 8;
		b[KS_TOKENS + 2 * i] = i ? i : 'q';
	}
	c->flat.k.stext = AT_INPUT(TEXT);
	c->flat.k.kallsyms_num_syms = FLAT_BASE + KS_NUM;
	c->flat.k.kallsyms_offsets = FLAT_BASE + KS_OFFSETS;
	c->flat.k.kallsyms_token_table = FLAT_BASE + KS_TOKENS;
	c->flat.k.kallsyms_token_index = FLAT_BASE + KS_INDEX;
	c->flat.k.kallsyms_names = FLAT_BASE + KS_NAMES;
}

#define FIELD(at, len) ((struct field){ at, len, 1 })

/* has_mem: struct module as since 6.4, else as before. */
static inline void crashed_facts(struct crashed *c, bool has_mem)
{
	struct module_facts *m = &c->modules;

	flat_absent(m, sizeof(*m));
	m->modules = AT_INPUT(MODULES);
	m->last_unloaded = AT_INPUT(LAST_UNLOADED);
	m->state = FIELD(0, 4);
	m->list = FIELD(8, 16);
	m->name = (struct field){ 0x18, 1, 56 };
	m->taints = FIELD(0x50, 8);
	m->version = FIELD(0x58, 8);
	m->srcversion = FIELD(0x60, 8);
	m->kallsyms = FIELD(0x68, 8);
	m->orc_n = FIELD(0x70, 4);
	m->orc_ip = FIELD(0x78, 8);
	m->orc_entries = FIELD(0x80, 8);
	if (has_mem) {
		m->mem = (struct field){ 0x90, 16, 7 };
		m->mem_base = FIELD(0, 8);
		m->mem_size = FIELD(8, 4);
		m->mod_text = 0;
		m->mod_data = 1;
		m->mod_rodata = 2;
		m->mod_init_text = 4;
	} else {
		m->core = FIELD(0x90, 24);
		m->init = FIELD(0xa8, 24);
		m->layout_base = FIELD(0, 8);
		m->layout_size = FIELD(8, 4);
		m->layout_text = FIELD(12, 4);
		m->layout_ro = FIELD(16, 4);
	}
	m->symtab = FIELD(0, 8);
	m->num_symtab = FIELD(8, 4);
	m->strtab = FIELD(16, 8);
	c->bpf = (struct bpf_facts){ AT_INPUT(BPF), FIELD(0, 16), FIELD(16, 8), FIELD(24, 8),
				     (struct field){ 32, 1, 32 } };
	c->trampolines = (struct trampoline_facts){
		.list = AT_INPUT(TRACERS), .list_end = ABSENT, .plain = ABSENT,
		.with_regs = AT_INPUT(TEXT + 0x80), .next = FIELD(0, 8), .copy = FIELD(8, 8),
		.copy_len = FIELD(16, 8) };
}

/* Everything but what symbols_open() reads. */
static inline void crashed_open(struct crashed *c, const uint8_t *data, size_t size,
				bool has_mem)
{
	struct err e;

	memset(c, 0, sizeof(*c));
	memcpy(c->bytes + INPUT, data, size < INPUT_MAX ? size : INPUT_MAX);
	flat_open(&c->flat, c->bytes, sizeof(c->bytes));
	crashed_symbols(c);
	crashed_facts(c, has_mem);
	if (!arena_init(&c->arena, 4 << 20, &e) ||
	    !kallsyms_open(&c->kallsyms, &c->flat.space, &e) ||
	    !kallsyms_is_text(&c->kallsyms, AT_INPUT(TEXT)))
		abort();
	c->symbols.kallsyms = &c->kallsyms;
	c->symbols.modules.space = &c->flat.space;
	c->symbols.modules.facts = &c->modules;
	c->symbols.bpf = &c->bpf;
	c->symbols.trampolines = &c->trampolines;
	c->symbols.module_area = (struct vrange){ AT_INPUT(TEXT_END), AT_INPUT(INPUT_MAX) };
}

static inline void crashed_close(struct crashed *c)
{
	arena_deinit(&c->arena);
}

#endif
