/* SPDX-License-Identifier: GPL-2.0-or-later */
/* triage/finding: the sentence about a bad access, by the log alone and by the registers. */
#include "triage/finding.h"

#include "t.h"
#include "triage/triage.h"
#include "vmcore/arch.h"

enum { RAX = 10, RBX = 5 };	/* places in arch->regs */

#define LOG_ONLY (-2)

static const struct {
	const char *row;
	enum crash_kind kind;
	uint64_t address;
	int base;		/* the register that it counts from, NO_REG; or LOG_ONLY */
	uint64_t base_value;	/* of LOG_ONLY what rbx holds; 0: no registers */
	int64_t disp;
	const char *rule, *says, *because;
} rows[] = {
	{ "a member of nothing", KIND_NULL_DEREF, 0x10, RAX, 0, 0x10, "null-deref",
	  "A read through a NULL pointer, at address 0x10, in f+0x1/0x2.",
	  "rax is 0, and the instruction touches [rax + 0x10]" },
	{ "what lies in front of nothing", KIND_NULL_DEREF, -8ULL, RAX, 0, -8, "null-deref",
	  "A read through a NULL pointer, at address 0xfffffffffffffff8, in f+0x1/0x2.",
	  "rax is 0, and the instruction touches [rax - 0x8]" },
	{ "an error number", KIND_NULL_DEREF, -12ULL, RAX, -12ULL, 0, "error-pointer",
	  "f+0x1/0x2 used an error number, -12 (ENOMEM), as a pointer.",
	  "the address is 0xfffffffffffffff4" },
	{ "a member of one", KIND_NULL_DEREF, 4, RAX, -12ULL, 16, "error-pointer",
	  "f+0x1/0x2 used an error number, -12 (ENOMEM), as a pointer.",
	  "the address is 0x4" },
	{ "what is around a list's NULL", KIND_NULL_DEREF, 8, RAX, -24ULL, 0x20, "null-deref",
	  "A read through a NULL pointer less 0x18, or through an error number, -24 (EMFILE), "
	  "at address 0x8, in f+0x1/0x2.",
	  "rax is 0xffffffffffffffe8, and the instruction touches [rax + 0x20]" },
	{ "no error has that number", KIND_NULL_DEREF, -716ULL, RAX, -724ULL, 8, "null-deref",
	  "A read through a NULL pointer less 0x2d4, or through an error number, -724, "
	  "at address 0xfffffffffffffd34, in f+0x1/0x2.",
	  "rax is 0xfffffffffffffd2c, and the instruction touches [rax + 0x8]" },
	{ "the log alone, a member of nothing", KIND_NULL_DEREF, 0x10, LOG_ONLY,
	  .rule = "null-deref", .says =
	  "A read through a NULL pointer, at address 0x10, in f+0x1/0x2.", .because = "" },
	{ "the log alone, below nothing", KIND_NULL_DEREF, -12ULL, LOG_ONLY,
	  .rule = "null-deref", .says = "A read through a NULL pointer or an error number, at "
	  "address 0xfffffffffffffff4, in f+0x1/0x2.", .because = "" },
	{ "a register holds it", KIND_NULL_DEREF, -6ULL, LOG_ONLY, -14ULL,
	  .rule = "error-pointer",
	  .says = "f+0x1/0x2 used an error number, -14 (EFAULT), as a pointer.",
	  .because = "the address is 0xfffffffffffffffa" },
	{ "a register holds some other one", KIND_NULL_DEREF, -16ULL, LOG_ONLY, -22ULL,
	  .rule = "null-deref", .says = "A read through a NULL pointer or an error number, at "
	  "address 0xfffffffffffffff0, in f+0x1/0x2.", .because = "" },
	{ "a register holds what may be two things", KIND_NULL_DEREF, -8ULL, LOG_ONLY,
	  -16ULL, .rule = "null-deref",
	  .says = "A read through a NULL pointer less 0x10, or through an error number, -16 "
	  "(EBUSY), at address 0xfffffffffffffff8, in f+0x1/0x2.", .because = "" },
	{ "poison", KIND_BAD_ACCESS, 0x6b6b6b6b6b6b6b7b, RAX, 0x6b6b6b6b6b6b6b6b, 16, "poison",
	  "f+0x1/0x2 used an object that was freed (slab poison).",
	  "the address is 0x6b6b6b6b6b6b6b6b + 0x10" },
	{ "in front of poison", KIND_BAD_ACCESS, 0x6b6b6b6b6b6b6b63, RAX, 0x6b6b6b6b6b6b6b6b,
	  -8, "poison", "f+0x1/0x2 used an object that was freed (slab poison).",
	  "the address is 0x6b6b6b6b6b6b6b6b - 0x8" },
	{ "what is around a removed entry", KIND_BAD_ACCESS, 0xdead000000000108, RAX,
	  0xdead0000000000e8, 0x20, "poison",
	  "f+0x1/0x2 used a list entry that was already removed (LIST_POISON1).",
	  "the address is 0xdead000000000100 + 0x8" },
	{ "poison by the address", KIND_BAD_ACCESS, 0xdead000000000108, NO_REG, 0, 0, "poison",
	  "f+0x1/0x2 used a list entry that was already removed (LIST_POISON1).",
	  "the address is 0xdead000000000100 + 0x8" },
	{ "text", KIND_BAD_ACCESS, 0x6f77206f6c6c6578, RAX, 0x6f77206f6c6c6568, 16,
	  "text-pointer",
	  "f+0x1/0x2 used text, \"hello wo\", as a pointer.",
	  "rax is 0x6f77206f6c6c6568, and the instruction touches [rax + 0x10]" },
	{ "text of seven letters", KIND_BAD_ACCESS, 0x0064636261393231, RAX,
	  0x0064636261393231, 0, "text-pointer",
	  "f+0x1/0x2 used text, \"129abcd\", as a pointer.",
	  "rax is 0x64636261393231, and the instruction touches [rax]" },
	{ "six letters may be an address", KIND_BAD_ACCESS, 0x636261393231, RAX,
	  0x636261393231, 0, "fault",
	  "A read to a bad address, 0x636261393231, in f+0x1/0x2.",
	  "rax is 0x636261393231, and the instruction touches [rax]" },
	{ "a program's address", KIND_USER_ACCESS, 0x7f0000001000, RAX, 0x7f0000001000, 0,
	  "fault", "A read to a bad address, 0x7f0000001000, in f+0x1/0x2.",
	  "the address is one of a program, which the kernel may not touch by itself" },
	{ "far below poison", KIND_BAD_ACCESS, 0xdeacfffffffff000, RAX, 0xdeacfffffffff000, 0,
	  "fault", "A read to a bad address, 0xdeacfffffffff000, in f+0x1/0x2.",
	  "rax is 0xdeacfffffffff000, and the instruction touches [rax]" },
};

