/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vm_zone_stat and vm_node_stat by the names that BTF has for their places; slab caches by
 * the slabs that each node counts (CONFIG_SLUB_DEBUG); processes by their counters.
 */
#include "memuse.h"

#include <string.h>

#include "base/bytes.h"
#include "base/err.h"

#define CACHES_MAX 4096u
#define NODES_MAX 1024
#define CPUS_MAX 8192u
#define PAGES_MAX (1ULL << 52)
#define HSTATES_MAX 16u
#define ORDER_MAX 24u
#define SLAB_ORDER 16		/* bits of a slab's shape for its objects, below its order */
#define SLAB_OBJECTS 0xffffu

#define AT(member) offsetof(struct memuse_facts, member)

static const struct wish wishes[] = {
	{ WISH_SYMBOL, "nr_cpu_ids", AT(nr_cpu_ids) },
	{ WISH_SYMBOL, "__per_cpu_offset", AT(per_cpu_offset) },
	{ WISH_SYMBOL, "_totalram_pages", AT(totalram_pages) },
	{ WISH_SYMBOL, "vm_zone_stat", AT(vm_zone_stat) },
	{ WISH_SYMBOL, "vm_node_stat", AT(vm_node_stat) },
	{ WISH_SYMBOL, "hstates", AT(hstates) },
	{ WISH_SYMBOL, "hugetlb_max_hstate", AT(n_hstates) },
	{ WISH_SIZE, "hstate", AT(hstate_len) },
	WISH_FIELD("hstate.nr_huge_pages", AT(hstate_n)),
	WISH_FIELD("hstate.order", AT(hstate_order)),
	{ WISH_SYMBOL, "slab_caches", AT(slab_caches) },
	{ WISH_SYMBOL, "nr_node_ids", AT(nr_node_ids) },
	{ WISH_VALUE, "zone_stat_item.NR_FREE_PAGES", AT(nr_free) },
	{ WISH_VALUE, "node_stat_item.NR_ANON_MAPPED", AT(nr_anon) },
	{ WISH_VALUE, "node_stat_item.NR_FILE_PAGES", AT(nr_file) },
	{ WISH_VALUE, "node_stat_item.NR_SHMEM", AT(nr_shmem) },
	{ WISH_VALUE, "node_stat_item.NR_SLAB_RECLAIMABLE_B", AT(nr_slab_r) },
	{ WISH_VALUE, "node_stat_item.NR_SLAB_UNRECLAIMABLE_B", AT(nr_slab_u) },
	{ WISH_VALUE, "node_stat_item.NR_PAGETABLE", AT(nr_pagetable) },
	{ WISH_VALUE, "node_stat_item.NR_KERNEL_STACK_KB", AT(nr_stack_kb) },
	{ WISH_VALUE, "node_stat_item.NR_VMALLOC", AT(nr_vmalloc) },
	{ WISH_SYMBOL, "nr_vmalloc_pages", AT(vmalloc_pages) },
	{ WISH_VALUE, "zone_stat_item.NR_PAGETABLE", AT(zone_pagetable) },
	{ WISH_VALUE, "zone_stat_item.NR_KERNEL_STACK_KB", AT(zone_stack_kb) },
	{ WISH_VALUE, "zone_stat_item.NR_ZSPAGES", AT(zone_zspages) },
	{ WISH_VALUE, "node_stat_item.NR_ZSPAGES", AT(nr_zspages) },
	WISH_FIELD("kmem_cache.list", AT(cache_list)),
	WISH_FIELD("kmem_cache.name", AT(cache_name)),
	WISH_FIELD("kmem_cache.size", AT(cache_size)),
	WISH_FIELD("kmem_cache.refcount", AT(cache_refcount)),
	WISH_FIELD("kmem_cache.ctor", AT(cache_ctor)),
	WISH_FIELD("kmem_cache.oo", AT(cache_oo)),
	WISH_FIELD("kmem_cache.min", AT(cache_min)),
	WISH_FIELD("kmem_cache.node", AT(cache_node)),
	WISH_FIELD("kmem_cache.per_node", AT(cache_per_node)),
	WISH_FIELD("kmem_cache_per_node_ptrs.node", AT(per_node_node)),
	WISH_FIELD("kmem_cache_node.nr_slabs", AT(node_slabs)),
	WISH_FIELD("kmem_cache_node.total_objects", AT(node_objects)),
};

