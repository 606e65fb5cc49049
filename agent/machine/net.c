/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bringing interfaces up. First all links, then all addresses: carriers of several
 * interfaces are waited for at the same time. One that fails does not keep another from
 * being tried.
 */
#include "net.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "dhcp_client.h"
#include "net_link.h"
#include "reach.h"

#define METRIC 100	/* of the first interface's routes; the next have more */
#define ROUTE_WAIT_S 5.0	/* for a router, when an address is there */
#define ANSWER_WAIT_S 3.0	/* for the answer of a neighbour whose MAC we know */

/* A step that failed: said at once, and remembered if it is the first. */
static void complain(struct net_if *i, const struct err *why)
{
	char name[MAC_TEXT];
	struct err e = *why;

	within(&e, "net %s", i->dev.name[0] ? i->dev.name
					    : net_which_format(&i->spec->which, name));
	log_warn("%s", e.text);
	if (!i->first.code)
		i->first = e;
}

/* ---- addresses -------------------------------------------------------------- */

/* IPv6 asks first whether somebody has the address, which takes a second or two. */
static bool wait_unique(struct net_if *i, const struct prefix *p, struct err *e)
{
	double until = monotonic_seconds() + i->spec->timeout_s;

	for (;;) {
		switch (netdev_address_state(&i->dev, &p->ip, NULL)) {
		case ADDRESS_READY:
			return true;
		case ADDRESS_DUPLICATE:
			return fail(e, EADDRINUSE, "another machine has it");
		case ADDRESS_NONE:
			return fail(e, EADDRNOTAVAIL, "it is gone again");
		case ADDRESS_TENTATIVE:
			break;
		}
		if (monotonic_seconds() >= until)
			return fail(e, ETIMEDOUT, "still not known to be ours alone after %u s",
				    i->spec->timeout_s);
		net_pause(i->run);
	}
}

static bool put_address(struct net_if *i, const struct prefix *p)
{
	bool v6 = p->ip.family == AF_INET6;
	char text[PREFIX_TEXT];
	struct err e;

	if (netdev_add_address(&i->dev, p, &e) &&
	    (!v6 || wait_unique(i, p, &e))) {
		i->n_addresses++;
		log_info("net %s: address %s", i->dev.name, prefix_format(p, text));
		return true;
	}
	within(&e, "address %s%s", prefix_format(p, text),
	       v6 && e.code == EOPNOTSUPP ? " (is module ipv6 in the image?)" : "");
	complain(i, &e);
	return false;
}

static void put_route(struct net_if *i, const struct net_route *r)
{
	char to[PREFIX_TEXT], via[IP_TEXT];
	struct err e;

	if (netdev_add_route(&i->dev, r, i->metric, &e))
		return;
	within(&e, "route %s via %s", prefix_format(&r->to, to),
	       ip_is_set(&r->gateway) ? ip_format(&r->gateway, via) : "the link");
	complain(i, &e);
}

static void by_dhcp(struct net_if *i)
{
	const struct patience patience = { i->spec->timeout_s, i->run->alive };
	char server[IP_TEXT], router[IP_TEXT] = "none";
	struct dhcp_reply lease;
	struct err e;

	if (!i->dev.has_mac) {
		err_set(&e, EINVAL, "DHCP: not an Ethernet interface");
		complain(i, &e);
		return;
	}
	if (!dhcp_get(&lease, &i->dev, &patience, &e)) {
		complain(i, &e);
		return;
	}
	if (lease.mtu && !i->spec->mtu && lease.mtu != i->dev.mtu &&
	    !netdev_set_mtu(&i->dev, lease.mtu, &e)) {
		within(&e, "DHCP: mtu %u", lease.mtu);
		complain(i, &e);
	}
	if (!put_address(i, &lease.address))
		return;
	for (unsigned k = 0; k < lease.n_routes; k++) {
		put_route(i, &lease.routes[k]);
		if (!lease.routes[k].to.len)
			ip_format(&lease.routes[k].gateway, router);
	}
	log_info("net %s: DHCP of %s, lease %u s, router %s", i->dev.name,
		 ip_format(&lease.server, server), lease.lease_s, router);
}

static bool has_global6(const struct net_if *i, struct prefix *found)
{
	return netdev_address_state(&i->dev, NULL, found) == ADDRESS_READY;
}

