/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The order in which pages are written. Follows the same tables as kernel/ and vmcore/,
 * only to note where they lie. The crashed kernel's tables may be cyclic or huge; each
 * walk has its bound here.
 */
#include "priority.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/bitmap.h"
#include "base/bytes.h"
#include "base/err.h"
#include "filter.h"
#include "kernel/cpus.h"
#include "kernel/dmesg.h"
#include "kernel/kernel.h"
#include "kernel/memmap.h"
#include "kernel/running.h"
#include "vmcore/elfcore.h"
#include "vmcore/notes.h"
#include "vmcore/pagetable.h"
#include "vmcore/space.h"
#include "vmcore/vmcoreinfo.h"

#define MAX_RANGES 16384		/* a class, 256 KiB if it is full */
#define STACK_LEN 16384u	/* THREAD_SIZE without KASAN, and aligned to it */
#define MAX_STEPS (1u << 20)

struct collector {
	struct priority *w;
	enum priority_class class;
	struct space *space;
	unsigned page_shift;
	unsigned steps_left;
	uint64_t *alive;
};

static void add_pfns(struct priority *w, enum priority_class class, pfn_t first, pfn_t end)
{
	size_t *n = &w->n[class];
	struct pfn_range *last = *n ? &w->ranges[class][*n - 1] : NULL;

	if (last && first >= last->first && first <= last->end)
		last->end = max_u64(last->end, end);
	else if (*n < MAX_RANGES)
		w->ranges[class][(*n)++] = (struct pfn_range){ first, end };
}

static void add(struct collector *c, paddr_t paddr, uint64_t len)
{
	add_pfns(c->w, c->class, paddr >> c->page_shift,
		 (paddr + len - 1 >> c->page_shift) + 1);
}

static void add_virtual(void *ctx, vaddr_t vaddr, uint64_t len)
{
	struct collector *c = ctx;
	struct err ignored;

	while (len && c->steps_left) {
		uint64_t run, n = min_u64(len, 4096 - vaddr % 4096);
		paddr_t paddr;

		c->steps_left--;
		__atomic_fetch_add(c->alive, 1, __ATOMIC_RELAXED);
		if (space_translate(c->space, vaddr, &paddr, &run, &ignored)) {
			n = min_u64(len, run);
			add(c, paddr, n);
		}
		vaddr += n;
		len -= n;
	}
}

static bool add_table(void *ctx, paddr_t table)
{
	struct collector *c = ctx;

	add(c, table, 1);
	__atomic_fetch_add(c->alive, 1, __ATOMIC_RELAXED);
	return --c->steps_left > 0;
}

/* What each CPU that saved its registers was standing on. */
static void add_stacks(struct collector *c, const struct elfcore *core)
{
	size_t sp_off = NOTE_REGS_OFF + c->space->arch->reg_sp * 8, left = core->notes_len;
	const uint8_t *at = core->notes;
	struct note n;

	for (; note_parse(at, left, &n); at += n.len, left -= n.len) {
		vaddr_t sp;

		if (!note_is(&n, "CORE", NT_PRSTATUS) || n.desc_len < sp_off + 8)
			continue;
		sp = get_u64(n.desc + sp_off);
		c->class = PRIORITY_TOPS;
		c->steps_left = 1;
		add_virtual(c, sp, 1);
		c->class = PRIORITY_STACKS;
		c->steps_left = STACK_LEN / 4096;
		add_virtual(c, sp / STACK_LEN * STACK_LEN, STACK_LEN);
	}
}

/* The struct pages themselves, section by section of what is in the core. */
static void add_struct_pages(struct collector *c, const struct elfcore *core,
			     struct memmap *map)
{
	struct err ignored;

	for (size_t i = 0; i < core->n_ranges; i++) {
		pfn_t pfn = core->ranges[i].start >> c->page_shift;
		pfn_t end = core->ranges[i].end >> c->page_shift;

		while (pfn < end && c->steps_left) {
			uint64_t per = map->pages_per_section;
			pfn_t next = min_u64(end, (pfn / per + 1) * per);
			vaddr_t base;

			if (memmap_base(map, pfn, &base, &ignored))
				add_virtual(c, base + pfn * map->size_page,
					    (next - pfn) * map->size_page);
			pfn = next;
		}
	}
}

static int by_first(const void *a, const void *b)
{
	const struct pfn_range *x = a, *y = b;

	return x->first < y->first ? -1 : x->first > y->first;
}

