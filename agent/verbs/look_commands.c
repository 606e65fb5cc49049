/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A command is a row of a table; some only print a section of the report. */
#include "look_commands.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "inspect.h"
#include "look_address.h"
#include "look_words.h"
#include "kernel/kernel.h"
#include "log_levels.h"
#include "triage/blocked.h"
#include "triage/report_details.h"
#include "triage/report_make.h"
#include "triage/report_parts.h"
#include "triage/report_stack.h"
#include "triage/report_text.h"
#include "triage/subject.h"
#include "triage/triage.h"

#define BLANKS " \t\r\n"
#define STACK_S 10.0		/* for one stack */

/* ---- the log --------------------------------------------------------------------- */

static bool do_log(struct look *l, const struct words *w)
{
	struct log_choice choice = { 0 };

	(void)w;
	return inspect_dmesg(l->files, &choice) == 0;
}

/* ---- tasks ------------------------------------------------------------------------ */

static void head_of(const struct proc *p)
{
	printf("PID: %-7u TASK: %016" PRIx64 "  CPU: %-4u STATE: %c  COMMAND: \"%s\"\n", p->pid,
	       p->at, p->cpu, p->state, p->comm);
}

static const struct cpu_state *cpu_of(const struct report *r, const struct proc *p)
{
	for (unsigned i = 0; i < r->n_cpus; i++)
		if (r->cpus[i].task.at == p->at)
			return &r->cpus[i];
	return NULL;
}

/* "    RIP: f+0x1/0x2": where its CPU was, and what that had broken into, as scripts grep. */
static void put_places(struct look *l, const struct cpu_state *cpu)
{
	const struct arch *arch = l->r->arch;
	char pc[4] = "", text[SYMBOL_TEXT];

	for (unsigned i = 0; i < sizeof(pc) - 1 && arch->oops_pc[i]; i++)
		pc[i] = (char)toupper((unsigned char)arch->oops_pc[i]);
	if (cpu->mode == CPU_USER)
		printf("    %s: %#" PRIx64 "  (user mode)\n", pc, cpu->regs[arch->reg_pc]);
	for (unsigned i = 0; i < cpu->stack.n; i++) {
		const struct frame *f = &cpu->stack.frames[i];

		if (f->how != FRAME_REGS)
			continue;
		frame_text(&l->r->symbols, f, text);
		printf("    %s: %s\n", pc, text);
	}
}

/* The CPU's, if one runs it. Who asks for it does so long after the report's time is over. */
static const struct stack *stack_of(struct look *l, const struct proc *p, struct stack *room)
{
	const struct bounds bounds = { .until = monotonic_seconds() + STACK_S };
	const struct cpu_state *cpu = cpu_of(l->r, p);
	struct unwinder u = l->r->triage->unwinder;

	if (cpu)
		return &cpu->stack;
	u.bounds = &bounds;
	u.steps_left = UNWIND_STEPS;
	return unwind_asleep(&u, p->at, room) ? room : NULL;
}

static void backtrace(struct look *l, const struct proc *p)
{
	struct stack room;
	const struct stack *stack = stack_of(l, p, &room);

	head_of(p);
	if (blocked_has_moved(l->r->triage, p)) {
		printf("    (it runs: this machine lives)\n");
		return;
	}
	if (cpu_of(l->r, p))
		put_places(l, cpu_of(l->r, p));
	if (!stack) {
		printf("    (its stack is not to be had)\n");
		return;
	}
	report_stack_text(l->r, stack, l->text, l->size);
	fputs(l->text, stdout);
}

/* By its number, or where its task_struct is. */
static const struct proc *proc_of(struct look *l, const char *word)
{
	char *end;
	unsigned long pid = strtoul(word, &end, 10);

	if (*word && !*end && pid <= UINT32_MAX)
		return procs_by_pid(&l->r->procs, (uint32_t)pid);
	pid = strtoul(word, &end, 16);
	return *word && !*end ? procs_by_address(&l->r->procs, pid) : NULL;
}

/* The task that a command is about: the i'th word, or the cause if there is none. */
static const struct proc *asked(struct look *l, const struct words *w, unsigned i)
{
	const struct proc *p = w->n > i ? proc_of(l, w->w[i]) : &l->r->subject;

	if (p && p->at)
		return p;
	look_wrong("no task %s", w->n > i ? w->w[i] : "is known to be the cause");
	return NULL;
}

/* state 0: of any */
static bool bt_all(struct look *l, char state)
{
	for (unsigned i = 0; i < l->r->procs.n; i++)
		if (!state || l->r->procs.list[i].state == state)
			backtrace(l, &l->r->procs.list[i]);
	return true;
}

static bool bt_cpus(struct look *l)
{
	for (unsigned i = 0; i < l->r->n_cpus; i++)
		if (l->r->cpus[i].task.at)
			backtrace(l, &l->r->cpus[i].task);
	return true;
}

