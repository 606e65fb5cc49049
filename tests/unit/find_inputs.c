/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bounds of following lists: what a job may spend, and pages/pcp when its time is over.
 * Its source is built in here on a made-up machine of one node, one zone and four CPUs,
 * with a clock that goes on with each look at it.
 */
/* The objects that are linked in have it already. */
#define pcp_init here_init
#define pcp_wishes here_wishes
#define cpu_wishes here_cpu_wishes
#define cpus_open here_cpus_open
#define cpus_has here_cpus_has
#define cpus_vaddr here_cpus_vaddr
#define cpus_panic here_cpus_panic
#define cpus_current here_cpus_current

#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "base/bitmap.h"
#include "base/bytes.h"
#include "base/err.h"
#include "capture/find_inputs.h"
#include "capture/job.h"
#include "kernel/cpus.h"
#include "kernel/memmap.h"
#include "page.h"
#include "pages/filter.h"
#include "pages/pcp.h"
#include "t.h"
#include "vmcore/space.h"

#define N_PFNS 8192u
#define N_CPUS 4u
#define PER_CPU (N_PFNS / N_CPUS)
#define BASE 0xffffea0000000000UL	/* of the memory map */
#define KERNEL 0xffff888000000000UL	/* of all else, see below */

enum { NODE = 0, ZONE = 64, NR_CPUS = 256, OFFSETS = 320, PCP = 512, PCP_LEN = 256 };

static uint8_t kernel[PCP + N_CPUS * PCP_LEN];
static struct page pages[N_PFNS];
static double clock_now;
static unsigned n_picks;

static double fake_clock(void)
{
	return clock_now += 1;
}

static bool fake_read(struct space *s, vaddr_t vaddr, void *buf, size_t len, struct err *e)
{
	(void)s;
	if (vaddr < KERNEL || vaddr - KERNEL > sizeof(kernel) - len)
		return fail(e, EFAULT, "not there");
	memcpy(buf, kernel + (vaddr - KERNEL), len);
	return true;
}

static bool fake_read_u32(struct space *s, vaddr_t vaddr, uint32_t *ret, struct err *e)
{
	return fake_read(s, vaddr, ret, 4, e);
}

static bool fake_read_u64(struct space *s, vaddr_t vaddr, uint64_t *ret, struct err *e)
{
	return fake_read(s, vaddr, ret, 8, e);
}

static bool fake_base(struct memmap *m, pfn_t pfn, vaddr_t *base_ret, struct err *e)
{
	(void)m, (void)pfn, (void)e;
	*base_ret = BASE;
	return true;
}

static bool fake_pick(struct memmap *m, vaddr_t base, pfn_t pfn, void *buf)
{
	(void)m, (void)base;
	n_picks++;
	memcpy(buf, &pages[pfn], sizeof(pages[0]));
	return true;
}

#define monotonic_seconds fake_clock
#define bounds_over here_over
#define space_read fake_read
#define space_read_u32 fake_read_u32
#define space_read_u64 fake_read_u64
#define memmap_base fake_base
#define memmap_pick fake_pick
static bool here_over(const struct bounds *b)
{
	return fake_clock() >= b->until;
}
#define wishes cpus_own_wishes
#include "../../agent/kernel/cpus.c"
#undef wishes
#undef AT
#include "../../agent/pages/pcp.c"
#undef monotonic_seconds

