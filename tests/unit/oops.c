/* SPDX-License-Identifier: GPL-2.0-or-later */
/* triage/oops, oops_reader: what a log says of a death, in the words of several kernels. */
#include "triage/oops_reader.h"
#include "t.h"

#define TWICE "[ 1.0]  deep+0x4f/0x80 [lab]\n[ 1.0]  deeper+0x4f/0x80 [lab]\n"
#define DEEP TWICE TWICE TWICE TWICE

#define X86_NULL \
	"[  4.402] BUG: kernel NULL pointer dereference, address: 0000000000000010\n" \
	"[  4.411] #PF: supervisor write access in kernel mode\n" \
	"[  4.412] #PF: error_code(0x0002) - not-present page\n" \
	"[  4.413] PGD 0 P4D 0 \n" \
	"[  4.414] Oops: 0002 [#1] PREEMPT SMP NOPTI\n" \
	"[  4.415] CPU: 1 PID: 4711 Comm: insmod: 1 Tainted: G           OE      " \
	"6.1.0-56\n" \
	"[  4.416] RIP: 0010:lab_null+0xe/0x20 [lab]\n" \
	"[  4.417] Code: 48 8b 05 f1 2f 00 00 <c7> 00 01 00 00 00 c3\n" \
	"[  4.418] RSP: 0018:ffffb7c8c0 EFLAGS: 00010246\n" \
	"[  4.419] Call Trace:\n" \
	"[  4.420]  <TASK>\n" \
	"[  4.420]  ? __die_body.cold+0x1a/0x1f\n" \
	"[  4.420]  ? lab_null+0xe/0x20 [lab]\n" \
	"[  4.421]  lab_init+0x9/0x1000 [lab]\n" \
	"[  4.422]  do_one_initcall+0x59/0x220\n" \
	"[  4.423]  </TASK>\n" \
	"[  4.424] Modules linked in: lab(OE+) xfs\n" \
	"[  4.425] ---[ end trace 0000000000000000 ]---\n" \
	"[  4.426] RIP: 0010:lab_null+0xe/0x20 [lab]\n" \
	"[  4.427] Kernel panic - not syncing: Fatal exception\n"

#define ARM_NULL \
	"[  4.402][  T12] Unable to handle kernel NULL pointer dereference at virtual " \
	"address " \
	"0000000000000010\n" \
	"[  4.403][  T12] Mem abort info:\n" \
	"[  4.404][  T12]   ESR = 0x0000000096000044\n" \
	"[  4.405][  T12]   EC = 0x25: DABT (current EL), IL = 32 bits\n" \
	"[  4.406][  T12]   CM = 0, WnR = 1, TnD = 0, TagAccess = 0\n" \
	"[  4.407][  T12] Internal error: Oops: 0000000096000044 [#1] SMP\n" \
	"[  4.408][  T12] Modules linked in: lab(OE+)\n" \
	"[  4.409][  T12] CPU: 0 UID: 0 PID: 12 Comm: insmod Tainted: G O 6.12.0 #1\n" \
	"[  4.410][  T12] pstate: 80400005 (Nzcv daif)\n" \
	"[  4.411][  T12] pc : lab_null+0x4/0x20 [lab]\n" \
	"[  4.412][  T12] lr : lab_init+0x8/0x100 [lab]\n" \
	"[  4.413][  T12] Call trace:\n" \
	"[  4.414][  T12]  lab_null+0x4/0x20 [lab] (P)\n" \
	"[  4.415][  T12]  lab_init+0x8/0x100 [lab]\n" \
	"[  4.416][  T12]  do_one_initcall+0x60/0x2a0\n" \
	"[  4.417][  T12] Code: d503245f (b900001f) d65f03c0 \n" \
	"[  4.418][  T12] ---[ end trace 0000000000000000 ]---\n" \
	"[  4.419][  T12] Kernel panic - not syncing: Oops: Fatal exception\n"

