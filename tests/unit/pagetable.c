/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vmcore/pagetable with the entries of x86-64 and arm64, on a few words of memory: which
 * page an address is in for each shape of table, what of a process counts as mapped, and
 * that tables which are cyclic or not there end the walk. Entries are written as the
 * architectures' manuals have them, not by what the code under test thinks.
 */
#include <errno.h>

#include "base/err.h"
#include "t.h"
#include "vmcore/pagetable.h"
#include "vmcore/vmcoreinfo.h"

#define MAX_WORDS 16
#define ROOT 0x100000ULL	/* each table below is a MiB further */
#define T2 0x200000ULL
#define T3 0x300000ULL
#define T4 0x400000ULL
#define T5 0x500000ULL
#define VOFFSET 0x7000000000000000LL	/* so that swapper_pg_dir lies at ROOT */
#define NOWHERE UINT64_MAX

/* Words that are not zero; all else below 8 MiB reads as zero. */
struct memory {
	struct physmem pm;
	struct word {
		paddr_t at;
		uint64_t value;
	} words[MAX_WORDS];
	bool same_everywhere;	/* words[0] wherever one looks */
};

static bool read_memory(struct physmem *pm, paddr_t paddr, void *buf, size_t len,
			struct err *e)
{
	const struct memory *m = (const struct memory *)pm;

	if (paddr >= 8 << 20 || len > (8 << 20) - paddr)
		return fail(e, EFAULT, "not there");
	memset(buf, 0, len);
	for (size_t i = 0; m->same_everywhere && i < len; i += 8)
		memcpy((uint8_t *)buf + i, &m->words[0].value, 8);
	for (int i = 0; i < MAX_WORDS && !m->same_everywhere; i++)
		if (m->words[i].value && m->words[i].at >= paddr &&
		    m->words[i].at - paddr < len)
			memcpy((uint8_t *)buf + (m->words[i].at - paddr),
			       &m->words[i].value, 8);
	return true;
}

/* What the kernel says of itself. */
struct shape {
	const char *machine;
	int page_kib, va_bits, t1sz;	/* arm64; t1sz 0: no such key */
	int l5;				/* x86 */
	int64_t sme_mask;
	bool user;		/* the table is a process's */
};

static const struct arch *set_up(const struct shape *s, struct kinfo *k)
{
	for (size_t at = offsetof(struct kinfo, crash_time); at < sizeof(*k); at += 8)
		*(int64_t *)((char *)k + at) = ABSENT;
	k->page_size = s->page_kib ? s->page_kib << 10 : 4096;
	if (!strcmp(s->machine, "x86_64")) {
		k->phys_base = 0;
		k->init_top_pgt = (int64_t)(0xffffffff80000000ULL + ROOT);
		k->l5_enabled = s->l5;
		if (s->sme_mask)
			k->sme_mask = s->sme_mask;
	} else {
		k->kimage_voffset = VOFFSET;
		k->swapper_pg_dir = VOFFSET + (int64_t)ROOT;
		k->va_bits = s->va_bits;
		if (s->t1sz)
			k->tcr_t1sz = s->t1sz;
	}
	return arch_named(s->machine);
}

#define X86_4 { .machine = "x86_64" }
#define X86_5 { .machine = "x86_64", .l5 = 1 }
#define X86_SME { .machine = "x86_64", .sme_mask = 1LL << 47 }
#define X86_4_USER { .machine = "x86_64", .user = true }
#define X86_5_USER { .machine = "x86_64", .l5 = 1, .user = true }
#define ARM(kib, bits, sz) { .machine = "aarch64", .page_kib = kib, .va_bits = bits, \
			     .t1sz = sz }
#define ARM_USER(kib, bits, sz) { .machine = "aarch64", .page_kib = kib, \
				  .va_bits = bits, .t1sz = sz, .user = true }

/* ---- one address -------------------------------------------------------------- */

