/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses are strings, what is not known is null, lists are never absent. */
#include "report_json.h"

#include <stdio.h>
#include <string.h>

#include "base/numbers.h"
#include "base/version.h"
#include "blocked.h"
#include "report_disks.h"
#include "subject.h"

#define SCHEMA 1

static void text_or_null(struct json *j, const char *key, const char *text)
{
	if (text[0])
		json_string(j, key, text);
	else
		json_null(j, key);
}

static void number_or_null(struct json *j, const char *key, int value)
{
	if (value >= 0)
		json_number(j, key, (uint64_t)value);
	else
		json_null(j, key);
}

static void real_or_null(struct json *j, const char *key, double value)
{
	if (value >= 0)
		json_real(j, key, value);
	else
		json_null(j, key);
}

/* ---- head ------------------------------------------------------------------------ */

static void put_signature(const struct signature *s, struct json *j)
{
	json_open(j, "signature", '{');
	json_number(j, "version", SIGNATURE_VERSION);
	json_string(j, "id", s->id);
	json_string(j, "coarse", s->coarse);
	json_string(j, "title", s->title);
	json_string(j, "kind", s->kind_text);
	text_or_null(j, "where", s->n_frames ? s->frames[0].text : "");
	json_open(j, "frames", '[');
	for (unsigned i = 0; i < s->n_frames; i++)
		json_string(j, NULL, s->frames[i].text);
	json_close(j);
	json_string(j, "confidence", signature_confidence_text(s->confidence));
	json_close(j);
}

static void put_finding(const struct report *r, struct json *j)
{
	json_open(j, "finding", '{');
	json_string(j, "rule", r->finding.rule);
	json_string(j, "text", r->finding.text);
	json_open(j, "evidence", '[');
	for (unsigned i = 0; i < r->finding.n_evidence; i++)
		json_string(j, NULL, r->finding.evidence[i]);
	json_close(j);
	json_open(j, "also", '[');
	for (unsigned i = 0; i < r->n_also; i++) {
		json_open(j, NULL, '{');
		json_string(j, "rule", r->also[i].rule);
		json_string(j, "text", r->also[i].text);
		json_close(j);
	}
	json_close(j);
	json_close(j);
}

static void put_time(const struct report_system *s, struct json *j)
{
	char text[40];

	format_utc(s->crash_time, text, sizeof(text));
	text_or_null(j, "crash_time", text);
	real_or_null(j, "uptime_seconds", s->uptime_s);
}

static void put_kernel(const struct report_system *s, struct json *j)
{
	json_open(j, "kernel", '{');
	json_string(j, "release", s->release);
	json_string(j, "version", s->version);
	json_string(j, "machine", s->machine);
	text_or_null(j, "build_id", s->build_id);
	text_or_null(j, "cmdline", s->cmdline);
	text_or_null(j, "hardware", s->hardware);
	if (s->has_taint) {
		json_open(j, "taint", '{');
		json_number(j, "mask", s->taint);
		json_string(j, "letters", s->taint_letters);
		json_close(j);
	} else {
		json_null(j, "taint");
	}
	json_close(j);
}

static void put_panic(const struct report *r, struct json *j)
{
	static const char *const accesses[] = { "", "read", "write", "exec" };
	const struct oops *o = &r->log.death;

	json_open(j, "panic", '{');
	if (r->log.has_panic)
		json_string(j, "line", r->log.panic);
	else
		json_null(j, "line");
	text_or_null(j, "oops", o->line);
	json_string(j, "kind", crash_kinds[o->kind].token);
	if (o->has_address)
		json_hex(j, "fault_address", o->address);
	else
		json_null(j, "fault_address");
	text_or_null(j, "access", accesses[o->access]);
	json_close(j);
}

/* ---- stacks and tasks ----------------------------------------------------------------- */

static void put_frame(struct report *r, const struct frame *f, struct json *j)
{
	static const char *const hows[] = { "exact", "regs", "resync", "guess" };
	struct symbol sym;

	json_open(j, NULL, '{');
	json_hex(j, "ip", f->ip);
	if (frame_symbol(&r->symbols, f, &sym)) {
		json_string(j, "sym", sym.name);
		json_number(j, "off", sym.off);
		json_number(j, "size", sym.size);
		text_or_null(j, "mod", sym.module);
	} else {
		json_null(j, "sym");
	}
	json_string(j, "how", hows[f->how]);
	json_close(j);
}

static void put_stack(struct report *r, const struct stack *stack, struct json *j)
{
	json_open(j, "stack", '[');
	for (unsigned i = 0; i < stack->n; i++)
		put_frame(r, &stack->frames[i], j);
	json_close(j);
}

static void put_proc(const struct proc *p, struct json *j)
{
	char state[2] = { p->state, '\0' };

	json_number(j, "pid", p->pid);
	json_number(j, "tgid", p->tgid);
	json_number(j, "ppid", p->ppid);
	json_string(j, "comm", p->comm);
	json_string(j, "state", state);
	json_number(j, "cpu", p->cpu);
	json_bool(j, "kernel", p->is_kernel);
}

