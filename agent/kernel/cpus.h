/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the crashed kernel keeps what each CPU has for itself, and what it says of them. */
#ifndef KERNEL_CPUS_H
#define KERNEL_CPUS_H

#include "wishes.h"

struct cpu_facts {
	int64_t per_cpu_offset;		/* u64 per_cpu_offset[nr_cpu_ids] */
	int64_t nr_cpu_ids;		/* address of an unsigned int */
	int64_t possible;		/* bits: struct cpumask __cpu_possible_mask */
	int64_t panic_cpu;		/* address of an atomic_t */
	int64_t crash_notes;		/* address of a per-CPU pointer to note buffers */
};

extern const struct wish_set cpu_wishes;

#endif
