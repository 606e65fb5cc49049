/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Copies that ftrace makes of its entry code, one for each who traces: code without a name. */
#ifndef TRIAGE_TRAMPOLINES_H
#define TRIAGE_TRAMPOLINES_H

#include "field.h"

struct trampoline_facts {
	int64_t list, list_end;			/* of tracers: a pointer, and its end */
	int64_t plain, with_regs;		/* the two that copies are made of */
	struct field next, copy, copy_len;	/* struct ftrace_ops */
};

extern const struct wish_set trampoline_wishes;

/* What that instruction of a copy is a copy of; 0: it lies in none. */
vaddr_t trampoline_original(struct space *s, const struct trampoline_facts *f, vaddr_t ip);

#endif
