/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ways of telling that this machine has crashed: some once of each crash, some by a file that
 * says how things stand. Each is a row of the table in tell.c, by the first word of a value of
 * the key `tell`.
 */
#ifndef SHIP_TELL_H
#define SHIP_TELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct json_value;

/* One crash. All text is printable ASCII, "" not known. */
struct tell_crash {
	const char *folder, *where;	/* its folder, and the path of that */
	const char *host, *time, *kernel, *panic, *state;
	char signature[48], title[200];
	const struct json_value *report;	/* report.json, NULL: none that can be read */
	const char *report_text;		/* the beginning of report.txt */
};

#define TELL_FAULTS 100		/* faults that are told apart */

/* How things stand, on all targets. */
struct tell_totals {
	struct tell_fault {
		char signature[48], title[200];
		unsigned n;
	} faults[TELL_FAULTS];
	unsigned n_faults;
	unsigned n_crashes, n_unread;	/* crashes; targets that could not be looked at */
	int64_t last;			/* as clocks were set; 0: there is none */
	char last_time[32], last_title[200];
	bool is_armed;			/* a capture kernel is loaded */
	int64_t tested;			/* when `crashbox test` was last content, 0: never */
};

/* Who is told, and how he is spoken to. */
struct tell_to {
	const char *words;	/* as in the configuration */
	const char *root;	/* "" but in tests */
	bool insecure;		/* whoever is on the way may hear it */
	uint64_t *alive;	/* counts steps */
};

/* True as well where this way has nothing to say of it. */
bool tell_of_crash(const struct tell_to *to, const struct tell_crash *c, struct err *e);
bool tell_totals(const struct tell_to *to, const struct tell_totals *t, struct err *e);

/* Is each crash told to it, once? Else it is a file that says how things stand. */
bool tell_is_of_crashes(const char *words);

void tell_count(struct tell_totals *t, const struct tell_crash *c, int64_t when);

/* ---- the rows, in files tell_NAME.c ---- */

/* rest: what stands behind the name and its colon. */
struct tell_way {
	const char *name;
	bool (*crash)(const struct tell_to *to, const char *rest, const struct tell_crash *c,
		      struct err *e);
	bool (*totals)(const struct tell_to *to, const char *rest, const struct tell_totals *t,
		       struct err *e);
};

extern const struct tell_way tell_journal, tell_webhook, tell_mail, tell_textfile, tell_motd;

#endif
