/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A fault as the kernel's log tells it: kind, words, CPU, task, address, the names in its call
 * trace. One line at a time; which lines belong to it is oops_reader.c's matter.
 */
#ifndef TRIAGE_OOPS_H
#define TRIAGE_OOPS_H

#include <stdint.h>

#include "crash_kind.h"
#include "frame_name.h"
#include "kernel/log_line.h"

#define OOPS_FRAMES 32
#define OOPS_COMM 16

enum oops_access { ACCESS_UNKNOWN, ACCESS_READ, ACCESS_WRITE, ACCESS_EXEC };

/* A frame as the log prints it. */
struct oops_frame {
	struct frame_name name;
	uint64_t off, size;	/* in the function, of it; 0 and 0: not said */
};

/* One announcement of something bad, and what stood behind it. */
struct oops {
	enum crash_kind kind;
	char line[LOG_MESSAGE_MAX];	/* that announced it */
	char caller[LOG_CALLER_MAX];	/* who announced it, as in struct log_line */
	char subkind[48];		/* "slab-use-after-free" of KASAN, "signal 11" */
	char words[LOG_MESSAGE_MAX];	/* that a warning was given by who raised it; "" none */
	double seconds;			/* when; < 0: not known */
	bool has_address;
	uint64_t address;		/* that was touched */
	enum oops_access access;
	bool has_error, is_forbidden;	/* memory is there, and the kernel may not */
	uint64_t error;			/* the CPU's code of it; of arm64 its ESR */
	int cpu, pid;			/* where it was noticed; -1: not said */
	char comm[OOPS_COMM];
	int named_cpu, named_pid;	/* whom it is about, for lock-ups and hung tasks; -1 */
	char named_comm[OOPS_COMM];
	int blocked_s;			/* a hung task: for how long, -1 */
	bool is_rcu_starved;		/* named_cpu kept RCU's own thread from running */
	char code[LOG_MESSAGE_MAX];	/* bytes around the instruction, "<..>" is the one */
	struct oops_frame frames[OOPS_FRAMES];	/* of its call trace, the sure ones */
	unsigned n_frames;
	bool has_where;			/* frames[0] is the instruction itself */
};

/* The line that begins it; and one of the same fault, which may know the kind better. */
void oops_detail_announced(struct oops *o, const char *message);
void oops_detail_more(struct oops *o, enum crash_kind kind, const char *message);

/* The text of the panic that ended it. */
void oops_detail_paniced(struct oops *o, const char *text);

/* Any other line behind it. */
void oops_detail_line(struct oops *o, const char *message);

/* Of an RCU stall: a line that another CPU is to blame, which is the named one from then on. */
bool oops_detail_starved(struct oops *o, const char *message);

/* The next frame of its call trace. */
void oops_detail_frame(struct oops *o, const struct oops_frame *frame);

/* Does the log name the function at fault itself, where its stack cannot? */
static inline bool oops_names_place(const struct oops *o)
{
	return o->kind == KIND_STACK_PROTECTOR && o->has_where;
}

/* "foo+0x1/0x20", or "foo" alone. */
void oops_frame_text(const struct oops_frame *frame, char *text, size_t size);

enum trace_line { TRACE_FRAME, TRACE_MARK, TRACE_END };

/* "foo+0x1/0x20 [mod]"; a mark is "<TASK>", or a frame without a name or not sure. */
enum trace_line oops_frame_parse(const char *message, struct oops_frame *frame);

/* In a trace: "RIP: 0010:foo+0x1/0x20", the instruction that an exception broke into. */
bool oops_broken_into(const char *message, struct oops_frame *frame);

#endif
