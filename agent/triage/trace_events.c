/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An event begins with a struct trace_entry (Linux include/linux/trace_events.h), of which
 * the type says which of the kernel's struct trace_event_call it is of. The newest are kept
 * in heaps with the oldest on top, so that rings may come in any order.
 */
#include "trace_events.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"

#define PID_MAX (1u << 22)	/* there are no more */
#define SIGNAL_MAX 64
#define TYPE_MAX 65535u
#define SAME_NS 1000000u	/* of one event, in two rings */
#define IN_INTERRUPT 0x58u	/* hard, soft, NMI: Linux include/linux/trace_events.h */

#define AT(member) offsetof(struct traced_facts, member)
#define RAW "trace_event_raw_"
#define TEXT_FIELD(event, name, member) \
	WISH_FIELD(RAW event "." name, AT(member.here)), \
	WISH_FIELD(RAW event ".__data_loc_" name, AT(member.there))

static const struct wish wishes[] = {
	{ WISH_SYMBOL, "event_signal_generate", AT(calls[TRACED_SENT]) },
	{ WISH_SYMBOL, "event_signal_deliver", AT(calls[TRACED_TAKEN]) },
	{ WISH_SYMBOL, "event_sched_process_fork", AT(calls[TRACED_BORN]) },
	{ WISH_SYMBOL, "event_sched_process_exec", AT(calls[TRACED_RUNS]) },
	{ WISH_SYMBOL, "event_sched_process_exit", AT(calls[TRACED_ENDS]) },
	WISH_FIELD("trace_event_call.event.type", AT(type)),
	WISH_FIELD("trace_entry.type", AT(entry_type)),
	WISH_FIELD("trace_entry.flags", AT(entry_flags)),
	WISH_FIELD("trace_entry.pid", AT(entry_pid)),
	WISH_FIELD(RAW "signal_generate.sig", AT(sent_sig)),
	WISH_FIELD(RAW "signal_generate.code", AT(sent_code)),
	WISH_FIELD(RAW "signal_generate.comm", AT(sent_comm)),
	WISH_FIELD(RAW "signal_generate.pid", AT(sent_pid)),
	WISH_FIELD(RAW "signal_generate.result", AT(sent_result)),
	WISH_FIELD(RAW "signal_deliver.sig", AT(taken_sig)),
	WISH_FIELD(RAW "signal_deliver.code", AT(taken_code)),
	WISH_FIELD(RAW "signal_deliver.sa_handler", AT(taken_handler)),
	TEXT_FIELD("sched_process_fork", "parent_comm", parent_comm),
	TEXT_FIELD("sched_process_fork", "child_comm", child_comm),
	WISH_FIELD(RAW "sched_process_fork.child_pid", AT(child_pid)),
	TEXT_FIELD("sched_process_exec", "filename", file),
	TEXT_FIELD("sched_process_exit", "comm", exit_comm),
	/* Before 6.16 it shared its form with others. */
	TEXT_FIELD("sched_process_template", "comm", exit_comm),
};

const struct wish_set traced_wishes = WISH_SET(wishes, struct traced_facts);

/* ---- the newest ---------------------------------------------------------------------- */

static void swap(struct traced *a, struct traced *b)
{
	struct traced between = *a;

	*a = *b;
	*b = between;
}

/* Times of two clocks cannot be compared: what is not by the log's is the first to go. */
static bool is_older(const struct traced *a, const struct traced *b)
{
	return a->is_log_clock == b->is_log_clock ? a->time_ns < b->time_ns : b->is_log_clock;
}

/* Down from the top, until both below are newer. */
static void sink_down(struct traced *list, unsigned n)
{
	unsigned at = 0, least;

	for (;;) {
		least = 2 * at + 1;
		if (least >= n)
			return;
		if (least + 1 < n && is_older(&list[least + 1], &list[least]))
			least++;
		if (!is_older(&list[least], &list[at]))
			return;
		swap(&list[at], &list[least]);
		at = least;
	}
}

static void keep(struct traced_list *l, const struct traced *ev)
{
	unsigned at;

	if (l->n == l->max) {
		l->n_more++;
		if (!is_older(&l->list[0], ev))
			return;
		l->list[0] = *ev;
		sink_down(l->list, l->n);
		return;
	}
	l->list[at = l->n++] = *ev;
	while (at && is_older(&l->list[at], &l->list[(at - 1) / 2])) {
		swap(&l->list[(at - 1) / 2], &l->list[at]);
		at = (at - 1) / 2;
	}
}

