/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a crash was, as plain values: made out of the crashed kernel's memory and log alone,
 * without debug information. report_text.c and report_json.c turn it into bytes.
 */
#ifndef TRIAGE_REPORT_H
#define TRIAGE_REPORT_H

#include "audit.h"
#include "base/known.h"
#include "cpu_state.h"
#include "details.h"
#include "disk_layers.h"
#include "fault.h"
#include "frozen.h"
#include "hw_log.h"
#include "hwerr.h"
#include "livepatches.h"
#include "memgroups.h"
#include "memuse.h"
#include "netdevs.h"
#include "objects.h"
#include "oops_reader.h"
#include "signals.h"
#include "signature.h"
#include "taint.h"
#include "timeline.h"
#include "waits.h"

struct triage;

#define REPORT_MISSING 16
#define REPORT_BLOCKED 64
#define REPORT_BLOCKED_TASKS 512
#define REPORT_GROUP_PIDS 32u
#define REPORT_EVIDENCE 8

/* How much of it could be had. */
enum report_level {
	LEVEL_LOG,		/* the log's words */
	LEVEL_SYMBOLS,		/* names of addresses: the CPUs' stacks */
	LEVEL_TYPES,		/* layouts of structures: all of it */
};

/* "log", "symbols", "types" */
const char *report_level_name(enum report_level level);

/* What became of the crashed kernel's log. */
enum report_log {
	LOG_READ,
	LOG_SALVAGED,		/* found by what it looks like: texts without times */
	LOG_UNREAD,
};

struct report_missing {
	const char *section;
	char why[160];
};

struct blocked_task {
	struct proc proc;
	struct wait wait;
	unsigned circle;	/* the tasks in one wait for each other; 0: in none */
	vaddr_t end;		/* the task that its chain of owners ends at, 0: it has none */
};

/* Tasks that are blocked in the same stack, by the same lock. */
struct blocked_group {
	struct wait wait;	/* of the first */
	struct proc first;	/* that waits longest */
	unsigned n;
	uint32_t pids[REPORT_GROUP_PIDS];	/* of them, as they were found */
	double seconds;		/* < 0: not known */
	struct stack stack;
};

struct finding {
	const char *rule;	/* "null-deref", a word for programs */
	char awaited[40];	/* "disk": what tasks wait for that is no other task; "" none */
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
	bool by_kexec;			/* started by a kernel before it, and not by firmware */
	uint32_t kexec_count;		/* since the power was on; 0: not told */
	char previous[65];		/* release of the kernel before; "" not told */
};

struct report {
	enum report_level level;
	bool is_live;			/* of a machine that has not crashed, see live_s */
	const struct arch *arch;
	struct triage *triage;		/* what it was read by, see triage.h */
	struct report_system system;
	struct oops_reader log;		/* of it .death and .panic */
	enum report_log by_log;
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
	struct fault fault;		/* its instruction, of a bad access */
	char code[LOG_MESSAGE_MAX];	/* the bytes around it, by the log or else by memory */
	struct objects objects;		/* that its stack points to */
	struct proc_details details;

	struct procs procs;
	struct blocked_group *blocked;
	unsigned n_blocked, n_blocked_tasks;
	struct blocked_task *waiters;	/* each of them, as far as there is room */
	unsigned n_waiters, n_circles;

	struct symbols symbols;
	struct memuse memory;
	bool has_memory;
	struct memgroups memgroups;	/* that are full */
	struct disks disks;
	struct frozen frozen;
	struct trace trace;
	struct signals signals;		/* of it */
	struct audit audit;
	struct netdevs net;
	struct hwerr hwerr[HWERR_KINDS];
	unsigned n_hwerr;
	struct hw_log hw_log;
	struct livepatch livepatches[LIVEPATCHES_MAX];
	unsigned n_livepatches;

	struct signature signature;
	char known[KNOWN_TEXT];		/* what somebody has said of it before, "" nothing */
	struct finding finding;
	struct finding also[4];
	unsigned n_also;

	struct report_missing missing[REPORT_MISSING];
	unsigned n_missing;
	double seconds;			/* that it took to make */
};

/* Notes what a section could not have, and why; with REPORT_MISSING of them it is full. */
void report_lacks(struct report *r, const char *section, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* From that moment of the crashed kernel's clock to the end; < 0: not known. */
double report_seconds_since(const struct report *r, uint64_t since_ns);

#endif
