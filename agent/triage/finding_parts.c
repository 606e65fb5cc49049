/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where, which register, which module, what came before: said alike by all rules. */
#include "finding_parts.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "glob.h"
#include "poison.h"
#include "subject.h"
#include "taint.h"

#define MIB (1024.0 * 1024.0)
#define REPEATS_MIN 4
#define LINES_TOLD 3u
#define HARDWARE_TOLD 2u
#define POINTER_LEN 8

void finding_says(struct finding *f, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(f->text, sizeof(f->text), fmt, args);
	va_end(args);
}

void finding_because(struct finding *f, const char *fmt, ...)
{
	char *text = f->evidence[f->n_evidence];
	va_list args;

	if (f->n_evidence == REPORT_EVIDENCE)
		return;
	va_start(args, fmt);
	vsnprintf(text, sizeof(f->evidence[0]), fmt, args);
	va_end(args);
	/* A line of the log may be found by two ways. */
	for (unsigned i = 0; i < f->n_evidence; i++)
		if (!strcmp(f->evidence[i], text))
			return;
	f->n_evidence++;
}

void finding_by_log(struct report *r, struct finding *f)
{
	const struct log_line *line;

	for (unsigned i = 0; (line = timeline_line(&r->timeline, i)); i++)
		if (timeline_tells_of(line, r->log.death.kind))
			finding_because(f, "%s", line->message);
}

/* The newest of those lines that say so. */
static void newest(struct report *r, struct finding *f, bool (*says)(const struct log_line *))
{
	const struct log_line *line, *found[LINES_TOLD];
	unsigned n = 0;

	for (unsigned i = 0; (line = timeline_line(&r->timeline, i)); i++)
		if (says(line))
			found[n++ % LINES_TOLD] = line;
	for (unsigned i = n > LINES_TOLD ? n - LINES_TOLD : 0; i < n; i++)
		finding_because(f, "%s", found[i % LINES_TOLD]->message);
}

static bool is_stall(const struct log_line *line)
{
	return crash_kinds[crash_kind_of_line(line->message)].is_stall;
}

void finding_stalls_before(struct report *r, struct finding *f)
{
	newest(r, f, is_stall);
}

void finding_trouble_before(struct report *r, struct finding *f)
{
	newest(r, f, timeline_is_trouble);
}

void finding_panic(const struct report *r, char text[FINDING_PANIC])
{
	size_t n = strlen(r->log.panic);

	while (n && strchr("!. ", r->log.panic[n - 1]))
		n--;
	snprintf(text, FINDING_PANIC, "%.*s", (int)n, r->log.panic);
}

/* ---- where ------------------------------------------------------------------- */

/*
 * The frame of the subject that is neither reporter nor helper, and not below its entry; n:
 * none, or it may be one without a name. An entry that comes first is where it happened itself.
 */
static unsigned plain_frame(struct report *r, struct symbol *sym)
{
	const struct stack *stack = &r->subject_stack;
	struct frame_name name;

	for (unsigned i = r->subject_first; i < stack->n; i++) {
		if (stack->frames[i].how == FRAME_GUESS)
			continue;
		if (!frame_symbol(&r->symbols, &stack->frames[i], sym)) {
			if (symbols_may_be_text(&r->symbols, stack->frames[i].ip))
				return stack->n;
			continue;
		}
		frame_name_set(&name, sym->name, sym->module[0] ? sym->module : NULL);
		switch (frame_role(&name)) {
		case FRAME_PLAIN:
			return i;
		case FRAME_ENTRY:
			return i == r->subject_first ? i : stack->n;
		default:
			break;
		}
	}
	return stack->n;
}

void finding_where(struct report *r, char where[SYMBOL_TEXT])
{
	const struct oops *o = &r->log.death;
	struct symbol sym;

	where[0] = '\0';
	/* Of a stack that was written over, what lies next on it is none of it. */
	if (!oops_names_place(o) && plain_frame(r, &sym) < r->subject_stack.n) {
		symbol_text(&sym, where);
		return;
	}
	for (unsigned i = 0; i < o->n_frames; i++)
		if (frame_role(&o->frames[i].name) == FRAME_PLAIN) {
			oops_frame_text(&o->frames[i], where, SYMBOL_TEXT);
			return;
		}
}

vaddr_t finding_ip(struct report *r)
{
	return r->subject_stack.n ? r->subject_stack.frames[r->subject_first].ip : 0;
}

/* ---- registers ------------------------------------------------------------------ */

/* Its i-th register, if code puts there what it likes. */
static bool general(struct report *r, unsigned i, uint64_t *value)
{
	*value = r->subject_regs[i];
	return r->has_subject_regs && r->arch->general_regs >> i & 1;
}

int finding_below_null(struct report *r)
{
	const struct oops *o = &r->log.death;
	uint64_t best = 0, value;

	if (o->kind != KIND_NULL_DEREF || !o->has_address)
		return 0;
	if (r->fault.is_known)
		return r->fault.base == NO_REG ? 0 : error_number(r->fault.base_value);
	if (!error_number(o->address))
		return 0;
	/*
	 * A member behind it: the largest that a register holds and that is not above, at the
	 * place of a pointer, as any number is not far from any other one.
	 */
	for (unsigned i = 0; i < CPU_REGS_MAX; i++)
		if (general(r, i, &value) && error_number(value) && value <= o->address &&
		    (o->address - value) % POINTER_LEN == 0 && value > best)
			best = value;
	return error_number(best);
}

