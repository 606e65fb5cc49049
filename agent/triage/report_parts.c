/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Three orders, as people read from the top, programs to the end, and time may run out. */
#include "report_parts.h"

#include <stddef.h>

const struct report_part *const parts_in_text[] = {
	&part_finding, &part_system, &part_crash, &part_signals, &part_cpus, &part_blocked,
	&part_disks, &part_net, &part_frozen, &part_modules, &part_memory, &part_tasks,
	&part_hardware, &part_audit, &part_timeline, &part_more, NULL,
};

/* The longest is last. */
const struct report_part *const parts_in_json[] = {
	&part_finding, &part_system, &part_crash, &part_cpus, &part_blocked, &part_modules,
	&part_memory, &part_disks, &part_net, &part_frozen, &part_signals, &part_audit,
	&part_hardware, &part_timeline, &part_more, &part_tasks, NULL,
};

/* Those in front are asked by those behind. */
const struct report_part *const parts_by_worth[] = {
	&part_system, &part_tasks, &part_cpus, &part_crash, &part_blocked, &part_memory,
	&part_disks, &part_net, &part_frozen, &part_signals, &part_finding, &part_modules,
	&part_audit, &part_hardware, &part_timeline, &part_more, NULL,
};

/* A part that one of them lacks would never be told. */
_Static_assert(sizeof(parts_in_text) == sizeof(parts_in_json) &&
	       sizeof(parts_in_text) == sizeof(parts_by_worth), "orders of the same parts");
