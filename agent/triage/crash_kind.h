/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kinds of death that a kernel's log tells of, and the words it does so with: the same
 * kind on every CPU and kernel, whatever the wording.
 */
#ifndef TRIAGE_CRASH_KIND_H
#define TRIAGE_CRASH_KIND_H

#include <stdbool.h>

enum crash_kind {
	KIND_UNKNOWN, KIND_NULL_DEREF, KIND_BAD_ACCESS, KIND_BAD_EXEC, KIND_USER_ACCESS,
	KIND_GPF, KIND_BUG, KIND_WARN, KIND_DIVIDE, KIND_INVALID_OP, KIND_STACK_OVERFLOW,
	KIND_DOUBLE_FAULT, KIND_STACK_PROTECTOR, KIND_LIST_CORRUPTION, KIND_SLAB_CORRUPTION,
	KIND_BAD_PAGE, KIND_REFCOUNT, KIND_KASAN, KIND_KFENCE, KIND_UBSAN, KIND_SOFT_LOCKUP,
	KIND_HARD_LOCKUP, KIND_RCU_STALL, KIND_HUNG_TASK, KIND_WORKQUEUE_STALL, KIND_OOM,
	KIND_INIT_EXIT, KIND_NO_INIT, KIND_NO_ROOT, KIND_MCE, KIND_GHES, KIND_AER,
	KIND_SERROR, KIND_NMI_UNKNOWN, KIND_NMI_HARDWARE, KIND_FS_PANIC, KIND_LOCKDEP,
	KIND_WATCHDOG, KIND_SYSRQ, KIND_PANIC, N_KINDS
};

/* Whose stack shows the fault. */
enum crash_subject {
	SUBJECT_HERE,		/* that of the CPU that died */
	SUBJECT_TASK,		/* that of the task that the log names */
	SUBJECT_CPU,		/* that of the CPU that the log names */
	SUBJECT_NONE,		/* no stack does */
};

struct crash_kind_facts {
	const char *token;	/* in signatures, for ever */
	enum crash_subject subject;
	/*
	 * The frames next to the entry count, not the innermost: where in its loop a CPU was
	 * when it was looked at is chance.
	 */
	bool outer;
	bool survivable;	/* the kernel goes on after it, unless it was told to panic */
	bool is_stall;		/* a CPU, a task or a pool of workers stood still */
	/*
	 * In coarse ones, NULL: the same. What notices a damaged object first is a matter of
	 * how the kernel was built: with sheaves (mm/slub.c) no free looks whether the object
	 * is free already, and a list that both owners are on notices instead.
	 */
	const char *coarse;
};

extern const struct crash_kind_facts crash_kinds[N_KINDS];

/*
 * What a message of the kernel's log announces, without time stamp; KIND_UNKNOWN: nothing.
 * A message may be a harmless one: a WARNING, or a "BUG:" that was survived.
 */
enum crash_kind crash_kind_of_line(const char *message);

/* How much of what comes later one that was survived may explain. */
enum crash_weight {
	WEIGHT_NOTHING,
	WEIGHT_WARNING,
	WEIGHT_DAMAGE,		/* memory is not what it was */
	WEIGHT_DEATH,		/* a task ended in the midst of what it did */
};

enum crash_weight crash_kind_weight(enum crash_kind kind);

/*
 * What follows "Kernel panic - not syncing: ". KIND_UNKNOWN: it is only the end of what was
 * announced before ("Fatal exception"); KIND_PANIC: words that are in no table.
 */
enum crash_kind crash_kind_of_panic(const char *text);

#endif
