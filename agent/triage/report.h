/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a crash was, as plain values: made out of the crashed kernel's memory and log alone,
 * without debug information. text.c and jsonreport.c turn it into bytes.
 */
#ifndef TRIAGE_REPORT_H
#define TRIAGE_REPORT_H

#include "cpu_state.h"
#include "details.h"
#include "memuse.h"
#include "oops_reader.h"
#include "signature.h"
#include "taint.h"
#include "timeline.h"

struct triage;

#define REPORT_MISSING 16
#define REPORT_BLOCKED 64
#define REPORT_EVIDENCE 8

/* How much of it could be had. */
enum report_level {
	LEVEL_LOG,		/* the log's words */
	LEVEL_SYMBOLS,		/* names of addresses: the CPUs' stacks */
	LEVEL_TYPES,		/* layouts of structures: all of it */
};

/* "log", "symbols", "types" */
const char *report_level_name(enum report_level level);

struct report_missing {
	const char *section;
	char why[160];
};

/* Tasks that are blocked in the same stack. */
struct blocked_group {
	struct proc first;	/* that waits longest */
	unsigned n;
	double seconds;		/* < 0: not known */
	struct stack stack;
};

struct finding {
	const char *rule;	/* "null-deref", a word for programs */
	char text[320];
	char evidence[REPORT_EVIDENCE][160];
	unsigned n_evidence;
};

struct report_system {
	char release[65], version[65], machine[65], node[65];
	char build_id[41];
	char hardware[128], cmdline[1024];
	int64_t crash_time;	/* seconds since 1970, 0 not known */
	double uptime_s;	/* < 0 not known */
	uint64_t taint;
	bool has_taint;
	char taint_letters[REPORT_LETTERS];
	unsigned n_cpus, n_online;
};

struct report {
	enum report_level level;
	const struct arch *arch;
	struct triage *triage;		/* what it was read by, see triage.h */
	struct report_system system;
	struct oops_reader log;		/* of it .death and .panic */
	struct timeline timeline;

	int crash_cpu;			/* index into cpus, -1 not known */
	struct cpu_state *cpus;
	unsigned n_cpus;

	/* Whose stack tells it: of crash_cpu, of the CPU or the task that the log names. */
	struct proc subject;		/* at is 0: not known */
	struct stack subject_stack;
	unsigned subject_first;		/* its frame where the fault is, behind the reporters */
	bool has_subject_regs;
	uint64_t subject_regs[UNWIND_REGS];
	struct proc_details details;

	struct procs procs;
	struct blocked_group *blocked;
	unsigned n_blocked, n_blocked_tasks;

	struct symbols symbols;
	struct memuse memory;
	bool has_memory;

	struct signature signature;
	struct finding finding;
	struct finding also[4];
	unsigned n_also;

	struct report_missing missing[REPORT_MISSING];
	unsigned n_missing;
	double seconds;			/* that it took to make */
};

#endif