static const struct {
	const char *row;
	struct shape shape;
	struct word words[5];
	vaddr_t vaddr;
	struct leaf leaf;	/* paddr NOWHERE: EFAULT is right */
} walks[] = {
	{ "x86, four levels", X86_4,
	  { { ROOT + 0x888, T2 | 3 }, { T2, T3 | 3 }, { T3 + 8, T4 | 3 },
	    { T4 + 16, 0x8000000012345163 } },
	  0xffff888000202abc, { 0xffff888000202000, 0x12345000, 4096 } },
	{ "x86, five levels", X86_5,
	  { { ROOT + 0x888, T5 | 3 }, { T5 + 0x8, T2 | 3 }, { T2, T3 | 3 },
	    { T3 + 8, T4 | 3 }, { T4 + 16, 0x12345163 } },
	  0xff11008000202abc, { 0xff11008000202000, 0x12345000, 4096 } },
	{ "x86, a page of 2 MiB with PAT", X86_4,
	  { { ROOT + 0x888, T2 | 3 }, { T2, T3 | 3 }, { T3 + 8, 0x122010e3 } },
	  0xffff888000202abc, { 0xffff888000200000, 0x12200000, 2 << 20 } },
	{ "x86, a page of 1 GiB", X86_4,
	  { { ROOT + 0x888, T2 | 3 }, { T2 + 8, 0x400000e3 } },
	  0xffff888040202abc, { 0xffff888040000000, 0x40000000, 1 << 30 } },
	{ "x86, the encryption bit", X86_SME,
	  { { ROOT + 0x888, T2 | 3 | 1ULL << 47 }, { T2, T3 | 3 | 1ULL << 47 },
	    { T3 + 8, 0x122000e3 | 1ULL << 47 } },
	  0xffff888000202abc, { 0xffff888000200000, 0x12200000, 2 << 20 } },
	{ "x86, nothing mapped", X86_4, { { ROOT + 0x888, T2 | 3 } }, 0xffff888000202abc,
	  { 0, NOWHERE, 0 } },
	{ "x86, a page that must fault", X86_4,
	  { { ROOT + 0x888, T2 | 3 }, { T2, T3 | 3 }, { T3 + 8, T4 | 3 },
	    { T4 + 16, 0xffffffedcb162 } }, 0xffff888000202abc, { 0, NOWHERE, 0 } },
	{ "x86, a table that is not there", X86_4, { { ROOT + 0x888, 1 << 30 | 3 } },
	  0xffff888000202abc, { 0, NOWHERE, 0 } },
	{ "x86, a user's address", X86_4,
	  { { ROOT, T2 | 3 }, { T2, 0xe3 } }, 0x1000, { 0, NOWHERE, 0 } },
	{ "x86, no canonical address", X86_4,
	  { { ROOT + 0x888, T2 | 3 }, { T2, 0xe3 } }, 0x00ff888000202abc,
	  { 0, NOWHERE, 0 } },

	{ "arm64, 4 KiB, 39 bits", ARM(4, 39, 25),
	  { { ROOT, T2 | 3 }, { T2 + 8, T3 | 3 }, { T3 + 16, 0x0068000012345713 } },
	  0xffffff8000202abc, { 0xffffff8000202000, 0x12345000, 4096 } },
	{ "arm64, 4 KiB, 48 bits", ARM(4, 48, 16),
	  { { ROOT, T2 | 3 }, { T2, T3 | 3 }, { T3 + 8, T4 | 3 },
	    { T4 + 16, 0x0068000012345713 } },
	  0xffff000000202abc, { 0xffff000000202000, 0x12345000, 4096 } },
	{ "arm64, a block of 2 MiB", ARM(4, 48, 16),
	  { { ROOT, T2 | 3 }, { T2, T3 | 3 }, { T3 + 8, 0x0068000012200711 } },
	  0xffff000000202abc, { 0xffff000000200000, 0x12200000, 2 << 20 } },
	{ "arm64, a block of 1 GiB", ARM(4, 48, 16),
	  { { ROOT, T2 | 3 }, { T2 + 8, 0x0068000040000711 } },
	  0xffff000040202abc, { 0xffff000040000000, 0x40000000, 1 << 30 } },
	{ "arm64, made for 52 bits, on a CPU of 48", ARM(4, 52, 16),
	  { { ROOT, T2 | 3 }, { T2, T3 | 3 }, { T3 + 8, 0x0068000012200711 } },
	  0xffff000000202abc, { 0xffff000000200000, 0x12200000, 2 << 20 } },
	{ "arm64, 4 KiB, LPA2: five levels, address bits 51:50 in 9:8", ARM(4, 52, 12),
	  { { ROOT, T5 | 3 }, { T5, T2 | 3 }, { T2, T3 | 3 }, { T3 + 8, T4 | 3 },
	    { T4 + 16, 0x0069000012345613 } },
	  0xfff0000000202abc, { 0xfff0000000202000, 0x9000012345000, 4096 } },
	{ "arm64, 16 KiB, 47 bits", ARM(16, 47, 17),
	  { { ROOT, T2 | 3 }, { T2 + 8, T3 | 3 }, { T3 + 16, 0x0068000012344713 } },
	  0xffff80000200babc, { 0xffff800002008000, 0x12344000, 16384 } },
	{ "arm64, 16 KiB, 48 bits: a root of two entries", ARM(16, 48, 16),
	  { { ROOT + 8, T2 | 3 }, { T2, T3 | 3 }, { T3 + 8, 0x0068000012000711 } },
	  0xffff80000200babc, { 0xffff800002000000, 0x12000000, 32 << 20 } },
	{ "arm64, 16 KiB, LPA2", ARM(16, 52, 12),
	  { { ROOT + 31 * 8, T2 | 3 }, { T2, T3 | 3 }, { T3 + 8, 0x0068000012000511 } },
	  0xffff800002008abc, { 0xffff800002000000, 0x4000012000000, 32 << 20 } },
	{ "arm64, 64 KiB, 42 bits", ARM(64, 42, 22),
	  { { ROOT + 8, T2 | 3 }, { T2 + 16, 0x0068000012340713 } },
	  0xfffffc002002babc, { 0xfffffc0020020000, 0x12340000, 65536 } },
	{ "arm64, 64 KiB, 48 bits: address bits 51:48 in 15:12", ARM(64, 48, 16),
	  { { ROOT, T2 | 3 }, { T2 + 8, T3 | 3 }, { T3 + 16, 0x006800001234a713 } },
	  0xffff00002002babc, { 0xffff000020020000, 0xa000012340000, 65536 } },
	{ "arm64, 64 KiB, made for 52 bits, on a CPU of 48", ARM(64, 52, 16),
	  { { ROOT + 0x3c0 * 8, T2 | 3 }, { T2 + 8, 0x0068000020000711 } },
	  0xffff00002002babc, { 0xffff000020000000, 0x20000000, 512 << 20 } },
	{ "arm64, an invalid entry", ARM(4, 39, 25),
	  { { ROOT, T2 | 3 }, { T2 + 8, T3 | 3 }, { T3 + 16, 0x0068000012345712 } },
	  0xffffff8000202abc, { 0, NOWHERE, 0 } },
	{ "arm64, a block where a page has to be", ARM(4, 39, 25),
	  { { ROOT, T2 | 3 }, { T2 + 8, T3 | 3 }, { T3 + 16, 0x0068000012345711 } },
	  0xffffff8000202abc, { 0, NOWHERE, 0 } },
	{ "arm64, a block larger than there are", ARM(16, 48, 16),
	  { { ROOT + 8, 0x0068000000000711 } }, 0xffff80000200babc, { 0, NOWHERE, 0 } },
	{ "arm64, an address of the other table", ARM(4, 48, 16),
	  { { ROOT, 0x0068000000000711 } }, 0x0000000000202abc, { 0, NOWHERE, 0 } },

	{ "x86, a process", X86_4_USER,
	  { { ROOT + 0x7f8, T2 | 0x67 }, { T2, T3 | 0x67 }, { T3 + 8, T4 | 0x67 },
	    { T4 + 16, 0x8000000012345067 } },
	  0x7f8000202abc, { 0x7f8000202000, 0x12345000, 4096 } },
	{ "x86, a page of a process that must fault", X86_4_USER,
	  { { ROOT, T2 | 0x67 }, { T2, T3 | 0x67 }, { T3, T4 | 0x67 },
	    { T4 + 8, 0x800fffffedcba120 } },
	  0x1abc, { 0x1000, 0x12345000, 4096 } },
	{ "x86, a page of a process in swap", X86_4_USER,
	  { { ROOT, T2 | 0x67 }, { T2, T3 | 0x67 }, { T3, T4 | 0x67 },
	    { T4 + 8, 0x00fffffffffffe02 } }, 0x1abc, { 0, NOWHERE, 0 } },
	{ "x86, the kernel's half of a process's table", X86_4_USER,
	  { { ROOT + 0x888, T2 | 3 }, { T2 + 8, 0x400000e3 } },
	  0xffff888040202abc, { 0, NOWHERE, 0 } },
	{ "x86, five levels, an address of a process above 47 bits", X86_5_USER,
	  { { ROOT + 0x7f8, T5 | 0x67 }, { T5, T2 | 0x67 }, { T2, T3 | 0x67 },
	    { T3 + 8, 0x80000000126000e7 } },
	  0xff000000202abc, { 0xff000000200000, 0x12600000, 2 << 20 } },
	{ "x86, no canonical address of a process", X86_4_USER,
	  { { ROOT, T2 | 0x67 }, { T2, 0xe7 } }, 0x800000000000, { 0, NOWHERE, 0 } },
	{ "arm64, a process", ARM_USER(4, 48, 16),
	  { { ROOT + 0xff8, T2 | 3 }, { T2, T3 | 3 }, { T3 + 8, T4 | 3 },
	    { T4 + 16, 0x00e8000012345f53 } },
	  0xff8000202abc, { 0xff8000202000, 0x12345000, 4096 } },
	{ "arm64, a page of a process that must fault", ARM_USER(4, 48, 16),
	  { { ROOT, T2 | 3 }, { T2, T3 | 3 }, { T3, T4 | 3 },
	    { T4 + 8, 0x0060000012345f92 } },
	  0x1abc, { 0x1000, 0x12345000, 4096 } },
	{ "arm64, the kernel's address in a process's table", ARM_USER(4, 48, 16),
	  { { ROOT, 0x0068000000000711 } }, 0xffff000000202abc, { 0, NOWHERE, 0 } },
};

