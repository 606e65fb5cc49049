/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finding a kernel by its VMCOREINFO. vmcoreinfo_data is one zeroed page, and its text begins
 * with OSRELEASE (kernel/vmcore_info.c, before 6.9 kernel/crash_core.c).
 */
#include "kernel_search.h"

#include <string.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/io.h"

#define PAGE 4096u
#define CANDIDATES_MAX 64u
#define CLOCK_EVERY 1024u	/* pages */

static const char first_words[] = "OSRELEASE=";

struct search {
	const struct kernel_source *from;
	struct kernel *kn;
	char text[PAGE], best[PAGE];
	size_t len, best_len;	/* 0: none was right yet */
	unsigned n_tried;
	uint64_t n_pages;
	double until;
};

static void open_with(struct search *s, const char *text, size_t len)
{
	struct kernel_source with = *s->from;

	with.vmcoreinfo = len ? text : NULL;
	with.vmcoreinfo_len = len;
	kernel_open(s->kn, &with);
}

/* True when it need not be searched on. */
static bool try_page(struct search *s, paddr_t paddr)
{
	struct physmem *pm = s->from->pm;
	struct err ignored;

	if (!physmem_read(pm, paddr, s->text, sizeof(first_words) - 1, &ignored) ||
	    memcmp(s->text, first_words, sizeof(first_words) - 1) ||
	    !physmem_read(pm, paddr, s->text, PAGE, &ignored))
		return false;
	s->len = strnlen(s->text, PAGE);
	open_with(s, s->text, s->len);
	if (s->kn->trusted && (!s->best_len || has(s->kn->k.crash_time))) {
		memcpy(s->best, s->text, PAGE);
		s->best_len = s->len;
	}
	return (s->kn->trusted && has(s->kn->k.crash_time)) || ++s->n_tried == CANDIDATES_MAX;
}

static bool is_late(struct search *s)
{
	return !(++s->n_pages % CLOCK_EVERY) && monotonic_seconds() > s->until;
}

bool kernel_search(struct kernel *kn, const struct kernel_source *from,
		   const struct ram_range *ranges, size_t n_ranges, double seconds)
{
	struct search s = { .from = from, .kn = kn,
			    .until = monotonic_seconds() + seconds };
	bool ends = false;

	for (size_t i = 0; i < n_ranges && !ends; i++)
		for (paddr_t at = round_up(ranges[i].start, PAGE);
		     at < ranges[i].end && !ends; at += PAGE)
			ends = try_page(&s, at) || is_late(&s);
	open_with(&s, s.best, s.best_len);
	return s.best_len;
}