/* CPU n has the frames n, n + N_CPUS, ... on one list, the last frame first. */
static void make_machine(struct kinfo *k, struct pcp_facts *f, struct cpu_facts *cpus)
{
	for (size_t at = 0; at < sizeof(*f); at += 8)
		*(int64_t *)((char *)f + at) = ABSENT;
	for (size_t at = 0; at < sizeof(*cpus); at += 8)
		*(int64_t *)((char *)cpus + at) = ABSENT;
	*k = page_kernel();
	k->type_buddy = (int)0xf0000000;
	k->contig_page_data = KERNEL + NODE;
	cpus->per_cpu_offset = KERNEL + OFFSETS;
	cpus->nr_cpu_ids = KERNEL + NR_CPUS;
	f->node_zones = ZONE;
	f->n_node_zones = 1;
	f->size_zone = 64;
	f->pageset = 8;
	f->count = 0;
	f->lists = 16;
	f->n_lists = 3;
	f->n_types = 3;
	f->size = 64;
	memset(kernel, 0, sizeof(kernel));
	*(uint32_t *)(kernel + NR_CPUS) = N_CPUS;
	*(uint64_t *)(kernel + ZONE + 8) = KERNEL + PCP;
	for (unsigned cpu = 0; cpu < N_CPUS; cpu++) {
		vaddr_t at = KERNEL + PCP + cpu * PCP_LEN, head = at + 16, last = head;
		uint8_t *pcp = kernel + (at - KERNEL);

		*(uint64_t *)(kernel + OFFSETS + cpu * 8) = cpu * PCP_LEN;
		*(uint32_t *)pcp = PER_CPU;
		for (int i = 0; i < 3; i++)
			for (int j = 0; j < 2; j++)
				*(uint64_t *)(pcp + 16 + i * 16 + j * 8) = head + i * 16;
		for (unsigned i = 0; i < PER_CPU; i++) {
			unsigned pfn = N_PFNS - N_CPUS * (i + 1) + cpu;
			vaddr_t lru = BASE + pfn * 64UL + 8;

			pages[pfn] = (struct page){ .mapcount = -1, .head = head,
						    .lru = last };
			if (last == head)
				*(uint64_t *)(pcp + 16) = lru;
			else
				pages[pfn + N_CPUS].head = lru;
			last = lru;
		}
		*(uint64_t *)(pcp + 24) = last;
	}
}

/*
 * The clock is looked at once for each CPU before and once as it begins, and after each
 * 1024 pages: a CPU of 2048 takes four seconds. Undoing takes as long as doing.
 */
static void test_over(void)
{
	static const struct { const char *row; double until; unsigned n_cpus; } cases[] = {
		{ "time for all", 1000, N_CPUS },
		{ "no time at all", 0, 0 },
		{ "time that ends in the first CPU's list", 5, 0 },
		{ "for one", 8, 1 },
		{ "for two", 12, 2 },
	};
	struct space space;
	struct kinfo k;
	struct pcp_facts facts;
	struct cpu_facts cpus;
	struct memmap map = { .space = &space, .size_page = 64, .page_shift = 12,
			      .n_sections = 1, .pages_per_section = N_PFNS };
	uint64_t alive = 0;

	make_machine(&k, &facts, &cpus);
	space = (struct space){ .k = &k };
	for (size_t i = 0; i < T_SIZE(cases); i++) {
		struct bounds bounds = { .until = cases[i].until, .alive = &alive };
		struct page_layout layout;
		const struct pcp_want want = { .map = &map, .facts = &facts,
					       .cpus = &cpus,
					       .layout = &layout, .bounds = &bounds };
		unsigned n = 0, wrong = 0;
		struct arena arena;
		struct pcp p;
		struct err e;

		page_layout_init(&layout, &k);
		clock_now = n_picks = 0;
		if (!T_CHECK("arena", arena_init(&arena, 4 << 20, &e)) ||
		    !T_CHECK("set", here_init(&p, &want, &arena, &e)))
			return;
		pfnset_reach(&p.set, 0);
		for (pfn_t pfn = 0; pfn < N_PFNS; pfn++) {
			n += pfnset_has(&p.set, pfn);
			wrong += pfnset_has(&p.set, pfn) != (pfn % N_CPUS < cases[i].n_cpus);
		}
		T_EQUAL(cases[i].row, cases[i].n_cpus * PER_CPU, n);
		T_EQUAL("a CPU's pages are all in the set or none", 0, wrong);
		T_EQUAL("the others are counted", N_PFNS - n, p.n_unproven);
		T_EQUAL("that is no contradiction", 0, p.n_doubted);
		T_EQUAL("it says so", cases[i].n_cpus < N_CPUS, p.over);
		T_CHECK("no page is looked at three times", n_picks <= 2 * N_PFNS);
		arena_deinit(&arena);
	}
}

static void test_bounds(void)
{
	static const struct { const char *row; double give_up, until; } cases[] = {
		{ "no deadline", 0, 1020 },
		{ "a deadline far away", 100000, 1020 },
		{ "ten minutes", 1600, 1020 },
		{ "two minutes", 1120, 1006 },
		{ "a deadline that has come", 1000, 1000 },
	};

	for (size_t i = 0; i < T_SIZE(cases); i++) {
		struct job job = { .give_up = cases[i].give_up };
		struct bounds b = inputs_bounds(&job, 100 << 20, 1000);

		T_EQUAL(cases[i].row, cases[i].until * 1000, b.until * 1000);
		T_EQUAL(cases[i].row, 25 << 20, b.mem_len);
	}
}

int main(void)
{
	test_over();
	test_bounds();
	return t_done();
}
