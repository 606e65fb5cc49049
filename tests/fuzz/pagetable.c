/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Page tables of both CPUs: the first bytes choose the machine, the rest are 64 KiB of memory,
 * which all table addresses lead into, so that tables are cyclic and share parts. Each walk
 * ends within its count; what the walk over all of a process says of a page, one for that
 * page's address says, too.
 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "input.h"
#include "vmcore/pagetable.h"
#include "vmcore/vmcoreinfo.h"

#define RAM_LEN 65536u
#define TABLES_MAX 300u
#define LEAVES_MAX 3000u
#define N_WALKS 8u
#define VOFFSET 0x7000000000000000LL

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct walk {
	struct physmem pm;	/* first, so that it is one */
	uint8_t ram[RAM_LEN];
	const struct arch *arch;
	struct paging paging;
	vaddr_t end;		/* of the leaf before */
	unsigned n;
};

/* All memory is these 64 KiB over and over. */
static bool read_ram(struct physmem *pm, paddr_t paddr, void *buf, size_t len, struct err *e)
{
	const struct walk *w = (const struct walk *)pm;

	for (size_t done = 0; done < len;) {
		size_t at = (paddr + done) % RAM_LEN, n = len - done;

		n = n < RAM_LEN - at ? n : RAM_LEN - at;
		memcpy((uint8_t *)buf + done, w->ram + at, n);
		done += n;
	}
	(void)e;
	return true;
}

static bool set_up(struct walk *w, struct kinfo *k, struct input *in)
{
	static const struct { const char *name; int kib, bits, t1sz, l5; } machines[] = {
		{ "x86_64", 4, 0, 0, 0 }, { "x86_64", 4, 0, 0, 1 }, { "aarch64", 4, 39, 25, 0 },
		{ "aarch64", 4, 48, 16, 0 }, { "aarch64", 4, 52, 12, 0 },
		{ "aarch64", 16, 47, 17, 0 }, { "aarch64", 16, 48, 16, 0 },
		{ "aarch64", 16, 52, 12, 0 }, { "aarch64", 64, 42, 22, 0 },
		{ "aarch64", 64, 48, 16, 0 }, { "aarch64", 64, 52, 12, 0 },
	};
	unsigned i = input_u8(in) % (sizeof(machines) / sizeof(machines[0]));
	uint8_t odd = input_u8(in);
	struct err e;

	*k = (struct kinfo){ .osrelease = "" };
	for (size_t at = offsetof(struct kinfo, crash_time); at < sizeof(*k); at += 8)
		*(int64_t *)((char *)k + at) = ABSENT;
	k->page_size = machines[i].kib << 10;
	k->phys_base = 0;
	k->init_top_pgt = (int64_t)0xffffffff80000000;
	k->l5_enabled = machines[i].l5;
	if (odd & 1)
		k->sme_mask = 1LL << 47;
	k->kimage_voffset = VOFFSET;
	k->swapper_pg_dir = VOFFSET;
	k->va_bits = odd & 2 ? odd >> 2 : machines[i].bits;
	k->tcr_t1sz = odd & 128 ? odd & 63 : machines[i].t1sz;
	w->arch = arch_named(machines[i].name);
	if (!w->arch->usable(k, &e))
		return false;
	w->arch->paging(k, &w->paging);
	return true;
}

static bool see_table(void *ctx, paddr_t table)
{
	struct walk *w = ctx;

	(void)table;
	return ++w->n < LEAVES_MAX;
}

static bool see_leaf(void *ctx, const struct leaf *leaf)
{
	struct walk *w = ctx;
	const struct page_tables tables = { &w->pm, w->arch, &w->paging };
	struct leaf one;
	struct err e;

	if (!leaf->len || leaf->vaddr % leaf->len || leaf->vaddr < w->end)
		abort();
	w->end = leaf->vaddr + leaf->len;
	w->paging.user = true;
	if (!pagetable_walk(&tables, leaf->vaddr + leaf->len / 2, &one, &e) ||
	    one.vaddr != leaf->vaddr || one.paddr != leaf->paddr || one.len != leaf->len)
		abort();
	return ++w->n < LEAVES_MAX;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct walk w;
	struct input in = { data, size };
	uint64_t left = TABLES_MAX;
	vaddr_t vaddrs[N_WALKS];
	struct page_tables walked, all;
	struct paging kernel;
	struct leaf leaf;
	struct kinfo k;
	struct err e;

	w = (struct walk){ .pm.read = read_ram };
	if (!set_up(&w, &k, &in))
		return 0;
	for (unsigned i = 0; i < N_WALKS; i++)
		vaddrs[i] = input_u64(&in);
	input_bytes(&in, w.ram, RAM_LEN);
	walked = (struct page_tables){ &w.pm, w.arch, &w.paging };
	kernel = w.paging;
	all = (struct page_tables){ &w.pm, w.arch, &kernel };
	for (unsigned i = 0; i < N_WALKS; i++) {
		w.paging.user = i & 1;
		w.paging.root = 0;
		if (pagetable_walk(&walked, vaddrs[i], &leaf, &e) &&
		    vaddrs[i] - leaf.vaddr >= leaf.len)
			abort();
	}
	pagetable_each_table(&all, see_table, &w);
	w.n = 0;
	w.paging.root = 0;
	pagetable_each_leaf(&all, 0, &left, see_leaf, &w);
	if (left > TABLES_MAX || w.n > LEAVES_MAX)
		abort();
	return 0;
}
