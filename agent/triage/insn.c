/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which decoder it is, and what an operand comes to. */
#include "insn.h"

#include <elf.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "vmcore/arch.h"

void insn_decode(uint16_t e_machine, const uint8_t *bytes, size_t n, struct insn *out)
{
	*out = (struct insn){ .len = 0 };
	if (e_machine == EM_X86_64)
		insn_decode_x86_64(bytes, n, out);
	else if (e_machine == EM_AARCH64)
		insn_decode_arm64(bytes, n, out);
}

uint64_t operand_address(const struct operand *op, const uint64_t *regs, uint64_t ip)
{
	uint64_t at = (uint64_t)op->disp + (op->from_insn ? ip : 0), index;

	if (op->base != NO_REG)
		at += regs[op->base];
	if (op->index == NO_REG)
		return at;
	index = regs[op->index];
	if (op->index_kind == INDEX_LOW_UNSIGNED)
		index = (uint32_t)index;
	else if (op->index_kind == INDEX_LOW_SIGNED)
		index = (uint64_t)(int64_t)(int32_t)index;
	return at + (index << op->shift);
}

static void add(char *text, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void add(char *text, const char *fmt, ...)
{
	size_t len = strlen(text);
	va_list args;

	va_start(args, fmt);
	vsnprintf(text + len, OPERAND_TEXT - len, fmt, args);
	va_end(args);
}

void operand_text(const struct operand *op, const struct arch *arch, char text[OPERAND_TEXT])
{
	const char *base = op->base != NO_REG ? arch->regs[op->base] :
			   op->from_insn ? arch->regs[arch->reg_pc] : "";
	static const char *const low[] = { "", ":32", ":s32" };

	snprintf(text, OPERAND_TEXT, "%s[%s", op->prefix ? op->prefix : "", base);
	if (op->index != NO_REG) {
		add(text, "%s%s%s", *base ? " + " : "", arch->regs[op->index],
		    low[op->index_kind]);
		if (op->shift)
			add(text, "*%u", 1u << op->shift);
	} else if (!*base) {
		add(text, "0x%" PRIx64 "]", (uint64_t)op->disp);
		return;
	}
	if (op->disp)
		add(text, " %c %#" PRIx64, op->disp < 0 ? '-' : '+',
		    op->disp < 0 ? -(uint64_t)op->disp : (uint64_t)op->disp);
	add(text, "]");
}
