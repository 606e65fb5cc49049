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

#define PAGE VMCOREINFO_PAGE
#define CANDIDATES_MAX 64u
#define CLOCK_EVERY 1024u	/* pages */

static const char first_words[] = "OSRELEASE=";

struct search {
	const struct kernel_source *from;
	struct kernel *kn;
	char text[PAGE];
	struct vmcoreinfo_text *best;
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
	open_with(s, s->text, strnlen(s->text, PAGE));
	if (s->kn->trusted && (!s->best->len || has(s->kn->k.crash_time))) {
		memcpy(s->best->text, s->text, PAGE);
		s->best->len = strnlen(s->text, PAGE);
	}
	return (s->kn->trusted && has(s->kn->k.crash_time)) || ++s->n_tried == CANDIDATES_MAX;
}

static bool is_late(struct search *s)
{
	return !(++s->n_pages % CLOCK_EVERY) && monotonic_seconds() > s->until;
}

bool kernel_search(struct kernel *kn, const struct kernel_source *from,
		   const struct elfcore *core, double seconds, struct vmcoreinfo_text *found)
{
	struct search s = { .from = from, .kn = kn, .best = found,
			    .until = monotonic_seconds() + seconds };
	bool ends = false;

	found->len = 0;
	for (size_t i = 0; i < core->n_ranges && !ends; i++)
		for (paddr_t at = round_up(core->ranges[i].start, PAGE);
		     at < core->ranges[i].end && !ends; at += PAGE)
			ends = try_page(&s, at) || is_late(&s);
	open_with(&s, found->text, found->len);
	return found->len;
}
