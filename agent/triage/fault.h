/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The instruction that a fault broke into: the memory it wanted, the register to blame. */
#ifndef TRIAGE_FAULT_H
#define TRIAGE_FAULT_H

#include "insn.h"
#include "oops.h"
#include "vmcore/space.h"

struct fault {
	bool is_known;		/* the rest counts */
	struct operand operand;
	uint64_t address;	/* what the registers make of it */
	int base;		/* the register that it counts from, NO_REG: none */
	uint64_t base_value;
};

/* As many bytes of the instruction there as are to be had, of two pages if it lies across
   them; 0: none, e says why. */
size_t fault_read_code(struct space *s, vaddr_t at, uint8_t bytes[INSN_MAX], struct err *e);

/*
 * "48 8b 05 <c7> 00", as oopses have it (words and "(...)" on arm64): what lies around ip, ""
 * if not even that can be read.
 */
void fault_code_text(struct space *s, vaddr_t ip, char *text, size_t size);

/* Has the log none of them, where it should? */
bool fault_lacks_code(const struct oops *o);

/*
 * Decodes what lies at regs[pc]. It is known only if the log tells of a bad access and the
 * registers make the log's address of an operand or, where it tells none, one that no pointer
 * can be.
 */
void fault_read(struct fault *f, struct space *s, const struct oops *o, const uint64_t *regs);

#endif
