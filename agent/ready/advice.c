/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Advice on how much memory to reserve. Looks up ready/memory_table.h. */
#include "advice.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/meminfo.h"
#include "config/config.h"
#include "host/root.h"
#include "kexec/bootimage.h"
#include "memory_table.h"
#include "targets/target_kinds.h"

#define STOCK "debian"		/* what the table calls a distribution's kernel */
#define USUAL "virt"		/* of ours */
#define STEP_MIB 8u		/* of what is advised */

/* Of what was measured, is this closer than what there is to what is wanted, or more? */
static bool fits_better(unsigned is, unsigned than, unsigned wanted)
{
	return is >= wanted ? than < wanted || is < than : than < wanted && is > than;
}

/* 0: the file does not tell. */
static unsigned mib_to_start(const char *file)
{
	struct bootimage b;
	struct err ignored;
	uint64_t run_len;

	if (!bootimage_open(&b, file, &ignored))
		return 0;
	run_len = b.run_len;
	bootimage_close(&b);
	return (run_len + (1u << 20) - 1) >> 20;
}

const char *advice_kernel(bool is_own, const char *file)
{
	const struct memory_row *best = NULL;
	unsigned run_mib;

	if (!is_own)
		return STOCK;
	run_mib = mib_to_start(file);
	if (!run_mib)
		return USUAL;
	for (size_t i = 0; i < sizeof(measured) / sizeof(measured[0]); i++) {
		const struct memory_row *m = &measured[i];

		if (strcmp(m->kernel, STOCK) &&
		    (!best || fits_better(m->run_mib, best->run_mib, run_mib)))
			best = m;
	}
	return best->kernel;
}

const struct memory_row *advice_row(const char *kernel, const char *kind, unsigned ram_gib)
{
	const struct memory_row *best = NULL;

	for (size_t i = 0; i < sizeof(measured) / sizeof(measured[0]); i++) {
		const struct memory_row *m = &measured[i];

		if (!strcmp(m->kernel, kernel) && !strcmp(m->target, kind) &&
		    (!best || fits_better(m->ram_gib, best->ram_gib, ram_gib)))
			best = m;
	}
	return best;
}

const struct memory_row *advice_most(const char *kernel, const struct config *config,
				     unsigned ram_gib)
{
	const struct memory_row *most = NULL;

	for (unsigned i = 0; i < config->n_targets; i++) {
		const struct memory_row *m =
			advice_row(kernel, target_kind_of(config->targets[i])->name,
				   ram_gib);

		if (m && (!most || m->mib > most->mib))
			most = m;
	}
	return most;
}

bool advice_is_certain(const struct memory_row *m, const char *file)
{
	return mib_to_start(file) >= m->run_mib;
}

unsigned advice_with_margin(uint64_t needed_len)
{
	return round_up((needed_len + needed_len / 4 + (1u << 20) - 1) >> 20, STEP_MIB);
}

unsigned advice_ram_gib(const char *root)
{
	char text[512];
	struct err ignored;

	if (!root_read(root, "/proc/meminfo", text, sizeof(text), &ignored) ||
	    !meminfo_len(text, "MemTotal"))
		return 0;
	/* What the kernel itself takes is not in it: 512 MiB more or less do not matter. */
	return (meminfo_len(text, "MemTotal") + (768u << 20)) >> 30;
}