static void sort(struct traced_list *l)
{
	for (unsigned n = l->n; n > 1; n--) {
		swap(&l->list[0], &l->list[n - 1]);
		sink_down(l->list, n - 1);
	}
	for (unsigned i = 0; i < l->n / 2; i++)
		swap(&l->list[i], &l->list[l->n - 1 - i]);
}

/* The same event in another ring, whose clock was read a moment sooner or later. */
static bool is_double(const struct traced *a, const struct traced *b)
{
	return a->ring != b->ring && a->is_log_clock == b->is_log_clock &&
	       b->time_ns - a->time_ns <= SAME_NS && a->pid == b->pid &&
	       a->other == b->other && a->sig == b->sig && a->code == b->code &&
	       a->result == b->result;
}

static bool has_double(const struct traced *list, unsigned n, const struct traced *ev)
{
	while (n-- > 0 && ev->time_ns - list[n].time_ns <= SAME_NS)
		if (is_double(&list[n], ev))
			return true;
	return false;
}

/* Of a sorted list. */
static void drop_doubles(struct traced_list *l)
{
	unsigned n = 0;

	for (unsigned i = 0; i < l->n; i++)
		if (!has_double(l->list, n, &l->list[i]))
			l->list[n++] = l->list[i];
	l->n = n;
}

/* ---- an event ------------------------------------------------------------------------- */

static bool number_in(const struct trace_raw *raw, struct field f, int64_t *ret)
{
	uint64_t value = 0;

	if (!has(f.off) || f.size < 1 || f.size > 8 || (uint64_t)f.off > raw->len ||
	    (uint64_t)f.size > raw->len - (uint64_t)f.off)
		return false;
	memcpy(&value, raw->data + f.off, (size_t)f.size);
	*ret = f.size == 4 ? (int32_t)value : (int64_t)value;
	return true;
}

static void take_text(const struct trace_raw *raw, uint64_t off, uint64_t len,
		      char *text, size_t size)
{
	text[0] = '\0';
	if (off > raw->len || len > raw->len - off)
		return;
	snprintf(text, size, "%.*s", (int)min_u64(len, size - 1),
		 (const char *)raw->data + off);
	for (char *c = text; *c; c++)
		*c = printable(*c);
}

static void text_in(const struct trace_raw *raw, const struct traced_field *f, char *text,
		    size_t size)
{
	int64_t where;

	text[0] = '\0';
	if (field_is_whole(f->here))
		take_text(raw, (uint64_t)f->here.off, (uint64_t)f->here.n, text, size);
	else if (number_in(raw, f->there, &where))
		take_text(raw, (uint64_t)where & 0xffff, (uint64_t)where >> 16 & 0xffff, text,
			  size);
}

static bool is_pid(int64_t pid)
{
	return pid >= 0 && pid <= PID_MAX;
}

static bool take_sent(const struct traced_facts *f, const struct trace_raw *raw,
		      struct traced *ev)
{
	const struct traced_field comm = { f->sent_comm, { ABSENT, ABSENT, ABSENT } };
	int64_t sig, code, pid, result;

	if (!number_in(raw, f->sent_sig, &sig) || !number_in(raw, f->sent_pid, &pid) ||
	    !number_in(raw, f->sent_code, &code) ||
	    !number_in(raw, f->sent_result, &result) || sig < 1 || sig > SIGNAL_MAX ||
	    !is_pid(pid) || result < SENT_DELIVERED || result > SENT_POORER)
		return false;
	ev->sig = (int)sig;
	ev->code = (int)code;
	ev->other = (uint32_t)pid;
	ev->result = (int)result;
	text_in(raw, &comm, ev->comm, sizeof(ev->comm));
	return true;
}

static bool take_taken(const struct traced_facts *f, const struct trace_raw *raw,
		       struct traced *ev)
{
	int64_t sig, code, handler;

	if (!number_in(raw, f->taken_sig, &sig) || !number_in(raw, f->taken_code, &code) ||
	    !number_in(raw, f->taken_handler, &handler) || sig < 1 || sig > SIGNAL_MAX)
		return false;
	ev->sig = (int)sig;
	ev->code = (int)code;
	ev->is_handled = (uint64_t)handler > 1;		/* SIG_DFL 0, SIG_IGN 1 */
	return true;
}

