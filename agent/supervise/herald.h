/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tells a log server of the crash, in a child: whatever a network does to it, or a server that
 * is not there, it costs the capture a bounded moment and nothing else.
 */
#ifndef SUPERVISE_HERALD_H
#define SUPERVISE_HERALD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct config;
struct herald_shared;
struct reporter;

/* What the capture waits for at most: for the first of its datagrams, and for the last. */
#define HERALD_FIRST_S 3.0
#define HERALD_LAST_S 10.0

/* What it tells of. */
struct herald_words {
	const char *host;
	int64_t when;			/* of the crash, in seconds since 1970 */
	const struct reporter *reporter;	/* who makes the report, its line among it */
	const char *without;		/* the text if there is no report */
};

struct herald {
	const struct config *config;
	struct herald_shared *shared;	/* NULL: nobody is told */
	pid_t pid;			/* 0: it is over */
	struct herald_words words;
};

/*
 * Starts it, if the configuration names a server. It tells as soon as there are a report and a
 * network: with brings_net it brings that up itself, else it waits until herald_net_is_up().
 * What stands in its way is logged.
 */
void herald_start(struct herald *h, const struct config *config,
		  const struct herald_words *words, bool brings_net);

/* In shared memory, set when the network is up; NULL: nobody is told. */
uint32_t *herald_net_flag(const struct herald *h);

/* Somebody else has brought up the network, or tried to. */
void herald_net_is_up(struct herald *h);

/*
 * No better report is to come. Waits until it was sent once, HERALD_FIRST_S at most, counting
 * *alive up.
 */
void herald_wait(struct herald *h, uint64_t *alive);

/* It was to tell, and could not once: nor will another one. */
bool herald_is_in_vain(const struct herald *h);

/* Waits until all is sent: HERALD_LAST_S, and to the monotonic second `until`, at most. */
void herald_end(struct herald *h, double until, uint64_t *alive);

#endif