#define ARM_CALL(trace) \
	"[  4.402] Unable to handle kernel NULL pointer dereference at virtual address " \
	"0000000000000000\n" \
	"[  4.403]   EC = 0x21: IABT (current EL), IL = 32 bits\n" \
	"[  4.407] Internal error: Oops: 0000000086000004 [#1] SMP\n" \
	"[  4.409] CPU: 0 UID: 0 PID: 12 Comm: insmod Tainted: G O 6.12.0 #1\n" \
	"[  4.411] pc : 0x0\n" \
	"[  4.412] lr : lab_call+0x18/0x30 [lab]\n" \
	"[  4.413] Call trace:\n" trace \
	"[  4.415]  lab_init+0x8/0x100 [lab]\n" \
	"[  4.416]  do_one_initcall+0x60/0x2a0\n" \
	"[  4.417] Code: bad PC value\n" \
	"[  4.419] Kernel panic - not syncing: Oops: Fatal exception\n"

#define TRACE_OF_B "[ 1.1] Call Trace:\n[ 1.1]  b+0x1/0x2\n[ 1.1]  </TASK>\n"

#define UBSAN \
	"[ 1.0] UBSAN: shift-out-of-bounds in /src/b.c:12:5\n" \
	"[ 1.0] CPU: 0 PID: 7 Comm: b Tainted: G O 6.1\n" TRACE_OF_B

#define KASAN(pid) \
	"[ 1.0] BUG: KASAN: slab-use-after-free in b+0x1/0x2\n" \
	"[ 1.0] CPU: 1 PID: " pid " Comm: b Tainted: G O 6.1\n" TRACE_OF_B

#define FATAL "[ 5.0] Kernel panic - not syncing: Fatal exception\n"

#define X86_FORBIDDEN(address, access, code) \
	"[ 1.0] BUG: unable to handle page fault for address: " address "\n" \
	"[ 1.0] #PF: supervisor " access " in kernel mode\n" \
	"[ 1.0] #PF: error_code(" code ") - permissions violation\n" \
	"[ 1.0] Oops: Oops: 0003 [#1] SMP NOPTI\n" \
	"[ 1.0] CPU: 1 PID: 4711 Comm: insmod Not tainted 6.12.0\n" \
	"[ 1.0] RIP: 0010:lab_f+0xe/0x20 [lab]\n" FATAL

