/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Places of members in the structures that mkcore makes up, for the file that writes the
 * type table and the one that fills the structures. Offsets in bytes.
 */
#ifndef MKCORE_TYPES_H
#define MKCORE_TYPES_H

struct core;

/* A per-CPU pointer is an address in an area of CPU n, less __per_cpu_offset[n]. */
#define PER_CPU_BASE 0x21000UL
#define PCP_STRIDE 256UL
#define PCP_SLOT(node, zone) (512 + ((node) * N_ZONES + (zone)) * PCP_STRIDE)

enum {
	N_ZONES = 3, N_PCP_TYPES = 3, COMM_SIZE = 16,
	NODE_ZONES = 128, ZONE_SIZE = 192, NODE_SIZE = NODE_ZONES + N_ZONES * ZONE_SIZE,
	ZONE_START = 8, ZONE_SPANNED = 24, ZONE_PAGESET = 88,
	PCP_COUNT = 8, PCP_LISTS = 16,
	TASK_PID = 8, TASK_TGID = 28, TASK_COMM = 40, TASK_TASKS = 88, TASK_NODE = 120,
	TASK_MM = 160, TASK_SIGNAL = 184, TASK_SIZE = 192,
	MM_PGD = 40, SIGNAL_THREADS = 24,
	RQ = 440, RQ_CURR = 8,	/* in the area of a CPU, behind its note */
};

/* mkcore_tasks.c */
void lists_create(struct core *c);
void tasks_create(struct core *c);

#endif