static void test_walks(void)
{
	for (size_t i = 0; i < T_SIZE(walks); i++) {
		struct memory m = { .pm.read = read_memory };
		struct leaf leaf = { 0, 0, 0 };
		struct kinfo k = { .osrelease = "" };
		struct err e = { .code = 0 };
		const struct arch *arch = set_up(&walks[i].shape, &k);
		struct paging paging;
		const struct page_tables tables = { &m.pm, arch, &paging };
		bool ok;

		memcpy(m.words, walks[i].words, sizeof(walks[i].words));
		T_CHECK(walks[i].row, arch->usable(&k, &e));
		arch->paging(&k, &paging);
		paging.user = walks[i].shape.user;
		ok = pagetable_walk(&tables, walks[i].vaddr, &leaf, &e);
		T_EQUAL(walks[i].row, walks[i].leaf.paddr != NOWHERE, ok);
		if (!ok) {
			T_EQUAL(walks[i].row, EFAULT, e.code);
			continue;
		}
		T_EQUAL(walks[i].row, walks[i].leaf.vaddr, leaf.vaddr);
		T_EQUAL(walks[i].row, walks[i].leaf.paddr, leaf.paddr);
		T_EQUAL(walks[i].row, walks[i].leaf.len, leaf.len);
	}
}

