/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A section is a function; one that has nothing to say writes no line. */
#include "report_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/numbers.h"
#include "blocked.h"
#include "report_disks.h"
#include "subject.h"
#include "text_page.h"

#define KIB 1024.0
#define SIZE_TEXT 24
#define FRAMES_SHOWN 40u
#define BLOCKED_SHOWN 20u

/* "38.2 MiB" */
static const char *size_text(uint64_t bytes, char text[SIZE_TEXT])
{
	static const char *const units[] = { "KiB", "MiB", "GiB", "TiB" };
	double value = bytes / KIB;
	unsigned unit = 0;

	for (; value >= 1024 && unit < 3; unit++)
		value /= 1024;
	snprintf(text, SIZE_TEXT, "%.1f %s", value, units[unit]);
	return text;
}

/* ---- finding, signature -------------------------------------------------------- */

static void put_finding(struct report *r, struct text_page *p)
{
	const struct finding *f = &r->finding;

	page_section(p, "FINDING");
	page_line(p, "%s", f->text);
	for (unsigned i = 0; i < f->n_evidence; i++)
		page_line(p, "  %s", f->evidence[i]);
	for (unsigned i = 0; i < r->n_also; i++)
		page_line(p, "also: %s", r->also[i].text);
	page_section(p, "SIGNATURE");
	page_line(p, "%s", r->signature.title);
	page_line(p, "%s  (coarse %s, frames: %s)", r->signature.id, r->signature.coarse,
		 signature_confidence_text(r->signature.confidence));
}

/* ---- system ------------------------------------------------------------------------ */

static void put_times(const struct report_system *s, struct text_page *p)
{
	char text[40];

	format_utc(s->crash_time, text, sizeof(text));
	page_row(p, "time", "%s", text);
	if (s->uptime_s >= 0)
		page_row(p, "uptime", "%.0f s", s->uptime_s);
}

static void put_system(struct report *r, struct text_page *p)
{
	const struct report_system *s = &r->system;

	page_section(p, "SYSTEM");
	page_row(p, "host", "%s", s->node);
	page_row(p, "kernel", "%s %s, %s", s->release, s->version, s->machine);
	page_row(p, "build id", "%s", s->build_id);
	page_row(p, "hardware", "%s", s->hardware);
	put_times(s, p);
	if (s->n_cpus)
		page_row(p, "cpus", "%u possible, %u online", s->n_cpus, s->n_online);
	if (s->has_taint)
		page_row(p, "taint", "%s%s%#" PRIx64, s->taint_letters,
			 s->taint_letters[0] ? ", " : "", s->taint);
	page_row(p, "cmdline", "%s", s->cmdline);
	if (r->log.has_panic)
		page_row(p, "panic", "%s", r->log.panic);
	if (r->log.death.line[0] && strncmp(r->log.death.line, "Kernel panic", 12))
		page_row(p, "oops", "%s", r->log.death.line);
}

/* ---- stacks ---------------------------------------------------------------------------- */

static const char *how_text(enum frame_how how)
{
	switch (how) {
	case FRAME_RESYNC:
		return "  (resynced)";
	case FRAME_GUESS:
		return " ?";
	default:
		return "";
	}
}

static void put_stack(struct report *r, const struct stack *stack, unsigned from,
		      struct text_page *p)
{
	char text[SYMBOL_TEXT];

	for (unsigned i = from; i < stack->n && i < from + FRAMES_SHOWN; i++) {
		frame_text(&r->symbols, &stack->frames[i], text);
		page_line(p, "  #%-2u %s%s%s", i - from, text, how_text(stack->frames[i].how),
			  stack == &r->subject_stack && i && i == r->subject_first ?
			  "   <- the fault" : "");
	}
	page_end_line(p);
	if (stack->n > from + FRAMES_SHOWN)
		page_line(p, "  ... %u more", stack->n - from - FRAMES_SHOWN);
	if (stack->end == STACK_END_BROKEN)
		page_line(p, "  (it ends here: %s)", stack->why);
	page_end_line(p);
}

