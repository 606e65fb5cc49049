/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * This machine's network as net lines. From an interface down to its card, then what the
 * kernel has for that interface.
 */
#include "network_freeze.h"

#include <errno.h>
#include <linux/if_arp.h>
#include <string.h>
#include <time.h>

#include "base/err.h"
#include "base/io.h"
#include "config/config.h"
#include "config/resolve.h"
#include "gateway.h"
#include "machine/netdev.h"
#include "machine/netlink.h"
#include "nettable.h"

#define USUAL_MTU 1500
#define MAX_DEPTH 3	/* a VLAN on a bridge on a bond */
#define MAX_PEERS ((MAX_TARGETS + 1 + MAX_FENCE) * MAX_NAME_ADDRESSES)

/* All that is asked about, so that no function needs more than this. */
struct freezer {
	struct config *config;
	struct net_spec spec;	/* the line that is made just now */
	struct netlink nl;
	struct ipaddr peers[MAX_PEERS];	/* addresses of targets, and of who is told */
	unsigned n_peers;
};

/* ---- which interface -------------------------------------------------------- */

struct search { const char *name; struct netdev *d; bool found; };

static void take_named(const struct netdev *d, void *arg)
{
	struct search *s = arg;

	if (strcmp(d->name, s->name))
		return;
	*s->d = *d;
	s->found = true;
}

static bool find_named(struct freezer *f, const char *name, struct netdev *d, struct err *e)
{
	struct search s = { name, d, false };

	return netdev_each(&f->nl, take_named, &s, e) &&
	       (s.found || fail(e, ENODEV, "no such interface"));
}

/* The MAC that it was made with; a bond and a user may have given it another. */
static bool set_card(struct net_which *which, const struct netdev *d, struct err *e)
{
	if (d->type != ARPHRD_ETHER || (!d->has_mac && !d->has_permanent))
		return fail(e, ENOTSUP, "%s: not an Ethernet interface", d->name);
	which->by_mac = true;
	memcpy(which->mac, d->has_permanent ? d->permanent : d->mac, MAC_LEN);
	return true;
}

struct ports { int master; unsigned n; struct netdev last; };

static bool is_kind(const struct netdev *d, const char *kind)
{
	return !strcmp(d->kind, kind);
}

/* Those of containers and guests lead nowhere. */
static void take_port(const struct netdev *d, void *arg)
{
	struct ports *p = arg;

	if (d->master != p->master || !(!*d->kind || is_kind(d, "vlan") || is_kind(d, "bond")))
		return;
	p->last = *d;
	p->n++;
}

/* From a bridge to the one port that leads out. */
static bool cross_bridge(struct freezer *f, struct netdev *d, struct err *e)
{
	struct ports p = { .master = d->index };

	if (!netdev_each(&f->nl, take_port, &p, e))
		return false;
	if (p.n != 1)
		return fail(e, ENOTSUP, "%s: a bridge with %s way out", d->name,
			    p.n ? "more than one" : "no");
	*d = p.last;
	return true;
}

struct legs { int master; struct net_spec *s; struct err e; };

static void take_leg(const struct netdev *d, void *arg)
{
	struct legs *l = arg;

	if (d->master != l->master || l->e.code)
		return;
	if (l->s->n_legs == MAX_LEGS)
		err_set(&l->e, E2BIG, "a bond of more than %u legs", MAX_LEGS);
	else if (set_card(&l->s->legs[l->s->n_legs], d, &l->e))
		l->s->n_legs++;
}

static bool set_bond(struct freezer *f, const struct netdev *d, struct err *e)
{
	struct net_spec *s = &f->spec;
	struct legs l = { .master = d->index, .s = s };

	if (!net_bond_mode(d->bond_mode))
		return fail(e, ENOTSUP, "%s: a bond of a mode that is not known, %u: write the "
			    "net line yourself", d->name, d->bond_mode);
	s->bond_mode = d->bond_mode;
	memcpy(s->which.name, d->name, sizeof(s->which.name));
	if (!netdev_each(&f->nl, take_leg, &l, e))
		return false;
	if (l.e.code)
		*e = l.e;
	return !l.e.code && (s->n_legs || fail(e, ENODEV, "%s: a bond without legs", d->name));
}

static bool set_vlan(struct freezer *f, struct netdev *d, struct err *e)
{
	if (d->is_qinq)
		return fail(e, ENOTSUP, "%s: a VLAN of another kind than 802.1q", d->name);
	if (f->spec.vlan)
		return fail(e, ENOTSUP, "%s: a VLAN in a VLAN", d->name);
	f->spec.vlan = d->vlan;
	return netdev_get(&f->nl, d->lower, d, e);
}

