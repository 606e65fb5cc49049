/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ordered rules, the most telling first. A rule takes the kind from the log and holds it
 * against memory: the stack, the registers, the modules, the counters.
 */
#include "finding.h"

#include <stdio.h>

#include "finding_parts.h"
#include "finding_rules.h"
#include "subject.h"

/* ---- the rest --------------------------------------------------------------- */

static bool init_died(struct report *r, struct finding *f)
{
	if (r->log.death.kind != KIND_INIT_EXIT)
		return false;
	finding_says(f, "The first process, init, ended%s%s.",
		     r->log.death.subkind[0] ? ": " : "", r->log.death.subkind);
	finding_because(f, "%s", r->log.panic);
	finding_by_log(r, f);
	return true;
}

static bool asked_for(struct report *r, struct finding *f)
{
	if (r->log.death.kind != KIND_SYSRQ)
		return false;
	if (r->subject.at)
		finding_says(f, "Somebody asked for this crash, by sysrq: %s (pid %u).",
			     r->subject.comm, r->subject.pid);
	else
		finding_says(f, "Somebody asked for this crash, by sysrq.");
	finding_stalls_before(r, f);
	finding_trouble_before(r, f);
	return true;
}

static bool by_words(struct report *r, struct finding *f)
{
	static const struct {
		enum crash_kind kind;
		const char *what;
	} rows[] = {
		{ KIND_NO_INIT, "There was no program to start as init" },
		{ KIND_NO_ROOT, "The root file system could not be mounted" },
		{ KIND_NMI_UNKNOWN, "An NMI came that nobody knows the reason of" },
		{ KIND_FS_PANIC, "A file system met an error, and was told to panic" },
		{ KIND_WATCHDOG, "A watchdog was not served in time" },
	};

	char panic[FINDING_PANIC];

	finding_panic(r, panic);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (r->log.death.kind == rows[i].kind) {
			finding_says(f, "%s: %s.", rows[i].what, panic);
			finding_by_log(r, f);
			finding_stalls_before(r, f);
			finding_trouble_before(r, f);
			return true;
		}
	return false;
}

static bool own_panic(struct report *r, struct finding *f)
{
	char where[SYMBOL_TEXT], panic[FINDING_PANIC];

	if (r->log.death.kind != KIND_PANIC || !r->log.panic[0])
		return false;
	finding_where(r, where);
	finding_panic(r, panic);
	finding_says(f, "%s gave up: %s.", where[0] ? where : "The kernel", panic);
	finding_by_log(r, f);
	finding_module(r, f);
	return true;
}

/* ---- all of them ----------------------------------------------------------------------- */

static const struct {
	const char *name;
	bool (*try)(struct report *r, struct finding *f);
} rules[] = {
	{ "hardware", finding_hardware },
	{ "stack-overflow", finding_stack_overflow },
	{ "unloaded-module", finding_unloaded },
	{ "poison", finding_poison },
	{ "text-pointer", finding_text_pointer },
	{ "error-pointer", finding_error_pointer },
	{ "null-call", finding_null_call },
	{ "bad-call", finding_bad_call },
	{ "null-deref", finding_null_deref },
	{ "self-found", finding_self_found },
	{ "bit-flip", finding_bit_flip },
	{ "fault", finding_fault },
	{ "lockup", finding_lockup },
	{ "deadlock", finding_deadlock },
	{ "dead-holder", finding_dead_holder },
	{ "no-owner", finding_no_owner },
	{ "frozen", finding_frozen },
	{ "server", finding_server },
	{ "suspended", finding_suspended },
	{ "holder", finding_holder },
	{ "disk", finding_disk },
	{ "realtime", finding_realtime },
	{ "deaf-cpu", finding_deaf },
	{ "last-holder", finding_reader },
	{ "hung-task", finding_hung_task },
	{ "workqueue-stall", finding_workqueue },
	{ "earlier-fault", finding_earlier },
	{ "oom", finding_oom },
	{ "init-killed", finding_init_killed },
	{ "init-exit", init_died },
	{ "sysrq", asked_for },
	{ "words", by_words },
	{ "panic", own_panic },
	{ "foreign-module", finding_foreign_module },
	{ "bpf-program", finding_bpf },
};

/* Of a log in which nobody died: what it tells of is no cause of death. */
static void say_survived(struct report *r)
{
	struct finding *f = &r->finding;
	char text[sizeof(f->text)];

	snprintf(text, sizeof(text), "%s", f->text);
	f->rule = "survived";
	finding_says(f, "Nothing in the log tells of a death. What the kernel survived last: "
		     "%s", text);
}

void finding_make(struct report *r)
{
	r->n_also = 0;
	r->finding = (struct finding){ .rule = "" };
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		struct finding f = { .rule = rules[i].name };

		if (!rules[i].try(r, &f))
			continue;
		if (!r->finding.text[0])
			r->finding = f;
		else if (r->n_also < sizeof(r->also) / sizeof(r->also[0]))
			r->also[r->n_also++] = f;
	}
	if (r->finding.text[0]) {
		if (oops_reader_is_survived(&r->log))
			say_survived(r);
		return;
	}
	r->finding.rule = r->is_live ? "alive" : "unknown";
	if (r->is_live)
		finding_says(&r->finding, "This machine lives, and nothing that hangs was "
			     "found.");
	else if (r->by_log == LOG_UNREAD)
		finding_says(&r->finding, "Not known: the log of the crashed kernel could not "
			     "be read.");
	else
		finding_says(&r->finding, "Not known: nothing in the log tells of a death.");
}
