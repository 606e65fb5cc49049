/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Loading modules. Knows finit_module(2) and a list; dependencies were sorted out at
 * build time.
 */
#include "modules.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"

static bool load(const char *dir, const char *name)
{
	char path[256];
	cleanup_fd int fd = -1;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || (syscall(SYS_finit_module, fd, "", 0) && errno != EEXIST)) {
		log_warn("module %s: cannot load: %s", name, strerror(errno));
		return false;
	}
	return true;
}

unsigned modules_load(const char *dir, unsigned from, uint32_t *at)
{
	char path[256], list[MODULES_ORDER_MAX], *rest = list;
	const char *name;
	struct err ignored;
	unsigned n = 0, i = 0;

	snprintf(path, sizeof(path), "%s/order", dir);
	if (!read_text(path, list, sizeof(list), &ignored))
		return 0;
	for (; (name = strsep(&rest, "\n")); i++) {
		if (!*name || i < from)
			continue;
		__atomic_store_n(at, i, __ATOMIC_RELEASE);
		n += load(dir, name);
	}
	return n;
}