static void tidy(struct priority *w, enum priority_class class)
{
	struct pfn_range *r = w->ranges[class];
	size_t n = 0;

	qsort(r, w->n[class], sizeof(r[0]), by_first);
	for (size_t i = 0; i < w->n[class]; i++) {
		if (n && r[i].first <= r[n - 1].end)
			r[n - 1].end = max_u64(r[n - 1].end, r[i].end);
		else
			r[n++] = r[i];
	}
	w->n[class] = n;
}

bool priority_init(struct priority *w, struct arena *arena, struct err *e)
{
	for (int i = 0; i < N_PRIORITIES; i++) {
		w->n[i] = 0;
		w->ranges[i] = arena_take(arena, MAX_RANGES, sizeof(w->ranges[i][0]),
					  "list of pages to write first", e);
		if (!w->ranges[i])
			return false;
	}
	return true;
}

void priority_find(struct priority *w, const struct elfcore *core, struct kernel *kn,
		   uint64_t *alive)
{
	struct space *space = &kn->space;
	const struct page_tables tables = space_tables(space);
	struct collector c = { .w = w, .space = space, .page_shift = kn->page_shift,
			       .alive = alive };
	struct dmesg log;
	struct err ignored;

	c.class = PRIORITY_IMAGE;
	if (core->text_end > core->text_start)
		add(&c, core->text_start, core->text_end - core->text_start);
	if (kn->has_space) {
		c.class = PRIORITY_LOG;
		c.steps_left = MAX_STEPS;
		if (dmesg_open(&log, space, &ignored))
			dmesg_each_area(&log, add_virtual, &c);
		add_stacks(&c, core);
		c.class = PRIORITY_PAGE_TABLES;
		c.steps_left = PAGETABLE_MAX_TABLES;
		pagetable_each_table(&tables, add_table, &c);
	}
	if (kn->has_space && kn->trusted) {
		c.class = PRIORITY_MEMMAP;
		c.steps_left = MAX_STEPS;
		memmap_each_table(&kn->map, add_virtual, &c);
		add_struct_pages(&c, core, &kn->map);
	}
	for (int i = 0; i < N_PRIORITIES; i++)
		tidy(w, i);
}

void priority_find_running(struct priority *w, const struct running *r, unsigned page_shift)
{
	struct collector c = { .w = w, .class = PRIORITY_RUNNING, .space = r->cpus->space,
			       .page_shift = page_shift, .steps_left = MAX_STEPS,
			       .alive = r->bounds->alive };

	running_each_area(r, add_virtual, &c);
	tidy(w, PRIORITY_RUNNING);
}

static void note(struct priority *w, enum priority_class class,
		 const struct page_window *window, const uint64_t *bits)
{
	size_t n = window->n;

	for (size_t i = bitmap_next(bits, n, 0); i < n; i = bitmap_next(bits, n, i + 1))
		add_pfns(w, class, window->pfn + i, window->pfn + i + 1);
}

void priority_note(struct priority *w, const struct filter *f,
		   const struct page_window *window)
{
	note(w, PRIORITY_BOOT, window, f->reserved);
	note(w, PRIORITY_VITAL, window, f->typed);
}

/* The first range of a class that reaches behind a frame. */
static size_t first_behind(const struct priority *w, int class, pfn_t pfn)
{
	size_t lo = 0, hi = w->n[class];

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (pfn >= w->ranges[class][mid].end)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

#define N_SURE 4

static const enum priority_class sure[N_SURE] = {
	PRIORITY_LOG, PRIORITY_TOPS, PRIORITY_PAGE_TABLES, PRIORITY_MEMMAP,
};

bool priority_known_range(const struct priority *w, size_t nr, struct pfn_range *ret)
{
	for (int k = 0; k < N_SURE; k++) {
		if (nr < w->n[sure[k]]) {
			*ret = w->ranges[sure[k]][nr];
			return true;
		}
		nr -= w->n[sure[k]];
	}
	return false;
}

uint64_t priority_known(const struct priority *w, pfn_t first, size_t n, uint64_t *bits)
{
	memset(bits, 0, (n + 63) / 64 * 8);
	for (int k = 0; k < N_SURE; k++) {
		const struct pfn_range *ranges = w->ranges[sure[k]];

		for (size_t i = first_behind(w, sure[k], first);
		     i < w->n[sure[k]] && ranges[i].first < first + n; i++)
			bitmap_set_range(bits, max_u64(ranges[i].first, first) - first,
					 min_u64(ranges[i].end, first + n) - first);
	}
	return bitmap_count(bits, (n + 63) / 64);
}

bool priority_has(const struct priority *w, enum priority_class before, pfn_t pfn)
{
	for (int i = 0; i < (int)before; i++) {
		size_t at = first_behind(w, i, pfn);

		if (at < w->n[i] && pfn >= w->ranges[i][at].first)
			return true;
	}
	return false;
}
