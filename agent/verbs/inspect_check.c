/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Says whether a core or a dump is whole: of a dump all is read back. */
#include "inspect.h"

#include <errno.h>
#include <stdio.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/log.h"
#include "base/progress.h"
#include "core_or_dump.h"

enum { WHOLE, DAMAGED, INCOMPLETE, FOREIGN };

static int check_core(const struct elfcore *core, const char *path)
{
	char len[32], missing[32];

	format_bytes(core->size, len, sizeof(len));
	if (core->damage[0]) {
		log_info("%s: damaged: %s", path, core->damage);
		return DAMAGED;
	}
	if (core->missing_len) {
		format_bytes(core->missing_len, missing, sizeof(missing));
		log_info("%s: incomplete: %s of its memory are missing", path, missing);
		return INCOMPLETE;
	}
	printf("%s: whole: %zu ranges of memory, %s\n", path, core->n_ranges, len);
	return WHOLE;
}

/* It has no header that would say how long it is to be. */
static int check_ram_copy(const struct elfcore *core, const char *path)
{
	char len[32];

	format_bytes(core->size, len, sizeof(len));
	printf("%s: a copy of RAM with a kernel in it, %s; nothing tells whether that is all\n",
	       path, len);
	return WHOLE;
}

static bool is_marked(const struct kdump_set *set)
{
	for (unsigned i = 0; i < set->n; i++)
		if (set->parts[i]->h.status & KDUMP_INCOMPLETE)
			return true;
	return false;
}

static bool stops(const struct kdump_set *set)
{
	for (unsigned i = 0; i < set->n; i++)
		if (set->parts[i]->file.is_cut)
			return true;
	return false;
}

static int check_dump(struct kdump_set *set, const char *path)
{
	struct kdump_findings found;
	char len[32];
	struct err e;

	if (!kdump_set_check(set, &found, &e)) {
		log_info("%s: %s", path, e.text);
		return DAMAGED;
	}
	if (found.n_damaged) {
		log_info("%s: damaged: %llu of %llu pages, the first: %s", path,
			 (unsigned long long)found.n_damaged, (unsigned long long)found.n_pages,
			 found.first_damage);
		return DAMAGED;
	}
	if (kdump_set_is_cut(set) || found.n_missing) {
		log_info("%s: incomplete: %llu of %llu pages are missing%s%s", path,
			 (unsigned long long)found.n_missing, (unsigned long long)found.n_pages,
			 is_marked(set) ? ", and it is marked so" : "",
			 stops(set) ? ", and it stops in the middle" : "");
		return INCOMPLETE;
	}
	format_bytes(kdump_set_len(set), len, sizeof(len));
	printf("%s: whole: %llu pages of %llu, %s\n", path,
	       (unsigned long long)found.n_read, (unsigned long long)found.n_present, len);
	return WHOLE;
}

int inspect_check(const struct kdump_paths *files)
{
	struct core_or_dump v;
	struct err e;
	int status;

	if (!core_or_dump_open(&v, files, &e)) {
		log_info("%s", e.text);
		return e.code == ENOTSUP ? FOREIGN : DAMAGED;
	}
	status = v.is_dump ? check_dump(v.set, files->paths[0]) :
		 v.is_ram_copy ? check_ram_copy(&v.crash.core, files->paths[0]) :
		 check_core(&v.crash.core, files->paths[0]);
	core_or_dump_close(&v);
	return status;
}
