/* SPDX-License-Identifier: GPL-2.0-or-later */
/* triage/memuse: which name has most of memory, and what of it nobody counts. */
#include "triage/memuse.h"

#include "flat.h"
#include "t.h"

enum { MIB = 1 << 20, PAGE_SHIFT = 12, PAGES_OF_MIB = MIB >> PAGE_SHIFT };

/* ---- names ------------------------------------------------------------------------- */

#define N_PROCS 3000u

static uint64_t counts[3 * N_PROCS][4];		/* of each mm: file, anonymous, swap, shared */
static struct proc list[N_PROCS];

static void add(struct procs *p, const char *name, unsigned pages)
{
	struct proc *proc = &p->list[p->n];

	counts[p->n][1] = pages;
	*proc = (struct proc){ .pid = 10 + p->n, .tgid = 10 + p->n,
			       .mm = FLAT_BASE + p->n * sizeof(counts[0]) };
	snprintf(proc->comm, sizeof(proc->comm), "%s", name);
	p->n++;
}

/* `before` names of a page each, then 100 of one name among as many others; "big" is last. */
static void names_of(unsigned before, struct memuse *m)
{
	static struct proc_facts proc_facts;
	static struct memuse_facts facts;
	static struct flat flat;
	struct procs procs = { .space = &flat.space, .facts = &proc_facts, .list = list };
	char name[PROC_COMM];

	memset(counts, 0, sizeof(counts));
	flat_absent(&proc_facts, sizeof(proc_facts));
	flat_absent(&facts, sizeof(facts));
	proc_facts.rss_stat.off = proc_facts.rss_count.off = 0;
	flat_open(&flat, counts, sizeof(counts));
	for (unsigned i = 0; i < before; i++) {
		snprintf(name, sizeof(name), "little%u", i);
		add(&procs, name, 1);
	}
	for (unsigned i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "other%u", i);
		add(&procs, name, 2);
		add(&procs, "worker", 20);
	}
	add(&procs, "big", 500);
	*m = (struct memuse){ .space = &flat.space, .facts = &facts, .page_shift = PAGE_SHIFT };
	memuse_read_procs(m, &procs);
}

static void names(void)
{
	static const struct {
		const char *row;
		unsigned before;
	} rows[] = {
		{ "few names in front of it", 5 },
		{ "as many as are told apart", MEMUSE_NAMES },
		{ "very many", 2000 },
	};
	static struct memuse m;

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		const struct name_use *top;

		names_of(rows[i].before, &m);
		top = memuse_top_name(&m);
		T_TEXT(rows[i].row, "worker", top ? top->comm : "none");
		T_EQUAL(rows[i].row, 100, top ? top->n : 0);
		T_EQUAL(rows[i].row, 2000 << PAGE_SHIFT, top ? top->bytes : 0);
		T_EQUAL(rows[i].row, 20 << PAGE_SHIFT, top ? top->largest : 0);
		T_TEXT(rows[i].row, "big", m.procs[0].comm);
		T_EQUAL(rows[i].row, 500 << PAGE_SHIFT, list[rows[i].before + 200].rss);
	}
}

/* ---- pages that nobody counts ------------------------------------------------------- */

enum { FREE = 0, ANON = 0, TOTAL = 64, NODE = 128 };

static const struct {
	const char *row;
	bool has_zsmalloc, is_node;
	uint64_t zsmalloc, not_counted;		/* MiB */
} pages[] = {
	{ "what zram keeps", true, false, 30, 50 },
	{ "of nodes", true, true, 30, 50 },
	{ "a kernel without it", false, false, 0, 80 },
};

static void not_counted(void)
{
	static struct memuse_facts facts;
	static struct flat flat;
	static uint8_t memory[256];

	for (size_t i = 0; i < T_SIZE(pages); i++) {
		static struct memuse m;
		unsigned at = pages[i].is_node ? NODE : 0;

		memset(memory, 0, sizeof(memory));
		flat_absent(&facts, sizeof(facts));
		flat_put(memory, TOTAL, 100 * PAGES_OF_MIB);
		flat_put(memory, 8 * FREE, 10 * PAGES_OF_MIB);
		flat_put(memory, NODE + 8 * ANON, 10 * PAGES_OF_MIB);
		flat_put(memory, at + 8 * 4, 30 * PAGES_OF_MIB);
		facts.totalram_pages = FLAT_BASE + TOTAL;
		facts.vmalloc_pages = facts.n_hstates = facts.hstates = FLAT_BASE + 248;
		facts.hstate_len = facts.hstate_n.off = facts.hstate_order.off = 0;
		facts.vm_zone_stat = FLAT_BASE;
		facts.vm_node_stat = FLAT_BASE + NODE;
		facts.nr_free = FREE;
		facts.nr_anon = ANON;
		facts.nr_file = facts.nr_slab_r = facts.nr_slab_u = facts.nr_pagetable = 3;
		if (pages[i].has_zsmalloc)
			*(pages[i].is_node ? &facts.nr_zspages : &facts.zone_zspages) = 4;
		flat_open(&flat, memory, sizeof(memory));
		m = (struct memuse){ .space = &flat.space, .facts = &facts,
				     .page_shift = PAGE_SHIFT };
		memuse_read(&m);
		T_EQUAL(pages[i].row, pages[i].zsmalloc * MIB, m.counters[MEM_ZSMALLOC]);
		T_EQUAL(pages[i].row, pages[i].not_counted * MIB, m.counters[MEM_NOT_COUNTED]);
	}
}

#define SHAPE(order, n) ((order) << 16 | (n))

static void slab_pages(void)
{
	static const struct {
		const char *row;
		uint64_t slabs, objects, usual, least, pages;
	} rows[] = {
		{ "all as usual", 10, 160, SHAPE(3, 16), SHAPE(0, 2), 80 },
		/* Of kmalloc-2k in a real 6.12: by its usual shape more than all slabs had. */
		{ "made while memory was short", 6173, 57956, SHAPE(3, 16), SHAPE(0, 2),
		  28979 },
		{ "all of them small", 5, 10, SHAPE(3, 16), SHAPE(0, 2), 5 },
		{ "objects are not counted", 10, 0, SHAPE(3, 16), SHAPE(0, 2), 80 },
		{ "fewer objects than there can be", 10, 1, SHAPE(3, 16), SHAPE(0, 2), 10 },
		{ "more objects than there can be", 10, 999, SHAPE(3, 16), SHAPE(0, 2), 80 },
		{ "one shape", 10, 150, SHAPE(3, 16), SHAPE(3, 16), 80 },
		{ "no objects in a slab", 10, 5, SHAPE(3, 0), SHAPE(0, 0), 80 },
		{ "nothing", 0, 0, 0, 0, 0 },
	};

	for (size_t i = 0; i < T_SIZE(rows); i++)
		T_EQUAL(rows[i].row, rows[i].pages,
			memuse_slab_pages(rows[i].slabs, rows[i].objects, rows[i].usual,
					  rows[i].least));
}

int main(void)
{
	names();
	slab_pages();
	not_counted();
	return t_done();
}
