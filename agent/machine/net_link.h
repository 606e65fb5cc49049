/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From the words of a net line to an interface that is up: waits until it is there,
 * builds bond and VLAN on it. Knows nothing of addresses.
 */
#ifndef MACHINE_NET_LINK_H
#define MACHINE_NET_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "netdev.h"
#include "netlink.h"

/* What all steps need: the way to the kernel, and to those who watch us. */
struct net_run {
	struct netlink nl;
	uint64_t *alive;
	double began;		/* monotonic second from which all waiting counts */
};

/* One interface of the configuration. */
struct net_if {
	struct net_run *run;
	const struct net_spec *spec;
	struct netdev dev;
	double carrier_until;	/* monotonic second; until then it is waited for as well */
	unsigned metric;
	bool up;
	unsigned n_addresses;	/* that can be used */
	struct err first;	/* what went wrong first; code 0: nothing */
};

/* A moment of waiting, which counts as life. */
void net_pause(struct net_run *run);

/*
 * The interface of i->spec is found or made, has its MTU, and is up: i->dev. An MTU that
 * cannot be had is a warning.
 */
bool net_link_up(struct net_if *i, struct err *e);

/* Waits until packets can go; i->dev is what it is then. */
bool net_link_carrier(struct net_if *i, struct err *e);

#endif