const struct wish_set memuse_wishes = WISH_SET(wishes, struct memuse_facts);

const char *mem_counter_name(enum mem_counter c)
{
	static const char *const names[N_MEM_COUNTERS] = {
		"total", "free", "anon", "file", "shmem", "slab_reclaimable",
		"slab_unreclaimable", "page_tables", "kernel_stacks", "hugetlb",
		"vmalloc", "zsmalloc", "not_counted",
	};

	return names[c];
}

/* ---- counters ------------------------------------------------------------------ */

/* Of an array of atomic_long; what CPUs have not handed in yet may make it negative. */
static uint64_t counted(struct memuse *m, int64_t array, int64_t item, unsigned shift)
{
	uint64_t n;
	struct err ignored;

	if (!has(array) || !has(item) || item < 0 || item > 1024 ||
	    !space_read_u64(m->space, array + 8 * item, &n, &ignored))
		return MEM_UNKNOWN;
	if ((int64_t)n < 0)
		return 0;
	return n < PAGES_MAX ? n << shift : MEM_UNKNOWN;
}

/* Linux mm/hugetlb.c: what a pool holds is nobody else's, in use or not. */
static uint64_t count_hugetlb(struct memuse *m)
{
	const struct memuse_facts *f = m->facts;
	uint64_t sum = 0;
	uint32_t n;
	struct err ignored;

	if (!has(f->hstates) || !has(f->n_hstates) || !has(f->hstate_len) ||
	    !has(f->hstate_n.off) || !has(f->hstate_order.off) ||
	    !space_read_u32(m->space, f->n_hstates, &n, &ignored) || n > HSTATES_MAX)
		return MEM_UNKNOWN;
	for (unsigned i = 0; i < n; i++) {
		vaddr_t at = (vaddr_t)f->hstates + i * (uint64_t)f->hstate_len;
		uint64_t pages = field_value(m->space, at, f->hstate_n);
		uint64_t order = field_value(m->space, at, f->hstate_order);

		if (order > ORDER_MAX || pages > PAGES_MAX >> (order + m->page_shift))
			return MEM_UNKNOWN;
		sum += pages << (order + m->page_shift);
	}
	return sum;
}

/*
 * What is left of all pages when those go that somebody counts. Shared memory is in the pages
 * of files, and stacks of tasks are mapped by vmalloc mostly: they count once.
 */
static uint64_t not_counted(const struct memuse *m)
{
	static const enum mem_counter parts[] = {
		MEM_FREE, MEM_ANON, MEM_FILE, MEM_SLAB_RECLAIMABLE, MEM_SLAB_UNRECLAIMABLE,
		MEM_PAGE_TABLES, MEM_HUGETLB, MEM_VMALLOC, MEM_ZSMALLOC,
	};
	uint64_t left = m->counters[MEM_TOTAL];

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		uint64_t part = m->counters[parts[i]];

		if (left == MEM_UNKNOWN || part == MEM_UNKNOWN)
			return MEM_UNKNOWN;
		left -= min_u64(part, left);
	}
	return left;
}