/* ---- all of a process -------------------------------------------------------- */

#define MAX_LEAVES 4

static const struct {
	const char *row;
	struct shape shape;
	struct word words[8];
	struct leaf leaves[MAX_LEAVES];	/* in this order; len 0: no more */
} processes[] = {
	{ "x86: pages of all sizes, not the kernel's half", X86_4,
	  { { ROOT, T2 | 0x67 }, { ROOT + 0x7f8, T2 | 0x67 }, { ROOT + 0x800, T2 | 0x67 },
	    { T2, T3 | 0x67 }, { T3 + 8, T4 | 0x67 }, { T3 + 16, 0x80000000126000e7 },
	    { T4 + 8, 0x8000000012345067 } },
	  { { 0x201000, 0x12345000, 4096 }, { 0x400000, 0x12600000, 2 << 20 },
	    { 0x7f8000201000, 0x12345000, 4096 },
	    { 0x7f8000400000, 0x12600000, 2 << 20 } } },
	{ "x86: PROT_NONE has the frame inverted", X86_4,
	  { { ROOT, T2 | 0x67 }, { T2, T3 | 0x67 }, { T3, T4 | 0x67 },
	    { T4 + 8, 0x800fffffedcba120 }, { T3 + 8, 0x800fffffed9ff1a0 } },
	  { { 0x1000, 0x12345000, 4096 }, { 0x200000, 0x12600000, 2 << 20 } } },
	{ "x86: a huge page that is being split", X86_4,
	  { { ROOT, T2 | 0x67 }, { T2, T3 | 0x67 }, { T3 + 8, 0x800fffffed9ff0e6 } },
	  { { 0x200000, 0x12600000, 2 << 20 } } },
	{ "x86: PROT_NONE with the encryption bit", X86_SME,
	  { { ROOT, T2 | 0x67 | 1ULL << 47 }, { T2, T3 | 0x67 }, { T3, T4 | 0x67 },
	    { T4 + 8, (0x800fffffedcba120 | 1ULL << 47) } },
	  { { 0x1000, 0x12345000, 4096 } } },
	{ "x86: swap, migration, 0 and a poisoned page are none", X86_4,
	  { { ROOT, T2 | 0x67 }, { T2, T3 | 0x67 }, { T3, T4 | 0x67 },
	    { T4 + 8, 0x00fffffffffffe02 }, { T4 + 16, 0xf7fffffffdb97602 },
	    { T4 + 24, 0xfbfffffffdb97600 }, { T3 + 8, 0xf7fffffffdb97602 } },
	  { { 0, 0, 0 } } },
	{ "x86: an upper entry that says none and is not huge", X86_4,
	  { { ROOT, T2 | 0x67 }, { T2, 0x800fffffedcba120 } }, { { 0, 0, 0 } } },
	{ "arm64: a page and a block", ARM(4, 48, 16),
	  { { ROOT + 0xff8, T2 | 3 }, { T2, T3 | 3 }, { T3 + 8, T4 | 3 },
	    { T3 + 16, 0x00e8000012600f51 }, { T4 + 8, 0x00e8000012345f53 } },
	  { { 0xff8000201000, 0x12345000, 4096 },
	    { 0xff8000400000, 0x12600000, 2 << 20 } } },
	{ "arm64 up to 6.9: PROT_NONE is bit 58, a huge page being split bit 59",
	  ARM(4, 48, 16),
	  { { ROOT, T2 | 3 }, { T2, T3 | 3 }, { T3, T4 | 3 },
	    { T4 + 8, 0x0460000012345fd2 }, { T3 + 8, 0x0460000012600fd0 },
	    { T3 + 16, 0x08e8000012800f50 } },
	  { { 0x1000, 0x12345000, 4096 }, { 0x200000, 0x12600000, 2 << 20 },
	    { 0x400000, 0x12800000, 2 << 20 } } },
	{ "arm64 since 6.10: it is bit 11", ARM(4, 48, 16),
	  { { ROOT, T2 | 3 }, { T2, T3 | 3 }, { T3, T4 | 3 },
	    { T4 + 8, 0x0060000012345f92 }, { T3 + 8, 0x0060000012600f90 } },
	  { { 0x1000, 0x12345000, 4096 }, { 0x200000, 0x12600000, 2 << 20 } } },
	{ "arm64: swap of either layout is none", ARM(4, 48, 16),
	  { { ROOT, T2 | 3 }, { T2, T3 | 3 }, { T3, T4 | 3 },
	    { T4 + 8, 0x00000000ffffff08 },	/* old: type 1, all low offset bits */
	    { T4 + 16, 0x00000012345678f0 },	/* old: migration */
	    { T4 + 24, 0x3ffffffffffff044 },	/* new: the largest offset */
	    { T3 + 8, 0x0031000012600780 } },	/* new: migration, young and dirty */
	  { { 0, 0, 0 } } },
	{ "arm64, 64 KiB, made for 52 bits", ARM(64, 52, 16),
	  { { ROOT, T2 | 3 }, { ROOT + 0x3f * 8, T2 | 3 }, { T2 + 8, T3 | 3 },
	    { T3 + 16, 0x00e800001234cf53 } },
	  { { 0x20020000, 0xc000012340000, 65536 },
	    { 0xfc0020020000, 0xc000012340000, 65536 } } },
	{ "tables that are not there cost only themselves", X86_4,
	  { { ROOT, 0x40000067 }, { ROOT + 8, T2 | 0x67 }, { T2, 0x40000067 },
	    { T2 + 8, 0x400000e7 } },
	  { { 0x8040000000, 0x40000000, 1 << 30 } } },
};