static void put_files(const struct proc_details *d, struct json *j)
{
	json_open(j, "files", '[');
	for (unsigned i = 0; i < d->n_files; i++) {
		json_open(j, NULL, '{');
		json_number(j, "fd", d->files[i].fd);
		json_string(j, "path", d->files[i].place.path);
		json_string(j, "fs", d->files[i].place.fs);
		text_or_null(j, "device", d->files[i].place.device);
		json_close(j);
	}
	json_close(j);
}

static void put_syscall(const struct proc_details *d, struct json *j)
{
	if (!d->has_syscall) {
		json_null(j, "syscall");
		return;
	}
	json_open(j, "syscall", '{');
	json_number(j, "nr", (uint64_t)d->syscall_nr);
	text_or_null(j, "name", d->syscall);
	json_open(j, "args", '[');
	for (unsigned i = 0; i < 6; i++)
		json_hex(j, NULL, d->syscall_args[i]);
	json_close(j);
	json_close(j);
}

static void put_subject(struct report *r, struct json *j)
{
	const struct proc_details *d = &r->details;

	if (!r->subject.at) {
		json_null(j, "task");
		return;
	}
	json_open(j, "task", '{');
	put_proc(&r->subject, j);
	number_or_null(j, "uid", d->has_uid ? (int)d->uid : -1);
	number_or_null(j, "loginuid", d->has_loginuid ? (int)d->loginuid : -1);
	text_or_null(j, "exe", d->exe);
	text_or_null(j, "cwd", d->cwd);
	text_or_null(j, "cgroup", d->cgroup);
	text_or_null(j, "container", d->container);
	text_or_null(j, "host", d->host);
	put_syscall(d, j);
	put_files(d, j);
	json_close(j);
}

static void put_registers(struct report *r, struct json *j)
{
	char text[SYMBOL_TEXT];
	struct symbol sym;

	json_open(j, "registers", '{');
	for (unsigned i = 0; r->has_subject_regs && i < r->arch->n_pt_regs; i++) {
		json_open(j, r->arch->regs[i], '{');
		json_hex(j, "value", r->subject_regs[i]);
		text[0] = '\0';
		if (symbol_at(&r->symbols, r->subject_regs[i], &sym) &&
		    symbol_is_sure(&sym))
			symbol_text(&sym, text);
		text_or_null(j, "is", text);
		json_close(j);
	}
	json_close(j);
}

static void put_crash(struct report *r, struct json *j)
{
	json_open(j, "crash", '{');
	number_or_null(j, "cpu", r->crash_cpu < 0 ? -1 : (int)r->cpus[r->crash_cpu].nr);
	put_subject(r, j);
	put_registers(r, j);
	text_or_null(j, "code", r->log.death.code);
	json_number(j, "first", r->subject_first);
	put_stack(r, &r->subject_stack, j);
	json_close(j);
}

static void put_cpus(struct report *r, struct json *j)
{
	json_open(j, "cpus", '[');
	for (unsigned i = 0; i < r->n_cpus; i++) {
		struct cpu_state *cpu = &r->cpus[i];

		json_open(j, NULL, '{');
		json_number(j, "cpu", cpu->nr);
		json_bool(j, "online", cpu->online);
		json_string(j, "state", cpu_mode_name(cpu->mode));
		number_or_null(j, "pid", cpu->task.at ? (int)cpu->task.pid : -1);
		text_or_null(j, "comm", cpu->task.comm);
		put_stack(r, &cpu->stack, j);
		json_close(j);
	}
	json_close(j);
}

static void put_tasks(struct report *r, struct json *j)
{
	json_open(j, "tasks", '{');
	json_number(j, "n", r->procs.n + r->procs.n_more);
	json_number(j, "shown", r->procs.n);
	json_open(j, "by_state", '{');
	for (unsigned c = 'A'; c <= 'z'; c++) {
		char state[2] = { (char)c, '\0' };

		if (r->procs.by_state[c])
			json_number(j, state, r->procs.by_state[c]);
	}
	json_close(j);
	json_open(j, "list", '[');
	for (unsigned i = 0; i < r->procs.n; i++) {
		json_open(j, NULL, '{');
		put_proc(&r->procs.list[i], j);
		json_close(j);
	}
	json_close(j);
	json_close(j);
}

static void put_wait(struct report *r, const struct wait *wait, struct json *j)
{
	static const char *const owned[] = { "unknown", "nobody", "maybe", "sure" };
	const struct proc *owner = procs_by_address(&r->procs, wait->owner);
	char text[SYMBOL_TEXT];

	if (wait->kind == WAIT_UNKNOWN) {
		json_null(j, "waits_for");
		return;
	}
	lock_text(r, wait->lock, text);
	json_open(j, "waits_for", '{');
	json_string(j, "what", wait_kind_name(wait->kind));
	json_hex(j, "lock", wait->lock);
	json_string(j, "name", text);
	json_string(j, "owned", owned[wait->owned]);
	number_or_null(j, "owner", owner ? (int)owner->pid : -1);
	text_or_null(j, "owner_comm", owner ? owner->comm : "");
	json_close(j);
}

