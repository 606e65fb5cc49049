/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two arrays side by side: where each stretch of instructions begins (32 bits, from their own
 * place), sorted; and six bytes for it: two offsets, two registers of four bits, the type.
 */
#include "orc.h"

#include <errno.h>

#include "base/bytes.h"
#include "base/err.h"

#define ENTRY_LEN 6u
#define N_REGISTERS 16
#define MAX_ENTRIES (1ULL << 24)
#define SAMPLES 512u

#define AT(member) offsetof(struct orc_facts, member)

static const struct wish wishes[] = {
	{ WISH_SYMBOL, "__start_orc_unwind_ip", AT(ip_start) },
	{ WISH_SYMBOL, "__stop_orc_unwind_ip", AT(ip_stop) },
	{ WISH_SYMBOL, "__start_orc_unwind", AT(entries_start) },
	{ WISH_SYMBOL, "__stop_orc_unwind", AT(entries_stop) },
};

const struct wish_set orc_wishes = WISH_SET(wishes, struct orc_facts);

/* Up to 7.0; from 7.1 on the numbers are those of the instruction set. */
static const enum orc_base old_numbers[N_REGISTERS] = {
	ORC_NONE, ORC_PREV_SP, ORC_DX, ORC_DI, ORC_BP, ORC_SP, ORC_R10, ORC_R13,
	ORC_BP_INDIRECT, ORC_SP_INDIRECT,
};
static const enum orc_base new_numbers[N_REGISTERS] = {
	ORC_NONE, ORC_AX, ORC_DX, ORC_SP, ORC_BP, ORC_DI, ORC_R10, ORC_R13,
	ORC_PREV_SP, ORC_SP_INDIRECT, ORC_BP_INDIRECT,
};

/* ---- one entry ----------------------------------------------------------------- */

/*
 * Three bits since 6.4: undefined, end, call, regs, partial. Two before: call, regs, partial;
 * a bit behind them says that the stack ends, where no register leads on.
 */
static enum orc_type type_of(const struct orc *o, unsigned bits, enum orc_base sp_base)
{
	unsigned type = bits & ((1u << o->type_bits) - 1);

	if (o->type_bits == 3)
		return type <= ORC_REGS_PARTIAL ? (enum orc_type)type : ORC_UNDEFINED;
	if (sp_base == ORC_NONE)
		return bits >> 2 & 3 ? ORC_END : ORC_UNDEFINED;
	return type <= 2 ? (enum orc_type)(ORC_CALL + type) : ORC_UNDEFINED;
}

static bool read_entry(struct orc *o, vaddr_t at, struct orc_entry *entry)
{
	uint8_t raw[ENTRY_LEN];
	struct err ignored;

	if (!space_read(o->space, at, raw, sizeof(raw), &ignored))
		return false;
	entry->sp_off = (int16_t)get_u16(raw);
	entry->bp_off = (int16_t)get_u16(raw + 2);
	entry->sp_base = o->numbering[raw[4] & 15];
	entry->bp_base = o->numbering[raw[4] >> 4];
	entry->type = type_of(o, raw[5], entry->sp_base);
	entry->is_exact = entry->type == ORC_REGS || entry->type == ORC_REGS_PARTIAL;
	if (o->type_bits == 3)
		entry->is_exact = raw[5] >> 3 & 1;
	return true;
}

/* ---- finding it ------------------------------------------------------------------ */

static bool ip_of(struct orc *o, vaddr_t table, uint64_t i, vaddr_t *ip)
{
	uint32_t off;
	struct err ignored;

	if (!space_read_u32(o->space, table + 4 * i, &off, &ignored))
		return false;
	*ip = table + 4 * i + (int64_t)(int32_t)off;
	return true;
}