static bool do_bt(struct look *l, const struct words *w)
{
	unsigned i = 1;

	if (w->n > 1 && !strcmp(w->w[1], "-a"))
		return bt_cpus(l);
	if (w->n > 1 && !strcmp(w->w[1], "-D"))
		return bt_all(l, 'D');
	do {
		const struct proc *p = asked(l, w, i);

		if (!p)
			return false;
		backtrace(l, p);
	} while (++i < w->n);
	return true;
}

/* States as crash has them, and as the kernel's own letters. */
static const struct { char word[3], letter; } states[] = {
	{ "RU", 'R' }, { "IN", 'S' }, { "UN", 'D' }, { "ID", 'I' }, { "ST", 'T' },
	{ "TR", 't' }, { "ZO", 'Z' }, { "DE", 'X' }, { "PA", 'P' },
};

static bool do_foreach(struct look *l, const struct words *w)
{
	if (w->n < 2 || w->n > 3 || strcmp(w->w[w->n - 1], "bt"))
		return look_wrong("foreach takes bt, and a state before it");
	if (w->n == 2)
		return bt_all(l, 0);
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (!strcmp(w->w[1], states[i].word))
			return bt_all(l, states[i].letter);
	return look_wrong("%s is no state: RU, IN, UN, ID, ST, TR, ZO, DE, PA are", w->w[1]);
}

/* The clock of the task's own CPU, which stood still while that was idle, as crash has it. */
static uint64_t clock_of(const struct report *r, const struct proc *p)
{
	if (!r->is_live)
		for (unsigned i = 0; i < r->n_cpus; i++)
			if (r->cpus[i].nr == p->cpu && r->cpus[i].queue.clock_ns)
				return r->cpus[i].queue.clock_ns;
	return r->system.uptime_s > 0 ? (uint64_t)(r->system.uptime_s * 1e9) : 0;
}

/* "[ 0 00:02:05.123]": days and time since it last got a CPU. */
static void age_of(const struct report *r, const struct proc *p)
{
	uint64_t now = clock_of(r, p);
	unsigned long long ms = now > p->since_ns ? (now - p->since_ns) / 1000000 : 0;

	if (!p->since_ns)
		printf("[ - --:--:--.---] ");
	else
		printf("[%2llu %02llu:%02llu:%02llu.%03llu] ", ms / 86400000,
		       ms / 3600000 % 24, ms / 60000 % 60, ms / 1000 % 60,
		       ms % 1000);
}

static int by_last_run(const void *a, const void *b)
{
	const struct proc *const *x = a, *const *y = b;

	if ((*x)->since_ns != (*y)->since_ns)
		return (*x)->since_ns > (*y)->since_ns ? -1 : 1;
	return *x < *y ? -1 : *x > *y;
}

/* Who ran last comes first; the CPUs' idle tasks are not among them. */
static bool ps_by_age(struct look *l)
{
	const struct procs *procs = &l->r->procs;
	const struct proc **list;
	struct err e;

	list = arena_take(l->r->triage->want->arena, procs->n + 1, sizeof(*list), "tasks", &e);
	if (!list)
		return look_wrong("%s", e.text);
	for (unsigned i = 0; i < procs->n; i++)
		list[i] = &procs->list[i];
	qsort(list, procs->n, sizeof(*list), by_last_run);
	for (unsigned i = 0; i < procs->n; i++) {
		age_of(l->r, list[i]);
		head_of(list[i]);
	}
	return true;
}

static bool do_ps(struct look *l, const struct words *w)
{
	const struct proc *one = NULL;

	if (w->n > 1 && !strcmp(w->w[1], "-m"))
		return ps_by_age(l);
	if (w->n > 1 && !(one = asked(l, w, 1)))
		return false;
	printf("    PID    TGID    PPID  CPU TASK             ST COMM\n");
	for (unsigned i = 0; i < l->r->procs.n; i++) {
		const struct proc *p = &l->r->procs.list[i];

		if (one && p != one)
			continue;
		printf("%7u %7u %7u %4u %016" PRIx64 " %c  %s%s%s\n", p->pid, p->tgid, p->ppid,
		       p->cpu, p->at, p->state, p->is_kernel ? "[" : "", p->comm,
		       p->is_kernel ? "]" : "");
	}
	return true;
}

static bool do_files(struct look *l, const struct words *w)
{
	const struct proc *p = asked(l, w, 1);
	const struct stack *stack;
	struct proc_details d;
	struct stack room;

	if (!p)
		return false;
	stack = stack_of(l, p, &room);
	if (!stack)
		return look_wrong("the stack of task %u is not to be had", p->pid);
	report_details_of(l->r, p, stack, &d);
	head_of(p);
	report_details_text(&d, l->text, l->size);
	fputs(l->text, stdout);
	return true;
}