/* The kernel does it; we wait until there is an address that is ours, and a router. */
static void by_slaac(struct net_if *i)
{
	double began = monotonic_seconds(), until = began + i->spec->timeout_s;
	bool has_address = false, has_route = false;
	struct ipaddr router = { 0 };
	struct prefix found;
	char a[PREFIX_TEXT], b[IP_TEXT];
	struct err e;

	for (;;) {
		double now = monotonic_seconds();

		if (!has_address && has_global6(i, &found)) {
			has_address = true;
			until = now + ROUTE_WAIT_S < until ? now + ROUTE_WAIT_S : until;
		}
		has_route = netdev_default_route6(&i->dev, &router);
		if ((has_address && has_route) || now >= until)
			break;
		net_pause(i->run);
	}
	if (!has_address) {
		err_set(&e, ETIMEDOUT, "slaac: no address from a router in %u s%s",
			i->spec->timeout_s, has_route ? ", but there is one" : "");
		complain(i, &e);
		return;
	}
	i->n_addresses++;
	log_info("net %s: address %s by slaac, router %s", i->dev.name,
		 prefix_format(&found, a), has_route ? ip_format(&router, b) : "none");
}

/*
 * What the machine knew of its gateway before the crash counts only where the gateway
 * does not answer now: it may have been replaced since.
 */
static void settle_neighbour(struct net_if *i, const struct neighbour *n)
{
	double until = monotonic_seconds() + ANSWER_WAIT_S;
	char ip[IP_TEXT], mac[MAC_TEXT];
	struct err e;

	ip_format(&n->ip, ip);
	if (netdev_ask_neighbour(&i->dev, &n->ip, &e)) {
		while (monotonic_seconds() < until) {
			if (netdev_knows_neighbour(&i->dev, &n->ip))
				return;
			net_pause(i->run);
		}
	}
	if (netdev_set_neighbour(&i->dev, n, &e)) {
		log_info("net %s: %s does not say its MAC, %s is taken", i->dev.name, ip,
			 mac_format(n->mac, mac));
		return;
	}
	within(&e, "neighbour %s", ip);
	complain(i, &e);
}

/* ---- one interface ---------------------------------------------------------- */

static void set_up_addresses(struct net_if *i)
{
	const struct net_spec *s = i->spec;
	struct err e;

	if (!net_link_carrier(i, &e)) {
		complain(i, &e);
		return;
	}
	log_info("net %s: carrier", i->dev.name);
	for (unsigned k = 0; k < s->n_addresses; k++)
		put_address(i, &s->addresses[k]);
	if (s->dhcp)
		by_dhcp(i);
	if (s->slaac)
		by_slaac(i);
	if (!i->n_addresses)
		return;
	for (unsigned k = 0; k < s->n_routes; k++)
		put_route(i, &s->routes[k]);
	for (unsigned k = 0; k < s->n_neighbours; k++)
		settle_neighbour(i, &s->neighbours[k]);
}

static void loopback_up(struct net_run *run)
{
	/* The first interface of every network namespace. */
	const struct netdev lo = { .nl = &run->nl, .index = 1 };
	struct err e;

	if (!netdev_up(&lo, true, &e))
		log_warn("net lo: cannot be set up: %s", e.text);
}

bool net_up(const struct net_spec *specs, unsigned n, uint64_t *alive, struct err *e)
{
	struct net_run run = { .nl = NETLINK_CLOSED, .alive = alive,
			       .began = monotonic_seconds() };
	struct net_if ifs[MAX_NETS] = { 0 };
	unsigned n_addresses = 0;

	if (!netlink_open(&run.nl, e))
		return false;
	loopback_up(&run);
	for (unsigned k = 0; k < n && k < MAX_NETS; k++) {
		struct net_if *i = &ifs[k];
		struct err why;

		i->run = &run;
		i->spec = &specs[k];
		i->metric = METRIC + k;
		i->carrier_until = run.began + specs[k].carrier_s;
		i->up = net_link_up(i, &why);
		if (!i->up)
			complain(i, &why);
	}
	for (unsigned k = 0; k < n && k < MAX_NETS; k++)
		if (ifs[k].up)
			set_up_addresses(&ifs[k]);
	netlink_close(&run.nl);
	for (unsigned k = 0; k < n && k < MAX_NETS; k++)
		n_addresses += ifs[k].n_addresses;
	if (n && !n_addresses)
		*e = ifs[0].first;
	return !n || n_addresses;
}