static void read_counters(struct memuse *m)
{
	const struct memuse_facts *f = m->facts;
	const struct { enum mem_counter c; int64_t array, item; unsigned shift; } rows[] = {
		{ MEM_TOTAL, f->totalram_pages, 0, m->page_shift },
		{ MEM_FREE, f->vm_zone_stat, f->nr_free, m->page_shift },
		{ MEM_ANON, f->vm_node_stat, f->nr_anon, m->page_shift },
		{ MEM_FILE, f->vm_node_stat, f->nr_file, m->page_shift },
		{ MEM_SHMEM, f->vm_node_stat, f->nr_shmem, m->page_shift },
		{ MEM_SLAB_RECLAIMABLE, f->vm_node_stat, f->nr_slab_r, m->page_shift },
		{ MEM_SLAB_UNRECLAIMABLE, f->vm_node_stat, f->nr_slab_u, m->page_shift },
		{ MEM_PAGE_TABLES, f->vm_node_stat, f->nr_pagetable, m->page_shift },
		{ MEM_PAGE_TABLES, f->vm_zone_stat, f->zone_pagetable, m->page_shift },
		{ MEM_KERNEL_STACKS, f->vm_node_stat, f->nr_stack_kb, 10 },
		{ MEM_KERNEL_STACKS, f->vm_zone_stat, f->zone_stack_kb, 10 },
		{ MEM_VMALLOC, f->vm_node_stat, f->nr_vmalloc, m->page_shift },
		{ MEM_VMALLOC, f->vmalloc_pages, 0, m->page_shift },
		{ MEM_ZSMALLOC, f->vm_zone_stat, f->zone_zspages, m->page_shift },
		{ MEM_ZSMALLOC, f->vm_node_stat, f->nr_zspages, m->page_shift },
	};

	for (unsigned i = 0; i < N_MEM_COUNTERS; i++)
		m->counters[i] = MEM_UNKNOWN;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (m->counters[rows[i].c] == MEM_UNKNOWN)
			m->counters[rows[i].c] = counted(m, rows[i].array, rows[i].item,
							 rows[i].shift);
	/* A kernel without zsmalloc has no name for its pages, and none of them. */
	if (has(f->nr_free) && !has(f->zone_zspages) && !has(f->nr_zspages))
		m->counters[MEM_ZSMALLOC] = 0;
	m->counters[MEM_HUGETLB] = count_hugetlb(m);
	m->counters[MEM_NOT_COUNTED] = not_counted(m);
}

/* ---- slab caches ------------------------------------------------------------------ */

static vaddr_t node_of(struct memuse *m, vaddr_t cache, unsigned i)
{
	const struct memuse_facts *f = m->facts;
	struct field node = f->cache_node;

	if (field_is_whole(f->cache_per_node) && has(f->per_node_node.off)) {
		node = f->per_node_node;
		node.off += f->cache_per_node.off + i * f->cache_per_node.size;
	} else if (field_is_whole(node)) {
		node.off += i * node.size;
	}
	return field_value(m->space, cache, node);
}

/* The array is declared longer than it is made. */
static unsigned count_nodes(struct memuse *m)
{
	uint32_t n = 1;
	struct err ignored;

	if (has(m->facts->nr_node_ids))
		space_read_u32(m->space, m->facts->nr_node_ids, &n, &ignored);
	return (unsigned)min_u64(n, NODES_MAX);
}

uint64_t memuse_slab_pages(uint64_t slabs, uint64_t objects, uint64_t usual, uint64_t least)
{
	uint64_t per_slab = usual & SLAB_OBJECTS, lacks = slabs * per_slab - objects;
	uint64_t fewer = per_slab - (least & SLAB_OBJECTS), small = 0;

	if (objects && objects < slabs * per_slab && per_slab > (least & SLAB_OBJECTS) &&
	    least >> SLAB_ORDER < usual >> SLAB_ORDER)
		small = min_u64(lacks / fewer, slabs);
	return ((slabs - small) << (usual >> SLAB_ORDER)) + (small << (least >> SLAB_ORDER));
}

