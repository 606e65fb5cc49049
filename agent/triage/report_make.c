/* SPDX-License-Identifier: GPL-2.0-or-later */
/* First the log, then memory, part by part, then what follows from all of it. */
#include "report_make.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/io.h"
#include "finding.h"
#include "finding_rules.h"
#include "kernel/dmesg.h"
#include "kernel/kernel.h"
#include "kernel/salvage.h"
#include "report_parts.h"
#include "subject.h"
#include "wait_chain.h"

#define FRAME_NAMES 128
#define CUT "time ran out, it may not be whole"

/* ---- the log --------------------------------------------------------------------- */

static void take_line(struct report *r, const struct log_line *line)
{
	oops_reader_line(&r->log, line);
	timeline_add(&r->timeline, line);
	hw_log_add(&r->hw_log, line);
}

static void feed(struct report *r, const char *text, size_t len)
{
	struct log_line line;

	while (log_line_next(&text, &len, &line))
		take_line(r, &line);
}

/* All there is of that machine: who it was is in it, too. */
static void read_log_text(struct report *r, struct log_text log)
{
	struct log_line line;

	oops_reader_init(&r->log);
	log_text_names(log, &r->system);
	r->arch = arch_named(r->system.machine);
	r->system.uptime_s = -1;
	while (log_line_next(&log.text, &log.len, &line)) {
		take_line(r, &line);
		if (line.seconds >= 0)
			r->system.uptime_s = line.seconds;
	}
	oops_reader_end(&r->log);
	oops_reader_take_survived(&r->log);
	report_lacks(r, "memory", "there is only the log");
}

/* Half of the time that is left is for the search; what is found has no times. */
static bool salvage_log(struct triage *m, char *record)
{
	const struct report_want *want = m->want;
	const double now = monotonic_seconds();
	struct salvage log = { .pm = m->cache.source, .alive = want->bounds->alive,
			       .until = now + (want->bounds->until - now) / 2 };
	struct err ignored;
	size_t len;

	if (!record || !want->core || !salvage_open(&log, want->core, want->arena, &ignored))
		return false;
	while (!triage_is_late(m) && salvage_next(&log, record, DMESG_RECORD_MAX, &len))
		feed(m->r, record, len);
	return true;
}

static void read_records(struct triage *m, struct dmesg *log, char *record)
{
	struct report *r = m->r;
	size_t len;

	while (!triage_is_late(m) && dmesg_next(log, record, DMESG_RECORD_MAX, &len))
		if (dmesg_is_kernels(log))
			feed(r, record, len);
	if (triage_is_late(m))
		report_lacks(r, "log", CUT);
	if (!r->is_live && log->n_records)
		r->system.uptime_s = log->latest_ns / 1e9;
}

