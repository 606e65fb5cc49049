/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * arm64: loads, stores and branches, as Arm's manual lays them out (C4.1). A row of the table
 * is a class of them: the bits that tell it, and how it names memory.
 */
#include "insn.h"

#include "base/bytes.h"

#define SP 31		/* of an address; its place in struct pt_regs, too */

/* Bits high .. low of an instruction. */
static uint32_t bits(uint32_t w, unsigned high, unsigned low)
{
	return w >> low & ((2u << (high - low)) - 1);
}

static int64_t signed_bits(uint32_t w, unsigned high, unsigned low)
{
	return (int64_t)((uint64_t)bits(w, high, low) << (63 - high + low)) >>
	       (63 - high + low);
}

/* log2 of what one register of a load or store holds. */
static unsigned size_of(uint32_t w)
{
	bool is_vector = w >> 26 & 1;

	return is_vector && w >> 23 & 1 ? 4 : bits(w, 31, 30);
}

/* ---- how memory is named --------------------------------------------------------- */

static void plain(uint32_t w, struct operand *op)
{
	(void)w;
	(void)op;
}

static void scaled(uint32_t w, struct operand *op)
{
	op->disp = (int64_t)bits(w, 21, 10) << size_of(w);
	/* PRFM: a hint, which faults nowhere. */
	op->is_touched = w >> 22 != 0x3e6;
}

/* Behind the access the base grows by it (post-index, 01): it does not count yet. */
static void unscaled(uint32_t w, struct operand *op)
{
	if (bits(w, 11, 10) != 1)
		op->disp = signed_bits(w, 20, 12);
	op->is_touched = w >> 21 != 0x7c4;	/* PRFUM */
}

static void by_register(uint32_t w, struct operand *op)
{
	static const enum index_kind kinds[] = { [2] = INDEX_LOW_UNSIGNED, [3] = INDEX_WHOLE,
						 [6] = INDEX_LOW_SIGNED, [7] = INDEX_WHOLE };

	/* Register 31 is 0 here. */
	if (bits(w, 20, 16) != 31) {
		op->index = (int)bits(w, 20, 16);
		op->index_kind = kinds[bits(w, 15, 13)];
		op->shift = w >> 12 & 1 ? size_of(w) : 0;
	}
	op->is_touched = w >> 21 != 0x7c5;	/* PRFM */
}

static void authenticated(uint32_t w, struct operand *op)
{
	op->disp = (signed_bits(w, 22, 22) * 512 + bits(w, 20, 12)) * 8;
	op->prefix = "signed:";	/* the address is not what the base holds */
}

static void pair(uint32_t w, struct operand *op)
{
	bool is_vector = w >> 26 & 1;
	unsigned opc = bits(w, 31, 30);

	if (bits(w, 24, 23) != 1)
		op->disp = signed_bits(w, 21, 15) * (1 << (is_vector ? 2 + opc :
							   opc == 2 ? 3 : 2));
}

static void literal(uint32_t w, struct operand *op)
{
	op->base = NO_REG;
	op->from_insn = true;
	op->disp = signed_bits(w, 23, 5) * 4;
	op->is_touched = bits(w, 31, 30) != 3 || w >> 26 & 1;
}

/* DC ZVA and its kin take the address itself. */
static void by_rt(uint32_t w, struct operand *op)
{
	op->base = (int)bits(w, 4, 0);
	op->is_touched = op->base != 31;
	if (op->base == 31)
		op->base = NO_REG;
}

static const struct {
	uint32_t mask, value;
	void (*read)(uint32_t w, struct operand *op);
} memory[] = {
	{ 0x3f000000, 0x08000000, plain },		/* exclusive, ordered, CAS */
	{ 0x3f200c00, 0x19000000, unscaled },		/* ordered, with an offset */
	{ 0x3b000000, 0x18000000, literal },
	{ 0x3a000000, 0x28000000, pair },
	{ 0x3b200c00, 0x38200000, plain },		/* atomics */
	{ 0x3b200c00, 0x38200800, by_register },
	{ 0xff200400, 0xf8200400, authenticated },	/* LDRAA, LDRAB */
	{ 0x3b200000, 0x38000000, unscaled },
	{ 0x3b000000, 0x39000000, scaled },
	{ 0xbe000000, 0x0c000000, plain },		/* LD1 .. ST4 */
	{ 0xfffff000, 0xd50b7000, by_rt },		/* DC ZVA and its kin */
};

/* ---- where it jumps to --------------------------------------------------------------- */

static const struct {
	uint32_t mask, value;
	unsigned high, low;	/* bits of the distance, in instructions */
} branches[] = {
	{ 0x7c000000, 0x14000000, 25, 0 },	/* B, BL */
	{ 0xff000000, 0x54000000, 23, 5 },	/* B.cond, BC.cond */
	{ 0x7e000000, 0x34000000, 23, 5 },	/* CBZ, CBNZ */
	{ 0x7e000000, 0x36000000, 18, 5 },	/* TBZ, TBNZ */
};

void insn_decode_arm64(const uint8_t *bytes, size_t n, struct insn *out)
{
	uint32_t w;

	if (n < 4)
		return;
	w = get_u32(bytes);
	out->len = 4;
	for (size_t i = 0; i < sizeof(memory) / sizeof(memory[0]); i++) {
		if ((w & memory[i].mask) != memory[i].value)
			continue;
		out->operands[0] = (struct operand){ .base = (int)bits(w, 9, 5),
						     .index = NO_REG, .is_touched = true };
		memory[i].read(w, &out->operands[0]);
		out->n_operands = 1;
		return;
	}
	for (size_t i = 0; i < sizeof(branches) / sizeof(branches[0]); i++)
		if ((w & branches[i].mask) == branches[i].value) {
			out->jumps = true;
			out->target = signed_bits(w, branches[i].high, branches[i].low) * 4;
			return;
		}
}