static bool take_life(const struct traced_facts *f, const struct trace_raw *raw,
		      struct traced *ev)
{
	int64_t child;

	switch (ev->kind) {
	case TRACED_BORN:
		if (!number_in(raw, f->child_pid, &child) || child < 1 || !is_pid(child))
			return false;
		ev->other = (uint32_t)child;
		text_in(raw, &f->child_comm, ev->comm, sizeof(ev->comm));
		text_in(raw, &f->parent_comm, ev->text, sizeof(ev->text));
		return true;
	case TRACED_RUNS:
		text_in(raw, &f->file, ev->text, sizeof(ev->text));
		return ev->text[0];
	default:
		text_in(raw, &f->exit_comm, ev->comm, sizeof(ev->comm));
		return ev->comm[0];
	}
}

/* Signals that processes send one another all the time, and seldom to end anything. */
static bool is_common(const struct traced *ev)
{
	int sig = ev->sig;
	enum { CHLD = 17, URG = 23, WINCH = 28, REALTIME = 32 };

	return (sig >= CHLD && sig <= URG) || sig == WINCH || sig >= REALTIME ||
	       (sig > 9 && sig < 15 && sig != 11) ||	/* USR1 USR2 PIPE ALRM */
	       (ev->kind == TRACED_SENT && ev->result == SENT_IGNORED);
}

static void take_event(struct trace *t, const struct trace_ring_page *page,
		       const struct trace_raw *raw)
{
	const struct traced_facts *f = t->facts;
	struct traced ev = { .time_ns = raw->time + page->to_log,
			     .is_log_clock = page->is_log_clock, .ring = page->ring,
			     .kind = TRACED_KINDS };
	int64_t type, flags = 0, pid;

	if (!number_in(raw, f->entry_type, &type) || !number_in(raw, f->entry_pid, &pid) ||
	    !is_pid(pid))
		return;
	t->n_events++;
	for (int i = 0; i < TRACED_KINDS; i++)
		if (t->types[i] && t->types[i] == (uint64_t)type)
			ev.kind = (enum traced_kind)i;
	if (ev.kind == TRACED_KINDS)
		return;
	number_in(raw, f->entry_flags, &flags);
	ev.in_interrupt = flags & IN_INTERRUPT;
	ev.pid = (uint32_t)pid;
	if (ev.kind > TRACED_TAKEN) {
		if (take_life(f, raw, &ev))
			keep(&t->lives, &ev);
	} else if (ev.kind == TRACED_TAKEN) {
		if (pid == INIT_PID && take_taken(f, raw, &ev) && !is_common(&ev))
			keep(&t->taken, &ev);
	} else if (take_sent(f, raw, &ev)) {
		t->n_sent++;
		if (is_common(&ev))
			t->n_left_out++;
		else
			keep(&t->signals, &ev);
	}
}

static void take_page(void *ctx, const struct trace_ring_page *page)
{
	struct trace_cursor c;
	struct trace_raw raw;

	trace_page_init(&c, page->data, page->len, page->begun);
	while (trace_page_next(&c, &raw))
		take_event(ctx, page, &raw);
}

/* ---- all of them ---------------------------------------------------------------------- */

static bool make_room(struct traced_list *l, unsigned max, struct arena *arena, struct err *e)
{
	*l = (struct traced_list){ .max = max };
	l->list = arena_take(arena, max, sizeof(l->list[0]), "trace", e);
	return l->list;
}

bool trace_read(struct trace *t, struct arena *arena, struct err *e)
{
	uint64_t type;

	t->n_events = t->n_sent = t->n_left_out = 0;
	if (!make_room(&t->signals, TRACED_SIGNALS, arena, e) ||
	    !make_room(&t->taken, TRACED_TAKES, arena, e) ||
	    !make_room(&t->lives, TRACED_LIVES, arena, e))
		return false;
	for (int i = 0; i < TRACED_KINDS; i++) {
		t->types[i] = 0;
		if (has(t->facts->calls[i]) &&
		    field_read(t->rings.space, (vaddr_t)t->facts->calls[i], t->facts->type,
			       &type) && type <= TYPE_MAX)
			t->types[i] = type;
	}
	t->rings.take = take_page;
	t->rings.ctx = t;
	trace_rings_read(&t->rings, arena);
	sort(&t->signals);
	sort(&t->taken);
	sort(&t->lives);
	drop_doubles(&t->signals);
	return true;
}