static void make(struct report *r, size_t i)
{
	struct oops *o = &r->log.death;

	memset(r, 0, sizeof(*r));
	r->arch = &arch_x86_64;
	o->kind = rows[i].kind;
	o->has_address = true;
	o->address = rows[i].address;
	o->access = ACCESS_READ;
	o->n_frames = 1;
	o->frames[0].off = 1;
	o->frames[0].size = 2;
	frame_name_set(&o->frames[0].name, "f", NULL);
	r->fault.base = NO_REG;
	if (rows[i].base == LOG_ONLY) {
		r->has_subject_regs = rows[i].base_value;
		r->subject_regs[RBX] = rows[i].base_value;
		return;
	}
	r->fault = (struct fault){
		.is_known = true, .address = rows[i].address, .base = rows[i].base,
		.base_value = rows[i].base_value,
		.operand = { .base = rows[i].base, .index = NO_REG, .disp = rows[i].disp } };
}

static void accesses(void)
{
	static struct report r;

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		make(&r, i);
		finding_make(&r);
		T_TEXT(rows[i].row, rows[i].rule, r.finding.rule);
		T_TEXT(rows[i].row, rows[i].says, r.finding.text);
		T_TEXT(rows[i].row, rows[i].because, r.finding.evidence[0]);
	}
}

