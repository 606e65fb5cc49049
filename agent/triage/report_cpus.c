/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What each CPU was doing; stacks of those that were not idle. */
#include "report_parts.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "report_stack.h"
#include "report_words.h"
#include "subject.h"
#include "triage.h"

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

/*
 * What the CPU itself left, in memory; else what a hypervisor wrote of it into the file, where
 * it is the nth of those that there can be.
 */
static bool read_note(struct triage *m, unsigned nr, unsigned nth, struct cpu_note *note)
{
	struct file_notes file = { m->want->notes, m->want->notes_len, 0 };
	struct err ignored;

	if (cpu_note_read(&m->cpus, nr, note, &ignored))
		return true;
	for (unsigned i = 0; i < m->cpus.n; i++)
		file.n_cpus += cpus_has(&m->cpus, i);
	return cpu_note_of_file(m->space->arch, &file, nth, note, &ignored);
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
	if (cpus_current(&m->cpus, nr, &task, &ignored) &&
	    proc_read(&r->procs, task, &cpu->task))
		cpu->is_realtime = task_is_realtime(m->space, &m->facts.runqueue, task);
	cpu->queue = runqueue_read(&m->cpus, &m->facts.runqueue, nr);
	cpu->mode = CPU_SILENT;
	/* What runs has neither note nor a stack that stays as it is. */
	if (r->is_live)
		cpu->mode = cpu->task.at && !cpu->task.pid ? CPU_IDLE : CPU_RUNNING;
	else if (read_note(m, nr, r->n_cpus - 1, &note)) {
		memcpy(cpu->regs, note.regs, sizeof(cpu->regs));
		unwind_regs(&m->unwinder, cpu->regs, &cpu->stack);
		set_mode(m, cpu);
	}
}

static struct cpu_state *cpu_of(struct report *r, unsigned nr)
{
	if (nr < r->n_cpus && r->cpus[nr].nr == nr)
		return &r->cpus[nr];
	for (unsigned i = 0; i < r->n_cpus; i++)
		if (r->cpus[i].nr == nr)
			return &r->cpus[i];
	return NULL;
}

/* Whoever could run and does not waits for its CPU. */
static void read_waiters(struct triage *m)
{
	struct report *r = m->r;

	for (unsigned i = 0; i < r->procs.n && !triage_is_late(m); i++) {
		const struct proc *p = &r->procs.list[i];
		struct cpu_state *cpu = p->state == 'R' ? cpu_of(r, p->cpu) : NULL;

		/* Where the one that runs is not known it may be any of them. */
		if (cpu && cpu->task.at && cpu->task.at != p->at)
			cpu_add_waiter(cpu, p, task_queued_ns(m->space, &m->facts.runqueue,
							      p->at));
	}
}

static void read_cpus(struct triage *m)
{
	struct report *r = m->r;
	unsigned crashed = UINT_MAX;
	struct err e;

	r->cpus = arena_take(m->want->arena, CPU_STATES_MAX, sizeof(r->cpus[0]), "CPUs", &e);
	if (!r->cpus || !cpus_open(&m->cpus, m->space, &m->facts.cpus, &e)) {
		report_lacks(r, "cpus", "%s", e.text);
		return;
	}
	if (r->is_live)
		report_lacks(r, "stacks", "of tasks that run now: this machine lives");
	else if (!cpus_panic(&m->cpus, &crashed, &e))
		report_lacks(r, "crash", "%s", e.text);
	for (unsigned i = 0; i < m->cpus.n && !triage_is_late(m); i++) {
		if (!cpus_has(&m->cpus, i))
			continue;
		if (r->n_cpus == CPU_STATES_MAX) {
			report_lacks(r, "cpus", "there are more than %u", CPU_STATES_MAX);
			break;
		}
		read_cpu(m, i);
		if (i == crashed)
			r->crash_cpu = (int)r->n_cpus - 1;
	}
	read_waiters(m);
	cpus_set_clocks(r->cpus, r->n_cpus,
			&(struct cpu_times){ r->system.uptime_s, r->log.death.seconds,
					     runqueue_newest_ns(m->space,
								&m->facts.runqueue) });
}

