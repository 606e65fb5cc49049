/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The MACs of gateways, for which the kernel is made to ask; and the ways there. */
#include "gateway.h"

#include <errno.h>
#include <net/if.h>
#include <string.h>

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

#define MAX_STACK 16	/* interfaces that the cards of a line carry */
#define MAX_ROUNDS 4	/* a VLAN on a bridge on a bond */

struct stack {
	const struct net_spec *s;
	int index[MAX_STACK];
	unsigned n;
};

static bool carries(const struct stack *k, int index)
{
	for (unsigned i = 0; i < k->n; i++)
		if (k->index[i] == index)
			return true;
	return false;
}

static void put(struct stack *k, int index)
{
	if (index && k->n < MAX_STACK && !carries(k, index))
		k->index[k->n++] = index;
}

static void take_card(const struct netdev *d, void *arg)
{
	struct stack *k = arg;
	unsigned n;
	const struct net_which *which = netspec_cards(k->s, &n);

	for (unsigned i = 0; i < n; i++)
		if (which[i].by_mac ? netdev_has_mac(d, which[i].mac)
				    : !strcmp(d->name, which[i].name))
			put(k, d->index);
}

static void take_upper(const struct netdev *d, void *arg)
{
	struct stack *k = arg;

	if (carries(k, d->index))
		put(k, d->master);
	else if (carries(k, d->lower))
		put(k, d->index);
}

static bool goes_over(const struct stack *k, const struct netdev *way, struct err *e)
{
	struct netdev d;

	if (!k->n || carries(k, way->index) || !netdev_get(way->nl, way->index, &d, e) ||
	    d.flags & IFF_LOOPBACK)
		return true;
	return fail(e, EXDEV, "over %s", d.name);
}

bool gateway_is_over(const struct net_spec *s, const struct ipaddr *to, struct err *e)
{
	struct stack k = { .s = s };
	struct netlink nl;
	struct netdev way;
	bool ok;

	if (!netlink_open(&nl, e))
		return true;
	ok = nettable_way(&nl, to, &way, e) && netdev_each(&nl, take_card, &k, e);
	for (unsigned i = 0; ok && i < MAX_ROUNDS; i++)
		ok = netdev_each(&nl, take_upper, &k, e);
	ok = !ok || goes_over(&k, &way, e);
	netlink_close(&nl);
	return ok;
}
