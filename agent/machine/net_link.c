/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finding and building links. Every wait is a loop of looking and a short sleep:
 * notifications would save nothing that counts here, and a message missed would be a wait
 * for ever.
 */
#include "net_link.h"

#include <errno.h>
#include <linux/if.h>
#include <linux/if_arp.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/io.h"
#include "base/log.h"

#define PAUSE_S 0.05
#define OTHER_LEG_S 5.0		/* for a bond's other legs when one is there */
#define LACP_S 10.0		/* for who answers to LACP, behind the carrier */

void net_pause(struct net_run *run)
{
	__atomic_fetch_add(run->alive, 1, __ATOMIC_RELAXED);
	pause_seconds(PAUSE_S);
}

/* ---- finding ---------------------------------------------------------------- */

struct look {
	const struct net_which *which;
	struct netdev best, down;
	bool found, found_down;
	int tried;		/* index of the last one that was set up for any */
	char names[80];		/* of all that are there, for the message */
};

static bool is_upper(const struct netdev *d)
{
	return !strcmp(d->kind, "vlan") || !strcmp(d->kind, "bond") ||
	       !strcmp(d->kind, "bridge") || !strcmp(d->kind, "macvlan");
}

/*
 * A VLAN and a bond have the MAC of what they stand on, and the legs of a bond that of
 * one another: the card's own comes first.
 */
static void look_by_mac(struct look *l, const struct netdev *d)
{
	const uint8_t *mac = l->which->mac;
	bool exact = d->has_permanent && !memcmp(d->permanent, mac, MAC_LEN);

	if (is_upper(d) || !netdev_has_mac(d, mac) || (l->found && !exact))
		return;
	l->best = *d;
	l->found = true;
}

static void look_at(const struct netdev *d, void *arg)
{
	struct look *l = arg;
	size_t len = strlen(l->names);

	if (!(d->flags & IFF_LOOPBACK))
		snprintf(l->names + len, sizeof(l->names) - len, " %s", d->name);
	if (l->which->by_mac) {
		look_by_mac(l, d);
	} else if (l->which->name[0]) {
		if (!strcmp(d->name, l->which->name)) {
			l->best = *d;
			l->found = true;
		}
	} else if (d->type == ARPHRD_ETHER && !is_upper(d) && !d->master) {
		if (d->has_carrier && !l->found) {
			l->best = *d;
			l->found = true;
		} else if (!(d->flags & IFF_UP) && !l->found_down && d->index > l->tried) {
			l->down = *d;
			l->found_down = true;
		}
	}
}

/* Any interface at all: each is set up once in its turn, and the first with a carrier wins. */
static bool look_once(struct net_run *run, struct look *l, struct err *e)
{
	struct err ignored;

	l->found = l->found_down = false;
	l->names[0] = '\0';
	if (!netdev_each(&run->nl, look_at, l, e))
		return false;
	if (!l->found && l->found_down) {
		l->tried = l->down.index;
		netdev_up(&l->down, true, &ignored);
	}
	return true;
}

static bool find(struct net_run *run, const struct net_which *which, double until,
		 struct netdev *d, struct err *e)
{
	struct look l = { .which = which };
	bool any = !which->by_mac && !which->name[0];

	while (look_once(run, &l, e)) {
		double now = monotonic_seconds();

		if (l.found) {
			*d = l.best;
			return true;
		}
		if (now >= until)
			return fail(e, ENODEV, "no %s after %.0f s (there are:%s)%s",
				    any ? "interface with a carrier" : "such interface",
				    now - run->began, l.names[0] ? l.names : " none",
				    any ? "" : ": is its driver in the image?");
		net_pause(run);
	}
	return false;
}

static bool find_now(struct net_run *run, const char *name, struct netdev *d)
{
	struct net_which which = { .by_mac = false };
	struct look l = { .which = &which };
	struct err ignored;

	snprintf(which.name, sizeof(which.name), "%s", name);
	if (!look_once(run, &l, &ignored) || !l.found)
		return false;
	*d = l.best;
	return true;
}

/* ---- building --------------------------------------------------------------- */

/* The module makes a bond0 of another mode when it is loaded. */
static bool make_bond(struct net_run *run, const struct net_spec *spec, struct netdev *bond,
		      struct err *e)
{
	const char *name = spec->which.name;

	if (find_now(run, name, bond)) {
		if (strcmp(bond->kind, "bond"))
			return fail(e, EEXIST, "is there already, and not a bond");
		if (bond->bond_mode == spec->bond_mode)
			return true;
		if (!netdev_delete(bond, e))
			return within(e, "the bond of another mode cannot be removed");
	}
	if (!netdev_add_bond(&run->nl, name, spec->bond_mode, e) && e->code != EEXIST)
		return within(e, "cannot be made%s", e->code == EOPNOTSUPP ?
			      " (module bonding is not in the image)" : "");
	return find_now(run, name, bond) || fail(e, ENODEV, "was made and is not there");
}

static bool add_leg(const struct netdev *leg, int bond, struct err *e)
{
	return leg->master == bond ||
	       (netdev_up(leg, false, e) && netdev_set_master(leg, bond, e));
}

