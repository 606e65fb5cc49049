/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The control of the filter. Windows of 64 frames: one page of the memory map. */
#include "filter_control.h"

#include "base/bitmap.h"
#include "base/err.h"
#include "filter.h"
#include "kernel/memmap.h"
#include "priority.h"

#define WINDOW 64u
#define MAX_WINDOWS 4096u

static uint64_t windows_of(const struct pfn_range *r)
{
	return (r->end - 1) / WINDOW - r->first / WINDOW + 1;
}

/* Judges the known frames of a window by themselves, with nothing but struct pages. */
static void ask_window(struct filter_control *c, const struct filter *f,
		       const struct priority *w, pfn_t first)
{
	struct filter copy = *f;
	uint8_t pages[WINDOW * PAGE_STRUCT_MAX];
	struct err ignored;
	uint64_t bits;
	struct page_window window = { first, WINDOW, pages, .keep = &bits };

	copy.percpu = copy.chosen = NULL;
	copy.known = NULL;
	if (!memmap_base(f->map, first, &window.base, &ignored) ||
	    memmap_read(f->map, window.base, first, WINDOW, pages) != WINDOW)
		return;
	c->n_asked += priority_known(w, first, WINDOW, &bits);
	for (int v = 0; v < N_VERDICTS; v++)
		copy.n[v] = 0;
	filter_window(&copy, &window);
	for (int v = DROP_FREE; v <= DROP_USER; v++)
		c->n_wrong += copy.n[v];
}

void filter_control_ask(struct filter_control *c, const struct filter *f,
			const struct priority *w, uint64_t *alive)
{
	uint64_t n = 0, step, next = 0, at = 0;
	struct pfn_range r;

	*c = (struct filter_control){ 0 };
	for (size_t i = 0; priority_known_range(w, i, &r); i++)
		n += windows_of(&r);
	step = n / MAX_WINDOWS + 1;
	for (size_t i = 0; priority_known_range(w, i, &r); i++) {
		uint64_t here = windows_of(&r);

		for (; next < at + here; next += step) {
			ask_window(c, f, w, (r.first / WINDOW + next - at) * WINDOW);
			__atomic_fetch_add(alive, 1, __ATOMIC_RELAXED);
		}
		at += here;
	}
}