static const struct {
	const char *row, *log;
	enum crash_kind kind;
	const char *frames;	/* of the call trace, with blanks between */
	int cpu, pid;
} rows[] = {
	{ "a write to NULL on x86", X86_NULL, KIND_NULL_DEREF,
	  "lab!lab_null lab!lab_init do_one_initcall", 1, 4711 },
	{ "a write to NULL on arm64", ARM_NULL, KIND_NULL_DEREF,
	  "lab!lab_null lab!lab_init do_one_initcall", 0, 12 },
	{ "a call of NULL on arm64", ARM_CALL("[  4.414]  0x0\n"), KIND_BAD_EXEC,
	  "lab!lab_call lab!lab_init do_one_initcall", 0, 12 },
	{ "the same since 6.13", ARM_CALL("[  4.414]  0x0 (P)\n"), KIND_BAD_EXEC,
	  "lab!lab_call lab!lab_init do_one_initcall", 0, 12 },
	{ "a bad address", "[ 1.0] BUG: unable to handle page fault for address: "
	  "ffffffffc0395070\n[ 1.0] #PF: supervisor read access in kernel mode\n" FATAL,
	  KIND_BAD_ACCESS, "", -1, -1 },
	{ "an error number as a pointer", "[ 1.0] BUG: unable to handle page fault "
	  "for address: "
	  "fffffffffffffff4\n" FATAL, KIND_NULL_DEREF, "", -1, -1 },
	{ "a jump to NULL", "[ 1.0] BUG: kernel NULL pointer dereference, address: 0\n"
	  "[ 1.0] #PF: supervisor instruction fetch in kernel mode\n" FATAL, KIND_BAD_EXEC,
	  "", -1, -1 },
	{ "a jump to NULL on arm64", "[ 1.0] Unable to handle kernel NULL pointer "
	  "dereference at "
	  "virtual address 0\n[ 1.0]   EC = 0x21: IABT (current EL), IL = 32 bits\n" FATAL,
	  KIND_BAD_EXEC, "", -1, -1 },
	{ "an address that is none", "[ 1.0] general protection fault, probably for "
	  "non-canonical address 0xdead000000000108: 0000 [#1] PREEMPT SMP\n" FATAL,
	  KIND_BAD_ACCESS, "", -1, -1 },
	{ "the same since 6.10", "[ 1.0] Oops: general protection fault, probably for "
	  "non-canonical address 0xdead000000000108: 0000 [#1] SMP\n" FATAL,
	  KIND_BAD_ACCESS, "", -1, -1 },
	{ "BUG()", "[ 1.0] ------------[ cut here ]------------\n"
	  "[ 1.0] kernel BUG at /src/lab.c:12!\n[ 1.0] invalid opcode: 0000 [#1] SMP\n"
	  "[ 1.0] RIP: 0010:f+0x1/0x2\n" FATAL, KIND_BUG, "f", -1, -1 },
	{ "BUG() on arm64", "[ 1.0] kernel BUG at lab.c:1!\n"
	  "[ 1.0] Internal error: Oops - BUG: 00000000f2000800 [#1] SMP\n" FATAL, KIND_BUG,
	  "", -1, -1 },
	{ "a list", "[ 1.0] list_del corruption, ffff1->next is LIST_POISON1 "
	  "(dead000000000100)\n"
	  "[ 1.0] ------------[ cut here ]------------\n"
	  "[ 1.0] kernel BUG at lib/list_debug.c:56!\n[ 1.0] invalid opcode: 0000 [#1] SMP\n"
	  FATAL, KIND_LIST_CORRUPTION, "", -1, -1 },
	{ "a list, soon after a stall that was survived",
	  "[ 1.0] rcu: INFO: rcu_sched self-detected stall on CPU\n"
	  "[ 5.0] list_del corruption, ffff1->next is LIST_POISON1 (dead000000000100)\n"
	  "[ 5.0] ------------[ cut here ]------------\n"
	  "[ 5.0] kernel BUG at lib/list_debug.c:56!\n[ 5.0] invalid opcode: 0000 [#1] SMP\n"
	  FATAL, KIND_LIST_CORRUPTION, "", -1, -1 },
	{ "freed twice", "[ 1.0] kernel BUG at mm/slub.c:305!\n"
	  "[ 1.0] invalid opcode: 0000 [#1] SMP\n" FATAL, KIND_SLAB_CORRUPTION, "", -1, -1 },
	{ "a division", "[ 1.0] divide error: 0000 [#1] PREEMPT SMP\n" FATAL, KIND_DIVIDE, "",
	  -1, -1 },
	{ "a division since 6.10", "[ 1.0] Oops: divide error: 0000 [#1] SMP\n" FATAL,
	  KIND_DIVIDE, "", -1, -1 },
	{ "the guard page", "[ 1.0] BUG: TASK stack guard page was hit at 00000000 "
	  "(stack is 1..2)\n"
	  "[ 1.0] stack guard page: 0000 [#1] SMP\n" FATAL, KIND_STACK_OVERFLOW, "", -1, -1 },
	{ "the guard page, by double fault", "[ 1.0] traps: PANIC: double fault, "
	  "error_code: 0x0\n"
	  "[ 1.0] BUG: stack guard page was hit at 0 (stack is 1..2)\n" FATAL,
	  KIND_STACK_OVERFLOW, "", -1, -1 },
	{ "the guard page on arm64", "[ 1.0] Insufficient stack space to handle exception!\n"
	  "[ 1.0] CPU: 0 PID: 99 Comm: insmod Not tainted 6.12\n"
	  "[ 1.0] Kernel panic - not syncing: kernel stack overflow\n",
	  KIND_STACK_OVERFLOW, "",
	  0, 99 },
	{ "panic_on_warn", "[ 1.0] WARNING: CPU: 0 PID: 7 at lab.c:5 lab_warn+0x1/0x2 [lab]\n"
	  "[ 1.0] CPU: 0 PID: 7 Comm: sh Tainted: G O 6.1\n[ 1.0] RIP: "
	  "0010:lab_warn+0x1/0x2 [lab]\n"
	  "[ 1.0] Kernel panic - not syncing: kernel: panic_on_warn set ...\n", KIND_WARN,
	  "lab!lab_warn", 0, 7 },
	{ "panic_on_warn of 7.x", "[ 1.0] WARNING: lab.c:5 at lab_warn+0x1/0x2 [lab], "
	  "CPU#1: sh/7\n"
	  "[ 1.0] Kernel panic - not syncing: kernel: panic_on_warn set ...\n", KIND_WARN, "",
	  1, 7 },
	{ "a reference count", "[ 1.0] refcount_t: underflow; use-after-free.\n"
	  "[ 1.0] WARNING: CPU: 0 PID: 7 at lib/refcount.c:28 "
	  "refcount_warn_saturate+0xba/0x110\n"
	  "[ 1.0] Kernel panic - not syncing: kernel: panic_on_warn set ...\n",
	  KIND_REFCOUNT, "",
	  -1, -1 },
	{ "a soft lockup", "[ 9.0] watchdog: BUG: soft lockup - CPU#3 stuck for 22s! "
	  "[lab:801]\n"
	  "[ 9.0] CPU: 3 PID: 801 Comm: lab Tainted: G O\n[ 9.0] RIP: "
	  "0010:lab_spin+0x5/0x10 [lab]\n"
	  "[ 9.0] Call Trace:\n[ 9.0]  kthread+0xd9/0x100\n"
	  "[ 9.1] Kernel panic - not syncing: softlockup: hung tasks\n", KIND_SOFT_LOCKUP,
	  "lab!lab_spin kthread", 3, 801 },
	{ "a hard lockup", "[ 9.0] watchdog: Watchdog detected hard LOCKUP on cpu 1\n"
	  "[ 9.1] Kernel panic - not syncing: Hard LOCKUP\n", KIND_HARD_LOCKUP, "", -1, -1 },
	{ "an RCU stall", "[ 9.0] rcu: INFO: rcu_preempt self-detected stall on CPU\n"
	  "[ 9.0] rcu: \t3-....: (2100 ticks this GP) idle=1\n"
	  "[ 9.1] Kernel panic - not syncing: RCU Stall\n", KIND_RCU_STALL, "", -1, -1 },
	{ "a hung task", "[ 99.0] INFO: task lab:ab:801 blocked for more than 120 seconds.\n"
	  "[ 99.0]       Tainted: G O\n[ 99.0] task:lab:ab state:D stack:0 pid:801\n"
	  "[ 99.0] Call Trace:\n[ 99.0]  <TASK>\n[ 99.0]  __schedule+0x1/0x2\n"
	  "[ 99.0]  ab+0x2c/0x40 [lab]\n[ 99.0]  </TASK>\n"
	  "[ 99.1] INFO: task ba:802 blocked for more than 120 seconds.\n"
	  "[ 99.1] Call Trace:\n[ 99.1]  ba+0x2c/0x40 [lab]\n"
	  "[ 99.2] Kernel panic - not syncing: hung_task: blocked tasks\n"
	  "[ 99.2] CPU: 0 PID: 33 Comm: khungtaskd\n", KIND_HUNG_TASK, "__schedule "
	  "lab!ab", -1, -1 },
	{ "7.x says it otherwise", "[ 99.0] INFO: task ab:801 blocked in I/O wait for "
	  "more than 120 "
	  "seconds.\n[ 99.2] Kernel panic - not syncing: hung_task: blocked tasks\n",
	  KIND_HUNG_TASK, "", -1, -1 },
	{ "memory", "[ 1.0] Kernel panic - not syncing: Out of memory: compulsory "
	  "panic_on_oom is "
	  "enabled\n", KIND_OOM, "", -1, -1 },
	{ "init", "[ 1.0] Kernel panic - not syncing: Attempted to kill init! "
	  "exitcode=0x0000000b\n"
	  "[ 1.0] CPU: 0 PID: 1 Comm: init\n", KIND_INIT_EXIT, "", 0, 1 },
	{ "an oops of init", X86_NULL "[ 4.5] Kernel panic - not syncing: Attempted "
	  "to kill init! "
	  "exitcode=0x00000009\n", KIND_NULL_DEREF, "lab!lab_null lab!lab_init "
	  "do_one_initcall",
	  1, 4711 },
	{ "sysrq", "[ 1.0] sysrq: Trigger a crash\n"
	  "[ 1.0] Kernel panic - not syncing: sysrq triggered crash\n", KIND_SYSRQ,
	  "", -1, -1 },
	{ "words of its own", "[ 1.0] Kernel panic - not syncing: lab 12\n",
	  KIND_PANIC, "", -1, -1 },
	{ "a fault survived an hour ago", "[ 1.0] BUG: kernel NULL pointer "
	  "dereference, address: 8\n"
	  "[ 3600.0] sysrq: Trigger a crash\n"
	  "[ 3600.0] Kernel panic - not syncing: sysrq triggered crash\n",
	  KIND_SYSRQ, "", -1, -1 },
	{ "a hung task just before a fault", "[ 9.0] INFO: task x:1 blocked for more "
	  "than 120 "
	  "seconds.\n" X86_NULL, KIND_NULL_DEREF, "lab!lab_null lab!lab_init do_one_initcall",
	  1, 4711 },
	{ "a warning just before a fault", "[ 4.0] WARNING: CPU: 0 PID: 1 at a.c:1 "
	  "a+0x1/0x2\n"
	  X86_NULL, KIND_NULL_DEREF, "lab!lab_null lab!lab_init do_one_initcall", 1, 4711 },
	{ "a driver's UBSAN just before a fault of another", UBSAN X86_NULL,
	  KIND_NULL_DEREF, "lab!lab_null lab!lab_init do_one_initcall", 1, 4711 },
	{ "UBSAN that ends in a trap", UBSAN "[ 1.2] Oops: invalid opcode: 0000 [#1] SMP\n"
	  FATAL, KIND_UBSAN, "b", 0, 7 },
	{ "a KASAN that ends in its access", KASAN("4711") X86_NULL, KIND_KASAN, "b", 1, 4711 },
	{ "KASAN, and a fault of another task", KASAN("7") X86_NULL, KIND_NULL_DEREF,
	  "lab!lab_null lab!lab_init do_one_initcall", 1, 4711 },
	{ "KASAN that says no task", "[ 1.0] BUG: KASAN: wild-memory-access in b+0x1/0x2\n"
	  X86_NULL, KIND_KASAN, "lab!lab_null lab!lab_init do_one_initcall", 1, 4711 },
	{ "a hung task that was survived", "[ 9.0] INFO: task x:1 blocked for more than 120 "
	  "seconds.\n[ 99.0] all is well\n", KIND_UNKNOWN, "", -1, -1 },
	{ "a function that calls itself until the stack is full", "[ 1.0] BUG: TASK stack "
	  "guard page was hit at ffffcadb8040fe58 (stack is ffffcadb80410000..)\n"
	  "[ 1.0] CPU: 1 PID: 9 Comm: x Not tainted 7.2.0\n"
	  "[ 1.0] RIP: 0010:deep+0x29/0x80 [lab]\n[ 1.0] Call Trace:\n"
	  DEEP DEEP DEEP DEEP DEEP "[ 1.0]  start+0x1/0x2\n" FATAL, KIND_STACK_OVERFLOW,
	  "lab!deep lab!deeper start", 1, 9 },
	{ "a BPF program", "[ 1.0] BUG: kernel NULL pointer dereference, address: 8\n"
	  "[ 1.0] CPU: 1 PID: 9 Comm: x Not tainted 7.2.0\n[ 1.0] RIP: 0010:f+0x29/0x80\n"
	  "[ 1.0] Call Trace:\n[ 1.0]  bpf_prog_9d2577780651f065_lab_filter+0x19/0x1f\n" FATAL,
	  KIND_NULL_DEREF, "f bpf!lab_filter", 1, 9 },
	{ "no panic line (oops=panic)", "[ 1.0] BUG: kernel NULL pointer dereference, "
	  "address: 8\n"
	  "[ 1.0] Oops: 0002 [#1] SMP\n", KIND_NULL_DEREF, "", -1, -1 },
	{ "SMAP", X86_FORBIDDEN("00007f0000001000", "write access", "0x0003"),
	  KIND_USER_ACCESS, "lab!lab_f", 1, 4711 },
	{ "PAN", "[ 1.0] Unable to handle kernel access to user memory outside uaccess "
	  "routines at virtual address 0000ffff91234000\n"
	  "[ 1.0] Internal error: Oops: 000000009600000f [#1] SMP\n"
	  "[ 1.0] CPU: 1 UID: 0 PID: 4711 Comm: insmod Not tainted 6.12.0\n"
	  "[ 1.0] pc : lab_f+0xe/0x20 [lab]\n" FATAL, KIND_USER_ACCESS, "lab!lab_f", 1, 4711 },
	{ "memory of the kernel that is read-only", X86_FORBIDDEN("ffffffffc0001000",
	  "write access", "0x0003"), KIND_BAD_ACCESS, "lab!lab_f", 1, 4711 },
	{ "SMEP without its words", X86_FORBIDDEN("00007f0000001000", "instruction fetch",
	  "0x0011"), KIND_BAD_EXEC, "lab!lab_f", 1, 4711 },
	{ "told to panic on the taint of a fault", "[ 4.0] BUG: kernel NULL pointer "
	  "dereference, address: 8\n[ 4.0] Oops: 0002 [#1] SMP\n"
	  "[ 4.1] Kernel panic - not syncing: panic_on_taint set ...\n",
	  KIND_NULL_DEREF, "", -1, -1 },
	{ "and on that of a module", "[ 4.1] Kernel panic - not syncing: panic_on_taint set "
	  "...\n", KIND_PANIC, "", -1, -1 },
	{ "told to panic on the taint of a bad page", "[ 4.0] BUG: Bad page state in process x "
	  " pfn:12345\n[ 4.0] Kernel panic - not syncing: panic_on_taint set ...\n",
	  KIND_BAD_PAGE, "", -1, -1 },
	{ "on that of a module, after a warning", "[ 4.0] WARNING: CPU: 0 PID: 1 at a.c:1 "
	  "a+0x1/0x2\n[ 9.0] Kernel panic - not syncing: panic_on_taint set ...\n",
	  KIND_PANIC, "", -1, -1 },
	{ "what a lock-up of RCU's own thread says before it does not count",
	  "[ 9.0] rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:\n"
	  "[ 9.0] rcu: \t0-...!: (1 GPs behind) idle=8d4/0/0x0\n"
	  "[ 9.0] NMI backtrace for cpu 0\n[ 9.0] Call Trace:\n[ 9.0]  do_idle+0x1/0x2\n"
	  "[ 9.0]  </TASK>\n[ 9.0] x\n[ 9.0] rcu: rcu_preempt kthread starved for 9 jiffies! "
	  "g1 f0x0 RCU_GP_WAIT_FQS(5) ->state=0x0 ->cpu=1\n"
	  "[ 9.0] rcu: RCU grace-period kthread stack dump:\n[ 9.0] Call Trace:\n"
	  "[ 9.0]  rcu_gp_kthread+0x1/0x2\n[ 9.0]  </TASK>\n"
	  "[ 9.0] CPU: 1 PID: 800 Comm: hog Not tainted 6.1\n[ 9.0] Call Trace:\n"
	  "[ 9.0]  hog+0x1/0x2\n[ 9.0]  </TASK>\n"
	  "[ 9.1] Kernel panic - not syncing: RCU Stall\n", KIND_RCU_STALL, "hog", 1, 800 },
	{ "an unknown NMI", "[ 1.0] Uhhuh. NMI received for unknown reason 30 on CPU 0.\n"
	  "[ 1.0] Kernel panic - not syncing: NMI: Not continuing\n",
	  KIND_NMI_UNKNOWN, "", -1, -1 },
	{ "the talk of a program", "[ 1.0] app: Kernel panic - not syncing: never\n"
	  "[ 1.0] systemd[1]: BUG: unit went away\n", KIND_UNKNOWN, "", -1, -1 },
	{ "nothing", "[ 1.0] all is well\n", KIND_UNKNOWN, "", -1, -1 },
	{ "empty", "", KIND_UNKNOWN, "", -1, -1 },
};

