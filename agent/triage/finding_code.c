/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whose code it was: a module of another maker, a BPF program. Beside what went wrong in it. */
#include <string.h>

#include "finding_parts.h"
#include "finding_rules.h"
#include "frame_name.h"
#include "subject.h"
#include "taint.h"

/* A task that hangs, or a machine out of memory, is nobody's code. */
static bool has_place(const struct report *r)
{
	const enum crash_kind kind = r->log.death.kind;

	return kind != KIND_UNKNOWN && (crash_kinds[kind].subject == SUBJECT_HERE ||
					crash_kinds[kind].subject == SUBJECT_CPU);
}

/* The module says so of itself, and the kernel was tainted by one. */
bool finding_foreign_module(struct report *r, struct finding *f)
{
	const struct module *mod = has_place(r) ? finding_module_of(r) : NULL;
	char letters[REPORT_LETTERS];

	if (!mod || !(mod->taints & r->system.taint & TAINT_FOREIGN))
		return false;
	taint_letters(mod->taints, letters);
	finding_says(f, "It happened in code of module %s, which is not one of the kernel's "
		     "own.", mod->name);
	finding_because(f, "the module's taints are %s", letters);
	taint_letters(r->system.taint, letters);
	finding_because(f, "the kernel's are %s", letters);
	finding_module(r, f);
	return true;
}

/* Its address is in the kernel's list of programs, and the unwinder is sure of the frame. */
bool finding_bpf(struct report *r, struct finding *f)
{
	const struct stack *stack = &r->subject_stack;
	struct frame_name name;
	struct symbol sym;

	for (unsigned i = r->subject_first; has_place(r) && i < stack->n; i++) {
		if (stack->frames[i].how == FRAME_GUESS ||
		    !frame_symbol(&r->symbols, &stack->frames[i], &sym) ||
		    strcmp(sym.module, "bpf"))
			continue;
		frame_name_set(&name, sym.name, sym.module);
		finding_says(f, "The BPF program %.60s was running.", frame_function(&name));
		finding_because(f, "it is frame %u of the stack", i);
		finding_because(f, "the kernel's list has it as %.80s", sym.name);
		return true;
	}
	return false;
}