/* How a net line names it: MAC, or a bond with its legs, and a VLAN. */
static bool set_which(struct freezer *f, struct netdev d, struct err *e)
{
	for (unsigned depth = 0; depth <= MAX_DEPTH; depth++) {
		if (is_kind(&d, "bond"))
			return set_bond(f, &d, e);
		if (!*d.kind || is_kind(&d, "veth"))
			return set_card(&f->spec.which, &d, e);
		if (is_kind(&d, "vlan") ? !set_vlan(f, &d, e) :
		    is_kind(&d, "bridge") ? !cross_bridge(f, &d, e) :
		    !fail(e, ENOTSUP, "%s: a kind of interface (%s) that crashbox cannot "
			  "rebuild", d.name, d.kind))
			return false;
	}
	return fail(e, ENOTSUP, "stands on too many others");
}

/* ---- what it has ------------------------------------------------------------ */

/* MACs of gateways, and of targets on the same link. */
static bool set_neighbours(struct freezer *f, const struct netdev *d, struct err *e)
{
	struct net_spec *s = &f->spec;

	for (unsigned i = 0; i < s->n_routes; i++)
		if (ip_is_set(&s->routes[i].gateway) &&
		    !gateway_ask(d, &s->routes[i].gateway, s, e))
			return false;
	for (unsigned i = 0; i < f->n_peers; i++)
		if (!nettable_neighbour(d, &f->peers[i], s, e))
			return false;
	return true;
}

static bool add_interface(struct freezer *f, const struct netdev *d, struct err *e)
{
	struct config *config = f->config;
	struct net_spec *s = &f->spec;

	if (config->n_nets == MAX_NETS)
		return fail(e, E2BIG, "more than %u interfaces", MAX_NETS);
	netspec_init(s);
	if (!set_which(f, *d, e) || !nettable_addresses(d, s, e))
		return false;
	if (!s->n_addresses)
		return fail(e, EADDRNOTAVAIL, "has no address");
	s->mtu = d->mtu == USUAL_MTU ? 0 : d->mtu;
	if (!nettable_routes(d, s, e) || !set_neighbours(f, d, e))
		return false;
	config->nets[config->n_nets++] = *s;
	return true;
}

/* ---- which of them ---------------------------------------------------------- */

static void find_peers(struct freezer *f)
{
	const struct config *config = f->config;
	struct remote remote;
	struct err ignored;

	for (unsigned i = 0; config_server(config, i, &remote); i++)
		f->n_peers += host_names_lookup(&config->names, remote.host,
						&f->peers[f->n_peers], &ignored);
}

/* Those that lead to the targets; that to ourselves needs nothing. */
static bool add_ways(struct freezer *f, struct err *e)
{
	int seen[MAX_PEERS];
	unsigned n = 0;

	for (unsigned i = 0; i < f->n_peers; i++) {
		struct err ignored;
		struct netdev d;
		bool again = false;

		if (!nettable_way(&f->nl, &f->peers[i], &d, &ignored))
			continue;
		for (unsigned j = 0; j < n; j++)
			again |= seen[j] == d.index;
		if (again)
			continue;
		seen[n++] = d.index;
		if (!netdev_get(&f->nl, d.index, &d, e))
			return false;
		if (d.type != ARPHRD_LOOPBACK && !add_interface(f, &d, e))
			return within(e, "%s", d.name);
	}
	return n || !f->n_peers || fail(e, ENETUNREACH, "no route leads to any target now");
}

static bool add_named(struct freezer *f, const char *name, struct err *e)
{
	struct netdev d;

	return (find_named(f, name, &d, e) && add_interface(f, &d, e)) ||
	       within(e, "%s", name);
}

static bool add_all(struct freezer *f, const char *const *interfaces, unsigned n_interfaces,
		    struct err *e)
{
	find_peers(f);
	for (unsigned i = 0; i < n_interfaces; i++)
		if (!add_named(f, interfaces[i], e))
			return false;
	if (!n_interfaces && !add_ways(f, e))
		return false;
	return f->config->n_nets ||
	       fail(e, EINVAL, "no target is on the network, and no --net IFACE");
}

bool network_freeze(struct config *config, const char *const *interfaces, unsigned n_interfaces,
		    struct err *e)
{
	struct freezer f = { .config = config, .nl = NETLINK_CLOSED };
	bool ok;

	if (config->n_nets)
		return fail(e, EINVAL, "--host: the configuration has net lines of its own; "
			    "take them out, or do without --host");
	if (!netlink_open(&f.nl, e))
		return within(e, "--host");
	ok = add_all(&f, interfaces, n_interfaces, e) || within(e, "--host");
	netlink_close(&f.nl);
	return ok;
}
