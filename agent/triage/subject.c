/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A fault's stack begins where the exception broke in: all in front of it is the kernel
 * reporting. Of a lock-up it is the CPU that the log names, of a hung task that task.
 */
#include "subject.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "glob.h"

static const char *const exception_entries[] = {
	"asm_exc_*", "exc_*", "asm_fred_*", "fred_*", "page_fault", "general_protection",
	"invalid_op", "divide_error", "double_fault", "int3", "async_page_fault", "nmi",
	"end_repeat_nmi", "el1_sync*", "el1h_64_sync*", "el1t_64_sync*", "el1_abort", "el1_dbg",
	"el1_undef", "el1h_64_error*", "el1_error*", NULL,
};

bool frame_symbol(struct symbols *s, const struct frame *f, struct symbol *sym)
{
	return f->how == FRAME_REGS ? symbol_at(s, f->ip, sym)
				    : symbol_of_return(s, f->ip, sym);
}

void frame_text(struct symbols *s, const struct frame *f, char text[SYMBOL_TEXT])
{
	struct symbol sym;

	if (frame_symbol(s, f, &sym))
		symbol_text(&sym, text);
	else
		snprintf(text, SYMBOL_TEXT, "%#llx", (unsigned long long)f->ip);
}

bool stack_is_in(struct report *r, const struct stack *stack, const char *const *names,
		 const char *module)
{
	struct symbol sym;

	for (unsigned i = 0; i < stack->n; i++)
		if (frame_symbol(&r->symbols, &stack->frames[i], &sym) &&
		    (!module || !strcmp(sym.module, module)) && glob_any(names, sym.name))
			return true;
	return false;
}

/* The first frame that an exception broke into; 0: none did. */
static unsigned exception_frame(struct report *r, const struct stack *stack)
{
	struct symbol sym;

	for (unsigned i = 1; i < stack->n; i++)
		if (stack->frames[i].how == FRAME_REGS &&
		    frame_symbol(&r->symbols, &stack->frames[i - 1], &sym) &&
		    glob_any(exception_entries, sym.name))
			return i;
	return 0;
}

/* What a CPU does in a timer interrupt, where it may find that something hangs. */
static const char *const ticks[] = {
	"hrtimer_interrupt", "tick_*", "update_process_times", NULL,
};

/*
 * The first that anything broke into, but for a timer interrupt that itself was broken into:
 * a CPU that prints that it hangs does so there.
 */
unsigned cpu_broken_into(struct report *r, const struct stack *stack)
{
	bool in_tick = false;
	unsigned found = 0;
	struct symbol sym;

	for (unsigned i = 1; i < stack->n; i++) {
		if (stack->frames[i].how == FRAME_REGS) {
			if (found && !in_tick)
				return found;
			found = i;
			in_tick = false;
		}
		if (frame_symbol(&r->symbols, &stack->frames[i], &sym))
			in_tick |= glob_any(ticks, sym.name);
	}
	return found;
}

/* What code runs in, by who called it; the innermost counts. */
static const char *const softirqs[] = { "handle_softirqs", "__do_softirq", NULL };
static const char *const nmis[] = {
	"asm_exc_nmi", "end_repeat_nmi", "nmi", "default_do_nmi", "arm64_enter_nmi", NULL,
};
static const char *const interrupts[] = {
	"asm_sysvec_*", "sysvec_*", "asm_common_interrupt", "common_interrupt", "ret_from_intr",
	"apic_timer_interrupt", "hrtimer_interrupt", "handle_irq_event*", "el1_irq",
	"el1_interrupt", "el1h_64_irq*", "el0_interrupt", "el0t_64_irq*", "gic_handle_irq",
	NULL,
};

const char *subject_context(struct report *r)
{
	const struct stack *stack = &r->subject_stack;
	struct symbol sym;

	for (unsigned i = r->subject_first; i < stack->n; i++) {
		const struct frame *f = &stack->frames[i];

		if (f->how == FRAME_GUESS || !frame_symbol(&r->symbols, f, &sym))
			continue;
		if (glob_any(softirqs, sym.name))
			return "softirq";
		if (glob_any(nmis, sym.name))
			return "nmi";
		if (glob_any(interrupts, sym.name))
			return "interrupt";
	}
	if (!stack->n || !r->subject.at)
		return "";
	return r->subject.is_kernel ? "kernel thread" : "process";
}

static struct cpu_state *cpu_nr(struct report *r, int nr)
{
	for (unsigned i = 0; i < r->n_cpus; i++)
		if (nr >= 0 && r->cpus[i].nr == (unsigned)nr)
			return &r->cpus[i];
	return NULL;
}

