/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The part of a dump that an attempt before has left. Pages come in the order of their
 * worth, so the longer of two parts is the better one. How long each is stands in memory
 * that outlives the attempt.
 */
#include "earlier_part.h"

#include <stdio.h>

#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "job.h"
#include "targets/crash_files.h"
#include "targets/sink.h"

/* The names that the two parts have while both are there. */
struct part_names {
	char newest[SINK_NAME_MAX], aside[SINK_NAME_MAX];
};

static struct part_names part_names(void)
{
	struct part_names names;

	sink_part_name(crash_files[CRASH_DUMP].name, names.newest);
	sink_part_name(crash_files[CRASH_EARLIER].name, names.aside);
	return names;
}

void earlier_set_aside(struct sink *s, struct totals *t)
{
	const struct part_names names = part_names();
	struct err e;

	/* One that is shorter than what lies aside already may be replaced. */
	if (t->data_len <= t->earlier_len || !s->ops->has(s, names.newest))
		return;
	if (s->ops->move(s, names.newest, names.aside, &e))
		t->earlier_len = t->data_len;
	else
		log_warn("what was written before is replaced: %s", e.text);
}

static void drop(struct sink *s, struct totals *t)
{
	const struct part_names names = part_names();
	struct err e;

	if (!s->ops->remove(s, names.aside, &e))
		log_warn("%s", e.text);
	t->earlier_len = 0;
}

bool earlier_makes_room(struct sink *s, struct totals *t, uint64_t need_len, uint64_t free_len,
			bool last_resort)
{
	uint64_t missing_len = need_len > free_len ? need_len - free_len : 0;
	char len[32];

	/* A part goes for all of it, or for one that is longer without its room. */
	if (!t->earlier_len || (t->earlier_len < missing_len &&
				!(last_resort && free_len > t->earlier_len)))
		return false;
	format_bytes(t->earlier_len, len, sizeof(len));
	log_warn("%s: the part with %s of pages, of an attempt before, is removed: there is no "
		 "room for both", s->where, len);
	drop(s, t);
	return true;
}

bool earlier_settle(struct sink *s, struct totals *t, bool is_whole)
{
	const struct part_names names = part_names();
	struct err e;

	if (!t->earlier_len)
		return false;
	if (is_whole || (t->data_len > t->earlier_len && s->ops->has(s, names.newest))) {
		drop(s, t);
		return false;
	}
	if (!s->ops->move(s, names.aside, names.newest, &e)) {
		log_warn("the longer part keeps the name %s: %s", names.aside, e.text);
		return false;
	}
	t->data_len = t->earlier_len;
	t->dump_len = t->holes_len = 0;
	t->earlier_len = 0;
	return true;
}