static bool do_task(struct look *l, const struct words *w)
{
	bool some = w->n > 1 && !strcmp(w->w[1], "-R");
	const struct proc *p = asked(l, w, some ? 3 : 1);
	char at[24], path[160], work[SYMBOL_TEXT];
	struct words of = { .w = { "struct", path, at }, .n = 3 };
	bool ok = true;

	if (some && w->n < 3)
		return look_wrong("task -R takes members, commas between them");
	if (!p)
		return false;
	head_of(p);
	report_work(l->r, p, work);
	if (work[0])
		printf("  work       %s\n", work);
	snprintf(at, sizeof(at), "%#" PRIx64, p->at);
	snprintf(path, sizeof(path), "task_struct");
	if (!some)
		return look_struct(l, &of);
	for (const char *name = w->w[2]; *name;) {
		int len = (int)strcspn(name, ",");

		snprintf(path, sizeof(path), "task_struct.%.*s", len, name);
		ok &= look_struct(l, &of);
		name += len + (name[len] == ',');
	}
	return ok;
}

/* ---- the table ---------------------------------------------------------------------- */

static bool do_quit(struct look *l, const struct words *w)
{
	(void)w;
	l->is_over = true;
	return true;
}

static bool do_help(struct look *l, const struct words *w)
{
	(void)l;
	(void)w;
	look_help();
	return true;
}

static const struct command {
	const char *name, *operands, *help;			/* help NULL: not listed */
	bool (*run)(struct look *l, const struct words *w);	/* NULL: prints a section */
	const struct report_part *part;
} commands[] = {
	{ "why", "", "the finding, what proves it, the signature",
	  NULL, &part_finding },
	{ "sys", "", "the machine, its kernel, when and of what it died",
	  NULL, &part_system },
	{ "bt", "[-a|-D|PID...]", "the stack of the cause, of all CPUs, of blocked tasks, of "
	  "tasks", do_bt, NULL },
	{ "foreach", "[STATE] bt", "the stacks of all tasks, or those that are RU, UN, IN ...",
	  do_foreach, NULL },
	{ "ps", "[-m|PID]", "all tasks; -m: for how long each has not got a CPU", do_ps, NULL },
	{ "task", "[-R MEMBERS] [PID]", "a task's task_struct, or members of it",
	  do_task, NULL },
	{ "waits", "", "blocked tasks, what they wait for and who has it",
	  NULL, &part_blocked },
	{ "files", "[PID]", "a task's files, folders, group, system call", do_files, NULL },
	{ "signals", "", "who sent which signal to whom, by the kernel's trace",
	  NULL, &part_signals },
	{ "audit", "", "records of the audit that auditd never got", NULL, &part_audit },
	{ "dev", "", "disks, and requests that they did not answer", NULL, &part_disks },
	{ "net", "", "network interfaces, and queues that stand", NULL, &part_net },
	{ "mod", "", "modules", NULL, &part_modules },
	{ "mem", "", "memory, by use, slab cache and process", NULL, &part_memory },
	{ "log", "", "the kernel's log", do_log, NULL },
	{ "sym", "ADDRESS|NAME", "what lies at an address, or where a symbol lies",
	  look_sym, NULL },
	{ "dis", "ADDRESS|NAME [COUNT]", "instructions: their bytes, memory and jumps",
	  look_dis, NULL },
	{ "struct", "NAME [ADDRESS]", "members of a structure, and their values",
	  look_struct, NULL },
	{ "help", "", "this list", do_help, NULL },
	{ "quit", "", "no more commands; exit and q are the same", do_quit, NULL },
	{ "exit", NULL, NULL, do_quit, NULL },
	{ "q", NULL, NULL, do_quit, NULL },
};

#define N_COMMANDS (sizeof(commands) / sizeof(commands[0]))

void look_help(void)
{
	for (size_t i = 0; i < N_COMMANDS && commands[i].help; i++)
		printf("  %-8s %-20s %s\n", commands[i].name, commands[i].operands,
		       commands[i].help);
}

static bool run(struct look *l, const struct command *c, const struct words *w)
{
	if (c->run)
		return c->run(l, w);
	report_part_text(l->r, c->part, l->text, l->size);
	fputs(l->text, stdout);
	return true;
}

bool look_command(struct look *l, char *line)
{
	struct words w = { .n = 0 };
	char *at;

	for (at = strtok(line, BLANKS); at && w.n < LOOK_WORDS_MAX; at = strtok(NULL, BLANKS))
		w.w[w.n++] = at;
	if (!w.n || w.w[0][0] == '#')
		return true;
	for (unsigned i = 1; i < w.n; i++)
		if (strchr("|>", w.w[i][0]))
			return look_wrong("%s is for the shell: crashbox look DUMP %s | ...",
					  w.w[i], w.w[0]);
	if (at)
		return look_wrong("more than %d words: %s is one too many", LOOK_WORDS_MAX, at);
	for (size_t i = 0; i < N_COMMANDS; i++)
		if (!strcmp(commands[i].name, w.w[0]))
			return run(l, &commands[i], &w);
	return look_wrong("no command %s; help lists them", w.w[0]);
}
