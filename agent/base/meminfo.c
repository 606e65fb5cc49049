/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines of /proc/meminfo, each by its whole name: "Cached" is no "SwapCached". */
#include "meminfo.h"

#include <stdlib.h>
#include <string.h>

uint64_t meminfo_len(const char *text, const char *name)
{
	size_t len = strlen(name);

	for (const char *at = text; at; at = strchr(at, '\n')) {
		at += *at == '\n';
		if (!strncmp(at, name, len) && at[len] == ':')
			return strtoull(at + len + 1, NULL, 10) % (UINT64_C(1) << 50) * 1024;
	}
	return 0;
}
