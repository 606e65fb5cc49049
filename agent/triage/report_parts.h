/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sections of the report: a row each, in a file each, and the three orders of them. */
#ifndef TRIAGE_REPORT_PARTS_H
#define TRIAGE_REPORT_PARTS_H

struct json;
struct report;
struct text_page;
struct triage;

struct report_part {
	const char *name;	/* as people and `missing` call it */
	/* Takes what memory tells of it; what it cannot have it says by report_lacks(). */
	void (*read)(struct triage *m);		/* NULL: what others read is enough */
	/* Its lines, and its keys in the object that is open; no lines if it knows nothing. */
	void (*text)(struct report *r, struct text_page *p);
	void (*json)(struct report *r, struct json *j);
};

/* Each in report_NAME.c. */
extern const struct report_part part_audit, part_blocked, part_cpus, part_crash, part_disks,
	part_finding, part_frozen, part_hardware, part_memory, part_modules, part_more,
	part_net, part_signals, part_system, part_tasks, part_timeline;

/* All of them, behind the last NULL. */
extern const struct report_part *const parts_in_text[];
extern const struct report_part *const parts_in_json[];
extern const struct report_part *const parts_by_worth[];	/* as memory is read for them */

#endif
