/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The log and the registers are the two witnesses: what they agree on is believed. */
#include "fault.h"

#include <elf.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/err.h"

#define BYTES_BEFORE 42u	/* as the kernel prints them */
#define BYTES_BEHIND 22u
#define WORDS_BEFORE 4u
#define ACCESS_MAX 64u	/* bytes from the operand's address on that are touched at most */

static bool is_access(enum crash_kind kind)
{
	return kind == KIND_NULL_DEREF || kind == KIND_BAD_ACCESS || kind == KIND_USER_ACCESS ||
	       kind == KIND_GPF;
}

/* Neither of user mode nor of the kernel. */
static bool is_impossible(uint64_t address)
{
	int64_t top = (int64_t)address >> 56;

	return top && top != -1;
}

size_t fault_read_code(struct space *s, vaddr_t at, uint8_t bytes[INSN_MAX], struct err *e)
{
	size_t n = min_u64(INSN_MAX, 4096 - at % 4096);
	struct err ignored;

	if (!space_read(s, at, bytes, n, e))
		return 0;
	if (n < INSN_MAX && space_read(s, at + n, bytes + n, INSN_MAX - n, &ignored))
		n = INSN_MAX;
	return n;
}

bool fault_lacks_code(const struct oops *o)
{
	return o->code[0] ? !strpbrk(o->code, "<(") : is_access(o->kind);
}

void fault_code_text(struct space *s, vaddr_t ip, char *text, size_t size)
{
	const bool is_words = s->arch->e_machine == EM_AARCH64;
	const unsigned len = is_words ? 4 : 1;
	const unsigned before = is_words ? WORDS_BEFORE * 4 : BYTES_BEFORE;
	const unsigned behind = is_words ? 4 : BYTES_BEHIND;
	size_t n = 0;

	text[0] = '\0';
	for (vaddr_t at = ip - before; at != ip + behind; at += len) {
		const char *mark = at != ip ? "" : is_words ? "()" : "<>";
		uint32_t value = 0;
		struct err ignored;

		/* It may begin in front of its function's page, and end behind it. */
		if (!space_read(s, at, &value, len, &ignored)) {
			if (at >= ip)
				break;
			continue;
		}
		if (n < size)
			n += snprintf(text + n, size - n, "%s%.1s%0*x%s", n ? " " : "", mark,
				      (int)(2 * len), value, mark[0] ? mark + 1 : "");
	}
	if (!strpbrk(text, "<("))
		text[0] = '\0';
}

/* arm64 passes over the top byte, and its log leaves out what stood there. */
static uint64_t without_tag(const struct space *s, uint64_t address)
{
	return s->arch->e_machine == EM_AARCH64 ? (uint64_t)((int64_t)(address << 8) >> 8)
						 : address;
}

static bool is_it(const struct space *s, const struct operand *op, uint64_t address,
		  const struct oops *o)
{
	if (!op->is_touched || op->prefix)
		return false;
	if (!o->has_address)
		return is_impossible(address);
	return without_tag(s, o->address) - without_tag(s, address) < ACCESS_MAX;
}

void fault_read(struct fault *f, struct space *s, const struct oops *o, const uint64_t *regs)
{
	vaddr_t ip = regs[s->arch->reg_pc];
	uint8_t bytes[INSN_MAX];
	struct err ignored;
	struct insn insn;

	*f = (struct fault){ .base = NO_REG };
	if (!is_access(o->kind))
		return;
	insn_decode(s->arch->e_machine, bytes,
		    fault_read_code(s, ip, bytes, &ignored), &insn);
	for (unsigned i = 0; i < insn.n_operands && !f->is_known; i++) {
		const struct operand *op = &insn.operands[i];
		uint64_t address = operand_address(op, regs, ip);

		if (!is_it(s, op, address, o))
			continue;
		f->is_known = true;
		f->operand = *op;
		f->address = address;
		f->base = op->base != NO_REG ? op->base : op->index;
		f->base_value = f->base != NO_REG ? regs[f->base] : 0;
	}
}