struct seen {
	struct leaf leaves[MAX_LEAVES + 1];
	unsigned long n, stop_at;
};

static bool see(void *ctx, const struct leaf *leaf)
{
	struct seen *s = ctx;

	if (s->n <= MAX_LEAVES)
		s->leaves[s->n] = *leaf;
	return ++s->n != s->stop_at;
}

static void test_processes(void)
{
	for (size_t i = 0; i < T_SIZE(processes); i++) {
		struct memory m = { .pm.read = read_memory };
		struct seen seen = { .n = 0 };
		uint64_t left = 100;
		struct kinfo k = { .osrelease = "" };
		const struct arch *arch = set_up(&processes[i].shape, &k);
		struct paging paging;
		const struct page_tables tables = { &m.pm, arch, &paging };
		const struct leaf *wanted = processes[i].leaves;
		unsigned n = 0;

		memcpy(m.words, processes[i].words, sizeof(processes[i].words));
		arch->paging(&k, &paging);
		pagetable_each_leaf(&tables, ROOT, &left, see, &seen);
		for (; n < MAX_LEAVES && wanted[n].len; n++) {
			T_EQUAL(processes[i].row, wanted[n].vaddr, seen.leaves[n].vaddr);
			T_EQUAL(processes[i].row, wanted[n].paddr, seen.leaves[n].paddr);
			T_EQUAL(processes[i].row, wanted[n].len, seen.leaves[n].len);
		}
		T_EQUAL(processes[i].row, n, seen.n);
	}
}

