/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Forks. Parent and child share a page: what has come to be goes one way, the count of
 * datagrams the other. UDP loses some, so three are sent.
 */
#include "herald.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "capture/reporter.h"
#include "config/config.h"
#include "machine/guard.h"
#include "machine/net.h"
#include "machine/reach.h"
#include "machine/syslog_line.h"

#define TIMES 3
#define TRIES 50		/* in all: an address of IPv6 takes a moment, or a route */
#define BETWEEN_S 0.2
#define TICK_S 0.02
#define TIME_S 120.0		/* of the whole child */

_Static_assert(REPORT_WIRE <= SYSLOG_TEXT, "a line fits into a datagram");

struct herald_shared {
	uint32_t net_is_up, report_is_over;	/* said to the child */
	uint32_t n_sent;			/* said by it */
};

static uint32_t is_set(const uint32_t *flag)
{
	return __atomic_load_n(flag, __ATOMIC_ACQUIRE);
}

static void set(uint32_t *flag)
{
	__atomic_store_n(flag, 1, __ATOMIC_RELEASE);
}

/* ---- in the child ------------------------------------------------------------- */

/* To the first of the server's addresses that anything leads to. */
static bool send_to(const struct config *c, const struct remote *server, const char *line,
		    struct err *e)
{
	struct ipaddr ips[MAX_NAME_ADDRESSES];
	unsigned n = host_names_lookup(&c->names, server->host, ips, e);

	for (unsigned i = 0; i < n; i++)
		if (reach_datagram(&ips[i], server->port, line, strlen(line), e))
			return true;
	return false;
}

static void send_all(struct herald *h, const char *line)
{
	const struct config *c = h->config;
	uint32_t *n_sent = &h->shared->n_sent;
	struct remote server;
	struct err e = { .text = "" };

	if (!config_line_server(c, &server))
		return;
	for (unsigned i = 0; i < TRIES && is_set(n_sent) < TIMES; i++) {
		if (send_to(c, &server, line, &e))
			__atomic_fetch_add(n_sent, 1, __ATOMIC_RELEASE);
		pause_seconds(BETWEEN_S);
	}
	if (is_set(n_sent))
		log_info("report %s: told of this crash", c->report);
	else
		log_warn("report %s: not told: %s", c->report, e.text);
}

/* False: not in this time. */
static bool await_report(struct herald *h, double until, const char **text)
{
	const struct reported *r;

	for (;;) {
		bool is_over = is_set(&h->shared->report_is_over);

		r = reporter_look(h->words.reporter, is_over);
		if (r || is_over)
			break;
		if (monotonic_seconds() >= until)
			return false;
		pause_seconds(TICK_S);
	}
	*text = r ? r->wire : h->words.without;
	return true;
}

static bool await_net(struct herald_shared *s, double until)
{
	while (!is_set(&s->net_is_up)) {
		if (monotonic_seconds() >= until)
			return false;
		pause_seconds(TICK_S);
	}
	return true;
}

static void herald(struct herald *h, bool brings_net)
{
	const struct config *c = h->config;
	double until = monotonic_seconds() + TIME_S;
	char line[SYSLOG_LINE];
	struct err ignored;
	uint64_t alive = 0;
	const char *text;

	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	write_text("/proc/self/oom_score_adj", "1000", &ignored);
	if (brings_net) {
		net_up(c->nets, c->n_nets, &alive, &ignored);
		set(&h->shared->net_is_up);
	}
	if (!await_net(h->shared, until) || !await_report(h, until, &text)) {
		log_warn("report %s: not told: no network after %.0f s", c->report, TIME_S);
		return;
	}
	syslog_line(line, h->words.host, h->words.when, text);
	send_all(h, line);
}

/* ---- who waits ------------------------------------------------------------------ */

void herald_start(struct herald *h, const struct config *config,
		  const struct herald_words *words, bool brings_net)
{
	struct err e;

	*h = (struct herald){ .config = config, .words = *words };
	if (!config->report[0])
		return;
	h->shared = guard_share(sizeof(*h->shared), &e);
	if (!h->shared) {
		log_warn("report %s: not told: %s", config->report, e.text);
		return;
	}
	h->pid = fork();
	if (!h->pid) {
		herald(h, brings_net);
		_exit(0);
	}
	if (h->pid < 0) {
		log_warn("report %s: not told: no process for it", config->report);
		*h = (struct herald){ .shared = NULL };
	}
}

uint32_t *herald_net_flag(const struct herald *h)
{
	return h->shared ? &h->shared->net_is_up : NULL;
}

void herald_net_is_up(struct herald *h)
{
	if (h->shared)
		set(&h->shared->net_is_up);
}

/* True when so many were sent, or no more will be. */
static bool is_done(struct herald *h, unsigned n)
{
	int status;

	if (h->pid && waitpid(h->pid, &status, WNOHANG))
		h->pid = 0;
	return !h->pid || is_set(&h->shared->n_sent) >= n;
}

static void await(struct herald *h, unsigned n, double until, uint64_t *alive)
{
	while (!is_done(h, n) && monotonic_seconds() < until) {
		__atomic_fetch_add(alive, 1, __ATOMIC_RELAXED);
		pause_seconds(TICK_S);
	}
}

void herald_wait(struct herald *h, uint64_t *alive)
{
	if (!h->shared)
		return;
	set(&h->shared->report_is_over);
	await(h, 1, monotonic_seconds() + HERALD_FIRST_S, alive);
}

bool herald_is_in_vain(const struct herald *h)
{
	return h->shared && !is_set(&h->shared->n_sent);
}

void herald_end(struct herald *h, double until, uint64_t *alive)
{
	double most = monotonic_seconds() + HERALD_LAST_S;

	if (!h->shared)
		return;
	await(h, TIMES + 1, until < most ? until : most, alive);
	/* Stuck in a driver it may be; who ends last takes it along. */
	if (h->pid)
		kill(h->pid, SIGKILL);
}
