/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The task or CPU that it happened to: its registers, its stack. */
#include "report_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "kernel/kernel.h"
#include "report_details.h"
#include "report_stack.h"
#include "report_words.h"
#include "subject.h"
#include "triage.h"

/* What registers hold is told by them. */
static void read_values(struct triage *m)
{
	struct kernel *kernel = m->want->kernel;
	struct err e;

	m->slabs = (struct slabs){ .space = m->space, .facts = &m->facts.slabs,
				   .map = kernel->trusted ? &kernel->map : NULL,
				   .caches_facts = &m->facts.memory };
	m->paths = (struct paths){ m->space, &m->facts.paths };
	m->values = (struct values){ .space = m->space, .symbols = &m->r->symbols,
				     .slabs = &m->slabs, .paths = &m->paths,
				     .procs = &m->r->procs, .page_shift = m->page_shift,
				     .stack_facts = &m->facts.sleeper };
	if (!slabs_open(&m->slabs, m->want->arena, &e))
		report_lacks(m->r, "values", "%s", e.text);
	if (!values_open(&m->values, m->want->arena, &e))
		report_lacks(m->r, "values", "%s", e.text);
}

/* Of its own stack, from the frame of the fault on. */
static void read_objects(struct triage *m)
{
	struct report *r = m->r;
	const struct sleeper_facts *f = &m->facts.sleeper;
	struct object_reader o = { .values = &m->values, .facts = &m->facts.objects,
				   .bounds = m->want->bounds, .self = r->subject.at };
	vaddr_t bottom = field_value(m->space, r->subject.at, f->stack), from;
	uint64_t len = sleeper_stack_len(m->space, f, m->page_shift, r->subject.at);

	if (!bottom || !r->subject_stack.n)
		return;
	from = r->subject_stack.frames[r->subject_first].sp & ~7ULL;
	if (from - bottom < len)
		objects_read(&o, from, len - (from - bottom), &r->objects);
}

/* Where the kernel could not read its own code, in an interrupt or without paging it in. */
static void read_code(struct triage *m)
{
	struct report *r = m->r;
	char text[sizeof(r->code)];

	if (!fault_lacks_code(&r->log.death))
		return;
	fault_code_text(m->space, r->subject_regs[r->arch->reg_pc], text, sizeof(text));
	if (text[0])
		memcpy(r->code, text, sizeof(text));
}

static void read_crash(struct triage *m)
{
	struct report *r = m->r;

	read_values(m);
	subject_find(r, &m->unwinder);
	if (r->has_subject_regs) {
		fault_read(&r->fault, m->space, &r->log.death, r->subject_regs);
		read_code(m);
	}
	if (!r->subject.at)
		return;
	report_details_of(r, &r->subject, &r->subject_stack, &r->details);
	if (r->details.lacks_args)
		report_lacks(r, "args", "pages of user mode are not to be had");
	read_objects(m);
}

static void put_register_items(struct report *r, struct text_page *p)
{
	char text[VALUE_TEXT];

	if (!r->has_subject_regs)
		return;
	for (unsigned i = 0; i < CPU_REGS_MAX; i++) {
		uint64_t value = r->subject_regs[i];

		if (!(r->arch->general_regs >> i & 1))
			continue;
		value_text(&r->triage->values, value, text);
		page_item(p, "%-3s %016" PRIx64 "%s%s", r->arch->regs[i], value,
			  text[0] ? " " : "", text);
	}
	page_end_line(p);
}

static void put_operand(const struct report *r, struct text_page *p)
{
	const struct oops *o = &r->log.death;
	char text[OPERAND_TEXT], is[VALUE_TEXT];

	if (r->fault.is_known) {
		operand_text(&r->fault.operand, r->arch, text);
		page_row(p, "operand", "%s, which is %#" PRIx64, text, r->fault.address);
	}
	if (!o->has_address)
		return;
	address_text(&r->triage->values, o->address, is);
	page_row(p, "address", "%#" PRIx64 "%s%s", o->address, is[0] ? ", " : "", is);
}

static void put_text(struct report *r, struct text_page *p)
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
	page_row(p, "context", "%s", subject_context(r));
	if (t->at)
		details_rows(&r->details, p);
	page_row(p, "code", "%s", r->code);
	put_operand(r, p);
	page_end_line(p);
	put_register_items(r, p);
	for (unsigned i = 0; i < r->objects.n; i++)
		page_row(p, i ? "" : "objects", "%s %s", r->objects.list[i].what,
			 r->objects.list[i].text);
	page_line(p, "stack");
	stack_lines(r, &r->subject_stack, p);
}

static void put_subject(struct report *r, struct json *j)
{
	if (!r->subject.at) {
		json_null(j, "task");
		return;
	}
	json_open(j, "task", '{');
	json_proc(j, &r->subject);
	json_details(j, &r->details);
	json_close(j);
}

static void put_registers(struct report *r, struct json *j)
{
	char text[VALUE_TEXT];

	json_open(j, "registers", '{');
	for (unsigned i = 0; r->has_subject_regs && i < r->arch->n_pt_regs; i++) {
		json_open(j, r->arch->regs[i], '{');
		json_hex(j, "value", r->subject_regs[i]);
		value_text(&r->triage->values, r->subject_regs[i], text);
		json_text_or_null(j, "is", text);
		json_close(j);
	}
	json_close(j);
}

static void put_instruction(const struct report *r, struct json *j)
{
	const struct fault *f = &r->fault;
	char text[OPERAND_TEXT];

	if (!f->is_known) {
		json_null(j, "instruction");
		return;
	}
	operand_text(&f->operand, r->arch, text);
	json_open(j, "instruction", '{');
	json_string(j, "operand", text);
	json_hex(j, "address", f->address);
	json_text_or_null(j, "base", f->base == NO_REG ? "" : r->arch->regs[f->base]);
	json_close(j);
}

static void put_address(const struct report *r, struct json *j)
{
	char text[VALUE_TEXT] = "";

	if (r->log.death.has_address)
		address_text(&r->triage->values, r->log.death.address, text);
	json_text_or_null(j, "address_is", text);
}

static void put_objects(const struct report *r, struct json *j)
{
	json_open(j, "objects", '[');
	for (unsigned i = 0; i < r->objects.n; i++) {
		json_open(j, NULL, '{');
		json_string(j, "what", r->objects.list[i].what);
		json_hex(j, "address", r->objects.list[i].at);
		json_string(j, "text", r->objects.list[i].text);
		json_close(j);
	}
	json_close(j);
}

static void put_json(struct report *r, struct json *j)
{
	json_open(j, "crash", '{');
	json_number_or_null(j, "cpu", r->crash_cpu < 0 ? -1 : (int)r->cpus[r->crash_cpu].nr);
	put_subject(r, j);
	json_text_or_null(j, "context", subject_context(r));
	put_registers(r, j);
	json_text_or_null(j, "code", r->code);
	put_instruction(r, j);
	put_address(r, j);
	put_objects(r, j);
	json_number(j, "first", r->subject_first);
	json_stack(j, r, &r->subject_stack);
	json_close(j);
}

const struct report_part part_crash = { "crash", read_crash, put_text, put_json };
