/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules for an instruction that failed, and for what the kernel found wrong with itself. */
#include "finding_rules.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "finding_parts.h"
#include "kernel/btf_place.h"
#include "kernel/kernel.h"
#include "poison.h"
#include "subject.h"
#include "triage.h"

#define POINTER_TEXT 96
#define POINTER_LOW_BITS 12	/* below, the same page would be touched */
#define MEMBER_SPAN 4096u	/* from a structure to a member; else an index went wrong */

/* ---- hardware, stack ------------------------------------------------------------- */

bool finding_hardware(struct report *r, struct finding *f)
{
	enum crash_kind kind = r->log.death.kind;
	char panic[FINDING_PANIC];

	if (kind != KIND_MCE && kind != KIND_GHES && kind != KIND_AER && kind != KIND_SERROR &&
	    kind != KIND_NMI_HARDWARE)
		return false;
	finding_panic(r, panic);
	finding_says(f, "The hardware reported an error that ends a kernel: %s.", panic);
	finding_by_log(r, f);
	return true;
}

bool finding_stack_overflow(struct report *r, struct finding *f)
{
	char where[SYMBOL_TEXT];

	if (r->log.death.kind != KIND_STACK_OVERFLOW)
		return false;
	finding_where(r, where);
	finding_says(f, "A kernel stack overflowed%s%s.", where[0] ? ", in " : "", where);
	if (r->subject.at)
		finding_because(f, "it is that of %s (pid %u)", r->subject.comm,
				r->subject.pid);
	finding_repeats(r, f);
	finding_because(f, "%s", r->log.death.line);
	return true;
}

/* ---- addresses -------------------------------------------------------------------- */

/* The address that was touched, or run, and lies where modules are but in none of them. */
bool finding_unloaded(struct report *r, struct finding *f)
{
	struct symbols *s = &r->symbols;
	vaddr_t address = finding_ip(r);
	const char *last = r->symbols.modules.last_unloaded;
	bool is_run = true;

	/* 7.x fills what it frees with breakpoints: the instruction is one behind. */
	if (!symbols_is_orphan(s, address)) {
		address = r->log.death.has_address ? r->log.death.address : 0;
		is_run = false;
	}
	if (!symbols_is_orphan(s, address) || !last[0])
		return false;
	finding_says(f, "%s an address where a module may have been that was unloaded%s%s.",
		     is_run ? "The kernel ran code at" : "The kernel touched",
		     last[0] ? ", probably " : "", last);
	finding_because(f, "%#" PRIx64 " lies in the module area, but in no module",
			address);
	finding_because(f, "the module unloaded last is %s", last);
	return true;
}

/*
 * By the register that the instruction counted from: a poisoned pointer, or the structure that
 * would be around what it points to. Else by the address.
 */
static const struct poison *poison_used(const struct fault *fault, const struct oops *o)
{
	const struct poison *p = NULL;

	if (!fault->is_known)
		return o->has_address ? poison_of(o->address) : NULL;
	if (fault->base != NO_REG)
		p = poison_of(fault->base_value);
	if (!p && fault->base != NO_REG)
		p = poison_above(fault->base_value);
	return p ? p : poison_of(fault->address);
}

bool finding_poison(struct report *r, struct finding *f)
{
	const struct poison *p = poison_used(&r->fault, &r->log.death);
	uint64_t address = r->fault.is_known ? r->fault.address : r->log.death.address;
	char where[SYMBOL_TEXT];
	bool is_below;

	if (!p)
		return false;
	is_below = address < p->value;
	finding_where(r, where);
	finding_says(f, "%s used %s (%s).", where[0] ? where : "The kernel", p->what, p->name);
	finding_because(f, "the address is %#" PRIx64 " %c %#" PRIx64, p->value,
			is_below ? '-' : '+',
			is_below ? p->value - address : address - p->value);
	finding_operand(r, f);
	if (!r->fault.is_known)
		finding_register_with(r, f, p->value);
	return true;
}

/* The register that the instruction counted from, which makes the address of the log. */
bool finding_text_pointer(struct report *r, struct finding *f)
{
	char where[SYMBOL_TEXT], text[POINTER_LETTERS];

	/* "kkkkkkkk" is what a freed object is full of. */
	if (!r->fault.is_known || r->fault.base == NO_REG ||
	    poison_used(&r->fault, &r->log.death) ||
	    !pointer_is_text(r->fault.base_value, text))
		return false;
	finding_where(r, where);
	finding_says(f, "%s used text, \"%s\", as a pointer.",
		     where[0] ? where : "The kernel", text);
	finding_operand(r, f);
	finding_module(r, f);
	return true;
}

