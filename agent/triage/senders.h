/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who sent a signal, and whose child that was, up to where it is known. */
#ifndef TRIAGE_SENDERS_H
#define TRIAGE_SENDERS_H

#include "trace_events.h"

#define SENDER_LINKS 8u

/* Is the process of then among the tasks? */
enum sender_lives { SENDER_MAY_LIVE, SENDER_LIVES, SENDER_IS_GONE };

/* A process of the chain: the sender, then who started it, and so on. */
struct chain_link {
	uint32_t pid;
	char comm[PROC_COMM];		/* "" not known */
	char file[TRACED_TEXT];		/* that it ran, "" not known */
	enum sender_lives lives;
	bool is_kernel;
	bool by_trace;			/* its parent is known by the trace */
};

struct chain {
	struct chain_link links[SENDER_LINKS];
	unsigned n;
};

struct sender_facts {
	int64_t saved;			/* where a pointer to saved_cmdlines_buffer is */
	struct field by_pid;		/* of it: map_pid_to_cmdline */
	struct field pids, comms, n;	/* map_cmdline_to_pid, saved_cmdlines, cmdline_num */
	struct field start_time;	/* task_struct */
};

extern const struct wish_set sender_wishes;

struct senders {
	struct space *space;
	const struct sender_facts *facts;
	const struct procs *procs;
	const struct traced_list *lives;
};

/* Of a signal that was sent; only the sender if that is by another clock than the log's. */
void senders_chain(struct senders *s, const struct traced *sent, struct chain *ret);

#endif
