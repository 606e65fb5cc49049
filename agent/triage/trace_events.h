/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Signals, and the lives of processes, as the kernel's trace has them. */
#ifndef TRIAGE_TRACE_EVENTS_H
#define TRIAGE_TRACE_EVENTS_H

#include "procs.h"
#include "trace_page.h"
#include "trace_ring.h"

#define TRACED_SIGNALS 256u	/* newest that are kept */
#define TRACED_TAKES 16u
#define TRACED_LIVES 4096u
#define TRACED_TEXT 40
#define INIT_PID 1u

enum traced_kind {
	TRACED_SENT,		/* signal_generate */
	TRACED_TAKEN,		/* signal_deliver */
	TRACED_BORN,		/* sched_process_fork */
	TRACED_RUNS,		/* sched_process_exec */
	TRACED_ENDS,		/* sched_process_exit */
	TRACED_KINDS,
};

/* Values of signal_generate, Linux include/trace/events/signal.h. */
enum traced_result { SENT_DELIVERED, SENT_IGNORED, SENT_PENDING, SENT_FAILED, SENT_POORER };

struct traced {
	uint64_t time_ns;	/* of the log's clock, if is_log_clock */
	bool is_log_clock;
	unsigned ring;
	bool in_interrupt;	/* whoever ran then has nothing to do with it */
	enum traced_kind kind;
	uint32_t pid;		/* of the thread that ran then */
	uint32_t other;		/* whom it was sent to; who was born */
	int sig, code;		/* code: <= 0 a process asked for it, else the kernel */
	int result;		/* enum traced_result */
	bool is_handled;	/* taken: by a function of the process */
	char comm[PROC_COMM];	/* of other; of who ends */
	char text[TRACED_TEXT];	/* born: its parent's comm; runs: the file */
};

/* An event's text: in it, or where a word in it says. */
struct traced_field {
	struct field here, there;
};

struct traced_facts {
	int64_t calls[TRACED_KINDS];	/* address of struct trace_event_call */
	struct field type;			/* of it */
	struct field entry_type, entry_flags, entry_pid;
	struct field sent_sig, sent_code, sent_comm, sent_pid, sent_result;
	struct field taken_sig, taken_code, taken_handler;
	struct traced_field parent_comm, child_comm, file, exit_comm;
	struct field child_pid;
};

extern const struct wish_set traced_wishes;

/* The newest of them, oldest first once all were read; those of other clocks before all. */
struct traced_list {
	struct traced *list;
	unsigned n, max;
	uint64_t n_more;	/* that were older */
};

struct trace {
	struct trace_rings rings;
	const struct traced_facts *facts;
	uint64_t types[TRACED_KINDS];	/* of this kernel's events, 0 none */
	uint64_t n_events;		/* of any kind */
	uint64_t n_sent;		/* signals, of any kind */
	uint64_t n_left_out;		/* of them: ignored, or SIGPIPE and its kin */
	struct traced_list signals;	/* that were sent */
	struct traced_list taken;	/* signals, by init */
	struct traced_list lives;
};

/* All rings; what cannot be read is not in the lists. False: no room. */
bool trace_read(struct trace *t, struct arena *arena, struct err *e);

#endif
