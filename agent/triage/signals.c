/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of signals are those of x86 and arm64, which have the same numbers. */
#include "signals.h"

#include <stdio.h>

const char *signal_name(int sig, char room[16])
{
	static const char *const names[] = {
		[1] = "SIGHUP", [2] = "SIGINT", [3] = "SIGQUIT", [4] = "SIGILL",
		[5] = "SIGTRAP", [6] = "SIGABRT", [7] = "SIGBUS", [8] = "SIGFPE",
		[9] = "SIGKILL", [11] = "SIGSEGV", [15] = "SIGTERM", [16] = "SIGSTKFLT",
		[24] = "SIGXCPU", [25] = "SIGXFSZ", [31] = "SIGSYS",
	};

	if (sig > 0 && sig < (int)(sizeof(names) / sizeof(names[0])) && names[sig])
		return names[sig];
	snprintf(room, 16, "signal %d", sig);
	return room;
}

/* SI_USER, SI_TKILL and others of processes are 0 or less, SI_KERNEL and faults are more. */
bool signal_was_asked(const struct traced *ev)
{
	return ev->code <= 0 && !ev->in_interrupt;
}

const char *signal_result_name(int result)
{
	static const char *const names[] = { "delivered", "ignored", "pending already",
					     "not delivered", "delivered" };

	return result >= SENT_DELIVERED && result <= SENT_POORER ? names[result] : "?";
}

void signals_read(struct signals *s, const struct traced_list *sent, struct senders *senders)
{
	unsigned skip = sent->n > SIGNALS_SHOWN ? sent->n - SIGNALS_SHOWN : 0;

	s->n = 0;
	s->n_more = sent->n_more + skip;
	for (unsigned i = skip; i < sent->n; i++) {
		struct signal_sent *to = &s->list[s->n++];

		to->ev = sent->list[i];
		senders_chain(senders, &to->ev, &to->chain);
	}
}

const struct signal_sent *signals_last_to(const struct signals *s, uint32_t pid)
{
	for (unsigned i = s->n; i-- > 0; )
		if (s->list[i].ev.other == pid && s->list[i].ev.result != SENT_IGNORED &&
		    s->list[i].ev.result != SENT_FAILED)
			return &s->list[i];
	return NULL;
}
