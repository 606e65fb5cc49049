/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the crashed machine's memory was: totals, the largest caches and processes. */
#ifndef TRIAGE_MEMUSE_H
#define TRIAGE_MEMUSE_H

#include "procs.h"
#include "symbols.h"

#define MEMUSE_TOP 10
#define CACHE_NAME 48
#define MEMUSE_NAMES 64u	/* that are told apart: those that have most */

/* In bytes; MEM_UNKNOWN where this kernel does not tell. */
enum mem_counter { MEM_TOTAL, MEM_FREE, MEM_ANON, MEM_FILE, MEM_SHMEM, MEM_SLAB_RECLAIMABLE,
		   MEM_SLAB_UNRECLAIMABLE, MEM_PAGE_TABLES, MEM_KERNEL_STACKS,
		   MEM_HUGETLB, MEM_VMALLOC, MEM_ZSMALLOC, MEM_NOT_COUNTED,
		   N_MEM_COUNTERS };

#define MEM_UNKNOWN UINT64_MAX

struct cache_use {
	char name[CACHE_NAME];
	uint64_t bytes, objects;
	uint32_t size;		/* of an object */
	vaddr_t ctor;		/* its constructor, 0 none */
	bool is_merged;		/* several caches under one name */
};

struct proc_use {
	uint32_t pid;
	char comm[PROC_COMM];
	uint64_t bytes;
};

/* All processes of one name. */
struct name_use {
	char comm[PROC_COMM];
	unsigned n;
	uint64_t bytes, largest;	/* in all, of one: what they share counts for each */
};

struct memuse_facts {
	int64_t totalram_pages, vm_zone_stat, vm_node_stat;	/* variables */
	int64_t nr_free, nr_anon, nr_file, nr_shmem, nr_slab_r, nr_slab_u, nr_pagetable,
		nr_stack_kb;				/* enumerators; node's but the first */
	int64_t nr_vmalloc, vmalloc_pages;	/* an enumerator of late; a variable */
	int64_t zone_pagetable, zone_stack_kb;	/* the last two were zone's until 5.11 */
	int64_t zone_zspages, nr_zspages;	/* what zram and zswap pack things in */
	int64_t hstates, n_hstates, hstate_len;	/* pools of huge pages: the array, how many */
	struct field hstate_n, hstate_order;
	int64_t slab_caches, per_cpu_offset, nr_cpu_ids, nr_node_ids;
	struct field cache_list, cache_name, cache_size, cache_refcount, cache_ctor;
	struct field cache_oo, cache_min;	/* a slab's shape, and its smallest */
	struct field cache_node;		/* node[] */
	struct field cache_per_node, per_node_node;	/* per_node[].node, since 7.x */
	struct field node_slabs, node_objects;
};

extern const struct wish_set memuse_wishes;

struct memuse {
	struct space *space;
	const struct memuse_facts *facts;
	struct symbols *symbols;
	unsigned page_shift, n_nodes;
	uint64_t counters[N_MEM_COUNTERS];
	struct cache_use caches[MEMUSE_TOP];
	unsigned n_caches, n_all_caches;
	struct cache_use left_behind;	/* the first whose constructor is no code any more */
	bool caches_cut;
	struct proc_use procs[MEMUSE_TOP];
	unsigned n_procs;
	struct name_use names[MEMUSE_NAMES];
	unsigned n_names;
	bool names_cut;			/* there were more, each of which has less */
};

/* The name whose processes have most; NULL: there are none. */
const struct name_use *memuse_top_name(const struct memuse *m);

/*
 * Pages of a cache's slabs, made in its usual shape or, when memory was short, in its smallest:
 * how many of each, their objects tell (0: not known). Shapes as the kernel has them: order,
 * and 16 bits of objects in a slab.
 */
uint64_t memuse_slab_pages(uint64_t slabs, uint64_t objects, uint64_t usual, uint64_t least);

/* Never fails: what is not told stays MEM_UNKNOWN, or out of the lists. */
void memuse_read(struct memuse *m);
/* Tells each process its rss, too. */
void memuse_read_procs(struct memuse *m, struct procs *procs);

const char *mem_counter_name(enum mem_counter c);

#endif