#define CLOCK_OLD_S 2.0		/* a tick looks at it at least each second */

static void put_queue(const struct report *r, const struct cpu_state *cpu, struct text_page *p)
{
	if (cpu->queue.is_known && cpu->queue.n_runnable > 1)
		page_item(p, "%u runnable", cpu->queue.n_runnable);
	if (cpu->clock_stands_s >= CLOCK_OLD_S)
		page_item(p, "its clock stands for %.1f s", cpu->clock_stands_s);
	for (unsigned i = 0; i < cpu->n_waiters; i++) {
		const struct cpu_waiter *w = &cpu->waiters[i];
		double seconds = report_seconds_since(r, w->since_ns);

		if (seconds >= 0)
			page_row(p, "", "%s (pid %u) waits for it for %.1f s", w->proc->comm,
				 w->proc->pid, seconds);
		else
			page_row(p, "", "%s (pid %u) waits for it", w->proc->comm,
				 w->proc->pid);
	}
	if (cpu->n_waiting > cpu->n_waiters)
		page_row(p, "", "and %u more", cpu->n_waiting - cpu->n_waiters);
}

static void queue_json(const struct report *r, const struct cpu_state *cpu, struct json *j)
{
	json_number_or_null(j, "runnable",
			    cpu->queue.is_known ? (int)cpu->queue.n_runnable : -1);
	json_real_or_null(j, "clock_stands_seconds", cpu->clock_stands_s);
	json_open(j, "waiting", '[');
	for (unsigned i = 0; i < cpu->n_waiters; i++) {
		json_open(j, NULL, '{');
		json_number(j, "pid", cpu->waiters[i].proc->pid);
		json_string(j, "comm", cpu->waiters[i].proc->comm);
		json_real_or_null(j, "seconds",
				  report_seconds_since(r, cpu->waiters[i].since_ns));
		json_close(j);
	}
	json_close(j);
}

static void put_text(struct report *r, struct text_page *p)
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
		else if (cpu->mode == CPU_USER)
			snprintf(text, sizeof(text), "%#" PRIx64, cpu->regs[r->arch->reg_pc]);
		page_row(p, "CPU", "%u %s: %s  %s%s%s%s", cpu->nr,
			 r->arch->oops_pc, text[0] ? text : "-",
			 cpu_mode_name(cpu->mode), cpu->task.at ? ", " : "", cpu->task.comm,
			 cpu->is_realtime ? " (realtime)" : "");
		put_queue(r, cpu, p);
		if ((int)i != r->crash_cpu && cpu->mode != CPU_IDLE && cpu->stack.n > 1) {
			page_end_line(p);
			stack_lines(r, &cpu->stack, p);
		}
	}
}

static void put_json(struct report *r, struct json *j)
{
	json_open(j, "cpus", '[');
	for (unsigned i = 0; i < r->n_cpus; i++) {
		struct cpu_state *cpu = &r->cpus[i];

		json_open(j, NULL, '{');
		json_number(j, "cpu", cpu->nr);
		json_string(j, "state", cpu_mode_name(cpu->mode));
		json_number_or_null(j, "pid", cpu->task.at ? (int)cpu->task.pid : -1);
		json_text_or_null(j, "comm", cpu->task.comm);
		if (cpu->regs[r->arch->reg_pc])
			json_hex(j, "rip", cpu->regs[r->arch->reg_pc]);
		else
			json_null(j, "rip");
		json_bool(j, "realtime", cpu->is_realtime);
		queue_json(r, cpu, j);
		json_stack(j, r, &cpu->stack);
		json_close(j);
	}
	json_close(j);
}

const struct report_part part_cpus = { "cpus", read_cpus, put_text, put_json };