/* A task waits in a queue of a frozen file system: does the report blame it? */
static void frozen(void)
{
	static const struct {
		const char *row;
		uint64_t since_ns;
		bool blames;
	} waits[] = {
		{ "for long", 10000000000, true },
		{ "for a moment", 99000000000, false },
		{ "since the log's last line", 100000000000, false },
		{ "since when is not known", 0, false },
	};
	static const struct frozen_facts facts = { .super_block_len = 0x400 };
	static struct blocked_task waiter;
	static struct report r;

	for (size_t i = 0; i < T_SIZE(waits); i++) {
		memset(&r, 0, sizeof(r));
		r.arch = &arch_x86_64;
		r.log.death.kind = KIND_SYSRQ;
		r.system.uptime_s = 100;
		r.frozen.facts = &facts;
		r.frozen.n = 1;
		r.frozen.list[0].at = 0x1000;
		waiter = (struct blocked_task){
			.proc = { .since_ns = waits[i].since_ns, .comm = "w", .pid = 3 },
			.wait = { .kind = WAIT_QUEUE, .lock = 0x1100 } };
		r.waiters = &waiter;
		r.n_waiters = 1;
		finding_make(&r);
		T_EQUAL(waits[i].row, waits[i].blames,
			!strcmp(r.finding.rule, "frozen"));
	}
}

/* Init ended; the trace has a signal to it. Is that told to be the reason? */
static void init_killed(void)
{
	static const struct {
		const char *row, *how;		/* it ended, by the log */
		struct traced ev;
		const char *rule;
		struct traced taken;	/* by init */
	} ends[] = {
		{ "asked to end", "status 5",
		  { .pid = 7, .sig = 15, .time_ns = 9500000000 }, "init-killed",
		  { .sig = 15, .time_ns = 9600000000, .is_handled = true } },
		{ "a status alone", "status 5",
		  { .pid = 7, .sig = 15, .time_ns = 9500000000 }, "init-exit", { 0 } },
		{ "without a function", "status 5",
		  { .pid = 7, .sig = 15, .time_ns = 9500000000 }, "init-exit",
		  { .sig = 15, .time_ns = 9600000000 } },
		{ "it took another one", "status 5",
		  { .pid = 7, .sig = 15, .time_ns = 9500000000 }, "init-exit",
		  { .sig = 1, .time_ns = 9600000000, .is_handled = true } },
		{ "it took one before", "status 5",
		  { .pid = 7, .sig = 15, .time_ns = 9500000000 }, "init-exit",
		  { .sig = 15, .time_ns = 9400000000, .is_handled = true } },
		{ "by that signal", "signal 9",
		  { .pid = 7, .sig = 9, .time_ns = 9500000000 }, "init-killed", { 0 } },
		{ "by another signal", "signal 11",
		  { .pid = 7, .sig = 15, .time_ns = 9500000000 }, "init-exit", { 0 } },
		{ "long ago", "signal 15",
		  { .pid = 7, .sig = 15, .time_ns = 1000000000 }, "init-exit", { 0 } },
		{ "after it had ended", "signal 15",
		  { .pid = 7, .sig = 15, .time_ns = 10500000000 }, "init-exit", { 0 } },
		{ "its own fault", "signal 11",
		  { .pid = 1, .sig = 11, .code = 1, .time_ns = 9500000000 },
		  "init-exit", { 0 } },
		{ "by itself", "signal 6",
		  { .pid = 1, .sig = 6, .code = -6, .time_ns = 9500000000 },
		  "init-exit", { 0 } },
		{ "by the kernel", "signal 9",
		  { .pid = 7, .sig = 9, .code = 128, .time_ns = 9500000000 },
		  "init-exit", { 0 } },
		{ "ignored", "signal 15",
		  { .pid = 7, .sig = 15, .result = SENT_IGNORED, .time_ns = 9500000000 },
		  "init-exit", { 0 } },
		{ "never got there", "signal 15",
		  { .pid = 7, .sig = 15, .result = SENT_FAILED, .time_ns = 9500000000 },
		  "init-exit", { 0 } },
	};
	static struct report r;
	static struct traced taken;

	for (size_t i = 0; i < T_SIZE(ends); i++) {
		struct signal_sent *s = &r.signals.list[0];

		memset(&r, 0, sizeof(r));
		r.arch = &arch_x86_64;
		r.log.death.kind = KIND_INIT_EXIT;
		r.log.death.seconds = 10;
		snprintf(r.log.death.subkind, sizeof(r.log.death.subkind), "%s", ends[i].how);
		r.signals.n = 1;
		taken = ends[i].taken;
		taken.is_log_clock = true;
		r.trace.taken = (struct traced_list){ .list = &taken, .n = taken.sig != 0 };
		s->ev = ends[i].ev;
		s->ev.other = 1;
		s->ev.is_log_clock = true;
		s->chain.n = 1;
		s->chain.links[0] = (struct chain_link){ .pid = 7, .comm = "script" };
		finding_make(&r);
		T_TEXT(ends[i].row, ends[i].rule, r.finding.rule);
	}
}

