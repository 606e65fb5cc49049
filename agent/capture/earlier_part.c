/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pages come in the order of their worth, so the longer of two parts is the better one. How
 * long each is stands in memory that outlives the attempt.
 */
#include "earlier_part.h"

#include <stdio.h>

#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "job.h"
#include "targets/sink.h"

#define PART "vmcore-incomplete"
#define ASIDE "vmcore-earlier-incomplete"

void earlier_set_aside(struct sink *s, struct totals *t)
{
	struct err e;

	/* One that is shorter than what lies aside already may be replaced. */
	if (t->data_len <= t->earlier_len || !s->ops->has(s, PART))
		return;
	if (s->ops->move(s, PART, ASIDE, &e))
		t->earlier_len = t->data_len;
	else
		log_warn("what was written before is replaced: %s", e.text);
}

static void drop(struct sink *s, struct totals *t)
{
	struct err e;

	if (!s->ops->remove(s, ASIDE, &e))
		log_warn("%s", e.text);
	t->earlier_len = 0;
}

bool earlier_makes_room(struct sink *s, struct totals *t, uint64_t missing_len,
			bool last_resort)
{
	char len[32];

	if (!t->earlier_len || (t->earlier_len < missing_len && !last_resort))
		return false;
	format_bytes(t->earlier_len, len, sizeof(len));
	log_warn("%s: the part with %s of pages, of an attempt before, is removed: there is no "
		 "room for both", s->where, len);
	drop(s, t);
	return true;
}

bool earlier_settle(struct sink *s, struct totals *t, bool is_whole)
{
	struct err e;

	if (!t->earlier_len)
		return false;
	if (is_whole || (t->data_len > t->earlier_len && s->ops->has(s, PART))) {
		drop(s, t);
		return false;
	}
	if (!s->ops->move(s, ASIDE, PART, &e)) {
		log_warn("the longer part keeps the name " ASIDE ": %s", e.text);
		return false;
	}
	t->data_len = t->earlier_len;
	t->dump_len = t->holes_len = 0;
	t->earlier_len = 0;
	return true;
}