static void put_registers(struct report *r, struct text_page *p)
{
	struct symbol sym;
	char text[SYMBOL_TEXT];

	if (!r->has_subject_regs)
		return;
	for (unsigned i = 0; i < CPU_REGS_MAX; i++) {
		uint64_t value = r->subject_regs[i];

		if (!(r->arch->general_regs >> i & 1))
			continue;
		text[0] = '\0';
		if (symbol_at(&r->symbols, value, &sym) && symbol_is_sure(&sym))
			symbol_text(&sym, text);
		page_item(p, "%-3s %016" PRIx64 "%s%s", r->arch->regs[i], value,
			  text[0] ? " " : "", text);
	}
	page_end_line(p);
}

static void put_syscall(const struct proc_details *d, struct text_page *p)
{
	if (!d->has_syscall)
		return;
	if (d->syscall[0])
		page_row(p, "syscall", "%s(%#" PRIx64 ", %#" PRIx64 ", %#" PRIx64 ")",
			 d->syscall, d->syscall_args[0], d->syscall_args[1],
			 d->syscall_args[2]);
	else
		page_row(p, "syscall", "%d", d->syscall_nr);
}

static void put_details(const struct proc_details *d, struct text_page *p)
{
	if (d->has_uid)
		page_row(p, "uid", "%u", d->uid);
	if (d->has_loginuid)
		page_row(p, "loginuid", "%u", d->loginuid);
	page_row(p, "exe", "%s", d->exe);
	page_row(p, "cwd", "%s", d->cwd);
	page_row(p, "cgroup", "%s", d->cgroup);
	page_row(p, "container", "%s", d->container);
	put_syscall(d, p);
	if (d->n_files)
		page_row(p, "files", "%u %s (%s)", d->files[0].fd, d->files[0].place.path,
			 d->files[0].place.fs);
	for (unsigned i = 1; i < d->n_files; i++)
		page_item(p, "%u %s (%s)", d->files[i].fd, d->files[i].place.path,
			  d->files[i].place.fs);
	if (d->n_more_files)
		page_item(p, "and %" PRIu64 " more", d->n_more_files);
}

static void put_crash(struct report *r, struct text_page *p)
{
	const struct proc *t = &r->subject;

	if (!t->at && !r->subject_stack.n)
		return;
	if (r->crash_cpu >= 0)
		page_section(p, "CRASH on CPU %u", r->cpus[r->crash_cpu].nr);
	else
		page_section(p, "CRASH");
	if (t->at)
		page_row(p, "task", "%s, pid %u, tgid %u, ppid %u, state %c%s", t->comm, t->pid,
			 t->tgid, t->ppid, t->state, t->is_kernel ? ", a kernel thread" : "");
	if (t->at)
		put_details(&r->details, p);
	page_row(p, "code", "%s", r->log.death.code);
	page_end_line(p);
	put_registers(r, p);
	page_line(p, "stack");
	put_stack(r, &r->subject_stack, 0, p);
}

static void put_cpus(struct report *r, struct text_page *p)
{
	char text[SYMBOL_TEXT];

	if (!r->n_cpus)
		return;
	page_section(p, "CPUS");
	for (unsigned i = 0; i < r->n_cpus; i++) {
		struct cpu_state *cpu = &r->cpus[i];

		text[0] = '\0';
		if (cpu->stack.n)
			frame_text(&r->symbols, &cpu->stack.frames[0], text);
		page_row(p, "CPU", "%u RIP: %s  %s%s%s", cpu->nr, text[0] ? text : "-",
			 cpu_mode_name(cpu->mode), cpu->task.at ? ", " : "", cpu->task.comm);
		if ((int)i != r->crash_cpu && cpu->mode != CPU_IDLE && cpu->stack.n > 1) {
			page_end_line(p);
			put_stack(r, &cpu->stack, 0, p);
		}
	}
}