/*
 * container_of() makes a NULL pointer less the member's place out of NULL, and members of
 * pointers are at multiples of their size; of those that are none each is some error's.
 */
int finding_errno(struct report *r)
{
	int number = finding_below_null(r);

	return number % POINTER_LEN && error_name(number)[0] ? number : 0;
}

void finding_operand(struct report *r, struct finding *f)
{
	const struct fault *fault = &r->fault;
	char text[OPERAND_TEXT];

	if (!fault->is_known || fault->base == NO_REG)
		return;
	operand_text(&fault->operand, r->arch, text);
	finding_because(f, "%s is %#" PRIx64 ", and the instruction touches %s",
			r->arch->regs[fault->base], fault->base_value, text);
}

void finding_register_with(struct report *r, struct finding *f, uint64_t value)
{
	uint64_t held;

	for (unsigned i = 0; i < CPU_REGS_MAX; i++)
		if (general(r, i, &held) && held == value) {
			finding_because(f, "%s is %#" PRIx64, r->arch->regs[i], value);
			return;
		}
}

/* ---- what belongs to it -------------------------------------------------------------- */

const struct module *finding_module_of(struct report *r)
{
	struct symbol sym;
	unsigned at = plain_frame(r, &sym);

	return !oops_names_place(&r->log.death) && at < r->subject_stack.n ?
	       module_at(&r->symbols.modules, r->subject_stack.frames[at].ip, NULL) : NULL;
}

void finding_module(struct report *r, struct finding *f)
{
	const struct module *mod = finding_module_of(r);
	char version[64], source[64];

	if (!mod)
		return;
	module_version(&r->symbols.modules, mod, version, sizeof(version));
	module_srcversion(&r->symbols.modules, mod, source, sizeof(source));
	finding_because(f, "[%s]%s%s%s%s%s%s", mod->name,
			mod->taints & TAINT_FOREIGN ? " is not one of the kernel's own"
						    : " is a module",
			module_state_words(mod),
			version[0] ? ", version " : "", version,
			source[0] ? ", srcversion " : "", source);
}

void finding_earlier_fault(struct report *r, struct finding *f)
{
	const struct oops_earlier *e = &r->log.earlier;
	double before = r->log.death.seconds - e->seconds;
	bool has_died = crash_kind_weight(e->kind) == WEIGHT_DEATH;
	char when[32] = "";

	if (!e->line[0])
		return;
	if (e->seconds >= 0 && before >= 0)
		snprintf(when, sizeof(when), " %.0f s", before);
	finding_because(f, "it came%s after: %s", when, e->line);
	if (e->pid >= 0)
		finding_because(f, "%s %s (pid %d)%s%s",
				has_died ? "of it died" : "it was found by", e->comm, e->pid,
				e->where.text[0] ? ", in " : "", e->where.text);
}

void finding_history(struct report *r, struct finding *f)
{
	if (r->log.n_oopses > 1)
		finding_because(f, "%u warnings or faults came before it",
				r->log.n_oopses - 1);
	finding_earlier_fault(r, f);
	for (unsigned i = 0; i < r->hw_log.n && i < HARDWARE_TOLD; i++)
		finding_because(f, "the log has %u error%s of the hardware: %s %s",
				r->hw_log.list[i].n, r->hw_log.list[i].n == 1 ? "" : "s",
				r->hw_log.list[i].kind, r->hw_log.list[i].who);
	finding_trouble_before(r, f);
}

/* A function that stands on the stack again and again. */
void finding_repeats(struct report *r, struct finding *f)
{
	const struct stack *stack = &r->subject_stack;
	struct symbol sym;
	unsigned n = 0, at = plain_frame(r, &sym);
	vaddr_t start = sym.vaddr;
	char name[KALLSYM_NAME_LEN];

	if (at >= stack->n)
		return;
	memcpy(name, sym.name, sizeof(name));
	for (unsigned i = at; i < stack->n; i++)
		n += frame_symbol(&r->symbols, &stack->frames[i], &sym) && sym.vaddr == start;
	if (n >= REPEATS_MIN)
		finding_because(f, "%s is on it %u times%s", name, n,
				stack->end == STACK_END_FULL ? " and more" : "");
}

void finding_memory(struct report *r, struct finding *f)
{
	const struct memuse *m = &r->memory;

	if (!r->has_memory)
		return;
	for (unsigned i = 0; i < m->n_caches && i < 3; i++)
		finding_because(f, "slab %s has %.1f MiB", m->caches[i].name,
				m->caches[i].bytes / MIB);
	for (unsigned i = 0; i < m->n_procs && i < 2; i++)
		finding_because(f, "%s (pid %u) has %.1f MiB", m->procs[i].comm,
				m->procs[i].pid, m->procs[i].bytes / MIB);
}

bool finding_is_hang(const struct report *r)
{
	return r->is_live || r->log.death.kind == KIND_HUNG_TASK ||
	       r->log.death.kind == KIND_SYSRQ ||
	       r->log.death.kind == KIND_WORKQUEUE_STALL ||
	       r->log.death.kind == KIND_NMI_UNKNOWN ||
	       r->log.death.kind == KIND_RCU_STALL || r->log.death.kind == KIND_WATCHDOG;
}
