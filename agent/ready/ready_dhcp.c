/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The DHCP servers. Would a DHCP server answer? A capture's first message is sent, a
 * DISCOVER, and an offer is left to lapse: nothing is leased, and no address here
 * changes.
 */
#include "ready_parts.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "base/err.h"
#include "config/config.h"
#include "host/check_result.h"
#include "machine/dhcp_client.h"
#include "machine/netdev.h"
#include "machine/netlink.h"
#include "machine/reach.h"

#define OFFER_S 6	/* asked at 0, 1 and 3; a server may try an address first */

struct search {
	const struct net_which *which;
	struct netdev dev;
	bool is_found;
};

static void compare(const struct netdev *d, void *arg)
{
	struct search *s = arg;
	const struct net_which *w = s->which;

	/* What stands on a card may have its MAC. */
	if ((d->kind[0] && strcmp(d->kind, "veth")) || s->is_found ||
	    !(w->by_mac ? netdev_has_mac(d, w->mac) : !strcmp(d->name, w->name)))
		return;
	s->dev = *d;
	s->is_found = true;
}

/* ENODATA says why it cannot be asked on this machine as it is. */
static bool ask(const struct net_spec *spec, struct err *e)
{
	struct search s = { .which = &spec->which };
	struct dhcp_reply offer;
	uint64_t alive = 0;
	const struct patience patience = { OFFER_S, &alive };
	struct netlink nl;

	if (spec->n_legs || spec->vlan || !(spec->which.by_mac || spec->which.name[0]))
		return fail(e, ENODATA, "its interface is not one card that is named");
	if (!netlink_open(&nl, e))
		return false;
	netdev_each(&nl, compare, &s, e);
	netlink_close(&nl);
	if (!s.is_found || !s.dev.has_mac)
		return fail(e, ENODATA, "it is not here as a card");
	if (!s.dev.has_carrier)
		return fail(e, ENODATA, "it is down, or has no carrier");
	if (s.dev.master)
		return fail(e, ENODATA, "it is part of a bond or bridge");
	return dhcp_offer(&offer, &s.dev, &patience, e);
}

void ready_dhcp(struct look *l)
{
	for (unsigned i = 0; i < l->config->n_nets; i++) {
		const struct net_spec *spec = &l->config->nets[i];
		char name[MAC_TEXT];
		struct err e;

		if (!spec->dhcp || ask(spec, &e))
			continue;
		net_which_format(&spec->which, name);
		if (e.code == ETIMEDOUT)
			found(l->f, "network", GRADE_WARN, "net %s: %s: no server offers an "
			      "address", name, e.text);
		else
			found(l->f, "network", GRADE_OK, "net %s: no DHCP server was asked for "
			      "an address: %s", name, e.text);
	}
}
