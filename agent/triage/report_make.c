/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The order of worth: the log, then the CPUs, the tasks, what belongs to them, memory. */
#include "report_make.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base/io.h"
#include "blocked.h"
#include "finding.h"
#include "finding_rules.h"
#include "kernel/dmesg.h"
#include "kernel/kernel.h"
#include "kernel/cpus.h"
#include "kernel/tasklist.h"
#include "subject.h"
#include "triage.h"

#define FRAME_NAMES 128

static void missing(struct report *r, const char *section, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void missing(struct report *r, const char *section, const char *fmt, ...)
{
	struct report_missing *m = &r->missing[r->n_missing];
	va_list args;

	if (r->n_missing == REPORT_MISSING)
		return;
	r->n_missing++;
	m->section = section;
	va_start(args, fmt);
	vsnprintf(m->why, sizeof(m->why), fmt, args);
	va_end(args);
}

static bool is_late(const struct triage *m)
{
	return bounds_over(m->want->bounds);
}

/* ---- the log --------------------------------------------------------------------- */

static void feed(struct report *r, const char *text, size_t len)
{
	struct log_line line;

	while (log_line_next(&text, &len, &line)) {
		oops_reader_line(&r->log, &line);
		timeline_add(&r->timeline, &line);
	}
}

static void read_log(struct triage *m)
{
	struct report *r = m->r;
	struct dmesg log;
	struct err e;
	char *record;
	size_t len;

	oops_reader_init(&r->log);
	record = arena_take(m->want->arena, DMESG_RECORD_MAX, 1, "log record", &e);
	if (!m->want->kernel->has_space) {
		missing(r, "log", "%s", m->want->kernel->doubt);
		return;
	}
	if (!record || !dmesg_open(&log, m->space, &e)) {
		missing(r, "log", "%s", e.text);
		return;
	}
	while (!is_late(m) && dmesg_next(&log, record, DMESG_RECORD_MAX, &len))
		if (dmesg_is_kernels(&log))
			feed(r, record, len);
	r->system.uptime_s = log.n_records ? log.latest_ns / 1e9 : -1;
	oops_reader_end(&r->log);
}

/* ---- the system --------------------------------------------------------------------- */

static unsigned bits_in(struct triage *m, int64_t mask, unsigned n_cpus)
{
	unsigned n = 0;
	struct err ignored;
	uint64_t word = 0;

	for (unsigned i = 0; has(mask) && i < n_cpus; i++) {
		if (!(i & 63) && !space_read_u64(m->space, mask + i / 8, &word, &ignored))
			return n;
		n += word >> (i & 63) & 1;
	}
	return n;
}

static unsigned cpu_ids(struct triage *m)
{
	struct err ignored;
	uint32_t n = 0;

	if (!has(m->facts.system.n_cpu_ids) ||
	    !space_read_u32(m->space, m->facts.system.n_cpu_ids, &n, &ignored) || n > 8192)
		return 0;
	return n;
}

static void read_names(struct triage *m)
{
	struct report_system *s = &m->r->system;
	const struct kernel *kn = m->want->kernel;

	snprintf(s->release, sizeof(s->release), "%s", kn->uts[RELEASE]);
	snprintf(s->version, sizeof(s->version), "%s", kn->uts[VERSION]);
	snprintf(s->machine, sizeof(s->machine), "%s", kn->uts[MACHINE]);
	snprintf(s->node, sizeof(s->node), "%s", kn->uts[NODENAME]);
	snprintf(s->build_id, sizeof(s->build_id), "%s", kn->k.build_id);
	s->crash_time = has(kn->k.crash_time) ? kn->k.crash_time : 0;
}

static void read_system(struct triage *m)
{
	const struct system_facts *f = &m->facts.system;
	struct report_system *s = &m->r->system;
	struct err ignored;
	uint64_t at;

	if (has(f->command_line) && space_read_u64(m->space, f->command_line, &at, &ignored))
		text_at(m->space, at, s->cmdline, sizeof(s->cmdline));
	if (has(f->hardware))
		text_at(m->space, f->hardware, s->hardware, sizeof(s->hardware));
	s->has_taint = has(f->taint) && space_read_u64(m->space, f->taint, &s->taint, &ignored);
	if (s->has_taint)
		taint_letters(s->taint, s->taint_letters);
	s->n_cpus = bits_in(m, f->possible_mask, cpu_ids(m));
	s->n_online = bits_in(m, f->online_mask, cpu_ids(m));
}

/* ---- tasks and CPUs ------------------------------------------------------------------- */

static const char *const idle[] = { "do_idle", "cpu_startup_entry", NULL };

static bool is_idle(struct triage *m, const struct cpu_state *cpu)
{
	struct symbol sym;

	if (!cpu->task.at || cpu->task.pid)
		return false;
	for (unsigned i = 0; i < cpu->stack.n; i++)
		if (frame_symbol(&m->r->symbols, &cpu->stack.frames[i], &sym) &&
		    (!strcmp(sym.name, idle[0]) || !strcmp(sym.name, idle[1])))
			return true;
	return false;
}

static bool was_interrupted(const struct stack *stack)
{
	for (unsigned i = 1; i < stack->n; i++)
		if (stack->frames[i].how == FRAME_REGS)
			return true;
	return false;
}

static void set_mode(struct triage *m, struct cpu_state *cpu)
{
	if (!cpu->stack.n)
		cpu->mode = cpu->stack.end == STACK_END_USER ? CPU_USER : CPU_SILENT;
	else if (was_interrupted(&cpu->stack))
		cpu->mode = CPU_IRQ;
	else
		cpu->mode = is_idle(m, cpu) ? CPU_IDLE : CPU_KERNEL;
}

static void read_cpu(struct triage *m, unsigned nr)
{
	struct report *r = m->r;
	struct cpu_state *cpu = &r->cpus[r->n_cpus++];
	struct cpu_note note;
	struct err ignored;
	vaddr_t task;

	memset(cpu, 0, sizeof(*cpu));
	cpu->nr = nr;
	if (cpus_current(&m->cpus, nr, &task, &ignored))
		proc_read(&r->procs, task, &cpu->task);
	cpu->mode = CPU_SILENT;
	if (cpu_note_read(&m->cpus, nr, &note, &ignored)) {
		memcpy(cpu->regs, note.regs, sizeof(cpu->regs));
		unwind_regs(&m->unwinder, cpu->regs, &cpu->stack);
		set_mode(m, cpu);
	}
}

static void read_cpus(struct triage *m)
{
	struct report *r = m->r;
	unsigned crashed = UINT_MAX;
	struct err e;

	r->cpus = arena_take(m->want->arena, CPU_STATES_MAX, sizeof(r->cpus[0]), "CPUs", &e);
	if (!r->cpus || !cpus_open(&m->cpus, m->space, &m->facts.cpus, &e)) {
		missing(r, "cpus", "%s", e.text);
		return;
	}
	if (!cpus_panic(&m->cpus, &crashed, &e))
		missing(r, "crash", "%s", e.text);
	for (unsigned i = 0; i < m->cpus.n && r->n_cpus < CPU_STATES_MAX && !is_late(m); i++) {
		if (!cpus_has(&m->cpus, i))
			continue;
		read_cpu(m, i);
		if (i == crashed)
			r->crash_cpu = (int)r->n_cpus - 1;
	}
}

static bool add_task(void *ctx, vaddr_t task, bool is_leader)
{
	(void)is_leader;
	procs_add(ctx, task);
	return true;
}

static void read_tasks(struct triage *m)
{
	const struct tasklist list = { m->space, &m->facts.tasklist, m->want->bounds };
	struct report *r = m->r;
	struct err e;

	r->procs.space = m->space;
	r->procs.facts = &m->facts.procs;
	if (!procs_init(&r->procs, m->want->arena, &e)) {
		missing(r, "tasks", "%s", e.text);
		return;
	}
	if (!tasklist_each(&list, add_task, &r->procs, &e))
		missing(r, "tasks", "%s", e.text);
}

/* ---- what belongs to the subject, and memory --------------------------------------------- */

void report_details_of(struct report *r, const struct proc *proc, const struct stack *stack,
		       struct proc_details *out)
{
	struct triage *m = r->triage;
	struct detailer d = { .space = m->space, .facts = &m->facts.details,
			      .paths = { m->space, &m->facts.paths },
			      .procs = &m->facts.procs, .symbols = &r->symbols,
			      .e_machine = m->space->arch->e_machine };

	proc_details_read(&d, proc, stack->user_regs, out);
}

static void read_memory(struct triage *m)
{
	struct memuse *use = &m->r->memory;

	use->space = m->space;
	use->facts = &m->facts.memory;
	use->symbols = &m->r->symbols;
	use->page_shift = m->want->kernel->page_shift;
	memuse_read(use);
	memuse_read_procs(use, &m->r->procs);
	m->r->has_memory = true;
}

static void sign(struct report *r)
{
	struct frame_name names[FRAME_NAMES];
	struct signature_input in = { .kind = r->log.death.kind, .stack = names,
				      .subkind = r->log.death.subkind, .panic = r->log.panic };
	char subkind[CACHE_NAME + 8];

	in.n_stack = subject_frames(r, names, FRAME_NAMES, &in.confidence);
	if (in.kind == KIND_OOM && finding_oom_user(r, subkind, sizeof(subkind)))
		in.subkind = subkind;
	signature_make(&r->signature, &in);
}

/* ---- all of it ------------------------------------------------------------------ */

/* False: there are no symbols, and so nothing but the log. */
static bool open_symbols(struct triage *m)
{
	struct tables *tables = &m->want->kernel->tables;
	struct report *r = m->r;
	struct err e;

	r->symbols.kallsyms = tables_symbols(tables, &e);
	if (!r->symbols.kallsyms) {
		missing(r, "symbols", "%s", e.text);
		return false;
	}
	r->level = LEVEL_TYPES;
	if (!facts_read(&m->facts, tables, &e)) {
		r->level = LEVEL_SYMBOLS;
		missing(r, "types", "%s", e.text);
	}
	r->symbols.modules.space = m->space;
	r->symbols.modules.facts = &m->facts.modules;
	r->symbols.bpf = &m->facts.bpf;
	m->space->arch->module_area(m->space->k, &r->symbols.module_area);
	symbols_open(&r->symbols, m->want->arena);
	m->orc = (struct orc){ .space = m->space, .facts = &m->facts.orc,
			       .modules = &r->symbols.modules };
	m->unwinder = (struct unwinder){ .space = m->space, .symbols = &r->symbols,
					 .orc = &m->orc, .facts = &m->facts.unwind,
					 .cpu = unwind_cpu_of(m->space->arch->e_machine),
					 .steps_left = UNWIND_STEPS,
					 .bounds = m->want->bounds };
	if (!m->unwinder.cpu->is_ready(&m->unwinder, &e))
		missing(r, "stacks", "%s", e.text);
	return true;
}

/* What memory tells, in the order of worth. */
static void read_memory_of(struct triage *m)
{
	struct err e;

	if (!open_symbols(m))
		return;
	read_system(m);
	read_tasks(m);
	read_cpus(m);
	if (!blocked_read(m, m->want->arena, m->want->bounds, &e))
		missing(m->r, "blocked", "%s", e.text);
	subject_find(m->r, &m->unwinder);
	if (m->r->subject.at)
		report_details_of(m->r, &m->r->subject, &m->r->subject_stack,
				  &m->r->details);
	read_memory(m);
	m->r->disks.space = m->space;
	m->r->disks.facts = &m->facts.disks;
	if (!is_late(m))
		disks_read(&m->r->disks);
}

/* Signature and finding, by all that is known so far. */
static void settle(struct triage *m, double begun)
{
	sign(m->r);
	finding_make(m->r);
	m->r->seconds += monotonic_seconds() - begun;
}

bool report_begin(struct report *r, const struct report_want *want, struct err *e)
{
	/* Symbols look into it for as long as the report is there. */
	struct triage *m = arena_take(want->arena, 1, sizeof(*m), "report", e);
	struct kernel *kernel = want->kernel;
	double begun = monotonic_seconds();

	if (!m || !pagecache_init(&m->cache, kernel->space.pm, 1u << kernel->page_shift,
				  want->arena, e))
		return false;
	kernel->space.pm = &m->cache.pm;
	memset(r, 0, sizeof(*r));
	m->r = r;
	m->want = want;
	m->space = &kernel->space;
	m->page_shift = kernel->page_shift;
	r->triage = m;
	r->crash_cpu = -1;
	r->arch = kernel->space.arch;
	read_names(m);
	read_log(m);
	settle(m, begun);
	return true;
}

void report_read_memory(struct report *r)
{
	double begun = monotonic_seconds();

	if (r->triage->want->kernel->has_space)
		read_memory_of(r->triage);
	settle(r->triage, begun);
}