/* One leg is enough to get through; each that is missing is said. */
static bool find_bond(struct net_if *i, struct err *e)
{
	const struct net_spec *spec = i->spec;
	double until = i->carrier_until;
	unsigned n = 0;

	if (!make_bond(i->run, spec, &i->dev, e))
		return false;
	for (unsigned k = 0; k < spec->n_legs; k++) {
		double soon = monotonic_seconds() + OTHER_LEG_S;
		char name[MAC_TEXT];
		struct netdev leg;
		struct err why;

		if (find(i->run, &spec->legs[k], n && soon < until ? soon : until, &leg,
			 &why) && add_leg(&leg, i->dev.index, &why)) {
			n++;
			continue;
		}
		log_warn("net %s: leg %s: %s", spec->which.name,
			 net_which_format(&spec->legs[k], name), why.text);
	}
	return n || fail(e, ENODEV, "none of its %u legs is there", spec->n_legs);
}

/* On what i->dev is so far, which it is in place of then. */
static bool find_vlan(struct net_if *i, struct err *e)
{
	const struct netdev lower_dev = i->dev, *lower = &lower_dev;
	unsigned vlan = i->spec->vlan;
	struct netdev *d = &i->dev;
	char name[NET_NAME];
	int n = snprintf(name, sizeof(name), "%s.%u", lower->name, vlan);

	if (n >= (int)sizeof(name))
		snprintf(name, sizeof(name), "vlan%u.%u", lower->index % 10000, vlan);
	if (!find_now(i->run, name, d)) {
		if (!netdev_add_vlan(lower, name, vlan, e))
			return within(e, "VLAN %u cannot be made%s", vlan,
				      e->code == EOPNOTSUPP ?
				      " (module 8021q is not in the image)" : "");
		if (!find_now(i->run, name, d))
			return fail(e, ENODEV, "VLAN %u was made and is not there", vlan);
	}
	if (strcmp(d->kind, "vlan") || d->vlan != vlan || d->lower != lower->index)
		return fail(e, EEXIST, "%s is there already, and not VLAN %u of %s", name, vlan,
			    lower->name);
	return true;
}

/* ---- up --------------------------------------------------------------------- */

/* What is smaller than wanted does for TCP, too. */
static void set_mtu(const struct netdev *d, unsigned mtu)
{
	struct err e;

	if (mtu && d->mtu != mtu && !netdev_set_mtu(d, mtu, &e))
		log_warn("net %s: mtu %u: %s; it stays at %u", d->name, mtu, e.text, d->mtu);
}

/* Routers are listened to where that is asked for, and nowhere else. */
static bool set_ipv6(const struct netdev *d, bool slaac, struct err *e)
{
	char path[80];

	snprintf(path, sizeof(path), "/proc/sys/net/ipv6/conf/%s/accept_ra", d->name);
	if (write_text(path, slaac ? "2" : "0", e) || !slaac)
		return true;
	return fail(e, EAFNOSUPPORT, "slaac: this kernel has no IPv6 (is module ipv6 in the "
		    "image?)");
}

static bool make_up(const struct netdev *d, struct err *e)
{
	return (d->flags & IFF_UP) || netdev_up(d, true, e) ||
	       within(e, "cannot be set up");
}

bool net_link_up(struct net_if *i, struct err *e)
{
	const struct net_spec *spec = i->spec;
	struct netdev *d = &i->dev;

	if (spec->n_legs ? !find_bond(i, e)
			 : !find(i->run, &spec->which, i->carrier_until, d, e))
		return false;
	/* Below a VLAN it may only grow: others may use it as well. */
	if (!spec->vlan || spec->mtu > d->mtu)
		set_mtu(d, spec->mtu);
	if (!set_ipv6(d, spec->slaac && !spec->vlan, e) || !make_up(d, e))
		return false;
	if (!spec->vlan)
		return true;
	if (!find_vlan(i, e))
		return false;
	set_mtu(d, spec->mtu);
	return set_ipv6(d, spec->slaac, e) && make_up(d, e);
}

/*
 * A bond of mode 802.3ad has a carrier before the switch has joined its legs, and what is sent
 * until then is lost; a switch that never does may still let one leg through.
 */
static void await_partner(struct net_if *i, const struct netdev *bond)
{
	double until = monotonic_seconds() + LACP_S;
	struct netdev now = *bond;
	struct err ignored;

	while (now.bond_mode == BOND_LACP && !now.has_partner) {
		if (monotonic_seconds() >= until) {
			log_warn("net %s: nobody answers to LACP; it is tried as it is",
				 bond->name);
			return;
		}
		net_pause(i->run);
		if (!netdev_get(&i->run->nl, bond->index, &now, &ignored))
			return;
	}
}

bool net_link_carrier(struct net_if *i, struct err *e)
{
	struct netdev bond;

	while (netdev_get(&i->run->nl, i->dev.index, &i->dev, e)) {
		if (i->dev.has_carrier) {
			if (i->spec->n_legs && find_now(i->run, i->spec->which.name, &bond))
				await_partner(i, &bond);
			return true;
		}
		if (monotonic_seconds() >= i->carrier_until)
			return fail(e, ENETDOWN, "no carrier after %.0f s",
				    monotonic_seconds() - i->run->began);
		net_pause(i->run);
	}
	return false;
}