/* The last one that does not begin behind it. */
static bool search(struct orc *o, vaddr_t table, uint64_t n, vaddr_t ip, uint64_t *ret)
{
	uint64_t low = 0, high = n;
	vaddr_t at;

	while (low < high) {
		uint64_t middle = low + (high - low) / 2;

		if (!ip_of(o, table, middle, &at))
			return false;
		if (at <= ip)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low)
		return false;
	*ret = low - 1;
	return true;
}

bool orc_find(struct orc *o, vaddr_t ip, struct orc_entry *entry)
{
	const struct region *region;
	const struct module *mod;
	uint64_t i;

	if (!o->numbering)
		return false;
	mod = module_at(o->modules, ip, &region);
	if (mod && region->kind != REGION_TEXT)
		return false;
	if (mod)
		return search(o, mod->orc_ip, mod->n_orc, ip, &i) &&
		       read_entry(o, mod->orc_entries + i * ENTRY_LEN, entry);
	return search(o, o->ip, o->n, ip, &i) &&
	       read_entry(o, o->entries + i * ENTRY_LEN, entry);
}

/* ---- opening ---------------------------------------------------------------------- */

/* How often the samples say what tells the shapes apart. */
struct census {
	unsigned n;
	unsigned sp_is_5, sp_is_3;	/* the stack pointer's number, as it was and is */
	unsigned call_is_0, call_is_2;	/* of an ordinary call, by two bits and by three */
};

static struct census take_census(struct orc *o)
{
	uint64_t step = max_u64(o->n / SAMPLES, 1);
	struct census c = { .n = 0 };
	uint8_t raw[ENTRY_LEN];
	struct err ignored;

	for (uint64_t i = 0; i < o->n && c.n < SAMPLES; i += step, c.n++) {
		if (!space_read(o->space, o->entries + i * ENTRY_LEN, raw, sizeof(raw),
				&ignored))
			continue;
		c.sp_is_5 += (raw[4] & 15) == 5;
		c.sp_is_3 += (raw[4] & 15) == 3;
		c.call_is_0 += (raw[5] & 3) == 0;
		c.call_is_2 += (raw[5] & 7) == 2;
	}
	return c;
}

/* More than half of all, and five times the other: else nothing is believed. */
static bool wins(const struct census *c, unsigned votes, unsigned other)
{
	return votes > c->n / 2 && votes > 5 * other;
}

/*
 * Nearly all functions find their caller by the stack pointer, which was number 5 and is
 * number 3, and nearly all entries are of ordinary calls.
 */
static bool find_shape(struct orc *o)
{
	struct census c = take_census(o);

	if (wins(&c, c.sp_is_5, c.sp_is_3))
		o->numbering = old_numbers;
	else if (wins(&c, c.sp_is_3, c.sp_is_5))
		o->numbering = new_numbers;
	if (wins(&c, c.call_is_2, c.call_is_0))
		o->type_bits = 3;
	else if (wins(&c, c.call_is_0, c.call_is_2))
		o->type_bits = 2;
	else
		o->numbering = NULL;
	return o->numbering;
}

bool orc_open(struct orc *o, struct err *e)
{
	const struct orc_facts *f = o->facts;

	o->numbering = NULL;
	if (!has(f->ip_start) || !has(f->ip_stop) || !has(f->entries_start) ||
	    !has(f->entries_stop))
		return fail(e, ENOENT, "the kernel has no unwind tables (ORC)");
	o->ip = f->ip_start;
	o->entries = f->entries_start;
	o->n = (uint64_t)(f->ip_stop - f->ip_start) / 4;
	if (!o->n || o->n > MAX_ENTRIES ||
	    (uint64_t)(f->entries_stop - f->entries_start) != o->n * ENTRY_LEN)
		return fail(e, EINVAL, "unwind tables of %lld and %lld bytes",
			    (long long)(f->ip_stop - f->ip_start),
			    (long long)(f->entries_stop - f->entries_start));
	if (!find_shape(o))
		return fail(e, EINVAL, "the unwind tables are of a shape that is not known");
	return true;
}
