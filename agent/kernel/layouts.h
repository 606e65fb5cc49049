/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What VMCOREINFO does not tell: addresses of variables and places of members, found in
 * the kernel's own symbol table and BTF. As there, a fact that is not found is ABSENT,
 * and what that costs is decided where it is used.
 */
#ifndef KERNEL_LAYOUTS_H
#define KERNEL_LAYOUTS_H

#include "vmcore/physmem.h"
#include "vmcore/vmcoreinfo.h"

struct space;

/* Offsets are bytes from the start of the structure, n_ are numbers of elements. */
struct layouts {
	/* CPUs */
	int64_t per_cpu_offset;		/* u64 per_cpu_offset[nr_cpu_ids] */
	int64_t nr_cpu_ids;		/* address of an unsigned int */
	int64_t cpu_possible;		/* bits: struct cpumask __cpu_possible_mask */
	int64_t panic_cpu;		/* address of an atomic_t */
	int64_t crash_notes;		/* address of a per-CPU pointer to note buffers */

	/* memory nodes and zones */
	int64_t node_data;		/* struct pglist_data *node_data[] */
	int64_t node_zones, n_node_zones, size_zone;
	int64_t zone_pageset;		/* a per-CPU pointer */
	int64_t zone_start, zone_spanned;	/* page frames */
	int64_t pageset_pcp;		/* where the lists are in it, before 5.14 */
	int64_t pcp_count, pcp_lists, n_pcp_lists, size_pcp;
	int64_t n_pcp_types;		/* MIGRATE_PCPTYPES: lists of one order */

	/* tasks */
	int64_t init_task;
	int64_t task_tasks, task_comm, n_task_comm, task_pid, task_tgid, task_mm;
	int64_t task_signal, task_thread_node, signal_thread_head;
	int64_t mm_pgd;
};

/*
 * Reads what there is. False when the kernel has no symbol table or no BTF that we can
 * read; e says why.
 */
bool layouts_read(struct layouts *a, struct space *space, struct err *e);

#endif
