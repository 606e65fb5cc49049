/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tables of words. Sources: Linux arch/x86/{mm/fault,kernel/traps,kernel/dumpstack,
 * kernel/nmi,kernel/cpu/mce/core}.c, arch/arm64/{mm/fault,kernel/traps}.c, kernel/panic.c,
 * kernel/watchdog.c, kernel/hung_task.c, kernel/rcu/tree_stall.h, kernel/workqueue.c,
 * mm/oom_kill.c, mm/slub.c, mm/kasan/report.c, lib/list_debug.c, lib/refcount.c, init/main.c,
 * init/do_mounts.c, drivers/acpi/apei/ghes.c. A row that is more exact stands before one
 * that is less so.
 */
#include "crash_kind.h"

#include <stddef.h>

#include "glob.h"

#define DAMAGED_OBJECT .coarse = "corruption"
#define STALL .survivable = true, .is_stall = true

const struct crash_kind_facts crash_kinds[N_KINDS] = {
	[KIND_UNKNOWN] = { "unknown", SUBJECT_HERE },
	[KIND_NULL_DEREF] = { "null-deref", SUBJECT_HERE },
	[KIND_BAD_ACCESS] = { "bad-access", SUBJECT_HERE },
	[KIND_BAD_EXEC] = { "bad-exec", SUBJECT_HERE },
	[KIND_USER_ACCESS] = { "user-access", SUBJECT_HERE },
	[KIND_GPF] = { "gpf", SUBJECT_HERE },
	[KIND_BUG] = { "bug", SUBJECT_HERE },
	[KIND_WARN] = { "warn", SUBJECT_HERE, .survivable = true },
	[KIND_DIVIDE] = { "divide", SUBJECT_HERE },
	[KIND_INVALID_OP] = { "invalid-op", SUBJECT_HERE },
	[KIND_STACK_OVERFLOW] = { "stack-overflow", SUBJECT_HERE },
	[KIND_DOUBLE_FAULT] = { "double-fault", SUBJECT_HERE },
	[KIND_STACK_PROTECTOR] = { "stack-protector", SUBJECT_HERE },
	[KIND_LIST_CORRUPTION] = { "list-corruption", SUBJECT_HERE, DAMAGED_OBJECT,
				   .survivable = true },
	[KIND_SLAB_CORRUPTION] = { "slab-corruption", SUBJECT_HERE, DAMAGED_OBJECT,
				   .survivable = true },
	[KIND_BAD_PAGE] = { "bad-page", SUBJECT_HERE, .survivable = true },
	[KIND_REFCOUNT] = { "refcount", SUBJECT_HERE, .survivable = true },
	[KIND_KASAN] = { "kasan", SUBJECT_HERE, .survivable = true },
	[KIND_KFENCE] = { "kfence", SUBJECT_HERE, .survivable = true },
	[KIND_UBSAN] = { "ubsan", SUBJECT_HERE, .survivable = true },
	[KIND_SOFT_LOCKUP] = { "soft-lockup", SUBJECT_CPU, STALL, .outer = true },
	[KIND_HARD_LOCKUP] = { "hard-lockup", SUBJECT_CPU, STALL, .outer = true },
	[KIND_RCU_STALL] = { "rcu-stall", SUBJECT_CPU, STALL, .outer = true },
	[KIND_HUNG_TASK] = { "hung-task", SUBJECT_TASK, STALL },
	[KIND_WORKQUEUE_STALL] = { "workqueue-stall", SUBJECT_NONE, STALL },
	[KIND_OOM] = { "oom", SUBJECT_NONE },
	[KIND_INIT_EXIT] = { "init-exit", SUBJECT_NONE },
	[KIND_NO_INIT] = { "no-init", SUBJECT_NONE },
	[KIND_NO_ROOT] = { "no-root", SUBJECT_NONE },
	[KIND_MCE] = { "mce", SUBJECT_NONE },
	[KIND_GHES] = { "ghes", SUBJECT_NONE },
	[KIND_AER] = { "aer", SUBJECT_NONE },
	[KIND_SERROR] = { "serror", SUBJECT_NONE },
	[KIND_NMI_UNKNOWN] = { "nmi-unknown", SUBJECT_NONE },
	[KIND_NMI_HARDWARE] = { "nmi-hardware", SUBJECT_NONE, .survivable = true },
	[KIND_FS_PANIC] = { "fs-panic", SUBJECT_HERE },
	[KIND_LOCKDEP] = { "lockdep", SUBJECT_HERE, .survivable = true },
	[KIND_WATCHDOG] = { "watchdog", SUBJECT_NONE },
	[KIND_SYSRQ] = { "sysrq", SUBJECT_NONE },
	[KIND_PANIC] = { "panic", SUBJECT_HERE },
};