bool finding_error_pointer(struct report *r, struct finding *f)
{
	int number = finding_errno(r);
	const char *name = error_name(number);
	char where[SYMBOL_TEXT];

	if (!number)
		return false;
	finding_where(r, where);
	finding_says(f, "%s used an error number, -%d%s%s%s, as a pointer.",
		     where[0] ? where : "The kernel", number, name[0] ? " (" : "", name,
		     name[0] ? ")" : "");
	finding_because(f, "the address is %#" PRIx64, r->log.death.address);
	finding_operand(r, f);
	if (!r->fault.is_known)
		finding_register_with(r, f, (uint64_t)-number);
	return true;
}

/* Who went to what is no code; nobody, where the stack only has an address that may be old. */
static const char *caller_text(struct report *r, char text[SYMBOL_TEXT], const char *nobody)
{
	const struct frame *frame = &r->subject_stack.frames[r->subject_first + 1];

	if (frame->how == FRAME_GUESS)
		return nobody;
	frame_text(&r->symbols, frame, text);
	return text;
}

bool finding_null_call(struct report *r, struct finding *f)
{
	vaddr_t ip = finding_ip(r);
	char caller[SYMBOL_TEXT];

	if (r->log.death.kind != KIND_BAD_EXEC || ip >= POISON_SPAN ||
	    r->subject_stack.n <= r->subject_first + 1)
		return false;
	finding_says(f, "%s called a function through a NULL pointer.",
		     caller_text(r, caller, "Somebody"));
	finding_because(f, "the instruction pointer is %#" PRIx64, ip);
	return true;
}

/* An instruction pointer that is data, or nothing at all; who called it lies below. */
bool finding_bad_call(struct report *r, struct finding *f)
{
	vaddr_t ip = finding_ip(r);
	char caller[SYMBOL_TEXT], what[VALUE_TEXT];

	if (r->log.death.kind != KIND_BAD_EXEC || ip < POISON_SPAN || !r->triage ||
	    symbols_may_be_text(&r->symbols, ip) || r->subject_stack.n <= r->subject_first + 1)
		return false;
	address_text(&r->triage->values, ip, what);
	finding_says(f, "%.120s jumped to %#" PRIx64 ", which is no code%s%.100s.",
		     caller_text(r, caller, "Somebody"), ip, what[0] ? ": " : "", what);
	finding_register_with(r, f, ip);
	return true;
}

static const char *access_word(enum oops_access access)
{
	static const char *const words[] = { "An access", "A read", "A write", "A jump" };

	return words[access];
}

/*
 * What lies below address 0: a NULL pointer to a member less the member's place, or an error
 * number. Which of them, and so whose fault it is, cannot be told.
 */
static void pointer_text(struct report *r, char text[POINTER_TEXT])
{
	const struct fault *fault = &r->fault;
	int below = finding_below_null(r);
	const char *name = error_name(below);

	if (below)
		snprintf(text, POINTER_TEXT, "through a NULL pointer less %#x, or through an "
			 "error number, -%d%s%s%s", (unsigned)below, below,
			 name[0] ? " (" : "", name, name[0] ? ")" : "");
	else if (!error_number(r->log.death.address) ||
		 (fault->is_known && fault->base != NO_REG && fault->base_value < POISON_SPAN))
		snprintf(text, POINTER_TEXT, "through a NULL pointer");
	else
		snprintf(text, POINTER_TEXT, "through a NULL pointer or an error number");
}

/*
 * The register that the first argument came in is NULL still: what the function wanted of it. A
 * copy that the compiler made has another name, and is in no table of types.
 */
static void because_of_argument(struct report *r, struct finding *f)
{
	const struct fault *fault = &r->fault;
	struct btf_text text;
	struct err ignored;
	struct symbol sym;
	struct btf *types;

	if (!fault->is_known || fault->base != (int)r->arch->reg_arg || fault->base_value ||
	    !r->subject_stack.n ||
	    !frame_symbol(&r->symbols, &r->subject_stack.frames[r->subject_first], &sym) ||
	    sym.module[0])
		return;
	types = tables_types(&r->triage->want->kernel->tables, &ignored);
	if (types && btf_argument_member(types, sym.name, (uint32_t)fault->address, &text))
		finding_because(f, "if %s is its first argument still, that is %.100s ?",
				r->arch->regs[fault->base], text.s);
}

bool finding_null_deref(struct report *r, struct finding *f)
{
	const struct oops *o = &r->log.death;
	char where[SYMBOL_TEXT], pointer[POINTER_TEXT];

	if (o->kind != KIND_NULL_DEREF || finding_errno(r))
		return false;
	finding_where(r, where);
	pointer_text(r, pointer);
	finding_says(f, "%s %s, at address %#" PRIx64 "%s%s.", access_word(o->access), pointer,
		     o->address, where[0] ? ", in " : "", where);
	finding_operand(r, f);
	because_of_argument(r, f);
	finding_module(r, f);
	finding_history(r, f);
	return true;
}

