/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The memory of loaded modules. /sys/module: coresize is a module's memory, holders are
 * those that use it.
 */
#include "module_memory.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "drivers.h"
#include "host/root.h"

static bool is_held(const struct drivers *d, const char *name)
{
	for (unsigned i = 0; i < d->n; i++) {
		char path[HOST_PATH_MAX];

		snprintf(path, sizeof(path), "/sys/module/%s/holders/%s", name, d->names[i]);
		if (root_exists(d->root, path))
			return true;
	}
	return false;
}

/* One more of those that the named ones use; false when there is none. */
static bool add_used(struct drivers *d)
{
	char path[HOST_PATH_MAX];
	cleanup_dir DIR *dir = NULL;
	const struct dirent *entry;
	struct err ignored;

	if (!root_path(path, d->root, "/sys/module", &ignored))
		return false;
	dir = opendir(path);
	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.' && !drivers_have(d, entry->d_name) &&
		    is_held(d, entry->d_name) && drivers_add(d, entry->d_name, &ignored))
			return true;
	return false;
}

uint64_t module_memory_sum(struct drivers *d)
{
	uint64_t sum = 0, len;

	while (add_used(d))
		;
	for (unsigned i = 0; i < d->n; i++) {
		char path[HOST_PATH_MAX];

		snprintf(path, sizeof(path), "/sys/module/%s/coresize", d->names[i]);
		if (root_number(d->root, path, &len))
			sum += len;
	}
	return sum;
}
