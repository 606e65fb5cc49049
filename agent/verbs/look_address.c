/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An address is hexadecimal, or a symbol, a module's too, with "+0x10" behind it or not. */
#include "look_address.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/io.h"
#include "kernel/btf_text.h"
#include "kernel/kernel.h"
#include "triage/fault.h"
#include "triage/insn.h"
#include "triage/triage.h"

#define INSNS_MAX 10000u	/* of one command */
#define TEXT_MAX 64
#define OBJECT_S 1.0		/* for one object */

static bool address_of(const char *word, uint64_t *ret)
{
	char *end;

	*ret = strtoull(word, &end, 16);
	return *word && !*end;
}

/* ": file /proc/slabinfo (proc)" */
static void put_object(struct look *l, uint64_t at)
{
	struct triage *m = l->r->triage;
	struct bounds bounds = { .until = monotonic_seconds() + OBJECT_S };
	struct object_reader o = { .values = &m->values, .facts = &m->facts.objects,
				   .bounds = &bounds };
	struct object object;

	/* A task was told as what the address is. */
	if (object_at(&o, at, &object) && strcmp(object.what, "task"))
		printf(": %s %s", object.what, object.text);
}

bool look_sym(struct look *l, const struct words *w)
{
	char text[VALUE_TEXT];
	struct symbol sym;
	uint64_t at;

	if (w->n != 2)
		return look_wrong("sym takes an address or a name");
	if (!l->r->symbols.kallsyms)
		return look_wrong("this kernel's symbols are not to be had");
	if (symbol_named(&l->r->symbols, w->w[1], &sym)) {
		printf("%016" PRIx64 " %s%s%s%s\n", sym.vaddr, sym.name,
		       sym.module[0] ? " [" : "", sym.module, sym.module[0] ? "]" : "");
		return true;
	}
	if (!address_of(w->w[1], &at))
		return look_wrong("%s is no address, and no symbol of the kernel or a module",
				  w->w[1]);
	if (symbol_at(&l->r->symbols, at, &sym) && symbol_is_sure(&sym)) {
		symbol_text(&sym, text);
		printf("%016" PRIx64 " (%c) %s\n", at, sym.type, text);
		return true;
	}
	address_text(&l->r->triage->values, at, text);
	if (!text[0])
		return look_wrong("%s: what lies there is not known", w->w[1]);
	printf("%016" PRIx64 " %s", at, text);
	put_object(l, at);
	putchar('\n');
	return true;
}

/* ---- instructions ---------------------------------------------------------------- */

/* "name", "name+0x10" or an address. False: none of them. */
static bool place_of(struct look *l, const char *word, uint64_t *at)
{
	char name[KALLSYM_NAME_LEN];
	const char *plus = strrchr(word, '+');
	struct symbol sym;
	uint64_t off = 0;

	snprintf(name, sizeof(name), "%.*s", plus ? (int)(plus - word) : (int)strlen(word),
		 word);
	if (plus && !address_of(plus + 1, &off))
		return false;
	if (symbol_named(&l->r->symbols, name, &sym))
		*at = sym.vaddr;
	else if (!address_of(name, at))
		return false;
	*at += off;
	return true;
}

/* What the code there is called; only the number if it is nothing. */
static void put_place(struct look *l, uint64_t at)
{
	char text[SYMBOL_TEXT];
	struct symbol sym;

	if (symbol_at(&l->r->symbols, at, &sym) && symbol_is_sure(&sym)) {
		symbol_text(&sym, text);
		*strrchr(text, '/') = '\0';
		printf("%s%s%s%s", text, sym.module[0] ? " [" : "", sym.module,
		       sym.module[0] ? "]" : "");
	} else {
		printf("%#" PRIx64, at);
	}
}

/* Returns its length, 0: there is no more to be read. */
static unsigned put_insn(struct look *l, uint64_t at)
{
	const struct arch *arch = l->r->arch;
	char text[OPERAND_TEXT];
	uint8_t bytes[INSN_MAX];
	struct insn insn;
	struct err e;
	size_t n = fault_read_code(&l->kernel->space, at, bytes, &e);

	if (!n)
		return look_wrong("%s", e.text), 0;
	insn_decode(arch->e_machine, bytes, n, &insn);
	printf("%016" PRIx64 " <", at);
	put_place(l, at);
	printf(">:");
	for (unsigned i = 0; i < (insn.len ? insn.len : 1); i++)
		printf(" %02x", bytes[i]);
	for (unsigned i = 0; i < insn.n_operands; i++) {
		operand_text(&insn.operands[i], arch, text);
		printf("%s%s", i ? ", " : "  ", text);
	}
	if (insn.jumps) {
		printf("  -> ");
		put_place(l, at + (uint64_t)insn.target);
	}
	puts(insn.len ? "" : "  (no instruction)");
	return insn.len ? insn.len : 1;
}

