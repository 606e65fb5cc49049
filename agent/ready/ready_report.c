/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How much a report could say of the running kernel. A capture reads names, types and unwind
 * tables out of the dead kernel's memory; whether they are there is seen while it lives. None
 * of it loses a dump, so nothing here fails.
 */
#include "ready_parts.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "host/check_result.h"

#define KALLSYMS "/proc/kallsyms"
#define BTF "/sys/kernel/btf/vmlinux"
#define NAMES_MAX 8000000u	/* of kernel and modules; 7.2 has 190,000 */

/* What of the names is asked for. */
struct names {
	bool any;
	bool data;	/* CONFIG_KALLSYMS_ALL; without it nobody knows where the tasks are */
	bool x86, orc;
};

/* "ffff... D init_task": the name, if it is the kernel's own and no module's; or "". */
static const char *own_name(char *line)
{
	char *name = strchr(line, ' ');

	name = name ? strchr(name + 1, ' ') : NULL;
	if (!name || strchr(name, '['))
		return "";
	name[strcspn(name, "\n")] = '\0';
	return name + 1;
}

static void read_names(struct names *n, const char *root)
{
	char path[HOST_PATH_MAX], line[1024];
	struct err ignored;
	FILE *file;

	if (!root_path(path, root, KALLSYMS, &ignored))
		return;
	file = fopen(path, "re");
	if (!file)
		return;
	for (unsigned i = 0; i < NAMES_MAX && fgets(line, sizeof(line), file); i++) {
		const char *name = own_name(line);

		n->any |= name[0] != '\0';
		n->data |= !strcmp(name, "init_task");
		n->x86 |= !strcmp(name, "entry_SYSCALL_64");
		n->orc |= !strcmp(name, "__start_orc_unwind_ip");
	}
	fclose(file);
}

void ready_report(struct look *l)
{
	struct names names = { .any = false };

	read_names(&names, l->root);
	if (!names.any)
		found(l->f, "report", GRADE_WARN, "only the log's own words: this kernel tells "
		      "no names (" KALLSYMS ", CONFIG_KALLSYMS)");
	else if (!root_exists(l->root, BTF))
		found(l->f, "report", GRADE_WARN, "the CPUs' stacks, but no tasks, files or "
		      "memory: this kernel has no types (" BTF ", CONFIG_DEBUG_INFO_BTF)");
	else if (!names.data)
		found(l->f, "report", GRADE_WARN, "the CPUs' stacks, but no tasks, files or "
		      "memory: this kernel names no data (CONFIG_KALLSYMS_ALL)");
	else if (names.x86 && !names.orc)
		found(l->f, "report", GRADE_WARN, "stacks are incomplete: this kernel has no "
		      "unwind tables (CONFIG_UNWINDER_ORC)");
	else
		found(l->f, "report", GRADE_OK, "names, types and %s are in this kernel",
		      names.x86 ? "unwind tables" : "frame pointers");
}
