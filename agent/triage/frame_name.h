/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of stack frames, made equal over kernels and compilers, and what a function is in a
 * stack of a crash: one that only reports it, a wrapper, an entry, a helper of everybody.
 */
#ifndef TRIAGE_FRAME_NAME_H
#define TRIAGE_FRAME_NAME_H

#include <stdbool.h>
#include <stddef.h>

#define FRAME_NAME_MAX 128

/* "function", "module!function" or "bpf!program". */
struct frame_name {
	char text[FRAME_NAME_MAX];
};

/* In the place of a name: of an address where a module may have been that is gone. */
#define FRAME_UNLOADED "(unloaded)"

enum frame_role {
	FRAME_PLAIN,
	FRAME_REPORTER,		/* says that something is wrong: panic, exc_page_fault */
	FRAME_WRAPPER,		/* one function of the source in several of the compiler */
	FRAME_ENTRY,		/* whatever is below is not the subject's: do_syscall_64 */
	FRAME_PRIMITIVE,	/* is called by all: memcpy, mutex_lock */
};

/*
 * symbol as kallsyms has it; module: NULL for the kernel's own, "bpf" for a program. What the
 * compiler put behind a '.' is gone, __x64_sys_read is sys_read.
 */
void frame_name_set(struct frame_name *f, const char *symbol, const char *module);

/* "bpf_prog_6deef7357e7b4530_name", and not bpf_prog_array_copy(), which is the kernel's. */
bool frame_is_bpf_program(const char *symbol);

enum frame_role frame_role(const struct frame_name *f);

/* Its function without a module. */
const char *frame_function(const struct frame_name *f);

#endif