struct wording {
	const char *pattern;
	enum crash_kind kind;
};

static const struct wording lines[] = {
	/* x86 */
	{ "BUG: kernel NULL pointer dereference*", KIND_NULL_DEREF },
	{ "BUG: unable to handle kernel NULL pointer dereference*", KIND_NULL_DEREF },
	{ "BUG: unable to handle *page fault*", KIND_BAD_ACCESS },
	{ "BUG: unable to handle kernel paging request*", KIND_BAD_ACCESS },
	{ "kernel tried to execute NX-protected page*", KIND_BAD_EXEC },
	{ "unable to execute userspace code (SMEP?)*", KIND_USER_ACCESS },
	{ "BUG: *stack guard page was hit*", KIND_STACK_OVERFLOW },
	{ "BUG: *stack overflow*", KIND_STACK_OVERFLOW },
	{ "kernel stack overflow (*", KIND_STACK_OVERFLOW },
	{ "PANIC: double fault*", KIND_DOUBLE_FAULT },
	{ "traps: PANIC: double fault*", KIND_DOUBLE_FAULT },
	{ "*general protection fault*[#*", KIND_GPF },
	{ "Oops: general protection fault*", KIND_GPF },
	{ "*stack segment: *[#*", KIND_GPF },
	{ "*divide error: *[#*", KIND_DIVIDE },
	{ "*divide_error: *[#*", KIND_DIVIDE },
	{ "*double fault: *[#*", KIND_DOUBLE_FAULT },
	{ "*invalid opcode: *[#*", KIND_INVALID_OP },
	{ "*int3: *[#*", KIND_INVALID_OP },
	{ "*Missing ENDBR: *", KIND_BAD_EXEC },
	{ "CFI failure at *", KIND_BAD_EXEC },
	{ "*: Corrupted page table at address *", KIND_BAD_ACCESS },
	{ "*Bad pagetable: *[#*", KIND_BAD_ACCESS },
	{ "*control protection: *[#*", KIND_BAD_EXEC },
	{ "*alignment check: *[#*", KIND_INVALID_OP },
	{ "*invalid TSS: *[#*", KIND_INVALID_OP },
	{ "*segment not present: *[#*", KIND_INVALID_OP },
	/* arm64 */
	{ "Unable to handle kernel NULL pointer dereference*", KIND_NULL_DEREF },
	{ "Unable to handle kernel execute from non-executable memory*", KIND_BAD_EXEC },
	{ "Unable to handle kernel execution of user memory*", KIND_USER_ACCESS },
	{ "Unable to handle kernel access to user memory*", KIND_USER_ACCESS },
	{ "Unable to handle kernel *", KIND_BAD_ACCESS },
	{ "Insufficient stack space to handle exception!*", KIND_STACK_OVERFLOW },
	{ "SError Interrupt on CPU*", KIND_SERROR },
	{ "Internal error: Oops - BUG: *", KIND_BUG },
	{ "Internal error: Oops - CFI: *", KIND_BAD_EXEC },
	{ "Internal error: Oops - BTI: *", KIND_BAD_EXEC },
	{ "Internal error: *lignment exception*", KIND_BAD_EXEC },
	{ "Internal error: *ndefined instruction*", KIND_INVALID_OP },
	{ "Internal error: *external abort*", KIND_SERROR },
	/* both */
	{ "NMI: PCI system error (SERR)*", KIND_NMI_HARDWARE },
	{ "NMI: IOCK error*", KIND_NMI_HARDWARE },
	{ "list_add *corruption*", KIND_LIST_CORRUPTION },
	{ "list_add corruption*", KIND_LIST_CORRUPTION },
	{ "list_add double add*", KIND_LIST_CORRUPTION },
	{ "list_del corruption*", KIND_LIST_CORRUPTION },
	{ "kernel BUG at *lib/list_debug.c:*", KIND_LIST_CORRUPTION },
	{ "kernel BUG at *mm/slub.c:*", KIND_SLAB_CORRUPTION },
	{ "kernel BUG at *mm/slab.c:*", KIND_SLAB_CORRUPTION },
	{ "kernel BUG at *", KIND_BUG },
	{ "refcount_t: *", KIND_REFCOUNT },
	{ "BUG: KASAN: *", KIND_KASAN },
	{ "BUG: KFENCE: *", KIND_KFENCE },
	{ "UBSAN: *", KIND_UBSAN },
	{ "BUG: Bad page *", KIND_BAD_PAGE },
	{ "BUG: Bad rss-counter *", KIND_BAD_PAGE },
	{ "BUG *(*): *", KIND_SLAB_CORRUPTION },
	{ "cache_from_obj: Wrong slab cache*", KIND_SLAB_CORRUPTION },
	{ "*watchdog: BUG: soft lockup - CPU#*", KIND_SOFT_LOCKUP },
	{ "BUG: soft lockup - CPU#*", KIND_SOFT_LOCKUP },
	{ "*Watchdog detected hard LOCKUP on cpu *", KIND_HARD_LOCKUP },
	{ "*INFO: rcu*stall*", KIND_RCU_STALL },
	{ "INFO: task *blocked *for more than *", KIND_HUNG_TASK },
	{ "BUG: workqueue lockup - *", KIND_WORKQUEUE_STALL },
	{ "*BUG: workqueue lockup - *", KIND_WORKQUEUE_STALL },
	{ "BUG: scheduling while atomic: *", KIND_WARN },
	{ "BUG: sleeping function called from invalid context*", KIND_WARN },
	{ "*possible circular locking dependency*", KIND_LOCKDEP },
	{ "*possible recursive locking*", KIND_LOCKDEP },
	{ "*possible irq lock inversion*", KIND_LOCKDEP },
	{ "*-safe -> *-unsafe lock order*", KIND_LOCKDEP },
	{ "*inconsistent lock state*", KIND_LOCKDEP },
	{ "*bad unlock balance detected*", KIND_LOCKDEP },
	{ "*bad contention detected*", KIND_LOCKDEP },
	{ "*held lock freed!*", KIND_LOCKDEP },
	{ "*still has locks held!*", KIND_LOCKDEP },
	{ "*lock held when returning to user space*", KIND_LOCKDEP },
	{ "*Nested lock was not taken*", KIND_LOCKDEP },
	{ "*Invalid wait context*", KIND_LOCKDEP },
	{ "*suspicious RCU usage*", KIND_LOCKDEP },
	{ "INFO: trying to register non-static key*", KIND_LOCKDEP },
	{ "WARNING: * at *", KIND_WARN },
	{ "Internal error: *", KIND_BAD_ACCESS },
};