/* ---- bounds ------------------------------------------------------------------ */

static bool count_table(void *ctx, paddr_t table)
{
	(void)table;
	return ++*(unsigned long *)ctx != 3;
}

static bool count_all_tables(void *ctx, paddr_t table)
{
	(void)table;
	++*(unsigned long *)ctx;
	return true;
}

static void test_bounds(void)
{
	/* Every entry leads to a table in which every entry leads to it. */
	struct memory m = { .pm.read = read_memory, .same_everywhere = true,
			    .words = { { 0, ROOT | 0x67 } } };
	static const struct shape x86 = X86_5, arm = ARM(64, 52, 12);
	struct seen seen = { .stop_at = 1000 };
	struct kinfo k = { .osrelease = "" };
	struct paging paging;
	struct page_tables tables = { &m.pm, set_up(&x86, &k), &paging };
	uint64_t left = PAGETABLE_MAX_TABLES;
	unsigned long n_tables = 0;

	tables.arch->paging(&k, &paging);
	pagetable_each_leaf(&tables, ROOT, &left, see, &seen);
	T_EQUAL("the caller can end it", 1000, seen.n);
	/* Root, and each last table after the two that lead to it, 512 leaves apart. */
	T_EQUAL("what it took", 4 + 2, PAGETABLE_MAX_TABLES - left);
	left = 3000;
	seen = (struct seen){ .stop_at = 0 };
	T_CHECK("too many tables",
		!pagetable_each_leaf(&tables, ROOT, &left, see, &seen));
	T_EQUAL("too many tables", 0, left);
	T_CHECK("nothing is left for another", !pagetable_each_leaf(&tables, ROOT,
								    &left, see, &seen));
	left = PAGETABLE_MAX_TABLES;
	pagetable_each_table(&tables, count_table, &n_tables);
	T_EQUAL("tables: the caller can end it", 3, n_tables);

	n_tables = 0;
	pagetable_each_table(&tables, count_all_tables, &n_tables);
	T_EQUAL("a cycle ends", PAGETABLE_MAX_TABLES, n_tables);

	/* Tables that are all out of reach are counted too. */
	m.words[0].value = 1ULL << 40 | 3;
	tables.arch = set_up(&arm, &k);
	tables.arch->paging(&k, &paging);
	seen = (struct seen){ .stop_at = 0 };
	pagetable_each_leaf(&tables, ROOT, &left, see, &seen);
	T_EQUAL("no table is there", 0, seen.n);
}

static void test_usable(void)
{
	static const struct {
		const char *row;
		struct shape shape;
		bool usable;
	} rows[] = {
		{ "35 bits", ARM(4, 35, 0), false },
		{ "53 bits", ARM(64, 53, 0), false },
		{ "a T1SZ of all", ARM(4, 48, 64), false },
		{ "a negative T1SZ", ARM(4, 48, -1), false },
		{ "pages of 8 KiB", ARM(8, 48, 16), false },
		{ "no T1SZ", ARM(4, 48, 0), true },
	};
	struct kinfo k = { .osrelease = "" };
	struct err e;

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		const struct arch *arch = set_up(&rows[i].shape, &k);

		T_EQUAL(rows[i].row, rows[i].usable, arch->usable(&k, &e));
	}
}

int main(void)
{
	test_walks();
	test_processes();
	test_bounds();
	test_usable();
	return t_done();
}