static void put_circles(struct report *r, struct text_page *p)
{
	for (unsigned c = 1; c <= r->n_circles; c++) {
		page_end_line(p);
		for (unsigned i = 0, n = 0; i < r->n_waiters; i++)
			if (r->waiters[i].circle == c)
				page_row(p, n++ ? "" : "circle", "%s (pid %u)",
					 r->waiters[i].proc.comm, r->waiters[i].proc.pid);
	}
	page_end_line(p);
}

static void put_blocked(struct report *r, struct text_page *p)
{
	char text[WAIT_TEXT];

	if (!r->n_blocked)
		return;
	page_section(p, "BLOCKED  (%u tasks in D, the longest first; equal stacks once)",
		     r->n_blocked_tasks);
	for (unsigned i = 0; i < r->n_blocked && i < BLOCKED_SHOWN; i++) {
		struct blocked_group *g = &r->blocked[i];

		if (g->seconds >= 0)
			page_row(p, "task", "pid %u %s, for %.0f s%s", g->first.pid,
				 g->first.comm, g->seconds, g->n > 1 ? ", and more:" : "");
		else
			page_row(p, "task", "pid %u %s%s", g->first.pid, g->first.comm,
				 g->n > 1 ? ", and more:" : "");
		if (g->n > 1)
			page_item(p, "%u in all", g->n);
		wait_text(r, &g->wait, text);
		page_row(p, "waits for", "%s", text);
		page_end_line(p);
		put_stack(r, &g->stack, 0, p);
	}
	if (r->n_blocked > BLOCKED_SHOWN)
		page_row(p, "", "and %u more stacks", r->n_blocked - BLOCKED_SHOWN);
	put_circles(r, p);
}

/* ---- the rest ------------------------------------------------------------------------- */

static void put_module(struct report *r, const struct module *mod, struct text_page *p)
{
	char version[64], source[64], size[SIZE_TEXT], letters[REPORT_LETTERS];

	module_version(&r->symbols.modules, mod, version, sizeof(version));
	module_srcversion(&r->symbols.modules, mod, source, sizeof(source));
	taint_letters(mod->taints, letters);
	page_row(p, mod->name, "%s, taints %s%s%s%s%s%s", size_text(module_len(mod), size),
		 letters, module_state_words(mod), version[0] ? ", version " : "", version,
		 source[0] ? ", srcversion " : "", source);
}

static void put_modules(struct report *r, struct text_page *p)
{
	const struct modules *m = &r->symbols.modules;

	if (!m->n)
		return;
	page_section(p, "MODULES  (%u loaded%s%s)", m->n,
		     m->last_unloaded[0] ? "; last unloaded: " : "", m->last_unloaded);
	for (unsigned i = 0; i < m->n; i++)
		if (m->list[i].taints)
			put_module(r, &m->list[i], p);
	page_end_line(p);
	for (unsigned i = 0; i < m->n; i++)
		if (!m->list[i].taints)
			page_item(p, "%s", m->list[i].name);
}

static void put_memory(struct report *r, struct text_page *p)
{
	const struct memuse *m = &r->memory;
	char size[SIZE_TEXT];

	if (!r->has_memory)
		return;
	page_section(p, "MEMORY");
	for (unsigned i = 0; i < N_MEM_COUNTERS; i++)
		if (m->counters[i] != MEM_UNKNOWN)
			page_item(p, "%s %s", mem_counter_name(i),
				  size_text(m->counters[i], size));
	page_end_line(p);
	for (unsigned i = 0; i < m->n_caches; i++)
		page_row(p, i ? "" : "caches", "%s %s, %" PRIu64 " objects of %u%s",
			 m->caches[i].name, size_text(m->caches[i].bytes, size),
			 m->caches[i].objects, m->caches[i].size,
			 m->caches[i].is_merged ? " (merged)" : "");
	for (unsigned i = 0; i < m->n_procs; i++)
		page_row(p, i ? "" : "processes", "%s (pid %u) %s", m->procs[i].comm,
			 m->procs[i].pid, size_text(m->procs[i].bytes, size));
}

