/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The unwind tables that x86 kernels carry (Linux arch/x86/include/asm/orc_types.h): how to
 * find the caller's stack from any instruction. Bit widths and register numbers changed over
 * the years without a mark: both are taken from what nearly all entries say.
 */
#ifndef TRIAGE_ORC_H
#define TRIAGE_ORC_H

#include "field.h"
#include "kernel/kallsyms.h"
#include "modules.h"

enum orc_base { ORC_NONE, ORC_PREV_SP, ORC_SP, ORC_BP, ORC_SP_INDIRECT, ORC_BP_INDIRECT,
		ORC_AX, ORC_DX, ORC_DI, ORC_R10, ORC_R13 };

enum orc_type { ORC_UNDEFINED, ORC_END, ORC_CALL, ORC_REGS, ORC_REGS_PARTIAL };

struct orc_entry {
	enum orc_type type;
	enum orc_base sp_base, bp_base;
	int16_t sp_off, bp_off;
	bool is_exact;		/* the caller's address is that of an instruction, no return */
};

struct orc_facts {
	int64_t ip_start, ip_stop, entries_start, entries_stop;	/* variables */
};

extern const struct wish_set orc_wishes;

struct orc {
	struct space *space;
	const struct orc_facts *facts;
	const struct modules *modules;
	const enum orc_base *numbering;	/* NULL: the tables are not understood */
	unsigned type_bits;
	vaddr_t ip, entries;		/* of the image's own table */
	uint64_t n;
};

/* ENOENT: no tables; EINVAL: they contradict themselves. */
bool orc_open(struct orc *o, struct err *e);

/* What to do at an instruction; for a return address ask for the byte before it. */
bool orc_find(struct orc *o, vaddr_t ip, struct orc_entry *entry);

#endif
