/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Findings about tasks that wait: who is the cause, and who only stands beside it. */
#include "t.h"
#include "triage/finding.h"
#include "triage/triage.h"
#include "vmcore/arch.h"

/* A task waits for what one had that died of a fault: is that told? */
static void dead_holder(void)
{
	static const struct {
		const char *row;
		enum crash_kind earlier;
		uint32_t pid;		/* of who has the lock */
		const char *comm;
		char state;
		const char *rule;
	} holders[] = {
		{ "a zombie", KIND_NULL_DEREF, 7, "acmed", 'Z', "dead-holder" },
		{ "it lives", KIND_NULL_DEREF, 7, "acmed", 'S', "holder" },
		{ "another died", KIND_NULL_DEREF, 8, "acmed", 'Z', "holder" },
		{ "another of that number", KIND_NULL_DEREF, 7, "other", 'Z', "holder" },
		{ "it only warned", KIND_WARN, 7, "acmed", 'Z', "holder" },
	};
	static struct blocked_task waiter;
	static struct cpu_state cpu;
	static struct triage none;
	static struct proc owner;
	static struct report r;

	for (size_t i = 0; i < T_SIZE(holders); i++) {
		memset(&r, 0, sizeof(r));
		r.arch = &arch_x86_64;
		r.triage = &none;
		r.log.death.kind = KIND_SYSRQ;
		r.system.uptime_s = 100;
		r.log.earlier = (struct oops_earlier){
			.kind = holders[i].earlier, .pid = 7, .comm = "acmed",
			.line = "BUG: it died" };
		owner = (struct proc){ .at = 0x4000, .pid = holders[i].pid,
				       .state = holders[i].state };
		snprintf(owner.comm, sizeof(owner.comm), "%s", holders[i].comm);
		r.procs.list = &owner;
		r.procs.n = 1;
		waiter = (struct blocked_task){
			.proc = { .since_ns = 1, .comm = "w", .pid = 3 }, .end = 0x4000,
			.wait = { .owned = OWNER_SURE, .owner = 0x4000 } };
		cpu.task = owner;
		r.cpus = &cpu;
		r.n_cpus = 1;
		r.waiters = &waiter;
		r.n_waiters = 1;
		finding_make(&r);
		T_TEXT(holders[i].row, holders[i].rule, r.finding.rule);
	}
}

/* A writer that waits for its turn holds nothing, whatever waits behind it. */
static void pending_writer(void)
{
	static const struct {
		const char *row;
		enum wait_kind kind;
		bool waits;
	} rows[] = {
		{ "it has a mutex", WAIT_MUTEX, false },
		{ "it waits to write", WAIT_PERCPU, true },
	};
	static struct blocked_task waiter;
	static struct triage none;
	static struct cpu_state cpu;
	static struct proc writer;
	static struct kallsyms none_named = { .state = SENSELESS };
	static struct report r;

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		memset(&r, 0, sizeof(r));
		r.arch = &arch_x86_64;
		r.symbols.kallsyms = &none_named;
		r.triage = &none;
		r.log.death.kind = KIND_HUNG_TASK;
		r.system.uptime_s = 100;
		writer = (struct proc){ .at = 0x4000, .pid = 7, .comm = "writer",
					.state = 'D' };
		r.procs.list = &writer;
		r.procs.n = 1;
		cpu.task = writer;	/* so that no stack is asked for */
		r.cpus = &cpu;
		r.n_cpus = 1;
		waiter = (struct blocked_task){
			.proc = { .at = 0x5000, .since_ns = 1, .comm = "late" }, .end = 0x4000,
			.wait = { .kind = rows[i].kind, .owned = OWNER_SURE,
				  .owner = 0x4000 } };
		r.waiters = &waiter;
		r.n_waiters = 1;
		finding_make(&r);
		T_TEXT(rows[i].row, "holder", r.finding.rule);
		T_EQUAL(rows[i].row, rows[i].waits,
			!!strstr(r.finding.text, "waits until the last reader leaves"));
	}
}

/* A task waits for what a reader took last: is that one told? */
static void last_holder(void)
{
	static const struct {
		const char *row;
		enum cpu_mode mode;	/* of the CPU that it is on */
		bool is_waiter;		/* it is the one that waits, itself */
		const char *rule;
	} readers[] = {
		{ "in the kernel", CPU_KERNEL, false, "last-holder" },
		{ "in user mode, where nobody holds any", CPU_USER, false, "hung-task" },
		{ "itself", CPU_KERNEL, true, "hung-task" },
	};
	static struct blocked_task waiter;
	static struct cpu_state cpu;
	static struct triage none;
	static struct proc reader;
	static struct report r;

	for (size_t i = 0; i < T_SIZE(readers); i++) {
		memset(&r, 0, sizeof(r));
		r.arch = &arch_x86_64;
		r.triage = &none;
		r.log.death.kind = KIND_HUNG_TASK;
		r.system.uptime_s = 100;
		reader = (struct proc){ .at = 0x4000, .pid = 7, .comm = "reader" };
		r.procs.list = &reader;
		r.procs.n = 1;
		cpu.mode = readers[i].mode;
		cpu.task = reader;
		r.cpus = &cpu;
		r.n_cpus = 1;
		waiter = (struct blocked_task){
			.proc = { .at = readers[i].is_waiter ? 0x4000 : 0x5000, .since_ns = 1 },
			.wait = { .owned = OWNER_MAYBE, .owner = 0x4000 } };
		r.waiters = &waiter;
		r.n_waiters = 1;
		finding_make(&r);
		T_TEXT(readers[i].row, readers[i].rule, r.finding.rule);
	}
}

/* A disk takes its time, and nobody that is blocked waits for any: it is no cause. */
static void slow_disk(void)
{
	static const struct disk_use disk = { .name = "sr0", .n = 1,
					      .oldest = { { .since_ns = 1 } } };
	static struct triage none;
	static struct report r;

	memset(&r, 0, sizeof(r));
	r.arch = &arch_x86_64;
	r.triage = &none;
	r.log.death.kind = KIND_HUNG_TASK;
	r.system.uptime_s = 100;
	r.n_blocked_tasks = 1;
	r.disks.list[0] = disk;
	r.disks.n = 1;
	finding_make(&r);
	T_TEXT("a slow disk that nobody waits for", "hung-task", r.finding.rule);
}

int main(void)
{
	pending_writer();
	dead_holder();
	last_holder();
	slow_disk();
	return t_done();
}
