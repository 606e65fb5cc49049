/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The MACs of gateways. The kernel's table of neighbours, which is made to ask. */
#include "gateway.h"

#include <errno.h>

#include "base/err.h"
#include "base/io.h"
#include "machine/netdev.h"
#include "machine/netlink.h"
#include "machine/netspec.h"
#include "nettable.h"

#define ASK_S 2.5	/* for a gateway to tell its MAC; the kernel asks every second */

/*
 * After a boot the kernel may not know its gateway yet. Only root may make it ask; a MAC
 * is worth a moment, and not an error.
 */
bool gateway_ask(const struct netdev *d, const struct ipaddr *gateway, struct net_spec *s,
		 struct err *e)
{
	double give_up = monotonic_seconds() + ASK_S;
	unsigned before = s->n_neighbours;
	struct err ignored;

	if (!nettable_neighbour(d, gateway, s, e))
		return false;
	if (s->n_neighbours > before || s->n_neighbours == MAX_NEIGHBOURS ||
	    !netdev_ask_neighbour(d, gateway, &ignored))
		return true;
	while (s->n_neighbours == before && monotonic_seconds() < give_up) {
		pause_seconds(0.05);
		if (!nettable_neighbour(d, gateway, s, e))
			return false;
	}
	return true;
}

bool gateway_answers(const struct ipaddr *gateway, struct err *e)
{
	struct netlink nl;
	struct net_spec s;
	struct netdev d;
	bool ok;

	netspec_init(&s);
	if (!netlink_open(&nl, e))
		return false;
	ok = nettable_way(&nl, gateway, &d, e) &&
	     gateway_ask(&d, gateway, &s, e) &&
	     (s.n_neighbours || fail(e, EHOSTUNREACH, "nobody answers for it"));
	netlink_close(&nl);
	return ok;
}