static void join(const struct oops *o, char *text, size_t size)
{
	size_t len = 0;

	text[0] = '\0';
	for (unsigned i = 0; i < o->n_frames; i++)
		len += snprintf(text + len, size - len, "%s%s", i ? " " : "",
				o->frames[i].name.text);
}

static void kinds(void)
{
	char frames[OOPS_FRAMES * FRAME_NAME_MAX];

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		struct oops_reader r;

		oops_reader_init(&r);
		oops_reader_feed(&r, rows[i].log, strlen(rows[i].log));
		oops_reader_end(&r);
		T_TEXT(rows[i].row, crash_kinds[rows[i].kind].token,
		       crash_kinds[r.death.kind].token);
		join(&r.death, frames, sizeof(frames));
		T_TEXT(rows[i].row, rows[i].frames, frames);
		T_EQUAL(rows[i].row, rows[i].cpu, r.death.cpu);
		T_EQUAL(rows[i].row, rows[i].pid, r.death.pid);
	}
}

static struct oops read_log(const char *log)
{
	struct oops_reader r;

	oops_reader_init(&r);
	oops_reader_feed(&r, log, strlen(log));
	oops_reader_end(&r);
	return r.death;
}

static void details(void)
{
	struct oops o = read_log(X86_NULL);

	T_TEXT("x86", "insmod: 1", o.comm);
	T_EQUAL("x86", 0x10, o.address);
	T_EQUAL("x86", ACCESS_WRITE, o.access);
	T_EQUAL("x86", 2, o.error);
	T_TEXT("x86", "48 8b 05 f1 2f 00 00 <c7> 00 01 00 00 00 c3", o.code);
	T_EQUAL("x86", 0xe, o.frames[0].off);
	T_EQUAL("x86", 0x20, o.frames[0].size);
	o = read_log("[ 1.0] BUG: kernel NULL pointer dereference, address: 8\n"
		     "[ 1.0] CPU: 0 PID: 92 Comm: lab dies Kdump: loaded Tainted: G O 6.1\n");
	T_TEXT("a capture kernel is loaded", "lab dies", o.comm);
	o = read_log(ARM_NULL);
	T_EQUAL("arm64", 0x10, o.address);
	T_EQUAL("arm64", ACCESS_WRITE, o.access);
	T_EQUAL("arm64", 0x96000044, o.error);
	T_TEXT("arm64", "insmod", o.comm);
	o = read_log("[ 9.0] watchdog: BUG: soft lockup - CPU#3 stuck for 22s! [lab:b:801]\n"
		     "[ 9.1] Kernel panic - not syncing: softlockup: hung tasks\n");
	T_EQUAL("lockup", 3, o.named_cpu);
	T_EQUAL("lockup", 801, o.named_pid);
	T_TEXT("lockup", "lab:b", o.named_comm);
	T_EQUAL("lockup", 22, o.blocked_s);
	o = read_log("[ 9.0] rcu: INFO: rcu_sched detected expedited stalls on CPUs/tasks: "
		     "{ 2-.... } 21 jiffies s: 1 root: 0x4/.\n"
		     "[ 9.1] Kernel panic - not syncing: RCU Stall\n");
	T_EQUAL("expedited stall", 2, o.named_cpu);
	o = read_log("[ 9.0] INFO: task a b:c:77 blocked in I/O wait for more than "
	  "122 seconds.\n"
		     "[ 9.1] Kernel panic - not syncing: hung_task: blocked tasks\n");
	T_EQUAL("hung task", 77, o.named_pid);
	T_TEXT("hung task", "a b:c", o.named_comm);
	T_EQUAL("hung task", 122, o.blocked_s);
	o = read_log("[ 1.0] Kernel panic - not syncing: Attempted to kill init! "
		     "exitcode=0x00000100\n");
	T_TEXT("init", "status 1", o.subkind);
	o = read_log("[ 1.0] BUG: KASAN: slab-use-after-free in f+0x1/0x2\n" FATAL);
	T_TEXT("KASAN", "slab-use-after-free", o.subkind);
}