static void put_cycles(const struct report *r, struct json *j)
{
	json_open(j, "cycles", '[');
	for (unsigned c = 1; c <= r->n_circles; c++) {
		json_open(j, NULL, '[');
		for (unsigned i = 0; i < r->n_waiters; i++)
			if (r->waiters[i].circle == c)
				json_number(j, NULL, r->waiters[i].proc.pid);
		json_close(j);
	}
	json_close(j);
}

static void put_blocked(struct report *r, struct json *j)
{
	json_open(j, "blocked", '{');
	json_number(j, "n", r->n_blocked_tasks);
	json_open(j, "groups", '[');
	for (unsigned i = 0; i < r->n_blocked; i++) {
		json_open(j, NULL, '{');
		json_number(j, "n", r->blocked[i].n);
		json_number(j, "pid", r->blocked[i].first.pid);
		json_string(j, "comm", r->blocked[i].first.comm);
		real_or_null(j, "seconds", r->blocked[i].seconds);
		put_wait(r, &r->blocked[i].wait, j);
		put_stack(r, &r->blocked[i].stack, j);
		json_close(j);
	}
	json_close(j);
	put_cycles(r, j);
	json_close(j);
}

/* ---- the rest --------------------------------------------------------------------------- */

static void put_modules(struct report *r, struct json *j)
{
	static const char *const states[] = { "live", "coming", "going", "unformed" };
	const struct modules *m = &r->symbols.modules;
	char version[64], source[64], letters[REPORT_LETTERS];

	json_open(j, "modules", '[');
	for (unsigned i = 0; i < m->n; i++) {
		const struct module *mod = &m->list[i];

		module_version(m, mod, version, sizeof(version));
		module_srcversion(m, mod, source, sizeof(source));
		taint_letters(mod->taints, letters);
		json_open(j, NULL, '{');
		json_string(j, "name", mod->name);
		json_number(j, "size", module_len(mod));
		text_or_null(j, "state", mod->state < 4 ? states[mod->state] : "");
		json_string(j, "taints", letters);
		text_or_null(j, "version", version);
		text_or_null(j, "srcversion", source);
		json_close(j);
	}
	json_close(j);
	text_or_null(j, "last_unloaded", m->last_unloaded);
}

static void put_memory(struct report *r, struct json *j)
{
	const struct memuse *m = &r->memory;

	if (!r->has_memory) {
		json_null(j, "memory");
		return;
	}
	json_open(j, "memory", '{');
	json_open(j, "counters", '{');
	for (unsigned i = 0; i < N_MEM_COUNTERS; i++)
		if (m->counters[i] != MEM_UNKNOWN)
			json_number(j, mem_counter_name(i), m->counters[i]);
	json_close(j);
	json_open(j, "caches", '[');
	for (unsigned i = 0; i < m->n_caches; i++) {
		json_open(j, NULL, '{');
		json_string(j, "name", m->caches[i].name);
		json_number(j, "bytes", m->caches[i].bytes);
		json_number(j, "objects", m->caches[i].objects);
		json_number(j, "size", m->caches[i].size);
		json_close(j);
	}
	json_close(j);
	json_open(j, "processes", '[');
	for (unsigned i = 0; i < m->n_procs; i++) {
		json_open(j, NULL, '{');
		json_number(j, "pid", m->procs[i].pid);
		json_string(j, "comm", m->procs[i].comm);
		json_number(j, "rss", m->procs[i].bytes);
		json_close(j);
	}
	json_close(j);
	json_close(j);
}

static void put_timeline(const struct report *r, struct json *j)
{
	const struct log_line *line;

	json_open(j, "timeline", '[');
	for (unsigned i = 0; (line = timeline_line(&r->timeline, i)); i++) {
		json_open(j, NULL, '{');
		real_or_null(j, "time", line->seconds);
		json_string(j, "line", line->message);
		json_close(j);
	}
	json_close(j);
}

static void put_missing(const struct report *r, struct json *j)
{
	json_open(j, "missing", '[');
	for (unsigned i = 0; i < r->n_missing; i++) {
		json_open(j, NULL, '{');
		json_string(j, "section", r->missing[i].section);
		json_string(j, "why", r->missing[i].why);
		json_close(j);
	}
	json_close(j);
}

void report_json(struct report *r, struct json *j)
{
	json_open(j, NULL, '{');
	json_number(j, "schema", SCHEMA);
	json_string(j, "agent", CRASHBOX_VERSION);
	json_real(j, "made_ms", r->seconds * 1000);
	json_string(j, "level", report_level_name(r->level));
	json_string(j, "host", r->system.node);
	put_time(&r->system, j);
	put_signature(&r->signature, j);
	put_finding(r, j);
	put_kernel(&r->system, j);
	put_panic(r, j);
	put_crash(r, j);
	put_cpus(r, j);
	put_blocked(r, j);
	put_modules(r, j);
	put_memory(r, j);
	report_disks_json(r, j);
	put_timeline(r, j);
	put_missing(r, j);
	/* Last, as it is the longest. */
	put_tasks(r, j);
	json_close(j);
}
