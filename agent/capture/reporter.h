/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The report of a crash, made by a child while targets are brought up: whatever the crashed
 * memory does to it, it costs its time and nothing else.
 */
#ifndef CAPTURE_REPORTER_H
#define CAPTURE_REPORTER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/known.h"
#include "triage/report_line.h"
#include "triage/signature.h"

struct crash;
struct totals;

#define REPORTED_TEXT_LEN (256u << 10)
#define REPORTED_JSON_LEN (4u << 20)

/* What it has made, in memory that we share with it. */
struct reported {
	uint32_t done;			/* set when all below is there but for the JSON */
	char line[REPORT_LINE], wire[REPORT_WIRE];	/* for us, for a log server */
	char id[SIGNATURE_ID], coarse[SIGNATURE_ID], title[200];
	char known[KNOWN_TEXT];		/* what somebody has said of it before, "" nothing */
	char level[16];
	bool is_sure;			/* the fault's frames are, by memory */
	char missing[400];		/* sections that are, with the reasons; "" none */
	char section[16];		/* what its maker went on to */
	double seconds;
	double cpu_s;			/* that its making took, by who waited for it */
	double waited_s;		/* for it, with nothing else to do */
	uint64_t peak_len;		/* its memory at most, with what it has from us */
	double uptime_s;		/* of the crashed kernel, < 0: not known */
	size_t finding_len;		/* of text: its first section, finding and signature */
	size_t text_len;
	size_t json_len;		/* see reported_json_len() */
	char text[REPORTED_TEXT_LEN], json[REPORTED_JSON_LEN];
};

/* Bytes of its json; 0: it did not fit, or there was no time for it. */
size_t reported_json_len(const struct reported *r);

/*
 * First what the log alone tells, then with what was read so far, so that something is there
 * whatever becomes of the rest. Each takes the memory of that before it.
 */
enum reported_by {
	REPORTED_BY_LOG, REPORTED_TO_CRASH, REPORTED_TO_FINDING, REPORTED_BY_MEMORY, N_REPORTED
};

struct reporter {
	struct reported *shared;	/* N_REPORTED of them; NULL: there is none */
	pid_t pid;			/* 0: it is over */
	double until;			/* monotonic second at which it is ended */
	char end[48];			/* how it ended, "" by itself */
	double cpu_s;			/* of the child, once it has ended */
	double waited_s;
	uint64_t peak_len;
};

/* What the operator wants of it. */
struct reporter_wish {
	const char *known_file;		/* the list of base/known.h; "" none */
	bool wire_is_bare;		/* as report_line() has it */
	bool without_args;		/* as struct report_want has it */
};

/* Starts it. What stands in its way is logged; there is no report then. */
void reporter_start(struct reporter *r, struct crash *crash, const struct reporter_wish *w);

/*
 * Looks what is there: the report by memory, or, when no better one is to come, that by the
 * log. NULL: neither. For whoever was forked meanwhile, too.
 */
const struct reported *reporter_look(const struct reporter *r, bool is_over);

/*
 * Waits until it is done, has died or its time is over, counting *alive up. The better one of
 * the reports that are there, which stay for as long as the program runs; NULL: none, and why
 * was logged.
 */
const struct reported *reporter_wait(struct reporter *r, uint64_t *alive);

#endif
