/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rule for an init that somebody asked to end: the log's word and the trace's agree. */
#include "finding_rules.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "finding_parts.h"

#define NS_PER_S 1e9
#define ENDS_SOON_S 5.0		/* a signal before that is not what it ended of */
#define ENDED_BY "signal "

static bool is_by_signal(const struct report *r)
{
	return !strncmp(r->log.death.subkind, ENDED_BY, strlen(ENDED_BY));
}

/*
 * A status is no witness to the signal. That init took it, by a function of its own, between
 * that and its end, is.
 */
static bool was_handled(const struct report *r, const struct traced *sent)
{
	const struct traced_list *l = &r->trace.taken;

	for (unsigned i = 0; i < l->n; i++) {
		const struct traced *ev = &l->list[i];

		if (ev->is_log_clock && ev->is_handled && ev->sig == sent->sig &&
		    ev->time_ns >= sent->time_ns &&
		    ev->time_ns / NS_PER_S <= r->log.death.seconds)
			return true;
	}
	return false;
}

/*
 * It ended by that signal; or by itself, with a status, after one that it had a function for.
 * What the kernel raised in it is its own fault.
 */
static bool agrees(const struct report *r, const struct traced *ev)
{
	const char *how = r->log.death.subkind;

	if (!signal_was_asked(ev) || ev->pid == INIT_PID)
		return false;
	if (is_by_signal(r))
		return atoi(how + strlen(ENDED_BY)) == ev->sig;
	return how[0] && was_handled(r, ev);
}

/* Only told with its end in the log: a trace of long ago proves nothing. */
bool finding_init_killed(struct report *r, struct finding *f)
{
	const struct signal_sent *s = signals_last_to(&r->signals, INIT_PID);
	const struct chain_link *link;
	char name[16];
	double age;

	if (r->log.death.kind != KIND_INIT_EXIT || !s || !s->chain.n || !s->ev.is_log_clock ||
	    !agrees(r, &s->ev))
		return false;
	age = r->log.death.seconds - s->ev.time_ns / NS_PER_S;
	if (age < 0 || age > ENDS_SOON_S)
		return false;
	link = &s->chain.links[0];
	finding_says(f, "%s (pid %" PRIu32 ") sent %s to init, which ended %.3f s later: %s.",
		     link->comm[0] ? link->comm : "A process", link->pid,
		     signal_name(s->ev.sig, name), age, r->log.death.subkind);
	finding_because(f, "%s", r->log.panic);
	finding_because(f, "the trace has the signal, at %.6f: %s%s", s->ev.time_ns / NS_PER_S,
			signal_result_name(s->ev.result),
			is_by_signal(r) ? "" : ", and init's own function took it");
	for (unsigned i = 1; i < s->chain.n; i++)
		finding_because(f, "%s (pid %" PRIu32 ") was %sa child of %s (pid %" PRIu32
				")", s->chain.links[i - 1].comm, s->chain.links[i - 1].pid,
				s->chain.links[i - 1].by_trace ? "" : "in the end ",
				s->chain.links[i].comm, s->chain.links[i].pid);
	return true;
}
