/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two tables of wishes; the names have stood through the kernels given beside them. */
#include "layouts.h"

#include <errno.h>

#include "base/bytes.h"
#include "base/err.h"
#include "btf_find.h"
#include "kallsyms.h"
#include "vmcore/space.h"

#define AT(member) offsetof(struct layouts, member)
#define NOWHERE ((size_t)-1)

/* More than one row may fill a fact: the first that is found does. */
static const struct { const char *name; size_t at; } symbols[] = {
	{ "__start_BTF",		NOWHERE },
	{ "__stop_BTF",			NOWHERE },
	{ "__per_cpu_offset",		AT(per_cpu_offset) },
	{ "nr_cpu_ids",			AT(nr_cpu_ids) },
	{ "__cpu_possible_mask",	AT(cpu_possible) },
	{ "node_data",			AT(node_data) },
	{ "panic_cpu",			AT(panic_cpu) },
	{ "crash_notes",		AT(crash_notes) },
	{ "init_task",			AT(init_task) },
};

static const struct {
	const char *path;
	size_t off, n, size;		/* where to put which of the three */
} members[] = {
	{ "pglist_data.node_zones",	AT(node_zones), AT(n_node_zones), AT(size_zone) },
	{ "zone.per_cpu_pageset",	AT(zone_pageset), NOWHERE, NOWHERE }, /* 5.14 */
	{ "zone.pageset",		AT(zone_pageset), NOWHERE, NOWHERE }, /* before */
	{ "per_cpu_pageset.pcp",	AT(pageset_pcp), NOWHERE, NOWHERE },
	{ "zone.zone_start_pfn",	AT(zone_start), NOWHERE, NOWHERE },
	{ "zone.spanned_pages",	AT(zone_spanned), NOWHERE, NOWHERE },
	{ "per_cpu_pages.count",	AT(pcp_count), NOWHERE, NOWHERE },
	{ "per_cpu_pages.lists",	AT(pcp_lists), AT(n_pcp_lists), NOWHERE },
	{ "per_cpu_pages",	NOWHERE, NOWHERE, AT(size_pcp) },
	{ "migratetype.MIGRATE_PCPTYPES", NOWHERE, AT(n_pcp_types), NOWHERE },
	{ "task_struct.tasks",	AT(task_tasks), NOWHERE, NOWHERE },
	{ "task_struct.comm",	AT(task_comm), AT(n_task_comm), NOWHERE },
	{ "task_struct.pid",		AT(task_pid), NOWHERE, NOWHERE },
	{ "task_struct.tgid",	AT(task_tgid), NOWHERE, NOWHERE },
	{ "task_struct.mm",		AT(task_mm), NOWHERE, NOWHERE },
	{ "task_struct.signal",	AT(task_signal), NOWHERE, NOWHERE },
	{ "task_struct.thread_node",	AT(task_thread_node), NOWHERE, NOWHERE },
	{ "signal_struct.thread_head", AT(signal_thread_head), NOWHERE, NOWHERE },
	{ "mm_struct.pgd",		AT(mm_pgd), NOWHERE, NOWHERE },
};

#define N_SYMBOLS (sizeof(symbols) / sizeof(symbols[0]))
#define N_MEMBERS (sizeof(members) / sizeof(members[0]))

static void put(struct layouts *a, size_t at, int64_t value)
{
	int64_t *to;

	if (at == NOWHERE)
		return;
	to = (int64_t *)((char *)a + at);
	if (!has(*to))
		*to = value;
}

static bool read_symbols(struct layouts *a, struct space *space, vaddr_t *btf_start,
			 vaddr_t *btf_stop, struct err *e)
{
	struct symbol_want wants[N_SYMBOLS + 1] = { { .name = NULL } };
	struct kallsyms ks;

	for (size_t i = 0; i < N_SYMBOLS; i++)
		wants[i] = (struct symbol_want){ .name = symbols[i].name };
	if (!kallsyms_open(&ks, space, e) || !kallsyms_find(&ks, wants, e))
		return false;
	for (size_t i = 0; i < N_SYMBOLS; i++)
		if (wants[i].vaddr)
			put(a, symbols[i].at, wants[i].vaddr);
	*btf_start = wants[0].vaddr;
	*btf_stop = wants[1].vaddr;
	return true;
}

static bool read_members(struct layouts *a, struct space *space, vaddr_t btf_start,
			 vaddr_t btf_stop, struct err *e)
{
	struct btf_want wants[N_MEMBERS + 1] = { { .path = NULL } };
	const struct vrange where = { btf_start, btf_stop };
	struct btf btf;

	if (!btf_start || !btf_stop)
		return fail(e, ENOENT, "the kernel has no BTF");
	if (!btf_open(&btf, space, where, e))
		return false;
	for (size_t i = 0; i < N_MEMBERS; i++)
		wants[i].path = members[i].path;
	btf_find(&btf, wants);
	for (size_t i = 0; i < N_MEMBERS; i++) {
		if (!wants[i].found || wants[i].field.width)
			continue;
		put(a, members[i].off, wants[i].field.off);
		put(a, members[i].n, wants[i].field.value ? wants[i].field.value
							   : wants[i].field.n);
		put(a, members[i].size, wants[i].field.size);
	}
	return true;
}

bool layouts_read(struct layouts *a, struct space *space, struct err *e)
{
	vaddr_t btf_start, btf_stop;

	for (size_t at = 0; at < sizeof(*a); at += sizeof(int64_t))
		*(int64_t *)((char *)a + at) = ABSENT;
	return read_symbols(a, space, &btf_start, &btf_stop, e) &&
	       read_members(a, space, btf_start, btf_stop, e);
}
