/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who killed whom: each signal with its sender, and whose child that was. */
#include "report_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "report_words.h"
#include "text_page.h"
#include "triage.h"

#define LINK_TEXT 96
#define CHAIN_TEXT (SENDER_LINKS * LINK_TEXT)
#define NS_PER_S 1e9
#define SHARE 4		/* of the time that is left */

static void read_signals(struct triage *m)
{
	struct report *r = m->r;
	struct trace *t = &r->trace;
	struct senders senders = { m->space, &m->facts.senders, &r->procs, &t->lives };
	double now = monotonic_seconds();
	struct bounds bounds = *m->want->bounds;
	struct err e;

	bounds.until = now + (bounds.until - now) / SHARE;

	t->rings.space = m->space;
	t->rings.facts = &m->facts.trace;
	t->rings.bounds = &bounds;
	t->rings.page_len = 1u << m->page_shift;
	t->rings.n_cpus = m->cpus.n;
	t->facts = &m->facts.traced;
	if (!trace_read(t, m->want->arena, &e)) {
		report_lacks(r, "signals", "%s", e.text);
		return;
	}
	t->rings.bounds = m->want->bounds;
	if (t->rings.cut && !triage_is_late(m))
		report_lacks(r, "signals", "some of the trace ring was not read");
	signals_read(&r->signals, &t->signals, &senders);
}

/* ---- text ------------------------------------------------------------------------------- */

static const char *called(const char *comm)
{
	return comm[0] ? comm : "?";
}

/* "pkill (pid 80, ran /usr/bin/pkill, gone)" */
static void link_text(const struct chain_link *link, char text[LINK_TEXT])
{
	snprintf(text, LINK_TEXT, "%s (pid %" PRIu32 "%s%s%s)", called(link->comm), link->pid,
		 link->file[0] ? ", ran " : "", link->file,
		 link->lives == SENDER_IS_GONE ? ", gone by now" : "");
}

static void chain_text(const struct chain *chain, char text[CHAIN_TEXT])
{
	char link[LINK_TEXT];
	const char *how = "";
	size_t len = 0;

	text[0] = '\0';
	for (unsigned i = 0; i < chain->n; i++) {
		link_text(&chain->links[i], link);
		len += (size_t)snprintf(text + len, CHAIN_TEXT - len, "%s%s", how, link);
		/* Who adopted it is all that is left when its parent has ended. */
		how = chain->links[i].by_trace ? ", child of " : ", in the end child of ";
		if (len >= CHAIN_TEXT)
			return;
	}
}

static void put_signal(const struct report *r, const struct signal_sent *s, struct text_page *p)
{
	const struct traced *ev = &s->ev;
	double age = ev->is_log_clock ? report_seconds_since(r, ev->time_ns) : -1;
	char name[16], chain[CHAIN_TEXT], when[64] = "";

	if (age >= 0)
		snprintf(when, sizeof(when), ", at %.6f, %.3f s before the end",
			 ev->time_ns / NS_PER_S, age);
	page_row(p, signal_name(ev->sig, name), "to %s (pid %" PRIu32 "), %s%s",
		 called(ev->comm), ev->other, signal_result_name(ev->result), when);
	chain_text(&s->chain, chain);
	if (ev->in_interrupt)
		page_row(p, "", "raised in an interrupt");
	else
		page_row(p, "", "%s %s", signal_was_asked(ev) ? "sent by" :
			 "raised by the kernel in", chain);
}

static void put_text(struct report *r, struct text_page *p)
{
	const struct signals *s = &r->signals;

	if (!r->trace.n_sent)
		return;
	page_section(p, "SIGNALS  (of the trace's %" PRIu64 " events; the newest is last)",
		     r->trace.n_events);
	if (r->trace.n_left_out)
		page_line(p, "%" PRIu64 " are not shown: ignored, or SIGCHLD, SIGPIPE, "
			  "SIGUSR1 and the like", r->trace.n_left_out);
	if (s->n_more)
		page_line(p, "%" PRIu64 " older ones are not shown", s->n_more);
	for (unsigned i = 0; i < s->n; i++)
		put_signal(r, &s->list[i], p);
}

/* ---- JSON ------------------------------------------------------------------------------- */

static void link_json(const struct chain_link *link, struct json *j)
{
	json_open(j, NULL, '{');
	json_number(j, "pid", link->pid);
	json_text_or_null(j, "comm", link->comm);
	json_text_or_null(j, "file", link->file);
	if (link->lives == SENDER_MAY_LIVE)
		json_null(j, "lives");
	else
		json_bool(j, "lives", link->lives == SENDER_LIVES);
	json_bool(j, "by_trace", link->by_trace);
	json_close(j);
}

static void signal_json(const struct report *r, const struct signal_sent *s, struct json *j)
{
	const struct traced *ev = &s->ev;
	char name[16];

	json_open(j, NULL, '{');
	json_real_or_null(j, "time", ev->is_log_clock ? ev->time_ns / NS_PER_S : -1);
	json_real_or_null(j, "seconds", ev->is_log_clock ? report_seconds_since(r, ev->time_ns)
							 : -1);
	json_string(j, "signal", signal_name(ev->sig, name));
	json_number(j, "number", (uint64_t)ev->sig);
	json_string(j, "by", ev->in_interrupt ? "interrupt" : signal_was_asked(ev) ? "process"
										   : "kernel");
	json_string(j, "result", signal_result_name(ev->result));
	json_open(j, "to", '{');
	json_number(j, "pid", ev->other);
	json_text_or_null(j, "comm", ev->comm);
	json_close(j);
	json_open(j, "from", '[');
	for (unsigned i = 0; i < s->chain.n; i++)
		link_json(&s->chain.links[i], j);
	json_close(j);
	json_close(j);
}

static void put_json(struct report *r, struct json *j)
{
	json_open(j, "signals", '[');
	for (unsigned i = 0; i < r->signals.n; i++)
		signal_json(r, &r->signals.list[i], j);
	json_close(j);
	json_open(j, "trace", '{');
	json_number(j, "events", r->trace.n_events);
	json_number(j, "lost", r->trace.rings.n_lost);
	json_number(j, "left_out", r->trace.n_left_out);
	json_close(j);
}

const struct report_part part_signals = { "signals", read_signals, put_text, put_json };