static void add_line(struct report *r, double seconds, const char *message)
{
	struct log_line line = { .seconds = seconds };

	snprintf(line.message, sizeof(line.message), "%s", message);
	timeline_add(&r->timeline, &line);
}

#define COMPULSORY "Out of memory: compulsory panic_on_oom is enabled"

/* A group is full, and the log has such a word: is it what the machine died of? */
static void out_of_group(void)
{
#define FULL "The control group /a has all the memory that it may have, 1 of 1 MiB, and "
	static const char full[] = FULL "eater (pid 5)";
	static const struct {
		const char *row, *panic;
		unsigned n_own;
		bool is_old;		/* and another one died since */
		const char *says, *also;
		const char *path;	/* that memory has; NULL: the log's */
	} deaths[] = {
		{ "its own", COMPULSORY, 1, false, full, " in it asked for more.", NULL },
		{ "another's", COMPULSORY, 0, false, full, " asked for more.", NULL },
		{ "nobody knows whose", COMPULSORY, 0, false, FULL,
		  "somebody asked for more.", NULL },
		{ "memory does not have it", COMPULSORY, 1, false, "A control group used up "
		  "the memory that it may have: /a:", "", "/b" },
		{ "before", COMPULSORY, 1, true, "Memory was used up, and no single user of it "
		  "stands out.", "", NULL },
		{ "the machine", "Out of memory: system-wide panic_on_oom is enabled", 1, false,
		  "Memory was used up, and no single user of it stands out.", "", NULL },
	};
	static struct report r;
	char says[400];

	for (size_t i = 0; i < T_SIZE(deaths); i++) {
		memset(&r, 0, sizeof(r));
		r.arch = &arch_x86_64;
		r.log.death.kind = KIND_OOM;
		snprintf(r.log.panic, sizeof(r.log.panic), "%s", deaths[i].panic);
		r.has_memory = true;
		r.subject = (struct proc){ .at = 8, .pid = 5, .comm = "eater" };
		r.memgroups.list[0] = (struct memgroup){ .usage = 1 << 20, .max = 1 << 20 };
		strcpy(r.memgroups.list[0].path, deaths[i].path ? deaths[i].path : "/a");
		r.memgroups.n = 1;
		r.memgroups.n_own = deaths[i].n_own;
		if (!strncmp(deaths[i].also, "somebody", 8))
			r.subject = (struct proc){ .at = 0 };
		add_line(&r, 1, "eater invoked oom-killer: gfp_mask=0xcc0, order=0");
		add_line(&r, 1, "Memory cgroup stats for /a:");
		if (deaths[i].is_old)
			add_line(&r, 2, "other invoked oom-killer: gfp_mask=0xcc0, order=0");
		finding_make(&r);
		snprintf(says, sizeof(says), "%s%s", deaths[i].says, deaths[i].also);
		T_TEXT(deaths[i].row, says, r.finding.text);
	}
}