/* A whole function, as many as are wanted, or the one that lies there. */
bool look_dis(struct look *l, const struct words *w)
{
	unsigned long count = w->n > 2 ? strtoul(w->w[2], NULL, 10) : 1;
	struct symbol sym;
	uint64_t at, end = UINT64_MAX;
	unsigned len = 1;

	if (w->n < 2 || !count || count > INSNS_MAX)
		return look_wrong("dis takes an address or a name, and how many (1 to %u)",
				  INSNS_MAX);
	if (!l->r->symbols.kallsyms)
		return look_wrong("this kernel's symbols are not to be had");
	if (!place_of(l, w->w[1], &at))
		return look_wrong("%s is no address, and no symbol of the kernel or a module",
				  w->w[1]);
	if (!symbols_is_text(&l->r->symbols, at))
		return look_wrong("%s is no code", w->w[1]);
	if (w->n == 2 && symbol_at(&l->r->symbols, at, &sym) && !sym.off) {
		count = INSNS_MAX;
		end = at + sym.size;
	}
	for (; count && len && at < end; count--)
		at += len = put_insn(l, at);
	return len;
}

/* ---- types ------------------------------------------------------------------------ */

/* " = 0x1", of a number at that address; " = "init"", of text. */
static void put_value(struct look *l, const struct btf_field *f, uint64_t at)
{
	const struct field field = { f->off, f->size, f->n };
	char text[TEXT_MAX];
	uint64_t value;

	if (at && f->size == 1 && f->n > 1) {
		field_text(&l->kernel->space, at, field, text, sizeof(text));
		printf(" = \"%s\"", text);
	}
	if (at && f->n == 1 && !f->width &&
	    field_read(&l->kernel->space, at, field, &value))
		printf(" = %#" PRIx64, value);
}

/* One that has no members of its own: "NAME.MEMBER" is a number, a pointer, an array. */
static void put_plain(struct look *l, const char *path, const struct btf_want *want,
		      uint64_t base)
{
	const char *name = strrchr(path, '.');
	struct btf *btf;
	struct btf_text text;
	struct err ignored;

	btf = tables_types(&l->kernel->tables, &ignored);
	if (!btf || !btf_type_text(btf, want->field.id, name ? name + 1 : path, &text))
		return;
	printf("  [%5u] %s;", want->field.off, text.s);
	put_value(l, &want->field, base);
	putchar('\n');
}

/* The address is that of the whole, of NAME.MEMBER too, as in crash. */
bool look_struct(struct look *l, const struct words *w)
{
	struct btf_want wants[2] = { { .path = w->n > 1 ? w->w[1] : "" }, { .path = NULL } };
	struct btf_member m;
	struct btf_text text;
	struct btf *btf;
	uint64_t at = 0;
	uint32_t n = 0;
	struct err e;

	if (w->n < 2 || (w->n > 2 && !address_of(w->w[2], &at)))
		return look_wrong("struct takes a name, and an address if values are wanted");
	btf = tables_types(&l->kernel->tables, &e);
	if (!btf)
		return look_wrong("%s", e.text);
	btf_find(btf, wants);
	if (!wants[0].found)
		return look_wrong("no type %s", w->w[1]);
	printf("struct %s {\n", w->w[1]);
	for (; btf_member(btf, wants[0].field.id, n, &m); n++) {
		if (!btf_type_text(btf, m.field.id, m.name, &text))
			continue;
		printf("  [%5u] %s;", m.field.off, text.s);
		put_value(l, &m.field, at ? at + wants[0].field.off : 0);
		putchar('\n');
	}
	if (!n)
		put_plain(l, w->w[1], &wants[0], at);
	printf("}\nSIZE: %u\n",
	       wants[0].field.size * (wants[0].field.n ? wants[0].field.n : 1));
	return true;
}