static void put_tasks(struct report *r, struct text_page *p)
{
	static const char states[] = "RSDITtZXP";

	if (!r->procs.n)
		return;
	page_section(p, "TASKS");
	page_item(p, "%" PRIu64 " in all", r->procs.n + r->procs.n_more);
	for (const char *s = states; *s; s++)
		if (r->procs.by_state[(unsigned char)*s])
			page_item(p, "%c %" PRIu64, *s, r->procs.by_state[(unsigned char)*s]);
}

static void put_timeline(struct report *r, struct text_page *p)
{
	const struct log_line *line;

	if (!timeline_line(&r->timeline, 0))
		return;
	page_section(p, "BEFORE IT  (lines of the log that matter, oldest first)");
	for (unsigned i = 0; (line = timeline_line(&r->timeline, i)); i++) {
		if (line->seconds >= 0)
			page_line(p, "[%12.6f] %s", line->seconds, line->message);
		else
			page_line(p, "%s", line->message);
	}
}

static void put_more(struct report *r, struct text_page *p)
{
	static const char *const levels[] = { "the log alone", "the log and symbols",
					      "symbols and types" };

	page_section(p, "MORE");
	page_row(p, "made", "in %.0f ms, by %s", r->seconds * 1000, levels[r->level]);
	for (unsigned i = 0; i < r->n_missing; i++)
		page_row(p, i ? "" : "missing", "%s: %s", r->missing[i].section,
			 r->missing[i].why);
}

static void (*const sections[N_SECTIONS])(struct report *, struct text_page *) = {
	[SECTION_FINDING] = put_finding, [SECTION_SYSTEM] = put_system,
	[SECTION_CRASH] = put_crash, [SECTION_CPUS] = put_cpus,
	[SECTION_BLOCKED] = put_blocked, [SECTION_MODULES] = put_modules,
	[SECTION_MEMORY] = put_memory, [SECTION_DISKS] = report_disks_text,
	[SECTION_TASKS] = put_tasks,
	[SECTION_TIMELINE] = put_timeline, [SECTION_MORE] = put_more,
};

size_t report_text(struct report *r, char *text, size_t size)
{
	struct text_page p;

	page_init(&p, text, size);
	for (size_t i = 0; i < N_SECTIONS; i++)
		sections[i](r, &p);
	return page_end(&p);
}

size_t report_section_text(struct report *r, enum report_section which, char *text,
			   size_t size)
{
	struct text_page p;

	page_init(&p, text, size);
	sections[which](r, &p);
	return page_end(&p);
}

size_t report_stack_text(struct report *r, const struct stack *stack, char *text, size_t size)
{
	struct text_page p;

	page_init(&p, text, size);
	put_stack(r, stack, 0, &p);
	return page_end(&p);
}

size_t report_details_text(const struct proc_details *d, char *text, size_t size)
{
	struct text_page p;

	page_init(&p, text, size);
	put_details(d, &p);
	return page_end(&p);
}

/* ---- one line ---------------------------------------------------------------------------- */

void report_line(struct report *r, char line[REPORT_LINE])
{
	char title[sizeof(r->signature.title)], *c;

	snprintf(title, sizeof(title), "%s", r->signature.title);
	for (c = title; *c; c++)
		if (*c == '"')
			*c = '\'';
	snprintf(line, REPORT_LINE, "host=%.64s kernel=%.64s what=\"%.160s\" sig=%s coarse=%s",
		 r->system.node, r->system.release, title, r->signature.id,
		 r->signature.coarse);
	if (r->crash_cpu >= 0)
		snprintf(line + strlen(line), REPORT_LINE - strlen(line), " cpu=%u",
			 r->cpus[r->crash_cpu].nr);
	if (r->subject.at)
		snprintf(line + strlen(line), REPORT_LINE - strlen(line), " pid=%u comm=\"%s\"",
			 r->subject.pid, r->subject.comm);
}