static void read_log(struct triage *m)
{
	struct report *r = m->r;
	struct dmesg log;
	struct err e;
	char *record;

	oops_reader_init(&r->log);
	r->system.uptime_s = r->is_live ? m->want->live_s : -1;
	record = arena_take(m->want->arena, DMESG_RECORD_MAX, 1, "log record", &e);
	if (!m->want->kernel->has_space)
		fail(&e, EINVAL, "%s", m->want->kernel->doubt);
	if (record && m->want->kernel->has_space && dmesg_open(&log, m->space, &e)) {
		read_records(m, &log, record);
	} else {
		r->by_log = salvage_log(m, record) ? LOG_SALVAGED : LOG_UNREAD;
		report_lacks(r, "log", "%s%s", r->by_log == LOG_SALVAGED ?
			     "its times; memory was searched for it: " : "", e.text);
	}
	oops_reader_end(&r->log);
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

/* By the names of whose stack tells it, at most FRAME_NAMES. */
static void sign_stack(struct report *r, struct frame_name *names, struct signature_input *in)
{
	in->n_stack = wait_chain_frames(r, names, FRAME_NAMES, &in->whose);
	if (in->n_stack)
		in->confidence = r->symbols.modules.lacks ? CONFIDENCE_LOG : CONFIDENCE_EXACT;
	else
		in->n_stack = subject_frames(r, names, FRAME_NAMES, &in->confidence);
}

static void sign(struct report *r)
{
	struct frame_name names[FRAME_NAMES];
	struct signature_input in = { .kind = r->log.death.kind, .stack = names,
				      .subkind = r->log.death.subkind, .panic = r->log.panic };
	char subkind[CACHE_NAME + 8];

	/* Whom the kernel's detector names first of all that wait for it is chance. */
	if (in.kind == KIND_HUNG_TASK && r->finding.awaited[0])
		in.subkind = r->finding.awaited;
	else
		sign_stack(r, names, &in);
	if (in.kind == KIND_OOM && finding_oom_user(r, subkind, sizeof(subkind)))
		in.subkind = subkind;
	signature_make(&r->signature, &in);
	if (r->triage->want->known)
		known_find(r->triage->want->known, r->signature.id, r->signature.coarse,
			   r->known);
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
		report_lacks(r, "symbols", "%s", e.text);
		return false;
	}
	r->level = LEVEL_TYPES;
	if (!facts_read(&m->facts, tables, &e)) {
		r->level = LEVEL_SYMBOLS;
		report_lacks(r, "types", "%s", e.text);
	}
	r->symbols.modules.space = m->space;
	r->symbols.modules.facts = &m->facts.modules;
	r->symbols.bpf = &m->facts.bpf;
	r->symbols.trampolines = &m->facts.trampolines;
	m->space->arch->module_area(m->space->k, &r->symbols.module_area);
	modules_area(m->space, &m->facts.modules, &r->symbols.module_area, &r->symbols.image);
	symbols_open(&r->symbols, m->want->arena);
	if (r->level == LEVEL_TYPES && r->symbols.modules.lacks)
		report_lacks(r, "modules", "%s", r->symbols.modules.lacks);
	if (r->symbols.bpf_cut)
		report_lacks(r, "bpf", "the list of its programs is damaged");
	m->orc = (struct orc){ .space = m->space, .facts = &m->facts.orc,
			       .modules = &r->symbols.modules };
	m->unwinder = (struct unwinder){ .space = m->space, .symbols = &r->symbols,
					 .orc = &m->orc, .facts = &m->facts.unwind,
					 .cpu = unwind_cpu_of(m->space->arch->e_machine),
					 .steps_left = UNWIND_STEPS,
					 .bounds = m->want->bounds };
	if (!m->unwinder.cpu->is_ready(&m->unwinder, &e))
		report_lacks(r, "stacks", "%s", e.text);
	return true;
}

/* Says so if it ends late, unless it says itself what it lacks. */
static void read_part(struct triage *m, const struct report_part *part)
{
	unsigned n_said = m->r->n_missing;

	if (triage_is_late(m)) {
		report_lacks(m->r, part->name, "there was no time left for it");
		return;
	}
	part->read(m);
	if (triage_is_late(m) && m->r->n_missing == n_said)
		report_lacks(m->r, part->name, CUT);
}

/* Finding, and signature by it, by all that is known so far. */
static void settle(struct report *r, double begun)
{
	finding_make(r);
	sign(r);
	r->seconds += monotonic_seconds() - begun;
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
	r->is_live = want->live_s > 0;
	r->crash_cpu = -1;
	r->arch = kernel->space.arch;
	if (want->log) {
		read_log_text(r, *want->log);
	} else {
		read_names(m);
		read_log(m);
	}
	snprintf(r->code, sizeof(r->code), "%s", r->log.death.code);
	settle(r, begun);
	return true;
}

bool report_open_memory(struct report *r)
{
	double begun = monotonic_seconds();
	bool ok = r->triage->want->kernel->has_space && open_symbols(r->triage);

	r->seconds += monotonic_seconds() - begun;
	return ok;
}

void report_read_part(struct report *r, const struct report_part *part)
{
	double begun = monotonic_seconds();

	if (part->read)
		read_part(r->triage, part);
	r->seconds += monotonic_seconds() - begun;
}

void report_settle(struct report *r)
{
	settle(r, monotonic_seconds());
}

void report_read_memory(struct report *r)
{
	if (report_open_memory(r))
		for (const struct report_part *const *part = parts_by_worth; *part; part++)
			report_read_part(r, *part);
	report_settle(r);
}