/* A log may be anything. Each prefix of a real one, and one with bytes changed. */
static void hostile(void)
{
	char log[sizeof(X86_NULL ARM_NULL)];

	for (size_t len = 0; len < sizeof(X86_NULL ARM_NULL); len += 3) {
		struct oops_reader r;
		char *at;

		memcpy(log, X86_NULL ARM_NULL, sizeof(log));
		for (unsigned k = 0; k < 40; k++)
			log[t_draw(sizeof(log))] = (char)t_draw(256);
		at = t_guard(log, len);
		oops_reader_init(&r);
		oops_reader_feed(&r, at, len);
		oops_reader_end(&r);
		T_CHECK("hostile", r.death.kind < N_KINDS && r.death.n_frames <= OOPS_FRAMES);
		t_unguard(at, len);
	}
}

/* What was survived shortly before does not swallow whom the death is about. */
static void named_after_a_warning(void)
{
	static const char log[] =
		"[ 1.0] WARNING: CPU: 0 PID: 7 at lab.c:5 lab_warn+0x1/0x2 [lab]\n"
		"[ 5.0] INFO: task lab:12 blocked for more than 10 seconds.\n"
		"[ 5.0] Kernel panic - not syncing: hung_task: blocked tasks\n";
	struct oops_reader r;

	oops_reader_init(&r);
	oops_reader_feed(&r, log, sizeof(log) - 1);
	oops_reader_end(&r);
	T_EQUAL("a task that hangs, soon after a warning", KIND_HUNG_TASK, r.death.kind);
	T_EQUAL("a task that hangs, soon after a warning", 12, r.death.named_pid);
}

int main(void)
{
	kinds();
	named_after_a_warning();
	details();
	hostile();
	return t_done();
}
