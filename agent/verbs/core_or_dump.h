/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A core or a dump, whichever the file is, as a crashed kernel: so that who looks at it or
 * captures it need not care.
 */
#ifndef VERBS_CORE_OR_DUMP_H
#define VERBS_CORE_OR_DUMP_H

#include "capture/crash.h"

struct core_or_dump {
	bool is_dump, is_ram_copy;
	const char *format;		/* for people */
	struct crash crash;
	struct kdump_set *set;		/* of a dump */
};

/*
 * A core is one file, a dump may be several. An odd kernel in a good file is no error; but
 * what is neither is opened only if it is a copy of RAM in which there is a kernel.
 */
bool core_or_dump_open(struct core_or_dump *v, const struct kdump_paths *files,
		       struct err *e);
void core_or_dump_close(struct core_or_dump *v);

#endif
