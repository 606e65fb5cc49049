/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who traces with ftrace is in a list (Linux kernel/trace/ftrace.c), and where there is one
 * tracer alone of a function, that calls a copy of ftrace_caller or ftrace_regs_caller
 * (arch/x86/kernel/ftrace.c). Which of the two, the code itself tells.
 */
#include "trampolines.h"

#include <string.h>

#include "base/err.h"

#define TRACERS_MAX 1024u
#define COPY_MAX 4096u
#define HEAD_LEN 16		/* bytes of code by which the two are told apart */

#define AT(member) offsetof(struct trampoline_facts, member)

static const struct wish wishes[] = {
	{ WISH_SYMBOL, "ftrace_ops_list", AT(list) },
	{ WISH_SYMBOL, "ftrace_list_end", AT(list_end) },
	{ WISH_SYMBOL, "ftrace_caller", AT(plain) },
	{ WISH_SYMBOL, "ftrace_regs_caller", AT(with_regs) },
	WISH_FIELD("ftrace_ops.next", AT(next)),
	WISH_FIELD("ftrace_ops.trampoline", AT(copy)),
	WISH_FIELD("ftrace_ops.trampoline_size", AT(copy_len)),
};

const struct wish_set trampoline_wishes = WISH_SET(wishes, struct trampoline_facts);

static bool is_copy_of(struct space *s, vaddr_t copy, int64_t original)
{
	uint8_t there[HEAD_LEN], here[HEAD_LEN];
	struct err ignored;

	return has(original) && space_read(s, copy, there, HEAD_LEN, &ignored) &&
	       space_read(s, (vaddr_t)original, here, HEAD_LEN, &ignored) &&
	       !memcmp(there, here, HEAD_LEN);
}

static vaddr_t original_of(struct space *s, const struct trampoline_facts *f, vaddr_t copy)
{
	if (is_copy_of(s, copy, f->with_regs))
		return (vaddr_t)f->with_regs;
	return is_copy_of(s, copy, f->plain) ? (vaddr_t)f->plain : 0;
}

vaddr_t trampoline_original(struct space *s, const struct trampoline_facts *f, vaddr_t ip)
{
	vaddr_t tracer, copy, original;
	struct err ignored;

	if (!has(f->list) || !has(f->copy.off) ||
	    !space_read_u64(s, (vaddr_t)f->list, &tracer, &ignored))
		return 0;
	for (unsigned i = 0; tracer && i < TRACERS_MAX; i++) {
		if (has(f->list_end) && tracer == (vaddr_t)f->list_end)
			return 0;
		copy = field_value(s, tracer, f->copy);
		if (copy && ip >= copy && ip - copy < COPY_MAX &&
		    ip - copy < field_value(s, tracer, f->copy_len)) {
			original = original_of(s, f, copy);
			return original ? original + (ip - copy) : 0;
		}
		tracer = field_value(s, tracer, f->next);
	}
	return 0;
}
