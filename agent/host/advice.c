/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks up host/measured.h. */
#include "advice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "machine/config.h"
#include "machine/nfs.h"
#include "measured.h"
#include "root.h"

const char *target_kind(const char *target)
{
	return nfs_is(target) ? "nfs" : !strncmp(target, "sftp:", 5) ? "sftp" : "disk";
}

const struct measured *advice_row(const char *kernel, const char *kind, unsigned ram_gib)
{
	const struct measured *best = NULL;

	for (size_t i = 0; i < sizeof(measured) / sizeof(measured[0]); i++) {
		const struct measured *m = &measured[i];
		bool enough = m->ram_gib >= ram_gib;

		if (strcmp(m->kernel, kernel) || strcmp(m->target, kind))
			continue;
		if (!best || (enough && best->ram_gib < ram_gib) ||
		    (enough && m->ram_gib < best->ram_gib) ||
		    (best->ram_gib < ram_gib && m->ram_gib > best->ram_gib))
			best = m;
	}
	return best;
}

unsigned advice_mib(const char *kernel, const struct config *config, unsigned ram_gib)
{
	unsigned mib = 0;

	for (unsigned i = 0; i < config->n_targets; i++) {
		const struct measured *m =
			advice_row(kernel, target_kind(config->targets[i]), ram_gib);

		if (m && m->mib > mib)
			mib = m->mib;
	}
	return mib;
}

unsigned advice_ram_gib(const char *root)
{
	char text[512];
	struct err ignored;

	if (!root_read(root, "/proc/meminfo", text, sizeof(text), &ignored) ||
	    strncmp(text, "MemTotal:", 9))
		return 0;
	/* What the kernel itself takes is not in it: 512 MiB more or less do not matter. */
	return (strtoull(text + 9, NULL, 10) + (768u << 10)) >> 20;
}
