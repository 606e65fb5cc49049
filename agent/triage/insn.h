/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One instruction of the crashed machine: how long it is, which memory it names and where it
 * jumps to. No disassembler: what it does with them is not told.
 */
#ifndef TRIAGE_INSN_H
#define TRIAGE_INSN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arch;

#define INSN_MAX 15		/* bytes of the longest */
#define OPERAND_TEXT 64
#define NO_REG (-1)

/* How many bits of the index count. */
enum index_kind { INDEX_WHOLE, INDEX_LOW_UNSIGNED, INDEX_LOW_SIGNED };

/* Memory: base + (index << shift) + disp. */
struct operand {
	int base, index;	/* places in arch->regs, NO_REG: none */
	unsigned shift;
	enum index_kind index_kind;
	int64_t disp;
	bool from_insn;		/* from where the instruction itself lies; no base */
	const char *prefix;	/* "gs:": it counts from what no register here has; NULL */
	bool is_touched;	/* read or written: not so by who only reckons with it */
};

struct insn {
	unsigned len;		/* 0: it is none, or not all of it is there */
	struct operand operands[2];
	unsigned n_operands;
	bool jumps;		/* to here + target, or calls that */
	int64_t target;
};

/* The n bytes from there on, for that machine (EM_X86_64, EM_AARCH64). Never fails. */
void insn_decode(uint16_t e_machine, const uint8_t *bytes, size_t n, struct insn *out);

/* The address that registers in the order of arch->regs make of it, at instruction ip. */
uint64_t operand_address(const struct operand *op, const uint64_t *regs, uint64_t ip);

/* "[rbx + rcx*8 + 0x118]", "gs:[0x20]", "[rip + 0x12]" counted from the instruction's start. */
void operand_text(const struct operand *op, const struct arch *arch, char text[OPERAND_TEXT]);

/* Of one kind of CPU each. */
void insn_decode_x86_64(const uint8_t *bytes, size_t n, struct insn *out);
void insn_decode_arm64(const uint8_t *bytes, size_t n, struct insn *out);

#endif
