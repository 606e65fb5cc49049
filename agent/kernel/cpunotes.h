/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What each CPU left of itself when it was stopped: its registers, and the pid of what it
 * ran. The core has the same notes, but one behind the other with those missing that no
 * CPU left, so that their order does not tell whose they are.
 */
#ifndef KERNEL_CPUNOTES_H
#define KERNEL_CPUNOTES_H

#include "vmcore/arch.h"

struct cpus;

#define CPU_REGS_MAX 34		/* of any architecture that we know */

struct cpu_note {
	const struct arch *arch;	/* whose regs[] names the registers */
	uint32_t pid;			/* 0: an idle task */
	uint64_t regs[CPU_REGS_MAX];	/* arch->n_regs of them */
};

/* ENOENT: this kernel does not tell where its notes are, or that CPU left none. */
bool cpu_note_read(const struct cpus *cpus, unsigned cpu, struct cpu_note *note,
		   struct err *e);

/* Notes of a file: notes of all kinds, of a machine that can have n_cpus. */
struct file_notes {
	const uint8_t *notes;	/* NULL: there are none */
	size_t len;
	unsigned n_cpus;
};

/*
 * The nth CPU's note of a file that has one for each CPU, as a hypervisor writes them, in the
 * order of the CPUs. ENOENT: it has none, or not one for each.
 */
bool cpu_note_of_file(const struct arch *arch, const struct file_notes *file, unsigned nth,
		      struct cpu_note *note, struct err *e);

static inline uint64_t cpu_note_pc(const struct cpu_note *n)
{
	return n->regs[n->arch->reg_pc];
}

static inline uint64_t cpu_note_sp(const struct cpu_note *n)
{
	return n->regs[n->arch->reg_sp];
}

#endif
