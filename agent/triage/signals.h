/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Signals meant to end processes, as the trace has them, each with the chain of its sender. */
#ifndef TRIAGE_SIGNALS_H
#define TRIAGE_SIGNALS_H

#include "senders.h"

#define SIGNALS_SHOWN 32u	/* newest of them */

struct signal_sent {
	struct traced ev;
	struct chain chain;	/* links[0] is who sent it, or ran when the kernel did */
};

struct signals {
	struct signal_sent list[SIGNALS_SHOWN];	/* oldest first */
	unsigned n;
	uint64_t n_more;	/* older ones; there may be others that the ring lost */
};

/* "SIGKILL"; "signal 40" of one that has no name goes into room. */
const char *signal_name(int sig, char room[16]);

/* Did a process ask for it, by kill(2) and its kin? Else the kernel raised it. */
bool signal_was_asked(const struct traced *ev);

/* "delivered", "ignored", ... */
const char *signal_result_name(int result);

/* Out of those that were sent, as the trace has them. */
void signals_read(struct signals *s, const struct traced_list *sent, struct senders *senders);

/* The last that was sent to that process and got there; NULL: none. */
const struct signal_sent *signals_last_to(const struct signals *s, uint32_t pid);

#endif