static bool read_cache(struct memuse *m, vaddr_t cache, struct cache_use *use)
{
	const struct memuse_facts *f = m->facts;
	uint64_t usual = field_value(m->space, cache, f->cache_oo), slabs = 0, objects = 0;
	uint64_t least = field_read(m->space, cache, f->cache_min, &least) ? least : usual;

	memset(use, 0, sizeof(*use));
	text_at(m->space, field_value(m->space, cache, f->cache_name), use->name,
		sizeof(use->name));
	use->size = (uint32_t)field_value(m->space, cache, f->cache_size);
	if (!use->name[0] || !use->size || usual >> SLAB_ORDER > ORDER_MAX ||
	    least >> SLAB_ORDER > ORDER_MAX)
		return false;
	for (unsigned i = 0; i < m->n_nodes; i++) {
		vaddr_t node = node_of(m, cache, i);

		slabs += field_value(m->space, node, f->node_slabs);
		objects += field_value(m->space, node, f->node_objects);
	}
	if (slabs > PAGES_MAX)
		return false;
	use->bytes = memuse_slab_pages(slabs, objects, usual, least) << m->page_shift;
	use->objects = objects;
	use->ctor = field_value(m->space, cache, f->cache_ctor);
	use->is_merged = field_value(m->space, cache, f->cache_refcount) > 1;
	return true;
}

static void keep_cache(struct memuse *m, const struct cache_use *use)
{
	unsigned at = m->n_caches;

	while (at && m->caches[at - 1].bytes < use->bytes)
		at--;
	if (at == MEMUSE_TOP)
		return;
	if (m->n_caches < MEMUSE_TOP)
		m->n_caches++;
	memmove(m->caches + at + 1, m->caches + at,
		(m->n_caches - 1 - at) * sizeof(m->caches[0]));
	m->caches[at] = *use;
}

static void read_caches(struct memuse *m)
{
	const struct memuse_facts *f = m->facts;
	vaddr_t head = f->slab_caches, at;
	struct cache_use use;
	struct err ignored;

	m->caches_cut = !has(f->slab_caches) || !has(f->cache_list.off) ||
			!space_read_u64(m->space, head, &at, &ignored);
	while (!m->caches_cut && at != head) {
		if (m->n_all_caches++ == CACHES_MAX) {
			m->caches_cut = true;
			return;
		}
		if (read_cache(m, at - f->cache_list.off, &use)) {
			keep_cache(m, &use);
			if (use.ctor && !symbols_may_be_text(m->symbols, use.ctor) &&
			    !m->left_behind.name[0])
				m->left_behind = use;
		}
		m->caches_cut = !space_read_u64(m->space, at, &at, &ignored);
	}
}

void memuse_read(struct memuse *m)
{
	m->n_caches = m->n_all_caches = 0;
	m->n_nodes = count_nodes(m);
	read_counters(m);
	read_caches(m);
}

/* ---- processes --------------------------------------------------------------------- */

/*
 * A percpu_counter: what is counted, and what each CPU has not handed in. Unsigned, as all of
 * it may be any number; the sum of good ones is none below 0.
 */
static uint64_t percpu_sum(struct memuse *m, const struct procs *p, vaddr_t counter)
{
	uint64_t sum = field_value(m->space, counter, p->facts->counter_count);
	vaddr_t cpus = field_value(m->space, counter, p->facts->counter_cpus);
	uint32_t n_cpus = 0, part;
	struct err ignored;
	uint64_t offset;

	if (!has(m->facts->per_cpu_offset) || !has(m->facts->nr_cpu_ids) ||
	    !space_read_u32(m->space, m->facts->nr_cpu_ids, &n_cpus, &ignored))
		return sum;
	for (uint32_t i = 0; cpus && i < n_cpus && i < CPUS_MAX; i++)
		if (space_read_u64(m->space, m->facts->per_cpu_offset + 8LL * i, &offset,
				   &ignored) &&
		    space_read_u32(m->space, cpus + offset, &part, &ignored))
			sum += (uint64_t)(int64_t)(int32_t)part;
	return sum;
}

/* File, anonymous and shared pages; the one in between counts what is in swap. */
static uint64_t resident(struct memuse *m, const struct procs *p, vaddr_t mm)
{
	static const unsigned kinds[] = { 0, 1, 3 };
	const struct proc_facts *f = p->facts;
	struct err ignored;
	uint64_t sum = 0, n;

	for (unsigned i = 0; i < 3; i++) {
		if (has(f->rss_count.off)) {
			if (space_read_u64(m->space, mm + f->rss_stat.off + f->rss_count.off +
					   8 * kinds[i], &n, &ignored))
				sum += n;
		} else if (field_is_whole(f->rss_stat)) {
			sum += percpu_sum(m, p, mm + f->rss_stat.off +
						f->rss_stat.size * kinds[i]);
		}
	}
	return sum < PAGES_MAX ? sum << m->page_shift : 0;
}