static void take_registers(struct report *r, struct unwinder *u, const struct cpu_state *cpu)
{
	const struct frame *f = &r->subject_stack.frames[r->subject_first];
	struct err ignored;

	if (!r->subject_stack.n)
		return;
	if (!r->subject_first) {
		memcpy(r->subject_regs, cpu->regs, sizeof(r->subject_regs));
		r->has_subject_regs = cpu->mode != CPU_SILENT;
	} else if (f->regs) {
		r->has_subject_regs = space_read(u->space, f->regs, r->subject_regs,
						 8 * u->space->arch->n_pt_regs, &ignored);
	}
}

static void take_cpu(struct report *r, struct unwinder *u, struct cpu_state *cpu)
{
	/* One that hangs was looked at from an interrupt, its own or that which stopped it. */
	bool hangs = crash_kinds[r->log.death.kind].subject == SUBJECT_CPU;

	r->subject = cpu->task;
	r->subject_stack = cpu->stack;
	r->subject_first = hangs ? cpu_broken_into(r, &cpu->stack)
				 : exception_frame(r, &cpu->stack);
	take_registers(r, u, cpu);
}

/* A task that the log names by its pid must have that name too, in memory. */
static bool take_task(struct report *r, struct unwinder *u)
{
	const struct oops *o = &r->log.death;
	const struct proc *proc = o->named_pid >= 0 ?
				  procs_by_pid(&r->procs, (uint32_t)o->named_pid) : NULL;

	if (!proc || strncmp(proc->comm, o->named_comm, PROC_COMM - 1))
		return false;
	r->subject = *proc;
	r->subject_first = 0;
	unwind_asleep(u, proc->at, &r->subject_stack);
	return true;
}

/* One that RCU waits for: it may run by now, or was put off in an interrupt. */
static bool take_reader(struct report *r, struct unwinder *u)
{
	if (r->log.death.kind != KIND_RCU_STALL || r->log.death.named_cpu >= 0 ||
	    !take_task(r, u))
		return false;
	r->subject_first = cpu_broken_into(r, &r->subject_stack);
	for (unsigned i = 0; i < r->n_cpus; i++)
		if (r->cpus[i].task.at == r->subject.at)
			take_cpu(r, u, &r->cpus[i]);
	return true;
}

void subject_find(struct report *r, struct unwinder *u)
{
	const struct crash_kind_facts *facts = &crash_kinds[r->log.death.kind];
	struct cpu_state *cpu = r->crash_cpu >= 0 ? &r->cpus[r->crash_cpu] : NULL;

	if ((facts->subject == SUBJECT_TASK && take_task(r, u)) || take_reader(r, u))
		return;
	if (facts->subject == SUBJECT_CPU && cpu_nr(r, r->log.death.named_cpu))
		cpu = cpu_nr(r, r->log.death.named_cpu);
	if (cpu)
		take_cpu(r, u, cpu);
}

/* ---- names ------------------------------------------------------------------------ */

static unsigned by_log(const struct report *r, struct frame_name *names, unsigned max)
{
	const struct oops *o = &r->log.death;
	unsigned n = 0;

	for (; n < o->n_frames && n < max; n++)
		names[n] = o->frames[n].name;
	return n;
}

unsigned subject_frames(struct report *r, struct frame_name *names, unsigned max,
			enum signature_confidence *confidence)
{
	const struct stack *stack = &r->subject_stack;
	bool has_gap = false;	/* code of a module that is not known */
	unsigned n = 0;

	*confidence = CONFIDENCE_EXACT;
	if (oops_names_place(&r->log.death) && max) {
		names[0] = r->log.death.frames[0].name;
		return 1;
	}
	for (unsigned i = r->subject_first; i < stack->n && n < max; i++) {
		const struct frame *f = &stack->frames[i];
		struct symbol sym;

		if (f->how == FRAME_GUESS)
			continue;
		if (f->how == FRAME_RESYNC)
			*confidence = CONFIDENCE_RESYNCED;
		if (frame_symbol(&r->symbols, f, &sym))
			frame_name_set(&names[n++], sym.name,
				       sym.module[0] ? sym.module : NULL);
		else if (symbols_is_orphan(&r->symbols, f->ip))
			snprintf(names[n++].text, FRAME_NAME_MAX, "%s", FRAME_UNLOADED);
		else
			has_gap |= symbols_may_be_text(&r->symbols, f->ip);
	}
	if (n && !has_gap)
		return n;
	*confidence = CONFIDENCE_LOG;
	return r->log.death.n_frames ? by_log(r, names, max) : n;
}