static const struct wording panics[] = {
	{ "*Fatal exception*", KIND_UNKNOWN },
	{ "Attempted to kill the idle task!*", KIND_UNKNOWN },
	{ "Aiee, killing interrupt handler!*", KIND_UNKNOWN },
	{ "*panic_on_warn set*", KIND_UNKNOWN },
	{ "kasan.fault=panic set*", KIND_UNKNOWN },
	{ "panic_on_taint set*", KIND_UNKNOWN },
	{ "scheduling while atomic*", KIND_UNKNOWN },
	{ "Attempted to kill init!*", KIND_INIT_EXIT },
	{ "sysrq triggered crash*", KIND_SYSRQ },
	{ "softlockup: hung tasks*", KIND_SOFT_LOCKUP },
	{ "*Hard LOCKUP*", KIND_HARD_LOCKUP },
	{ "*hard LOCKUP*", KIND_HARD_LOCKUP },
	{ "hung_task: blocked tasks*", KIND_HUNG_TASK },
	{ "RCU Stall*", KIND_RCU_STALL },
	{ "workqueue: *stall*", KIND_WORKQUEUE_STALL },
	{ "*panic_on_oom is enabled*", KIND_OOM },
	{ "Out of memory*", KIND_OOM },
	{ "System is deadlocked on memory*", KIND_OOM },
	{ "No working init found*", KIND_NO_INIT },
	{ "Requested init *", KIND_NO_INIT },
	{ "No init found*", KIND_NO_INIT },
	{ "VFS: Unable to mount root fs*", KIND_NO_ROOT },
	{ "stack-protector: *", KIND_STACK_PROTECTOR },
	{ "corrupted stack end detected*", KIND_STACK_OVERFLOW },
	{ "kernel stack overflow*", KIND_STACK_OVERFLOW },
	{ "Machine halted*", KIND_DOUBLE_FAULT },
	{ "*achine check*", KIND_MCE },
	{ "Timeout: Not all CPUs entered broadcast exception handler*", KIND_MCE },
	{ "UE * on * page:0x*", KIND_MCE },
	{ "EDAC: PCI Parity Error*", KIND_AER },
	{ "Fatal hardware error!*", KIND_GHES },
	{ "*AER: *", KIND_AER },
	{ "*SError Interrupt*", KIND_SERROR },
	{ "NMI: Not continuing*", KIND_NMI_UNKNOWN },
	{ "NMI: *", KIND_NMI_HARDWARE },
	{ "NMI IOCK error*", KIND_NMI_HARDWARE },
	{ "PCI: *SERR*", KIND_NMI_HARDWARE },
	{ "EXT4-fs *panic*", KIND_FS_PANIC },
	{ "*panic forced after error*", KIND_FS_PANIC },	/* f2fs, nilfs2, jfs, ocfs2 */
	{ "*-fs*: *panic from previous error*", KIND_FS_PANIC },	/* ext2, fat */
	{ "bcachefs *panic after error*", KIND_FS_PANIC },
	{ "GFS2: panic requested*", KIND_FS_PANIC },
	{ "REISERFS panic *", KIND_FS_PANIC },
	{ "XFS *", KIND_FS_PANIC },
	{ "XFS: *", KIND_FS_PANIC },
	{ "BTRFS panic *", KIND_FS_PANIC },
	{ "CFI failure *", KIND_BAD_EXEC },
	{ "watchdog pretimeout event*", KIND_WATCHDOG },
	{ "*atchdog pre-timeout*", KIND_WATCHDOG },		/* of IPMI */
	{ "*IPMI Watchdog: pre-timeout*", KIND_WATCHDOG },
	{ "pre-timeout*", KIND_WATCHDOG },
	{ "SBSA Generic Watchdog timeout*", KIND_WATCHDOG },
	{ "softdog: *", KIND_WATCHDOG },
	{ "Software Watchdog Timer expired*", KIND_WATCHDOG },
	/* Of hpwdt: its watchdog, or somebody who asked the controller for an NMI. */
	{ "*An NMI occurred*", KIND_NMI_UNKNOWN },
};

enum crash_kind crash_kind_of_line(const char *message)
{
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (glob_match(lines[i].pattern, message))
			return lines[i].kind;
	return KIND_UNKNOWN;
}

enum crash_weight crash_kind_weight(enum crash_kind kind)
{
	if (kind == KIND_UNKNOWN || crash_kinds[kind].is_stall)
		return WEIGHT_NOTHING;
	if (kind == KIND_WARN || kind == KIND_LOCKDEP)
		return WEIGHT_WARNING;
	if (crash_kinds[kind].survivable)
		return WEIGHT_DAMAGE;
	return kind <= KIND_DOUBLE_FAULT ? WEIGHT_DEATH : WEIGHT_NOTHING;
}

enum crash_kind crash_kind_of_panic(const char *text)
{
	for (size_t i = 0; i < sizeof(panics) / sizeof(panics[0]); i++)
		if (glob_match(panics[i].pattern, text))
			return panics[i].kind;
	return KIND_PANIC;
}