static void keep_proc(struct memuse *m, const struct proc *proc, uint64_t bytes)
{
	unsigned at = m->n_procs;

	while (at && m->procs[at - 1].bytes < bytes)
		at--;
	if (at == MEMUSE_TOP)
		return;
	if (m->n_procs < MEMUSE_TOP)
		m->n_procs++;
	memmove(m->procs + at + 1, m->procs + at, (m->n_procs - 1 - at) * sizeof(m->procs[0]));
	m->procs[at].pid = proc->pid;
	m->procs[at].bytes = bytes;
	memcpy(m->procs[at].comm, proc->comm, sizeof(proc->comm));
}

static struct name_use *find_name(struct memuse *m, const char *comm)
{
	for (unsigned i = 0; i < m->n_names; i++)
		if (!memcmp(m->names[i].comm, comm, PROC_COMM))
			return &m->names[i];
	return NULL;
}

/*
 * A place for one more: a new one, or that of the name that has least, whose bytes it begins
 * with. So each name with more than a MEMUSE_NAMESth of all bytes has a place in the end,
 * whichever comes first (Metwally, Agrawal, El Abbadi: Space-Saving).
 */
static struct name_use *name_place(struct memuse *m)
{
	struct name_use *least = m->names;

	if (m->n_names < MEMUSE_NAMES) {
		m->names[m->n_names] = (struct name_use){ .n = 0 };
		return &m->names[m->n_names++];
	}
	for (unsigned i = 1; i < MEMUSE_NAMES; i++)
		if (m->names[i].bytes < least->bytes)
			least = &m->names[i];
	m->names_cut = true;
	return least;
}

static void count_name(struct name_use *name, uint64_t bytes)
{
	name->n++;
	name->bytes += bytes;
	name->largest = max_u64(name->largest, bytes);
}

const struct name_use *memuse_top_name(const struct memuse *m)
{
	const struct name_use *top = NULL;

	for (unsigned i = 0; i < m->n_names; i++)
		if (!top || m->names[i].bytes > top->bytes)
			top = &m->names[i];
	return top;
}

/* What one has that leads a process; 0: a thread, or one without memory. */
static uint64_t proc_bytes(struct memuse *m, struct procs *procs, const struct proc *proc)
{
	/* Threads share it. */
	return proc->mm && proc->pid == proc->tgid ? resident(m, procs, proc->mm) : 0;
}

/* Once more, of those that have a place: what they began with is not theirs. */
static void count_again(struct memuse *m, struct procs *procs)
{
	for (unsigned i = 0; i < m->n_names; i++)
		m->names[i].n = m->names[i].bytes = m->names[i].largest = 0;
	for (unsigned i = 0; i < procs->n; i++) {
		struct name_use *name = find_name(m, procs->list[i].comm);
		uint64_t bytes = name ? procs->list[i].rss : 0;

		if (bytes)
			count_name(name, bytes);
	}
}

void memuse_read_procs(struct memuse *m, struct procs *procs)
{
	m->n_procs = m->n_names = 0;
	m->names_cut = false;
	for (unsigned i = 0; i < procs->n; i++) {
		struct proc *proc = &procs->list[i];
		uint64_t bytes = proc->rss = proc_bytes(m, procs, proc);
		struct name_use *name;

		if (!bytes)
			continue;
		keep_proc(m, proc, bytes);
		name = find_name(m, proc->comm);
		if (!name) {
			name = name_place(m);
			memcpy(name->comm, proc->comm, PROC_COMM);
		}
		count_name(name, bytes);
	}
	if (m->names_cut)
		count_again(m, procs);
}
