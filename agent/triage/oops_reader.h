/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which fault of a kernel's log it died of. Read line by line, oldest first; what counts in
 * the end is the first fault of the chain that led to the panic, not the last word of it.
 */
#ifndef TRIAGE_OOPS_READER_H
#define TRIAGE_OOPS_READER_H

#include "oops.h"

/* The worst fault that was survived before, of equals the first: what came of it may be all. */
struct oops_earlier {
	enum crash_kind kind;
	double seconds;
	int pid;
	char comm[OOPS_COMM];
	char line[LOG_MESSAGE_MAX];	/* "": there was none */
	struct frame_name where;	/* "": not known */
};

/* Reads a log. Starts from oops_reader_init(); `death` is what counts so far. */
struct oops_reader {
	struct oops death;
	struct oops next;		/* a fault that may be part of death; line "": none */
	struct oops_earlier earlier;
	char panic[LOG_MESSAGE_MAX];	/* behind "Kernel panic - not syncing: ", "" none */
	bool has_panic;
	bool has_died;			/* what was announced ended in a fault */
	enum crash_kind survived;	/* what death is if it was none; KIND_UNKNOWN: it was */
	unsigned n_oopses;		/* announced before that, harmless ones too */
	/* Where it is in the text. */
	bool in_trace, trace_done, other_cpu;
	unsigned n_cut;			/* 1 + lines since "[ cut here ]"; 0: it is over */
	char cut_words[LOG_MESSAGE_MAX];	/* the first of them */
	unsigned n_since;		/* lines since the announcement */
	unsigned n_foreign;		/* in a trace, since its last frame */
};

void oops_reader_init(struct oops_reader *r);

/* Lines of the kernel itself only: what programs write into its log proves nothing. */
void oops_reader_line(struct oops_reader *r, const struct log_line *line);

/* The whole text of a record, or of a saved log. */
void oops_reader_feed(struct oops_reader *r, const char *text, size_t len);

/*
 * All lines were read: settles what the kind is, by address and access as well. The words to
 * show are then in death.line, or "" if nothing in the log tells of a death.
 */
void oops_reader_end(struct oops_reader *r);

/* Takes what it survived for what it tells of, if that is all there is. */
void oops_reader_take_survived(struct oops_reader *r);

/* Was that done? Nothing in the log tells of a death then. */
bool oops_reader_is_survived(const struct oops_reader *r);

#endif
