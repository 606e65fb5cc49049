/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Forks. One who hears once is content, so what is lost on the way only costs an interval. */
#include "fence.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "config/config.h"
#include "machine/fence_message.h"
#include "machine/guard.h"
#include "machine/net.h"
#include "machine/reach.h"

#define TICK_S 0.1

/* To each address: which of them the node compares with is not known here. */
static bool tell(const struct config *c, const char *node, struct err *e)
{
	static const struct fence_message message = FENCE_MESSAGE;
	struct ipaddr ips[MAX_NAME_ADDRESSES];
	struct remote server;
	bool any = false;
	unsigned n;

	if (!remote_parse_node(&server, node, e))
		return false;
	n = host_names_lookup(&c->names, server.host, ips, e);
	for (unsigned i = 0; i < n; i++)
		any |= reach_datagram(&ips[i], server.port, &message, sizeof(message), e);
	return any;
}

static void tell_all(const struct config *c, bool told[MAX_FENCE])
{
	struct err e;

	for (unsigned i = 0; i < c->fence.n; i++) {
		if (!tell(c, c->fence.names[i], &e) || told[i])
			continue;
		told[i] = true;
		log_info("fence_kdump %s: told", c->fence.names[i]);
	}
}

static void fence(struct fence *f, const struct config *c, bool brings_net)
{
	bool told[MAX_FENCE] = { false };
	struct err e;
	uint64_t alive = 0;

	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	write_text("/proc/self/oom_score_adj", "1000", &e);
	if (brings_net && !net_up(c->nets, c->n_nets, &alive, &e))
		log_warn("fence_kdump: %s", e.text);
	while (!brings_net && !__atomic_load_n(f->net_is_up, __ATOMIC_ACQUIRE))
		pause_seconds(TICK_S);
	for (;;) {
		tell_all(c, told);
		pause_seconds(c->fence.every_s);
	}
}

void fence_start(struct fence *f, const struct config *config, uint32_t *net_is_up,
		 bool brings_net)
{
	struct err e;

	*f = (struct fence){ .pid = 0 };
	if (!config->fence.n)
		return;
	f->net_is_up = net_is_up ? net_is_up : guard_share(sizeof(*f->net_is_up), &e);
	if (!f->net_is_up) {
		log_warn("fence_kdump: nobody is told: %s", e.text);
		return;
	}
	f->pid = fork();
	if (!f->pid)
		fence(f, config, brings_net);
	if (f->pid < 0) {
		log_warn("fence_kdump: nobody is told: no process for it");
		*f = (struct fence){ .pid = 0 };
	}
}

void fence_net_is_up(struct fence *f)
{
	if (f->net_is_up)
		__atomic_store_n(f->net_is_up, 1, __ATOMIC_RELEASE);
}

void fence_end(struct fence *f)
{
	/* Stuck in a driver it may be; who ends last takes it along. */
	if (f->pid)
		kill(f->pid, SIGKILL);
	*f = (struct fence){ .pid = 0 };
}