/* The object of the slab allocator that one bit of the pointer keeps it from; -1: none. */
static int flipped_bit(struct report *r, uint64_t pointer, struct slab_object *object)
{
	struct slab_object found;
	int bit = -1;

	for (int i = POINTER_LOW_BITS; i < 64; i++) {
		if (!slab_object_at(&r->triage->slabs, pointer ^ 1ULL << i, &found) ||
		    found.off)
			continue;
		if (bit >= 0)
			return -1;
		bit = i;
		*object = found;
	}
	return bit;
}

/*
 * The pointer leads nowhere, and to no page that there is, as one does that was unmapped when
 * it was freed; with one bit changed, and only with that, to an object's start.
 */
bool finding_bit_flip(struct report *r, struct finding *f)
{
	const struct fault *fault = &r->fault;
	struct slab_object object;
	char where[SYMBOL_TEXT];
	uint8_t byte;
	struct err ignored;
	int bit;

	if ((r->log.death.kind != KIND_BAD_ACCESS && r->log.death.kind != KIND_GPF) ||
	    !fault->is_known || fault->base == NO_REG ||
	    fault->address - fault->base_value + MEMBER_SPAN > 2 * MEMBER_SPAN ||
	    !r->triage || !r->triage->slabs.map ||
	    space_read(r->triage->space, fault->base_value, &byte, 1, &ignored))
		return false;
	bit = flipped_bit(r, fault->base_value, &object);
	if (bit < 0 || slabs_has_page_as(&r->triage->slabs, object.at, fault->base_value))
		return false;
	finding_where(r, where);
	finding_says(f, "%s used a pointer of which one bit may have changed: with bit %d the "
		     "other way round it is that of an object of slab %s.",
		     where[0] ? where : "The kernel", bit, object.cache);
	finding_operand(r, f);
	finding_because(f, "%#" PRIx64 " is where that object begins, and no other bit leads "
			"to one", fault->base_value ^ (uint64_t)1 << bit);
	finding_history(r, f);
	finding_module(r, f);
	return true;
}

/* Any other fault of an instruction: said with what the log knows. */
bool finding_fault(struct report *r, struct finding *f)
{
	const struct oops *o = &r->log.death;
	char where[SYMBOL_TEXT];

	if (o->kind < KIND_BAD_ACCESS || o->kind > KIND_DOUBLE_FAULT ||
	    o->kind == KIND_BUG || o->kind == KIND_WARN || o->kind == KIND_STACK_OVERFLOW)
		return false;
	finding_where(r, where);
	if (o->has_address)
		finding_says(f, "%s to a bad address, %#" PRIx64 "%s%s.",
			     access_word(o->access), o->address, where[0] ? ", in " : "",
			     where);
	else
		finding_says(f, "%s%s%s.", o->line, where[0] ? ", in " : "", where);
	if (o->kind == KIND_USER_ACCESS)
		finding_because(f, "the address is one of a program, which the kernel may not "
				"touch by itself");
	finding_operand(r, f);
	finding_module(r, f);
	finding_history(r, f);
	return true;
}

/* ---- what the kernel found itself ------------------------------------------------- */

bool finding_self_found(struct report *r, struct finding *f)
{
	static const struct {
		enum crash_kind kind;
		const char *what;
	} rows[] = {
		{ KIND_LIST_CORRUPTION, "A linked list is damaged" },
		{ KIND_SLAB_CORRUPTION, "An object of the slab allocator is damaged, or was "
					"freed twice" },
		{ KIND_REFCOUNT, "A reference count went wrong" },
		{ KIND_KASAN, "A bad access to memory (KASAN)" },
		{ KIND_KFENCE, "A bad access to memory (KFENCE)" },
		{ KIND_UBSAN, "Undefined behaviour (UBSAN)" },
		{ KIND_STACK_PROTECTOR, "A function wrote over its stack" },
		{ KIND_BAD_PAGE, "A page's bookkeeping is damaged" },
		{ KIND_BUG, "The kernel found a contradiction (BUG)" },
		{ KIND_WARN, "A warning, which this kernel was told to die of" },
		{ KIND_LOCKDEP, "Locks are taken in an order that can deadlock" },
	};
	char where[SYMBOL_TEXT];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (r->log.death.kind != rows[i].kind)
			continue;
		finding_where(r, where);
		finding_says(f, "%s%s%s.", rows[i].what, where[0] ? ", found in " : "", where);
		finding_because(f, "%s", r->log.death.line);
		if (r->log.death.words[0])
			finding_because(f, "%s", r->log.death.words);
		finding_by_log(r, f);
		finding_module(r, f);
		finding_history(r, f);
		return true;
	}
	return false;
}