/* What boots and works well is no evidence, and no line is told twice. */
static void evidence(void)
{
	static const struct {
		enum crash_kind kind;
		const char *line;
		unsigned n;
	} lines[] = {
		{ KIND_MCE, "EDAC MC: Ver: 3.0.0", 0 },
		{ KIND_MCE, "EDAC MC0: Giving out device to module skx_edac: DEV 3a:0a.0", 0 },
		{ KIND_MCE, "EDAC MC0: 1 CE memory read error on DIMM_A1 (channel:0)", 1 },
		{ KIND_INIT_EXIT, "systemd[1]: Started Daily apt download activities.", 0 },
		{ KIND_INIT_EXIT, "systemd[1]: Caught <SEGV>, dumped core as pid 901.", 1 },
		{ KIND_INIT_EXIT, "systemd[1]: Freezing execution.", 1 },
		{ KIND_WORKQUEUE_STALL, "BUG: workqueue lockup - pool cpus=3 node=0 "
		  "flags=0x0 nice=0 stuck for 61s!", 1 },
		{ KIND_WORKQUEUE_STALL, "BUG: workqueue lockup - pool cpus=0-3 flags=0x4 "
		  "nice=0 stuck for 61s!", 0 },
		{ KIND_WORKQUEUE_STALL, "BUG: workqueue lockup - pool cpus=0 flags=0x4 nice=0 "
		  "stuck for 61s!", 0 },
		{ KIND_WORKQUEUE_STALL, "BUG: workqueue lockup - pool cpus=0 node=0 flags=0x4 "
		  "nice=0 stuck for 62s!", 0 },
		{ KIND_WORKQUEUE_STALL, "BUG: workqueue lockup - pool cpus=0 node=0 flags=0x2 "
		  "nice=0 stuck for 63s!", 1 },
		{ KIND_FS_PANIC, "EXT4-fs error (device dm-0): ext4_validate_block_bitmap:390: "
		  "comm ext4lazyinit: bg 12: bad block bitmap checksum, which is told in so "
		  "many words that no room for it is left", 1 },
	};
	static struct triage none;
	static struct report r;

	for (size_t i = 0; i < T_SIZE(lines); i++) {
		memset(&r, 0, sizeof(r));
		r.triage = &none;
		r.arch = &arch_x86_64;
		r.log.death.kind = lines[i].kind;
		snprintf(r.log.panic, sizeof(r.log.panic), "its words");
		add_line(&r, 1, lines[i].line);
		finding_make(&r);
		/* Of init, its panic too. */
		T_EQUAL(lines[i].line, lines[i].n + (lines[i].kind == KIND_INIT_EXIT),
			r.finding.n_evidence);
	}
}

static void longest(void)
{
	static const struct proc long_ago = { .since_ns = 5 }, lately = { .since_ns = 9 },
				 unknown = { .since_ns = 0 };

	T_CHECK("longer", proc_is_longer(&long_ago, &lately));
	T_CHECK("not as long", !proc_is_longer(&lately, &long_ago));
	T_CHECK("not known is never longer", !proc_is_longer(&unknown, &lately));
	T_CHECK("longer than what is not known", proc_is_longer(&lately, &unknown));
	T_CHECK("neither is known", !proc_is_longer(&unknown, &unknown));
}

/* Behind a call through nothing: a return address, or a word that looks like one. */
static void null_call(void)
{
	static const struct {
		const char *row, *says;
		enum frame_how how;
	} callers[] = {
		{ "by the tables", "0xffff called a function through a NULL pointer.",
		  FRAME_EXACT },
		{ "a word of the stack", "Somebody called a function through a NULL pointer.",
		  FRAME_GUESS },
	};
	static struct kallsyms none_named = { .state = SENSELESS };
	static struct report r;

	for (size_t i = 0; i < T_SIZE(callers); i++) {
		memset(&r, 0, sizeof(r));
		r.arch = &arch_x86_64;
		r.symbols.kallsyms = &none_named;
		r.log.death.kind = KIND_BAD_EXEC;
		r.subject_stack.frames[1].ip = 0xffff;
		r.subject_stack.frames[1].how = callers[i].how;
		r.subject_stack.n = 2;
		finding_make(&r);
		T_TEXT(callers[i].row, callers[i].says, r.finding.text);
	}
}

int main(void)
{
	longest();
	null_call();
	frozen();
	out_of_group();
	evidence();
	init_killed();
	accesses();
	return t_done();
}
